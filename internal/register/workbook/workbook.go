// Package workbook is the county's registers as one XLSX file: the product
// writes it, people fill it in, and it comes back as new and changed rows. A
// wrong cell anywhere changes nothing; what a file leaves out stays as it is.
package workbook

import (
	"context"
	"errors"
	"fmt"
	"io"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/sheet"
	"chuangwei/internal/register/org"

	"github.com/google/uuid"
)

// What happens to a row.
const (
	New     = "new"
	Changed = "changed"
)

// Change is one row that an import would write.
type Change struct {
	Sheet string
	Row   int
	What  string // new or changed
	Code  string
	Name  string
	Said  []string // of a changed row: 职务：科员 → 股长
}

// Report is what an import does, or would do.
type Report struct {
	Changes []Change
	Same    int // rows that change nothing
}

// page is one sheet: its table, what is there, and what a row does.
type page struct {
	table sheet.Table
	write func(tx *db.Tx, put func(map[string]string) error) error
	take  func(in *intake, row sheet.Row) error
}

// pages stand in the order in which they must be read: what refers comes
// after what it refers to.
var pages = []page{county, units, people, areas, places, offices, deputies, kinds}

func tables() []sheet.Table {
	out := make([]sheet.Table, len(pages))
	for i, p := range pages {
		out[i] = p.table
	}
	return out
}

// Write writes the registers as they are; of an empty county it is the
// template to fill in.
func Write(tx *db.Tx, who org.Actor, w io.Writer) error {
	if err := org.Change(who); err != nil {
		return err
	}
	return sheet.Write(w, tables(), func(t sheet.Table, put func(map[string]string) error) error {
		for _, p := range pages {
			if p.table.Name == t.Name {
				return p.write(tx, put)
			}
		}
		return nil
	})
}

// errPreview takes back everything a preview has done.
var errPreview = errors.New("workbook: only looked at")

// Read takes a filled-in workbook in, or with preview only says what it would
// do. Either all of it happens or nothing.
func Read(ctx context.Context, d *db.DB, who org.Actor, r io.Reader, preview bool) (Report, error) {
	if err := org.Change(who); err != nil {
		return Report{}, err
	}
	rows, err := sheet.Read(r, tables())
	if err != nil {
		return Report{}, err
	}
	hashes := hashed(rows[people.table.Name], preview)
	in := &intake{who: who, hashes: hashes}
	err = d.Write(ctx, func(tx *db.Tx) error {
		in.start(tx)
		if err := in.all(rows); err != nil {
			return err
		}
		if preview {
			return errPreview
		}
		return nil
	})
	if err != nil && !errors.Is(err, errPreview) {
		return Report{}, err
	}
	return in.report, nil
}

// hashed hashes each password once, outside any write: it takes long.
func hashed(rows []sheet.Row, preview bool) map[string]string {
	out := map[string]string{}
	for _, r := range rows {
		p := r.Cells["password"]
		if p == "" || out[p] != "" {
			continue
		}
		if out[p] = "preview"; !preview {
			out[p] = org.HashPassword(p)
		}
	}
	return out
}

// intake is one import under way.
type intake struct {
	tx     *db.Tx
	who    org.Actor
	hashes map[string]string
	report Report
	bad    sheet.Faults
	name   func(key string) string // of a column of the row at hand; nil: its cell
	row    sheet.Row
	page   page
	seen   map[string]int // code → row, on the sheet at hand
	units  map[string]string
	areas  map[string]string
	terms  []org.Office
	stands []org.Deputising
}

func (in *intake) start(tx *db.Tx) {
	in.tx, in.report, in.bad = tx, Report{}, sheet.Faults{}
}

func (in *intake) all(rows map[string][]sheet.Row) error {
	for _, p := range pages {
		if err := in.sheet(p, rows[p.table.Name]); err != nil {
			return err
		}
	}
	return in.bad.Err()
}

