package shifts

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
)

// grain is how many parts of a unit of cost prices are counted in: bounds are
// computed in whole numbers, so that no rounding can make them wrong.
const grain = 1 << 10

// region is a part of a plan, some people on the days of a span, while all
// else stays. Over everybody and the whole period it is the problem itself.
type region struct {
	state *state
	span
	people  []int
	gaps    []gap
	want    []int32 // day × shift of the span: wanted of these people; may be below 0
	have    []int32 // what these people do now
	under   []int32
	over    []int32
	fixed   int64       // what all plans of the region cost besides wishes of these people and cover
	finders []*cheapest // one for each worker
	counted [][]int16   // of a person: shifts whose limits the table keeps
	idle    []int       // of a person: rounds for which a counted limit was not reached
	dear    [][]int64   // of a person and shift: a price for coming near a limit the table does not keep
	stride  [][]int64   // of a person and shift: the next step of that price
	days    []int16     // person × day: everybody's cheapest at the last prices
	random  *rand.Rand  // of dives after the first, or nil
	forced  [][]int16   // of a person: what a dive decided for each day, or nil
	diving  bool        // something is decided: what is measured is no bound
	center  []float64   // the prices of the best bound
	best    int64       // in parts
	pivots  int64       // work of the program
	begun   int64       // work of the finders before
	limit   int64       // of work; 0: none
	stop    int64       // a bound above this ends the search: nothing better is here
}

// newRegion takes the finders of its workers; they are used by one region at a
// time.
func newRegion(s *state, people []int, at span, finders []*cheapest) *region {
	r := &region{state: s, span: at, people: people, best: math.MinInt64, stop: math.MaxInt64 / grain, counted: make([][]int16, len(people)), idle: make([]int, len(people)), dear: make([][]int64, len(people)), stride: make([][]int64, len(people))}
	cells := span{at.from * s.shifts, at.to * s.shifts}
	r.under, r.over = s.under[cells.from:cells.to], s.over[cells.from:cells.to]
	r.want = append([]int32(nil), s.want[cells.from:cells.to]...)
	r.have = make([]int32, len(r.want))
	r.days, r.forced, r.center = make([]int16, len(people)*(at.to-at.from)), make([][]int16, len(people)), make([]float64, len(r.want))
	r.fixed = s.cost
	for k, have := range s.have[cells.from:cells.to] {
		r.want[k] -= have
		r.fixed -= r.coverCost(k, 0)
	}
	for k, i := range people {
		r.gaps = append(r.gaps, s.gap(i, at))
		for d, shift := range s.row(i)[at.from:at.to] {
			if shift != Off {
				cell := d*s.shifts + int(shift)
				r.have[cell]++
				r.want[cell]++
				r.fixed -= int64(r.pref(k)[cell])
			}
		}
	}
	r.finders = finders
	r.begun = r.work()
	return r
}

// fork returns a copy of the program and its region that a dive with a finder
// of its own may spoil.
func (m *master) fork(finder *cheapest, random *rand.Rand) *master {
	r := *m.region
	r.finders, r.random, r.state = []*cheapest{finder}, random, r.state.clone()
	r.days, r.forced, r.idle, r.pivots = slices.Clone(r.days), slices.Clone(r.forced), slices.Clone(r.idle), 0
	r.counted, r.dear, r.stride, r.gaps = deepClone(r.counted), deepClone(r.dear), deepClone(r.stride), slices.Clone(r.gaps)
	r.begun = finder.work
	c := *m
	c.region = &r
	c.columns, c.basis, c.inverse = slices.Clone(m.columns), slices.Clone(m.basis), slices.Clone(m.inverse)
	c.x, c.dual, c.slacks = slices.Clone(m.x), slices.Clone(m.dual), slices.Clone(m.slacks)
	c.row, c.alpha = make([]float64, m.rows), make([]float64, m.rows)
	return &c
}

func deepClone[T any](a [][]T) [][]T {
	c := make([][]T, len(a))
	for k := range a {
		c[k] = slices.Clone(a[k])
	}
	return c
}

// coverCost is what a cell costs when so many of these people are there.
func (r *region) coverCost(cell int, have int32) int64 {
	lack := int64(r.want[cell] - have)
	return max(lack*int64(r.under[cell]), -lack*int64(r.over[cell]))
}

