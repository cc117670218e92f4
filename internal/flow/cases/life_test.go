package cases_test

import (
	"strings"
	"testing"
	"time"

	"chuangwei/internal/flow/cases"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/db/dbtest"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/geo"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
)

func at(t time.Time) int64 { return t.UnixMilli() }

func TestAReportIsRoutedToANamedOwnerWithADueInstantAndReasons(t *testing.T) {
	c := newCounty(t)
	k := c.report("inspector", nil)
	// 4 office hours from Monday 9:00 with 8:30–12:00 and 14:30–18:00.
	if k.State != cases.Assigned || k.AreaID != "west" || k.UnitID != "cg" || k.OwnerID != "wang" || k.DueAt != at(monday.Add(6*time.Hour+30*time.Minute)) {
		t.Fatalf("%+v", k)
	}
	about := map[string]bool{}
	for _, r := range k.Reasons {
		about[r.About] = true
		if r.Said.ZH == "" || r.Said.EN == "" {
			t.Errorf("reason %v is silent", r)
		}
	}
	if len(about) != 5 || k.No != "2026-00001" {
		t.Errorf("reasons %v, number %s", about, k.No)
	}
	if east := c.report("inspector", func(r *cases.Report) { r.Point = &geo.Point{Lat: 22.05, Lon: 103.15} }); east.OwnerID != "li" {
		t.Errorf("the other area's owner is li, not %s", east.OwnerID)
	}
}

func TestRoutingKnowsWhoIsThereToday(t *testing.T) {
	for name, x := range map[string]struct {
		leave, deputy bool
		want          string
	}{
		"on duty": {false, false, "wang"}, "on leave with a deputy": {true, true, "li"}, "on leave without one": {true, false, "zhao"},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCounty(t)
			c.write(func(tx *db.Tx) error {
				if x.leave {
					if err := org.AddLeave(tx, org.System, org.Leave{ID: "l", PersonID: "wang", FromOn: "2026-11-20", ToOn: "2026-11-25", Reason: "年休假"}); err != nil {
						return err
					}
				}
				if x.deputy {
					return org.AddDeputy(tx, org.System, org.Deputising{ID: "d", PersonID: "wang", DeputyID: "li", FromOn: "2026-11-20", ToOn: "2026-11-25"})
				}
				return nil
			})
			if k := c.report("inspector", nil); k.OwnerID != x.want {
				t.Errorf("owner %s, want %s (%v)", k.OwnerID, x.want, k.Reasons)
			}
			c.clock.Add(3 * 24 * time.Hour) // Thursday: back at work
			if k := c.report("inspector", nil); k.OwnerID != "wang" {
				t.Errorf("after the leave: owner %s", k.OwnerID)
			}
		})
	}
}

func TestUnclearReportsWaitForTheDeskWhichMayKeepARule(t *testing.T) {
	c := newCounty(t)
	for name, change := range map[string]func(*cases.Report){
		"no kind": func(r *cases.Report) { r.Kind = "" }, "no place": func(r *cases.Report) { r.Point = nil },
		"outside": func(r *cases.Report) { r.Point = &geo.Point{Lat: 23, Lon: 104} },
		"no unit": func(r *cases.Report) { r.Kind = "water.floating" },
	} {
		if k := c.report("inspector", change); k.State != cases.Reported || k.OwnerID != "" || k.DueAt != 0 {
			t.Errorf("%s: %s %s", name, k.State, k.OwnerID)
		}
	}
	k := c.report("resident", func(r *cases.Report) { r.Kind, r.Channel = "", "resident" })
	c.refused("denied.case.dispatch", "wang", k.ID, cases.Move{Move: cases.Assign, Kind: "env.exposed-waste"})
	c.refused("case.kind", "desk", k.ID, cases.Move{Move: cases.Assign})
	k = c.do("desk", k.ID, cases.Move{Move: cases.Assign, Kind: "env.exposed-waste", ToUnit: "sc", KeepRule: true})
	if k.OwnerID != "zhou" || k.DueAt == 0 {
		t.Fatalf("%+v", k)
	}
	if next := c.report("inspector", nil); next.UnitID != "sc" || next.OwnerID != "zhou" {
		t.Errorf("the kept rule was not followed: %s %v", next.UnitID, next.Reasons)
	}
}

