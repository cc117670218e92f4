package squads

import (
	"math"
	"sync"
)

// bounder raises a lower bound on the cost of every plan: at any prices, what
// everybody's own cheapest chain of duties costs, with the prices paid back
// where rules hold exactly. The prices are those of a blend of chains, which
// learns the cheapest chains at its prices, of some people after another.
type bounder struct {
	*grounds
	blend  *blend
	see    *offers
	gauges []*gauge // one for each goroutine that may measure
	asked  *prices
	quoted priced // asked, in whole parts
	sweeps int
	best   int64 // in parts
}

// gauge measures the chains of some people.
type gauge struct {
	*chainer
	total   int64
	counted bool // all of them
}

// How stiff the blend is at first and at the end, in grades of cost for each
// person missed; how many groups of people learn one after another in a sweep;
// and up to how many duties chains know their load. Every so many sweeps, and
// after the last one, the bound is taken.
const (
	stiffest   = 1
	slackest   = 0.7
	groups     = 20
	known      = 24
	takenEvery = 8
)

func newBounder(t *table, workers int) *bounder {
	r := newRelaxation(t)
	see := newOffers(r)
	b := &bounder{
		grounds: newGrounds(r, see.at), blend: newBlend(r), see: see, asked: newPrices(t), quoted: newPriced(t), best: math.MinInt64,
	}
	for range workers {
		b.gauges = append(b.gauges, &gauge{chainer: newChainer(b.grounds, see, known)})
	}
	return b
}

// bound is the best so far, in units of cost, rounded up since costs are whole.
func (b *bounder) bound() int64 {
	if b.best <= 0 {
		return 0 // no term of a cost is negative
	}
	return (b.best + b.grain - 1) / b.grain
}

// begin takes prices near which people already agree.
func (b *bounder) begin(at *prices, workers int) {
	b.blend.begin(at, stiffest*b.p.Weights.grade())
	b.take(workers)
}

// hear lets the blend learn what people chose.
func (b *bounder) hear(a *accord) {
	var duties []int32
	for i := range b.people {
		duties = a.duties(duties[:0], int32(i))
		b.blend.learn(i, strand{rules: b.ruled(i, duties), cost: float64(b.costOf(int32(i), duties, b.loadOf(duties)))})
	}
}

// climb lets everybody learn once, with some goroutines; passed is how much of
// the time for it is over.
func (b *bounder) climb(passed float64, workers int) {
	stiff := b.p.Weights.grade() * fall(stiffest, slackest, passed)
	for g := range groups {
		b.quote(b.blend.pay, workers)
		b.learn(g, groups, workers)
		b.blend.follow(1./groups, stiff)
		b.blend.sweep()
	}
	if b.sweeps++; b.sweeps%takenEvery == 0 {
		b.take(workers)
	}
}

// end takes the bound once more, if anybody has learned since.
func (b *bounder) end(workers int) {
	if b.sweeps%takenEvery != 0 {
		b.take(workers)
	}
}

// quote makes known what rules pay, in whole parts, with some goroutines.
func (b *bounder) quote(pay []float64, workers int) {
	b.blend.ask(pay, b.asked)
	b.asked.round(&b.quoted, float64(b.grain))
	b.see.post(&b.quoted, workers)
}

// learn adds the cheapest chains of every so many-th person to the blend, and
// returns what they cost, in parts, if all could be counted. Who measures whom
// does not matter.
func (b *bounder) learn(from, step, workers int) (total int64, counted bool) {
	strands := make([]strand, b.people)
	var all sync.WaitGroup
	for w, g := range b.gauges[:workers] {
		all.Go(func() {
			g.total, g.counted = 0, true
			for i := from + w*step; i < b.people; i += workers * step {
				strands[i] = g.measure(i, &b.quoted)
			}
		})
	}
	all.Wait()
	counted = true
	for _, g := range b.gauges[:workers] {
		total += g.total
		counted = counted && g.counted
	}
	for i := from; i < b.people; i += step {
		if strands[i].rules != nil {
			b.blend.learn(i, strands[i])
		}
	}
	return total, counted
}

// measure finds a person's cheapest chain and adds what it costs; no strand comes
// of one that cannot be counted.
func (g *gauge) measure(i int, q *priced) strand {
	cost, counted := g.cheapest(i, q)
	if g.total += cost; !counted {
		g.counted = false
		return strand{}
	}
	return strand{rules: g.ruled(i, g.duties), cost: float64(cost+g.paid(i, q)) / float64(g.grain), off: float64(g.load - g.fair)}
}

// take measures the bound: what everybody's cheapest chain costs where nothing
// is missed. All sums are whole, so that their order does not matter.
func (b *bounder) take(workers int) {
	b.quote(b.blend.base, workers)
	if total, counted := b.learn(0, 1, workers); counted {
		b.best = max(b.best, b.constant*b.grain+b.paid()+total)
	}
}

// fall goes geometrically from one number to another.
func fall(from, to, passed float64) float64 { return from * math.Pow(to/from, passed) }

// paid is what the prices give back whatever anybody chooses.
func (b *bounder) paid() int64 {
	sum := int64(0)
	for n, price := range b.quoted.need {
		sum += price * int64(b.needRoom[n])
	}
	for k, price := range b.quoted.skill {
		sum += price * int64(b.skillLeast[k])
	}
	for k, price := range b.quoted.away {
		sum -= price * int64(b.unitRoom[k])
	}
	return sum
}
