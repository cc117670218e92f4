package inspect_test

import (
	"slices"
	"testing"
	"time"

	"chuangwei/internal/flow/cases"
	"chuangwei/internal/flow/inspect"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/geo"

	"pgregory.net/rapid"
)

func length(start geo.Point, stops []geo.Point, order []int) (sum float64) {
	for _, i := range order {
		sum += geo.Metres(start, stops[i])
		start = stops[i]
	}
	return sum
}

// shortest tries every order.
func shortest(start geo.Point, stops []geo.Point, order []int, k int) float64 {
	if k == len(order) {
		return length(start, stops, order)
	}
	best := 1e18
	for i := k; i < len(order); i++ {
		order[k], order[i] = order[i], order[k]
		best = min(best, shortest(start, stops, order, k+1))
		order[k], order[i] = order[i], order[k]
	}
	return best
}

func TestAWayGoesToEveryStopOnceAndNearlyTheShortest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		point := rapid.Custom(func(t *rapid.T) geo.Point {
			return geo.Point{Lat: 22 + rapid.Float64Range(0, 0.05).Draw(t, "lat"), Lon: 103 + rapid.Float64Range(0, 0.05).Draw(t, "lon")}
		})
		start, stops := point.Draw(t, "start"), rapid.SliceOfN(point, 0, 7).Draw(t, "stops")
		order := inspect.Order(start, stops)
		all := make([]int, len(stops))
		for i := range all {
			all[i] = i
		}
		if !slices.Equal(slices.Sorted(slices.Values(order)), all) && len(stops) > 0 {
			t.Fatalf("%v is not every stop once", order)
		}
		if !slices.Equal(order, inspect.Order(start, stops)) {
			t.Fatal("another way the second time")
		}
		if got, best := length(start, stops, order), shortest(start, stops, all, 0); len(stops) > 0 && got > best*1.5+1 {
			t.Fatalf("%.0f m where %.0f m would do", got, best)
		}
	})
}

func TestALeaderIsLedToTheWorstPlacesNobodyHasLookedAt(t *testing.T) {
	c := newCounty(t)
	report := func(id, at string) {
		c.write(func(tx *db.Tx) error {
			_, err := cases.Receive(tx, c.as(tx, "cadre"), cases.Report{ID: id, Text: "脏", Kind: "env.dirty-road", Place: at, Channel: "cadre"})
			return err
		})
	}
	report("a", "ROAD22")
	report("b", "ROAD22")
	report("c", "ROAD21")
	report("d", "ROAD23")
	walk := func(who, area string, n int) (out []string) {
		c.read(func(tx *db.Tx) error {
			stops, err := inspect.Wander(tx, c.as(tx, who), area, &geo.Point{Lat: 22.0, Lon: 103.05}, n)
			for _, s := range stops {
				out = append(out, s.Place.ID)
			}
			return err
		})
		return out
	}
	if got := walk("chief", "west", 2); !slices.Equal(got, []string{"road-1", "road-2"}) {
		t.Errorf("the two worst of the west on one way: %v", got)
	}
	if got := walk("chief", "", 9); !slices.Equal(got, []string{"market", "road-1", "road-2"}) {
		t.Errorf("all the west from the south: %v", got)
	}
	if got := walk("boss", "", 1); !slices.Equal(got, []string{"road-2"}) {
		t.Errorf("the worst of the county: %v", got)
	}
	c.take("chief", inspect.Make{Place: "ROAD22", Purpose: inspect.Walk, Note: "已看"})
	if got := walk("chief", "west", 9); slices.Contains(got, "road-2") {
		t.Errorf("what was just looked at is on the way again: %v", got)
	}
	c.clock.Add(8 * 24 * time.Hour)
	if got := walk("chief", "west", 1); !slices.Equal(got, []string{"road-2"}) {
		t.Errorf("a week later: %v", got)
	}
	c.read(func(tx *db.Tx) error {
		_, err := inspect.Wander(tx, c.as(tx, "chief"), "east", nil, 3)
		if !fault.Is(err, fault.Denied) {
			t.Errorf("a chief in another area: %v", err)
		}
		_, err = inspect.Wander(tx, c.as(tx, "cadre"), "", nil, 3)
		if !fault.Is(err, fault.Denied) {
			t.Errorf("a cadre: %v", err)
		}
		return nil
	})
}
