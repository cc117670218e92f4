package standard_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"chuangwei/internal/demo/town"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/db/dbtest"
	"chuangwei/internal/register/standard"
	"chuangwei/internal/register/standard/pack"
	"chuangwei/standards"
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
	for id, want := range map[string][3]int{"county-2010": {10, 27, 74}, "county-2021": {7, 45, 210}} {
		p := packs[id]
		if p == nil || [3]int{len(p.Chapters), len(p.Items), p.Slots()} != want {
			t.Errorf("%s: not of %v chapters, items and requirements", id, want)
		}
	}
}

// What is confirmed names a place where it was seen; our own wording is never more than unconfirmed.
func TestNothingOfOurOwnIsCalledConfirmed(t *testing.T) {
	packs, _ := shipped(t)
	for id, p := range packs {
		for _, it := range p.Items {
			for _, r := range it.Requirements {
				if (r.Source == "own" || r.Source == "K") && r.Checked != pack.Unconfirmed {
					t.Errorf("%s %s is %s by %s", id, r.ID, r.Checked, r.Source)
				}
			}
		}
		for _, s := range p.Scores {
			if s.Source == "own" && s.Checked != pack.Unconfirmed {
				t.Errorf("%s %s is %s by %s", id, s.ID, s.Checked, s.Source)
			}
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
