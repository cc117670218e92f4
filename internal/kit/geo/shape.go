package geo

import "math"

// Ring is a closed line; the last point joins the first without repeating it.
type Ring []Point

// Polygon is an outer ring followed by its holes.
type Polygon []Ring

// Shape is one or more polygons: what GeoJSON calls Polygon or MultiPolygon.
type Shape []Polygon

// Box is a rectangle of latitudes and longitudes.
type Box struct{ Min, Max Point }

// Has reports whether p lies in the box or on its border.
func (b Box) Has(p Point) bool {
	return p.Lat >= b.Min.Lat && p.Lat <= b.Max.Lat && p.Lon >= b.Min.Lon && p.Lon <= b.Max.Lon
}

func (b Box) meets(o Box) bool {
	return b.Min.Lat <= o.Max.Lat && o.Min.Lat <= b.Max.Lat && b.Min.Lon <= o.Max.Lon && o.Min.Lon <= b.Max.Lon
}

// with is the box grown to hold p.
func (b Box) with(p Point) Box {
	return Box{Point{min(b.Min.Lat, p.Lat), min(b.Min.Lon, p.Lon)}, Point{max(b.Max.Lat, p.Lat), max(b.Max.Lon, p.Lon)}}
}

// nowhere holds nothing until it is grown.
var nowhere = Box{Point{math.Inf(1), math.Inf(1)}, Point{math.Inf(-1), math.Inf(-1)}}

// Bounds is the smallest box around the shape.
func (s Shape) Bounds() Box {
	b := nowhere
	for _, poly := range s {
		for _, p := range poly[0] {
			b = b.with(p)
		}
	}
	return b
}

// Contains reports whether p lies inside the shape and not in a hole. A point
// on an edge belongs to exactly one of the two shapes that share the edge.
func (s Shape) Contains(p Point) bool {
	for _, poly := range s {
		inside := false
		for _, ring := range poly {
			for i, a := range ring {
				if crosses(p, a, ring[(i+1)%len(ring)]) {
					inside = !inside
				}
			}
		}
		if inside {
			return true
		}
	}
	return false
}

// crosses reports whether the ray from p to the east crosses the edge a–b. The
// edge is always looked at from its southern end, so that both neighbours of a
// shared edge compute the very same floating-point crossing.
func crosses(p, a, b Point) bool {
	if (a.Lat > p.Lat) == (b.Lat > p.Lat) {
		return false
	}
	if a.Lat > b.Lat {
		a, b = b, a
	}
	return p.Lon < a.Lon+(b.Lon-a.Lon)*(p.Lat-a.Lat)/(b.Lat-a.Lat)
}

// SquareMetres is the area in square metres, holes taken off.
func (s Shape) SquareMetres() float64 {
	total := 0.0
	for _, poly := range s {
		for i, ring := range poly {
			a := math.Abs(ring.area())
			if i > 0 {
				a = -a
			}
			total += a
		}
	}
	return total
}

// area is the signed area in square metres on the sphere, positive when
// counter-clockwise (Chamberlain & Duquette, JPL 07-03, 2007, equation 1).
func (r Ring) area() float64 {
	sum := 0.0
	for i, a := range r {
		b := r[(i+1)%len(r)]
		sum += rad(b.Lon-a.Lon) * (2 + math.Sin(rad(a.Lat)) + math.Sin(rad(b.Lat)))
	}
	return -sum * earthRadius * earthRadius / 2
}

// Centre is the point on which the shape would balance, computed in degrees;
// it may lie outside a bent shape.
func (s Shape) Centre() Point {
	var weight, lat, lon float64
	for _, poly := range s {
		for i, ring := range poly {
			w, c := ring.balance()
			if (w < 0) != (i > 0) { // outer rings weigh, holes take away
				w = -w
			}
			weight, lat, lon = weight+w, lat+w*c.Lat, lon+w*c.Lon
		}
	}
	return Point{lat / weight, lon / weight}
}

// balance is the signed planar area in square degrees and the centroid of a
// ring, taken about its first point to keep digits.
func (r Ring) balance() (area float64, c Point) {
	o := r[0]
	for i := 1; i+1 < len(r); i++ {
		a, b := r[i], r[i+1]
		w := ((a.Lon-o.Lon)*(b.Lat-o.Lat) - (b.Lon-o.Lon)*(a.Lat-o.Lat)) / 2
		area += w
		c.Lat += w * (a.Lat + b.Lat - 2*o.Lat) / 3
		c.Lon += w * (a.Lon + b.Lon - 2*o.Lon) / 3
	}
	return area, Point{o.Lat + c.Lat/area, o.Lon + c.Lon/area}
}