func TestTheWholeLife(t *testing.T) {
	c := newCounty(t)
	k := c.report("inspector", func(r *cases.Report) { r.Photos = []string{c.photo()} })
	c.do("wang", k.ID, cases.Move{Move: cases.Accept})
	c.refused("case.after_photo", "wang", k.ID, cases.Move{Move: cases.Fix})
	c.refused("case.same_photo", "wang", k.ID, cases.Move{Move: cases.Fix, Photos: []string{k.Thumb}})
	c.refused("photo.missing", "wang", k.ID, cases.Move{Move: cases.Fix, Photos: []string{strings.Repeat("f", 64)}})
	c.refused("denied.case.own", "zhou", k.ID, cases.Move{Move: cases.Fix})
	c.do("wang", k.ID, cases.Move{Move: cases.Fix, Photos: []string{c.photo()}})
	c.refused("denied.case.verify", "wang", k.ID, cases.Move{Move: cases.Verify})
	c.refused("case.moved_on", "wang", k.ID, cases.Move{Move: cases.Accept})
	k = c.do("chief", k.ID, cases.Move{Move: cases.Rework, Note: "没扫干净"})
	if k.State != cases.Accepted || k.Reworks != 1 || k.FixedBy != "" {
		t.Fatalf("%+v", k)
	}
	c.do("wang", k.ID, cases.Move{Move: cases.Fix, Photos: []string{c.photo()}})
	k = c.do("verifier", k.ID, cases.Move{Move: cases.Verify})
	if k.State != cases.Closed || k.ClosedAt == 0 {
		t.Fatalf("%+v", k)
	}
	dbtest.Read(t, c.db, func(tx *db.Tx) error {
		told, err := cases.Timeline(tx, c.as(tx, "boss"), k.ID)
		if len(told) != 7 {
			t.Errorf("%d lines are told, want 7", len(told))
		}
		for _, s := range told {
			if s.Said.ZH == "" || s.Said.EN == "" || s.Who == "" {
				t.Errorf("line %d %s is silent: %+v", s.Seq, s.Kind, s)
			}
		}
		return err
	})
}

func TestNotMineGoesOnceDirectlyThenToTheArbiterAndTheClockRuns(t *testing.T) {
	c := newCounty(t)
	k := c.report("inspector", nil)
	due := k.DueAt
	k = c.do("wang", k.ID, cases.Move{Move: cases.Return, Note: "归市监管", ToUnit: "sc"})
	if k.State != cases.Assigned || k.OwnerID != "zhou" || k.DueAt != due {
		t.Fatalf("first refusal: %+v", k)
	}
	k = c.do("zhou", k.ID, cases.Move{Move: cases.Return, Note: "不归我们", ToUnit: "cg"})
	if k.State != cases.Returned || k.DueAt != due || !k.Overdue(due+1) {
		t.Fatalf("second refusal: %+v", k)
	}
	k = c.do("desk", k.ID, cases.Move{Move: cases.Assign, ToPerson: "zhou"})
	if k.OwnerID != "zhou" || k.DueAt != due {
		t.Fatalf("the centre's decision: %+v", k)
	}
	c.refused("case.decided", "zhou", k.ID, cases.Move{Move: cases.Return, Note: "还是不归我们"})
}

func TestTheClockStopsOnlyByAgreementAndGivesTheTimeBack(t *testing.T) {
	c := newCounty(t)
	k := c.report("inspector", nil)
	due := k.DueAt
	c.refused("input.invalid", "wang", k.ID, cases.Move{Move: cases.Block})
	c.do("wang", k.ID, cases.Move{Move: cases.Block, Reason: "money", Note: "要买桶"})
	c.refused("denied.case.decide", "wang", k.ID, cases.Move{Move: cases.Agree})
	c.clock.Add(time.Hour)
	k = c.do("lead", k.ID, cases.Move{Move: cases.Agree})
	if k.State != cases.Blocked || k.DueAt != due || k.Overdue(due+1) {
		t.Fatalf("%+v", k)
	}
	c.clock.Add(time.Hour)
	k = c.do("lead", k.ID, cases.Move{Move: cases.Resume})
	if k.State != cases.Accepted || k.DueAt != due+time.Hour.Milliseconds() {
		t.Fatalf("an hour stood still, the promise moved by %v", time.Duration(k.DueAt-due)*time.Millisecond)
	}
}

