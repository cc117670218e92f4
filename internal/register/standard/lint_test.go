package standard_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"chuangwei/internal/demo/town"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/db/dbtest"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/standard"
	"chuangwei/internal/register/standard/pack"
	"chuangwei/internal/register/standard/score"
	"chuangwei/standards"

	"github.com/google/go-cmp/cmp"
)

func shipped(t *testing.T) (map[string]*pack.Pack, pack.Words) {
	t.Helper()
	words, err := standard.Words(standards.Files)
	if err != nil {
		t.Fatal(err)
	}
	list, err := standard.Lint(standards.Files, words)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]*pack.Pack{}
	for _, one := range list {
		for _, f := range one.Faults {
			t.Errorf("%s: %s / %s", f.Name, f.Text.ZH, f.Text.EN)
		}
		if one.Pack == nil {
			t.Fatalf("%s cannot be read", one.File)
		}
		out[one.Pack.ID] = one.Pack
		t.Log(pack.Summary(one.Pack).EN)
	}
	return out, words
}

func TestShippedPacksHaveNoFaults(t *testing.T) {
	packs, _ := shipped(t)
	for id, want := range map[string][3]int{"county-2010": {10, 27, 74}, "county-2021": {7, 45, 210}, "township-2021": {7, 39, 153}, "secret-visit-1000": {11, 37, 37}, "vector-c": {1, 4, 12}} {
		p := packs[id]
		if p == nil || [3]int{len(p.Chapters), len(p.Items), p.Slots()} != want {
			t.Errorf("%s: not of %v chapters, items and requirements", id, want)
		}
	}
}

func TestSheetsAndMeasuresAreWhole(t *testing.T) {
	packs, _ := shipped(t)
	for id, verdict := range map[string]score.Verdict{"secret-visit-1000": score.Passed, "county-2021": score.Undecided} {
		r, err := score.Score(packs[id], score.Input{})
		if err != nil || r.Points.String() != "1000" || r.Score+r.Open != r.Points || r.Verdict != verdict {
			t.Errorf("%s: with nothing found %v of %v, open %v, %s; %v", id, r.Score, r.Points, r.Open, r.Verdict, err)
		}
	}
	vectors := packs["vector-c"]
	counted := map[string]score.Milli{}
	for _, m := range vectors.Vectors {
		counted[m.ID] = m.Limits[len(m.Limits)-1].Value
	}
	kept := score.GradeVectors(vectors, counted)
	counted["rat-indoor"]++
	if over := score.GradeVectors(vectors, counted); kept.Grade != "C" || len(kept.Pests) != 4 || over.Grade != score.Over {
		t.Errorf("at the limits %+v, a thousandth beyond %+v", kept, over)
	}
}

// What may be found on the spot must cost points somewhere on the county's sheet.
func TestEveryKindOfProblemCountsOnTheSheet(t *testing.T) {
	packs, words := shipped(t)
	for _, id := range []string{"county-2021", "secret-visit-1000"} {
		p, n := packs[id], 0
		for _, it := range p.Items {
			for _, r := range it.Requirements {
				for _, kind := range r.Kinds {
					for _, place := range r.Places {
						n++
						f := score.Finding{ID: "f", Items: p.ItemsFor(kind, place), Kind: kind, Place: place}
						got, err := score.Score(p, score.Input{Findings: []score.Finding{f}})
						if err != nil || len(got.Loose) > 0 {
							t.Errorf("%s: %s at %s by %v counts nowhere; %v", id, kind, place, f.Items, err)
						}
					}
				}
			}
		}
		if n < 50 || len(words.Kinds) == 0 {
			t.Errorf("%s: only %d pairs of kind and place", id, n)
		}
	}
}

func TestShippedPacksComeBackFromXLSXAndYAML(t *testing.T) {
	packs, words := shipped(t)
	wb := pack.NewWorkbook(words)
	for id, p := range packs {
		var file bytes.Buffer
		if err := wb.Write(&file, p); err != nil {
			t.Fatal(err)
		}
		back, err := wb.Read(&file)
		if err != nil {
			f, _ := fault.As(err)
			t.Errorf("%s: %v %+v", id, err, f)
			continue
		}
		text, err := pack.Encode(p)
		if err != nil {
			t.Fatal(err)
		}
		again, _, err := pack.Parse(id, text)
		if d := cmp.Diff(p, back) + cmp.Diff(p, again); d != "" || err != nil || len(wb.Diff(p, back)) > 0 {
			t.Errorf("%s: %v %s", id, err, d)
		}
	}
}

