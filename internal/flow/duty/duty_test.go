package duty_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"chuangwei/internal/flow/duty"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/db/dbtest"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/org"
)

const today, tomorrow = "2026-11-23", "2026-11-24"

func TestNobodyIsInTwoPlacesOrWithoutRest(t *testing.T) {
	c := newCounty(t)
	c.plan(today, 8, 14, "ann", "ben")
	_, err := c.tryPlan("planner", draft(today, 13, 18, "cai", "ben"))
	c.refused("duty.twice", err)
	if f, _ := fault.As(err); f == nil || !strings.Contains(f.Text.ZH, "ben 11月23日 08:00 已在“老街市场工作队”值守") {
		t.Errorf("the refusal does not say who and where: %v", err)
	}
	c.plan(today, 14, 22, "cai", "ben") // the same day's crew may stay on
	_, err = c.tryPlan("planner", draft(tomorrow, 6, 12, "ben"))
	c.refused("duty.rest", err)
	c.plan(tomorrow, 9, 12, "ben")
}

func TestADutyPastMidnightBelongsToTheDayItBegins(t *testing.T) {
	c := newCounty(t)
	d := c.plan(today, 22, 6, "ann")
	if d.OnDay != today || time.UnixMilli(d.ToAt).Sub(time.UnixMilli(d.FromAt)) != 8*time.Hour {
		t.Errorf("got %s, %d ms", d.OnDay, d.ToAt-d.FromAt)
	}
	_, err := c.tryPlan("planner", draft(today, 6, 23, "cai"))
	c.refused("duty.long", err)
}

func TestWhoIsOnLeaveIsNotPlanned(t *testing.T) {
	c := newCounty(t)
	c.write(func(tx *db.Tx) error {
		return org.AddLeave(tx, org.System, org.Leave{ID: "l1", PersonID: "ben", FromOn: tomorrow, ToOn: tomorrow})
	})
	_, err := c.tryPlan("planner", draft(tomorrow, 8, 12, "ann", "ben"))
	c.refused("duty.away", err)
}

func TestAUnitPlansOnlyItsOwn(t *testing.T) {
	c := newCounty(t)
	in := draft(today, 8, 12, "dai")
	_, err := c.tryPlan("ann", in)
	c.refused("denied.duty.plan", err)
	in.Unit = "cg"
	_, err = c.tryPlan("head", in)
	c.refused("denied.duty.plan", err)
	in.Unit = "cz"
	d, err := c.tryPlan("head", in)
	c.must(err)
	err = c.try("head", func(tx *db.Tx, who org.Actor) error {
		_, err := duty.Change(tx, who, duty.Draft{ID: d.ID, Kind: "post", Unit: "cg", Area: "west", On: today, From: 480, To: 600, Leader: "dai"})
		return err
	})
	c.refused("denied.duty.plan", err)
}

func TestTheLeaderConfirmsOnceForAll(t *testing.T) {
	c := newCounty(t)
	d := c.plan(today, 8, 12, "ann", "ben", "cai")
	confirm := func(who string, absent ...string) error {
		return c.try(who, func(tx *db.Tx, a org.Actor) error { _, err := duty.Confirm(tx, a, d.ID, absent); return err })
	}
	c.refused("duty.not_begun", confirm("ann"))
	c.clock.Add(90 * time.Minute)
	c.refused("duty.leader", confirm("ben"))
	c.refused("duty.not_in", confirm("ann", "eva"))
	c.must(confirm("ann", "cai"))
	got := c.get(d.ID)
	for _, m := range got.People {
		if want := map[bool]string{true: "no", false: "yes"}[m.PersonID == "cai"]; m.Present != want {
			t.Errorf("%s is %q, want %q", m.PersonID, m.Present, want)
		}
	}
	if got.ConfirmedBy != "ann" {
		t.Errorf("confirmed by %q", got.ConfirmedBy)
	}
}

