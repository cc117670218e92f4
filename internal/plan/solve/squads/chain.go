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

// chainer finds one person's cheapest duties under prices, day by day from the
// last. Its states are: duties in the week so far, class of yesterday's shift,
// where the last duty was, what is left of the load so far when divided by
// cycle. Load has a price of its own, and may differ from the fair one at the
// end only by whole cycles. Runs of days and rest beyond the next day are left
// out: the bound only becomes lower.
type chainer struct {
	*grounds
	see        *offers
	cycle      int            // steps of load after which chains are not told apart
	then       [][]int        // [rest of load, shift]: the rest after it
	togo       [][]int64      // [day][duties, kind, last, rest of load]: before the day
	slots      []int64        // [day, shift, goal]: the cheapest need, in parts
	need       []int32        // [day, shift, goal]: which
	stay, turn int64          // in parts
	fairs      []int          // [rest of load]: the fair load
	least      [goals][]int64 // [rest of load]: what it costs to serve somewhere
	closed     []int64        // what is impossible
	duties     []int32        // of the cheapest chain
	load       int            // of the cheapest chain
	fair       int            // the load that its price makes fair, whole cycles from that of the chain
}

// newChainer knows loads up to so many of the lightest duties.
func newChainer(r *grounds, see *offers, known int) *chainer {
	c := &chainer{
		grounds: r, see: see, cycle: r.cycle(known),
		stay: int64(r.p.Weights.Stay) * grain, turn: int64(r.p.Weights.Turn) * grain,
		slots: make([]int64, r.days*r.shifts*goals), need: make([]int32, r.days*r.shifts*goals),
	}
	c.fairs, c.then = make([]int, c.cycle), r.turnover(c.cycle)
	for range c.cycle {
		c.closed = append(c.closed, far)
	}
	for g := range c.least {
		c.least[g] = make([]int64, c.cycle)
	}
	for range r.days + 1 {
		c.togo = append(c.togo, make([]int64, (r.most+1)*len(c.kinds)*lasts*c.cycle))
	}
	return c
}

// before is what the days from d on cost by the rest of the load, after so many
// duties of the week, a class of shift yesterday, and the last duty somewhere.
func (c *chainer) before(d, duties, kind, last int) []int64 {
	return c.togo[d][((duties*len(c.kinds)+kind)*lasts+last)*c.cycle:][:c.cycle]
}

// after is what the days after d cost, seen from that day: a new week forgets
// the duties of the last, a new batch where they were but for the tracked areas.
func (c *chainer) after(d, duties, kind, last int) []int64 {
	if c.lastOfBatch(d) {
		last = aged[last]
	}
	return c.before(d+1, c.passes(d, duties), kind, last)
}

// aged is where the last duty was once its batch is over.
var aged = func() (to [lasts]int) {
	for g := range trackedMost {
		to[inBatch+g], to[earlier+g] = earlier+g, earlier+g
	}
	return to // nowhere and elsewhere become nowhere
}()

// cheapest returns the least cost in parts of a person's duties under the
// prices; c.duties, c.load and c.fair are what costs it.
func (c *chainer) cheapest(person int, q *priced) int64 {
	c.price(person, q)
	last := c.togo[c.days]
	for rest := range c.cycle {
		var cost int64
		cost, c.fairs[rest] = c.fairest(person, rest, q.load[person])
		for k := rest; k < len(last); k += c.cycle {
			last[k] = cost
		}
	}
	for d := c.days - 1; d >= 0; d-- {
		c.back(person, d)
	}
	first := c.first(int32(person))
	c.fair = c.fairs[c.trace(person, first)]
	return c.before(0, 0, first, nowhere)[0]
}

// fairest is what the cheapest load with a rest costs a person by itself, when
// the price of load is paid back.
func (c *chainer) fairest(person, rest int, price int64) (cost int64, load int) {
	weight, target, step := int64(c.p.Weights.Fair)*grain, int64(c.target[person]), int64(c.loadStep)
	if weight == 0 {
		return 0, 0
	}
	at := func(load int64) int64 { return weight*(load-target)*(load-target) - price*load }
	cycle := int64(c.cycle) * step
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
		k := int(need.slot)*goals + c.goal(person, need.area)
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
	k := int(need.slot)*goals + c.goal(person, need.area)
	c.slots[k], c.need[k] = c.seatParts(person, n, q), n
}

