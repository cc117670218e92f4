package town

import "math/rand/v2"

// Footprints of building blocks on the ruler, metres.
const (
	blockAlong  = 40.0
	blockAcross = 33.0
)

// blocks are the building footprints of one area, kept off streets, parks and the river.
func (t *Town) blocks(a Area, r *rand.Rand) []Ring {
	w0, w1 := a.dryWidth()
	reach := t.valley.reach((a.u0+a.u1)/2, a.w1 > 0)
	rows := int((w1 - w0) * reach / blockAcross)
	cols := int((a.u1 - a.u0) / blockAlong)
	var list []Ring
	for i := range rows {
		for j := range cols {
			u := a.u0 + (a.u1-a.u0)*(float64(j)+0.5)/float64(cols)
			w := w0 + (w1-w0)*(float64(i)+0.5)/float64(rows)
			if ring, ok := t.block(r, u, w, reach); ok {
				list = append(list, ring)
			}
		}
	}
	return list
}

// block is one footprint about (u, w), unless something else stands there.
func (t *Town) block(r *rand.Rand, u, w, reach float64) (Ring, bool) {
	u += between(r, -4, 4)
	halfU := between(r, 11, 18)
	halfW := between(r, 9, 14) / reach
	corners := []Point{
		t.valley.at(u-halfU, w-halfW), t.valley.at(u+halfU, w-halfW),
		t.valley.at(u+halfU, w+halfW), t.valley.at(u-halfU, w+halfW),
	}
	// Towards the hill foot the town thins out.
	if chance(r, 0.08+0.5*max(0, w*w-0.45)) || t.obstructed(corners) {
		return nil, false
	}
	if chance(r, 0.3) {
		corners = lShape(corners)
	}
	return ringOf(corners), true
}

// lShape cuts one corner out of a rectangle.
func lShape(c []Point) []Point {
	mix := func(a, b Point, f float64) Point { return Point{a.X + (b.X-a.X)*f, a.Y + (b.Y-a.Y)*f} }
	right, top := mix(c[1], c[2], 0.5), mix(c[3], c[2], 0.55)
	inner := Point{top.X + right.X - c[2].X, top.Y + right.Y - c[2].Y}
	return []Point{c[0], c[1], right, inner, top, c[3]}
}

// obstructed tells whether any corner lies on a street, in a park or in the river.
func (t *Town) obstructed(corners []Point) bool {
	for _, p := range corners {
		c := p.lonLat()
		if t.river.Contains(c[0], c[1]) {
			return true
		}
		for _, park := range t.Parks {
			if park.Ring.Contains(c[0], c[1]) {
				return true
			}
		}
		if t.onStreet(p) {
			return true
		}
	}
	return false
}

func (t *Town) onStreet(p Point) bool {
	for _, s := range t.Streets {
		if metresToLine(p, s.path) < s.halfWidth()-1 {
			return true
		}
	}
	return false
}