func TestASwapNeedsOneApprovalAndMovesTwo(t *testing.T) {
	c := newCounty(t)
	mine, theirs := c.plan(today, 8, 12, "ann", "ben"), c.plan(tomorrow, 8, 12, "dai", "eva")
	ask := duty.Ask{ID: "a1", Ask: "swap", DutyID: mine.ID, OtherDuty: theirs.ID, OtherID: "eva"}
	make := func(who string, a duty.Ask) error {
		return c.try(who, func(tx *db.Tx, w org.Actor) error { _, err := duty.MakeAsk(tx, w, a, nil); return err })
	}
	settle := func(who, id string, grant bool, instead string) error {
		return c.try(who, func(tx *db.Tx, w org.Actor) error { _, err := duty.Settle(tx, w, id, grant, instead, nil); return err })
	}
	c.refused("ask.whose", make("cai", ask))
	c.must(make("ben", ask))
	again := ask
	again.ID = "a2"
	c.refused("ask.open", make("ben", again))
	c.refused("ask.other", settle("ann", "a1", true, ""))
	c.must(settle("eva", "a1", true, ""))
	c.refused("ask.settled", settle("eva", "a1", true, ""))
	if a, b := c.get(mine.ID).Crew(), c.get(theirs.ID).Crew(); !slices.Equal(a, []string{"ann", "eva"}) || !slices.Equal(b, []string{"ben", "dai"}) {
		t.Errorf("after the swap %v and %v", a, b)
	}

	c.must(make("ann", duty.Ask{ID: "a3", Ask: "off", DutyID: mine.ID, Note: "发烧"}))
	c.refused("ask.own", settle("ann", "a3", true, "cai"))
	c.must(settle("planner", "a3", true, "cai"))
	if d := c.get(mine.ID); !slices.Equal(d.Crew(), []string{"cai", "eva"}) || d.LeaderID != "cai" {
		t.Errorf("after the leader left: %v led by %s", d.Crew(), d.LeaderID)
	}
}

func TestASwapThatBreaksARuleIsRefusedAtOnce(t *testing.T) {
	c := newCounty(t)
	mine := c.plan(today, 8, 12, "ann", "ben")
	c.plan(today, 9, 11, "dai", "eva")
	err := c.try("ben", func(tx *db.Tx, w org.Actor) error {
		_, err := duty.MakeAsk(tx, w, duty.Ask{ID: "a1", Ask: "swap", DutyID: mine.ID, OtherID: "eva"}, nil)
		return err
	})
	c.refused("duty.twice", err)
	c.write(func(tx *db.Tx) error { return org.SetSkills(tx, org.System, "ann", []org.Skill{org.Leads}) })
	err = c.try("ann", func(tx *db.Tx, w org.Actor) error {
		_, err := duty.MakeAsk(tx, w, duty.Ask{ID: "a2", Ask: "swap", DutyID: mine.ID, OtherID: "fan"}, nil)
		return err
	})
	c.refused("ask.no_leader", err)
}

func TestACrewIsHandedOverOnceAndAccepted(t *testing.T) {
	c := newCounty(t)
	morning, noon := c.plan(today, 8, 14, "ann", "ben"), c.plan(today, 14, 20, "dai", "eva")
	give := func(who string) error {
		return c.try(who, func(tx *db.Tx, w org.Actor) error {
			_, err := duty.Give(tx, w, duty.Handover{ID: "h-" + who, FromID: morning.ID, Things: "钥匙2把", Note: "东门还有一车没清"})
			return err
		})
	}
	take := func(who string) error {
		return c.try(who, func(tx *db.Tx, w org.Actor) error { _, err := duty.Take(tx, w, "h-ann"); return err })
	}
	c.refused("duty.not_begun", give("ann"))
	c.clock.Add(6 * time.Hour)
	c.refused("hand.leader", give("ben"))
	c.must(give("ann"))
	c.refused("hand.crew", take("ben"))
	c.must(take("eva"))
	c.refused("hand.taken", take("dai"))
	dbtest.Read(t, c.db, func(tx *db.Tx) error {
		list, err := duty.Handovers(tx, noon.ID)
		if len(list) != 1 || list[0].TakenBy != "eva" || list[0].Things != "钥匙2把" {
			t.Errorf("got %+v", list)
		}
		return err
	})
}

