package evidence

import (
	"errors"
	"fmt"
	"slices"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/standard"
)

// Entry is one slot of the ledger with how it stands, year by year.
type Entry struct {
	Slot Slot
	Standing
	Waiting int // papers that nobody has checked yet
	Years   []Stretch
}

// Stretch is one period of a slot.
type Stretch struct {
	Period
	Have, Want int
	CaseID     string // the open case of its gap, or ""
}

// Ledger is the slots of a pack as an actor may see them.
type Ledger struct {
	Pack    *standard.Held
	Packs   []*standard.Held // that are active
	Entries []Entry
}

// LedgerOf is the ledger of a pack today, in the pack's order; "" is the first
// active pack. A unit leaves only what it leads or helps with.
func LedgerOf(tx *db.Tx, who org.Actor, packID, unit string) (Ledger, error) {
	var out Ledger
	packs, err := standard.Active(tx)
	if err != nil {
		return out, err
	}
	out.Packs = slices.DeleteFunc(packs, func(h *standard.Held) bool { return h.Slots() == 0 })
	if packID == "" && len(out.Packs) > 0 {
		packID = out.Packs[0].ID
	}
	if out.Pack, err = standard.PackByID(tx, packID); err != nil {
		return out, err
	}
	list, err := Seen(tx, who, packID)
	if err != nil {
		return out, err
	}
	if unit != "" {
		list = slices.DeleteFunc(list, func(s Slot) bool { return !slices.Contains(s.Units(), unit) })
	}
	out.Entries, err = entriesOf(tx, list, calendar.On(tx.Time()))
	return out, err
}

func entriesOf(tx *db.Tx, list []Slot, on calendar.Day) ([]Entry, error) {
	found, err := countAll(tx, list, on)
	if err != nil {
		return nil, err
	}
	open, err := openGaps(tx)
	if err != nil {
		return nil, err
	}
	waiting, err := waitingBySlot(tx)
	if err != nil {
		return nil, err
	}
	out := make([]Entry, len(list))
	for i, s := range list {
		out[i] = entry(s, *found[s.ID], open[s.ID], on)
		out[i].Waiting = waiting[s.ID]
	}
	return out, nil
}

// entry says how a slot stands by what was found and the open cases of its gaps.
func entry(s Slot, f found, open []Gap, on calendar.Day) Entry {
	e := Entry{Slot: s, Standing: Standing{Pack: s.Pack.ID, Requirement: s.Requirement.ID, NewestOn: f.newestOn}}
	e.State, e.Want, e.Have = judge(s.Proof, f, on)
	for i, t := range Periods(s.Proof, on) {
		y := Stretch{Period: t, Have: f.per[i], Want: s.Proof.Count}
		for _, g := range open {
			if g.Year == t.Year {
				y.CaseID = g.CaseID
			}
		}
		if e.CaseID == "" {
			e.CaseID = y.CaseID
		}
		e.Years = append(e.Years, y)
	}
	return e
}

// Detail is a slot with everything that fills it.
type Detail struct {
	Entry
	Papers    []Paper
	Works     []Work // newest first, at most worksShown
	WorkTotal int
}

// What kinds of work prove a requirement.
const (
	Fixed  = "case"
	Looked = "inspection"
	Served = "duty"
)

// Work is one thing that was done which proves a requirement.
type Work struct {
	What    string
	ID      string
	OnDay   string
	PlaceID string
	No      string // of a case
	Kind    string // of problem
	Text    string // of a look: the line; of a duty: its name
	Photos  []string
}

const worksShown = 30

// DetailOf is a slot with what fills it and why it counts, if the actor may see it.
func DetailOf(tx *db.Tx, who org.Actor, id string) (Detail, error) {
	var out Detail
	s, err := SlotByID(tx, id)
	if err != nil {
		return out, err
	}
	v, err := viewOf(tx, who, org.SeeEvidence)
	if err != nil {
		return out, err
	}
	if !v.sees(s) {
		return out, org.Denied(org.SeeEvidence)
	}
	day := calendar.On(tx.Time())
	entries, err := entriesOf(tx, []Slot{s}, day)
	if err != nil {
		return out, err
	}
	out.Entry = entries[0]
	if out.Papers, err = on(tx, id); err != nil {
		return out, err
	}
	for i := range out.Papers {
		if out.Papers[i].Slots, err = slotsOn(tx, out.Papers[i].ID); err != nil {
			return out, err
		}
	}
	periods := Periods(s.Proof, day)
	all := Period{From: periods[len(periods)-1].From, To: day}
	out.Works, out.WorkTotal, err = Works(tx, s, all, worksShown)
	return out, err
}

// Works are the newest pieces of work for a slot in a period, at most so many
// of each kind, and how many there are in all.
func Works(tx *db.Tx, s Slot, t Period, most int) ([]Work, int, error) {
	w := worker{tx: tx, spans: map[Period]*work{}}
	total, _, err := w.count(s, t)
	if err != nil || total == 0 {
		return nil, total, err
	}
	fixed, err := fixedFor(tx, s, t, most)
	if err != nil {
		return nil, total, err
	}
	looks, err := looksFor(tx, s, t, most)
	if err != nil {
		return nil, total, err
	}
	all, err := w.of(t)
	if err != nil {
		return nil, total, err
	}
	duties, err := dutiesFor(tx, s, t, s.groups(all.groups), most)
	list := slices.Concat(fixed, looks, duties)
	slices.SortStableFunc(list, func(a, b Work) int { return -compare(a.OnDay, b.OnDay) })
	return list[:min(len(list), most)], total, err
}

func compare(a, b string) int {
	if a < b {
		return -1
	}
	if a > b {
		return 1
	}
	return 0
}

// Propose is what the system knows of a photo that is to become a paper: the
// newest case that shows it gives caption, day and requirements.
func Propose(tx *db.Tx, who org.Actor, sum string) (Draft, error) {
	if who.Scope(org.FileEvidence).Empty() {
		return Draft{}, org.Denied(org.FileEvidence)
	}
	d := Draft{Sum: sum, On: string(calendar.On(tx.Time()))}
	use, err := useOf(tx, sum)
	if errors.Is(err, db.ErrNone) {
		return d, nil
	}
	if err != nil {
		return d, err
	}
	ok, err := maySee(tx, who, use.caseID)
	if err != nil || !ok {
		return d, err
	}
	when := map[string]string{"before": "整改前", "after": "整改后"}[use.role]
	d.Case, d.On = use.caseID, dayOf(use.at)
	d.Caption = fmt.Sprintf("%s，%s，%s%s", timeOf(use.at).In(calendar.Zone).Format("2006年1月2日"), use.where, use.kind, when)
	d.Title = use.where + use.kind + when + "照片"
	list, err := Slots(tx)
	for _, s := range list {
		if s.Pack.Active && slices.Contains(s.Requirement.Kinds, use.kindID) && (len(s.Requirement.Places) == 0 || slices.Contains(s.Requirement.Places, use.placeKind)) {
			d.Slots = append(d.Slots, s.ID)
		}
	}
	return d, err
}

// ClauseOf is the clause of the slot that a case asks proof for, or "".
func ClauseOf(tx *db.Tx, caseID string) (string, error) {
	g, err := GapOf(tx, caseID)
	if errors.Is(err, db.ErrNone) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	s, err := SlotByID(tx, g.Slot)
	return s.clause(), err
}
