package shifts

import (
	"context"
	"math"
	"math/rand/v2"
)

// annealer cools a part of a plan, some people on some days: draws of one
// person's weeks, and exchanges of days between two.
type annealer struct {
	*state
	random      *rand.Rand
	window      *window
	who         []int // the people of the part
	span              // and its days
	kept, other []int16
}

func newAnnealer(s *state, random *rand.Rand) *annealer {
	return &annealer{state: s, random: random, window: newWindow(s, random)}
}

// How often each kind of move is made in a step, the longest spans of draws in
// days, and the heats of a whole cooling: from where wishes hardly matter to
// where single ones do.
const (
	draws, farDraws, exchanges  = 2, 12, 400
	longSpan, farSpan, fillSpan = 14, 10, 42
	hot, hotLarge, warm, cold   = 8.0, 1.0, 3.0, 0.12
)

// steps makes some steps at a heat, or fewer if the context ends.
func (a *annealer) steps(ctx context.Context, n int, heat float64) {
	for range n {
		if ctx.Err() != nil || len(a.who) == 0 || a.from >= a.to {
			return
		}
		a.step(heat)
	}
}

func (a *annealer) step(heat float64) {
	for range draws {
		a.draw(a.one(), []span{a.some(longSpan)}, heat)
	}
	for range farDraws {
		a.draw(a.one(), a.twoSpans(), heat)
	}
	if a.short > 0 {
		a.fill(heat)
	}
	for range exchanges {
		if i, j := a.one(), a.one(); i != j {
			a.exchange(i, j, a.some(longSpan), heat)
		}
	}
}

// fill draws many days of somebody who has too few minutes.
func (a *annealer) fill(heat float64) {
	start := a.random.IntN(len(a.who))
	for k := range a.who {
		i := a.who[(start+k)%len(a.who)]
		if a.minutes[i] < a.members[i].least {
			a.draw(i, []span{a.some(fillSpan)}, heat)
			return
		}
	}
}

func (a *annealer) one() int { return a.who[a.random.IntN(len(a.who))] }

// some chooses some days.
func (a *annealer) some(most int) span {
	length := min(1+a.random.IntN(most), a.to-a.from)
	from := a.from + a.random.IntN(a.to-a.from-length+1)
	return span{from, from + length}
}

// twoSpans chooses two spans with at least some days between, or one.
func (a *annealer) twoSpans() []span {
	x, y := a.some(farSpan), a.some(farSpan)
	if x.from > y.from {
		x, y = y, x
	}
	if y.from < x.to+3 {
		return []span{x}
	}
	return []span{x, y}
}

// draw draws a person's days anew.
func (a *annealer) draw(i int, spans []span, heat float64) {
	w := a.window
	w.allow(i, spans)
	a.kept = a.take(a.kept, i, spans)
	if w.prepare(i, spans, heat) {
		w.draw()
		a.put(i, spans, w.drawn)
	} else {
		a.put(i, spans, a.kept)
	}
}

// adopt takes over what another annealer did to its part.
func (s *state) adopt(o *annealer, cost, short int64) {
	for _, i := range o.who {
		copy(s.row(i), o.row(i))
		copy(s.bases(i), o.bases(i))
		copy(s.count[i*s.shifts:(i+1)*s.shifts], o.count[i*s.shifts:(i+1)*s.shifts])
		s.minutes[i], s.weekends[i] = o.minutes[i], o.weekends[i]
	}
	copy(s.have[o.from*s.shifts:o.to*s.shifts], o.have[o.from*s.shifts:o.to*s.shifts])
	s.cost += o.cost - cost
	s.short += o.short - short
}

// take lifts a person's days and returns what they were.
func (s *state) take(into []int16, i int, spans []span) []int16 {
	into = into[:0]
	for _, at := range spans {
		into = append(into, s.row(i)[at.from:at.to]...)
		s.lift(i, at.from, at.to)
	}
	return into
}

// put lays what was taken or drawn.
func (s *state) put(i int, spans []span, days []int16) {
	for _, at := range spans {
		n := at.to - at.from
		s.lay(i, at.from, days[:n])
		days = days[n:]
	}
}

func (a *annealer) accept(log float64) bool { return log >= 0 || a.random.Float64() < math.Exp(log) }

// exchange swaps the days of two persons, which leaves all cover as it is.
func (a *annealer) exchange(i, j int, at span, heat float64) {
	x, y := a.row(i)[at.from:at.to], a.row(j)[at.from:at.to]
	if !a.swappable(i, j, at) {
		return
	}
	cost, minutes := a.compare(i, j, at)
	if !a.mayWork(i, a.minutes[i]+minutes) || !a.mayWork(j, a.minutes[j]-minutes) || !a.accept(-float64(cost)/heat) {
		return
	}
	if !a.flows(i, y, at) || !a.flows(j, x, at) {
		return
	}
	spans := []span{at}
	a.kept, a.other = a.take(a.kept, i, spans), a.take(a.other, j, spans)
	a.put(i, spans, a.other)
	a.put(j, spans, a.kept)
	if a.legal(i) && a.legal(j) {
		return
	}
	a.other, a.kept = a.take(a.other, i, spans), a.take(a.kept, j, spans)
	a.put(i, spans, a.kept)
	a.put(j, spans, a.other)
}

// swappable says whether two persons may work on each other's days at all.
func (a *annealer) swappable(i, j int, at span) bool {
	p, q, y := a.members[i], a.members[j], a.row(j)[at.from:at.to]
	for k, u := range a.row(i)[at.from:at.to] {
		if v := y[k]; u != v && (q.bars(u, at.from+k) || p.bars(v, at.from+k)) {
			return false
		}
	}
	return true
}

// bars says whether a shift may never be worked, or not on this day.
func (m *member) bars(shift int16, day int) bool {
	return shift != Off && (m.most[shift] == 0 || m.offDay[day])
}

// compare returns what an exchange costs and how many units more person i works.
func (a *annealer) compare(i, j int, at span) (cost, minutes int32) {
	mine, others, y := a.wishes(i, at), a.wishes(j, at), a.row(j)[at.from:at.to]
	for k, u := range a.row(i)[at.from:at.to] {
		v, cell := y[k], k*a.shifts
		if u == v {
			continue
		}
		if u != Off {
			cost += others[cell+int(u)] - mine[cell+int(u)]
			minutes -= a.length[u]
		}
		if v != Off {
			cost += mine[cell+int(v)] - others[cell+int(v)]
			minutes += a.length[v]
		}
	}
	return cost, minutes
}

// wishes are a person's from the first day of a span to its last.
func (t *table) wishes(i int, at span) []int32 {
	return t.pref[(i*t.days+at.from)*t.shifts : (i*t.days+at.to)*t.shifts]
}

// mayWork says whether a person may work so long: not less than the least, or
// than now where that is missed already.
func (s *state) mayWork(i int, minutes int32) bool {
	m := s.members[i]
	return minutes <= m.full && minutes >= min(m.least, s.minutes[i])
}
