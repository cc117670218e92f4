package shifts

import (
	"context"
	"math/rand/v2"
	"slices"
)

// hood searches the neighbourhoods of a plan: regions are planned anew by
// column generation and a dive. Which sizes of region are worth their work is
// learnt on the way.
type hood struct {
	*state
	random   *rand.Rand
	sizes    []size
	log      []change
	old      *state
	finders  []*cheapest
	lost     int   // tries since the last gain
	patience int64 // how many times the usual work a try may take before it is given up
}

// size is a size of regions, and what trying it brought and took; earlier
// tries count less and less.
type size struct {
	people, days int
	gain, work   float64
}

// change is a region with new days.
type change struct {
	people []int
	span
	days [][]int16
}

// newHood lists sizes whose programs stay small.
func newHood(s *state, random *rand.Rand) *hood {
	h := &hood{state: s, random: random, old: s.clone(), finders: newFinders(s.table, 1), patience: 1}
	for _, days := range []int{7, 10, 14, 18, 21, 28, 35, 42, 56, 84} {
		for _, share := range []int{1, 2, 3, 6} {
			z := size{people: (s.people + share - 1) / share, days: min(days, s.days)}
			if z.rows(s.table) > mostRows || z.people < 2 && s.people > 1 || slices.ContainsFunc(h.sizes, func(o size) bool { return o.people == z.people && o.days == z.days }) {
				continue
			}
			z.gain, z.work = 3, float64(usual(z.rows(s.table)))/8
			h.sizes = append(h.sizes, z)
		}
	}
	return h
}

// rows is how many equations the program of such a region has.
func (z *size) rows(t *table) int { return z.days*t.shifts + z.people }

// usual is the work that a program with so many equations may take, dives
// included: they need some hundred pivots for each of them, a pivot a number
// for each of the inverse.
func usual(rows int) int64 { return leastPatience + usualPivots*int64(rows)*int64(rows)*int64(rows)/2 }

const usualPivots = 100

// mostRows is how many equations a program may have.
const mostRows = 800

// search tries regions until so much work is done.
func (h *hood) search(ctx context.Context, work int64) {
	for work > 0 && ctx.Err() == nil && len(h.sizes) > 0 {
		z := h.choose()
		before := h.cost
		r := newRegion(h.state, h.pickPeople(z.people), h.pickSpan(z.days), h.finders)
		r.limit = h.patience * usual(z.rows(h.table))
		h.improve(ctx, r)
		done := r.work() + tryWork
		work -= done
		z.gain = z.gain*memory + float64(max(0, before-h.cost)) + 0.02
		z.work = z.work*memory + float64(done)
		if h.lost++; h.cost < before {
			h.lost = 0
		}
	}
}

// tryWork is what a try takes besides the work that is counted.
const tryWork = 1e6

// leastPatience is some tenths of a second of work.
const leastPatience = 5e7

// memory is how much of what was learnt stays after a try.
const memory = 0.9

// choose draws a size by gain for work.
func (h *hood) choose() *size {
	weights := make([]float64, len(h.sizes))
	sum := 0.0
	for k, z := range h.sizes {
		weights[k] = z.gain / z.work
		sum += weights[k]
	}
	return &h.sizes[pick(h.random, weights, sum)]
}

func (h *hood) pickSpan(days int) span {
	from := h.random.IntN(h.days - days + 1)
	return span{from, from + days}
}

func (h *hood) pickPeople(n int) []int {
	people := h.random.Perm(h.people)[:n]
	slices.Sort(people)
	return people
}

// improve plans a region anew if something better is there, and logs it.
func (h *hood) improve(ctx context.Context, r *region) {
	h.old.copyFrom(h.state)
	m := newMaster(r)
	r.stop = h.cost - 1
	if h.short > 0 {
		r.stop = h.cost + lackCost*h.short
	}
	r.generate(ctx, m, mostTryRounds, nil)
	if r.bound() > r.stop || r.spent() || ctx.Err() != nil {
		return
	}
	days := r.dive(ctx, m, diveRounds)
	if days == nil {
		return
	}
	r.lay(days)
	if !h.better(h.old) {
		h.copyFrom(h.old)
		return
	}
	h.log = append(h.log, change{r.people, r.span, days})
}

// mostTryRounds is how often a try looks for new days before it dives.
const mostTryRounds = 60

// diveRounds is how often at most a dive looks for new days after each decision.
const diveRounds = 30

// replay makes the changes that were found for a copy of this plan where they
// still fit and gain.
func (s *state) replay(log []change) {
	for _, c := range log {
		old := s.clone()
		ok := true
		for k, i := range c.people {
			if c.days[k] == nil {
				continue
			}
			ok = ok && s.flows(i, c.days[k], c.span)
			if !ok {
				break
			}
			s.lift(i, c.from, c.to)
			s.lay(i, c.from, c.days[k])
			ok = s.legal(i)
		}
		if !ok || !s.better(old) {
			s.copyFrom(old)
		}
	}
}
