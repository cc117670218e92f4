package api_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"chuangwei/internal/flow/cases"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/register/org"
)

// spot is a case to be attacked: whose it is and where it lies.
type spot struct {
	name, id, photo string
	state           cases.State
	org.Target
	owner string
}

// spots are cases of one unit in one area, of the same unit in the other, of
// the other unit, and of nobody nowhere.
func (c *county) spots() []spot {
	c.t.Helper()
	var out []spot
	add := func(name, finder string, change map[string]any) view {
		change["photos"] = []string{c.photo(finder)}
		k := c.report(finder, change)
		out = append(out, spot{name: name, id: k.ID, photo: k.Thumb})
		return k
	}
	add("west", "inspector", map[string]any{})
	c.move("li", add("east", "cadre", map[string]any{"lon": 103.15}).ID, "accept", nil)
	c.move("desk", add("market", "inspector", map[string]any{"place": "MKT234", "lat": nil, "lon": nil}).ID, "assign", map[string]any{"to_person": "zhou"})
	add("nowhere", "team", map[string]any{"lat": nil, "lon": nil, "kind": nil})
	c.move("wang", add("fixed", "chief-east", map[string]any{}).ID, "fix", map[string]any{"photos": []string{c.photo("wang")}})
	for i := range out {
		c.read(func(tx *db.Tx) error {
			k, err := cases.ByID(tx, out[i].id)
			out[i].state, out[i].owner = k.State, k.OwnerID
			out[i].Target = org.Target{Area: k.AreaID, Units: []string{k.UnitID}, Persons: []string{k.OwnerID, k.FinderID}}
			return err
		})
	}
	return out
}

// granted reads the permission table anew, without the code under test: may
// somebody with this post do v to t?
func granted(p person, v org.Verb, t org.Target) bool {
	for _, g := range org.Grants {
		if !slices.Contains(g.Verbs, v) || g.Role != p.role && g.Role != org.Cadre {
			continue
		}
		switch g.Reach {
		case org.County:
			return true
		case org.InArea:
			if t.Area != "" && slices.Contains(p.areas, t.Area) {
				return true
			}
		case org.InUnit:
			if p.scope != "" && slices.Contains(t.Units, p.scope) {
				return true
			}
		case org.Own:
			if slices.Contains(t.Persons, p.login) {
				return true
			}
		}
	}
	return false
}

// somewhere reports whether the table grants v to the person at all.
func somewhere(p person, v org.Verb) bool {
	return granted(p, v, org.Target{Area: "west", Units: []string{"cg"}}) || granted(p, v, org.Target{Area: "east", Units: []string{"sc"}})
}

func TestACaseIsReadByThoseTheTableGrantsItAndNobodyElse(t *testing.T) {
	c := newCounty(t)
	spots := c.spots()
	seen := 0
	for _, p := range people {
		list, points := string(c.as(p.login).get("/api/cases?limit=200").want(200).body), string(c.as(p.login).get("/api/cases/points").want(200).body)
		for _, s := range spots {
			may := granted(p, org.SeeCase, s.Target)
			seen += map[bool]int{true: 1}[may]
			if strings.Contains(list, s.id) != may || strings.Contains(points, s.id) != (may && s.name != "nowhere") {
				t.Errorf("%s (%s) sees %s in lists: want %v", p.login, p.role, s.name, may)
			}
			for _, path := range []string{"", "/checks", "/duplicates", "/orders"} {
				a := c.as(p.login).get("/api/cases/" + s.id + path)
				if !may {
					a.refused(404, "case.none")
				} else if a.status != 200 {
					t.Errorf("%s (%s) reads %s%s: %d", p.login, p.role, s.name, path, a.status)
				}
			}
			if a := c.as(p.login).get("/api/photos/" + s.photo); (a.status == 200) != may {
				t.Errorf("%s (%s) reads the photo of %s: %d, want %v", p.login, p.role, s.name, a.status, may)
			}
		}
	}
	if seen == 0 || seen == len(people)*len(spots) {
		t.Errorf("%d of %d may be seen: the table says nothing", seen, len(people)*len(spots))
	}
}

// TestAMoveIsMadeByThoseTheTableGrantsItAndNobodyElse tries every move by
// everybody on every case. A photo that never arrived stops what is allowed
// just before it happens, so that one try does not change the next.
func TestAMoveIsMadeByThoseTheTableGrantsItAndNobodyElse(t *testing.T) {
	c := newCounty(t)
	spots := c.spots()
	for _, p := range people {
		c.as(p.login)
	}
	events := c.count("events")
	tried, missing := map[string]int{}, []string{picture(999).sum}
	for _, p := range people {
		for _, s := range spots {
			for _, l := range cases.Lines {
				a := c.tryMove(p.login, s.id, string(l.Move), map[string]any{"note": "试试", "reason": "law", "until_on": "2026-12-01", "into": spots[0].id,
					"to_unit": "cg", "photos": missing})
				want := expected(p, s, l)
				tried[want]++
				if got := a.problem(); got.Code != want && !(want == "" && a.status == 409) {
					t.Errorf("%s (%s) tries to %s %s: %d %s, want %s", p.login, p.role, l.Move, s.name, a.status, got.Code, want)
				}
			}
		}
	}
	if n := c.count("events"); n != events {
		t.Errorf("%d tries had an effect", n-events)
	}
	if tried["case.none"] < 100 || tried["denied.case.own"] < 100 || tried[""] < 100 {
		t.Errorf("the attack was no attack: %v", tried)
	}
}

