package evidence_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"chuangwei/internal/flow/cases"
	"chuangwei/internal/flow/duty"
	"chuangwei/internal/flow/evidence"
	"chuangwei/internal/flow/inspect"
	"chuangwei/internal/kit/album"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/document"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/standard"
)

// waste is a requirement that is only looked at: nothing thrown on roads.
const waste = "county-2021:10.8"

// cleaned reports waste at the road, lets it be fixed with a photo and verified.
func (c *county) cleaned(n int) (after string) {
	c.t.Helper()
	before, after := fmt.Sprintf("%064x", 1000+2*n), fmt.Sprintf("%064x", 1001+2*n)
	id := fmt.Sprintf("case-%d", n)
	for _, sum := range []string{before, after} {
		c.write(func(tx *db.Tx) error {
			return album.Arrive(tx, album.Photo{Sum: sum, Type: "image/jpeg", Bytes: 1, Who: "wang"})
		})
	}
	c.do("inspector", func(tx *db.Tx, a org.Actor) error {
		_, err := cases.Receive(tx, a, cases.Report{ID: id, Text: "暴露垃圾", Kind: "env.exposed-waste", Place: "ROAD21", Photos: []string{before}, Channel: "inspector"})
		return err
	})
	k := c.caseOf(id)
	if k.MergedInto != "" {
		id = k.MergedInto
	}
	c.do("wang", func(tx *db.Tx, a org.Actor) error {
		_, err := cases.Do(tx, a, cases.Move{Case: id, Move: cases.Fix, Photos: []string{after}})
		return err
	})
	c.do("verifier", func(tx *db.Tx, a org.Actor) error {
		_, err := cases.Do(tx, a, cases.Move{Case: id, Move: cases.Verify})
		return err
	})
	return after
}

func (c *county) do(who string, fn func(*db.Tx, org.Actor) error) {
	c.t.Helper()
	if err := c.try(who, fn); err != nil {
		c.t.Fatal(err)
	}
}

// lineOf is a checklist line of a requirement at roads.
func (c *county) lineOf(requirement string) (line string) {
	c.t.Helper()
	c.read(func(tx *db.Tx) error {
		h, err := standard.PackByID(tx, "county-2021")
		if err != nil {
			return err
		}
		for _, k := range h.Checks {
			if k.Of == requirement && k.Place == "road" {
				line = h.ID + ":" + k.ID
			}
		}
		return nil
	})
	if line == "" {
		c.t.Fatalf("no line of %s at roads", requirement)
	}
	return line
}

func (c *county) look(n int, line string, r inspect.Result) {
	c.t.Helper()
	c.do("inspector", func(tx *db.Tx, a org.Actor) error {
		_, err := inspect.Take(tx, a, inspect.Make{ID: fmt.Sprintf("look-%d", n), Place: "ROAD21", Purpose: inspect.Round, Lines: []inspect.Line{{Line: line, Result: r, How: inspect.Tap}, {Line: c.lineOf("10.1"), Result: inspect.Good, How: inspect.Tap}}})
		return err
	})
}

func TestASlotFillsItselfFromWhatWasDone(t *testing.T) {
	c := newCounty(t)
	if s := c.standing("10.8"); s.State != evidence.Empty || s.Want != 4 {
		t.Fatalf("before: %+v", s)
	}
	c.cleaned(1)
	if s := c.standing("10.8"); s.State != evidence.Partly || s.Have != 1 || s.NewestOn != "2026-11-23" {
		t.Errorf("one fixed and verified: %+v", s)
	}
	line := c.lineOf("10.8")
	c.look(1, line, inspect.Good)
	c.look(2, line, inspect.Unseen)
	if s := c.standing("10.8"); s.Have != 2 {
		t.Errorf("looked at once; an unseen line is no proof: %+v", s)
	}
	c.do("lead", func(tx *db.Tx, a org.Actor) error {
		_, err := duty.Plan(tx, a, duty.Draft{ID: "d1", Kind: "post", Place: "road", On: "2026-11-23", From: 9 * 60, To: 12 * 60, Leader: "wang", People: []string{"wang"}})
		return err
	})
	if s := c.standing("10.8"); s.Have != 2 {
		t.Errorf("a duty nobody has confirmed: %+v", s)
	}
	c.clock.Add(4 * time.Hour)
	c.do("wang", func(tx *db.Tx, a org.Actor) error { _, err := duty.Confirm(tx, a, "d1", nil); return err })
	if s := c.standing("10.8"); s.Have != 3 {
		t.Errorf("a confirmed duty: %+v", s)
	}
	p := c.file("archivist", evidence.Draft{Slots: []string{waste}, Title: "清运合同"})
	if err := c.check("lead", p.ID, true, ""); err != nil {
		t.Fatal(err)
	}
	if s := c.standing("10.8"); s.State != evidence.Full || s.Have != 4 {
		t.Errorf("and a paper: %+v", s)
	}
	c.clock.Add(100 * 24 * time.Hour)
	if s := c.standing("10.8"); s.State != evidence.Stale {
		t.Errorf("a hundred days later: %+v", s)
	}
	c.clock.Add(300 * 24 * time.Hour)
	if s := c.standing("10.8"); s.State != evidence.Empty {
		t.Errorf("more than a year later: %+v", s)
	}
}

