package evidence

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/place"
	"chuangwei/internal/register/standard"
	"chuangwei/internal/register/standard/pack"
)

// Slots lists the slots of every pack, the active ones' first, kept until a
// register or a pack changes.
func Slots(tx *db.Tx) ([]Slot, error) {
	stamp, err := db.Stamp(tx, org.Stamp)
	if err != nil {
		return nil, err
	}
	return db.Keep(tx, "evidence.slots", stamp, func() ([]Slot, error) {
		packs, err := standard.Packs(tx)
		if err != nil {
			return nil, err
		}
		var out []Slot
		for _, active := range []bool{true, false} {
			for _, h := range packs {
				if h.Active != active {
					continue
				}
				list, err := slotsOf(tx, h)
				if err != nil {
					return nil, fmt.Errorf("evidence: slots of %s: %w", h.ID, err)
				}
				out = append(out, list...)
			}
		}
		return out, nil
	})
}

// SlotByID finds a slot by <pack>:<requirement>.
func SlotByID(tx *db.Tx, id string) (Slot, error) {
	list, err := Slots(tx)
	if err != nil {
		return Slot{}, err
	}
	i := slices.IndexFunc(list, func(s Slot) bool { return s.ID == id })
	if i < 0 {
		return Slot{}, fault.New(fault.NotFound, "slot.none", "没有“%[1]s”这项要求，标准可能已更新，请刷新。", "There is no requirement %[1]q; the standard may have changed, refresh.", id)
	}
	return list[i], nil
}

func slotsOf(tx *db.Tx, h *standard.Held) ([]Slot, error) {
	lines := map[string]map[string][]string{}
	for _, c := range h.Checks {
		if lines[c.Of] == nil {
			lines[c.Of] = map[string][]string{}
		}
		lines[c.Of][c.Place] = append(lines[c.Of][c.Place], h.ID+":"+c.ID)
	}
	var out []Slot
	for n, ch := range h.Chapters {
		i := 0
		for _, it := range h.Items {
			if it.Chapter != ch.ID {
				continue
			}
			i++
			for j, r := range it.Requirements {
				s := Slot{ID: h.ID + ":" + r.ID, Number: fmt.Sprintf("%02d-%02d-%02d", n+1, i, j+1), Pack: h, Chapter: ch, Item: it, Requirement: r, lines: lines[r.ID]}
				s.Proof, _, _ = r.Proved()
				if err := s.led(tx); err != nil {
					return nil, err
				}
				out = append(out, s)
			}
		}
	}
	return out, nil
}

// led finds the units of a slot by the roles its requirement or item names.
func (s *Slot) led(tx *db.Tx) error {
	lead := s.Requirement.Lead
	if lead == "" {
		lead = s.Item.Lead
	}
	for i, role := range slices.Concat([]string{lead}, s.Requirement.Help, s.Item.Help) {
		u, err := org.UnitByRole(tx, role)
		if errors.Is(err, db.ErrNone) {
			continue
		}
		if err != nil {
			return err
		}
		if i == 0 {
			s.LeadID = u.ID
		} else if u.ID != s.LeadID && !slices.Contains(s.HelpIDs, u.ID) {
			s.HelpIDs = append(s.HelpIDs, u.ID)
		}
	}
	return nil
}

// view is what an actor may see of slots: those of their units, and of the
// units that lead in their areas.
type view struct {
	all   bool
	units []string
}

func viewOf(tx *db.Tx, who org.Actor, v org.Verb) (view, error) {
	s := who.Scope(v)
	if s.Empty() {
		return view{}, org.Denied(v)
	}
	out := view{all: s.All, units: slices.Clone(s.Units)}
	for _, id := range s.Areas {
		a, err := place.AreaByID(tx, id)
		if err != nil {
			return out, err
		}
		out.units = append(out.units, a.LeadUnitID)
	}
	return out, nil
}

func (v view) sees(s Slot) bool {
	return v.all || slices.ContainsFunc(s.Units(), func(u string) bool { return slices.Contains(v.units, u) })
}

// Seen lists the slots of a pack that the actor may see.
func Seen(tx *db.Tx, who org.Actor, packID string) ([]Slot, error) {
	v, err := viewOf(tx, who, org.SeeEvidence)
	if err != nil {
		return nil, err
	}
	list, err := Slots(tx)
	return slices.DeleteFunc(slices.Clone(list), func(s Slot) bool { return s.Pack.ID != packID || !v.sees(s) }), err
}

// Standings tells how each requirement slot of a pack is filled as of a day.
func Standings(tx *db.Tx, p *pack.Pack, on calendar.Day) ([]Standing, error) {
	list, err := Slots(tx)
	if err != nil {
		return nil, err
	}
	entries, err := entriesOf(tx, slices.DeleteFunc(slices.Clone(list), func(s Slot) bool { return s.Pack.ID != p.ID }), on)
	if err != nil {
		return nil, fmt.Errorf("evidence: standings of %s: %w", p.ID, err)
	}
	out := make([]Standing, len(entries))
	for i, e := range entries {
		out[i] = e.Standing
	}
	return out, nil
}

// countAll finds what counts for each of some slots.
func countAll(tx *db.Tx, list []Slot, on calendar.Day) (map[string]*found, error) {
	out := make(map[string]*found, len(list))
	for _, s := range list {
		out[s.ID] = &found{per: make([]int, s.Proof.Years)}
	}
	papers, err := counting(tx)
	if err != nil {
		return nil, err
	}
	w := worker{tx: tx, spans: map[Period]*work{}}
	for _, s := range list {
		f := out[s.ID]
		for i, t := range Periods(s.Proof, on) {
			for _, p := range papers[s.ID] {
				if p.counts(s.Proof.By, t) && p.OnDay <= string(on) {
					f.add(i, p.n, p.OnDay)
				}
			}
			if s.Proof.By == pack.ByWork {
				n, newest, err := w.count(s, t)
				if err != nil {
					return nil, err
				}
				f.add(i, n, newest)
			}
		}
	}
	return out, nil
}

// clause is the clause a slot's cases hang on, <pack>:<item>.
func (s Slot) clause() string { return s.Pack.ID + ":" + s.Item.ID }

// title is the requirement in few words, for names of files and cases.
func (s Slot) title() string { return strings.TrimSpace(s.Requirement.ZH) }
