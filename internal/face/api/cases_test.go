package api_test

import (
	"fmt"
	"testing"
)

// view is the part of a case the tests look at.
type view struct {
	ID, No, State, Text, Kind, Address, Finder, Channel, Ask, Thumb string
	KindName                                                        string `json:"kind_name"`
	PlaceCode                                                       string `json:"place_code"`
	Block                                                           string `json:"block_reason"`
	MergedInto                                                      string `json:"merged_into"`
	DueOn                                                           string `json:"due_on"`
	Area, Unit, Owner, Place                                        struct{ ID, Name string }
	Flags                                                           []string
	DueAt                                                           int64 `json:"due_at"`
	ReportedAt                                                      int64 `json:"reported_at"`
	ClosedAt                                                        int64 `json:"closed_at"`
	Ladder, Reworks, Relapses, Refusals                             int
	Version                                                         int64
}

// full is one case as the screen of it sees it.
type full struct {
	Case    view
	Reasons []struct{ About, Said string }
	Photos  []struct {
		Sum, Role, By string
		TakenAt       int64 `json:"taken_at"`
	}
	Steps []struct {
		Kind, Who, Said, Note string
		Photos                []string
	}
	Moves        []string
	Helpers      []struct{ ID, Name string }
	Clauses      []struct{ ID, Title string }
	Chief, Owner *struct{ ID, Phone string }
	WhyNotVerify string `json:"why_not_verify"`
	DueWhy       string `json:"due_why"`
	Ask          *struct {
		Kind, Reason, Note, By string
		UntilOn                string `json:"until_on"`
	}
}

// body is a report of waste beside a road in the west, or as changed.
func (c *county) body(change map[string]any) map[string]any {
	out := map[string]any{"text": "路边有垃圾", "kind": "env.exposed-waste", "lat": 22.05, "lon": 103.01 + float64(c.next())*0.001, "photos": []string{}}
	for k, v := range change {
		if out[k] = v; v == nil {
			delete(out, k)
		}
	}
	return out
}

// report reports as somebody, and the report must be taken.
func (c *county) report(login string, change map[string]any) view {
	c.t.Helper()
	return read[view](c.as(login).post("/api/cases", c.body(change)).want(201))
}

// move makes a move that must succeed.
func (c *county) move(login, id, name string, more map[string]any) view {
	c.t.Helper()
	return read[view](c.tryMove(login, id, name, more).want(200))
}

func (c *county) tryMove(login, id, name string, more map[string]any) answer {
	c.t.Helper()
	body := map[string]any{"move": name}
	for k, v := range more {
		body[k] = v
	}
	return c.as(login).post(fmt.Sprintf("/api/cases/%s/moves", id), body)
}

// open is a case in full, as somebody sees it.
func (c *county) open(login, id string) full {
	c.t.Helper()
	return read[full](c.as(login).get("/api/cases/" + id).want(200))
}

func TestAReportIsRoutedToOneOwnerWithADay(t *testing.T) {
	c := newCounty(t)
	k := c.report("inspector", map[string]any{"address": "老街口"})
	if k.State != "assigned" || k.Area.ID != "west" || k.Unit.Name != "城管局" || k.Owner.ID != "wang" || k.DueOn != "2026-11-23" || k.No != "2026-00001" {
		t.Errorf("case %+v", k)
	}
	if k.Finder != "吕巡查" || k.Channel != "inspector" || k.KindName != "暴露垃圾" || k.Address != "老街口" || k.Version != 1 {
		t.Errorf("case %+v", k)
	}
	f := c.open("desk", k.ID)
	if f.Case.ID != k.ID || len(f.Steps) != 2 || f.Steps[0].Who != "吕巡查" || len(f.Clauses) == 0 || f.Chief.ID != "chief" || f.Owner.Phone != "139wang" || f.DueWhy == "" {
		t.Errorf("full %+v", f)
	}
	said := map[string]bool{}
	for _, r := range f.Reasons {
		said[r.About] = r.Said != ""
	}
	for _, about := range []string{"area", "kind", "unit", "owner", "due"} {
		if !said[about] {
			t.Errorf("no reason for %s in %+v", about, f.Reasons)
		}
	}
}

func TestAReportAtAPlaceKnowsWhereItIs(t *testing.T) {
	c := newCounty(t)
	k := c.report("wu", map[string]any{"place": "mkt234", "lat": nil, "lon": nil, "kind": nil})
	if k.State != "reported" || k.Place.ID != "market" || k.PlaceCode != "MKT234" || k.Area.ID != "west" || k.Address != "老街1号" || k.KindName != "类型待定" || k.Channel != "cadre" {
		t.Errorf("case %+v", k)
	}
}

func TestTheChannelSaysInWhatCapacitySomebodyReports(t *testing.T) {
	c := newCounty(t)
	for login, want := range map[string]string{"inspector": "inspector", "chief": "chief", "desk": "centre", "intake": "centre", "wang": "cadre"} {
		if k := c.report(login, nil); k.Channel != want {
			t.Errorf("%s reports as %s", login, k.Channel)
		}
	}
}

func TestAPositionInAnotherDatumIsStraightened(t *testing.T) {
	c := newCounty(t)
	// 300 m east of the border in GCJ-02 is west of it in WGS-84.
	k := c.report("inspector", map[string]any{"lat": 22.05, "lon": 103.1005, "datum": "gcj02"})
	if k.Area.ID != "west" {
		t.Errorf("falls in %s", k.Area.ID)
	}
	if plain := c.report("inspector", map[string]any{"lat": 22.05, "lon": 103.1005}); plain.Area.ID != "east" {
		t.Errorf("without a datum it falls in %s", plain.Area.ID)
	}
}

func TestACaseSpeaksTheReadersLanguage(t *testing.T) {
	c := newCounty(t)
	k := c.report("inspector", nil)
	zh, en := c.open("desk", k.ID), read[full](c.as("desk").with("Accept-Language", "en").get("/api/cases/"+k.ID).want(200))
	if zh.Case.KindName != "暴露垃圾" || en.Case.KindName != "Exposed waste" {
		t.Errorf("kinds %q and %q", zh.Case.KindName, en.Case.KindName)
	}
	if zh.Steps[0].Said != "上报" || en.Steps[0].Said != "reported" || zh.DueWhy == en.DueWhy || zh.Reasons[0].Said == en.Reasons[0].Said {
		t.Errorf("told %+v and %+v", zh.Steps[0], en.Steps[0])
	}
}
