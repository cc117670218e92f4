package squads

// far is more than any chain of duties costs, in parts, and capacity the most
// that a chain may come to for its cost to be whole.
const (
	far      = int32(1) << 30
	capacity = int32(1) << 28
)

// chainer finds one person's cheapest duties under prices, day by day from the
// last. Its states are: duties in the week so far, the kind of yesterday, the
// lane, which says where the last duty was, and what is left of the load so far
// when divided by cycle. Load has a price of its own, and may differ from the
// fair one at the end only by whole cycles. Rest beyond the next day, the mix of
// units and some moves are left out: the bound only becomes lower.
//
// The lanes are: nowhere that matters; for each tracked area, there in an earlier
// batch; for each goal, there in this batch. Goals are the tracked areas, and all
// others as if they were one.
type chainer struct {
	*grounds
	see        *offers
	cycle      int         // steps of load after which chains are not told apart; a multiple of width
	stride     int         // costs of a lane: those of a cycle, and the first ones again
	loads      []int       // [shift]: steps, less whole cycles
	stages     [][]stage   // of each day, those that can be reached
	room       [][]int32   // of each day, for togo
	togo       [][][]int32 // [day][duties, kind]: what the days from it on cost, by lane and rest of load
	tracked    int         // areas of the person
	goals      []int32     // areas of the person; −1: any other
	slots      []int32     // [day, shift, goal]: the cheapest need, in parts
	need       []int32     // [day, shift, goal]: which
	dearest    int32       // that a duty may be
	stay, turn int32       // in parts
	fairs      []int       // [rest of load]: the fair load
	from       []int       // [lane]: where its costs of the day after begin
	open       []duty      // what may be served on a day
	least      []int32     // [1 + goal, rest of load]: what it costs to serve there; first, anywhere
	closed     []int32     // what is impossible
	duties     []int32     // of the cheapest chain
	load       int         // of the cheapest chain
	fair       int         // the load that its price makes fair, whole cycles from that of the chain
	beyond     bool        // costs are too much for a chain
}

// stage is what a day finds: duties in the week so far, and the kind of yesterday.
type stage struct{ duties, kind int }

// newChainer knows loads up to so many of the lightest duties.
func newChainer(g *grounds, see *offers, known int) *chainer {
	c := &chainer{
		grounds: g, see: see, cycle: (g.cycle(known) + width - 1) / width * width,
		dearest: capacity / int32(max(g.days, 1)),
	}
	c.stay, c.turn, c.stride = c.whole(int64(g.p.Weights.Stay)*g.grain, c.dearest), c.whole(int64(g.p.Weights.Turn)*g.grain, c.dearest), c.cycle
	goals := trackedMost + 1
	c.slots, c.need = make([]int32, g.days*g.shifts*goals), make([]int32, g.days*g.shifts*goals)
	for _, s := range g.p.Shifts {
		c.loads = append(c.loads, s.Load/g.loadStep%c.cycle)
		c.stride = max(c.stride, c.cycle+(c.loads[len(c.loads)-1]+width-1)/width*width)
	}
	lanes := 1 + trackedMost + goals
	c.fairs, c.from, c.closed = make([]int, c.cycle), make([]int, lanes), make([]int32, lanes*c.stride)
	for k := range c.closed {
		c.closed[k] = far
	}
	c.least = make([]int32, (1+goals)*c.cycle)
	c.fillStages(lanes)
	return c
}

// fillStages finds what can be reached on each day, by whoever may do most.
func (c *chainer) fillStages(lanes int) {
	reached := map[stage]bool{}
	for k, kind := range c.kinds {
		if kind.class == 0 {
			reached[stage{0, k}] = true
		}
	}
	for d := range c.days + 1 {
		var list []stage
		next := map[stage]bool{}
		for duties := range c.most + 1 {
			for k := range c.kinds {
				if !reached[stage{duties, k}] {
					continue
				}
				list = append(list, stage{duties, k})
				next[stage{c.passes(d, duties), 0}] = true
				for _, then := range c.step[k] {
					if duties < c.most && (then >= 0 || len(c.p.Frozen) > 0) {
						next[stage{c.passes(d, duties+1), int(max(0, then))}] = true
					}
				}
			}
		}
		reached = next
		c.stages = append(c.stages, list)
		c.room = append(c.room, make([]int32, len(list)*lanes*c.stride))
		c.togo = append(c.togo, make([][]int32, (c.most+1)*len(c.kinds)))
	}
}