// expected is the refusal the table asks for, or "" when the person may and
// only the case itself can stand in the way.
func expected(p person, s spot, l cases.Line) string {
	target := s.Target
	if l.Verb == org.OwnCase { // finding a problem does not make it yours to fix
		target = org.Target{Units: s.Units, Persons: []string{s.owner}}
	}
	switch {
	case !granted(p, org.SeeCase, s.Target):
		return "case.none"
	case !granted(p, l.Verb, target):
		return "denied." + string(l.Verb)
	}
	return ""
}

func TestTheScreensOfferExactlyTheMovesThatWouldBeTaken(t *testing.T) {
	c := newCounty(t)
	for _, s := range c.spots() {
		for _, p := range people {
			if !granted(p, org.SeeCase, s.Target) {
				continue
			}
			offered := c.open(p.login, s.id).Moves
			for _, l := range cases.Lines {
				judges := slices.Contains([]cases.MoveName{cases.Verify, cases.Rework, cases.RecheckOK, cases.RecheckBad}, l.Move)
				crew := judges && (p.login == "wang" || p.unit == "cg")
				waiting := slices.Contains([]cases.MoveName{cases.Agree, cases.Refuse, cases.RecheckOK, cases.RecheckBad, cases.Acknowledge}, l.Move) // nothing is asked, drawn or ordered
				want := expected(p, s, l) == "" && slices.Contains(l.From, s.state) && !crew && !waiting
				if slices.Contains(offered, string(l.Move)) != want {
					t.Errorf("%s (%s) is offered %v on %s; %s should be %v", p.login, p.role, offered, s.name, l.Move, want)
				}
			}
		}
	}
}

func TestBoardsAndTheLogOpenForThoseTheTableGrantsThem(t *testing.T) {
	c := newCounty(t)
	c.prove()
	for _, p := range people {
		for path, may := range map[string]bool{
			"/api/board":                   somewhere(p, org.SeeBoard),
			"/api/board?area=west":         granted(p, org.SeeBoard, org.Target{Area: "west"}),
			"/api/board?area=east":         granted(p, org.SeeBoard, org.Target{Area: "east"}),
			"/api/board?unit=cg":           granted(p, org.SeeBoard, org.Target{Units: []string{"cg"}}),
			"/api/board?unit=sc":           granted(p, org.SeeBoard, org.Target{Units: []string{"sc"}}),
			"/api/board?area=no&unit=none": granted(p, org.SeeBoard, org.Target{}),
			"/api/proof/export":            granted(p, org.ExportLog, org.Target{}),
		} {
			a := c.as(p.login).get(path)
			if may && a.status != 200 || !may && (a.status != 403 || !strings.HasPrefix(a.problem().Code, "denied.")) {
				t.Errorf("%s (%s) opens %s: %d, want %v", p.login, p.role, path, a.status, may)
			}
		}
		can := read[me](c.as(p.login).get("/api/me").want(200)).Can
		for _, v := range []org.Verb{org.SeeBoard, org.ExportLog, org.Dispatch, org.Decide, org.VerifyCase, org.Recheck, org.ChangeData, org.ReportCase} {
			if slices.Contains(can, string(v)) != somewhere(p, v) {
				t.Errorf("%s (%s) is told they can %v", p.login, p.role, can)
			}
		}
		c.report(p.login, nil) // everybody may report
	}
}

func TestNobodyGetsNothingButWhatIsOpen(t *testing.T) {
	c := newCounty(t)
	id, sum := c.report("inspector", nil).ID, c.photo("inspector")
	fill := strings.NewReplacer("{id}", id, "{pack}", "county-2021", "{code}", "MKT234", "{sum}", sum)
	open := c.routes(t, true)
	for _, pattern := range c.routes(t, false) {
		method, path, _ := strings.Cut(fill.Replace(pattern), " ")
		for _, who := range []*caller{c.nobody(), c.nobody().with("Cookie", "cw_session="), c.nobody().with("Cookie", "cw_session=' OR 1=1 --")} {
			if method == "POST" {
				who.postRaw(path, `{}`).refused(401, "signin.needed")
			} else {
				who.do(method, path, nil).refused(401, "signin.needed")
			}
		}
	}
	if len(open) < 8 {
		t.Errorf("open: %v", open)
	}
	for _, path := range []string{"/api/today", "/api/kinds", "/api/basemap.geojson", "/api/public/places/MKT234"} {
		c.nobody().get(path).want(200)
	}
}

