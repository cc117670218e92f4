package demo

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"chuangwei/internal/campaign/assess"
	"chuangwei/internal/demo/town"
	"chuangwei/internal/flow/cases"
	"chuangwei/internal/flow/inspect"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/standard"
	"chuangwei/internal/register/standard/formula"
	"chuangwei/internal/register/standard/pack"
)

// The provincial round that failed: days before the demo's day, and what makes
// it fail. A check fails at an ordinary place with the chance breach; experts
// see it, the county's own looks see it only with the chance notice.
const (
	looksFrom  = 20
	looksTo    = 5
	looksEach  = 8 // a day
	failedFrom = 4
	failedTo   = 2
	breach     = 0.24
	notice     = 0.55
	lacking    = 0.47   // of the papers
	failedBy   = 15_000 // at least, in thousandths of a point
	roundPack  = "county-2021"

	missedAtOnce = 3 // papers, when those that lack do not suffice
)

// seenPlace is a place as somebody saw it.
type seenPlace struct {
	place town.Place
	at    time.Time
	bad   []pack.Check
	shots map[string]town.Incident // by checklist line
}

// assessor writes the county's own looks, its figures and the failed round.
type assessor struct {
	*writer
	pack    *pack.Pack
	r       *rand.Rand
	looks   []seenPlace
	visits  map[string]seenPlace // by place code; drawn by the round's own sample later
	no      int
	byPlace map[string]town.Place      // by id
	taken   map[string][]town.Incident // by kind: photos the experts have still to take
}

// takenEach is how many photos of a kind of problem the experts take.
const takenEach = 2

// assess plans looks, figures and the round; it returns incidents that only
// stand for photos to be painted.
func (w *writer) assess(p *pack.Pack) (*assessor, []town.Incident) {
	a := &assessor{writer: w, pack: p, r: rand.New(rand.NewPCG(w.o.Seed, 11)), visits: map[string]seenPlace{}, no: 1_000_000, byPlace: map[string]town.Place{}, taken: map[string][]town.Incident{}}
	var shots []town.Incident
	var listed []town.Place
	for _, c := range p.Checks {
		for n := len(a.taken[c.Kind]); n < takenEach; n++ {
			places := w.PlacesOf(c.Place)
			if len(places) == 0 {
				break
			}
			in := a.shot(places[a.r.IntN(len(places))], c, w.day0.Add(-failedFrom), 9*60+n*60)
			in.After = 0
			a.taken[c.Kind] = append(a.taken[c.Kind], in)
			shots = append(shots, in)
		}
	}
	for _, x := range w.Places() {
		a.byPlace[w.id("place", x.Code)] = x
		if len(a.checks(x)) > 0 {
			listed = append(listed, x)
		}
		a.visits[x.Code] = a.see(x, 1)
	}
	for n := range looksEach * (looksFrom - looksTo) {
		v := a.see(listed[a.r.IntN(len(listed))], notice)
		day, minute := w.day0.Add(-looksFrom+n/looksEach), 8*60+30+n%looksEach*50
		v.at = day.Time().Add(time.Duration(minute) * time.Minute)
		for _, c := range v.bad {
			in := a.shot(v.place, c, day, minute)
			v.shots[c.ID] = in
			shots = append(shots, in)
		}
		a.looks = append(a.looks, v)
	}
	return a, shots
}

func (a *assessor) checks(x town.Place) (out []pack.Check) {
	for _, c := range a.pack.Checks {
		if c.Place == x.Kind {
			out = append(out, c)
		}
	}
	return out
}

// trouble is how much worse than an ordinary place one is; half of all lie
// between 0.7 and 1.4.
func (a *assessor) trouble(code string) float64 {
	r := rand.New(rand.NewPCG(a.o.Seed, uint64(len(code))<<40^hashed(code)))
	return math.Exp(0.5 * r.NormFloat64())
}

func hashed(s string) (h uint64) {
	for _, c := range []byte(s) {
		h = h*131 + uint64(c)
	}
	return h
}

// see is what somebody who notices so much sees at a place.
func (a *assessor) see(x town.Place, noticing float64) seenPlace {
	out := seenPlace{place: x, shots: map[string]town.Incident{}}
	for _, c := range a.checks(x) {
		if a.r.Float64() < min(0.85, breach*a.trouble(x.Code))*noticing {
			out.bad = append(out.bad, c)
		}
	}
	return out
}

// shot is an incident only as far as its photos are painted from it.
func (a *assessor) shot(x town.Place, c pack.Check, day calendar.Day, minute int) town.Incident {
	a.no++
	return town.Incident{No: a.no, Kind: c.Kind, PlaceCode: x.Code, Lat: x.Lat, Lon: x.Lon, Day: string(day), Minute: minute, Before: 1, After: 1,
		Scene: town.Scene{Kind: town.SceneOf(c.Kind), Seed: hashed(x.Code), Hour: minute / 60}, Course: town.Course{Fix: 20}}
}