// pref are a person's wishes from the first day of the span on.
func (r *region) pref(who int) []int32 {
	s := r.state
	return s.pref[(r.people[who]*s.days+r.from)*s.shifts:]
}

// measure finds everybody's cheapest days at some prices and the bound in
// parts that follows: no plan of the region costs less. If the context ends it
// finds nothing.
func (r *region) measure(ctx context.Context, prices []float64) int64 {
	whole := make([]int64, len(prices))
	total := r.fixed * grain
	for at, x := range prices {
		whole[at] = int64(math.Round(x * grain))
		whole[at] = min(int64(r.under[at])*grain, max(-int64(r.over[at])*grain, whole[at]))
		total += whole[at] * int64(r.want[at])
	}
	totals := make([]int64, len(r.people))
	var wg sync.WaitGroup
	for k, c := range r.finders {
		wg.Go(func() {
			for who := k; who < len(r.people); who += len(r.finders) {
				r.days[who*(r.to-r.from)] = invalid
				if ctx.Err() == nil {
					totals[who] = r.person(c, who, whole)
				}
			}
		})
	}
	wg.Wait()
	if ctx.Err() != nil {
		return math.MinInt64
	}
	for _, x := range totals {
		total += x
	}
	if total > r.best && !r.diving {
		r.best = total
		copy(r.center, prices)
	}
	return total
}

// person finds one person's days. Where they have a kind of shift too often
// that the table does not count yet, it is counted from then on or, where the
// table would become too large, made dearer.
func (r *region) person(c *cheapest, who int, whole []int64) int64 {
	s, g := r.state, &r.gaps[who]
	p := priced{shift: make([]int64, len(whole)), minutes: true, counted: r.counted[who], forced: r.forced[who]}
	pref := r.pref(who)
	for at, x := range whole {
		p.shift[at] = int64(pref[at])*grain - x
		if r.dear[who] != nil {
			p.shift[at] += r.dear[who][at%s.shifts]
		}
	}
	days := r.days[who*(r.to-r.from) : (who+1)*(r.to-r.from)]
	best := int64(-never)
	for try := 0; ; try++ {
		cost := c.find(g, &p)
		if cost == never {
			days[0] = invalid
			return 0
		}
		copy(days, c.days)
		best = max(best, cost-r.paid(who))
		shift := r.tooOften(who, days)
		if shift == Off {
			r.cheapen(who, days)
			r.forget(who, days)
			return best
		}
		if r.count(who, &p, shift) {
			continue
		}
		r.makeDearer(who, &p, shift)
		if try >= mostTries {
			days[0] = invalid
			return best
		}
	}
}

// invalid as the first of a person's days says that they break a rule.
const invalid = -2

const (
	mostPlaces = 4 << 20 // of a table of cheapest days
	mostTries  = 4
	dearStep   = 4 * grain
)

// tooOften returns a kind of shift that the days have too often, or Off.
func (r *region) tooOften(who int, days []int16) int16 {
	left := append([]int32(nil), r.gaps[who].most...)
	for _, s := range days {
		if s == Off {
			continue
		}
		if left[s]--; left[s] < 0 {
			return s
		}
	}
	return Off
}

// count makes the table count a kind of shift, if it stays small enough: of
// those counted, the one with the highest limit gives way to one with a lower.
func (r *region) count(who int, p *priced, shift int16) bool {
	g := &r.gaps[who]
	with := append(p.counted[:len(p.counted):len(p.counted)], shift)
	for g.width*g.wide(with)*g.states*(r.to-r.from) > mostPlaces {
		k := 0
		for n, s := range with {
			if g.most[s] >= g.most[with[k]] {
				k = n
			}
		}
		if with[k] == shift {
			return false
		}
		with = slices.Delete(with, k, k+1)
	}
	r.counted[who], p.counted = with, with
	if dear := r.dear[who]; dear != nil {
		for at := int(shift); at < len(p.shift); at += r.state.shifts {
			p.shift[at] -= dear[shift]
		}
		dear[shift] = 0
	}
	return true
}

