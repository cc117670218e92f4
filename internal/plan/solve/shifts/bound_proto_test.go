package shifts

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
)

var best = map[string]float64{"1": 607, "2": 828, "3": 1001, "4": 1716, "5": 1143, "6": 1950, "7": 1056, "8": 1300, "10": 4631, "11": 3443, "12": 4040, "14": 1278, "15": 3829, "16": 3225, "18": 4459, "21": 21133, "23": 16990}

func TestBoundProto(t *testing.T) {
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
		a.run(context.Background(), 30, 5, 0, func() float64 { n++; return float64(n) / 300 })
		fmt.Printf("inst %s start %d %.1fs\n", name, a.best.cost, cpu()-began)
		all := make([]int, tab.people)
		for i := range all {
			all[i] = i
		}
		st := a.best.clone()
		b := newRegion(st, all, span{0, tab.days}, 1)
		m := newMaster(b)
		last := cpu()
		round := 0
		b.generate(context.Background(), m, 1000, func() {
			round++
			if cpu()-last > 2 {
				last = cpu()
				fmt.Printf("inst %s round %d: %d (%.2f%%) lp %.1f cols %d %.1fs\n", name, round, b.best/grain, 100*(1-float64(b.best/grain)/best[name]), m.value(), len(m.columns), cpu()-began)
			}
		})
		inv, cnt := 0, 0
		for i := range tab.people {
			if b.days[i*tab.days] == invalid {
				inv++
			}
			cnt += len(b.counted[i])
		}
		frac := 0
		for r, v := range m.basis {
			if v >= 0 && m.x[r] > 0.999 {
				frac++
			}
		}
		fmt.Printf("inst %s end: %d (%.2f%%) lp %.1f cols %d %.1fs invalid %d counted %d whole %d/%d rounds %d\n", name, b.best/grain, 100*(1-float64(b.best/grain)/best[name]), m.value(), len(m.columns), cpu()-began, inv, cnt, frac, tab.people, round)
		days := b.dive(context.Background(), m, 3)
		b.lay(days)
		plan := st.plan()
		fmt.Printf("inst %s dive: %d (%.2f%%) check %d short %d breaches %d %.1fs\n", name, st.cost, 100*(float64(st.cost)/best[name]-1), Cost(p, plan).Total(), st.short, len(Check(p, plan)), cpu()-began)
	}
}
