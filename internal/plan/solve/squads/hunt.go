package squads

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"time"
)

// hunt is one search: an accord of all people, its polishing and annealing, with
// the bound beside it, and its reports.
type hunt struct {
	*annealer
	accord   *accord
	bounds   *bounder
	options  Options
	began    time.Time
	clock    schedule
	moves    int64         // of the annealing, and what visits of the accord count for
	annealed float64       // the part of the search after which it is annealed
	spent    time.Duration // on the bound
	bound    atomic.Int64
	told     time.Time
	last     time.Duration // until the best plan
}

// newHunt begins with a plan without open seats.
func newHunt(ctx context.Context, b *builder, o Options, began time.Time) *hunt {
	o.Workers = max(1, o.Workers)
	h := &hunt{annealer: newAnnealer(b.state, b.drawn, o.Seed), bounds: newBounder(b.table, o.Workers), options: o, began: began}
	h.clock = newSchedule(ctx, o, len(h.loose))
	h.accord = newAccord(h.bounds.relaxation, h.bounds.see, h.drawnTo, o.Seed, o.Workers)
	return h
}

// stretch is how many moves are tried between two looks at context and clock.
const stretch = 1 << 14

// How a search is shared: at first everybody agrees as far as is easy; then half
// of the goroutines raise the bound, as long as it has its part, and the others,
// later all, go on with the plan, which the accord has first, then its polishing,
// then the annealing. A visit of the accord counts for as many moves as take its
// time.
const (
	softPart   = 0.07
	boundPart  = 0.5
	accordPart = 0.95
	polishPart = 0.965
	visitMoves = 1 << 9
)

// search ends with the schedule or the context. The plan and the bound do not
// look at each other, so that the answer is the same whichever is faster.
func (h *hunt) search(ctx context.Context) {
	h.soften(ctx)
	h.judge()
	if len(h.loose) == 0 {
		return
	}
	if h.options.Workers < 2 {
		h.inTurn(ctx)
		return
	}
	proved := make(chan struct{})
	go func() {
		defer close(proved)
		for round := 0; h.prove(ctx, round); round++ {
		}
		h.proved(ctx)
	}()
	h.plan(ctx, h.tell)
	<-proved
}

// planning is how many goroutines the plan has.
func (h *hunt) planning() int {
	if h.clock.passed(h.moves) > boundPart {
		return h.options.Workers
	}
	return h.options.Workers - h.options.Workers/2
}

// proving is how many goroutines raise the bound.
func (h *hunt) proving() int { return max(1, h.options.Workers/2) }

// soften lets people choose, with every goroutine, as long as an accord is soft
// and once in any case: the bound hears what they chose, and needs it.
func (h *hunt) soften(ctx context.Context) {
	for round := 0; ctx.Err() == nil && len(h.loose) > 0 && (round == 0 || h.clock.passed(h.moves) < softPart); round++ {
		h.sweep(ctx, soft, follow, h.options.Workers)
		h.bounds.hear(h.accord)
		h.tell()
	}
}

func (h *hunt) sweep(ctx context.Context, stiff, follow float64, workers int) {
	h.moves += visitMoves * int64(max(1, h.accord.sweep(ctx, stiff, follow, workers)))
}

// plan looks for the best plan, and does something else between its steps.
func (h *hunt) plan(ctx context.Context, between func()) {
	agreed := h.agree(ctx, between)
	if agreed {
		h.polish(ctx, between)
	}
	h.clock.cool(h.p.Weights, agreed)
	h.annealed = h.clock.passed(h.moves)
	for h.anneal(ctx) {
		between()
	}
}

// agree lets people choose until they have had their part of the search, and
// says whether the best plan is theirs.
func (h *hunt) agree(ctx context.Context, between func()) bool {
	agreed, tried := false, 0.
	for ctx.Err() == nil {
		passed := (h.clock.passed(h.moves) - softPart) / (accordPart - softPart)
		if passed >= 1 || passed > lostPart && h.accord.missed > len(h.seats)/manyMissed {
			break
		}
		if passed > firmAt && h.accord.missed > len(h.seats)/firmMissed {
			h.accord.firm = min(firmest, h.accord.firm*firmer)
		}
		h.sweep(ctx, stiffness(passed), follow, h.planning())
		if passed > tried+tryEvery && h.accord.missed < len(h.seats)/fewMissed {
			tried = passed
			agreed = h.adopt(ctx) || agreed
		}
		between()
	}
	return h.adopt(ctx) || agreed
}

// An accord that still misses more than one seat of so many after some part of
// its time is too soft against what load costs, as where people have few duties:
// with each sweep it becomes so much firmer, up to so many times.
const (
	firmAt     = 0.15
	firmMissed = 30
	firmer     = 1.1
	firmest    = 8
)

// How stiff the accord is when a round of polishing begins and at its end, how
// many sweeps a round has at most, and how much softer the next one begins after
// one in which nothing was missed and nothing gained.
const (
	softRound = 0.5
	hardRound = 2
	polishing = 40
	softer    = 0.9
)

