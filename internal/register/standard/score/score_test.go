package score

import (
	"strings"
	"testing"

	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/standard/formula"
	"chuangwei/internal/register/standard/pack"
)

func m(s string) Milli {
	v, err := formula.Number(s)
	if err != nil {
		panic(err)
	}
	return v
}

// sheet is 100 points in two chapters, with a line of each style.
func sheet() *pack.Pack {
	places := []string{"road", "market"}
	return &pack.Pack{ID: "t", Sheet: pack.Sheet{Points: m("100"), Pass: m("80"), Spread: "chapter"},
		Chapters: []pack.Chapter{{ID: "1", Points: m("60")}, {ID: "2", Points: m("40")}},
		Items: []pack.Item{
			{ID: "a", Chapter: "1", Requirements: []pack.Requirement{{ID: "a.1", Judged: []string{"papers"}}, {ID: "a.2", Judged: []string{"papers"}}, {ID: "a.3", Judged: []string{"papers"}}, {ID: "a.4", Judged: []string{"site"}, Places: places}}},
			{ID: "b", Chapter: "2", Requirements: []pack.Requirement{{ID: "b.1", Judged: []string{"data"}}}},
		},
		Indicators: []pack.Indicator{{ID: "treated"}, {ID: "all"}},
		Scores: []pack.Score{
			{ID: "road", Item: "a", Style: pack.Finding, Points: m("20"), Places: []string{"road"}, Each: m("0.2"), PlaceCap: m("0.5"), Cap: m("1.5")},
			{ID: "market", Item: "a", Style: pack.Finding, Points: m("5"), Weight: m("2"), Places: []string{"market"}, Each: m("2"), Floor: m("2")},
			{ID: "paper", Item: "a", Style: pack.Paper, Points: m("10"), Each: m("4"), Papers: []string{"a.1", "a.2", "a.3"}},
			{ID: "look", Item: "a", Style: pack.Banded, Points: m("20"), Places: places, Bands: []pack.Band{{ID: "good", From: m("18"), To: m("20")}, {ID: "fair", From: m("10"), To: m("17")}, {ID: "poor", From: 0, To: m("9")}}},
			{ID: "data", Item: "b", Style: pack.Formula, Points: m("30"), Formula: "points * min(1, treated / all)"},
			{ID: "rest", Item: "b", Style: pack.Formula, Points: m("10"), Floor: m("3"), Formula: "points * (treated >= 90)"},
		},
		Vetoes: []pack.Veto{{ID: "little", When: "treated < 50"}, {ID: "event"}},
	}
}

func known() map[string]Milli { return map[string]Milli{"treated": m("90"), "all": m("100")} }

func at(t *testing.T, r Result, id string) Line {
	t.Helper()
	for _, c := range r.Chapters {
		for _, l := range c.Lines {
			if l.ID == id {
				return l
			}
		}
	}
	t.Fatalf("no line %s", id)
	return Line{}
}

