package api_test

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"chuangwei/internal/flow/duty"
	"chuangwei/internal/kit/sheet"
	"chuangwei/internal/register/org"
)

type dutyRow struct {
	ID, Name, On string
	Leader       struct{ ID, Name string }
	People       []struct{ ID, Name, Present string }
	May          []string
	Cancelled    bool
	Version      int64
}

func (d dutyRow) crew() string {
	var ids []string
	for _, p := range d.People {
		ids = append(ids, p.ID)
	}
	slices.Sort(ids)
	return strings.Join(ids, " ")
}

// duty plans one by somebody: a day, hours and the crew, the leader first.
func (c *county) duty(by, on, from, to string, crew ...string) dutyRow {
	c.t.Helper()
	return read[dutyRow](c.as(by).post("/api/duties", dutyBody(on, from, to, crew...)).want(201))
}

func dutyBody(on, from, to string, crew ...string) map[string]any {
	return map[string]any{"kind": "market", "name": "老街市场工作队", "place": "market", "on": on, "from": from, "to": to, "leader": crew[0], "people": crew}
}

func TestADutyIsPlannedSwappedConfirmedAndHandedOver(t *testing.T) {
	c := newCounty(t)
	morning := c.duty("lead", "2026-11-23", "08:00", "14:00", "stall", "wu")
	c.duty("lead", "2026-11-23", "14:00", "20:00", "zhao", "qian")
	later := c.duty("lead", "2026-11-25", "08:00", "14:00", "cadre", "grid")

	k := read[view](c.as("inspector").post("/api/cases", map[string]any{"text": "生熟不分开", "kind": "market.zoning", "place": "MKT234", "photos": []string{c.photo("inspector")}}).want(201))
	if k.Owner.ID != "stall" {
		t.Fatalf("the case went to %q, not to the crew on duty", k.Owner.ID)
	}

	found := items[struct {
		Person struct{ ID string }
		Duty   *dutyRow
	}](c.as("wu").get("/api/duties/" + morning.ID + "/partners"))
	if !slices.ContainsFunc(found, func(p struct {
		Person struct{ ID string }
		Duty   *dutyRow
	}) bool {
		return p.Person.ID == "grid" && p.Duty != nil && p.Duty.ID == later.ID
	}) {
		t.Errorf("grid is not among %+v", found)
	}
	ask := read[struct{ ID string }](c.as("wu").post("/api/duties/"+morning.ID+"/asks", map[string]any{"ask": "swap", "other": "grid", "other_duty": later.ID}).want(201))
	mine := read[struct{ Asks []struct{ May []string } }](c.as("grid").get("/api/duties/mine").want(200))
	if len(mine.Asks) != 1 || !slices.Contains(mine.Asks[0].May, "settle") {
		t.Fatalf("grid is asked %+v", mine.Asks)
	}
	c.as("wu").post("/api/asks/"+ask.ID+"/settle", map[string]any{"grant": true}).refused(403, "ask.other")
	c.as("grid").post("/api/asks/"+ask.ID+"/settle", map[string]any{"grant": true}).want(200)
	list := items[dutyRow](c.as("lead").get("/api/duties?from=2026-11-23&to=2026-11-25"))
	if len(list) != 3 || list[0].crew() != "grid stall" || list[2].crew() != "cadre wu" {
		t.Fatalf("after the swap: %+v", list)
	}

	c.as("grid").post("/api/duties/"+morning.ID+"/confirm", map[string]any{}).refused(403, "duty.leader")
	done := read[dutyRow](c.as("stall").post("/api/duties/"+morning.ID+"/confirm", map[string]any{"absent": []string{"grid"}}).want(200))
	if done.People[0].Present != "yes" || done.People[1].Present != "no" {
		t.Errorf("confirmed as %+v", done.People)
	}

	help := read[view](c.as("stall").post("/api/duties/"+morning.ID+"/help", map[string]any{"text": "摊贩聚集，需要支援"}).want(201))
	if help.Text != "摊贩聚集，需要支援" {
		t.Errorf("the call for help is %+v", help)
	}
	c.knowsOfHelp(morning.ID, help, map[string]bool{"stall": true, "grid": true, "wu": false})

	c.clock.Add(5 * time.Hour)
	c.offers("stall", morning.ID, "zhao", "cadre")
	hand := read[struct {
		ID   string
		Open int
	}](c.as("stall").post("/api/duties/"+morning.ID+"/handover", map[string]any{"things": "钥匙2把"}).want(201))
	if hand.Open != 1 {
		t.Errorf("%d cases pass, want 1", hand.Open)
	}
	c.as("stall").post("/api/handovers/"+hand.ID+"/take", map[string]any{}).refused(403, "hand.crew")
	c.as("qian").post("/api/handovers/"+hand.ID+"/take", map[string]any{}).want(200)
	if got := c.open("desk", k.ID); got.Case.Owner.ID != "zhao" || got.Case.DueAt != k.DueAt {
		t.Errorf("after the handover the owner is %q, due %d (was %d)", got.Case.Owner.ID, got.Case.DueAt, k.DueAt)
	}
}

