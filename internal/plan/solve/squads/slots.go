package squads

import "slices"

// price finds the cheapest need of every slot for a person, for each goal: the
// cost of the seat, what the unit asks and what the load costs, less what the
// need pays.
func (c *chainer) price(person int, q *priced) {
	t := c.table
	for slot, base := range t.slotCost[person*t.days*t.shifts:][:t.days*t.shifts] {
		goal, need := c.slots[slot*len(c.goals):][:len(c.goals)], c.need[slot*len(c.goals):][:len(c.goals)]
		for g := range goal {
			goal[g] = far
		}
		if base == never {
			continue
		}
		all := int64(base)*c.grain + q.away[int(t.unit[person])*t.days+slot/t.shifts] + q.load[person]*int64(t.p.Shifts[slot%t.shifts].Load) + c.change
		offers := c.see.of(person, slot)
		for g, area := range c.goals {
			if area < 0 {
				if cost, n := c.see.other(person, slot); n >= 0 {
					goal[g], need[g] = c.whole(all+cost, c.dearest), n
				}
			} else if in := &offers[area]; in.need >= 0 {
				goal[g], need[g] = c.whole(all+int64(t.place[person*t.areas+int(area)])*c.grain-in.pays, c.dearest), in.need
			}
		}
	}
	c.keep(person, q)
	for d := range t.days {
		if n := c.frozenNeed[person*t.days+d]; n >= 0 {
			c.force(person, n, q)
		}
	}
}

// goal is the place of an area among the goals.
func (c *chainer) goal(area int32) int {
	if g := slices.Index(c.goals, area); g >= 0 {
		return g
	}
	return c.tracked
}

// seatParts is what a person costs on a need, moves aside.
func (c *chainer) seatParts(person int, n int32, q *priced) int64 {
	need := &c.needs[n]
	return c.seatCost(int32(person), n)*c.grain - c.see.pays(n, c.skills[person], q) +
		q.away[int(c.unit[person])*c.days+int(need.day)] + q.load[person]*int64(need.load)
}

// keep lets a person have the needs of the kept plan without the cost of a change.
func (c *chainer) keep(person int, q *priced) {
	if c.change == 0 {
		return
	}
	for _, n := range c.kept[person] {
		need := &c.needs[n]
		if c.slot(int32(person), need.day, need.shift) == never {
			continue
		}
		k := int(need.slot)*len(c.goals) + c.goal(need.area)
		if cost := c.whole(c.seatParts(person, n, q), c.dearest); cost < c.slots[k] {
			c.slots[k], c.need[k] = cost, n
		}
	}
}

// force leaves a person only the frozen need on its day.
func (c *chainer) force(person int, n int32, q *priced) {
	need := &c.needs[n]
	day := int(need.day) * c.shifts * len(c.goals)
	for k := day; k < day+c.shifts*len(c.goals); k++ {
		c.slots[k] = far
	}
	k := int(need.slot)*len(c.goals) + c.goal(need.area)
	c.slots[k], c.need[k] = c.whole(c.seatParts(person, n, q), c.dearest), n
}
