package squads

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// hunt is one search: the annealing, the bound beside it, and its reports.
type hunt struct {
	*annealer
	bounds  *bounder
	options Options
	began   time.Time
	clock   schedule
	bound   atomic.Int64
	told    time.Time
}

// stretch is how many moves are tried between two looks at context and clock.
const stretch = 1 << 14

// search ends with the schedule or the context. The plan and the bound do not
// look at each other, so that the answer is the same whichever is faster.
func (h *hunt) search(ctx context.Context) {
	if h.options.Workers < 2 {
		h.inTurn(ctx)
		return
	}
	var beside sync.WaitGroup
	beside.Go(func() {
		for round := 0; ctx.Err() == nil; round++ {
			passed := h.roundsPassed(round)
			if passed >= 1 {
				return
			}
			h.raise(passed)
		}
	})
	for h.anneal(ctx) {
		h.tell()
	}
	beside.Wait()
}

// inTurn is the search of one worker: a round of the bound whenever it is due
// or, by the clock, after every turnOf stretches.
func (h *hunt) inTurn(ctx context.Context) {
	round := 0
	for stretches := 1; h.anneal(ctx); stretches++ {
		h.tell()
		passed := h.clock.passed(h.moves)
		due := h.roundsPassed(round) < passed
		if h.clock.moves == 0 {
			due = stretches%turnOf == 0
		}
		if due && passed < 1 {
			h.raise(passed)
			round++
		}
	}
}

// turnOf is how many stretches of moves take about as long as a round of the
// bound does for a county.
const turnOf = 64

// anneal tries a stretch of moves; false when the search is over.
func (h *hunt) anneal(ctx context.Context) bool {
	passed := h.clock.passed(h.moves)
	if passed >= 1 || ctx.Err() != nil || len(h.loose) == 0 {
		return false
	}
	h.annealer.heat = h.clock.heat(passed)
	h.run(stretch)
	return true
}

// The prices are moved so often where moves are counted, not time.
const (
	mostRounds    = 200
	movesPerRound = 1 << 16
)

func (h *hunt) roundsPassed(round int) float64 {
	if h.clock.moves > 0 {
		return float64(round) / float64(min(mostRounds, 10+h.clock.moves/movesPerRound))
	}
	return h.clock.passed(0)
}

// raise moves the prices once.
func (h *hunt) raise(passed float64) {
	h.bounds.climb(passed)
	h.bound.Store(h.bounds.bound())
}

// tell reports a few times a second.
func (h *hunt) tell() {
	if h.options.OnProgress == nil || time.Since(h.told) < 200*time.Millisecond {
		return
	}
	h.told = time.Now()
	h.options.OnProgress(Progress{
		Moves: h.moves, Cost: h.bestCost, Bound: h.bound.Load(), Elapsed: time.Since(h.began),
		Plan: func() Plan { return h.bestState().plan() },
	})
}
