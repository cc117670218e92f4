package shifts

import "fmt"

// The largest numbers a problem may hold, so that no sum overflows and no
// table outgrows a small computer.
const (
	mostDays    = 3700
	mostShifts  = 100
	mostPeople  = 10_000
	mostWeight  = 1_000_000
	mostMinutes = 1440
	mostCells   = 30_000_000 // people × days × shifts
)

// Valid returns an error that names the first index or number of a problem
// that cannot be meant.
func Valid(p Problem) error {
	if p.Days < 1 || p.Days > mostDays || len(p.Shifts) > mostShifts || len(p.People) > mostPeople {
		return fmt.Errorf("shifts: %d days, %d shifts, %d people", p.Days, len(p.Shifts), len(p.People))
	}
	if cells := len(p.People) * p.Days * len(p.Shifts); cells > mostCells {
		return fmt.Errorf("shifts: %d people × days × shifts, %d at most", cells, mostCells)
	}
	for s, shift := range p.Shifts {
		if err := validShift(p, shift); err != nil {
			return fmt.Errorf("shifts: shift %d: %w", s, err)
		}
	}
	for i, person := range p.People {
		if err := validPerson(p, person); err != nil {
			return fmt.Errorf("shifts: person %d: %w", i, err)
		}
	}
	if err := validCover(p); err != nil {
		return fmt.Errorf("shifts: %w", err)
	}
	return nil
}

func validShift(p Problem, shift Shift) error {
	if shift.Minutes < 1 || shift.Minutes > mostMinutes {
		return fmt.Errorf("%d minutes", shift.Minutes)
	}
	for _, s := range shift.NotAfter {
		if !within(s, len(p.Shifts)) {
			return fmt.Errorf("shift %d may not follow, but does not exist", s)
		}
	}
	return nil
}

func validPerson(p Problem, person Person) error {
	if len(person.Most) != len(p.Shifts) {
		return fmt.Errorf("limits for %d of %d shifts", len(person.Most), len(p.Shifts))
	}
	for s, most := range person.Most {
		if most < 0 {
			return fmt.Errorf("shift %d at most %d times", s, most)
		}
	}
	if person.MinMinutes < 0 || person.MaxMinutes < person.MinMinutes || person.MaxMinutes > mostDays*mostMinutes {
		return fmt.Errorf("%d to %d minutes", person.MinMinutes, person.MaxMinutes)
	}
	if person.MinRun < 1 || person.MaxRun < 1 || person.MinOff < 1 || person.MaxWeekends < 0 {
		return fmt.Errorf("runs of %d to %d days, %d days off, %d weekends", person.MinRun, person.MaxRun, person.MinOff, person.MaxWeekends)
	}
	for _, d := range person.DaysOff {
		if !within(d, p.Days) {
			return fmt.Errorf("off on day %d", d)
		}
	}
	sums := map[Wish]int{}
	for _, w := range person.Wishes {
		if !within(w.Day, p.Days) || !within(w.Shift, len(p.Shifts)) || !within(w.Weight+mostWeight, 2*mostWeight+1) {
			return fmt.Errorf("wish %+v", w)
		}
		at := Wish{Day: w.Day, Shift: w.Shift}
		if sums[at] += max(w.Weight, -w.Weight); sums[at] > mostWeight {
			return fmt.Errorf("wishes of day %d, shift %d weigh %d together", w.Day, w.Shift, sums[at])
		}
	}
	return nil
}

func validCover(p Problem) error {
	if len(p.Cover) != p.Days {
		return fmt.Errorf("cover for %d of %d days", len(p.Cover), p.Days)
	}
	for d, row := range p.Cover {
		if len(row) != len(p.Shifts) {
			return fmt.Errorf("cover of day %d for %d of %d shifts", d, len(row), len(p.Shifts))
		}
		for s, c := range row {
			if !within(c.Want, mostPeople+1) || !within(c.Under, mostWeight+1) || !within(c.Over, mostWeight+1) {
				return fmt.Errorf("cover of day %d, shift %d: %+v", d, s, c)
			}
		}
	}
	return nil
}

func within(i, n int) bool { return i >= 0 && i < n }
