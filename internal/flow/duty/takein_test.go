package duty_test

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"chuangwei/internal/flow/duty"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/db/dbtest"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/sheet"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/place"

	"github.com/xuri/excelize/v2"
)

// rota is what the planner would write out of two days.
func (c *county) rota() (rows []map[string]string) {
	c.t.Helper()
	dbtest.Read(c.t, c.db, func(tx *db.Tx) error {
		list, err := duty.List(tx, c.as(tx, "planner"), duty.Filter{From: today, To: tomorrow})
		if err != nil {
			return err
		}
		return duty.Rows(tx, list, func(row map[string]string) error { rows = append(rows, row); return nil })
	})
	return rows
}

// takeIn sends rows through a workbook and plans what they say.
func (c *county) takeIn(rows ...map[string]string) (taken []duty.Taken, err error) {
	c.t.Helper()
	var b bytes.Buffer
	c.must(sheet.Write(&b, []sheet.Table{duty.Table}, func(_ sheet.Table, put func(map[string]string) error) error {
		for _, r := range rows {
			if err := put(r); err != nil {
				return err
			}
		}
		return nil
	}))
	return c.takeInFile(&b)
}

func (c *county) takeInFile(r io.Reader) (taken []duty.Taken, err error) {
	var bad sheet.Faults
	read, err := sheet.Look(r, []sheet.Table{duty.Table}, &bad)
	c.must(err)
	err = c.try("planner", func(tx *db.Tx, who org.Actor) (err error) {
		taken, err = duty.TakeIn(tx, who, read[duty.Table.Name], &bad)
		return err
	})
	return taken, err
}

// at checks that exactly these cells are wrong, in that order.
func (c *county) at(err error, cells ...string) {
	c.t.Helper()
	f, _ := fault.As(err)
	var got []string
	if f != nil {
		for _, x := range f.Fields {
			got = append(got, strings.TrimPrefix(x.Name, "值守!"))
		}
	}
	if !slices.Equal(got, cells) {
		c.t.Errorf("faults at %v, want %v: %+v", got, cells, f)
	}
}

func with(row map[string]string, pairs ...string) map[string]string {
	out := maps.Clone(row)
	for i := 0; i < len(pairs); i += 2 {
		out[pairs[i]] = pairs[i+1]
	}
	return out
}

func TestARowSaysWhichStateOfADutyItChanges(t *testing.T) {
	c := newCounty(t)
	d := c.plan(tomorrow, 8, 12, "ann", "ben")
	old := c.rota()[0]
	if old["version"] != "1" {
		t.Fatalf("written out as %v", old)
	}
	_, err := c.takeIn(with(old, "note", "带扫把"))
	c.must(err)
	_, err = c.takeIn(with(old, "note", "带水桶"))
	c.at(err, "M2")
	if f, _ := fault.As(err); f != nil && !strings.Contains(f.Fields[0].Text.ZH, "重新导出") {
		t.Errorf("the fault says %q", f.Fields[0].Text.ZH)
	}
	if got := c.get(d.ID); got.Note != "带扫把" || got.Version != 2 {
		t.Errorf("after the refusal %+v", got)
	}
	if taken, err := c.takeIn(with(old, "note", "带扫把")); err != nil || taken[0].What != "same" {
		t.Errorf("an old row that says what is so already: %v, %v", taken, err)
	}
	_, err = c.takeIn(with(old, "note", "带水桶", "version", "")) // as files of before have it
	c.must(err)
	_, err = c.takeIn(with(old, "version", "0"), with(old, "version", ""))
	c.at(err, "M2", "L3")
}

