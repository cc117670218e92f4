package squads

import "slices"

// dear is more than any chain of duties costs, in parts.
const dear = int32(1) << 28

// lanes is how many areas a person looks at in one choice.
const lanes = 8

// lane is a cost in each of those areas.
type lane [lanes]int32

// noLane is dear in every area.
var noLane = func() (l lane) {
	for g := range l {
		l[g] = dear
	}
	return l
}()

// kind is what yesterday leaves: the class of its shift, and the days in a row.
type kind struct{ class, run int32 }

// grounds are what everybody's choice of duties rests on.
type grounds struct {
	*relaxation
	kinds  []kind
	step   [][]int32 // [kind, shift]: the kind it becomes, −1 where it may not be served
	needAt [][]int32 // [day, shift, area]: needs
}

func newGrounds(r *relaxation, needAt [][]int32) *grounds {
	g := &grounds{relaxation: r, needAt: needAt}
	g.fillKinds()
	return g
}

// fillKinds follows the shifts from a day off to all that a day can leave.
func (g *grounds) fillKinds() {
	limit := int32(g.p.Rules.InRow)
	g.kinds = []kind{{}}
	for run := int32(1); run <= limit; run++ { // days before the plan, after which any shift may follow
		g.kinds = append(g.kinds, kind{0, run})
	}
	for k := 0; k < len(g.kinds); k++ {
		row := make([]int32, g.shifts)
		for s := range row {
			row[s] = -1
			if !g.follows[g.kinds[k].class][g.enters[s]] || limit > 0 && g.kinds[k].run >= limit {
				continue
			}
			next := kind{class: g.leaves[s]}
			if limit > 0 {
				next.run = g.kinds[k].run + 1
			}
			if next.run == limit && limit > 0 {
				next.class = 0 // nothing may follow whatever it was
			}
			row[s] = int32(slices.Index(g.kinds, next))
			if row[s] < 0 {
				row[s] = int32(len(g.kinds))
				g.kinds = append(g.kinds, next)
			}
		}
		g.step = append(g.step, row)
	}
}

// first is the kind before day 0.
func (g *grounds) first(person int32) int {
	run := int32(min(g.p.People[person].RowBefore, g.p.Rules.InRow))
	return slices.Index(g.kinds, kind{0, run})
}

// roomOn is how many duties a person may have in the week of a day.
func (g *grounds) roomOn(person int32, d int) int {
	return int(min(7, g.weekRoom[int(person)*g.week+int(g.weekOf[d])]))
}

// before is what the days to come cost: having served in an area of the same
// batch, or last in one of an earlier batch, or nowhere.
type before struct {
	in, was lane
	nowhere int32
}

// responder finds the duties that suit one person best when every need has its
// cost and load has a price: day by day from the last. Its states are the
// duties of the week, the kind, whether the load is odd, and the area served
// last. What load costs is known only by its price; it may differ from the load
// meant by whole cycles.
type responder struct {
	*grounds
	turnover   [][]int    // [rest of load, shift]
	togo       [][]before // [day][duties, kind, rest of load]
	stay, turn int32      // in parts
	areasOf    []int32    // those looked at
	slots      []lane     // [day, shift]: what the cheapest need costs, in parts
	slotNeed   []lane     // and which it is
	open       [][]int    // of each day, the shifts with one
	ways       [][]way    // [kind, rest of load]
	costs      []lane     // slots at the price of load
	duties     []int32    // the answer
	meant      []int      // [rest of load]: the load that its price makes fair
}

// cycle is how many steps of load a responder tells apart.
const cycle = 2

