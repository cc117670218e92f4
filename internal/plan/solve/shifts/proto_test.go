package shifts

import (
	"context"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

func TestProto(t *testing.T) {
	secs, _ := strconv.ParseFloat(os.Getenv("SECS"), 64)
	if v := os.Getenv("HOT"); v != "" {
		fmt.Sscan(v, &Hot, &Cold)
	}
	if v := os.Getenv("MIX"); v != "" {
		fmt.Sscan(v, &Mix[0], &Mix[1], &Mix[2], &Mix[3], &Wide, &Narrow)
	}
	for _, name := range strings.Split(os.Getenv("INST"), ",") {
		f, err := os.Open("/work/shared/benchmarks/staff-rostering/Instance" + name + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		p, _, err := Read(f)
		if err != nil {
			t.Fatal(err)
		}
		tab := newTable(&p)
		fmt.Println("inst", name, "classes", tab.classes, "groups", len(tab.groups), "unit", tab.unit)
		s := newState(tab)
		a := newAnnealer(s, 1)
		began := cpu()
		n := 0
		next := 0.1
		var done float64
		a.run(context.Background(), Hot, Cold, 0, func() float64 {
			if n++; n%16 == 0 {
				done = (cpu() - began) / secs
				if done > next && os.Getenv("V") != "" {
					fmt.Printf("  %.2f heat %.2f cost %d short %d best %d/%d moves %d pair %d/%d swap %d/%d\n", done, Hot*pow(Cold/Hot, done), a.cost, a.short, a.best.cost, a.best.short, a.moves, a.pairsDone, a.pairs, a.swDone, a.sw)
					next += 0.1
				}
			}
			return done
		})
		plan := a.best.plan()
		fmt.Println("inst", name, "cost", a.best.cost, Cost(p, plan), Cost(p, plan).Total(), "breaches", len(Check(p, plan)), "moves", a.moves)
		if b := Check(p, plan); len(b) > 0 {
			fmt.Println(b[0])
		}
	}
}
func pow(a, b float64) float64 { return math.Pow(a, b) }

func cpu() float64 {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return float64(u.Utime.Sec+u.Stime.Sec) + float64(u.Utime.Usec+u.Stime.Usec)/1e6
}
