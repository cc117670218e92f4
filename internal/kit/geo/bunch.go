package geo

import (
	"fmt"
	"slices"
)

// bunch is a tree of edges by where they lie: a leaf holds a few edges, every
// other bunch two halves. It finds the edges that may meet without comparing
// each with each.
type bunch struct {
	box   Box
	edges []edge // none unless a leaf
	half  [2]*bunch
}

const (
	// leafEdges is how many edges are compared one by one.
	leafEdges = 16
	// mostCompared bounds the work on one shape to about a second. A survey of
	// 100,000 points needs a sixth of it; only thousands of long,
	// slanting, close parallel edges need more.
	mostCompared = 20_000_000
)

// bunchOf reorders edges when there are too many for a leaf.
func bunchOf(edges []edge) *bunch {
	b := &bunch{box: nowhere}
	middles := nowhere
	for _, e := range edges {
		b.box = b.box.with(e.a).with(e.b)
		middles = middles.with(e.middle())
	}
	if len(edges) <= leafEdges {
		b.edges = edges
		return b
	}
	// Halving the longer side keeps the boxes of a comb's teeth apart.
	along := func(e edge) float64 { return e.middle().Lat }
	if middles.Max.Lon-middles.Min.Lon > middles.Max.Lat-middles.Min.Lat {
		along = func(e edge) float64 { return e.middle().Lon }
	}
	slices.SortFunc(edges, func(x, y edge) int { return cmpFloat(along(x), along(y)) })
	b.half = [2]*bunch{bunchOf(edges[:len(edges)/2]), bunchOf(edges[len(edges)/2:])}
	return b
}

// meet refuses two edges, one of each bunch, that may not both stand. It takes
// what it compares off work and gives up when nothing is left.
func (b *bunch) meet(o *bunch, work *int) error {
	if *work--; !b.box.meets(o.box) {
		return nil
	}
	if b.edges != nil && o.edges != nil {
		return b.compare(o, work)
	}
	for _, pair := range b.split(o) {
		if err := pair[0].meet(pair[1], work); err != nil {
			return err
		}
	}
	return nil
}

// split is the pairs of halves that together compare b with o.
func (b *bunch) split(o *bunch) [][2]*bunch {
	switch {
	case b == o:
		return [][2]*bunch{{b.half[0], b.half[0]}, {b.half[1], b.half[1]}, {b.half[0], b.half[1]}}
	case b.edges != nil:
		return [][2]*bunch{{b, o.half[0]}, {b, o.half[1]}}
	case o.edges != nil:
		return [][2]*bunch{{b.half[0], o}, {b.half[1], o}}
	}
	return [][2]*bunch{{b.half[0], o.half[0]}, {b.half[0], o.half[1]}, {b.half[1], o.half[0]}, {b.half[1], o.half[1]}}
}

// compare looks at every pair of two leaves, or of one with itself.
func (b *bunch) compare(o *bunch, work *int) error {
	if *work -= len(b.edges) * len(o.edges); *work < 0 {
		return fmt.Errorf("%w: too many long, close edges to check for crossings", ErrShape)
	}
	for i, x := range b.edges {
		rest := o.edges
		if b == o {
			rest = b.edges[i+1:]
		}
		for _, y := range rest {
			if x.clashes(y) {
				return clash(x, y)
			}
		}
	}
	return nil
}
