package geo

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func inChina(t *rapid.T) Point {
	return Point{rapid.Float64Range(18, 53).Draw(t, "lat"), rapid.Float64Range(75, 134).Draw(t, "lon")}
}

func TestDatumsRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := inChina(t)
		for _, d := range []Datum{WGS84, CGCS2000, GCJ02, BD09} {
			there, err := FromWGS84(p, d)
			if err != nil {
				t.Fatal(err)
			}
			back, err := ToWGS84(there, d)
			if err != nil || math.Abs(back.Lat-p.Lat) > 1e-9 || math.Abs(back.Lon-p.Lon) > 1e-9 {
				t.Fatalf("%s: %v → %v → %v (%v)", d, p, there, back, err)
			}
		}
	})
}

// The offset is known to lie between about 50 and 900 metres inside China.
func TestGCJMovesAPointByHundredsOfMetres(t *testing.T) {
	p := Point{39.9087, 116.3975}
	q, _ := FromWGS84(p, GCJ02)
	if m := Metres(p, q); m < 300 || m > 900 {
		t.Fatalf("moved by %.0f m", m)
	}
	abroad := Point{48.85, 2.35}
	if q, _ := FromWGS84(abroad, GCJ02); q != abroad {
		t.Fatal("a point abroad moved")
	}
	if _, err := ToWGS84(p, "mars"); err == nil {
		t.Fatal("an unknown datum was taken")
	}
}

func TestMetres(t *testing.T) {
	if m := Metres(Point{22, 103}, Point{23, 103}); math.Abs(m-111_195) > 10 {
		t.Fatalf("a degree of latitude is %.0f m", m)
	}
	dLat, dLon := Degrees(Point{22.78, 103.23}, 50)
	if m := Metres(Point{22.78, 103.23}, Point{22.78 + dLat, 103.23}); math.Abs(m-50) > 0.1 {
		t.Fatalf("%f", m)
	}
	if m := Metres(Point{22.78, 103.23}, Point{22.78, 103.23 + dLon}); math.Abs(m-50) > 0.1 {
		t.Fatalf("%f", m)
	}
}

func square(x, y, size float64) string {
	return fmt.Sprintf(`{"type":"Polygon","coordinates":[[[%[1]v,%[2]v],[%[3]v,%[2]v],[%[3]v,%[4]v],[%[1]v,%[4]v],[%[1]v,%[2]v]]]}`, x, y, x+size, y+size)
}

func TestParseRefusesWhatIsNoOutline(t *testing.T) {
	for name, text := range map[string]string{
		"not closed":             `{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]}`,
		"crosses itself":         `{"type":"Polygon","coordinates":[[[0,0],[1,1],[1,0],[0,1],[0,0]]]}`,
		"at least 4":             `{"type":"Polygon","coordinates":[[[0,0],[1,1],[0,0]]]}`,
		"out of range":           `{"type":"Polygon","coordinates":[[[0,0],[1,95],[1,0],[0,0]]]}`,
		"neither Polygon":        `{"type":"Point","coordinates":[0,0]}`,
		"not GeoJSON":            `{`,
		"no polygon":             `{"type":"MultiPolygon","coordinates":[]}`,
		"polygon without a ring": `{"type":"MultiPolygon","coordinates":[[]]}`,
	} {
		if _, err := ParseGeoJSON([]byte(text)); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// A grid of squares shares every side; each point must fall in exactly one.
func TestSharedSidesBelongToExactlyOne(t *testing.T) {
	var shapes []Named
	for x := range 4 {
		for y := range 4 {
			s, err := ParseGeoJSON([]byte(square(float64(x), float64(y), 1)))
			if err != nil {
				t.Fatal(err)
			}
			shapes = append(shapes, Named{fmt.Sprint(x, y), s})
		}
	}
	index := NewIndex(shapes)
	rapid.Check(t, func(t *rapid.T) {
		grid := rapid.Custom(func(t *rapid.T) float64 { return float64(rapid.IntRange(1, 39).Draw(t, "tenths")) / 10 })
		p := Point{grid.Draw(t, "lat"), grid.Draw(t, "lon")}
		n := 0
		for _, s := range shapes {
			if s.Shape.Contains(p) {
				n++
			}
		}
		id, ok := index.At(p)
		if n != 1 || !ok || id == "" {
			t.Fatalf("%v lies in %d squares, index says %q", p, n, id)
		}
	})
	if id, m := index.Nearest(Point{2.5, 4.001}); id != "3 2" || math.Abs(m-111) > 2 {
		t.Fatalf("nearest %q at %.1f m", id, m)
	}
	if _, ok := index.At(Point{5, 5}); ok {
		t.Fatal("found outside all")
	}
}

func TestHolesAreOutsideAndGeoJSONRoundTrips(t *testing.T) {
	text := `{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,4],[0,0]],[[1,1],[2,1],[2,2],[1,2],[1,1]]]}`
	s, err := ParseGeoJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	again, err := ParseGeoJSON(s.GeoJSON())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []Shape{s, again} {
		if s.Contains(Point{1.5, 1.5}) || !s.Contains(Point{3, 3}) {
			t.Fatal("the hole is wrong")
		}
	}
}

func FuzzParseGeoJSON(f *testing.F) {
	f.Add([]byte(square(103, 22, 0.1)))
	f.Add([]byte(`{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]]]}`))
	f.Add([]byte(`{"type":"Polygon","coordinates":[[[1e999]]]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := ParseGeoJSON(b)
		if err != nil {
			return
		}
		if _, err := ParseGeoJSON(s.GeoJSON()); err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		NewIndex([]Named{{"a", s}}).At(Point{0.5, 0.5})
	})
}
