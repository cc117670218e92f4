package pack

import (
	"fmt"
	"strings"
	"testing"

	"chuangwei/internal/kit/fault"
)

// small is a whole pack with one line of everything, free of faults.
const small = `id: small
zh: 小标准
en: Small standard
counts: {areas: 1, items: 2, requirements: 3, source: s, checked: confirmed}
sheet: {points: 40, pass: 32, spread: chapter, source: s, checked: unconfirmed}
sources:
  - {id: s, zh: 某处, en: Somewhere}
chapters:
  - {id: "1", zh: 市容, en: Streets, points: 40, source: s, checked: confirmed}
items:
  - id: "1"
    chapter: "1"
    zh: 道路
    en: Roads
    lead: chengguan
    help: [huanwei]
    judged: [site, papers, data]
    source: s
    checked: confirmed
    requirements:
      - {id: "1.1", zh: 干净, places: [road], judged: [site], kinds: [env.dirty-road], source: s, checked: confirmed}
      - {id: "1.2", zh: 有制度, judged: [papers, data], source: s, checked: second-hand}
  - id: "2"
    chapter: "1"
    zh: 鼠
    en: Rats
    lead: chengguan
    judged: [instrument]
    source: s
    checked: unconfirmed
    requirements:
      - {id: "2.1", zh: 密度, places: [market], judged: [instrument], source: s, checked: unconfirmed}
checks:
  - {id: road-1, place: road, of: "1.1", zh: 没有垃圾, kind: env.dirty-road, source: s, checked: unconfirmed}
indicators:
  - {id: swept, item: "1", zh: 清扫率, en: Swept, unit: "%", op: ">=", value: 80, source: s, checked: unconfirmed}
scores:
  - {id: f, item: "1", zh: 现场, style: finding, points: 10, places: [road], each: 0.2, cap: 8, place_cap: 2, floor: 2, source: s, checked: unconfirmed}
  - {id: p, item: "1", zh: 资料, style: paper, points: 5, weight: 2, each: 1, papers: ["1.2"], source: s, checked: unconfirmed}
  - {id: d, item: "1", zh: 数据, style: formula, points: 10, formula: "points * min(1, swept / 80)", source: s, checked: unconfirmed}
  - {id: b, item: "1", zh: 观感, style: banded, points: 10, places: [road], bands: [{id: good, zh: 好, from: 8, to: 10}, {id: poor, zh: 差, from: 0, to: 7}], source: s, checked: unconfirmed}
vetoes:
  - {id: swept, item: "1", zh: 清扫率太低, when: "swept < 50", source: s, checked: unconfirmed}
vectors:
  - {id: a, item: "2", pest: rat, measure: a, zh: 甲, op: "<=", limits: [{grade: B, value: 3}, {grade: C, value: 5}], source: s, checked: unconfirmed}
  - {id: b, item: "2", pest: rat, measure: b, zh: 乙, op: ">=", limits: [{grade: C, value: 95}], source: s, checked: unconfirmed}
  - {id: c, item: "2", pest: rat, measure: c, zh: 丙, op: "<=", limits: [{grade: C, value: 5}], source: s, checked: unconfirmed}
`

var smallWords = Words{Roles: []Word{{Key: "chengguan"}, {Key: "huanwei"}}, Places: []Word{{Key: "road"}, {Key: "market"}}, Kinds: []string{"env.dirty-road", "env.small-ads"}}

func parsed(t *testing.T, text string) (*Pack, Lines) {
	t.Helper()
	p, lines, err := Parse("p.yaml", []byte(text))
	if err != nil {
		f, _ := fault.As(err)
		t.Fatalf("%v %+v", err, f)
	}
	return p, lines
}

func TestAWholePackIsReadAndFreeOfFaults(t *testing.T) {
	p, lines := parsed(t, small)
	for _, f := range Lint(p, smallWords) {
		t.Errorf("%s: %s", f.At, f.Text.EN)
	}
	_, r, ok := p.Requirement("1.2")
	if p.Slots() != 3 || !ok || r.ZH != "有制度" || p.Scores[0].Each != 200 || p.Scores[1].Full() != 10_000 || p.Vectors[0].Limits[1].Value != 5000 {
		t.Fatalf("%+v", p)
	}
	if at := lines["items.1.requirements.0"]; !strings.Contains(strings.Split(small, "\n")[at-1], `"2.1"`) {
		t.Fatalf("2.1 is said to stand in line %d", at)
	}
}

