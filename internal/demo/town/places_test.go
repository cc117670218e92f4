package town

import (
	"strings"
	"testing"
	"time"
)

func TestPlacesByKind(t *testing.T) {
	start := time.Now()
	town := New(1)
	t.Logf("a town takes %v", time.Since(start))
	counts := map[string]int{}
	shops := 0
	for _, p := range town.Places() {
		counts[p.Kind]++
		if p.IsShop() {
			shops++
		}
		if KindNames[p.Kind] == "" {
			t.Errorf("the kind %s has no Chinese name", p.Kind)
		}
	}
	want := map[string]int{"market": 9, "toilet": 46, "transfer-station": 11, "collection-point": 262, "community": 18, "site": 12, "bus-station": 1}
	for kind, n := range want {
		if counts[kind] != n {
			t.Errorf("%d places of kind %s, want %d", counts[kind], kind, n)
		}
	}
	if shops != 1650 {
		t.Errorf("%d shops, want 1650", shops)
	}
	t.Logf("%d places: %v", len(town.Places()), counts)
}

func TestPlacesLieInTheirAreaAndHaveOwnCodes(t *testing.T) {
	town := New(3)
	codes, names := map[string]bool{}, map[string]bool{}
	for _, p := range town.Places() {
		if codes[p.Code] || len(p.Code) != 6 || strings.ContainsAny(p.Code, "01ILO") {
			t.Errorf("bad or repeated code %q", p.Code)
		}
		if names[p.Name] {
			t.Errorf("two places are called %s", p.Name)
		}
		codes[p.Code], names[p.Name] = true, true
		if got := town.AreaAt(p.Lon, p.Lat); got != p.AreaCode {
			t.Errorf("%s says area %s but lies in %q", p.Name, p.AreaCode, got)
		}
		if p.UnitCode == "" || p.Address == "" {
			t.Errorf("%s lacks a unit or an address", p.Name)
		}
	}
}

func TestPlacesAreDeterministic(t *testing.T) {
	a, b, other := New(5).Places(), New(5).Places(), New(6).Places()
	same := 0
	for i := range a {
		if a[i] != b[i] {
			t.Fatalf("place %d differs between two towns of one seed", i)
		}
		if i < len(other) && a[i] == other[i] {
			same++
		}
	}
	if same > 0 {
		t.Errorf("%d places are the same under another seed", same)
	}
}