func scored(t *testing.T, in Input) Result {
	t.Helper()
	r, err := Score(sheet(), in)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestEachStyleCountsAsItSays(t *testing.T) {
	road := func(id, at string) Finding { return Finding{ID: id, Items: []string{"x", "a"}, Place: "road", At: at} }
	shop := func(id string) Finding { return Finding{ID: id, Items: []string{"a"}, Place: "market"} }
	for _, c := range []struct {
		name, line string
		in         Input
		own, score string
	}{
		{"nothing found", "road", Input{}, "20", "20"},
		{"two findings at one place", "road", Input{Findings: []Finding{road("1", "p"), road("2", "p")}}, "19.6", "19.6"},
		{"the cap of a place", "road", Input{Findings: []Finding{road("1", "p"), road("2", "p"), road("3", "p"), road("4", "p")}}, "19.5", "19.5"},
		{"a finding told twice", "road", Input{Findings: []Finding{road("1", "p"), road("1", "p")}}, "19.8", "19.8"},
		{"weight two", "market", Input{Findings: []Finding{shop("1")}}, "3", "6"},
		{"down to the floor", "market", Input{Findings: []Finding{shop("1"), shop("2"), shop("3")}}, "2", "4"},
		{"named by its line", "market", Input{Findings: []Finding{{ID: "1", Line: "market"}}}, "3", "6"},
		{"a paper missing twice over", "paper", Input{Missing: []Missing{{"s1", "a.1"}, {"s2", "a.1"}}}, "6", "6"},
		{"all papers missing", "paper", Input{Missing: []Missing{{"s1", "a.1"}, {"s2", "a.2"}, {"s3", "a.3"}}}, "0", "0"},
		{"the least of a band", "look", Input{Bands: map[string]Choice{"look": {Band: "fair"}}}, "10", "10"},
		{"points within a band", "look", Input{Bands: map[string]Choice{"look": {Band: "fair", Points: new(m("16.5"))}}}, "16.5", "16.5"},
		{"no band yet", "look", Input{}, "0", "0"},
		{"by data", "data", Input{Data: known()}, "27", "27"},
		{"data above the aim", "data", Input{Data: map[string]Milli{"treated": m("120"), "all": m("100")}}, "30", "30"},
		{"data missing", "data", Input{Data: map[string]Milli{"treated": m("90")}}, "0", "0"},
		{"data kept by the floor", "rest", Input{Data: map[string]Milli{"treated": m("60"), "all": 0}}, "3", "3"},
	} {
		l := at(t, scored(t, c.in), c.line)
		if l.Own.String() != c.own || l.Score.String() != c.score {
			t.Errorf("%s: %v own, %v on the sheet, want %s and %s; %s", c.name, l.Own, l.Score, c.own, c.score, l.Why.EN)
		}
	}
}

func TestEachDeductionNamesItsReason(t *testing.T) {
	r := scored(t, Input{Findings: []Finding{{ID: "case-2", Items: []string{"a"}, Place: "road", At: "p"}, {ID: "case-1", Items: []string{"a"}, Place: "road", At: "q"}}, Missing: []Missing{{"slot-9", "a.3"}}})
	road, paper := at(t, r, "road"), at(t, r, "paper")
	if len(road.Lost) != 2 || road.Lost[0] != (Deduction{"case-1", "a", "q", m("0.2")}) || road.Lost[1].ID != "case-2" {
		t.Errorf("%+v", road.Lost)
	}
	if len(paper.Lost) != 1 || paper.Lost[0] != (Deduction{"slot-9", "a.3", "", m("4")}) {
		t.Errorf("%+v", paper.Lost)
	}
	for _, c := range r.Chapters {
		for _, l := range c.Lines {
			if l.Why.ZH == "" || l.Why.EN == "" {
				t.Errorf("%s says nothing", l.ID)
			}
		}
	}
	if w := at(t, r, "data").Why; !strings.Contains(w.EN, "treated") && !strings.Contains(w.EN, "all") {
		t.Errorf("the missing figure is not named: %s", w.EN)
	}
}

func TestWhatDoesNotApplyGivesItsPointsAway(t *testing.T) {
	r := scored(t, Input{Absent: map[string]string{"look": "无广场"}, Data: known()})
	// 20 points go to 20, 10 (5 × 2) and 10 of the same chapter: 10, 5 and 5
	for id, want := range map[string]string{"road": "30", "market": "15", "paper": "15", "look": "0", "data": "30"} {
		if l := at(t, r, id); l.Points.String() != want {
			t.Errorf("%s has %v points, want %s", id, l.Points, want)
		}
	}
	if r.Points != m("100") || at(t, r, "look").State != Absent || at(t, r, "road").Score != m("30") {
		t.Errorf("%v %+v", r.Points, at(t, r, "look"))
	}
	whole := scored(t, Input{Absent: map[string]string{"data": "-", "rest": "-"}})
	if whole.Points != m("100") || whole.Chapters[1].Points != 0 {
		t.Errorf("a chapter that does not apply goes to the sheet: %v", whole.Points)
	}
	none := sheet()
	none.Sheet.Spread = "none"
	lost, err := Score(none, Input{Absent: map[string]string{"look": "-"}})
	if err != nil || lost.Points != m("80") {
		t.Errorf("%v %v", lost.Points, err)
	}
}

func TestVerdictAndVetoesStandOutsideTheSum(t *testing.T) {
	best := Input{Bands: map[string]Choice{"look": {Band: "good", Points: new(m("20"))}}, Data: map[string]Milli{"treated": m("100"), "all": m("100")}}
	for _, c := range []struct {
		name  string
		alter func(*Input)
		want  Verdict
		score string
	}{
		{"all is well", func(*Input) {}, Passed, "100"},
		{"somebody found a veto", func(in *Input) { in.Vetoes = map[string]string{"event": "三月的事故"} }, Failed, "100"},
		{"figures veto", func(in *Input) { in.Data = map[string]Milli{"treated": m("49"), "all": m("49")} }, Failed, "93"},
		{"a figure is missing", func(in *Input) { in.Data = nil }, Undecided, "60"},
		{"a band is missing, which is not needed", func(in *Input) { in.Bands = nil }, Passed, "80"},
		{"a band is missing, which decides", func(in *Input) { in.Bands, in.Data = nil, map[string]Milli{"treated": m("99"), "all": m("100")} }, Undecided, "79.7"},
		{"beyond reach", func(in *Input) {
			in.Data = map[string]Milli{"treated": m("50"), "all": m("100")}
			in.Bands = map[string]Choice{"look": {Band: "poor"}}
		}, Failed, "58"},
	} {
		in := best
		c.alter(&in)
		r := scored(t, in)
		if r.Verdict != c.want || r.Score.String() != c.score {
			t.Errorf("%s: %s with %v, want %s with %s", c.name, r.Verdict, r.Score, c.want, c.score)
		}
	}
	open := sheet()
	open.Sheet.Pass = 0
	if r, err := Score(open, best); err != nil || r.Verdict != Unknown {
		t.Errorf("%v %v", r.Verdict, err)
	}
}

func TestWhatNobodyHasSeenIsNotFull(t *testing.T) {
	r := scored(t, Input{Unseen: map[string]string{"road": "下周看"}, Findings: []Finding{{ID: "f", Items: []string{"a"}, Place: "road"}}})
	if l := at(t, r, "road"); l.State != Open || l.Score != 0 || !strings.Contains(l.Why.ZH, "下周看") {
		t.Errorf("%+v", l)
	}
	if r.Open < m("20") || r.Score+r.Open > r.Points {
		t.Errorf("%v open of %v", r.Open, r.Points)
	}
}

func TestWhatNoLineCountsIsNotLost(t *testing.T) {
	r := scored(t, Input{Findings: []Finding{{ID: "f", Items: []string{"a"}, Place: "moon"}}, Missing: []Missing{{"s", "b.1"}}})
	if len(r.Loose) != 2 || r.Loose[0].ID != "f" || r.Loose[1].ID != "s" || r.Loose[0].Why.ZH == "" {
		t.Fatalf("%+v", r.Loose)
	}
}

func TestUnknownInputIsRefusedAllAtOnce(t *testing.T) {
	_, err := Score(sheet(), Input{
		Findings: []Finding{{ID: "f", Line: "paper"}, {ID: "g", Place: "road"}, {ID: "g", Place: "market"}}, Missing: []Missing{{"s", "z.9"}},
		Bands: map[string]Choice{"look": {Band: "good", Points: new(m("17"))}, "road": {Band: "good"}},
		Data:  map[string]Milli{"dust": 1}, Absent: map[string]string{"nix": ""}, Unseen: map[string]string{"nix": ""}, Vetoes: map[string]string{"nix": ""},
	})
	f, ok := fault.As(err)
	if !ok || f.Kind != fault.Invalid || len(f.Fields) != 9 {
		t.Fatalf("%v %+v", err, f)
	}
}

func TestVectorGradeIsTheWorst(t *testing.T) {
	line := func(id, pest, measure, op string, abc ...string) pack.Measure {
		out := pack.Measure{ID: id, Pest: pest, Measure: measure, Op: op}
		for i, v := range abc {
			out.Limits = append(out.Limits, pack.Limit{Grade: []string{"A", "B", "C"}[i], Value: m(v)})
		}
		return out
	}
	p := &pack.Pack{Vectors: []pack.Measure{
		line("proof", "rat", "1", ">=", "97", "95", "93"), line("trace", "rat", "2", "<=", "1", "3", "5"), line("path", "rat", "3", "<=", "1", "3", "5"),
		line("rooms", "fly", "1", "<=", "3", "6", "9"), line("perroom", "fly", "1", "<=", "3", "3", "3"),
	}}
	for _, c := range []struct {
		name              string
		counted           map[string]Milli
		all, rat, measure Grade
	}{
		{"as a provincial check had it", map[string]Milli{"proof": m("97.57"), "trace": m("2"), "path": m("1"), "rooms": 0, "perroom": 0}, "B", "B", "A"},
		{"one over", map[string]Milli{"proof": m("92.9"), "trace": 0, "path": 0, "rooms": 0, "perroom": 0}, Over, Over, Over},
		{"one not counted", map[string]Milli{"proof": m("98"), "trace": 0, "rooms": 0, "perroom": 0}, Ungraded, Ungraded, "A"},
		{"one not counted but one over", map[string]Milli{"proof": m("90"), "trace": 0}, Over, Over, Over},
		{"the worst quantity of a measure", map[string]Milli{"proof": m("97"), "trace": 0, "path": 0, "rooms": m("3"), "perroom": m("3.001")}, Over, "A", "A"},
	} {
		v := GradeVectors(p, c.counted)
		if v.Grade != c.all || v.Pests[0].Grade != c.rat || v.Pests[0].Measures[0].Grade != c.measure || len(v.Pests) != 2 || len(v.Pests[1].Measures[0].Quantities) != 2 {
			t.Errorf("%s: %+v", c.name, v)
		}
	}
}
