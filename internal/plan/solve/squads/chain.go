package squads

import "slices"

// far is more than any chain of duties costs, in parts.
const far = int64(1) << 60

// Where a person served last, as the bound sees it: nowhere that matters, in
// a tracked area or another one within the batch, or in a tracked area in an
// earlier batch.
const (
	nowhere   = 0
	inBatch   = 1               // + goal
	elsewhere = 1 + trackedMost // in this batch
	earlier   = 2 + trackedMost // + goal
	lasts     = 2 + 2*trackedMost
	goals     = 1 + trackedMost // where to serve: the tracked areas and all others
)

// cell is what the days to come cost at least, by where one served last.
type cell [lasts]int64

// chainer finds one person's cheapest duties under prices, day by day from the
// last. Its states are: duties in the week so far, class of yesterday's shift,
// what is left of the load so far when divided by cycle, where the last duty
// was. Load has a price of its own, and may differ from the fair one at the end
// only by whole cycles. Runs of days and rest beyond the next day are left out:
// the bound only becomes lower.
type chainer struct {
	*relaxation
	see        *offers
	kinds      int      // classes of yesterday
	togo       [][]cell // [day][duties, kind, rest of load]: before the day
	after      []cell   // after the day looked at
	may        [][]bool // [kind, shift]
	slots      []int64  // [day, shift, goal]: the cheapest need, in parts
	need       []int32  // [day, shift, goal]: which
	stay, turn int64    // in parts
	fairs      []int    // [rest of load]: the fair load
	duties     []int32  // of the cheapest chain
	load       int      // of the cheapest chain
	fair       int      // the load that its price makes fair, whole cycles from that of the chain
}

func newChainer(r *relaxation) *chainer {
	c := &chainer{
		relaxation: r, see: newOffers(r.table), kinds: len(r.follows),
		stay: int64(r.p.Weights.Stay) * grain, turn: int64(r.p.Weights.Turn) * grain,
	}
	size := (r.most + 1) * c.kinds * c.cycle
	for range r.days + 1 {
		c.togo = append(c.togo, make([]cell, size))
	}
	c.after, c.fairs = make([]cell, size), make([]int, c.cycle)
	c.slots, c.need = make([]int64, r.days*r.shifts*goals), make([]int32, r.days*r.shifts*goals)
	for _, row := range r.follows {
		may := make([]bool, r.shifts)
		for s := range may {
			may[s] = row[r.enters[s]]
		}
		c.may = append(c.may, may)
	}
	return c
}

// at is the state with so many duties, after a class, with a rest of load.
func (c *chainer) at(duties, kind, rest int) int { return (duties*c.kinds+kind)*c.cycle + rest }

// cheapest returns the least cost in parts of a person's duties under the
// prices; c.duties, c.load and c.fair are what costs it.
func (c *chainer) cheapest(person int, q *priced) int64 {
	c.price(person, q)
	for rest := range c.cycle {
		var cost int64
		cost, c.fairs[rest] = c.fairest(person, rest, q.load[person])
		for k := rest; k < len(c.togo[c.days]); k += c.cycle {
			for last := range c.togo[c.days][k] {
				c.togo[c.days][k][last] = cost
			}
		}
	}
	for d := c.days - 1; d >= 0; d-- {
		c.back(person, d)
	}
	c.fair = c.fairs[c.trace(person)]
	return c.togo[0][0][nowhere]
}

// fairest is what the cheapest load with a rest costs a person by itself, when
// the price of load is paid back.
func (r *relaxation) fairest(person, rest int, price int64) (cost int64, load int) {
	weight, target, step := int64(r.p.Weights.Fair)*grain, int64(r.target[person]), int64(r.loadStep)
	if weight == 0 {
		return 0, 0
	}
	at := func(load int64) int64 { return weight*(load-target)*(load-target) - price*load }
	cycle := int64(r.cycle) * step
	l := max(0, (target+price/(2*weight))/cycle-1)*cycle + int64(rest)*step
	for at(l+cycle) <= at(l) {
		l += cycle
	}
	return at(l), int(l)
}

