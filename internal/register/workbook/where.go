package workbook

import (
	"bytes"
	"errors"
	"strconv"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/geo"
	"chuangwei/internal/kit/sheet"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/place"
	"chuangwei/internal/register/standard"
)

var areas = page{
	table: sheet.Table{Name: "片区", Columns: []sheet.Column{
		{Key: "code", Title: "片区编号", Need: true}, {Key: "name", Title: "名称", Need: true}, {Key: "lead", Title: "牵头单位编号"},
		{Key: "parent", Title: "上级片区编号", Hint: "网格填它所在的片区，片区留空"},
		{Key: "shape", Title: "边界", Hint: "GeoJSON 多边形，WGS-84；也可以在地图页导入 GeoJSON 文件，这里留空"},
	}},
	write: writeAreas,
	take:  takeArea,
}

func areaCells(a place.Area, units, codes map[string]string) map[string]string {
	out := map[string]string{"code": a.Code, "name": a.Name, "lead": units[a.LeadUnitID], "parent": codes[a.ParentID]}
	if len(a.Shape) < 32_000 { // what a cell holds
		out["shape"] = a.Shape
	}
	return out
}

func writeAreas(tx *db.Tx, put func(map[string]string) error) error {
	codes, err := areaCodes(tx)
	if err != nil {
		return err
	}
	units, err := unitCodes(tx)
	if err != nil {
		return err
	}
	for _, list := range []func(*db.Tx) ([]place.Area, error){place.Areas, place.Grids} {
		all, err := list(tx)
		if err != nil {
			return err
		}
		for _, a := range all {
			if err := put(areaCells(a, units, codes)); err != nil {
				return err
			}
		}
	}
	return nil
}

func takeArea(in *intake, row sheet.Row) error {
	if !in.once("code") {
		return nil
	}
	lead, err := in.unit("lead")
	if err != nil {
		return err
	}
	was, err := place.AreaByCode(in.tx, row.Cells["code"])
	isNew := errors.Is(err, db.ErrNone)
	if err != nil && !isNew {
		return err
	}
	if row.Cells["shape"] == "" || sameOutline(row.Cells["shape"], was.Shape) {
		row.Cells["shape"] = was.Shape // an outline is never cleared, and may be too long for a cell
	}
	a := was
	a.Code, a.Name, a.Shape = row.Cells["code"], row.Cells["name"], row.Cells["shape"]
	if _, there := row.Cells["lead"]; there {
		a.LeadUnitID = lead
	}
	if _, there := row.Cells["parent"]; there {
		a.ParentID = ""
	}
	if parents, err := in.named("parent"); err != nil {
		return err
	} else if len(parents) > 0 {
		a.ParentID = parents[0]
	}
	if a.Shape == "" {
		in.wrong("shape", "新片区“%[1]s”还没有边界", "the new area %[1]q has no outline", a.Name)
		return nil
	}
	if a.Shape != was.Shape {
		shape, err := geo.ParseGeoJSON([]byte(a.Shape))
		if err != nil {
			in.wrong("shape", "边界不对：%[1]v", "the outline is wrong: %[1]v", err)
			return nil
		}
		centre := shape.Centre()
		a.Lat, a.Lon = centre.Lat, centre.Lon
	}
	return in.putArea(a, was, isNew)
}

// sameOutline tells two writings of one outline from a change.
func sameOutline(a, b string) bool {
	if a == b || b == "" {
		return a == b
	}
	x, errX := geo.ParseGeoJSON([]byte(a))
	y, errY := geo.ParseGeoJSON([]byte(b))
	return errX == nil && errY == nil && bytes.Equal(x.GeoJSON(), y.GeoJSON())
}

