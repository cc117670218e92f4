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
	least   int64 // what the best duties cost, in parts
}

// loadTries is how many prices of load a visit may try, and firstStride how far
// the first is from the second, in grades of cost.
const (
	loadTries   = 4
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
		cost += int64(v.fee(i, n)) + v.link(last, n)*grain
		load += v.needs[n].load
		last = n
	}
	off := int64(load - v.target[i])
	return cost + int64(v.p.Weights.Fair)*off*off*grain
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

// quote fills in what every slot costs the person in the areas looked at.
func (v *visitor) quote(i int32) {
	for d := range v.days {
		frozen := v.frozenNeed[int(i)*v.days+d]
		open := v.chain.open[d][:0]
		for s := range v.shifts {
			if (frozen >= 0 || v.slot(i, int32(d), int32(s)) != never) && v.quoteSlot(i, d*v.shifts+s, frozen) {
				open = append(open, s)
			}
		}
		v.chain.open[d] = open
	}
}

// quoteSlot says whether there is a need for the person in one of the areas.
func (v *visitor) quoteSlot(i int32, slot int, frozen int32) bool {
	costs, needs, open := &v.chain.slots[slot], &v.chain.slotNeed[slot], false
	for g := range costs {
		costs[g] = dear
	}
	for g, area := range v.chain.areasOf {
		for _, n := range v.chain.needAt[slot*v.areas+int(area)] {
			if f := v.fee(i, n); f < costs[g] && (frozen < 0 || frozen == n) {
				costs[g], needs[g], open = f, n, true
			}
		}
	}
	return open
}

// fee is what a need costs a person now, load aside, in parts: the seat, less
// what the need pays for a person and for what it lacks, and what the unit asks.
func (v *visitor) fee(i, n int32) int32 {
	need := &v.needs[n]
	at := int(i)*v.days + int(need.day)
	if frozen := v.frozenNeed[at]; frozen == n {
		return -pull
	} else if frozen >= 0 || need.mostOfUnit > 0 && v.ofUnit(n, v.unit[i], i) >= need.mostOfUnit {
		return dear
	}
	if v.row[at] == n {
		return v.ownFee(i, n)
	}
	fee := v.base[n]
	if set := v.skills[i] & need.wants; set != 0 {
		for k := range SkillKinds {
			if set.Has(k) {
				fee -= v.lacks[int(n)*int(SkillKinds)+int(k)]
			}
		}
	}
	u := int(v.unit[i])*v.days + int(need.day)
	if v.row[at] < 0 {
		fee += v.asks[u]
	} else {
		fee += v.askedLess(u)
	}
	return int32(v.seatCost(i, n))*grain + int32(fee*grain)
}

// ownFee is the fee of a need that the person serves, as if they did not.
func (v *visitor) ownFee(i, n int32) int32 {
	need := &v.needs[n]
	fee := v.base[n] - v.stiff
	if set := v.skills[i] & need.wants; set != 0 {
		for k := range SkillKinds {
			if set.Has(k) {
				at := int(n)*int(SkillKinds) + int(k)
				lack := float64(int32(need.least[k])-v.have[at]+1) + v.price.skill[at]/v.stiff
				fee -= v.spring(lack) - v.spring(lack-1)
			}
		}
	}
	fee += v.askedLess(int(v.unit[i])*v.days + int(need.day))
	return int32(v.seatCost(i, n))*grain + int32(fee*grain)
}

// askedLess is what a unit asks for somebody away, who is one of those away already.
func (v *visitor) askedLess(u int) float64 {
	over := float64(v.away[u]-v.room[u]) + v.price.away[u]/v.stiff
	return v.spring(over) - v.spring(over-1)
}
