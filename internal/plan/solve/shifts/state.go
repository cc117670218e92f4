package shifts

import "math"

// state is a plan with everything that a search asks for. Its plans keep all
// rules but one: people may still have too few minutes.
type state struct {
	*table
	x        []int16 // person × day: shift or Off
	base     []int16 // person × (days+1): the state of the automaton before a day
	have     []int32 // day × shift
	count    []int32 // person × shift
	minutes  []int32 // units of work of a person
	weekends []int32
	cost     int64
	short    int64 // units missing to the least minutes, of all people
}

// newState gives everybody every day off.
func newState(t *table) *state {
	s := &state{
		table: t, x: make([]int16, t.people*t.days), base: make([]int16, t.people*(t.days+1)),
		have: make([]int32, t.days*t.shifts), count: make([]int32, t.people*t.shifts),
		minutes: make([]int32, t.people), weekends: make([]int32, t.people), cost: t.constant,
	}
	for k := range s.x {
		s.x[k] = Off
	}
	for i, m := range t.members {
		for d := range t.days + 1 {
			s.base[i*(t.days+1)+d] = m.rested
		}
		s.short += int64(m.least)
	}
	return s
}

func (s *state) clone() *state {
	c := *s
	c.x = append([]int16(nil), s.x...)
	c.base = append([]int16(nil), s.base...)
	c.have = append([]int32(nil), s.have...)
	c.count = append([]int32(nil), s.count...)
	c.minutes = append([]int32(nil), s.minutes...)
	c.weekends = append([]int32(nil), s.weekends...)
	return &c
}

// copyFrom makes the state equal to another of the same table.
func (s *state) copyFrom(o *state) {
	copy(s.x, o.x)
	copy(s.base, o.base)
	copy(s.have, o.have)
	copy(s.count, o.count)
	copy(s.minutes, o.minutes)
	copy(s.weekends, o.weekends)
	s.cost, s.short = o.cost, o.short
}

// row is a person's days.
func (s *state) row(i int) []int16 { return s.x[i*s.days : (i+1)*s.days] }

// bases are the automaton's states before each of a person's days, and after the last.
func (s *state) bases(i int) []int16 { return s.base[i*(s.days+1) : (i+1)*(s.days+1)] }

// groupAt is the group of a shift or noGroup.
func (t *table) groupAt(shift int16) int16 {
	if shift == Off {
		return noGroup
	}
	return t.group[shift]
}

// price is what one more person on a shift costs now, wishes included; one who
// is missing costs at most so much.
func (s *state) price(i, d, shift int, dearest int32) int32 {
	at := d*s.shifts + shift
	if s.have[at] < s.want[at] {
		return s.pref[(i*s.days+d)*s.shifts+shift] - min(s.under[at], dearest)
	}
	return s.pref[(i*s.days+d)*s.shifts+shift] + s.over[at]
}

// lift takes a person's days [from, to) off, without a look at the rules:
// something has to be laid there before anything else asks.
func (s *state) lift(i, from, to int) {
	row := s.row(i)
	s.short -= int64(max(0, s.members[i].least-s.minutes[i]))
	s.weekends[i] -= s.weekendsIn(row, from, to)
	for d := from; d < to; d++ {
		shift := row[d]
		if shift == Off {
			continue
		}
		s.have[d*s.shifts+int(shift)]--
		s.cost -= int64(s.price(i, d, int(shift), math.MaxInt32))
		s.count[i*s.shifts+int(shift)]--
		s.minutes[i] -= s.length[shift]
		row[d] = Off
	}
	s.weekends[i] += s.weekendsIn(row, from, to)
	s.short += int64(max(0, s.members[i].least-s.minutes[i]))
}

// lay gives a person the days from a day on; they have to be off before.
func (s *state) lay(i, from int, days []int16) {
	row := s.row(i)
	to := from + len(days)
	s.short -= int64(max(0, s.members[i].least-s.minutes[i]))
	s.weekends[i] -= s.weekendsIn(row, from, to)
	for k, shift := range days {
		d := from + k
		if shift == Off {
			continue
		}
		s.cost += int64(s.price(i, d, int(shift), math.MaxInt32))
		s.have[d*s.shifts+int(shift)]++
		s.count[i*s.shifts+int(shift)]++
		s.minutes[i] += s.length[shift]
		row[d] = shift
	}
	s.weekends[i] += s.weekendsIn(row, from, to)
	s.short += int64(max(0, s.members[i].least-s.minutes[i]))
	s.rebase(i, from, to)
}

// weekendsIn counts the weekends with work that touch [from, to).
func (s *state) weekendsIn(row []int16, from, to int) int32 {
	n := int32(0)
	for sat := from/7*7 + 5; sat-5 < to; sat += 7 {
		if sat+1 < from || sat >= to {
			continue
		}
		if sat < s.days && row[sat] != Off || sat+1 < s.days && row[sat+1] != Off {
			n++
		}
	}
	return n
}

// rebase follows the automaton from a day on until it runs as before.
func (s *state) rebase(i, from, to int) {
	row, bases, m := s.row(i), s.bases(i), s.members[i]
	for d := from; d < s.days; d++ {
		next := m.after(bases[d], s.groupAt(row[d]), d)
		if d+1 > to && bases[d+1] == next {
			return
		}
		bases[d+1] = next
	}
}

// fits says whether the days [from, to) can follow a state of the automaton,
// and what comes after them as before.
func (s *state) fits(i int, b int16, from, to int) bool {
	row, bases, m := s.row(i), s.bases(i), s.members[i]
	for d := from; d < to; d++ {
		b = m.after(b, s.groupAt(row[d]), d)
		if b < 0 {
			return false
		}
		if b == bases[d+1] {
			return true
		}
	}
	return to == s.days
}

// flows says whether days in place of a span keep all rules of successions
// and runs.
func (s *state) flows(i int, days []int16, at span) bool {
	b, m := s.bases(i)[at.from], s.members[i]
	for k, shift := range days {
		if b = m.after(b, s.groupAt(shift), at.from+k); b < 0 {
			return false
		}
	}
	return s.fits(i, b, at.to, s.days)
}

// legal says whether a person keeps the limits of weekends, kinds of shifts
// and the most minutes.
func (s *state) legal(i int) bool {
	m := s.members[i]
	if s.weekends[i] > m.weekends || s.minutes[i] > m.full {
		return false
	}
	for k, most := range m.most {
		if s.count[i*s.shifts+k] > most {
			return false
		}
	}
	return true
}

// better says whether the plan is nearer to keeping all rules than another, or
// cheaper.
func (s *state) better(than *state) bool {
	return s.short < than.short || s.short == than.short && s.cost < than.cost
}

func (s *state) plan() Plan {
	plan := make(Plan, s.people)
	for i := range plan {
		for _, shift := range s.row(i) {
			plan[i] = append(plan[i], int(shift))
		}
	}
	return plan
}
