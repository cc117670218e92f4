package squads

import (
	"context"
	"testing"
	"time"
)

// TestASearchEndsWhenSomebodyWantsItTo has an hour, and is asked to end at once:
// what is left of it passes in haste, with a better plan than the first.
func TestASearchEndsWhenSomebodyWantsItTo(t *testing.T) {
	p := Generate(Size{People: 120, Units: 12, Areas: 4, Days: 14}, 1)
	first, err := construct(t.Context(), newTable(&p), 1)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	defer cancel()
	end := make(chan struct{})
	close(end)
	a, err := Solve(ctx, p, Options{Seed: 1, Workers: 2, End: end})
	if err != nil {
		t.Fatal(err)
	}
	if b := Check(p, a.Plan); len(b) > 0 {
		t.Errorf("it breaks %+v", b[0])
	}
	if a.Cost >= first.cost || a.Bound == 0 {
		t.Errorf("cost %d, bound %d; the first plan costs %d", a.Cost, a.Bound, first.cost)
	}
}

func TestHasteGoesOnFromWhatHasPassed(t *testing.T) {
	now := time.Now()
	s := newSchedule(deadlined(t, now.Add(time.Hour)), Options{}, 10)
	s.from = now.Add(-time.Hour) // half of it
	before := s.passed(0)
	s.windUp()
	if after := s.passed(0); after < before {
		t.Errorf("%v had passed, then %v", before, after)
	}
	w := s.winding.Load()
	w.at = w.at.Add(-WindUp)
	if s.passed(0) != 1 {
		t.Errorf("after the haste %v has passed", s.passed(0))
	}
}

func deadlined(t *testing.T, at time.Time) context.Context {
	ctx, cancel := context.WithDeadline(t.Context(), at)
	t.Cleanup(cancel)
	return ctx
}
