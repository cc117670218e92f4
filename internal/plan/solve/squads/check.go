package squads

import (
	"cmp"
	"slices"
)

// Breach is one hard rule that a plan breaks, and by how much (at least 1).
type Breach struct {
	Rule Rule
	By   int
}

// Check returns every breach of a hard rule in a plan, slowly and plainly, in
// a fixed order. It shares no code with the search. Missing needs of the plan
// count as empty; a person who does not exist panics.
func Check(p Problem, plan Plan) []Breach {
	plan = whole(p, plan)
	var found []Breach
	for n := range p.Needs {
		found = append(found, checkNeed(p, plan, n)...)
	}
	onDuty := make([]map[int]bool, p.Days)
	for d := range onDuty {
		onDuty[d] = onDutyOn(p, plan, d)
	}
	for u := range p.Units {
		for d := range p.Days {
			found = append(found, checkUnit(p, u, d, onDuty[d])...)
		}
	}
	for i := range p.People {
		found = append(found, checkPerson(p, i, dutiesOf(p, plan, i))...)
	}
	for _, f := range p.Frozen {
		if !slices.Contains(plan.Seats[f.Need], f.Person) {
			found = append(found, Breach{ruleAt(Kept, at{need: f.Need, person: f.Person}), 1})
		}
	}
	return found
}

// CheckSome returns the breaches that have to do with some needs and some
// people: of the needs, of the people, and of the people's units on the days of
// the needs. Frozen seats are not looked at.
func CheckSome(p Problem, plan Plan, needs, people []int) []Breach {
	plan = whole(p, plan)
	var found []Breach
	seen := map[Rule]bool{} // the units' on those days
	for _, n := range needs {
		found = append(found, checkNeed(p, plan, n)...)
		d := p.Needs[n].Day
		onDuty := onDutyOn(p, plan, d)
		for _, i := range people {
			u := p.People[i].Unit
			if rule := ruleAt(Presence, at{unit: u, day: d}); !seen[rule] {
				seen[rule] = true
				found = append(found, checkUnit(p, u, d, onDuty)...)
			}
		}
	}
	for _, i := range people {
		found = append(found, checkPerson(p, i, dutiesOf(p, plan, i))...)
	}
	return found
}

// whole gives a plan that is shorter than the needs its missing, empty seats.
func whole(p Problem, plan Plan) Plan {
	seats := make([][]int, len(p.Needs))
	copy(seats, plan.Seats)
	return Plan{seats}
}

func checkNeed(p Problem, plan Plan, n int) []Breach {
	var found []Breach
	need, people := p.Needs[n], plan.Seats[n]
	if by := need.Size - len(people); by != 0 {
		found = append(found, Breach{ruleAt(Filled, at{need: n}), max(by, -by)})
	}
	for k := range SkillKinds {
		have := 0
		for _, i := range people {
			if p.People[i].Skills.Has(k) {
				have++
			}
		}
		if by := need.least(k) - have; by > 0 {
			found = append(found, Breach{ruleAt(Skilled, at{need: n, skill: k}), by})
		}
	}
	if need.MostOfUnit > 0 {
		found = append(found, checkMixed(p, n, people)...)
	}
	return found
}

func checkMixed(p Problem, n int, people []int) []Breach {
	var found []Breach
	of := make([]int, len(p.Units))
	for _, i := range people {
		of[p.People[i].Unit]++
	}
	for u, count := range of {
		if by := count - p.Needs[n].MostOfUnit; by > 0 {
			found = append(found, Breach{ruleAt(Mixed, at{need: n, unit: u}), by})
		}
	}
	return found
}

// onDutyOn are those on duty on a day.
func onDutyOn(p Problem, plan Plan, d int) map[int]bool {
	on := map[int]bool{}
	for n, people := range plan.Seats {
		if p.Needs[n].Day != d {
			continue
		}
		for _, i := range people {
			on[i] = true
		}
	}
	return on
}

