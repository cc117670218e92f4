package shifts

import (
	"math"
	"math/rand/v2"
)

// span is the days [from, to).
type span struct{ from, to int }

// window draws what a person does in a few days from all that the rules allow
// there, with chances exp(−cost/heat): one pass of dynamic programming forth
// over (state of the automaton, minutes, weekends), one draw back. It is the
// heat-bath move of simulated annealing, over whole weeks instead of one day:
// no draw breaks a rule, and at low heat it finds the best week. Two spans far
// from each other are drawn together, so that minutes and weekends can move
// from one to the other.
type window struct {
	*state
	random       *rand.Rand
	i            int
	spans        []span
	levels, wide int32  // minutes 0…levels−1 and weekends 0…wide−1 within the spans
	states       int32  // of the person's automaton
	allowed      int32  // units that the person may lack after
	open         []int  // the days of the spans
	closed       []bool // day of the spans × shift: not to be drawn there
	heat         float64
	dearest      int32        // a missing person counts no more than this in a draw
	chances      [512]float64 // of each cost at the heat
	costs        []int32      // of each shift that the person may work, on a day, or shut
	days         []windowDay  // the days of the spans with a bridge between; the last has no choice
	end          []place
	endWeight    []float64
	sum          float64 // Σ of end weights
	drawn        []int16
	summed       levelSum
}

// windowDay is one day's choices and what is reached before it.
type windowDay struct {
	day     int
	bridge  bool      // no day: the fixed days between two spans
	fixed   span      // of a bridge
	passes  []bool    // of a state reached before a bridge: whether what follows can
	weight  []float64 // of each shift
	grouped []float64 // of each group: sum over its shifts
	groups  []int16   // those with a weight
	off     float64
	value   []float64 // (states × weekends) × minutes: sum over all ways so far
	floor   int32     // fewer minutes before it are too few at the end
	scale   float64   // of the values, to those of the day before
	levels  int       // how the values are laid out
	reach   []reach   // of (states × weekends): where values may be found
	rows    []int32   // those (states × weekends) with a reach
	always  bool      // work here makes a new weekend
	sunday  bool      // work here makes a new weekend if the day before is off
}

// place is one entry of windowDay.value.
type place struct {
	b        int16
	weekends int32
	minutes  int32
}

// reach are the minutes [from, to) of a state and weekends.
type reach struct{ from, to int32 }

// rowOf is where the minutes of a state and weekends begin.
func (w *window) rowOf(b int16, weekends int32) int { return int(weekends*w.states) + int(b) }

func newWindow(s *state, random *rand.Rand) *window { return &window{state: s, random: random} }

// prepare sums over all that person i may do in the spans, where the person
// has to be lifted. It returns false if there is nothing.
func (w *window) prepare(i int, spans []span, heat float64) bool {
	w.i, w.spans = i, spans
	w.warm(heat)
	m := w.members[i]
	w.states = int32(m.states)
	length, touched := 0, 0
	for _, s := range spans {
		length += s.to - s.from
		touched += (s.to+1)/7 - (s.from)/7
	}
	w.levels = min(m.full-w.minutes[i], w.longest()*int32(length)) + 1
	w.wide = min(m.weekends-w.weekends[i]+1, int32(touched+1))
	if w.levels < 1 || w.wide < 1 {
		return false
	}
	w.layOut(m)
	w.limit(m)
	w.forth(m)
	return w.finish(m)
}

// warm computes the chances of small costs at a heat.
func (w *window) warm(heat float64) {
	if w.heat == heat {
		return
	}
	w.heat, w.dearest = heat, int32(min(math.MaxInt32, dearestHeats*heat))
	for cost := range w.chances {
		w.chances[cost] = math.Exp(-float64(cost) / heat)
	}
}

// chance is exp(−cost/heat).
func (w *window) chance(cost int32) float64 {
	if int(cost) < len(w.chances) {
		return w.chances[cost]
	}
	return math.Exp(-float64(cost) / w.heat)
}

// layOut lists the days and their chances.
func (w *window) layOut(m *member) {
	used, drawn := 0, 0
	next := func() *windowDay {
		if used == len(w.days) || used == cap(w.days) {
			w.days = append(w.days[:used], windowDay{})
		}
		used++
		return &w.days[used-1]
	}
	w.days = w.days[:cap(w.days)]
	for k, s := range w.spans {
		if k > 0 {
			w.bridge(m, next(), w.spans[k-1].to, s.from)
		}
		for d := s.from; d < s.to; d++ {
			day := next()
			w.weigh(m, day, d, w.closed[drawn*w.shifts:])
			drawn++
			day.always = d%7 == 5 && (d+1 < s.to || d+1 == w.state.days || w.row(w.i)[d+1] == Off)
		}
	}
	w.bridge(m, next(), w.spans[len(w.spans)-1].to, w.state.days)
	w.days = w.days[:used]
}

