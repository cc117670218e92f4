package api_test

import (
	"encoding/json"
	"math"
	"net/url"
	"strings"
	"testing"

	"chuangwei/internal/face/api"
)

// in is the caller within one run of a fuzz target.
func (w *caller) in(t *testing.T) *caller {
	out := *w
	out.t = t
	return &out
}

// calm fails on anything that is our trouble; whether the contract was kept has
// been looked at already.
func (a answer) calm() {
	a.t.Helper()
	if a.status >= 500 {
		a.t.Errorf("%s: %d %.500s", a.to, a.status, a.body)
	}
	if a.status >= 400 {
		a.problem()
	}
}

func FuzzReport(f *testing.F) {
	for _, s := range strict {
		if len(s.body) < 5000 {
			f.Add(s.body)
		}
	}
	f.Add(`{"text":"路边有垃圾","kind":"env.exposed-waste","lat":22.05,"lon":103.05,"accuracy":8.5,"datum":"gcj02","photos":[],"made_at":1764000000000}`)
	f.Add(`{"text":"a","place":"MKT234","address":"b","photos":[],"datum":""}`)
	f.Add(`{"text":"𠮷\ud83d","photos":[],"lat":-0.0,"lon":1e-300,"made_at":-9223372036854775808}`)
	f.Add(`{"text":"a","photos":[],"lat":9e1,"lon":180,"kind":"env.exposed-waste"}`)
	c := newCounty(f)
	inspector := c.as("inspector")
	f.Fuzz(func(t *testing.T, body string) {
		inspector.in(t).postRaw("/api/cases", body).calm()
	})
}

func FuzzMove(f *testing.F) {
	c := newCounty(f)
	old := c.report("inspector", nil).ID
	for _, move := range []string{"assign", "accept", "return", "block", "ask_extension", "fix", "verify", "rework", "agree", "refuse", "resume", "note", "merge", "reject", "recheck_bad"} {
		f.Add(`{"move":"` + move + `","note":"说明","reason":"money","until_on":"2026-12-31","to_unit":"sc","to_person":"li","kind":"env.exposed-waste","version":1}`)
	}
	f.Add(`{"move":"note","note":"` + strings.Repeat("长", 2001) + `"}`)
	f.Add(`{"move":"note","note":"a","reason":"","until_on":"","to_unit":"","into":"","kind":"","photos":[]}`)
	f.Add(`{"move":"merge","into":"` + old + `","keep_rule":true}`)
	f.Add(`{"move":"ask_extension","note":"a","until_on":"9999-12-31","version":-1,"made_at":0}`)
	inspector, lead, wang := c.as("inspector"), c.as("lead"), c.as("wang")
	f.Fuzz(func(t *testing.T, body string) {
		id := read[view](inspector.in(t).post("/api/cases", c.body(nil)).want(201)).ID
		for _, who := range []*caller{lead, wang} { // one decides, one does
			who.in(t).postRaw("/api/cases/"+id+"/moves", body).calm()
		}
	})
}

func FuzzList(f *testing.F) {
	c := newCounty(f)
	c.report("inspector", nil)
	f.Add("open", "overdue", "owner", "西街", "due", "3", "MTc2NDAwMDAwMDAwMCAwMTk", "west")
	f.Add("fixed,closed", "due_today,asked", "verifier", "100%_\\", "new", "200", "AAAA", "'; --")
	f.Add("\x00", "\xff", "area", "\u202e", "", "-1", "!", "\\")
	f.Add("", "recheck", "unit", strings.Repeat("长", 60), "", "", "OTk5OTk5OTk5OTk5OTk5OTk5OSBh", "%")
	desk, chief := c.as("desk"), c.as("chief")
	f.Fuzz(func(t *testing.T, state, flag, mine, words, order, limit, after, area string) {
		q := url.Values{"state": {state}, "flag": {flag}, "mine": {mine}, "q": {words}, "order": {order}, "limit": {limit}, "after": {after}, "area": {area}, "unit": {area}, "owner": {words}}
		for name, v := range q {
			if v[0] == "" {
				delete(q, name)
			}
		}
		for _, who := range []*caller{desk, chief} {
			who.in(t).get("/api/cases?" + q.Encode()).calm()
			q.Del("after")
			who.in(t).get("/api/cases/points?" + q.Encode()).calm()
			who.in(t).get("/api/board?" + q.Encode()).calm()
		}
	})
}

func FuzzUploadMetadata(f *testing.F) {
	f.Add("22.05", "103.05", "12.5", "1764000000000", "camera")
	f.Add("NaN", "Inf", "-1", "1e30", "gallery")
	f.Add("0x1p-2", "-180.0000001", "", "9223372036854775807", "\x00")
	f.Fuzz(func(t *testing.T, lat, lon, accuracy, taken, source string) {
		p := api.PhotoOf(map[string]string{"lat": lat, "lon": lon, "accuracy": accuracy, "taken_at": taken, "source": source})
		if (p.Lat == nil) != (p.Lon == nil) || p.Lat != nil && !(math.Abs(*p.Lat) <= 90 && math.Abs(*p.Lon) <= 180) {
			t.Errorf("position %v %v of %q %q", p.Lat, p.Lon, lat, lon)
		}
		if p.TakenAt < 0 || p.Accuracy != nil && !(*p.Accuracy >= 0 && *p.Accuracy < 1e6) || p.Source != "" && p.Source != "camera" && p.Source != "gallery" {
			t.Errorf("kept %+v", p)
		}
		if _, err := json.Marshal(p); err != nil {
			t.Error(err)
		}
	})
}
