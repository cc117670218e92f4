package api_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"chuangwei/internal/register/org"

	"github.com/xuri/excelize/v2"
)

type packPage struct {
	Pack struct {
		ID                              string
		Active                          bool
		N, Edits, Items, Lines          int
		Unconfirmed, Chapters, Requirem int
	}
	Chapters []struct {
		Items []struct {
			Line, Text, Lead string
			Judged           []string
			Requirements     []packLine
			Lines            []packLine
		}
	}
}

type packLine struct {
	Sheet, Line, Text, Detail, Checked, Source, Lead string
	Places                                           []string
	Edited                                           bool
}

// line finds a line of a pack's page.
func (p packPage) line(sheet, line string) (packLine, bool) {
	for _, c := range p.Chapters {
		for _, it := range c.Items {
			for _, l := range slices.Concat(it.Requirements, it.Lines) {
				if l.Sheet == sheet && l.Line == line {
					return l, true
				}
			}
		}
	}
	return packLine{}, false
}

const packPath = "/api/packs/county-2021"

func TestAPackIsReadChapterByChapterByAnybody(t *testing.T) {
	c := newCounty(t)
	list := items[struct {
		ID     string
		Active bool
	}](c.as("cadre").get("/api/packs").want(200))
	if len(list) != 5 || list[0].ID != "county-2010" || list[0].Active || !list[1].Active {
		t.Errorf("packs %+v", list)
	}
	p := read[packPage](c.as("cadre").get(packPath).want(200))
	r, ok := p.line("requirement", "10.11")
	if !ok || r.Text == "" || !slices.Contains(r.Places, "路段") || r.Checked == "" || r.Source == "" {
		t.Errorf("%+v", r)
	}
	if l, ok := p.line("checklist-line", "market-6"); !ok || l.Detail != "农贸市场" {
		t.Errorf("%+v", l)
	}
	en := read[packPage](c.as("cadre").with("Accept-Language", "en").get(packPath).want(200))
	if en.Chapters[0].Items[0].Lead == p.Chapters[0].Items[0].Lead {
		t.Errorf("English readers get %q", en.Chapters[0].Items[0].Lead)
	}
	c.as("cadre").get("/api/packs/nothing").refused(404, "pack.none")
}

func TestALineIsCorrectedByItsFormOnceAndByTheAdministratorOnly(t *testing.T) {
	c := newCounty(t)
	form := read[struct{ Entries []struct{ Key, Value string } }](c.as("admin").get(packPath + "/line?sheet=requirement&line=10.11").want(200))
	if len(form.Entries) < 8 || form.Entries[0].Key != "id" || form.Entries[0].Value != "10.11" {
		t.Fatalf("%+v", form)
	}
	body := map[string]any{"sheet": "requirement", "line": "10.11", "cells": map[string]string{"zh": "主次干道每天保洁不少于12小时", "checked": "已核实"}, "source": "省评审细则"}
	for _, p := range people {
		if p.role != org.Administrator {
			c.as(p.login).post(packPath+"/line", body).refused(403, "denied.register.change")
			c.as(p.login).post(packPath+"/active", map[string]any{"active": false}).refused(403, "denied.register.change")
		}
	}
	admin, key := c.as("admin"), newKey()
	first := admin.with("Idempotency-Key", key).post(packPath+"/line", body).want(200)
	second := admin.with("Idempotency-Key", key).post(packPath+"/line", body).want(200)
	if !bytes.Equal(first.body, second.body) {
		t.Errorf("%s\n%s", first.body, second.body)
	}
	p := read[packPage](admin.get(packPath).want(200))
	if l, _ := p.line("requirement", "10.11"); !l.Edited || l.Text != "主次干道每天保洁不少于12小时" || p.Pack.Edits != 1 {
		t.Errorf("%+v, %d corrections", l, p.Pack.Edits)
	}
	type step struct {
		Sheet, Line, Who, Source string
		Cells                    []struct{ Title, Was, Now string }
	}
	steps := items[step](admin.get(packPath + "/history").want(200))
	if len(steps) != 2 || steps[0].Who != "何管理" || steps[0].Sheet != "要求" || len(steps[0].Cells) != 1 || steps[0].Cells[0].Title != "要求" {
		t.Errorf("%+v", steps)
	}
	body["cells"] = map[string]string{"lead": "无此部门"}
	if p := admin.post(packPath+"/line", body).refused(422, "pack.line"); !slices.Contains(p.names(), "lead") {
		t.Errorf("%+v", p)
	}
	admin.post(packPath+"/line", map[string]any{"sheet": "requirement", "line": "10.11", "cells": map[string]string{"zh": "a\x00"}, "source": "x"}).refused(422, "input.invalid")
}

func TestAPackGoesOutAsAWorkbookAndComesBackWithAPreview(t *testing.T) {
	c := newCounty(t)
	admin := c.as("admin")
	f, err := excelize.OpenReader(bytes.NewReader(admin.get(packPath + "/workbook.xlsx").want(200).body))
	if err != nil {
		t.Fatal(err)
	}
	if err := f.SetCellStr("条", "C2", "改过的第一条"); err != nil {
		t.Fatal(err)
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	put := func(login, query string) answer {
		return c.as(login).with("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet").do("POST", packPath+"/workbook.xlsx"+query, b.Bytes())
	}
	type changes struct {
		Total   int
		Done    bool
		Changes []struct{ Said string }
	}
	if got := read[changes](put("admin", "").want(200)); got.Total != 1 || got.Done || !strings.Contains(got.Changes[0].Said, "改过的第一条") {
		t.Errorf("%+v", got)
	}
	if p := read[packPage](admin.get(packPath).want(200)); p.Pack.N != 1 {
		t.Errorf("a preview made text %d", p.Pack.N)
	}
	put("boss", "?apply=yes").refused(403, "denied.register.change")
	put("admin", "?apply=no").refused(422, "workbook.apply")
	if got := read[changes](put("admin", "?apply=yes").want(200)); !got.Done {
		t.Errorf("%+v", got)
	}
	if p := read[packPage](admin.get(packPath).want(200)); p.Pack.N != 2 {
		t.Errorf("text %d", p.Pack.N)
	}
	admin.with("Content-Type", "application/octet-stream").do("POST", packPath+"/workbook.xlsx", []byte("PK no")).want(422)
}
