package shifts

import (
	"context"
	"math"
	"sync"
)

// grain is how many parts of a unit of cost prices are counted in: bounds are
// computed in whole numbers, so that no rounding can make them wrong.
const grain = 1 << 10

// bounder raises a lower bound on the cost of every plan: at any prices for a
// person on a shift, what everybody's own cheapest days cost, with the prices
// paid back, is a bound. Where the prices come from does not matter for that.
type bounder struct {
	*table
	finders []*cheapest // one for each worker
	counted [][]int16   // of a person: shifts whose limits the table keeps
	days    []int16     // person × day: everybody's cheapest at the last prices
	center  []float64   // the prices of the best bound
	best    int64       // in parts
}

func newBounder(t *table, workers int) *bounder {
	b := &bounder{table: t, best: math.MinInt64, counted: make([][]int16, t.people)}
	b.days, b.center = make([]int16, t.people*t.days), make([]float64, len(t.under))
	for range max(1, workers) {
		b.finders = append(b.finders, &cheapest{table: t})
	}
	return b
}

// bound is the best so far, in units of cost, rounded up since costs are whole.
func (b *bounder) bound() int64 {
	if b.best <= 0 {
		return 0 // no term of a cost is negative
	}
	return (b.best + grain - 1) / grain
}

// measure finds everybody's cheapest days at some prices and the bound in
// parts that follows.
func (b *bounder) measure(prices []float64) int64 {
	whole := make([]int64, len(prices))
	total := b.constant * grain
	for at, x := range prices {
		whole[at] = int64(math.Round(x * grain))
		whole[at] = min(int64(b.under[at])*grain, max(-int64(b.over[at])*grain, whole[at]))
		total += (whole[at] - int64(b.under[at])*grain) * int64(b.want[at])
	}
	totals := make([]int64, b.people)
	var wg sync.WaitGroup
	for k, c := range b.finders {
		wg.Go(func() {
			for i := k; i < b.people; i += len(b.finders) {
				totals[i] = b.person(c, i, whole)
			}
		})
	}
	wg.Wait()
	for _, x := range totals {
		total += x
	}
	if total > b.best {
		b.best = total
		copy(b.center, prices)
	}
	return total
}

// person finds one person's days. Where they have a kind of shift too often
// that the table does not count yet, it is counted from then on.
func (b *bounder) person(c *cheapest, i int, whole []int64) int64 {
	p := priced{shift: make([]int64, len(whole)), minutes: true, weeks: true, counted: b.counted[i]}
	pref := b.pref[i*len(whole):]
	for at, x := range whole {
		p.shift[at] = int64(pref[at])*grain - x
	}
	days := b.days[i*b.table.days : (i+1)*b.table.days]
	for {
		cost := c.find(i, p)
		if cost == never {
			days[0] = invalid
			return 0
		}
		copy(days, c.days)
		s := b.tooOften(i, days)
		if s == Off {
			return cost
		}
		p.counted = append(p.counted[:len(p.counted):len(p.counted)], s)
		m := b.people_[i]
		levels, wide := b.size(m, p)
		if levels*wide*m.states*b.table.days > mostPlaces {
			days[0] = invalid
			return cost
		}
		b.counted[i] = p.counted
	}
}

// invalid as the first of a person's days says that they break a rule.
const invalid = -2

// mostPlaces is how large a table of cheapest days may become.
const mostPlaces = 6 << 20

// tooOften returns a kind of shift that the days have too often, or Off.
func (b *bounder) tooOften(i int, days []int16) int16 {
	left := append([]int32(nil), b.people_[i].most...)
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

// raise lets a linear program over all days found so far propose prices, and
// finds more days at prices between those and the best, until nothing more is
// to be gained.
func (b *bounder) raise(ctx context.Context, m *master, each func(round int)) {
	share := 0.8 // of the best prices: in-out separation of Wentges (1997)
	at := make([]float64, len(b.center))
	for round := 0; ctx.Err() == nil; round++ {
		m.solve(20000)
		for k := range at {
			at[k] = share*b.center[k] + (1-share)*m.dual[k]
		}
		before := b.best
		total := b.measure(at)
		added := b.enter(m)
		each(round)
		if m.value()+float64(b.constant-m.under0())-float64(b.best)/grain < 0.05 {
			return
		}
		if total <= before && added == 0 {
			if share == 0 {
				return
			}
			share = 0
		} else if total > before {
			share = 0.8
		} else {
			share = max(0, share-0.1)
		}
	}
}

// under0 is what it costs to have nobody on any shift.
func (t *table) under0() int64 {
	sum := int64(0)
	for at, x := range t.under {
		sum += int64(x) * int64(t.want[at])
	}
	return sum
}

// enter adds everybody's days to the program where they help.
func (b *bounder) enter(m *master) int {
	added := 0
	for i := range b.people {
		days := b.days[i*b.table.days : (i+1)*b.table.days]
		if days[0] == invalid {
			continue
		}
		k := m.add(i, days)
		if m.reduced(&m.columns[k]) > -1e-6 {
			m.columns = m.columns[:k]
		} else {
			added++
		}
	}
	return added
}
