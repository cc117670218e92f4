// Package outlook estimates what a scoring sheet would come to if assessors
// came today: many imagined assessments, each with a sample of its own, from
// what was seen at the places, what is known to be open, which papers are
// there and which figures are known. The method stands in
// docs/decisions/0011-standing-estimate.md. It knows no database.
package outlook

import (
	"math"
	"math/rand/v2"
	"slices"

	"chuangwei/internal/campaign/assess/sample"
)

// Constants of the method; each is a working value.
const (
	Prior   = 3.0  // looks that the mean of all places counts for at a kind of place
	Half    = 21.0 // days after which a look counts half
	Return  = 14.0 // days after which half of what comes back at a place is back
	Rounds  = 400  // imagined assessments
	lowest  = 0.10 // the range holds eight of ten of them
	highest = 0.90
)

// Line is a scoring line as the estimate takes it. Points are what it counts
// on the sheet, Own its own points, in which Each, Most and PlaceMost are.
type Line struct {
	ID        string
	Own       float64
	Points    float64
	Each      float64 // lost for each breach
	Most      float64 // the most that can be lost
	PlaceMost float64 // 0: no limit of a place
	Kinds     []string
	Papers    []Paper // each costs Each
	Share     *Share  // of the points, for bands and figures
}

// Paper is one that the line asks for; Missing is the chance that it is not
// accepted, as far as that can be trusted (0 to 1). For the rest papers share
// one unknown chance in each imagined assessment.
type Paper struct{ Missing, Trust float64 }

// Share is the part of a line's points that is kept: Mean, give or take Spread
// (one standard deviation), never outside Low and High.
type Share struct{ Mean, Spread, Low, High float64 }

// Spot is a place that may be drawn, with the breaches known to be open there
// by line: Known by our own looks, Found by experts. Age is the days since
// somebody last looked, or negative: never.
type Spot struct {
	sample.Place
	Known map[string]int
	Found map[string]int
	Age   float64
}

// Rate is what looks at a kind of place found on a line: Found breaches in
// Looks, both weighted by how long ago they were.
type Rate struct{ Found, Looks float64 }

// At is a kind of place and a scoring line.
type At struct{ Kind, Line string }

// Strict is how many times more experts find than our own looks: a gamma
// distribution with this shape and rate.
type Strict struct{ Shape, Rate float64 }

// Mean is the strictness that is expected.
func (s Strict) Mean() float64 { return s.Shape / s.Rate }

// Problem is all an estimate is made of.
type Problem struct {
	Lines  []Line
	Spots  []Spot
	Wants  []sample.Want
	Rates  map[At]Rate
	Strict Strict
	Unsure [2]float64 // beta distribution of the chance that an unknown paper is missing
	Pass   float64
	Seed   uint64
}

// Range is an expected value with the range that holds eight of ten.
type Range struct{ Expected, Low, High float64 }

// Told is a line's part with the figures it was made of.
type Told struct {
	Range
	Places  float64 // of its kinds, in a sample
	Known   float64 // breaches known to be open at them, per sample
	Rate    float64 // found per place by a look of our own, after shrinking
	Finds   float64 // breaches experts are expected to find in a sample
	Missing float64 // papers expected to be missing
}

// Outlook is the estimate.
type Outlook struct {
	Total  Range
	Chance float64 // of reaching Pass
	Lines  map[string]Told
}

// Run imagines the assessments.
func (p Problem) Run() Outlook {
	r := rand.New(rand.NewPCG(p.Seed, 1))
	w := p.prepare()
	totals := make([]float64, Rounds)
	kept := make(map[string][]float64, len(p.Lines))
	told := make(map[string]Told, len(p.Lines))
	for n := range Rounds {
		s := w.imagine(r)
		for i, l := range p.Lines {
			v := s.kept[i] * l.Points / max(l.Own, 1e-9)
			kept[l.ID] = append(kept[l.ID], v)
			totals[n] += v
			t := told[l.ID]
			t.Places, t.Known, t.Finds, t.Missing = t.Places+s.places[i], t.Known+s.known[i], t.Finds+s.finds[i], t.Missing+s.missing[i]
			told[l.ID] = t
		}
	}
	out := Outlook{Total: rangeOf(totals), Lines: told}
	for i, l := range p.Lines {
		t := told[l.ID]
		t.Range = rangeOf(kept[l.ID])
		t.Places, t.Known, t.Finds, t.Missing = t.Places/Rounds, t.Known/Rounds, t.Finds/Rounds, t.Missing/Rounds
		t.Rate = w.meanRate(i)
		told[l.ID] = t
	}
	for _, v := range totals {
		if v >= p.Pass {
			out.Chance += 1.0 / Rounds
		}
	}
	return out
}

func rangeOf(list []float64) Range {
	list = slices.Clone(list)
	slices.Sort(list)
	sum := 0.0
	for _, v := range list {
		sum += v
	}
	at := func(q float64) float64 { return list[int(q*float64(len(list)-1)+0.5)] }
	return Range{sum / float64(len(list)), at(lowest), at(highest)}
}