func TestACrewIsHandedOverAgainUntilSomebodyHasTakenIt(t *testing.T) {
	c := newCounty(t)
	morning, noon, beside := c.plan(today, 8, 14, "ann", "ben"), c.plan(today, 14, 20, "dai"), c.plan(today, 12, 18, "eva", "fan")
	c.clock.Add(4 * time.Hour)
	n := 0
	give := func(to string) error {
		n++
		return c.try("ann", func(tx *db.Tx, w org.Actor) error {
			_, err := duty.Give(tx, w, duty.Handover{ID: fmt.Sprintf("h%d", n), FromID: morning.ID, ToID: to})
			return err
		})
	}
	take := func(who, id string) error {
		return c.try(who, func(tx *db.Tx, w org.Actor) error { _, err := duty.Take(tx, w, id); return err })
	}
	cancel := func(id string) {
		c.t.Helper()
		c.must(c.try("planner", func(tx *db.Tx, w org.Actor) error { _, err := duty.Cancel(tx, w, id, "下暴雨"); return err }))
	}
	dbtest.Read(t, c.db, func(tx *db.Tx) error {
		list, err := duty.Coming(tx, morning)
		if len(list) != 2 || list[0].ID != noon.ID || list[1].ID != beside.ID {
			t.Errorf("offered %+v", list)
		}
		return err
	})
	c.refused("hand.to", give(morning.ID))
	c.must(give("")) // h2, to noon
	c.must(give(beside.ID))
	c.refused("hand.replaced", take("dai", "h2"))
	cancel(beside.ID)
	c.refused("hand.cancelled", take("fan", "h3"))
	c.refused("hand.to", give(beside.ID))
	c.must(give(noon.ID)) // h5
	c.must(take("dai", "h5"))
	late := c.plan(today, 19, 22, "cai")
	c.refused("hand.done", give(late.ID))
	cancel(noon.ID) // after it has taken over
	c.must(give(late.ID))
	dbtest.Read(t, c.db, func(tx *db.Tx) error {
		lost, err := duty.Lost(tx, morning.ID)
		if !slices.Equal(lost, []string{noon.ID}) {
			t.Errorf("lost %v", lost)
		}
		list, err2 := duty.Handovers(tx, beside.ID)
		if len(list) != 0 {
			t.Errorf("the crew that was not to come after all sees %+v", list)
		}
		return cmp.Or(err, err2)
	})
}

func TestListsShowWhatIsOnesOwn(t *testing.T) {
	c := newCounty(t)
	c.plan(today, 8, 12, "ann", "ben")
	c.plan(today, 8, 12, "dai", "eva")
	d := c.plan(tomorrow, 8, 12, "ann", "eva")
	for who, want := range map[string]int{"planner": 3, "ann": 2, "ben": 1, "head": 2, "fan": 0} {
		dbtest.Read(t, c.db, func(tx *db.Tx) error {
			list, err := duty.List(tx, c.as(tx, who), duty.Filter{From: today, To: tomorrow})
			if len(list) != want {
				t.Errorf("%s sees %d, want %d", who, len(list), want)
			}
			return err
		})
	}
	dbtest.Read(t, c.db, func(tx *db.Tx) error {
		_, err := duty.Get(tx, c.as(tx, "ben"), d.ID)
		c.refused("duty.none", err)
		_, err = duty.List(tx, c.as(tx, "planner"), duty.Filter{From: today, To: "2027-11-23"})
		c.refused("list.to", err)
		return nil
	})
	c.must(c.try("planner", func(tx *db.Tx, w org.Actor) error { _, err := duty.Cancel(tx, w, d.ID, "下暴雨"); return err }))
	dbtest.Read(t, c.db, func(tx *db.Tx) error {
		list, err := duty.Mine(tx, c.as(tx, "ann"), tx.Now())
		if len(list) != 2 || list[1].CancelledAt == 0 || list[1].Note != "下暴雨" {
			t.Errorf("ann's own: %+v", list)
		}
		return err
	})
}

