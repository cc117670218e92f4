package shifts

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
)

func TestLnsProto(t *testing.T) {
	secs, _ := strconv.ParseFloat(os.Getenv("SECS"), 64)
	for _, name := range strings.Split(os.Getenv("INST"), ",") {
		f, _ := os.Open("/work/shared/benchmarks/staff-rostering/Instance" + name + ".txt")
		p, _, err := Read(f)
		if err != nil {
			t.Fatal(err)
		}
		tab := newTable(&p)
		began := cpu()
		s := newState(tab)
		a := newAnnealer(s, 1)
		n := 0
		start := cpu()
		a.run(context.Background(), 30, 0.5, 0, func() float64 { n++; return (cpu() - start) / 10 })
		st := a.best.clone()
		fmt.Printf("inst %s sa: %d %.1fs\n", name, st.cost, cpu()-began)
		ctx := context.Background()
		keep := st.clone()
		lb := int64(0)
		began = cpu()
		type stat struct {
			tries, proven, pruned, won int
			gain                       int64
			secs                       float64
		}
		stats := map[string]*stat{}
		shapes := [][2]int{}
		for _, x := range strings.Fields(os.Getenv("SHAPES")) {
			var k, l int
			fmt.Sscanf(x, "%dx%d", &k, &l)
			shapes = append(shapes, [2]int{min(k, tab.people), min(l, tab.days)})
		}
		random := rand.New(rand.NewPCG(1, 2))
		next := cpu() + 5
		tries, proven, won := 0, 0, 0
		for cpu()-began < secs && st.cost > lb {
			sh := shapes[random.IntN(len(shapes))]
			ps := random.Perm(tab.people)[:sh[0]]
			from := random.IntN(tab.days - sh[1] + 1)
			key := fmt.Sprint(sh)
			if stats[key] == nil {
				stats[key] = &stat{}
			}
			z := stats[key]
			t0 := cpu()
			z.tries++
			keep.copyFrom(st)
			r := newRegion(st, ps, span{from, from + sh[1]}, 1)
			m := newMaster(r)
			tries++
			r.stop = st.cost - 1
			r.generate(ctx, m, 60, nil)
			if (r.best+grain-1)/grain >= st.cost {
				proven++
				z.proven++
				z.secs += cpu() - t0
				continue
			}
			days := r.dive(ctx, m, 3)
			if days == nil {
				z.pruned++
			}
			r.lay(days)
			z.secs += cpu() - t0
			if st.cost < keep.cost {
				z.won++
				z.gain += keep.cost - st.cost
			}
			if st.cost < keep.cost {
				won++
			}
			if st.cost > keep.cost || st.short > keep.short {
				st.copyFrom(keep)
			}
			if cpu() > next {
				next = cpu() + 5
				fmt.Printf("inst %s lns: %d %.1fs tries %d proven %d won %d\n", name, st.cost, cpu()-began, tries, proven, won)
			}
		}
		for k, z := range stats {
			fmt.Printf("   shape %s %+v gain/s %.1f\n", k, *z, float64(z.gain)/z.secs)
		}
		plan := st.plan()
		fmt.Printf("inst %s end: %d (%.2f%%) bound %d (%.2f%%) check %d breaches %d %.1fs tries %d proven %d won %d\n", name, st.cost, 100*(float64(st.cost)/best[name]-1), lb, 100*(1-float64(lb)/float64(st.cost)), Cost(p, plan).Total(), len(Check(p, plan)), cpu()-began, tries, proven, won)
	}
}