// polish lets people choose once more from the best plan, at the prices they
// agreed on, round by round: each time they look at other areas.
func (h *hunt) polish(ctx context.Context, between func()) {
	over := func() bool { return ctx.Err() != nil || h.clock.passed(h.moves) >= polishPart }
	for from := softRound; !over(); {
		h.accord.seat(h.bestState())
		for k := 0; k < polishing && !over(); k++ {
			h.sweep(ctx, fall(from, hardRound, float64(k)/polishing), 0, h.planning())
			between()
			if h.accord.moved+h.accord.missed == 0 {
				break
			}
		}
		missed := h.accord.missed
		switch better := h.adopt(ctx); {
		case better:
			from = softRound
		case missed == 0 && from <= soft:
			return
		case missed == 0:
			from = max(soft, from*softer)
		}
	}
}

// lostPart is the part of its time after which an accord that misses one seat of
// so many is given up for the annealing.
const (
	lostPart   = 0.75
	manyMissed = 50
)

// judge begins the bound at the prices of the accord.
func (h *hunt) judge() {
	h.bounds.begin(h.accord.mean, h.options.Workers)
	h.bound.Store(h.bounds.bound())
}

// An accord that misses little is tried as a plan so often.
const (
	tryEvery  = 0.2
	fewMissed = 12
)

// adopt makes a plan of what people chose, mended by chains and then as may be,
// and takes it if none so far costs less; better says whether all cost more.
func (h *hunt) adopt(ctx context.Context) (better bool) {
	s := h.accord.settle()
	newMender(s, h.drawn).mend(ctx)
	random := rand.New(rand.NewPCG(h.options.Seed, uint64(h.accord.sweeps)))
	newBuilder(s, random).build(ctx)
	walk(ctx, s, random, s.patience())
	if s.open > 0 || s.cost > h.bestCost {
		return false
	}
	if better = s.cost < h.bestCost; better {
		h.last = time.Since(h.began)
	}
	h.state, h.bestCost, h.best = s, s.cost, slices.Clone(s.seats)
	return better
}

// inTurn is the rest of the search of one goroutine: steps of the plan and
// rounds of the bound in turn.
func (h *hunt) inTurn(ctx context.Context) {
	round := 0
	h.plan(ctx, func() {
		h.tell()
		if h.due(round) && h.prove(ctx, round) {
			round++
		}
	})
	for h.prove(ctx, round) {
		round++
	}
	h.proved(ctx)
}

// due says whether the bound has had less than the plan: of the rounds or, by
// the clock, of the time.
func (h *hunt) due(round int) bool {
	if h.clock.moves > 0 {
		return h.roundsPassed(round) < (h.clock.passed(h.moves)-softPart)/(boundPart-softPart)
	}
	return 2*h.spent < time.Since(h.began)
}

// rest is how much of the annealing's time has passed.
func (h *hunt) rest() float64 {
	if h.annealed >= 1 {
		return 1
	}
	return (h.clock.passed(h.moves) - h.annealed) / (1 - h.annealed)
}

// anneal tries a stretch of moves; false when the search is over.
func (h *hunt) anneal(ctx context.Context) bool {
	rest := h.rest()
	if rest >= 1 || ctx.Err() != nil {
		return false
	}
	h.annealer.heat = h.clock.heat(rest)
	before := h.bestCost
	h.run(stretch)
	if h.bestCost < before {
		h.last = time.Since(h.began)
	}
	h.moves += stretch
	return true
}

// The prices are moved so often where moves are counted, not time.
const (
	mostRounds    = 60
	movesPerRound = 1 << 19
)

func (h *hunt) roundsPassed(round int) float64 {
	if h.clock.moves > 0 {
		return float64(round) / float64(min(mostRounds, 10+h.clock.moves/movesPerRound))
	}
	return max(0, (h.clock.passed(0)-softPart)/(boundPart-softPart))
}

// prove moves the prices of the bound once; false when the search is over.
func (h *hunt) prove(ctx context.Context, round int) bool {
	passed := h.roundsPassed(round)
	if passed >= 1 || ctx.Err() != nil {
		return false
	}
	began := time.Now()
	h.bounds.climb(passed, h.proving())
	h.spent += time.Since(began)
	h.bound.Store(h.bounds.bound())
	return true
}

// proved ends the bound, if there is time.
func (h *hunt) proved(ctx context.Context) {
	if ctx.Err() == nil {
		h.bounds.end(h.proving())
		h.bound.Store(h.bounds.bound())
	}
}

// tellEvery is the time between two reports.
const tellEvery = 200 * time.Millisecond

// tell reports now and then.
func (h *hunt) tell() {
	if h.options.OnProgress == nil || time.Since(h.told) < tellEvery {
		return
	}
	h.told = time.Now()
	h.options.OnProgress(Progress{
		Moves: h.moves, Cost: h.bestCost, Bound: h.bound.Load(), Elapsed: time.Since(h.began),
		Plan: func() Plan { return h.bestState().plan() },
	})
}
