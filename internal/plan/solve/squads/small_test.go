package squads

import (
	"context"
	"errors"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"
)

// small invents a problem that all plans of can be looked at. Many have none.
func small(seed uint64) Problem {
	r := rand.New(rand.NewPCG(seed, 9))
	p := Problem{
		Days: 2 + r.IntN(3), Weekday: time.Weekday(r.IntN(7)), Areas: 2,
		Shifts:  []Shift{{8 * 60, 12 * 60, 2}, {20 * 60, 28 * 60, 3}},
		Rules:   Rules{Rest: 60 * r.IntN(14), PerWeek: r.IntN(4), InRow: r.IntN(3), Batch: r.IntN(3)},
		Weights: Weights{Fair: 1 + r.IntN(3), Wish: r.IntN(4), Away: r.IntN(4), AtHome: r.IntN(2), Disliked: 2, Stay: r.IntN(3), Turn: r.IntN(2), Change: r.IntN(3)},
	}
	for range 2 {
		u := Unit{}
		for range p.Days {
			u.Most = append(u.Most, r.IntN(4))
		}
		p.Units = append(p.Units, u)
	}
	for range 4 + r.IntN(2) {
		person := Person{
			Unit: r.IntN(2), Home: r.IntN(3) - 1, Skills: Skills(r.IntN(4)) | SkillsOf(Skill(r.IntN(2))),
			Carried: r.IntN(5), WeekBefore: r.IntN(2), RowBefore: r.IntN(2),
		}
		if r.IntN(3) == 0 {
			person.Off = []int{r.IntN(p.Days)}
		}
		if r.IntN(4) == 0 {
			person.Busy = []int{r.IntN(p.Days)}
		}
		if r.IntN(3) == 0 {
			person.Blocked = []Slot{{r.IntN(p.Days), r.IntN(2)}}
		}
		for range r.IntN(3) {
			person.Wishes = append(person.Wishes, Wish{r.IntN(p.Days), r.IntN(3) - 1, r.IntN(7) - 3})
		}
		if r.IntN(2) == 0 {
			person.Liked, person.Disliked = []int{r.IntN(2)}, []int{r.IntN(2)}
		}
		p.People = append(p.People, person)
	}
	for range 2 + r.IntN(3) {
		n := Need{Area: r.IntN(2), Day: r.IntN(p.Days), Shift: r.IntN(2), Size: 1 + r.IntN(2), MostOfUnit: r.IntN(3)}
		n.Least[Licence] = r.IntN(4) / 3
		p.Needs = append(p.Needs, n)
	}
	if r.IntN(2) == 0 {
		p.Kept = &Plan{[][]int{{0}, {1, 2}}}
	}
	return p
}

// allPlans calls f with every plan that fills the needs.
func allPlans(p Problem, f func(Plan)) {
	plan := Plan{make([][]int, len(p.Needs))}
	var need func(n, from int)
	need = func(n, from int) {
		if n == len(p.Needs) {
			f(plan)
			return
		}
		if len(plan.Seats[n]) == p.Needs[n].Size {
			need(n+1, 0)
			return
		}
		for i := from; i < len(p.People); i++ {
			plan.Seats[n] = append(plan.Seats[n], i)
			need(n, i+1)
			plan.Seats[n] = plan.Seats[n][:len(plan.Seats[n])-1]
		}
	}
	need(0, 0)
}

// optimum looks at every plan.
func optimum(p Problem) (cost int64, found bool) {
	allPlans(p, func(plan Plan) {
		if len(Check(p, plan)) > 0 {
			return
		}
		if c := Cost(p, plan).Total(); !found || c < cost {
			cost, found = c, true
		}
	})
	return cost, found
}

const smallProblems = 300

func TestSmallProblemsAgreeWithLookingAtEveryPlan(t *testing.T) {
	planned, best := 0, 0
	for seed := range uint64(smallProblems) {
		p := small(seed)
		cost, found := optimum(p)
		a, err := Solve(context.Background(), p, Options{Seed: seed, Iterations: 1 << 15, Workers: 1 + int(seed%2)})
		if (err == nil) != found || err != nil && !errors.Is(err, ErrNoPlan) {
			t.Errorf("seed %d: a plan exists: %v, but %v", seed, found, err)
			continue
		}
		if !found {
			continue
		}
		planned++
		if b := Check(p, a.Plan); len(b) > 0 {
			t.Errorf("seed %d: breach %+v", seed, b[0])
		}
		if a.Cost != Cost(p, a.Plan).Total() {
			t.Errorf("seed %d: cost %d, counted anew %d", seed, a.Cost, Cost(p, a.Plan).Total())
		}
		if a.Bound > cost || a.Cost < cost {
			t.Errorf("seed %d: bound %d, best possible %d, found %d", seed, a.Bound, cost, a.Cost)
		}
		if a.Cost == cost {
			best++
		}
	}
	if planned < smallProblems/10 || planned > smallProblems*9/10 {
		t.Errorf("%d of %d have a plan: the problems prove little", planned, smallProblems)
	}
	if best < planned*9/10 {
		t.Errorf("%d of %d are the best possible", best, planned)
	}
	t.Logf("%d planned, %d the best possible", planned, best)
}

func TestSameSeedSamePlan(t *testing.T) {
	p := Generate(Size{400, 35, 14, 21}, 5)
	for workers := 1; workers <= 2; workers++ {
		o := Options{Seed: 3, Iterations: 1 << 17, Workers: workers}
		a, err := Solve(context.Background(), p, o)
		if err != nil {
			t.Fatal(err)
		}
		b, err := Solve(context.Background(), p, o)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(a.Plan, b.Plan) || a.Bound != b.Bound || a.Moves != b.Moves {
			t.Errorf("%d workers: costs %d and %d, bounds %d and %d", workers, a.Cost, b.Cost, a.Bound, b.Bound)
		}
	}
}

func TestStopKeepsTheBestSoFar(t *testing.T) {
	p := Generate(Size{400, 35, 14, 21}, 6)
	ctx, cancel := context.WithCancel(context.Background())
	var seen Progress
	var plan Plan
	a, err := Solve(ctx, p, Options{Iterations: 1 << 40, Workers: 2, OnProgress: func(g Progress) {
		seen, plan = g, g.Plan()
		cancel()
	}})
	if err != nil {
		t.Fatal(err)
	}
	if a.Cost > seen.Cost || seen.Cost != Cost(p, plan).Total() {
		t.Errorf("told %d with a plan of %d, kept %d", seen.Cost, Cost(p, plan).Total(), a.Cost)
	}
	if b := Check(p, a.Plan); len(b) > 0 {
		t.Errorf("breach %+v", b[0])
	}
	cancelled, stop := context.WithCancel(context.Background())
	stop()
	if _, err := Solve(cancelled, Generate(County, 1), Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped before a plan: %v", err)
	}
}
