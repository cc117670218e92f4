package inspect_test

import (
	"testing"
	"time"

	"chuangwei/internal/flow/inspect"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/standard"
	"chuangwei/internal/register/standard/pack"
)

func (c *county) plan(p inspect.Plan) {
	c.t.Helper()
	c.write(func(tx *db.Tx) error { _, err := inspect.AddPlan(tx, c.as(tx, "lead"), p); return err })
}

// due counts what is due for somebody on the clock's day, by plan.
func (c *county) due(who string) map[string]int {
	c.t.Helper()
	out := map[string]int{}
	c.read(func(tx *db.Tx) error {
		list, err := inspect.DueFor(tx, c.as(tx, who), calendar.On(tx.Time()))
		for _, d := range list {
			out[d.Plan.ID]++
		}
		return err
	})
	return out
}

func TestAPlanAsksOnItsDaysUntilThePlaceIsLookedAt(t *testing.T) {
	c := newCounty(t)
	c.write(func(tx *db.Tx) error {
		return calendar.SetMarket(tx, org.System, calendar.MarketRule{Weekdays: []int{int(time.Wednesday)}})
	})
	c.plan(inspect.Plan{ID: "p-daily", Name: "市场每日", Kind: "market", Every: inspect.EveryDay, Times: 2, Role: org.MarketTeam})
	c.plan(inspect.Plan{ID: "p-work", Name: "工作日", Kind: "road", Every: inspect.EveryWorkingDay, Times: 1, AreaID: "west"})
	c.plan(inspect.Plan{ID: "p-fair", Name: "街天", Kind: "market", Every: inspect.EveryMarketDay, Times: 1})
	c.plan(inspect.Plan{ID: "p-week", Name: "每周", Kind: "road", Every: inspect.EveryWeek, Times: 1})
	for _, day := range []struct {
		add  int // days
		want map[string]int
	}{
		{0, map[string]int{"p-daily": 1, "p-work": 2, "p-week": 3}},              // Monday
		{2, map[string]int{"p-daily": 1, "p-work": 2, "p-week": 3, "p-fair": 1}}, // Wednesday, market day
		{5, map[string]int{"p-daily": 1, "p-week": 3}},                           // Saturday
		{7, map[string]int{"p-daily": 1, "p-work": 2, "p-week": 3}},              // the next Monday
	} {
		c.clock.Set(monday.AddDate(0, 0, day.add))
		got := c.due("team")
		for id, n := range day.want {
			if got[id] != n {
				t.Errorf("%d days on: %s asks for %d, want %d", day.add, id, got[id], n)
			}
		}
		if len(got) != len(day.want) {
			t.Errorf("%d days on: %v", day.add, got)
		}
	}
	if got := c.due("inspector"); got["p-daily"] != 0 || got["p-week"] != 3 {
		t.Errorf("an inspector is asked for %v", got)
	}
	if got := c.due("zhou"); len(got) != 0 {
		t.Errorf("who may not inspect roads is asked for %v", got)
	}
	c.take("team", inspect.Make{Lines: []inspect.Line{good(aisle)}})
	c.take("inspector", inspect.Make{Place: "ROAD21", Lines: []inspect.Line{good("county-2021:any")}})
	if got := c.due("team"); got["p-daily"] != 1 || got["p-work"] != 1 || got["p-week"] != 2 {
		t.Errorf("after one look each: %v", got)
	}
	c.take("team", inspect.Make{Lines: []inspect.Line{good(aisle)}})
	if got := c.due("team"); got["p-daily"] != 0 {
		t.Errorf("after two looks: %v", got)
	}
	c.write(func(tx *db.Tx) error { _, err := inspect.EndPlan(tx, c.as(tx, "lead"), "p-week"); return err })
	if got := c.due("team"); got["p-week"] != 0 {
		t.Errorf("an ended plan asks: %v", got)
	}
}

