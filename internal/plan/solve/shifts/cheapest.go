package shifts

import "math"

// cheapest finds one person's cheapest days at given prices, all of the period
// at once, by dynamic programming over (state of the automaton, weekends,
// minutes). Where that table would be too large, minutes or weekends are
// relaxed: they then have a price of their own instead of a limit, and the
// result is a lower bound all the same.
type cheapest struct {
	*table
	levels, wide int
	acts         []act
	cost         []int64 // day × act
	shift        []int16 // day × act: the shift that costs this
	value        []int64 // (days+1) × states × wide × levels
	reach        []reach // (days+1) × states × wide
	days         []int16 // the answer
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
	shift          []int64 // day × shift
	unit, weekend  int64
	minutes, weeks bool    // whether these limits are kept as limits
	counted        []int16 // shifts whose limits are kept; others are relaxed
}

// find computes the least cost; the days are then in c.days. It returns never
// if the rules allow nothing.
func (c *cheapest) find(i int, p priced) int64 {
	m := c.people_[i]
	c.levels, c.wide = c.size(m, p)
	c.list(m, p)
	c.lowest(m, p)
	rows := m.states * c.wide
	c.value, c.reach = emptied(c.value, (c.table.days+1)*rows*c.levels, never), emptied(c.reach, (c.table.days+1)*rows, reach{})
	start := int(m.rested) * c.wide
	c.value[start*c.levels], c.reach[start] = 0, reach{0, 1}
	for d := range c.table.days {
		c.advance(m, p, d)
	}
	return c.trace(m, p)
}

// size is how many minutes, and weekends and numbers, have to be told apart.
func (t *table) size(m *member, p priced) (levels, wide int) {
	levels = 1
	if p.minutes {
		levels = int(m.full) + 1
	}
	wide = t.weeks(m, p)
	for _, s := range p.counted {
		wide *= int(m.most[s]) + 1
	}
	return levels, wide
}

func (t *table) weeks(m *member, p priced) int {
	if !p.weeks {
		return 1
	}
	return int(min(m.weekends, int32(t.days/7+1))) + 1
}

// list tells the counted shifts from the groups of all others.
func (c *cheapest) list(m *member, p priced) {
	c.acts = c.acts[:0]
	for g := range c.groups {
		c.acts = append(c.acts, act{int16(g), Off, 0, 0})
	}
	stride := c.weeks(m, p)
	for _, s := range p.counted {
		c.acts = append(c.acts, act{c.group[s], s, stride, int(m.most[s])})
		stride *= int(m.most[s]) + 1
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
func (c *cheapest) lowest(m *member, p priced) {
	n := len(c.acts)
	c.cost, c.shift = emptied(c.cost, c.table.days*n, never), emptied(c.shift, c.table.days*n, Off)
	of := make([]int, c.shifts)
	for s, g := range c.group {
		of[s] = int(g)
	}
	for k, a := range c.acts {
		if a.shift != Off {
			of[a.shift] = k
		}
	}
	for d := range c.table.days {
		if m.offDay[d] {
			continue
		}
		for s, k := range of {
			cost := p.shift[d*c.shifts+s]
			if !p.minutes {
				cost += p.unit * int64(c.length[s])
			}
			if at := d*n + k; m.most[s] > 0 && cost < c.cost[at] {
				c.cost[at], c.shift[at] = cost, int16(s)
			}
		}
	}
}

// weekendAfter says whether work on a day after state b makes one more weekend.
func weekendAfter(m *member, b int16, day int) bool {
	return day%7 == 5 || day%7 == 6 && m.run[b] == 0
}

// advance goes over one day.
func (c *cheapest) advance(m *member, p priced, d int) {
	rows := m.states * c.wide
	for b := range int16(m.states) {
		off := m.afterOff(b, d)
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
				after := m.work[int(b)*m.groups+int(c.acts[k].group)]
				if after < 0 || cost == never {
					continue
				}
				if s := c.step(m, p, b, d, k, w); s.wide >= 0 {
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

func (c *cheapest) step(m *member, p priced, b int16, d, k, w int) stride {
	a := &c.acts[k]
	s := stride{wide: w}
	if weekendAfter(m, b, d) {
		if p.weeks {
			weeks := c.weeks(m, p)
			if w%weeks+1 == weeks {
				return stride{wide: -1}
			}
			s.wide++
		} else {
			s.extra = p.weekend
		}
	}
	if a.shift != Off {
		if w/a.stride%(a.most+1) == a.most {
			return stride{wide: -1}
		}
		s.wide += a.stride
	}
	if p.minutes {
		s.length = c.groups[a.group].length
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
func (c *cheapest) trace(m *member, p priced) int64 {
	rows, days := m.states*c.wide, c.table.days
	least := int64(never)
	var row, minutes int
	for r := range rows {
		reach := c.reach[days*rows+r]
		from := reach.from
		if p.minutes {
			from = max(from, m.least)
		}
		for k := int(from); k < int(reach.to); k++ {
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
		row, minutes = c.stepBack(m, p, d, row, minutes)
	}
	return least
}

// stepBack finds how the best value of a row after a day came about.
func (c *cheapest) stepBack(m *member, p priced, d, row, minutes int) (int, int) {
	rows := m.states * c.wide
	b, w := int16(row/c.wide), row%c.wide
	value := c.value[((d+1)*rows+row)*c.levels+minutes]
	for _, s := range m.back[b] {
		if s.group == noGroup {
			from := int(s.from)*c.wide + w
			if m.afterOff(s.from, d) == b && c.value[(d*rows+from)*c.levels+minutes] == value {
				return from, minutes
			}
			continue
		}
		for k, a := range c.acts {
			if a.group != s.group || c.cost[d*len(c.acts)+k] == never {
				continue
			}
			if from, before, ok := c.came(m, p, s.from, d, k, w, minutes, value); ok {
				c.days[d] = c.shift[d*len(c.acts)+k]
				return from, before
			}
		}
	}
	panic("shifts: a value without a way to it")
}

// came says whether a value came from a state by an act, and from where.
func (c *cheapest) came(m *member, p priced, b int16, d, k, w, minutes int, value int64) (from, before int, ok bool) {
	a := &c.acts[k]
	earlier := w - a.stride
	if weekendAfter(m, b, d) && p.weeks {
		earlier--
	}
	if earlier < 0 {
		return 0, 0, false
	}
	s := c.step(m, p, b, d, k, earlier)
	from, before = int(b)*c.wide+earlier, minutes-int(s.length)
	if s.wide != w || before < 0 {
		return 0, 0, false
	}
	came := c.value[(d*m.states*c.wide+from)*c.levels+before]
	return from, before, came != never && came+c.cost[d*len(c.acts)+k]+s.extra == value
}
