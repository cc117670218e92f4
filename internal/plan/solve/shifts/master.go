package shifts

import (
	"context"
	"math"
)

// master is the linear program over the columns found so far: a share of each
// column, every person's shares summing to 1, and for each shift of each day
// how many are too few or too many. Its dual values are prices. It is solved
// by the primal simplex method with an explicit inverse, which suits some
// hundred rows and columns that come and stay.
type master struct {
	*region
	rows    int
	columns []column
	basis   []int     // of a row: a column, or one of slack's numbers
	inverse []float64 // column-major
	x       []float64 // of a row: the value of its basic variable
	dual    []float64
	right   []float64 // of the equations
	alpha   []float64
	row     []float64 // that of the inverse at the last pivot, divided by the pivot
	slacks  []pricing // of a row: shortfall, then excess
}

// pricing is what choosing a variable to enter asks for: its cost at the dual
// values, and a weight that tells how far its cost is from a steepest edge
// (devex of Harris, 1973).
type pricing struct{ gain, weight float64 }

// column is one person's days within the region.
type column struct {
	who    int // an index of region.people
	cost   float64
	days   []int16
	rows   []int32
	basic  bool
	banned bool
	pricing
}

// slack numbers a row's shortfall (−1−2·row) or excess (−2−2·row).
func slack(row int, over bool) int {
	if over {
		return -2 - 2*row
	}
	return -1 - 2*row
}

// newMaster starts from the plan as it is.
func newMaster(r *region) *master {
	cover := len(r.want)
	m := &master{region: r, rows: cover + len(r.people)}
	m.basis, m.x, m.dual = make([]int, m.rows), make([]float64, m.rows), make([]float64, m.rows)
	m.row, m.slacks = make([]float64, m.rows), make([]pricing, 2*cover)
	m.right, m.alpha = make([]float64, m.rows), make([]float64, m.rows)
	m.inverse = make([]float64, m.rows*m.rows)
	for at := range cover {
		// A little more than whole numbers, so that few vertices coincide.
		m.right[at] = float64(r.want[at]) + 1e-4*(1+math.Mod(float64(at)*0.6180339887, 1))
		over := float64(r.have[at]) > m.right[at]
		m.basis[at] = slack(at, over)
		m.inverse[at*m.rows+at] = map[bool]float64{false: 1, true: -1}[over]
	}
	for k, i := range r.people {
		row := cover + k
		m.right[row] = 1
		m.basis[row] = m.add(k, r.state.row(i)[r.from:r.to])
		m.columns[k].basic = true
		m.columns[k].cost += lackCost * float64(max(0, r.state.members[i].least-r.state.minutes[i]))
		for _, at := range m.columns[k].rows[:len(m.columns[k].rows)-1] {
			m.inverse[row*m.rows+int(at)] = -m.inverse[int(at)*m.rows+int(at)]
		}
		m.inverse[row*m.rows+row] = 1
	}
	m.refresh()
	return m
}

// lackCost is what a unit of missing minutes costs, so that columns with
// enough minutes replace it.
const lackCost = 1e5

// add puts a person's days in as a column.
func (m *master) add(who int, days []int16) int {
	c := column{who: who, days: append([]int16(nil), days...)}
	pref := m.pref(who)
	for d, s := range days {
		if s != Off {
			at := d*m.state.shifts + int(s)
			c.rows = append(c.rows, int32(at))
			c.cost += float64(pref[at])
		}
	}
	c.rows = append(c.rows, int32(len(m.want)+who))
	m.columns = append(m.columns, c)
	return len(m.columns) - 1
}

// cost is that of a basic variable.
func (m *master) cost(v int) float64 {
	switch {
	case v >= 0 && m.columns[v].banned:
		return bannedCost
	case v >= 0:
		return m.columns[v].cost
	case v%2 == 0:
		return float64(m.over[(-2-v)/2])
	}
	return float64(m.under[(-1-v)/2])
}

// bannedCost drives banned columns out of the basis.
const bannedCost = 1e7

// refresh computes values, dual values and reduced costs anew from the inverse.
func (m *master) refresh() {
	clear(m.x)
	for k := range m.rows {
		column := m.inverse[k*m.rows : (k+1)*m.rows]
		dual := 0.0
		for r, v := range column {
			if v != 0 {
				m.x[r] += v * m.right[k]
				dual += v * m.cost(m.basis[r])
			}
		}
		m.dual[k] = dual
	}
	for at := range m.under {
		m.slacks[2*at].gain = float64(m.under[at]) - m.dual[at]
		m.slacks[2*at+1].gain = float64(m.over[at]) + m.dual[at]
	}
	for k := range m.columns {
		m.columns[k].gain = m.reduced(&m.columns[k])
	}
}

// reduced is a column's cost at the dual values.
func (m *master) reduced(c *column) float64 {
	cost := c.cost
	for _, at := range c.rows {
		cost -= m.dual[at]
	}
	return cost
}

