package shifts

import (
	"reflect"
	"testing"
)

// week is one person's rules over two weeks with an early and a late shift; an
// early one may not follow a late one.
func week() Problem {
	p := Problem{
		Days: 14, Shifts: []Shift{{Minutes: 480}, {Minutes: 600, NotAfter: []int{0}}},
		People: []Person{{
			Most: []int{9, 2}, MinMinutes: 960, MaxMinutes: 4000, MaxRun: 4, MinRun: 2, MinOff: 2, MaxWeekends: 1,
			DaysOff: []int{3}, Wishes: []Wish{{1, 0, 5}, {1, 1, -7}},
		}},
	}
	for range p.Days {
		p.Cover = append(p.Cover, []Cover{{}, {}})
	}
	p.Cover[0] = []Cover{{Want: 2, Under: 100, Over: 1}, {Want: 0, Under: 100, Over: 3}}
	return p
}

// row reads a plan of one person: a letter for each day.
func row(text string) Plan {
	var days []int
	for _, c := range text {
		days = append(days, map[rune]int{'-': Off, 'E': 0, 'L': 1}[c])
	}
	return Plan{days}
}

func TestCheckFindsEachRule(t *testing.T) {
	for _, c := range []struct {
		plan string
		want []Breach
	}{
		{"EE--EE--------", nil},
		{"E---------EEEE", nil}, // a run at an edge may be short
		{"EE--LE--------", []Breach{{Follows, 0, 5}}},
		{"LL--LL--------", []Breach{{Kind, 0, -1}}},
		{"E-------------", []Breach{{LeastMin, 0, -1}}},
		{"EE--EEEE--EEEE", []Breach{{Kind, 0, -1}, {MostMin, 0, -1}, {Weekends, 0, -1}}},
		{"----EEEEE-----", []Breach{{LongRun, 0, 4}}},
		{"EE----E-------", []Breach{{ShortRun, 0, 6}}},
		{"----EE-EE-----", []Breach{{ShortOff, 0, 6}}},
		{"--EE----------", []Breach{{DayOff, 0, 3}}},
	} {
		got := Check(week(), row(c.plan))
		if len(got)+len(c.want) > 0 && !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v, want %v", c.plan, got, c.want)
		}
	}
}

func TestCostCountsEachCause(t *testing.T) {
	for plan, want := range map[string]Costs{
		"EE--EE--------": {Wishes: 0, Under: 100},
		"LL--EE--------": {Wishes: 12, Under: 200, Over: 3},
		"----EE--------": {Wishes: 5, Under: 200},
	} {
		if got := Cost(week(), row(plan)); got != want {
			t.Errorf("%s: %+v, want %+v", plan, got, want)
		}
	}
}

func TestValidNamesWhatCannotBeMeant(t *testing.T) {
	if err := Valid(week()); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*Problem){
		"days":    func(p *Problem) { p.Days = 0 },
		"cover":   func(p *Problem) { p.Cover = p.Cover[1:] },
		"row":     func(p *Problem) { p.Cover[3] = nil },
		"under":   func(p *Problem) { p.Cover[3][0].Under = -1 },
		"length":  func(p *Problem) { p.Shifts[0].Minutes = 0 },
		"after":   func(p *Problem) { p.Shifts[0].NotAfter = []int{2} },
		"limits":  func(p *Problem) { p.People[0].Most = nil },
		"most":    func(p *Problem) { p.People[0].Most[1] = -1 },
		"minutes": func(p *Problem) { p.People[0].MaxMinutes = 0 },
		"runs":    func(p *Problem) { p.People[0].MinRun = 0 },
		"off":     func(p *Problem) { p.People[0].DaysOff = []int{14} },
		"cells":   func(p *Problem) { p.Days, p.Shifts, p.People = mostDays, make([]Shift, 90), make([]Person, 100) },
		"wishes":  func(p *Problem) { p.People[0].Wishes = []Wish{{0, 0, mostWeight}, {0, 0, -1}} },
		"wish":    func(p *Problem) { p.People[0].Wishes[0].Shift = 2 },
	} {
		p := week()
		spoil(&p)
		if Valid(p) == nil {
			t.Errorf("%s: taken for valid", name)
		}
	}
}
