package geo

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

const donut = `{"type":"Polygon","coordinates":[[[103,22],[103.01,22],[103.01,22.01],[103,22.01],[103,22]],
	[[103.004,22.004],[103.006,22.004],[103.006,22.006],[103.004,22.006],[103.004,22.004]]]}`

func parse(t testing.TB, text string) Shape {
	t.Helper()
	s, err := ParseGeoJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestShapeMeasures(t *testing.T) {
	s := parse(t, donut)
	if !s.Contains(Point{22.001, 103.001}) || s.Contains(Point{22.005, 103.005}) || s.Contains(Point{22.02, 103.001}) {
		t.Fatal("inside, hole and outside are mixed up")
	}
	side, wide := Metres(Point{22, 103}, Point{22.01, 103}), Metres(Point{22.005, 103}, Point{22.005, 103.01})
	if want := side * wide * 0.96; math.Abs(s.SquareMetres()-want) > want*1e-4 {
		t.Fatalf("area %v, want %v", s.SquareMetres(), want)
	}
	if c := s.Centre(); Metres(c, Point{22.005, 103.005}) > 0.01 {
		t.Fatalf("centre %v", c)
	}
	if b := s.Bounds(); b != (Box{Point{22, 103}, Point{22.01, 103.01}}) {
		t.Fatalf("bounds %v", b)
	}
}

func TestGeoJSONKeepsTheShape(t *testing.T) {
	for _, text := range []string{donut,
		`{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]],[[[5,5],[5,6],[6,6],[5,5]]]]}`,
		`{"type":"Feature","properties":{"a":1},"geometry":{"type":"Polygon","coordinates":[[[0,0,9],[0,0,9],[1,0,9],[1,1,9],[0,0,9]]]}}`} {
		s := parse(t, text)
		again := parse(t, string(s.GeoJSON()))
		if math.Abs(s.SquareMetres()-again.SquareMetres()) > 1e-6*s.SquareMetres() || s.Bounds() != again.Bounds() {
			t.Fatalf("%s became %s", text, s.GeoJSON())
		}
		if string(again.GeoJSON()) != string(s.GeoJSON()) {
			t.Fatal("writing twice differs")
		}
	}
}

func TestParseRefuses(t *testing.T) {
	poly := func(coords string) string { return `{"type":"Polygon","coordinates":` + coords + `}` }
	many := "[[" + strings.Repeat("[1,1],[1,2],", maxPoints/2) + "[1,1]]]"
	for _, c := range []struct{ name, text, says string }{
		{"a point", `{"type":"Point","coordinates":[1,2]}`, "neither Polygon nor MultiPolygon"},
		{"not JSON", `{"type":`, "JSON"},
		{"no polygon", `{"type":"MultiPolygon","coordinates":[]}`, "no polygon"},
		{"no ring", poly(`[]`), "no ring"},
		{"open", poly(`[[[0,0],[1,0],[1,1],[0,1]]]`), "not closed"},
		{"two points", poly(`[[[0,0],[1,0],[0,0]]]`), "three different points"},
		{"one number", poly(`[[[0],[1,0],[1,1],[0]]]`), "point 1 needs"},
		{"out of range", poly(`[[[0,0],[181,0],[1,1],[0,0]]]`), "point 2 (181, 0)"},
		{"infinite", poly(`[[[0,0],[1e999,0],[1,1],[0,0]]]`), "coordinates"},
		{"bow tie", poly(`[[[0,0],[2,2],[2,0],[0,2],[0,0]]]`), "edge 1 of ring 1 meets edge 3 of ring 1"},
		{"spike", poly(`[[[0,0],[2,0],[1,0],[1,1],[0,0]]]`), "edge 1 of ring 1 meets edge 2"},
		{"touches itself", poly(`[[[0,0],[4,0],[4,4],[2,0],[0,4],[0,0]]]`), "edge 1 of ring 1 meets edge"},
		{"flat", poly(`[[[0,0],[1,0],[2,0],[0,0]]]`), "edge 1 of ring 1 meets"},
		{"all but flat", poly(`[[[0,0],[1e-200,0],[0,1e-200],[0,0]]]`), "encloses no area"},
		{"hole crosses", poly(`[[[0,0],[4,0],[4,4],[0,4],[0,0]],[[3,1],[5,1],[5,2],[3,2],[3,1]]]`), "of ring 2"},
		{"hole outside", poly(`[[[0,0],[4,0],[4,4],[0,4],[0,0]],[[8,8],[9,8],[9,9],[8,8]]]`), "hole lies outside"},
		{"too many points", poly(many), "more than 100000 points"},
		{"too long", strings.Repeat(" ", maxBytes+1), "bytes"},
	} {
		_, err := ParseGeoJSON([]byte(c.text))
		if !errors.Is(err, ErrShape) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func FuzzParseGeoJSON(f *testing.F) {
	f.Add([]byte(donut))
	f.Add([]byte(`{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]]]}`))
	f.Add([]byte(`{"type":"Feature","geometry":null}`))
	f.Add([]byte(`{"type":"Polygon","coordinates":[[[0,0],[2,2],[2,0],[0,2],[0,0]]]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := ParseGeoJSON(b)
		if err != nil {
			return
		}
		again, err := ParseGeoJSON(s.GeoJSON())
		if err != nil {
			t.Fatalf("cannot read back %s: %v", s.GeoJSON(), err)
		}
		if s.Bounds() != again.Bounds() {
			t.Fatal("bounds changed")
		}
		NewIndex([]Named{{"a", s}}).Nearest(s.Centre())
	})
}

// town cuts a square into n×n areas along shared, jagged borders.
func town(n int) []Named {
	corner := func(i, j int) Point {
		jag := func(k int) float64 { return 0.3 * math.Sin(float64(k)*12.9898) / float64(n) }
		p := Point{22 + float64(i)/float64(n), 103 + float64(j)/float64(n)}
		if i > 0 && i < n && j > 0 && j < n {
			p.Lat, p.Lon = p.Lat+jag(i*31+j), p.Lon+jag(i+j*17)
		}
		return p
	}
	var out []Named
	for i := range n {
		for j := range n {
			ring := Ring{corner(i, j), corner(i, j+1), corner(i+1, j+1), corner(i+1, j)}
			out = append(out, Named{fmt.Sprintf("%02d-%02d", i, j), Shape{{ring}}})
		}
	}
	return out
}

func TestEveryPointFallsInExactlyOneArea(t *testing.T) {
	named := town(6)
	index := NewIndex(named)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.SampledFrom(named).Draw(t, "area")
		ring := n.Shape[0][0]
		k := rapid.IntRange(0, 3).Draw(t, "edge")
		along := rapid.SampledFrom([]float64{0, 0.1, 0.25, 1. / 3, 0.5, 0.9}).Draw(t, "along")
		a, b := ring[k], ring[(k+1)%4]
		p := Point{a.Lat + (b.Lat-a.Lat)*along, a.Lon + (b.Lon-a.Lon)*along}
		holders := 0
		for _, o := range named {
			if o.Shape.Contains(p) {
				holders++
			}
		}
		if holders > 1 {
			t.Fatalf("%v lies in %d areas", p, holders)
		}
		if id, ok := index.At(p); !ok || id == "" {
			t.Fatalf("%v lies in no area", p)
		}
	})
}

func TestIndexAgreesWithShapes(t *testing.T) {
	named := town(5)
	index := NewIndex(named)
	rapid.Check(t, func(t *rapid.T) {
		p := Point{rapid.Float64Range(21.9, 23.1).Draw(t, "lat"), rapid.Float64Range(102.9, 104.1).Draw(t, "lon")}
		want := ""
		for _, n := range named {
			if n.Shape.Contains(p) {
				want = n.ID
			}
		}
		got, ok := index.At(p)
		near, m := index.Nearest(p)
		if want != "" && (got != want || near != want || m != 0) {
			t.Fatalf("%v is in %s, index says %s and nearest %s %v", p, want, got, near, m)
		}
		if want == "" && ok && m > seam {
			t.Fatalf("%v is outside, index says %s", p, got)
		}
	})
}

func TestNearest(t *testing.T) {
	index := NewIndex(town(2))
	id, m := index.Nearest(Point{22.25, 102.99})
	if want := Metres(Point{22.25, 102.99}, Point{22.25, 103}); id != "00-00" || math.Abs(m-want) > want*1e-3 {
		t.Fatalf("nearest %s at %v m, want %v", id, m, want)
	}
	if id, m := NewIndex(nil).Nearest(Point{}); id != "" || !math.IsInf(m, 1) {
		t.Fatalf("empty index answered %s %v", id, m)
	}
}

func BenchmarkIndex(b *testing.B) {
	index := NewIndex(town(22))
	for i := range b.N {
		f := float64(i%1000) / 1000
		index.At(Point{22 + f, 103 + math.Mod(f*7, 1)})
	}
}
