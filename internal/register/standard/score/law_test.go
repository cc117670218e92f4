package score

import (
	"fmt"
	"slices"
	"testing"

	"chuangwei/internal/register/standard/pack"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var spots = []string{"road", "market", "park"}

// anyLine draws a scoring line as Lint allows them, for the item and the n-th place.
func anyLine(t *rapid.T, id, item string, n int, papers []string) pack.Score {
	points := rapid.Int64Range(1, 50_000)
	s := pack.Score{ID: id, Item: item, Points: Milli(points.Draw(t, "points")), Weight: Milli(rapid.SampledFrom([]int64{0, 1000, 500, 1700, 3333}).Draw(t, "weight"))}
	s.Style = rapid.SampledFrom([]string{pack.Banded, pack.Finding, pack.Paper, pack.Formula}).Draw(t, "style")
	upTo := func(most Milli, name string) Milli { return Milli(rapid.Int64Range(0, int64(most)).Draw(t, name)) }
	if s.Full() == 0 {
		s.Weight = 0
	}
	switch s.Style {
	case pack.Banded:
		cut := upTo(s.Points-1, "cut")
		s.Bands = []pack.Band{{ID: "good", From: cut + 1, To: s.Points}, {ID: "poor", From: 0, To: cut}}
	case pack.Formula:
		s.Formula = rapid.SampledFrom([]string{"points * min(1, x / 90)", "points - x * y", "points * (x >= y)", "x / y", "-y + points"}).Draw(t, "formula")
		s.Floor = upTo(s.Points, "floor")
	default:
		s.Floor = upTo(s.Points, "floor")
		s.Cap, s.Each = upTo(s.Points-s.Floor, "cap"), upTo(s.Points, "each")+1
		if s.Style == pack.Paper {
			s.Papers = papers
		} else {
			s.PlaceCap, s.Places = upTo(s.Points, "place_cap"), spots[n:n+1]
		}
	}
	return s
}

func anySheet(t *rapid.T) *pack.Pack {
	p := &pack.Pack{ID: "any", Indicators: []pack.Indicator{{ID: "x"}, {ID: "y"}}, Vetoes: []pack.Veto{{ID: "v", When: "x < y"}}}
	p.Sheet.Spread = rapid.SampledFrom([]string{"chapter", "sheet", "none"}).Draw(t, "spread")
	for c := range rapid.IntRange(1, 3).Draw(t, "chapters") {
		id := fmt.Sprint(c)
		p.Chapters = append(p.Chapters, pack.Chapter{ID: id})
		it := pack.Item{ID: id, Chapter: id}
		for n := range rapid.IntRange(1, 3).Draw(t, "lines") {
			papers := []string{fmt.Sprintf("%s.%d.a", id, n), fmt.Sprintf("%s.%d.b", id, n)}
			p.Scores = append(p.Scores, anyLine(t, fmt.Sprintf("%s-%d", id, n), id, n, papers))
			it.Requirements = append(it.Requirements, pack.Requirement{ID: papers[0]}, pack.Requirement{ID: papers[1]})
		}
		p.Items = append(p.Items, it)
	}
	return p
}

func anyInput(t *rapid.T, p *pack.Pack) Input {
	in := Input{Bands: map[string]Choice{}, Data: map[string]Milli{}, Absent: map[string]string{}, Unseen: map[string]string{}}
	for n := range rapid.IntRange(0, 12).Draw(t, "findings") {
		in.Findings = append(in.Findings, Finding{ID: fmt.Sprint(n), Items: []string{rapid.SampledFrom(p.Items).Draw(t, "item").ID}, Place: rapid.SampledFrom(spots).Draw(t, "place"), At: rapid.SampledFrom([]string{"", "p", "q"}).Draw(t, "at")})
	}
	for n := range rapid.IntRange(0, 5).Draw(t, "missing") {
		it := rapid.SampledFrom(p.Items).Draw(t, "item")
		in.Missing = append(in.Missing, Missing{fmt.Sprint("s", n), rapid.SampledFrom(it.Requirements).Draw(t, "paper").ID})
	}
	for _, s := range p.Scores {
		if rapid.IntRange(0, 4).Draw(t, "absent") == 0 {
			in.Absent[s.ID] = "-"
		}
		if rapid.IntRange(0, 4).Draw(t, "unseen") == 0 {
			in.Unseen[s.ID] = "-"
		}
		if len(s.Bands) > 0 && rapid.Bool().Draw(t, "judged") {
			b := rapid.SampledFrom(s.Bands).Draw(t, "band")
			in.Bands[s.ID] = Choice{b.ID, new(Milli(rapid.Int64Range(int64(b.From), int64(b.To)).Draw(t, "within")))}
		}
	}
	for _, name := range []string{"x", "y"} {
		if rapid.Bool().Draw(t, "counted") {
			in.Data[name] = Milli(rapid.Int64Range(-200_000, 200_000).Draw(t, name))
		}
	}
	return in
}

func must(t *rapid.T, p *pack.Pack, in Input) Result {
	r, err := Score(p, in)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return r
}

// bounds: no line below 0 or above its points; sums are sums; losses explain
// themselves; what does not apply leaves the points of the sheet as they were.
func bounds(t *rapid.T) {
	p := anySheet(t)
	in := anyInput(t, p)
	r := must(t, p, in)
	var full, points, score, open Milli
	applies := false
	for _, s := range p.Scores {
		full += s.Full()
	}
	for _, c := range r.Chapters {
		for _, l := range c.Lines {
			if l.Score < 0 || l.Score > l.Points || l.Own < 0 || l.Own > l.OwnPoints || l.State != Scored && l.Score != 0 || (l.State == Absent) != (l.Points == 0) {
				t.Fatalf("out of bounds: %+v", l)
			}
			var lost Milli
			for _, d := range l.Lost {
				if d.Points < 0 || d.ID == "" {
					t.Fatalf("%+v", d)
				}
				lost += d.Points
			}
			if (l.Style == pack.Finding || l.Style == pack.Paper) && l.State == Scored && lost != l.OwnPoints-l.Own {
				t.Fatalf("%v lost, %v explained: %+v", l.OwnPoints-l.Own, lost, l)
			}
			applies = applies || l.State != Absent
			points, score = points+l.Points, score+l.Score
			if l.State == Open {
				open += l.Points
			}
		}
	}
	if points != r.Points || score != r.Score || open != r.Open || score+open > points {
		t.Fatalf("sums differ: %+v", r)
	}
	if applies && p.Sheet.Spread != "none" && points != full {
		t.Fatalf("%v points of %v", points, full)
	}
	if n := len(r.Loose); n > len(in.Findings)+len(in.Missing) {
		t.Fatalf("%d loose", n)
	}
}

// steady: the order of findings and papers changes nothing at all.
func steady(t *rapid.T) {
	p := anySheet(t)
	in := anyInput(t, p)
	other := in
	other.Findings = rapid.Permutation(in.Findings).Draw(t, "order")
	other.Missing = rapid.Permutation(in.Missing).Draw(t, "papers")
	if d := cmp.Diff(must(t, p, in), must(t, p, other)); d != "" {
		t.Fatal(d)
	}
}

// fairness: taking a finding or a missing paper away lowers no line.
func fairness(t *rapid.T) {
	p := anySheet(t)
	in := anyInput(t, p)
	less := in
	if n := len(in.Findings); n > 0 {
		i := rapid.IntRange(0, n-1).Draw(t, "away")
		less.Findings = slices.Delete(slices.Clone(in.Findings), i, i+1)
	}
	if n := len(in.Missing); n > 0 {
		i := rapid.IntRange(0, n-1).Draw(t, "found")
		less.Missing = slices.Delete(slices.Clone(in.Missing), i, i+1)
	}
	before, after := must(t, p, in), must(t, p, less)
	for i, c := range before.Chapters {
		for j, l := range c.Lines {
			if after.Chapters[i].Lines[j].Score < l.Score {
				t.Fatalf("%s fell from %v to %v", l.ID, l.Score, after.Chapters[i].Lines[j].Score)
			}
		}
	}
	if after.Score < before.Score {
		t.Fatalf("%v < %v", after.Score, before.Score)
	}
}

func TestNoLineLeavesItsBoundsAndEveryLossIsExplained(t *testing.T) { rapid.Check(t, bounds) }
func TestTheOrderOfFindingsDoesNotMatter(t *testing.T)              { rapid.Check(t, steady) }
func TestARemovedFindingNeverLowersAScore(t *testing.T)             { rapid.Check(t, fairness) }

func FuzzScore(f *testing.F) {
	f.Fuzz(rapid.MakeFuzz(func(t *rapid.T) {
		bounds(t)
		steady(t)
		fairness(t)
	}))
}