func TestASlotTellsWhatFillsIt(t *testing.T) {
	c := newCounty(t)
	after := c.cleaned(1)
	c.look(1, c.lineOf("10.8"), inspect.Good)
	var d evidence.Detail
	c.do("boss", func(tx *db.Tx, a org.Actor) (err error) { d, err = evidence.DetailOf(tx, a, waste); return err })
	var what []string
	for _, w := range d.Works {
		what = append(what, w.What)
		if w.What == evidence.Fixed && (!slices.Contains(w.Photos, after) || len(w.Photos) != 2 || w.PlaceID != "road") {
			t.Errorf("%+v", w)
		}
	}
	if slices.Sort(what); !slices.Equal(what, []string{evidence.Fixed, evidence.Looked}) || d.WorkTotal != 2 || d.Slot.Number != "03-01-08" || d.Have != 2 {
		t.Errorf("%v %d %s %+v", what, d.WorkTotal, d.Slot.Number, d.Standing)
	}
	var p evidence.Draft
	c.do("archivist", func(tx *db.Tx, a org.Actor) (err error) { p, err = evidence.Propose(tx, a, after); return err })
	if p.Caption != "2026年11月23日，老街，暴露垃圾整改后" || p.Case == "" || !slices.Contains(p.Slots, waste) || p.On != "2026-11-23" {
		t.Errorf("%+v", p)
	}
	p.ID = "from-case"
	if got := c.file("archivist", p); got.Type != document.TypeJPEG || got.Caption == "" {
		t.Errorf("a photo of a case becomes a paper: %+v", got)
	}
	c.do("cadre", func(tx *db.Tx, a org.Actor) error {
		if _, err := evidence.Propose(tx, a, after); fault.Code(err) != "denied.evidence.file" {
			t.Errorf("a cadre is told %v", err)
		}
		return nil
	})
}

func TestEverybodySeesTheirPartOfTheLedger(t *testing.T) {
	c := newCounty(t)
	for who, want := range map[string]struct {
		code      string
		some, all bool
	}{
		"boss": {all: true}, "archivist": {all: true}, "aw-liaison": {some: true}, "wang": {some: true}, "chief": {some: true},
		"cadre": {code: "denied.evidence.see"}, "inspector": {code: "denied.evidence.see"},
	} {
		var l evidence.Ledger
		err := c.try(who, func(tx *db.Tx, a org.Actor) (err error) { l, err = evidence.LedgerOf(tx, a, "", ""); return err })
		n := len(l.Entries)
		if fault.Code(err) != want.code || want.all != (n == 210) || want.some != (n > 0 && n < 210) {
			t.Errorf("%s sees %d slots, %v", who, n, err)
		}
	}
	p := c.file("aw-liaison", evidence.Draft{Slots: []string{agenda}})
	for who, sees := range map[string]bool{"boss": true, "aw-liaison": true, "archivist": true, "wang": false, "chief": false, "cadre": false} {
		err := c.try(who, func(tx *db.Tx, a org.Actor) error { _, err := evidence.Get(tx, a, p.ID); return err })
		if (err == nil) != sees {
			t.Errorf("%s reads the health office's paper: %v", who, err)
		}
		var page evidence.Page
		err = c.try(who, func(tx *db.Tx, a org.Actor) (err error) {
			page, err = evidence.List(tx, a, evidence.Filter{Limit: 10})
			return err
		})
		if (len(page.Items) == 1) != sees {
			t.Errorf("%s lists it: %d %v", who, len(page.Items), err)
		}
	}
}

