package squads

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

// cycle is how many steps of load a responder tells apart: as many as costs are
// looked at in one instruction.
const cycle = width

// rests are costs by the rest of the load, in steps, when divided by cycle.
type rests [cycle]int32

// before is what the days to come cost: having served in an area of the same
// batch, or last in one of an earlier batch, or nowhere.
type before struct {
	in, was [lanes]rests
	nowhere rests
}

// responder finds the duties that suit one person best when every need has its
// cost and load has a price: day by day from the last. Its states are the
// duties of the week, the kind, the rest of the load, and the area served
// last. What load costs is known only by its price; it may differ from the load
// meant by whole cycles.
type responder struct {
	*grounds
	loads      []int          // [shift]: steps, less whole cycles
	room       [][]before     // for togo
	togo       [][]*before    // [day][duties, kind]
	stay, turn int32          // in parts
	areasOf    []int32        // those looked at
	slots      []lane         // [day, shift]: what the cheapest need costs, in parts
	slotNeed   []lane         // and which it is
	open       [][]int        // of each day, the shifts with one
	ways       [][]way        // [kind]
	priced     []int32        // [shift]: what its load costs, in parts
	costs      [][lanes]rests // [shift]: slots of a day at the price of load, the same for each rest
	least      [lanes]rests   // what it costs to serve in each area
	duties     []int32        // the answer
	meant      [cycle]int     // [rest of load]: the load that its price makes fair
}

func newResponder(g *grounds) *responder {
	r := &responder{
		grounds: g, stay: int32(g.p.Weights.Stay) * g.fees, turn: int32(g.p.Weights.Turn) * g.fees,
		slots: make([]lane, g.days*g.shifts), slotNeed: make([]lane, g.days*g.shifts), open: make([][]int, g.days),
		costs: make([][lanes]rests, g.shifts), priced: make([]int32, g.shifts),
	}
	for _, s := range g.p.Shifts {
		r.loads = append(r.loads, s.Load/g.loadStep%cycle)
	}
	for range g.days + 1 {
		r.room = append(r.room, make([]before, (g.most+1)*len(g.kinds)))
		r.togo = append(r.togo, make([]*before, (g.most+1)*len(g.kinds)))
	}
	for k := range r.kinds {
		var ways []way
		for s, then := range r.step[k] {
			if then >= 0 {
				ways = append(ways, way{s, int(then), r.loads[s]})
			}
		}
		r.ways = append(r.ways, ways)
	}
	return r
}

func (r *responder) at(duties, kind int) int { return duties*len(r.kinds) + kind }

// next is the state before the day after d.
func (r *responder) next(d, duties, kind int) *before {
	return r.togo[d+1][r.at(r.passes(d, duties), kind)]
}

// respond fills duties with the cheapest at a price of load; it returns their
// load and the one that the price makes fair.
func (r *responder) respond(person int32, price float64) (load, fair int) {
	for s := range r.priced {
		r.priced[s] = r.priceOf(s, price)
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
	last := &r.room[r.days][0]
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
		last.nowhere[rest] = end
	}
	for g := range lanes {
		last.in[g], last.was[g] = last.nowhere, last.nowhere
	}
	for k := range r.togo[r.days] {
		r.togo[r.days][k] = last
	}
}

// back fills togo[d] from the day after it. A state that cannot but be off costs
// what the day after does.
func (r *responder) back(person int32, d int) {
	if wide {
		r.spreadWide(d)
	} else {
		r.spread(d)
	}
	room, most := r.roomOn(person, d), min(r.inWeek[d], r.most)
	first := d == 0 || r.lastOfBatch(d-1)
	s := situation{fresh: r.lastOfBatch(d)}
	for duties := range most + 1 {
		off := r.next(d, duties, 0)
		if s.ons = nil; duties < room {
			s.ons = r.togo[d+1][r.at(r.passes(d, duties+1), 0):][:len(r.kinds)]
		}
		for k := range r.kinds {
			if k > 0 && duties == 0 && r.inWeek[d] > 0 {
				break // nobody was on duty yesterday
			}
			at := r.at(duties, k)
			s.whole, s.ways = first || k == 0, r.ways[k]
			if serves := s.ons != nil && len(s.ways) > 0; !serves && !s.fresh {
				r.togo[d][at] = off
			} else {
				r.togo[d][at] = &r.room[d][at]
				r.settleAny(r.togo[d][at], off, &s, serves)
			}
		}
	}
	if wide {
		narrow()
	}
}