// bridge makes a day of the fixed days [from, to).
func (w *window) bridge(m *member, day *windowDay, from, to int) {
	day.day, day.bridge, day.fixed = to, true, span{from, to}
	day.passes = grown(day.passes, m.states)
	clear(day.passes)
}

// allow notes, before person i is lifted from the spans, how many units the
// person may lack after, and on which days a kind of shift is open of which
// only a few are left: on those where it is now, and by lot on as many others
// as are left. So no draw takes too many, though its chances are no longer
// exact.
func (w *window) allow(i int, spans []span) {
	m := w.members[i]
	w.allowed = max(0, m.least-w.minutes[i])
	w.open = w.open[:0]
	for _, at := range spans {
		for d := at.from; d < at.to; d++ {
			w.open = append(w.open, d)
		}
	}
	w.closed = emptied(w.closed, len(w.open)*w.shifts, false)
	for _, s := range m.able {
		w.ration(i, int(s))
	}
}

// ration closes a kind of shift on the days where it may not be drawn.
func (w *window) ration(i, shift int) {
	m, row := w.members[i], w.row(i)
	left := int(m.most[shift] - w.count[i*w.shifts+shift])
	if left >= len(w.open) {
		return
	}
	candidates := 0
	for _, d := range w.open {
		if int(row[d]) != shift && !m.offDay[d] {
			candidates++
		}
	}
	for k, d := range w.open {
		if int(row[d]) == shift || m.offDay[d] {
			continue
		}
		if w.random.IntN(candidates) < left {
			left--
		} else {
			w.closed[k*w.shifts+shift] = true
		}
		candidates--
	}
}

// longest is the length of the longest shift.
func (t *table) longest() int32 {
	n := int32(0)
	for _, g := range t.groups {
		n = max(n, g.length)
	}
	return n
}

// weigh computes the chances of a day's choices.
func (w *window) weigh(m *member, day *windowDay, d int, closed []bool) {
	day.day, day.bridge, day.sunday = d, false, d%7 == 6
	day.weight, day.grouped = grown(day.weight, w.shifts), grown(day.grouped, len(w.groups))
	clear(day.weight)
	clear(day.grouped)
	day.groups = day.groups[:0]
	w.costs = w.costs[:0]
	lowest := int32(0)
	for _, s := range m.able {
		cost := int32(shut)
		if !m.offDay[d] && !closed[s] {
			cost = w.price(w.i, d, int(s), w.dearest)
			lowest = min(lowest, cost)
		}
		w.costs = append(w.costs, cost)
	}
	day.off = w.chance(-lowest)
	for k, cost := range w.costs {
		if cost != shut {
			s := m.able[k]
			day.weight[s] = w.chance(cost - lowest)
			day.grouped[w.group[s]] += day.weight[s]
		}
	}
	for g, sum := range day.grouped {
		if sum > 0 {
			day.groups = append(day.groups, int16(g))
		}
	}
}

// shut is the cost of a shift that may not be drawn.
const shut = math.MaxInt32

func grown[T any](a []T, n int) []T {
	if cap(a) < n {
		return make([]T, n)
	}
	return a[:n]
}

// finish weighs the ends: those that what comes after allows, and of those
// with too few minutes only what lacks least.
func (w *window) finish(m *member) bool {
	last := &w.days[len(w.days)-1]
	w.pass(last)
	w.end, w.endWeight, w.sum = w.end[:0], w.endWeight[:0], 0
	wanted := m.least - w.minutes[w.i]
	lacking := w.allowed
	each := func(visit func(place, float64)) {
		for _, row := range last.rows {
			b, r := row%w.states, last.reach[row]
			if !last.passes[b] {
				continue
			}
			for k, v := range last.rowOf(row) {
				if v > faint {
					visit(place{int16(b), row / w.states, r.from + int32(k)}, v)
				}
			}
		}
	}
	each(func(p place, _ float64) { lacking = min(lacking, max(0, wanted-p.minutes)) })
	each(func(p place, v float64) {
		if wanted-p.minutes <= lacking {
			w.end, w.endWeight = append(w.end, p), append(w.endWeight, v)
			w.sum += v
		}
	})
	return w.sum > 0
}