// schedule plans everything at its time.
func (a *assessor) schedule() {
	a.plan(a.day0.Add(-looksFrom-1).Time().Add(10*time.Hour), a.figures)
	for _, l := range a.looks {
		a.plan(l.at, func(tx *db.Tx) error { return a.look(tx, l, l.at) })
	}
	a.plan(a.day0.Add(-failedFrom).Time().Add(8*time.Hour+30*time.Minute), a.begin)
	a.plan(a.day0.Add(-failedTo).Time().Add(16*time.Hour+30*time.Minute), a.finish)
}

// look is one inspection by an inspector; most of what it finds is fixed in time.
func (a *assessor) look(tx *db.Tx, l seenPlace, at time.Time) error {
	inspectors := a.Holders(town.Inspector, "")
	who, err := a.actor(tx, a.id("person", inspectors[hashed(l.place.Code)%uint64(len(inspectors))]))
	if err != nil {
		return err
	}
	in := inspect.Make{ID: a.id("look", fmt.Sprint(l.place.Code, at.Unix())), Place: l.place.Code, Purpose: inspect.Round, MadeAt: at.UnixMilli()}
	for _, c := range a.checks(l.place) {
		line := inspect.Line{Line: a.pack.ID + ":" + c.ID, Result: inspect.Good, How: inspect.Rest}
		if slices.ContainsFunc(l.bad, func(b pack.Check) bool { return b.ID == c.ID }) {
			line.Result, line.How = inspect.Bad, inspect.Tap
			if line.Photos, err = a.arrive(tx, l.shots[c.ID], false, at); err != nil {
				return err
			}
		}
		in.Lines = append(in.Lines, line)
	}
	done, err := inspect.Take(tx, who, in)
	if err != nil {
		return err
	}
	whole, err := inspect.Whole(tx, done)
	for n, line := range whole.Lines {
		if line.CaseID == "" || a.r.Float64() < 0.15 {
			continue // some are still being worked on
		}
		shot := l.shots[line.Line[len(a.pack.ID)+1:]]
		id, fixed := line.CaseID, at.Add(time.Duration(6+n+a.r.IntN(30))*time.Hour)
		a.late(at.Add(time.Hour), a.owner(id, cases.Move{Move: cases.Accept}))
		a.late(fixed, func(tx *db.Tx) error { return a.fix(tx, shot, id, fixed) })
		a.late(fixed.Add(5*time.Hour), a.verifier(id, cases.Move{Move: cases.Verify}))
	}
	return err
}

// figures are last year's, most a little short of what the standard asks.
func (a *assessor) figures(tx *db.Tx) error {
	fixed := map[string]string{"satisfaction": "91.3", "waste_harmless": "100", "green_cover": "36.8", "park_per_head": "8.7", "good_air_days": "338", "proofing": "95.4"}
	for _, i := range a.pack.Indicators {
		text, ok := fixed[i.ID]
		if !ok {
			near := 0.93 + 0.1*a.r.Float64()
			if i.Op == "<" || i.Op == "<=" {
				near = 0.85 + 0.2*a.r.Float64()
			}
			v := math.Round(float64(i.Value)*near/100) / 10
			if i.Unit == "%" {
				v = min(v, 100)
			}
			text = fmt.Sprintf("%.1f", v)
		}
		value, err := formula.Number(text)
		if err != nil {
			return err
		}
		f := assess.Figure{ID: a.id("figure", i.ID), Pack: a.pack.ID, Indicator: i.ID, Value: value, OnDay: string(a.day0.Add(-40)), Source: "上年度部门统计年报"}
		if _, err := assess.Record(tx, org.System, f); err != nil {
			return err
		}
	}
	return nil
}

// team is the provincial one: a leader for the overall picture and an expert for each chapter.
var team = []assess.Expert{
	{ID: "p1", Name: "省组专家·组织管理", Chapters: []string{"1"}}, {ID: "p2", Name: "省组专家·健康教育", Chapters: []string{"2"}}, {ID: "p3", Name: "省组专家·市容环境", Chapters: []string{"3"}},
	{ID: "p4", Name: "省组专家·生态环境", Chapters: []string{"4"}}, {ID: "p5", Name: "省组专家·重点场所", Chapters: []string{"5"}}, {ID: "p6", Name: "省组专家·食品和饮水", Chapters: []string{"6"}},
	{ID: "p7", Name: "省组专家·疾病防控", Chapters: []string{"7"}},
}

