package evidence_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"chuangwei/internal/flow/cases"
	"chuangwei/internal/flow/evidence"
	"chuangwei/internal/kit/blob"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/db/dbtest"
	"chuangwei/internal/kit/document"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/job"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/place"
	"chuangwei/internal/register/standard"
	"chuangwei/standards"
)

// county is a small one: the health office, city management and an archivist's
// centre, with a clock moved by hand and a store of its own.
type county struct {
	t     testing.TB
	db    *db.DB
	clock *dbtest.Clock
	desk  evidence.Desk
	n     int
}

// monday is an ordinary working day at nine.
var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, calendar.Zone)

func newCounty(t testing.TB) *county {
	t.Helper()
	store, err := blob.Folder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	c := &county{t: t, clock: dbtest.NewClock(monday), desk: evidence.Desk{Store: store}}
	c.db = dbtest.New(t, c.clock.Now)
	c.write(c.fill)
	return c
}

func (c *county) fill(tx *db.Tx) error {
	if err := standard.Load(tx, standards.Files); err != nil {
		return err
	}
	for _, u := range []org.Unit{{ID: "aw", Code: "1", Name: "爱国卫生运动委员会办公室", Short: "爱卫办", Sort: "unit", Role: "aiweiban"},
		{ID: "cg", Code: "2", Name: "城市管理局", Short: "城管局", Sort: "unit", Role: "chengguan"}, {ID: "xw", Code: "3", Name: "县委办公室", Short: "县委办", Sort: "unit", Role: "xianwei"},
		{ID: "zx", Code: "4", Name: "创卫中心", Short: "创卫中心", Sort: "centre"}} {
		if err := org.AddUnit(tx, org.System, u); err != nil {
			return err
		}
	}
	a := place.Area{ID: "west", Code: "A1", Name: "西片区", LeadUnitID: "cg", Lat: 22.05, Lon: 103.05, Shape: `{"type":"Polygon","coordinates":[[[103,22],[103.1,22],[103.1,22.1],[103,22.1],[103,22]]]}`}
	if err := place.AddArea(tx, org.System, a); err != nil {
		return err
	}
	if err := place.Add(tx, org.System, place.Place{ID: "road", Code: "ROAD21", Name: "老街", Kind: "路段", AreaID: "west", UnitID: "cg", Lat: 22.02, Lon: 103.05}); err != nil {
		return err
	}
	for _, p := range []struct {
		id, unit string
		role     org.Role
		scope    string
		areas    []string
	}{
		{"aw-liaison", "aw", org.Liaison, "aw", nil}, {"wang", "cg", org.Owner, "cg", nil}, {"archivist", "zx", org.Archivist, "", nil}, {"lead", "zx", org.ShiftLead, "", nil},
		{"verifier", "xw", org.Verifier, "", nil}, {"chief", "xw", org.Chief, "", []string{"west"}}, {"boss", "xw", org.Commander, "", nil}, {"cadre", "cg", org.Cadre, "", nil},
		{"inspector", "xw", org.Inspector, "", nil},
	} {
		if err := org.AddPerson(tx, org.System, org.Person{ID: p.id, Code: p.id, Name: p.id, Login: p.id, UnitID: p.unit, Lang: "zh"}); err != nil {
			return err
		}
		if err := org.AddPost(tx, org.System, org.Post{ID: "post-" + p.id, Role: p.role, Name: p.id, UnitID: p.scope, Areas: p.areas}); err != nil {
			return err
		}
		if err := org.AddTerm(tx, org.System, org.Term{ID: "term-" + p.id, PostID: "post-" + p.id, PersonID: p.id, FromOn: "2026-01-01"}); err != nil {
			return err
		}
	}
	return nil
}

func (c *county) write(fn func(*db.Tx) error) { c.t.Helper(); dbtest.Write(c.t, c.db, fn) }
func (c *county) read(fn func(*db.Tx) error)  { c.t.Helper(); dbtest.Read(c.t, c.db, fn) }

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

