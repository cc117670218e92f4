package squads

import (
	"math"
	"math/rand/v2"
	"slices"
)

// pull is what a frozen seat pays the person frozen on it, in parts: more than
// anything else could.
const pull = int32(1) << 20

// visitor lets one person after another choose duties; it only reads the accord.
type visitor struct {
	*accord
	*choice // of the person visited
	chain   *responder
	whole   *exact // or nil
	random  rand.PCG
	least   int64   // what the best duties cost, in parts
	own     []int32 // of each slot, what it costs in any area, in parts
}

// loadTries is how many prices of load a visit may try, and firstStride how far
// the first is from the second, in grades of cost.
const (
	loadTries   = 5
	firstStride = 0.15
)

// choose finds the person's best duties at the fees of now; unchanged when
// those they have are as good.
func (v *visitor) choose(i int32, out *choice) {
	v.choice = out
	v.random.Seed(v.seed, uint64(v.sweeps)<<32|uint64(i))
	v.old = v.duties(v.old[:0], i)
	v.look(i)
	v.quote(i)
	v.best, v.least = v.best[:0], math.MaxInt64
	if !v.hitLoad(i) && v.whole != nil {
		v.whole.best(i, v.best)
		v.consider(i, v.chain.duties)
	}
	v.changed = v.worth(i, v.old) > v.least
}

// better says whether what a person chose is still better than what they have.
func (v *visitor) better(i int32, c *choice) bool {
	v.weigh(i)
	return v.worth(i, c.best) < v.worth(i, c.old)
}

// hitLoad looks for a price of load at which the person has the load that it
// makes fair.
func (v *visitor) hitLoad(i int32) bool {
	v.loadFee = v.price.load[i]
	low, high, stride := math.Inf(-1), math.Inf(1), firstStride*v.grade
	for range loadTries {
		load, fair := v.chain.respond(i, v.loadFee)
		v.consider(i, v.chain.duties)
		switch {
		case load == fair:
			return true
		case load > fair:
			low = v.loadFee
			v.loadFee += stride
		default:
			high = v.loadFee
			v.loadFee -= stride
		}
		stride *= 2
		if !math.IsInf(low, 0) && !math.IsInf(high, 0) {
			v.loadFee = (low + high) / 2
		}
	}
	return false
}

// consider keeps duties that cost less than the best so far.
func (v *visitor) consider(i int32, duties []int32) {
	if c := v.worth(i, duties); c < v.least {
		v.least = c
		v.best = append(v.best[:0], duties...)
	}
}

// worth is what duties cost a person now, in parts, the load by its square.
func (v *visitor) worth(i int32, duties []int32) int64 {
	cost, load, last := int64(0), int32(0), int32(-1)
	for _, n := range duties {
		cost += int64(v.fee(i, n)) + v.link(last, n)*int64(v.fees)
		load += v.needs[n].load
		last = n
	}
	off := int64(load - v.target[i])
	return cost + int64(v.p.Weights.Fair)*off*off*int64(v.fees)
}

// look picks the areas to look at: those where the person serves, home and
// liked ones, and others by chance.
func (v *visitor) look(i int32) {
	areas := v.chain.areasOf[:0]
	add := func(area int32) {
		if len(areas) < lanes && !slices.Contains(areas, area) {
			areas = append(areas, area)
		}
	}
	for _, n := range v.old {
		add(v.needs[n].area)
	}
	for _, area := range v.drawnTo[i] {
		add(area)
	}
	for len(areas) < min(lanes, v.areas) {
		add(int32((v.random.Uint64() >> 32) * uint64(v.areas) >> 32))
	}
	v.chain.areasOf = areas
}

// weigh works out what every slot costs the person in any area: wishes and what
// the unit asks; dear where it is closed, −pull where the person is frozen.
func (v *visitor) weigh(i int32) {
	for d := range v.days {
		at := int(i)*v.days + d
		asks := v.asks[int(v.unit[i])*v.days+d]
		if v.row[at] >= 0 {
			asks = v.askedLess(int(v.unit[i])*v.days + d)
		}
		frozen := v.frozenNeed[at]
		for s := range v.shifts {
			slot := d*v.shifts + s
			wish := v.slotCost[at*v.shifts+s]
			switch {
			case frozen >= 0 && v.needs[frozen].slot == int32(slot):
				v.own[slot] = -pull
			case frozen >= 0 || wish == never:
				v.own[slot] = dear
			default:
				v.own[slot] = wish*v.fees + asks
			}
		}
	}
}

// openUp lists the shifts of each day that have a need for the person.
func (v *visitor) openUp() {
	for d := range v.days {
		open := v.chain.open[d][:0]
		for s := range v.shifts {
			if v.chain.slots[d*v.shifts+s] != noLane {
				open = append(open, s)
			}
		}
		v.chain.open[d] = open
	}
}

// fee is what a need costs the person weighed now, load aside, in parts: the
// slot and the place, less what the need pays for a person and for what it lacks.
func (v *visitor) fee(i, n int32) int32 {
	need := &v.needs[n]
	at, cost := int(i)*v.days+int(need.day), v.own[need.slot]
	switch {
	case cost == dear || cost == -pull && v.frozenNeed[at] != n:
		return dear
	case cost == -pull:
		return cost
	}
	own, others := v.row[at] == n, int32(v.unitOn[int(v.unit[i])*len(v.needs)+int(n)])
	if own {
		others--
	}
	if need.mostOfUnit > 0 && others >= need.mostOfUnit {
		return dear
	}
	cost += (v.place[int(i)*v.areas+int(need.area)] + int32(v.changeCost(i, n))) * v.fees
	if own {
		return cost + v.base[n] - v.stiffParts - v.lackingWithout(i, n)
	}
	return cost + v.posted[int(n)*len(v.sets)+int(v.set[i])]
}

// lackingWithout is what a need would pay for the skills of somebody who is
// there, if they were not.
func (v *visitor) lackingWithout(i, n int32) (pays int32) {
	need := &v.needs[n]
	for k := range (v.skills[i] & need.wants).each() {
		at := int(n)*int(SkillKinds) + int(k)
		lack := float64(int32(need.least[k])-v.have[at]+1) + v.price.skill[at]/v.stiff
		pays += v.rise(lack-1, lack)
	}
	return pays
}

// askedLess is what a unit asks for somebody away, who is one of those away already.
func (v *visitor) askedLess(u int) int32 {
	over := float64(v.away[u]-v.room[u]) + v.price.away[u]/v.stiff
	return v.rise(over-1, over)
}
