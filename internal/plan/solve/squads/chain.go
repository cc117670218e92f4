package squads

import "math"

// far is more than any chain of duties costs, in parts.
const far = int64(1) << 60

// chainer finds one person's cheapest duties under prices, day by day. Its
// states are: duties in the week so far, class of yesterday's shift, load so
// far. What it costs to move between areas is left out, and so are runs of
// days and rest beyond the next day: the bound only becomes lower.
type chainer struct {
	*relaxation
	kinds  int       // classes of yesterday
	width  int       // loads, in steps
	after  [][]int64 // of each day, the cost of the states after it
	start  []int64   // the states before day 0
	weekly []int64   // states at the start of a week: those of the day before, counted from nothing
	merged []int64   // [load]: best over yesterday's classes
	best   []int64   // [day, shift]: the cheapest need of it, in parts
	need   []int32   // [day, shift]: which
	duties []int32   // of the cheapest chain, last one first
	load   int       // of the cheapest chain
	haze   int64     // in parts: how far chance moves what a need costs
	random uint64
}

func newChainer(r *relaxation) *chainer {
	c := &chainer{relaxation: r, kinds: len(r.follows), width: r.mostLoad/r.loadStep + 1}
	size := (r.most + 1) * c.kinds * c.width
	for range r.days {
		c.after = append(c.after, make([]int64, size))
	}
	c.start, c.weekly, c.merged = make([]int64, size), make([]int64, size), make([]int64, c.width)
	for k := range c.start {
		c.start[k] = far
	}
	c.start[0] = 0
	c.best, c.need = make([]int64, r.days*r.shifts), make([]int32, r.days*r.shifts)
	return c
}

// priced are prices in whole parts.
type priced struct{ need, skill, away []int64 }

// cheapest returns the least cost in parts of a person's duties and load under
// the prices; c.duties and c.load are what costs it.
func (c *chainer) cheapest(person int, q *priced) int64 {
	c.duties, c.load = c.duties[:0], 0
	c.price(person, q)
	for d := range c.days {
		c.step(person, d)
	}
	last := c.start
	if c.days > 0 {
		last = c.after[c.days-1]
	}
	least, at := int64(math.MaxInt64), 0
	for k, cost := range last {
		if cost >= far {
			continue
		}
		if cost += c.fairParts(person, k%c.width*c.loadStep); cost < least {
			least, at = cost, k
		}
	}
	c.load = at % c.width * c.loadStep
	c.trace(person, at)
	return least
}

func (c *chainer) fairParts(person, load int) int64 {
	off := int64(load) - int64(c.target[person])
	return c.fairWeight * off * off
}

// price finds the cheapest need of every slot for a person: the cost of the
// seat and what the unit asks, less what the need pays.
func (c *chainer) price(person int, q *priced) {
	t := c.table
	skills := t.skills[person]
	place := t.place[person*t.areas:][:t.areas]
	slots := t.slotCost[person*t.days*t.shifts:][:t.days*t.shifts]
	for k := range c.best {
		c.best[k], c.need[k] = far, -1
	}
	for n := range t.needs {
		need := &t.needs[n]
		k := int(need.day)*t.shifts + int(need.shift)
		cost := int64(place[need.area])*grain - q.need[n]
		if set := skills & need.wants; set != 0 {
			for skill := range SkillKinds {
				if set.Has(skill) {
					cost -= q.skill[n*int(SkillKinds)+int(skill)]
				}
			}
		}
		if c.change > 0 && !t.p.Kept.has(n, person) {
			cost += c.change
		}
		if c.haze > 0 {
			cost -= c.chance()
		}
		if cost < c.best[k] {
			c.best[k], c.need[k] = cost, int32(n)
		}
	}
	for d := range t.days {
		away := q.away[int(t.unit[person])*t.days+d]
		for s := range t.shifts {
			k := d*t.shifts + s
			if slots[k] == never {
				c.best[k] = far
			} else if c.best[k] < far {
				c.best[k] += int64(slots[k])*grain + away
			}
		}
		if n := c.frozenNeed[person*t.days+d]; n >= 0 {
			c.force(person, int(n), q)
		}
	}
}

// gumbel holds −ln(−ln(u)) in parts for u spread evenly over (0, 1): choices
// shifted by it spread like a softened minimum.
var gumbel = func() (table [1 << 10]int64) {
	for k := range table {
		table[k] = parts(-math.Log(-math.Log((float64(k) + 0.5) / float64(len(table)))))
	}
	return
}()

func (c *chainer) chance() int64 {
	c.random ^= c.random << 13
	c.random ^= c.random >> 7
	c.random ^= c.random << 17
	return c.haze * gumbel[c.random>>54] / grain
}