func TestTeamsLendTheirPeopleToADuty(t *testing.T) {
	c := newCounty(t)
	put := func(who string, team duty.Team) error {
		return c.try(who, func(tx *db.Tx, w org.Actor) error { _, err := duty.PutTeam(tx, w, team); return err })
	}
	six := duty.Team{ID: "t1", Code: "SC1", Name: "市场工作队", Kind: "market", LeaderID: "ann", People: []string{"ben", "dai"}}
	c.refused("denied.duty.plan", put("head", six))
	c.must(put("planner", six))
	six.ID = "t2"
	c.refused("team.code", put("planner", six))
	d, err := c.tryPlan("planner", duty.Draft{Team: "t1", Place: "market", On: today, From: 360, To: 600})
	c.must(err)
	if d.Name != "市场工作队" || d.LeaderID != "ann" || !slices.Equal(d.Crew(), []string{"ann", "ben", "dai"}) || d.Kind != "market" {
		t.Errorf("got %+v", d)
	}
}

func TestNobodyTakesOverATeamOfAnotherUnit(t *testing.T) {
	c := newCounty(t)
	put := func(who string, team duty.Team) error {
		return c.try(who, func(tx *db.Tx, w org.Actor) error { _, err := duty.PutTeam(tx, w, team); return err })
	}
	hq := duty.Team{ID: "t1", Code: "SC1", Name: "市场工作队", Kind: "market", LeaderID: "ann", People: []string{"ben"}}
	cg := duty.Team{ID: "t2", Code: "CG1", Name: "城管巡查队", Kind: "patrol", UnitID: "cg", LeaderID: "cai"}
	c.must(put("planner", hq))
	c.must(put("planner", cg))
	for _, team := range []duty.Team{hq, cg} {
		team.UnitID, team.LeaderID, team.People = "cz", "dai", nil
		c.refused("denied.duty.plan", put("head", team))
	}
	own := duty.Team{ID: "t3", Code: "CZ1", Name: "财政志愿队", Kind: "volunteer", UnitID: "cz", LeaderID: "dai"}
	c.must(put("head", own))
	own.People = []string{"eva"}
	c.must(put("head", own))
	own.UnitID = "" // nobody gives a team to the headquarters on their own
	c.refused("denied.duty.plan", put("head", own))
	dbtest.Read(t, c.db, func(tx *db.Tx) error {
		got, err := duty.TeamByID(tx, "t1")
		if got.UnitID != "" || got.LeaderID != "ann" || !slices.Equal(got.People, []string{"ann", "ben"}) {
			t.Errorf("the headquarters' team has become %+v", got)
		}
		return err
	})
}

func TestATeamLendsItsPlaceToADuty(t *testing.T) {
	c := newCounty(t)
	team := duty.Team{ID: "t1", Code: "SC1", Name: "市场工作队", Kind: "market", PlaceID: "market", LeaderID: "ann"}
	c.must(c.try("planner", func(tx *db.Tx, w org.Actor) error {
		kept, err := duty.PutTeam(tx, w, team)
		if kept.AreaID != "west" {
			t.Errorf("the team's area is %q", kept.AreaID)
		}
		return err
	}))
	d, err := c.tryPlan("planner", duty.Draft{Team: "t1", On: today, From: 360, To: 600})
	c.must(err)
	if d.PlaceID != "market" || d.AreaID != "west" {
		t.Errorf("the duty is at %q in %q", d.PlaceID, d.AreaID)
	}
	team.PlaceID, team.AreaID = "", "nowhere"
	c.refused("area.none", c.try("planner", func(tx *db.Tx, w org.Actor) error { _, err := duty.PutTeam(tx, w, team); return err }))
}

