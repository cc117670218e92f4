package duty_test

import (
	"testing"
	"time"

	"chuangwei/internal/flow/duty"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/db/dbtest"
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