// begin plans the round, draws its sample and plans every visit.
func (a *assessor) begin(tx *db.Tx) error {
	id := a.id("round", "provincial-1")
	r, err := assess.Make(tx, org.System, assess.Plan{ID: id, Name: "第一次省级技术评估", Kind: assess.Provincial, Pack: a.pack.ID, FromOn: string(a.day0.Add(-failedFrom)),
		ToOn: string(a.day0.Add(-failedTo)), Experts: team})
	if err != nil {
		return err
	}
	if r, err = assess.Begin(tx, org.System, r.ID, true); err != nil {
		return err
	}
	spots, err := assess.Spots(tx, r.ID)
	perDay := (len(spots) + failedFrom - failedTo) / (failedFrom - failedTo + 1)
	for n, s := range spots {
		at := a.day0.Add(-failedFrom + n/perDay).Time().Add(9*time.Hour + time.Duration(n%perDay*8)*time.Minute)
		a.late(at, func(tx *db.Tx) error { return a.visit(tx, r.ID, a.byPlace[s.PlaceID], at) })
	}
	return err
}

// visit is what the experts saw at one place.
func (a *assessor) visit(tx *db.Tx, round string, x town.Place, at time.Time) error {
	v := assess.Visit{ID: a.id("visit", x.Code), Round: round, Expert: "p3", Place: x.Code, MadeAt: at.UnixMilli()}
	for _, c := range a.visits[x.Code].bad {
		it, _, _ := a.pack.Requirement(c.Of)
		v.Expert = "p" + it.Chapter
		f := assess.Finding{Check: c.ID, Times: 1}
		for f.Times < 5 && a.r.Float64() < 0.4 {
			f.Times++
		}
		if left := a.taken[c.Kind]; len(left) > 0 {
			a.taken[c.Kind] = left[1:]
			sums, err := a.arrive(tx, left[0], false, at)
			if err != nil {
				return err
			}
			f.Photos = sums
		}
		v.Findings = append(v.Findings, f)
	}
	_, err := assess.See(tx, org.System, v)
	return err
}

// lacks are notes on a paper that is not there.
var lacks = []string{"只有电子稿，没有印发文件", "缺近两年的记录", "有计划无总结", "台账与现场对不上", "会议有通知没有纪要", "数据没有来源说明"}

// finish judges papers and what else is left, and ends the round. The sample
// is drawn by chance, so its visits may cost little: then the experts miss more
// papers, until the round has failed.
func (a *assessor) finish(tx *db.Tx) error {
	id := a.id("round", "provincial-1")
	marks, there := a.marks()
	for {
		if err := judge(tx, id, marks); err != nil {
			return err
		}
		_, o, err := assess.Result(tx, org.System, id)
		if err != nil {
			return err
		}
		if o.Score <= o.Pass-failedBy || len(there) == 0 {
			break
		}
		n := min(missedAtOnce, len(there))
		marks = nil
		for _, m := range there[:n] {
			marks = append(marks, a.miss(m))
		}
		there = there[n:]
	}
	_, err := assess.Finish(tx, org.System, id, true)
	return err
}

// mark is a mark with the expert who makes it.
type mark struct {
	by string
	assess.Mark
}

// marks are those of all experts, and of these the papers that are there.
func (a *assessor) marks() (all, there []mark) {
	for _, s := range a.pack.Scores {
		it, _ := a.pack.Item(s.Item)
		by := "p" + it.Chapter
		all = append(all, mark{by, assess.Mark{What: assess.OnLine, Ref: s.ID, Value: assess.Seen}})
		for _, paper := range s.Papers {
			m := mark{by, assess.Mark{What: assess.OnPaper, Ref: paper, Value: assess.There}}
			if a.r.Float64() < lacking {
				m = a.miss(m)
			} else {
				there = append(there, m)
			}
			all = append(all, m)
		}
	}
	for _, v := range a.pack.Vetoes {
		if v.When == "" {
			all = append(all, mark{"p1", assess.Mark{What: assess.OnVeto, Ref: v.ID, Value: assess.Clear}})
		}
	}
	a.r.Shuffle(len(there), func(i, j int) { there[i], there[j] = there[j], there[i] })
	return all, there
}

// miss says that a paper is not there.
func (a *assessor) miss(m mark) mark {
	m.Value, m.Note = assess.Missing, lacks[a.r.IntN(len(lacks))]
	return m
}

// judge keeps the marks, each expert's at once.
func judge(tx *db.Tx, round string, marks []mark) error {
	by := map[string][]assess.Mark{}
	for _, m := range marks {
		by[m.by] = append(by[m.by], m.Mark)
	}
	for _, e := range team {
		if len(by[e.ID]) == 0 {
			continue
		}
		if _, err := assess.Judge(tx, org.System, assess.Judgement{Round: round, Expert: e.ID, Marks: by[e.ID], MadeAt: tx.Now()}); err != nil {
			return err
		}
	}
	return nil
}

// roundStandard is the pack the round is judged by.
func roundStandard(tx *db.Tx) (*pack.Pack, error) {
	h, err := standard.PackByID(tx, roundPack)
	if err != nil {
		return nil, err
	}
	return h.Pack, nil
}
