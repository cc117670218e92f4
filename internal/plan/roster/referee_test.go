package roster_test

import (
	"testing"

	"chuangwei/internal/flow/duty"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/db/dbtest"
	"chuangwei/internal/plan/roster"
	"chuangwei/internal/register/org"
)

// swaps has one of each of some crews swap with somebody of those offered, and
// returns how many did and how many rules the crews break then.
func (c *county) swaps(allows func() duty.Allows) (swapped, breaks int) {
	c.t.Helper()
	k := 0
	for _, id := range sortedIDs(c.duties()) {
		if k++; k%3 > 0 {
			continue
		}
		d := c.duties()[id]
		one := d.Crew()[k%len(d.People)]
		var with []duty.Partner
		c.must(c.try(one, func(tx *db.Tx, who org.Actor) (err error) {
			with, err = duty.Partners(tx, who, d.ID, "", allows())
			return err
		}))
		if len(with) == 0 {
			continue
		}
		p := with[k*7%len(with)]
		a := duty.Ask{ID: "s" + d.ID, Ask: "swap", DutyID: d.ID, OtherID: p.PersonID}
		if p.In != nil {
			a.OtherDuty = p.In.ID
		}
		c.must(c.try(one, func(tx *db.Tx, who org.Actor) error { _, err := duty.MakeAsk(tx, who, a, allows()); return err }))
		c.must(c.try(p.PersonID, func(tx *db.Tx, who org.Actor) error {
			_, err := duty.Settle(tx, who, a.ID, true, "", allows())
			return err
		}))
		swapped++
	}
	return swapped, c.breaks()
}

func (c *county) breaks() (n int) {
	c.t.Helper()
	dbtest.Read(c.t, c.db, func(tx *db.Tx) error {
		f, err := roster.Share(tx, c.as(tx, "u0p0"), "r", false)
		if n = f.Breaks; n != len(f.Broken) && len(f.Broken) < 50 {
			c.t.Errorf("%d rules broken, %d told", n, len(f.Broken))
		}
		return err
	})
	return n
}

func TestSwapsKeepTheRulesOfTheRoster(t *testing.T) {
	c := planned(t)
	if n := c.breaks(); n != 0 {
		t.Fatalf("the plan breaks %d rules", n)
	}
	swapped, breaks := c.swaps(func() duty.Allows { return roster.NewReferee().Allows })
	if swapped < 15 || breaks > 0 {
		t.Errorf("%d swaps break %d rules", swapped, breaks)
	}
	c = planned(t)
	if swapped, breaks := c.swaps(func() duty.Allows { return nil }); breaks == 0 {
		t.Errorf("%d swaps that nobody looked at break nothing: the test proves nothing", swapped)
	}
}

func TestBrokenRulesAreTold(t *testing.T) {
	c := planned(t)
	d := c.duties()[sortedIDs(c.duties())[5]]
	c.write(func(tx *db.Tx) error {
		return org.AddLeave(tx, org.System, org.Leave{ID: "l", PersonID: d.LeaderID, FromOn: d.OnDay, ToOn: d.OnDay})
	})
	if n := c.breaks(); n != 1 {
		t.Errorf("somebody on duty went on leave: %d rules are broken", n)
	}
}
