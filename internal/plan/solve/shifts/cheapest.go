package shifts

import "math"

// cheapest finds the cheapest way to fill a gap at given prices, by dynamic
// programming over (state of the automaton, weekends, minutes). Where that
// table would be too large, minutes are relaxed: they then have a price of
// their own instead of a limit, and the result is a lower bound all the same.
type cheapest struct {
	*table
	gap    *gap
	priced *priced
	wide   int // weekends and numbers that are told apart
	acts   []act
	cost   []int64 // day × act
	shift  []int16 // day × act: the shift that costs this
	value  []int64 // (days+1) × states × wide × gap.width, each row from its band on
	reach  []reach // (days+1) × states × wide
	days   []int16 // the answer
	listed []move
	work   int64 // how many values were looked at since the beginning
}

// act is a group of shifts, or one shift that is counted.
type act struct {
	group        int16
	shift        int16 // the one that is counted, or Off
	stride, most int   // where its number stands in the index of weekends and numbers
}

// never is more than anything costs.
const never = math.MaxInt64 / 4

// priced is what a person's days cost: prices of shifts and, where the limits
// of minutes are relaxed, of a unit of work.
type priced struct {
	shift   []int64 // day × shift, from the first day of the gap
	unit    int64
	minutes bool    // whether the limits of minutes are kept as limits
	counted []int16 // shifts whose limits are kept; others are relaxed
	forced  []int16 // of a day: the shift that has to be worked, Off, or free; nil: all free
}

// free is the entry of a day on which nothing is forced.
const free = -2

// mayRest says whether a day of the gap may be off.
func (p *priced) mayRest(d int) bool { return p.forced == nil || p.forced[d] < 0 }

// mayWork says whether a shift may be worked on a day of the gap.
func (p *priced) mayWork(d, shift int) bool {
	return p.forced == nil || p.forced[d] == free || int(p.forced[d]) == shift
}

// find computes the least cost; the days are then in c.days. It returns never
// if the rules allow nothing.
func (c *cheapest) find(g *gap, p *priced) int64 {
	c.gap, c.priced = g, p
	if g.full < 0 || g.weekends < 0 {
		return never
	}
	if g.weeks == 0 {
		g.foresee(c.table, p.minutes)
		c.work += int64((g.to - g.from + 1) * g.states * g.weeks)
	}
	c.wide = g.wide(p.counted)
	c.list()
	c.lowest()
	days, rows := g.to-g.from, g.states*c.wide
	c.reach = emptied(c.reach, (days+1)*rows, reach{})
	if n := (days + 1) * rows * g.width; cap(c.value) < n {
		c.value = make([]int64, n)
	} else {
		c.value = c.value[:n]
	}
	if band := g.band(0, g.start, 0); band.to > 0 {
		start := int(g.start) * c.wide
		c.open(start, band, 0, 1)
		c.value[start*g.width] = 0
	}
	for d := range days {
		c.advance(d)
	}
	return c.trace()
}

// wide is how many weekends and numbers have to be told apart.
func (g *gap) wide(counted []int16) int {
	wide := g.weeks
	for _, s := range counted {
		wide *= int(g.most[s]) + 1
	}
	return wide
}

// list tells the counted shifts from the groups of all others.
func (c *cheapest) list() {
	c.acts = c.acts[:0]
	for k := range c.groups {
		c.acts = append(c.acts, act{int16(k), Off, 0, 0})
	}
	stride := c.gap.weeks
	for _, s := range c.priced.counted {
		most := int(c.gap.most[s])
		c.acts = append(c.acts, act{c.group[s], s, stride, most})
		stride *= most + 1
	}
}

func emptied[T any](a []T, n int, with T) []T {
	if cap(a) < n {
		a = make([]T, n)
	}
	a = a[:n]
	for k := range a {
		a[k] = with
	}
	return a
}

// lowest finds the cheapest shift of each act on each day.
func (c *cheapest) lowest() {
	g, p, n := c.gap, c.priced, len(c.acts)
	days := g.to - g.from
	c.cost, c.shift = emptied(c.cost, days*n, never), emptied(c.shift, days*n, Off)
	of := make([]int, c.shifts)
	for s, k := range c.group {
		of[s] = int(k)
	}
	for k, a := range c.acts {
		if a.shift != Off {
			of[a.shift] = k
		}
	}
	for d := range days {
		if g.offDay[g.from+d] {
			continue
		}
		for s, k := range of {
			cost := p.shift[d*c.shifts+s]
			if !p.minutes {
				cost += p.unit * int64(c.length[s])
			}
			if at := d*n + k; g.most[s] > 0 && cost < c.cost[at] && p.mayWork(d, s) {
				c.cost[at], c.shift[at] = cost, int16(s)
			}
		}
	}
}

// move is an act after a state on a day: where it leads and what it costs.
type move struct {
	row, band    int // of the state after it
	stride, most int
	length       int32
	cost         int64
}

// moves lists what may follow a state on a day.
func (c *cheapest) moves(d int, b int16) []move {
	c.listed = c.listed[:0]
	for k := range c.acts {
		a := &c.acts[k]
		cost := c.cost[d*len(c.acts)+k]
		if after := int(c.gap.work[int(b)*c.gap.groups+int(a.group)]); after >= 0 && cost != never {
			c.listed = append(c.listed, move{after * c.wide, after * c.gap.weeks, a.stride, a.most, c.lasting(a), cost})
		}
	}
	return c.listed
}

