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
	drawnTo  [][]int32 // of each person, the areas where they like to serve
	everyone []int32
	// Seats that are not frozen: all, of each day, of each area, of each both.
	loose                    []int32
	ofDay, ofArea, ofDayArea [][]int32
	best                     []int32 // seats of the best plan
	bestCost                 int64
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
		ofDayArea: make([][]int32, s.days*s.areas), drawnTo: make([][]int32, s.people),
		best: slices.Clone(s.seats), bestCost: s.cost,
	}
	for i := range int32(s.people) {
		a.everyone = append(a.everyone, i)
	}
	for area, people := range drawn {
		for _, i := range people {
			a.drawnTo[i] = append(a.drawnTo[i], int32(area))
		}
	}
	for seat, n := range s.seatNeed {
		if s.frozen[seat] >= 0 {
			continue
		}
		need := s.needs[n]
		both := int(need.day)*s.areas + int(need.area)
		a.loose = append(a.loose, int32(seat))
		a.ofDay[need.day] = append(a.ofDay[need.day], int32(seat))
		a.ofArea[need.area] = append(a.ofArea[need.area], int32(seat))
		a.ofDayArea[both] = append(a.ofDayArea[both], int32(seat))
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
