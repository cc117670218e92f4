package standard_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/db/dbtest"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/standard"
	"chuangwei/internal/register/standard/pack"
	"chuangwei/standards"

	"github.com/xuri/excelize/v2"
)

var ctx = context.Background()

func newHolder(t *testing.T) *db.DB {
	t.Helper()
	clock := dbtest.NewClock(time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC))
	d := dbtest.New(t, clock.Now)
	dbtest.Write(t, d, func(tx *db.Tx) error { return standard.Load(tx, standards.Files) })
	return d
}

func held(t *testing.T, d *db.DB, id string) (h *standard.Held) {
	t.Helper()
	dbtest.Read(t, d, func(tx *db.Tx) (err error) { h, err = standard.PackByID(tx, id); return err })
	return h
}

// requirement edits the first requirement on markets.
func requirement(cells map[string]string) standard.Correction {
	return standard.Correction{ID: "e1", Pack: "county-2021", Edit: pack.Edit{Sheet: "requirement", Line: "3-market.2", Cells: cells}, Source: "县爱卫办〔2026〕3号"}
}

func try(d *db.DB, c standard.Correction) error {
	return d.Write(ctx, func(tx *db.Tx) error { return standard.Correct(tx, org.System, c) })
}

func TestACorrectionChangesOneLineAndKeepsItsHistory(t *testing.T) {
	d := newHolder(t)
	before := held(t, d, "county-2021")
	_, was, _ := before.Requirement("3-market.2")
	if err := try(d, requirement(map[string]string{"zh": "本县：划行归市，通道两米", "checked": "已核实", "lead": "市场监管"})); err != nil {
		t.Fatal(err)
	}
	after := held(t, d, "county-2021")
	_, now, _ := after.Requirement("3-market.2")
	if now.ZH != "本县：划行归市，通道两米" || now.Checked != pack.Confirmed || now.Lead != "shichang" || !slices.Equal(now.Kinds, was.Kinds) || after.N != 1 || after.Edits != 1 {
		t.Errorf("%+v, text %d with %d corrections", now, after.N, after.Edits)
	}
	if _, same, _ := before.Requirement("3-market.2"); same.ZH != was.ZH {
		t.Error("a pack that somebody reads has changed under them")
	}
	dbtest.Read(t, d, func(tx *db.Tx) error {
		steps, err := standard.History(tx, "county-2021")
		if len(steps) != 2 || steps[0].Was["zh"] != was.ZH || steps[0].Cells["zh"] != now.ZH || steps[0].Source != "县爱卫办〔2026〕3号" || steps[1].Sheet != "" {
			t.Errorf("history %+v", steps)
		}
		told, err2 := event.Of(tx, "county-2021")
		if last := told[len(told)-1]; last.Kind != "pack.corrected" || !strings.Contains(string(last.Body), "通道两米") {
			t.Errorf("told %s %s", last.Kind, last.Body)
		}
		if err == nil {
			err = err2
		}
		return err
	})
	if err := try(d, requirement(map[string]string{"zh": now.ZH})); err != nil || held(t, d, "county-2021").Edits != 1 {
		t.Errorf("what is there already was written again: %v", err)
	}
}