// advance goes over one day.
func (c *cheapest) advance(d int) {
	g, rows := c.gap, c.gap.states*c.wide
	here, next := d*g.states*g.weeks, (d+1)*g.states*g.weeks
	for b := range int16(g.states) {
		off, more := int16(-1), 0
		if c.priced.mayRest(d) {
			off = g.afterOff(b, g.from+d)
		}
		if g.newWeekend(b, g.from+d) {
			more = 1
		}
		var moves []move
		for w := range c.wide {
			from := cell{row: d*rows + int(b)*c.wide + w}
			if c.reach[from.row].to == 0 {
				continue
			}
			if moves == nil {
				moves = c.moves(d, b)
			}
			week := w
			if c.wide > g.weeks {
				week %= g.weeks
			}
			from.band = g.bandAt(here + int(b)*g.weeks + week)
			if off >= 0 {
				c.flow(from, cell{(d+1)*rows + int(off)*c.wide + w, g.bandAt(next + int(off)*g.weeks + week)}, 0, 0)
			}
			if week+more == g.weeks {
				continue
			}
			for k := range moves {
				m := &moves[k]
				if m.stride == 0 || w/m.stride%(m.most+1) < m.most {
					c.flow(from, cell{(d+1)*rows + m.row + w + more + m.stride, g.bandAt(next + m.band + week + more)}, m.length, m.cost)
				}
			}
		}
	}
}

// lasting is how many units of work an act adds, where they are told apart.
func (c *cheapest) lasting(a *act) int32 {
	if c.priced.minutes {
		return c.groups[a.group].length
	}
	return 0
}

// cell is a row of values and the minutes it has room for.
type cell struct {
	row  int
	band reach
}

// open makes room in a row for some minutes.
func (c *cheapest) open(row int, band reach, low, high int32) {
	if c.reach[row].to == 0 {
		values := c.value[row*c.gap.width:][:band.to-band.from]
		for k := range values {
			values[k] = never
		}
	}
	c.reach[row].include(low, high)
}

// flow lowers a row to another one plus a cost, some minutes further.
func (c *cheapest) flow(from, to cell, length int32, cost int64) {
	if !c.priced.minutes {
		c.flowOne(from, to, cost)
		return
	}
	at := c.reach[from.row]
	low, high := max(at.from+length, to.band.from), min(at.to+length, to.band.to)
	if low >= high {
		return
	}
	c.open(to.row, to.band, low, high)
	source := c.value[from.row*c.gap.width+int(low-length-from.band.from):][:high-low]
	target := c.value[to.row*c.gap.width+int(low-to.band.from):][:len(source)]
	for k, v := range source {
		target[k] = min(target[k], v+cost)
	}
	c.work += int64(len(source)) + 4
}

// flowOne is flow where minutes are not told apart.
func (c *cheapest) flowOne(from, to cell, cost int64) {
	c.work += 3
	cost += c.value[from.row]
	switch {
	case to.band.to == 0:
	case c.reach[to.row].to == 0:
		c.reach[to.row], c.value[to.row] = reach{0, 1}, cost
	default:
		c.value[to.row] = min(c.value[to.row], cost)
	}
}

// include widens a reach.
func (r *reach) include(from, to int32) {
	if r.to == 0 {
		*r = reach{from, to}
		return
	}
	*r = reach{min(r.from, from), max(r.to, to)}
}

// trace finds the cheapest end and goes back to the first day.
func (c *cheapest) trace() int64 {
	rows, days := c.gap.states*c.wide, c.gap.to-c.gap.from
	least := int64(never)
	var row, minutes int
	for r := range rows {
		reach := c.reach[days*rows+r]
		for k := int(reach.from); k < int(reach.to); k++ {
			if v := c.at(days, r, k); v < least {
				least, row, minutes = v, r, k
			}
		}
	}
	if least >= never/2 {
		return never
	}
	c.days = emptied(c.days, days, Off)
	for d := days - 1; d >= 0; d-- {
		row, minutes = c.stepBack(d, row, minutes)
	}
	return least
}

// at is the least cost of a row of a day at some minutes.
func (c *cheapest) at(d, row, minutes int) int64 {
	reach := c.reach[d*c.gap.states*c.wide+row]
	if minutes < int(reach.from) || minutes >= int(reach.to) {
		return never
	}
	band := c.gap.band(d, int16(row/c.wide), row%c.wide)
	return c.value[(d*c.gap.states*c.wide+row)*c.gap.width+minutes-int(band.from)]
}

// stepBack finds how the best value of a row after a day came about.
func (c *cheapest) stepBack(d, row, minutes int) (int, int) {
	g := c.gap
	b, w := int16(row/c.wide), row%c.wide
	value := c.at(d+1, row, minutes)
	for _, s := range g.back[b] {
		if s.group == noGroup {
			from := int(s.from)*c.wide + w
			if c.priced.mayRest(d) && g.afterOff(s.from, g.from+d) == b && c.at(d, from, minutes) == value {
				return from, minutes
			}
			continue
		}
		for k, a := range c.acts {
			if a.group != s.group || c.cost[d*len(c.acts)+k] == never {
				continue
			}
			if from, before, ok := c.came(s.from, d, k, w, minutes, value); ok {
				c.days[d] = c.shift[d*len(c.acts)+k]
				return from, before
			}
		}
	}
	panic("shifts: a value without a way to it")
}

// came says whether a value came from a state by an act, and from where.
func (c *cheapest) came(b int16, d, k, w, minutes int, value int64) (from, before int, ok bool) {
	a := &c.acts[k]
	if a.shift != Off && w/a.stride%(a.most+1) == 0 {
		return 0, 0, false
	}
	earlier := w - a.stride
	if c.gap.newWeekend(b, c.gap.from+d) {
		if earlier%c.gap.weeks == 0 {
			return 0, 0, false
		}
		earlier--
	}
	from, before = int(b)*c.wide+earlier, minutes-int(c.lasting(a))
	came := c.at(d, from, before)
	return from, before, came != never && came+c.cost[d*len(c.acts)+k] == value
}
