package town

import (
	"encoding/json"
	"math/rand/v2"
	"testing"
)

func TestAreasAreASeamlessPartition(t *testing.T) {
	for _, seed := range []uint64{1, 7, 2026} {
		town := New(seed)
		if len(town.Areas) != 34 {
			t.Fatalf("seed %d: %d areas, want 34", seed, len(town.Areas))
		}
		r := rand.New(rand.NewPCG(seed, 1))
		inTown := 0
		for range 20000 {
			lon, lat := between(r, 103.212, 103.248), between(r, 22.766, 22.794)
			want := 0
			if town.boundary.Contains(lon, lat) {
				want = 1
				inTown++
			}
			if got := holders(town, lon, lat); got != want {
				t.Fatalf("seed %d: %d areas hold %f,%f, want %d", seed, got, lon, lat, want)
			}
		}
		if inTown < 3000 {
			t.Errorf("seed %d: only %d of 20000 points fell in the town", seed, inTown)
		}
	}
}

func holders(t *Town, lon, lat float64) int {
	n := 0
	for _, a := range t.Areas {
		if a.Ring.Contains(lon, lat) {
			n++
		}
	}
	return n
}

func TestAreaSizesAddUpToTheTown(t *testing.T) {
	town := New(1)
	sum := 0.0
	for _, a := range town.Areas {
		size := a.Ring.SquareMetres()
		if size < 20000 || size > 400000 {
			t.Errorf("area %s has %.0f m²", a.Code, size)
		}
		sum += size
		if !a.Ring.Contains(a.Centre[0], a.Centre[1]) {
			t.Errorf("the centre of %s lies outside it", a.Code)
		}
	}
	if whole := town.boundary.SquareMetres(); whole < sum-1 || whole > sum+1 {
		t.Errorf("areas add up to %.0f m², the town has %.0f", sum, whole)
	}
}

func TestStreetsHaveOwnNamesAndStayInTown(t *testing.T) {
	town := New(1)
	if n := len(town.Streets); n != 60 {
		t.Errorf("%d streets, want 60", n)
	}
	seen := map[string]bool{}
	for _, s := range town.Streets {
		if s.Name == "" || seen[s.Name] {
			t.Errorf("street name %q is missing or used twice", s.Name)
		}
		seen[s.Name] = true
		for _, c := range s.Line[1 : len(s.Line)-1] {
			if !town.boundary.Contains(c[0], c[1]) {
				t.Errorf("%s leaves the town at %v", s.Name, c)
				break
			}
		}
	}
}

func TestBaseMapIsSmallValidAndDeterministic(t *testing.T) {
	text := New(1).BaseMap()
	if string(text) != string(New(1).BaseMap()) {
		t.Error("the same seed gave two maps")
	}
	if len(text) > 400<<10 {
		t.Errorf("the base map has %d bytes", len(text))
	}
	var doc struct {
		Type     string
		Features []struct {
			Type       string
			Properties map[string]string
			Geometry   struct {
				Type        string
				Coordinates json.RawMessage
			}
		}
	}
	if err := json.Unmarshal(text, &doc); err != nil || doc.Type != "FeatureCollection" {
		t.Fatalf("not GeoJSON: %v", err)
	}
	classes := map[string]int{}
	for _, f := range doc.Features {
		classes[f.Properties["class"]]++
	}
	for _, class := range []string{"boundary", "area", "river", "park", "square", "block", "road-main", "road", "lane", "bridge", "area-label", "hill"} {
		if classes[class] == 0 {
			t.Errorf("no feature of class %s", class)
		}
	}
	t.Logf("base map: %d bytes, %d features, %v", len(text), len(doc.Features), classes)
}

func TestGridsArePiecesOfTheirArea(t *testing.T) {
	town := New(1)
	inGrid, places := 0, town.Places()
	for _, a := range town.Areas {
		if len(a.Grids) != len(a.GridMembers) {
			t.Errorf("%s: %d grids for %d members", a.Code, len(a.Grids), len(a.GridMembers))
		}
		for _, g := range a.Grids {
			if !a.Ring.Contains(g.Centre[0], g.Centre[1]) || !g.Ring.Contains(g.Centre[0], g.Centre[1]) {
				t.Errorf("the middle of %s lies outside", g.Code)
			}
		}
	}
	for _, p := range places {
		holds := 0
		for _, g := range town.Area(p.AreaCode).Grids {
			if g.Ring.Contains(p.Lon, p.Lat) {
				holds++
			}
		}
		if holds > 1 {
			t.Errorf("%s lies in %d grids", p.Name, holds)
		}
		inGrid += holds
	}
	if inGrid < len(places)*98/100 { // cuts are straight, rows are curved: slivers belong to no grid
		t.Errorf("%d of %d places lie in a grid", inGrid, len(places))
	}
}
