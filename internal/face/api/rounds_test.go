package api_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"chuangwei/internal/register/org"
)

type roundSaid struct {
	ID, State, Seal, Seed, Score, Verdict, Pass string
	Spots, Visited                              int
	Estimate                                    *struct{ Expected, Low, High, Error string }
}

// round is the body of a mock round whose one expert with a sign-in is the inspector.
func round(change map[string]any) map[string]any {
	out := map[string]any{"name": "第一次模拟评估", "kind": "mock", "pack": "county-2021", "from_on": "2026-11-23", "to_on": "2026-11-25",
		"experts": []map[string]any{{"name": "吕巡查", "person": "inspector"}, {"name": "外请专家", "chapters": []string{"1"}}}}
	for k, v := range change {
		out[k] = v
	}
	return out
}

// judging is a round under way, planned by the shift lead.
func (c *county) judging() string {
	c.t.Helper()
	id := read[roundSaid](c.as("lead").post("/api/rounds", round(nil)).want(201)).ID
	c.as("lead").post("/api/rounds/"+id+"/begin", map[string]any{"draw": true}).want(200)
	return id
}

// rest says of every line that was not judged that it was seen.
func (c *county) rest(id string) {
	c.t.Helper()
	type part struct {
		Chapters []struct {
			Lines []struct{ Line, State, Style string }
		}
	}
	marks := []map[string]any{}
	for _, ch := range read[part](c.as("lead").get("/api/rounds/" + id + "/result").want(200)).Chapters {
		for _, l := range ch.Lines {
			if l.State == "open" && l.Style != "formula" {
				marks = append(marks, map[string]any{"what": "line", "ref": l.Line, "value": "seen"})
			}
		}
	}
	c.as("lead").post("/api/rounds/"+id+"/marks", map[string]any{"expert": "e1", "marks": marks}).want(201)
}

