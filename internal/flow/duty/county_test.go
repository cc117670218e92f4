package duty_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"chuangwei/internal/flow/duty"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/db/dbtest"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/place"
	"chuangwei/internal/register/standard"
	"chuangwei/standards"
)

// county is a small one: an area with a market, two units, and a planner.
type county struct {
	t     testing.TB
	db    *db.DB
	clock *dbtest.Clock
	n     int
}

var monday = time.Date(2026, 11, 23, 7, 0, 0, 0, calendar.Zone)

func newCounty(t testing.TB) *county {
	c := &county{t: t, clock: dbtest.NewClock(monday)}
	c.db = dbtest.New(t, c.clock.Now)
	c.write(func(tx *db.Tx) error {
		if err := standard.Load(tx, standards.Files); err != nil {
			return err
		}
		for _, u := range []org.Unit{{ID: "cg", Code: "1", Name: "城管局", Short: "城管局", Sort: "unit"}, {ID: "cz", Code: "2", Name: "财政局", Short: "财政局", Sort: "unit"}} {
			if err := org.AddUnit(tx, org.System, u); err != nil {
				return err
			}
		}
		shape := `{"type":"Polygon","coordinates":[[[103,22],[103.1,22],[103.1,22.1],[103,22.1],[103,22]]]}`
		if err := place.AddArea(tx, org.System, place.Area{ID: "west", Code: "A1", Name: "西片区", LeadUnitID: "cg", Lat: 22.05, Lon: 103.05, Shape: shape}); err != nil {
			return err
		}
		if err := place.Add(tx, org.System, place.Place{ID: "market", Code: "MKT234", Name: "老街农贸市场", Kind: "农贸市场", AreaID: "west", UnitID: "cg", Lat: 22.05, Lon: 103.05}); err != nil {
			return err
		}
		for id, unit := range map[string]string{"ann": "cg", "ben": "cg", "cai": "cg", "dai": "cz", "eva": "cz", "fan": "cz"} {
			if err := c.person(tx, id, unit, org.Cadre); err != nil {
				return err
			}
		}
		if err := c.person(tx, "planner", "cg", org.ShiftLead); err != nil {
			return err
		}
		return c.person(tx, "head", "cz", org.UnitHead)
	})
	return c
}

func (c *county) person(tx *db.Tx, id, unit string, role org.Role) error {
	if err := org.AddPerson(tx, org.System, org.Person{ID: id, Code: id, Name: id, Login: id, UnitID: unit, Lang: "zh"}); err != nil {
		return err
	}
	if role == org.Cadre {
		return nil
	}
	if err := org.AddPost(tx, org.System, org.Post{ID: "post-" + id, Role: role, Name: id, UnitID: map[bool]string{true: unit}[role == org.UnitHead]}); err != nil {
		return err
	}
	return org.AddTerm(tx, org.System, org.Term{ID: "term-" + id, PostID: "post-" + id, PersonID: id, FromOn: "2026-01-01"})
}

func (c *county) write(fn func(tx *db.Tx) error) { c.t.Helper(); dbtest.Write(c.t, c.db, fn) }

func (c *county) as(tx *db.Tx, id string) org.Actor {
	p, err := org.PersonByID(tx, id)
	if err != nil {
		c.t.Fatal(err)
	}
	a, err := org.ActorOf(tx, p, string(calendar.On(tx.Time())))
	if err != nil {
		c.t.Fatal(err)
	}
	return a
}

// try does something as somebody.
func (c *county) try(who string, fn func(tx *db.Tx, who org.Actor) error) error {
	c.t.Helper()
	return c.db.Write(context.Background(), func(tx *db.Tx) error { return fn(tx, c.as(tx, who)) })
}

func (c *county) refused(code string, err error) {
	c.t.Helper()
	if fault.Code(err) != code {
		c.t.Errorf("got %v, want %s", err, code)
	}
}

func (c *county) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

// plan makes a duty on a day from one hour to another.
func (c *county) plan(on string, from, to int, people ...string) duty.Duty {
	c.t.Helper()
	d, err := c.tryPlan("planner", draft(on, from, to, people...))
	c.must(err)
	return d
}

func draft(on string, from, to int, people ...string) duty.Draft {
	return duty.Draft{Kind: "market", Name: "老街市场工作队", Place: "market", On: on, From: from * 60, To: to * 60, Leader: people[0], People: people}
}

func (c *county) tryPlan(who string, in duty.Draft) (d duty.Duty, err error) {
	if in.ID == "" {
		c.n++
		in.ID = fmt.Sprintf("duty-%d", c.n)
	}
	err = c.try(who, func(tx *db.Tx, a org.Actor) (err error) { d, err = duty.Plan(tx, a, in); return err })
	return d, err
}

func (c *county) get(id string) (d duty.Duty) {
	c.t.Helper()
	dbtest.Read(c.t, c.db, func(tx *db.Tx) (err error) { d, err = duty.ByID(tx, id); return err })
	return d
}