func TestADecisionIsOnTheRequestThatWasSeen(t *testing.T) {
	c := newCounty(t)
	k := c.report("inspector", nil)
	seen := c.do("wang", k.ID, cases.Move{Move: cases.Block, Reason: "money", Note: "要买桶"})
	c.do("wang", k.ID, cases.Move{Move: cases.Note, Note: "改主意了"})
	c.refused("case.changed", "lead", k.ID, cases.Move{Move: cases.Agree, Version: seen.Version})
	c.do("lead", k.ID, cases.Move{Move: cases.Agree, Version: c.get(k.ID).Version})
}

func TestADeputyWorksWhatTheAbsentOwnerOwns(t *testing.T) {
	c := newCounty(t)
	k := c.report("inspector", nil)
	c.refused("denied.case.own", "li", k.ID, cases.Move{Move: cases.Accept})
	c.write(func(tx *db.Tx) error {
		return org.AddDeputy(tx, org.System, org.Deputising{ID: "d", PersonID: "wang", DeputyID: "li", FromOn: "2026-11-20", ToOn: "2026-11-25"})
	})
	c.do("li", k.ID, cases.Move{Move: cases.Accept})
}

func TestAnExtensionMovesTheDayOnlyWhenAgreed(t *testing.T) {
	c := newCounty(t)
	k := c.report("inspector", nil)
	due := k.DueAt
	c.refused("case.until", "wang", k.ID, cases.Move{Move: cases.AskExtension, Note: "x", UntilOn: "2026-11-23"})
	c.refused("case.until", "wang", k.ID, cases.Move{Move: cases.AskExtension, Note: "x", UntilOn: "soon"})
	k = c.do("wang", k.ID, cases.Move{Move: cases.AskExtension, Note: "下雨", UntilOn: "2026-11-27"})
	if k.DueAt != due {
		t.Fatal("asking moved the day")
	}
	k = c.do("lead", k.ID, cases.Move{Move: cases.Refuse, Note: "请抓紧"})
	if k.DueAt != due || k.Ask.Kind != "" {
		t.Fatal("a refusal changed something")
	}
	c.do("wang", k.ID, cases.Move{Move: cases.AskExtension, Note: "还在下雨", UntilOn: "2026-11-27"})
	k = c.do("lead", k.ID, cases.Move{Move: cases.Agree})
	if calendar.On(time.UnixMilli(k.DueAt)) != "2026-11-27" || k.DueWhy.ZH == "" {
		t.Fatalf("%+v", k)
	}
}

func TestTheSameKindAtTheSamePlaceReopensTheOldCase(t *testing.T) {
	c := newCounty(t)
	atMarket := func(r *cases.Report) { r.Place, r.Point = "MKT234", nil }
	old := c.closed(atMarket)
	c.clock.Add(5 * 24 * time.Hour)
	again := c.report("inspector", atMarket)
	old = c.get(old.ID)
	if again.State != cases.Merged || again.MergedInto != old.ID || old.State != cases.Assigned || old.Relapses != 1 || old.OwnerID == "" || old.DueAt <= at(c.clock.Now()) {
		t.Fatalf("report %+v\nold %+v", again, old)
	}
	c.do(old.OwnerID, old.ID, cases.Move{Move: cases.Fix, Photos: []string{c.photo()}})
	c.do("verifier", old.ID, cases.Move{Move: cases.Verify})
	c.clock.Add(60 * 24 * time.Hour)
	if late := c.report("inspector", atMarket); late.State != cases.Assigned {
		t.Errorf("long after, it is a new problem: %s", late.State)
	}
}

