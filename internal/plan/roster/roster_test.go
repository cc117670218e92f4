package roster_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"chuangwei/internal/flow/duty"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/db/dbtest"
	"chuangwei/internal/plan/roster"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/place"
)

// rules are gentle ones: squads of two, three on market days.
func rules() roster.Rules {
	r := roster.Usual()
	r.Needs[0].Size, r.Needs[1].Size = 2, 3
	r.Presence = 50
	return r
}

func TestACampaignIsPlannedKeptPublishedAndRepaired(t *testing.T) {
	c := newCounty(t)
	c.made()
	r := c.search(rules(), "new", "")
	if r.Run.State != "found" || r.Plan != nil || r.Trial == nil {
		t.Fatalf("the search ended %+v", r.Run)
	}
	seats := 14*3*2*2 + 2*3*2*1 // squads of two, on two market days of three
	if r.Run.Seats != seats || r.Trial.Bound > r.Trial.Cost {
		t.Errorf("%d seats at %d, bound %d; want %d seats", r.Run.Seats, r.Trial.Cost, r.Trial.Bound, seats)
	}
	c.keep()
	if p := c.publish(firstDay, lastDay); p.Made != 14*3*2 {
		t.Errorf("published %+v", p)
	}
	if p := c.publish(firstDay, lastDay); p.Same != 14*3*2 || p.Made+p.Changed+p.Cancelled != 0 {
		t.Errorf("published again %+v", p)
	}
	c.everyDutyIsLed()

	gone := c.onDuty("2026-12-02")[:3] // a Wednesday
	c.write(func(tx *db.Tx) error {
		for _, id := range gone {
			if err := org.AddLeave(tx, org.System, org.Leave{ID: "l" + id, PersonID: id, FromOn: "2026-12-02", ToOn: "2026-12-02"}); err != nil {
				return err
			}
		}
		return nil
	})
	r = c.search(c.get().Rules, "repair", "2026-12-01")
	if r.Run.State != "found" || r.Run.Changed == 0 || r.Run.Changed > 9 {
		t.Fatalf("three leaves changed %d of %d seats (%s)", r.Run.Changed, r.Run.Seats, r.Run.State)
	}
	c.keep()
	if p := c.publish(firstDay, lastDay); p.Made+p.Cancelled != 0 || p.Changed == 0 || p.Changed > 2*r.Run.Changed {
		t.Errorf("published the repair: %+v of %d changed seats", p, r.Run.Changed)
	}
	for _, id := range c.onDuty("2026-12-02") {
		if slices.Contains(gone, id) {
			t.Errorf("%s is on leave and on duty", id)
		}
	}
	c.everyDutyIsLed()
}

// onDuty are the people on duty on a day.
func (c *county) onDuty(on string) (out []string) {
	c.t.Helper()
	dbtest.Read(c.t, c.db, func(tx *db.Tx) error {
		list, err := duty.List(tx, org.System, duty.Filter{From: on, To: on})
		for _, d := range list {
			out = append(out, d.Crew()...)
		}
		return err
	})
	return out
}

func (c *county) everyDutyIsLed() {
	c.t.Helper()
	dbtest.Read(c.t, c.db, func(tx *db.Tx) error {
		book, err := org.SkillBook(tx)
		if err != nil {
			return err
		}
		list, err := duty.List(tx, org.System, duty.Filter{From: firstDay, To: lastDay})
		for _, d := range list {
			if !d.Has(d.LeaderID) || !slices.Contains(book[d.LeaderID], org.Leads) {
				c.t.Errorf("%s is led by %q", d.Name, d.LeaderID)
			}
		}
		return err
	})
}

func TestAnImpossibleCountyIsToldInWords(t *testing.T) {
	c := newCounty(t)
	c.made()
	for name, x := range map[string]struct {
		change func(*roster.Rules)
		want   string
	}{
		"presence": {func(r *roster.Rules) { r.Presence = 95 }, "在岗"},
		"leader":   {func(r *roster.Rules) { r.Stay = leaders() }, "带队"},
		"weekly":   {func(r *roster.Rules) { r.PerWeek = 1 }, "每周最多 1 次"},
	} {
		in := rules()
		x.change(&in)
		r := c.search(in, "new", "")
		var said []string
		for _, clash := range r.Run.Conflict {
			said = append(said, clash.Said.ZH)
		}
		if r.Run.State != "stuck" || r.Trial != nil || !strings.Contains(strings.Join(said, "；"), x.want) {
			t.Errorf("%s: %s, short of %d: %s", name, r.Run.State, r.Run.Short, strings.Join(said, "；"))
		}
	}
}

