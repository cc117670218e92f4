package town

import (
	"math"
	"math/rand/v2"
	"slices"
)

// door is a possible address: a number on one side of a street.
type door struct {
	street string
	class  string
	number int
	at     Point
	normal Point // unit vector away from the street
	area   string
}

const doorWidth = 8.5 // metres of street per number

// doors are all free addresses, the busiest more likely to come first.
func (t *Town) doors(r *rand.Rand) []door {
	type ranked struct {
		door
		rank float64
	}
	var list []ranked
	for _, s := range t.Streets {
		for _, d := range t.doorsOf(s) {
			// Efraimidis–Spirakis: ordering by u^(1/weight) samples by weight without replacement.
			list = append(list, ranked{d, math.Pow(r.Float64(), 1/busyness(d))})
		}
	}
	slices.SortStableFunc(list, func(a, b ranked) int {
		if a.rank > b.rank {
			return -1
		}
		return 1
	})
	doors := make([]door, len(list))
	for i, d := range list {
		doors[i] = d.door
	}
	return doors
}

// busyness is how much a shop wants to be here: on wide streets near the centre.
func busyness(d door) float64 {
	class := map[string]float64{MainRoad: 1, Road: 0.4, Lane: 0.22}[d.class]
	far := math.Hypot(d.at.X, d.at.Y*1.6) / 900
	return class * (0.12 + math.Exp(-far*far))
}

// doorsOf walks a street and numbers its houses: odd on the left, even on the right.
func (t *Town) doorsOf(s Street) []door {
	var list []door
	walked, next := 0.0, doorWidth
	number := 1
	for i := 1; i < len(s.path); i++ {
		a, b := s.path[i-1], s.path[i]
		length := metres(a, b)
		for ; next <= walked+length; next += doorWidth {
			f := (next - walked) / length
			at := Point{a.X + (b.X-a.X)*f, a.Y + (b.Y-a.Y)*f}
			left := Point{-(b.Y - a.Y) / length, (b.X - a.X) / length}
			for side, n := range []Point{left, {-left.X, -left.Y}} {
				if d, ok := t.doorAt(s, at, n, number+side); ok {
					list = append(list, d)
				}
			}
			number += 2
		}
		walked += length
	}
	return list
}

// doorAt is the door beside a point of the street's middle, unless park, river or another street is there.
func (t *Town) doorAt(s Street, middle, normal Point, number int) (door, bool) {
	set := s.halfWidth() + 3
	p := Point{middle.X + normal.X*set, middle.Y + normal.Y*set}
	c := p.lonLat()
	for _, park := range t.Parks {
		if park.Ring.Contains(c[0], c[1]) {
			return door{}, false
		}
	}
	area := t.AreaAt(c[0], c[1])
	if area == "" || t.river.Contains(c[0], c[1]) || t.onStreet(p) {
		return door{}, false
	}
	return door{street: s.Name, class: s.Class, number: number, at: p, normal: normal, area: area}, true
}

// take removes the first door that is at least apart metres from all of others.
func (b *builder) take(others []Point, apart float64) door {
	for i, d := range b.doors {
		if !slices.ContainsFunc(others, func(o Point) bool { return metres(o, d.at) < apart }) {
			b.doors = slices.Delete(b.doors, i, i+1)
			return d
		}
	}
	// A town too small for the wish still gets its places, only closer together.
	return b.take(others, apart/2)
}
