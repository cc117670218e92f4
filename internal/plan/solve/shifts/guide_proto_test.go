package shifts

import (
	"context"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
)

func TestGuideProto(t *testing.T) {
	secs, _ := strconv.ParseFloat(os.Getenv("SECS"), 64)
	hot, cold, w0, part := 3.0, 0.5, 0.02, 0.7
	if v := os.Getenv("G"); v != "" {
		fmt.Sscan(v, &hot, &cold, &w0, &part)
	}
	if v := os.Getenv("MIX"); v != "" {
		fmt.Sscan(v, &Mix[0], &Mix[1], &Mix[2], &Mix[3], &Wide, &Narrow)
	}
	for _, name := range strings.Split(os.Getenv("INST"), ",") {
		f, _ := os.Open("/work/shared/benchmarks/staff-rostering/Instance" + name + ".txt")
		p, _, err := Read(f)
		if err != nil {
			t.Fatal(err)
		}
		tab := newTable(&p)
		file := "/tmp/duals" + name
		guide := make([]float64, tab.days*tab.shifts)
		s := newState(tab)
		a := newAnnealer(s, 1)
		n := 0
		a.run(context.Background(), 30, 0.5, 0, func() float64 { n++; return float64(n) / 1000 })
		if text, err := os.ReadFile(file); err == nil {
			for k, x := range strings.Fields(string(text)) {
				guide[k], _ = strconv.ParseFloat(x, 64)
			}
		} else {
			st := a.best.clone()
			all := make([]int, tab.people)
			for i := range all {
				all[i] = i
			}
			b := newRegion(st, all, span{0, tab.days}, 1)
			m := newMaster(b)
			b.generate(context.Background(), m, 1000, nil)
			copy(guide, b.center)
			var out strings.Builder
			for _, x := range guide {
				fmt.Fprintln(&out, x)
			}
			os.WriteFile(file, []byte(out.String()), 0o600)
			fmt.Println("bound", b.best/grain)
		}
		began := cpu()
		a.guide = guide
		next := 0.2
		for done := 0.0; done < 1; done = (cpu() - began) / secs {
			a.firm = min(1, w0*math.Pow(1/w0, done/part))
			heat := hot * math.Pow(cold/hot, done)
			for range 10 {
				a.step(heat)
			}
			if done > next && os.Getenv("V") != "" {
				next += 0.1
				fmt.Printf("  %.2f heat %.2f firm %.2f cost %d best %d/%d\n", done, heat, a.firm, a.cost, a.best.cost, a.best.short)
			}
		}
		plan := a.best.plan()
		fmt.Printf("inst %s [%s] guided: %d (%.2f%%) %+v breaches %d\n", name, os.Getenv("G"), a.best.cost, 100*(float64(a.best.cost)/best[name]-1), Cost(p, plan), len(Check(p, plan)))
	}
}
