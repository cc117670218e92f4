package assess

import (
	"math"
	"slices"

	"chuangwei/internal/campaign/assess/outlook"
	"chuangwei/internal/campaign/assess/sample"
	"chuangwei/internal/flow/cases"
	"chuangwei/internal/flow/inspect"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/place"
	"chuangwei/internal/register/standard"
	"chuangwei/internal/register/standard/pack"
	"chuangwei/internal/register/standard/score"
)

// Working values of the estimate; docs/decisions/0011 has their place in it.
const (
	memory     = 90   // days of looks that are considered
	ownStrict  = 1.5  // times experts are thought to find what our looks find, before any round
	ownWeight  = 4.0  // findings that this opinion counts for
	pastWeight = 20.0 // findings that a past round counts for, however many it had
	fewest     = 5.0  // expected findings below which a round says nothing on strictness
	pastRounds = 3
)

// Standing is what today would score, with each line's part explained.
type Standing struct {
	On       calendar.Day
	Pack     *standard.Held
	Wants    []sample.Want
	Expected Milli
	Low      Milli
	High     Milli
	Points   Milli
	Chance   int     // of passing, in per cent
	Strict   float64 // times experts find what our looks find
	Rounds   int     // past rounds that say so
	Fallen   []score.Veto
	Lines    []StandingLine
}

// StandingLine is one scoring line of the estimate: what it would keep, from
// how many looks or proofs, how old, and why.
type StandingLine struct {
	pack.Score
	Points   Milli // on the sheet
	Expected Milli
	Low      Milli
	High     Milli
	Looks    int // at places of its kinds, or proofs, or figures
	Of       int // papers or figures it asks for; 0 for places
	NewestOn string
	Why      fault.Text
}

// Estimate tells what today would score under a pack.
func Estimate(tx *db.Tx, who org.Actor, packID string) (Standing, error) {
	if err := who.May(org.SeeRound, org.Target{}); err != nil {
		return Standing{}, err
	}
	s, _, err := estimate(tx, packID)
	return s, err
}

// before is the estimate as a round keeps it.
func before(tx *db.Tx, packID string) (*Before, error) {
	s, finds, err := estimate(tx, packID)
	if err != nil {
		return nil, err
	}
	return &Before{At: tx.Now(), Expected: s.Expected, Low: s.Low, High: s.High, Chance: s.Chance, Own: finds / s.Strict, Places: total(s.Wants)}, nil
}

func total(wants []sample.Want) (n int) {
	for _, w := range wants {
		n += w.N
	}
	return n
}

// estimate gathers what is known, imagines the assessments and words each
// line. finds are the breaches experts are expected to find in a sample.
func estimate(tx *db.Tx, packID string) (s Standing, finds float64, err error) {
	h, err := standard.PackByID(tx, packID)
	if err != nil {
		return s, 0, err
	}
	if err := scorable(h); err != nil {
		return s, 0, err
	}
	g := &gatherer{Held: h, on: calendar.On(tx.Time()), rates: map[outlook.At]outlook.Rate{}, seen: map[string]*seenLine{}, age: map[string]float64{}, known: map[string]map[string]int{}, found: map[string]map[string]int{}, counts: map[[3]string]string{}}
	for _, part := range []func(*db.Tx) error{g.rounds, g.places, g.looks, g.open, g.papers, g.figures} {
		if err := part(tx); err != nil {
			return s, 0, err
		}
	}
	p, full, err := g.problem()
	if err != nil {
		return s, 0, err
	}
	out := p.Run()
	s = Standing{On: g.on, Pack: h, Wants: p.Wants, Expected: milli(out.Total.Expected), Low: milli(out.Total.Low), High: milli(out.Total.High), Points: full.Points,
		Chance: int(math.Round(100 * out.Chance)), Strict: p.Strict.Mean(), Rounds: g.past}
	for _, v := range full.Vetoes {
		if v.State == score.Fallen {
			s.Fallen, s.Chance = append(s.Fallen, v), 0
		}
	}
	for _, c := range full.Chapters {
		for _, l := range c.Lines {
			told := out.Lines[l.ID]
			finds += told.Finds
			line, _ := lineByID(h.Pack, l.ID)
			s.Lines = append(s.Lines, g.word(line, l, told))
		}
	}
	return s, finds, nil
}

