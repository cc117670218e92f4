package assess

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"chuangwei/internal/campaign/assess/book"
	"chuangwei/internal/flow/cases"
	"chuangwei/internal/flow/evidence"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
)

// How a lost point ends in the retrospective.
const (
	AsCase   = "case"   // a new one
	AsLinked = "linked" // an open case of the same place and kind, or one somebody named
	AsNone   = "none"   // with the reason why not
)

// Channel is that of cases a retrospective makes.
const Channel = "assessment"

// anyLoss is the kind of a case for a loss that no kind of problem fits.
const anyLoss = "assess.lost"

// Debt is a lost point with what is proposed for it, or what became of it.
type Debt struct {
	book.Loss
	Settled *Settled    // nil: still to be decided
	Case    *cases.Case // what it became
	Plan    Proposal    // while still to be decided
}

// Proposal is what routing would do: whose case it becomes and by when, or
// which open case it is linked to.
type Proposal struct {
	Kind     string
	Link     *cases.Case
	Foreseen cases.Case
}

// Debts lists every lost point of a finished round, each with its proposal or
// with what became of it.
func Debts(tx *db.Tx, who org.Actor, id string) (Round, []Debt, error) {
	r, out, err := Result(tx, who, id)
	o := sitting{out}
	if err != nil {
		return r, nil, err
	}
	if err := reviewable(r); err != nil {
		return r, nil, err
	}
	if err := o.gaps(tx); err != nil {
		return r, nil, err
	}
	list, err := o.debts(tx)
	for i := range list {
		if err == nil && list[i].Settled == nil && who.Can(org.Dispatch, org.Target{}) {
			list[i].Plan, err = o.propose(tx, who, list[i].Loss)
		}
	}
	return r, list, err
}

