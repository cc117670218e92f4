package api_test

import (
	"bufio"
	"encoding/json"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"chuangwei/internal/face/api"
	"chuangwei/internal/flow/cases"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/job"
)

func TestWhoLeftANumberIsCalledByTheCentreAlone(t *testing.T) {
	c := newCounty(t)
	id := c.caseOf(c.residentSays(map[string]any{"phone": "13800009876"})).ID
	for login, want := range map[string]bool{"desk": true, "intake": true, "lead": true, "deputy": true, "boss": false, "wang": false, "chief": false, "verifier": false, "admin": false} {
		a := c.as(login).get("/api/cases/" + id).want(200)
		if got := strings.Contains(string(a.body), "13800009876"); got != want {
			t.Errorf("%s sees the number: %v", login, got)
		}
		list := c.as(login).get("/api/cases?limit=50").want(200)
		if strings.Contains(string(list.body), "13800009876") {
			t.Errorf("%s finds the number in a list", login)
		}
	}
	c.read(func(tx *db.Tx) error {
		n, err := db.Value[int64](tx, `SELECT COUNT(*) FROM events WHERE body LIKE '%13800009876%'`)
		if n != 0 {
			t.Errorf("%d events tell the number", n)
		}
		return err
	})
}

func TestWhatThePhoneMeasuredIsKept(t *testing.T) {
	c := newCounty(t)
	made := monday.Add(-3 * time.Hour).UnixMilli()
	k := c.report("inspector", map[string]any{"accuracy": 23.5, "made_at": made})
	var got struct {
		Accuracy float64
		MadeAt   int64 `json:"made_at"`
		Steps    []struct {
			Kind   string
			MadeAt int64 `json:"made_at"`
		}
	}
	c.move("wang", k.ID, "accept", map[string]any{"made_at": made + 1000})
	if err := json.Unmarshal(c.as("desk").get("/api/cases/"+k.ID).want(200).body, &got); err != nil {
		t.Fatal(err)
	}
	last := got.Steps[len(got.Steps)-1]
	if got.Accuracy != 23.5 || got.MadeAt != made || last.Kind != "case.accepted" || last.MadeAt != made+1000 {
		t.Errorf("%+v", got)
	}
	c.as("inspector").post("/api/cases", c.body(map[string]any{"accuracy": -1})).refused(422, "input.invalid")
}

func TestAnOrderIsSignedForOnce(t *testing.T) {
	c := newCounty(t)
	k := c.report("inspector", nil)
	c.tryMove("wang", k.ID, "acknowledge", nil).refused(409, "case.signed")
	c.clock.Add(20 * 24 * time.Hour)
	if err := cases.Climbing(t.Context(), c.db, job.Job{}); err != nil {
		t.Fatal(err)
	}
	type order struct {
		AckedAt int64  `json:"acked_at"`
		AckedBy string `json:"acked_by"`
	}
	orders := func() []order {
		return read[struct{ Items []order }](c.as("desk").get("/api/cases/" + k.ID + "/orders").want(200)).Items
	}
	before := orders()
	if len(before) == 0 || before[0].AckedAt != 0 {
		t.Fatalf("%+v", before)
	}
	c.tryMove("desk", k.ID, "acknowledge", nil).refused(403, "denied.case.own")
	c.move("wang", k.ID, "acknowledge", nil)
	for _, o := range orders() {
		if o.AckedBy != "王建国" || o.AckedAt != c.clock.Now().UnixMilli() {
			t.Errorf("%+v", o)
		}
	}
	c.tryMove("wang", k.ID, "acknowledge", nil).refused(409, "case.signed")
	steps := c.open("wang", k.ID).Steps
	if last := steps[len(steps)-1]; last.Kind != "case.acknowledged" || last.Said == "" {
		t.Errorf("%+v", last)
	}
}

func TestABoardIsCalledByWhatItCovers(t *testing.T) {
	c := newCounty(t)
	scope := func(login string) string {
		return read[struct{ Scope string }](c.as(login).get("/api/board").want(200)).Scope
	}
	if got := scope("sun"); got != "城管局" {
		t.Errorf("the head of a unit sees %s", got)
	}
	if got := scope("chief"); got != "west片区" {
		t.Errorf("a chief sees %s", got)
	}
	if got := scope("boss"); got == "城管局" || got == "" {
		t.Errorf("the commander sees %s", got)
	}
}

