package squads

import (
	"math"
	"sync"
)

// bounder raises a lower bound on the cost of every plan: at any prices, what
// everybody's own cheapest chain of duties costs, with the prices paid back
// where rules hold exactly. It begins at prices near which people already agree
// and moves them along a mean of what their choices miss, in which the late
// ones weigh more (a deflected subgradient).
type bounder struct {
	*relaxation
	see     *offers
	coarse  []*gauge // one for each goroutine that may measure
	fine    []*gauge // those that know loads better, for the later part
	prices  *prices
	mean    *prices // of what each rule was missed by
	slack   *prices // how much it was missed by the last choices
	rounded priced
	best    int64 // in parts
}

// gauge measures the chains of some people.
type gauge struct {
	*chainer
	slack *prices
	total int64
}

// How the prices move: the strides from first to last in grades of cost, and
// the share of the last misses in the mean. Prices of skills and of people
// away, of which fewer are missed, move faster. Chains know loads up to so many duties at first, and
// better, at several times the price, from some part of the time on.
var (
	wide   = 0.002
	narrow = 0.00015
)

const (
	recent     = 0.6
	faster     = 2
	knownFirst = 1
	knownLast  = 8
	finePart   = 0.5
)

func newBounder(t *table, workers int) *bounder {
	r := newRelaxation(t)
	b := &bounder{
		relaxation: r, see: newOffers(t), prices: newPrices(t), mean: newPrices(t), slack: newPrices(t),
		rounded: newPriced(t), best: math.MinInt64,
	}
	for range max(1, workers) {
		b.coarse = append(b.coarse, &gauge{newChainer(r, b.see, knownFirst), newPrices(t), 0})
		b.fine = append(b.fine, &gauge{newChainer(r, b.see, knownLast), newPrices(t), 0})
	}
	return b
}

// bound is the best so far, in units of cost, rounded up since costs are whole.
func (b *bounder) bound() int64 {
	if b.best <= 0 {
		return 0 // no term of a cost is negative
	}
	return (b.best + grain - 1) / grain
}

// begin takes prices near which people already agree.
func (b *bounder) begin(at *prices) {
	copy(b.prices.all, at.all)
	b.best = max(b.best, b.measure(b.coarse))
	copy(b.mean.all, b.slack.all)
}

// climb moves the prices once and measures the bound with some goroutines;
// passed is how much of the time for it is over.
func (b *bounder) climb(passed float64, workers int) {
	by := b.p.Weights.grade() * fall(wide, narrow, passed)
	for k, miss := range b.mean.need {
		b.prices.need[k] += by * miss
	}
	for k, miss := range b.mean.skill {
		b.prices.skill[k] = max(0, b.prices.skill[k]+faster*by*miss)
	}
	for k, miss := range b.mean.away {
		b.prices.away[k] = max(0, b.prices.away[k]+faster*by*miss)
	}
	for i, miss := range b.mean.load {
		b.prices.load[i] += by * miss
	}
	gauges := b.coarse
	if passed > finePart {
		gauges = b.fine
	}
	b.best = max(b.best, b.measure(gauges[:workers]))
	for k, miss := range b.slack.all {
		b.mean.all[k] += recent * (miss - b.mean.all[k])
	}
}

// fall goes geometrically from one number to another.
func fall(from, to, passed float64) float64 { return from * math.Pow(to/from, passed) }

// measure finds everybody's cheapest chain at the prices and returns what all
// of them cost, in parts; slack becomes how much they miss each rule. Who
// measures whom does not matter: all sums are whole.
func (b *bounder) measure(gauges []*gauge) int64 {
	b.prices.round(&b.rounded)
	b.see.post(&b.rounded)
	var all sync.WaitGroup
	for k, g := range gauges {
		all.Go(func() { g.measure(k, len(gauges), &b.rounded) })
	}
	all.Wait()
	total := b.constant*grain + b.paid()
	b.charge()
	for _, g := range gauges {
		total += g.total
		for k, miss := range g.slack.all {
			b.slack.all[k] += miss
		}
	}
	for k, least := range b.skillLeast {
		if least == 0 {
			b.slack.skill[k] = 0
		}
	}
	return total
}

// charge begins the slack with what the rules ask.
func (b *bounder) charge() {
	clear(b.slack.all)
	for n, room := range b.needRoom {
		b.slack.need[n] = float64(room)
	}
	for k, least := range b.skillLeast {
		b.slack.skill[k] = float64(least)
	}
	for k, room := range b.unitRoom {
		b.slack.away[k] = -float64(room)
	}
}

// measure adds up the chains of every so many-th person.
func (g *gauge) measure(from, step int, q *priced) {
	g.total = 0
	clear(g.slack.all)
	for i := from; i < g.people; i += step {
		g.total += g.cheapest(i, q)
		g.take(i)
	}
}

// take counts a person's chain.
func (g *gauge) take(i int) {
	if g.p.Weights.Fair > 0 {
		g.slack.load[i] = float64(g.load - g.fair)
	}
	for _, n := range g.duties {
		need := &g.needs[n]
		g.slack.need[n]--
		g.slack.away[int(g.unit[i])*g.days+int(need.day)]++
		if set := g.skills[i] & need.wants; set != 0 {
			for k := range SkillKinds {
				if set.Has(k) {
					g.slack.skill[int(n)*int(SkillKinds)+int(k)]--
				}
			}
		}
	}
}

// paid is what the prices give back whatever anybody chooses.
func (b *bounder) paid() int64 {
	sum := int64(0)
	for n, price := range b.rounded.need {
		sum += price * int64(b.needRoom[n])
	}
	for k, price := range b.rounded.skill {
		sum += price * int64(b.skillLeast[k])
	}
	for k, price := range b.rounded.away {
		sum -= price * int64(b.unitRoom[k])
	}
	return sum
}
