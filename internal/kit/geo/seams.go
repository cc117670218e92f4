package geo

import (
	"cmp"
	"maps"
	"math"
	"slices"
)

// Seam is a place where shapes do not fit together: two of them lie over each
// other, or a hole between them belongs to none.
type Seam struct {
	IDs          []string // of an overlap: the two; of a gap: none
	SquareMetres float64
	At           Point // a point inside
	Shape        Shape // strips of one line's height, for a map
}

// seamLines is into how many lines of latitude the shapes are cut. Between the
// lines nothing is seen: a seam flatter than a line may be missed.
const seamLines = 1000

// Seams finds overlaps and enclosed gaps of at least so many square metres,
// the largest first. It cuts all shapes along lines of latitude, exact along
// the line; what no shape covers is a gap unless it reaches the outside. The
// second answer is the height of a line in metres, which is the precision.
func Seams(all []Named, least float64) ([]Seam, float64) {
	box := nowhere
	for _, n := range all {
		if len(n.Shape) > 0 {
			b := n.Shape.Bounds()
			box = box.with(b.Min).with(b.Max)
		}
	}
	if !(box.Max.Lat > box.Min.Lat) {
		return nil, 0
	}
	c := cutter{box: box, step: (box.Max.Lat - box.Min.Lat) / seamLines, open: map[seamKey][]*piece{}}
	for _, n := range all {
		c.add(n)
	}
	for line := range seamLines {
		c.line(line)
	}
	return c.seams(least), c.step * metresPerDegree
}

// span is a stretch of one line, in degrees of longitude.
type span struct{ from, to float64 }

// seamKey is which shapes cover a stretch: two, or none (-1, -1).
type seamKey struct{ a, b int }

var nobody = seamKey{-1, -1}

// piece is a stretch on one line, joined with those it touches on the line above.
type piece struct {
	span
	line   int
	key    seamKey
	parent *piece
	out    bool // of the root: reaches the outside
}

func (p *piece) root() *piece {
	for p.parent != nil {
		if p.parent.parent != nil {
			p.parent = p.parent.parent
		}
		p = p.parent
	}
	return p
}

func join(a, b *piece) {
	a, b = a.root(), b.root()
	if a != b {
		b.parent, a.out = a, a.out || b.out
	}
}

type cutter struct {
	box    Box
	step   float64
	ids    []string
	shapes []area
	open   map[seamKey][]*piece // pieces of the line above
	pieces []*piece
}

func (c *cutter) add(n Named) {
	a := area{id: n.ID}
	for _, poly := range n.Shape {
		a.polys = append(a.polys, flatten(poly))
	}
	c.ids, c.shapes = append(c.ids, n.ID), append(c.shapes, a)
}

func (c *cutter) lat(line int) float64 { return c.box.Min.Lat + (float64(line)+0.5)*c.step }

// line cuts all shapes along one line and joins its pieces to the line above.
func (c *cutter) line(n int) {
	now := map[seamKey][]*piece{}
	for _, p := range c.cover(n) {
		p.out = p.key == nobody && (p.from <= c.box.Min.Lon || p.to >= c.box.Max.Lon || n == 0 || n == seamLines-1)
		for _, q := range c.open[p.key] {
			if q.from < p.to && p.from < q.to {
				join(q, p)
			}
		}
		now[p.key] = append(now[p.key], p)
		c.pieces = append(c.pieces, p)
	}
	c.open = now
}

// stop is where a shape begins or ends on a line.
type stop struct {
	lon   float64
	shape int
	end   bool
}

// cover lists the stretches of a line that no shape or two shapes cover; where
// three do, each pair does.
func (c *cutter) cover(n int) (out []*piece) {
	stops := c.stops(c.lat(n))
	in, last, open := map[int]bool{}, c.box.Min.Lon, map[seamKey]*piece{}
	put := func(to float64, key seamKey) {
		if p := open[key]; p != nil && p.to == last {
			p.to = to // a third shape began or ended here
		} else if to > last {
			open[key] = &piece{span: span{last, to}, line: n, key: key}
			out = append(out, open[key])
		}
	}
	for _, e := range stops {
		inside := slices.Sorted(maps.Keys(in))
		if len(inside) == 0 {
			put(e.lon, nobody)
		}
		for i, a := range inside {
			for _, b := range inside[i+1:] {
				put(e.lon, seamKey{a, b})
			}
		}
		last = e.lon
		if e.end {
			delete(in, e.shape)
		} else {
			in[e.shape] = true
		}
	}
	put(c.box.Max.Lon, nobody)
	return out
}

// stops lists where a line enters and leaves the shapes, ends before begins.
func (c *cutter) stops(lat float64) (out []stop) {
	for i, a := range c.shapes {
		var hits []float64
		for _, f := range a.polys {
			for e := 0; e < len(f.edges); e += 4 {
				south, west, north, east := f.edges[e], f.edges[e+1], f.edges[e+2], f.edges[e+3]
				if (south > lat) != (north > lat) {
					hits = append(hits, west+(east-west)*(lat-south)/(north-south))
				}
			}
		}
		slices.Sort(hits)
		for j := 0; j+1 < len(hits); j += 2 {
			if hits[j+1] > hits[j] {
				out = append(out, stop{hits[j], i, false}, stop{hits[j+1], i, true})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b stop) int {
		if d := cmp.Compare(a.lon, b.lon); d != 0 || a.end == b.end {
			return d
		} else if a.end {
			return -1
		}
		return 1
	})
	return out
}

// seams gathers pieces that hang together, without those that reach outside.
func (c *cutter) seams(least float64) []Seam {
	byRoot, order := map[*piece][]*piece{}, []*piece{}
	for _, p := range c.pieces {
		r := p.root()
		if byRoot[r] == nil {
			order = append(order, r)
		}
		byRoot[r] = append(byRoot[r], p)
	}
	var out []Seam
	for _, r := range order {
		if r.key == nobody && r.out {
			continue
		}
		if s := c.seam(byRoot[r]); s.SquareMetres >= least {
			out = append(out, s)
		}
	}
	slices.SortStableFunc(out, func(a, b Seam) int { return cmp.Compare(b.SquareMetres, a.SquareMetres) })
	return out
}

func (c *cutter) seam(pieces []*piece) (s Seam) {
	if k := pieces[0].key; k != nobody {
		s.IDs = []string{c.ids[k.a], c.ids[k.b]}
	}
	widest := 0.0
	for i, p := range pieces {
		lat := c.lat(p.line)
		low, high := lat-c.step/2, lat+c.step/2
		if n := len(s.Shape); n > 0 && pieces[i-1].span == p.span && pieces[i-1].line == p.line-1 {
			s.Shape[n-1][0][2].Lat, s.Shape[n-1][0][3].Lat = high, high
		} else {
			s.Shape = append(s.Shape, Polygon{{{low, p.from}, {low, p.to}, {high, p.to}, {high, p.from}}})
		}
		s.SquareMetres += (p.to - p.from) * c.step * metresPerDegree * metresPerDegree * math.Cos(rad(lat))
		if p.to-p.from > widest {
			widest, s.At = p.to-p.from, Point{Lat: lat, Lon: (p.from + p.to) / 2}
		}
	}
	return s
}