func TestWhoHasLeftIsOutAtOnce(t *testing.T) {
	c := newCounty(t)
	wang := c.as("wang")
	wang.get("/api/me").want(200)
	left := func(on string) {
		c.write(func(tx *db.Tx) error {
			if _, err := tx.Exec(`UPDATE persons SET left_on = $1 WHERE id = 'wang'`, on); err != nil {
				return err
			}
			return db.Touch(tx, org.Stamp) // as every change of the registers does
		})
	}
	left("2026-11-24") // tomorrow
	wang.get("/api/me").want(200)
	left("2026-11-23")
	wang.get("/api/me").refused(401, "signin.needed")
	wang.post("/api/cases", c.body(nil)).refused(401, "signin.needed")
}

func (c *county) routes(t *testing.T, open bool) (out []string) {
	t.Helper()
	s := secured(c)
	for _, p := range s.Patterns() {
		if slices.Contains(s.OpenPatterns(), p) == open {
			out = append(out, p)
		}
	}
	return out
}

// hostile are texts that have broken other programs.
var hostile = []string{
	`'; DROP TABLE cases; --`, `" OR ""="`, `<script>alert(1)</script><img src=x onerror=alert(1)>`, `../../../etc/passwd`, `=cmd|' /C calc'!A0`, `+1+1`, `@SUM(A1)`,
	"𠮷野家前有垃圾", "👨‍👩‍👧‍👦🇨🇳", "a\u202egnp.exe", "مرحبا בא", "a\x01\x02\x07\x08\x0b\x0c\x1b[31m\x7f", "两行\n第二行\r\n\t缩进", "\ufeffBOM", "a\u2028b\u2029c", "\ufffd\ufffe",
	"Z̸̧̛̗͇a̴͜l̵g̶o", `{{7*7}}${7*7}#{7*7}`, `%s%n%d%00`, `\u0041\\\"`, "￿", "null", "0", "１２３", `"`, `\`, `'`, "%", "_", strings.Repeat("长", 200),
}

func TestHostileTextComesBackAsItWas(t *testing.T) {
	c := newCounty(t)
	for i, text := range hostile {
		k := c.report("inspector", map[string]any{"text": text, "address": text})
		if k.Text != text || k.Address != text {
			t.Errorf("report %q came back as %q at %q", text, k.Text, k.Address)
		}
		c.move("wang", k.ID, "note", map[string]any{"note": text})
		if f := c.open("wang", k.ID); f.Case.Text != text || f.Steps[len(f.Steps)-1].Note != text || f.Steps[0].Note != text {
			t.Errorf("note %q came back as %q", text, f.Steps[len(f.Steps)-1].Note)
		}
		phone := string([]rune(text)[:min(20, len([]rune(text)))])
		a := c.nobody().from(fmt.Sprint("10.2.0.", i)).post("/api/public/reports", map[string]any{"text": text, "photos": []string{}, "phone": phone}).want(201)
		code := read[followed](a).Code
		if got := c.follow(code); got.Text != text || c.caseOf(code).Contact != phone {
			t.Errorf("resident's %q came back as %q, %q", text, got.Text, c.caseOf(code).Contact)
		}
		c.as("wang").post("/api/suggestions", map[string]any{"text": text, "page": text}).want(204)
	}
	var kept []string
	c.read(func(tx *db.Tx) (err error) {
		kept, err = db.Values[string](tx, `SELECT text || page FROM suggestions`)
		return err
	})
	for _, text := range hostile {
		if !slices.Contains(kept, text+text) {
			t.Errorf("suggestion %q was not kept as it was", text)
		}
	}
}

func TestHostileNamesAreRefusedNotObeyed(t *testing.T) {
	c := newCounty(t)
	k := c.report("inspector", map[string]any{"kind": nil})
	for _, text := range hostile {
		for _, field := range []string{"kind", "place", "datum"} {
			c.as("inspector").post("/api/cases", c.body(map[string]any{field: text})).want(404, 422).problem()
		}
		for _, body := range []map[string]any{
			{"move": text}, {"move": "assign", "kind": text}, {"move": "assign", "kind": "env.exposed-waste", "to_unit": text}, {"move": "assign", "kind": "env.exposed-waste", "to_person": text},
			{"move": "merge", "into": text}, {"move": "note", "note": "a", "reason": text}, {"move": "note", "note": "a", "until_on": text}, {"move": "note", "note": "a", "photos": []string{text}},
		} {
			if p := c.as("desk").post("/api/cases/"+k.ID+"/moves", body).want(404, 409, 422).problem(); leaks(p.Code) {
				t.Errorf("%v: %+v", body, p)
			}
		}
		c.nobody().post("/api/session", map[string]string{"login": text, "password": text}).want(401, 422).problem()
	}
	if n := c.count("cases"); n != 1 {
		t.Errorf("%d cases", n)
	}
}