// at is what the days from d on cost from a stage, by lane and rest of the load.
func (c *chainer) at(d int, s stage) []int32 { return c.togo[d][s.duties*len(c.kinds)+s.kind] }

// next is the stage of the day after d.
func (c *chainer) next(d, duties, kind int) stage { return stage{c.passes(d, duties), kind} }

// in is the lane of a goal.
func (c *chainer) in(goal int) int { return 1 + c.tracked + goal }

// aged is a lane on the day after d, seen from d: a new batch forgets where the
// last duty was, but for the tracked areas.
func (c *chainer) aged(d, lane int) int {
	switch first := c.in(0); {
	case !c.lastOfBatch(d) || lane < first:
		return lane
	case lane < first+c.tracked:
		return lane - c.tracked
	}
	return 0
}

// cheapest returns the least cost in parts of a person's duties under the
// prices; c.duties, c.load and c.fair are what costs it. Costs may be too much to
// be counted.
func (c *chainer) cheapest(person int, q *priced) (cost int64, counted bool) {
	c.goals = append(append(c.goals[:0], c.see.tracked[person]...), -1)
	c.tracked = len(c.goals) - 1
	c.beyond = false
	c.price(person, q)
	c.finish(person, q.load[person])
	if c.beyond {
		return 0, false
	}
	for d := c.days - 1; d >= 0; d-- {
		c.back(person, d)
	}
	first := stage{0, c.first(int32(person))}
	c.fair = c.fairs[c.trace(person, first)]
	return int64(c.at(0, first)[0]), true
}

// whole makes a cost one that many of can be added up: less, if need be, which
// only lowers the bound.
func (c *chainer) whole(cost int64, most int32) int32 {
	if cost < -int64(most) {
		c.beyond = true
	}
	return int32(min(cost, int64(most)))
}

// finish is what loads cost after the last day.
func (c *chainer) finish(person int, price int64) {
	costs := c.room[c.days]
	for rest := range c.cycle {
		var cost int64
		cost, c.fairs[rest] = c.fairest(person, rest, price)
		costs[rest] = c.whole(cost, capacity)
	}
	c.wrap(costs[:c.stride])
	for lane := c.stride; lane < len(costs); lane += c.stride {
		copy(costs[lane:], costs[:c.stride])
	}
	for k := range c.togo[c.days] {
		c.togo[c.days][k] = costs
	}
}

// wrap repeats the first costs of a lane after the last one.
func (c *chainer) wrap(lane []int32) { copy(lane[c.cycle:], lane) }

