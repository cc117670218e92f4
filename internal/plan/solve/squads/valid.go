package squads

import (
	"fmt"
	"slices"
)

// Valid returns an error that names the first index or number of a problem
// that cannot be meant: an area that does not exist, a shift that ends before
// it starts, a negative weight, a person frozen twice on one day.
func Valid(p Problem) error {
	for _, check := range []func(Problem) error{validRules, validShifts, validUnits, validPeople, validNeeds, validFrozen} {
		if err := check(p); err != nil {
			return fmt.Errorf("squads: %w", err)
		}
	}
	return nil
}

func validRules(p Problem) error {
	if p.Days < 0 || p.Areas < 0 {
		return fmt.Errorf("%d days, %d areas", p.Days, p.Areas)
	}
	r, w := p.Rules, p.Weights
	if min(r.Rest, r.PerWeek, r.InRow, r.Batch) < 0 {
		return fmt.Errorf("a rule is negative: %+v", r)
	}
	if min(w.Fair, w.Wish, w.Away, w.AtHome, w.Disliked, w.Stay, w.Turn, w.Change) < 0 {
		return fmt.Errorf("a weight is negative: %+v", w)
	}
	if p.grains() == 0 {
		return fmt.Errorf("weights are too heavy to be counted: %+v", w)
	}
	return nil
}

func validShifts(p Problem) error {
	for s, shift := range p.Shifts {
		if shift.Start < 0 || shift.Start >= 1440 || shift.End <= shift.Start || shift.Load < 0 {
			return fmt.Errorf("shift %d: %+v", s, shift)
		}
	}
	return nil
}

func validUnits(p Problem) error {
	for u, unit := range p.Units {
		if len(unit.Most) != p.Days {
			return fmt.Errorf("unit %d: presence for %d of %d days", u, len(unit.Most), p.Days)
		}
	}
	return nil
}

func validPeople(p Problem) error {
	for i, person := range p.People {
		if err := validPerson(p, person); err != nil {
			return fmt.Errorf("person %d: %w", i, err)
		}
	}
	return nil
}

func validPerson(p Problem, person Person) error {
	if !within(person.Unit, len(p.Units)) {
		return fmt.Errorf("unit %d", person.Unit)
	}
	if person.Home != Nowhere && !within(person.Home, p.Areas) {
		return fmt.Errorf("home %d", person.Home)
	}
	if min(person.Carried, person.WeekBefore, person.RowBefore) < 0 {
		return fmt.Errorf("carried %d, duties before %d, in a row %d", person.Carried, person.WeekBefore, person.RowBefore)
	}
	for _, d := range slices.Concat(person.Off, person.Busy) {
		if !within(d, p.Days) {
			return fmt.Errorf("leave or other duty on day %d", d)
		}
	}
	for _, b := range person.Blocked {
		if !within(b.Day, p.Days) || !within(b.Shift, len(p.Shifts)) {
			return fmt.Errorf("blocked %+v", b)
		}
	}
	for _, w := range person.Wishes {
		if !within(w.Day, p.Days) || w.Shift != AnyShift && !within(w.Shift, len(p.Shifts)) {
			return fmt.Errorf("wish %+v", w)
		}
	}
	for _, areas := range [][]int{person.Liked, person.Disliked} {
		for _, a := range areas {
			if !within(a, p.Areas) {
				return fmt.Errorf("area %d", a)
			}
		}
	}
	return nil
}

func validNeeds(p Problem) error {
	for n, need := range p.Needs {
		if !within(need.Area, p.Areas) || !within(need.Day, p.Days) || !within(need.Shift, len(p.Shifts)) {
			return fmt.Errorf("need %d: %+v", n, need)
		}
		if need.Size < 0 || need.MostOfUnit < 0 {
			return fmt.Errorf("need %d: size %d, at most %d of a unit", n, need.Size, need.MostOfUnit)
		}
		for k, least := range need.Least {
			if least < 0 {
				return fmt.Errorf("need %d: skill %d wanted %d times", n, k, least)
			}
		}
	}
	return nil
}

func validFrozen(p Problem) error {
	seen := map[personDay]bool{}
	for _, f := range p.Frozen {
		if !within(f.Need, len(p.Needs)) || !within(f.Person, len(p.People)) {
			return fmt.Errorf("frozen seat %+v", f)
		}
		d := personDay{f.Person, p.Needs[f.Need].Day}
		if seen[d] {
			return fmt.Errorf("person %d is frozen twice on day %d", d.person, d.day)
		}
		seen[d] = true
	}
	return nil
}

func within(i, n int) bool { return i >= 0 && i < n }
