package api_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
)

func TestAListIsTakenAwayAsAFile(t *testing.T) {
	c := newCounty(t)
	for i := range 3 {
		c.report("inspector", map[string]any{"text": fmt.Sprintf("=HYPERLINK(%d)，门前有垃圾", i)})
	}
	c.report("zhou", map[string]any{"place": "MKT234", "kind": "market.untidy-stalls", "text": "摊位乱"})
	a := c.as("desk").get("/api/cases/export?format=csv").want(200)
	if !strings.HasPrefix(a.header.Get("Content-Type"), "text/csv") || !strings.HasPrefix(string(a.body), "\ufeff编号,") {
		t.Fatalf("%v %.60q", a.header, a.body)
	}
	lines, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(a.body, []byte("\ufeff")))).ReadAll()
	if err != nil || len(lines) != 5 || !strings.HasPrefix(lines[2][3], "'=HYPERLINK(2)") {
		t.Fatalf("%q %v", lines, err)
	}
	if own, _ := csv.NewReader(bytes.NewReader(c.as("zhou").get("/api/cases/export?format=csv").want(200).body)).ReadAll(); len(own) != 2 {
		t.Errorf("zhou takes %d lines away", len(own))
	}
	x := c.as("desk").get("/api/cases/export?format=xlsx&q=" + "%E6%91%8A%E4%BD%8D").want(200)
	f, err := excelize.OpenReader(bytes.NewReader(x.body))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := f.GetRows("案件")
	if err != nil || len(rows) != 2 || rows[1][3] != "摊位乱" || rows[1][10] != "2026-11-23 09:00" {
		t.Errorf("%q %v", rows, err)
	}
	if kind, err := f.GetCellType("案件", "K2"); err != nil || kind == excelize.CellTypeInlineString || kind == excelize.CellTypeSharedString {
		t.Errorf("an instant is a text: %v %v", kind, err)
	}
	c.as("desk").get("/api/cases/export?format=pdf").refused(422, "list.format")
	c.as("desk").get("/api/cases/export?format=csv&flag=none").refused(422, "list.flag")
	c.nobody().get("/api/cases/export?format=csv").refused(401, "signin.needed")
}

func TestALongListIsWhole(t *testing.T) {
	c := newCounty(t)
	for range 205 {
		c.report("inspector", nil)
	}
	lines := bytes.Count(c.as("desk").get("/api/cases/export?format=csv").want(200).body, []byte("\r\n"))
	if lines != 206 {
		t.Errorf("%d lines", lines)
	}
}

func TestTheRegistersGoOutAndComeBack(t *testing.T) {
	c := newCounty(t)
	kind := "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	b := c.as("admin").get("/api/registers.xlsx").want(200).body
	send := func(login, query string, b []byte) answer {
		t.Helper()
		return c.as(login).with("Content-Type", kind).do("POST", "/api/registers.xlsx"+query, b)
	}
	type result struct {
		New, Changed, Same int
		Done               bool
		Changes            []struct{ Sheet, What, Name string }
	}
	if r := read[result](send("admin", "", b).want(200)); r.New+r.Changed != 0 || r.Same < 100 || r.Done {
		t.Errorf("%+v", r)
	}
	f, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	if err := f.SetCellValue("单位", "B2", "县城市管理和综合执法局"); err != nil {
		t.Fatal(err)
	}
	var changed bytes.Buffer
	if _, err := f.WriteTo(&changed); err != nil {
		t.Fatal(err)
	}
	for _, query := range []string{"", "?apply=yes"} {
		r := read[result](send("admin", query, changed.Bytes()).want(200))
		if r.Changed != 1 || r.Changes[0].Name != "县城市管理和综合执法局" || r.Done != (query != "") {
			t.Errorf("%q: %+v", query, r)
		}
	}
	if r := read[result](send("admin", "", changed.Bytes()).want(200)); r.Changed != 0 {
		t.Errorf("not kept: %+v", r)
	}
	send("boss", "", b).refused(403, "denied.register.change")
	c.as("boss").get("/api/registers.xlsx").refused(403, "denied.register.change")
	send("admin", "", []byte("PK not really")).refused(422, "sheet.format")
	send("admin", "?apply=no", b).refused(422, "workbook.apply")
}

