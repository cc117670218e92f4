package api_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"chuangwei/internal/register/org"
)

type inspected struct {
	Inspection struct {
		ID, Kind, Who, On         string
		Good, Bad, Absent, Unseen int
		Rest, Counted             int
		Place                     struct{ ID, Name string }
		PlaceCode                 string `json:"place_code"`
	}
	Lines []struct {
		Line, Text, Clause, Title, Result, How, Note string
		Photos                                       []string
		Case                                         *struct {
			ID, No, State string
			KindName      string `json:"kind_name"`
			DueOn         string `json:"due_on"`
			Owner         *struct{ Name string }
		}
	}
	Surveys []struct {
		Grade string
		Pests []struct{ ID, Grade, Name string }
	}
}

// looked is the body of an inspection of the market.
func looked(change map[string]any) map[string]any {
	out := map[string]any{"place": "MKT234", "purpose": "round", "lines": []map[string]any{
		{"line": "county-2021:market-4", "result": "bad", "how": "tap", "note": "摊外有货"}, {"line": "county-2021:market-3", "result": "good", "how": "rest"}, {"line": "county-2021:market-5", "result": "unseen"}}}
	for k, v := range change {
		out[k] = v
	}
	return out
}

func TestAnInspectionIsOneCommandWhoseBadLinesAreCases(t *testing.T) {
	c := newCounty(t)
	photo := c.photo("inspector")
	body := looked(map[string]any{"photos": []string{photo}, "counts": []map[string]any{{"measure": "vector-c:rat-indoor", "found": 3, "base": 40}}})
	body["lines"].([]map[string]any)[0]["photos"] = []string{photo}
	key := newKey()
	first := c.as("inspector").with("Idempotency-Key", key).post("/api/inspections", body).want(201)
	second := c.as("inspector").with("Idempotency-Key", key).post("/api/inspections", body).want(201)
	if !bytes.Equal(first.body, second.body) || c.count("cases") != 1 || c.count("inspections") != 1 {
		t.Fatalf("the second time: %d cases, %d inspections", c.count("cases"), c.count("inspections"))
	}
	i := read[inspected](first)
	k := i.Lines[0].Case
	if i.Inspection.ID != key || i.Inspection.Bad != 1 || i.Inspection.Rest != 1 || i.Inspection.Unseen != 1 || k == nil || k.Owner == nil || k.Owner.Name != "周海涛" || k.DueOn == "" || k.State != "assigned" {
		t.Fatalf("%s", first.body)
	}
	if i.Lines[0].Title == "" || i.Lines[0].Clause != "county-2021:3-market" || i.Lines[1].How != "rest" || i.Lines[1].Case != nil {
		t.Errorf("%+v", i.Lines)
	}
	if len(i.Surveys) != 1 || i.Surveys[0].Grade != "over" || i.Surveys[0].Pests[0].Grade != "over" {
		t.Errorf("3 of 40 rooms: %+v", i.Surveys)
	}
	full := read[struct {
		Clauses    []struct{ ID string }
		Inspection string
		Judged     []struct{ Pack, Item, Rule string }
	}](c.as("zhou").get("/api/cases/" + k.ID).want(200))
	if full.Inspection != key || len(full.Clauses) != 1 || full.Clauses[0].ID != "county-2021:3-market" || len(full.Judged) != 2 || full.Judged[0].Item != "3-market" {
		t.Errorf("%+v", full)
	}
	if got := read[inspected](c.as("boss").get("/api/inspections/" + key).want(200)); got.Lines[0].Case.No != k.No || !slices.Equal(got.Lines[0].Photos, []string{photo}) {
		t.Errorf("%+v", got)
	}
	page := read[struct {
		Items []struct{ ID string }
		Total int
	}](c.as("boss").get("/api/inspections?bad=yes&purpose=round&kind=market").want(200))
	if page.Total != 1 || page.Items[0].ID != key {
		t.Errorf("%+v", page)
	}
}