func (in *intake) putArea(a, was place.Area, isNew bool) error {
	if isNew {
		a.ID = fresh()
		in.added(a.Code, a.Name)
		return in.refused("code", place.AddArea(in.tx, in.who, a))
	}
	if in.areas[a.ParentID] == "" && a.ParentID != "" { // an area this very sheet has added
		var err error
		if in.areas, err = areaCodes(in.tx); err != nil {
			return err
		}
	}
	said := in.differences(areaCells(was, in.units, in.areas))
	if len(said) == 0 {
		in.report.Same++
		return nil
	}
	in.changed(a.Code, a.Name, said)
	return in.refused("code", place.ChangeArea(in.tx, in.who, a))
}

var datums = []pair{{string(geo.WGS84), "WGS-84"}, {string(geo.CGCS2000), "CGCS2000"}, {string(geo.GCJ02), "GCJ-02（高德、腾讯）"}, {string(geo.BD09), "BD-09（百度）"}}

var places = page{
	table: sheet.Table{Name: "点位", Columns: []sheet.Column{
		{Key: "code", Title: "点位编号", Need: true, Hint: "印在二维码上，字母和数字"}, {Key: "name", Title: "名称", Need: true}, {Key: "kind", Title: "类别", Need: true, Hint: "农贸市场、公厕、中转站、学校……"},
		{Key: "unit", Title: "单位编号"}, {Key: "address", Title: "地址"}, {Key: "lon", Title: "经度", Need: true, Kind: sheet.Number}, {Key: "lat", Title: "纬度", Need: true, Kind: sheet.Number},
		{Key: "datum", Title: "坐标系", Choices: words(datums), Hint: "不填为 WGS-84"},
	}},
	write: func(tx *db.Tx, put func(map[string]string) error) error {
		units, err := unitCodes(tx)
		if err != nil {
			return err
		}
		list, err := place.All(tx)
		for _, p := range list {
			if err == nil {
				err = put(placeCells(p, units))
			}
		}
		return err
	},
	take: takePlace,
}

func degrees(v float64) string { return strconv.FormatFloat(v, 'f', 6, 64) }

func placeCells(p place.Place, units map[string]string) map[string]string {
	return map[string]string{"code": p.Code, "name": p.Name, "kind": p.Kind, "unit": units[p.UnitID], "address": p.Address, "lon": degrees(p.Lon), "lat": degrees(p.Lat), "datum": "WGS-84"}
}

func takePlace(in *intake, row sheet.Row) error {
	if !in.once("code") {
		return nil
	}
	unit, err := in.unit("unit")
	if err != nil {
		return err
	}
	at, ok := in.point()
	if !ok {
		return nil
	}
	area, _, inside, err := place.At(in.tx, at)
	if err != nil {
		return err
	}
	if !inside {
		in.wrong("lon", "这个位置不在任何片区内，请检查经纬度和坐标系", "the position lies in no area; check it and its datum")
		return nil
	}
	was, err := placeByCode(in.tx, row.Cells["code"])
	if err != nil {
		return err
	}
	p := place.Place{ID: was.ID, Code: row.Cells["code"], Name: row.Cells["name"], Kind: row.Cells["kind"], AreaID: area, UnitID: unit, Address: in.or("address", was.Address), Lat: at.Lat, Lon: at.Lon}
	if was.ID == "" {
		p.ID = fresh()
		in.added(p.Code, p.Name)
		return in.refused("code", place.Add(in.tx, in.who, p))
	}
	row.Cells["lon"], row.Cells["lat"], row.Cells["datum"] = degrees(p.Lon), degrees(p.Lat), "WGS-84" // compared in one datum
	said := in.differences(placeCells(was, in.units))
	if len(said) == 0 {
		in.report.Same++
		return nil
	}
	in.changed(p.Code, p.Name, said)
	return in.refused("code", place.Change(in.tx, in.who, p))
}

func placeByCode(tx *db.Tx, code string) (place.Place, error) {
	list, err := db.Values[string](tx, `SELECT id FROM places WHERE code = $1`, code)
	if err != nil || len(list) == 0 {
		return place.Place{}, err
	}
	return place.ByID(tx, list[0])
}

