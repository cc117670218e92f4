package geo

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
)

// Shape is one or more polygons with holes. Rings are flat lon, lat, lon, lat …
// and closed; the first ring of a polygon is its outline.
type Shape struct{ polygons [][][]float64 }

// mostPositions bounds what one outline may cost.
const mostPositions = 20_000

// ParseGeoJSON reads an RFC 7946 Polygon or MultiPolygon geometry. Rings must
// be closed, finite, in range and must not cross themselves; the error says
// where they do.
func ParseGeoJSON(b []byte) (Shape, error) {
	var g struct {
		Type        string          `json:"type"`
		Coordinates json.RawMessage `json:"coordinates"`
	}
	if err := json.Unmarshal(b, &g); err != nil {
		return Shape{}, fmt.Errorf("geo: not GeoJSON: %w", err)
	}
	var raw [][][][]float64
	var err error
	switch g.Type {
	case "Polygon":
		raw = make([][][][]float64, 1)
		err = json.Unmarshal(g.Coordinates, &raw[0])
	case "MultiPolygon":
		err = json.Unmarshal(g.Coordinates, &raw)
	default:
		return Shape{}, fmt.Errorf("geo: %q is neither Polygon nor MultiPolygon", g.Type)
	}
	if err != nil {
		return Shape{}, fmt.Errorf("geo: coordinates: %w", err)
	}
	return build(raw)
}

func build(raw [][][][]float64) (Shape, error) {
	var s Shape
	total := 0
	for _, polygon := range raw {
		if len(polygon) == 0 {
			return s, errors.New("geo: a polygon without a ring")
		}
		var rings [][]float64
		for _, r := range polygon {
			if total += len(r); total > mostPositions {
				return s, fmt.Errorf("geo: more than %d positions", mostPositions)
			}
			ring, err := flatten(r)
			if err != nil {
				return s, err
			}
			rings = append(rings, ring)
		}
		s.polygons = append(s.polygons, rings)
	}
	if len(s.polygons) == 0 {
		return s, errors.New("geo: no polygon")
	}
	return s, nil
}

func flatten(r [][]float64) ([]float64, error) {
	if len(r) < 4 {
		return nil, fmt.Errorf("geo: a ring of %d positions; at least 4 are needed", len(r))
	}
	out := make([]float64, 0, 2*len(r))
	for i, pos := range r {
		if len(pos) < 2 || !(Point{pos[1], pos[0]}).Valid() {
			return nil, fmt.Errorf("geo: position %d is out of range", i+1)
		}
		out = append(out, pos[0], pos[1])
	}
	if n := len(out); out[0] != out[n-2] || out[1] != out[n-1] {
		return nil, errors.New("geo: a ring is not closed")
	}
	return out, uncrossed(out)
}

// uncrossed refuses a ring two of whose sides cross. Every pair is tried,
// which is enough for outlines drawn by people; longer rings only compare
// sides whose boxes meet.
func uncrossed(r []float64) error {
	n := len(r)/2 - 1
	for i := range n {
		a, b := Point{r[2*i+1], r[2*i]}, Point{r[2*i+3], r[2*i+2]}
		for j := i + 2; j < n; j++ {
			if i == 0 && j == n-1 {
				continue // neighbours around the closing position
			}
			c, d := Point{r[2*j+1], r[2*j]}, Point{r[2*j+3], r[2*j+2]}
			if math.Max(a.Lon, b.Lon) < math.Min(c.Lon, d.Lon) || math.Max(c.Lon, d.Lon) < math.Min(a.Lon, b.Lon) {
				continue
			}
			if cross(a, b, c, d) {
				return fmt.Errorf("geo: the outline crosses itself near %.6f, %.6f", c.Lat, c.Lon)
			}
		}
	}
	return nil
}

func cross(a, b, c, d Point) bool {
	return turn(a, b, c)*turn(a, b, d) < 0 && turn(c, d, a)*turn(c, d, b) < 0
}

func turn(a, b, c Point) float64 {
	return sign((b.Lon-a.Lon)*(c.Lat-a.Lat) - (b.Lat-a.Lat)*(c.Lon-a.Lon))
}

func sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}

// GeoJSON writes the shape as a MultiPolygon geometry.
func (s Shape) GeoJSON() []byte {
	out := make([][][][2]float64, len(s.polygons))
	for i, polygon := range s.polygons {
		for _, ring := range polygon {
			var r [][2]float64
			for k := 0; k < len(ring); k += 2 {
				r = append(r, [2]float64{ring[k], ring[k+1]})
			}
			out[i] = append(out[i], r)
		}
	}
	b, err := json.Marshal(map[string]any{"type": "MultiPolygon", "coordinates": out})
	if err != nil {
		panic(err) // finite numbers always marshal
	}
	return b
}

// Contains is the even-odd rule over all rings. A point on a side two areas
// share belongs to exactly one of them, because each side counts half-open.
func (s Shape) Contains(p Point) bool {
	in := false
	for _, polygon := range s.polygons {
		for _, ring := range polygon {
			in = in != ringContains(ring, p)
		}
	}
	return in
}

func ringContains(r []float64, p Point) bool {
	in := false
	for i := 0; i+3 < len(r); i += 2 {
		x1, y1, x2, y2 := r[i], r[i+1], r[i+2], r[i+3]
		if (y1 > p.Lat) == (y2 > p.Lat) {
			continue
		}
		if y1 > y2 { // one direction, so that both neighbours compute the same
			x1, y1, x2, y2 = x2, y2, x1, y1
		}
		if p.Lon < x1+(p.Lat-y1)/(y2-y1)*(x2-x1) {
			in = !in
		}
	}
	return in
}

// Bounds are the smallest and largest corner.
func (s Shape) Bounds() (low, high Point) {
	low, high = Point{math.Inf(1), math.Inf(1)}, Point{math.Inf(-1), math.Inf(-1)}
	for _, polygon := range s.polygons {
		for k := 0; k < len(polygon[0]); k += 2 {
			lon, lat := polygon[0][k], polygon[0][k+1]
			low = Point{math.Min(low.Lat, lat), math.Min(low.Lon, lon)}
			high = Point{math.Max(high.Lat, lat), math.Max(high.Lon, lon)}
		}
	}
	return low, high
}

// metres is the distance from a point to the nearest side, on a plane laid
// through the point.
func (s Shape) metres(p Point) float64 {
	best := math.Inf(1)
	kx := math.Cos(rad(p.Lat)) * earthMetres * math.Pi / 180
	ky := earthMetres * math.Pi / 180
	for _, polygon := range s.polygons {
		for _, r := range polygon {
			for i := 0; i+3 < len(r); i += 2 {
				best = math.Min(best, segment((r[i]-p.Lon)*kx, (r[i+1]-p.Lat)*ky, (r[i+2]-p.Lon)*kx, (r[i+3]-p.Lat)*ky))
			}
		}
	}
	return best
}

// segment is the distance from the origin to a side.
func segment(x1, y1, x2, y2 float64) float64 {
	dx, dy := x2-x1, y2-y1
	t := 0.0
	if l := dx*dx + dy*dy; l > 0 {
		t = math.Max(0, math.Min(1, -(x1*dx+y1*dy)/l))
	}
	return math.Hypot(x1+t*dx, y1+t*dy)
}
