package shifts

import "math"

// gap is what one person may do in a span when all other days stay.
type gap struct {
	*member
	person int
	span
	least, full int32 // minutes still to be worked, in units
	weekends    int32 // that may still be worked
	most        []int32
	start       int16  // the state of the automaton before the span
	passes      []bool // of a state after the span: whether what follows can
	// counted says that work on a last Saturday makes no new weekend, since
	// the Sunday after the span is worked.
	counted bool
}

// gap returns what a person may do in a span.
func (s *state) gap(i int, at span) gap {
	m := s.members[i]
	kept := append([]int16(nil), s.row(i)[at.from:at.to]...)
	s.lift(i, at.from, at.to)
	g := gap{member: m, person: i, span: at, least: max(0, m.least-s.minutes[i]), full: m.full - s.minutes[i], weekends: m.weekends - s.weekends[i], start: s.bases(i)[at.from]}
	for k, most := range m.most {
		g.most = append(g.most, most-s.count[i*s.shifts+k])
	}
	s.lay(i, at.from, kept)
	for b := range int16(m.states) {
		g.passes = append(g.passes, s.fits(i, b, at.to, s.days))
	}
	g.counted = at.to < s.days && s.row(i)[at.to] != Off
	return g
}

// newWeekend says whether work on a day after state b makes one more weekend.
func (g *gap) newWeekend(b int16, day int) bool {
	switch day % 7 {
	case 5:
		return day+1 < g.to || !g.counted
	case 6:
		return g.run[b] == 0
	}
	return false
}

// cheapest finds the cheapest way to fill a gap at given prices, by dynamic
// programming over (state of the automaton, weekends, minutes). Where that
// table would be too large, minutes or weekends are relaxed: they then have a
// price of their own instead of a limit, and the result is a lower bound all
// the same.
type cheapest struct {
	*table
	gap          *gap
	priced       *priced
	levels, wide int
	weeks        int // 1, or one more than the weekends that may be worked
	acts         []act
	cost         []int64 // day × act
	shift        []int16 // day × act: the shift that costs this
	value        []int64 // (days+1) × states × wide × levels
	reach        []reach // (days+1) × states × wide
	days         []int16 // the answer
	work         int64   // how many values were looked at since the beginning
}

// act is a group of shifts, or one shift that is counted.
type act struct {
	group        int16
	shift        int16 // the one that is counted, or Off
	stride, most int   // where its number stands in the index of weekends and numbers
}

// never is more than anything costs.
const never = math.MaxInt64 / 4

// priced is what a person's days cost: prices of shifts, of a unit of work and
// of a weekend. The last two count where the limits are relaxed.
type priced struct {
	shift           []int64 // day × shift, from the first day of the gap
	unit, weekend   int64
	minutes, weekly bool    // whether these limits are kept as limits
	counted         []int16 // shifts whose limits are kept; others are relaxed
}

// find computes the least cost; the days are then in c.days. It returns never
// if the rules allow nothing.
func (c *cheapest) find(g *gap, p *priced) int64 {
	c.gap, c.priced = g, p
	c.levels, c.wide = c.size(g, p)
	if c.levels < 1 || c.wide < 1 {
		return never
	}
	c.list()
	c.lowest()
	days, rows := g.to-g.from, g.states*c.wide
	c.value, c.reach = emptied(c.value, (days+1)*rows*c.levels, never), emptied(c.reach, (days+1)*rows, reach{})
	c.work += int64(len(c.value) / 4)
	start := int(g.start) * c.wide
	c.value[start*c.levels], c.reach[start] = 0, reach{0, 1}
	for d := range days {
		c.advance(d)
	}
	return c.trace()
}

// size is how many minutes, and weekends and numbers, have to be told apart.
func (t *table) size(g *gap, p *priced) (levels, wide int) {
	levels, wide = 1, 1
	if p.minutes {
		levels = int(min(g.full, t.longest()*int32(g.to-g.from))) + 1
	}
	if p.weekly {
		wide = int(min(g.weekends, int32((g.to-g.from)/7+2))) + 1
	}
	for _, s := range p.counted {
		wide *= int(g.most[s]) + 1
	}
	return levels, wide
}

