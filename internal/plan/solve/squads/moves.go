package squads

// The three moves of the search. Each works out what it would cost without
// doing it, and is done only when accepted.

// replace gives a seat to somebody who is off that day.
func (a *annealer) replace(seat int32) {
	i, n := a.seats[seat], a.seatNeed[seat]
	need := &a.needs[n]
	j := a.someone(a.drawn[need.area])
	if !a.mayReplace(n, i, j) {
		return
	}
	if delta := a.dropCost(i, n) + a.addCost(j, n); a.accepts(delta) {
		a.vacate(seat)
		a.seat(seat, j)
	}
}

// turn exchanges two people who serve on the same day.
func (a *annealer) turn(seat int32) {
	n := a.seatNeed[seat]
	day := int(a.needs[n].day)
	other := a.towards(seat, a.ofDayArea[day*a.areas:][:a.areas], a.ofDay[day])
	m := a.seatNeed[other]
	if n == m {
		return
	}
	i, j := a.seats[seat], a.seats[other]
	if !a.mayTurn(i, n, m) || !a.mayTurn(j, m, n) || !a.fitBoth(seat, other) {
		return
	}
	if delta := a.turnCost(i, n, m) + a.turnCost(j, m, n); a.accepts(delta) {
		a.exchange(seat, other)
	}
}

// towards picks a seat in an area to which whoever has this one is drawn,
// sometimes any.
func (a *annealer) towards(seat int32, ofArea [][]int32, all []int32) int32 {
	areas := a.drawnTo[a.seats[seat]]
	if len(areas) == 0 || a.next()&3 == 0 {
		return a.pick(all)
	}
	if seats := ofArea[a.pick(areas)]; len(seats) > 0 {
		return a.pick(seats)
	}
	return a.pick(all)
}

// cross exchanges two people who serve on different days.
func (a *annealer) cross(seat int32) {
	n := a.seatNeed[seat]
	other := a.pick(a.ofArea[a.needs[n].area])
	if a.next()&1 == 0 {
		other = a.towards(seat, a.ofArea, a.loose)
	}
	m := a.seatNeed[other]
	d, e := a.needs[n].day, a.needs[m].day
	i, j := a.seats[seat], a.seats[other]
	if d == e || i == j || a.onNeed[int(i)*a.days+int(e)] >= 0 || a.onNeed[int(j)*a.days+int(d)] >= 0 {
		return
	}
	if a.unit[i] != a.unit[j] &&
		(a.spare[int(a.unit[i])*a.days+int(e)] <= 0 || a.spare[int(a.unit[j])*a.days+int(d)] <= 0) {
		return
	}
	if !a.free(i, e, a.needs[m].shift, d) || !a.free(j, d, a.needs[n].shift, e) || !a.fitBoth(seat, other) {
		return
	}
	if delta := a.crossCost(i, n, m) + a.crossCost(j, m, n); a.accepts(delta) {
		a.exchange(seat, other)
	}
}

// fitBoth says whether two squads keep their skills and their mix of units
// when two of their people change places.
func (a *annealer) fitBoth(seat, other int32) bool {
	n, m := a.seatNeed[seat], a.seatNeed[other]
	i, j := a.seats[seat], a.seats[other]
	return a.skilled(n, i, j) && a.skilled(m, j, i) &&
		(a.unit[i] == a.unit[j] || a.mixed(n, i, j) && a.mixed(m, j, i))
}

func (a *annealer) exchange(seat, other int32) {
	i, j := a.vacate(seat), a.vacate(other)
	a.seat(seat, j)
	a.seat(other, i)
}

// crossCost is what it costs to exchange a person's need for one of another day.
func (s *state) crossCost(person, from, to int32) int64 {
	a, b := &s.needs[from], &s.needs[to]
	load := s.load[person]
	delta := s.seatCost(person, to) - s.seatCost(person, from)
	if a.load != b.load {
		delta += s.fair(person, load-a.load+b.load) - s.fair(person, load)
	}
	before, after := s.neighbours(person, a.day)
	delta += s.link(before, after) - s.link(before, from) - s.link(from, after)
	// With from gone, a neighbour of to that was from is the one behind it.
	earlier, later := s.neighbours(person, b.day)
	if earlier == from {
		earlier = before
	}
	if later == from {
		later = after
	}
	return delta + s.link(earlier, to) + s.link(to, later) - s.link(earlier, later)
}
