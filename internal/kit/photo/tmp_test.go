package photo_test
import ("testing";"chuangwei/internal/kit/photo";"sort")
func TestTmp(t *testing.T) {
	var a, b, k, o []float64
	per := map[string][2]int{}
	all := spots()
	for i, s := range all {
		x, _ := photo.Likeness(s.before.Sign, s.after.Sign); a = append(a, x)
		x, _ = photo.Likeness(s.before.Sign, s.afternoon.Sign); b = append(b, x)
		for j, q := range all { if i != j { x, _ := photo.Likeness(s.before.Sign, q.after.Sign); if s.kind == q.kind { k = append(k, x); p := per[string(s.kind)]; p[0]++; if x >= .5 {p[1]++}; per[string(s.kind)] = p } else { o = append(o, x) } } }
	}
	for _, th := range []float64{.45,.5,.52,.55,.58,.6,.65} {
		f := func(v []float64) float64 { sort.Float64s(v); return 100*float64(sort.SearchFloat64s(v, th))/float64(len(v)) }
		t.Logf("%.2f fixed below %.1f%% afternoon below %.1f%% samekind above %.1f%% otherkind above %.1f%%", th, f(a), f(b), 100-f(k), 100-f(o))
	}
	t.Log(per)
}
