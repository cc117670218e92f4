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
}

// column is one person's days within the region.
type column struct {
	who    int // an index of region.people
	cost   float64
	days   []int16
	rows   []int32
	basic  bool
	banned bool
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

// refresh computes values and dual values anew from the inverse.
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

// enter finds the variable with the most negative reduced cost.
func (m *master) enter() (v int, gain float64) {
	for at := range m.under {
		if d := float64(m.under[at]) - m.dual[at]; d < gain {
			v, gain = slack(at, false), d
		}
		if d := float64(m.over[at]) + m.dual[at]; d < gain {
			v, gain = slack(at, true), d
		}
	}
	for k := range m.columns {
		if c := &m.columns[k]; !c.basic && !c.banned {
			if d := m.reduced(c); d < gain {
				v, gain = k, d
			}
		}
	}
	return v, gain
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
	step := max(0, m.x[row]) / m.alpha[row]
	for r, a := range m.alpha {
		m.x[r] -= step * a
	}
	m.x[row] = step
	for k := range m.rows {
		column := m.inverse[k*m.rows : (k+1)*m.rows]
		f := column[row] / m.alpha[row]
		if f == 0 {
			continue
		}
		m.dual[k] += gain * f
		for r, a := range m.alpha {
			column[r] -= f * a
		}
		column[row] = f
	}
	if old := m.basis[row]; old >= 0 {
		m.columns[old].basic = false
	}
	if v >= 0 {
		m.columns[v].basic = true
	}
	m.basis[row] = v
}

// value is the cost of the solution.
func (m *master) value() float64 {
	sum := 0.0
	for r, v := range m.basis {
		sum += m.x[r] * m.cost(v)
	}
	return sum + float64(m.fixed)
}
