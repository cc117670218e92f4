package town

import (
	"math"
	"math/rand/v2"
)

// Ring is a closed line of [longitude, latitude] pairs in degrees WGS-84,
// counter-clockwise, the last pair equal to the first.
type Ring [][2]float64

// Point is a position in metres east (X) and north (Y) of the town's origin.
type Point struct{ X, Y float64 }

const (
	originLon = 103.23
	originLat = 22.78

	metresPerLat = 110770.0
	metresPerLon = 102690.0

	// valleyLength is the length of the built-up valley in metres.
	valleyLength = 3100.0
)

// valley bends a straight ruler (u metres downstream, w across from −1 at the
// southern hill foot over 0 in mid river to 1 at the northern one) into the
// winding valley floor. Streets and area borders are straight on the ruler.
type valley struct{ phase [6]float64 }

func newValley(r *rand.Rand) valley {
	var v valley
	for i := range v.phase {
		v.phase[i] = between(r, 0, 2*math.Pi)
	}
	// The two large bends keep their places so that every seed gives a town that fits its frame.
	v.phase[0] = between(r, 0.2, 0.6)
	return v
}

// river is the centreline of the river, metres north.
func (v valley) river(u float64) float64 {
	return 150*math.Sin(u/430+v.phase[0]) + 45*math.Sin(u/170+v.phase[1])
}

// reach is how far the built-up area goes from mid river to the hill foot, metres.
func (v valley) reach(u float64, north bool) float64 {
	swell := math.Sin(math.Pi * (u + 260) / (valleyLength + 520))
	if north {
		return 330 + 520*swell + 60*math.Sin(u/240+v.phase[2])
	}
	return 300 + 430*swell + 55*math.Sin(u/210+v.phase[3])
}

// at is the point of the ruler position (u, w).
func (v valley) at(u, w float64) Point {
	y := v.river(u) + w*v.reach(u, w > 0)
	// Away from the river the bends fade, or the hill foot would wind like the water.
	y -= v.river(u) * 0.75 * w * w
	x := u + 60*w*math.Sin(u/520+v.phase[4])
	x += 130 * (2*u/valleyLength - 1) * math.Cos(w*1.45)
	return turn(Point{x - valleyLength/2, y}, -0.14)
}

// turn rotates p about the origin by angle radians.
func turn(p Point, angle float64) Point {
	s, c := math.Sincos(angle)
	return Point{p.X*c - p.Y*s, p.X*s + p.Y*c}
}

// lonLat is p in degrees, rounded to six digits (about 0.1 m).
func (p Point) lonLat() [2]float64 {
	return [2]float64{round6(originLon + p.X/metresPerLon), round6(originLat + p.Y/metresPerLat)}
}

// toPoint is the inverse of lonLat.
func toPoint(c [2]float64) Point {
	return Point{(c[0] - originLon) * metresPerLon, (c[1] - originLat) * metresPerLat}
}

func round6(f float64) float64 { return math.Round(f*1e6) / 1e6 }

// along samples the ruler line of constant w from u0 to u1 about every step metres.
func (v valley) along(u0, u1, w, step float64) []Point {
	n := max(2, int(math.Abs(u1-u0)/step)+1)
	line := make([]Point, n+1)
	for i := range line {
		line[i] = v.at(u0+(u1-u0)*float64(i)/float64(n), w)
	}
	return line
}

// across samples the ruler line of constant u from w0 to w1.
func (v valley) across(u, w0, w1 float64) []Point {
	const n = 8
	line := make([]Point, n+1)
	for i := range line {
		line[i] = v.at(u, w0+(w1-w0)*float64(i)/n)
	}
	return line
}

// plot is the closed ring of the ruler rectangle.
func (v valley) plot(u0, u1, w0, w1 float64) Ring {
	line := v.along(u0, u1, w0, 40)
	line = append(line, v.across(u1, w0, w1)[1:]...)
	line = append(line, v.along(u1, u0, w1, 40)[1:]...)
	return ringOf(append(line, v.across(u0, w1, w0)[1:]...))
}

// ringOf turns a counter-clockwise line of points into a closed ring without repeated vertices.
func ringOf(line []Point) Ring {
	ring := degrees(line)
	if ring[0] != ring[len(ring)-1] {
		ring = append(ring, ring[0])
	}
	return ring
}

// degrees converts a line, dropping vertices that rounding made equal.
func degrees(line []Point) Ring {
	var out Ring
	for _, p := range line {
		if c := p.lonLat(); len(out) == 0 || out[len(out)-1] != c {
			out = append(out, c)
		}
	}
	return out
}

// Contains tells whether the position lies inside the ring.
func (g Ring) Contains(lon, lat float64) bool {
	inside := false
	for i, j := 0, len(g)-1; i < len(g); j, i = i, i+1 {
		a, b := g[i], g[j]
		if (a[1] > lat) != (b[1] > lat) && lon < (b[0]-a[0])*(lat-a[1])/(b[1]-a[1])+a[0] {
			inside = !inside
		}
	}
	return inside
}

// SquareMetres is the signed area of the ring; positive means counter-clockwise.
func (g Ring) SquareMetres() float64 {
	sum := 0.0
	for i := 1; i < len(g); i++ {
		a, b := toPoint(g[i-1]), toPoint(g[i])
		sum += a.X*b.Y - b.X*a.Y
	}
	return sum / 2
}

// centre is the mean of the ring's vertices in metres.
func (g Ring) centre() Point {
	var c Point
	for _, v := range g[1:] {
		p := toPoint(v)
		c.X += p.X / float64(len(g)-1)
		c.Y += p.Y / float64(len(g)-1)
	}
	return c
}

// metres is the distance between two points.
func metres(a, b Point) float64 { return math.Hypot(a.X-b.X, a.Y-b.Y) }

// metresToLine is the distance from p to the nearest piece of line.
func metresToLine(p Point, line []Point) float64 {
	best := math.Inf(1)
	for i := 1; i < len(line); i++ {
		best = min(best, metresToPiece(p, line[i-1], line[i]))
	}
	return best
}

func metresToPiece(p, a, b Point) float64 {
	dx, dy := b.X-a.X, b.Y-a.Y
	length := dx*dx + dy*dy
	if length == 0 {
		return metres(p, a)
	}
	f := min(1, max(0, ((p.X-a.X)*dx+(p.Y-a.Y)*dy)/length))
	return metres(p, Point{a.X + f*dx, a.Y + f*dy})
}
