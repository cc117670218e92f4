package duty_test

import (
	"slices"
	"testing"
	"time"

	"chuangwei/internal/flow/duty"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/db/dbtest"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/org"
)

func TestARequestExpiresWithItsDuty(t *testing.T) {
	c := newCounty(t)
	over, off, later := c.plan(today, 8, 12, "ann", "ben"), c.plan(tomorrow, 14, 18, "ann", "ben"), c.plan("2026-11-26", 8, 12, "ann", "ben")
	for _, d := range []duty.Duty{over, off, later} {
		c.must(c.try("ben", func(tx *db.Tx, w org.Actor) error {
			_, err := duty.MakeAsk(tx, w, duty.Ask{ID: "a-" + d.ID, Ask: "off", DutyID: d.ID, Note: "发烧"}, nil)
			return err
		}))
	}
	c.must(c.try("planner", func(tx *db.Tx, w org.Actor) error { _, err := duty.Cancel(tx, w, off.ID, "下暴雨"); return err }))
	c.clock.Add(6 * time.Hour)
	states := func(who string, since time.Duration) map[string]string {
		out := map[string]string{}
		dbtest.Read(t, c.db, func(tx *db.Tx) error {
			list, err := duty.Asks(tx, c.as(tx, who), c.clock.Now().Add(-since).UnixMilli())
			for _, a := range list {
				out[a.DutyID] = a.State
				if may, err := duty.MaySettle(tx, c.as(tx, "planner"), a); err != nil || may != (a.State == "open") {
					t.Errorf("%s is %s and may be settled: %v, %v", a.DutyID, a.State, may, err)
				}
			}
			return err
		})
		return out
	}
	for _, who := range []string{"planner", "ann", "ben"} {
		if got := states(who, 24*time.Hour); got[over.ID] != "expired" || got[off.ID] != "expired" || got[later.ID] != "open" {
			t.Errorf("%s sees %v", who, got)
		}
	}
	if got := states("planner", time.Minute); len(got) != 2 {
		t.Errorf("what expired long ago is still shown: %v", got)
	}
}

func TestAConfirmedDutyChangesUntilItEndsAndKeepsWhoWasThere(t *testing.T) {
	c := newCounty(t)
	d := c.plan(today, 8, 12, "ann", "ben", "cai")
	c.clock.Add(2 * time.Hour)
	do := func(who string, verb func(tx *db.Tx, w org.Actor) error) { c.t.Helper(); c.must(c.try(who, verb)) }
	do("ann", func(tx *db.Tx, w org.Actor) error { _, err := duty.Confirm(tx, w, d.ID, []string{"ben"}); return err })

	in := draft(today, 8, 13, "ann", "ben", "cai", "dai")
	in.ID = d.ID
	do("planner", func(tx *db.Tx, w org.Actor) error { _, err := duty.Change(tx, w, in); return err })
	c.there(d.ID, "ann", "ann yes", "ben no", "cai yes", "dai ")

	do("cai", func(tx *db.Tx, w org.Actor) error {
		_, err := duty.MakeAsk(tx, w, duty.Ask{ID: "a1", Ask: "off", DutyID: d.ID, Note: "中暑了"}, nil)
		return err
	})
	do("ann", func(tx *db.Tx, w org.Actor) error { _, err := duty.Settle(tx, w, "a1", true, "eva", nil); return err })
	c.there(d.ID, "ann", "ann yes", "ben no", "dai ", "eva ")

	do("planner", func(tx *db.Tx, w org.Actor) error { _, err := duty.Cancel(tx, w, d.ID, "下暴雨"); return err })
	c.there(d.ID, "ann", "ann yes", "ben no", "dai ", "eva ")
	c.refused("duty.cancelled", c.try("planner", func(tx *db.Tx, w org.Actor) error { _, err := duty.Change(tx, w, in); return err }))
}

