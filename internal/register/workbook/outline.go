package workbook

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/geo"
	"chuangwei/internal/kit/sheet"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/place"
)

// LeastSeam is the smallest overlap or gap worth saying, in square metres: a
// strip along a street that two surveys drew a little differently is larger.
const LeastSeam = 200

// Seams are what does not fit between areas, and how precisely that is known.
type Seams struct {
	List   []geo.Seam
	Metres float64 // height of the lines the outlines were cut along
	Areas  map[string]place.Area
}

// FindSeams looks for overlaps and gaps between the areas as they are.
func FindSeams(tx *db.Tx) (Seams, error) {
	list, err := place.Areas(tx)
	if err != nil {
		return Seams{}, err
	}
	out, named := Seams{Areas: map[string]place.Area{}}, make([]geo.Named, len(list))
	for i, a := range list {
		shape, err := geo.ParseGeoJSON([]byte(a.Shape))
		if err != nil {
			return Seams{}, fmt.Errorf("workbook: area %s: %w", a.Code, err)
		}
		out.Areas[a.ID], named[i] = a, geo.Named{ID: a.ID, Shape: shape}
	}
	out.List, out.Metres = geo.Seams(named, LeastSeam)
	return out, nil
}

// What a file of outlines may hold.
const (
	outlinesMost = 2_000
	// OutlinesMostBytes is the largest file of outlines taken in.
	OutlinesMostBytes = 32 << 20
)

// outlineNames are the properties of a feature that say a column of the areas'
// sheet, by what mapping programs call them.
var outlineNames = map[string][]string{
	"code":   {"code", "编号", "片区编号", "CODE"},
	"name":   {"name", "名称", "NAME"},
	"lead":   {"lead", "牵头单位编号"},
	"parent": {"parent", "上级片区编号"},
}

// drawn is one feature of such a file.
type drawn struct {
	Type       string          `json:"type"`
	Properties map[string]any  `json:"properties"`
	Geometry   json.RawMessage `json:"geometry"`
}

// ReadOutlines takes areas and grids in from an RFC 7946 FeatureCollection:
// code and name, and perhaps lead and parent, as properties. It is the areas'
// sheet by another door: a known code is an update, what is left out stays, one
// wrong feature and nothing happens. It also says what does not fit afterwards.
func ReadOutlines(ctx context.Context, d *db.DB, who org.Actor, r io.Reader, preview bool) (Report, Seams, error) {
	if err := org.Change(who); err != nil {
		return Report{}, Seams{}, err
	}
	rows, err := outlineRows(r)
	if err != nil {
		return Report{}, Seams{}, err
	}
	in, seams := &intake{who: who}, Seams{}
	in.name = func(key string) string { return fmt.Sprintf("features[%d].%s", in.row.N-1, outlinePath(key)) }
	err = d.Write(ctx, func(tx *db.Tx) (err error) {
		in.start(tx)
		if err := in.sheet(areas, rows); err != nil {
			return err
		}
		if err := in.bad.Err(); err != nil {
			return err
		}
		if seams, err = FindSeams(tx); err == nil && preview {
			err = errPreview
		}
		return err
	})
	if err != nil && !errors.Is(err, errPreview) {
		return Report{}, Seams{}, err
	}
	return in.report, seams, nil
}

func outlinePath(key string) string {
	if key == "shape" {
		return "geometry"
	}
	return "properties." + key
}

// outlineRows reads features as rows of the areas' sheet.
func outlineRows(r io.Reader) ([]sheet.Row, error) {
	b, err := io.ReadAll(io.LimitReader(r, OutlinesMostBytes+1))
	if err != nil {
		return nil, fmt.Errorf("workbook: outlines: %w", err)
	}
	var in struct {
		Type     string  `json:"type"`
		Features []drawn `json:"features"`
	}
	switch err := json.Unmarshal(b, &in); {
	case len(b) > OutlinesMostBytes:
		return nil, fault.New(fault.Invalid, "outline.large", "文件超过 %[1]d MB，请分开导入。", "The file is larger than %[1]d MB; split it.", OutlinesMostBytes>>20)
	case err != nil:
		return nil, fault.New(fault.Invalid, "outline.json", "这不是有效的 GeoJSON 文件：%[1]v", "This is no valid GeoJSON file: %[1]v", err)
	case in.Type != "FeatureCollection" || len(in.Features) == 0:
		return nil, fault.New(fault.Invalid, "outline.type", "文件要是 GeoJSON 的 FeatureCollection，并且至少有一个片区。", "The file must be a GeoJSON FeatureCollection with at least one area.")
	case len(in.Features) > outlinesMost:
		return nil, fault.New(fault.Invalid, "outline.many", "一次最多 %[1]d 个片区和网格。", "At most %[1]d areas and grids at a time.", outlinesMost)
	}
	rows := make([]sheet.Row, len(in.Features))
	var bad fault.Check
	for i, f := range in.Features {
		rows[i] = f.row(i+1, &bad)
	}
	slices.SortStableFunc(rows, func(a, b sheet.Row) int { // areas before their grids
		return cmp.Compare(min(1, len(a.Cells["parent"])), min(1, len(b.Cells["parent"])))
	})
	return rows, bad.Err()
}

// said reads a property as text: surveys number their areas.
func said(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		v = strings.TrimSpace(v)
		return v, len([]rune(v)) <= 200 && !strings.ContainsFunc(v, unicode.IsControl)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), true
	}
	return "", false
}

func (f drawn) row(n int, bad *fault.Check) sheet.Row {
	row := sheet.Row{N: n, Cells: map[string]string{}}
	at := func(path string) string { return fmt.Sprintf("features[%d].%s", n-1, path) }
	bad.That(f.Type == "Feature", at("type"), "第 %[1]d 个不是 Feature", "number %[1]d is no Feature", n)
	for key, names := range outlineNames {
		for _, name := range names {
			if v, there := f.Properties[name]; there && v != nil {
				text, ok := said(v)
				bad.That(ok, at("properties."+name), "第 %[1]d 个的 %[2]s 要是文字，最多 200 字", "%[2]s of number %[1]d must be text of at most 200 characters", n, name)
				row.Cells[key] = text
				break
			}
		}
	}
	bad.That(row.Cells["code"] != "", at("properties.code"), "第 %[1]d 个没有编号（code）", "number %[1]d has no code", n)
	bad.That(row.Cells["name"] != "", at("properties.name"), "第 %[1]d 个没有名称（name）", "number %[1]d has no name", n)
	if g := string(f.Geometry); g != "" && g != "null" {
		shape, err := geo.ParseGeoJSON(f.Geometry)
		bad.That(err == nil, at("geometry"), "第 %[1]d 个的边界不对：%[2]v", "the outline of number %[1]d is wrong: %[2]v", n, err)
		if err == nil {
			row.Cells["shape"] = string(shape.GeoJSON())
		}
	}
	return row
}
