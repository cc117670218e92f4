package outlook

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"chuangwei/internal/campaign/assess/sample"
	"chuangwei/internal/register/standard/pack"
	"chuangwei/internal/register/standard/score"

	"pgregory.net/rapid"
)

// town is 40 roads, of which each was looked at so many days ago.
func town(age float64, known int) Problem {
	p := Problem{Lines: []Line{{ID: "road", Own: 50, Points: 50, Each: 0.2, Most: 50, PlaceMost: 2, Kinds: []string{"road"}}}, Wants: []sample.Want{{Kind: "road", N: 12}},
		Rates: map[At]Rate{{"road", "road"}: {Found: 20 * Weight(max(0, age)), Looks: 10 * Weight(max(0, age))}}, Strict: Strict{40, 40}, Unsure: [2]float64{2, 3}, Seed: 7}
	for n := range 40 {
		p.Spots = append(p.Spots, Spot{Place: sample.Place{ID: fmt.Sprint(n), Kind: "road", Area: "a"}, Age: age, Known: map[string]int{"road": known}})
	}
	return p
}

func TestWhatIsKnownToBeOpenIsExpectedToBeFound(t *testing.T) {
	clean, dirty := town(0, 0).Run(), town(0, 3).Run()
	if clean.Total.Expected < 49.99 {
		t.Errorf("nothing is open and somebody has just looked: %+v", clean.Total)
	}
	// 12 roads × 3 breaches × 0.2 = 7.2
	if lost := 50 - dirty.Total.Expected; math.Abs(lost-7.2) > 0.4 || dirty.Lines["road"].Known != 36 || dirty.Lines["road"].Places != 12 {
		t.Errorf("%.2f lost, %+v", lost, dirty.Lines["road"])
	}
}

func TestStaleLooksWidenTheRangeAndLowerWhatIsExpected(t *testing.T) {
	fresh, old, never := town(3, 0).Run(), town(60, 0).Run(), town(-1, 0).Run()
	width := func(o Outlook) float64 { return o.Total.High - o.Total.Low }
	if !(width(fresh) < width(old)) || !(fresh.Total.Expected > old.Total.Expected) {
		t.Errorf("after 3 days %+v, after 60 %+v", fresh.Total, old.Total)
	}
	if never.Total.Expected >= fresh.Total.Expected {
		t.Errorf("never looked at: %+v", never.Total)
	}
}

func TestMoreLooksNarrowTheRange(t *testing.T) {
	few, many := town(60, 0), town(60, 0)
	few.Rates[At{"road", "road"}], many.Rates[At{"road", "road"}] = Rate{4, 2}, Rate{200, 100}
	a, b := few.Run().Total, many.Run().Total
	if b.High-b.Low >= a.High-a.Low {
		t.Errorf("2 looks: %+v, 100 looks: %+v", a, b)
	}
}

func TestStricterExpertsFindMore(t *testing.T) {
	mild, strict := town(10, 2), town(10, 2)
	strict.Strict = Strict{80, 40}
	a, b := 50-mild.Run().Total.Expected, 50-strict.Run().Total.Expected
	if math.Abs(b/a-2) > 0.15 {
		t.Errorf("twice as strict loses %.2f instead of %.2f", b, a)
	}
}

func TestWhatExpertsFoundIsNotMultipliedByTheirStrictness(t *testing.T) {
	p := town(0, 0)
	p.Strict = Strict{80, 40}
	for i := range p.Spots {
		p.Spots[i].Found = map[string]int{"road": 3}
	}
	if lost := 50 - p.Run().Total.Expected; math.Abs(lost-7.2) > 0.4 {
		t.Errorf("%.2f lost", lost)
	}
}

func BenchmarkAnEstimateOfACounty(b *testing.B) {
	p := town(10, 1)
	for n := range 30 {
		l := p.Lines[0]
		l.ID = fmt.Sprint("line", n)
		p.Lines = append(p.Lines, l)
	}
	p.Wants[0].N = 40
	for b.Loop() {
		p.Run()
	}
}