func TestARoundGoesFromItsPlanToCasesThroughTheContract(t *testing.T) {
	c := newCounty(t)
	planned := read[roundSaid](c.as("lead").post("/api/rounds", round(nil)).want(201))
	if planned.State != "planned" || planned.Seed != "" || len(planned.Seal) != 64 || planned.Pass != "800" {
		t.Fatalf("%+v", planned)
	}
	at := "/api/rounds/" + planned.ID
	c.as("inspector").post(at+"/visits", map[string]any{"expert": "e1", "place": "MKT234", "findings": []any{}}).refused(409, "round.not_begun")
	begun := read[roundSaid](c.as("lead").post(at+"/begin", map[string]any{"draw": true}).want(200))
	if begun.State != "judging" || begun.Seed == "" || begun.Spots != 2 {
		t.Fatalf("%+v", begun)
	}
	photo := c.photo("inspector")
	visit := map[string]any{"expert": "e1", "place": "mkt234", "photos": []string{photo}, "findings": []map[string]any{
		{"check": "market-4", "times": 4, "note": "东门", "photos": []string{photo}}, {"line": "3-market-f", "times": 1, "note": "活禽无隔离"}}}
	key := newKey()
	first := c.as("inspector").with("Idempotency-Key", key).post(at+"/visits", visit).want(201)
	if again := c.as("inspector").with("Idempotency-Key", key).post(at+"/visits", visit).want(201); !bytes.Equal(first.body, again.body) || c.count("round_findings") != 2 {
		t.Errorf("%d findings after the second time", c.count("round_findings"))
	}
	c.as("boss").get("/api/photos/" + photo).want(200)
	c.as("cadre").get("/api/photos/"+photo).refused(404, "photo.none")
	c.as("lead").post(at+"/marks", map[string]any{"expert": "e2", "marks": []map[string]any{{"what": "paper", "ref": "1.1", "value": "missing", "note": "缺纪要"}}}).want(201)
	sheets := items[struct {
		Expert struct{ ID string }
		Lines  []struct{ Line string }
		Kinds  []struct {
			Kind string
			Asks []struct{ Check, Line, Costs string }
		}
		Findings []struct{ ID string }
	}](c.as("inspector").get("/api/sheets/mine").want(200))
	if len(sheets) != 1 || len(sheets[0].Lines) != 90 || len(sheets[0].Findings) != 2 {
		t.Fatalf("%d sheets", len(sheets))
	}
	c.as("lead").post(at+"/finish", map[string]any{}).refused(409, "round.open")
	c.rest(planned.ID)
	done := read[roundSaid](c.as("lead").post(at+"/finish", map[string]any{"leave_open": true}).want(200))
	if done.State != "finished" || done.Verdict != "undecided" {
		t.Errorf("%+v", done)
	}
	if proof := read[struct{ Kept, Same bool }](c.as("boss").get(at + "/recount").want(200)); !proof.Kept || !proof.Same {
		t.Errorf("%+v", proof)
	}
	type lossItem struct {
		Loss struct{ ID, Text, Points string }
		Plan *struct {
			Owner *struct{ Name string }
			DueOn string `json:"due_on"`
		}
		Case *struct{ No string }
	}
	type losses struct {
		Progress struct{ Losses, Settled, Open int }
		Items    []lossItem
	}
	list := read[losses](c.as("lead").get(at + "/losses").want(200))
	if list.Progress.Losses != 3 || slices.ContainsFunc(list.Items[1:], func(x lossItem) bool { return x.Plan == nil || x.Plan.Owner == nil || x.Plan.DueOn == "" }) {
		t.Fatalf("%+v", list)
	}
	choices := []map[string]any{}
	for _, x := range list.Items {
		choices = append(choices, map[string]any{"loss": x.Loss.ID, "outcome": "case"})
	}
	c.as("lead").post(at+"/losses", map[string]any{"losses": choices}).want(200)
	c.as("lead").post(at+"/losses", map[string]any{"losses": choices}).want(200)
	list = read[losses](c.as("lead").get(at + "/losses").want(200))
	if list.Progress.Settled != 3 || c.count("cases") != 3 || list.Items[0].Case == nil {
		t.Errorf("%d cases, %+v", c.count("cases"), list.Progress)
	}
	judged := read[struct {
		Losses []struct {
			Style  string
			Judged []struct{ Pack, Rule string }
		}
	}](c.as("boss").get(at + "/result").want(200))
	if i := slices.IndexFunc(judged.Losses, func(l struct {
		Style  string
		Judged []struct{ Pack, Rule string }
	}) bool {
		return len(l.Judged) > 0
	}); i < 0 || judged.Losses[i].Judged[0].Pack != "secret-visit-1000" || !strings.Contains(judged.Losses[i].Judged[0].Rule, "0.2") {
		t.Errorf("no finding says how another standard counts it: %+v", judged.Losses)
	}
	type estimate struct {
		Expected, Low, High, Points string
		Lines                       []struct{ Line, Why string }
		Past                        []roundSaid
	}
	if e := read[estimate](c.as("boss").get("/api/estimate?pack=county-2021").want(200)); len(e.Lines) != 90 || e.Lines[0].Why == "" || len(e.Past) != 1 || e.Past[0].Estimate.Error == "" || e.Points != "1000" {
		t.Errorf("%+v", e)
	}
	c.as("cadre").get("/api/estimate?pack=county-2021").refused(403, "denied.assess.see")
	c.as("boss").get("/api/estimate?pack=vector-c").refused(422, "round.no_sheet")
	if cmp := read[struct{ Lines []struct{ Turn string } }](c.as("boss").get(at + "/compare?with=" + planned.ID).want(200)); len(cmp.Lines) != 90 {
		t.Errorf("%d lines are compared", len(cmp.Lines))
	}
}

