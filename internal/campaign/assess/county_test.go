package assess_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"chuangwei/internal/campaign/assess"
	"chuangwei/internal/campaign/assess/book"
	"chuangwei/internal/campaign/assess/sample"
	"chuangwei/internal/kit/album"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/db/dbtest"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/place"
	"chuangwei/internal/register/standard"
	"chuangwei/internal/register/standard/formula"
	"chuangwei/standards"
)

// county is a small one with twelve roads, three markets and two restaurants
// in two areas, and who is needed to assess it.
type county struct {
	t     testing.TB
	db    *db.DB
	clock *dbtest.Clock
	n     int
}

var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, calendar.Zone)

func newCounty(t testing.TB) *county {
	t.Helper()
	c := &county{t: t, clock: dbtest.NewClock(monday)}
	c.db = dbtest.New(t, c.clock.Now)
	c.write(c.fill)
	return c
}

func (c *county) fill(tx *db.Tx) error {
	if err := standard.Load(tx, standards.Files); err != nil {
		return err
	}
	for _, u := range []org.Unit{{ID: "cg", Code: "1", Name: "城市管理局", Short: "城管局", Sort: "unit", Role: "chengguan"},
		{ID: "sc", Code: "2", Name: "市场监督管理局", Short: "市监局", Sort: "unit", Role: "shichang"}, {ID: "aw", Code: "3", Name: "爱卫办", Short: "爱卫办", Sort: "unit", Role: "aiweiban"}} {
		if err := org.AddUnit(tx, org.System, u); err != nil {
			return err
		}
	}
	for i, x := range []string{"west", "east"} {
		lon := 103.0 + float64(i)*0.1
		a := place.Area{ID: x, Code: fmt.Sprint("A", i), Name: x + "片区", LeadUnitID: "cg", Lat: 22.05, Lon: lon + 0.05,
			Shape: fmt.Sprintf(`{"type":"Polygon","coordinates":[[[%[1]v,22],[%[2]v,22],[%[2]v,22.1],[%[1]v,22.1],[%[1]v,22]]]}`, lon, lon+0.1)}
		if err := place.AddArea(tx, org.System, a); err != nil {
			return err
		}
	}
	for n := range 17 {
		p := place.Place{ID: fmt.Sprint("road-", n), Code: fmt.Sprintf("ROAD%02d", n), Name: fmt.Sprint("老街", n, "段"), Kind: "路段", AreaID: "west", UnitID: "cg", Lat: 22.02, Lon: 103.05}
		switch {
		case n >= 15:
			p.ID, p.Code, p.Kind, p.UnitID = fmt.Sprint("eat-", n), fmt.Sprintf("EAT%03d", n), "小餐饮店", "sc"
		case n >= 12:
			p.ID, p.Code, p.Kind, p.UnitID = fmt.Sprint("market-", n), fmt.Sprintf("MKT%03d", n), "农贸市场", "sc"
		}
		if n%3 == 0 {
			p.AreaID, p.Lon = "east", 103.15
		}
		if err := place.Add(tx, org.System, p); err != nil {
			return err
		}
	}
	for _, p := range []struct {
		id, unit string
		role     org.Role
		scope    string
	}{
		{"wang", "cg", org.Owner, "cg"}, {"zhou", "sc", org.Owner, "sc"}, {"ai", "aw", org.Liaison, "aw"}, {"lead", "aw", org.ShiftLead, ""},
		{"boss", "cg", org.Commander, ""}, {"expert", "aw", org.Cadre, ""}, {"cadre", "cg", org.Cadre, ""},
	} {
		if err := org.AddPerson(tx, org.System, org.Person{ID: p.id, Code: p.id, Name: p.id, Login: p.id, UnitID: p.unit, Lang: "zh"}); err != nil {
			return err
		}
		if err := org.AddPost(tx, org.System, org.Post{ID: "post-" + p.id, Role: p.role, Name: p.id, UnitID: p.scope}); err != nil {
			return err
		}
		if err := org.AddTerm(tx, org.System, org.Term{ID: "term-" + p.id, PostID: "post-" + p.id, PersonID: p.id, FromOn: "2026-01-01"}); err != nil {
			return err
		}
	}
	return nil
}