func TestAnInspectionIsTakenOnlyAsTheContractHasIt(t *testing.T) {
	c := newCounty(t)
	for name, x := range map[string]struct{ body, field string }{
		"an unknown field in a line":  {`{"place":"MKT234","purpose":"round","lines":[{"line":"a","result":"good","how":"tap","colour":"red"}]}`, "colour"},
		"a line without result":       {`{"place":"MKT234","purpose":"round","lines":[{"line":"a"}]}`, "result"},
		"a line that is null":         {`{"place":"MKT234","purpose":"round","lines":[null]}`, "lines"},
		"a NUL in a note of a line":   {`{"place":"MKT234","purpose":"round","lines":[{"line":"a","result":"good","how":"tap","note":"a\u0000"}]}`, "note"},
		"a photo not named on top":    {`{"place":"MKT234","purpose":"round","lines":[{"line":"a","result":"bad","how":"tap","photos":["` + strings.Repeat("0", 64) + `"]}]}`, "lines"},
		"a photo by another name":     {`{"place":"MKT234","purpose":"round","photos":["../x"],"lines":[{"line":"a","result":"bad","how":"tap"}]}`, "photos"},
		"a count without a base":      {`{"place":"MKT234","purpose":"round","lines":[],"counts":[{"measure":"vector-c:rat-indoor","found":1}]}`, "base"},
		"nothing looked at":           {`{"place":"MKT234","purpose":"round","lines":[]}`, "lines"},
		"another purpose":             {`{"place":"MKT234","purpose":"fun","lines":[{"line":"a","result":"good","how":"tap"}]}`, "purpose"},
		"half of what has two halves": {`{"place":"MKT234","purpose":"round","lines":[],"counts":[{"measure":"vector-c:rat-indoor","found":9,"base":2}]}`, "counts"},
	} {
		p := c.as("inspector").postRaw("/api/inspections", x.body).want(422).problem()
		if !slices.Contains(p.names(), x.field) || leaks(p.Title) {
			t.Errorf("%s: %+v", name, p)
		}
	}
	if c.count("inspections") != 0 {
		t.Error("something was kept")
	}
}

// TestInspectionsAreMadeSeenAndPlannedByThoseTheTableGrants tries everything
// by everybody: at a place of each area and unit, and for the county.
func TestInspectionsAreMadeSeenAndPlannedByThoseTheTableGrants(t *testing.T) {
	c := newCounty(t)
	at := map[string]org.Target{"MKT234": {Area: "west", Units: []string{"sc"}}, "WC7788": {Area: "east", Units: []string{"cg"}}}
	ids := map[string]string{}
	for code := range at {
		ids[code] = read[inspected](c.as("verifier").post("/api/inspections", looked(map[string]any{"place": code})).want(201)).Inspection.ID
	}
	done := map[bool]int{}
	for _, p := range people {
		for code, target := range at {
			may := granted(p, org.Inspect, target)
			a := c.as(p.login).post("/api/inspections", looked(map[string]any{"place": code}))
			if may && a.status != 201 || !may && a.status != 403 {
				t.Errorf("%s (%s) inspects %s: %d, want %v", p.login, p.role, code, a.status, may)
			}
			done[may]++
			target.Persons = []string{"verifier"}
			see := granted(p, org.SeeInspection, target)
			if a := c.as(p.login).get("/api/inspections/" + ids[code]); see && a.status != 200 || !see && a.status != 404 {
				t.Errorf("%s (%s) reads that of %s: %d, want %v", p.login, p.role, code, a.status, see)
			}
			if list := string(c.as(p.login).get("/api/inspections?limit=200").want(200).body); strings.Contains(list, ids[code]) != see {
				t.Errorf("%s (%s) finds that of %s in the list: want %v", p.login, p.role, code, see)
			}
		}
		for _, area := range []string{"", "west", "east"} {
			may := granted(p, org.PlanInspection, org.Target{Area: area})
			a := c.as(p.login).post("/api/inspection-plans", map[string]any{"name": "每周一次", "kind": "market", "every": "week", "times": 1, "area": area})
			if may && a.status != 201 || !may && a.status != 403 {
				t.Errorf("%s (%s) plans for %q: %d, want %v", p.login, p.role, area, a.status, may)
			}
			if walks := granted(p, org.Inspect, org.Target{Area: area}) || area == "" && somewhere(p, org.Inspect); (c.as(p.login).get("/api/walk?area="+area).status == 200) != walks {
				t.Errorf("%s (%s) walks in %q: want %v", p.login, p.role, area, walks)
			}
		}
		can := read[me](c.as(p.login).get("/api/me").want(200)).Can
		for _, v := range []org.Verb{org.Inspect, org.SeeInspection, org.PlanInspection} {
			own := v == org.SeeInspection // everybody sees their own
			if slices.Contains(can, string(v)) != (own || somewhere(p, v)) {
				t.Errorf("%s (%s) is told they can %v", p.login, p.role, can)
			}
		}
	}
	if done[true] < 10 || done[false] < 10 {
		t.Errorf("the attack was no attack: %v", done)
	}
}