// settleAny is what a state costs, which may serve or not.
func (r *responder) settleAny(to, off *before, s *situation, serves bool) {
	switch {
	case !serves:
		s.rest(to, off)
	case wide:
		r.settleWide(to, off, s)
	default:
		r.settle(to, off, s)
	}
}

// spread fills in costs for a day: those of the first rest, which do where costs
// are looked at one by one.
func (r *responder) spread(d int) {
	for s := range r.costs {
		for g, c := range &r.slots[d*r.shifts+s] {
			r.costs[s][g][0] = c + r.priced[s]
		}
	}
}

// way is a shift that a state may serve, the kind it leads to, and the steps it
// adds to the load.
type way struct{ shift, then, by int }

// situation is what a state finds on a day.
type situation struct {
	ons   []*before // the day after, if served; nil if nobody may
	ways  []way
	fresh bool // another batch begins the day after
	whole bool // the last duty may have been in an earlier batch, or nowhere
}

// after is what the days after a day cost who serves on it.
func (s *situation) after(b *before) *[lanes]rests {
	if s.fresh {
		return &b.was
	}
	return &b.in
}

// rest is a day that must be off.
func (s *situation) rest(to, off *before) {
	if to.in = *s.after(off); s.whole {
		to.was, to.nowhere = off.was, off.nowhere
	}
}

// settle makes the best of a day off and of going on duty.
func (r *responder) settle(to, off *before, s *situation) {
	one, two := r.serve(s)
	in := s.after(off)
	for g := range lanes {
		for rest, c := range &r.least[g] {
			to.in[g][rest] = min(in[g][rest], c, one[rest]+r.stay)
		}
	}
	if !s.whole {
		return
	}
	for g := range lanes {
		for rest, c := range &r.least[g] {
			other := one[rest]
			if c == other {
				other = two[rest]
			}
			to.was[g][rest] = min(off.was[g][rest], c+r.turn, other)
		}
	}
	for rest, c := range &one {
		to.nowhere[rest] = min(off.nowhere[rest], c)
	}
}

// serve fills least with what it costs to go on duty in each area, and returns
// the least and the second least of all.
func (r *responder) serve(s *situation) (one, two rests) {
	for rest := range cycle {
		one[rest], two[rest] = dear, dear
	}
	for g := range lanes {
		least := &r.least[g]
		for rest := range least {
			least[rest] = dear
		}
		for k := range s.ways {
			w := &s.ways[k]
			cost, by, after := r.costs[w.shift][g][0], uint(w.by), &s.after(s.ons[w.then])[g]
			for rest := range uint(cycle) {
				least[rest] = min(least[rest], cost+after[(rest+by)%cycle])
			}
		}
		for rest, c := range least {
			two[rest] = min(two[rest], max(one[rest], c))
			one[rest] = min(one[rest], c)
		}
	}
	return one, two
}

// spot is where a person served last, as a trace goes along.
type spot struct {
	area int  // −1: nowhere
	was  bool // in an earlier batch
}

func (b *before) of(s spot) *rests {
	switch {
	case s.area < 0:
		return &b.nowhere
	case s.was:
		return &b.was[s.area]
	}
	return &b.in[s.area]
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
			k, rest = int(at.then), (rest+r.loads[at.shift])%cycle
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
	cost := r.togo[d][r.at(duties, k)].of(last)[rest]
	fresh := r.lastOfBatch(d)
	if off := (spot{last.area, last.was || fresh}); r.next(d, duties, 0).of(off)[rest] == cost {
		return served{area: -1}
	}
	for _, s := range r.open[d] {
		then := r.step[k][s]
		if then < 0 {
			continue
		}
		next := r.next(d, duties+1, int(then))
		for g, c := range r.slots[d*r.shifts+s] {
			if c < dear && c+r.priced[s]+r.move(last, g)+next.of(spot{g, fresh})[(rest+r.loads[s])%cycle] == cost {
				return served{g, s, then}
			}
		}
	}
	panic("squads: a response without a next day")
}
