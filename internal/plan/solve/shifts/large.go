package shifts

import (
	"context"
	"math"
	"slices"
)

// wideBound is the bound where the program over everything is too large. Its
// prices are put together from programs over some weeks each, while all other
// weeks stay, and then follow what people take at them. Minutes are priced for
// each person instead of kept, and limits of kinds of shifts are left out:
// both only lower the bound.
type wideBound struct {
	*table
	finders []*cheapest
	gaps    []gap
	unit    []unitPrice
	prices  []float64
	center  []float64 // those of the best bound
	taken   []float64 // wanted less taken
	days    []int16
	best    int64 // in parts
	level   float64
}

// raiseLarge raises the bound where one program over everything is too large,
// while a share of the search goes by, and once at least.
func (h *hunt) raiseLarge(prices []float64, share float64) {
	b := newWideBound(h.best.table, h.workers)
	copy(b.prices, prices)
	for until := h.done() + share; ; {
		work := b.work()
		b.round(h, float64(h.best.cost))
		h.bound = max(h.bound, (b.best+grain-1)/grain)
		h.spend(b.work() - work)
		h.rounds++
		h.tell(false)
		if h.done() >= min(1, until) {
			return
		}
	}
}

func newWideBound(t *table, workers int) *wideBound {
	b := &wideBound{table: t, unit: make([]unitPrice, t.people), best: math.MinInt64, level: 0.3}
	cells := t.days * t.shifts
	b.prices, b.center, b.taken = make([]float64, cells), make([]float64, cells), make([]float64, cells)
	b.days = make([]int16, t.people*t.days)
	empty := newState(t)
	for i := range t.people {
		b.unit[i].stride = 8 * grain
		b.gaps = append(b.gaps, empty.gap(i, span{0, t.days}))
	}
	b.finders = newFinders(t, workers)
	return b
}

func (b *wideBound) work() int64 {
	sum := int64(0)
	for _, c := range b.finders {
		sum += c.work
	}
	return sum
}

// A tile has at least a week, and as many more as fit a program of about so
// many equations.
const tileRows = 220

// tile plans tiles anew, each everybody and some days while all other days
// stay, and puts the prices of their programs together: a start for those over
// the whole period.
func (h *hunt) tile(hoods []*hood) []float64 {
	t := h.best.table
	prices := make([]float64, t.days*t.shifts)
	length := min(t.days, max(7, (tileRows-t.people)/t.shifts/7*7))
	tiles := (t.days + length - 1) / length
	if length*t.shifts+t.people > 2*mostRows {
		return prices
	}
	tiled := 0
	for n := 0; n < tiles && h.done() < tiledAt; n += h.workers {
		work := make([]int64, h.workers)
		h.all(func(k int) {
			if n+k >= tiles {
				return
			}
			from := min((n+k)*length, t.days-length)
			r := newRegion(hoods[k].state, everybody(t), span{from, from + length}, hoods[k].finders)
			r.limit = usual(length*t.shifts + t.people)
			hoods[k].improve(h.ctx, r)
			copy(prices[from*t.shifts:(from+length)*t.shifts], r.center)
			work[k] = r.work()
		})
		h.merge(hoods)
		h.spend(slices.Max(work) * int64(h.workers))
		h.tell(false)
		tiled = min(n+h.workers, tiles) * length
	}
	for at := tiled * t.shifts; tiled > 0 && at < len(prices); at++ {
		prices[at] = prices[at-7*t.shifts] // where time ran out: as a week before
	}
	return prices
}

// round computes the bound at the prices now and moves them against what is
// taken too often: a subgradient step of Polyak from the best prices.
func (b *wideBound) round(h *hunt, above float64) {
	total := b.measure(h)
	if h.ctx.Err() != nil {
		return
	}
	if total > b.best {
		b.best = total
		copy(b.center, b.prices)
		b.level = min(1, b.level*1.2)
		b.count()
	} else {
		b.level *= 0.6
	}
	norm := 1e-9
	for _, x := range b.taken {
		norm += x * x
	}
	step := b.level * max(1, above-float64(b.best)/grain) / norm
	for at, x := range b.taken {
		b.prices[at] = min(float64(b.under[at]), max(-float64(b.over[at]), b.center[at]+step*x))
	}
}

// count compares what is taken with what is wanted.
func (b *wideBound) count() {
	for at, want := range b.want {
		b.taken[at] = float64(want)
	}
	for k, s := range b.days {
		if s != Off {
			b.taken[k%b.table.days*b.shifts+int(s)]--
		}
	}
}

// measure is the bound in parts at the prices now.
func (b *wideBound) measure(h *hunt) int64 {
	whole := make([]int64, len(b.prices))
	total := b.constant * grain
	for at, x := range b.prices {
		whole[at] = min(int64(b.under[at])*grain, max(-int64(b.over[at])*grain, int64(math.Round(x*grain))))
		total += (whole[at] - int64(b.under[at])*grain) * int64(b.want[at])
	}
	totals := make([]int64, b.people)
	h.all(func(k int) {
		for i := k; i < b.people; i += h.workers {
			totals[i] = b.person(h.ctx, b.finders[k], i, whole)
		}
	})
	for _, x := range totals {
		total += x
	}
	return total
}

// unitTries is how many prices of a unit of work a round tries, and firstTries
// the first.
const unitTries, firstTries = 2, 8

// person bounds what one person costs. The price of a unit of work goes after
// the limits in strides that grow until it has passed: too dear, and too
// little is worked.
func (b *wideBound) person(ctx context.Context, c *cheapest, i int, whole []int64) int64 {
	g := &b.gaps[i]
	p := priced{shift: make([]int64, len(whole))}
	pref := b.pref[i*len(whole):]
	for at, x := range whole {
		p.shift[at] = int64(pref[at])*grain - x
	}
	best := int64(math.MinInt64)
	u := &b.unit[i]
	tries := unitTries
	if b.best == math.MinInt64 {
		tries = firstTries
	}
	for range tries {
		if ctx.Err() != nil {
			return -never / int64(b.people)
		}
		p.unit = u.next
		cost := c.find(g, &p)
		if cost == never {
			return 0 // no plan exists, so any bound holds
		}
		if value := cost - max(p.unit*int64(g.full), p.unit*int64(g.least)); value > best {
			best = value
			copy(b.days[i*b.table.days:], c.days)
		}
		u.follow(b.minutes(c.days), g)
	}
	return best
}

// unitPrice is a person's price of a unit of work, in parts, and how far it
// moved which way.
type unitPrice struct{ next, stride, way int64 }

// follow moves the price up where more than the limits was worked at it, down
// where less. It does not pass 0 without a stop there.
func (u *unitPrice) follow(minutes int32, g *gap) {
	low, high := g.least, g.full
	if u.next > 0 {
		low = high
	}
	if u.next < 0 {
		high = low
	}
	way := int64(0)
	if minutes > high {
		way = 1
	} else if minutes < low {
		way = -1
	}
	if way == u.way {
		u.stride = min(dearest, u.stride*3/2)
	} else {
		u.stride = max(grain/32, u.stride/2)
	}
	u.way = way
	next := u.next + way*u.stride
	if next*u.next < 0 {
		next = 0
	}
	u.next = next
}

// dearest is the longest stride of a price of a unit of work.
const dearest = 64 * grain

func (b *wideBound) minutes(days []int16) int32 {
	n := int32(0)
	for _, s := range days {
		if s != Off {
			n += b.length[s]
		}
	}
	return n
}
