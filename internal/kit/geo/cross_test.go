package geo

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// coast is a jagged outline of n points around Jinping.
func coast(n int) Ring {
	r := make(Ring, n)
	for i := range r {
		a := 2 * math.Pi * float64(i) / float64(n)
		k := 0.1 + 0.02*math.Sin(a*37) + 0.001*math.Sin(a*1501)
		r[i] = Point{22.8 + k*math.Sin(a), 103.2 + k*math.Cos(a)}
	}
	return r
}

// comb is an outline of n points whose teeth all lie beside each other, every
// tooth slanting by so many degrees.
func comb(n int, slant float64) Ring {
	r := Ring{{21, 101}, {21, 105}}
	for i := range n/2 - 2 {
		y := 22 + float64(i)/float64(n)
		east, west := Point{y + slant, 103.9}, Point{y, 102.1}
		if i%2 == 1 {
			east, west = west, east
		}
		r = append(r, east, west)
	}
	return append(r, Point{22 + 0.51, 101.5}, Point{22.4, 101})
}

func TestLargeOutlinesAreCheckedSoon(t *testing.T) {
	for name, c := range map[string]struct {
		ring Ring
		says string
	}{
		"survey":        {coast(maxPoints - 1), ""},
		"comb":          {comb(maxPoints-1, 0), ""},
		"slanting comb": {comb(maxPoints-1, 0.8), "too many long, close edges"},
	} {
		start := time.Now()
		err := Shape{{c.ring}}.check()
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%s took %v", name, took)
		} else {
			t.Logf("%s took %v", name, took)
		}
		if c.says == "" && err != nil || c.says != "" && (!errors.Is(err, ErrShape) || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Two points in the wrong order are found in a long outline, and said where.
func TestOneCrossingInALongOutline(t *testing.T) {
	r := coast(5000)
	r[1000], r[1001] = r[1001], r[1000]
	if err := (Shape{{r}}).check(); !errors.Is(err, ErrShape) || !strings.Contains(err.Error(), "edge 1000 of ring 1 meets edge 1002 of ring 1 near longitude") {
		t.Fatal(err)
	}
}

func TestCrossingsAreThoseOfEveryPair(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ring := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Point {
			return Point{float64(rapid.IntRange(0, 30).Draw(t, "lat")), float64(rapid.IntRange(0, 30).Draw(t, "lon"))}
		}), 3, 60).Draw(t, "ring")
		if rapid.Bool().Draw(t, "stars") { // sorted around the middle, seldom crossing
			for i := range ring {
				a := 2 * math.Pi * float64(i) / float64(len(ring))
				k := 1 + ring[i].Lat
				ring[i] = Point{k * math.Sin(a), k * math.Cos(a)}
			}
		}
		edges := Shape{{ring}}.edges()
		want := false
		for i, x := range edges {
			for _, y := range edges[i+1:] {
				want = want || x.clashes(y)
			}
		}
		work := mostCompared
		tree := bunchOf(edges)
		if err := tree.meet(tree, &work); (err != nil) != want {
			t.Fatalf("%v: %v, by every pair %v", ring, err, want)
		}
	})
}
