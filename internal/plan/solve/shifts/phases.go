package shifts

import (
	"math"
	"math/rand/v2"
)

// cool anneals a plan while the search goes from one share to another. In each
// round the workers take a part of its people and days each, so that none
// touches what another looks at.
func (h *hunt) cool(s *state, from, to float64, heat float64) {
	var annealers []*annealer
	for k := range h.workers {
		annealers = append(annealers, newAnnealer(s.clone(), h.random(k, h.rounds)))
	}
	deal := h.random(h.workers, h.rounds)
	for done := h.done(); done < to; done = h.done() {
		now := heat * math.Pow(cold/heat, (done-from)/(to-from))
		part(annealers, deal)
		h.all(func(k int) { annealers[k].steps(h.ctx, stepsInRound, now) })
		cost, short := s.cost, s.short
		for _, a := range annealers {
			s.adopt(a, cost, short)
		}
		for _, a := range annealers {
			a.copyFrom(s)
		}
		h.rounds++
		h.keep(s)
		h.tell(false)
	}
}

// part deals people and days to the annealers, some of both to each. Where
// there are too few, some get nothing; where there are few days, one of them
// gets all every other time, so that what spans the seams moves too.
func part(annealers []*annealer, deal *rand.Rand) {
	s, n := annealers[0].state, len(annealers)
	people, first := deal.Perm(s.people), deal.IntN(n)
	if s.days < n*fewDays && deal.IntN(2) == 0 {
		for _, a := range annealers {
			a.who, a.span = nil, span{}
		}
		annealers[first].who, annealers[first].span = people, span{0, s.days}
		return
	}
	seams := make([]int, n+1)
	seams[n] = s.days
	for k := 1; k < n; k++ {
		seams[k] = k*s.days/n + deal.IntN(s.days/n+1) - s.days/n/2
	}
	for k, a := range annealers {
		of := (k + first) % n
		a.who, a.span = people[k*s.people/n:(k+1)*s.people/n], span{seams[of], seams[of+1]}
	}
}

// fewDays is the least part of the days that holds all that draws look at.
const fewDays = 28

// stepsInRound is how many steps of cooling make a round.
const stepsInRound = 60

// raise computes the bound over the whole problem, until a share of the search
// is over, and dives from there.
func (h *hunt) raise(until float64) {
	t := h.best.table
	if h.done() >= 1 {
		return
	}
	r := newRegion(h.best.clone(), everybody(t), span{0, t.days}, newFinders(t, h.workers))
	m := newMaster(r)
	work := int64(0)
	r.generate(h.ctx, m, mostBoundRounds, func() bool {
		h.bound = max(h.bound, r.bound())
		h.spend(r.work() - work)
		work = r.work()
		h.tell(false)
		return h.done() < until
	})
	h.root = m
	h.plunge(plungeFor)
}

// plunge dives from the program over everything, again and again and each time
// another way, until a share of the search is over, and says whether that led
// to a better plan.
func (h *hunt) plunge(share float64) bool {
	found := false
	for until := min(1, h.done()+share); h.root != nil && h.done() < until; {
		found = h.dive() || found
	}
	return found
}

// dive dives from the program over everything, on each worker another way, and
// says whether that led to a better plan.
func (h *hunt) dive() bool {
	dives := make([]*master, h.workers)
	before := h.root.work()
	finders := newFinders(h.best.table, h.workers)
	h.all(func(k int) {
		random := h.random(k, 1<<21+h.plunges)
		if k+h.plunges == 0 {
			random = nil
		}
		m := h.root.fork(finders[k], random)
		m.stop, m.limit = h.best.cost-1, 10*before+usual(h.root.rows)
		m.lay(m.dive(h.ctx, m, diveRounds))
		dives[k] = m
	})
	h.plunges++
	h.rounds++ // however small the problem
	work, found := int64(0), false
	for _, m := range dives {
		found = h.keep(m.state) || found
		work += m.work()
	}
	h.spend(work)
	h.tell(false)
	return found
}

const mostBoundRounds = 400

// spend counts work as rounds.
func (h *hunt) spend(work int64) { h.rounds += int(work / (roundWork * int64(h.workers))) }

// roundWork is how many numbers looked at make a round.
const roundWork = 30e6

func everybody(t *table) []int {
	all := make([]int, t.people)
	for i := range all {
		all[i] = i
	}
	return all
}

// descend searches neighbourhoods of the best plan until the end. Where they
// hold nothing better any more, it dives once more from the whole program, or
// shakes the plan and cools it again.
func (h *hunt) descend(hoods []*hood) {
	shaken := 0
	for h.done() < 1 && len(hoods[0].sizes) > 0 {
		h.all(func(k int) { hoods[k].search(h.ctx, roundsInSearch*roundWork) })
		h.rounds += roundsInSearch
		h.merge(hoods)
		h.tell(false)
		if lost := hoods[0].lost; lost > exploreFor*len(hoods[0].sizes) {
			if h.plunge(plungeFor) {
				restart(hoods, h.best)
			} else {
				shaken++
				h.shake(hoods, shaken)
			}
		}
		for _, x := range hoods {
			x.patience = 1 << min(4, x.lost/(2*len(x.sizes)))
		}
	}
	if len(hoods[0].sizes) == 0 {
		h.cool(h.best.clone(), h.done(), 1, warm)
	}
}

const roundsInSearch = 5

// merge gives all workers the best of their plans, with the others' changes
// where they still fit.
func (h *hunt) merge(hoods []*hood) {
	best := hoods[0]
	lost := hoods[0].lost
	for _, x := range hoods[1:] {
		lost = min(lost, x.lost)
		if x.better(best.state) {
			best = x
		}
	}
	for _, x := range hoods {
		if x != best {
			best.replay(x.log)
		}
	}
	for _, x := range hoods {
		x.log, x.lost = x.log[:0], lost
		if x != best {
			x.copyFrom(best.state)
		}
	}
	h.keep(best.state)
}

// shake cools again from a little heat: the plan as it is, or every other time
// the best one.
func (h *hunt) shake(hoods []*hood, time int) {
	s := hoods[0].clone()
	if time%2 == 1 {
		s.copyFrom(h.best)
	}
	from := h.done()
	h.cool(s, from, min(1, from+shakeFor), warm)
	restart(hoods, s)
}

// restart lets neighbourhoods of another plan be searched.
func restart(hoods []*hood, s *state) {
	for _, x := range hoods {
		x.copyFrom(s)
		x.lost = 0
	}
}

// The shares of a search that dives take before a shake, and the shake.
const plungeFor, shakeFor = 0.05, 0.05
