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
	hottest = 4.0
	coldest = 0.25
)

// heat falls geometrically.
func (s schedule) heat(passed float64) float64 {
	return hottest * math.Pow(coldest/hottest, passed)
}

// hunt is one search: the annealing, the bound beside it, and its reports.
type hunt struct {
	*annealer
	options Options
	began   time.Time
	clock   schedule
	bound   int64
	told    time.Time
}

// stretch is how many moves are tried between two looks at context and clock.
const stretch = 1 << 14

func (h *hunt) search(ctx context.Context) {
	for {
		passed := h.clock.passed(h.moves)
		if passed >= 1 || ctx.Err() != nil || len(h.loose) == 0 {
			break
		}
		h.annealer.heat = h.clock.heat(passed)
		h.run(stretch)
		h.tell()
	}
}

// tell reports a few times a second.
func (h *hunt) tell() {
	if h.options.OnProgress == nil || time.Since(h.told) < 200*time.Millisecond {
		return
	}
	h.told = time.Now()
	h.options.OnProgress(Progress{
		Moves: h.moves, Cost: h.bestCost, Bound: h.bound, Elapsed: time.Since(h.began),
		Plan: func() Plan { return h.bestState().plan() },
	})
}
