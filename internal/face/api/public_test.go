package api_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"chuangwei/internal/flow/cases"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/job"
)

type followed struct {
	Code, State, Said, Place, Unit, Text string
	DueOn                                string `json:"due_on"`
	ReportedAt                           int64  `json:"reported_at"`
	Steps                                []struct {
		At   int64
		Said string
	}
}

// residentSays sends a resident's report and returns its code.
func (c *county) residentSays(change map[string]any) string {
	c.t.Helper()
	body := c.body(change)
	delete(body, "address")
	got := read[struct{ Code, Text string }](c.nobody().post("/api/public/reports", body).want(201))
	if len(got.Code) != 8 || !strings.Contains(got.Text, got.Code) {
		c.t.Fatalf("receipt %+v", got)
	}
	return got.Code
}

// follow is what a resident learns, in Chinese; whatever the language, it must
// not say who, nor show a photo.
func (c *county) follow(code string) (out followed) {
	c.t.Helper()
	for _, lang := range []string{"en", "zh"} {
		a := c.nobody().with("Accept-Language", lang).get("/api/public/reports/" + code).want(200)
		for _, p := range people {
			if strings.Contains(string(a.body), p.name) || strings.Contains(string(a.body), "139"+p.login) || strings.Contains(string(a.body), `"`+p.login+`"`) {
				c.t.Errorf("a resident learns of %s: %s", p.name, a.body)
			}
		}
		if strings.Contains(string(a.body), "photo") || strings.Contains(string(a.body), "2026-0000") || strings.Contains(string(a.body), "机密") {
			c.t.Errorf("a resident sees too much: %s", a.body)
		}
		out = read[followed](a)
	}
	return out
}

// caseOf finds the case behind a code.
func (c *county) caseOf(code string) (out cases.Case) {
	c.t.Helper()
	c.read(func(tx *db.Tx) (err error) { out, err = cases.ByCode(tx, code); return err })
	return out
}

func TestAPlaceShowsResidentsWhatTheyNeed(t *testing.T) {
	c := newCounty(t)
	v := read[struct {
		Code, Name, Address string
		Kinds               []struct{ ID, Name, Lead string }
	}](c.nobody().get("/api/public/places/mkt234").want(200))
	if v.Code != "MKT234" || v.Name != "老街农贸市场" || v.Address != "老街1号" || len(v.Kinds) != 9 || v.Kinds[0].Lead != "" {
		t.Errorf("place %+v", v)
	}
	c.nobody().get("/api/public/places/NOWHERE").refused(404, "place.none")
}

func TestAResidentReportsAndFollows(t *testing.T) {
	c := newCounty(t)
	photo := picture(40)
	c.nobody().upload(photo, nil).want(204)
	code := c.residentSays(map[string]any{"place": "WC7788", "lat": nil, "lon": nil, "text": "公厕很脏", "photos": []string{photo.sum}, "phone": "13900001111"})
	v := c.follow(" " + strings.ToLower(code) + " ")
	if v.Code != code || v.State != "working" || v.Unit == "" || v.Place != "南门公厕" || v.DueOn == "" || v.Text != "公厕很脏" || len(v.Steps) != 2 || !strings.Contains(v.Said, v.Unit) {
		t.Errorf("followed %+v", v)
	}
	k := c.caseOf(code)
	if k.Contact != "13900001111" || k.FinderID != "resident" || k.Channel != "resident" {
		t.Errorf("case %+v", k)
	}
	for _, login := range []string{"boss", k.OwnerID} {
		if a := c.as(login).get("/api/cases/" + k.ID).want(200); strings.Contains(string(a.body), "13900001111") {
			t.Errorf("%s sees the resident's number: %s", login, a.body)
		}
	}
}

// TestAResidentNeverLearnsAName walks the whole life; follow looks for names at
// every stage.
func TestAResidentNeverLearnsAName(t *testing.T) {
	c := newCounty(t)
	code := c.residentSays(map[string]any{"kind": nil, "place": "WC7788", "lat": nil, "lon": nil})
	id := c.caseOf(code).ID
	at := func(stage, state string) followed {
		t.Helper()
		v := c.follow(code)
		if v.State != state {
			t.Errorf("%s: %+v", stage, v)
		}
		return v
	}
	fixed := func() map[string]any {
		return map[string]any{"photos": []string{c.photo("li")}, "note": "机密：李红梅已处理"}
	}
	secret := map[string]any{"note": "机密：请王建国处理", "reason": "money", "until_on": "2026-12-10"}
	if v := at("reported", "received"); v.Unit != "" || v.DueOn != "" {
		t.Errorf("reported: %+v", v)
	}
	c.move("desk", id, "assign", map[string]any{"to_person": "wang", "kind": "env.exposed-waste", "note": "机密"})
	if v := at("assigned", "working"); v.Unit != "城管局" || v.DueOn != "2026-11-23" {
		t.Errorf("assigned: %+v", v)
	}
	c.move("wang", id, "return", map[string]any{"note": "机密：应由李红梅办"})
	at("returned", "working")
	c.move("desk", id, "assign", map[string]any{"to_person": "li"})
	c.move("li", id, "accept", nil)
	c.move("li", id, "ask_extension", secret)
	at("asked", "working")
	c.move("lead", id, "refuse", secret)
	c.move("li", id, "block", secret)
	c.move("boss", id, "agree", nil)
	at("blocked", "working")
	c.move("boss", id, "resume", nil)
	c.clock.Add(20 * 24 * time.Hour)
	if err := cases.Climbing(context.Background(), c.db, job.Job{}); err != nil {
		t.Fatal(err)
	}
	at("climbed", "working")
	c.move("li", id, "fix", fixed())
	if v := at("fixed", "fixed"); v.DueOn == "" || !strings.Contains(v.Said, "城管局") {
		t.Errorf("fixed: %+v", v)
	}
	c.move("verifier", id, "rework", secret)
	at("reworked", "working")
	c.move("li", id, "fix", fixed())
	c.move("verifier", id, "verify", secret)
	if v := at("closed", "closed"); v.DueOn != "" || v.Steps[len(v.Steps)-1].Said != "核查通过，已办结" {
		t.Errorf("closed: %+v", v)
	}
	c.report("inspector", map[string]any{"place": "WC7788", "lat": nil, "lon": nil})
	v := at("relapsed", "working")
	if !slices.ContainsFunc(v.Steps, func(s struct {
		At   int64
		Said string
	}) bool {
		return s.Said == "再次出现，重新办理"
	}) {
		t.Errorf("relapsed: %+v", v)
	}
}

