// Package score counts a scoring sheet: what was found, which papers are
// missing, which bands were chosen and which figures are known become points,
// with the reason of each point lost. It keeps no state and knows no database.
package score

import (
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/standard/formula"
	"chuangwei/internal/register/standard/pack"
)

// Milli is a number of points in thousandths.
type Milli = formula.Milli

// Rules is the version of how sheets are counted. Whatever changes the points
// of any Input raises it, and must keep the old way for rounds that are frozen.
const Rules = 1

// Input is what an assessment knows. Frozen rounds keep it as JSON.
type Input struct {
	Findings []Finding         `json:"findings,omitempty"`
	Missing  []Missing         `json:"missing,omitempty"`
	Bands    map[string]Choice `json:"bands,omitempty"`  // by scoring line
	Data     map[string]Milli  `json:"data,omitempty"`   // by indicator
	Absent   map[string]string `json:"absent,omitempty"` // scoring lines that do not apply, with the reason
	Unseen   map[string]string `json:"unseen,omitempty"` // scoring lines nobody has looked at yet, with the reason
	Vetoes   map[string]string `json:"vetoes,omitempty"` // vetoes a person has found, with the reason
}

// Finding is a breach seen at a place. It counts on the line it names, or on
// the first line of its items that looks at such a place for such a kind.
type Finding struct {
	ID    string   `json:"id"`
	Line  string   `json:"line,omitempty"`
	Items []string `json:"items,omitempty"` // clauses, in the order of how well they fit
	Kind  string   `json:"kind,omitempty"`  // kind of problem
	Place string   `json:"place,omitempty"` // kind of place
	At    string   `json:"at,omitempty"`    // the place itself; "" is one unnamed place
}

// Missing is a paper that is not there; ID is that of the case or slot.
type Missing struct {
	ID          string `json:"id"`
	Requirement string `json:"requirement"`
}

// Choice is the band a judge chose, and the points within it. Without points
// the least of the band count.
type Choice struct {
	Band   string `json:"band"`
	Points *Milli `json:"points,omitempty"`
}

// State of a scoring line or a veto.
type State string

const (
	Scored State = "scored"
	Open   State = "open"   // something that decides it is not known yet
	Absent State = "absent" // does not apply; its points went to others
	Fallen State = "fallen" // a veto
	Clear  State = "clear"  // a veto that does not fall
)

// Result is a whole sheet, explained.
type Result struct {
	Pack     string
	Points   Milli // that can be had
	Score    Milli // open lines count nothing
	Open     Milli // of open lines: the score cannot be better than Score + Open
	Pass     Milli
	Verdict  Verdict
	Chapters []Chapter
	Vetoes   []Veto
	Loose    []Loose
}

// Verdict is whether the line to pass is reached.
type Verdict string

const (
	Passed    Verdict = "passed"
	Failed    Verdict = "failed"
	Undecided Verdict = "undecided" // depends on what is open
	Unknown   Verdict = "unknown"   // the sheet has no line to pass
)

// Chapter sums its lines.
type Chapter struct {
	ID, ZH, EN          string
	Points, Score, Open Milli
	Lines               []Line
}

// Line is one scoring line: Own of OwnPoints is what it earned in its own
// points, Score of Points what that counts on the sheet, with weight and with
// its share of what does not apply.
type Line struct {
	ID, Item, ZH, EN, Style string
	State                   State
	Own, OwnPoints          Milli
	Score, Points           Milli
	Why                     fault.Text
	Lost                    []Deduction
}

// Deduction is points lost, in the line's own points, and why. Points are 0
// when the cap of the place or the line had been reached.
type Deduction struct {
	ID     string // of the finding, or of the missing paper's case or slot
	Clause string // item or requirement
	At     string // place
	Points Milli
}

// Veto is the state of one veto, outside the sum.
type Veto struct {
	ID, ZH, EN string
	State      State
	Why        fault.Text
}

// Loose is a finding or paper that no line of the sheet counts.
type Loose struct {
	ID  string
	Why fault.Text
}

// Score counts the sheet of a pack without faults. An Input that names what
// the pack does not have is a fault of kind Invalid, with all of it.
func Score(p *pack.Pack, in Input) (Result, error) {
	if err := check(p, in); err != nil {
		return Result{}, err
	}
	findings, missing, loose := sorted(p, in)
	out := Result{Pack: p.ID, Pass: p.Sheet.Pass, Loose: loose}
	points := spread(p, in.Absent)
	lines := make(map[string][]Line, len(p.Chapters))
	for i, s := range p.Scores {
		l := judged(s, in, findings[s.ID], missing[s.ID])
		l.Points = points[i]
		if l.State == Scored {
			l.Score = l.Own.Of(l.Points, l.OwnPoints)
		}
		it, _ := p.Item(s.Item)
		lines[it.Chapter] = append(lines[it.Chapter], l)
	}
	for _, c := range p.Chapters {
		out.add(c, lines[c.ID])
	}
	out.Vetoes = vetoes(p, in)
	out.Verdict = verdict(out)
	return out, nil
}

func (r *Result) add(c pack.Chapter, lines []Line) {
	sum := Chapter{ID: c.ID, ZH: c.ZH, EN: c.EN, Lines: lines}
	for _, l := range lines {
		sum.Points += l.Points
		sum.Score += l.Score
		if l.State == Open {
			sum.Open += l.Points
		}
	}
	r.Points += sum.Points
	r.Score += sum.Score
	r.Open += sum.Open
	r.Chapters = append(r.Chapters, sum)
}

func verdict(r Result) Verdict {
	open := false
	for _, v := range r.Vetoes {
		if v.State == Fallen {
			return Failed
		}
		open = open || v.State == Open
	}
	switch {
	case r.Pass == 0:
		return Unknown
	case r.Score+r.Open < r.Pass:
		return Failed
	case r.Score < r.Pass || open:
		return Undecided
	}
	return Passed
}

// vetoes tells each veto's state: a person's word, or its formula.
func vetoes(p *pack.Pack, in Input) []Veto {
	out := make([]Veto, len(p.Vetoes))
	for i, v := range p.Vetoes {
		out[i] = Veto{ID: v.ID, ZH: v.ZH, EN: v.EN, State: Clear}
		if why, said := in.Vetoes[v.ID]; said {
			out[i].State, out[i].Why = Fallen, fault.Text{ZH: why, EN: why}
			continue
		}
		if v.When == "" {
			continue
		}
		falls, why := holds(v.When, in.Data)
		switch {
		case why != nil:
			out[i].State, out[i].Why = Open, because(why)
		case falls:
			out[i].State, out[i].Why = Fallen, fault.Say("数据符合：%[1]s", "by the figures: %[1]s", v.When)
		}
	}
	return out
}

func holds(text string, data map[string]Milli) (bool, error) {
	f, err := formula.Parse(text)
	if err != nil {
		return false, err
	}
	return f.True(data)
}
