package shifts

import (
	"context"
	"math"
	"math/rand/v2"
)

// annealer cools one plan.
type annealer struct {
	*state
	random           *rand.Rand
	a, b             *window
	best             *state
	moves            int64
	keep             []int16
	keep2            []int16
	pairs, pairsDone int64
	sw, swDone       int64
}

func newAnnealer(s *state, seed uint64) *annealer {
	random := rand.New(rand.NewPCG(seed, 1))
	a := &annealer{state: s, random: random, a: newWindow(s, random), b: newWindow(s, random), best: s.clone()}
	return a
}

// resample draws a person's days anew.
func (a *annealer) resample(i int, spans []span, heat float64) {
	w := a.a
	w.allowed = max(0, a.people_[i].least-a.minutes[i])
	a.keep = a.take(a.keep, i, spans)
	if w.prepare(i, spans, heat) && w.draw() {
		a.put(i, spans, w.drawn)
	} else {
		a.put(i, spans, a.keep)
	}
	a.remember()
}

// take lifts a person's days and returns what they were.
func (a *annealer) take(keep []int16, i int, spans []span) []int16 {
	keep = keep[:0]
	for _, s := range spans {
		keep = append(keep, a.row(i)[s.from:s.to]...)
		a.lift(i, s.from, s.to)
	}
	return keep
}

func (a *annealer) drop(i int, spans []span) {
	for _, s := range spans {
		a.lift(i, s.from, s.to)
	}
}

// put lays what was taken or drawn.
func (a *annealer) put(i int, spans []span, days []int16) {
	for _, s := range spans {
		n := s.to - s.from
		a.lay(i, s.from, days[:n])
		days = days[n:]
	}
}

func (a *annealer) remember() {
	a.moves++
	if a.short < a.best.short || a.short == a.best.short && a.cost < a.best.cost {
		a.best.copyFrom(a.state)
	}
}

// resamplePair draws two persons' days anew together: the first as if the
// second did nothing there, the second exactly given the first; accepted as
// Metropolis and Hastings ask.
func (a *annealer) resamplePair(i, j int, spans []span, heat, first float64) {
	w, v := a.a, a.b
	a.pairs++
	w.allowed = max(0, a.people_[i].least-a.minutes[i])
	v.allowed = max(0, a.people_[j].least-a.minutes[j])
	a.keep2 = a.take(a.keep2, j, spans)
	before := a.cost
	a.keep = a.take(a.keep, i, spans)
	bare := a.cost
	ok := w.prepare(i, spans, first) && w.draw()
	if ok {
		a.put(i, spans, a.keep)
		ok = v.prepare(j, spans, heat)
		zOld := v.logSum()
		a.drop(i, spans)
		if ok {
			a.put(i, spans, w.drawn)
			ok = v.prepare(j, spans, heat) && v.draw()
			if ok {
				log := v.logSum() - zOld - float64(a.cost-before)*(1/heat-1/first)
				ok = log >= 0 || a.random.Float64() < math.Exp(log)
			}
			if ok {
				a.put(j, spans, v.drawn)
				a.pairsDone++
				a.remember()
				return
			}
			a.drop(i, spans)
		}
	}
	_ = bare
	a.put(i, spans, a.keep)
	a.put(j, spans, a.keep2)
	a.moves++
}

// exchange swaps the days of two persons.
func (a *annealer) exchange(i, j, from, to int, heat float64) {
	a.sw++
	x, y := a.row(i)[from:to], a.row(j)[from:to]
	p, q := a.people_[i], a.people_[j]
	for k := range x {
		if x[k] != Off && q.offDay[from+k] || y[k] != Off && p.offDay[from+k] {
			return
		}
	}
	// cost
	delta := int32(0)
	var dm int32
	for k := range x {
		d := from + k
		if x[k] == y[k] {
			continue
		}
		if x[k] != Off {
			delta += a.pref[(j*a.days+d)*a.shifts+int(x[k])] - a.pref[(i*a.days+d)*a.shifts+int(x[k])]
			dm -= a.length[x[k]]
		}
		if y[k] != Off {
			delta += a.pref[(i*a.days+d)*a.shifts+int(y[k])] - a.pref[(j*a.days+d)*a.shifts+int(y[k])]
			dm += a.length[y[k]]
		}
	}
	if mi := a.minutes[i] + dm; mi > p.full || mi < min(p.least, a.minutes[i]) {
		return
	}
	if mj := a.minutes[j] - dm; mj > q.full || mj < min(q.least, a.minutes[j]) {
		return
	}
	if delta > 0 && a.random.Float64() >= math.Exp(-float64(delta)/heat) {
		return
	}
	if !a.flows(i, y, from) || !a.flows(j, x, from) {
		return
	}
	a.keep = append(a.keep[:0], x...)
	a.keep2 = append(a.keep2[:0], y...)
	a.lift(i, from, to)
	a.lift(j, from, to)
	a.lay(i, from, a.keep2)
	a.lay(j, from, a.keep)
	if a.legal(i) && a.legal(j) {
		a.swDone++
		a.remember()
		return
	}
	a.lift(i, from, to)
	a.lift(j, from, to)
	a.lay(i, from, a.keep)
	a.lay(j, from, a.keep2)
}

func (a *annealer) legal(i int) bool {
	if a.weekends[i] > a.people_[i].weekends {
		return false
	}
	for s, m := range a.people_[i].most {
		if a.count[i*a.shifts+s] > m {
			return false
		}
	}
	return true
}

func (a *annealer) flows(i int, days []int16, from int) bool {
	b, m := a.bases(i)[from], a.people_[i]
	for k, s := range days {
		if b = m.after(b, a.groupAt(s), from+k); b < 0 {
			return false
		}
	}
	return a.fits(i, b, from+len(days), a.days)
}

func (a *annealer) run(ctx context.Context, hot, cold float64, total int64, progress func() float64) {
	for k := int64(0); ; k++ {
		if k%64 == 0 && ctx.Err() != nil {
			return
		}
		done := progress()
		if done >= 1 {
			return
		}
		heat := hot * math.Pow(cold/hot, done)
		a.step(heat)
	}
}

var Mix = [4]int{10, 2, 200, 10}
var Wide, Narrow = 10, 7
var Hot, Cold = 30.0, 0.5

func (a *annealer) one(wide int) []span {
	l := min(3+a.random.IntN(wide-2), a.days)
	from := a.random.IntN(a.days - l + 1)
	return []span{{from, from + l}}
}

func (a *annealer) two(wide int) []span {
	x, y := a.one(wide), a.one(wide)
	if x[0].from > y[0].from {
		x, y = y, x
	}
	if y[0].from < x[0].to+3 {
		return x
	}
	return append(x, y...)
}

func (a *annealer) step(heat float64) {
	for range Mix[0] {
		a.resample(a.random.IntN(a.people), a.one(Wide), heat)
	}
	for range Mix[3] {
		a.resample(a.random.IntN(a.people), a.two(Narrow), heat)
	}
	for range Mix[1] {
		i, j := a.random.IntN(a.people), a.random.IntN(a.people)
		if i != j {
			a.resamplePair(i, j, a.one(Wide), heat, heat)
		}
	}
	for range Mix[2] {
		l := 1 + a.random.IntN(Wide)
		l = min(l, a.days)
		from := a.random.IntN(a.days - l + 1)
		i, j := a.random.IntN(a.people), a.random.IntN(a.people)
		if i != j {
			a.exchange(i, j, from, from+l, heat)
		}
	}
}
