package cases_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"chuangwei/internal/flow/cases"
	"chuangwei/internal/flow/duty"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/db/dbtest"
	"chuangwei/internal/register/org"
)

// crew plans a duty of today at the market.
func (c *county) crew(id string, from, to int, people ...string) {
	c.t.Helper()
	c.write(func(tx *db.Tx) error {
		_, err := duty.Plan(tx, org.System, duty.Draft{ID: id, Kind: "market", Name: "老街市场工作队", Place: "market", On: "2026-11-23",
			From: from * 60, To: to * 60, Leader: people[0], People: people})
		return err
	})
}

func atMarket(r *cases.Report) { r.Place, r.Kind, r.Point = "MKT234", "market.zoning", nil }

func TestACaseGoesToWhoIsOnDutyToday(t *testing.T) {
	c := newCounty(t)
	c.crew("morning", 8, 14, "zhao", "li")
	k := c.report("inspector", atMarket)
	if k.OwnerID != "zhao" || k.DutyID != "morning" || k.State != cases.Assigned {
		t.Fatalf("owner %q of duty %q, %s", k.OwnerID, k.DutyID, k.State)
	}
	var why []string
	for _, r := range k.Reasons {
		why = append(why, r.Said.ZH)
	}
	if text := strings.Join(why, "；"); !strings.Contains(text, "今天“老街市场工作队”（08:00–14:00）在此值守") {
		t.Errorf("the reason does not say so: %s", text)
	}
	if elsewhere := c.report("inspector", func(r *cases.Report) { r.Kind = "market.zoning" }); elsewhere.OwnerID == "zhao" || elsewhere.DutyID != "" {
		t.Errorf("a problem outside the market went to its team: %+v", elsewhere)
	}
	c.clock.Add(6 * time.Hour)
	if late := c.report("inspector", atMarket); late.DutyID != "" {
		t.Errorf("after the team left, the case went to %q", late.OwnerID)
	}
}

func TestTheDeputyOfALeaderOnLeaveAnswers(t *testing.T) {
	c := newCounty(t)
	c.crew("morning", 8, 14, "zhao", "li")
	c.write(func(tx *db.Tx) error {
		return org.AddLeave(tx, org.System, org.Leave{ID: "l1", PersonID: "zhao", FromOn: "2026-11-23", ToOn: "2026-11-23"})
	})
	if k := c.report("inspector", atMarket); k.OwnerID != "li" || k.DutyID != "morning" {
		t.Errorf("without a deputy: owner %q", k.OwnerID)
	}
	c.write(func(tx *db.Tx) error {
		return org.AddDeputy(tx, org.System, org.Deputising{ID: "d1", PersonID: "zhao", DeputyID: "sun", FromOn: "2026-11-23", ToOn: "2026-11-23"})
	})
	if k := c.report("inspector", atMarket); k.OwnerID != "sun" || k.DutyID != "morning" {
		t.Errorf("with a deputy: owner %q", k.OwnerID)
	}
}

