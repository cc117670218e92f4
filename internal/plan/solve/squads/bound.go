package squads

import "math"

// bounder raises a lower bound on the cost of every plan: at any prices, what
// everybody's own cheapest chain of duties costs, with the prices paid back
// where rules hold exactly.
//
// To find good prices everybody chooses at first with a good deal of chance
// (haze), and prices move by how many times too many or too few come: so the
// choices spread as those of the best plan do, instead of all jumping at once.
// As the haze lifts, the prices settle. (It is the entropic smoothing known
// from optimal transport, drawn by lot.) The bound itself is always computed
// without haze, in whole parts.
type bounder struct {
	*relaxation
	chain   *chainer
	now     *prices
	mean    *prices // of the last rounds
	rounded priced
	got     usage
	best    int64 // in parts
}

// usage is what the chains of one round take, in the shape of prices.
type usage struct {
	need, skill, away []int32
}

func newBounder(t *table, seed uint64) *bounder {
	r := newRelaxation(t)
	b := &bounder{relaxation: r, chain: newChainer(r), now: newPrices(t), mean: newPrices(t), best: math.MinInt64}
	b.chain.random = seed | 1
	needs, skills, days := len(b.now.need), len(b.now.skill), len(b.now.away)
	b.rounded = priced{make([]int64, needs), make([]int64, skills), make([]int64, days)}
	b.got = usage{make([]int32, needs), make([]int32, skills), make([]int32, days)}
	return b
}

// bound is the best so far, in units of cost, rounded up since costs are whole.
func (b *bounder) bound() int64 {
	if b.best <= 0 {
		return 0 // no term of a cost is negative
	}
	return (b.best + grain - 1) / grain
}

// measure computes the bound at some prices.
func (b *bounder) measure(p *prices) int64 {
	b.chain.haze = 0
	total := b.choose(p)
	b.best = max(b.best, total)
	return total
}

// settle lets everybody choose in a haze (in units of cost) and moves the
// prices after them.
func (b *bounder) settle(haze float64) {
	b.chain.haze = parts(haze)
	b.choose(b.now)
	b.follow(haze * eager)
	b.mean.towards(b.now, lag)
}

// choose finds everybody's cheapest chain and returns what all of them cost,
// in parts.
func (b *bounder) choose(p *prices) int64 {
	p.round(&b.rounded)
	clear(b.got.need)
	clear(b.got.skill)
	clear(b.got.away)
	total := b.constant*grain + b.paid()
	for i := range b.people {
		total += b.chain.cheapest(i, &b.rounded)
		b.take(i)
	}
	return total
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

// take adds a person's chain to the usage.
func (b *bounder) take(i int) {
	for _, n := range b.chain.duties {
		need := &b.needs[n]
		b.got.need[n]++
		b.got.away[int(b.unit[i])*b.days+int(need.day)]++
		if set := b.skills[i] & need.wants; set != 0 {
			for k := range SkillKinds {
				if set.Has(k) {
					b.got.skill[int(n)*int(SkillKinds)+int(k)]++
				}
			}
		}
	}
}

// How fast prices follow choices: those of one need; those of an area, whose
// many seats leave less to chance, times as fast; and the mean behind them.
const (
	eager = 0.3
	bold  = 4
	lag   = 0.15
)

// followAreas moves all needs of an area, and all their prices of a skill,
// together: what an area is short of altogether would take many small steps.
func (b *bounder) followAreas(step float64) {
	kinds := 1 + int(SkillKinds)
	have, want := make([]float64, b.areas*kinds), make([]float64, b.areas*kinds)
	for n, need := range b.needs {
		sum := int(need.area) * kinds
		have[sum] += float64(b.got.need[n])
		want[sum] += float64(b.needRoom[n])
		for k := range int(SkillKinds) {
			if least := b.skillLeast[n*int(SkillKinds)+k]; least > 0 {
				have[sum+1+k] += float64(b.got.skill[n*int(SkillKinds)+k])
				want[sum+1+k] += float64(least)
			}
		}
	}
	for n, need := range b.needs {
		sum := int(need.area) * kinds
		b.now.need[n] += step * math.Log((want[sum]+0.5)/(have[sum]+0.5))
		for k := range int(SkillKinds) {
			if at := n*int(SkillKinds) + k; b.skillLeast[at] > 0 {
				b.now.skill[at] = max(0, b.now.skill[at]+step*math.Log((want[sum+1+k]+0.5)/(have[sum+1+k]+0.5)))
			}
		}
	}
}

// follow raises what is short and lowers what has too many.
func (b *bounder) follow(step float64) {
	by := func(have, want int32) float64 {
		return step * math.Log((float64(want)+0.5)/(float64(have)+0.5))
	}
	b.followAreas(step * bold)
	for n := range b.now.need {
		b.now.need[n] += by(b.got.need[n], b.needRoom[n])
	}
	for k, least := range b.skillLeast {
		if least > 0 {
			b.now.skill[k] = max(0, b.now.skill[k]+by(b.got.skill[k], least))
		}
	}
	for k, room := range b.unitRoom {
		b.now.away[k] = max(0, b.now.away[k]-by(b.got.away[k], room))
	}
}
