package geo_test

import (
	"math"
	"slices"
	"testing"

	. "chuangwei/internal/kit/geo"
)

// square has its south-west corner so many thousandths of a degree from 22/103.
func square(id string, south, west, north, east float64) Named {
	at := func(lat, lon float64) Point { return Point{Lat: 22 + lat/1000, Lon: 103 + lon/1000} }
	return Named{ID: id, Shape: Shape{{{at(south, west), at(south, east), at(north, east), at(north, west)}}}}
}

// one is the size of a square of a thousandth of a degree, in square metres.
var one = square("", 0, 0, 1, 1).Shape.SquareMetres()

func TestShapesThatFitHaveNoSeams(t *testing.T) {
	grid := []Named{square("a", 0, 0, 10, 10), square("b", 0, 10, 10, 20), square("c", 10, 0, 20, 10), square("d", 10, 10, 20, 20)}
	if seams, precision := Seams(grid, 50); len(seams) != 0 || precision < 1 || precision > 5 {
		t.Errorf("seams %v at %v m", seams, precision)
	}
	if seams, _ := Seams(nil, 50); seams != nil {
		t.Error("nothing has seams")
	}
}

func TestOverlapsAreFoundPairByPair(t *testing.T) {
	seams, _ := Seams([]Named{square("a", 0, 0, 10, 10), square("b", 0, 9, 10, 20), square("c", 4, 8, 6, 9.5)}, 50)
	if len(seams) != 3 {
		t.Fatalf("%d seams", len(seams))
	}
	for i, want := range []struct {
		ids  []string
		size float64
	}{{[]string{"a", "b"}, 10}, {[]string{"a", "c"}, 3}, {[]string{"b", "c"}, 1}} {
		if !slices.Equal(seams[i].IDs, want.ids) || math.Abs(seams[i].SquareMetres/one-want.size) > 0.05 {
			t.Errorf("seam %d: %v of %.2f", i, seams[i].IDs, seams[i].SquareMetres/one)
		}
	}
}

func TestAGapIsEnclosedAndABayIsNot(t *testing.T) {
	ring := []Named{square("s", 0, 0, 2, 10), square("n", 8, 0, 10, 10), square("w", 2, 0, 8, 2), square("e", 2, 8, 8, 10)}
	seams, _ := Seams(ring, 50)
	if len(seams) != 1 || len(seams[0].IDs) != 0 || math.Abs(seams[0].SquareMetres/one-36) > 0.2 {
		t.Fatalf("seams %+v", seams)
	}
	if at := seams[0].At; at.Lat < 22.002 || at.Lat > 22.008 || at.Lon < 103.002 || at.Lon > 103.008 {
		t.Errorf("the gap is said to be at %v", at)
	}
	if seams, _ = Seams(ring[:3], 50); len(seams) != 0 {
		t.Errorf("a bay open to the east is no gap: %v", seams)
	}
}