// back fills togo[d] from the day after it.
func (c *chainer) back(person, d int) {
	forced := c.frozenNeed[person*c.days+d] >= 0
	room := int(c.weekMost[person*c.week+int(c.weekOf[d])])
	for duties := range min(c.most, c.inWeek[d]) + 1 {
		for kind := range c.grounds.kinds {
			if kind > 0 && duties == 0 && c.inWeek[d] > 0 {
				continue // nobody was on duty yesterday
			}
			if duties < room && c.serve(d, duties, kind, forced) {
				c.join(d, duties, kind, forced)
				continue
			}
			for last := range lasts {
				copy(c.before(d, duties, kind, last), c.off(d, duties, last, forced))
			}
		}
	}
}

// off is what a day off costs; a forced day knows none.
func (c *chainer) off(d, duties, last int, forced bool) []int64 {
	if forced {
		return c.closed
	}
	return c.after(d, duties, 0, last)
}

// serve fills least with what it costs to go to each goal, the move there
// aside; false where nobody may.
func (c *chainer) serve(d, duties, kind int, forced bool) bool {
	any := false
	for g := range c.least {
		copy(c.least[g], c.closed)
	}
	for s, then := range c.step[kind] {
		if then < 0 {
			if !forced {
				continue
			}
			then = 0
		}
		for g, cost := range c.slots[(d*c.shifts+s)*goals:][:goals] {
			if cost < far {
				any = true
				cheapen(c.least[g], c.after(d, duties+1, int(then), inBatch+g), c.then[0][s], cost)
			}
		}
	}
	return any
}

// cheapen lowers costs to those of the days after, which come with a load more,
// and a cost.
func cheapen(to, after []int64, load int, cost int64) {
	wrap := len(to) - load
	low, high := to[:wrap], to[wrap:]
	for rest, c := range after[load:][:len(low)] {
		low[rest] = min(low[rest], c+cost)
	}
	for rest, c := range after[:len(high)] {
		high[rest] = min(high[rest], c+cost)
	}
}

// join is the cheaper of serving and a day off. It is written out for two
// tracked areas, since most of the time of a bound is spent here.
func (c *chainer) join(d, duties, kind int, forced bool) {
	one, two, others := c.least[0], c.least[1][:len(c.least[0])], c.least[trackedMost][:len(c.least[0])]
	var to, off [lasts][]int64
	for last := range lasts {
		to[last], off[last] = c.before(d, duties, kind, last)[:len(one)], c.off(d, duties, last, forced)[:len(one)]
	}
	for rest, x := range one {
		y, z := two[rest], others[rest]
		all := min(x, y, z)
		stay := all + c.stay
		to[nowhere][rest] = min(off[nowhere][rest], all)
		to[inBatch][rest] = min(off[inBatch][rest], x, stay)
		to[inBatch+1][rest] = min(off[inBatch+1][rest], y, stay)
		to[elsewhere][rest] = min(off[elsewhere][rest], z, stay)
		to[earlier][rest] = min(off[earlier][rest], x+c.turn, y, z)
		to[earlier+1][rest] = min(off[earlier+1][rest], y+c.turn, x, z)
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
func (c *chainer) trace(person, first int) (rest int) {
	c.duties, c.load = c.duties[:0], 0
	duties, kind, last := 0, first, nowhere
	for d := range c.days {
		slot := c.choice(person, d, duties, kind, rest, last)
		before := kind
		if kind = 0; slot >= 0 {
			s, g := slot/goals%c.shifts, slot%goals
			duties, kind, rest, last = duties+1, int(max(0, c.step[before][s])), c.then[rest][s], inBatch+g
			c.duties = append(c.duties, c.need[slot])
			c.load += c.p.Shifts[s].Load
		}
		duties = c.passes(d, duties)
		if c.lastOfBatch(d) {
			last = aged[last]
		}
	}
	return rest
}

// choice is the slot and goal by which a state's cost came about, or −1.
func (c *chainer) choice(person, d, duties, kind, rest, last int) int {
	cost := c.before(d, duties, kind, last)[rest]
	forced := c.frozenNeed[person*c.days+d] >= 0
	if !forced && c.after(d, duties, 0, last)[rest] == cost {
		return -1
	}
	for s := range c.shifts {
		then := c.step[kind][s]
		if then < 0 && !forced {
			continue
		}
		then = max(0, then)
		for g := range goals {
			slot := (d*c.shifts+s)*goals + g
			if c.slots[slot] < far && c.move(last, g)+c.slots[slot]+c.after(d, duties+1, int(then), inBatch+g)[c.then[rest][s]] == cost {
				return slot
			}
		}
	}
	panic("squads: a chain of duties without a next day")
}
