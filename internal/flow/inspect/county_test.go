package inspect_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"chuangwei/internal/flow/cases"
	"chuangwei/internal/flow/inspect"
	"chuangwei/internal/kit/album"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/db/dbtest"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/place"
	"chuangwei/internal/register/standard"
	"chuangwei/standards"
)

// county is a small one: two areas, a market, roads and toilets, somebody who
// owns, leads, inspects and commands, and a clock moved by hand.
type county struct {
	t     testing.TB
	db    *db.DB
	clock *dbtest.Clock
	n     int
}

// monday is an ordinary working day at nine.
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
		{ID: "sc", Code: "2", Name: "市场监督管理局", Short: "市监局", Sort: "unit", Role: "shichang"}} {
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
	for i, p := range []place.Place{
		{ID: "market", Code: "MKT234", Name: "老街农贸市场", Kind: "农贸市场", AreaID: "west", UnitID: "sc"},
		{ID: "road-1", Code: "ROAD21", Name: "老街", Kind: "路段", AreaID: "west", UnitID: "cg"},
		{ID: "road-2", Code: "ROAD22", Name: "新街", Kind: "路段", AreaID: "west", UnitID: "cg"},
		{ID: "road-3", Code: "ROAD23", Name: "东街", Kind: "路段", AreaID: "east", UnitID: "cg"},
		{ID: "bank", Code: "BANK22", Name: "银行", Kind: "银行网点", AreaID: "west", UnitID: ""},
	} {
		p.Lat, p.Lon = 22.02+0.01*float64(i), 103.05
		if p.AreaID == "east" {
			p.Lon = 103.15
		}
		if err := place.Add(tx, org.System, p); err != nil {
			return err
		}
	}
	return c.people(tx)
}

func (c *county) people(tx *db.Tx) error {
	for _, p := range []struct {
		id, unit string
		role     org.Role
		scope    string
		areas    []string
	}{
		{"wang", "cg", org.Owner, "cg", nil}, {"zhou", "sc", org.Owner, "sc", nil}, {"wu", "sc", org.UnitHead, "sc", nil},
		{"chief", "cg", org.Chief, "", []string{"west"}}, {"inspector", "cg", org.Inspector, "", nil}, {"team", "sc", org.MarketTeam, "", nil},
		{"boss", "cg", org.Commander, "", nil}, {"lead", "cg", org.ShiftLead, "", nil}, {"cadre", "cg", org.Cadre, "", nil},
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

// photo lets a photo arrive and names it.
func (c *county) photo() string {
	c.n++
	sum := fmt.Sprintf("%064x", c.n)
	c.write(func(tx *db.Tx) error { return album.Arrive(tx, album.Photo{Sum: sum, Type: "image/jpeg", Bytes: 1}) })
	return sum
}

// try takes an inspection in as somebody; it is a round at the market unless it says more.
func (c *county) try(who string, in inspect.Make) (out inspect.Full, err error) {
	c.n++
	if in.ID == "" {
		in.ID = fmt.Sprintf("inspection-%04d", c.n)
	}
	if in.Place == "" {
		in.Place = "MKT234"
	}
	if in.Purpose == "" {
		in.Purpose = inspect.Round
	}
	err = c.db.Write(context.Background(), func(tx *db.Tx) error {
		i, err := inspect.Take(tx, c.as(tx, who), in)
		if err == nil {
			out, err = inspect.Whole(tx, i)
		}
		return err
	})
	return out, err
}

// take takes an inspection in that must be taken.
func (c *county) take(who string, in inspect.Make) inspect.Full {
	c.t.Helper()
	out, err := c.try(who, in)
	if err != nil {
		c.t.Fatal(err)
	}
	return out
}

func (c *county) caseOf(id string) (out cases.Case) {
	c.t.Helper()
	c.read(func(tx *db.Tx) (err error) { out, err = cases.ByID(tx, id); return err })
	return out
}

func good(line string) inspect.Line {
	return inspect.Line{Line: line, Result: inspect.Good, How: inspect.Tap}
}

func bad(line, note string, photos ...string) inspect.Line {
	return inspect.Line{Line: line, Result: inspect.Bad, How: inspect.Tap, Note: note, Photos: photos}
}

func unseen(line string) inspect.Line { return inspect.Line{Line: line, Result: inspect.Unseen} }
