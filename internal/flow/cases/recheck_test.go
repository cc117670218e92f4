package cases

import (
	"fmt"
	"math"
	"testing"
)

func drawn(rate Candidate, n int) int {
	var list []Candidate
	for i := range n {
		c := rate
		c.CaseID = fmt.Sprint("case", i)
		list = append(list, c)
	}
	return len(Draw("a sealed seed", list))
}

func TestTheDrawFollowsItsRates(t *testing.T) {
	const n = 20_000
	for name, x := range map[string]struct {
		c    Candidate
		rate float64
	}{
		"plain":               {Candidate{}, 0.10},
		"one failure in area": {Candidate{AreaFails: 1}, 0.30},
		"one failure in unit": {Candidate{UnitFails: 1}, 0.30},
		"many failures":       {Candidate{UnitFails: 5}, 0.50},
	} {
		got := float64(drawn(x.c, n)) / n
		if math.Abs(got-x.rate) > 4*math.Sqrt(x.rate*(1-x.rate)/n) { // four standard errors
			t.Errorf("%s: %.3f of the cases were drawn, want %.2f", name, got, x.rate)
		}
	}
}

func TestAnyoneCanDrawAgain(t *testing.T) {
	list := []Candidate{{CaseID: "a"}, {CaseID: "b", UnitFails: 2}, {CaseID: "c", AreaFails: 2}, {CaseID: "d", AreaFails: 9}}
	seed := "seed 7"
	chosen := ids(Draw(seed, list))
	if err := Redraw(Sealed(seed), seed, list, chosen); err != nil {
		t.Fatal(err)
	}
	if Redraw(Sealed("another"), seed, list, chosen) == nil {
		t.Error("a changed seed was not noticed")
	}
	if Redraw(Sealed(seed), seed, list, append(chosen, "x")) == nil {
		t.Error("a case added to the draw was not noticed")
	}
}
