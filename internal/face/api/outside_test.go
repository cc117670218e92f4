package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"chuangwei/internal/face/door"

	ics "github.com/arran4/golang-ical"
)

func TestDueDaysAreReadByACalendar(t *testing.T) {
	c := newCounty(t)
	one := c.report("inspector", map[string]any{"text": "王大爷说的"}) // routed to wang
	two := c.report("inspector", map[string]any{})
	f := read[struct{ ID, URL string }](c.as("wang").post("/api/feeds", map[string]any{"name": "我的手机"}).want(201))
	path := f.URL[strings.Index(f.URL, "/api/"):]
	a := c.nobody().get(path).want(200)
	if !strings.HasPrefix(a.header.Get("Content-Type"), "text/calendar") || strings.Contains(string(a.body), "王大爷") {
		t.Errorf("%v %s", a.header, a.body)
	}
	for _, line := range strings.Split(strings.TrimSuffix(string(a.body), "\r\n"), "\r\n") {
		if len(line) > 75 || strings.ContainsAny(line, "\r\n") {
			t.Errorf("line of %d octets: %q", len(line), line)
		}
	}
	events := func() map[string]*ics.VEvent {
		cal, err := ics.ParseCalendar(strings.NewReader(string(c.nobody().get(path).want(200).body)))
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]*ics.VEvent{}
		for _, e := range cal.Events() {
			out[e.Id()] = e
		}
		return out
	}
	first := events()[one.ID+"@chuangwei"]
	due := time.UnixMilli(one.DueAt).In(time.FixedZone("", 8*3600)).Format("20060102")
	if first == nil || len(events()) != 2 || first.GetProperty(ics.ComponentPropertyDtStart).Value != due {
		t.Fatalf("%s, due %s", a.body, due)
	}
	if c.nobody().with("If-None-Match", a.header.Get("ETag")).get(path).status != 304 {
		t.Error("nothing changed and all is sent again")
	}
	c.move("wang", two.ID, "return", map[string]any{"note": "不是我们的"})
	c.move("desk", two.ID, "reject", map[string]any{"note": "不属于本县"})
	if e := events()[two.ID+"@chuangwei"]; e != nil && e.GetProperty(ics.ComponentPropertyStatus).Value != "CANCELLED" {
		t.Errorf("called off: %v", e.GetProperty(ics.ComponentPropertyStatus))
	}
	c.as("li").post("/api/feeds/"+f.ID+"/end", map[string]any{}).refused(404, "feed.none")
	c.as("wang").post("/api/feeds/"+f.ID+"/end", map[string]any{}).want(204)
	c.nobody().get(path).refused(404, "feed.none")
	c.nobody().get("/api/ical/"+strings.Repeat("x", 26)+".ics").refused(404, "feed.none")
	c.nobody().post("/api/feeds", map[string]any{"name": "x"}).refused(401, "signin.needed")
	for range 5 {
		c.as("li").post("/api/feeds", map[string]any{"name": "x"}).want(201)
	}
	c.as("li").post("/api/feeds", map[string]any{"name": "x"}).refused(409, "feed.many")
}

func TestWebhooksAreTheAdministrators(t *testing.T) {
	c := newCounty(t)
	wish := map[string]any{"name": "城管平台", "url": "https://example.org/in", "kinds": []string{"case."}}
	h := read[struct{ ID, Secret string }](c.as("admin").post("/api/hooks", wish).want(201))
	if !strings.HasPrefix(h.Secret, "whsec_") {
		t.Errorf("secret %q", h.Secret)
	}
	if list := c.as("admin").get("/api/hooks").want(200); strings.Contains(string(list.body), h.Secret) {
		t.Error("the list tells the secret again")
	}
	for _, login := range []string{"boss", "desk", "lead", "wang", "verifier", "chief"} {
		c.as(login).get("/api/hooks").refused(403, "denied.register.change")
		c.as(login).post("/api/hooks", wish).refused(403, "denied.register.change")
		c.as(login).get("/api/hooks/"+h.ID+"/deliveries").refused(403, "denied.register.change")
		c.as(login).post("/api/hooks/"+h.ID+"/end", map[string]any{}).refused(403, "denied.register.change")
		c.as(login).post("/api/hooks/"+h.ID+"/replay", map[string]any{}).refused(403, "denied.register.change")
	}
	c.as("admin").post("/api/hooks", map[string]any{"name": "x", "url": "ftp://x", "kinds": []string{"case."}}).refused(422, "input.invalid")
	c.as("admin").get("/api/hooks/"+h.ID+"/deliveries?state=lost").refused(422, "hook.state")
	c.as("admin").get("/api/hooks/" + h.ID + "/deliveries?state=dead").want(200)
	c.as("admin").post("/api/hooks/"+h.ID+"/replay", map[string]any{}).want(200)
	c.as("admin").post("/api/hooks/"+h.ID+"/end", map[string]any{}).want(204)
	c.as("admin").post("/api/hooks/"+h.ID+"/end", map[string]any{}).refused(404, "hook.none")
}

