package api_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/proof"
)

type page struct {
	Items []view
	Next  string
	Total int
}

// walk follows a list to its end and returns the numbers of its cases.
func (w *caller) walk(query string) (out []string) {
	w.t.Helper()
	for {
		p := read[page](w.get("/api/cases?" + query).want(200))
		for _, v := range p.Items {
			out = append(out, v.No)
		}
		if p.Next == "" {
			return out
		}
		start, _, _ := strings.Cut(query, "&after=")
		query = start + "&after=" + p.Next
	}
}

func TestAListIsPagedByKeyAndMissesNothingWhileItGrows(t *testing.T) {
	c := newCounty(t)
	for i := range 11 {
		if i%3 == 0 { // some share their instant
			c.clock.Add(time.Minute)
		}
		c.report("inspector", nil)
	}
	desk := c.as("desk")
	first := read[page](desk.get("/api/cases?limit=4").want(200))
	if first.Total != 11 || len(first.Items) != 4 || first.Items[0].No != "2026-00011" {
		t.Errorf("first page %+v", first)
	}
	c.clock.Add(time.Minute)
	c.report("inspector", nil) // must not push anybody onto the next page again
	rest := desk.walk("limit=3&after=" + first.Next)
	seen := append([]string{}, first.Items[0].No, first.Items[1].No, first.Items[2].No, first.Items[3].No)
	if all := append(seen, rest...); len(all) != 11 || !slices.IsSortedFunc(all, func(a, b string) int { return strings.Compare(b, a) }) {
		t.Errorf("walked %v", all)
	}
}

func TestAListByDueDayBeginsWithTheMostUrgent(t *testing.T) {
	c := newCounty(t)
	for i := range 7 {
		c.clock.Add(time.Duration(i) * time.Hour)
		c.report("inspector", nil)
	}
	c.report("inspector", map[string]any{"kind": nil}) // without a day
	var due []int64
	for after := ""; ; {
		p := read[page](c.as("desk").get("/api/cases?order=due&limit=2&after=" + after).want(200))
		for _, v := range p.Items {
			due = append(due, v.DueAt)
		}
		if after = p.Next; after == "" {
			break
		}
	}
	if len(due) != 7 || !slices.IsSorted(due) {
		t.Errorf("due %v", due)
	}
}

func TestEveryFilterShowsWhatItSays(t *testing.T) {
	c := newCounty(t)
	west := c.report("inspector", map[string]any{"text": "老街垃圾", "address": "老街100%号"})
	east := c.report("inspector", map[string]any{"lon": 103.15, "text": "新街垃圾"})
	market := c.report("chief", map[string]any{"place": "MKT234", "lat": nil, "lon": nil, "kind": nil})
	done := c.closed(map[string]any{"lon": 103.155})
	c.move("li", east.ID, "block", map[string]any{"note": "要钱", "reason": "money"})
	c.clock.Add(8 * time.Hour) // past due
	for query, want := range map[string][]view{
		"":                             {done, market, east, west},
		"state=assigned":               {east, west},
		"state=closed,reported":        {done, market},
		"flag=open":                    {market, east, west},
		"flag=triage":                  {market},
		"flag=overdue":                 {east, west},
		"flag=overdue,asked":           {east},
		"flag=due_today":               {},
		"area=east":                    {done, east},
		"unit=cg&state=assigned":       {east, west},
		"owner=wang":                   {west},
		"kind=env.exposed-waste":       {done, east, west},
		"place=market":                 {market},
		"q=" + url.QueryEscape("新街"):   {east},
		"q=" + url.QueryEscape("100%"): {west},
		"q=00003":                      {market},
		"q=nothing":                    {},
		"area=nowhere":                 {},
		"mine=finder":                  {},
	} {
		var numbers []string
		for _, v := range want {
			numbers = append(numbers, v.No)
		}
		if got := c.as("desk").walk(query); !slices.Equal(got, numbers) {
			t.Errorf("%q shows %v, want %v", query, got, numbers)
		}
	}
	for login, want := range map[string]map[string]int{"wang": {"mine=owner": 1, "": 1}, "inspector": {"mine=finder": 3, "": 4}, "verifier": {"mine=verifier": 0},
		"chief": {"mine=area": 2, "mine=finder": 1, "": 2}, "sun": {"mine=unit": 3, "": 3}, "zhou": {"": 0}, "cadre": {"": 0, "mine=unit": 0}} {
		for query, n := range want {
			if got := c.as(login).walk(query); len(got) != n {
				t.Errorf("%s with %q sees %v, want %d", login, query, got, n)
			}
		}
	}
}