func TestPlansAskCoverageTellsAndAWalkLeads(t *testing.T) {
	c := newCounty(t)
	plan := read[struct{ ID, Every string }](c.as("lead").post("/api/inspection-plans", map[string]any{"name": "市场每日检查", "kind": "market", "every": "day", "times": 1, "role": "inspector"}).want(201))
	due := func(who string) int {
		return read[struct{ Total int }](c.as(who).get("/api/inspections/due").want(200)).Total
	}
	if due("inspector") != 1 || due("boss") != 0 {
		t.Errorf("%d and %d are due", due("inspector"), due("boss"))
	}
	type coverage struct {
		All  struct{ Places, Looked, Asked, Kept int }
		Left []struct {
			Place struct{ Code string }
			Asked int
		}
	}
	before := read[coverage](c.as("boss").get("/api/inspections/coverage?days=1").want(200))
	if before.All.Asked != 1 || before.All.Kept != 0 || before.Left[0].Place.Code != "MKT234" || before.Left[0].Asked != 1 {
		t.Errorf("%+v", before)
	}
	c.report("cadre", map[string]any{"place": "MKT234", "lat": nil, "lon": nil})
	walk := func(query string) []struct {
		Place struct{ Code string }
		Open  int
	} {
		return items[struct {
			Place struct{ Code string }
			Open  int
		}](c.as("chief").get("/api/walk?" + query).want(200))
	}
	if got := walk("area=west&lat=22&lon=103&n=3"); len(got) != 1 || got[0].Place.Code != "MKT234" || got[0].Open != 1 {
		t.Errorf("%+v", got)
	}
	c.as("inspector").post("/api/inspections", looked(nil)).want(201)
	if got := walk("area=west"); len(got) != 0 || due("inspector") != 0 {
		t.Errorf("%+v, %d due", got, due("inspector"))
	}
	after := read[coverage](c.as("boss").get("/api/inspections/coverage?days=1").want(200))
	if after.All.Looked != 1 || after.All.Kept != 1 {
		t.Errorf("%+v", after)
	}
	c.as("boss").get("/api/inspections/coverage?days=0").refused(422, "input.invalid")
	c.as("boss").get("/api/walk?lat=a&lon=1").refused(422, "input.invalid")
	c.as("boss").get("/api/walk?lat=200&lon=1").refused(422, "walk.start")
	c.as("boss").get("/api/vectors?area=nowhere").refused(404, "area.none")
	c.as("lead").post("/api/inspection-plans/"+plan.ID+"/end", map[string]any{}).want(200)
	c.as("lead").post("/api/inspection-plans/"+newKey()+"/end", map[string]any{}).refused(404, "plan.none")
	if n := len(items[struct{ ID string }](c.as("boss").get("/api/inspection-plans").want(200))); n != 0 {
		t.Errorf("%d plans are still in force", n)
	}
}

func TestChecklistsCountAndVectorsAreGradedByTheirSum(t *testing.T) {
	c := newCounty(t)
	lists := items[struct {
		Kind, Name string
		Lines      []struct{ Line, Text, Clause, Title, Problem string }
		Measures   []struct{ Measure, Limit, Checked string }
	}](c.as("cadre").get("/api/checklists").want(200))
	at := slices.IndexFunc(lists, func(l struct {
		Kind, Name string
		Lines      []struct{ Line, Text, Clause, Title, Problem string }
		Measures   []struct{ Measure, Limit, Checked string }
	}) bool {
		return l.Name == "农贸市场"
	})
	if at < 0 || len(lists[at].Lines) != 15 || lists[at].Lines[3].Problem == "" || lists[at].Measures[0].Checked != "unconfirmed" {
		t.Fatalf("%+v", lists)
	}
	for n, found := range []int{4, 0} {
		c.as("inspector").post("/api/inspections", map[string]any{"place": "MKT234", "purpose": "round", "lines": []any{}, "note": fmt.Sprint("第", n, "次"),
			"counts": []map[string]any{{"measure": "vector-c:rat-indoor", "found": found, "base": 50}}}).want(201)
	}
	got := read[struct {
		Places  int
		Surveys []struct {
			Pests []struct {
				Measures []struct {
					Quantities []struct {
						Found, Base                  int
						Value, Grade, Limit, Checked string
					}
				}
			}
		}
	}](c.as("boss").get("/api/vectors?days=1").want(200))
	if got.Places != 1 || len(got.Surveys) != 1 {
		t.Fatalf("%+v", got)
	}
	if q := got.Surveys[0].Pests[0].Measures[1].Quantities[0]; q.Found != 4 || q.Base != 100 || q.Value != "4" || q.Grade != "C" || q.Checked != "unconfirmed" {
		t.Errorf("%+v", q)
	}
}
