package api_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
)

func (c *county) tryIn(login, pass, code string, n int) answer {
	c.t.Helper()
	body := map[string]any{"login": login, "password": pass}
	if code != "" {
		body["code"] = code
	}
	return c.nobody().from(fmt.Sprintf("10.1.%d.%d", n/250, n%250)).post("/api/session", body) // guesses from everywhere
}

func TestGuessingStopsByNameWhereverItComesFrom(t *testing.T) {
	c := newCounty(t)
	for _, login := range []string{"wang", "nobody-of-this-name"} { // an unknown name behaves the same
		for i := range 10 {
			c.tryIn(login, "wrong", "", i).refused(401, "signin.wrong")
		}
		c.tryIn(login, password, "", 11).refused(429, "signin.rest")
	}
	c.tryIn("li", password, "", 12).want(200)
	c.clock.Add(61 * time.Second)
	c.tryIn("WANG ", "wrong", "", 13).refused(401, "signin.wrong") // the next rest is twice as long
	c.clock.Add(61 * time.Second)
	c.tryIn("wang", password, "", 14).refused(429, "signin.rest")
	c.clock.Add(61 * time.Second)
	c.tryIn("wang", password, "", 15).want(200)
	for i := range 9 {
		c.tryIn("wang", "wrong", "", 20+i).refused(401, "signin.wrong") // the right one has forgotten the others
	}
	c.tryIn("wang", password, "", 30).want(200)
}

