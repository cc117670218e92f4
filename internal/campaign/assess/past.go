package assess

import (
	"slices"

	"chuangwei/internal/campaign/assess/book"
	"chuangwei/internal/campaign/assess/outlook"
	"chuangwei/internal/flow/cases"
	"chuangwei/internal/flow/evidence"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/register/standard/pack"
	"chuangwei/internal/register/standard/score"
)

// pastRound is what an estimate takes from a finished round by its pack.
type pastRound struct {
	Round
	on      string
	result  book.Outcome
	settled map[string]Settled
}

// proof is what is known of one paper: the chance that it is not accepted, how
// far that can be trusted, and the day of what says so.
type proof struct {
	missing, trust float64
	on             string
}

// Chances that a paper is not accepted, by what is known of it; working values.
const (
	missingStill  = 0.95 // a round missed it and its case is open
	missingFixed  = 0.10 // a round missed it and its case is verified
	missingSeen   = 0.05 // a round saw it
	missingYearly = 0.15 // more for each year since
	heard         = 180  // days for which experts' word stands over the slots
)

// missingIn is the chance by how the paper's slot is filled.
var missingIn = map[evidence.State]float64{evidence.Full: 0.05, evidence.Stale: 0.35, evidence.Partly: 0.50, evidence.Empty: 0.90}

// rounds takes what finished rounds say: how strict experts are, which
// breaches they found that nobody has settled, and what they saw at places.
func (g *gatherer) rounds(tx *db.Tx) error {
	g.strict = outlook.Strict{Shape: ownWeight, Rate: ownWeight / ownStrict}
	list, err := db.All(tx, scan, `SELECT `+columns+` FROM rounds WHERE pack = $1 AND state = 'finished' ORDER BY finished_at DESC, id LIMIT $2`, g.ID, int64(pastRounds))
	if err != nil {
		return err
	}
	past := make([]*pastRound, len(list))
	for i, r := range list {
		if past[i], err = pastOf(tx, r); err != nil {
			return err
		}
		g.howStrict(past[i])
	}
	for i, p := range past {
		g.sawThen(p)
		if err := g.stillOpen(tx, p); err != nil {
			return err
		}
		if i == 0 {
			g.last = p
		}
	}
	return nil
}

func pastOf(tx *db.Tx, r Round) (*pastRound, error) {
	b, err := bookOf(tx, r)
	if err != nil {
		return nil, err
	}
	o, err := book.Count(b)
	if err != nil {
		return nil, err
	}
	settled, err := settledOf(tx, r.ID)
	return &pastRound{r, dayOf(r.FinishedAt), o, settled}, err
}

// howStrict learns from one round how many times as much experts found as our
// own looks let expect, over the places they visited.
func (g *gatherer) howStrict(p *pastRound) {
	found, visited := 0.0, 0
	for _, s := range p.result.Book.Spots {
		if s.Visited > 0 {
			visited++
		}
	}
	for _, x := range p.result.Book.Seen {
		if x.What == book.Found && x.Ref != "" {
			found += float64(x.Times)
		}
	}
	e := p.Estimate
	if e == nil || e.Own < fewest || e.Places == 0 || visited == 0 {
		return
	}
	g.strict.Shape += pastWeight * found / (e.Own * float64(visited) / float64(e.Places))
	g.strict.Rate += pastWeight
	g.past++
}

// sawThen counts a round's visits as looks at its places; what experts found
// counts as what our own look would have found.
func (g *gatherer) sawThen(p *pastRound) {
	kinds := map[string]string{}
	w := outlook.Weight(g.days(p.on))
	for _, s := range p.result.Book.Spots {
		kinds[s.ID] = s.Kind
		days := g.days(dayOf(s.Visited))
		if s.Visited == 0 || days > memory {
			continue
		}
		g.lookedAt(s.ID, days)
		for _, line := range g.Scores {
			if line.Style == pack.Finding && slices.Contains(line.Places, s.Kind) {
				g.rate(s.Kind, line.ID, 0, w)
				g.saw(line.ID, dayOf(s.Visited))
			}
		}
	}
	for _, x := range p.result.Book.Seen {
		if x.What == book.Found && x.Ref != "" && g.days(p.on) <= memory {
			g.rate(kinds[x.Place], x.Ref, w*float64(x.Times)/g.strict.Mean(), 0)
		}
	}
}

