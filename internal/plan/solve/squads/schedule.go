package squads

import (
	"context"
	"math"
	"time"
)

// schedule says how much of a search has passed: by moves, or by the deadline
// of the context.
type schedule struct {
	moves    int64 // 0: by the deadline
	from     time.Time
	deadline time.Time
}

// movesPerSeat is the length of a search that is given none.
const movesPerSeat = 2000

func newSchedule(ctx context.Context, o Options, seats int) schedule {
	deadline, ok := ctx.Deadline()
	switch {
	case o.Iterations > 0:
		return schedule{moves: int64(o.Iterations)}
	case !ok:
		return schedule{moves: int64(movesPerSeat * max(seats, 1))}
	}
	return schedule{from: time.Now(), deadline: deadline}
}

// passed is from 0 to 1.
func (s schedule) passed(moves int64) float64 {
	if s.moves > 0 {
		return min(1, float64(moves)/float64(s.moves))
	}
	return min(1, float64(time.Since(s.from))/float64(s.deadline.Sub(s.from)))
}

// Heats of the search in units of cost: a first one that already keeps what
// construction found good, and a last one at which hardly a worse move passes.
const (
	hottest = 1.0
	coldest = 0.12
)

// heat falls geometrically.
func (s schedule) heat(passed float64) float64 {
	return hottest * math.Pow(coldest/hottest, passed)
}

// Hazes of the bound, in units of cost, at first and at last.
const (
	thickest = 0.1
	thinnest = 0.003
)

// haze falls geometrically.
func haze(passed float64) float64 {
	return thickest * math.Pow(thinnest/thickest, passed)
}