// price finds the cheapest need of every slot for a person, in each tracked
// area and in all others: the cost of the seat, what the unit asks and what
// the load costs, less what the need pays.
func (c *chainer) price(person int, q *priced) {
	t := c.table
	slots := t.slotCost[person*t.days*t.shifts:][:t.days*t.shifts]
	tracked := c.see.tracked[person]
	for slot, base := range slots {
		goal, need := c.slots[slot*goals:][:goals], c.need[slot*goals:][:goals]
		for g := range goal {
			goal[g] = far
		}
		if base == never {
			continue
		}
		all := int64(base)*grain + q.away[int(t.unit[person])*t.days+slot/t.shifts] + q.load[person]*int64(t.p.Shifts[slot%t.shifts].Load) + c.change
		offers := c.see.of(person, slot)
		for g, a := range tracked {
			if in := &offers[a]; in.need >= 0 {
				goal[g], need[g] = all+int64(t.place[person*t.areas+int(a)])*grain-in.pays, in.need
			}
		}
		if cost, n := c.see.other(person, slot); n >= 0 {
			goal[trackedMost], need[trackedMost] = all+cost, n
		}
	}
	c.keep(person, q)
	for d := range t.days {
		if n := c.frozenNeed[person*t.days+d]; n >= 0 {
			c.force(person, n, q)
		}
	}
}

// seatParts is what a person costs on a need, moves aside.
func (c *chainer) seatParts(person int, n int32, q *priced) int64 {
	need := &c.needs[n]
	return c.seatCost(int32(person), n)*grain - c.see.pays(n, c.skills[person], q) +
		q.away[int(c.unit[person])*c.days+int(need.day)] + q.load[person]*int64(need.load)
}

func (c *chainer) goal(person int, area int32) int {
	if g := slices.Index(c.see.tracked[person], area); g >= 0 {
		return g
	}
	return trackedMost
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
		k := c.see.slotOf(need)*goals + c.goal(person, need.area)
		if cost := c.seatParts(person, n, q); cost < c.slots[k] {
			c.slots[k], c.need[k] = cost, n
		}
	}
}

// force leaves a person only the frozen need on its day.
func (c *chainer) force(person int, n int32, q *priced) {
	need := &c.needs[n]
	day := int(need.day) * c.shifts * goals
	for k := day; k < day+c.shifts*goals; k++ {
		c.slots[k] = far
	}
	k := c.see.slotOf(need)*goals + c.goal(person, need.area)
	c.slots[k], c.need[k] = c.seatParts(person, n, q), n
}

// enter is the state before a day that one after the day before becomes: a new
// week forgets the duties of the last, a new batch where they were but for the
// tracked areas.
func (c *chainer) enter(d, at, last int) (int, int) {
	if d == 0 || d == c.days {
		return at, last
	}
	if c.weekOf[d] != c.weekOf[d-1] {
		at %= c.kinds * c.cycle
	}
	if c.batchOf[d] != c.batchOf[d-1] {
		last = aged[last]
	}
	return at, last
}

// aged is where the last duty was once its batch is over.
var aged = func() (to [lasts]int) {
	for g := range trackedMost {
		to[inBatch+g], to[earlier+g] = earlier+g, earlier+g
	}
	return to // nowhere and elsewhere become nowhere
}()

// leave fills after with what the days after d cost.
func (c *chainer) leave(d int) []cell {
	next := c.togo[d+1]
	if d+1 == c.days || c.weekOf[d+1] == c.weekOf[d] && c.batchOf[d+1] == c.batchOf[d] {
		return next
	}
	for at := range c.after {
		for last := range c.after[at] {
			before, l := c.enter(d+1, at, last)
			c.after[at][last] = next[before][l]
		}
	}
	return c.after
}