// hears opens the live stream and returns the first subject heard of.
func (c *county) hears(t *testing.T, login string) <-chan string {
	t.Helper()
	r, err := http.NewRequest("GET", c.url+"/api/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header = c.as(login).header
	res, err := transport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { res.Body.Close() })
	lines := bufio.NewScanner(res.Body)
	lines.Scan() // the greeting: from now on everything is told
	heard := make(chan string, 16)
	go func() {
		defer close(heard)
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				var n struct{ Subject string }
				if json.Unmarshal([]byte(data), &n) == nil {
					heard <- n.Subject
				}
			}
		}
	}()
	return heard
}

func TestNobodyHearsOfWhatTheyMayNotSee(t *testing.T) {
	c := newCounty(t)
	zhou, wang := c.hears(t, "zhou"), c.hears(t, "wang")
	hidden := c.report("inspector", nil) // wang's, in the west
	c.as("cadre").post("/api/suggestions", map[string]any{"text": "字大一点"}).want(204)
	shown := c.report("zhou", map[string]any{"place": "MKT234", "kind": "market.untidy-stalls"})
	if got := <-wang; got != hidden.ID {
		t.Errorf("the owner heard of %s", got)
	}
	if got := <-zhou; got == hidden.ID || got != shown.ID {
		t.Errorf("zhou heard of %s, not of %s", got, shown.ID)
	}
}

func TestOnlyKnownProxiesAreBelieved(t *testing.T) {
	c := newCounty(t)
	s := &api.Server{DB: c.db, Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/24")}}
	url := c.serve(s)
	for name, tried := range map[string]struct {
		from    string
		header  func(i int) string
		limited bool
	}{
		"many residents behind our proxy":          {"10.0.0.7", func(i int) string { return "1.2.3." + string(rune('0'+i%10)) + string(rune('0'+i/10)) }, false},
		"one resident behind our proxy":            {"10.0.0.8", func(int) string { return "1.2.3.4" }, true},
		"one who writes the header himself":        {"8.8.8.8", func(i int) string { return "1.2.4." + string(rune('0'+i%10)) + string(rune('0'+i/10)) }, true},
		"one who puts hops before our proxy's":     {"10.0.0.9", func(i int) string { return "1.2.5." + string(rune('0'+i%10)) + ", 5.5.5.5" }, true},
		"nonsense from our proxy":                  {"10.0.0.10", func(int) string { return "?" }, true},
		"two proxies of ours, one resident behind": {"10.0.0.11", func(i int) string { return "9.9.9.9, 10.0.0.12" }, true},
	} {
		limited := false
		for i := range 60 {
			a := c.nobody().at(url).from(tried.from).with("X-Forwarded-For", tried.header(i)).post("/api/public/reports", c.body(nil))
			limited = limited || a.status == 429
		}
		if limited != tried.limited {
			t.Errorf("%s: limited %v, want %v", name, limited, tried.limited)
		}
	}
}

func TestEveryChangeOfTheRegistersIsAnEvent(t *testing.T) {
	c := newCounty(t)
	kinds := map[string]int64{}
	c.read(func(tx *db.Tx) error {
		for _, kind := range []string{"unit.added", "person.added", "post.added", "term.added", "area.added", "place.added", "standard.loaded"} {
			n, err := db.Value[int64](tx, `SELECT COUNT(*) FROM events WHERE kind = $1`, kind)
			if err != nil {
				return err
			}
			kinds[kind] = n
		}
		secret, err := db.Value[int64](tx, `SELECT COUNT(*) FROM events WHERE body LIKE '%argon2id%' OR body LIKE '%139wang%'`)
		if secret != 0 {
			t.Errorf("%d events tell passwords or numbers", secret)
		}
		return err
	})
	if kinds["unit.added"] != 3 || kinds["person.added"] != int64(len(people)) || kinds["area.added"] != 2 || kinds["place.added"] != 2 || kinds["standard.loaded"] != 1 ||
		kinds["post.added"] != kinds["term.added"] || kinds["post.added"] == 0 {
		t.Errorf("%v", kinds)
	}
}
