package shifts

import "slices"

// forth fills in the values day by day.
func (w *window) forth(m *member) {
	for k := range w.days {
		w.days[k].empty(m.states*int(w.wide), int(w.levels))
	}
	row := w.rowOf(w.bases(w.i)[w.spans[0].from], 0)
	w.days[0].value[row*int(w.levels)] = huge
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

// limit notes the least minutes before each day from which the least at the
// end can still be reached by the longest shifts. Of as many days as the
// longest run and the least days off make, no more than the run are worked.
func (w *window) limit(m *member) {
	longest, cycle := int32(0), m.maxRun+m.minOff
	for _, s := range m.able {
		longest = max(longest, w.length[s])
	}
	work := func(days int) int32 {
		return longest * int32(days/cycle*m.maxRun+min(days%cycle, m.maxRun))
	}
	end, left := m.least-w.minutes[w.i]-w.allowed, 0
	for k := len(w.days) - 1; k >= 0; k-- {
		day := &w.days[k]
		if day.bridge {
			end -= work(left)
			left = 0
		} else {
			left++
		}
		day.floor = max(0, end-work(left))
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
	w.pass(day)
	for _, row := range day.rows {
		if day.passes[row%w.states] {
			w.flow(day.rowOf(row), day.reach[row].from, next, w.rowOf(b, row/w.states), 0, 1)
		}
	}
}

// pass notes after which states reached the fixed days can follow.
func (w *window) pass(day *windowDay) {
	for _, row := range day.rows {
		b := row % w.states
		day.passes[b] = w.fits(w.i, int16(b), day.fixed.from, day.fixed.to)
	}
}

// advance goes over one day.
func (w *window) advance(m *member, day, next *windowDay) {
	for weekends := range w.wide {
		w.afterRest(m, day, next, weekends)
		for run := 1; run <= m.maxRun; run++ {
			w.afterWork(m, day, next, weekends, run)
		}
	}
}

// afterRest goes on from days off: with another, or with work.
func (w *window) afterRest(m *member, day, next *windowDay, weekends int32) {
	for b := range int16(m.minOff) {
		row := w.rowOf(b, weekends)
		if at := day.reach[row]; at.to > 0 {
			w.flow(day.rowOf(int32(row)), at.from, next, w.rowOf(min(b+1, m.rested), weekends), 0, day.off)
		}
	}
	row := w.rowOf(m.rested, weekends)
	at := day.reach[row]
	if weekends += day.newWeekend(m, m.rested); at.to == 0 || weekends >= w.wide {
		return
	}
	for _, g := range day.groups {
		to := w.rowOf(m.worked(w.groups[g].class, 1), weekends)
		w.flow(day.rowOf(int32(row)), at.from, next, to, w.groups[g].length, day.grouped[g])
	}
}

// afterWork goes on from a run of work. Groups that may follow the same
// classes have one sum over these.
func (w *window) afterWork(m *member, day, next *windowDay, weekends int32, run int) {
	sum, row := &w.summed, w.rowOf(m.worked(0, run), weekends)
	if !day.reached(row, w.classes) {
		return
	}
	works, rests := weekends+day.newWeekend(m, m.worked(0, run)), run >= m.minRun || run == day.day
	ends := run == m.maxRun || works >= w.wide
	to := w.rowOf(m.worked(0, run+1), works) // the first class, others follow
	sum.reset(int(w.levels))
	for k := range w.queues {
		q := &w.queues[k]
		if q.anew {
			sum.reset(int(w.levels))
		}
		for _, class := range q.classes {
			sum.add(day, row+int(class))
		}
		if sum.at.to == 0 {
			continue
		}
		values := sum.values[sum.at.from:sum.at.to]
		if q.last && rests {
			w.flow(values, sum.at.from, next, w.rowOf(0, weekends), 0, day.off)
		}
		if ends {
			continue
		}
		for _, g := range q.groups {
			if weight := day.grouped[g]; weight > 0 {
				group := &w.groups[g]
				w.flow(values, sum.at.from, next, to+int(group.class), group.length, weight)
			}
		}
	}
}

// reached says whether any of so many rows holds a value.
func (day *windowDay) reached(row, rows int) bool {
	for k := range day.reach[row : row+rows] {
		if day.reach[row+k].to > 0 {
			return true
		}
	}
	return false
}

// levelSum is a sum of rows of values.
type levelSum struct {
	values []float64 // of all minutes; 0 outside the reach
	at     reach
}

// reset makes the sum 0.
func (s *levelSum) reset(levels int) {
	if len(s.values) < levels {
		s.values = make([]float64, levels)
	}
	clear(s.values[s.at.from:s.at.to])
	s.at = reach{}
}

// add adds the values of a row of a day.
func (s *levelSum) add(day *windowDay, row int) {
	at := day.reach[row]
	if at.to == 0 {
		return
	}
	source := day.rowOf(int32(row))
	target := s.values[at.from:at.to][:len(source)]
	for k, v := range source {
		target[k] += v
	}
	s.at.include(at.from, at.to)
}

// flow adds values from some minutes on, times a weight, to a row of the next
// day, some minutes further.
func (w *window) flow(values []float64, from int32, next *windowDay, to int, length int32, weight float64) {
	from += length
	low, high := max(from, next.floor), min(from+int32(len(values)), w.levels)
	if low >= high {
		return
	}
	source := values[low-from : high-from]
	target := next.value[to*next.levels+int(low):][:len(source)]
	for k, v := range source {
		target[k] += v * weight
	}
	r := &next.reach[to]
	if r.to == 0 {
		next.rows = append(next.rows, int32(to))
	}
	r.include(low, high)
}

// rescale lifts values that come near the smallest a float64 can hold.
func (w *window) rescale(day *windowDay) {
	for _, row := range day.rows {
		if slices.Max(day.rowOf(row)) > 1 {
			return
		}
	}
	for _, row := range day.rows {
		values := day.rowOf(row)
		for k, v := range values {
			values[k] = 0
			if v > faint {
				values[k] = v * huge
			}
		}
	}
	day.scale = 1 / huge
}

// Values begin huge and a missing person costs at most so many heats, lest they
// become 0 where several are missing that the person cannot stand in for;
// values so faint that they are no longer exact are left out.
const huge, faint, dearestHeats = 1e200, 1e-280, 150

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
