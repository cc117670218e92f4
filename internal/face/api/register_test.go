package api_test

import (
	"encoding/json"
	"encoding/xml"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"chuangwei/internal/face/api"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
)

func TestTodayIsTheCountysDay(t *testing.T) {
	c := newCounty(t)
	c.write(func(tx *db.Tx) error {
		if err := calendar.SetMarket(tx, org.System, calendar.MarketRule{Branches: []int{4, 10}}); err != nil {
			return err
		}
		return setting(tx, api.CountySetting, "青溪县创卫指挥部")
	})
	c.clock.Set(time.Date(2026, 11, 22, 23, 30, 0, 0, calendar.Zone)) // a Sunday, still the 22nd here
	v := read[struct {
		On, County string
		Working    bool
		Now        int64
		NextMarket string `json:"next_market_on"`
	}](c.nobody().get("/api/today").want(200))
	if v.On != "2026-11-22" || v.Working || v.County != "青溪县创卫指挥部" || v.Now != c.clock.Now().UnixMilli() || v.NextMarket <= v.On {
		t.Errorf("today is %+v", v)
	}
}

func setting(tx *db.Tx, name, value string) error {
	_, err := tx.Exec(`INSERT INTO settings (name, value, changed_at) VALUES ($1, $2, $3)`, name, value, tx.Now())
	return err
}

func TestTheRegistersAreListed(t *testing.T) {
	c := newCounty(t)
	type row struct{ ID, Name, Short, Sort, Code, Kind, Area, Limit string }
	cadre := c.as("cadre")
	if units := items[row](cadre.get("/api/units")); len(units) != 3 || units[0].Short != "城管局" || units[2].Sort != "centre" {
		t.Errorf("units %+v", units)
	}
	if places := items[row](cadre.get("/api/places")); len(places) != 2 || places[0].Code != "MKT234" || places[0].Area != "west" {
		t.Errorf("places %+v", places)
	}
	kinds := items[row](c.nobody().get("/api/kinds"))
	if len(kinds) < 30 || !slices.ContainsFunc(kinds, func(k row) bool { return k.ID == "env.exposed-waste" && k.Limit == "4工作时" }) {
		t.Errorf("%d kinds, first %+v", len(kinds), kinds[0])
	}
	english := items[row](c.nobody().with("Accept-Language", "en").get("/api/kinds"))
	if len(english) != len(kinds) || english[0].Limit == kinds[0].Limit {
		t.Errorf("in English: %+v", english[0])
	}
}

func TestAnAreaNamesItsChiefAndLeadUnitOfToday(t *testing.T) {
	c := newCounty(t)
	type area struct {
		ID    string
		Chief *struct {
			ID, Deputy string
			Away       bool
		}
		LeadUnit struct{ Name string } `json:"lead_unit"`
	}
	list := items[area](c.as("cadre").get("/api/areas"))
	if len(list) != 2 || list[0].Chief.ID != "chief" || list[1].Chief.ID != "chief-east" || list[0].LeadUnit.Name != "城管局" {
		t.Errorf("areas %+v", list)
	}
	shapes := read[struct {
		Type     string
		Features []struct {
			ID       string
			Geometry struct{ Type string }
		}
	}](c.as("cadre").get("/api/areas.geojson").want(200))
	if shapes.Type != "FeatureCollection" || len(shapes.Features) != 2 || shapes.Features[1].ID != "east" || shapes.Features[0].Geometry.Type != "Polygon" {
		t.Errorf("shapes %+v", shapes)
	}
}

func TestTheBaseMapIsEmptyUntilTheCountyHasOne(t *testing.T) {
	c := newCounty(t)
	if got := string(c.nobody().get("/api/basemap.geojson").want(200).body); got != `{"type":"FeatureCollection","features":[]}` {
		t.Errorf("got %s", got)
	}
	own := `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"class":"river"},"geometry":null}]}`
	c.write(func(tx *db.Tx) error { return setting(tx, api.BaseMapSetting, own) })
	if got := string(c.nobody().get("/api/basemap.geojson").want(200).body); got != own {
		t.Errorf("got %s", got)
	}
}