// said are the lines of a conflict.
func said(list []roster.Clash) (out []string) {
	for _, c := range list {
		out = append(out, c.Said.ZH+" / "+c.Said.EN)
	}
	return out
}

func TestAConflictIsTold(t *testing.T) {
	c := newCounty(t)
	c.made()
	for name, x := range map[string]struct {
		change         func(*roster.Rules)
		conflict, cure string
	}{
		"many units": {func(r *roster.Rules) { r.Presence, r.Needs[0].Size = 70, 4 },
			"11月30日 3 个片区共 6 支小分队各要 4 人，共 24 人 / 6 squads in 3 areas on 30 Nov need 4 people each, 24 in all\n" +
				"11月30日 6 个单位要按在岗比例留人，最多能出 18 人，还差 6 人 / 6 units keep their share at their desks on 30 Nov and can spare 18 people; 6 more are needed",
			"少要 6 人：每队减人，或少排小分队 / ask for 6 fewer: smaller squads, or not so many\n把单位在岗比例从 70% 降到 60%"},
		"one unit": {func(r *roster.Rules) {
			r.Units, r.Presence, r.Mixed, r.Needs = []string{"u1"}, 60, 0, []roster.Need{{Areas: []string{"a0"}, Days: "all", Size: 3}}
		},
			"2局 11月30日在岗将降到 40%（最少要留 60%），还要 2 人 / ", "把单位在岗比例从 60% 降到 40%"},
		"leaders": {func(r *roster.Rules) { r.Stay = leaders() }, "能“带队”的人", "给能胜任的人登记技能"},
		"weekly":  {func(r *roster.Rules) { r.PerWeek = 1 }, "11月30日至12月6日 3 个片区共 36 支小分队各要 2 人，共 72 人", "放宽每周最多 1 次"},
	} {
		in := rules()
		x.change(&in)
		r := c.search(in, "new", "")
		conflict, cures := strings.Join(said(r.Run.Conflict), "\n"), strings.Join(said(r.Run.Cures), "\n")
		t.Logf("%s, short of %d:\n%s\n%s", name, r.Run.Short, conflict, cures)
		if len(r.Run.Conflict) > 6 || !strings.Contains(conflict, x.conflict) || !strings.Contains(cures, x.cure) {
			t.Errorf("%s", name)
		}
	}
}

// leaders are all who can lead.
func leaders() (out []string) {
	for u := range 6 {
		for p := 0; p < 10; p += 4 {
			out = append(out, "u"+string(rune('0'+u))+"p"+string(rune('0'+p)))
		}
	}
	return out
}

func TestRulesThatCannotBeMeantAreRefusedByField(t *testing.T) {
	c := newCounty(t)
	c.made()
	c.write(func(tx *db.Tx) error {
		return place.Add(tx, org.System, place.Place{ID: "outside", Code: "OUT234", Name: "县外市场", Kind: "农贸市场", Lat: 20, Lon: 100})
	})
	for code, change := range map[string]func(*roster.Rules){
		"presence":         func(r *roster.Rules) { r.Presence = 101 },
		"presences.u1":     func(r *roster.Rules) { r.Presences["u1"] = -1 },
		"presences.gone":   func(r *roster.Rules) { r.Presences["gone"] = 50 },
		"units":            func(r *roster.Rules) { r.Units = []string{"u1", "gone"} },
		"stay":             func(r *roster.Rules) { r.Stay = []string{"gone"} },
		"rest":             func(r *roster.Rules) { r.Rest = roster.LeastRest - 1 },
		"night":            func(r *roster.Rules) { r.Night = 99 },
		"weights.turn":     func(r *roster.Rules) { r.Weights.Turn = -1 },
		"shifts.0":         func(r *roster.Rules) { r.Shifts[0].From = "25:00" },
		"shifts.0 short":   func(r *roster.Rules) { r.Shifts[0].From = "7:30" },
		"shifts.1":         func(r *roster.Rules) { r.Shifts[1] = roster.Shift{Name: "另一班", From: "07:30", To: "09:00"} },
		"shifts.1 at 24":   func(r *roster.Rules) { r.Shifts[1].From, r.Shifts[1].To = "24:00", "06:00" },
		"shifts.1 nothing": func(r *roster.Rules) { r.Shifts[1].From, r.Shifts[1].To = "24:00", "00:00" },
		"needs.1":          func(r *roster.Rules) { r.Needs[1].Licence = 9 },
		"needs.0":          func(r *roster.Rules) { r.Needs[0].Areas = []string{"nowhere"} },
		"needs.0 place":    func(r *roster.Rules) { r.Needs[0].Place = "nowhere" },
		"needs.0 outside":  func(r *roster.Rules) { r.Needs[0].Place = "outside" },
	} {
		in := rules()
		change(&in)
		err := c.try("u0p0", func(tx *db.Tx, who org.Actor) error {
			_, err := roster.Try(tx, who, "r", roster.Search{Rules: in, Mode: "new", Seconds: 1})
			return err
		})
		if f := asFault(err); f == nil || len(f.Fields) != 1 || f.Fields[0].Name != strings.Fields(code)[0] {
			t.Errorf("%s: %v", code, err)
		}
	}
}

