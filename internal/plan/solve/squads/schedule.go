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

func newSchedule(ctx context.Context, o Options, w Weights, seats int) schedule {
	s := schedule{}
	s.hottest, s.coldest = heats(w)
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

// heat falls geometrically, from one that already keeps what construction
// found good to one at which hardly a worse move passes.
func (s schedule) heat(passed float64) float64 {
	return fall(s.hottest, s.coldest, passed)
}

// heats are in units of cost: the first a share of the dearest thing that a
// move often does, the last one of the cheapest.
func heats(w Weights) (hottest, coldest float64) {
	dear, cheap := 1, 0
	for _, cost := range []int{w.Fair, w.Away, w.Stay, w.Turn} {
		if cost > 0 && (cheap == 0 || cost < cheap) {
			cheap = cost
		}
	}
	dear = max(dear, w.Away, w.Stay, w.Turn)
	return 0.7 * float64(dear), 0.12 * float64(max(cheap, 1))
}
