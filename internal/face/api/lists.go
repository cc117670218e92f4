package api

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"chuangwei/internal/flow/cases"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/sheet"
	"chuangwei/internal/register/calendar"
)

// listMost is how many cases one file holds.
const listMost = 100_000

// caseTable is a list of cases as a file.
func caseTable(lang string) sheet.Table {
	c := func(key, zh, en string, kind sheet.Kind) sheet.Column {
		if lang == "en" {
			zh = en
		}
		return sheet.Column{Key: key, Title: zh, Kind: kind}
	}
	return sheet.Table{Name: map[bool]string{true: "Cases", false: "案件"}[lang == "en"], Columns: []sheet.Column{
		c("no", "编号", "Number", sheet.Text), c("state", "状态", "State", sheet.Text), c("kind", "问题类型", "Kind", sheet.Text), c("text", "内容", "Text", sheet.Text),
		c("place", "点位", "Place", sheet.Text), c("address", "地址", "Address", sheet.Text), c("area", "片区", "Area", sheet.Text),
		c("unit", "责任单位", "Unit", sheet.Text), c("owner", "责任人", "Owner", sheet.Text), c("finder", "发现人", "Finder", sheet.Text),
		c("reported", "上报时间", "Reported", sheet.Moment), c("due", "整改时限", "Due", sheet.Moment), c("fixed", "整改时间", "Fixed", sheet.Moment), c("closed", "办结时间", "Closed", sheet.Moment),
		c("ladder", "督办级别", "Ladder", sheet.Text), c("reworks", "返工次数", "Reworks", sheet.Text), c("relapses", "反弹次数", "Relapses", sheet.Text),
		c("lon", "经度(WGS-84)", "Longitude", sheet.Text), c("lat", "纬度(WGS-84)", "Latitude", sheet.Text), c("id", "系统标识", "ID", sheet.Text),
	}}
}

// exportCases is GET /api/cases/export: the list a screen shows, as a file.
func (s *Server) exportCases(w http.ResponseWriter, r *http.Request) error {
	f, err := filterOf(r)
	if err != nil {
		return err
	}
	form := r.URL.Query().Get("format")
	if form != "csv" && form != "xlsx" && form != "geojson" {
		return fault.New(fault.Invalid, "list.format", "请选择 csv、xlsx 或 geojson。", "Choose csv, xlsx or geojson.").In("format", "csv、xlsx 或 geojson", "csv, xlsx or geojson")
	}
	f.Limit = 200
	return s.read(r, func(tx *db.Tx) error {
		v, err := s.viewer(tx, language(r))
		if err != nil {
			return err
		}
		page, err := cases.List(tx, callOf(r).who, f) // faults come before the first byte
		if err != nil {
			return err
		}
		t := caseTable(v.lang)
		each := func(put func(map[string]string) error) error { return v.rows(tx, callOf(r), f, page, put) }
		name := time.Now().In(calendar.Zone).Format("cases-20060102-1504.") + form
		w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
		if form == "xlsx" {
			w.Header().Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
			return ignoreGone(sheet.Write(w, []sheet.Table{t}, func(_ sheet.Table, put func(map[string]string) error) error { return each(put) }))
		}
		if form == "geojson" {
			w.Header().Set("Content-Type", "application/geo+json")
			return ignoreGone(writeGeoJSON(w, each))
		}
		w.Header().Set("Content-Type", "text/csv; charset=utf-8")
		return ignoreGone(writeCSV(w, t, each))
	})
}

func writeCSV(w http.ResponseWriter, t sheet.Table, each func(func(map[string]string) error) error) error {
	out := bufio.NewWriter(w)
	c, err := sheet.NewCSV(out, t)
	if err == nil {
		err = each(c.Put)
	}
	if err == nil {
		err = c.Close()
	}
	if err == nil {
		err = out.Flush()
	}
	return err
}

// writeGeoJSON writes the cases that have a point as an RFC 7946
// FeatureCollection, one feature a line, the columns as properties.
func writeGeoJSON(w http.ResponseWriter, each func(func(map[string]string) error) error) error {
	out := bufio.NewWriter(w)
	between := `{"type":"FeatureCollection","features":[` + "\n"
	err := each(func(cells map[string]string) error {
		if cells["lon"] == "" {
			return nil
		}
		point := json.RawMessage(`{"type":"Point","coordinates":[` + cells["lon"] + `,` + cells["lat"] + `]}`)
		id, properties := cells["id"], map[string]any{}
		for k, v := range cells {
			if v != "" && k != "lon" && k != "lat" && k != "id" {
				properties[k] = v
			}
		}
		line, err := json.Marshal(feature{"Feature", id, properties, point})
		if err != nil {
			return err
		}
		out.WriteString(between) // a failed write is told by Flush
		between = ",\n"
		_, err = out.Write(line)
		return err
	})
	if err != nil {
		return err
	}
	if between[0] == '{' {
		out.WriteString(between)
	}
	out.WriteString("]}\n")
	return out.Flush()
}

// rows hands over page after page of one snapshot.
func (v viewer) rows(tx *db.Tx, by *call, f cases.Filter, page cases.Page, put func(map[string]string) error) error {
	for n := 0; ; {
		for _, c := range page.Items {
			if err := put(v.cells(c)); err != nil {
				return err
			}
			n++
		}
		if page.Next == "" || n >= listMost {
			return nil
		}
		f.After = page.Next
		var err error
		if page, err = cases.List(tx, by.who, f); err != nil {
			return fmt.Errorf("api: export: %w", err)
		}
	}
}

// cells is a case as a row of a file.
func (v viewer) cells(c cases.Case) map[string]string {
	view := v.view(c)
	name := func(r *ref) string {
		if r == nil {
			return ""
		}
		return r.Name
	}
	state := c.State.ZH()
	if v.lang == "en" {
		state = string(c.State)
	}
	out := map[string]string{"no": c.No, "state": state, "kind": view.KindName, "text": c.Text, "place": name(view.Place), "address": c.Address,
		"area": name(view.Area), "unit": name(view.Unit), "owner": name(view.Owner), "finder": view.Finder,
		"reported": minute(c.ReportedAt), "due": minute(c.DueAt), "fixed": minute(c.FixedAt), "closed": minute(c.ClosedAt),
		"ladder": strconv.Itoa(c.Ladder), "reworks": strconv.Itoa(c.Reworks), "relapses": strconv.Itoa(c.Relapses), "id": c.ID}
	if c.Point != nil {
		out["lon"], out["lat"] = strconv.FormatFloat(c.Point.Lon, 'f', 6, 64), strconv.FormatFloat(c.Point.Lat, 'f', 6, 64)
	}
	return out
}

// minute is an instant on the county's clock, "" for none.
func minute(ms int64) string {
	if ms == 0 {
		return ""
	}
	return time.UnixMilli(ms).In(calendar.Zone).Format("2006-01-02 15:04")
}