// each change of the whole pack breaks exactly one thing; the fault must name the line.
func TestParseTellsEveryFaultByLine(t *testing.T) {
	for _, c := range []struct{ old, new, says string }{
		{"    lead: chengguan\n    help", "    leader: chengguan\n    help", `no key "leader"`},
		{"zh: 小标准", "zh: 小标准\nzh: 大标准", "there twice"},
		{`id: "1.1"`, `id: 1.1`, "into quotes"},
		{"each: 0.2,", "each: 0.2001,", "three decimals"},
		{"help: [huanwei]", "help: huanwei", "a list belongs here"},
		{"areas: 1", "areas: one", "whole number"},
		{"zh: 道路", "zh: [道路]", "single value"},
		{"chapters:\n  - {", "chapters:\n  - &x {", "anchors"},
		{"zh: 有制度", `zh: "有制度 "`, "no spaces"},
		{"vetoes:\n  - ", "vetoes:\n  ", "a list belongs here"},
		{"vectors:\n", "\t\n", "not YAML"},
		{"vectors:\n", "---\nvectors:\n", "one pack"},
		{small, "", "not YAML"},
	} {
		text := strings.Replace(small, c.old, c.new, 1)
		_, _, err := Parse("p.yaml", []byte(text))
		f, ok := fault.As(err)
		if !ok || len(f.Fields) != 1 || !strings.Contains(f.Fields[0].Text.EN, c.says) {
			t.Errorf("%q: %v %+v", c.new, err, f)
			continue
		}
		var line int
		if _, err := fmt.Sscanf(f.Fields[0].Name, "p.yaml:%d", &line); err != nil || line < 1 || line > strings.Count(text, "\n")+1 {
			t.Errorf("%q: told at %s", c.new, f.Fields[0].Name)
		}
	}
}

func TestParseTellsAllFaultsAtOnce(t *testing.T) {
	text := strings.NewReplacer("areas: 1", "areas: x", `id: "2.1"`, "id: 2.1", "cap: 8", "caps: 8").Replace(small)
	_, _, err := Parse("p.yaml", []byte(text))
	f, _ := fault.As(err)
	if f == nil || len(f.Fields) != 3 || f.Fields[0].Name != "p.yaml:4" {
		t.Fatalf("%+v", f)
	}
}

func TestLintFindsWhatDoesNotFit(t *testing.T) {
	for _, c := range []struct{ old, new, at, says string }{
		{"requirements: 3,", "requirements: 4,", "counts", "4 requirements are said, 3 are there"},
		{"points: 40, pass", "points: 41, pass", "sheet", "41 points, its lines add up to 40"},
		{"en: Streets, points: 40", "en: Streets, points: 39", "chapters.0", "39 points, its lines add up to 40"},
		{"pass: 32", "pass: 41", "sheet", "line to pass"},
		{"spread: chapter", "spread: wide", "sheet", "spread is"},
		{`id: "1.2"`, `id: "1.1"`, "items.0.requirements.1", "there twice"},
		{`id: "1.1", zh: 干净`, `id: "1 1", zh: 干净`, "items.0.requirements.0", "not small letters"},
		{"zh: 没有垃圾", `zh: ""`, "checks.0", "no Chinese name"},
		{`of: "1.1"`, `of: "9.9"`, "checks.0", "no requirement"},
		{"{id: road-1, place: road", "{id: road-1, place: market", "checks.0", "never reached"},
		{"kind: env.dirty-road", "kind: env.dirt", "checks.0", "unknown kind"},
		{"lead: chengguan\n    judged: [instrument]", "lead: nobody\n    judged: [instrument]", "items.1", `unknown role "nobody"`},
		{"help: [huanwei]", "help: [huanwei, chengguan]", "items.0", "leads already"},
		{"help: [huanwei]", "help: [huanwei, huanwei]", "items.0", "there twice"},
		{"judged: [instrument]\n", "judged: [guess]\n", "items.1", "unknown way"},
		{"places: [road], judged: [site]", "places: [moon], judged: [site]", "items.0.requirements.0", "unknown kind of place"},
		{"places: [market], judged: [instrument]", "judged: [instrument]", "items.1.requirements.0", "names no kind of place"},
		{"judged: [papers, data], source: s, checked: second-hand", "judged: [papers, survey], source: s, checked: second-hand", "items.0.requirements.1", "not judged by"},
		{"checked: second-hand", "checked: maybe", "items.0.requirements.1", "not confirmed"},
		{"zh: 有制度, judged: [papers, data], source: s", "zh: 有制度, judged: [papers, data], source: x", "items.0.requirements.1", "none of the sources"},
		{"en: Somewhere}", "en: Somewhere}\n  - {id: z, zh: 别处, en: Elsewhere}", "sources.1", "no line uses"},
		{"en: Streets, points: 40, source: s, checked: confirmed}", "en: Streets, points: 40, source: s, checked: confirmed}\n  - {id: \"9\", zh: 空, en: Empty, source: s, checked: confirmed}", "chapters.1", "has no item"},
		{"{id: swept, item: \"1\", zh: 清扫率, en", "{id: min, item: \"1\", zh: 清扫率, en", "indicators.0", "cannot name an indicator"},
		{`op: ">=", value: 80`, `op: "~", value: 80`, "indicators.0", "unknown comparison"},
		{"swept < 50", "swept <", "vetoes.0", "cannot be read"},
		{"swept < 50", "dust < 50", "vetoes.0", "no indicator"},
		{"swept / 80", "dust / 80", "scores.2", "no indicator"},
		{"style: formula", "style: magic", "scores.2", "unknown style"},
		{"place_cap: 2, floor: 2", "place_cap: 2, floor: 3", "scores.0", "agree with each other"},
		{"places: [road], each", "places: [market], each", "scores.0", "no requirement of item"},
		{"places: [road], each", "each", "scores.0", "never reached"},
		{"papers: [\"1.2\"]", "papers: [\"1.1\"]", "scores.1", "judged by papers"},
		{"each: 1, papers", "papers", "scores.1", "each is for"},
		{"to: 7}", "to: 8}", "scores.3", "apart from each other"},
		{"{id: f, item: \"1\", zh: 现场, style: finding", "{id: f, item: \"3\", zh: 现场, style: finding", "scores.0", "no item"},
		{"{id: b, item: \"2\", pest: rat, measure: b", "{id: b, item: \"2\", pest: rat, measure: a", "vectors.0", "needs three measures"},
		{"{grade: B, value: 3}", "{grade: B, value: 6}", "vectors.0", "looser limits"},
		{"pest: rat, measure: b, zh: 乙, op: \">=\"", "pest: rat, measure: b, zh: 乙, op: \">\"", "vectors.1", "<= or >="},
	} {
		if !strings.Contains(small, c.old) {
			t.Errorf("the small pack has no %q", c.old)
			continue
		}
		p, lines := parsed(t, strings.Replace(small, c.old, c.new, 1))
		found := false
		for _, f := range Lint(p, smallWords) {
			found = found || (f.At == c.at || strings.HasPrefix(f.At, c.at+".")) && strings.Contains(f.Text.EN, c.says) && f.Text.ZH != "" && lines.Of(f.At) > 1
		}
		if !found {
			t.Errorf("%q: not told at %s that %q, but %+v", c.new, c.at, c.says, Lint(p, smallWords))
		}
	}
}

