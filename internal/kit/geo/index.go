package geo

import (
	"math"
	"slices"
	"strings"
)

// Named is a shape under its id.
type Named struct {
	ID    string
	Shape Shape
}

// Index answers which of many shapes holds a point. It keeps each shape's box
// and its edges as flat numbers; a look-up over 500 areas takes a few
// microseconds.
type Index struct{ areas []area }

// area is a shape made ready: boxes, and per polygon its edges as
// south-lat, south-lon, north-lat, north-lon.
type area struct {
	id    string
	box   Box
	polys []flat
}

type flat struct {
	box   Box
	edges []float64
}

// NewIndex makes an index. Where shapes overlap, the smallest id wins, so the
// order given does not matter.
func NewIndex(named []Named) *Index {
	x := &Index{areas: make([]area, 0, len(named))}
	for _, n := range named {
		if len(n.Shape) == 0 {
			continue
		}
		a := area{id: n.ID, box: n.Shape.Bounds()}
		for _, poly := range n.Shape {
			a.polys = append(a.polys, flatten(poly))
		}
		x.areas = append(x.areas, a)
	}
	slices.SortStableFunc(x.areas, func(a, b area) int { return strings.Compare(a.id, b.id) })
	return x
}

func flatten(poly Polygon) flat {
	f := flat{box: Shape{poly}.Bounds()}
	for _, ring := range poly {
		for i, a := range ring {
			b := ring[(i+1)%len(ring)]
			if a.Lat > b.Lat {
				a, b = b, a
			}
			f.edges = append(f.edges, a.Lat, a.Lon, b.Lat, b.Lon)
		}
	}
	return f
}

// seam is how far in metres a point may lie outside every area and still count
// as on the border of the closest: the gap rounding opens where one area has a
// corner on another's straight edge.
const seam = 0.01

// At returns the area a point falls in: exactly one for a point on a border.
func (x *Index) At(p Point) (id string, ok bool) {
	for i := range x.areas {
		if x.areas[i].has(p) {
			return x.areas[i].id, true
		}
	}
	if id, m := x.nearest(p, seam); m <= seam {
		return id, true
	}
	return "", false
}

func (a *area) has(p Point) bool {
	if !a.box.Has(p) {
		return false
	}
	for i := range a.polys {
		if a.polys[i].has(p) {
			return true
		}
	}
	return false
}

// has repeats [crosses] over flat numbers, where it runs twice as fast.
func (f *flat) has(p Point) bool {
	if !f.box.Has(p) {
		return false
	}
	inside := false
	for e := f.edges; len(e) >= 4; e = e[4:] {
		if (e[0] > p.Lat) != (e[2] > p.Lat) && p.Lon < e[1]+(e[3]-e[1])*(p.Lat-e[0])/(e[2]-e[0]) {
			inside = !inside
		}
	}
	return inside
}

// Nearest returns the area closest to p and how many metres away its border
// is: 0 inside, "" and +Inf when there are no areas.
func (x *Index) Nearest(p Point) (id string, metres float64) {
	for i := range x.areas {
		if x.areas[i].has(p) {
			return x.areas[i].id, 0
		}
	}
	return x.nearest(p, math.Inf(1))
}

// nearest looks at borders no farther than limit metres.
func (x *Index) nearest(p Point, limit float64) (id string, metres float64) {
	metres = math.Inf(1)
	g := ground{p, math.Cos(rad(p.Lat))}
	for i := range x.areas {
		a := &x.areas[i]
		for j := range a.polys {
			if d := g.toBox(a.polys[j].box); d > limit || d >= metres {
				continue
			}
			if d := g.toEdges(a.polys[j].edges); d < metres {
				id, metres = a.id, d
			}
		}
	}
	return id, metres
}

// ground measures metres on the plane that touches the earth at o: exact
// enough for the few kilometres around a county.
type ground struct {
	o   Point
	cos float64
}

func (g ground) xy(lat, lon float64) (x, y float64) {
	return (lon - g.o.Lon) * metresPerDegree * g.cos, (lat - g.o.Lat) * metresPerDegree
}

func (g ground) toBox(b Box) float64 {
	x, y := g.xy(clamp(g.o.Lat, b.Min.Lat, b.Max.Lat), clamp(g.o.Lon, b.Min.Lon, b.Max.Lon))
	return math.Hypot(x, y)
}

func (g ground) toEdges(e []float64) float64 {
	best := math.Inf(1)
	for ; len(e) >= 4; e = e[4:] {
		ax, ay := g.xy(e[0], e[1])
		bx, by := g.xy(e[2], e[3])
		dx, dy := bx-ax, by-ay
		t := clamp(-(ax*dx+ay*dy)/(dx*dx+dy*dy), 0, 1)
		best = math.Min(best, math.Hypot(ax+t*dx, ay+t*dy))
	}
	return best
}

func clamp(v, lo, hi float64) float64 { return math.Min(hi, math.Max(lo, v)) }
