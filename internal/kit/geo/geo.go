// Package geo knows points, datums and polygons of a county: how far, which
// way a coordinate was bent, and which area a point falls in.
package geo

import "math"

// Point is a place on the ground in degrees, WGS-84 unless said otherwise.
type Point struct{ Lat, Lon float64 }

// earthRadius is the mean radius R1 in metres of the GRS80/WGS-84 ellipsoid.
const earthRadius = 6371008.8

// Metres is the distance between two points along the ground (haversine on a
// sphere, within 0.5 % of the ellipsoid).
func Metres(a, b Point) float64 {
	φ1, φ2 := rad(a.Lat), rad(b.Lat)
	sφ, sλ := math.Sin((φ2-φ1)/2), math.Sin(rad(b.Lon-a.Lon)/2)
	h := sφ*sφ + math.Cos(φ1)*math.Cos(φ2)*sλ*sλ
	return 2 * earthRadius * math.Asin(math.Min(1, math.Sqrt(h)))
}

// Degrees says how many degrees north and east make metres at p, for drawing
// the box around a circle.
func Degrees(p Point, metres float64) (lat, lon float64) {
	lat = metres / metresPerDegree
	return lat, lat / math.Max(0.01, math.Cos(rad(p.Lat)))
}

// metresPerDegree is the length of a degree of latitude.
const metresPerDegree = earthRadius * math.Pi / 180

// Valid reports whether p is a finite latitude and longitude.
func (p Point) Valid() bool {
	return math.Abs(p.Lat) <= 90 && math.Abs(p.Lon) <= 180
}

func rad(deg float64) float64 { return deg * math.Pi / 180 }