// forget stops counting a kind of shift whose limit was not reached for some
// rounds.
func (r *region) forget(who int, days []int16) {
	for k, s := range r.counted[who] {
		n := int32(0)
		for _, x := range days {
			if x == s {
				n++
			}
		}
		if n == r.gaps[who].most[s] {
			continue
		}
		if r.idle[who]++; r.idle[who] >= idleRounds {
			r.idle[who] = 0
			r.counted[who] = slices.Delete(r.counted[who], k, k+1)
		}
		return
	}
	r.idle[who] = 0
}

// idleRounds is how long a limit is counted that is not reached.
const idleRounds = 3

// makeDearer raises the price of a kind of shift that the table does not
// count: a Lagrangian multiplier, found in steps that grow until it is passed.
func (r *region) makeDearer(who int, p *priced, shift int16) {
	if r.dear[who] == nil {
		r.dear[who], r.stride[who] = make([]int64, r.state.shifts), make([]int64, r.state.shifts)
		for s := range r.stride[who] {
			r.stride[who][s] = dearStep
		}
	}
	by := r.stride[who][shift]
	r.stride[who][shift] = by * 3 / 2
	r.dear[who][shift] += by
	for at := int(shift); at < len(p.shift); at += r.state.shifts {
		p.shift[at] += by
	}
}

// cheapen lowers for the next time what days do not have as often as they may,
// in steps that shrink.
func (r *region) cheapen(who int, days []int16) {
	if r.dear[who] == nil {
		return
	}
	left := append([]int32(nil), r.gaps[who].most...)
	for _, s := range days {
		if s != Off {
			left[s]--
		}
	}
	for s := range left {
		if r.dear[who][s] > 0 {
			r.stride[who][s] = max(grain/4, r.stride[who][s]/2)
			r.dear[who][s] = max(0, r.dear[who][s]-r.stride[who][s])
		}
	}
}

// paid is what the prices of kinds give back.
func (r *region) paid(who int) int64 {
	sum := int64(0)
	for s, x := range r.dear[who] {
		sum += x * int64(r.gaps[who].most[s])
	}
	return sum
}

// generate lets the program over all days found so far propose prices, and
// finds more days at prices between those and the best (in-out separation of
// Wentges, 1997), until nothing more is to be gained or after some rounds.
func (r *region) generate(ctx context.Context, m *master, rounds int, each func() bool) {
	share := 0.8
	at := make([]float64, len(r.center))
	for range rounds {
		m.solve(ctx, mostPivots)
		if ctx.Err() != nil || r.spent() {
			return
		}
		for k := range at {
			at[k] = share*r.center[k] + (1-share)*m.dual[k]
		}
		before := r.best
		total := r.measure(ctx, at)
		added := r.enter(m)
		if each != nil && !each() {
			return
		}
		switch {
		case m.value()-float64(r.best)/grain < 0.05 || r.best > r.stop*grain:
			return
		case total > before:
			share = 0.8
		case added == 0 && share == 0:
			return
		case added == 0:
			share = 0
		default:
			share = max(0, share-0.1)
		}
	}
}

// bound is the best so far, in units of cost, rounded up since costs are whole.
func (r *region) bound() int64 {
	if r.best <= 0 {
		return 0 // no term of a cost is negative
	}
	return (r.best + grain - 1) / grain
}

// newFinders makes a finder for each worker.
func newFinders(t *table, workers int) []*cheapest {
	finders := make([]*cheapest, workers)
	for k := range finders {
		finders[k] = &cheapest{table: t}
	}
	return finders
}

// work is how many numbers were looked at.
func (r *region) work() int64 {
	sum := r.pivots - r.begun
	for _, c := range r.finders {
		sum += c.work
	}
	return sum
}

// spent says whether more work was done than allowed.
func (r *region) spent() bool { return r.limit > 0 && r.work() > r.limit }

// enter adds everybody's days to the program where they help.
func (r *region) enter(m *master) int {
	added, length := 0, r.to-r.from
	for who := range r.people {
		days := r.days[who*length : (who+1)*length]
		if days[0] == invalid {
			continue
		}
		k := m.add(who, days)
		if m.reduced(&m.columns[k]) > -1e-6 {
			m.columns = m.columns[:k]
		} else {
			added++
		}
	}
	return added
}