// solve pivots until no column gains, the context ends, or a number of pivots
// is reached.
func (m *master) solve(ctx context.Context, most int) {
	for k := range m.slacks {
		m.slacks[k].weight = 1
	}
	for k := range m.columns {
		m.columns[k].weight = 1
	}
	for pivot := range most {
		if pivot%100 == 0 {
			if ctx.Err() != nil {
				break
			}
			m.refresh()
		}
		m.pivots += int64(m.rows*m.rows)/2 + 20*int64(len(m.columns))
		v, gain := m.enter()
		if gain > -1e-7 {
			break
		}
		m.expand(v)
		row := m.leave()
		if row < 0 {
			break
		}
		m.pivot(row, v, gain)
	}
	m.refresh()
}

// enter finds the variable that gains most for its weight.
func (m *master) enter() (v int, gain float64) {
	best := 0.0
	for k := range m.slacks {
		if p := &m.slacks[k]; p.gain < -1e-7 && p.gain*p.gain > best*p.weight {
			v, gain, best = slack(k/2, k%2 == 1), p.gain, p.gain*p.gain/p.weight
		}
	}
	for k := range m.columns {
		c := &m.columns[k]
		if c.gain < -1e-7 && !c.basic && !c.banned && c.gain*c.gain > best*c.weight {
			v, gain, best = k, c.gain, c.gain*c.gain/c.weight
		}
	}
	return v, gain
}

// of returns a variable's pricing.
func (m *master) of(v int) *pricing {
	if v >= 0 {
		return &m.columns[v].pricing
	}
	return &m.slacks[-1-v]
}

// reprice follows gains and weights through a pivot.
func (m *master) reprice(v, old int, gain, pivot float64) {
	weight := m.of(v).weight
	for at := range m.under {
		x := m.row[at]
		if x == 0 {
			continue
		}
		square := x * x * weight
		under, over := &m.slacks[2*at], &m.slacks[2*at+1]
		under.gain -= gain * x
		over.gain += gain * x
		under.weight, over.weight = max(under.weight, square), max(over.weight, square)
	}
	for k := range m.columns {
		c := &m.columns[k]
		x := 0.0
		for _, at := range c.rows {
			x += m.row[at]
		}
		if x != 0 {
			c.gain -= gain * x
			c.weight = max(c.weight, x*x*weight)
		}
	}
	m.of(v).gain = 0
	*m.of(old) = pricing{-gain / pivot, max(1, weight/(pivot*pivot))}
}

// expand computes how the basic variables fall as a variable rises.
func (m *master) expand(v int) {
	clear(m.alpha)
	if v < 0 {
		row, sign := (-1-v)/2, 1.0
		if v%2 == 0 {
			row, sign = (-2-v)/2, -1
		}
		for r, x := range m.inverse[row*m.rows : (row+1)*m.rows] {
			m.alpha[r] = sign * x
		}
		return
	}
	for _, row := range m.columns[v].rows {
		for r, x := range m.inverse[int(row)*m.rows : (int(row)+1)*m.rows] {
			m.alpha[r] += x
		}
	}
}

// leave finds the row whose variable reaches 0 first; of those nearly equal,
// the one with the largest pivot.
func (m *master) leave() int {
	least := math.Inf(1)
	for r, a := range m.alpha {
		if a > 1e-9 {
			least = min(least, (max(0, m.x[r])+1e-9)/a)
		}
	}
	row := -1
	for r, a := range m.alpha {
		if a > 1e-9 && max(0, m.x[r])/a <= least && (row < 0 || a > m.alpha[row]) {
			row = r
		}
	}
	return row
}

// pivot brings a variable into the basis at a row.
func (m *master) pivot(row, v int, gain float64) {
	pivot := m.alpha[row]
	step := max(0, m.x[row]) / pivot
	for r, a := range m.alpha {
		m.x[r] -= step * a
	}
	m.x[row] = step
	for k := range m.rows {
		column := m.inverse[k*m.rows : (k+1)*m.rows]
		f := column[row] / pivot
		m.row[k] = f
		if f == 0 {
			continue
		}
		m.dual[k] += gain * f
		subtract(column, m.alpha, f)
		column[row] = f
	}
	old := m.basis[row]
	if old >= 0 {
		m.columns[old].basic = false
	}
	if v >= 0 {
		m.columns[v].basic = true
	}
	m.basis[row] = v
	m.reprice(v, old, gain, pivot)
}

// subtract takes f times b from a, four numbers at a time: most of the work of
// a pivot is here.
func subtract(a, b []float64, f float64) {
	b = b[:len(a)]
	for len(a) >= 4 && len(b) >= 4 {
		a[0] -= f * b[0]
		a[1] -= f * b[1]
		a[2] -= f * b[2]
		a[3] -= f * b[3]
		a, b = a[4:], b[4:]
	}
	for k := range a {
		a[k] -= f * b[k]
	}
}

// value is the cost of the solution.
func (m *master) value() float64 {
	sum := 0.0
	for r, v := range m.basis {
		sum += m.x[r] * m.cost(v)
	}
	return sum + float64(m.fixed)
}