// knowsOfHelp checks that all see who has got a call for help, and who of them
// may open it.
func (c *county) knowsOfHelp(id string, of view, opens map[string]bool) {
	c.t.Helper()
	for who, may := range opens {
		got := read[struct {
			Helps []struct {
				ID, No string
				Owner  struct{ ID string }
				Opens  bool
			}
		}](c.as(who).get("/api/duties/" + id).want(200)).Helps
		if len(got) != 1 || got[0].ID != of.ID || got[0].No == "" || got[0].Owner.ID != of.Owner.ID || got[0].Opens != may {
			c.t.Errorf("%s knows of %+v", who, got)
		}
	}
}

// offers checks to whose crews a duty may be handed over, in that order.
func (c *county) offers(who, id string, leaders ...string) {
	c.t.Helper()
	full := read[struct {
		Coming []struct{ ID, Leader, Where string }
	}](c.as(who).get("/api/duties/" + id).want(200))
	var got []string
	for _, n := range full.Coming {
		one := read[struct{ Duty dutyRow }](c.as("lead").get("/api/duties/" + n.ID).want(200))
		got = append(got, one.Duty.Leader.ID)
		if n.Leader != one.Duty.Leader.Name || n.Where == "" {
			c.t.Errorf("offered %+v", n)
		}
	}
	if !slices.Equal(got, leaders) {
		c.t.Errorf("offered the crews of %v, want %v", got, leaders)
	}
}

func TestAHandoverIsGivenToAnotherCrewWhenTheFirstIsCalledOff(t *testing.T) {
	c := newCounty(t)
	morning, noon := c.duty("lead", "2026-11-23", "08:00", "14:00", "stall", "wu"), c.duty("lead", "2026-11-23", "14:00", "20:00", "zhao")
	beside := c.duty("lead", "2026-11-23", "10:00", "18:00", "cadre")
	type hand struct {
		ID          string
		MayTake     bool `json:"may_take"`
		ToCancelled bool `json:"to_cancelled"`
		Replaced    bool
	}
	give := func(to string) hand {
		return read[hand](c.as("stall").post("/api/duties/"+morning.ID+"/handover", map[string]any{"to": to}).want(201))
	}
	c.clock.Add(3 * time.Hour)
	first := give(noon.ID)
	c.as("lead").post("/api/duties/"+noon.ID+"/cancel", map[string]any{"note": "下暴雨"}).want(200)
	c.as("zhao").post("/api/handovers/"+first.ID+"/take", map[string]any{}).refused(409, "hand.cancelled")
	seen := read[struct{ Handovers []hand }](c.as("zhao").get("/api/duties/" + noon.ID).want(200)).Handovers
	if len(seen) != 1 || seen[0].MayTake || !seen[0].ToCancelled {
		t.Errorf("the crew called off sees %+v", seen)
	}
	c.offers("stall", morning.ID, "cadre")
	second := give(beside.ID)
	c.as("zhao").post("/api/handovers/"+first.ID+"/take", map[string]any{}).refused(409, "hand.replaced")
	c.as("cadre").post("/api/handovers/"+second.ID+"/take", map[string]any{}).want(200)
	c.as("stall").post("/api/duties/"+morning.ID+"/handover", map[string]any{"to": beside.ID}).refused(409, "hand.done")
}

