package evidence

import (
	"errors"
	"fmt"
	"slices"

	"chuangwei/internal/flow/cases"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"

	"github.com/google/uuid"
)

// missing is the kind of problem that a gap becomes.
const missing = "paper.missing"

// Ask lets the gap of a slot's year become a case of the unit that leads. While
// one is open, it is the answer to every further asking.
func Ask(tx *db.Tx, who org.Actor, slotID string, year int) (cases.Case, error) {
	if err := who.May(org.AskEvidence, org.Target{}); err != nil {
		return cases.Case{}, err
	}
	s, err := SlotByID(tx, slotID)
	if err != nil {
		return cases.Case{}, err
	}
	last, err := lastGap(tx, slotID, year)
	if err == nil {
		if c, err := cases.ByID(tx, last.CaseID); err != nil || c.State.Open() {
			return c, err
		}
	} else if !errors.Is(err, db.ErrNone) {
		return cases.Case{}, err
	}
	short, err := s.short(tx, year)
	if err != nil {
		return cases.Case{}, err
	}
	g := Gap{Slot: slotID, Year: year, N: last.N + 1, At: tx.Now()}
	g.CaseID = uuid.NewSHA1(uuid.NameSpaceOID, fmt.Appendf(nil, "gap/%s/%d/%d", slotID, year, g.N)).String()
	_, what, _ := s.Requirement.Proved()
	rep := cases.Report{ID: g.CaseID, Kind: missing, Channel: cases.EvidenceChannel, MadeAt: tx.Now(),
		Text: fmt.Sprintf("缺少佐证：%s %s（%d年），还差%d份。需要：%s", s.Number, s.title(), year, short, what.ZH)}
	c, err := cases.ReceiveFor(tx, who, rep, s.LeadID, s.HelpIDs, s.because())
	if err != nil {
		return c, err
	}
	if err := insertGap(tx, g); err != nil {
		return c, fmt.Errorf("evidence: gap: %w", err)
	}
	_, err = event.Add(tx, who.ID, "slot.asked", slotID, map[string]any{"year": year, "case": c.ID, "short": short})
	return c, err
}

// because says why the unit of a gap's case is who it is.
func (s Slot) because() fault.Text {
	if s.LeadID == "" {
		return fault.Say("“%[1]s”没有登记牵头单位，请派遣员确定", "no unit is registered to lead %[1]q: the desk must choose", s.title())
	}
	return fault.Say("“%[1]s”由该单位牵头", "it leads %[1]q", s.title())
}

// short is how many pieces a slot's year lacks; nothing lacking is a fault.
func (s Slot) short(tx *db.Tx, year int) (int, error) {
	on := calendar.On(tx.Time())
	periods := Periods(s.Proof, on)
	i := slices.IndexFunc(periods, func(t Period) bool { return t.Year == year })
	if i < 0 {
		return 0, fault.New(fault.Invalid, "slot.year", "“%[1]s”不需要%[2]d年的佐证。", "%[1]q asks for no proof of %[2]d.", s.title(), year).In("year", "不在所需年度内", "not asked for")
	}
	found, err := countAll(tx, []Slot{s}, on)
	if err != nil {
		return 0, err
	}
	f := found[s.ID]
	n := s.Proof.Count - f.per[i]
	if state, _, _ := judge(s.Proof, *f, on); n <= 0 && state == Stale {
		n = 1
	}
	if n <= 0 {
		return 0, fault.New(fault.Conflict, "slot.full", "这一年的佐证已经齐了，不用再催。", "The proof of that year is complete; there is nothing to ask for.")
	}
	return n, nil
}

// Follow lets a verifier's word on a gap's case count for the papers that
// fixed it, so that nobody has to say it twice.
func Follow(tx *db.Tx, e event.Event) error {
	g, err := GapOf(tx, e.Subject)
	if errors.Is(err, db.ErrNone) {
		return nil
	}
	if err != nil {
		return err
	}
	papers, err := on(tx, g.Slot)
	if err != nil {
		return err
	}
	for _, p := range papers {
		if p.State != Filed || p.Who == e.Who || !p.Covers(g.Year) {
			continue
		}
		if p.Slots, err = slotsOn(tx, p.ID); err != nil {
			return err
		}
		if err := p.settle(tx, org.Actor{ID: e.Who}, e.Kind == "case.verified", "核查案件时退回"); err != nil {
			return err
		}
	}
	return nil
}

// Followed are the events that Follow wants.
var Followed = []string{"case.verified", "case.reworked"}