func TestARoundTakesOnlyWhatTheContractHas(t *testing.T) {
	c := newCounty(t)
	at := "/api/rounds/" + c.judging()
	sum := strings.Repeat("0", 64)
	for name, x := range map[string]struct{ path, body, field string }{
		"an unknown field":            {at + "/visits", `{"expert":"e1","place":"MKT234","findings":[{"times":1,"check":"market-4","colour":"red"}]}`, "colour"},
		"no times":                    {at + "/visits", `{"expert":"e1","place":"MKT234","findings":[{"check":"market-4"}]}`, "times"},
		"a thousand times":            {at + "/visits", `{"expert":"e1","place":"MKT234","findings":[{"check":"market-4","times":1000}]}`, "findings"},
		"neither check nor line":      {at + "/visits", `{"expert":"e1","place":"MKT234","findings":[{"times":1}]}`, "findings"},
		"a line without words":        {at + "/visits", `{"expert":"e1","place":"MKT234","findings":[{"times":1,"line":"3-market-f"}]}`, "findings"},
		"a photo not named on top":    {at + "/visits", `{"expert":"e1","place":"MKT234","findings":[{"times":1,"check":"market-4","photos":["` + sum + `"]}]}`, "findings"},
		"a finding that is null":      {at + "/visits", `{"expert":"e1","place":"MKT234","findings":[null]}`, "findings"},
		"a NUL":                       {at + "/visits", `{"expert":"e1","place":"MKT234","findings":[],"note":"\u0000"}`, "note"},
		"points that are no number":   {at + "/marks", `{"expert":"e1","marks":[{"what":"line","ref":"1-p","value":"seen","points":"many"}]}`, "marks"},
		"a paper of another standard": {at + "/marks", `{"expert":"e1","marks":[{"what":"paper","ref":"1-look.1","value":"missing"}]}`, "marks"},
		"absent without a reason":     {at + "/marks", `{"expert":"e1","marks":[{"what":"line","ref":"1-p","value":"absent"}]}`, "marks"},
		"no marks":                    {at + "/marks", `{"expert":"e1","marks":[]}`, "marks"},
		"a round without a name":      {"/api/rounds", `{"name":" ","kind":"mock","pack":"county-2021","from_on":"2026-11-23","to_on":"2026-11-25","experts":[{"name":"a"}]}`, "name"},
		"a round without experts":     {"/api/rounds", `{"name":"a","kind":"mock","pack":"county-2021","from_on":"2026-11-23","to_on":"2026-11-25","experts":[]}`, "experts"},
		"a round that ends before":    {"/api/rounds", `{"name":"a","kind":"mock","pack":"county-2021","from_on":"2026-11-23","to_on":"2026-11-22","experts":[{"name":"a"}]}`, "to_on"},
		"a sample from the moon":      {"/api/rounds", `{"name":"a","kind":"mock","pack":"county-2021","from_on":"2026-11-23","to_on":"2026-11-25","experts":[{"name":"a"}],"wants":[{"kind":"moon","n":1}]}`, "wants"},
		"too large a sample":          {"/api/rounds", `{"name":"a","kind":"mock","pack":"county-2021","from_on":"2026-11-23","to_on":"2026-11-25","experts":[{"name":"a"}],"wants":[{"kind":"road","n":9223372036854775807}]}`, "wants"},
		"a pack without a sheet":      {"/api/rounds", `{"name":"a","kind":"mock","pack":"vector-c","from_on":"2026-11-23","to_on":"2026-11-25","experts":[{"name":"a"}]}`, "pack"},
		"a figure that is none":       {"/api/indicators", `{"pack":"county-2021","indicator":"satisfaction","value":"9e9","on":"2026-11-01","source":"年报"}`, "value"},
		"a figure of tomorrow":        {"/api/indicators", `{"pack":"county-2021","indicator":"satisfaction","value":"90","on":"2026-11-24","source":"年报"}`, "on"},
		"a figure from nowhere":       {"/api/indicators", `{"pack":"county-2021","indicator":"satisfaction","value":"90","on":"2026-11-23","source":" "}`, "source"},
	} {
		p := c.as("lead").postRaw(x.path, x.body).want(422).problem()
		if !slices.Contains(p.names(), x.field) || leaks(p.Title) {
			t.Errorf("%s: %+v", name, p)
		}
	}
	if c.count("round_findings")+c.count("round_marks")+c.count("indicator_values") != 0 || c.count("rounds") != 1 {
		t.Error("something was kept")
	}
	c.as("lead").get("/api/rounds/"+newKey()).refused(404, "round.none")
	c.as("lead").get(at+"/sheets/e9").refused(404, "round.no_expert")
	c.as("lead").get(at+"/losses").refused(409, "round.not_finished")
	c.as("lead").get(at+"/recount").refused(409, "round.not_finished")
	c.as("lead").get(at+"/compare?with=x").refused(404, "round.none")
	c.as("lead").get("/api/indicators?pack=moon").refused(404, "pack.none")
}

