package shifts

import (
	"cmp"
	"context"
	"slices"
)

// dive makes a plan of a region from the program's shares: again and again it
// decides those days of people of which the program is surest, and finds new
// days for everybody that agree. It returns nil if nothing better than r.stop
// comes of it.
func (r *region) dive(ctx context.Context, m *master, rounds int) [][]int16 {
	r.diving = true
	for ctx.Err() == nil && !r.spent() && m.value() <= float64(r.stop)+0.9 {
		votes := r.votes(m)
		if len(votes) == 0 {
			return r.whole(m)
		}
		r.decide(m, votes)
		m.refresh()
		m.solve(ctx, mostPivots)
		r.regenerate(ctx, m, rounds)
	}
	return nil
}

const mostPivots = 20_000

// regenerate finds more days at the program's own prices.
func (r *region) regenerate(ctx context.Context, m *master, rounds int) {
	for range rounds {
		if ctx.Err() != nil {
			return
		}
		r.measure(ctx, m.dual[:len(r.want)])
		if r.enter(m) == 0 {
			return
		}
		m.solve(ctx, mostPivots)
	}
}

// vote is what the program would give a person on a day, with its share.
type vote struct {
	who, day int
	shift    int16
	share    float64
}

// votes lists what the program would rather give on the days about which it
// has not made up its mind, surest first.
func (r *region) votes(m *master) []vote {
	wide, length := r.state.shifts+1, r.to-r.from
	shares := make([]float64, len(r.people)*length*wide)
	for row, v := range m.basis {
		if v < 0 || m.x[row] < 1e-6 {
			continue
		}
		c := &m.columns[v]
		for d, s := range c.days {
			shares[(c.who*length+d)*wide+int(s)+1] += m.x[row]
		}
	}
	var votes []vote
	for at := 0; at < len(shares); at += wide {
		best := 0
		for s, share := range shares[at : at+wide] {
			if share > shares[at+best] {
				best = s
			}
		}
		if share := shares[at+best]; share > 1e-3 && share < 1-1e-3 {
			votes = append(votes, vote{at / wide / length, at / wide % length, int16(best) - 1, share})
		}
	}
	if r.random != nil {
		for k := range votes {
			votes[k].share -= doubt * r.random.Float64()
		}
	}
	slices.SortStableFunc(votes, func(a, b vote) int { return cmp.Compare(b.share, a.share) })
	return votes
}

// decide forces the surest votes and bans all columns that do not agree.
func (r *region) decide(m *master, votes []vote) {
	n := 1 + int(float64(len(votes))*decideShare)
	for n < len(votes) && votes[n].share > 0.9 && n < len(votes)/3 {
		n++
	}
	for _, v := range votes[:n] {
		if r.forced[v.who] == nil {
			r.forced[v.who] = make([]int16, r.to-r.from)
			for d := range r.forced[v.who] {
				r.forced[v.who][d] = free
			}
		}
		r.forced[v.who][v.day] = v.shift
		for k := range m.columns {
			if c := &m.columns[k]; c.who == v.who && c.days[v.day] != v.shift {
				c.banned = true
			}
		}
	}
	m.forget()
}

// forget drops banned columns.
func (m *master) forget() {
	kept := m.columns[:0]
	at := make([]int, len(m.columns))
	for k, c := range m.columns {
		if c.basic || !c.banned {
			at[k] = len(kept)
			kept = append(kept, c)
		}
	}
	m.columns = kept
	for row, v := range m.basis {
		if v >= 0 {
			m.basis[row] = at[v]
		}
	}
}

// The share of the votes that is decided at once, and how much chance may
// change their order in dives after the first.
const (
	decideShare = 0.3
	doubt       = 0.3
)

// whole returns everybody's days where the program's shares are whole.
func (r *region) whole(m *master) [][]int16 {
	days := make([][]int16, len(r.people))
	for row, v := range m.basis {
		if v < 0 || m.x[row] < 0.5 {
			continue
		}
		if m.columns[v].banned {
			return nil
		}
		days[m.columns[v].who] = m.columns[v].days
	}
	return days
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
