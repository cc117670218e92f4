package squads

import (
	"context"
	"testing"
)

// TestReplanChangesLittle plans a county, sends three people on leave and asks
// for a new squad on a market day.
func TestReplanChangesLittle(t *testing.T) {
	p := Generate(County, 2)
	a, err := Solve(context.Background(), p, Options{Seed: 2, Iterations: 1 << 18})
	if err != nil {
		t.Fatal(err)
	}
	const from = 20
	broken := 0
	for _, i := range []int{7, 300, 901} {
		for d := from; d < from+10; d++ {
			p.People[i].Off = append(p.People[i].Off, d)
		}
		for n, people := range a.Plan.Seats {
			if day := p.Needs[n].Day; day >= from && day < from+10 && (Plan{[][]int{people}}).has(0, i) {
				broken++
			}
		}
	}
	p.Needs = append(p.Needs, Need{Area: 3, Day: 25, Shift: 0, Size: 6, MostOfUnit: 2})
	fresh, err := Replan(context.Background(), p, a.Plan, from, Options{Seed: 2})
	if err != nil {
		t.Fatal(err)
	}
	if b := Check(p, fresh.Plan); len(b) > 0 {
		t.Fatalf("%d breaches, first %+v", len(b), b[0])
	}
	_, come := Changed(a.Plan, fresh.Plan)
	for _, s := range come {
		if p.Needs[s.Need].Day < from {
			t.Errorf("a seat of day %d changed", p.Needs[s.Need].Day)
		}
	}
	// Every seat that lost its person and every new one needs somebody new;
	// presence may cost a few more.
	if least := broken + 6; len(come) < least || len(come) > least+least/2 {
		t.Errorf("%d seats changed where %d must", len(come), least)
	}
	t.Logf("%d of %d must change, took %v", len(come), broken+6, fresh.Elapsed)
}
