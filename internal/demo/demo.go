// Package demo writes the invented county of demo/town into a database through
// the nouns' own verbs, so that its three weeks of history are real: routed,
// timed, fixed, verified, climbed and drawn like any county's.
package demo

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"sync"
	"time"

	"chuangwei/internal/demo/town"
	"chuangwei/internal/kit/blob"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/pdf"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/standard"
	"chuangwei/standards"

	"github.com/google/uuid"
)

// Password is everybody's in the demo county.
const Password = "chuangwei"

// Logins are the sign-ins worth trying, with what each is.
var Logins = [][2]string{
	{"zhihui", "指挥长 commander"}, {"changwu", "常务副指挥长 executive deputy"}, {"zhiban", "创卫中心值班长 shift lead"},
	{"diaodu", "创卫中心派遣员 dispatcher"}, {"hecha", "创卫中心核查员 verifier"}, {"ziliao", "创卫中心资料员 archivist"}, {"pianzhang", "片长 area chief"},
	{"xuncha", "巡查员 inspector"}, {"chengguan", "城管局局长 department head"}, {"zeren", "城管局责任人 owner"},
	{"shichang", "市场监管局责任人 owner"}, {"zhudian", "市场驻点队长 market team"}, {"guanli", "系统管理员 administrator"},
}

// Clock runs behind while history is being written and is the real clock after.
type Clock struct {
	mu  sync.Mutex
	set time.Time
}

// Now is the county's time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.set.IsZero() {
		return time.Now()
	}
	return c.set
}

func (c *Clock) at(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.set = t
}

// Options say how much of a county to build.
type Options struct {
	Seed     uint64
	Day0     time.Time // the history ends at 10:00 of this day, or now if that is earlier
	History  int       // how many of the last incidents; 0 all
	Fonts    pdf.Fonts // to print papers with; without any they are DOCX
	Progress func(what string, done, of int)
}

// Built reports whether the county is in the database already.
func Built(ctx context.Context, d *db.DB) (built bool, err error) {
	err = d.Read(ctx, func(tx *db.Tx) error {
		n, err := db.Value[int](tx, `SELECT count(*) FROM settings WHERE name = $1`, done)
		built = n > 0
		return err
	})
	return built, err
}

const done = "demo"

// Build writes the county. The clock must be the one the database lives by.
func Build(ctx context.Context, d *db.DB, blobs blob.Store, clock *Clock, o Options) error {
	if o.Progress == nil {
		o.Progress = func(string, int, int) {}
	}
	b := &builder{Town: town.New(o.Seed), db: d, blobs: blobs, clock: clock, o: o, day0: calendar.On(o.Day0)}
	defer clock.at(time.Time{})
	clock.at(b.day0.Add(-30).Time().Add(9 * time.Hour))
	if err := d.Write(ctx, b.registers); err != nil {
		return fmt.Errorf("demo: registers: %w", err)
	}
	if err := b.history(ctx); err != nil {
		return fmt.Errorf("demo: history: %w", err)
	}
	if err := b.duties(ctx); err != nil {
		return fmt.Errorf("demo: duties: %w", err)
	}
	if err := b.ledger(ctx); err != nil {
		return fmt.Errorf("demo: ledger: %w", err)
	}
	return d.Write(ctx, func(tx *db.Tx) error { return put(tx, done, fmt.Sprint(o.Seed)) })
}

// builder holds what is needed while building.
type builder struct {
	*town.Town
	db    *db.DB
	blobs blob.Store
	clock *Clock
	o     Options
	day0  calendar.Day
}

// id makes a UUIDv7 that depends only on what it is for.
func (b *builder) id(what, code string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d/%s/%s", b.o.Seed, what, code))
	var u uuid.UUID
	copy(u[:], sum[:16])
	binary.BigEndian.PutUint64(u[:8], uint64(b.day0.Time().AddDate(0, 0, -30).UnixMilli())<<16|uint64(binary.BigEndian.Uint16(sum[20:])))
	u[6] = u[6]&0x0f | 0x70
	u[8] = u[8]&0x3f | 0x80
	return u.String()
}