// back fills togo[d] from the days after it.
func (c *chainer) back(person, d int) {
	after := c.leave(d)
	forced := c.frozenNeed[person*c.days+d] >= 0
	room := int(c.weekMost[person*c.week+int(c.weekOf[d])])
	for duties := range min(c.most, c.inWeek[d]) + 1 {
		for kind := range c.kinds {
			if kind > 0 && duties == 0 && c.inWeek[d] > 0 {
				continue // off duty yesterday
			}
			for rest := range c.cycle {
				to := &c.togo[d][c.at(duties, kind, rest)]
				if forced {
					*to = cell{far, far, far, far, far, far}
				} else {
					*to = after[c.at(duties, 0, rest)]
				}
				if duties < room {
					serve := c.serve(d, duties, kind, rest, forced, after)
					c.join(to, &serve)
				}
			}
		}
	}
}

// serve is what it costs to go to each goal, the move there aside.
func (c *chainer) serve(d, duties, kind, rest int, forced bool, after []cell) (least [goals]int64) {
	for g := range least {
		least[g] = far
	}
	for s, may := range c.may[kind] {
		if !may && !forced {
			continue
		}
		costs := c.slots[(d*c.shifts+s)*goals:][:goals]
		next := &after[c.at(duties+1, int(c.leaves[s]), c.then[rest][s])]
		for g := range goals {
			least[g] = min(least[g], costs[g]+next[inBatch+g])
		}
	}
	return least
}

// join lets a person serve where that costs less.
func (c *chainer) join(to *cell, serve *[goals]int64) {
	all := serve[trackedMost]
	for g := range trackedMost {
		all = min(all, serve[g])
	}
	to[nowhere] = min(to[nowhere], all)
	to[elsewhere] = min(to[elsewhere], serve[trackedMost], all+c.stay)
	for g := range trackedMost {
		others := serve[trackedMost]
		for h := range trackedMost {
			if h != g {
				others = min(others, serve[h])
			}
		}
		to[inBatch+g] = min(to[inBatch+g], serve[g], others+c.stay)
		to[earlier+g] = min(to[earlier+g], serve[g]+c.turn, others)
	}
}

// move is what it costs to go to a goal.
func (c *chainer) move(last, goal int) int64 {
	switch {
	case last == nowhere || last == inBatch+goal: // elsewhere is in the batch, too
		return 0
	case last < earlier:
		return c.stay
	case last == earlier+goal:
		return c.turn
	}
	return 0
}

// trace walks the cheapest chain, notes its duties and load, and returns the
// rest of the load.
func (c *chainer) trace(person int) (rest int) {
	c.duties, c.load = c.duties[:0], 0
	duties, kind, last := 0, 0, nowhere
	for d := range c.days {
		slot := c.choice(person, d, duties, kind, rest, last)
		if kind = 0; slot >= 0 {
			s, g := slot/goals%c.shifts, slot%goals
			duties, kind, rest, last = duties+1, int(c.leaves[s]), c.then[rest][s], inBatch+g
			c.duties = append(c.duties, c.need[slot])
			c.load += c.p.Shifts[s].Load
		}
		at := 0
		at, last = c.enter(d+1, c.at(duties, kind, rest), last)
		duties = at / c.cycle / c.kinds
	}
	return rest
}

// choice is the slot and goal by which a state's cost came about, or −1.
func (c *chainer) choice(person, d, duties, kind, rest, last int) int {
	cost := c.togo[d][c.at(duties, kind, rest)][last]
	then := func(at, last int) int64 {
		at, last = c.enter(d+1, at, last)
		return c.togo[d+1][at][last]
	}
	forced := c.frozenNeed[person*c.days+d] >= 0
	if !forced && then(c.at(duties, 0, rest), last) == cost {
		return -1
	}
	for s := range c.shifts {
		if !forced && !c.may[kind][s] {
			continue
		}
		for g := range goals {
			slot := (d*c.shifts+s)*goals + g
			if c.slots[slot] < far && c.move(last, g)+c.slots[slot]+then(c.at(duties+1, int(c.leaves[s]), c.then[rest][s]), inBatch+g) == cost {
				return slot
			}
		}
	}
	panic("squads: a chain of duties without a next day")
}
