package api_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

type me struct {
	ID, Name, Title, Lang, Home string
	Unit                        struct{ ID, Name string }
	Posts                       []struct {
		Role, Name string
		Area       *struct{ ID, Name string }
	}
	Can []string
}

func TestASignInOpensASessionThatSignOutEnds(t *testing.T) {
	c := newCounty(t)
	a := c.nobody().post("/api/session", map[string]string{"login": "chief", "password": password}).want(200)
	ck := a.cookie()
	if !ck.HttpOnly || ck.SameSite != http.SameSiteLaxMode || ck.Secure || ck.Path != "/" || len(ck.Value) < 40 {
		t.Errorf("cookie %v", ck)
	}
	chief := c.nobody().with("Cookie", "cw_session="+ck.Value)
	v := read[me](chief.get("/api/me").want(200))
	if v.ID != "chief" || v.Name != "片长冯远" || v.Unit.ID != "zx" || v.Home != "phone" || len(v.Posts) != 2 || v.Posts[1].Area.ID != "west" {
		t.Errorf("me is %+v", v)
	}
	if got := chief.do("DELETE", "/api/session", nil).want(204).cookie(); got.MaxAge >= 0 || got.Value != "" {
		t.Errorf("sign-out leaves the cookie %v", got)
	}
	chief.get("/api/me").refused(401, "signin.needed")
	c.nobody().do("DELETE", "/api/session", nil).want(204)
}

func TestTheDayStartsAtADeskOrOnThePhone(t *testing.T) {
	c := newCounty(t)
	for login, want := range map[string]string{"boss": "desk", "desk": "desk", "sun": "desk", "admin": "desk", "wang": "phone", "inspector": "phone", "cadre": "phone"} {
		if v := read[me](c.as(login).get("/api/me").want(200)); v.Home != want {
			t.Errorf("%s starts at the %s", login, v.Home)
		}
	}
}

func TestACookieOverHTTPSIsSecure(t *testing.T) {
	c := newCounty(t)
	url := c.serve(secured(c))
	a := c.nobody().at(url).post("/api/session", map[string]string{"login": "wang", "password": password}).want(200)
	if !a.cookie().Secure {
		t.Errorf("cookie %v", a.cookie())
	}
}

func TestAWrongPasswordAndAnUnknownNameAreToldAlike(t *testing.T) {
	c := newCounty(t)
	wrong := c.nobody().post("/api/session", map[string]string{"login": "wang", "password": "no"})
	unknown := c.nobody().post("/api/session", map[string]string{"login": "wong", "password": "no"})
	wrong.refused(401, "signin.wrong")
	if string(wrong.body) != string(unknown.body) {
		t.Errorf("%s\n%s", wrong.body, unknown.body)
	}
	c.nobody().get("/api/me").refused(401, "signin.needed")
	c.nobody().with("Cookie", "cw_session=guessed").get("/api/me").refused(401, "signin.needed")
}

func TestALoginIsTakenInAnyCaseAndSpacing(t *testing.T) {
	c := newCounty(t)
	c.nobody().post("/api/session", map[string]string{"login": " WANG ", "password": password}).want(200)
}

func TestTriesToSignInAreLimitedByPersonHoweverTheNameIsSpelt(t *testing.T) {
	c := newCounty(t)
	spelt := []string{"wang", "WANG", " wang", "Wang "}
	var last answer
	for i := range 13 {
		last = c.nobody().post("/api/session", map[string]string{"login": spelt[i%len(spelt)], "password": "guess" + strconv.Itoa(i)})
		if last.status == 429 {
			break
		}
		last.refused(401, "signin.wrong")
	}
	last.refused(429, "busy.rate")
	if wait, err := strconv.Atoi(last.header.Get("Retry-After")); err != nil || wait < 1 || wait > 60 {
		t.Errorf("Retry-After is %q", last.header.Get("Retry-After"))
	}
	c.nobody().from("10.0.0.9").post("/api/session", map[string]string{"login": "wang", "password": password}).refused(429, "signin.rest") // the name rests, wherever one comes from
	c.nobody().post("/api/session", map[string]string{"login": "li", "password": password}).want(200)
}

