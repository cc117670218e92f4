package org_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/db/dbtest"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/org"
)

// office is a database with two units and some people, living by a clock.
type office struct {
	t     *testing.T
	db    *db.DB
	clock *dbtest.Clock
}

const today = "2026-11-23"

func newOffice(t *testing.T, logins ...string) *office {
	t.Helper()
	t.Parallel() // offices share nothing
	o := &office{t: t, clock: dbtest.NewClock(time.Date(2026, 11, 23, 9, 0, 0, 0, time.FixedZone("", 8*3600)))}
	o.db = dbtest.New(t, o.clock.Now)
	o.write(func(tx *db.Tx) error {
		for i, u := range []string{"cg", "sc"} {
			if err := org.AddUnit(tx, org.System, org.Unit{ID: u, Code: fmt.Sprint(i), Name: u + "管理局", Short: u + "局", Sort: "unit", Role: u}); err != nil {
				return err
			}
		}
		return nil
	})
	for _, login := range logins {
		o.add(org.Person{ID: login, Code: login, Name: "姓" + login, Login: login, UnitID: "cg"})
	}
	return o
}

func (o *office) write(fn func(*db.Tx) error) { o.t.Helper(); dbtest.Write(o.t, o.db, fn) }
func (o *office) read(fn func(*db.Tx) error)  { o.t.Helper(); dbtest.Read(o.t, o.db, fn) }

func (o *office) add(p org.Person) {
	o.t.Helper()
	o.write(func(tx *db.Tx) error { return org.AddPerson(tx, org.System, p) })
}

// post gives somebody a post from one day to another.
func (o *office) post(login string, role org.Role, unit string, areas []string, from, to string) {
	o.t.Helper()
	id := fmt.Sprint(login, "-", role, "-", from)
	o.write(func(tx *db.Tx) error {
		if err := org.AddPost(tx, org.System, org.Post{ID: id, Role: role, Name: string(role), UnitID: unit, Areas: areas}); err != nil {
			return err
		}
		return org.AddTerm(tx, org.System, org.Term{ID: id, PostID: id, PersonID: login, FromOn: from, ToOn: to})
	})
}

func (o *office) away(login, from, to string) {
	o.t.Helper()
	o.write(func(tx *db.Tx) error {
		return org.AddLeave(tx, org.System, org.Leave{ID: login + from, PersonID: login, FromOn: from, ToOn: to, Reason: "年休假"})
	})
}

func (o *office) deputise(login, deputy, from, to string) {
	o.t.Helper()
	o.write(func(tx *db.Tx) error {
		return org.AddDeputy(tx, org.System, org.Deputising{ID: login + deputy + from, PersonID: login, DeputyID: deputy, FromOn: from, ToOn: to})
	})
}

func (o *office) person(login string) (p org.Person) {
	o.t.Helper()
	o.read(func(tx *db.Tx) (err error) { p, err = org.PersonByID(tx, login); return err })
	return p
}

func (o *office) actor(login, on string) (a org.Actor) {
	o.t.Helper()
	o.read(func(tx *db.Tx) (err error) { a, err = org.ActorOf(tx, o.person(login), on); return err })
	return a
}

func TestAPasswordMatchesItsHashAndNothingElseDoes(t *testing.T) {
	stored := org.HashPassword("正确的密码 horse")
	if !org.MatchPassword(stored, "正确的密码 horse") {
		t.Error("its own hash does not match")
	}
	for _, wrong := range []string{"", "正确的密码 horsE", "正确的密码 horse ", stored} {
		if org.MatchPassword(stored, wrong) {
			t.Errorf("%q matches", wrong)
		}
	}
	if again := org.HashPassword("正确的密码 horse"); again == stored || strings.Contains(stored, "horse") {
		t.Errorf("the hash is not salted: %s", stored)
	}
	if parts := strings.Split(stored, "$"); len(parts) != 3 || parts[0] != "argon2id" {
		t.Errorf("stored as %s", stored)
	}
}

func TestABrokenHashMatchesNoPassword(t *testing.T) {
	whole := strings.Split(org.HashPassword("x"), "$")
	empty := base64.RawStdEncoding.EncodeToString(nil)
	for _, stored := range []string{"", "x", "argon2id$", "argon2id$$", "argon2id$" + whole[1], "bcrypt$" + whole[1] + "$" + whole[2], "argon2id$!$" + whole[2],
		"argon2id$" + whole[1] + "$!", "argon2id$" + whole[1] + "$" + empty, "argon2id$" + whole[1] + "$" + whole[2] + "$", "argon2id$" + whole[1] + "$" + whole[2][:40]} {
		if org.MatchPassword(stored, "x") || org.MatchPassword(stored, "") {
			t.Errorf("%q lets somebody in", stored)
		}
	}
}

