package cases_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"chuangwei/internal/flow/cases"
	"chuangwei/internal/kit/album"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/db/dbtest"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/geo"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/place"
	"chuangwei/internal/register/standard"
	"chuangwei/standards"
)

// county is a small one with everything routing needs: two areas side by side,
// two units, a centre, and a clock moved by hand.
type county struct {
	t     testing.TB
	db    *db.DB
	clock *dbtest.Clock
	n     int
}

// monday is an ordinary working day at nine.
var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, calendar.Zone)

func newCounty(t testing.TB) *county {
	c := &county{t: t, clock: dbtest.NewClock(monday)}
	c.db = dbtest.New(t, c.clock.Now)
	c.write(func(tx *db.Tx) error {
		if err := standard.Load(tx, standards.Files); err != nil {
			return err
		}
		for _, u := range []org.Unit{{ID: "cg", Code: "1", Name: "城市管理局", Short: "城管局", Sort: "unit", Role: "chengguan"},
			{ID: "sc", Code: "2", Name: "市场监督管理局", Short: "市监局", Sort: "unit", Role: "shichang"},
			{ID: "zx", Code: "3", Name: "创卫中心", Short: "创卫中心", Sort: "centre"}} {
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
		if err := place.Add(tx, org.System, place.Place{ID: "market", Code: "MKT234", Name: "老街农贸市场", Kind: "农贸市场", AreaID: "west", UnitID: "sc", Lat: 22.05, Lon: 103.05}); err != nil {
			return err
		}
		return c.people(tx)
	})
	return c
}

func (c *county) people(tx *db.Tx) error {
	for _, p := range []struct {
		id, unit string
		role     org.Role
		scope    string
		areas    []string
	}{
		{"wang", "cg", org.Owner, "cg", []string{"west"}}, {"li", "cg", org.Owner, "cg", []string{"east"}},
		{"zhao", "cg", org.Liaison, "cg", nil}, {"sun", "cg", org.UnitHead, "cg", nil},
		{"zhou", "sc", org.Owner, "sc", nil}, {"wu", "sc", org.UnitHead, "sc", nil},
		{"chief", "zx", org.Chief, "", []string{"west"}}, {"desk", "zx", org.Dispatcher, "", nil}, {"lead", "zx", org.ShiftLead, "", nil},
		{"verifier", "zx", org.Verifier, "", nil}, {"inspector", "zx", org.Inspector, "", nil}, {"boss", "zx", org.Commander, "", nil},
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

func (c *county) write(fn func(tx *db.Tx) error) { c.t.Helper(); dbtest.Write(c.t, c.db, fn) }

func (c *county) as(tx *db.Tx, id string) org.Actor {
	if id == "resident" {
		return org.Resident
	}
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

// report reports as somebody; at least a text, a kind and a place unless changed.
func (c *county) report(who string, change func(*cases.Report)) (out cases.Case) {
	c.t.Helper()
	c.n++
	in := cases.Report{ID: fmt.Sprintf("case-%d", c.n), Text: "路边有垃圾", Kind: "env.exposed-waste", Channel: "inspector", Point: &geo.Point{Lat: 22.05, Lon: 103.05 + float64(c.n)*0.001}}
	if change != nil {
		change(&in)
	}
	c.write(func(tx *db.Tx) (err error) { out, err = cases.Receive(tx, c.as(tx, who), in); return err })
	return out
}

// try makes a move and returns the error.
func (c *county) try(who, id string, m cases.Move) (out cases.Case, err error) {
	m.Case = id
	err = c.db.Write(context.Background(), func(tx *db.Tx) (err error) { out, err = cases.Do(tx, c.as(tx, who), m); return err })
	return out, err
}

// do makes a move that must succeed.
func (c *county) do(who, id string, m cases.Move) cases.Case {
	c.t.Helper()
	out, err := c.try(who, id, m)
	if err != nil {
		c.t.Fatalf("%s by %s: %v", m.Move, who, err)
	}
	return out
}

// refused makes a move that must be refused with a code.
func (c *county) refused(code, who, id string, m cases.Move) {
	c.t.Helper()
	if _, err := c.try(who, id, m); fault.Code(err) != code {
		c.t.Errorf("%s by %s: got %v, want %s", m.Move, who, err, code)
	}
}

func (c *county) get(id string) (out cases.Case) {
	c.t.Helper()
	dbtest.Read(c.t, c.db, func(tx *db.Tx) (err error) { out, err = cases.ByID(tx, id); return err })
	return out
}

// closed brings a case all the way.
func (c *county) closed(change func(*cases.Report)) cases.Case {
	c.t.Helper()
	k := c.report("inspector", change)
	c.do(k.OwnerID, k.ID, cases.Move{Move: cases.Fix, Photos: []string{c.photo()}})
	return c.do("verifier", k.ID, cases.Move{Move: cases.Verify})
}
