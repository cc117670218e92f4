package squads

import (
	"slices"
)

// window is a part of a problem that can be impossible by itself: some needs,
// of which nobody may serve more than a few. Only people with one skill are
// looked at, or everybody (skill −1). Whether everybody needed can come is a
// question of flow, answered exactly; a problem whose every window is possible
// may still have no plan.
type window struct {
	needs []int
	skill Skill
	limit Rule // why nobody serves more: Weekly, Rested, Running; OneDaily for a single day
	most  func(person Person) int
}

// windows are all of a problem, small ones first.
func windows(p Problem) []window {
	var base []window
	for d := range p.Days {
		base = append(base, window{limit: ruleAt(OneDaily, at{person: -1, day: d}), needs: p.needsWhere(func(n Need) bool { return n.Day == d })})
	}
	base = append(base, restWindows(p)...)
	base = append(base, runWindows(p)...)
	base = append(base, weekWindows(p)...)
	var all []window
	for _, w := range base {
		if w.most == nil {
			w.most = func(Person) int { return 1 }
		}
		for skill := Skill(-1); skill < SkillKinds; skill++ {
			w.skill = skill
			all = append(all, w)
		}
	}
	return all
}

func (p Problem) needsWhere(ok func(Need) bool) []int {
	var needs []int
	for n, need := range p.Needs {
		if ok(need) {
			needs = append(needs, n)
		}
	}
	return needs
}

// restWindows are shifts of which a person can serve only one, since each
// begins before the rest after the others is over: those that hold one instant
// between start and end of rest.
func restWindows(p Problem) []window {
	var found []window
	for d := range p.Days {
		for s := range p.Shifts {
			instant := d*1440 + p.Shifts[s].Start
			w := window{limit: ruleAt(Rested, at{person: -1, day: d})}
			days := map[int]bool{}
			for n, need := range p.Needs {
				if p.startOf(n) <= instant && instant < p.endOf(n)+p.Rules.Rest {
					w.needs = append(w.needs, n)
					days[need.Day] = true
				}
			}
			if len(days) > 1 {
				found = append(found, w)
			}
		}
	}
	return found
}

func runWindows(p Problem) []window {
	if p.Rules.InRow == 0 {
		return nil
	}
	var found []window
	for d := range p.Days {
		from := d - p.Rules.InRow
		w := window{limit: ruleAt(Running, at{person: -1, day: d})}
		w.needs = p.needsWhere(func(n Need) bool { return n.Day >= from && n.Day <= d })
		w.most = func(person Person) int {
			// Days before day 0 that end a run take their part of it.
			return max(0, p.Rules.InRow-min(person.RowBefore, max(0, -from)))
		}
		found = append(found, w)
	}
	return found
}

func weekWindows(p Problem) []window {
	if p.Rules.PerWeek == 0 {
		return nil
	}
	var found []window
	for week := 0; week <= p.weekOf(max(p.Days-1, 0)); week++ {
		w := window{limit: ruleAt(Weekly, at{person: -1, week: week})}
		w.needs = p.needsWhere(func(n Need) bool { return p.weekOf(n.Day) == week })
		w.most = func(person Person) int {
			return max(0, p.Rules.PerWeek-p.dutiesBeside(person, week))
		}
		found = append(found, w)
	}
	return found
}

// rules are those that a window rests on, the ones better done without first.
func (w window) rules(p Problem) []Rule {
	var rules []Rule
	days := map[int]bool{}
	slots := map[Slot]bool{}
	for _, n := range w.needs {
		days[p.Needs[n].Day] = true
		slots[Slot{p.Needs[n].Day, p.Needs[n].Shift}] = true
	}
	for i, person := range p.People {
		if w.skill >= 0 && !person.Skills.Has(w.skill) {
			continue
		}
		if slices.ContainsFunc(person.Blocked, func(b Slot) bool { return slots[b] }) {
			rules = append(rules, ruleAt(Taken, at{person: i, day: -1, shift: -1}))
		}
		if slices.ContainsFunc(person.Off, func(d int) bool { return days[d] }) {
			rules = append(rules, ruleAt(OnLeave, at{person: i, day: -1}))
		}
	}
	for _, n := range w.needs {
		if p.Needs[n].MostOfUnit > 0 {
			rules = append(rules, ruleAt(Mixed, at{need: n, unit: -1}))
		}
	}
	for _, n := range w.needs {
		if w.demand(p, n) > 0 {
			rules = append(rules, w.demandRule(n))
		}
	}
	for u := range p.Units {
		for d := range days {
			rules = append(rules, ruleAt(Presence, at{unit: u, day: d}))
		}
	}
	if w.limit.Kind != OneDaily {
		rules = append(rules, w.limit)
	}
	slices.SortStableFunc(rules, func(a, b Rule) int {
		if a.Kind != Presence || b.Kind != Presence {
			return 0 // as they came; only days came from a map
		}
		return (a.Unit-b.Unit)*p.Days + a.Day - b.Day
	})
	return rules
}