func TestOnlyTheRightPasswordOfSomebodyStillHereSignsIn(t *testing.T) {
	o := newOffice(t)
	hash := org.HashPassword("geheim")
	o.add(org.Person{ID: "wang", Code: "1", Name: "王", Login: "wang", Password: hash, UnitID: "cg"})
	o.add(org.Person{ID: "gone", Code: "2", Name: "离", Login: "gone", Password: hash, UnitID: "cg", LeftOn: "2026-01-01"})
	o.add(org.Person{ID: "soon", Code: "4", Name: "将", Login: "soon", Password: hash, UnitID: "cg", LeftOn: "2099-01-01"})
	o.add(org.Person{ID: "none", Code: "3", Name: "无", Login: "none", UnitID: "cg"}) // never given a password
	for _, c := range []struct {
		login, password string
		ok              bool
	}{{"wang", "geheim", true}, {" Wang ", "geheim", true}, {"wang", "Geheim", false}, {"wang", "", false}, {"gone", "geheim", false}, {"soon", "geheim", true}, {"none", "", false}, {"nobody", "geheim", false}, {"", "", false}, {"%", "geheim", false}} {
		p, err := org.CheckPassword(t.Context(), o.db, c.login, c.password, today)
		if (err == nil) != c.ok || !c.ok && (fault.Code(err) != "signin.wrong" || p.ID != "") {
			t.Errorf("%q with %q: %+v, %v", c.login, c.password, p, err)
		}
	}
}

func TestASessionIsKeptByTheHashOfItsToken(t *testing.T) {
	o := newOffice(t, "wang")
	var token, other string
	o.write(func(tx *db.Tx) (err error) {
		if token, err = org.SignIn(tx, o.person("wang"), strings.Repeat("浏览器", 100)); err == nil {
			other, err = org.SignIn(tx, o.person("wang"), "")
		}
		return err
	})
	if token == other || len(token) < 40 {
		t.Errorf("tokens %q and %q", token, other)
	}
	o.read(func(tx *db.Tx) error {
		kept, err := db.Values[string](tx, `SELECT token || agent FROM sessions`)
		if len(kept) != 2 || strings.Contains(strings.Join(kept, " "), token) {
			t.Errorf("the table holds %v", kept)
		}
		if err != nil {
			return err
		}
		for _, stolen := range append(kept, "", token[1:], token+" ") {
			if _, _, err := org.BySession(tx, stolen, today); !errors.Is(err, org.NobodySignedIn) {
				t.Errorf("%.20q lets somebody in: %v", stolen, err)
			}
		}
		a, p, err := org.BySession(tx, token, today)
		if a.ID != "wang" || p.Name != "姓wang" {
			t.Errorf("session of %+v", a)
		}
		return err
	})
}

func TestASessionEndsWhenSignedOutOrOld(t *testing.T) {
	o := newOffice(t, "wang")
	open := func() (token string) {
		o.write(func(tx *db.Tx) (err error) { token, err = org.SignIn(tx, o.person("wang"), ""); return err })
		return token
	}
	ends := func(token string) (err error) {
		o.read(func(tx *db.Tx) error { _, _, err = org.BySession(tx, token, today); return nil })
		return err
	}
	one, two := open(), open()
	o.write(func(tx *db.Tx) error { return org.SignOut(tx, one) })
	if !errors.Is(ends(one), org.NobodySignedIn) || ends(two) != nil {
		t.Errorf("signed out %v, the other %v", ends(one), ends(two))
	}
	o.clock.Add(30 * 24 * time.Hour)
	if !errors.Is(ends(two), org.NobodySignedIn) {
		t.Errorf("after 30 days %v", ends(two))
	}
}

func TestAPostIsHeldFromItsFirstDayToItsLast(t *testing.T) {
	o := newOffice(t, "wang")
	o.post("wang", org.Chief, "", []string{"west", "north"}, "2026-11-10", "2026-11-23")
	o.post("wang", org.Verifier, "", nil, "2026-11-24", "")
	for on, want := range map[string][]org.Role{
		"2026-11-09": {org.Cadre}, "2026-11-10": {org.Cadre, org.Chief}, "2026-11-23": {org.Cadre, org.Chief},
		"2026-11-24": {org.Cadre, org.Verifier}, "2036-01-01": {org.Cadre, org.Verifier},
	} {
		var roles []org.Role
		for _, h := range o.actor("wang", on).Posts {
			roles = append(roles, h.Role)
		}
		if !slices.Equal(roles, want) {
			t.Errorf("on %s holds %v", on, roles)
		}
	}
	a := o.actor("wang", "2026-11-12")
	if s := a.Scope(org.VerifyCase); s.All || !slices.Equal(s.Areas, []string{"north", "west"}) {
		t.Errorf("as chief verifies in %+v", s)
	}
	if a = o.actor("wang", "2026-11-24"); !a.Scope(org.VerifyCase).All {
		t.Error("as verifier does not verify everywhere")
	}
}

