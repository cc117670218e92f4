package geo

// Named is a shape with the id it answers to.
type Named struct {
	ID    string
	Shape Shape
}

// Index finds which of some shapes a point falls in. For the few hundred areas
// of a county, boxes and flat rings in memory beat every tree that was tried.
type Index struct{ entries []entry }

type entry struct {
	Named
	low, high Point
}

// NewIndex remembers shapes; where they overlap the first one answers.
func NewIndex(shapes []Named) *Index {
	x := &Index{entries: make([]entry, len(shapes))}
	for i, n := range shapes {
		low, high := n.Shape.Bounds()
		x.entries[i] = entry{n, low, high}
	}
	return x
}

// At finds the shape around a point.
func (x *Index) At(p Point) (id string, ok bool) {
	for i := range x.entries {
		e := &x.entries[i]
		if p.Lat < e.low.Lat || p.Lat > e.high.Lat || p.Lon < e.low.Lon || p.Lon > e.high.Lon {
			continue
		}
		if e.Shape.Contains(p) {
			return e.ID, true
		}
	}
	return "", false
}

// Nearest finds the shape whose outline is closest, and how many metres away;
// "" when there is none at all.
func (x *Index) Nearest(p Point) (id string, metres float64) {
	for i := range x.entries {
		m := x.entries[i].Shape.metres(p)
		if id == "" || m < metres {
			id, metres = x.entries[i].ID, m
		}
	}
	return id, metres
}