// force leaves a person only the frozen need on its day.
func (c *chainer) force(person, n int, q *priced) {
	need := &c.needs[n]
	d := int(need.day)
	for s := range c.shifts {
		c.best[d*c.shifts+s] = far
	}
	cost := c.seatCost(int32(person), int32(n))*grain - q.need[n] + q.away[int(c.unit[person])*c.days+d]
	for k := range SkillKinds {
		if (c.skills[person] & need.wants).Has(k) {
			cost -= q.skill[n*int(SkillKinds)+int(k)]
		}
	}
	at := d*c.shifts + int(need.shift)
	c.best[at], c.need[at] = cost, int32(n)
}

// entering are the states before a day.
func (c *chainer) entering(d int) []int64 {
	if d == 0 {
		return c.start
	}
	v := c.after[d-1]
	if c.weekOf[d] == c.weekOf[d-1] {
		return v
	}
	size := c.kinds * c.width
	copy(c.weekly, v)
	for k := size; k < len(v); k++ {
		c.weekly[k%size] = min(c.weekly[k%size], v[k])
		c.weekly[k] = far
	}
	return c.weekly
}

// step fills after[d].
func (c *chainer) step(person, d int) {
	v, next := c.entering(d), c.after[d]
	for k := range next {
		next[k] = far
	}
	forced := c.frozenNeed[person*c.days+d] >= 0
	room := int(c.weekMost[person*c.week+int(c.weekOf[d])])
	for duties := range c.most + 1 {
		if !forced {
			c.merge(v, duties, -1)
			copy(next[c.at(duties, 0):][:c.width], c.merged)
		}
	}
	for duties := range room {
		for class := range len(c.follows[0]) {
			if forced {
				c.merge(v, duties, -1)
			} else {
				c.merge(v, duties, class)
			}
			for s := range c.shifts {
				if int(c.enters[s]) == class {
					c.serve(next, d, s, duties)
				}
			}
		}
	}
}

// at is the first state, of load 0, with so many duties after a class.
func (c *chainer) at(duties, kind int) int { return (duties*c.kinds + kind) * c.width }

// merge takes the best over yesterday's classes that a class may follow
// (−1: all).
func (c *chainer) merge(v []int64, duties, class int) {
	copy(c.merged, v[c.at(duties, 0):])
	for kind := 1; kind < c.kinds; kind++ {
		if class >= 0 && !c.follows[kind][class] {
			continue
		}
		for k, cost := range v[c.at(duties, kind):][:c.width] {
			c.merged[k] = min(c.merged[k], cost)
		}
	}
}

// serve takes merged through one shift of a day.
func (c *chainer) serve(next []int64, d, s, duties int) {
	cost := c.best[d*c.shifts+s]
	if cost >= far {
		return
	}
	up := c.p.Shifts[s].Load / c.loadStep
	to := next[c.at(duties+1, int(c.leaves[s])):][:c.width][up:]
	for k, before := range c.merged[:len(to)] {
		to[k] = min(to[k], before+cost)
	}
}

// trace walks back from a state after the last day and notes the duties.
func (c *chainer) trace(person, k int) {
	for d := c.days - 1; d >= 0; d-- {
		before, need := c.back(person, d, k)
		if need >= 0 {
			c.duties = append(c.duties, need)
		}
		if d > 0 && c.weekOf[d] != c.weekOf[d-1] {
			cost := c.entering(d)[before]
			for c.after[d-1][before] != cost {
				before += c.kinds * c.width
			}
		}
		k = before
	}
}

// back is a state before a day that leads to state k after it, and the need
// served on it or −1.
func (c *chainer) back(person, d, k int) (before int, need int32) {
	v, cost := c.entering(d), c.after[d][k]
	load, kind, duties := k%c.width, k/c.width%c.kinds, k/c.width/c.kinds
	forced := c.frozenNeed[person*c.days+d] >= 0
	if kind == 0 && !forced {
		for other := range c.kinds {
			if at := c.at(duties, other) + load; v[at] == cost {
				return at, -1
			}
		}
	}
	for s := range c.shifts {
		from := load - c.p.Shifts[s].Load/c.loadStep
		if int(c.leaves[s]) != kind || from < 0 || duties == 0 || c.best[d*c.shifts+s] >= far {
			continue
		}
		for other := range c.kinds {
			if !forced && !c.follows[other][c.enters[s]] {
				continue
			}
			if at := c.at(duties-1, other) + from; v[at]+c.best[d*c.shifts+s] == cost {
				return at, c.need[d*c.shifts+s]
			}
		}
	}
	panic("squads: a chain of duties without a beginning")
}