func TestASecondFactorIsAskedForAndUsedOnce(t *testing.T) {
	c := newCounty(t)
	boss := c.as("boss")
	boss.post("/api/second/confirm", map[string]any{"code": "123456"}).refused(409, "second.none")
	begun := read[struct{ Secret, Address, QR string }](boss.post("/api/second", map[string]any{}).want(200))
	if !strings.HasPrefix(begun.Address, "otpauth://totp/") || !strings.HasPrefix(begun.QR, "<svg") {
		t.Fatalf("%+v", begun)
	}
	code := func() string {
		t.Helper()
		s, err := totp.GenerateCode(begun.Secret, c.clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	c.tryIn("boss", password, "", 1).want(200) // not yet confirmed
	boss.post("/api/second/confirm", map[string]any{"code": "000000"}).refused(422, "second.wrong")
	boss.post("/api/second/confirm", map[string]any{"code": code()}).want(204)
	c.tryIn("boss", password, "", 2).refused(401, "signin.code_needed")
	c.tryIn("boss", "wrong", "", 3).refused(401, "signin.wrong") // nothing is said of the second before the first is right
	c.tryIn("boss", password, code(), 4).refused(401, "signin.code_wrong")
	c.clock.Add(30 * time.Second)
	used := code()
	c.tryIn("boss", password, used[:3]+" "+used[3:], 5).want(200)
	c.tryIn("boss", password, used, 6).refused(401, "signin.code_wrong")
	boss.post("/api/second", map[string]any{}).refused(409, "second.there")
	boss.post("/api/second/remove", map[string]any{"password": "wrong"}).refused(422, "password.wrong")
	boss.post("/api/second/remove", map[string]any{"password": password}).want(204)
	c.tryIn("boss", password, "", 7).want(200)
}

func TestOwnSessionsAreSeenAndEnded(t *testing.T) {
	c := newCounty(t)
	here := c.as("wang")
	elsewhere := c.nobody().with("Cookie", c.tryIn("wang", password, "", 1).want(200).cookie().String())
	thief := c.nobody().with("Cookie", c.tryIn("wang", password, "", 2).want(200).cookie().String())
	type session struct {
		ID  string
		Own bool
	}
	list := func() []session {
		return read[struct{ Items []session }](here.get("/api/sessions").want(200)).Items
	}
	all := list()
	own := 0
	for _, s := range all {
		if s.Own {
			own++
		}
	}
	if len(all) != 3 || own != 1 {
		t.Fatalf("%+v", all)
	}
	c.as("li").post("/api/sessions/end", map[string]any{"id": all[0].ID}).want(204) // somebody else's: nothing happens
	if len(list()) != 3 {
		t.Error("somebody ended another's session")
	}
	here.post("/api/sessions/end", map[string]any{"id": "%"}).refused(404, "session.none")
	here.post("/api/sessions/end", map[string]any{}).want(204)
	elsewhere.get("/api/me").refused(401, "signin.needed")
	thief.get("/api/me").refused(401, "signin.needed")
	here.get("/api/me").want(200)
}

func TestANewPasswordEndsTheOtherSessions(t *testing.T) {
	c := newCounty(t)
	here := c.as("wang")
	elsewhere := c.nobody().with("Cookie", c.tryIn("wang", password, "", 1).want(200).cookie().String())
	here.post("/api/password", map[string]any{"old": "wrong", "new": "langes-neues-wort"}).refused(422, "password.wrong")
	here.post("/api/password", map[string]any{"old": password, "new": "kurz"}).refused(422, "input.invalid")
	here.post("/api/password", map[string]any{"old": password, "new": "langes-neues-wort"}).want(204)
	elsewhere.get("/api/me").refused(401, "signin.needed")
	here.get("/api/me").want(200)
	c.tryIn("wang", password, "", 2).refused(401, "signin.wrong")
	c.tryIn("wang", "langes-neues-wort", "", 3).want(200)
}

func TestASickNoteIsSetByWhoPlansForTheUnit(t *testing.T) {
	c := newCounty(t)
	note := map[string]any{"person": "wang", "from_on": "2026-11-23", "to_on": "2026-11-24", "reason": "病假"}
	c.as("wu").post("/api/leaves", note).refused(403, "denied.duty.plan")
	c.as("chief").post("/api/leaves", note).refused(403, "denied.duty.plan")
	set := read[struct {
		ID, Unit string
		Person   struct{ Name string }
	}](c.as("zhao").post("/api/leaves", note).want(201))
	if set.Person.Name != "王建国" || set.Unit == "" {
		t.Errorf("%+v", set)
	}
	if k := c.report("inspector", nil); k.Owner.ID == "wang" {
		t.Error("a case went to whoever is ill")
	}
	own := items[struct{ ID, Reason string }](c.as("wang").get("/api/leaves"))
	if len(own) != 1 || own[0].ID != set.ID || own[0].Reason != "病假" {
		t.Errorf("wang sees %+v", own)
	}
	for who, want := range map[string]int{"zhao": 1, "lead": 1, "wu": 0, "chief": 0} {
		list := items[struct{ Reason string }](c.as(who).get("/api/leaves?planned=yes"))
		if len(list) != want || want == 1 && list[0].Reason != "" {
			t.Errorf("%s sees %+v", who, list)
		}
	}
	c.as("cadre").get("/api/leaves?planned=yes").refused(403, "denied.duty.plan")
	c.as("wu").post("/api/leaves/"+set.ID+"/cancel", map[string]any{}).refused(404, "leave.none")
	c.as("lead").post("/api/leaves/"+set.ID+"/cancel", map[string]any{}).want(204)
	if own := items[struct{ ID string }](c.as("wang").get("/api/leaves")); len(own) != 0 {
		t.Errorf("wang sees %+v", own)
	}
}

func TestOnesOwnAbsenceSendsCasesToTheDeputy(t *testing.T) {
	c := newCounty(t)
	wang := c.as("wang")
	away := func(change map[string]any) map[string]any {
		body := map[string]any{"from_on": "2026-11-23", "to_on": "2026-11-27", "reason": "年休", "deputy": "li"}
		for k, v := range change {
			body[k] = v
		}
		return body
	}
	wang.post("/api/leaves", away(map[string]any{"to_on": "2026-11-01"})).refused(422, "input.invalid")
	wang.post("/api/leaves", away(map[string]any{"deputy": "wang"})).refused(422, "input.invalid")
	wang.post("/api/leaves", away(map[string]any{"deputy": "nobody"})).refused(404, "person.none")
	set := read[struct {
		ID     string
		Deputy struct{ Name string }
	}](wang.post("/api/leaves", away(nil)).want(201))
	if set.Deputy.Name != "李红梅" {
		t.Errorf("%+v", set)
	}
	wang.post("/api/leaves", away(map[string]any{"from_on": "2026-11-27", "to_on": "2026-11-28"})).refused(409, "leave.overlap")
	c.as("li").post("/api/leaves", away(map[string]any{"deputy": "wang"})).refused(422, "deputy.away")
	if k := c.report("inspector", nil); k.Owner.Name != "李红梅" {
		t.Errorf("the case went to %s", k.Owner.Name)
	}
	c.as("li").post("/api/leaves/"+set.ID+"/cancel", map[string]any{}).refused(404, "leave.none")
	wang.post("/api/leaves/"+set.ID+"/cancel", map[string]any{}).want(204)
	if list := items[struct{ ID string }](wang.get("/api/leaves")); len(list) != 0 {
		t.Errorf("%+v", list)
	}
	if k := c.report("inspector", nil); k.Owner.Name != "王建国" {
		t.Errorf("back again, the case went to %s", k.Owner.Name)
	}
}