func TestOtherDoorsAskWhoOneIs(t *testing.T) {
	c := newCounty(t)
	c.as("wang").post("/api/passkeys/begin", map[string]any{"password": "no"}).refused(422, "password.wrong")
	c.as("wang").post("/api/passkeys/begin", map[string]any{"password": password}).refused(409, "passkey.host")
	named := strings.Replace(c.url, "127.0.0.1", "localhost", 1)
	a := c.as("wang").at(named).post("/api/passkeys/begin", map[string]any{"password": password}).want(200)
	cookie := func(a answer) *http.Cookie {
		t.Helper()
		all := (&http.Response{Header: a.header}).Cookies()
		if len(all) != 1 {
			t.Fatalf("cookies %v", all)
		}
		return all[0]
	}
	if ck := cookie(a); ck.Name != "cw_half" || !ck.HttpOnly || ck.MaxAge > 600 || ck.Path != "/api/" {
		t.Errorf("cookie %v", ck)
	}
	c.as("wang").post("/api/passkeys", map[string]any{"credential": map[string]any{}}).refused(409, "door.late")
	c.nobody().post("/api/session/passkey", map[string]any{"credential": map[string]any{}}).refused(409, "door.late")
	half := cookie(c.nobody().at(named).post("/api/session/passkey/begin", map[string]any{}).want(200))
	c.nobody().at(named).with("Cookie", "cw_half="+half.Value).post("/api/session/passkey", map[string]any{"credential": map[string]any{"id": "x"}}).refused(401, "passkey.wrong")
	c.as("wang").post("/api/passkeys/remove", map[string]any{"id": "x"}).refused(404, "door.none")
	c.as("wang").post("/api/identities/remove", map[string]any{"issuer": "x", "subject": "y"}).refused(404, "door.none")
	c.nobody().post("/api/session/provider", map[string]any{}).refused(404, "oidc.none")
	if v := read[struct{ Passkeys, Identities []any }](c.as("wang").get("/api/doors").want(200)); len(v.Passkeys)+len(v.Identities) != 0 {
		t.Errorf("%+v", v)
	}
}

func TestTroubleWithTheProviderIsToldOnTheSignInPage(t *testing.T) {
	c := newCounty(t)
	s := secured(c)
	s.Provider = &door.Provider{Issuer: "http://127.0.0.1:1", Client: "x", Name: "统一身份认证"}
	url := c.serve(s)
	if v := read[struct{ Provider string }](c.nobody().at(url).get("/api/session/doors").want(200)); v.Provider != "统一身份认证" {
		t.Errorf("%+v", v)
	}
	c.nobody().at(url).post("/api/session/provider", map[string]any{"next": "/desk/"}).refused(429, "oidc.away")
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Get(url + "/api/session/provider?state=x&code=y")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != 303 || res.Header.Get("Location") != "/sign?trouble=door.late" {
		t.Errorf("%d %s", res.StatusCode, res.Header.Get("Location"))
	}
}

func TestACaseReadBeforeItMovedOnIsNotMoved(t *testing.T) {
	c := newCounty(t)
	k := c.report("inspector", nil)
	a := c.as("wang").get("/api/cases/" + k.ID).want(200)
	tag := a.header.Get("ETag")
	if again := c.as("wang").with("If-None-Match", tag).get("/api/cases/" + k.ID); again.status != 304 {
		t.Errorf("%d with %s", again.status, tag)
	}
	c.as("wang").with("If-Match", tag).post("/api/cases/"+k.ID+"/moves", map[string]any{"move": "accept"}).want(200)
	c.as("wang").with("If-Match", tag).post("/api/cases/"+k.ID+"/moves", map[string]any{"move": "note", "note": "x"}).refused(412, "case.stale")
	c.as("wang").with("If-Match", "W/x").post("/api/cases/"+k.ID+"/moves", map[string]any{"move": "note", "note": "x"}).refused(412, "case.stale")
	if a := c.as("wang").with("If-None-Match", tag).get("/api/cases/" + k.ID); a.status != 200 {
		t.Errorf("%d after it moved", a.status)
	}
}