func TestPersonsAreFoundByUnitOrPartOfTheName(t *testing.T) {
	c := newCounty(t)
	c.write(func(tx *db.Tx) error {
		if err := org.AddLeave(tx, org.System, org.Leave{ID: "l", PersonID: "wang", FromOn: "2026-11-20", ToOn: "2026-11-30"}); err != nil {
			return err
		}
		return org.AddDeputy(tx, org.System, org.Deputising{ID: "d", PersonID: "wang", DeputyID: "li", FromOn: "2026-11-20", ToOn: "2026-11-30"})
	})
	type row struct {
		ID, Deputy string
		Away       bool
	}
	sc := items[row](c.as("desk").get("/api/persons?unit=sc"))
	if len(sc) != 3 || sc[0].ID != "stall" {
		t.Errorf("of sc: %+v", sc)
	}
	wang := items[row](c.as("desk").get("/api/persons?q=" + url.QueryEscape("建国")))
	if len(wang) != 1 || wang[0] != (row{"wang", "李红梅", true}) {
		t.Errorf("found %+v", wang)
	}
	if none := items[row](c.as("desk").get("/api/persons?q=nobody")); none == nil || len(none) != 0 {
		t.Errorf("found %+v", none)
	}
	c.as("desk").get("/api/persons?q="+strings.Repeat("a", 41)).refused(422, "input.invalid")
}

func TestAPlaceIsFoundByItsCodeInAnyCase(t *testing.T) {
	c := newCounty(t)
	for _, code := range []string{"MKT234", "mkt234"} {
		if v := read[struct{ Name string }](c.as("cadre").get("/api/places/" + code).want(200)); v.Name != "老街农贸市场" {
			t.Errorf("%s is %+v", code, v)
		}
	}
	c.as("cadre").get("/api/places/NONE99").refused(404, "place.none")
}

func TestAPlacesLabelIsAnSVGWithItsLink(t *testing.T) {
	c := newCounty(t)
	a := c.as("cadre").get("/api/places/MKT234/qr.svg").want(200)
	var svg struct {
		ViewBox string `xml:"viewBox,attr"`
		Path    []struct {
			D string `xml:"d,attr"`
		} `xml:"path"`
	}
	if err := xml.Unmarshal(a.body, &svg); err != nil || len(svg.Path) != 2 || !strings.HasPrefix(svg.Path[1].D, "M4 4h1v1h-1zM5 4") {
		t.Errorf("%v in %.200s", err, a.body)
	}
	c.as("cadre").get("/api/places/NONE99/qr.svg").refused(404, "place.none")
}

// hardlyChanging are the answers a browser may ask about again.
var hardlyChanging = []string{"/api/kinds", "/api/units", "/api/persons?unit=sc", "/api/areas", "/api/areas.geojson", "/api/basemap.geojson",
	"/api/places", "/api/places/MKT234/qr.svg", "/api/cases/points"}

func TestWhatHasNotChangedIsNotSentAgain(t *testing.T) {
	c := newCounty(t)
	desk := c.as("desk")
	for _, path := range hardlyChanging {
		first := desk.get(path).want(200)
		tag := first.header.Get("ETag")
		if again := desk.with("If-None-Match", "W/"+tag).get(path).want(304); len(again.body) > 0 || again.header.Get("ETag") != tag {
			t.Errorf("%s: 304 with %d bytes and tag %s", path, len(again.body), again.header.Get("ETag"))
		}
		desk.with("If-None-Match", `"0123456789abcdef01234567"`).get(path).want(200)
	}
	tag := desk.get("/api/units").header.Get("ETag")
	c.write(func(tx *db.Tx) error {
		return org.AddUnit(tx, org.System, org.Unit{ID: "wj", Code: "4", Name: "卫生健康局", Short: "卫健局", Sort: "unit"})
	})
	if again := desk.with("If-None-Match", tag).get("/api/units").want(200); !json.Valid(again.body) || !strings.Contains(string(again.body), "卫健局") {
		t.Errorf("a new unit is not seen: %s", again.body)
	}
}