// list tells the counted shifts from the groups of all others.
func (c *cheapest) list() {
	c.acts = c.acts[:0]
	for k := range c.groups {
		c.acts = append(c.acts, act{int16(k), Off, 0, 0})
	}
	c.weeks = c.wide
	for _, s := range c.priced.counted {
		c.weeks /= int(c.gap.most[s]) + 1
	}
	stride := c.weeks
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
			if at := d*n + k; g.most[s] > 0 && cost < c.cost[at] {
				c.cost[at], c.shift[at] = cost, int16(s)
			}
		}
	}
}

// advance goes over one day.
func (c *cheapest) advance(d int) {
	g, rows := c.gap, c.gap.states*c.wide
	for b := range int16(g.states) {
		off := g.afterOff(b, g.from+d)
		for w := range c.wide {
			row := d*rows + int(b)*c.wide + w
			if c.reach[row].to == 0 {
				continue
			}
			if off >= 0 {
				c.flow(row, (d+1)*rows+int(off)*c.wide+w, 0, 0)
			}
			for k := range c.acts {
				cost := c.cost[d*len(c.acts)+k]
				after := g.work[int(b)*g.groups+int(c.acts[k].group)]
				if after < 0 || cost == never {
					continue
				}
				if s := c.step(b, d, k, w); s.wide >= 0 {
					c.flow(row, (d+1)*rows+int(after)*c.wide+s.wide, s.length, cost+s.extra)
				}
			}
		}
	}
}

// stride is what an act after a state changes.
type stride struct {
	wide   int   // the index of weekends and numbers after it, or −1
	extra  int64 // what a new weekend costs
	length int32
}

func (c *cheapest) step(b int16, d, k, w int) stride {
	a := &c.acts[k]
	s := stride{wide: w}
	if c.gap.newWeekend(b, c.gap.from+d) {
		if c.priced.weekly {
			if w%c.weeks+1 == c.weeks {
				return stride{wide: -1}
			}
			s.wide++
		} else {
			s.extra = c.priced.weekend
		}
	}
	if a.shift != Off {
		if w/a.stride%(a.most+1) == a.most {
			return stride{wide: -1}
		}
		s.wide += a.stride
	}
	if c.priced.minutes {
		s.length = c.table.groups[a.group].length
	}
	return s
}

// flow lowers a row to another one plus a cost, some minutes further.
func (c *cheapest) flow(row, to int, length int32, cost int64) {
	at := c.reach[row]
	low, high := at.from+length, min(at.to+length, int32(c.levels))
	if low >= high {
		return
	}
	source := c.value[row*c.levels+int(at.from):][:high-low]
	target := c.value[to*c.levels+int(low):][:len(source)]
	for k, v := range source {
		if v += cost; v < target[k] {
			target[k] = v
		}
	}
	c.reach[to].include(low, high)
	c.work += int64(len(source)) + 4
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
	g, rows, days := c.gap, c.gap.states*c.wide, c.gap.to-c.gap.from
	least := int64(never)
	var row, minutes int
	for r := range rows {
		reach := c.reach[days*rows+r]
		from := reach.from
		if c.priced.minutes {
			from = max(from, g.least)
		}
		for k := int(from); k < int(reach.to) && g.passes[r/c.wide]; k++ {
			if v := c.value[(days*rows+r)*c.levels+k]; v < least {
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

// stepBack finds how the best value of a row after a day came about.
func (c *cheapest) stepBack(d, row, minutes int) (int, int) {
	g, rows := c.gap, c.gap.states*c.wide
	b, w := int16(row/c.wide), row%c.wide
	value := c.value[((d+1)*rows+row)*c.levels+minutes]
	for _, s := range g.back[b] {
		if s.group == noGroup {
			from := int(s.from)*c.wide + w
			if g.afterOff(s.from, g.from+d) == b && c.value[(d*rows+from)*c.levels+minutes] == value {
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
	earlier := w - a.stride
	if c.priced.weekly && c.gap.newWeekend(b, c.gap.from+d) {
		earlier--
	}
	if earlier < 0 {
		return 0, 0, false
	}
	s := c.step(b, d, k, earlier)
	from, before = int(b)*c.wide+earlier, minutes-int(s.length)
	if s.wide != w || before < 0 {
		return 0, 0, false
	}
	came := c.value[(d*c.gap.states*c.wide+from)*c.levels+before]
	return from, before, came != never && came+c.cost[d*len(c.acts)+k]+s.extra == value
}
