package workbook

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/db/dbtest"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/place"
)

// block is a feature whose outline is a rectangle, in hundredths of a degree from 103/22.
func block(properties string, west, south, east, north int) string {
	at := func(x, y int) string { return fmt.Sprintf("[%.2f,%.2f]", 103+float64(x)/100, 22+float64(y)/100) }
	return fmt.Sprintf(`{"type":"Feature","properties":{%s},"geometry":{"type":"Polygon","coordinates":[[%s,%s,%s,%s,%s]]}}`,
		properties, at(west, south), at(east, south), at(east, north), at(west, north), at(west, south))
}

func collection(features ...string) string {
	return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`
}

func draw(d *db.DB, text string, preview bool) (Report, Seams, error) {
	return ReadOutlines(context.Background(), d, org.System, strings.NewReader(text), preview)
}

func TestOutlinesComeInAndChangeAndStay(t *testing.T) {
	d := newCounty(t)
	if _, err := take(d, book(t, small()), false); err != nil {
		t.Fatal(err)
	}
	before := size(t, d)
	file := collection(block(`"code":"A2-1","name":"二网格","parent":"A2"`, 10, 0, 12, 5), block(`"编号":"A2","名称":"新区片区","lead":"10"`, 10, 0, 20, 10), block(`"code":"A1","name":"老街片区"`, 0, 0, 10, 10))
	report, seams, err := draw(d, file, true)
	if err != nil || len(report.Changes) != 2 || report.Same != 1 || len(seams.List) != 0 {
		t.Fatalf("preview %+v, seams %v, %v", report, seams.List, err)
	}
	if after := size(t, d); !equal(before, after) {
		t.Fatalf("a preview changed %v to %v", before, after)
	}
	if _, _, err := draw(d, file, false); err != nil {
		t.Fatal(err)
	}
	if report, _, err = draw(d, file, false); err != nil || len(report.Changes) != 0 || report.Same != 3 {
		t.Fatalf("again: %+v, %v", report, err)
	}
	report, seams, err = draw(d, collection(block(`"code":"A2","name":"新区片区"`, 9, 0, 20, 10)), false)
	if err != nil || len(report.Changes) != 1 || len(seams.List) != 1 || len(seams.List[0].IDs) != 2 {
		t.Fatalf("moved over its neighbour: %+v, %v, %v", report, seams.List, err)
	}
	dbtest.Read(t, d, func(tx *db.Tx) error {
		a, err := place.AreaByCode(tx, "A2")
		if err == nil && a.LeadUnitID == "" {
			t.Error("a file without the lead took the lead away")
		}
		return err
	})
}

func equal(a, b map[string]int64) bool { return fmt.Sprint(a) == fmt.Sprint(b) }

func TestOneWrongFeatureAndNothingHappens(t *testing.T) {
	d := newCounty(t)
	before := size(t, d)
	good := block(`"code":"A1","name":"老街片区"`, 0, 0, 10, 10)
	for name, c := range map[string]struct{ file, field string }{
		"crossed":      {collection(good, `{"type":"Feature","properties":{"code":"A2","name":"x"},"geometry":{"type":"Polygon","coordinates":[[[103,22],[103.1,22.1],[103.1,22],[103,22.1],[103,22]]]}}`), "features[1].geometry"},
		"no code":      {collection(good, block(`"name":"x"`, 0, 0, 1, 1)), "features[1].properties.code"},
		"twice":        {collection(good, good), "features[1].properties.code"},
		"unknown lead": {collection(good, block(`"code":"A2","name":"x","lead":"99"`, 0, 0, 1, 1)), "features[1].properties.lead"},
		"no outline":   {collection(good, `{"type":"Feature","properties":{"code":"A2","name":"x"},"geometry":null}`), "features[1].geometry"},
		"a list":       {collection(good, block(`"code":["A2"],"name":"x"`, 0, 0, 1, 1)), "features[1].properties.code"},
		"a point":      {`{"type":"Feature"}`, ""},
		"no json":      {`{`, ""},
	} {
		_, _, err := draw(d, c.file, false)
		f, ok := fault.As(err)
		if !ok || c.field != "" && (len(f.Fields) == 0 || f.Fields[0].Name != c.field) {
			t.Errorf("%s: %v %+v", name, err, f)
		}
	}
	if after := size(t, d); !equal(before, after) {
		t.Errorf("wrong files changed %v to %v", before, after)
	}
	if _, _, err := ReadOutlines(context.Background(), d, org.Actor{ID: "x"}, strings.NewReader(collection(good)), false); !fault.Is(err, fault.Denied) {
		t.Errorf("somebody else: %v", err)
	}
}

func FuzzOutlines(f *testing.F) {
	f.Add(collection(block(`"code":"A1","name":"老街片区"`, 0, 0, 10, 10)))
	f.Add(collection(block(`"code":1,"名称":"x","parent":null`, 0, 0, 10, 10)))
	f.Add(`{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"MultiPolygon","coordinates":[]}}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		rows, err := outlineRows(strings.NewReader(text))
		if _, ok := fault.As(err); err != nil && !ok {
			t.Errorf("no fault: %v", err)
		}
		for _, r := range rows {
			if err == nil && (r.Cells["code"] == "" || r.N < 1) {
				t.Errorf("row %+v", r)
			}
		}
	})
}
