package squads

import (
	"math"
	"slices"
)

// annealer improves a plan without open seats by small moves, worse ones too
// while it is hot, and keeps the best.
type annealer struct {
	*state
	random   uint64
	heat     float64
	drawn    [][]int32 // of each area, the people who like to serve there
	everyone []int32
	loose    []int32   // seats that are not frozen
	ofDay    [][]int32 // of each day, its seats
	ofArea   [][]int32 // of each area, its seats that are not frozen
	best     []int32   // seats of the best plan
	bestCost int64
	moves    int64
}

// logs holds −ln(u) for u spread evenly over (0, 1): a worse move is accepted
// when it costs at most heat times one of them.
var logs = func() (table [1 << 12]float64) {
	for k := range table {
		table[k] = -math.Log((float64(k) + 0.5) / float64(len(table)))
	}
	return
}()

func newAnnealer(s *state, drawn [][]int32, seed uint64) *annealer {
	a := &annealer{
		state: s, random: seed*0x9E3779B97F4A7C15 + 0x1234567, drawn: drawn,
		ofDay: make([][]int32, s.days), ofArea: make([][]int32, s.areas),
		best: slices.Clone(s.seats), bestCost: s.cost,
	}
	for i := range int32(s.people) {
		a.everyone = append(a.everyone, i)
	}
	for seat, n := range s.seatNeed {
		need := s.needs[n]
		a.ofDay[need.day] = append(a.ofDay[need.day], int32(seat))
		if s.frozen[seat] < 0 {
			a.loose = append(a.loose, int32(seat))
			a.ofArea[need.area] = append(a.ofArea[need.area], int32(seat))
		}
	}
	return a
}

// next is a xorshift: the search spends its time elsewhere, and the same seed
// gives the same plan on every machine.
func (a *annealer) next() uint64 {
	x := a.random
	x ^= x << 13
	x ^= x >> 7
	x ^= x << 17
	a.random = x
	return x
}

func (a *annealer) pick(from []int32) int32 {
	return from[(a.next()>>32)*uint64(len(from))>>32]
}

// someone is mostly one of those drawn to the area.
func (a *annealer) someone(drawn []int32) int32 {
	if len(drawn) == 0 || a.next()&3 == 0 {
		return a.pick(a.everyone)
	}
	return a.pick(drawn)
}

func (a *annealer) accepts(delta int64) bool {
	return delta <= 0 || float64(delta) <= a.heat*logs[a.next()>>52]
}

// run tries moves at one heat.
func (a *annealer) run(moves int) {
	if len(a.loose) == 0 {
		return
	}
	for range moves {
		seat := a.pick(a.loose)
		switch r := a.next() >> 60; {
		case r < 6:
			a.replace(seat)
		case r < 11:
			a.turn(seat)
		default:
			a.cross(seat)
		}
	}
	a.moves += int64(moves)
	if a.cost < a.bestCost {
		a.bestCost = a.cost
		copy(a.best, a.seats)
	}
}

// bestState is the best plan as a state of its own.
func (a *annealer) bestState() *state {
	s := newState(a.table)
	for seat, who := range a.best {
		if who >= 0 && s.seats[seat] < 0 {
			s.seat(int32(seat), who)
		}
	}
	return s
}
