package squads

import (
	"context"
	"testing"
)

// TestWhyAgreesWithCheck holds reasons against the plain checker: who is said
// to be free breaks nothing, who is said to be excluded does.
func TestWhyAgreesWithCheck(t *testing.T) {
	p := Generate(Size{400, 35, 14, 21}, 4)
	a, err := Solve(context.Background(), p, Options{Seed: 4, Iterations: 1 << 17})
	if err != nil {
		t.Fatal(err)
	}
	for need := 3; need < len(p.Needs); need += len(p.Needs) / 5 {
		seated := a.Plan.Seats[need][0]
		why := Why(p, a.Plan, seated, need)
		all := why.Free
		for _, count := range why.Excluded {
			all += count
		}
		if !why.Seated || len(why.Against) > 0 || all != len(p.People)-len(a.Plan.Seats[need]) {
			t.Errorf("need %d: %d people told of: %+v", need, all, why)
		}
		if why.Best >= 0 {
			other := exchanged(a.Plan, need, seated, why.Best)
			if b := Check(p, other); len(b) > 0 {
				t.Errorf("need %d: the best alternative breaks %+v", need, b[0])
			}
			if delta := Cost(p, other).Total() - a.Cost; delta != why.Delta {
				t.Errorf("need %d: delta %d, counted anew %d", need, why.Delta, delta)
			}
		}
		for person := 0; person < len(p.People); person += 41 {
			whyNotAgrees(t, p, a.Plan, person, need)
		}
	}
}

func whyNotAgrees(t *testing.T, p Problem, plan Plan, person, need int) {
	t.Helper()
	if plan.has(need, person) {
		return
	}
	why, free := Why(p, plan, person, need), 0
	for _, out := range plan.Seats[need] {
		if len(Check(p, exchanged(plan, need, out, person))) == 0 {
			free++
		}
	}
	if why.Free != free || (free == 0) != (len(why.Against) > 0) {
		t.Errorf("person %d, need %d: %d seats they could take, told %+v", person, need, free, why)
	}
}
