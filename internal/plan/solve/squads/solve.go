package squads

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"
)

// ErrNoPlan is returned when no plan that keeps every hard rule was found;
// Explain says why.
var ErrNoPlan = errors.New("squads: no plan keeps every hard rule")

// Options steer a search. The zero value searches with seed 0 for the default
// number of iterations on one worker.
type Options struct {
	Seed uint64
	// Iterations is how many moves are tried. 0: until the deadline of the
	// context or, without one, 2,000 for each seat.
	Iterations int
	// Workers is how many goroutines search: with 2 or more the bound is
	// computed beside the plan, otherwise in turn with it.
	Workers int
	// OnProgress is called from the searching goroutine, a few times a
	// second; it may call Progress.Plan and must not block.
	OnProgress func(Progress)
	// End may be closed when somebody wants a search by the clock to end: it
	// does within WindUp, with a better plan than the best so far.
	End <-chan struct{}
}

// Progress is how far a search has come.
type Progress struct {
	Moves   int64
	Cost    int64 // of the best plan so far
	Bound   int64 // no plan costs less
	Elapsed time.Duration
	Plan    func() Plan // the best plan so far; valid during the call only
}

// Answer is a plan that breaks no hard rule, with what is known of its cost.
type Answer struct {
	Plan    Plan
	Cost    int64
	Parts   Parts
	Bound   int64 // no plan costs less; Cost == Bound proves the plan best
	Moves   int64
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
// same problem, seed, Iterations and Workers, unless the context ends it. When
// the context ends it returns the best plan so far without an error, or the
// context's error if there is none yet. A problem that does not hold together
// (see Valid) is an error.
func Solve(ctx context.Context, p Problem, o Options) (Answer, error) {
	if err := Valid(p); err != nil {
		return Answer{}, err
	}
	began := time.Now()
	t := newTable(&p)
	b, err := construct(ctx, t, o.Seed)
	if err != nil {
		return Answer{}, err
	}
	first := time.Since(began)
	h := newHunt(ctx, b, o, began)
	h.last = first
	ctx, ended := context.WithCancel(ctx)
	defer ended()
	h.clock.await(ctx, o.End)
	h.search(ctx)
	plan := h.bestState().plan()
	return Answer{
		Plan: plan, Cost: h.bestCost, Parts: Cost(p, plan), Bound: h.bound.Load(),
		Moves: h.moves, First: first, Last: h.last, Elapsed: time.Since(began),
	}, nil
}

// construct makes the first plan without open seats, each time with other
// chances. With ErrNoPlan comes the last try.
func construct(ctx context.Context, t *table, seed uint64) (*builder, error) {
	var b *builder
	for try := range uint64(tries) {
		random := rand.New(rand.NewPCG(seed, try))
		b = newBuilder(newState(t), random)
		b.build(ctx)
		walk(ctx, b.state, random, b.patience())
		if err := ctx.Err(); b.open > 0 && err != nil {
			return nil, err
		}
		if b.open == 0 {
			return b, nil
		}
	}
	return b, ErrNoPlan
}

// tries is how often construct begins again.
const tries = 4

// patience is how many steps a walk may take: those of a small problem soon
// repeat themselves.
func (s *state) patience() int { return min(20_000, 500+50*len(s.seats)) }