func TestLateCasesClimbTheLadderByThemselves(t *testing.T) {
	c := newCounty(t)
	k := c.report("inspector", nil) // due Monday 15:30
	climb := func() {
		c.write(func(tx *db.Tx) error { _, _, err := cases.Climb(tx, ""); return err })
	}
	for _, x := range []struct {
		after time.Duration
		level int
	}{{0, 1}, {7 * time.Hour, 2}, {24 * time.Hour, 2}, {(48 + 8) * time.Hour, 2}, {(48 + 10) * time.Hour, 3}, {72 * time.Hour, 3}, {(7*24 + 10) * time.Hour, 4}} {
		c.clock.Set(monday.Add(x.after))
		climb()
		climb() // twice changes nothing
		if got := c.get(k.ID); got.Ladder != x.level {
			t.Errorf("after %v: level %d, want %d", x.after, got.Ladder, x.level)
		}
	}
	dbtest.Read(t, c.db, func(tx *db.Tx) error {
		orders, err := cases.Orders(tx, c.as(tx, "boss"), k.ID)
		if len(orders) != 4 || orders[2].To != "chief" || orders[3].To != "boss" || !strings.Contains(orders[2].Body, k.No) {
			t.Errorf("orders %+v", orders)
		}
		return err
	})
	blocked := c.report("inspector", nil)
	c.do("wang", blocked.ID, cases.Move{Move: cases.Block, Reason: "law", Note: "走程序"})
	c.do("lead", blocked.ID, cases.Move{Move: cases.Agree})
	c.clock.Add(30 * 24 * time.Hour)
	climb()
	if got := c.get(blocked.ID); got.Ladder != 0 {
		t.Errorf("a blocked case climbed to %d", got.Ladder)
	}
}

func TestClosedCasesAreLookedAtAgainAtRandom(t *testing.T) {
	c := newCounty(t)
	draw := func() (n int) {
		c.write(func(tx *db.Tx) (err error) { n, err = cases.DrawRechecks(tx); return err })
		return n
	}
	if draw() != 0 {
		t.Fatal("the first call only seals a seed")
	}
	for range 60 {
		c.closed(nil)
	}
	n := draw()
	if n == 0 {
		t.Fatal("none of sixty drawn at one in ten has a chance of one in 500")
	}
	var list cases.Page
	dbtest.Read(t, c.db, func(tx *db.Tx) (err error) {
		list, err = cases.List(tx, c.as(tx, "inspector"), cases.Filter{Flags: []string{"recheck"}, Limit: 100})
		return err
	})
	if len(list.Items) != n {
		t.Fatalf("%d drawn, %d listed", n, len(list.Items))
	}
	k := c.do("inspector", list.Items[0].ID, cases.Move{Move: cases.RecheckBad, Note: "又脏了"})
	if k.State != cases.Assigned || k.Relapses != 1 || k.OwnerID == "" {
		t.Fatalf("%+v", k)
	}
	c.refused("case.moved_on", "inspector", k.ID, cases.Move{Move: cases.RecheckOK})
}

func TestLikelyDuplicatesAreShownAndMergedWithTheirPhotos(t *testing.T) {
	c := newCounty(t)
	here := func(lat float64) func(*cases.Report) {
		return func(r *cases.Report) { r.Point = &geo.Point{Lat: lat, Lon: 103.05} }
	}
	first := c.report("inspector", here(22.0500))
	c.clock.Add(2 * time.Hour)
	second := c.report("resident", func(r *cases.Report) { here(22.0503)(r); r.Photos = []string{c.photo()}; r.Channel = "resident" }) // 33 m
	far := c.report("inspector", here(22.0510))                                                                                        // 111 m
	if second.Hint != first.ID || far.Hint != "" || second.Code == "" {
		t.Fatalf("hints %q %q", second.Hint, far.Hint)
	}
	dbtest.Read(t, c.db, func(tx *db.Tx) error {
		d, err := cases.Duplicates(tx, c.as(tx, "desk"), second.ID)
		if len(d) != 1 || d[0].Case.ID != first.ID || d[0].Metres > 40 {
			t.Errorf("duplicates %+v", d)
		}
		return err
	})
	c.refused("case.merge", "desk", second.ID, cases.Move{Move: cases.Merge, Into: second.ID})
	c.do("desk", second.ID, cases.Move{Move: cases.Merge, Into: first.ID})
	dbtest.Read(t, c.db, func(tx *db.Tx) error {
		photos, err := cases.Photos(tx, first.ID)
		if len(photos) != 1 {
			t.Errorf("%d photos moved along", len(photos))
		}
		return err
	})
}