// checkUnit counts who is away from a unit on a day.
func checkUnit(p Problem, u, d int, onDuty map[int]bool) []Breach {
	duty, away := 0, 0
	for i, person := range p.People {
		if person.Unit != u {
			continue
		}
		if onDuty[i] {
			duty++
		}
		if onDuty[i] || slices.Contains(person.Off, d) {
			away++
		}
	}
	// A unit emptied by leave alone is no fault of the plan.
	if by := min(duty, away-p.Units[u].Most[d]); by > 0 {
		return []Breach{{ruleAt(Presence, at{unit: u, day: d}), by}}
	}
	return nil
}

// dutiesOf returns the needs a person serves in order of time.
func dutiesOf(p Problem, plan Plan, person int) []int {
	var duties []int
	for n, people := range plan.Seats {
		for _, i := range people {
			if i == person {
				duties = append(duties, n)
			}
		}
	}
	slices.SortStableFunc(duties, func(a, b int) int { return cmp.Compare(p.startOf(a), p.startOf(b)) })
	return duties
}

// startOf and endOf are minutes since the first midnight of the plan.
func (p Problem) startOf(need int) int {
	return p.Needs[need].Day*1440 + p.Shifts[p.Needs[need].Shift].Start
}

func (p Problem) endOf(need int) int {
	return p.Needs[need].Day*1440 + p.Shifts[p.Needs[need].Shift].End
}

// weekOf is the calendar week of a day: 0 for that of day 0.
func (p Problem) weekOf(day int) int { return (day + (int(p.Weekday)+6)%7) / 7 }

// dutiesBeside is how many duties a person has in a week that are not of this plan.
func (p Problem) dutiesBeside(person Person, week int) int {
	count := 0
	if week == 0 {
		count = person.WeekBefore
	}
	for _, d := range person.Busy {
		if p.weekOf(d) == week {
			count++
		}
	}
	return count
}

// least is how many people with a skill a need wants; one leader always.
func (n Need) least(k Skill) int {
	if k == Leader && n.Size > 0 {
		return max(1, n.Least[k])
	}
	return n.Least[k]
}

func checkPerson(p Problem, i int, duties []int) []Breach {
	var found []Breach
	person := p.People[i]
	for at1, n := range duties {
		need := p.Needs[n]
		if slices.Contains(person.Off, need.Day) {
			found = append(found, Breach{ruleAt(OnLeave, at{person: i, day: need.Day}), 1})
		}
		if slices.Contains(person.Blocked, Slot{need.Day, need.Shift}) {
			found = append(found, Breach{ruleAt(Taken, at{person: i, day: need.Day, shift: need.Shift}), 1})
		}
		for _, m := range duties[:at1] {
			if p.Needs[m].Day == need.Day {
				found = append(found, Breach{ruleAt(OneDaily, at{person: i, day: need.Day}), 1})
			} else if p.startOf(n) < p.endOf(m)+p.Rules.Rest {
				found = append(found, Breach{ruleAt(Rested, at{person: i, day: need.Day}), 1})
			}
		}
	}
	found = append(found, checkWeeks(p, i, duties)...)
	return append(found, checkRuns(p, i, duties)...)
}

func checkWeeks(p Problem, i int, duties []int) []Breach {
	if p.Rules.PerWeek == 0 {
		return nil
	}
	var found []Breach
	of := make([]int, p.weekOf(p.Days)+1)
	for _, n := range duties {
		of[p.weekOf(p.Needs[n].Day)]++
	}
	for w, count := range of {
		if by := min(count, count+p.dutiesBeside(p.People[i], w)-p.Rules.PerWeek); by > 0 {
			found = append(found, Breach{ruleAt(Weekly, at{person: i, week: w}), by})
		}
	}
	return found
}

func checkRuns(p Problem, i int, duties []int) []Breach {
	if p.Rules.InRow == 0 {
		return nil
	}
	var found []Breach
	serves := make([]bool, p.Days)
	for _, n := range duties {
		serves[p.Needs[n].Day] = true
	}
	run, ours := p.People[i].RowBefore, false // ours: the plan has a part in it
	for d, on := range serves {
		if !on && !slices.Contains(p.People[i].Busy, d) {
			run, ours = 0, false
			continue
		}
		ours = ours || on
		if run++; run > p.Rules.InRow && ours {
			found = append(found, Breach{ruleAt(Running, at{person: i, day: d}), 1})
		}
	}
	return found
}
