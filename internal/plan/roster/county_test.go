package roster_test

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"testing"
	"time"

	"chuangwei/internal/flow/duty"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/db/dbtest"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/job"
	"chuangwei/internal/plan/roster"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/place"
	"chuangwei/internal/register/standard"
	"chuangwei/standards"
)

// county has six units of ten people, three areas, a planner, and a market day
// every Wednesday. Two of ten can lead, one holds a licence.
type county struct {
	t     testing.TB
	db    *db.DB
	clock *dbtest.Clock
}

var monday = time.Date(2026, 11, 23, 7, 0, 0, 0, calendar.Zone)

const firstDay, secondWeek, lastDay = "2026-11-30", "2026-12-07", "2026-12-13" // two weeks from the next Monday

func newCounty(t testing.TB) *county {
	c := &county{t: t, clock: dbtest.NewClock(monday)}
	c.db = dbtest.New(t, c.clock.Now)
	c.write(func(tx *db.Tx) error {
		if err := standard.Load(tx, standards.Files); err != nil {
			return err
		}
		if err := calendar.SetMarket(tx, org.System, calendar.MarketRule{Weekdays: []int{3}}); err != nil {
			return err
		}
		for a := range 3 {
			lon := 103 + float64(a)*0.1
			shape := fmt.Sprintf(`{"type":"Polygon","coordinates":[[[%[1]v,22],[%[2]v,22],[%[2]v,22.1],[%[1]v,22.1],[%[1]v,22]]]}`, lon, lon+0.1)
			if err := place.AddArea(tx, org.System, place.Area{ID: fmt.Sprint("a", a), Code: fmt.Sprint("A", a), Name: fmt.Sprintf("第%d片区", a+1), Lat: 22.05, Lon: lon + 0.05, Shape: shape}); err != nil {
				return err
			}
		}
		for u := range 6 {
			if err := c.unit(tx, u); err != nil {
				return err
			}
		}
		if err := org.AddPost(tx, org.System, org.Post{ID: "plan", Role: org.ShiftLead, Name: "值班长"}); err != nil {
			return err
		}
		return org.AddTerm(tx, org.System, org.Term{ID: "plan", PostID: "plan", PersonID: "u0p0", FromOn: "2026-01-01"})
	})
	return c
}

func (c *county) unit(tx *db.Tx, u int) error {
	id := fmt.Sprint("u", u)
	if err := org.AddUnit(tx, org.System, org.Unit{ID: id, Code: id, Name: fmt.Sprintf("第%d局", u+1), Short: fmt.Sprintf("%d局", u+1), Sort: "unit"}); err != nil {
		return err
	}
	for p := range 10 {
		who := fmt.Sprintf("%sp%d", id, p)
		if err := org.AddPerson(tx, org.System, org.Person{ID: who, Code: who, Name: "人" + who, Login: who, UnitID: id, Lang: "zh"}); err != nil {
			return err
		}
		var skills []org.Skill
		if p%4 == 0 {
			skills = append(skills, org.Leads)
		}
		if p%3 == 1 {
			skills = append(skills, org.Licensed)
		}
		if err := roster.SetMember(tx, org.System, who, skills, fmt.Sprint("a", (u+p)%3)); err != nil {
			return err
		}
	}
	return nil
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

func (c *county) try(who string, fn func(tx *db.Tx, who org.Actor) error) error {
	c.t.Helper()
	return c.db.Write(context.Background(), func(tx *db.Tx) error { return fn(tx, c.as(tx, who)) })
}

func (c *county) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

func (c *county) refused(code string, err error) {
	c.t.Helper()
	if fault.Code(err) != code {
		c.t.Errorf("got %v, want %s", err, code)
	}
}

// made begins a roster of two weeks.
func (c *county) made() {
	c.t.Helper()
	c.must(c.try("u0p0", func(tx *db.Tx, who org.Actor) error {
		_, err := roster.Make(tx, who, roster.Roster{ID: "r", Name: "第一批", FromOn: firstDay, ToOn: lastDay})
		return err
	}))
}

// search tries rules and does the job.
func (c *county) search(rules roster.Rules, mode, from string) roster.Roster {
	c.t.Helper()
	c.must(c.try("u0p0", func(tx *db.Tx, who org.Actor) error {
		_, err := roster.Try(tx, who, "r", roster.Search{Rules: rules, Mode: mode, From: from, Seconds: 1, Seed: 1})
		return err
	}))
	c.solve()
	return c.get()
}

// solve does the job of a search.
func (c *county) solve() {
	c.t.Helper()
	w := &job.Worker{DB: c.db, Log: slog.New(slog.DiscardHandler), Handlers: map[string]job.Handler{roster.SolveJob: roster.Solving}}
	if did, err := w.Once(context.Background()); !did || err != nil {
		c.t.Fatalf("the search did not run: %v", err)
	}
}

func calendarDay(on string, by int) string { return string(calendar.Day(on).Add(by)) }

// clock is the time of day in minutes.
func clock(ms int64) int {
	at := time.UnixMilli(ms).In(calendar.Zone)
	return at.Hour()*60 + at.Minute()
}

func (c *county) get() (r roster.Roster) {
	c.t.Helper()
	dbtest.Read(c.t, c.db, func(tx *db.Tx) (err error) { r, err = roster.ByID(tx, "r"); return err })
	return r
}

func (c *county) keep() {
	c.t.Helper()
	c.must(c.try("u0p0", func(tx *db.Tx, who org.Actor) error { _, err := roster.Keep(tx, who, "r", c.get().Version); return err }))
}

func (c *county) publish(from, to string) (out roster.Published) {
	c.t.Helper()
	c.must(c.try("u0p0", func(tx *db.Tx, who org.Actor) (err error) {
		out, err = roster.Publish(tx, who, "r", from, to, 0)
		return err
	}))
	return out
}

func asFault(err error) *fault.Fault {
	f, _ := fault.As(err)
	return f
}

func sortedIDs(m map[string]duty.Duty) []string { return slices.Sorted(maps.Keys(m)) }
