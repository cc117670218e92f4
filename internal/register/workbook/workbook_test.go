package workbook

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"strings"
	"testing"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/db/dbtest"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/sheet"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/place"
	"chuangwei/internal/register/standard"
	"chuangwei/standards"
)

const outline = `{"type":"Polygon","coordinates":[[[103,22],[103.1,22],[103.1,22.1],[103,22.1],[103,22]]]}`
const corner = `{"type":"Polygon","coordinates":[[[103,22],[103.05,22],[103.05,22.1],[103,22.1],[103,22]]]}`

type cells = map[string]string

// small is a whole small county.
func small() map[string][]cells {
	return map[string][]cells{
		"本县":   {{"item": "指挥部名称", "value": "青山县创卫指挥部"}},
		"单位":   {{"code": "10", "name": "县城市管理局", "short": "城管局", "sort": "部门", "role": "chengguan"}, {"code": "01", "name": "创卫指挥部办公室", "short": "创卫办", "sort": "创卫中心"}},
		"人员":   {{"code": "001", "name": "王建国", "unit": "10", "title": "科员", "login": "wang", "password": "geheim-123"}, {"code": "002", "name": "李红梅", "unit": "01", "login": "li", "phone": "13900001111"}},
		"片区":   {{"code": "A1", "name": "老街片区", "lead": "10", "shape": outline}, {"code": "A1-1", "name": "第一网格", "parent": "A1", "shape": corner}},
		"点位":   {{"code": "MKT001", "name": "老街市场", "kind": "农贸市场", "lon": "103.02", "lat": "22.02"}},
		"岗位":   {{"role": "责任人", "person": "001", "unit": "10", "areas": "A1", "from": "2026-01-01"}, {"role": "网格员", "person": "002", "areas": "A1、A1-1", "from": "2026-01-01"}},
		"代理":   {{"person": "001", "deputy": "002", "from": "2026-08-01", "to": "2026-08-10"}},
		"问题类型": {{"code": "env.exposed-waste", "name": "暴露垃圾", "lead": "chengguan", "limit": "2", "unit": "工作时", "photo": "是", "relapse": "7"}},
	}
}