func TestUnknownPapersAreUncertainTogether(t *testing.T) {
	papers := func(p Paper) Problem {
		l := Line{ID: "p", Own: 100, Points: 100, Each: 5, Most: 100}
		for range 20 {
			l.Papers = append(l.Papers, p)
		}
		return Problem{Lines: []Line{l}, Strict: Strict{1, 1}, Unsure: [2]float64{2, 3}, Pass: 50, Seed: 3}
	}
	unknown, known := papers(Paper{}).Run(), papers(Paper{Missing: 0.4, Trust: 1}).Run()
	if math.Abs(unknown.Total.Expected-known.Total.Expected) > 3 || unknown.Total.High-unknown.Total.Low < 2*(known.Total.High-known.Total.Low) {
		t.Errorf("unknown %+v, known %+v", unknown.Total, known.Total)
	}
	if known.Chance < 0.6 || known.Chance > 0.95 {
		t.Errorf("chance %.2f", known.Chance)
	}
}

func TestTheSameSeedGivesTheSame(t *testing.T) {
	if a, b := town(9, 1).Run().Total, town(9, 1).Run().Total; a != b {
		t.Errorf("%+v %+v", a, b)
	}
}

// TestLossesAreCountedAsTheSheetCountsThem holds the estimate's arithmetic
// against package score, for any breaches at any places.
func TestLossesAreCountedAsTheSheetCountsThem(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		milli := func(name string, least, most int64) score.Milli {
			return score.Milli(rapid.Int64Range(least, most).Draw(t, name))
		}
		s := pack.Score{ID: "l", Item: "i", Style: pack.Finding, Points: milli("points", 1000, 50_000), Each: milli("each", 100, 3000), PlaceCap: milli("place", 0, 4000), Places: []string{"road"}}
		s.Cap = milli("cap", 0, int64(s.Points))
		p := &pack.Pack{ID: "x", Chapters: []pack.Chapter{{ID: "1"}}, Items: []pack.Item{{ID: "i", Chapter: "1"}}, Scores: []pack.Score{s}}
		counts := rapid.SliceOfN(rapid.IntRange(0, 6), 1, 8).Draw(t, "counts")
		line := Line{Own: float64(s.Points), Each: float64(s.Each), PlaceMost: float64(s.PlaceCap), Most: float64(s.Points)}
		if s.Cap > 0 {
			line.Most = float64(s.Cap)
		}
		in, lost := score.Input{}, 0.0
		for n, c := range counts {
			for k := range c {
				in.Findings = append(in.Findings, score.Finding{ID: fmt.Sprint(n, "-", k), Line: "l", Place: "road", At: fmt.Sprint(n)})
			}
			lost += line.costs(c)
		}
		r, err := score.Score(p, in)
		if err != nil {
			t.Fatal(err)
		}
		if want := line.keeps(lost); float64(r.Score) != want {
			t.Fatalf("the sheet says %v, the estimate %v", r.Score, want)
		}
	})
}

func TestDrawsHaveTheirMeans(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	mean := func(draw func() float64) float64 {
		sum := 0.0
		for range 20_000 {
			sum += draw()
		}
		return sum / 20_000
	}
	for _, m := range []float64{0.1, 0.7, 3, 29, 31, 80} {
		if got := mean(func() float64 { return gamma(r, m) }); math.Abs(got-m) > 0.05*m+0.01 {
			t.Errorf("gamma %v has mean %v", m, got)
		}
		if got := mean(func() float64 { return float64(poisson(r, m)) }); math.Abs(got-m) > 0.05*m+0.01 {
			t.Errorf("poisson %v has mean %v", m, got)
		}
	}
	if got := mean(func() float64 { return beta(r, 2, 3) }); math.Abs(got-0.4) > 0.01 {
		t.Errorf("beta has mean %v", got)
	}
}
