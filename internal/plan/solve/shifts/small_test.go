package shifts

import (
	"context"
	"errors"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

// small invents a problem that all plans of can be looked at. Some have none.
func small(seed uint64) Problem {
	r := rand.New(rand.NewPCG(seed, 7))
	p := Problem{Days: 6 + r.IntN(3), Shifts: make([]Shift, 1+r.IntN(2))}
	for s := range p.Shifts {
		p.Shifts[s].Minutes = 120 * (3 + r.IntN(4))
		if s > 0 && r.IntN(2) == 0 {
			p.Shifts[s].NotAfter = []int{s - 1}
		}
	}
	for range 2 {
		p.People = append(p.People, smallPerson(r, p))
	}
	for range p.Days {
		var row []Cover
		for range p.Shifts {
			row = append(row, Cover{r.IntN(3), r.IntN(3) * 10, r.IntN(3)})
		}
		p.Cover = append(p.Cover, row)
	}
	return p
}

func smallPerson(r *rand.Rand, p Problem) Person {
	person := Person{
		MinMinutes: 360 * r.IntN(6), MaxRun: 1 + r.IntN(5), MinRun: 1 + r.IntN(2), MinOff: 1 + r.IntN(3), MaxWeekends: r.IntN(2),
	}
	person.MaxMinutes = person.MinMinutes + 240*r.IntN(8)
	for range p.Shifts {
		person.Most = append(person.Most, r.IntN(p.Days))
	}
	if r.IntN(2) == 0 {
		person.DaysOff = []int{r.IntN(p.Days)}
	}
	for range r.IntN(5) {
		person.Wishes = append(person.Wishes, Wish{r.IntN(p.Days), r.IntN(len(p.Shifts)), r.IntN(9) - 4})
	}
	return person
}

// allRows returns all that a person may do, by trying everything.
func allRows(p Problem, i int) [][]int {
	alone := p
	alone.People = p.People[i : i+1]
	row := make([]int, p.Days)
	var rows [][]int
	var day func(d int)
	day = func(d int) {
		if d == p.Days {
			if len(Check(alone, Plan{row})) == 0 {
				rows = append(rows, append([]int(nil), row...))
			}
			return
		}
		for s := Off; s < len(p.Shifts); s++ {
			row[d] = s
			day(d + 1)
		}
	}
	day(0)
	return rows
}

// optimum looks at every plan of two people.
func optimum(p Problem) (cost int64, found bool) {
	first, second := allRows(p, 0), allRows(p, 1)
	const mostPairs = 200_000
	if len(first)*len(second) > mostPairs {
		return -1, true
	}
	for _, x := range first {
		for _, y := range second {
			if c := Cost(p, Plan{x, y}).Total(); !found || c < cost {
				cost, found = c, true
			}
		}
	}
	return cost, found
}

func TestSmallProblemsAgreeWithLookingAtEveryPlan(t *testing.T) {
	const problems = 60
	planned, looked, best, tight := 0, 0, 0, 0
	for seed := range uint64(problems) {
		p := small(seed)
		cost, found := optimum(p)
		a, err := Solve(context.Background(), p, Options{Seed: seed, Rounds: 24, Workers: 1 + int(seed%2)})
		if (err == nil) != found || err != nil && !errors.Is(err, ErrNoPlan) {
			t.Errorf("seed %d: a plan exists: %v, but %v", seed, found, err)
			continue
		}
		if !found {
			continue
		}
		planned++
		if b := Check(p, a.Plan); len(b) > 0 {
			t.Errorf("seed %d: breach %v", seed, b[0])
		}
		if a.Cost != Cost(p, a.Plan).Total() || a.Bound > a.Cost {
			t.Errorf("seed %d: cost %d, counted anew %d, bound %d", seed, a.Cost, Cost(p, a.Plan).Total(), a.Bound)
		}
		if cost < 0 {
			continue
		}
		looked++
		if a.Bound > cost || a.Cost < cost {
			t.Errorf("seed %d: bound %d, best possible %d, found %d", seed, a.Bound, cost, a.Cost)
		}
		if a.Cost == cost {
			best++
		}
		if a.Bound == cost {
			tight++
		}
	}
	if planned < problems/10 || planned > problems*95/100 || looked < planned/2 {
		t.Errorf("%d of %d have a plan, %d with every plan looked at: the problems prove little", planned, problems, looked)
	}
	if best < looked*95/100 || tight < looked*9/10 {
		t.Errorf("of %d, %d are the best possible, %d bounds are exact", looked, best, tight)
	}
	t.Logf("%d planned, %d looked at, %d the best possible, %d bounds exact", planned, looked, best, tight)
}

// TestCheapestAgreesWithTryingEverything: whatever a person may do, the
// dynamic program finds what costs least, with all limits and in gaps.
func TestCheapestAgreesWithTryingEverything(t *testing.T) {
	compared := 0
	for seed := range uint64(120) {
		p := small(seed)
		table := newTable(&p)
		r := rand.New(rand.NewPCG(seed, 8))
		priced := priced{minutes: true}
		for range p.Days * len(p.Shifts) {
			priced.shift = append(priced.shift, int64(r.IntN(41)-20))
		}
		for s := range p.Shifts {
			priced.counted = append(priced.counted, int16(s))
		}
		rows := allRows(p, 0)
		if seed%3 == 0 { // as a dive decides a day
			priced.forced = slices.Repeat([]int16{free}, p.Days)
			priced.forced[r.IntN(p.Days)] = int16(r.IntN(len(p.Shifts)+1) - 1)
		}
		least := int64(never)
		for _, row := range rows {
			if agrees(row, priced.forced) {
				least = min(least, costOf(priced.shift, row, len(p.Shifts)))
			}
		}
		g := newState(table).gap(0, span{0, p.Days})
		c := &cheapest{table: table}
		if got := c.find(&g, &priced); got != least {
			t.Errorf("seed %d: cheapest %d, trying everything %d", seed, got, least)
		}
		if len(rows) > 0 {
			priced.forced = nil
			compared += compareGap(t, p, table, rows, priced, r)
		}
	}
	if compared < 50 {
		t.Errorf("only %d gaps compared", compared)
	}
}

func agrees(row []int, forced []int16) bool {
	for d, s := range forced {
		if s != free && int(s) != row[d] {
			return false
		}
	}
	return true
}

func costOf(prices []int64, row []int, shifts int) int64 {
	cost := int64(0)
	for d, s := range row {
		if s != Off {
			cost += prices[d*shifts+s]
		}
	}
	return cost
}

// compareGap keeps one of a person's rows but for a span.
func compareGap(t *testing.T, p Problem, table *table, rows [][]int, prices priced, r *rand.Rand) int {
	t.Helper()
	kept := rows[r.IntN(len(rows))]
	from := r.IntN(p.Days)
	at := span{from, from + 1 + r.IntN(p.Days-from)}
	s := newState(table)
	s.put(0, []span{{0, p.Days}}, narrow(kept))
	least := int64(never)
	for _, row := range rows {
		same := true
		for d := range row {
			same = same && (d >= at.from && d < at.to || row[d] == kept[d])
		}
		if same {
			least = min(least, costOf(prices.shift, row[:at.to], len(p.Shifts))-costOf(prices.shift, row[:at.from], len(p.Shifts)))
		}
	}
	g := s.gap(0, at)
	prices.shift = prices.shift[at.from*len(p.Shifts):]
	prices.counted = nil
	for k := range p.Shifts {
		prices.counted = append(prices.counted, int16(k))
	}
	if got := (&cheapest{table: table}).find(&g, &prices); got != least {
		t.Errorf("days %v of %v: cheapest %d, trying everything %d", at, kept, got, least)
	}
	return 1
}

func narrow(row []int) []int16 {
	days := make([]int16, len(row))
	for d, s := range row {
		days[d] = int16(s)
	}
	return days
}

// town invents a middling problem.
func town(seed uint64, people, days int) Problem {
	r := rand.New(rand.NewPCG(seed, 9))
	p := Problem{Days: days, Shifts: []Shift{{Minutes: 480}, {Minutes: 480, NotAfter: []int{0}}, {Minutes: 600, NotAfter: []int{0, 1}}}}
	for range people {
		person := Person{
			Most: []int{days, days, days / 7}, MinMinutes: 480 * days * 8 / 14, MaxMinutes: 480 * days * 9 / 14,
			MaxRun: 5, MinRun: 2, MinOff: 2, MaxWeekends: days / 14, DaysOff: []int{r.IntN(days)},
		}
		if r.IntN(3) == 0 {
			person.Most[r.IntN(2)] = 0
		}
		for range days / 3 {
			person.Wishes = append(person.Wishes, Wish{r.IntN(days), r.IntN(3), r.IntN(7) - 3})
		}
		p.People = append(p.People, person)
	}
	for range days {
		p.Cover = append(p.Cover, []Cover{{people / 4, 100, 1}, {people / 5, 100, 1}, {people / 10, 100, 1}})
	}
	return p
}

func TestSameSeedSamePlan(t *testing.T) {
	for workers := 1; workers <= 2; workers++ {
		if a := sameTwice(t, town(1, 6, 21), Options{Seed: 3, Rounds: 16, Workers: workers}); a.Bound == 0 {
			t.Errorf("%d workers: no bound", workers)
		}
	}
	long := town(5, 3, 267)
	if !newTable(&long).large() {
		t.Error("no problem with tiles is tried")
	}
	sameTwice(t, long, Options{Seed: 4, Rounds: 12, Workers: 2})
}

func sameTwice(t *testing.T, p Problem, o Options) Answer {
	t.Helper()
	a, err := Solve(context.Background(), p, o)
	if err != nil {
		t.Fatal(err)
	}
	b, err := Solve(context.Background(), p, o)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(a.Plan, b.Plan) || a.Bound != b.Bound {
		t.Errorf("%d workers: costs %d and %d, bounds %d and %d", o.Workers, a.Cost, b.Cost, a.Bound, b.Bound)
	}
	if bad := Check(p, a.Plan); len(bad) > 0 || a.Bound > a.Cost {
		t.Errorf("%d workers: cost %d, bound %d, breaches %v", o.Workers, a.Cost, a.Bound, bad)
	}
	return a
}

// TestWorkersTogetherKeepCount: what annealers do to their parts of one plan
// adds up to what is counted anew.
func TestWorkersTogetherKeepCount(t *testing.T) {
	p := town(4, 7, 63)
	for workers := 1; workers <= 9; workers++ {
		h := newHunt(context.Background(), newTable(&p), Options{Rounds: 6, Workers: workers})
		h.cool(h.best.clone(), 0, 1, hot)
		anew := newState(h.best.table)
		for i := range p.People {
			anew.put(i, []span{{0, p.Days}}, h.best.row(i))
		}
		if !reflect.DeepEqual(anew, h.best) {
			t.Errorf("%d workers: cost %d and %d units short, counted anew %d and %d", workers, h.best.cost, h.best.short, anew.cost, anew.short)
		}
		if h.best.cost == anew.constant {
			t.Errorf("%d workers: nothing changed", workers)
		}
	}
}

func TestStopKeepsTheBestSoFar(t *testing.T) {
	p := town(2, 20, 28)
	ctx, cancel := context.WithCancel(context.Background())
	var seen Progress
	var plan Plan
	a, err := Solve(ctx, p, Options{Rounds: 1 << 30, Workers: 2, OnProgress: func(g Progress) {
		if g.Found {
			seen, plan = g, g.Plan()
			cancel()
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	if a.Cost > seen.Cost || seen.Cost != Cost(p, plan).Total() {
		t.Errorf("told %d with a plan of %d, kept %d", seen.Cost, Cost(p, plan).Total(), a.Cost)
	}
	if b := Check(p, a.Plan); len(b) > 0 {
		t.Errorf("breach %v", b[0])
	}
	cancelled, stop := context.WithCancel(context.Background())
	stop()
	if _, err := Solve(cancelled, p, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped before a plan: %v", err)
	}
}

// TestWideBoundStaysBelow forces the bound for large problems on small ones,
// whose other bound is known.
func TestWideBoundStaysBelow(t *testing.T) {
	for seed := range uint64(25) {
		p := small(seed)
		cost, found := optimum(p)
		if !found || cost < 0 {
			continue
		}
		h := newHunt(context.Background(), newTable(&p), Options{Rounds: 40, Workers: 2})
		h.cool(h.best.clone(), 0, cooled, hot)
		if h.best.short > 0 {
			t.Errorf("seed %d: %d units short", seed, h.best.short)
			continue
		}
		hoods := []*hood{newHood(h.best.clone(), h.random(0, 1)), newHood(h.best.clone(), h.random(1, 1))}
		h.raiseLarge(h.tile(hoods), 1)
		if h.bound > cost {
			t.Errorf("seed %d: bound %d, best possible %d", seed, h.bound, cost)
		}
	}
}
