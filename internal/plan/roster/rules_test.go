package roster_test

import (
	"fmt"
	"slices"
	"testing"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/db/dbtest"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/plan/roster"
	"chuangwei/internal/plan/solve/squads"
	"chuangwei/internal/register/org"

	"pgregory.net/rapid"
)

// TestWhatTheRulesMayBeCanBeSolved writes rules as people might, mostly sound:
// what is not refused by field makes a problem that the solver takes, with a
// squad in every shift that is asked for.
func TestWhatTheRulesMayBeCanBeSolved(t *testing.T) {
	c := newCounty(t)
	c.made()
	c.busy()
	r := c.get()
	accepted, refused := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		in := someRules(rt)
		dbtest.Read(t, c.db, func(tx *db.Tx) error {
			p, no, err := roster.Checked(tx, r, in)
			if no != nil {
				refused++
				if f, ok := fault.As(no); !ok || len(f.Fields) == 0 {
					rt.Errorf("refused without a field: %v", no)
				}
				return nil
			}
			accepted++
			if err != nil {
				return err
			}
			if err := squads.Valid(p); err != nil {
				rt.Errorf("%v\nof %+v", err, in)
			}
			everyShiftIsStaffed(rt, in, p)
			return nil
		})
	})
	t.Logf("%d accepted, %d refused", accepted, refused)
	if accepted < 10 {
		t.Error("the rules drawn prove little")
	}
}

// busy gives some people leave and wishes.
func (c *county) busy() {
	c.write(func(tx *db.Tx) error {
		for n := range 6 {
			id := fmt.Sprintf("u%dp%d", n, n)
			if err := org.AddLeave(tx, org.System, org.Leave{ID: "l" + id, PersonID: id, FromOn: "2026-12-01", ToOn: "2026-12-04"}); err != nil {
				return err
			}
			for _, likes := range []int{-1, 1} {
				w := roster.Wish{On: fmt.Sprintf("2026-12-%02d", 6+likes+n), Likes: likes}
				if err := roster.SetWish(tx, c.as(tx, fmt.Sprintf("u%dp%d", n, n+1)), w); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// everyShiftIsStaffed looks for the squads of needs of every day in all areas.
func everyShiftIsStaffed(rt *rapid.T, in roster.Rules, p squads.Problem) {
	for _, n := range in.Needs {
		if n.Days != "all" || n.Place != "" || len(n.Areas) > 0 {
			continue
		}
		for s := range in.Shifts {
			have := 0
			for _, need := range p.Needs {
				if need.Shift == s && need.Size >= n.Size {
					have++
				}
			}
			if wanted := len(n.Shifts) == 0 || slices.Contains(n.Shifts, s); wanted && have < p.Days*p.Areas {
				rt.Errorf("shift %d has %d squads of %d on %d days in %d areas: %+v", s, have, n.Size, p.Days, p.Areas, in.Shifts)
			}
		}
	}
}

func someRules(rt *rapid.T) roster.Rules {
	number := func(name string, least, most int) int {
		if rapid.IntRange(0, 99).Draw(rt, name+" odd") == 61 { // ends of a range are drawn oftener
			return rapid.IntRange(-5, 2000).Draw(rt, name)
		}
		return rapid.IntRange(least, most).Draw(rt, name)
	}
	some := func(name string, of ...string) []string {
		return rapid.SliceOfN(rapid.SampledFrom(of), 0, 2).Draw(rt, name)
	}
	in := roster.Rules{
		Units: some("units", "u0", "u1", "u2"), Stay: some("stay", "u0p1", "u1p1", "u5p9"), Presence: number("presence", 0, 100), Presences: map[string]int{},
		Rest: number("rest", roster.LeastRest, 24), PerWeek: number("per_week", 0, 7), InRow: number("in_row", 0, 31), Batch: number("batch", 0, 92),
		Mixed: number("mixed", 0, 60), Night: number("night", 100, 300),
		Weights: roster.Weights{Fair: number("fair", 0, 1000), Wish: number("wish", 0, 1000), Away: number("away", 0, 1000), Stay: number("stay_put", 0, 1000), Turn: number("turn", 0, 1000)},
	}
	for _, u := range some("own", "u0", "u3", "u4") {
		in.Presences[u] = number("own "+u, 0, 100)
	}
	for n := range rapid.IntRange(1, 4).Draw(rt, "shifts") {
		s := someShift(rt, n)
		if n > 0 && rapid.IntRange(0, 9).Draw(rt, "at once") == 7 {
			s.From = in.Shifts[n-1].From
		}
		in.Shifts = append(in.Shifts, s)
	}
	for range rapid.IntRange(1, 3).Draw(rt, "needs") {
		in.Needs = append(in.Needs, someNeed(rt, number, some))
	}
	return in
}

// someShift begins in its own quarter of the day, now and then anywhere.
func someShift(rt *rapid.T, n int) roster.Shift {
	from := rapid.IntRange(n*6, n*6+5).Draw(rt, "from")
	odd := rapid.IntRange(0, 20).Draw(rt, "odd time")
	if odd == 11 {
		from = rapid.IntRange(0, 25).Draw(rt, "any hour")
	}
	minute := rapid.SampledFrom([]int{0, 7, 30}).Draw(rt, "minute")
	to := (from + rapid.IntRange(1, 12).Draw(rt, "long")) % 24
	s := roster.Shift{Name: fmt.Sprint("班", n), From: fmt.Sprintf("%02d:%02d", from, minute), To: fmt.Sprintf("%02d:%02d", to, minute)}
	if to == 0 && minute == 0 && rapid.Bool().Draw(rt, "24") {
		s.To = "24:00"
	}
	if odd == 13 {
		s.From = rapid.SampledFrom([]string{"24:00", "7:30", "", " 08:00", "08：00", "+8:00", "00:00"}).Draw(rt, "odd from")
	}
	return s
}

func someNeed(rt *rapid.T, number func(string, int, int) int, some func(string, ...string) []string) roster.Need {
	n := roster.Need{
		Areas: some("areas", "a0", "a1", "a2"), Days: rapid.SampledFrom([]string{"all", "market", "working", "off", "dates"}).Draw(rt, "days"),
		From: rapid.SampledFrom([]string{firstDay, "2026-12-03", "2026-11-01"}).Draw(rt, "first"), To: rapid.SampledFrom([]string{lastDay, "2026-12-04", "2027-01-01"}).Draw(rt, "last"),
		Size: number("size", 1, 30),
	}
	n.Licence, n.Driver, n.Language = number("licence", 0, max(0, min(n.Size, 30))), number("driver", 0, 1), number("language", 0, 1)
	for range rapid.IntRange(0, 2).Draw(rt, "of shifts") {
		n.Shifts = append(n.Shifts, number("shift", 0, 0))
	}
	return n
}
