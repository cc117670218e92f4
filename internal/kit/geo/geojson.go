package geo

import (
	"encoding/json"
	"errors"
	"fmt"
)

// ErrShape is GeoJSON that is not a usable polygon; its text says where.
var ErrShape = errors.New("geo: not a usable polygon")

// What a shape may hold: a county border from a survey has some 10,000 points,
// traced along rivers ten times that.
const (
	maxBytes  = 8 << 20
	maxPoints = 100_000
	maxRings  = 1_000
)

// geoJSON is the part of RFC 7946 that is read.
type geoJSON struct {
	Type        string          `json:"type"`
	Geometry    json.RawMessage `json:"geometry,omitempty"`
	Coordinates json.RawMessage `json:"coordinates,omitempty"`
}

// ParseGeoJSON reads a Polygon or MultiPolygon, or a Feature of one (RFC 7946:
// longitude before latitude, closed rings, outer ring first). Any ring
// direction is taken; altitudes are dropped; rings may not cross.
func ParseGeoJSON(b []byte) (Shape, error) {
	if len(b) > maxBytes {
		return nil, fmt.Errorf("%w: more than %d bytes", ErrShape, maxBytes)
	}
	var g geoJSON
	if err := json.Unmarshal(b, &g); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrShape, err)
	}
	if g.Type == "Feature" {
		inner := g.Geometry
		g = geoJSON{}
		if err := json.Unmarshal(inner, &g); err != nil {
			return nil, fmt.Errorf("%w: geometry: %w", ErrShape, err)
		}
	}
	coords, err := g.polygons()
	if err != nil {
		return nil, err
	}
	s, err := shapeOf(coords)
	if err != nil {
		return nil, err
	}
	return s, s.check()
}

// position is [longitude, latitude] and perhaps an altitude.
type position []float64

func (g geoJSON) polygons() (coords [][][]position, err error) {
	switch g.Type {
	case "Polygon":
		coords = make([][][]position, 1)
		err = json.Unmarshal(g.Coordinates, &coords[0])
	case "MultiPolygon":
		err = json.Unmarshal(g.Coordinates, &coords)
	default:
		return nil, fmt.Errorf("%w: type %.20q is neither Polygon nor MultiPolygon", ErrShape, g.Type)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: coordinates: %w", ErrShape, err)
	}
	return coords, nil
}

func shapeOf(coords [][][]position) (Shape, error) {
	if len(coords) == 0 {
		return nil, fmt.Errorf("%w: no polygon", ErrShape)
	}
	s, points, rings := make(Shape, len(coords)), 0, 0
	for i, poly := range coords {
		if len(poly) == 0 {
			return nil, fmt.Errorf("%w: polygon %d has no ring", ErrShape, i+1)
		}
		for j, line := range poly {
			points, rings = points+len(line), rings+1
			if points > maxPoints || rings > maxRings {
				return nil, fmt.Errorf("%w: more than %d points or %d rings", ErrShape, maxPoints, maxRings)
			}
			ring, err := ringOf(line)
			if err != nil {
				return nil, fmt.Errorf("%w: polygon %d ring %d: %w", ErrShape, i+1, j+1, err)
			}
			s[i] = append(s[i], ring)
		}
	}
	return s, nil
}

// ringOf drops points that repeat the one before, as drawing tools leave them.
func ringOf(line []position) (Ring, error) {
	var ring Ring
	for i, pos := range line {
		if len(pos) < 2 || len(pos) > 4 {
			return nil, fmt.Errorf("point %d needs longitude and latitude", i+1)
		}
		p := Point{Lat: pos[1], Lon: pos[0]}
		if !p.Valid() {
			return nil, fmt.Errorf("point %d (%v, %v) is no longitude and latitude", i+1, pos[0], pos[1])
		}
		if len(ring) == 0 || ring[len(ring)-1] != p {
			ring = append(ring, p)
		}
	}
	if len(ring) < 4 {
		return nil, errors.New("needs three different points and the first again")
	}
	if ring[0] != ring[len(ring)-1] {
		return nil, errors.New("is not closed: the last point must repeat the first")
	}
	return ring[:len(ring)-1], nil
}

// GeoJSON writes the shape as a Polygon or MultiPolygon, outer rings
// counter-clockwise and holes clockwise as RFC 7946 asks.
func (s Shape) GeoJSON() []byte {
	all := make([][][][2]float64, len(s))
	for i, poly := range s {
		for j, ring := range poly {
			all[i] = append(all[i], ring.line(j > 0))
		}
	}
	out := struct {
		Type        string `json:"type"`
		Coordinates any    `json:"coordinates"`
	}{"MultiPolygon", all}
	if len(s) == 1 {
		out.Type, out.Coordinates = "Polygon", all[0]
	}
	b, err := json.Marshal(out)
	if err != nil {
		panic(err) // finite numbers always marshal
	}
	return b
}

func (r Ring) line(hole bool) [][2]float64 {
	n := len(r)
	back := (r.area() < 0) != hole
	out := make([][2]float64, 0, n+1)
	for i := range n + 1 {
		p := r[i%n]
		if back {
			p = r[(n-i)%n]
		}
		out = append(out, [2]float64{p.Lon, p.Lat})
	}
	return out
}