func TestAHotlineListBecomesCasesOnce(t *testing.T) {
	c := newCounty(t)
	head := "工单号,受理时间,来电号码,诉求内容,事发地点,经度,纬度,诉求类型,处理部门\r\n"
	line := func(n int, more string) string {
		return fmt.Sprintf("GD%03d,2026-11-20 08:30:00,1380000%04d,门前垃圾没人管%d,老街%d号,%s\r\n", n, n, n, n, more)
	}
	list := head + line(1, "103.0501,22.0502,暴露垃圾,城管局") + line(2, ",,不知道什么类型,") + line(3, "103.0501,22.05021,暴露垃圾,")
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(list)
	if err != nil {
		t.Fatal(err)
	}
	send := func(login, query, body string) answer {
		t.Helper()
		return c.as(login).with("Content-Type", "text/csv").do("POST", "/api/cases/import"+query, []byte(body))
	}
	type result struct {
		New, Known int
		Done       bool
		Items      []struct {
			What, ID, Owner, Area string
			Twin                  bool
		}
	}
	before := c.count("cases")
	look := read[result](send("desk", "", gb).want(200))
	if look.New != 3 || look.Items[0].Owner != "王建国" || look.Items[0].ID != "" || look.Items[1].Owner != "" || !look.Items[2].Twin || c.count("cases") != before {
		t.Fatalf("%+v, %d cases", look, c.count("cases")-before)
	}
	done := read[result](send("desk", "?apply=yes", gb).want(200))
	if done.New != 3 || !done.Done || c.count("cases") != before+3 {
		t.Fatalf("%+v", done)
	}
	full := c.as("desk").get("/api/cases/" + done.Items[0].ID).want(200)
	if !strings.Contains(string(full.body), "13800000001") || !strings.Contains(string(full.body), "GD001") {
		t.Errorf("number or telephone lost: %s", full.body)
	}
	again := read[result](send("desk", "?apply=yes", list+line(4, ",,,")).want(200)) // the next day's list holds yesterday's, in another encoding
	if again.Known != 3 || again.New != 1 || again.Items[0].ID != done.Items[0].ID {
		t.Errorf("%+v", again)
	}
	p := send("desk", "?apply=yes", head+line(5, "一百,22,,")+line(6, "1e9,22,,")).refused(422, "sheet.cells")
	if len(p.Fields) == 0 || c.count("cases") != before+4 {
		t.Errorf("%+v", p)
	}
	send("wang", "", list).refused(403, "denied.case.dispatch")
	send("desk", "", "别的,东西\r\n1,2\r\n").refused(422, "sheet.cells")
}

func TestOutlinesGoOutAndComeBack(t *testing.T) {
	c := newCounty(t)
	file := c.as("admin").get("/api/areas.geojson?grids=yes").want(200).body
	send := func(login, query string, b []byte) answer {
		t.Helper()
		return c.as(login).with("Content-Type", "application/geo+json").do("POST", "/api/areas.geojson"+query, b)
	}
	type result struct {
		Book struct {
			New, Changed, Same int
			Done               bool
		}
		Seams struct{ Items []struct{ What string } }
	}
	if r := read[result](send("admin", "", file).want(200)).Book; r.New+r.Changed != 0 || r.Same == 0 {
		t.Errorf("its own file changes %+v", r)
	}
	over := []byte(`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"X1","name":"新片区"},"geometry":` +
		string(read[struct {
			Features []struct{ Geometry json.RawMessage }
		}](c.as("admin").get("/api/areas.geojson")).Features[0].Geometry) + `}]}`)
	if r := read[result](send("admin", "?apply=yes", over).want(200)); r.Book.New != 1 || !r.Book.Done || len(r.Seams.Items) == 0 || r.Seams.Items[0].What != "overlap" {
		t.Errorf("a second area over the first: %+v", r)
	}
	if s := read[struct{ Items []any }](c.as("admin").get("/api/areas/seams").want(200)); len(s.Items) == 0 {
		t.Error("the overlap is not said")
	}
	send("admin", "", []byte(`{"type":"FeatureCollection","features":[{}]}`)).refused(422, "input.invalid")
	send("admin", "?apply=no", over).refused(422, "workbook.apply")
	send("desk", "", over).refused(403, "denied.register.change")
	c.as("desk").get("/api/areas/seams").refused(403, "denied.register.change")
}

func TestCasesAsFeatures(t *testing.T) {
	c := newCounty(t)
	read := read[struct {
		Type     string
		Features []struct {
			ID         string
			Properties map[string]string
			Geometry   struct{ Coordinates []float64 }
		}
	}]
	if f := read(c.as("desk").get("/api/cases/export?format=geojson").want(200)); f.Type != "FeatureCollection" || len(f.Features) != 0 {
		t.Errorf("of none: %+v", f)
	}
	one := c.report("inspector", map[string]any{"text": `门前有垃圾 "<b>"`})
	c.report("inspector", map[string]any{"text": "路面破损"})
	f := read(c.as("desk").get("/api/cases/export?format=geojson").want(200))
	if len(f.Features) != 2 || f.Features[1].ID != one.ID || f.Features[1].Properties["text"] != `门前有垃圾 "<b>"` || f.Features[0].Geometry.Coordinates[1] < 20 {
		t.Errorf("%+v", f)
	}
}