func newResponder(g *grounds) *responder {
	r := &responder{
		grounds: g, stay: int32(g.p.Weights.Stay) * g.fees, turn: int32(g.p.Weights.Turn) * g.fees,
		slots: make([]lane, g.days*g.shifts), slotNeed: make([]lane, g.days*g.shifts), open: make([][]int, g.days),
		costs: make([]lane, g.days*g.shifts), turnover: g.turnover(cycle), meant: make([]int, cycle),
	}
	for range g.days + 1 {
		r.togo = append(r.togo, make([]before, (g.most+1)*len(g.kinds)*cycle))
	}
	for k := range r.kinds {
		for rest := range cycle {
			var ways []way
			for s, then := range r.step[k] {
				if then >= 0 {
					ways = append(ways, way{s, int(then)*cycle + r.turnover[rest][s]})
				}
			}
			r.ways = append(r.ways, ways)
		}
	}
	return r
}

func (r *responder) at(duties, kind, rest int) int { return (duties*len(r.kinds)+kind)*cycle + rest }

// next is the state before the day after d.
func (r *responder) next(d, duties, kind, rest int) int {
	return r.at(r.passes(d, duties), kind, rest)
}

// respond fills duties with the cheapest at a price of load; it returns their
// load and the one that the price makes fair.
func (r *responder) respond(person int32, price float64) (load, fair int) {
	for s := range r.shifts {
		by := r.priceOf(s, price)
		for slot := s; slot < len(r.slots); slot += r.shifts {
			for g, c := range &r.slots[slot] {
				r.costs[slot][g] = c + by
			}
		}
	}
	r.finish(person, price)
	for d := r.days - 1; d >= 0; d-- {
		r.back(person, d)
	}
	r.trace(r.first(person))
	load = r.loadOf(r.duties)
	return load, r.meant[load/r.loadStep%cycle]
}

// priceOf is what the load of a shift costs at a price, in parts.
func (r *responder) priceOf(s int, price float64) int32 {
	return int32(price * float64(r.p.Shifts[s].Load) * float64(r.fees))
}

// finish is what loads cost after the last day.
func (r *responder) finish(person int32, price float64) {
	weight, target := float64(r.p.Weights.Fair), int(r.target[person])
	for rest := range cycle {
		at := func(load int) float64 { return weight*float64((load-target)*(load-target)) - price*float64(load) }
		best := rest * r.loadStep
		for l := best; weight > 0 && l <= 2*max(target, 0)+4*cycle*r.loadStep; l += cycle * r.loadStep {
			if at(l) < at(best) {
				best = l
			}
		}
		r.meant[rest] = best
		end := int32(min(at(best)*float64(r.fees), float64(dear)))
		if weight == 0 {
			end = 0
		}
		last := r.togo[r.days]
		for k := rest; k < len(last); k += cycle {
			for g := range lanes {
				last[k].in[g], last[k].was[g] = end, end
			}
			last[k].nowhere = end
		}
	}
}

// back fills togo[d] from the day after it.
func (r *responder) back(person int32, d int) {
	room, most := r.roomOn(person, d), min(r.inWeek[d], r.most)
	first, each := d == 0 || r.lastOfBatch(d-1), len(r.kinds)*cycle
	s := situation{costs: r.costs[d*r.shifts:][:r.shifts], fresh: r.lastOfBatch(d)}
	for duties := range most + 1 {
		now, offs := r.togo[d][duties*each:][:each], r.togo[d+1][r.passes(d, duties)*each:][:each]
		if s.ons = nil; duties < room {
			s.ons = r.togo[d+1][r.passes(d, duties+1)*each:][:each]
		}
		for state := range now {
			k := state / cycle
			if k > 0 && duties == 0 && r.inWeek[d] > 0 {
				break // nobody was on duty yesterday
			}
			s.whole, s.ways = first || k == 0, r.ways[state]
			if wide {
				r.settleWide(&now[state], &offs[state%cycle], &s)
			} else {
				r.settle(&now[state], &offs[state%cycle], &s)
			}
		}
	}
	if wide {
		narrow()
	}
}

// way is a shift that a state may serve, and the state it leads to.
type way struct{ shift, state int }