func milli(points float64) Milli { return Milli(math.Round(points * 1000)) }

// gatherer collects what an estimate is made of.
type gatherer struct {
	*standard.Held
	on     calendar.Day
	wants  []sample.Want
	spots  []outlook.Spot
	rates  map[outlook.At]outlook.Rate
	seen   map[string]*seenLine      // by scoring line
	age    map[string]float64        // days since the last look, by place
	known  map[string]map[string]int // open breaches by place and line, as our own looks know them
	found  map[string]map[string]int // those that experts found
	strict outlook.Strict
	past   int
	last   *pastRound // the newest finished round by this pack
	proof  map[string]proof
	data   map[string]Figure
	counts map[[3]string]string // item, kind and kind of place → scoring line
}

type seenLine struct {
	looks  int
	newest string
}

func (g *gatherer) saw(line, on string) {
	if g.seen[line] == nil {
		g.seen[line] = &seenLine{}
	}
	g.seen[line].looks++
	g.seen[line].newest = max(g.seen[line].newest, on)
}

func (g *gatherer) days(on string) float64 {
	d, err := calendar.ParseDay(on)
	if err != nil {
		return memory
	}
	return max(0, g.on.Time().Sub(d.Time()).Hours()/24)
}

// lineFor is the scoring line a breach counts on, or "".
func (g *gatherer) lineFor(item, kind, placeKind string) string {
	key := [3]string{item, kind, placeKind}
	if line, ok := g.counts[key]; ok {
		return line
	}
	line := ""
	if s, ok := score.Counts(g.Pack, Finding{Item: item, Kind: kind, PlaceKind: placeKind}.counted(g.Pack)); ok {
		line = s.ID
	}
	g.counts[key] = line
	return line
}

func (g *gatherer) places(tx *db.Tx) error {
	list, err := place.All(tx)
	have := map[string]int{}
	for _, p := range list {
		kind := standard.PlaceKind(p.Kind)
		have[kind]++
		g.spots = append(g.spots, outlook.Spot{Place: sample.Place{ID: p.ID, Kind: kind, Area: p.AreaID}})
	}
	g.wants = Usual(g.Pack, have)
	return err
}

// looks are our own at places in the last days, line by line: each scoring
// line at which a look judged something counts as one look at it.
func (g *gatherer) looks(tx *db.Tx) error {
	list, err := inspect.Since(tx, g.on.Add(-memory))
	if err != nil {
		return err
	}
	asks := g.asks()
	looked := map[[2]string]bool{} // inspection and line
	for _, j := range list {
		days := g.days(j.OnDay)
		g.lookedAt(j.PlaceID, days)
		line := asks[j.Line]
		if line == "" {
			continue
		}
		if key := [2]string{j.Inspection, line}; !looked[key] {
			looked[key] = true
			g.rate(j.Kind, line, 0, outlook.Weight(days))
			g.saw(line, j.OnDay)
		}
		if j.Fresh {
			g.rate(j.Kind, line, outlook.Weight(days), 0)
		}
	}
	return nil
}

func (g *gatherer) lookedAt(placeID string, days float64) {
	if was, ok := g.age[placeID]; !ok || days < was {
		g.age[placeID] = days
	}
}

// asks says on which scoring line each checklist line counts, by <pack>:<line>.
func (g *gatherer) asks() map[string]string {
	out := map[string]string{}
	for _, c := range g.Checks {
		it, _, _ := g.Requirement(c.Of)
		out[g.ID+":"+c.ID] = g.lineFor(it.ID, c.Kind, c.Place)
	}
	return out
}

// open are the breaches known to be open at places: cases, and what the last
// round found and nobody has settled yet.
func (g *gatherer) open(tx *db.Tx) error {
	list, err := cases.Troubles(tx)
	if err != nil {
		return err
	}
	kinds := map[string]string{}
	for _, s := range g.spots {
		kinds[s.ID] = s.Kind
	}
	for _, t := range list {
		of := g.known
		if t.Channel == Channel {
			of = g.found
		}
		add(of, t.PlaceID, g.lineFor("", t.KindID, kinds[t.PlaceID]), t.Open)
	}
	return nil
}

