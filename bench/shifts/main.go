// Command shifts measures the planning of shifts on the public instances of
// Curtois and Qu: what a plan costs beside its proven bound and beside the
// best value known, how soon there was one, and what it took. It prints one
// row for each instance and seed. With an aim, a search ends as soon as its
// plan is that near the best value known, and the row says what that took.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"math"
	"os"
	"path/filepath"
	"runtime/debug"
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

// aims are how many per cent above the best known a plan should get.
var aims = map[int]float64{
	1: 1, 2: 1, 3: 1, 4: 1, 5: 1, 6: 1, 7: 1, 8: 1, 10: 1, 12: 1, 14: 1, 16: 1,
	15: 5, 18: 5, 21: 5, 23: 5,
}

func main() {
	folder := flag.String("folder", "../shared/benchmarks/staff-rostering", "where InstanceN.txt are")
	instances := flag.String("instances", "1,2,3,4,5,6,7,8,10,12,14,15,16,18,21,23", "numbers, with commas")
	seconds := flag.Float64("seconds", 300, "for each search")
	seeds := flag.Int("seeds", 1, "how many searches of each, from the first seed on")
	first := flag.Int("first", 1, "the first seed")
	workers := flag.Int("workers", 2, "goroutines of a search")
	verbose := flag.Bool("v", false, "print progress")
	percent := flag.Float64("aim", 0, "end a search as soon as its plan costs at most so many per cent above the best known; 0: never")
	untilAim := flag.Bool("untilaim", false, "the same with the aim of each instance: 1 %, or 5 % for 15, 18, 21 and 23")
	flag.Parse()
	heading(*seconds, *workers, *percent > 0 || *untilAim)
	for field := range strings.SplitSeq(*instances, ",") {
		number, err := strconv.Atoi(field)
		if err != nil {
			log.Fatal(err)
		}
		p, err := read(filepath.Join(*folder, fmt.Sprintf("Instance%d.txt", number)))
		if err != nil {
			log.Fatal(err)
		}
		a := aim{percent: *percent}
		if *untilAim {
			a.percent = aims[number]
		}
		a.cost = int64(math.Floor(float64(known[number]) * (1 + a.percent/100)))
		for seed := *first; seed < *first+*seeds; seed++ {
			o := shifts.Options{Seed: uint64(seed), Workers: *workers}
			if *verbose {
				o.OnProgress = teller()
			}
			if err := measure(number, p, o, a, time.Duration(*seconds*float64(time.Second))); err != nil {
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

// heading says what the columns mean that do not say it themselves.
func heading(seconds float64, workers int, aimed bool) {
	fmt.Printf("%g s, %d workers; known: best published costs; peak MB: %s\n", seconds, workers, peakOf())
	if aimed {
		fmt.Println("a search ends when it meets its aim: wall s and cpu s are what that took; missed: all its time was not enough")
	}
	fmt.Printf("%8s %4s %8s %8s %7s %8s %8s %8s %8s %8s %8s %7s %6s %7s\n",
		"instance", "seed", "cost", "bound", "gap %", "known", "above %", "first s", "best s", "wall s", "cpu s", "peak MB", "aim %", "ended")
}

// aim is a cost at which a search may end.
type aim struct {
	percent float64 // above the best known; 0: there is no aim
	cost    int64
}

// ended says why a search did.
func (a aim) ended(found shifts.Answer) string {
	switch {
	case found.Cost == found.Bound:
		return "proven"
	case a.percent == 0:
		return "time"
	case found.Cost <= a.cost:
		return "met"
	}
	return "missed"
}

// watch ends a search by its progress, which is told to the next too.
func (a aim) watch(end func(), next func(shifts.Progress)) func(shifts.Progress) {
	return func(g shifts.Progress) {
		if a.percent > 0 && g.Found && g.Cost <= a.cost {
			end()
		}
		if next != nil {
			next(g)
		}
	}
}

// measure searches once, checks the plan and prints the row.
func measure(number int, p shifts.Problem, o shifts.Options, to aim, wall time.Duration) error {
	ctx, cancel := context.WithTimeout(context.Background(), wall)
	defer cancel()
	o.OnProgress = to.watch(cancel, o.OnProgress)
	forgetPeak()
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
	fmt.Printf("%8d %4d %8d %8d %7.2f %8d %8s %8.1f %8.1f %8.1f %8.1f %7d %6g %7s\n", number, o.Seed, a.Cost, a.Bound, 100*a.Gap(),
		known[number], above, a.First.Seconds(), a.Last.Seconds(), a.Elapsed.Seconds(), used, usage.PeakMB(), to.percent, to.ended(a))
	return nil
}

// forgetPeak gives back what the search before left and starts the peak of the
// memory anew (man 5 proc, clear_refs). It says whether the system lets it.
func forgetPeak() bool {
	debug.FreeOSMemory()
	return os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) == nil
}

// peakOf says what peaks are of.
func peakOf() string {
	if forgetPeak() {
		return "of each search"
	}
	return "of the process so far"
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