// debts are the lost points with what became of each so far.
func (o sitting) debts(tx *db.Tx) ([]Debt, error) {
	settled, err := settledOf(tx, o.Book.Round)
	if err != nil {
		return nil, err
	}
	out := make([]Debt, len(o.Losses))
	for i, l := range o.Losses {
		out[i].Loss = l
		if s, done := settled[l.ID]; done {
			out[i].Settled = &s
			if out[i].Case, err = caseOf(tx, s.CaseID); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// sitting is a result over which people decide.
type sitting struct{ book.Outcome }

// gaps finds the open cases of the slots whose papers were missing.
func (o sitting) gaps(tx *db.Tx) error {
	slots, err := evidence.Standings(tx, o.Sheet, calendar.On(tx.Time()))
	for _, s := range slots {
		for i, l := range o.Losses {
			if l.Requirement == s.Requirement && s.CaseID != "" {
				o.Losses[i].Gap = s.CaseID
			}
		}
	}
	return err
}

func reviewable(r Round) error {
	if r.State == Finished {
		return nil
	}
	return fault.New(fault.Conflict, "round.not_finished", "“%[1]s”还没有结束，结束后再复盘。", "%[1]q is not finished yet.", r.Name)
}

// caseOf is the case itself, or the one it was merged into.
func caseOf(tx *db.Tx, id string) (*cases.Case, error) {
	if id == "" {
		return nil, nil
	}
	c, err := cases.ByID(tx, id)
	if err == nil && c.State == cases.Merged {
		c, err = cases.ByID(tx, c.MergedInto)
	}
	return &c, err
}

// propose finds the open case of the same place and kind, or foresees a new one.
func (o sitting) propose(tx *db.Tx, who org.Actor, l book.Loss) (Proposal, error) {
	p := Proposal{Kind: l.Kind}
	if p.Kind == "" {
		p.Kind = anyLoss
	}
	link, err := openCase(tx, l, p.Kind)
	if err != nil || link != nil {
		p.Link = link
		return p, err
	}
	p.Foreseen, err = cases.Foresee(tx, who, o.report(l, Choice{Kind: p.Kind}))
	return p, err
}

// openCase finds the open case of the same place and kind, or that of the gap
// in the same paper's slot.
func openCase(tx *db.Tx, l book.Loss, kind string) (*cases.Case, error) {
	if l.Gap != "" {
		c, err := cases.ByID(tx, l.Gap)
		return &c, err
	}
	if l.PlaceID == "" {
		return nil, nil
	}
	c, err := cases.OpenAt(tx, l.PlaceID, kind)
	if errors.Is(err, db.ErrNone) {
		return nil, nil
	}
	return &c, err
}

// Choice is what the sitting decides on one loss. What is left empty is as proposed.
type Choice struct {
	Loss    string
	Outcome string
	Kind    string
	Unit    string
	Owner   string
	DueOn   string
	Case    string // to link to; "": the open one of the same place and kind
	Reason  string
}

// report is the case a loss becomes. A loss at no place, or of no kind of
// problem, goes to the unit that leads its clause.
func (o sitting) report(l book.Loss, c Choice) cases.Report {
	text := "评估失分：" + l.Text.ZH
	if l.Times > 1 {
		text += fmt.Sprintf("（%d处）", l.Times)
	}
	if l.Note != "" && l.Note != l.Text.ZH {
		text += "。" + l.Note
	}
	spot, _ := o.Spot(l.PlaceID)
	unit := c.Unit
	if unit == "" && c.Owner == "" && (l.PlaceID == "" || c.Kind == anyLoss) {
		unit = l.UnitID
	}
	return cases.Report{ID: l.ID, Text: cut(text, 1000), Kind: c.Kind, Place: spot.Code, Photos: l.Photos, Channel: Channel,
		Decided: cases.Decision{Unit: unit, Owner: c.Owner, DueOn: c.DueOn}}
}

func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}

// mostChoices is how many losses are decided at once.
const mostChoices = 100

// Settle keeps the sitting's decisions and tells how far the round is. A loss that was decided already stays
// as it is, so repeating changes nothing; the case of a loss has the loss's id.
func Settle(tx *db.Tx, who org.Actor, id string, list []Choice) (Progress, error) {
	r, out, err := Result(tx, who, id)
	o := sitting{out}
	if err != nil {
		return Progress{}, err
	}
	if err := who.May(org.Dispatch, org.Target{}); err != nil {
		return Progress{}, err
	}
	if err := reviewable(r); err != nil {
		return Progress{}, err
	}
	if err := o.checkChoices(list); err != nil {
		return Progress{}, err
	}
	if err := o.gaps(tx); err != nil {
		return Progress{}, err
	}
	settled, err := settledOf(tx, id)
	if err != nil {
		return Progress{}, err
	}
	for _, c := range list {
		if _, done := settled[c.Loss]; done {
			continue
		}
		s, err := o.settle(tx, who, c)
		if err != nil {
			return Progress{}, err
		}
		if err := putSettled(tx, id, s); err != nil {
			return Progress{}, fmt.Errorf("assess: settle: %w", err)
		}
		settled[c.Loss] = s
		if _, err := event.Add(tx, who.ID, "round.settled", id, map[string]any{"loss": s.Loss, "outcome": s.Outcome, "case": s.CaseID, "reason": s.Reason}); err != nil {
			return Progress{}, err
		}
	}
	debts, err := o.debts(tx)
	return Far(debts), err
}

func (o sitting) checkChoices(list []Choice) error {
	var c fault.Check
	c.That(len(list) > 0 && len(list) <= mostChoices, "losses", "一次1到100条", "between 1 and 100 at once")
	for _, x := range list {
		known := slices.ContainsFunc(o.Losses, func(l book.Loss) bool { return l.ID == x.Loss })
		c.That(known, "losses", "这次评估没有失分项 %[1]s", "the round has no lost point %[1]s", x.Loss)
		c.That(slices.Contains([]string{AsCase, AsLinked, AsNone}, x.Outcome), "losses", "请选择立案、关联或不立案", "choose case, linked or none")
		c.That(x.Outcome != AsNone || strings.TrimSpace(x.Reason) != "", "losses", "不立案要写明理由", "say why it becomes no case")
		c.That(len([]rune(x.Reason)) <= 300, "losses", "理由最多300字", "a reason of at most 300 characters")
	}
	return c.Err()
}

// settle does what was decided on one loss. Two losses of the same place and
// kind share a case.
func (o sitting) settle(tx *db.Tx, who org.Actor, c Choice) (Settled, error) {
	l := o.Losses[slices.IndexFunc(o.Losses, func(l book.Loss) bool { return l.ID == c.Loss })]
	s := Settled{Loss: l.ID, Outcome: c.Outcome, Reason: strings.TrimSpace(c.Reason), Who: who.ID, At: tx.Now()}
	if c.Outcome == AsNone {
		return s, nil
	}
	for _, kind := range []string{l.Kind, anyLoss} {
		if c.Kind == "" {
			c.Kind = kind
		}
	}
	link, err := o.linked(tx, l, c)
	if err != nil {
		return s, err
	}
	if link != nil {
		s.Outcome, s.CaseID = AsLinked, link.ID
		_, err := cases.SeenAgain(tx, who, link.ID, l.Text.ZH, l.Photos)
		return s, err
	}
	made, err := cases.Receive(tx, who, o.report(l, c))
	s.CaseID = made.ID
	return s, err
}

// linked is the case a loss is linked to instead of making one, or nil.
func (o sitting) linked(tx *db.Tx, l book.Loss, c Choice) (*cases.Case, error) {
	if c.Case != "" {
		return caseOf(tx, c.Case)
	}
	link, err := openCase(tx, l, c.Kind)
	if err == nil && link == nil && c.Outcome == AsLinked {
		err = fault.New(fault.Conflict, "loss.no_link", "没有可以关联的未办结案件，请改为立案。", "There is no open case to link to; make one.")
	}
	return link, err
}

// Progress counts how far the lost points of a round have come.
type Progress struct {
	Losses  int
	Settled int
	None    int // explained, no case
	Open    int // cases not fixed yet
	Fixed   int // waiting to be verified
	Closed  int // verified
}

// Far tells how far the lost points have come: loss, case, verified.
func Far(list []Debt) (p Progress) {
	p.Losses = len(list)
	for _, d := range list {
		if d.Settled == nil {
			continue
		}
		p.Settled++
		switch {
		case d.Case == nil || d.Case.State == cases.Rejected:
			p.None++
		case d.Case.State == cases.Closed:
			p.Closed++
		case d.Case.State == cases.Fixed:
			p.Fixed++
		default:
			p.Open++
		}
	}
	return p
}
