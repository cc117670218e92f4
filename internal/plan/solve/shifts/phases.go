package shifts

import "math"

// cool anneals a plan on each worker while the search goes from one share to
// another.
func (h *hunt) cool(states []*state, from, to float64, heat float64) {
	var annealers []*annealer
	for k, s := range states {
		annealers = append(annealers, newAnnealer(s, h.random(k, h.rounds)))
	}
	for done := h.done(); done < to; done = h.done() {
		now := heat * math.Pow(cold/heat, (done-from)/(to-from))
		h.all(func(k int) { annealers[k].steps(h.ctx, stepsInRound, now) })
		h.rounds++
		for _, a := range annealers {
			h.keep(a.best)
		}
		h.tell(false)
	}
}

// stepsInRound is how many steps of cooling make a round.
const stepsInRound = 30

// raise computes the bound over the whole problem, until a share of the search
// is over, and dives once from there if that was soon.
func (h *hunt) raise(until float64) {
	t := h.best.table
	if h.done() >= 1 {
		return
	}
	if t.large() {
		h.raiseLarge(until - boundFor/2)
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
	h.plunge()
}

// plunge dives from the program over everything, on each worker another way.
func (h *hunt) plunge() {
	if h.root == nil || h.done() >= 1 {
		return
	}
	dives := make([]*master, h.workers)
	before := h.root.work()
	finders := newFinders(h.best.table, h.workers)
	h.all(func(k int) {
		random := h.random(k, 1<<21+h.plunges)
		if k+h.plunges == 0 {
			random = nil
		}
		m := h.root.fork(finders[k], random)
		m.stop, m.limit = h.best.cost-1, 10*before+leastPatience
		m.lay(m.dive(h.ctx, m, diveRounds))
		dives[k] = m
	})
	h.plunges++
	work := int64(0)
	for _, m := range dives {
		h.keep(m.state)
		work += m.work()
	}
	h.spend(work)
	h.tell(false)
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
// hold nothing better any more, plans are shaken and cooled again.
func (h *hunt) descend() {
	states := newStates(h.best, h.workers)
	var hoods []*hood
	for k, s := range states {
		hoods = append(hoods, newHood(s, h.random(k, 1<<20)))
	}
	shaken := 0
	for h.done() < 1 && len(hoods[0].sizes) > 0 {
		h.all(func(k int) { hoods[k].search(h.ctx, roundsInSearch*roundWork) })
		h.rounds += roundsInSearch
		h.merge(hoods)
		h.tell(false)
		if lost := hoods[0].lost; lost > exploreFor*len(hoods[0].sizes) {
			shaken++
			h.shake(states, shaken)
			for _, x := range hoods {
				x.lost = 0
			}
		}
		for _, x := range hoods {
			x.patience = leastPatience << min(4, x.lost/(2*len(x.sizes)))
		}
	}
	if len(hoods[0].sizes) == 0 {
		h.cool(newStates(h.best, h.workers), h.done(), 1, warm)
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
func (h *hunt) shake(states []*state, time int) {
	if time%2 == 1 {
		for _, s := range states {
			s.copyFrom(h.best)
		}
	}
	from := h.done()
	h.cool(states, from, min(1, from+shakeFor), warm)
	best := states[0]
	for _, s := range states {
		if s.better(best) {
			best = s
		}
	}
	for _, s := range states {
		s.copyFrom(best)
	}
}

// shakeFor is the share of a search that a shake takes.
const shakeFor = 0.05
