package shifts

// automaton is what has to be remembered of the days so far to know what the
// next day may be: days off in a row (as many as the least number, then no
// more are counted), or the class of the last shift and days of work in a row.
type automaton struct {
	maxRun, minRun, minOff int
	states, classes        int
	rested                 int16   // the state after enough days off; also that before day 0
	class                  []int16 // of a state: of its last shift, or −1
	run                    []int16 // days of work in a row, or 0
	work                   []int16 // state × group: the next state, or −1
	groups                 int
	back                   [][]step // how a state is reached
}

// step is a way into a state: from a state by a group of shifts, or a day off.
type step struct{ from, group int16 }

// worked is the state after a run of work that ended with a class.
func (a *automaton) worked(class int16, run int) int16 {
	return int16(a.minOff+(run-1)*a.classes) + class
}

// noGroup in a step is a day off.
const noGroup = -1

func newAutomaton(t *table, maxRun, minRun, minOff int) *automaton {
	a := &automaton{maxRun: maxRun, minRun: minRun, minOff: minOff, classes: t.classes, rested: int16(minOff - 1), groups: len(t.groups)}
	a.states = minOff + t.classes*maxRun
	for b := range a.states {
		class, run := int16(-1), int16(0)
		if w := b - minOff; w >= 0 {
			class, run = int16(w%t.classes), int16(w/t.classes+1)
		}
		a.class, a.run = append(a.class, class), append(a.run, run)
	}
	a.link(t)
	return a
}

// link computes the next states and the ways back.
func (a *automaton) link(t *table) {
	a.work = make([]int16, a.states*a.groups)
	a.back = make([][]step, a.states)
	for b := range int16(a.states) {
		for g, group := range t.groups {
			next := a.afterWork(t, b, group)
			a.work[int(b)*a.groups+g] = next
			if next >= 0 {
				a.back[next] = append(a.back[next], step{b, int16(g)})
			}
		}
		next := int16(0)
		if a.run[b] == 0 {
			next = min(b+1, a.rested)
		}
		a.back[next] = append(a.back[next], step{b, noGroup})
	}
}

func (a *automaton) afterWork(t *table, b int16, g group) int16 {
	switch {
	case b == a.rested:
		return a.worked(g.class, 1)
	case a.run[b] == 0 || int(a.run[b]) == a.maxRun || !t.follows[int(a.class[b])*t.shifts+int(g.sample)]:
		return -1
	}
	return a.worked(g.class, int(a.run[b])+1)
}

// afterOff is the state after a day off on a day, or −1. A run of work that
// began on day 0 may be short.
func (a *automaton) afterOff(b int16, day int) int16 {
	run := int(a.run[b])
	switch {
	case run == 0:
		return min(b+1, a.rested)
	case run >= a.minRun || run == day:
		return 0
	}
	return -1
}

// after is the state after a day with a shift of a group, or noGroup.
func (a *automaton) after(b, group int16, day int) int16 {
	if group == noGroup {
		return a.afterOff(b, day)
	}
	return a.work[int(b)*a.groups+int(group)]
}