// TestRoundsAreSeenPlannedAndJudgedByThoseTheTableGrants tries everything by everybody.
func TestRoundsAreSeenPlannedAndJudgedByThoseTheTableGrants(t *testing.T) {
	c := newCounty(t)
	id := c.judging()
	at := "/api/rounds/" + id
	mine := org.Target{Persons: []string{"inspector"}}
	tried := map[bool]int{}
	for _, p := range people {
		see, plans := granted(p, org.SeeRound, mine), granted(p, org.PlanRound, org.Target{})
		for _, path := range []string{"", "/result", "/sheets/e1"} {
			if a := c.as(p.login).get(at + path); see && a.status != 200 || !see && a.status != 404 {
				t.Errorf("%s (%s) reads %s: %d, want %v", p.login, p.role, path, a.status, see)
			}
		}
		if list := string(c.as(p.login).get("/api/rounds").want(200).body); strings.Contains(list, id) != see {
			t.Errorf("%s (%s) finds it in the list: want %v", p.login, p.role, see)
		}
		for expert, target := range map[string]org.Target{"e1": mine, "e2": {}} {
			may := granted(p, org.JudgeRound, target)
			tried[may]++
			for path, body := range map[string]any{"/visits": map[string]any{"expert": expert, "place": "MKT234", "findings": []any{}},
				"/marks": map[string]any{"expert": expert, "marks": []map[string]any{{"what": "line", "ref": "1-p", "value": "seen"}}}} {
				if a := c.as(p.login).post(at+path, body); may && a.status != 201 || !may && a.status != 403 && (see || a.status != 404) {
					t.Errorf("%s (%s) judges as %s at %s: %d, want %v", p.login, p.role, expert, path, a.status, may)
				}
			}
		}
		for path, body := range map[string]any{"/api/rounds": round(map[string]any{"name": fmt.Sprint("由", p.login)}), at: round(nil), at + "/places": map[string]any{"add": []string{"WC7788"}}} {
			if a := c.as(p.login).post(path, body); plans && a.status/100 != 2 || !plans && a.status != 403 && a.status != 404 {
				t.Errorf("%s (%s) plans at %s: %d, want %v", p.login, p.role, path, a.status, plans)
			}
		}
		// satisfaction belongs to a clause the aiweiban leads, of which this county has none: the county reach only
		may := granted(p, org.Measure, org.Target{})
		if a := c.as(p.login).post("/api/indicators", map[string]any{"pack": "county-2021", "indicator": "satisfaction", "value": "91.5", "on": "2026-11-20", "source": "调查"}); may && a.status != 201 || !may && a.status != 403 {
			t.Errorf("%s (%s) records a figure: %d, want %v", p.login, p.role, a.status, may)
		}
	}
	if tried[true] < 5 || tried[false] < 20 {
		t.Errorf("the attack was no attack: %v", tried)
	}
	c.as("inspector").post(at+"/finish", map[string]any{"leave_open": true}).refused(403, "denied.assess.plan")
	c.rest(id)
	c.as("lead").post(at+"/finish", map[string]any{"leave_open": true}).want(200)
	for _, p := range people {
		may := granted(p, org.Dispatch, org.Target{}) && granted(p, org.SeeRound, mine)
		if a := c.as(p.login).post(at+"/losses", map[string]any{"losses": []map[string]any{{"loss": "x", "outcome": "case"}}}); may && a.status != 422 || !may && a.status != 403 && a.status != 404 {
			t.Errorf("%s (%s) settles: %d, want %v", p.login, p.role, a.status, may)
		}
	}
	c.as("lead").post(at+"/marks", map[string]any{"expert": "e1", "marks": []map[string]any{{"what": "line", "ref": "1-p", "value": "seen"}}}).refused(409, "round.finished")
	c.as("lead").post(at, round(nil)).refused(409, "round.finished")
}

func FuzzVisit(f *testing.F) {
	f.Add(`{"expert":"e1","place":"MKT234","findings":[{"check":"market-4","times":3,"note":"东门"}]}`)
	f.Add(`{"expert":"e1","place":"NOWHERE","findings":[],"made_at":-1}`)
	f.Add(`{"expert":"","place":"","findings":[{"times":9223372036854775807,"line":"3-market-f","note":"x"}]}`)
	c := newCounty(f)
	at := "/api/rounds/" + c.judging()
	inspector := c.as("inspector")
	f.Fuzz(func(t *testing.T, body string) {
		inspector.in(t).postRaw(at+"/visits", body).calm()
		inspector.in(t).postRaw(at+"/marks", body).calm()
	})
}
