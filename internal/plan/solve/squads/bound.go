package squads

import (
	"math"
	"slices"
	"sync"
	"sync/atomic"
)

// bounder raises a lower bound on the cost of every plan: at any prices, what
// everybody's own cheapest chain of duties costs, with the prices paid back
// where rules hold exactly. It begins at prices near which people already agree
// and moves them in the manner of an accord: a few people after another choose
// their cheapest chain, at prices that answer at once to what the latest choices
// of all miss, and answer ever less.
type bounder struct {
	*relaxation
	see    *offers
	coarse []*gauge // one for each goroutine that may measure
	fine   []*gauge // those that know loads better, for the later part
	prices *prices
	mean   *prices // of the last sweeps
	asked  *prices // what the group of now is asked
	miss   *prices // what the latest choices of all miss
	rows   [][]int32
	sweeps int
	quoted priced // asked, in whole parts
	best   int64  // in parts
}

// gauge measures the chains of some people.
type gauge struct {
	*chainer
	total int64
}

// How stiff the prices are when they begin to move and at the end, in grades of
// cost for each person missed: so far they follow in a sweep what is missed; how
// far that of load follows, in that stiffness; and the share of a sweep in their mean.
// Chains know loads up to so many duties at first, and better from some part of
// the time on; every so many sweeps, and each of the last part of the time, the
// bound is taken.
const (
	stiffest   = 0.05
	slackest   = 0.001
	heedLoad   = 0.05
	recent     = 0.1
	knownFirst = 1
	knownLast  = 8
	finePart   = 0.6
	takenEvery = 8
	lastPart   = 0.96
)

func newBounder(t *table, workers int) *bounder {
	r := newRelaxation(t)
	b := &bounder{
		relaxation: r, see: newOffers(t), prices: newPrices(t), mean: newPrices(t), asked: newPrices(t), miss: newPrices(t),
		rows: make([][]int32, t.people), quoted: newPriced(t), best: math.MinInt64,
	}
	for range max(1, workers) {
		b.coarse = append(b.coarse, &gauge{newChainer(r, b.see, knownFirst), 0})
		b.fine = append(b.fine, &gauge{newChainer(r, b.see, knownLast), 0})
	}
	b.charge()
	return b
}

// charge lets the rules miss what they ask, as long as nobody has chosen.
func (b *bounder) charge() {
	for n, room := range b.needRoom {
		b.miss.need[n] = float64(room)
	}
	for k, least := range b.skillLeast {
		b.miss.skill[k] = float64(least)
	}
	for k, room := range b.unitRoom {
		b.miss.away[k] = -float64(room)
	}
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
	copy(b.mean.all, at.all)
	b.take(b.coarse)
}

// climb moves the prices for a sweep of all people, with some goroutines; passed
// is how much of the time for it is over.
func (b *bounder) climb(passed float64, workers int) {
	gauges := b.coarse[:workers]
	if passed > finePart {
		gauges = b.fine[:workers]
	}
	stiff := b.p.Weights.grade() * fall(stiffest, slackest, passed)
	size := (b.people + 31) / 32
	for from := 0; from < b.people; from += size {
		to := min(from+size, b.people)
		b.ask(stiff, workers)
		b.choose(from, to, heedLoad*stiff, gauges)
		b.follow(stiff * float64(to-from) / float64(b.people))
	}
	for k, price := range b.prices.all {
		b.mean.all[k] += recent * (price - b.mean.all[k])
	}
	if b.sweeps++; b.sweeps%takenEvery == 0 || passed > lastPart {
		b.take(gauges)
	}
}

// ask makes the prices of now known: those of what is missed are higher.
func (b *bounder) ask(stiff float64, workers int) {
	for k, price := range b.prices.all {
		b.asked.all[k] = price + stiff*b.miss.all[k]
	}
	b.quote(workers)
}

// quote makes what is asked known, in whole parts, with some goroutines.
func (b *bounder) quote(workers int) {
	b.limit(b.asked)
	b.asked.round(&b.quoted)
	b.see.post(&b.quoted, workers)
}

// follow moves the prices by what is missed.
func (b *bounder) follow(by float64) {
	for k := range len(b.prices.all) - b.people { // those of load have moved
		b.prices.all[k] += by * b.miss.all[k]
	}
	b.limit(b.prices)
}

// limit keeps prices valid: those of limits are not negative, and rules that ask
// nothing have none.
func (b *bounder) limit(p *prices) {
	for k, least := range b.skillLeast {
		if p.skill[k] = max(0, p.skill[k]); least == 0 {
			p.skill[k] = 0
		}
	}
	for k := range p.away {
		p.away[k] = max(0, p.away[k])
	}
}

// choose lets a few people take their cheapest chains at the prices asked. Who
// measures whom does not matter.
func (b *bounder) choose(from, to int, byLoad float64, gauges []*gauge) {
	chains, off := make([][]int32, to-from), make([]int, to-from)
	var all sync.WaitGroup
	var next atomic.Int64
	for _, g := range gauges {
		all.Go(func() {
			for k := int(next.Add(1)) - 1; k < len(chains); k = int(next.Add(1)) - 1 {
				g.cheapest(from+k, &b.quoted)
				chains[k] = slices.Clone(g.duties)
				off[k] = g.load - g.fair
			}
		})
	}
	all.Wait()
	for k, chain := range chains {
		i := from + k
		b.count(i, -1)
		b.rows[i] = chain
		b.count(i, 1)
		if b.p.Weights.Fair > 0 {
			b.prices.load[i] += byLoad * float64(off[k])
		}
	}
}

// count takes a person's chain in or out.
func (b *bounder) count(i int, by float64) {
	for _, n := range b.rows[i] {
		need := &b.needs[n]
		b.miss.need[n] -= by
		b.miss.away[int(b.unit[i])*b.days+int(need.day)] += by
		for k := range (b.skills[i] & need.wants).each() {
			b.miss.skill[int(n)*int(SkillKinds)+int(k)] -= by
		}
	}
}

// fall goes geometrically from one number to another.
func fall(from, to, passed float64) float64 { return from * math.Pow(to/from, passed) }

// take measures the bound at the mean of the prices: what everybody's cheapest
// chain costs. All sums are whole, so that their order does not matter.
func (b *bounder) take(gauges []*gauge) {
	copy(b.asked.all, b.mean.all)
	b.quote(len(gauges))
	var all sync.WaitGroup
	for k, g := range gauges {
		all.Go(func() { g.measure(k, len(gauges), &b.quoted) })
	}
	all.Wait()
	total := b.constant*grain + b.paid()
	for _, g := range gauges {
		total += g.total
	}
	b.best = max(b.best, total)
}

// measure adds up the chains of every so many-th person.
func (g *gauge) measure(from, step int, q *priced) {
	g.total = 0
	for i := from; i < g.people; i += step {
		g.total += g.cheapest(i, q)
	}
}

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
