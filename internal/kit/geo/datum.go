package geo

import (
	"errors"
	"fmt"
	"math"
)

// Datum says what a latitude and longitude are measured against. China's maps
// bend coordinates: GCJ02 by the state's offset, BD09 by Baidu's on top of it.
// CGCS2000 differs from WGS84 by centimetres and is taken as equal.
type Datum string

const (
	WGS84    Datum = "wgs84"
	CGCS2000 Datum = "cgcs2000"
	GCJ02    Datum = "gcj02"
	BD09     Datum = "bd09"
)

// ErrDatum is a datum this package does not know.
var ErrDatum = errors.New("geo: unknown datum")

// ErrPoint is a latitude or longitude that is not on the globe.
var ErrPoint = errors.New("geo: latitude or longitude out of range")

// ToWGS84 straightens a point measured against from; no datum means WGS84.
// The inverse is found by iteration to below 1e-9°, a tenth of a millimetre.
func ToWGS84(p Point, from Datum) (Point, error) {
	if !p.Valid() {
		return p, fmt.Errorf("%w: %v, %v", ErrPoint, p.Lat, p.Lon)
	}
	switch from {
	case WGS84, CGCS2000, "":
		return p, nil
	case GCJ02:
		return unbend(p, toGCJ), nil
	case BD09:
		return unbend(p, toBD), nil
	}
	return p, fmt.Errorf("%w %q", ErrDatum, string(from))
}

// FromWGS84 bends a WGS-84 point into the datum to.
func FromWGS84(p Point, to Datum) (Point, error) {
	if !p.Valid() {
		return p, fmt.Errorf("%w: %v, %v", ErrPoint, p.Lat, p.Lon)
	}
	switch to {
	case WGS84, CGCS2000, "":
		return p, nil
	case GCJ02:
		return toGCJ(p), nil
	case BD09:
		return toBD(p), nil
	}
	return p, fmt.Errorf("%w %q", ErrDatum, string(to))
}

// unbend inverts bend by fixed-point iteration. The bend changes by less than
// 5 % over its own length, so each round gains more than a digit.
func unbend(p Point, bend func(Point) Point) Point {
	guess := p
	for range 20 {
		got := bend(guess)
		dLat, dLon := p.Lat-got.Lat, p.Lon-got.Lon
		guess = Point{guess.Lat + dLat, guess.Lon + dLon}
		if math.Abs(dLat) < 1e-12 && math.Abs(dLon) < 1e-12 {
			break
		}
	}
	return guess
}

// inChina is the box outside which the offset is not applied.
func inChina(p Point) bool {
	return p.Lon > 72.004 && p.Lon < 137.8347 && p.Lat > 0.8293 && p.Lat < 55.8271
}

// The Krasovsky 1940 ellipsoid the published GCJ-02 formula uses.
const (
	krasovskyA  = 6378245.0
	krasovskyEE = 0.00669342162296594323
)

// toGCJ applies the GCJ-02 offset as published in the public formula
// ("eviltransform", equal to gcoord to 1e-10°).
func toGCJ(p Point) Point {
	if !inChina(p) {
		return p
	}
	x, y := p.Lon-105, p.Lat-35
	φ := rad(p.Lat)
	m := 1 - krasovskyEE*math.Sin(φ)*math.Sin(φ)
	dLat := gcjNorth(x, y) * 180 / (krasovskyA * (1 - krasovskyEE) / (m * math.Sqrt(m)) * math.Pi)
	dLon := gcjEast(x, y) * 180 / (krasovskyA / math.Sqrt(m) * math.Cos(φ) * math.Pi)
	return Point{p.Lat + dLat, p.Lon + dLon}
}

// gcjNorth is the northward offset in metres, x and y in degrees from 105°E 35°N.
func gcjNorth(x, y float64) float64 {
	d := -100 + 2*x + 3*y + 0.2*y*y + 0.1*x*y + 0.2*math.Sqrt(math.Abs(x)) + ripple(x)
	d += (20*math.Sin(y*math.Pi) + 40*math.Sin(y/3*math.Pi)) * 2 / 3
	return d + (160*math.Sin(y/12*math.Pi)+320*math.Sin(y*math.Pi/30))*2/3
}

// gcjEast is the eastward offset in metres.
func gcjEast(x, y float64) float64 {
	d := 300 + x + 2*y + 0.1*x*x + 0.1*x*y + 0.1*math.Sqrt(math.Abs(x)) + ripple(x)
	d += (20*math.Sin(x*math.Pi) + 40*math.Sin(x/3*math.Pi)) * 2 / 3
	return d + (150*math.Sin(x/12*math.Pi)+300*math.Sin(x/30*math.Pi))*2/3
}

func ripple(x float64) float64 {
	return (20*math.Sin(6*x*math.Pi) + 20*math.Sin(2*x*math.Pi)) * 2 / 3
}

// toBD applies Baidu's public offset on top of GCJ-02; outside China nothing.
func toBD(p Point) Point {
	if !inChina(p) {
		return p
	}
	const k = math.Pi * 3000 / 180
	g := toGCJ(p)
	z := math.Hypot(g.Lon, g.Lat) + 0.00002*math.Sin(g.Lat*k)
	θ := math.Atan2(g.Lat, g.Lon) + 0.000003*math.Cos(g.Lon*k)
	return Point{z*math.Sin(θ) + 0.006, z*math.Cos(θ) + 0.0065}
}
