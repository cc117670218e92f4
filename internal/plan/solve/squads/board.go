package squads

import (
	"math"
	"slices"
)

// board is what the needs and units of an accord ask of whoever comes.
type board struct {
	sets     []Skills // that people have
	set      []int32  // of each person, the index of theirs
	base     []int32  // of each need, what one more person costs, skills aside, in parts
	posted   []int32  // [need, set]: what one with these skills costs
	asks     []int32  // [unit, day]: what one more person away costs
	slotOf   []int32  // of each need
	unitMost []int16  // of each need, people of one unit
}

func newBoard(t *table, see *offers) board {
	b := board{
		sets: see.sets, set: see.set, base: make([]int32, len(t.needs)), posted: make([]int32, len(t.needs)*len(see.sets)),
		asks: make([]int32, t.units*t.days),
	}
	for _, need := range t.needs {
		most := int16(math.MaxInt16)
		if need.mostOfUnit > 0 {
			most = int16(min(need.mostOfUnit, math.MaxInt16))
		}
		b.slotOf, b.unitMost = append(b.slotOf, need.slot), append(b.unitMost, most)
	}
	return b
}

// post makes the fees known.
func (a *accord) post() {
	for n := range a.needs {
		a.postNeed(int32(n))
	}
	for u := range a.away {
		a.postUnit(u)
	}
}

func (a *accord) postNeed(n int32) {
	need := &a.needs[n]
	a.base[n] = int32(float64(a.fees) * (a.stiff*(float64(int32(len(a.members[n]))-need.size)+0.5) - a.price.need[n]))
	var lacks [SkillKinds]int32
	for k := range need.wants.each() {
		at := int(n)*int(SkillKinds) + int(k)
		lack := float64(int32(need.least[k])-a.have[at]) + a.price.skill[at]/a.stiff
		lacks[k] = a.rise(lack-1, lack)
	}
	for s, set := range a.sets {
		cost := a.base[n]
		for k := range (set & need.wants).each() {
			cost -= lacks[k]
		}
		a.posted[int(n)*len(a.sets)+s] = cost
	}
}

func (a *accord) postUnit(u int) {
	over := float64(a.away[u]-a.room[u]) + a.price.away[u]/a.stiff
	a.asks[u] = a.rise(over, over+1)
}

// rise is what it costs more to miss a limit by so much than by less, in parts.
func (a *accord) rise(less, miss float64) int32 {
	return int32(float64(a.fees) * (a.spring(miss) - a.spring(less)))
}

// spring is what it costs to miss a limit by so much.
func (a *accord) spring(miss float64) float64 {
	miss = max(0, miss)
	return 0.5 * a.stiff * miss * miss
}

// quote fills in what every slot costs the person in the areas looked at: area
// by area, since its needs lie one behind the other; then anew where the person
// is on duty, is frozen or was in the kept plan, which is not as for others.
func (v *visitor) quote(i int32) {
	v.weigh(i)
	for slot := range v.chain.slots {
		v.chain.slots[slot] = noLane
	}
	change := int32(0)
	if v.p.Kept != nil {
		change = int32(v.p.Weights.Change)
	}
	for g, area := range v.chain.areasOf {
		v.quoteArea(i, g, (v.place[int(i)*v.areas+int(area)]+change)*v.fees)
	}
	v.requote(i, v.row[int(i)*v.days:][:v.days])
	v.requote(i, v.frozenNeed[int(i)*v.days:][:v.days])
	if v.kept != nil {
		v.requote(i, v.kept[i])
	}
	v.openUp()
}

// quoteArea is fee for the needs of an area where the person is not, and was not.
func (v *visitor) quoteArea(i int32, g int, place int32) {
	unitOn, set := v.unitOn[int(v.unit[i])*len(v.needs):][:len(v.needs)], int(v.set[i])
	for _, n := range v.needsOf[v.chain.areasOf[g]] {
		slot := v.slotOf[n]
		cost := v.own[slot]
		if cost == dear || cost == -pull || unitOn[n] >= v.unitMost[n] {
			continue
		}
		cost += place + v.posted[int(n)*len(v.sets)+set]
		if costs := &v.chain.slots[slot]; cost < costs[g] {
			costs[g], v.chain.slotNeed[slot][g] = cost, n
		}
	}
}

// requote quotes the slots and areas of some needs anew; those below zero are none.
func (v *visitor) requote(i int32, needs []int32) {
	for _, n := range needs {
		if n < 0 {
			continue
		}
		if g := slices.Index(v.chain.areasOf, v.needs[n].area); g >= 0 {
			v.requoteSlot(i, v.needs[n].slot, g)
		}
	}
}

// requoteSlot is the cheapest fee of a slot in an area looked at.
func (v *visitor) requoteSlot(i, slot int32, g int) {
	costs := &v.chain.slots[slot]
	costs[g] = dear
	for _, n := range v.chain.needAt[int(slot)*v.areas+int(v.chain.areasOf[g])] {
		if cost := v.fee(i, n); cost < costs[g] {
			costs[g], v.chain.slotNeed[slot][g] = cost, n
		}
	}
}
