// Package geo is points, distances, datums and outlines on the earth at the
// scale of a county: degrees in WGS-84 unless said otherwise.
package geo

import (
	"fmt"
	"math"
)

// Point is a position in degrees.
type Point struct{ Lat, Lon float64 }

// Valid reports whether the point is finite and in range.
func (p Point) Valid() bool {
	return math.Abs(p.Lat) <= 90 && math.Abs(p.Lon) <= 180 // NaN fails both
}

// earthMetres is the mean radius of the earth (IUGG).
const earthMetres = 6_371_008.8

// Metres is the great-circle distance by the haversine formula.
func Metres(a, b Point) float64 {
	dLat, dLon := rad(b.Lat-a.Lat), rad(b.Lon-a.Lon)
	h := sq(math.Sin(dLat/2)) + math.Cos(rad(a.Lat))*math.Cos(rad(b.Lat))*sq(math.Sin(dLon/2))
	return 2 * earthMetres * math.Asin(math.Min(1, math.Sqrt(h)))
}

// Degrees are the half sizes of a box of so many metres around a point.
func Degrees(p Point, metres float64) (dLat, dLon float64) {
	dLat = metres / earthMetres * 180 / math.Pi
	return dLat, dLat / math.Max(0.01, math.Cos(rad(p.Lat)))
}

func rad(deg float64) float64 { return deg * math.Pi / 180 }
func sq(x float64) float64    { return x * x }

// Datum names how a point's numbers are meant.
type Datum string

// The datums met in China. CGCS2000 differs from WGS-84 by centimetres, which
// is nothing at this scale.
const (
	WGS84    Datum = "wgs84"
	CGCS2000 Datum = "cgcs2000"
	GCJ02    Datum = "gcj02"
	BD09     Datum = "bd09"
)

// ToWGS84 converts a point; "" counts as WGS-84. The inverse of GCJ-02 is
// found by iteration to below 1e-9 degrees.
func ToWGS84(p Point, from Datum) (Point, error) {
	switch from {
	case "", WGS84, CGCS2000:
		return p, nil
	case GCJ02:
		return invert(p, wgsToGCJ), nil
	case BD09:
		return invert(invert(p, gcjToBD), wgsToGCJ), nil
	}
	return p, fmt.Errorf("geo: unknown datum %q", string(from))
}

// FromWGS84 is the other way.
func FromWGS84(p Point, to Datum) (Point, error) {
	switch to {
	case "", WGS84, CGCS2000:
		return p, nil
	case GCJ02:
		return wgsToGCJ(p), nil
	case BD09:
		return gcjToBD(wgsToGCJ(p)), nil
	}
	return p, fmt.Errorf("geo: unknown datum %q", string(to))
}

// invert finds q with f(q) = p, for an f that hardly moves its argument.
func invert(p Point, f func(Point) Point) Point {
	q := p
	for range 30 {
		r := f(q)
		dLat, dLon := p.Lat-r.Lat, p.Lon-r.Lon
		q.Lat, q.Lon = q.Lat+dLat, q.Lon+dLon
		if math.Abs(dLat) < 1e-12 && math.Abs(dLon) < 1e-12 {
			break
		}
	}
	return q
}

// outsideChina is the rough box beyond which GCJ-02 equals WGS-84.
func outsideChina(p Point) bool {
	return p.Lon < 72.004 || p.Lon > 137.8347 || p.Lat < 0.8293 || p.Lat > 55.8271
}

// The Krasovsky 1940 ellipsoid, which the published form of GCJ-02 uses.
const (
	krasovskyA  = 6378245.0
	krasovskyE2 = 0.00669342162296594323
)

// wgsToGCJ applies the offset of GCJ-02 in its publicly known form.
func wgsToGCJ(p Point) Point {
	if outsideChina(p) {
		return p
	}
	x, y := p.Lon-105, p.Lat-35
	magic := 1 - krasovskyE2*sq(math.Sin(rad(p.Lat)))
	dLat := offsetLat(x, y) * 180 / (krasovskyA * (1 - krasovskyE2) / (magic * math.Sqrt(magic)) * math.Pi)
	dLon := offsetLon(x, y) * 180 / (krasovskyA / math.Sqrt(magic) * math.Cos(rad(p.Lat)) * math.Pi)
	return Point{p.Lat + dLat, p.Lon + dLon}
}

func waves(v, a, b, fa, fb, amount float64) float64 {
	return (a*math.Sin(v*fa*math.Pi) + b*math.Sin(v*fb*math.Pi)) * 2 / 3 * amount
}

func offsetLat(x, y float64) float64 {
	d := -100 + 2*x + 3*y + 0.2*y*y + 0.1*x*y + 0.2*math.Sqrt(math.Abs(x))
	return d + waves(x, 20, 20, 6, 2, 1) + waves(y, 20, 40, 1, 1.0/3, 1) + waves(y, 160, 320, 1.0/12, 1.0/30, 1)
}

func offsetLon(x, y float64) float64 {
	d := 300 + x + 2*y + 0.1*x*x + 0.1*x*y + 0.1*math.Sqrt(math.Abs(x))
	return d + waves(x, 20, 20, 6, 2, 1) + waves(x, 20, 40, 1, 1.0/3, 1) + waves(x, 150, 300, 1.0/12, 1.0/30, 1)
}

// gcjToBD applies Baidu's further offset.
func gcjToBD(p Point) Point {
	const k = math.Pi * 3000 / 180
	z := math.Hypot(p.Lon, p.Lat) + 0.00002*math.Sin(p.Lat*k)
	theta := math.Atan2(p.Lat, p.Lon) + 0.000003*math.Cos(p.Lon*k)
	return Point{z*math.Sin(theta) + 0.006, z*math.Cos(theta) + 0.0065}
}