func TestNoFindingCanCountTwice(t *testing.T) {
	second := "vetoes:"
	for kinds, want := range map[string]bool{"": true, "kinds: [env.small-ads], ": true} {
		line := `  - {id: g, item: "1", zh: 又一行, style: finding, points: 10, places: [road], ` + kinds + "each: 1, source: s, checked: unconfirmed}\n"
		p, _ := parsed(t, strings.Replace(small, second, line+second, 1))
		twice := false
		for _, f := range Lint(p, smallWords) {
			twice = twice || strings.Contains(f.Text.EN, "would count on both")
		}
		if twice != want {
			t.Errorf("%q: %v", kinds, twice)
		}
	}
	apart := strings.Replace(small, "each: 0.2,", "kinds: [env.dirty-road], each: 0.2,", 1)
	line := "  - {id: g, item: \"1\", zh: 又一行, style: finding, points: 10, places: [road], kinds: [env.small-ads], each: 1, source: s, checked: unconfirmed}\n"
	p, _ := parsed(t, strings.Replace(apart, second, line+second, 1))
	for _, f := range Lint(p, smallWords) {
		if strings.Contains(f.Text.EN, "would count on both") {
			t.Error("lines for different kinds do not meet")
		}
	}
}

func TestTallyCountsEveryMark(t *testing.T) {
	p, _ := parsed(t, small)
	n := Tally(p)
	if n[Confirmed] != 4 || n[SecondHand] != 1 || n[Unconfirmed] != 13 {
		t.Fatalf("%v", n)
	}
	if s := Summary(p); !strings.Contains(s.ZH, "未核实 13") || !strings.Contains(s.EN, "unconfirmed 13") {
		t.Fatal(s)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(small)
	f.Add("a: &a [*a]")
	f.Add("- - -\n? {")
	f.Fuzz(func(t *testing.T, text string) {
		p, lines, err := Parse("p.yaml", []byte(text))
		if err != nil {
			if _, ok := fault.As(err); !ok {
				t.Fatalf("not a fault a person can read: %v", err)
			}
			return
		}
		for _, found := range Lint(p, smallWords) {
			if found.At == "" || lines.Of(found.At) < 1 || lines.Of(found.At) > strings.Count(text, "\n")+1 {
				t.Fatalf("%+v", found)
			}
		}
	})
}
