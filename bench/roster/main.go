// Command roster measures the planning of squads: how good a plan is beside
// its proven bound, how soon there is one, and what a repair costs. It prints
// one row for each seed and the median and the worst of them.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"slices"
	"strconv"
	"time"

	"chuangwei/bench/usage"
	"chuangwei/internal/plan/solve/squads"
)

func main() {
	size := flag.String("size", "county", "county or prefecture")
	seeds := flag.Int("seeds", 10, "how many problems that have a plan, from the first seed on")
	first := flag.Int("first", 1, "the first seed")
	seconds := flag.Float64("seconds", 30, "for each search")
	workers := flag.Int("workers", 2, "goroutines of a search")
	stopAfter := flag.Duration("stop", 0, "ask each search to end after so long, as somebody does who has seen enough; 0: never")
	flag.Parse()
	sizes := map[string]squads.Size{"county": squads.County, "prefecture": squads.Prefecture}
	s, ok := sizes[*size]
	if !ok {
		log.Fatalf("size %q is neither county nor prefecture", *size)
	}
	fmt.Printf("%s: %d people, %d units, %d areas, %d days; %g s, %d workers\n", *size, s.People, s.Units, s.Areas, s.Days, *seconds, *workers)
	var rows [][]float64
	fmt.Println(heading())
	for seed := *first; len(rows) < *seeds; seed++ {
		row, err := measure(s, time.Duration(*seconds*float64(time.Second)), *stopAfter, squads.Options{Seed: uint64(seed), Workers: *workers})
		if errors.Is(err, squads.ErrNoPlan) {
			fmt.Printf("%-7d%s\n", seed, impossible(squads.Generate(s, uint64(seed))))
			continue
		}
		if err != nil {
			log.Fatalf("seed %d: %v", seed, err)
		}
		fmt.Println(line(strconv.Itoa(seed), row))
		rows = append(rows, row)
	}
	fmt.Println(line("median", each(rows, func(x []float64) float64 { return x[len(x)/2] })))
	fmt.Println(line("worst", each(rows, func(x []float64) float64 { return x[len(x)-1] })))
	fmt.Printf("peak memory %d MB\n", usage.PeakMB())
}

// impossible says why a problem without a plan has none: invented counties may
// ask for more than their people may do.
func impossible(p squads.Problem) string {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	c, ok, err := squads.Explain(ctx, p)
	switch {
	case err != nil:
		return "no plan found, and no reason: " + err.Error()
	case !ok:
		return "no plan found at first, though one exists"
	case !c.Proven:
		return fmt.Sprintf("no plan found, %d seats left open; whether there is one is not known", c.Short)
	}
	return fmt.Sprintf("impossible: %d people short; left out of the table", c.Short)
}

// columns of a row; in each, more is worse.
var columns = []string{"seats", "cost", "bound", "gap %", "first s", "last s", "wall s", "cpu s", "replan s", "must %", "changed %"}

// measure searches one problem, checks the plan, and repairs it after three
// leaves and a new squad.
func measure(size squads.Size, wall, stopAfter time.Duration, o squads.Options) ([]float64, error) {
	p := squads.Generate(size, o.Seed)
	ctx, cancel := context.WithTimeout(context.Background(), wall)
	defer cancel()
	if stopAfter > 0 {
		end := make(chan struct{})
		o.End = end
		defer time.AfterFunc(stopAfter, func() { close(end) }).Stop()
	}
	cpu, began := usage.CPUSeconds(), time.Now()
	a, err := squads.Solve(ctx, p, o)
	if err != nil {
		return nil, err
	}
	took, used := time.Since(began).Seconds(), usage.CPUSeconds()-cpu
	if b := squads.Check(p, a.Plan); len(b) > 0 {
		return nil, fmt.Errorf("the plan breaks %+v", b[0])
	}
	seats := count(a.Plan)
	must, from := disturb(&p, a.Plan)
	began = time.Now()
	repaired, err := squads.Replan(context.Background(), p, a.Plan, from, squads.Options{Seed: o.Seed})
	if err != nil {
		return nil, fmt.Errorf("replan: %w", err)
	}
	again := time.Since(began).Seconds()
	if b := squads.Check(p, repaired.Plan); len(b) > 0 {
		return nil, fmt.Errorf("the repaired plan breaks %+v", b[0])
	}
	_, come := squads.Changed(a.Plan, repaired.Plan)
	share := func(n int) float64 { return 100 * float64(n) / float64(seats) }
	return []float64{
		float64(seats), float64(a.Cost), float64(a.Bound), 100 * a.Gap(), a.First.Seconds(),
		a.Last.Seconds(), took, used, again, share(must), share(len(come)),
	}, nil
}

// disturb sends three people on leave for ten days from a third of the plan
// on, and asks for one more squad of six. It returns how many seats need
// somebody new whatever is done.
func disturb(p *squads.Problem, plan squads.Plan) (must, from int) {
	from = p.Days / 3
	for _, i := range []int{len(p.People) / 7, len(p.People) / 3, len(p.People) / 2} {
		for d := from; d < min(p.Days, from+10); d++ {
			p.People[i].Off = append(p.People[i].Off, d)
		}
		for n, people := range plan.Seats {
			if day := p.Needs[n].Day; day >= from && day < from+10 && slices.Contains(people, i) {
				must++
			}
		}
	}
	p.Needs = append(p.Needs, squads.Need{Area: 0, Day: from + 2, Shift: 0, Size: 6, MostOfUnit: 2})
	return must + 6, from
}

func count(p squads.Plan) int {
	seats := 0
	for _, people := range p.Seats {
		seats += len(people)
	}
	return seats
}

func heading() string {
	out := fmt.Sprintf("%-7s", "seed")
	for _, c := range columns {
		out += fmt.Sprintf("%10s", c)
	}
	return out
}

func line(name string, row []float64) string {
	out := fmt.Sprintf("%-7s", name)
	for k, x := range row {
		digits := 2
		if k < 3 {
			digits = 0
		}
		out += fmt.Sprintf("%10.*f", digits, x)
	}
	return out
}

// each applies f to every column, sorted.
func each(rows [][]float64, f func([]float64) float64) []float64 {
	var out []float64
	for k := range columns {
		var column []float64
		for _, row := range rows {
			column = append(column, row[k])
		}
		slices.Sort(column)
		out = append(out, f(column))
	}
	return out
}
