package shifts

import (
	"fmt"
	"slices"
)

// Rule is a hard rule that a plan can break.
type Rule string

// The hard rules, all of one person.
const (
	Follows  Rule = "follows"   // a shift after one it may not follow
	Kind     Rule = "kind"      // a kind of shift too often
	LeastMin Rule = "least"     // too few minutes
	MostMin  Rule = "most"      // too many minutes
	LongRun  Rule = "long run"  // too many days of work in a row
	ShortRun Rule = "short run" // too few days of work in a row
	ShortOff Rule = "short off" // too few days off in a row
	Weekends Rule = "weekends"  // too many weekends with work
	DayOff   Rule = "day off"   // work on a day off
)

// Breach is one hard rule that a plan breaks. Day is where it shows, or −1 for
// a rule of the whole period.
type Breach struct {
	Rule        Rule
	Person, Day int
}

func (b Breach) String() string {
	return fmt.Sprintf("person %d, day %d: %s", b.Person, b.Day, b.Rule)
}

// Check returns every breach of a hard rule in a plan, slowly and plainly, in
// a fixed order. It shares no code with the search. A plan of another size
// than the problem panics.
func Check(p Problem, plan Plan) []Breach {
	var found []Breach
	for i, person := range p.People {
		add := func(rule Rule, day int) { found = append(found, Breach{rule, i, day}) }
		checkTotals(p, person, plan[i], add)
		checkDays(p, person, plan[i], add)
		checkRuns(p, person, plan[i], add)
	}
	return found
}

func checkTotals(p Problem, person Person, days []int, add func(Rule, int)) {
	minutes, weekends := 0, 0
	count := make([]int, len(p.Shifts))
	for d, s := range days {
		if s == Off {
			continue
		}
		minutes += p.Shifts[s].Minutes
		count[s]++
		sundayAlone := d%7 == 6 && (d == 0 || days[d-1] == Off)
		if d%7 == 5 || sundayAlone {
			weekends++
		}
	}
	for s, n := range count {
		if n > person.Most[s] {
			add(Kind, -1)
		}
	}
	if minutes < person.MinMinutes {
		add(LeastMin, -1)
	}
	if minutes > person.MaxMinutes {
		add(MostMin, -1)
	}
	if weekends > person.MaxWeekends {
		add(Weekends, -1)
	}
}

func checkDays(p Problem, person Person, days []int, add func(Rule, int)) {
	for d, s := range days {
		if s == Off {
			continue
		}
		if slices.Contains(person.DaysOff, d) {
			add(DayOff, d)
		}
		if d > 0 && days[d-1] != Off && slices.Contains(p.Shifts[days[d-1]].NotAfter, s) {
			add(Follows, d)
		}
	}
}

// checkRuns looks at each longest run of days alike.
func checkRuns(p Problem, person Person, days []int, add func(Rule, int)) {
	for from := 0; from < p.Days; {
		to := from
		for to < p.Days && (days[to] == Off) == (days[from] == Off) {
			to++
		}
		inside := from > 0 && to < p.Days
		length := to - from
		switch {
		case days[from] == Off && inside && length < person.MinOff:
			add(ShortOff, from)
		case days[from] != Off && inside && length < person.MinRun:
			add(ShortRun, from)
		}
		if days[from] != Off && length > person.MaxRun {
			add(LongRun, from)
		}
		from = to
	}
}

// Costs are what a plan costs, by cause.
type Costs struct{ Wishes, Under, Over int64 }

// Total is what a search makes small.
func (c Costs) Total() int64 { return c.Wishes + c.Under + c.Over }

// Cost returns what a plan costs, counted plainly.
func Cost(p Problem, plan Plan) Costs {
	var c Costs
	for i, person := range p.People {
		for _, w := range person.Wishes {
			given := plan[i][w.Day] == w.Shift
			if given && w.Weight < 0 {
				c.Wishes -= int64(w.Weight)
			}
			if !given && w.Weight > 0 {
				c.Wishes += int64(w.Weight)
			}
		}
	}
	for d, row := range p.Cover {
		for s, cover := range row {
			have := 0
			for i := range plan {
				if plan[i][d] == s {
					have++
				}
			}
			c.Under += int64(max(0, cover.Want-have) * cover.Under)
			c.Over += int64(max(0, have-cover.Want) * cover.Over)
		}
	}
	return c
}
