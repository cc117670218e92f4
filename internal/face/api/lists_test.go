package api_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
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