func TestDutiesArePlannedByThoseTheTableGrantsIt(t *testing.T) {
	c := newCounty(t)
	d := c.duty("lead", "2026-11-25", "08:00", "14:00", "stall")
	planned := 0
	for i, p := range people {
		may := granted(p, org.PlanDuty, org.Target{Area: "west"})
		body := dutyBody("2026-12-01", "08:00", "14:00", "cadre")
		body["from"], body["to"] = "00:00", "00:10"
		body["on"] = time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i).Format(time.DateOnly)
		a := c.as(p.login).post("/api/duties", body)
		if may {
			planned++
			a.want(201)
		} else {
			a.refused(403, "denied.duty.plan")
			c.as(p.login).post("/api/duties/"+d.ID+"/cancel", map[string]any{"note": "x"}).refused(403, "denied.duty.plan")
			c.as(p.login).post("/api/duties/"+d.ID, dutyBody("2026-11-25", "09:00", "14:00", "stall")).refused(403, "denied.duty.plan")
		}
		see := granted(p, org.SeeDuty, org.Target{Area: "west", Units: []string{"sc"}}) || p.login == "stall"
		if got := c.as(p.login).get("/api/duties/" + d.ID).status; (got == 200) != see {
			t.Errorf("%s (%s) reads the duty: %d, want %v", p.login, p.role, got, see)
		}
		team := map[string]any{"code": "T-" + p.login, "name": "队", "kind": "patrol", "leader": "cadre", "people": []string{"cadre"}}
		if got := c.as(p.login).post("/api/teams", team).status; (got == 200) != granted(p, org.PlanDuty, org.Target{}) {
			t.Errorf("%s (%s) makes a team: %d", p.login, p.role, got)
		}
		if got := c.as(p.login).post("/api/duty-kinds/patrol", map[string]any{"takes": []string{"traffic"}}).status; (got == 200) != granted(p, org.ChangeData, org.Target{}) {
			t.Errorf("%s (%s) changes what patrols take: %d", p.login, p.role, got)
		}
	}
	if planned == 0 || planned == len(people) {
		t.Errorf("%d of %d may plan: the table says nothing", planned, len(people))
	}
}

const workbookType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

func TestARotaGoesOutAndComesBack(t *testing.T) {
	c := newCounty(t)
	c.duty("lead", "2026-11-25", "08:00", "14:00", "stall", "wu")
	out := c.as("lead").get("/api/duties.xlsx?from=2026-11-25").want(200)
	send := func(body []byte, apply string) answer {
		return c.as("lead").with("Content-Type", workbookType).do("POST", "/api/duties.xlsx"+apply, body)
	}
	back := read[struct{ New, Changed, Same int }](send(out.body, "").want(200))
	if back.Same != 1 || back.New+back.Changed != 0 {
		t.Errorf("the same file changes %+v", back)
	}

	row := map[string]string{"on": "2026-11-26", "from": "8:00", "to": "14:00", "kind": "市场工作队", "place": "MKT234", "leader": "孔普通", "people": "褚小雨、许存档"}
	file := rota(t, row)
	if got := read[struct{ New int }](send(file, "").want(200)); got.New != 1 {
		t.Errorf("the preview shows %+v", got)
	}
	if n := len(items[dutyRow](c.as("lead").get("/api/duties?from=2026-11-26"))); n != 0 {
		t.Errorf("the preview kept %d duties", n)
	}
	send(file, "?apply=yes").want(200)
	if list := items[dutyRow](c.as("lead").get("/api/duties?from=2026-11-26")); len(list) != 1 || list[0].crew() != "archivist cadre grid" {
		t.Errorf("imported %+v", list)
	}

	wrong := rota(t, row, map[string]string{"on": "2026-11-27", "from": "25:00", "to": "14:00", "kind": "站岗", "leader": "没有这人", "place": "MKT234"},
		map[string]string{"on": "2026-11-28", "from": "08:00", "to": "14:00", "kind": "市场工作队", "place": "MKT234", "leader": "孔普通"})
	p := send(wrong, "?apply=yes").refused(422, "sheet.cells")
	if names := strings.Join(p.names(), " "); names != "值守!I2 值守!B3 值守!D3 值守!H3" {
		t.Errorf("the faults are at %s", names)
	}
	if n := len(items[dutyRow](c.as("lead").get("/api/duties?from=2026-11-28"))); n != 0 {
		t.Errorf("a wrong file left %d duties", n)
	}
}