func TestRowsMayExchangePeople(t *testing.T) {
	c := newCounty(t)
	c.plan(tomorrow, 8, 12, "ann", "ben")
	c.plan(tomorrow, 10, 14, "dai", "eva")
	for n := range 2 {
		rows := c.rota()
		first, second := with(rows[0], "people", rows[1]["people"]), with(rows[1], "people", rows[0]["people"])
		order := []map[string]string{first, second}
		if n == 1 {
			slices.Reverse(order)
		}
		taken, err := c.takeIn(order...)
		c.must(err)
		got := c.rota()
		if got[0]["people"] != rows[1]["people"] || got[1]["people"] != rows[0]["people"] || taken[0].What != "changed" {
			t.Errorf("after the exchange %v and %v", got[0], got[1])
		}
	}
	rows := c.rota()
	_, err := c.takeIn(with(rows[0], "people", "eva")) // who does not leave cannot come
	c.at(err, "I2")
	if crew := c.get(rows[0]["id"]).Crew(); !slices.Equal(crew, []string{"ann", "ben"}) {
		t.Errorf("a refused file left the crew %v", crew)
	}
}

func TestFaultsOfAllRowsAreToldAtOnceOnePerCell(t *testing.T) {
	c := newCounty(t)
	c.plan(tomorrow, 8, 12, "ann", "ben")
	row := with(c.rota()[0], "id", "", "version", "", "people", "")
	_, err := c.takeIn(
		with(row, "leader", "dai", "people", "ben"),
		with(row, "place", "没有这里"),
		with(row, "on", "12月21日", "leader", "dai"),
		with(row, "leader", ""),
		with(row, "leader", "eva", "from", "25:00"),
		row,
		with(row, "leader", "cai", "name", strings.Repeat("长", 61), "note", strings.Repeat("长", 501)),
	)
	c.at(err, "I2", "G3", "A4", "H5", "B6", "H7", "E8", "K8")
	if f, _ := fault.As(err); f != nil && (f.Fields[2].Text.ZH != "“12月21日”不是日期，请写成 2026-08-01" || f.Fields[6].Text.ZH != "名称最多60字") {
		t.Errorf("it says %+v", f.Fields)
	}
}

func TestAWrongRowMakesNoClashOfOthers(t *testing.T) {
	c := newCounty(t)
	c.plan(tomorrow, 8, 12, "ann", "ben")
	c.plan(tomorrow, 10, 14, "dai", "eva")
	rows := c.rota()
	_, err := c.takeIn(with(rows[0], "people", "eva"), with(rows[1], "people", "ben", "kind", "站岗"))
	c.at(err, "D3")
}