func TestAHandoverPassesWhatIsOpenWithItsClock(t *testing.T) {
	c := newCounty(t)
	c.crew("morning", 8, 14, "zhao", "li")
	c.crew("noon", 14, 20, "zhou", "wu")
	open, done := c.report("inspector", atMarket), c.report("inspector", func(r *cases.Report) { atMarket(r); r.Kind = "market.sewage" })
	away := c.report("inspector", func(r *cases.Report) { atMarket(r); r.Kind = "market.notices" })
	if away.DutyID != "morning" {
		t.Fatalf("the third case went to %q", away.OwnerID)
	}
	c.do("desk", away.ID, cases.Move{Move: cases.Assign, ToPerson: "wang"}) // no longer the crew's
	c.do("zhao", done.ID, cases.Move{Move: cases.Fix, Photos: []string{c.photo()}})
	c.do("verifier", done.ID, cases.Move{Move: cases.Verify})
	c.clock.Add(5 * time.Hour)

	var passed []cases.Case
	err := c.db.Write(context.Background(), func(tx *db.Tx) error {
		if _, err := duty.Give(tx, c.as(tx, "zhao"), duty.Handover{ID: "h", FromID: "morning"}); err != nil {
			return err
		}
		var err error
		_, passed, err = cases.TakeOver(tx, c.as(tx, "wu"), "h")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(passed) != 1 || passed[0].ID != open.ID {
		t.Fatalf("passed %d cases", len(passed))
	}
	got := c.get(open.ID)
	if got.OwnerID != "zhou" || got.DutyID != "noon" || got.DueAt != open.DueAt || got.State != open.State {
		t.Errorf("after the handover: owner %q, duty %q, due %d (was %d)", got.OwnerID, got.DutyID, got.DueAt, open.DueAt)
	}
	c.do("zhou", open.ID, cases.Move{Move: cases.Fix, Photos: []string{c.photo()}})
	if kept := c.get(away.ID); kept.OwnerID != "wang" {
		t.Errorf("a case of another owner was passed on to %q", kept.OwnerID)
	}
	dbtest.Read(t, c.db, func(tx *db.Tx) error {
		list, err := cases.Timeline(tx, c.as(tx, "desk"), open.ID)
		told := ""
		for _, s := range list {
			told += s.Said.ZH + "\n"
		}
		if !strings.Contains(told, "交班：由zhao转给下一班zhou，时限不变") {
			t.Errorf("the history says\n%s", told)
		}
		return err
	})
}

func TestAHandoverPassesToWhoOfTheNextCrewIsThere(t *testing.T) {
	c := newCounty(t)
	c.crew("morning", 8, 14, "zhao", "li")
	c.crew("noon", 14, 20, "zhou", "wu")
	c.crew("late", 14, 21, "sun")
	k := c.report("inspector", atMarket)
	c.write(func(tx *db.Tx) error {
		return org.AddLeave(tx, org.System, org.Leave{ID: "l1", PersonID: "zhou", FromOn: "2026-11-23", ToOn: "2026-11-24"})
	})
	hand := func(id, to, taker string) {
		c.t.Helper()
		c.write(func(tx *db.Tx) error {
			if _, err := duty.Give(tx, c.as(tx, "zhao"), duty.Handover{ID: id, FromID: "morning", ToID: to}); err != nil {
				return err
			}
			_, _, err := cases.TakeOver(tx, c.as(tx, taker), id)
			return err
		})
	}
	c.clock.Add(5 * time.Hour)
	hand("h1", "noon", "wu")
	got := c.get(k.ID)
	var why []string
	for _, r := range got.Reasons {
		why = append(why, r.Said.ZH)
	}
	if text := strings.Join(why, "；"); got.OwnerID != "wu" || !strings.Contains(text, "zhou 2026-11-23至2026-11-24请假，没有代理人；wu是值守队员") {
		t.Errorf("owner %q: %s", got.OwnerID, text)
	}

	c.write(func(tx *db.Tx) error {
		_, err := duty.Cancel(tx, org.System, "noon", "下暴雨")
		return err
	})
	hand("h2", "late", "sun") // what the crew had taken that was called off comes along
	if got := c.get(k.ID); got.OwnerID != "sun" || got.DutyID != "late" {
		t.Errorf("after the second handover: owner %q, duty %q", got.OwnerID, got.DutyID)
	}
}

func TestNobodyOfTheCrewVerifiesItsFix(t *testing.T) {
	c := newCounty(t)
	c.crew("morning", 8, 14, "zhao", "verifier") // of different units
	k := c.report("inspector", atMarket)
	c.do("zhao", k.ID, cases.Move{Move: cases.Fix, Photos: []string{c.photo()}})
	if _, err := c.try("verifier", k.ID, cases.Move{Move: cases.Verify}); err == nil {
		t.Error("somebody of the crew verified it")
	}
	c.do("chief", k.ID, cases.Move{Move: cases.Verify})
}
