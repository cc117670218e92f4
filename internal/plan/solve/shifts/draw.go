package shifts

import (
	"math/rand/v2"
	"slices"
)

// draw chooses one of all ways by its chance.
func (w *window) draw() {
	p := w.end[pick(w.random, w.endWeight, w.sum)]
	w.drawn = w.drawn[:0]
	m := w.members[w.i]
	for k := len(w.days) - 2; k >= 0; k-- {
		day := &w.days[k]
		if day.bridge {
			p = w.crossBack(k, p)
			continue
		}
		group := noGroup
		p, group = w.stepBack(m, k, p)
		if group == noGroup {
			w.drawn = append(w.drawn, Off)
		} else {
			w.drawn = append(w.drawn, w.drawShift(day, group))
		}
	}
	slices.Reverse(w.drawn)
}

func pick(random *rand.Rand, weights []float64, sum float64) int {
	at := random.Float64() * sum
	for k, x := range weights {
		if at -= x; at < 0 {
			return k
		}
	}
	return len(weights) - 1
}

// crossBack chooses the state before a bridge.
func (w *window) crossBack(k int, p place) place {
	day, next := &w.days[k], &w.days[k+1]
	at := w.random.Float64() * w.at(next, p) * next.scale
	found := p
	for b, passes := range day.passes {
		from := p
		from.b = int16(b)
		value := w.at(day, from)
		if !passes || value == 0 {
			continue
		}
		found = from
		if at -= value; at < 0 {
			break
		}
	}
	return found
}

func (w *window) at(day *windowDay, p place) float64 {
	return day.value[w.rowOf(p.b, p.weekends)*int(w.levels)+int(p.minutes)]
}

// stepBack chooses how a place was reached.
func (w *window) stepBack(m *member, k int, p place) (place, int) {
	day, next := &w.days[k], &w.days[k+1]
	at := w.random.Float64() * w.at(next, p) * next.scale
	found, by := p, noGroup
	for _, s := range m.back[p.b] {
		from, weight := p, day.off
		from.b = s.from
		if s.group == noGroup {
			if m.afterOff(s.from, day.day) != p.b {
				continue
			}
		} else {
			from.weekends -= day.newWeekend(m, s.from)
			from.minutes -= w.groups[s.group].length
			weight = day.grouped[s.group]
		}
		if from.minutes < 0 || from.weekends < 0 || weight == 0 {
			continue
		}
		value := w.at(day, from) * weight
		if value == 0 {
			continue
		}
		found, by = from, int(s.group)
		if at -= value; at < 0 {
			break
		}
	}
	return found, by
}

// drawShift chooses a shift of a group.
func (w *window) drawShift(day *windowDay, group int) int16 {
	at := w.random.Float64() * day.grouped[group]
	shift := int16(Off)
	for s, weight := range day.weight {
		if int(w.group[s]) != group || weight == 0 {
			continue
		}
		shift = int16(s)
		if at -= weight; at < 0 {
			break
		}
	}
	return shift
}
