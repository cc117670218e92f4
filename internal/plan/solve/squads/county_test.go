package squads

import (
	"context"
	"testing"
)

// TestCountyIsPlannedWithoutABreach is the size of the real thing, searched
// briefly.
func TestCountyIsPlannedWithoutABreach(t *testing.T) {
	p := Generate(County, 1)
	if err := Valid(p); err != nil {
		t.Fatal(err)
	}
	seats := 0
	for _, n := range p.Needs {
		seats += n.Size
	}
	t.Logf("%d needs, %d seats", len(p.Needs), seats)
	a, err := Solve(context.Background(), p, Options{Seed: 1, Iterations: 1 << 21})
	if err != nil {
		t.Fatal(err)
	}
	if b := Check(p, a.Plan); len(b) > 0 {
		t.Fatalf("%d breaches, first %+v", len(b), b[0])
	}
	if a.Cost != a.Parts.Total() {
		t.Errorf("cost %d by steps, %d counted anew", a.Cost, a.Parts.Total())
	}
	t.Logf("cost %d %+v, first after %v, all %v", a.Cost, a.Parts, a.First, a.Elapsed)
}
