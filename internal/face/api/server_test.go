package api_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"chuangwei/internal/face/api"
	"chuangwei/internal/kit/album"
	"chuangwei/internal/kit/blob"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/db/dbtest"
	"chuangwei/internal/kit/job"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/place"
	"chuangwei/internal/register/standard"
	"chuangwei/standards"
)

// county is a small one behind a real server: two areas side by side, three
// units, somebody in every role, and a clock moved by hand.
type county struct {
	t       testing.TB
	address string
	db      *db.DB
	clock   *dbtest.Clock
	blobs   blob.Store
	temp    string
	log     *journal
	url     string

	mu       sync.Mutex
	sessions map[string]string
	n        atomic.Int64
}

// monday is an ordinary working day at nine.
var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, calendar.Zone)

// journal is what the server logged.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(b []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(b)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

func newCounty(t testing.TB) *county {
	t.Helper()
	if test, ok := t.(*testing.T); ok {
		test.Parallel() // counties share nothing
	}
	c := &county{t: t, address: dbtest.URL(t), clock: dbtest.NewClock(monday), temp: t.TempDir(), log: &journal{}, sessions: map[string]string{}}
	c.db = dbtest.Open(t, c.address, c.clock.Now)
	store, err := blob.Folder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	c.blobs = store
	c.write(c.registers)
	c.url = c.serve(&api.Server{DB: c.db})
	return c
}

// serve starts a server on the county and returns its address.
func (c *county) serve(s *api.Server) string {
	c.t.Helper()
	if s.Blobs == nil {
		s.Blobs = c.blobs
	}
	s.Temp = c.temp
	s.Log = slog.New(slog.NewTextHandler(c.log, nil))
	h, err := s.Handler()
	if err != nil {
		c.t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if from := r.Header.Get("Test-From"); from != "" { // rate limits count addresses
			r.RemoteAddr = from + ":1"
		}
		h.ServeHTTP(w, r)
	}))
	c.t.Cleanup(server.Close)
	return server.URL
}

func (c *county) write(fn func(*db.Tx) error) { c.t.Helper(); dbtest.Write(c.t, c.db, fn) }
func (c *county) read(fn func(*db.Tx) error)  { c.t.Helper(); dbtest.Read(c.t, c.db, fn) }

// person is one of the county's, with the post they hold.
type person struct {
	login, name, unit string
	role              org.Role // "" for none
	scope             string   // the post's unit
	areas             []string
}

// people are somebody in every role; where a role is bounded by a unit or an
// area there is a second one elsewhere.
var people = []person{
	{"wang", "王建国", "cg", org.Owner, "cg", []string{"west"}},
	{"li", "李红梅", "cg", org.Owner, "cg", []string{"east"}},
	{"zhou", "周海涛", "sc", org.Owner, "sc", nil},
	{"sun", "孙志强", "cg", org.UnitHead, "cg", nil},
	{"wu", "吴春燕", "sc", org.UnitHead, "sc", nil},
	{"qian", "钱学文", "cg", org.UnitDeputy, "cg", nil},
	{"zhao", "赵立军", "cg", org.Liaison, "cg", nil},
	{"chief", "片长冯远", "zx", org.Chief, "", []string{"west"}},
	{"chief-east", "片长陈平", "zx", org.Chief, "", []string{"east"}},
	{"grid", "褚小雨", "zx", org.GridMember, "", []string{"west"}},
	{"boss", "卫国栋", "zx", org.Commander, "", nil},
	{"deputy", "蒋明远", "zx", org.ExecutiveDeputy, "", nil},
	{"vice", "沈佳宁", "zx", org.DeputyCommander, "", nil},
	{"group", "韩雪松", "zx", org.GroupLead, "", nil},
	{"intake", "杨受理", "zx", org.Intake, "", nil},
	{"desk", "朱派遣", "zx", org.Dispatcher, "", nil},
	{"lead", "秦值班", "zx", org.ShiftLead, "", nil},
	{"verifier", "尤核实", "zx", org.Verifier, "", nil},
	{"archivist", "许存档", "zx", org.Archivist, "", nil},
	{"admin", "何管理", "zx", org.Administrator, "", nil},
	{"inspector", "吕巡查", "zx", org.Inspector, "", nil},
	{"team", "施联合", "zx", org.Enforcement, "", nil},
	{"stall", "张驻点", "sc", org.MarketTeam, "", nil},
	{"cadre", "孔普通", "zx", "", "", nil},
}

