package sample

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// anyFrame draws places of a few kinds in a few areas, and what is wanted.
func anyFrame(t *rapid.T) (frame []Place, wants []Want) {
	kinds := []string{"road", "market", "toilet"}[:rapid.IntRange(1, 3).Draw(t, "kinds")]
	areas := rapid.IntRange(1, 8).Draw(t, "areas")
	for n := range rapid.IntRange(0, 80).Draw(t, "places") {
		frame = append(frame, Place{ID: fmt.Sprint("p", n), Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Area: fmt.Sprint("a", rapid.IntRange(1, areas).Draw(t, "area"))})
	}
	for _, k := range kinds {
		wants = append(wants, Want{k, rapid.IntRange(-1, 40).Draw(t, "n")})
	}
	return frame, wants
}

func TestADrawMeetsItsCountsAndSharesAndTakesNoPlaceTwice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		frame, wants := anyFrame(t)
		drawn := Draw(rapid.String().Draw(t, "seed"), frame, wants)
		have, took, seen := map[[2]string]int{}, map[[2]string]int{}, map[string]bool{}
		for _, p := range frame {
			have[[2]string{p.Kind, ""}]++
			have[[2]string{p.Kind, p.Area}]++
		}
		for _, p := range drawn {
			if seen[p.ID] || !slices.Contains(frame, p) {
				t.Fatalf("%v was drawn twice or from nowhere", p)
			}
			seen[p.ID] = true
			took[[2]string{p.Kind, ""}]++
			took[[2]string{p.Kind, p.Area}]++
		}
		for _, w := range wants {
			total := have[[2]string{w.Kind, ""}]
			n := max(0, min(w.N, total))
			if took[[2]string{w.Kind, ""}] != n {
				t.Fatalf("%d of %s, want %d of %d", took[[2]string{w.Kind, ""}], w.Kind, n, total)
			}
			for at, count := range have {
				if at[0] != w.Kind || at[1] == "" {
					continue
				}
				share := float64(n) * float64(count) / float64(total)
				if got := float64(took[at]); got < math.Floor(share) || got > math.Ceil(share) {
					t.Fatalf("%v gets %v, its share is %.2f", at, got, share)
				}
			}
		}
	})
}

func TestDrawingAgainGivesTheSameWhateverTheOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		frame, wants := anyFrame(t)
		seed := rapid.String().Draw(t, "seed")
		again := rapid.Permutation(append(slices.Clone(frame), frame...)).Draw(t, "order")
		if a, b := Draw(seed, frame, wants), Draw(seed, again, wants); !slices.Equal(a, b) {
			t.Fatalf("%v\n%v", a, b)
		}
	})
}

// TestEveryPlaceOfAKindHasTheSameChance draws 4,000 times 3 of 10 places that
// lie in areas of very different size: each should come 1,200 times, with a
// standard deviation of about 29.
func TestEveryPlaceOfAKindHasTheSameChance(t *testing.T) {
	var frame []Place
	for i, area := range []string{"big", "big", "big", "big", "big", "big", "mid", "mid", "mid", "one"} {
		frame = append(frame, Place{fmt.Sprint(i), "road", area})
	}
	came := map[string]int{}
	for n := range 4000 {
		for _, p := range Draw(fmt.Sprint(n), frame, []Want{{"road", 3}}) {
			came[p.ID]++
		}
	}
	for _, p := range frame {
		if n := came[p.ID]; n < 1200-5*29 || n > 1200+5*29 {
			t.Errorf("%s in %s came %d times", p.ID, p.Area, n)
		}
	}
}
