package shifts

import "context"

// dive makes a plan of a region from the program's shares: again and again it
// gives those people their days for whom it is nearly sure of them, and finds
// new days for the others. Where that leads to nothing better than r.stop, it
// takes the last days back and forbids them, a few times. It returns nil if it
// finds nothing better.
func (r *region) dive(ctx context.Context, m *master, rounds int) [][]int16 {
	r.diving = true
	days := make([][]int16, len(r.people))
	left, regrets := len(r.people), mostRegrets
	for left > 0 && ctx.Err() == nil {
		surest := r.surest(m)
		var banned []int
		for _, k := range surest {
			who := m.columns[k].who
			days[who], r.done[who] = m.columns[k].days, true
			banned = append(banned, m.settle(k)...)
		}
		m.refresh()
		m.solve(ctx, mostPivots)
		r.regenerate(ctx, m, rounds)
		if r.spent() {
			return nil
		}
		if m.value() <= float64(r.stop)+0.9 {
			left -= len(surest)
			continue
		}
		if regrets--; regrets < 0 || len(surest) == 0 {
			return nil
		}
		r.regret(ctx, m, surest, banned, days)
		if m.value() > float64(r.stop)+0.9 {
			return nil // with or without the surest days, nothing better comes of this
		}
	}
	return days
}

const (
	mostRegrets = 6
	mostPivots  = 20_000
)

// regret takes back what was decided and forbids the first of it.
func (r *region) regret(ctx context.Context, m *master, surest, banned []int, days [][]int16) {
	for _, k := range banned {
		m.columns[k].banned = false
	}
	for _, k := range surest {
		who := m.columns[k].who
		days[who], r.done[who] = nil, false
	}
	m.columns[surest[0]].banned = true
	m.refresh()
	m.solve(ctx, mostPivots)
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
		m.solve(ctx, mostPivots)
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

// settle bans all other columns of a column's person and returns them.
func (m *master) settle(keep int) []int {
	var banned []int
	for k := range m.columns {
		if c := &m.columns[k]; c.who == m.columns[keep].who && k != keep && !c.banned {
			c.banned = true
			banned = append(banned, k)
		}
	}
	return banned
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
