package shifts

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"
)

// ErrNoPlan is returned when no plan that keeps every hard rule was found.
var ErrNoPlan = errors.New("shifts: no plan keeps every hard rule")

// Options steer a search. The zero value searches with seed 0 for the default
// number of rounds on one worker.
type Options struct {
	Seed uint64
	// Rounds is how long to search, in pieces of work of some tens of
	// milliseconds. 0: until the deadline of the context or, without one,
	// DefaultRounds.
	Rounds int
	// Workers is how many goroutines search.
	Workers int
	// OnProgress is called from the searching goroutine after pieces of work;
	// it may call Progress.Plan and must not block.
	OnProgress func(Progress)
}

// DefaultRounds is how long a search takes without a deadline.
const DefaultRounds = 2000

// Progress is how far a search has come.
type Progress struct {
	Cost    int64 // of the best plan so far, if Found
	Bound   int64 // no plan costs less
	Found   bool  // a plan that breaks no hard rule
	Elapsed time.Duration
	Plan    func() Plan // the best plan so far; valid during the call only
}

// Answer is a plan that breaks no hard rule, with what is known of its cost.
type Answer struct {
	Plan    Plan
	Cost    int64
	Costs   Costs
	Bound   int64         // no plan costs less; Cost == Bound proves the plan best
	First   time.Duration // until the first plan without a breach
	Last    time.Duration // until the best plan
	Elapsed time.Duration
}

// Gap is how far the cost may be above the best possible, as a share of the
// cost: 0.01 is one per cent.
func (a Answer) Gap() float64 {
	if a.Cost <= a.Bound {
		return 0
	}
	return float64(a.Cost-a.Bound) / float64(a.Cost)
}

// Solve returns the best plan it finds, or ErrNoPlan. It is the same for the
// same problem, seed, Rounds and Workers, unless the context ends it. When the
// context ends it returns the best plan so far without an error, or the
// context's error if there is none yet. A problem that does not hold together
// (see Valid) is an error.
func Solve(ctx context.Context, p Problem, o Options) (Answer, error) {
	if err := Valid(p); err != nil {
		return Answer{}, err
	}
	h := newHunt(ctx, newTable(&p), o)
	h.run()
	if h.best.short > 0 {
		if err := ctx.Err(); err != nil {
			return Answer{}, err
		}
		return Answer{}, ErrNoPlan
	}
	plan := h.best.plan()
	return Answer{
		Plan: plan, Cost: h.best.cost, Costs: Cost(p, plan), Bound: h.bound,
		First: h.first, Last: h.last, Elapsed: time.Since(h.began),
	}, nil
}

// hunt is one search: cooling, the bound, then neighbourhoods.
type hunt struct {
	ctx         context.Context
	options     Options
	workers     int
	began       time.Time
	until       time.Time // zero: rounds are counted
	rounds      int
	best        *state
	bound       int64
	first, last time.Duration
	told        time.Time
	root        *master // the program over everything, if it was not too large
	plunges     int     // dives from there
}

func newHunt(ctx context.Context, t *table, o Options) *hunt {
	h := &hunt{ctx: ctx, options: o, workers: max(1, o.Workers), began: time.Now(), best: newState(t)}
	if until, ok := ctx.Deadline(); ok && o.Rounds == 0 {
		h.until = until
	}
	if o.Rounds == 0 {
		h.options.Rounds = DefaultRounds
	}
	return h
}

// done is how much of the search is over, 1 for all of it.
func (h *hunt) done() float64 {
	if h.ctx.Err() != nil || h.best.short == 0 && h.best.cost == h.bound && h.rounds > 0 {
		return 1
	}
	if h.until.IsZero() {
		return min(1, float64(h.rounds)/float64(h.options.Rounds))
	}
	return min(1, float64(time.Since(h.began))/float64(h.until.Sub(h.began)))
}

// The shares of a search after which cooling ends, and later if the problem is
// large; what the bound may take after it; after which no more tiles are
// planned; and how many tries of regions without a gain, for each size, are
// made before a plan is shaken.
const (
	cooled        = 0.1
	boundFor      = 0.3
	cooledLarge   = 0.85
	boundForLarge = 0.05
	tiledAt       = 0.95
	exploreFor    = 12
)

// large says whether one program over everything is too much.
func (t *table) large() bool { return t.days*t.shifts+t.people > mostRows }

func (h *hunt) run() {
	h.tell(true)
	if h.best.people == 0 {
		h.bound = h.best.cost
		return
	}
	large := h.best.large()
	if large {
		h.cool(h.best.clone(), 0, cooledLarge, hotLarge)
	} else {
		h.cool(h.best.clone(), 0, cooled, hot)
		h.raise(cooled + boundFor)
	}
	hoods := make([]*hood, h.workers)
	for k := range hoods {
		hoods[k] = newHood(h.best.clone(), h.random(k, 1<<20))
	}
	if large && h.done() < 1 {
		h.raiseLarge(h.tile(hoods), boundForLarge)
	}
	h.descend(hoods)
	h.tell(true)
}

// all runs a piece of work on every worker.
func (h *hunt) all(work func(worker int)) {
	var wg sync.WaitGroup
	for k := range h.workers {
		wg.Go(func() { work(k) })
	}
	wg.Wait()
}

// keep remembers a better plan.
func (h *hunt) keep(s *state) bool {
	if !s.better(h.best) {
		return false
	}
	h.best.copyFrom(s)
	h.last = time.Since(h.began)
	if h.first == 0 && s.short == 0 {
		h.first = h.last
	}
	return true
}

// tell reports progress, some times a second.
func (h *hunt) tell(now bool) {
	if h.options.OnProgress == nil || !now && time.Since(h.told) < 100*time.Millisecond {
		return
	}
	h.told = time.Now()
	h.options.OnProgress(Progress{
		Cost: h.best.cost, Bound: h.bound, Found: h.best.short == 0, Elapsed: time.Since(h.began), Plan: h.best.plan,
	})
}

// random is a source of its own for a worker and a purpose.
func (h *hunt) random(worker, purpose int) *rand.Rand {
	return rand.New(rand.NewPCG(h.options.Seed, uint64(worker)<<32|uint64(purpose)))
}