func (w window) demand(p Problem, n int) int {
	if w.skill >= 0 {
		return p.Needs[n].least(w.skill)
	}
	return p.Needs[n].Size
}

func (w window) demandRule(n int) Rule {
	if w.skill >= 0 {
		return ruleAt(Skilled, at{need: n, skill: w.skill})
	}
	return ruleAt(Filled, at{need: n})
}

// short is how many people the needs of the window lack when only the rules
// of a set hold, beside one duty a day.
func (w window) short(p Problem, hold map[Rule]bool) int {
	f := windowFlow{window: w, p: p, hold: hold, unitDay: map[[2]int]int32{}, mix: map[[2]int]int32{}}
	f.node() // where people come from
	f.node() // where needs are met
	for _, n := range w.needs {
		if want := w.demand(p, n); want > 0 && hold[w.demandRule(n)] {
			f.wanted += want
			f.open = append(f.open, n)
		}
	}
	for _, n := range f.open {
		node := f.node()
		f.arc(node, 1, w.demand(p, n))
		f.needNode = append(f.needNode, node)
	}
	for i := range p.People {
		if w.skill < 0 || p.People[i].Skills.Has(w.skill) {
			f.person(i)
		}
	}
	return f.wanted - f.network.most()
}

// windowFlow is the network of a window. In one of a single day people pass
// their unit first and choose their need knowing their shifts; in a longer one
// they pass their limit first and are taken to be free all day.
type windowFlow struct {
	network
	window
	p        Problem
	hold     map[Rule]bool
	wanted   int
	open     []int // needs that are wanted
	needNode []int32
	unitDay  map[[2]int]int32
	mix      map[[2]int]int32 // of each unit and place in open
}

func (f *windowFlow) person(i int) {
	single := f.limit.Kind == OneDaily
	me := f.node()
	if !single {
		most := f.p.Days
		if f.hold[f.limit] {
			most = f.window.most(f.p.People[i])
		}
		f.arc(0, me, most)
	}
	days := map[int][]int{} // of each day, places in open
	for k, n := range f.open {
		if need := f.p.Needs[n]; f.comes(i, need.Day, need.Shift) {
			days[need.Day] = append(days[need.Day], k)
		}
	}
	for d := range f.p.Days {
		if len(days[d]) == 0 {
			continue
		}
		unit := f.unit(f.p.People[i].Unit, d, single)
		if !single {
			f.arc(me, unit, 1)
			continue
		}
		f.arc(unit, me, 1)
		for _, k := range days[d] {
			f.arc(me, f.mixed(f.p.People[i].Unit, k), 1)
		}
	}
}

// comes says whether neither leave nor another duty keeps a person away.
func (f *windowFlow) comes(i, day, shift int) bool {
	person := f.p.People[i]
	if slices.Contains(person.Off, day) && f.hold[ruleAt(OnLeave, at{person: i, day: -1})] {
		return false
	}
	return !slices.Contains(person.Blocked, Slot{day, shift}) || !f.hold[ruleAt(Taken, at{person: i, day: -1, shift: -1})]
}

// unit is the node of a unit on a day, with room for those who may be away.
func (f *windowFlow) unit(u, d int, single bool) int32 {
	if node, ok := f.unitDay[[2]int{u, d}]; ok {
		return node
	}
	room := len(f.p.People)
	if f.hold[ruleAt(Presence, at{unit: u, day: d})] {
		room = f.p.Units[u].Most[d] - f.onLeave(u, d)
	}
	node := f.node()
	f.unitDay[[2]int{u, d}] = node
	if single {
		f.arc(0, node, room)
		return node
	}
	out := f.node()
	f.arc(node, out, room)
	for k, n := range f.open {
		if f.p.Needs[n].Day == d {
			f.arc(out, f.mixed(u, k), len(f.p.People))
		}
	}
	return node
}

func (f *windowFlow) onLeave(u, d int) int {
	count := 0
	for i, person := range f.p.People {
		if person.Unit == u && slices.Contains(person.Off, d) && f.hold[ruleAt(OnLeave, at{person: i, day: -1})] {
			count++
		}
	}
	return count
}

// mixed is the node of a unit's people in one squad.
func (f *windowFlow) mixed(u, k int) int32 {
	if node, ok := f.mix[[2]int{u, k}]; ok {
		return node
	}
	node := f.node()
	f.mix[[2]int{u, k}] = node
	n := f.open[k]
	room := f.p.Needs[n].Size
	if most := f.p.Needs[n].MostOfUnit; most > 0 && f.hold[ruleAt(Mixed, at{need: n, unit: -1})] {
		room = min(room, most)
	}
	f.arc(node, f.needNode[k], room)
	return node
}
