package geo

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestMetres(t *testing.T) {
	jinping, kunming := Point{22.7795, 103.2265}, Point{25.0389, 102.7183}
	if m := Metres(jinping, kunming); math.Abs(m-256_600) > 1_000 {
		t.Fatalf("Jinping to Kunming is %.0f m", m)
	}
	lat, lon := Degrees(jinping, 50)
	if m := Metres(jinping, Point{jinping.Lat + lat, jinping.Lon}); math.Abs(m-50) > 0.01 {
		t.Fatalf("50 m north measures %v", m)
	}
	if m := Metres(jinping, Point{jinping.Lat, jinping.Lon + lon}); math.Abs(m-50) > 0.01 {
		t.Fatalf("50 m east measures %v", m)
	}
}

// A widely published pair of coordinates for Tiananmen.
func TestDatumKnownPoint(t *testing.T) {
	p := Point{39.908823, 116.39747}
	gcj, err := FromWGS84(p, GCJ02)
	if err != nil || math.Abs(gcj.Lat-39.910226) > 2e-6 || math.Abs(gcj.Lon-116.403714) > 2e-6 {
		t.Fatalf("GCJ-02 of Tiananmen is %v %v", gcj, err)
	}
	bd, _ := FromWGS84(p, BD09)
	if m := Metres(gcj, bd); m < 800 || m > 1200 {
		t.Fatalf("BD-09 lies %v m from GCJ-02", m)
	}
}

func TestDatumRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Point{rapid.Float64Range(3.9, 53.5).Draw(t, "lat"), rapid.Float64Range(73.6, 135.1).Draw(t, "lon")}
		d := rapid.SampledFrom([]Datum{"", WGS84, CGCS2000, GCJ02, BD09}).Draw(t, "datum")
		bent, err := FromWGS84(p, d)
		if err != nil {
			t.Fatal(err)
		}
		back, err := ToWGS84(bent, d)
		if err != nil || math.Abs(back.Lat-p.Lat) > 1e-9 || math.Abs(back.Lon-p.Lon) > 1e-9 {
			t.Fatalf("%v came back as %v, %v", p, back, err)
		}
	})
}

func TestDatumRefuses(t *testing.T) {
	for _, p := range []Point{{48.85, 2.35}, {-20, 180}, {0, 0}} {
		for _, d := range []Datum{GCJ02, BD09} {
			if to, _ := ToWGS84(p, d); to != p {
				t.Errorf("%v outside China was straightened to %v from %s", p, to, d)
			}
			if to, _ := FromWGS84(p, d); to != p {
				t.Errorf("%v outside China was bent to %v in %s", p, to, d)
			}
		}
	}
	if _, err := ToWGS84(Point{22, 103}, "mars"); !errors.Is(err, ErrDatum) {
		t.Fatal(err)
	}
	for _, p := range []Point{{91, 0}, {0, 181}, {math.NaN(), 0}, {0, math.Inf(1)}} {
		if _, err := ToWGS84(p, GCJ02); !errors.Is(err, ErrPoint) {
			t.Fatalf("%v: %v", p, err)
		}
		if _, err := FromWGS84(p, WGS84); !errors.Is(err, ErrPoint) {
			t.Fatalf("%v: %v", p, err)
		}
	}
}