func put(tx *db.Tx, name, value string) error {
	_, err := tx.Exec(`INSERT INTO settings (name, value, changed_at) VALUES ($1, $2, $3)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value, tx.Now())
	return err
}

func (b *builder) registers(tx *db.Tx) error {
	for _, part := range []func(*db.Tx) error{b.county, b.units, b.people, b.posts, b.leaves, b.areas, b.places} {
		if err := part(tx); err != nil {
			return err
		}
	}
	return nil
}

// market is the town's: every dragon and dog day.
var market = calendar.MarketRule{Branches: []int{4, 10}}

func (b *builder) county(tx *db.Tx) error {
	if err := standard.Load(tx, standards.Files); err != nil {
		return err
	}
	if err := calendar.SetMarket(tx, org.System, market); err != nil {
		return err
	}
	if err := put(tx, "county", town.CountyName+"创卫指挥部"); err != nil {
		return err
	}
	return put(tx, "basemap", string(b.BaseMap()))
}

func (b *builder) units(tx *db.Tx) error {
	for _, u := range b.Units {
		if err := org.AddUnit(tx, org.System, org.Unit{ID: b.id("unit", u.Code), Code: u.Code, Name: u.Name, Short: u.Short, Sort: "unit", Role: u.Role}); err != nil {
			return err
		}
	}
	for _, g := range b.Groups {
		if err := org.AddUnit(tx, org.System, org.Unit{ID: b.id("unit", g.Code), Code: g.Code, Name: g.Name, Short: g.Name, Sort: "group"}); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) people(tx *db.Tx) error {
	hash := org.HashPassword(Password) // one for all: a thousand hashes would take a minute
	for _, p := range b.People {
		err := org.AddPerson(tx, org.System, org.Person{ID: b.id("person", p.Code), Code: p.Code, Name: p.Name, Login: p.Login, Password: hash,
			Phone: p.Phone, UnitID: b.id("unit", p.Unit), Title: p.Title, Lang: "zh"})
		if err != nil {
			return err
		}
	}
	return nil
}

var roleNames = map[town.PostKind]string{town.Commander: "指挥长", town.ExecutiveDeputy: "常务副指挥长", town.DeputyCommander: "副指挥长",
	town.GroupLead: "专项工作组组长", town.Chief: "片长", town.UnitHead: "主要负责人", town.UnitDeputy: "分管负责人", town.Liaison: "联络员",
	town.Owner: "责任人", town.GridMember: "网格员", town.Intake: "受理员", town.Dispatcher: "派遣员", town.ShiftLead: "值班长",
	town.Verifier: "核查员", town.Archivist: "资料员", town.Administrator: "系统管理员", town.Inspector: "巡查员",
	town.Enforcement: "联合执法队员", town.MarketTeam: "市场驻点队员"}

func (b *builder) posts(tx *db.Tx) error {
	from := string(b.day0.Add(-90))
	for i, p := range b.Posts {
		post := org.Post{ID: b.id("post", fmt.Sprint(i)), Role: org.Role(p.Kind), Name: roleNames[p.Kind]}
		b.scope(&post, p)
		if err := org.AddPost(tx, org.System, post); err != nil {
			return err
		}
		if err := org.AddTerm(tx, org.System, org.Term{ID: b.id("term", fmt.Sprint(i)), PostID: post.ID, PersonID: b.id("person", p.Person), FromOn: from}); err != nil {
			return err
		}
	}
	return nil
}

// scope gives a post its unit and areas.
func (b *builder) scope(post *org.Post, p town.Post) {
	switch p.Kind {
	case town.Chief, town.GridMember:
		post.Areas = []string{b.id("area", p.Scope)}
		post.Name = b.Area(p.Scope).Name + post.Name
	case town.MarketTeam:
	default:
		if p.Scope != "" {
			post.UnitID = b.id("unit", p.Scope)
		}
	}
	for _, a := range p.Areas {
		post.Areas = append(post.Areas, b.id("area", a))
	}
}

func (b *builder) leaves(tx *db.Tx) error {
	on := func(n int) string { return string(b.day0.Add(n)) }
	for i, l := range b.Leaves {
		if err := org.AddLeave(tx, org.System, org.Leave{ID: b.id("leave", fmt.Sprint(i)), PersonID: b.id("person", l.Person), FromOn: on(l.From), ToOn: on(l.To), Reason: l.Reason}); err != nil {
			return err
		}
	}
	for i, d := range b.Deputes {
		err := org.AddDeputy(tx, org.System, org.Deputising{ID: b.id("deputy", fmt.Sprint(i)), PersonID: b.id("person", d.For), DeputyID: b.id("person", d.By), FromOn: on(d.From), ToOn: on(d.To)})
		if err != nil {
			return err
		}
	}
	return nil
}