func book(t testing.TB, rows map[string][]cells) []byte {
	t.Helper()
	var b bytes.Buffer
	err := sheet.Write(&b, tables(), func(t sheet.Table, put func(map[string]string) error) error {
		for _, r := range rows[t.Name] {
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

func newCounty(t testing.TB) *db.DB {
	d := dbtest.New(t, nil)
	dbtest.Write(t, d, func(tx *db.Tx) error { return standard.Load(tx, standards.Files) })
	return d
}

func take(d *db.DB, b []byte, preview bool) (Report, error) {
	return Read(context.Background(), d, org.System, bytes.NewReader(b), preview)
}

// size counts every row of the registers, and events.
func size(t testing.TB, d *db.DB) map[string]int64 {
	out := map[string]int64{}
	dbtest.Read(t, d, func(tx *db.Tx) error {
		tables, err := db.Tables(tx)
		for _, x := range tables {
			if err == nil {
				out[x.Name], err = x.Count(tx)
			}
		}
		return err
	})
	return out
}

func TestAnEmptyCountyIsFilledFromOneFile(t *testing.T) {
	d := newCounty(t)
	b := book(t, small())
	before := size(t, d)
	look, err := take(d, b, true)
	if err != nil {
		t.Fatal(err)
	}
	if after := size(t, d); !maps.Equal(before, after) {
		t.Errorf("a preview wrote: %v, then %v", before, after)
	}
	done, err := take(d, b, false)
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(look) != fmt.Sprint(done) || len(done.Changes) != 12 {
		t.Errorf("looked at %v, done %v", look, done)
	}
	if p, err := org.CheckPassword(t.Context(), d, "wang", "geheim-123", "2026-02-01"); err != nil || p.Name != "王建国" {
		t.Errorf("cannot sign in: %v", err)
	}
	dbtest.Read(t, d, func(tx *db.Tx) error {
		w, err := org.PersonByCode(tx, "001")
		if err != nil {
			return err
		}
		a, err := org.ActorOf(tx, w, "2026-02-01")
		area, _ := place.AreaByCode(tx, "A1")
		if !a.Can(org.OwnCase, org.Target{Units: []string{w.UnitID}}) && !a.Holds(org.Owner) {
			t.Errorf("%+v", a)
		}
		p, perr := place.ByCode(tx, "MKT001")
		if perr != nil || p.AreaID != area.ID {
			t.Errorf("%+v %v", p, perr)
		}
		k, kerr := standard.ByID(tx, "env.exposed-waste")
		if kerr != nil || k.Limit.N != 2 || k.RelapseDays != 7 {
			t.Errorf("%+v %v", k, kerr)
		}
		return err
	})
}

func TestWhatIsWrittenComesBackAsNothingNew(t *testing.T) {
	d := newCounty(t)
	if _, err := take(d, book(t, small()), false); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	dbtest.Read(t, d, func(tx *db.Tx) error { return Write(tx, org.System, &b) })
	events := size(t, d)["events"]
	r, err := take(d, b.Bytes(), false)
	if err != nil || len(r.Changes) != 0 || r.Same < 80 {
		t.Errorf("%+v %v", r, err)
	}
	if n := size(t, d)["events"]; n != events {
		t.Errorf("%d events for nothing new", n-events)
	}
	if strings.Contains(b.String(), "argon2id") {
		t.Error("a hash left the house")
	}
}

func TestAReimportIsAnUpdateThatSaysWhatChanges(t *testing.T) {
	d := newCounty(t)
	if _, err := take(d, book(t, small()), false); err != nil {
		t.Fatal(err)
	}
	next := map[string][]cells{
		"人员": {{"code": "001", "name": "王建国", "unit": "10", "title": "股长", "login": "wang", "left": "2026-12-31"}},
		"岗位": {{"role": "责任人", "person": "001", "unit": "10", "areas": "A1", "from": "2026-01-01", "to": "2026-12-31"}},
		"点位": {{"code": "MKT001", "name": "老街农贸市场", "kind": "农贸市场", "lon": "103.03", "lat": "22.02"}},
		"片区": {{"code": "A1", "name": "老街一片区", "lead": "10"}},
	}
	r, err := take(d, book(t, next), false)
	if err != nil || len(r.Changes) != 4 {
		t.Fatalf("%+v %v", r, err)
	}
	for i, want := range []string{"职务：科员 → 股长", "名称：老街片区 → 老街一片区", "名称：老街市场 → 老街农贸市场", "截止日期：（空） → 2026-12-31"} {
		if r.Changes[i].What != Changed || !strings.Contains(strings.Join(r.Changes[i].Said, "；"), want) {
			t.Errorf("%d: %+v, want %s", i, r.Changes[i], want)
		}
	}
	if _, err := org.CheckPassword(t.Context(), d, "wang", "geheim-123", "2026-02-01"); err != nil {
		t.Errorf("the password went with an update: %v", err)
	}
}

func TestAWrongCellAnywhereChangesNothing(t *testing.T) {
	d := newCounty(t)
	rows := small()
	rows["人员"][1]["unit"] = "99"
	rows["人员"] = append(rows["人员"], cells{"code": "001", "name": "重", "unit": "10", "login": "x"}, cells{"code": "003", "name": "短", "unit": "10", "login": "wang", "password": "123"})
	rows["片区"] = append(rows["片区"], cells{"code": "A2", "name": "没有边界"}, cells{"code": "A3", "name": "坏边界", "shape": `{"type":"Polygon"}`}, cells{"code": "A4", "name": "在外面的网格", "parent": "A1", "shape": strings.ReplaceAll(corner, "22", "25")})
	rows["点位"] = append(rows["点位"], cells{"code": "P2", "name": "在县外", "kind": "公厕", "lon": "1", "lat": "1"}, cells{"code": "P3", "name": "不是数", "kind": "公厕", "lon": "一百", "lat": "22"})
	rows["岗位"] = append(rows["岗位"], cells{"role": "县长", "person": "001", "from": "2026-01-01"}, cells{"role": "片长", "person": "001", "areas": "A9", "from": "2026-02-01", "to": "2026-01-01"})
	rows["代理"] = append(rows["代理"], cells{"person": "001", "deputy": "001", "from": "2026-08-01", "to": "2026-07-01"})
	rows["问题类型"] = append(rows["问题类型"], cells{"code": "no.such", "name": "无", "lead": "x", "limit": "1", "unit": "工作日"}, cells{"code": "env.stall-on-road", "name": "占道", "lead": "nobody", "limit": "0", "unit": "工作日"})
	before := size(t, d)
	_, err := take(d, book(t, rows), false)
	f, ok := fault.As(err)
	if !ok || f.Code != "sheet.cells" {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, each := range f.Fields {
		got[each.Name] = each.Text.ZH
	}
	if after := size(t, d); !maps.Equal(before, after) {
		t.Errorf("something of it was written: %v, then %v", before, after)
	}
	// Cells that cannot be read at all are told first, alone.
	if len(got) != 2 || got["点位!F4"] == "" || got["岗位!A4"] == "" {
		t.Fatalf("%v", got)
	}
	rows["点位"], rows["岗位"] = rows["点位"][:2], append(rows["岗位"][:2], rows["岗位"][3])
	_, err = take(d, book(t, rows), false)
	f, _ = fault.As(err)
	got = map[string]string{}
	for _, each := range f.Fields {
		got[each.Name] = each.Text.ZH
	}
	for _, cell := range []string{"人员!C3", "人员!A4", "人员!G5", "人员!F5", "片区!E4", "片区!E5", "片区!A6", "点位!F3", "岗位!D4", "岗位!F4", "代理!B3", "代理!D3", "问题类型!A3", "问题类型!C4", "问题类型!D4"} {
		if got[cell] == "" {
			t.Errorf("nothing is said of %s", cell)
		}
	}
	if t.Failed() {
		t.Logf("%v", got)
	}
	if after := size(t, d); !maps.Equal(before, after) {
		t.Errorf("something of it was written: %v, then %v", before, after)
	}
}

func TestOnlyTheAdministratorTakesWorkbooks(t *testing.T) {
	d := newCounty(t)
	if _, err := Read(t.Context(), d, org.Actor{ID: "wang"}, bytes.NewReader(book(t, small())), true); fault.Code(err) != "denied.register.change" {
		t.Errorf("%v", err)
	}
	dbtest.Read(t, d, func(tx *db.Tx) error {
		if err := Write(tx, org.Actor{ID: "wang"}, new(bytes.Buffer)); fault.Code(err) != "denied.register.change" {
			t.Errorf("%v", err)
		}
		return nil
	})
}