func TestACorrectionThatDoesNotFitIsRefusedByColumn(t *testing.T) {
	d := newHolder(t)
	for name, c := range map[string]struct {
		cells map[string]string
		field string
	}{
		"an unknown department": {map[string]string{"lead": "县政府某局"}, "lead"},
		"an unknown kind":       {map[string]string{"kinds": "env.dragons"}, "kinds"},
		"nothing said":          {map[string]string{"zh": " "}, "zh"},
		"another id":            {map[string]string{"id": "9"}, "id"},
		"no such column":        {map[string]string{"colour": "红"}, "colour"},
		"an unknown source":     {map[string]string{"source": "S999"}, "source"},
	} {
		err := try(d, requirement(c.cells))
		f, ok := fault.As(err)
		if !ok || f.Kind != fault.Invalid || !slices.ContainsFunc(f.Fields, func(x fault.Field) bool { return x.Name == c.field }) {
			t.Errorf("%s: %v", name, err)
		}
	}
	c := requirement(map[string]string{"zh": "改"})
	c.Line = "no-such"
	if err := try(d, c); !fault.Is(err, fault.Invalid) {
		t.Errorf("a line that is not there: %v", err)
	}
	c = requirement(map[string]string{"zh": "改"})
	c.Source = " "
	if err := try(d, c); !fault.Is(err, fault.Invalid) {
		t.Errorf("without saying on what basis: %v", err)
	}
	nobody := org.Actor{ID: "x"}
	err := d.Write(ctx, func(tx *db.Tx) error {
		return standard.Correct(tx, nobody, requirement(map[string]string{"zh": "改"}))
	})
	if !fault.Is(err, fault.Denied) {
		t.Errorf("by nobody: %v", err)
	}
	if h := held(t, d, "county-2021"); h.Edits != 0 {
		t.Errorf("%d corrections were kept", h.Edits)
	}
}

func TestAClauseOfCasesFollowsItsItem(t *testing.T) {
	d := newHolder(t)
	c := standard.Correction{ID: "e1", Pack: "county-2021", Edit: pack.Edit{Sheet: "item", Line: "10", Cells: map[string]string{"zh": "市容环境（本县）", "checked": "转引"}}, Source: "会议纪要"}
	if err := try(d, c); err != nil {
		t.Fatal(err)
	}
	dbtest.Read(t, d, func(tx *db.Tx) error {
		list, err := standard.ClausesByID(tx, []string{"county-2021:10"})
		if len(list) != 1 || list[0].Title != "市容环境（本县）" || list[0].Checked != pack.SecondHand {
			t.Errorf("%+v", list)
		}
		return err
	})
}