func TestARejectedReportSaysSo(t *testing.T) {
	c := newCounty(t)
	code := c.residentSays(map[string]any{"kind": nil})
	c.move("desk", c.caseOf(code).ID, "reject", map[string]any{"note": "机密：卫国栋说不办"})
	if v := c.follow(code); v.State != "rejected" || v.Steps[len(v.Steps)-1].Said != "经核实不属于受理范围" {
		t.Errorf("followed %+v", v)
	}
}

func TestAMergedReportFollowsTheCaseItJoined(t *testing.T) {
	c := newCounty(t)
	first := c.report("inspector", map[string]any{"lat": 22.05, "lon": 103.09, "text": "机密：王建国的事"})
	c.clock.Add(time.Minute)
	code := c.residentSays(map[string]any{"lat": 22.05, "lon": 103.09, "text": "桥头垃圾"})
	own := c.caseOf(code)
	c.clock.Add(time.Minute)
	c.move("desk", own.ID, "merge", map[string]any{"into": first.ID})
	if v := c.follow(code); v.State != "working" || v.Text != "桥头垃圾" || v.ReportedAt != own.ReportedAt || v.Steps[0].Said != "收到您的反映" {
		t.Errorf("merged: %+v", v)
	}
	c.move("wang", first.ID, "fix", map[string]any{"photos": []string{c.photo("wang")}})
	c.move("verifier", first.ID, "verify", nil)
	if v := c.follow(code); v.State != "closed" || len(v.Steps) != 3 {
		t.Errorf("closed: %+v", v)
	}
}

func TestWhatComesBackIsFollowedInTheReopenedCase(t *testing.T) {
	c := newCounty(t)
	old := c.closed(map[string]any{"place": "WC7788", "lat": nil, "lon": nil})
	c.clock.Add(time.Hour)
	code := c.residentSays(map[string]any{"place": "WC7788", "lat": nil, "lon": nil})
	if v := c.follow(code); v.State != "working" || v.DueOn == "" || c.caseOf(code).MergedInto != old.ID {
		t.Errorf("followed %+v", v)
	}
}

func TestARepeatedResidentsReportGetsItsFirstCode(t *testing.T) {
	c := newCounty(t)
	resident, body := c.nobody().with("Idempotency-Key", newKey()), c.body(nil)
	first := resident.post("/api/public/reports", body).want(201)
	if again := resident.post("/api/public/reports", body).want(201); string(again.body) != string(first.body) || c.count("cases") != 1 {
		t.Errorf("first %s, then %s", first.body, again.body)
	}
	if signedIn := c.as("wang").post("/api/public/reports", c.body(nil)).want(201); c.caseOf(read[followed](signedIn).Code).FinderID != "resident" {
		t.Error("somebody signed in is named in a resident's report")
	}
}

func TestResidentsReportAsOftenAsIsReasonable(t *testing.T) {
	c := newCounty(t)
	var last answer
	for range 12 {
		if last = c.nobody().post("/api/public/reports", c.body(nil)); last.status == 429 {
			break
		}
		last.want(201)
	}
	last.refused(429, "busy.rate")
	if last.header.Get("Retry-After") != "20" {
		t.Errorf("Retry-After %q", last.header.Get("Retry-After"))
	}
	c.nobody().from("10.0.0.3").post("/api/public/reports", c.body(nil)).want(201)
}

func TestAResidentsReportHasItsOwnBounds(t *testing.T) {
	c := newCounty(t)
	for name, s := range map[string]struct {
		change map[string]any
		field  string
	}{
		"long":        {map[string]any{"text": strings.Repeat("长", 501)}, "text"},
		"four photos": {map[string]any{"photos": []string{picture(1).sum, picture(2).sum, picture(3).sum, picture(4).sum}}, "photos"},
		"a number":    {map[string]any{"phone": strings.Repeat("1", 21)}, "phone"},
		"an address":  {map[string]any{"address": "老街"}, "address"},
		"nothing":     {map[string]any{"text": ""}, "text"},
		"half a spot": {map[string]any{"lon": nil}, "lat"},
	} {
		if p := c.nobody().post("/api/public/reports", c.body(s.change)).refused(422, "input.invalid"); !slices.Contains(p.names(), s.field) {
			t.Errorf("%s: %+v", name, p)
		}
	}
	c.nobody().post("/api/public/reports", c.body(map[string]any{"text": strings.Repeat("长", 500), "phone": "八七六五四三二转一二三"})).want(201)
}

func TestACodeNobodyHasFindsNothing(t *testing.T) {
	c := newCounty(t)
	c.report("inspector", nil) // has no code
	for _, code := range []string{"ABCDEFGH", "%20", "%27%20OR%201=1--", "..%2f..%2fetc", "%f0%a0%ae%b7", strings.Repeat("A", 5000), "%25"} {
		c.nobody().get("/api/public/reports/"+code).refused(404, "case.no_code")
	}
}
