package shifts

import "context"

// dive makes a plan of a region from the program's shares: again and again it
// gives those people their days for whom it is nearly sure of them, and finds
// new days for the others.
func (r *region) dive(ctx context.Context, m *master, rounds int) [][]int16 {
	days := make([][]int16, len(r.people))
	left := len(r.people)
	for left > 0 && ctx.Err() == nil {
		for _, k := range r.surest(m) {
			c := &m.columns[k]
			days[c.who] = c.days
			r.done[c.who] = true
			m.settle(k)
			left--
		}
		m.solve(20000)
		r.regenerate(ctx, m, rounds)
		if m.value() > float64(r.stop)+0.9 {
			return nil // even with shares nothing better comes of this
		}
	}
	return days
}

// regenerate finds more days at the program's own prices.
func (r *region) regenerate(ctx context.Context, m *master, rounds int) {
	for range rounds {
		if ctx.Err() != nil {
			return
		}
		r.measure(m.dual[:len(r.want)])
		if r.enter(m) == 0 {
			return
		}
		m.solve(20000)
	}
}

// sure is the share from which on days are given without a look at others.
const sure = 0.9

// surest returns the columns of people not done yet with nearly whole shares,
// or the one with the largest.
func (r *region) surest(m *master) []int {
	most, best := -1.0, -1
	var found []int
	for row, v := range m.basis {
		if v < 0 || r.done[m.columns[v].who] || m.columns[v].banned {
			continue
		}
		if m.x[row] > most {
			most, best = m.x[row], v
		}
		if m.x[row] >= sure {
			found = append(found, v)
		}
	}
	if len(found) == 0 && best >= 0 {
		found = append(found, best)
	}
	return found
}

// settle bans all other columns of a column's person.
func (m *master) settle(keep int) {
	for k := range m.columns {
		if c := &m.columns[k]; c.who == m.columns[keep].who && k != keep {
			c.banned = true
		}
	}
	m.refresh()
}

// lay puts days of a region into its plan.
func (r *region) lay(days [][]int16) {
	if days == nil {
		return
	}
	for who, i := range r.people {
		if days[who] == nil {
			continue
		}
		r.state.lift(i, r.from, r.to)
		r.state.lay(i, r.from, days[who])
	}
}