func TestPapersAreFoundByWhatStandsInThem(t *testing.T) {
	c := newCounty(t)
	bring := func(text string) string {
		b, err := document.DOCX("通知", []string{text})
		if err != nil {
			t.Fatal(err)
		}
		return c.bring(document.TypeDOCX, b)
	}
	c.file("archivist", evidence.Draft{ID: "a", Sum: bring("城区清扫保洁实行一日两扫，按 GB/T 27770 监测。"), Slots: []string{agenda}, Title: "保洁制度"})
	c.file("archivist", evidence.Draft{ID: "b", Sum: bring("清扫车辆台账，保洁人员名册。100%到位"), Slots: []string{agenda}, Title: "人员名册"})
	c.file("archivist", evidence.Draft{ID: "c", Slots: []string{agenda}, Title: "坏文件", On: "2025-01-01"}) // a PDF in name only
	c.work()
	find := func(q string) (ids []string) {
		c.do("archivist", func(tx *db.Tx, a org.Actor) error {
			page, err := evidence.List(tx, a, evidence.Filter{Q: q, Limit: 10})
			for _, h := range page.Items {
				ids = append(ids, h.ID)
				if h.Around == "" {
					t.Errorf("%s in %s: nothing around it", q, h.ID)
				}
			}
			if page.Total != len(ids) {
				t.Errorf("%s: total %d", q, page.Total)
			}
			return err
		})
		slices.Sort(ids)
		return ids
	}
	for q, want := range map[string][]string{
		"清扫": {"a", "b"}, "清扫保洁": {"a"}, "保洁 清扫": {"a", "b"}, "清": {"a", "b"}, "27770": {"a"}, "gb/t": {"a"}, "一日两扫，按": {"a"}, "名册": {"b"}, "坏": {"c"}, "坏文件": {"c"},
		"扫保清": nil, "%": nil, "100%": {"b"}, "％": nil, "'; DROP": nil, "不存在": nil,
	} {
		if got := find(q); !slices.Equal(got, want) {
			t.Errorf("%q finds %v, want %v", q, got, want)
		}
	}
	if p := c.paper("c"); p.Document.State != evidence.Unreadable || p.Document.Why == "" {
		t.Errorf("a file that cannot be read: %+v", p.Document)
	}
	if p := c.paper("a"); p.Document.State != evidence.Read || p.Document.Pages != 1 {
		t.Errorf("%+v", p.Document)
	}
}

func TestAPaperServesEverySlotThatAsks(t *testing.T) {
	c := newCounty(t)
	k, err := c.ask("archivist", "county-2021:1.3", 2025)
	if err != nil {
		t.Fatal(err)
	}
	p := c.file("aw-liaison", evidence.Draft{Slots: []string{agenda}, On: "2025-06-01"})
	c.do("aw-liaison", func(tx *db.Tx, a org.Actor) error {
		_, err := evidence.Hang(tx, a, p.ID, []string{"county-2021:1.3", "county-2010:1.1.1"})
		return err
	})
	if got := c.paper(p.ID); len(got.Slots) < 2 {
		t.Errorf("hangs on %v", got.Slots)
	}
	if got := c.caseOf(k.ID); got.State != cases.Fixed {
		t.Errorf("the case of the other slot is %s", got.State)
	}
	if err := c.check("archivist", p.ID, true, ""); err != nil {
		t.Fatal(err)
	}
	if got := c.caseOf(k.ID); got.State != cases.Closed {
		t.Errorf("the case of the other slot is %s", got.State)
	}
	if a, b := c.standing("1.1"), c.standing("1.3"); a.Have != 1 || b.Have != 1 {
		t.Errorf("%+v %+v", a, b)
	}
	withdraw := func(who, note string) error {
		return c.try(who, func(tx *db.Tx, a org.Actor) error { _, err := evidence.Withdraw(tx, a, p.ID, note); return err })
	}
	if err := withdraw("aw-liaison", "放错了"); fault.Code(err) != "paper.moved_on" {
		t.Errorf("a checked paper is withdrawn: %v", err)
	}
	q := c.file("aw-liaison", evidence.Draft{Slots: []string{agenda}})
	p = q
	if err := withdraw("wang", "不是我的"); fault.Code(err) != "paper.none" {
		t.Errorf("somebody else withdraws: %v", err)
	}
	if err := withdraw("aw-liaison", " "); fault.Code(err) != "paper.why" {
		t.Errorf("without a reason: %v", err)
	}
	if err := withdraw("aw-liaison", "放错了"); err != nil {
		t.Error(err)
	}
}