func TestADeputyHoldsThePostsOfThoseTheyStandInFor(t *testing.T) {
	o := newOffice(t, "wang", "li", "zhao")
	o.post("wang", org.Chief, "", []string{"west"}, "2026-01-01", "")
	o.post("wang", org.UnitHead, "cg", nil, "2026-01-01", "2026-06-30") // long over
	o.deputise("wang", "li", "2026-11-20", "2026-11-25")
	li := o.actor("li", today)
	if len(li.Posts) != 2 || li.Posts[1].Role != org.Chief || li.Posts[1].For != "姓wang" || li.Posts[1].ForID != "wang" || !li.StandsFor("wang") {
		t.Errorf("li holds %+v", li.Posts)
	}
	if !li.Can(org.VerifyCase, org.Target{Area: "west"}) || li.Can(org.VerifyCase, org.Target{Area: "east"}) || li.Can(org.OwnCase, org.Target{Units: []string{"cg"}}) {
		t.Error("the deputy's reach is not the chief's")
	}
	for login, on := range map[string]string{"zhao": today, "li": "2026-11-19"} {
		if a := o.actor(login, on); a.StandsFor("wang") || a.Can(org.VerifyCase, org.Target{Area: "west"}) {
			t.Errorf("%s stands in for wang on %s", login, on)
		}
	}
	if a := o.actor("li", "2026-11-26"); len(a.Posts) != 1 || !a.StandsFor("li") || a.StandsFor("") {
		t.Errorf("afterwards li holds %+v", a.Posts)
	}
}

func TestWhoIsAwayIsListedWithTheirDeputy(t *testing.T) {
	o := newOffice(t, "wang", "li", "zhao")
	o.away("wang", "2026-11-20", "2026-11-23")
	o.away("zhao", "2026-11-23", "2026-11-23")
	o.deputise("wang", "li", "2026-11-01", "2026-11-30")
	o.add(org.Person{ID: "gone", Code: "z", Name: "姓gone", Login: "gone", UnitID: "cg", LeftOn: "2026-01-01"})
	o.add(org.Person{ID: "sc1", Code: "y", Name: "别人", Login: "sc1", UnitID: "sc"})
	o.read(func(tx *db.Tx) error {
		list, err := org.Find(tx, "cg", "", today)
		var got []string
		for _, p := range list {
			got = append(got, fmt.Sprint(p.ID, p.Away, p.Deputy))
		}
		if !slices.Equal(got, []string{"lifalse", "wangtrue姓li", "zhaotrue"}) {
			t.Errorf("found %v", got)
		}
		if after, err := org.Find(tx, "", "wang", "2026-11-24"); err != nil || len(after) != 1 || after[0].Away {
			t.Errorf("the day after: %+v, %v", after, err)
		}
		if others, err := org.Find(tx, "", "别", today); err != nil || len(others) != 1 || others[0].UnitName != "sc局" {
			t.Errorf("by name: %+v, %v", others, err)
		}
		return err
	})
}

func TestHoldersAreThoseOfTheUnitAndAreaToday(t *testing.T) {
	o := newOffice(t, "anywhere", "west", "old", "east")
	o.post("anywhere", org.Owner, "cg", nil, "2026-03-01", "")
	o.post("west", org.Owner, "cg", []string{"west"}, "2026-02-01", "")
	o.post("east", org.Owner, "cg", []string{"east"}, "2026-01-01", "")
	o.post("old", org.Owner, "cg", []string{"west"}, "2025-01-01", "2025-12-31")
	o.add(org.Person{ID: "gone", Code: "z", Name: "离", Login: "gone", UnitID: "cg", LeftOn: "2026-01-01"})
	o.post("gone", org.Owner, "cg", []string{"west"}, "2025-01-01", "")
	for where, want := range map[[2]string][]string{{"cg", "west"}: {"west", "anywhere"}, {"", "east"}: {"east", "anywhere"}, {"cg", ""}: {"east", "west", "anywhere"}, {"sc", ""}: nil} {
		o.read(func(tx *db.Tx) error {
			list, err := org.Holders(tx, org.Owner, where[0], where[1], today)
			var got []string
			for _, p := range list {
				got = append(got, p.ID)
			}
			if !slices.Equal(got, want) {
				t.Errorf("of %v: %v, want %v", where, got, want)
			}
			return err
		})
	}
}