func (in *intake) sheet(p page, rows []sheet.Row) error {
	in.page, in.seen = p, map[string]int{}
	if err := in.learn(); err != nil {
		return err
	}
	for _, row := range rows {
		in.row = row
		if err := p.take(in, row); err != nil {
			return fmt.Errorf("workbook: %s row %d: %w", p.table.Name, row.N, err)
		}
	}
	return nil
}

// learn reads once what the rows of a sheet are compared with; sheets do not
// change what they themselves refer to, but for areas and their grids.
func (in *intake) learn() (err error) {
	if in.units, err = unitCodes(in.tx); err != nil {
		return err
	}
	if in.areas, err = areaCodes(in.tx); err != nil {
		return err
	}
	if in.terms, err = org.Offices(in.tx); err != nil {
		return err
	}
	in.stands, err = org.Deputies(in.tx)
	return err
}

// wrong names a cell of the row at hand.
func (in *intake) wrong(key, zh, en string, args ...any) {
	if in.name != nil {
		in.bad.Named(in.name(key), zh, en, args...)
		return
	}
	in.bad.At(in.page.table, in.row, key, zh, en, args...)
}

// refused turns a fault of a verb into one of the cell; other errors stay.
func (in *intake) refused(key string, err error) error {
	if f, ok := fault.As(err); ok {
		in.wrong(key, "%[1]s", "%[2]s", f.Text.ZH, f.Text.EN)
		return nil
	}
	return err
}

// once reports whether a code stands on the sheet for the first time.
func (in *intake) once(key string) bool {
	code := in.row.Cells[key]
	if first, twice := in.seen[code]; twice {
		in.wrong(key, "“%[1]s”在第 %[2]d 行已有", "%[1]q stands in row %[2]d already", code, first)
		return false
	}
	in.seen[code] = in.row.N
	return true
}

// added and changed note what a row does; same rows are only counted.
func (in *intake) added(code, name string) {
	in.report.Changes = append(in.report.Changes, Change{Sheet: in.page.table.Name, Row: in.row.N, What: New, Code: code, Name: name})
}

func (in *intake) changed(code, name string, said []string) {
	in.report.Changes = append(in.report.Changes, Change{Sheet: in.page.table.Name, Row: in.row.N, What: Changed, Code: code, Name: name, Said: said})
}

// differences compares a row with what is there; only columns the file has count.
func (in *intake) differences(was map[string]string) (said []string) {
	for _, c := range in.page.table.Columns {
		is, there := in.row.Cells[c.Key]
		if !there || is == was[c.Key] || c.Key == "password" {
			continue
		}
		said = append(said, c.Title+"："+orNothing(was[c.Key])+" → "+orNothing(is))
	}
	return said
}

func orNothing(s string) string {
	if s == "" {
		return "（空）"
	}
	if r := []rune(s); len(r) > 30 {
		return string(r[:30]) + "…"
	}
	return s
}

// or is a cell, or what was there when the file leaves it out.
func (in *intake) or(key, was string) string {
	if v, there := in.row.Cells[key]; there {
		return v
	}
	return was
}

// unit finds the unit a cell names by its code; "" names none.
func (in *intake) unit(key string) (id string, err error) {
	code := in.row.Cells[key]
	if code == "" {
		return "", nil
	}
	u, err := org.UnitByCode(in.tx, code)
	if errors.Is(err, db.ErrNone) {
		in.wrong(key, "没有编号为“%[1]s”的单位", "no unit has the code %[1]q", code)
		return "", nil
	}
	return u.ID, err
}

// person finds the person a cell names by their code.
func (in *intake) person(key string) (id string, err error) {
	code := in.row.Cells[key]
	p, err := org.PersonByCode(in.tx, code)
	if errors.Is(err, db.ErrNone) {
		in.wrong(key, "没有编号为“%[1]s”的人员", "nobody has the code %[1]q", code)
		return "", nil
	}
	return p.ID, err
}

func fresh() string { return uuid.Must(uuid.NewV7()).String() }