func add(of map[string]map[string]int, placeID, line string, n int) {
	if line == "" {
		return
	}
	if of[placeID] == nil {
		of[placeID] = map[string]int{}
	}
	of[placeID][line] += n
}

// problem is all of it as outlook takes it, with the full sheet.
func (g *gatherer) problem() (outlook.Problem, score.Result, error) {
	in := score.Input{Data: map[string]Milli{}, Absent: map[string]string{}}
	for id, f := range g.data {
		in.Data[id] = f.Value
	}
	for _, s := range g.Scores {
		if len(s.Places) > 0 && !slices.ContainsFunc(g.wants, func(w sample.Want) bool { return slices.Contains(s.Places, w.Kind) }) {
			in.Absent[s.ID] = "本县没有这类点位"
		}
	}
	full, err := score.Score(g.Pack, in)
	if err != nil {
		return outlook.Problem{}, full, err
	}
	for i, s := range g.spots {
		g.spots[i].Known, g.spots[i].Found, g.spots[i].Age = g.known[s.ID], g.found[s.ID], -1
		if days, ok := g.age[s.ID]; ok {
			g.spots[i].Age = days
		}
	}
	p := outlook.Problem{Spots: g.spots, Wants: g.wants, Rates: g.rates, Strict: g.strict, Unsure: [2]float64{2, 3}, Pass: float64(g.Sheet.Pass) / 1000, Seed: 1}
	for _, c := range full.Chapters {
		for _, l := range c.Lines {
			s, _ := lineByID(g.Pack, l.ID)
			if l.State != score.Absent {
				p.Lines = append(p.Lines, g.line(s, l))
			}
		}
	}
	return p, full, nil
}

func (g *gatherer) line(s pack.Score, l score.Line) outlook.Line {
	f := func(m Milli) float64 { return float64(m) / 1000 }
	out := outlook.Line{ID: s.ID, Own: f(s.Points), Points: f(l.Points), Each: f(s.Each), Most: f(s.Points - s.Floor), PlaceMost: f(s.PlaceCap)}
	if s.Cap > 0 {
		out.Most = min(out.Most, f(s.Cap))
	}
	switch s.Style {
	case pack.Finding:
		out.Kinds = s.Places
	case pack.Paper:
		for _, id := range s.Papers {
			proof := g.proof[id]
			out.Papers = append(out.Papers, outlook.Paper{Missing: proof.missing, Trust: proof.trust})
		}
	case pack.Formula:
		out.Share = g.share(s, l)
	default:
		out.Share = g.band(s)
	}
	return out
}

// share is what a formula keeps: exact while its figures are of this year, less
// sure for each year more, and anything while a figure is missing.
func (g *gatherer) share(s pack.Score, l score.Line) *outlook.Share {
	if l.State != score.Scored {
		return &outlook.Share{Mean: 0.5, Spread: 0.3, Low: 0, High: 1}
	}
	oldest := 0.0
	for _, i := range g.Indicators {
		if figure, ok := g.data[i.ID]; ok && i.Item == s.Item {
			oldest = max(oldest, g.days(figure.OnDay))
		}
	}
	return &outlook.Share{Mean: float64(l.Own) / float64(l.OwnPoints), Spread: 0.05 * max(0, oldest-365) / 365, Low: 0, High: 1}
}

// band is what a banded line keeps: as the last round judged it, less sure with
// every month since; three quarters, give or take, when nobody has.
func (g *gatherer) band(s pack.Score) *outlook.Share {
	out := &outlook.Share{Mean: 0.75, Spread: 0.15, Low: 0, High: 1}
	if g.last == nil {
		return out
	}
	for _, c := range g.last.result.Chapters {
		for _, l := range c.Lines {
			if l.ID == s.ID && l.State == score.Scored && l.OwnPoints > 0 {
				out.Mean = float64(l.Own) / float64(l.OwnPoints)
				out.Spread = min(0.2, 0.05+0.05*g.days(g.last.on)/30)
			}
		}
	}
	return out
}