func TestAnAbsurdNameOrPasswordIsRefusedBeforeAnythingIsKept(t *testing.T) {
	c := newCounty(t)
	p := c.nobody().post("/api/session", map[string]string{"login": strings.Repeat("a", 61), "password": strings.Repeat("b", 201)}).refused(422, "input.invalid")
	if len(p.Fields) != 2 || p.Fields[0].Name != "login" || p.Fields[1].Name != "password" {
		t.Errorf("fields %v", p.Fields)
	}
}

func TestASessionEndsByItself(t *testing.T) {
	c := newCounty(t)
	wang := c.as("wang")
	c.clock.Add(30*24*time.Hour - time.Minute)
	wang.get("/api/me").want(200)
	c.clock.Add(2 * time.Minute)
	wang.get("/api/me").refused(401, "signin.needed")
}

func TestABrowserThatNamesItselfInBrokenTextCanSignIn(t *testing.T) {
	c := newCounty(t)
	c.nobody().with("User-Agent", "Mozilla/\xff\xfe").post("/api/session", map[string]string{"login": "wang", "password": password}).want(200)
}

func TestAnswersSpeakTheReadersLanguage(t *testing.T) {
	c := newCounty(t)
	for lang, want := range map[string]string{"": "请先登录。", "zh-CN,zh;q=0.9": "请先登录。", "en-GB,en;q=0.8": "Please sign in first.", "EN": "Please sign in first.", "fr": "请先登录。"} {
		if p := c.nobody().with("Accept-Language", lang).get("/api/me").refused(401, "signin.needed"); p.Title != want {
			t.Errorf("%q is answered %q", lang, p.Title)
		}
	}
}

func TestACommandFromAnotherSiteIsRefused(t *testing.T) {
	c := newCounty(t)
	wang, report := c.as("wang"), map[string]any{"text": "路边有垃圾", "photos": []string{}}
	for name, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"} {
		wang.with(name, value).post("/api/cases", report).refused(403, "api.origin")
	}
	wang.with("Origin", c.url).with("Sec-Fetch-Site", "same-origin").post("/api/cases", report).want(201)
	if n := c.count("cases"); n != 1 {
		t.Errorf("%d cases", n)
	}
}

func TestAnUnknownEndpointSaysSo(t *testing.T) {
	c := newCounty(t)
	c.nobody().get("/api/nothing").refused(404, "api.none")
	c.nobody().do("PUT", "/api/cases", nil).refused(404, "api.none")
	c.nobody().get("/api/cases/x/moves").refused(404, "api.none")
}

func TestASuggestionIsKeptOnce(t *testing.T) {
	c := newCounty(t)
	wang := c.as("wang").with("Idempotency-Key", newKey())
	for range 2 {
		wang.post("/api/suggestions", map[string]any{"text": "字太小了", "page": "/m/"}).want(204)
	}
	if n := c.count("suggestions"); n != 1 {
		t.Errorf("%d suggestions", n)
	}
	c.as("wang").post("/api/suggestions", map[string]any{"text": "网址很长", "page": "/desk/cases?" + strings.Repeat("q", 3000)}).want(204)
	if p := c.as("wang").post("/api/suggestions", map[string]any{"text": strings.Repeat("长", 2001)}).refused(422, "input.invalid"); p.names()[0] != "text" {
		t.Errorf("fields %v", p.Fields)
	}
	p := c.as("wang").post("/api/suggestions", map[string]any{"text": " "}).refused(422, "input.invalid")
	if p.Fields[0].Name != "text" {
		t.Errorf("fields %v", p.Fields)
	}
	c.nobody().post("/api/suggestions", map[string]any{"text": "字太小了"}).refused(401, "signin.needed")
}