// situation is what a state finds on a day.
type situation struct {
	costs []lane   // of each shift
	ons   []before // the day after, if served; nil if nobody may
	ways  []way
	fresh bool // another batch begins the day after
	whole bool // the last duty may have been in an earlier batch, or nowhere
}

// settle makes the best of a day off and of going on duty.
func (r *responder) settle(to, off *before, s *situation) {
	in := &off.in
	if s.fresh {
		in = &off.was
	}
	if to.in = *in; s.whole {
		to.was, to.nowhere = off.was, off.nowhere
	}
	if s.ons == nil || len(s.ways) == 0 {
		return
	}
	least := s.serve()
	one, two, who := dear, dear, -1
	for g, c := range least {
		if c < one {
			one, two, who = c, one, g
		} else {
			two = min(two, c)
		}
	}
	stay := one + r.stay
	for g, c := range least {
		to.in[g] = min(to.in[g], c, stay)
	}
	if s.whole {
		to.settleWas(&least, one, two, who, r.turn)
	}
}

// serve is what it costs to go on duty in each area.
func (s *situation) serve() lane {
	least := noLane
	for _, w := range s.ways {
		in := &s.ons[w.state].in
		if s.fresh {
			in = &s.ons[w.state].was
		}
		for g, c := range &s.costs[w.shift] {
			least[g] = min(least[g], c+in[g])
		}
	}
	return least
}

// settleWas looks at the last duty in an earlier batch, or nowhere, given the
// least cost of going on duty, the second least, and where the least is.
func (b *before) settleWas(least *lane, one, two int32, who int, turn int32) {
	for g, c := range least {
		other := one
		if g == who {
			other = two
		}
		b.was[g] = min(b.was[g], c+turn, other)
	}
	b.nowhere = min(b.nowhere, one)
}

// spot is where a person served last, as a trace goes along.
type spot struct {
	area int  // −1: nowhere
	was  bool // in an earlier batch
}

func (b *before) of(s spot) int32 {
	switch {
	case s.area < 0:
		return b.nowhere
	case s.was:
		return b.was[s.area]
	}
	return b.in[s.area]
}

// move is what it costs to serve next in an area.
func (r *responder) move(from spot, area int) int32 {
	switch {
	case from.area < 0 || from.was && from.area != area || !from.was && from.area == area:
		return 0
	case from.was:
		return r.turn
	}
	return r.stay
}

// trace walks the cheapest chain from the first day.
func (r *responder) trace(first int) {
	r.duties = r.duties[:0]
	duties, k, rest, last := 0, first, 0, spot{area: -1}
	for d := range r.days {
		at := r.choice(d, duties, k, rest, last)
		if k = 0; at.area >= 0 {
			r.duties = append(r.duties, r.slotNeed[d*r.shifts+at.shift][at.area])
			k, rest = int(at.then), r.turnover[rest][at.shift]
			duties, last = duties+1, spot{area: at.area}
		}
		last.was = last.was || r.lastOfBatch(d)
		duties = r.passes(d, duties)
	}
}

// served is a duty chosen on a day; area −1 means a day off.
type served struct {
	area, shift int
	then        int32
}

// choice is how a state's cost came about.
func (r *responder) choice(d, duties, k, rest int, last spot) served {
	cost := r.togo[d][r.at(duties, k, rest)].of(last)
	fresh := r.lastOfBatch(d)
	if off := (spot{last.area, last.was || fresh}); r.togo[d+1][r.next(d, duties, 0, rest)].of(off) == cost {
		return served{area: -1}
	}
	for _, s := range r.open[d] {
		then := r.step[k][s]
		if then < 0 {
			continue
		}
		next := &r.togo[d+1][r.next(d, duties+1, int(then), r.turnover[rest][s])]
		for g, c := range r.costs[d*r.shifts+s] {
			if r.slots[d*r.shifts+s][g] < dear && c+r.move(last, g)+next.of(spot{g, fresh}) == cost {
				return served{g, s, then}
			}
		}
	}
	panic("squads: a response without a next day")
}