// try does something as somebody in one write.
func (c *county) try(who string, fn func(*db.Tx, org.Actor) error) error {
	return c.db.Write(context.Background(), func(tx *db.Tx) error { return fn(tx, c.as(tx, who)) })
}

// bring lets a document arrive and names it.
func (c *county) bring(kind string, b []byte) string {
	c.t.Helper()
	sum, _, err := c.desk.Store.Put(context.Background(), bytes.NewReader(b))
	if err != nil {
		c.t.Fatal(err)
	}
	c.write(func(tx *db.Tx) error {
		return evidence.Arrive(tx, evidence.Document{Sum: sum, Type: kind, Bytes: int64(len(b)), Name: "a." + document.Extensions[kind], Who: "wang"})
	})
	return sum
}

// file files a paper that must be taken; without a sum, one of its own.
func (c *county) file(who string, in evidence.Draft) (p evidence.Paper) {
	c.t.Helper()
	p, err := c.tryFile(who, in)
	if err != nil {
		c.t.Fatal(err)
	}
	return p
}

func (c *county) tryFile(who string, in evidence.Draft) (p evidence.Paper, err error) {
	c.n++
	if in.ID == "" {
		in.ID = fmt.Sprintf("paper-%04d", c.n)
	}
	if in.Sum == "" {
		in.Sum = c.bring(document.TypePDF, fmt.Appendf(nil, "%%PDF-1.4 %d", c.n))
	}
	if in.Title == "" {
		in.Title = "会议纪要"
	}
	err = c.try(who, func(tx *db.Tx, a org.Actor) (err error) { p, err = evidence.File(tx, a, in); return err })
	return p, err
}

func (c *county) check(who, id string, ok bool, note string) error {
	return c.try(who, func(tx *db.Tx, a org.Actor) error { _, err := evidence.Check(tx, a, id, ok, note); return err })
}

func (c *county) ask(who, slot string, year int) (k cases.Case, err error) {
	err = c.try(who, func(tx *db.Tx, a org.Actor) (err error) { k, err = evidence.Ask(tx, a, slot, year); return err })
	return k, err
}

func (c *county) caseOf(id string) (k cases.Case) {
	c.t.Helper()
	c.read(func(tx *db.Tx) (err error) { k, err = cases.ByID(tx, id); return err })
	return k
}

func (c *county) paper(id string) (p evidence.Paper) {
	c.t.Helper()
	c.read(func(tx *db.Tx) (err error) { p, err = evidence.PaperByID(tx, id); return err })
	return p
}

// standing is how a requirement of county-2021 stands today.
func (c *county) standing(requirement string) (out evidence.Standing) {
	c.t.Helper()
	c.read(func(tx *db.Tx) error {
		h, err := standard.PackByID(tx, "county-2021")
		if err != nil {
			return err
		}
		list, err := evidence.Standings(tx, h.Pack, calendar.On(tx.Time()))
		for _, s := range list {
			if s.Requirement == requirement {
				out = s
			}
		}
		if len(list) != 210 {
			c.t.Errorf("%d standings", len(list))
		}
		return err
	})
	return out
}

// work does the background work there is.
func (c *county) work() {
	c.t.Helper()
	w := &job.Worker{DB: c.db, Log: slog.New(slog.DiscardHandler), Handlers: map[string]job.Handler{evidence.ReadJob: c.desk.ReadText, evidence.IndexJob: c.desk.Index}}
	for {
		did, err := w.Once(context.Background())
		if err != nil {
			c.t.Fatal(err)
		}
		if !did {
			return
		}
	}
}

// follow hands all events of the noun's kinds to it, as the program does.
func (c *county) follow() {
	c.t.Helper()
	c.write(func(tx *db.Tx) error {
		list, err := event.Since(tx, 0, 10000)
		for _, e := range list {
			if err == nil && (e.Kind == "case.verified" || e.Kind == "case.reworked") {
				err = evidence.Follow(tx, e)
			}
		}
		return err
	})
}