func TestAListRefusesWhatItDoesNotKnow(t *testing.T) {
	c := newCounty(t)
	for query, code := range map[string]string{"flag=shiny": "list.flag", "mine=everything": "list.mine", "limit=0": "list.limit", "limit=201": "list.limit", "limit=ten": "list.limit",
		"limit=1e2": "list.limit", "order=random": "input.invalid", "after=!!": "input.invalid", "after=YWJj": "list.after", "q=" + strings.Repeat("a", 61): "input.invalid"} {
		for _, path := range []string{"/api/cases?", "/api/cases/points?"} {
			if path == "/api/cases/points?" && strings.HasPrefix(query, "after=YWJj") {
				continue // points have no pages
			}
			c.as("desk").get(path+query).refused(422, code)
		}
	}
}

func TestPointsAreTheListOnTheMap(t *testing.T) {
	c := newCounty(t)
	k := c.report("inspector", nil)
	c.report("inspector", map[string]any{"lat": nil, "lon": nil})
	type point struct {
		ID, No, State string
		KindName      string `json:"kind_name"`
		Lat, Lon      float64
		Flags         []string
	}
	list := items[point](c.as("desk").get("/api/cases/points?flag=open"))
	if len(list) != 1 || list[0].ID != k.ID || list[0].Lat != 22.05 || list[0].KindName != "暴露垃圾" || !slices.Contains(list[0].Flags, "open") {
		t.Errorf("points %+v", list)
	}
	if other := items[point](c.as("li").get("/api/cases/points")); len(other) != 0 {
		t.Errorf("li sees %+v", other)
	}
}

type board struct {
	Scope   string
	Figures []struct {
		Key, Name, Query string
		Value            int
	}
	Areas, Units []struct {
		ID, Name, Query string
		Open, Overdue   int
	}
	Owed []struct {
		Owner, Unit, Query string
		Overdue            int
	}
	Days []struct {
		On               string
		Reported, Closed int
	}
	Recheck struct{ Done, Passed int }
}

func TestEveryNumberOfTheBoardIsTheListBehindIt(t *testing.T) {
	c := newCounty(t)
	c.report("inspector", nil)
	c.report("inspector", map[string]any{"lon": 103.15})
	c.report("inspector", map[string]any{"kind": nil})
	c.closed(nil)
	c.fixed(nil)
	k := c.fixed(nil)
	c.move("verifier", k.ID, "rework", map[string]any{"note": "没弄好"})
	c.clock.Add(9 * time.Hour)
	for scope, query := range map[string]string{"全县": "", "west片区": "?area=west", "城管局": "?unit=cg"} {
		b := read[board](c.as("boss").get("/api/board" + query).want(200))
		if b.Scope != scope || len(b.Days) != 21 || b.Days[20].On != "2026-11-23" || len(b.Figures) != 10 {
			t.Errorf("%s: %+v", scope, b)
		}
		for _, f := range b.Figures {
			if got := c.as("boss").walk(f.Query); len(got) != f.Value || f.Name == "" {
				t.Errorf("%s: %s says %d, its list has %d", scope, f.Name, f.Value, len(got))
			}
		}
		for _, r := range append(b.Areas, b.Units...) {
			if got := c.as("boss").walk(r.Query); query == "" && len(got) != r.Open {
				t.Errorf("%s: %s says %d open, its list has %d", scope, r.Name, r.Open, len(got))
			}
		}
		for _, o := range b.Owed {
			if got := c.as("boss").walk(o.Query); len(got) != o.Overdue || o.Owner == "" {
				t.Errorf("%s: %s owes %d, the list has %d", scope, o.Owner, o.Overdue, len(got))
			}
		}
	}
	if b := read[board](c.as("boss").get("/api/board").want(200)); b.Days[20].Reported != 6 || b.Days[20].Closed != 1 || len(b.Owed) != 2 {
		t.Errorf("board %+v", b)
	}
}