func TestEachSeesWhatIsTheirs(t *testing.T) {
	c := newCounty(t)
	west := c.report("inspector", nil)
	c.report("inspector", func(r *cases.Report) { r.Point = &geo.Point{Lat: 22.05, Lon: 103.15} })
	c.report("inspector", func(r *cases.Report) { r.Kind = "market.untidy-stalls"; r.Place = "MKT234" })
	dbtest.Read(t, c.db, func(tx *db.Tx) error {
		for who, want := range map[string]int{"boss": 3, "desk": 3, "chief": 2, "sun": 2, "wu": 1, "wang": 1, "li": 1, "inspector": 3} {
			p, err := cases.List(tx, c.as(tx, who), cases.Filter{Limit: 10})
			if err != nil {
				return err
			}
			n := 0
			for _, k := range p.Items {
				if c.as(tx, who).Can(org.SeeCase, org.Target{Area: k.AreaID, Units: []string{k.UnitID}, Persons: []string{k.OwnerID, k.FinderID}}) {
					n++
				}
			}
			if len(p.Items) != want || n != want || p.Total != want {
				t.Errorf("%s sees %d (%d allowed), want %d", who, len(p.Items), n, want)
			}
		}
		_, err := cases.Get(tx, c.as(tx, "wu"), west.ID)
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("another unit's case: %v", err)
		}
		return nil
	})
}

func TestTheBoardCountsWhatTheListsShow(t *testing.T) {
	c := newCounty(t)
	c.closed(nil)
	for range 3 {
		c.report("inspector", nil)
	}
	k := c.report("inspector", nil)
	c.do("wang", k.ID, cases.Move{Move: cases.Fix, Photos: []string{c.photo()}})
	c.clock.Add(26 * time.Hour)
	c.report("inspector", func(r *cases.Report) { r.Kind = "" })
	dbtest.Read(t, c.db, func(tx *db.Tx) error {
		for _, scope := range [][2]string{{"", ""}, {"west", ""}, {"", "cg"}} {
			b, err := cases.See(tx, c.as(tx, "boss"), scope[0], scope[1])
			if err != nil {
				return err
			}
			for flag, n := range map[string]int{"open": b.Open, "triage": b.Triage, "due_today": b.DueToday, "overdue": b.Overdue, "blocked": b.Blocked,
				"to_verify": b.ToVerify, "reworked": b.Reworked, "relapsed": b.Relapsed, "asked": b.Asked, "recheck": b.Recheck} {
				p, err := cases.List(tx, c.as(tx, "boss"), cases.Filter{Flags: []string{flag}, Area: scope[0], Unit: scope[1], Limit: 100})
				if err != nil {
					return err
				}
				if len(p.Items) != n {
					t.Errorf("%v %s: board %d, list %d", scope, flag, n, len(p.Items))
				}
			}
			if b.Overdue != 3 || len(b.Owed) != 1 || b.Owed[0].Overdue != 3 || len(b.Days) != 21 || b.Days[19].Closed != 1 {
				t.Errorf("%v: %+v", scope, b)
			}
		}
		_, err := cases.See(tx, c.as(tx, "wang"), "", "")
		if !fault.Is(err, fault.Denied) {
			t.Errorf("an owner has no board: %v", err)
		}
		return nil
	})
}

func TestListsArePagedByKey(t *testing.T) {
	c := newCounty(t)
	for range 7 {
		c.report("inspector", nil)
		c.clock.Add(time.Minute)
	}
	for _, byDue := range []bool{false, true} {
		seen, after := map[string]bool{}, ""
		for range 10 {
			var p cases.Page
			dbtest.Read(t, c.db, func(tx *db.Tx) (err error) {
				p, err = cases.List(tx, c.as(tx, "boss"), cases.Filter{Limit: 3, After: after, ByDue: byDue})
				return err
			})
			for _, k := range p.Items {
				if seen[k.ID] {
					t.Errorf("%s shown twice", k.No)
				}
				seen[k.ID] = true
			}
			if after = p.Next; after == "" {
				break
			}
		}
		if len(seen) != 7 {
			t.Errorf("byDue %v: %d of 7 shown", byDue, len(seen))
		}
	}
}
