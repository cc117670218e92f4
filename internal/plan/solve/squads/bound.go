package squads

import (
	"math"
	"math/rand/v2"
)

// bounder raises a lower bound on the cost of every plan: at any prices, what
// everybody's own cheapest chain of duties costs, with the prices paid back
// where rules hold exactly.
//
// At first prices follow every group of people after it has chosen (an
// incremental subgradient), with long strides that make the bound worthless at
// first and end higher than careful ones. Then, from the mean of those prices,
// they follow all people at once, along a mean of what was missed in which the
// late choices weigh more (a deflected subgradient).
type bounder struct {
	*relaxation
	chain   *chainer
	order   []int32 // of people, by chance: every groups-th one is of a group
	prices  *prices
	mean    *prices // of prices at first, of misses then
	slack   *prices // how much each rule was missed by the last choices
	rounded priced
	best    int64 // in parts
	rounds  int
	settled bool // the first part is over
}

// How the prices move: in the first part of the search, the groups, the
// strides from first to last and the share of the last prices in the mean; in
// the rest the strides and the share of the last misses. What people miss of
// their fair load moves its price by so many times more.
const (
	firstPart  = 0.75
	groups     = 10
	widest     = 0.8
	narrow     = 0.02
	late       = 0.15
	loadAlone  = 0.6
	wide       = 0.01
	narrowest  = 0.001
	recent     = 0.3
	loadOfMany = 3
	lookEvery  = 8 // rounds of the first part from one measured bound to the next; at first sooner
)

func newBounder(t *table, seed uint64) *bounder {
	r := newRelaxation(t)
	b := &bounder{relaxation: r, chain: newChainer(r), prices: newPrices(t), mean: newPrices(t), slack: newPrices(t), rounded: newPriced(t), best: math.MinInt64}
	for _, i := range rand.New(rand.NewPCG(seed, 0x70726963)).Perm(t.people) {
		b.order = append(b.order, int32(i))
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

// climb moves the prices once and, now and then, measures the bound; passed is
// how much of the search is over.
func (b *bounder) climb(passed float64) {
	b.rounds++
	if passed < firstPart {
		b.pass(fall(widest, narrow, passed/firstPart))
		if b.rounds%lookEvery == 0 || b.rounds&(b.rounds-1) == 0 {
			b.measureMean()
		}
		return
	}
	if !b.settled {
		b.settled = true
		b.prices, b.mean = b.mean, b.prices
		b.best = max(b.best, b.measure())
		copy(b.mean.all, b.slack.all)
	}
	b.drift(fall(wide, narrowest, (passed-firstPart)/(1-firstPart)))
}

// fall goes geometrically from one number to another.
func fall(from, to, passed float64) float64 { return from * math.Pow(to/from, passed) }

// pass lets one group after another choose and moves the prices after each.
func (b *bounder) pass(by float64) {
	for g := range groups {
		b.post()
		for k := g; k < b.people; k += groups {
			i := int(b.order[k])
			b.chain.cheapest(i, &b.rounded)
			b.take(i)
			b.prices.load[i] += loadAlone * by * b.slack.load[i]
			b.slack.load[i] = 0
		}
		b.charge(1. / groups)
		b.move(b.slack, by)
	}
	share := max(late, 1/float64(b.rounds))
	for k, price := range b.prices.all {
		b.mean.all[k] += share * (price - b.mean.all[k])
	}
}

// measureMean measures the bound at the mean of prices.
func (b *bounder) measureMean() {
	b.prices, b.mean = b.mean, b.prices
	b.best = max(b.best, b.measure())
	b.prices, b.mean = b.mean, b.prices
}

// drift moves the prices along what was missed of late.
func (b *bounder) drift(by float64) {
	b.move(b.mean, by)
	for i, miss := range b.mean.load {
		b.prices.load[i] += loadOfMany * by * miss
	}
	b.best = max(b.best, b.measure())
	for k, miss := range b.slack.all {
		b.mean.all[k] += recent * (miss - b.mean.all[k])
	}
}

// move raises the prices of what is short and lowers those of what has too
// many, load aside.
func (b *bounder) move(along *prices, by float64) {
	for k, miss := range along.all[:len(along.all)-b.people] {
		b.prices.all[k] += by * miss
	}
	for _, part := range [][]float64{b.prices.skill, b.prices.away} {
		for k := range part {
			part[k] = max(0, part[k])
		}
	}
}

// post makes the prices known; nobody has chosen yet.
func (b *bounder) post() {
	b.prices.round(&b.rounded)
	b.chain.see.post(&b.rounded)
	clear(b.slack.all)
}

// charge puts a share of what the rules ask into the slack.
func (b *bounder) charge(share float64) {
	for n, room := range b.needRoom {
		b.slack.need[n] += float64(room) * share
	}
	for k, least := range b.skillLeast {
		if b.slack.skill[k] += float64(least) * share; least == 0 {
			b.slack.skill[k] = 0
		}
	}
	for k, room := range b.unitRoom {
		b.slack.away[k] -= float64(room) * share
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
	b.charge(1)
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