func TestABoardShowsOnlyWhatItsReaderMaySee(t *testing.T) {
	c := newCounty(t)
	c.report("inspector", nil)
	c.report("inspector", map[string]any{"lon": 103.15})
	open := func(login string) int { return read[board](c.as(login).get("/api/board").want(200)).Figures[0].Value }
	if open("boss") != 2 || open("chief") != 1 || open("sun") != 2 || open("wu") != 0 {
		t.Errorf("boss %d, chief %d, sun %d, wu %d", open("boss"), open("chief"), open("sun"), open("wu"))
	}
	c.as("chief").get("/api/board?area=west").want(200)
	c.as("chief").get("/api/board?area=east").refused(403, "denied.board.see")
	c.as("sun").get("/api/board?unit=sc").refused(403, "denied.board.see")
	c.as("wang").get("/api/board").refused(403, "denied.board.see")
}

func TestEverybodyHearsWhatHappensAtOnce(t *testing.T) {
	c := newCounty(t)
	r, err := http.NewRequest("GET", c.url+"/api/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	c.report("inspector", nil) // before anybody listens: not news
	r.Header = c.as("desk").header
	res, err := transport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != 200 || res.Header.Get("Content-Type") != "text/event-stream" || res.Header.Get("Chuangwei") != "1" {
		t.Fatalf("%d %v", res.StatusCode, res.Header)
	}
	giveUp := time.AfterFunc(20*time.Second, func() { res.Body.Close() })
	defer giveUp.Stop()
	lines := bufio.NewScanner(res.Body)
	if lines.Scan(); lines.Text() != ": here" {
		t.Fatalf("begins with %q", lines.Text())
	}
	k := c.report("inspector", nil)
	var heard struct {
		Seq           int64
		Kind, Subject string
	}
	for lines.Scan() {
		if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
			if err := json.Unmarshal([]byte(data), &heard); err != nil || heard.Subject != k.ID {
				t.Fatalf("heard %s, %v", data, err)
			}
			return
		}
	}
	t.Fatalf("never heard of the report: %v", lines.Err())
}

func TestAStreamEndsWhenTheServerStops(t *testing.T) {
	c := newCounty(t)
	closing := make(chan struct{})
	s := secured(c)
	s.Secure, s.Closing = false, closing
	close(closing)
	a := c.as("desk").at(c.serve(s)).get("/api/live").want(200)
	if string(a.body) != ": here\n\n" {
		t.Errorf("got %q", a.body)
	}
	c.nobody().get("/api/live").refused(401, "signin.needed")
}

// prove signs the log as it is now.
func (c *county) prove() {
	c.t.Helper()
	c.write(func(tx *db.Tx) error {
		if _, _, err := proof.Extend(tx, 500); err != nil {
			return err
		}
		signer, _, err := proof.Key(tx, "chuangwei-county")
		if err == nil {
			_, err = proof.Checkpoint(tx, signer, "chuangwei-county")
		}
		return err
	})
}

func TestTheLogIsExportedAndItsHeadIsPublic(t *testing.T) {
	c := newCounty(t)
	c.nobody().get("/api/proof/checkpoint").refused(404, "proof.none")
	c.report("inspector", nil)
	c.prove()
	head := c.nobody().get("/api/proof/checkpoint").want(200)
	a := c.as("boss").get("/api/proof/export").want(200)
	if a.header.Get("Content-Disposition") != `attachment; filename="chuangwei-log.ndjson"` || !strings.HasPrefix(string(head.body), "chuangwei-county\n") {
		t.Errorf("%v\n%s", a.header, head.body)
	}
	report, err := proof.Verify(strings.NewReader(string(a.body)), "", string(head.body))
	if err != nil || !report.OK {
		t.Errorf("a stranger finds %v, %v", report.Said, err)
	}
	c.as("wang").get("/api/proof/export").refused(403, "denied.proof.export")
}

func TestALikelyRepetitionIsShownOnlyToWhoMaySeeIt(t *testing.T) {
	c := newCounty(t)
	at := map[string]any{"lat": 22.05, "lon": 103.08}
	first := c.report("inspector", at)
	second := c.report("inspector", at)
	c.move("desk", first.ID, "assign", map[string]any{"to_person": "zhou"})
	path := fmt.Sprintf("/api/cases/%s/duplicates", second.ID)
	if n := len(items[any](c.as("desk").get(path))); n != 1 {
		t.Errorf("the desk sees %d", n)
	}
	if a := c.as("wang").get(path).want(200); strings.Contains(string(a.body), first.ID) {
		t.Errorf("wang sees a case of another unit: %s", a.body)
	}
}
