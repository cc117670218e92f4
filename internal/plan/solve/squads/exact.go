package squads

// mostLoads is how many steps of load an exact chain may tell apart.
const mostLoads = 400

// exact finds a person's best duties with their whole load known, when the area
// of every batch is settled: what a price of load cannot hit.
type exact struct {
	*responder
	steps int
	togo  [][]int32 // [day][duties, kind, steps of load]
	goal  []int     // of each batch, the place of its area among those looked at
}

// newExact returns nil where loads are too many to be told apart or cost nothing.
func newExact(r *responder) *exact {
	top := int32(0)
	for _, target := range r.target {
		top = max(top, target)
	}
	e := &exact{responder: r, steps: int(top)/r.loadStep + 5}
	if r.days == 0 || e.steps > mostLoads || r.p.Weights.Fair == 0 {
		return nil
	}
	for range r.days + 1 {
		e.togo = append(e.togo, make([]int32, (r.most+1)*len(r.kinds)*e.steps))
	}
	e.goal = make([]int, r.batchOf[r.days-1]+1)
	return e
}

func (e *exact) loads(d, duties, kind int) []int32 {
	return e.togo[d][(duties*len(e.kinds)+kind)*e.steps:][:e.steps]
}

// settle takes the areas of the batches from a chain; a batch without a duty
// has that of its cheapest slot.
func (e *exact) settle(chain []int32) {
	for b := range e.goal {
		e.goal[b] = -1
	}
	for _, n := range chain {
		for g, area := range e.areasOf {
			if area == e.needs[n].area {
				e.goal[e.batchOf[e.needs[n].day]] = g
			}
		}
	}
	least := make([]int32, len(e.goal))
	for d, open := range e.open {
		b := e.batchOf[d]
		for _, s := range open {
			for g, c := range e.slots[d*e.shifts+s] {
				if c < least[b] && !e.has(chain, b) {
					least[b], e.goal[b] = c, g
				}
			}
		}
	}
	for b, g := range e.goal {
		e.goal[b] = max(g, 0)
	}
}

func (e *exact) has(chain []int32, batch int32) bool {
	for _, n := range chain {
		if e.batchOf[e.needs[n].day] == batch {
			return true
		}
	}
	return false
}

// best fills duties with the cheapest in the areas of a chain.
func (e *exact) best(person int32, chain []int32) {
	e.settle(chain)
	for duties := range e.most + 1 {
		for k := range e.kinds {
			for l := range e.steps {
				off := int64(l*e.loadStep) - int64(e.target[person])
				e.loads(e.days, duties, k)[l] = int32(min(int64(e.p.Weights.Fair)*int64(e.fees)*off*off, int64(dear)))
			}
		}
	}
	for d := e.days - 1; d >= 0; d-- {
		e.back(person, d)
	}
	e.trace(e.first(person))
}

func (e *exact) back(person int32, d int) {
	room, goal := e.roomOn(person, d), e.goal[e.batchOf[d]]
	for duties := range min(e.inWeek[d], e.most) + 1 {
		for k := range e.kinds {
			if k > 0 && duties == 0 && e.inWeek[d] > 0 {
				continue
			}
			to := e.loads(d, duties, k)
			copy(to, e.loads(d+1, e.passes(d, duties), 0))
			if duties >= room {
				continue
			}
			for _, s := range e.open[d] {
				then, cost := e.step[k][s], e.slots[d*e.shifts+s][goal]
				if then < 0 || cost >= dear {
					continue
				}
				by := e.p.Shifts[s].Load / e.loadStep
				if by >= e.steps {
					continue
				}
				from := e.loads(d+1, e.passes(d, duties+1), int(then))[by:]
				cheapen(to[:len(from)], from, cost)
			}
		}
	}
}

func (e *exact) trace(first int) {
	e.duties = e.duties[:0]
	load, duties, k := 0, 0, first
	for d := range e.days {
		s := e.choice(d, load, duties, k)
		if s < 0 {
			duties, k = e.passes(d, duties), 0
			continue
		}
		e.duties = append(e.duties, e.slotNeed[d*e.shifts+s][e.goal[e.batchOf[d]]])
		load += e.p.Shifts[s].Load / e.loadStep
		duties, k = e.passes(d, duties+1), int(e.step[k][s])
	}
}

// choice is the shift by which a state's cost came about, or −1.
func (e *exact) choice(d, load, duties, k int) int {
	cost := e.loads(d, duties, k)[load]
	if e.loads(d+1, e.passes(d, duties), 0)[load] == cost {
		return -1
	}
	goal := e.goal[e.batchOf[d]]
	for _, s := range e.open[d] {
		then := e.step[k][s]
		l, c := load+e.p.Shifts[s].Load/e.loadStep, e.slots[d*e.shifts+s][goal]
		if then >= 0 && c < dear && l < e.steps && c+e.loads(d+1, e.passes(d, duties+1), int(then))[l] == cost {
			return s
		}
	}
	panic("squads: an exact chain without a next day")
}