// rota writes a workbook of duties.
func rota(t *testing.T, rows ...map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	err := sheet.Write(&b, []sheet.Table{duty.Table}, func(_ sheet.Table, put func(map[string]string) error) error {
		for _, r := range rows {
			if err := put(r); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestACalendarShowsDutiesOfAPersonAnAreaAndATeam(t *testing.T) {
	c := newCounty(t)
	c.duty("lead", "2026-11-25", "08:00", "14:00", "stall", "wu")
	feed := func(who string, body map[string]any) answer { return c.as(who).post("/api/feeds", body) }
	show := func(a answer) string {
		url := read[struct{ URL string }](a.want(201)).URL
		_, path, _ := strings.Cut(url, "/api/")
		return string(c.nobody().get("/api/" + path).want(http.StatusOK).body)
	}
	for name, text := range map[string]string{"mine": show(feed("wu", map[string]any{"name": "我的"})), "area": show(feed("chief", map[string]any{"name": "西片区", "area": "west"}))} {
		if made := "DTSTAMP:" + c.clock.Now().UTC().Format("20060102T150405Z"); !strings.Contains(text, made) {
			t.Errorf("%s is not of %s:\n%s", name, made, text)
		}
		if !strings.Contains(text, "SUMMARY:老街市场工作队") || !strings.Contains(text, "DTSTART:20261125T000000Z") {
			t.Errorf("%s shows\n%s", name, text)
		}
	}
	if text := show(feed("cadre", map[string]any{"name": "Linux · Chrome"})); !strings.Contains(text, "X-WR-CALNAME:我的值守 — 孔普通") || strings.Contains(text, "老街市场工作队") {
		t.Errorf("somebody else's calendar is\n%s", text)
	}
	c.as("lead").post("/api/teams", map[string]any{"code": "T1", "name": "老街队", "kind": "market", "leader": "stall", "people": []string{"wu"}}).want(200)
	for who, want := range map[string]string{"stall": "teams 老街队 areas", "chief": "teams areas west片区", "cadre": "teams areas"} {
		may := read[struct {
			Items        []struct{ Area, Team struct{ Name string } }
			Teams, Areas []struct{ Name string }
		}](c.as(who).get("/api/feeds").want(200))
		got := "teams"
		for _, t := range may.Teams {
			got += " " + t.Name
		}
		got += " areas"
		for _, a := range may.Areas {
			got += " " + a.Name
		}
		if got != want {
			t.Errorf("%s may choose %q, want %q", who, got, want)
		}
		if who == "chief" && (len(may.Items) != 1 || may.Items[0].Area.Name != "west片区") {
			t.Errorf("the chief's calendars are %+v", may.Items)
		}
	}
	feed("cadre", map[string]any{"name": "偷看", "area": "west"}).refused(403, "denied.duty.see")
	feed("cadre", map[string]any{"name": "偷看", "team": newKey()}).refused(403, "denied.duty.see")
}

func TestNewsOfADutyReachTheCrewTheOneAskedAndWhoeverLeftIt(t *testing.T) {
	c := newCounty(t)
	d := c.duty("lead", "2026-11-25", "08:00", "14:00", "stall", "grid")
	ears := map[string]<-chan string{}
	for _, who := range []string{"stall", "grid", "cadre", "chief", "chief-east", "wu", "sun", "inspector"} {
		ears[who] = c.hears(t, who)
	}
	c.as("stall").post("/api/duties/"+d.ID+"/asks", map[string]any{"ask": "swap", "other": "cadre"}).want(201)
	c.as("lead").post("/api/duties/"+d.ID, dutyBody("2026-11-25", "09:00", "14:00", "stall")).want(200) // without grid
	end := c.report("inspector", map[string]any{"place": "MKT234", "kind": "market.untidy-stalls"})
	for who, want := range map[string]int{"stall": 2, "grid": 2, "cadre": 1, "chief": 2, "wu": 2, "chief-east": 0, "sun": 0, "inspector": 0} {
		if got := until(ears[who], d.ID, end.ID); got != want {
			t.Errorf("%s heard of the duty %d times, want %d", who, got, want)
		}
	}
}

// until counts how often a subject is heard of before another, or within a second.
func until(heard <-chan string, subject, end string) (n int) {
	giveUp := time.After(time.Second)
	for {
		select {
		case got := <-heard:
			if got == end {
				return n
			}
			if got == subject {
				n++
			}
		case <-giveUp:
			return n
		}
	}
}
