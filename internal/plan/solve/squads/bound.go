package squads

import "math"

// bounder raises a lower bound on the cost of every plan: at any prices, what
// everybody's own cheapest chain of duties costs, with the prices paid back
// where rules hold exactly. It begins at prices near which people already agree
// and moves them along a mean of what their choices miss, in which the late
// ones weigh more (a deflected subgradient).
type bounder struct {
	*relaxation
	chain   *chainer
	prices  *prices
	mean    *prices // of what each rule was missed by
	slack   *prices // how much it was missed by the last choices
	rounded priced
	best    int64 // in parts
}

// How the prices move: the strides from first to last, and the share of the
// last misses in the mean. What people miss of their fair load moves its price
// by so many times more.
const (
	wide       = 0.005
	narrow     = 0.0003
	recent     = 0.3
	loadOfMany = 3
)

func newBounder(t *table) *bounder {
	r := newRelaxation(t)
	return &bounder{
		relaxation: r, chain: newChainer(r), prices: newPrices(t), mean: newPrices(t), slack: newPrices(t),
		rounded: newPriced(t), best: math.MinInt64,
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
	b.best = b.measure()
	copy(b.mean.all, b.slack.all)
}

// climb moves the prices once and measures the bound; passed is how much of
// the time for it is over.
func (b *bounder) climb(passed float64) {
	by := fall(wide, narrow, passed)
	for k, miss := range b.mean.all[:len(b.mean.all)-b.people] {
		b.prices.all[k] += by * miss
	}
	for _, part := range [][]float64{b.prices.skill, b.prices.away} {
		for k := range part {
			part[k] = max(0, part[k])
		}
	}
	for i, miss := range b.mean.load {
		b.prices.load[i] += loadOfMany * by * miss
	}
	b.best = max(b.best, b.measure())
	for k, miss := range b.slack.all {
		b.mean.all[k] += recent * (miss - b.mean.all[k])
	}
}

// fall goes geometrically from one number to another.
func fall(from, to, passed float64) float64 { return from * math.Pow(to/from, passed) }

// post makes the prices known; nobody has chosen yet.
func (b *bounder) post() {
	b.prices.round(&b.rounded)
	b.chain.see.post(&b.rounded)
	clear(b.slack.all)
}

// charge puts what the rules ask into the slack.
func (b *bounder) charge() {
	for n, room := range b.needRoom {
		b.slack.need[n] += float64(room)
	}
	for k, least := range b.skillLeast {
		if b.slack.skill[k] += float64(least); least == 0 {
			b.slack.skill[k] = 0
		}
	}
	for k, room := range b.unitRoom {
		b.slack.away[k] -= float64(room)
	}
}

// measure finds everybody's cheapest chain at the prices and returns what all
// of them cost, in parts; slack becomes how much they miss each rule.
func (b *bounder) measure() int64 {
	b.post()
	total := b.constant*grain + b.paid()
	for i := range b.people {
		total += b.chain.cheapest(i, &b.rounded)
		b.take(i)
	}
	b.charge()
	return total
}

// take counts a person's chain.
func (b *bounder) take(i int) {
	if b.p.Weights.Fair > 0 {
		b.slack.load[i] = float64(b.chain.load - b.chain.fair)
	}
	for _, n := range b.chain.duties {
		need := &b.needs[n]
		b.slack.need[n]--
		b.slack.away[int(b.unit[i])*b.days+int(need.day)]++
		if set := b.skills[i] & need.wants; set != 0 {
			for k := range SkillKinds {
				if set.Has(k) {
					b.slack.skill[int(n)*int(SkillKinds)+int(k)]--
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