// world is a problem laid out for imagining: lines and rates by number.
type world struct {
	Problem
	kinds map[string]*terrain
	rates []Rate // shape and rate of the gamma of each pair, prior included
}

// terrain is a kind of place: its places, and the lines that look at them.
type terrain struct {
	spots []ground
	lines []int
	rates []int // of each of lines, in world.rates
}

// ground is a place with its breaches by the lines of its terrain.
type ground struct {
	known, found []float64
	back         float64
}

func (p Problem) prepare() *world {
	w := &world{Problem: p, kinds: map[string]*terrain{}}
	all := Rate{}
	for _, r := range p.Rates {
		all.Found, all.Looks = all.Found+r.Found, all.Looks+r.Looks
	}
	mean := (all.Found + 0.5) / (all.Looks + 2)
	for i, l := range p.Lines {
		for _, k := range l.Kinds {
			t := w.kinds[k]
			if t == nil {
				t = &terrain{}
				w.kinds[k] = t
			}
			r := p.Rates[At{k, l.ID}]
			t.lines, t.rates = append(t.lines, i), append(t.rates, len(w.rates))
			w.rates = append(w.rates, Rate{r.Found + Prior*mean, r.Looks + Prior})
		}
	}
	for _, s := range p.Spots {
		if t := w.kinds[s.Kind]; t != nil {
			t.spots = append(t.spots, s.on(t.lines, p.Lines))
		}
	}
	return w
}

func (s Spot) on(lines []int, all []Line) ground {
	g := ground{make([]float64, len(lines)), make([]float64, len(lines)), back(s.Age)}
	for n, i := range lines {
		g.known[n], g.found[n] = float64(s.Known[all[i].ID]), float64(s.Found[all[i].ID])
	}
	return g
}

// meanRate is what a look finds on a line, over its kinds of place.
func (w *world) meanRate(i int) float64 {
	found, looks := 0.0, 0.0
	for _, t := range w.kinds {
		for n, line := range t.lines {
			if line == i {
				r := w.rates[t.rates[n]]
				found, looks = found+r.Found, looks+r.Looks
			}
		}
	}
	if looks == 0 {
		return 0
	}
	return found / looks
}

// sheet is one imagined assessment, by line.
type sheet struct{ kept, places, known, finds, missing []float64 }

func (w *world) imagine(r *rand.Rand) sheet {
	n := len(w.Lines)
	s := sheet{make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)}
	lost := make([]float64, n)
	strict := gamma(r, w.Strict.Shape) / w.Strict.Rate
	rates := make([]float64, len(w.rates))
	for i, x := range w.rates {
		rates[i] = gamma(r, x.Found) / x.Looks
	}
	for _, want := range w.Wants {
		if t := w.kinds[want.Kind]; t != nil {
			w.visit(r, t, want.N, strict, rates, &s, lost)
		}
	}
	unsure := beta(r, w.Unsure[0], w.Unsure[1])
	for i, l := range w.Lines {
		w.rest(r, i, l, unsure, &s, lost)
	}
	return s
}

// visit looks at n places of a kind, drawn at random. What experts found before
// is found again; what our own looks know of, and what has come back since,
// is found as many times over as experts are stricter.
func (w *world) visit(r *rand.Rand, t *terrain, n int, strict float64, rates []float64, s *sheet, lost []float64) {
	for _, i := range r.Perm(len(t.spots))[:max(0, min(n, len(t.spots)))] {
		spot := t.spots[i]
		for n, line := range t.lines {
			found := poisson(r, spot.found[n]+strict*(spot.known[n]+rates[t.rates[n]]*spot.back))
			lost[line] += w.Lines[line].costs(found)
			s.places[line]++
			s.known[line] += spot.known[n] + spot.found[n]
			s.finds[line] += float64(found)
		}
	}
}

// rest adds what is not seen at places: papers, bands and figures.
func (w *world) rest(r *rand.Rand, i int, l Line, unsure float64, s *sheet, lost []float64) {
	if l.Share != nil {
		share := l.Share.Mean + l.Share.Spread*r.NormFloat64()
		s.kept[i] = l.Own * min(max(share, l.Share.Low), l.Share.High)
		return
	}
	for _, p := range l.Papers {
		if r.Float64() < p.Trust*p.Missing+(1-p.Trust)*unsure {
			lost[i] += l.Each
			s.missing[i]++
		}
	}
	s.kept[i] = l.keeps(lost[i])
}

// costs is what so many breaches at one place cost.
func (l Line) costs(found int) float64 {
	if l.PlaceMost > 0 {
		return min(float64(found)*l.Each, l.PlaceMost)
	}
	return float64(found) * l.Each
}

// keeps is what is left of a line after so much was lost.
func (l Line) keeps(lost float64) float64 { return l.Own - min(lost, l.Most) }

// back is the part of what comes back at a place that is back after so many
// days; of a place nobody looked at, all.
func back(days float64) float64 {
	if days < 0 {
		return 1
	}
	return 1 - math.Exp2(-days/Return)
}

// Weight is what a look so many days ago counts.
func Weight(days float64) float64 { return math.Exp2(-max(0, days) / Half) }