// workbookWith exports a pack and changes cells of it: 要求!C2=text.
func workbookWith(t *testing.T, d *db.DB, id string, cells ...string) []byte {
	t.Helper()
	var b []byte
	dbtest.Read(t, d, func(tx *db.Tx) (err error) { b, err = standard.WriteBook(tx, id); return err })
	f, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cells {
		where, value, _ := strings.Cut(c, "=")
		name, cell, _ := strings.Cut(where, "!")
		if err := f.SetCellStr(name, cell, value); err != nil {
			t.Fatal(err)
		}
	}
	out, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestAWorkbookIsPreviewedThenTakesThePlaceOfThePack(t *testing.T) {
	d := newHolder(t)
	if err := try(d, requirement(map[string]string{"zh": "先改的一行"})); err != nil {
		t.Fatal(err)
	}
	take := func(b []byte, apply bool) (changes []pack.Change, err error) {
		err = d.Write(ctx, func(tx *db.Tx) (err error) {
			changes, err = standard.TakeIn(tx, org.System, "county-2021", bytes.NewReader(b), apply)
			return err
		})
		return changes, err
	}
	if changes, err := take(workbookWith(t, d, "county-2021"), true); err != nil || len(changes) != 0 || held(t, d, "county-2021").N != 1 {
		t.Errorf("the same workbook changes %v, %v", changes, err)
	}
	b := workbookWith(t, d, "county-2021", "条!C2=新的第一条")
	if changes, err := take(b, false); err != nil || len(changes) != 1 || held(t, d, "county-2021").N != 1 {
		t.Errorf("the preview is %v, %v", changes, err)
	}
	if _, err := take(b, true); err != nil {
		t.Fatal(err)
	}
	h := held(t, d, "county-2021")
	_, r, _ := h.Requirement("3-market.2")
	if h.N != 2 || h.Edits != 0 || h.Items[0].ZH != "新的第一条" || r.ZH != "先改的一行" {
		t.Errorf("text %d with %d corrections: %s, %s", h.N, h.Edits, h.Items[0].ZH, r.ZH)
	}
	if _, err := take(workbookWith(t, d, "vector-c"), true); fault.Code(err) != "pack.other" {
		t.Errorf("another pack's workbook: %v", err)
	}
	if _, err := take(workbookWith(t, d, "county-2021", "要求!H2=无此部门"), false); !fault.Is(err, fault.Invalid) {
		t.Errorf("a wrong cell: %v", err)
	}
}

func TestEveryPackComesBackFromItsWorkbookAsItWas(t *testing.T) {
	d := newHolder(t)
	dbtest.Read(t, d, func(tx *db.Tx) error {
		list, err := standard.Packs(tx)
		for _, h := range list {
			b := workbookWith(t, d, h.ID)
			changes, err := standard.TakeIn(tx, org.System, h.ID, bytes.NewReader(b), false)
			if err != nil || len(changes) != 0 {
				t.Errorf("%s: %v, %v", h.ID, changes, err)
			}
		}
		if len(list) != 5 {
			t.Errorf("%d packs", len(list))
		}
		return err
	})
}

func TestOneFindingIsJudgedUnderEachActivePackByItsOwnRule(t *testing.T) {
	d := newHolder(t)
	judged := func(kind, at string, clauses ...string) map[string]standard.Judgement {
		out := map[string]standard.Judgement{}
		dbtest.Read(t, d, func(tx *db.Tx) error {
			list, err := standard.Judged(tx, kind, at, clauses)
			for _, j := range list {
				out[j.Pack.ID] = j
			}
			return err
		})
		return out
	}
	got := judged("env.dirty-road", "road")
	if len(got) != 2 || got["county-2021"].Item.ID != "10" || got["county-2021"].Line == nil || got["secret-visit-1000"].Line == nil {
		t.Fatalf("judged under %d packs", len(got))
	}
	if a, b := got["county-2021"].Line, got["secret-visit-1000"].Line; a.Item != "10" || b.Item != "3-main" || b.Each.String() != "0.2" {
		t.Errorf("a breach on a road costs %s of line %s and %s of line %s", a.Each, a.ID, b.Each, b.ID)
	}
	if got := judged("env.dirty-road", "road", "county-2021:13"); got["county-2021"].Item.ID != "13" || got["secret-visit-1000"].Item.ID != "3-main" {
		t.Errorf("the named clause does not win: %+v", got["county-2021"].Item.ID)
	}
	for id, active := range map[string]bool{"county-2010": true, "secret-visit-1000": false} {
		if err := d.Write(ctx, func(tx *db.Tx) error { return standard.Activate(tx, org.System, id, active) }); err != nil {
			t.Fatal(err)
		}
	}
	got = judged("env.dirty-road", "road")
	if _, ok := got["county-2010"]; !ok || len(got) != 2 || got["secret-visit-1000"].Pack != nil {
		t.Errorf("%+v", got)
	}
	if got := judged("", "road"); len(got) != 0 {
		t.Errorf("a finding of no kind is judged: %+v", got)
	}
}

func TestShippingAgainLeavesTheCountysOwnAlone(t *testing.T) {
	d := newHolder(t)
	if err := try(d, requirement(map[string]string{"zh": "本县的"})); err != nil {
		t.Fatal(err)
	}
	var before, after int64
	last := func(n *int64) {
		dbtest.Read(t, d, func(tx *db.Tx) (err error) { *n, err = event.Last(tx); return err })
	}
	last(&before)
	dbtest.Write(t, d, func(tx *db.Tx) error { return standard.Ship(tx, standards.Files) })
	last(&after)
	if h := held(t, d, "county-2021"); h.Edits != 1 || h.N != 1 || before != after {
		t.Errorf("text %d, %d corrections, %d events more", h.N, h.Edits, after-before)
	}
}