func TestAPlanThatCannotBeIsRefused(t *testing.T) {
	c := newCounty(t)
	fine := inspect.Plan{ID: "p", Name: "每周", Kind: "road", Every: inspect.EveryWeek, Times: 1}
	for name, change := range map[string]func(*inspect.Plan){
		"no name":        func(p *inspect.Plan) { p.Name = " " },
		"no such place":  func(p *inspect.Plan) { p.Kind = "castle" },
		"no such rhythm": func(p *inspect.Plan) { p.Every = "moon" },
		"no times":       func(p *inspect.Plan) { p.Times = 0 },
		"ends before":    func(p *inspect.Plan) { p.FromOn, p.ToOn = "2026-12-02", "2026-12-01" },
		"no such post":   func(p *inspect.Plan) { p.Role = org.Intake },
		"no such area":   func(p *inspect.Plan) { p.AreaID = "north" },
	} {
		p := fine
		change(&p)
		err := c.db.Write(t.Context(), func(tx *db.Tx) error { _, err := inspect.AddPlan(tx, c.as(tx, "lead"), p); return err })
		if !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for who, may := range map[string]bool{"lead": true, "boss": false, "inspector": false, "cadre": false, "chief": false} {
		p := fine
		p.ID = "p-" + who
		err := c.db.Write(t.Context(), func(tx *db.Tx) error { _, err := inspect.AddPlan(tx, c.as(tx, who), p); return err })
		if (err == nil) != may || !may && !fault.Is(err, fault.Denied) {
			t.Errorf("%s plans for the county: %v", who, err)
		}
	}
	own := fine
	own.ID, own.AreaID = "p-own", "west"
	c.write(func(tx *db.Tx) error { _, err := inspect.AddPlan(tx, c.as(tx, "chief"), own); return err })
}

func TestCoverageSaysWhatWasNotLookedAt(t *testing.T) {
	c := newCounty(t)
	c.plan(inspect.Plan{ID: "p", Name: "每周", Kind: "road", Every: inspect.EveryWorkingDay, Times: 1})
	c.clock.Add(24 * time.Hour)
	c.take("inspector", inspect.Make{Place: "ROAD21", Lines: []inspect.Line{good("county-2021:any")}})
	c.clock.Add(24 * time.Hour)
	c.take("inspector", inspect.Make{Place: "ROAD21", Lines: []inspect.Line{good("county-2021:any")}})
	c.take("inspector", inspect.Make{Place: "MKT234", Lines: []inspect.Line{good(aisle)}})
	c.read(func(tx *db.Tx) error {
		all, err := inspect.Covered(tx, c.as(tx, "boss"), "", "2026-11-23", "2026-11-25")
		// three roads, three working days; the market has a checklist and no plan; the bank has neither
		if all.All != (inspect.Tally{Places: 4, Looked: 2, Asked: 9, Kept: 2}) {
			t.Errorf("all %+v", all.All)
		}
		if len(all.Left) != 2 || all.Left[0].Place.ID == "road-1" || all.Left[0].Asked != 3 || all.Left[0].LastOn != "" {
			t.Errorf("left %+v", all.Left)
		}
		if len(all.ByArea) != 2 || all.ByArea[0] != (inspect.Tally{AreaID: "east", Places: 1, Asked: 3}) || len(all.ByKind) != 2 {
			t.Errorf("by area %+v, by kind %+v", all.ByArea, all.ByKind)
		}
		west, err2 := inspect.Covered(tx, c.as(tx, "chief"), "", "2026-11-23", "2026-11-25")
		if west.All.Places != 3 {
			t.Errorf("a chief sees %+v", west.All)
		}
		before, err3 := inspect.Covered(tx, c.as(tx, "boss"), "", "2026-11-20", "2026-11-22")
		if before.All.Looked != 0 || before.All.Asked != 0 || len(before.Left) != 4 || before.Left[0].LastOn == "" && before.Left[3].LastOn == "" {
			t.Errorf("before %+v %+v", before.All, before.Left)
		}
		_, denied := inspect.Covered(tx, org.Resident, "", "2026-11-23", "2026-11-25")
		if !fault.Is(denied, fault.Denied) {
			t.Errorf("a resident: %v", denied)
		}
		return firstOf(err, err2, err3)
	})
}

func TestAFigureIsRoundedOnTheSideThatDoesNotFlatter(t *testing.T) {
	for _, x := range []struct {
		unit, op    string
		found, base int64
		want        string
	}{
		{"%", "<=", 1, 20, "5"}, {"%", "<=", 1, 19, "5.264"}, {"%", ">=", 19, 20, "95"}, {"%", ">=", 18, 19, "94.736"},
		{"处/千米", "<=", 2, 2500, "0.8"}, {"处/千米", "<=", 2, 2499, "0.801"}, {"只", "<=", 9, 3, "3"}, {"只", "<=", 10, 3, "3.334"},
		{"处", "<=", 0, 0, "0"}, {"处", "<=", 4, 9, "4"}, {"%", "<=", 0, 0, ""}, {"只", "<=", 3, 0, ""},
	} {
		v, ok := inspect.Figure(pack.Measure{Unit: x.unit, Op: x.op}, x.found, x.base)
		if ok != (x.want != "") || ok && v.String() != x.want {
			t.Errorf("%d of %d in %s (%s) is %s %v, want %s", x.found, x.base, x.unit, x.op, v, ok, x.want)
		}
	}
}

func TestVectorsAreGradedByTheWorstMeasureOverManyPlaces(t *testing.T) {
	c := newCounty(t)
	count := func(place string, counts ...inspect.Count) inspect.Full {
		return c.take("inspector", inspect.Make{Place: place, Counts: counts})
	}
	graded := func(from, to calendar.Day) (out []inspect.Survey, places int) {
		c.read(func(tx *db.Tx) error {
			counts, n, err := inspect.Counted(tx, c.as(tx, "boss"), "", from, to)
			if err != nil {
				return err
			}
			places = n
			out, err = inspect.Graded(tx, counts)
			return err
		})
		return out, places
	}
	one := count("MKT234", inspect.Count{Measure: "vector-c:rat-proofing", Found: 97, Base: 100}, inspect.Count{Measure: "vector-c:rat-indoor", Found: 4, Base: 50})
	if one.Counted != 2 || len(one.Counts) != 2 {
		t.Errorf("%+v", one)
	}
	count("ROAD21", inspect.Count{Measure: "vector-c:rat-path", Found: 3, Base: 1000})
	got, places := graded("2026-11-23", "2026-11-23")
	if len(got) != 1 || places != 2 || len(got[0].Pests) != 4 {
		t.Fatalf("%d surveys of %d places", len(got), places)
	}
	rat := got[0].Pests[0]
	if rat.ID != "rat" || rat.Grade != "over" || rat.Measures[0].Grade != "C" || rat.Measures[1].Grade != "over" || rat.Measures[2].Grade != "C" {
		t.Errorf("%+v", rat) // 4 of 50 rooms are 8 %
	}
	count("MKT234", inspect.Count{Measure: "vector-c:rat-indoor", Found: 0, Base: 50})
	if got, _ = graded("2026-11-23", "2026-11-23"); got[0].Pests[0].Grade != "C" || got[0].Grade != "" {
		t.Errorf("with 4 of 100 rooms the rats are %q, all %q", got[0].Pests[0].Grade, got[0].Grade)
	}
	if got, n := graded("2026-11-24", "2026-11-25"); len(got) != 0 || n != 0 {
		t.Errorf("on other days: %+v", got)
	}
	c.write(func(tx *db.Tx) error {
		return standard.Correct(tx, org.System, standard.Correction{ID: "e", Pack: "vector-c", Edit: pack.Edit{Sheet: "vector-measure", Line: "rat-indoor", Cells: map[string]string{"limits.C": "3"}}, Source: "本县监测方案"})
	})
	if got, _ = graded("2026-11-23", "2026-11-23"); got[0].Pests[0].Grade != "over" {
		t.Errorf("under the county's own limit of 3 %% the rats are %q", got[0].Pests[0].Grade)
	}
}
