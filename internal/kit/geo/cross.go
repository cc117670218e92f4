package geo

import (
	"fmt"
	"slices"
)

// edge is one side of a ring, from point number at of ring number ring.
type edge struct {
	a, b     Point
	ring, at int
	last     int // number of the ring's last edge
}

func (e edge) box() Box { return Box{e.a, e.a}.with(e.b) }

// middle is twice the edge's middle: enough to sort by.
func (e edge) middle() Point { return Point{e.a.Lat + e.b.Lat, e.a.Lon + e.b.Lon} }

// check refuses rings that cross themselves or each other, rings without area,
// and holes outside their polygon. Rings may touch each other in points.
func (s Shape) check() error {
	work := mostCompared
	tree := bunchOf(s.edges())
	if err := tree.meet(tree, &work); err != nil {
		return err
	}
	return s.checkRings()
}

func cmpFloat(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func (s Shape) edges() []edge {
	var out []edge
	n := 0
	for _, poly := range s {
		for _, ring := range poly {
			for k, p := range ring {
				out = append(out, edge{p, ring[(k+1)%len(ring)], n, k, len(ring) - 1})
			}
			n++
		}
	}
	return out
}

func clash(x, y edge) error {
	if x.ring > y.ring || x.ring == y.ring && x.at > y.at {
		x, y = y, x
	}
	return fmt.Errorf("%w: ring %d crosses itself or another: edge %d of ring %d meets edge %d of ring %d near longitude %.6f, latitude %.6f",
		ErrShape, x.ring+1, x.at+1, x.ring+1, y.at+1, y.ring+1, x.a.Lon, x.a.Lat)
}

// clashes reports whether two edges may not both stand. Edges of one ring may
// only meet where they join; edges of different rings may touch, not cross.
func (e edge) clashes(o edge) bool {
	if !e.box().meets(o.box()) {
		return false
	}
	d1, d2 := turn(o.a, o.b, e.a), turn(o.a, o.b, e.b)
	d3, d4 := turn(e.a, e.b, o.a), turn(e.a, e.b, o.b)
	if d1*d2 < 0 && d3*d4 < 0 {
		return true
	}
	if e.ring != o.ring {
		return false
	}
	switch {
	case o.at == e.at+1 || e.at == o.last && o.at == 0:
		return d2 == 0 && folds(e.a, e.b, o.b)
	case e.at == o.at+1 || o.at == e.last && e.at == 0:
		return d4 == 0 && folds(o.a, o.b, e.b)
	}
	return d1 == 0 && within(o, e.a) || d2 == 0 && within(o, e.b) || d3 == 0 && within(e, o.a) || d4 == 0 && within(e, o.b)
}

// turn is +1 when a→b→c turns left, -1 right, 0 when straight.
func turn(a, b, c Point) int {
	v := (b.Lon-a.Lon)*(c.Lat-a.Lat) - (b.Lat-a.Lat)*(c.Lon-a.Lon)
	return cmpFloat(v, 0)
}

// folds reports whether a→b→c, known to be straight, turns back on itself.
func folds(a, b, c Point) bool {
	return (b.Lon-a.Lon)*(c.Lon-b.Lon)+(b.Lat-a.Lat)*(c.Lat-b.Lat) < 0 && turn(a, b, c) == 0
}

// within reports whether p, known to be in line with e, lies between its ends.
func within(e edge, p Point) bool { return e.box().Has(p) }

func (s Shape) checkRings() error {
	for i, poly := range s {
		outer := Shape{{poly[0]}}
		for j, ring := range poly {
			if area, _ := ring.balance(); area == 0 || ring.area() == 0 {
				return fmt.Errorf("%w: polygon %d ring %d encloses no area", ErrShape, i+1, j+1)
			}
			if j > 0 && !slices.ContainsFunc(ring, outer.Contains) {
				return fmt.Errorf("%w: polygon %d ring %d: the hole lies outside its polygon", ErrShape, i+1, j+1)
			}
		}
	}
	return nil
}
