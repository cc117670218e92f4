package squads

import "slices"

// state is a plan in the making: every seat with its person or open, and the
// sums that make a rule or a cost a matter of a few look-ups.
type state struct {
	*table
	seats  []int32 // of each seat, the person or −1
	onNeed []int32 // [person, day]: the need, or −1
	load   []int32 // of each person, of this plan
	left   []int32 // [person, week]: duties left
	spare  []int32 // [unit, day]: people who may still go on duty
	have   []int8  // [need, skill]
	cost   int64
	open   int // seats without a person
}

func newState(t *table) *state {
	s := &state{
		table: t,
		seats: make([]int32, len(t.seatNeed)), onNeed: make([]int32, t.people*t.days),
		load: make([]int32, t.people), left: slices.Clone(t.weekRoom), spare: slices.Clone(t.room),
		have: make([]int8, len(t.needs)*int(SkillKinds)),
		cost: t.constant, open: len(t.seatNeed),
	}
	for k := range s.seats {
		s.seats[k] = -1
	}
	for k := range s.onNeed {
		s.onNeed[k] = -1
	}
	for i := range t.people {
		s.cost += s.fair(int32(i), 0)
	}
	for seat, who := range t.frozen {
		if who >= 0 {
			s.seat(int32(seat), who)
		}
	}
	return s
}

// squad is who sits on each seat of a need, −1 where it is open.
func (s *state) squad(n int32) []int32 {
	need := &s.needs[n]
	return s.seats[need.first:][:need.seats]
}

// plan is the state as others read it; open seats are left out.
func (s *state) plan() Plan {
	plan := Plan{make([][]int, len(s.needs))}
	for n, need := range s.needs {
		people := make([]int, 0, need.seats)
		for _, who := range s.squad(int32(n)) {
			if who >= 0 {
				people = append(people, int(who))
			}
		}
		slices.Sort(people)
		plan.Seats[n] = people
	}
	return plan
}

// seat puts a person on an open seat, whatever the rules say.
func (s *state) seat(seat, person int32) {
	n := s.seatNeed[seat]
	need := &s.needs[n]
	s.cost += s.addCost(person, n)
	s.seats[seat] = person
	s.onNeed[int(person)*s.days+int(need.day)] = n
	s.book(person, need, n, 1)
	s.open--
}

// vacate empties a seat and returns who sat there.
func (s *state) vacate(seat int32) int32 {
	n, person := s.seatNeed[seat], s.seats[seat]
	need := &s.needs[n]
	s.cost += s.dropCost(person, n)
	s.seats[seat] = -1
	s.onNeed[int(person)*s.days+int(need.day)] = -1
	s.book(person, need, n, -1)
	s.open++
	return person
}

func (s *state) book(person int32, need *flatNeed, n int32, by int32) {
	s.load[person] += by * need.load
	s.left[int(person)*s.week+int(s.weekOf[need.day])] -= by
	s.spare[int(s.unit[person])*s.days+int(need.day)] -= by
	for k := range (s.skills[person] & need.wants).each() {
		s.have[int(n)*int(SkillKinds)+int(k)] += int8(by)
	}
}

// fair is the cost of a person's load of this plan.
func (s *state) fair(person, load int32) int64 {
	off := int64(load - s.target[person])
	return int64(s.p.Weights.Fair) * off * off
}

// addCost is what it costs to give a person, off on that day, a need.
func (s *state) addCost(person, need int32) int64 {
	n := &s.needs[need]
	load := s.load[person]
	before, after := s.neighbours(person, n.day)
	return s.fair(person, load+n.load) - s.fair(person, load) + s.seatCost(person, need) +
		s.link(before, need) + s.link(need, after) - s.link(before, after)
}

// dropCost is what it costs (mostly less than 0) to take a need from a person.
func (s *state) dropCost(person, need int32) int64 {
	n := &s.needs[need]
	load := s.load[person]
	before, after := s.neighbours(person, n.day)
	return s.fair(person, load-n.load) - s.fair(person, load) - s.seatCost(person, need) -
		s.link(before, need) - s.link(need, after) + s.link(before, after)
}

// turnCost is what it costs to exchange a person's need for another of the
// same day.
func (s *state) turnCost(person, from, to int32) int64 {
	a, b := &s.needs[from], &s.needs[to]
	load := s.load[person]
	delta := s.seatCost(person, to) - s.seatCost(person, from)
	if a.load != b.load {
		delta += s.fair(person, load-a.load+b.load) - s.fair(person, load)
	}
	if a.area != b.area {
		before, after := s.neighbours(person, a.day)
		delta += s.link(before, to) + s.link(to, after) - s.link(before, from) - s.link(from, after)
	}
	return delta
}

// neighbours are the needs a person serves last before and first after a day,
// −1 if none.
func (s *state) neighbours(person, day int32) (before, after int32) {
	row := s.onNeed[int(person)*s.days:][:s.days]
	before, after = -1, -1
	for d := int(day) - 1; d >= 0; d-- {
		if row[d] >= 0 {
			before = row[d]
			break
		}
	}
	for _, n := range row[day+1:] {
		if n >= 0 {
			after = n
			break
		}
	}
	return before, after
}

// link is the cost of serving one need after another, either may be −1.
func (s *table) link(earlier, later int32) int64 {
	if earlier < 0 || later < 0 {
		return 0
	}
	a, b := &s.needs[earlier], &s.needs[later]
	sameBatch := s.batchOf[a.day] == s.batchOf[b.day]
	switch {
	case sameBatch && a.area != b.area:
		return int64(s.p.Weights.Stay)
	case !sameBatch && a.area == b.area:
		return int64(s.p.Weights.Turn)
	}
	return 0
}