func TestATeamHasAUnitAndPeopleWhoAreHere(t *testing.T) {
	c := newCounty(t)
	put := func(team duty.Team) error {
		return c.try("planner", func(tx *db.Tx, w org.Actor) error { _, err := duty.PutTeam(tx, w, team); return err })
	}
	team := duty.Team{ID: "t1", Code: "SC1", Name: "市场工作队", Kind: "market", LeaderID: "ann", People: []string{"ben"}}
	c.must(put(team))
	for field, wrong := range map[string]func(*duty.Team){
		"unit":   func(x *duty.Team) { x.UnitID = "nowhere" },
		"people": func(x *duty.Team) { x.People = []string{"nobody"} },
		"leader": func(x *duty.Team) { x.LeaderID = "nobody" },
	} {
		bad := team
		wrong(&bad)
		if f, _ := fault.As(put(bad)); f == nil || len(f.Fields) != 1 || f.Fields[0].Name != field {
			t.Errorf("a wrong %s: %v", field, f)
		}
	}
	c.leaves("ben", today)
	c.refused("duty.person", put(team))
	team.EndedOn = today // it ends as it was
	c.must(put(team))
}

// leaves says that somebody is here no longer from a day on.
func (c *county) leaves(person, on string) {
	c.t.Helper()
	c.write(func(tx *db.Tx) error {
		p, err := org.PersonByID(tx, person)
		if err != nil {
			return err
		}
		p.LeftOn = on
		return org.ChangePerson(tx, org.System, p)
	})
}

func TestWhoComesInsteadIsKnownAndHere(t *testing.T) {
	c := newCounty(t)
	d := c.plan(tomorrow, 8, 12, "ann", "ben")
	c.leaves("fan", today)
	ask := func(other string) error {
		return c.try("ben", func(tx *db.Tx, w org.Actor) error {
			_, err := duty.MakeAsk(tx, w, duty.Ask{ID: "swap-" + other, Ask: "swap", DutyID: d.ID, OtherID: other}, nil)
			return err
		})
	}
	names := func(what string, err error, field string) {
		t.Helper()
		if f, _ := fault.As(err); f == nil || f.Code != "duty.person" || f.Fields[0].Name != field {
			t.Errorf("%s: %v", what, err)
		}
	}
	names("a swap with nobody", ask("nobody"), "other")
	names("a swap with somebody who has left", ask("fan"), "other")
	c.must(c.try("ben", func(tx *db.Tx, w org.Actor) error {
		_, err := duty.MakeAsk(tx, w, duty.Ask{ID: "off", Ask: "off", DutyID: d.ID, Note: "发烧"}, nil)
		return err
	}))
	for _, instead := range []string{"nobody", "fan"} {
		names("granted with "+instead, c.try("planner", func(tx *db.Tx, w org.Actor) error {
			_, err := duty.Settle(tx, w, "off", true, instead, nil)
			return err
		}), "instead")
	}
}

func TestEveryChangeIsInTheLog(t *testing.T) {
	c := newCounty(t)
	d := c.plan(today, 8, 12, "ann", "ben")
	c.must(c.try("planner", func(tx *db.Tx, w org.Actor) error { _, err := duty.Cancel(tx, w, d.ID, "停电"); return err }))
	c.refused("duty.cancelled", c.try("planner", func(tx *db.Tx, w org.Actor) error { _, err := duty.Cancel(tx, w, d.ID, "停电"); return err }))
	dbtest.Read(t, c.db, func(tx *db.Tx) error {
		list, err := event.Of(tx, d.ID)
		if len(list) != 2 || list[0].Kind != "duty.planned" || list[1].Kind != "duty.cancelled" {
			t.Errorf("the log has %+v", list)
		}
		return err
	})
}
