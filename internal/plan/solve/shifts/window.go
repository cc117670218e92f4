package shifts

import (
	"math"
	"math/rand/v2"
	"slices"
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
	allowed      int32  // units that the person may lack after
	open         []int  // the days of the spans
	closed       []bool // day of the spans × shift: not to be drawn there
	heat         float64
	chances      [512]float64 // of each cost at the heat
	costs        []int32      // of each shift on a day, or shut
	days         []windowDay  // the days of the spans with a bridge between; the last has no choice
	end          []place
	endWeight    []float64
	sum          float64 // Σ of end weights
	drawn        []int16
}

// windowDay is one day's choices and what is reached before it.
type windowDay struct {
	day     int
	bridge  bool      // no day: the fixed days between two spans
	passes  []bool    // of a state before a bridge: whether what follows can
	weight  []float64 // of each shift
	grouped []float64 // of each group: sum over its shifts
	groups  []int16   // those with a weight
	off     float64
	value   []float64 // (states × weekends) × minutes: sum over all ways so far
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
func (w *window) rowOf(b int16, weekends int32) int { return int(b)*int(w.wide) + int(weekends) }

func newWindow(s *state, random *rand.Rand) *window { return &window{state: s, random: random} }

// prepare sums over all that person i may do in the spans, where the person
// has to be lifted. It returns false if there is nothing.
func (w *window) prepare(i int, spans []span, heat float64) bool {
	w.i, w.spans = i, spans
	w.warm(heat)
	m := w.members[i]
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
	w.forth(m)
	return w.finish(m)
}

// warm computes the chances of small costs at a heat.
func (w *window) warm(heat float64) {
	if w.heat == heat {
		return
	}
	w.heat = heat
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

// bridge notes from which states the fixed days [from, to) can follow.
func (w *window) bridge(m *member, day *windowDay, from, to int) {
	day.day, day.bridge, day.passes = to, true, day.passes[:0]
	for b := range int16(m.states) {
		day.passes = append(day.passes, w.fits(w.i, b, from, to))
	}
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
	for s := range w.shifts {
		w.ration(i, s)
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
	clear(day.grouped)
	day.groups = day.groups[:0]
	w.costs = w.costs[:0]
	lowest := int32(0)
	for s := range w.shifts {
		cost := int32(shut)
		if !m.offDay[d] && !closed[s] {
			cost = w.price(w.i, d, s)
			lowest = min(lowest, cost)
		}
		w.costs = append(w.costs, cost)
	}
	day.off = w.chance(-lowest)
	for s, cost := range w.costs {
		day.weight[s] = 0
		if cost != shut {
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

func grown(a []float64, n int) []float64 {
	if cap(a) < n {
		return make([]float64, n)
	}
	return a[:n]
}

// forth fills in the values day by day.
func (w *window) forth(m *member) {
	for k := range w.days {
		w.days[k].empty(m.states*int(w.wide), int(w.levels))
	}
	row := w.rowOf(w.bases(w.i)[w.spans[0].from], 0)
	w.days[0].value[row*int(w.levels)] = 1
	w.days[0].reach[row] = reach{0, 1}
	w.days[0].rows = append(w.days[0].rows, int32(row))
	for k := range len(w.days) - 1 {
		day, next := &w.days[k], &w.days[k+1]
		if day.bridge {
			w.cross(day, next)
		} else {
			w.advance(m, day, next)
		}
		w.rescale(next)
	}
}

// empty makes room for rows of levels each, all zero.
func (day *windowDay) empty(rows, levels int) {
	for _, row := range day.rows {
		r := &day.reach[row]
		clear(day.rowOf(row))
		*r = reach{}
	}
	day.rows = day.rows[:0]
	day.scale, day.levels = 1, levels
	if cap(day.reach) < rows || cap(day.value) < rows*levels {
		day.value, day.reach = make([]float64, rows*levels), make([]reach, rows)
		return
	}
	day.value, day.reach = day.value[:rows*levels], day.reach[:rows]
}

// cross goes over the fixed days between two spans, after which the automaton
// is where it was.
func (w *window) cross(day, next *windowDay) {
	b := w.bases(w.i)[day.day]
	for _, row := range day.rows {
		if day.passes[row/w.wide] {
			w.flow(day, next, int(row), w.rowOf(b, row%w.wide), 0, 1)
		}
	}
}

// advance goes over one day.
func (w *window) advance(m *member, day, next *windowDay) {
	for _, row := range day.rows {
		b, weekends := int16(row/w.wide), row%w.wide
		if off := m.afterOff(b, day.day); off >= 0 {
			w.flow(day, next, int(row), w.rowOf(off, weekends), 0, day.off)
		}
		if weekends += day.newWeekend(m, b); weekends >= w.wide {
			continue
		}
		work := m.work[int(b)*m.groups : (int(b)+1)*m.groups]
		for _, g := range day.groups {
			if after := work[g]; after >= 0 {
				w.flow(day, next, int(row), w.rowOf(after, weekends), w.groups[g].length, day.grouped[g])
			}
		}
	}
}

// flow adds a row of values, times a weight, to a row of the next day, some
// minutes further.
func (w *window) flow(day, next *windowDay, row, to int, length int32, weight float64) {
	at := day.reach[row]
	low, high := at.from+length, min(at.to+length, w.levels)
	if low >= high {
		return
	}
	source := day.value[row*int(w.levels)+int(at.from):][:high-low]
	target := next.value[to*int(w.levels)+int(low):][:len(source)]
	for k, v := range source {
		target[k] += v * weight
	}
	if next.reach[to].to == 0 {
		next.rows = append(next.rows, int32(to))
	}
	next.reach[to].include(low, high)
}

// rescale lifts values that come near the smallest a float64 can hold.
func (w *window) rescale(day *windowDay) {
	for _, row := range day.rows {
		if slices.Max(day.rowOf(row)) > tiny {
			return
		}
	}
	for _, row := range day.rows {
		values := day.rowOf(row)
		for k := range values {
			values[k] /= tiny
		}
	}
	day.scale = tiny
}

const tiny = 1e-100

// rowOf returns the values of a row.
func (day *windowDay) rowOf(row int32) []float64 {
	r := day.reach[row]
	return day.value[int(row)*day.levels+int(r.from) : int(row)*day.levels+int(r.to)]
}

// newWeekend is 1 if work on the day after state b makes one more weekend.
func (day *windowDay) newWeekend(m *member, b int16) int32 {
	if day.always || day.sunday && m.run[b] == 0 {
		return 1
	}
	return 0
}

// finish weighs the ends: those that what comes after allows, and of those
// with too few minutes only what lacks least.
func (w *window) finish(m *member) bool {
	last := &w.days[len(w.days)-1]
	w.end, w.endWeight, w.sum = w.end[:0], w.endWeight[:0], 0
	least := m.least - w.minutes[w.i]
	lacking := w.allowed
	each := func(visit func(place, float64)) {
		for _, row := range last.rows {
			b, r := row/w.wide, last.reach[row]
			if !last.passes[b] {
				continue
			}
			for k, v := range last.rowOf(row) {
				if v > 0 {
					visit(place{int16(b), row % w.wide, r.from + int32(k)}, v)
				}
			}
		}
	}
	each(func(p place, _ float64) { lacking = min(lacking, max(0, least-p.minutes)) })
	each(func(p place, v float64) {
		if least-p.minutes <= lacking {
			w.end, w.endWeight = append(w.end, p), append(w.endWeight, v)
			w.sum += v
		}
	})
	return w.sum > tiny*tiny
}