// typed is a rota as somebody fills it in by hand.
func typed(t *testing.T, lines ...[]any) io.Reader {
	t.Helper()
	f := excelize.NewFile()
	if err := f.SetSheetName("Sheet1", duty.Table.Name); err != nil {
		t.Fatal(err)
	}
	for i, line := range lines {
		if err := f.SetSheetRow(duty.Table.Name, fmt.Sprintf("A%d", i+1), &line); err != nil {
			t.Fatal(err)
		}
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestTimesTypedInExcelAreTaken(t *testing.T) {
	c := newCounty(t)
	taken, err := c.takeInFile(typed(t, []any{"日期", "开始", "结束", "类型", "点位", "组长"},
		[]any{46350, 8.0 / 24, 0.5, "市场工作队", "MKT234", "ann"},
		[]any{"2026-11-24 00:00", "14：30", 46351 + 18.0/24, "市场工作队", "MKT234", "ben"},
		[]any{46350, "20:00", 1, "市场工作队", "MKT234", "cai"}))
	c.must(err)
	var got []string
	for _, row := range c.rota() {
		got = append(got, row["on"]+" "+row["from"]+"–"+row["to"])
	}
	if want := []string{"2026-11-24 08:00–12:00", "2026-11-24 14:30–18:00", "2026-11-24 20:00–00:00"}; len(taken) != 3 || !slices.Equal(got, want) {
		t.Errorf("taken in as %v, want %v", got, want)
	}
}

func TestAColumnThatIsNotInTheFileKeepsWhatIsThere(t *testing.T) {
	c := newCounty(t)
	in := draft(tomorrow, 8, 12, "ann", "ben", "cai")
	in.Unit, in.Note = "cg", "带扫把"
	d, err := c.tryPlan("planner", in)
	c.must(err)
	_, err = c.takeInFile(typed(t, []any{"日期", "开始", "结束", "类型", "组长", "系统标识"}, []any{tomorrow, "9:00", "12:00", "市场工作队", "dai", d.ID}))
	c.must(err)
	got := c.get(d.ID)
	if !slices.Equal(got.Crew(), []string{"ben", "cai", "dai"}) || got.LeaderID != "dai" || got.Name != d.Name || got.PlaceID != "market" || got.AreaID != "west" || got.UnitID != "cg" || got.Note != "带扫把" {
		t.Errorf("without the columns it became %+v", got)
	}
	_, err = c.takeInFile(typed(t, []any{"日期", "开始", "结束", "类型", "组长", "系统标识", "队员", "说明", "点位"}, []any{tomorrow, "9:00", "12:00", "市场工作队", "dai", d.ID, "", "", ""}))
	c.must(err)
	if got := c.get(d.ID); !slices.Equal(got.Crew(), []string{"dai"}) || got.Note != "" || got.PlaceID != "" || got.AreaID != "west" || got.UnitID != "cg" {
		t.Errorf("with empty cells it became %+v", got)
	}
}

func TestNamesOfSeveralAreRefusedWithTheirCell(t *testing.T) {
	c := newCounty(t)
	c.plan(tomorrow, 8, 12, "ann")
	c.write(func(tx *db.Tx) error {
		if err := place.AddArea(tx, org.System, place.Area{ID: "second", Code: "A2", Name: "西片区", LeadUnitID: "cg", Lat: 22.05, Lon: 103.15,
			Shape: `{"type":"Polygon","coordinates":[[[103.1,22],[103.2,22],[103.2,22.1],[103.1,22.1],[103.1,22]]]}`}); err != nil {
			return err
		}
		if err := place.Add(tx, org.System, place.Place{ID: "other", Code: "MKT235", Name: "老街农贸市场", Kind: "农贸市场", AreaID: "second", Lat: 22.05, Lon: 103.15}); err != nil {
			return err
		}
		return org.AddUnit(tx, org.System, org.Unit{ID: "cg2", Code: "3", Name: "城管局", Short: "城管二局", Sort: "unit"})
	})
	row := with(c.rota()[0], "id", "", "version", "", "on", "2026-11-26", "unit", "")
	if row["area"] != "A1" {
		t.Errorf("an area whose name is another's too is written %q", row["area"])
	}
	_, err := c.takeIn(with(row, "area", "西片区"), with(row, "place", "老街农贸市场", "area", ""), with(row, "unit", "城管局"), with(row, "area", "A2"))
	c.at(err, "F2", "G3", "J4", "F5")
	_, err = c.takeIn(with(row, "unit", "城管二局"))
	c.must(err)
}

func TestAnEmptyCrewIsNotTheWholeTeam(t *testing.T) {
	c := newCounty(t)
	c.must(c.try("planner", func(tx *db.Tx, w org.Actor) error {
		_, err := duty.PutTeam(tx, w, duty.Team{ID: "t1", Code: "SC1", Name: "市场工作队", Kind: "market", LeaderID: "ann", People: []string{"ben", "dai"}})
		return err
	}))
	d, err := c.tryPlan("planner", duty.Draft{Team: "t1", Place: "market", On: tomorrow, From: 360, To: 600})
	c.must(err)
	_, err = c.takeIn(with(c.rota()[0], "people", ""))
	c.must(err)
	if got := c.get(d.ID); !slices.Equal(got.Crew(), []string{"ann"}) || got.TeamID != "t1" {
		t.Errorf("the crew is %v of team %q", got.Crew(), got.TeamID)
	}
}