func (c *county) write(fn func(*db.Tx) error)     { c.t.Helper(); dbtest.Write(c.t, c.db, fn) }
func (c *county) read(fn func(*db.Tx) error)      { c.t.Helper(); dbtest.Read(c.t, c.db, fn) }
func (c *county) try(fn func(*db.Tx) error) error { return c.db.Write(context.Background(), fn) }

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

func (c *county) next(what string) string { c.n++; return fmt.Sprintf("%s-%04d", what, c.n) }

func (c *county) photo() string {
	c.n++
	sum := fmt.Sprintf("%064x", c.n)
	c.write(func(tx *db.Tx) error { return album.Arrive(tx, album.Photo{Sum: sum, Type: "image/jpeg", Bytes: 1}) })
	return sum
}

// plan is a mock round of two experts over six roads, a market and the restaurants.
func plan(pack string) assess.Plan {
	return assess.Plan{ID: "round-1", Name: "第一次模拟评估", Kind: assess.Mock, Pack: pack, FromOn: "2026-11-23", ToOn: "2026-11-25",
		Experts: []assess.Expert{{ID: "in", Name: "expert", PersonID: "expert"}, {ID: "out", Name: "外请专家"}},
		Wants:   []sample.Want{{Kind: "road", N: 6}, {Kind: "market", N: 1}, {Kind: "catering", N: 9}}}
}

// begun is a round whose sample is drawn.
func (c *county) begun(p assess.Plan) (r assess.Round) {
	c.t.Helper()
	c.write(func(tx *db.Tx) (err error) {
		if r, err = assess.Make(tx, c.as(tx, "lead"), p); err == nil {
			r, err = assess.Begin(tx, c.as(tx, "lead"), r.ID, true)
		}
		return err
	})
	return r
}

func (c *county) see(round, expert, code string, list ...assess.Finding) {
	c.t.Helper()
	c.write(func(tx *db.Tx) error {
		_, err := assess.See(tx, c.as(tx, "lead"), assess.Visit{ID: c.next("visit"), Round: round, Expert: expert, Place: code, Findings: list})
		return err
	})
}

func (c *county) judge(round, expert string, marks ...assess.Mark) {
	c.t.Helper()
	c.write(func(tx *db.Tx) error {
		_, err := assess.Judge(tx, c.as(tx, "lead"), assess.Judgement{Round: round, Expert: expert, Marks: marks})
		return err
	})
}

func (c *county) result(round string) (o book.Outcome) {
	c.t.Helper()
	c.read(func(tx *db.Tx) (err error) { _, o, err = assess.Result(tx, c.as(tx, "boss"), round); return err })
	return o
}

// finish judges everything that is still open as good, and freezes the round.
func (c *county) finish(round string) (r assess.Round) {
	c.t.Helper()
	c.rest(round)
	c.write(func(tx *db.Tx) (err error) { r, err = assess.Finish(tx, c.as(tx, "lead"), round, true); return err })
	return r
}

func (c *county) rest(round string) {
	c.t.Helper()
	o := c.result(round)
	var marks []assess.Mark
	for _, ch := range o.Chapters {
		for _, l := range ch.Lines {
			if l.State == "open" && (l.Style == "paper" || l.Style == "finding") {
				marks = append(marks, assess.Mark{What: assess.OnLine, Ref: l.ID, Value: assess.Seen})
			}
			if l.State == "open" && l.Style == "banded" {
				marks = append(marks, assess.Mark{What: assess.OnLine, Ref: l.ID, Value: "good"})
			}
		}
	}
	for part := range slices.Chunk(marks, 200) {
		c.judge(round, "in", part...)
	}
}

func (c *county) figure(pack, indicator, value, on string) {
	c.t.Helper()
	c.write(func(tx *db.Tx) error {
		v, err := formula.Number(value)
		if err != nil {
			return err
		}
		_, err = assess.Record(tx, c.as(tx, "lead"), assess.Figure{ID: c.next("figure"), Pack: pack, Indicator: indicator, Value: v, OnDay: on, Source: "年报"})
		return err
	})
}

func line(t testing.TB, o book.Outcome, id string) (score string, state string) {
	t.Helper()
	for _, ch := range o.Chapters {
		for _, l := range ch.Lines {
			if l.ID == id {
				return l.Own.String(), string(l.State)
			}
		}
	}
	t.Fatalf("no line %s", id)
	return "", ""
}