// point reads longitude and latitude in the datum the row names.
func (in *intake) point() (geo.Point, bool) {
	lon, err1 := strconv.ParseFloat(in.row.Cells["lon"], 64)
	lat, err2 := strconv.ParseFloat(in.row.Cells["lat"], 64)
	if err1 != nil || err2 != nil {
		return geo.Point{}, false // told already
	}
	datum := geo.Datum(codeOf(datums, in.row.Cells["datum"]))
	if datum == "" {
		datum = geo.WGS84
	}
	at, err := geo.ToWGS84(geo.Point{Lat: lat, Lon: lon}, datum)
	if err != nil {
		in.wrong("lon", "经纬度不对：%[1]v", "not a position: %[1]v", err)
		return at, false
	}
	return at, true
}

var limitUnits = []pair{{string(calendar.UrgentHour), "紧急工作时"}, {string(calendar.OfficeHour), "工作时"}, {string(calendar.WorkingDay), "工作日"}, {string(calendar.CalendarDay), "自然日"}}

var kinds = page{
	table: sheet.Table{Name: "问题类型", Columns: []sheet.Column{
		{Key: "code", Title: "类型编号", Need: true, Hint: "系统自带的类型；这里改名称、牵头单位和时限"}, {Key: "name", Title: "名称", Need: true},
		{Key: "lead", Title: "牵头业务代号", Need: true, Hint: "与“单位”表的业务代号一致"}, {Key: "limit", Title: "时限", Need: true, Kind: sheet.Number},
		{Key: "unit", Title: "时限单位", Need: true, Choices: words(limitUnits)}, {Key: "photo", Title: "须有整改后照片", Kind: sheet.Yes}, {Key: "relapse", Title: "反弹天数", Kind: sheet.Number},
	}},
	write: func(tx *db.Tx, put func(map[string]string) error) error {
		list, err := standard.Kinds(tx)
		for _, k := range list {
			if err == nil {
				err = put(kindCells(k))
			}
		}
		return err
	},
	take: takeKind,
}

func kindCells(k standard.Kind) map[string]string {
	return map[string]string{"code": k.ID, "name": k.Name, "lead": k.Lead, "limit": strconv.Itoa(k.Limit.N), "unit": wordOf(limitUnits, string(k.Limit.Unit)),
		"photo": map[bool]string{true: "是"}[k.AfterPhoto], "relapse": strconv.Itoa(k.RelapseDays)}
}

func takeKind(in *intake, row sheet.Row) error {
	if !in.once("code") {
		return nil
	}
	k, err := standard.ByID(in.tx, row.Cells["code"])
	if err != nil {
		return in.refused("code", err)
	}
	was := kindCells(k)
	if _, err := org.UnitByRole(in.tx, row.Cells["lead"]); errors.Is(err, db.ErrNone) && row.Cells["lead"] != k.Lead {
		in.wrong("lead", "没有业务代号为“%[1]s”的单位", "no unit has the role %[1]q", row.Cells["lead"])
	} else if err != nil && !errors.Is(err, db.ErrNone) {
		return err
	}
	n, bad := strconv.Atoi(row.Cells["limit"])
	relapse, bad2 := strconv.Atoi(in.or("relapse", was["relapse"]))
	if bad != nil || n < 1 || n > 1000 || bad2 != nil || relapse < 0 || relapse > 1000 {
		in.wrong("limit", "时限和反弹天数是 1 到 1000 的整数", "limit and days are whole numbers up to 1000")
		return nil
	}
	in.row.Cells["photo"] = row.Cells["photo"] // an empty cell means no
	said := in.differences(was)
	if len(said) == 0 {
		in.report.Same++
		return nil
	}
	k.Name, k.Lead, k.RelapseDays, k.AfterPhoto = row.Cells["name"], row.Cells["lead"], relapse, row.Cells["photo"] == "是"
	k.Limit = calendar.Limit{N: n, Unit: calendar.Unit(codeOf(limitUnits, row.Cells["unit"]))}
	in.changed(k.ID, k.Name, said)
	return in.refused("code", standard.Change(in.tx, in.who, k))
}
