package api_test

import (
	"context"
	"log/slog"
	"testing"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/job"
	"chuangwei/internal/plan/roster"
	"chuangwei/internal/register/org"
)

type rosterRow struct {
	Name  string
	ID    string
	Least int `json:"least_rest"`
	Rules roster.Rules
	Plan  *struct{ Cost, Bound int64 }
	Trial *struct{ Cost, Bound int64 }
	Run   struct {
		State string
		Seats int
	}
	Version int64
}

// think does the searches that wait.
func (c *county) think() {
	c.t.Helper()
	w := &job.Worker{DB: c.db, Log: slog.New(slog.DiscardHandler), Handlers: map[string]job.Handler{roster.SolveJob: roster.Solving}}
	if did, err := w.Once(context.Background()); !did || err != nil {
		c.t.Fatalf("no search ran: %v", err)
	}
}

func TestARosterIsTriedKeptExplainedAndPublished(t *testing.T) {
	c := newCounty(t)
	for _, p := range people {
		skills := []string{}
		if p.unit == "zx" {
			skills = []string{"leader"}
		}
		c.as("lead").post("/api/roster-people/"+p.login, map[string]any{"skills": skills, "home": "west"}).want(204)
	}
	c.as("grid").post("/api/wishes", map[string]any{"on": "2026-12-01", "likes": -1}).want(204)
	if list := items[struct{ On string }](c.as("grid").get("/api/wishes")); len(list) != 1 {
		t.Errorf("wishes %+v", list)
	}
	made := read[rosterRow](c.as("lead").post("/api/rosters", map[string]any{"name": "第一批", "from_on": "2026-11-30", "to_on": "2026-12-02"}).want(201))
	at := "/api/rosters/" + made.ID
	rules := made.Rules
	rules.Needs = []roster.Need{{Areas: []string{"west"}, Days: "all", Shifts: []int{}, Size: 2}}
	rules.Presence = 20
	if rules.Rest < made.Least || made.Least == 0 {
		t.Errorf("usual rules rest %d hours, of %d at least", rules.Rest, made.Least)
	}
	c.as("lead").post(at+"/keep", map[string]any{}).refused(409, "roster.no_trial")
	c.as("lead").post(at+"/try", map[string]any{"rules": rules, "mode": "new", "seconds": 1}).want(200)
	c.as("lead").post(at+"/try", map[string]any{"rules": rules, "mode": "new", "seconds": 1}).refused(409, "roster.running")
	c.think()
	got := read[rosterRow](c.as("lead").get(at).want(200))
	if got.Run.State != "found" || got.Run.Seats != 3*2*2 || got.Trial == nil || got.Trial.Bound > got.Trial.Cost {
		t.Fatalf("the search ended %+v", got)
	}
	type squad struct {
		Key    string
		People []struct{ ID string }
	}
	squads := items[squad](c.as("lead").get(at + "/squads?plan=trial&from=2026-11-30&to=2026-12-02"))
	if len(squads) != 6 || len(squads[0].People) != 2 {
		t.Fatalf("squads %+v", squads)
	}
	why := read[struct {
		Seated bool
		Said   []string
	}](c.as("lead").get(at + "/why?plan=trial&person=" + squads[0].People[0].ID + "&squad=" + squads[0].Key).want(200))
	if !why.Seated || len(why.Said) == 0 {
		t.Errorf("why: %+v", why)
	}
	share := read[struct{ Times []int }](c.as("lead").get(at + "/share?plan=trial").want(200))
	total := 0
	for n, people := range share.Times {
		total += n * people
	}
	if total != 12 {
		t.Errorf("%v add up to %d duties", share.Times, total)
	}
	c.as("lead").post(at+"/keep", map[string]any{"version": got.Version - 1}).refused(409, "roster.changed")
	c.as("lead").post(at+"/keep", map[string]any{"version": got.Version}).want(200)
	done := read[struct{ Made int }](c.as("lead").post(at+"/publish", map[string]any{"from": "2026-11-30", "to": "2026-12-02"}).want(200))
	if n := len(items[dutyRow](c.as("lead").get("/api/duties?from=2026-11-30&to=2026-12-02&roster=" + made.ID))); done.Made != 6 || n != 6 {
		t.Errorf("published %+v, %d duties", done, n)
	}
	other := read[rosterRow](c.as("lead").post("/api/rosters", map[string]any{"name": "第二批", "from_on": "2026-12-03", "to_on": "2026-12-04"}).want(201))
	if named := read[rosterRow](c.as("lead").post("/api/rosters/"+other.ID+"/rename", map[string]any{"name": "第三批"}).want(200)); named.Name != "第三批" {
		t.Errorf("renamed %+v", named)
	}
	c.as("lead").post("/api/rosters/"+other.ID+"/remove", map[string]any{}).want(204)
	c.as("lead").post(at+"/remove", map[string]any{}).refused(409, "roster.published")
	type listed struct {
		rosterRow
		Kept        bool
		PublishedTo string `json:"published_to"`
	}
	if list := items[listed](c.as("lead").get("/api/rosters")); len(list) != 1 || list[0].Run.State != "" || !list[0].Kept || list[0].PublishedTo != "2026-12-02" {
		t.Errorf("rosters %+v", list)
	}
}

func TestRostersArePlannedByThoseTheTableGrantsIt(t *testing.T) {
	c := newCounty(t)
	made := read[rosterRow](c.as("lead").post("/api/rosters", map[string]any{"name": "第一批", "from_on": "2026-11-30", "to_on": "2026-12-02"}).want(201))
	at := "/api/rosters/" + made.ID
	for _, p := range people {
		may := granted(p, org.PlanRoster, org.Target{})
		for path, code := range map[string]int{"/api/rosters": 200, at: 200, "/api/roster-people": 200, at + "/squads": 404, at + "/share": 404, at + "/why": 404} {
			if a := c.as(p.login).get(path); may {
				a.want(code)
			} else {
				a.refused(403, "denied.roster.plan")
			}
		}
		if may {
			continue
		}
		for path, body := range map[string]any{"/keep": map[string]any{}, "/drop": map[string]any{}, "/stop": map[string]any{}, "/remove": map[string]any{}, "/rename": map[string]any{"name": "别的"},
			"/publish": map[string]any{"from": "2026-11-30", "to": "2026-11-30"}, "/try": map[string]any{"rules": made.Rules, "mode": "new", "seconds": 1}} {
			c.as(p.login).post(at+path, body).refused(403, "denied.roster.plan")
		}
		c.as(p.login).post("/api/roster-people/wang", map[string]any{"skills": []string{"leader"}}).refused(403, "denied.roster.plan")
	}
	c.read(func(tx *db.Tx) error {
		book, err := org.SkillBook(tx)
		if len(book) != 0 {
			t.Errorf("somebody has skills: %v", book)
		}
		return err
	})
}