func TestAShiftMayEndAtMidnight(t *testing.T) {
	c := newCounty(t)
	c.made()
	in := rules()
	in.Shifts[1] = roster.Shift{Name: "夜班", From: "19:00", To: "24:00"}
	r := c.search(in, "new", "")
	if r.Run.State != "found" {
		t.Fatalf("the search ended %+v", r.Run)
	}
	c.keep()
	if p := c.publish(firstDay, lastDay); p.Made != 14*3*2 {
		t.Errorf("published %+v", p)
	}
}

func TestARepairBeginsOnADayThatIsStillToCome(t *testing.T) {
	c := newCounty(t)
	c.made()
	c.search(rules(), "new", "")
	c.keep()
	repair := func(from string) error {
		return c.try("u0p0", func(tx *db.Tx, who org.Actor) error {
			_, err := roster.Try(tx, who, "r", roster.Search{Rules: rules(), Mode: "repair", From: from, Seconds: 1})
			return err
		})
	}
	c.clock.Set(monday.AddDate(0, 0, 9)) // the third day of the roster
	for _, from := range []string{"2026-12-01", "2026-12-14", "yesterday"} {
		if f := asFault(repair(from)); f == nil || len(f.Fields) != 1 || f.Fields[0].Name != "from" || !strings.Contains(f.Text.ZH, "12月2日至12月13日") {
			t.Errorf("from %s: %v", from, f)
		}
	}
	c.clock.Set(monday.AddDate(0, 0, 30))
	if f := asFault(repair("")); f == nil || len(f.Fields) != 1 || f.Fields[0].Name != "from" {
		t.Errorf("a roster that is over: %v", f)
	}
	c.clock.Set(monday.AddDate(0, 0, 9))
	c.must(repair(""))
	if from := c.get().Run.From; from != "2026-12-02" {
		t.Errorf("a repair begins on %s", from)
	}
}

func TestOnlyThePlanThatWasSeenIsKept(t *testing.T) {
	c := newCounty(t)
	c.made()
	seen := c.search(rules(), "new", "")
	newer := rules()
	newer.Presence = 60
	c.search(newer, "new", "") // a colleague's, meanwhile
	keep := func(version int64) error {
		return c.try("u0p0", func(tx *db.Tx, who org.Actor) error {
			_, err := roster.Keep(tx, who, "r", version)
			return err
		})
	}
	c.refused("roster.changed", keep(seen.Version))
	if r := c.get(); r.Plan != nil || r.Trial == nil {
		t.Error("a refused plan was kept")
	}
	c.must(keep(c.get().Version))
	if r := c.get(); r.Plan == nil || r.Rules.Presence != 60 {
		t.Errorf("kept under %+v", r.Rules)
	}
}