func TestWordsAreUnambiguous(t *testing.T) {
	_, words := shipped(t)
	for _, list := range [][]pack.Word{words.Roles, words.Places, pack.Judgements, pack.Certainties, pack.Styles, pack.Spreads} {
		seen := map[string]bool{}
		for _, w := range list {
			if w.Key == "" || w.ZH == "" || w.EN == "" || seen[w.Key] || seen[w.ZH] || strings.ContainsAny(w.ZH, "、,，;；") {
				t.Errorf("%+v", w)
			}
			seen[w.Key], seen[w.ZH] = true, true
		}
	}
}

// What is confirmed names a place where it was seen; our own wording is never more than unconfirmed.
func TestNothingOfOurOwnIsCalledConfirmed(t *testing.T) {
	packs, _ := shipped(t)
	for id, p := range packs {
		p.EachMark(func(m pack.Mark) {
			if (m.Source == "own" || m.Source == "K") && m.Checked != pack.Unconfirmed {
				t.Errorf("%s has a line that is %s by %s", id, m.Checked, m.Source)
			}
		})
		if pack.Tally(p)[pack.Unconfirmed] == 0 {
			t.Errorf("%s claims that every line was seen", id)
		}
	}
}

func TestKindsAndPacksKnowEachOther(t *testing.T) {
	packs, words := shipped(t)
	d := dbtest.New(t, time.Now)
	var kinds []standard.Kind
	dbtest.Write(t, d, func(tx *db.Tx) (err error) {
		if err = standard.Load(tx, standards.Files); err == nil {
			kinds, err = standard.Kinds(tx)
		}
		return err
	})
	has := func(list []pack.Word, key string) bool {
		return slices.ContainsFunc(list, func(w pack.Word) bool { return w.Key == key })
	}
	for _, k := range kinds {
		for _, role := range append(k.Helpers, k.Lead) {
			if !has(words.Roles, role) {
				t.Errorf("%s: words.yaml has no role %s", k.ID, role)
			}
		}
		for _, p := range k.Places {
			if !has(words.Places, p) {
				t.Errorf("%s: words.yaml has no kind of place %s", k.ID, p)
			}
		}
		for _, c := range k.Clauses {
			id, item, _ := strings.Cut(c, ":")
			if p := packs[id]; p == nil {
				t.Errorf("%s: no pack %s", k.ID, id)
			} else if _, ok := p.Item(item); !ok {
				t.Errorf("%s: %s has no item %s", k.ID, id, item)
			}
		}
	}
	for key := range town.KindNames {
		if !has(words.Places, key) {
			t.Errorf("words.yaml has no kind of place %s, which the demo county has", key)
		}
	}
}

func TestClausesOfCasesKeepTheirIDs(t *testing.T) {
	d := dbtest.New(t, time.Now)
	ids := []string{"county-2021:10", "county-2021:3-market", "county-2010:3", "county-2010:3.3"}
	var found []standard.Clause
	dbtest.Write(t, d, func(tx *db.Tx) (err error) {
		if err = standard.Load(tx, standards.Files); err == nil {
			found, err = standard.ClausesByID(tx, ids)
		}
		return err
	})
	if len(found) != len(ids) {
		t.Fatalf("%v", found)
	}
	for _, c := range found {
		if c.Title == "" || c.Checked == "" || !slices.Contains(ids, c.ID) {
			t.Errorf("%+v", c)
		}
	}
}

func TestLintNamesFileAndLine(t *testing.T) {
	_, words := shipped(t)
	good, err := standards.Files.ReadFile("county-2010/pack.yaml")
	if err != nil {
		t.Fatal(err)
	}
	dir := fstest.MapFS{
		"county-2010/pack.yaml": {Data: []byte(strings.Replace(string(good), "lead: huanbao", "lead: nobody", 1))},
		"broken/pack.yaml":      {Data: []byte("id: [broken")},
		"misnamed/pack.yaml":    {Data: good},
	}
	list, err := standard.Lint(dir, words)
	if err != nil || len(list) != 3 {
		t.Fatal(list, err)
	}
	for _, one := range list {
		if len(one.Faults) == 0 || !strings.HasPrefix(one.Faults[0].Name, one.File+":") || (one.Pack == nil) != (one.File == "broken/pack.yaml") {
			t.Errorf("%+v", one)
		}
	}
}