func TestTheBookOfNamesFollowsTheRegister(t *testing.T) {
	o := newOffice(t, "wang")
	name := func(id string) (n string) {
		o.read(func(tx *db.Tx) error {
			book, err := org.Names(tx)
			if err == nil {
				n = book.Name(id) + "/" + book.Unit("cg").Short + "/" + book.Person(id).Password
			}
			return err
		})
		return n
	}
	if name("wang") != "姓wang/cg局/" || name("li") != "/cg局/" || name("system") != "系统/cg局/" || name("resident") != "居民/cg局/" {
		t.Errorf("%s, %s, %s", name("wang"), name("li"), name("system"))
	}
	o.add(org.Person{ID: "li", Code: "li", Name: "李", Login: "li", Password: "secret", UnitID: "cg"})
	if name("li") != "李/cg局/" {
		t.Errorf("the new one is %s", name("li"))
	}
}

func TestOnlyTheAdministratorChangesTheRegister(t *testing.T) {
	o := newOffice(t, "wang", "guan")
	o.post("guan", org.Administrator, "", nil, "2026-01-01", "")
	for _, tried := range []struct{ who, want string }{
		{"wang", "denied.register.change"}, // first: later he deputises for the administrator
		{"guan", ""},
	} {
		actor := o.actor(tried.who, today)
		for name, change := range map[string]func(*db.Tx) error{
			"unit": func(tx *db.Tx) error { return org.AddUnit(tx, actor, org.Unit{ID: "new", Code: "9"}) },
			"person": func(tx *db.Tx) error {
				return org.AddPerson(tx, actor, org.Person{ID: "new", Code: "9", Login: "new", UnitID: "cg"})
			},
			"post": func(tx *db.Tx) error {
				return org.AddPost(tx, actor, org.Post{ID: "new", Role: org.Commander, Areas: []string{"west"}})
			},
			"term": func(tx *db.Tx) error {
				return org.AddTerm(tx, actor, org.Term{ID: "new", PostID: "guan-administrator-2026-01-01", PersonID: "wang", FromOn: today})
			},
			"leave": func(tx *db.Tx) error {
				return org.AddLeave(tx, actor, org.Leave{ID: "new", PersonID: "wang", FromOn: today, ToOn: today})
			},
			"deputy": func(tx *db.Tx) error {
				return org.AddDeputy(tx, actor, org.Deputising{ID: "new", PersonID: "guan", DeputyID: "wang", FromOn: today, ToOn: today})
			},
		} {
			err := o.db.Write(context.Background(), change)
			if fault.Code(err) != tried.want || tried.want == "" && err != nil {
				t.Errorf("%s by %s: %v", name, tried.who, err)
			}
		}
	}
}

func TestASuggestionIsKeptWithItsPage(t *testing.T) {
	o := newOffice(t, "wang")
	wang := o.actor("wang", today)
	o.write(func(tx *db.Tx) error { return org.Suggest(tx, wang, "s1", "/m/", "字太小") })
	o.read(func(tx *db.Tx) error {
		kept, err := db.Value[string](tx, `SELECT who || page || text FROM suggestions WHERE id = 's1'`)
		if kept != "wang/m/字太小" {
			t.Errorf("kept %q", kept)
		}
		return err
	})
	err := o.db.Write(context.Background(), func(tx *db.Tx) error { return org.Suggest(tx, wang, "s2", "/m/", " \n ") })
	if fault.Code(err) != "input.invalid" {
		t.Errorf("an empty one: %v", err)
	}
}

func TestWhatIsNotInTheRegisterIsSaidSo(t *testing.T) {
	o := newOffice(t)
	o.read(func(tx *db.Tx) error {
		if _, err := org.PersonByID(tx, "x"); fault.Code(err) != "person.none" {
			t.Errorf("person: %v", err)
		}
		if _, err := org.UnitByID(tx, "x"); fault.Code(err) != "unit.none" {
			t.Errorf("unit: %v", err)
		}
		if _, err := org.UnitByRole(tx, ""); !errors.Is(err, db.ErrNone) {
			t.Errorf("a unit without a role answers for none: %v", err)
		}
		if u, err := org.UnitByRole(tx, "sc"); err != nil || u.ID != "sc" {
			t.Errorf("by role: %+v, %v", u, err)
		}
		return nil
	})
}
