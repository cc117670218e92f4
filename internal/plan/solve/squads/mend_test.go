package squads

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"
)

// TestAChainFillsWhatNobodyIdleCan has an open seat for a driver on a day on
// which the only idle person may not serve: the driver must come from another
// day, and the idle person go there.
func TestAChainFillsWhatNobodyIdleCan(t *testing.T) {
	p := Problem{
		Days: 2, Weekday: time.Monday, Areas: 1, Shifts: []Shift{{8 * 60, 12 * 60, 2}},
		Units: []Unit{{Most: []int{2, 2}}},
		People: []Person{
			{Skills: SkillsOf(Leader, Driver)},
			{Skills: SkillsOf(Leader), Off: []int{1}},
		},
		Needs:   []Need{{Day: 0, Size: 1}, {Day: 1, Size: 1}},
		Rules:   Rules{PerWeek: 1},
		Weights: Weights{Fair: 10},
	}
	p.Needs[1].Least[Driver] = 1
	s := newState(newTable(&p))
	s.seat(0, 0)
	newMender(s, make([][]int32, 1)).mend(context.Background())
	if s.open != 0 || s.seats[0] != 1 || s.seats[1] != 0 {
		t.Errorf("%d open, seats %v", s.open, s.seats)
	}
}

// TestMendingKeepsEveryRule takes people out of plans and mends them.
func TestMendingKeepsEveryRule(t *testing.T) {
	filled, opened := 0, 0
	for seed := uint64(0); seed < 12; seed += 2 {
		p := Generate(Size{160, 14, 6, 28}, seed)
		b, err := construct(context.Background(), newTable(&p), seed)
		if err != nil {
			t.Fatal(err)
		}
		random := rand.New(rand.NewPCG(seed, 1))
		for range 30 {
			if seat := int32(random.IntN(len(b.seats))); b.seats[seat] >= 0 {
				b.vacate(seat)
			}
		}
		before := b.open
		newMender(b.state, b.drawn).mend(context.Background())
		opened += before
		filled += before - b.open
		plan := b.plan()
		if c := Cost(p, plan).Total(); c != b.cost {
			t.Errorf("seed %d: cost %d, counted anew %d", seed, b.cost, c)
		}
		open := 0
		for _, breach := range Check(p, plan) {
			if breach.Rule.Kind == Filled {
				open++
			} else if breach.Rule.Kind != Skilled {
				t.Errorf("seed %d: mended with %+v", seed, breach)
			}
		}
		if b.open < open {
			t.Errorf("seed %d: %d needs lack people, but only %d seats are open", seed, open, b.open)
		}
	}
	if opened < 150 || filled < opened*9/10 {
		t.Errorf("%d of %d filled", filled, opened)
	}
}
