package squads

import (
	"context"
	"time"
)

// schedule says how much of a search has passed: by moves, or by the deadline
// of the context.
type schedule struct {
	moves    int64 // 0: by the deadline
	from     time.Time
	deadline time.Time

	hottest, coldest float64
}

// movesPerSeat is the length of a search that is given none.
const movesPerSeat = 2000

func newSchedule(ctx context.Context, o Options, seats int) schedule {
	s := schedule{}
	deadline, ok := ctx.Deadline()
	switch {
	case o.Iterations > 0:
		s.moves = int64(o.Iterations)
	case !ok:
		s.moves = int64(movesPerSeat * max(seats, 1))
	default:
		s.from, s.deadline = time.Now(), deadline
	}
	return s
}

// passed is from 0 to 1.
func (s schedule) passed(moves int64) float64 {
	if s.moves > 0 {
		return min(1, float64(moves)/float64(s.moves))
	}
	return min(1, float64(time.Since(s.from))/float64(s.deadline.Sub(s.from)))
}

// heat falls geometrically, from one that already keeps what was found good
// before to one at which hardly a worse move passes.
func (s schedule) heat(passed float64) float64 {
	return fall(s.hottest, s.coldest, passed)
}

// cool sets the heats, in units of cost: after a mere construction from a share
// of the dearest thing that a move often does to one of the cheapest; what
// people agreed on is only mended.
func (s *schedule) cool(w Weights, agreed bool) {
	dear, cheap := 1, 0
	for _, cost := range []int{w.Fair, w.Away, w.Stay, w.Turn} {
		if cost > 0 && (cheap == 0 || cost < cheap) {
			cheap = cost
		}
	}
	dear, cheap = max(dear, w.Away, w.Stay, w.Turn), max(cheap, 1)
	s.hottest, s.coldest = 0.7*float64(dear), 0.12*float64(cheap)
	if agreed {
		s.hottest, s.coldest = 0.15*float64(cheap), 0.1*float64(cheap)
	}
}