const password = "county-secret"

// hashed is everybody's password: one hash for all, it takes long.
var hashed = sync.OnceValue(func() string { return org.HashPassword(password) })

func (c *county) registers(tx *db.Tx) error {
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
	for _, fill := range []func(*db.Tx) error{areas, places, everybody} {
		if err := fill(tx); err != nil {
			return err
		}
	}
	return nil
}

// areas are two squares of a tenth of a degree.
func areas(tx *db.Tx) error {
	for i, x := range []string{"west", "east"} {
		lon := 103.0 + float64(i)*0.1
		a := place.Area{ID: x, Code: fmt.Sprint("A", i), Name: x + "片区", LeadUnitID: "cg", Lat: 22.05, Lon: lon + 0.05,
			Shape: fmt.Sprintf(`{"type":"Polygon","coordinates":[[[%[1]v,22],[%[2]v,22],[%[2]v,22.1],[%[1]v,22.1],[%[1]v,22]]]}`, lon, lon+0.1)}
		if err := place.AddArea(tx, org.System, a); err != nil {
			return err
		}
	}
	return nil
}

func places(tx *db.Tx) error {
	for _, p := range []place.Place{
		{ID: "market", Code: "MKT234", Name: "老街农贸市场", Kind: "农贸市场", AreaID: "west", UnitID: "sc", Address: "老街1号", Lat: 22.05, Lon: 103.05},
		{ID: "toilet", Code: "WC7788", Name: "南门公厕", Kind: "公厕", AreaID: "east", UnitID: "cg", Lat: 22.06, Lon: 103.16},
	} {
		if err := place.Add(tx, org.System, p); err != nil {
			return err
		}
	}
	return nil
}

func everybody(tx *db.Tx) error {
	for _, p := range people {
		err := org.AddPerson(tx, org.System, org.Person{ID: p.login, Code: p.login, Name: p.name, Login: p.login, Password: hashed(), Phone: "139" + p.login,
			UnitID: p.unit, Title: "科员", Lang: "zh"})
		if err != nil {
			return err
		}
		if p.role == "" {
			continue
		}
		if err := org.AddPost(tx, org.System, org.Post{ID: "post-" + p.login, Role: p.role, Name: string(p.role), UnitID: p.scope, Areas: p.areas}); err != nil {
			return err
		}
		if err := org.AddTerm(tx, org.System, org.Term{ID: "term-" + p.login, PostID: "post-" + p.login, PersonID: p.login, FromOn: "2026-01-01"}); err != nil {
			return err
		}
	}
	return nil
}

// actor is a person with today's posts, as the nouns see them.
func (c *county) actor(login string) (out org.Actor) {
	c.t.Helper()
	c.read(func(tx *db.Tx) error {
		p, err := org.PersonByID(tx, login)
		if err == nil {
			out, err = org.ActorOf(tx, p, string(calendar.On(tx.Time())))
		}
		return err
	})
	return out
}

// work does every job that is due, here and now.
func (c *county) work() {
	c.t.Helper()
	look := album.Looker{Store: c.blobs}
	w := &job.Worker{DB: c.db, Log: slog.New(slog.NewTextHandler(c.log, nil)),
		Handlers: map[string]job.Handler{album.LookJob: look.Look, album.CollectJob: look.Collect}}
	for did := true; did; {
		var err error
		if did, err = w.Once(context.Background()); err != nil {
			c.t.Fatal(err)
		}
	}
}

// next is another number each time.
func (c *county) next() int64 { return c.n.Add(1) }

// count counts the rows of a table.
func (c *county) count(table string) (n int) {
	c.t.Helper()
	c.read(func(tx *db.Tx) (err error) { n, err = db.Value[int](tx, `SELECT count(*) FROM `+table); return err })
	return n
}

// secured is a server behind a proxy that does HTTPS.
func secured(c *county) *api.Server { return &api.Server{DB: c.db, Secure: true} }
