// Command shifts measures the planning of shifts on the public instances of
// Curtois and Qu: what a plan costs beside its proven bound and beside the
// best value known, how soon there was one, and what it took. It prints one
// row for each instance and seed.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"chuangwei/bench/usage"
	"chuangwei/internal/plan/solve/shifts"
)

// known are the best costs published for the instances on
// schedulingbenchmarks.org and in papers that cite it; those of 21 to 24 are
// not certain. They are a guide: the bound in the table is the proof.
var known = map[int]int64{
	1: 607, 2: 828, 3: 1001, 4: 1716, 5: 1143, 6: 1950, 7: 1056, 8: 1300, 9: 439, 10: 4631, 11: 3443, 12: 4040,
	13: 1348, 14: 1278, 15: 3829, 16: 3225, 17: 5746, 18: 4459, 19: 3149, 20: 4769, 21: 21133, 22: 30240, 23: 16990, 24: 26571,
}

func main() {
	folder := flag.String("folder", "../shared/benchmarks/staff-rostering", "where InstanceN.txt are")
	instances := flag.String("instances", "1,2,3,4,5,6,7,8,10,12,14,15,16,18,21,23", "numbers, with commas")
	seconds := flag.Float64("seconds", 300, "for each search")
	seeds := flag.Int("seeds", 1, "how many searches of each, with seeds 1, 2, …")
	workers := flag.Int("workers", 2, "goroutines of a search")
	verbose := flag.Bool("v", false, "print progress")
	flag.Parse()
	fmt.Printf("%g s, %d workers; known: best published costs\n", *seconds, *workers)
	fmt.Printf("%8s %4s %8s %8s %7s %8s %8s %8s %8s %8s %8s %7s\n",
		"instance", "seed", "cost", "bound", "gap %", "known", "above %", "first s", "best s", "wall s", "cpu s", "peak MB")
	for field := range strings.SplitSeq(*instances, ",") {
		number, err := strconv.Atoi(field)
		if err != nil {
			log.Fatal(err)
		}
		p, err := read(filepath.Join(*folder, fmt.Sprintf("Instance%d.txt", number)))
		if err != nil {
			log.Fatal(err)
		}
		for seed := 1; seed <= *seeds; seed++ {
			o := shifts.Options{Seed: uint64(seed), Workers: *workers}
			if *verbose {
				o.OnProgress = teller()
			}
			if err := measure(number, p, o, time.Duration(*seconds*float64(time.Second))); err != nil {
				log.Fatal(err)
			}
		}
	}
}

func read(name string) (shifts.Problem, error) {
	f, err := os.Open(name)
	if err != nil {
		return shifts.Problem{}, err
	}
	defer f.Close()
	p, _, err := shifts.Read(f)
	return p, err
}

// measure searches once, checks the plan and prints the row.
func measure(number int, p shifts.Problem, o shifts.Options, wall time.Duration) error {
	ctx, cancel := context.WithTimeout(context.Background(), wall)
	defer cancel()
	cpu := usage.CPUSeconds()
	a, err := shifts.Solve(ctx, p, o)
	if err != nil {
		fmt.Printf("%8d %4d %v\n", number, o.Seed, err)
		return nil
	}
	used := usage.CPUSeconds() - cpu
	if b := shifts.Check(p, a.Plan); len(b) > 0 {
		return fmt.Errorf("instance %d: the plan breaks %v", number, b[0])
	}
	if a.Cost != a.Costs.Total() || a.Bound > a.Cost {
		return fmt.Errorf("instance %d: cost %d, counted anew %d, bound %d", number, a.Cost, a.Costs.Total(), a.Bound)
	}
	above := "?"
	if best, ok := known[number]; ok {
		above = fmt.Sprintf("%.2f", 100*(float64(a.Cost)/float64(best)-1))
	}
	fmt.Printf("%8d %4d %8d %8d %7.2f %8d %8s %8.1f %8.1f %8.1f %8.1f %7d\n", number, o.Seed, a.Cost, a.Bound, 100*a.Gap(),
		known[number], above, a.First.Seconds(), a.Last.Seconds(), a.Elapsed.Seconds(), used, usage.PeakMB())
	return nil
}

// teller prints progress every few seconds.
func teller() func(shifts.Progress) {
	next := time.Duration(0)
	return func(g shifts.Progress) {
		if g.Elapsed >= next {
			next = g.Elapsed + 5*time.Second
			fmt.Fprintf(os.Stderr, "  %6.1f s: cost %d, found %v, bound %d\n", g.Elapsed.Seconds(), g.Cost, g.Found, g.Bound)
		}
	}
}
