package squads

import (
	"context"
	"math"
	"testing"
	"time"
)

// blended is a bound for which everybody has learned a number of times.
func blended(p *Problem, sweeps int) *bounder {
	a := ready(p, 1)
	b := newBounder(a.table, 1)
	b.hear(a)
	b.begin(a.mean, 1)
	for k := range sweeps {
		b.climb(float64(k)/float64(sweeps), 1)
	}
	b.end(1)
	return b
}

func TestSharesStayWholeAndWhatIsDueIsWhatIsMissed(t *testing.T) {
	p := Generate(Size{120, 12, 5, 28}, 3)
	b := blended(&p, 10).blend
	missed := make([]float64, len(b.due))
	for n, room := range b.needRoom {
		missed[n] = float64(room)
	}
	for k, least := range b.skillLeast {
		missed[b.skillsAt+k] = float64(least)
	}
	for k, room := range b.unitRoom {
		missed[b.unitsAt+k] = float64(room)
	}
	for i, strands := range b.strands {
		sum := 0.
		for _, s := range strands {
			if s.share < 0 {
				t.Fatalf("person %d has a share of %g", i, s.share)
			}
			sum += s.share
			for _, r := range s.rules {
				missed[r] -= s.share
			}
			missed[b.loadsAt+i] -= s.share * s.off
		}
		if math.Abs(sum-1) > 1e-9 {
			t.Fatalf("the shares of person %d come to %g", i, sum)
		}
	}
	for r, due := range b.due {
		if want := b.base[r] + b.stiff*missed[r]; math.Abs(due-want) > 1e-6 {
			t.Fatalf("rule %d: %g is due, and %g is missed: %g", r, due, missed[r], want)
		}
	}
}

func TestBoundComesNearWhatTheBlendCosts(t *testing.T) {
	p := Generate(Size{120, 12, 5, 28}, 3)
	b := blended(&p, 60)
	cost := float64(b.constant)
	for _, strands := range b.blend.strands {
		for _, s := range strands {
			cost += s.share * s.cost
		}
	}
	if bound := float64(b.bound()); bound < 0.98*cost || bound > 1.02*cost {
		t.Errorf("a bound of %g where the blend costs %g", bound, cost)
	}
}

func TestHeavyWeightsLowerTheBoundAtMost(t *testing.T) {
	for _, by := range []int{1, 300, 6_000} {
		p := Generate(Size{120, 12, 5, 28}, 3)
		w := &p.Weights
		for _, weight := range []*int{&w.Fair, &w.Wish, &w.Away, &w.Disliked, &w.Stay, &w.Turn} {
			*weight *= by
		}
		a, err := Solve(context.Background(), p, Options{Seed: 1, Iterations: 1 << 18})
		if err != nil {
			t.Fatal(err)
		}
		if a.Bound > a.Cost || a.Bound < 0 {
			t.Errorf("weights times %d: cost %d, bound %d", by, a.Cost, a.Bound)
		}
		if b := Check(p, a.Plan); len(b) > 0 {
			t.Errorf("weights times %d: the plan breaks %+v", by, b[0])
		}
		t.Logf("weights times %d: cost %d, bound %d", by, a.Cost, a.Bound)
	}
}

func TestPricesTooHighToCountProveNothing(t *testing.T) {
	p := Generate(Size{120, 12, 5, 28}, 3)
	b := blended(&p, 10)
	before, known := b.best, len(b.blend.strands[0])
	for n := range b.needs {
		b.blend.base[n] = 1e9
	}
	if b.take(1); b.best != before || len(b.blend.strands[0]) != known {
		t.Errorf("a bound of %d parts became %d, and %d strands %d", before, b.best, known, len(b.blend.strands[0]))
	}
}

func TestTheBoundHearsPeopleHoweverLateASearchBegins(t *testing.T) {
	p := Generate(Size{120, 12, 5, 28}, 3)
	ctx, stop := context.WithTimeout(context.Background(), time.Second)
	defer stop()
	b, err := construct(ctx, newTable(&p), 0)
	if err != nil {
		t.Fatal(err)
	}
	h := newHunt(ctx, b, Options{Workers: 2}, time.Now())
	h.clock.from = time.Now().Add(-time.Second) // a third of the time has passed on a busy machine
	h.clock.deadline = time.Now().Add(2 * time.Second)
	h.soften(ctx)
	h.judge()
	for round := range 3 {
		h.prove(ctx, round)
	}
}