func (g *gatherer) rate(kind, line string, found, looks float64) {
	at := outlook.At{Kind: kind, Line: line}
	r := g.rates[at]
	g.rates[at] = outlook.Rate{Found: r.Found + found, Looks: r.Looks + looks}
}

// stillOpen counts what a round found: what nobody has settled is known to be
// open, and so are the further breaches of one finding while its case is.
func (g *gatherer) stillOpen(tx *db.Tx, p *pastRound) error {
	for _, l := range p.result.Losses {
		if l.Style != pack.Finding || l.Line == "" {
			continue
		}
		s, done := p.settled[l.ID]
		switch {
		case !done:
			add(g.found, l.PlaceID, l.Line, l.Times)
		case s.CaseID != "" && l.Times > 1:
			c, err := caseOf(tx, s.CaseID)
			if err != nil {
				return err
			}
			if c.State.Open() && c.State != cases.Fixed {
				add(g.found, l.PlaceID, l.Line, l.Times-1)
			}
		}
	}
	return nil
}

// papers says of each paper what is known of it: the slot it belongs to, and
// over that what experts of the last half year said and what came of it.
func (g *gatherer) papers(tx *db.Tx) error {
	g.proof = map[string]proof{}
	slots, err := evidence.Standings(tx, g.Pack, g.on)
	if err != nil {
		return err
	}
	used := g.used(slots)
	for _, s := range slots {
		trust := 1.0
		if s.State == evidence.Empty {
			trust = used
		}
		g.proof[s.Requirement] = proof{missingIn[s.State], trust, s.NewestOn}
	}
	if g.last == nil || g.days(g.last.on) > heard {
		return nil
	}
	for _, s := range g.Scores {
		if s.Style != pack.Paper || g.stateOf(s.ID) != score.Scored {
			continue
		}
		for _, id := range s.Papers {
			g.proof[id] = proof{missingSeen + missingYearly*g.days(g.last.on)/365, 1, g.last.on}
		}
	}
	for _, l := range g.last.result.Losses {
		if l.Style != pack.Paper {
			continue
		}
		g.proof[l.Requirement] = proof{missingStill, 1, g.last.on}
		c, err := caseOf(tx, g.last.settled[l.ID].CaseID)
		if err != nil {
			return err
		}
		if c != nil && c.State == cases.Closed {
			g.proof[l.Requirement] = proof{missingFixed, 1, dayOf(c.ClosedAt)}
		}
	}
	return nil
}

// used is how far an empty slot can be trusted to mean that the paper is not
// there: not at all while nothing is filed, wholly once half the papers that
// the sheet asks for are.
func (g *gatherer) used(slots []evidence.Standing) float64 {
	asked, filed := 0.0, 0.0
	for _, s := range slots {
		if lineOfPaper(g.Pack, s.Requirement) == "" {
			continue
		}
		asked++
		if s.State != evidence.Empty {
			filed++
		}
	}
	if asked == 0 {
		return 0
	}
	return min(1, 2*filed/asked)
}

func (g *gatherer) stateOf(line string) score.State {
	for _, c := range g.last.result.Chapters {
		for _, l := range c.Lines {
			if l.ID == line {
				return l.State
			}
		}
	}
	return score.Open
}

// figures are the newest values of the indicators.
func (g *gatherer) figures(tx *db.Tx) error {
	list, err := figuresOf(tx, g.ID, string(g.on))
	g.data = map[string]Figure{}
	for _, f := range list {
		g.data[f.Indicator] = f
	}
	return err
}