func TestOnlyPlannersPlanAndEverybodyWishes(t *testing.T) {
	c := newCounty(t)
	c.made()
	for name, verb := range map[string]func(tx *db.Tx, who org.Actor) error{
		"make": func(tx *db.Tx, who org.Actor) error {
			_, err := roster.Make(tx, who, roster.Roster{ID: "x"})
			return err
		},
		"try":  func(tx *db.Tx, who org.Actor) error { _, err := roster.Try(tx, who, "r", roster.Search{}); return err },
		"keep": func(tx *db.Tx, who org.Actor) error { _, err := roster.Keep(tx, who, "r", 0); return err },
		"publish": func(tx *db.Tx, who org.Actor) error {
			_, err := roster.Publish(tx, who, "r", firstDay, lastDay, 0)
			return err
		},
		"members": func(tx *db.Tx, who org.Actor) error { _, err := roster.Members(tx, who, ""); return err },
		"skills":  func(tx *db.Tx, who org.Actor) error { return roster.SetMember(tx, who, "u1p1", nil, "") },
	} {
		if err := c.try("u1p1", verb); err == nil || asFault(err).Code != "denied.roster.plan" {
			t.Errorf("%s by a cadre: %v", name, err)
		}
	}
	c.must(c.try("u1p1", func(tx *db.Tx, who org.Actor) error {
		return roster.SetWish(tx, who, roster.Wish{On: "2026-12-01", Likes: -1})
	}))
	c.refused("", c.try("u1p1", func(tx *db.Tx, who org.Actor) error {
		list, err := roster.Wishes(tx, who)
		if len(list) != 1 || list[0].On != "2026-12-01" {
			t.Errorf("wishes %v", list)
		}
		return err
	}))
}

func TestAWishMayBeChangedWhenThereIsRoomForNoMore(t *testing.T) {
	c := newCounty(t)
	wish := func(n, likes int) error {
		on := time.Date(2026, 12, n, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
		return c.try("u1p1", func(tx *db.Tx, who org.Actor) error {
			return roster.SetWish(tx, who, roster.Wish{On: on, Likes: likes})
		})
	}
	for n := range 30 {
		c.must(wish(n+1, -1))
	}
	c.refused("wish.many", wish(31, -1))
	c.must(wish(30, 1))
	c.must(wish(30, 0))
	c.must(wish(31, -1))
}

func TestWishesAreHeardWhenTheyCostNothing(t *testing.T) {
	c := newCounty(t)
	c.made()
	c.write(func(tx *db.Tx) error {
		for _, on := range []string{"2026-12-02", "2026-12-05"} {
			if err := roster.SetWish(tx, c.as(tx, "u3p3"), roster.Wish{On: on, Likes: -1}); err != nil {
				return err
			}
		}
		return nil
	})
	r := c.search(rules(), "new", "")
	for _, s := range r.Trial.Squads {
		on := strings.Split(s.Key, "/")[2]
		if (on == "2026-12-02" || on == "2026-12-05") && slices.Contains(s.People, "u3p3") {
			t.Errorf("u3p3 serves on %s against the wish", on)
		}
	}
}

func TestNothingUndecidedIsThrownAwayUnseen(t *testing.T) {
	c := newCounty(t)
	c.made()
	seen := c.get().Version
	c.search(rules(), "new", "") // a colleague's, meanwhile
	as := func(verb func(tx *db.Tx, who org.Actor) error) error { return c.try("u0p0", verb) }
	search := func(version int64) error {
		return as(func(tx *db.Tx, who org.Actor) error {
			_, err := roster.Try(tx, who, "r", roster.Search{Version: version, Rules: rules(), Mode: "new", Seconds: 1})
			return err
		})
	}
	drop := func(version int64) error {
		return as(func(tx *db.Tx, who org.Actor) error { _, err := roster.Drop(tx, who, "r", version); return err })
	}
	err := search(seen)
	c.refused("roster.changed", err)
	if f := asFault(err); f == nil || !strings.Contains(f.Text.ZH, "人u0p0的新方案还没有决定") {
		t.Errorf("the colleague's plan would be lost: %v", f)
	}
	c.refused("roster.changed", drop(seen))
	c.keep()
	publish := func(version int64) (p roster.Published, err error) {
		err = as(func(tx *db.Tx, who org.Actor) (err error) {
			p, err = roster.Publish(tx, who, "r", firstDay, lastDay, version)
			return err
		})
		return p, err
	}
	_, err = publish(seen)
	c.refused("roster.changed", err)
	c.refused("roster.changed", search(seen))
	p, err := publish(c.get().Version)
	c.must(err)
	if p.Version != c.get().Version {
		t.Errorf("published as version %d, it is %d", p.Version, c.get().Version)
	}
	c.must(search(p.Version))
	c.solve()
	c.must(drop(c.get().Version))
}
