package place_test

import (
	"context"
	"fmt"
	"testing"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/db/dbtest"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/geo"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/place"
)

func square(lat, lon, side float64) string {
	return fmt.Sprintf(`{"type":"Polygon","coordinates":[[[%[2]v,%[1]v],[%[4]v,%[1]v],[%[4]v,%[3]v],[%[2]v,%[3]v],[%[2]v,%[1]v]]]}`, lat, lon, lat+side, lon+side)
}

func TestAGridIsAPieceOfAnArea(t *testing.T) {
	d := dbtest.New(t, nil)
	add := func(a place.Area) error {
		return d.Write(context.Background(), func(tx *db.Tx) error { return place.AddArea(tx, org.System, a) })
	}
	whole := place.Area{ID: "a", Code: "A", Name: "老街片区", Shape: square(22, 103, 0.1), Lat: 22.05, Lon: 103.05}
	grid := place.Area{ID: "g", Code: "A-1", Name: "第一网格", ParentID: "a", Shape: square(22, 103, 0.05), Lat: 22.02, Lon: 103.02}
	if err := add(grid); fault.Code(err) != "area.none" {
		t.Errorf("a grid of nothing: %v", err)
	}
	for _, a := range []place.Area{whole, grid} {
		if err := add(a); err != nil {
			t.Fatal(err)
		}
	}
	far := grid
	far.ID, far.Code, far.Lat = "far", "A-2", 25
	if err := add(far); fault.Code(err) != "grid.outside" {
		t.Errorf("a grid elsewhere: %v", err)
	}
	nested := grid
	nested.ID, nested.Code, nested.ParentID = "n", "A-3", "g"
	if err := add(nested); fault.Code(err) != "grid.outside" {
		t.Errorf("a grid of a grid: %v", err)
	}
	broken := whole
	broken.ID, broken.Code, broken.Shape = "b", "B", `{"type":"Polygon","coordinates":[[[0,0]]]}`
	if err := add(broken); fault.Code(err) != "area.shape" {
		t.Errorf("an outline of one point: %v", err)
	}
	dbtest.Read(t, d, func(tx *db.Tx) error {
		areas, err := place.Areas(tx)
		if err != nil || len(areas) != 1 || areas[0].ID != "a" {
			t.Errorf("areas %+v, %v", areas, err)
		}
		id, _, inside, err := place.At(tx, geo.Point{Lat: 22.09, Lon: 103.09})
		if err != nil || !inside || id != "a" {
			t.Errorf("%s %v %v", id, inside, err)
		}
		if g, ok, err := place.GridAt(tx, geo.Point{Lat: 22.01, Lon: 103.01}); !ok || g.ID != "g" || err != nil {
			t.Errorf("%+v %v %v", g, ok, err)
		}
		_, ok, err := place.GridAt(tx, geo.Point{Lat: 22.09, Lon: 103.09})
		if ok {
			t.Error("a grid where there is none")
		}
		return err
	})
	err := d.Write(context.Background(), func(tx *db.Tx) error { return place.AddArea(tx, org.Actor{ID: "wang"}, whole) })
	if fault.Code(err) != "denied.register.change" {
		t.Errorf("anybody draws areas: %v", err)
	}
}
