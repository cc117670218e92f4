package api_test

import (
	"slices"
	"strings"
	"testing"
)

// strict are bodies that break the contract, with the field the answer names.
var strict = []struct{ name, body, code, field string }{
	{"an unknown field", `{"text":"a","photos":[],"colour":"red"}`, "input.invalid", "colour"},
	{"a field in another case", `{"Text":"a","photos":[]}`, "input.invalid", "Text"},
	{"a missing field", `{"text":"a"}`, "input.invalid", "photos"},
	{"null", `{"text":"a","photos":null}`, "input.invalid", "photos"},
	{"a number for a text", `{"text":5,"photos":[]}`, "body.json", "text"},
	{"a text for a list", `{"text":"a","photos":"b"}`, "body.json", "photos"},
	{"a text for a number", `{"text":"a","photos":[],"lat":"22"}`, "body.json", "lat"},
	{"a number nothing holds", `{"text":"a","photos":[],"made_at":1e30}`, "body.json", "made_at"},
	{"a list as body", `["text"]`, "body.json", "body"},
	{"null as body", `null`, "body.json", "body"},
	{"trailing text", `{"text":"a","photos":[]} x`, "body.json", ""},
	{"a trailing brace", `{"text":"a","photos":[]}}`, "body.json", ""},
	{"a second body", `{"text":"a","photos":[]}{"text":"b","photos":[]}`, "body.json", ""},
	{"half a body", `{"text":"a",`, "body.json", ""},
	{"nothing", ``, "body.json", ""},
	{"text that is not UTF-8", "{\"text\":\"\xff\xfe\",\"photos\":[]}", "body.json", ""},
	{"a NUL", `{"text":"a\u0000b","photos":[]}`, "input.invalid", "text"},
	{"a NUL in a list", `{"text":"a","photos":["\u0000"]}`, "input.invalid", "photos"},
	{"nested too deep", `{"text":` + strings.Repeat("[", 20_000), "body.json", ""},
	{"too long", `{"text":"` + strings.Repeat("长", 100_000) + `","photos":[]}`, "body.large", ""},
	{"2 MB", `{"text":"` + strings.Repeat("a", 2<<20) + `","photos":[]}`, "body.large", ""},
	{"a text of 2,001", `{"text":"` + strings.Repeat("长", 2001) + `","photos":[]}`, "input.invalid", "text"},
	{"ten photos", `{"text":"a","photos":["` + strings.Repeat(strings.Repeat("0", 64)+`","`, 9) + strings.Repeat("0", 64) + `"]}`, "input.invalid", "photos"},
	{"a photo by another name", `{"text":"a","photos":["../../etc/passwd"]}`, "input.invalid", "photos"},
	{"a long address", `{"text":"a","photos":[],"address":"` + strings.Repeat("长", 201) + `"}`, "input.invalid", "address"},
	{"half a position", `{"text":"a","photos":[],"lat":22}`, "input.invalid", "lat"},
	{"a position off the earth", `{"text":"a","photos":[],"lat":122,"lon":103}`, "input.invalid", "lat"},
	{"another datum", `{"text":"a","photos":[],"datum":"mars"}`, "input.invalid", "datum"},
	{"another kind", `{"text":"a","photos":[],"kind":"env.dragons"}`, "kind.none", ""},
	{"another place", `{"text":"a","photos":[],"place":"NOWHERE"}`, "place.none", ""},
	{"neither text nor photo", `{"text":"  ","photos":[]}`, "input.invalid", "text"},
}

func TestABodyIsTakenOnlyAsTheContractHasIt(t *testing.T) {
	c := newCounty(t)
	wang := c.as("wang")
	for _, s := range strict {
		for lang, word := range map[string]string{"zh": "。；：", "en": " "} {
			a := wang.with("Accept-Language", lang).postRaw("/api/cases", s.body)
			p := a.want(422, 404).problem()
			if p.Code != s.code || s.field != "" && !slices.Contains(p.names(), s.field) {
				t.Errorf("%s: %.300s", s.name, a.body)
			}
			if !strings.ContainsAny(p.Title, word) || leaks(string(a.body)) {
				t.Errorf("%s in %s: %.300s", s.name, lang, a.body)
			}
		}
	}
	if n := c.count("cases"); n != 0 {
		t.Errorf("%d cases were kept", n)
	}
	wang.postRaw("/api/cases", ` {"text":"a","photos":[]} `+"\n").want(201)
}

// leaks reports whether an answer shows what is inside the server.
func leaks(body string) bool {
	for _, inside := range []string{"json:", "Go ", "struct", "sql", "SELECT", "INSERT", "SQLSTATE", "goroutine", ".go:", "/tmp", "panic", "pq:", "ERROR:"} {
		if strings.Contains(body, inside) {
			return true
		}
	}
	return false
}

func TestABodyMustSayItIsJSON(t *testing.T) {
	c := newCounty(t)
	body := `{"text":"a","photos":[]}`
	for _, kind := range []string{"text/plain", "application/x-www-form-urlencoded", "application/jsonp", "multipart/form-data; boundary=x", ";"} {
		c.as("wang").with("Content-Type", kind).postRaw("/api/cases", body).refused(422, "body.type")
	}
	c.as("wang").with("Content-Type", "application/json; charset=utf-8").postRaw("/api/cases", body).want(201)
}

func TestEveryCommandIsStrict(t *testing.T) {
	c := newCounty(t)
	id := c.report("inspector", nil).ID
	for _, path := range []string{"/api/session", "/api/suggestions", "/api/cases", "/api/cases/" + id + "/moves", "/api/public/reports"} {
		for body, field := range map[string]string{`{"surprise":1}`: "surprise", `{}`: "", `[]`: "body", `{"\u0000":1}`: "\x00"} {
			p := c.as("wang").postRaw(path, body).want(422).problem()
			if field != "" && !slices.Contains(p.names(), field) {
				t.Errorf("%s to %s: %+v", body, path, p)
			}
		}
	}
}

func TestAnAddressWithTextNobodyKeepsIsRefused(t *testing.T) {
	c := newCounty(t)
	desk := c.as("desk")
	for _, path := range []string{"/api/cases/%00", "/api/cases/%ff/moves", "/api/places/%c3%28", "/api/photos/%00", "/api/public/places/%fe", "/api/public/reports/a%00b"} {
		desk.get(path).refused(404, "api.none")
	}
	for query, field := range map[string]string{"q=%00": "q", "q=%ff": "q", "area=a%00": "area", "state=%fe": "state", "unit=%00&q=x": "unit", "%ff=1": "?"} {
		if p := desk.get("/api/cases?"+query).refused(422, "input.invalid"); !slices.Contains(p.names(), field) {
			t.Errorf("%s: %+v", query, p)
		}
	}
	desk.get("/api/cases?q=%zz").refused(422, "query.form")
}