func TestADutyPutOffIsConfirmedAnew(t *testing.T) {
	c := newCounty(t)
	d := c.plan(today, 8, 12, "ann", "ben")
	c.clock.Add(2 * time.Hour)
	c.must(c.try("ann", func(tx *db.Tx, w org.Actor) error { _, err := duty.Confirm(tx, w, d.ID, nil); return err }))
	in := draft(tomorrow, 8, 12, "ann", "ben")
	in.ID = d.ID
	c.must(c.try("planner", func(tx *db.Tx, w org.Actor) error { _, err := duty.Change(tx, w, in); return err }))
	c.there(d.ID, "", "ann ", "ben ")
}

// there checks who confirmed a duty and what was said of each.
func (c *county) there(id, by string, said ...string) {
	c.t.Helper()
	d := c.get(id)
	var got []string
	for _, m := range d.People {
		got = append(got, m.PersonID+" "+m.Present)
	}
	if d.ConfirmedBy != by || (d.ConfirmedAt > 0) != (by != "") || !slices.Equal(got, said) {
		c.t.Errorf("confirmed by %q at %d: %q, want %q by %q", d.ConfirmedBy, d.ConfirmedAt, got, said, by)
	}
}

func TestWhoAnswersSeesWhoCouldComeInstead(t *testing.T) {
	c := newCounty(t)
	d := c.plan(today, 8, 12, "ann", "ben")
	c.plan(today, 9, 11, "dai", "planner") // of ben's unit only cai is free
	free := func(who, person string) (names []string, err error) {
		err = c.try(who, func(tx *db.Tx, w org.Actor) error {
			list, err := duty.Partners(tx, w, d.ID, person, nil)
			for _, p := range list {
				if p.In != nil {
					t.Errorf("%s is offered an exchange", who)
				}
				names = append(names, p.PersonID)
			}
			return err
		})
		return names, err
	}
	for _, who := range []string{"planner", "ann"} {
		if got, err := free(who, "ben"); err != nil || !slices.Equal(got, []string{"cai"}) {
			t.Errorf("%s sees %v, %v", who, got, err)
		}
	}
	_, err := free("cai", "ben")
	c.refused("ask.whose", err)
	_, err = free("planner", "eva")
	c.refused("ask.whose", err)
}

func TestADutyHasALeaderOrSaysHowManyAreWanted(t *testing.T) {
	c := newCounty(t)
	in := duty.Draft{Kind: "market", Place: "market", On: tomorrow, From: 480, To: 720}
	_, err := c.tryPlan("planner", in)
	c.refused("duty.nobody", err)
	in.Size = 2
	d, err := c.tryPlan("planner", in)
	c.must(err)
	if d.Size != 2 || len(d.People) != 0 {
		t.Errorf("got %+v", d)
	}
}

func TestADutyWithAWrongYearIsRefusedAndAPastOneCalledOff(t *testing.T) {
	c := newCounty(t)
	for on, ok := range map[string]bool{"2020-01-01": false, "2062-05-05": false, "2026-11-15": false, "2026-11-16": true, "2027-12-28": true, "2027-12-29": false} {
		_, err := c.tryPlan("planner", draft(on, 8, 12, "ann"))
		if ok {
			c.must(err)
			continue
		}
		c.refused("duty.day", err)
		if f, _ := fault.As(err); len(f.Fields) != 1 || f.Fields[0].Name != "on" {
			t.Errorf("%s is refused without its field: %+v", on, f)
		}
	}
	cancel := func(id string) error {
		return c.try("planner", func(tx *db.Tx, w org.Actor) error { _, err := duty.Cancel(tx, w, id, "排错了"); return err })
	}
	wrong, done := c.plan(today, 8, 9, "ben"), c.plan(today, 8, 9, "cai")
	move := draft("2062-05-05", 8, 12, "ben")
	move.ID = wrong.ID
	c.refused("duty.day", c.try("planner", func(tx *db.Tx, w org.Actor) error { _, err := duty.Change(tx, w, move); return err }))
	c.clock.Add(90 * time.Minute)
	c.must(c.try("cai", func(tx *db.Tx, w org.Actor) error { _, err := duty.Confirm(tx, w, done.ID, nil); return err }))
	c.clock.Add(time.Hour)
	c.must(cancel(wrong.ID))
	c.refused("duty.cancelled", cancel(wrong.ID))
	c.refused("duty.over", cancel(done.ID))
}