// fairest is what the cheapest load with a rest costs a person by itself, when
// the price of load is paid back.
func (c *chainer) fairest(person, rest int, price int64) (cost int64, load int) {
	weight, target, step := int64(c.p.Weights.Fair)*c.grain, int64(c.target[person]), int64(c.loadStep)
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

// back fills togo[d] from the day after it. A stage that cannot but be off costs
// what the day after does.
func (c *chainer) back(person, d int) {
	forced := c.frozenNeed[person*c.days+d] >= 0
	most := int(c.weekMost[person*c.week+int(c.weekOf[d])])
	lanes, room := c.in(len(c.goals)), c.room[d]
	for lane := range lanes {
		c.from[lane] = c.aged(d, lane) * c.stride
	}
	for _, s := range c.stages[d] {
		to := &c.togo[d][s.duties*len(c.kinds)+s.kind]
		off := c.at(d+1, c.next(d, s.duties, 0))
		served := s.duties < most && c.serve(d, s, forced)
		if !served && !forced && !c.lastOfBatch(d) {
			*to = off
			continue
		}
		*to, room = room[:lanes*c.stride], room[lanes*c.stride:]
		if forced {
			off = c.closed
		}
		switch {
		case !served:
			for lane, from := range c.from[:lanes] {
				copy((*to)[lane*c.stride:][:c.stride], off[from:])
			}
		case wide:
			c.joinWide(*to, off)
		default:
			c.join(*to, off)
		}
	}
}

// duty is what it costs to serve a goal: what the days after cost, and more.
type duty struct {
	goal  int
	after []int32 // [rest of load before]
	more  int32
}

// serve lists what may be served; false where nothing may.
func (c *chainer) serve(d int, s stage, forced bool) bool {
	c.open = c.open[:0]
	for shift, then := range c.step[s.kind] {
		if then < 0 && !forced {
			continue
		}
		after := c.at(d+1, c.next(d, s.duties+1, int(max(0, then))))
		for g, cost := range c.slots[(d*c.shifts+shift)*len(c.goals):][:len(c.goals)] {
			if cost < far {
				c.open = append(c.open, duty{g, after[c.from[c.in(g)]+c.loads[shift]:][:c.cycle], cost})
			}
		}
	}
	return len(c.open) > 0
}

// join is, for every lane and rest, the cheapest of a day off and of serving:
// anywhere, or as moves cost.
func (c *chainer) join(to, off []int32) {
	any := c.lowest()
	for lane := range c.in(len(c.goals)) {
		now := to[lane*c.stride:][:c.stride]
		costs := now[:c.cycle]
		copy(costs, off[c.from[lane]:])
		switch goal := lane - c.in(0); {
		case lane == 0:
			cheapen(costs, any, 0)
		case goal >= 0:
			cheapen(costs, any, c.stay)
			cheapen(costs, c.leastAt(goal), 0)
		default:
			for g := range c.goals {
				cheapen(costs, c.leastAt(g), c.move(lane, g))
			}
		}
		c.wrap(now)
	}
}

// leastAt is what it costs to serve at a goal, by rest of load.
func (c *chainer) leastAt(goal int) []int32 { return c.least[(1+goal)*c.cycle:][:c.cycle] }

// lowest works out what it costs to serve at each goal, and returns that anywhere.
func (c *chainer) lowest() []int32 {
	for k := range c.least {
		c.least[k] = far
	}
	any := c.least[:c.cycle]
	for k := range c.open {
		o := &c.open[k]
		cheapen(c.leastAt(o.goal), o.after, o.more)
	}
	for g := range c.goals {
		cheapen(any, c.leastAt(g), 0)
	}
	return any
}

// move is what it costs to go from a lane to a goal.
func (c *chainer) move(lane, goal int) int32 {
	switch in := c.in(0); {
	case lane == 0 || lane == in+goal:
		return 0 // also among areas that are as if one
	case lane >= in:
		return c.stay
	case lane == 1+goal:
		return c.turn
	}
	return 0
}

// trace walks the cheapest chain, notes its duties and load, and returns the
// rest of the load.
func (c *chainer) trace(person int, s stage) (rest int) {
	c.duties, c.load = c.duties[:0], 0
	lane := 0
	for d := range c.days {
		at := c.choice(person, d, s, rest, lane)
		if at < 0 {
			s, lane = c.next(d, s.duties, 0), c.aged(d, lane)
			continue
		}
		shift, g := at/len(c.goals)%c.shifts, at%len(c.goals)
		s = c.next(d, s.duties+1, int(max(0, c.step[s.kind][shift])))
		rest, lane = (rest+c.loads[shift])%c.cycle, c.aged(d, c.in(g))
		c.duties = append(c.duties, c.need[at])
		c.load += c.p.Shifts[shift].Load
	}
	return rest
}

// choice is the slot and goal by which a cost came about, or −1.
func (c *chainer) choice(person, d int, s stage, rest, lane int) int {
	cost := c.at(d, s)[lane*c.stride+rest]
	forced := c.frozenNeed[person*c.days+d] >= 0
	if !forced && c.at(d+1, c.next(d, s.duties, 0))[c.aged(d, lane)*c.stride+rest] == cost {
		return -1
	}
	for shift, then := range c.step[s.kind] {
		if then < 0 && !forced {
			continue
		}
		after := c.at(d+1, c.next(d, s.duties+1, int(max(0, then))))
		for g := range c.goals {
			slot := (d*c.shifts+shift)*len(c.goals) + g
			if c.slots[slot] < far && c.move(lane, g)+c.slots[slot]+after[c.aged(d, c.in(g))*c.stride+rest+c.loads[shift]] == cost {
				return slot
			}
		}
	}
	panic("squads: a chain of duties without a next day")
}

// paid is what the rules pay for the chain measured last, in parts.
func (c *chainer) paid(person int, q *priced) int64 {
	sum := -q.load[person] * int64(c.load-c.fair)
	for _, n := range c.duties {
		sum += c.see.pays(n, c.skills[person], q) - q.away[int(c.unit[person])*c.days+int(c.needs[n].day)]
	}
	return sum
}
