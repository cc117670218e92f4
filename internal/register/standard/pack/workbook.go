package pack

import (
	"fmt"
	"io"
	"strings"

	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/sheet"
)

// Workbook is packs as XLSX files, in the words of a county.
type Workbook struct{ words Words }

// NewWorkbook knows the words packs may use.
func NewWorkbook(w Words) Workbook { return Workbook{w} }

// Write writes a pack as an XLSX file that Read reads back as the same pack.
func (wb Workbook) Write(w io.Writer, p *Pack) error {
	list := pages(wb.words)
	tables := make([]sheet.Table, len(list))
	byName := map[string]page{}
	for i, pg := range list {
		tables[i] = pg.table()
		byName[tables[i].Name] = pg
	}
	return sheet.Write(w, tables, func(t sheet.Table, put func(map[string]string) error) error {
		for _, cells := range byName[t.Name].cells(p) {
			if err := put(cells); err != nil {
				return err
			}
		}
		return nil
	})
}

// Read reads a pack from an XLSX file. What is wrong in cells, and what Lint
// finds, is one fault of kind Invalid with every cell named: 要求!C7.
func (wb Workbook) Read(r io.Reader) (*Pack, error) {
	list := pages(wb.words)
	tables := make([]sheet.Table, len(list))
	for i, pg := range list {
		tables[i] = pg.table()
	}
	rows, err := sheet.Read(r, tables)
	form, told := fault.As(err)
	if err != nil && (!told || len(form.Fields) == 0) {
		return nil, err
	}
	in := newIntake()
	if told {
		for _, f := range form.Fields {
			in.note(f)
		}
	}
	in.takeAll(list, rows)
	if len(rows[headName]) != 1 {
		in.note(fault.Field{Name: headName + "!A2", Text: fault.Say("工作表“%[1]s”要有且只有一行", "the sheet %[1]q needs exactly one row", headName)})
	}
	for _, f := range Lint(in.pack, wb.words) {
		in.lint(f)
	}
	if len(in.bad) > 0 {
		out := fault.New(fault.Invalid, "sheet.cells", "有 %[1]d 处需要改正，没有导入任何内容。", "%[1]d cells need correcting; nothing was imported.", len(in.bad))
		out.Fields = in.bad
		return nil, out
	}
	return in.pack, nil
}

// place is where a part of the pack stands in the file.
type place struct {
	table sheet.Table
	row   sheet.Row
}

type intake struct {
	pack   *Pack
	where  map[string]place // by part, as Lines names parts
	broken map[string]bool  // rows with a fault in a cell: what follows from it is not told
	bad    []fault.Field
}

func newIntake() *intake {
	return &intake{pack: &Pack{}, where: map[string]place{}, broken: map[string]bool{}}
}

func (in *intake) takeAll(list []page, rows map[string][]sheet.Row) {
	for _, pg := range list {
		pg.take(in, rows[pg.table().Name])
	}
}

func (in *intake) note(f fault.Field) {
	in.bad = append(in.bad, f)
	table, cell, _ := strings.Cut(f.Name, "!")
	in.broken[table+"!"+strings.TrimLeft(cell, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")] = true
}

func (in *intake) wrong(t sheet.Table, row sheet.Row, key string, text fault.Text) {
	in.note(fault.Field{Name: cell(t, row, key), Text: text})
}

// cell names a cell as sheets name their faults: 要求!C7.
func cell(t sheet.Table, row sheet.Row, key string) string {
	var one sheet.Faults
	one.At(t, row, key, "", "")
	f, _ := fault.As(one.Err())
	return f.Fields[0].Name
}

// lint names the cell of what Lint has found.
func (in *intake) lint(f Fault) {
	at, key := f.At, ""
	for {
		if p, ok := in.where[at]; ok {
			if !in.broken[fmt.Sprintf("%s!%d", p.table.Name, p.row.N)] || key == "" {
				in.found(p, key, f.Text)
			}
			return
		}
		i := strings.LastIndexByte(at, '.')
		key = strings.Trim(at[i+1:]+"."+key, ".")
		if i < 0 {
			break
		}
		at = at[:i]
	}
	if p, ok := in.where[""]; ok {
		in.found(p, key, f.Text)
	}
}

// found names the column of key, or the row's first.
func (in *intake) found(p place, key string, text fault.Text) {
	column := p.table.Columns[0].Key
	for _, c := range p.table.Columns {
		if c.Key == key {
			column = key
		}
	}
	in.bad = append(in.bad, fault.Field{Name: cell(p.table, p.row, column), Text: text})
}

// page is one sheet.
type page interface {
	table() sheet.Table
	cells(*Pack) []map[string]string
	take(*intake, []sheet.Row)
	english() (name string, columns map[string]string)
	entries() []Entry
}

// sheetOf is a sheet whose rows are of type T.
type sheetOf[T any] struct {
	name, en string
	columns  []column[T]
	rows     func(*Pack) []T
	add      func(*Pack, T) (at string, bad string) // bad is the key of a column that leads nowhere
}

// column is one column: how a value becomes a cell and a cell a value.
type column[T any] struct {
	sheet.Column
	en   string
	get  func(*T) string
	set  func(*T, string) fault.Text
	list []Word // what may be chosen; nil: anything
	many bool   // several, with 、 between them
}

func (s sheetOf[T]) table() sheet.Table {
	t := sheet.Table{Name: s.name}
	for _, c := range s.columns {
		t.Columns = append(t.Columns, c.Column)
	}
	return t
}

func (s sheetOf[T]) english() (string, map[string]string) {
	out := map[string]string{}
	for _, c := range s.columns {
		out[c.Key] = c.en
	}
	return s.en, out
}

func (s sheetOf[T]) cells(p *Pack) []map[string]string {
	var out []map[string]string
	for _, row := range s.rows(p) {
		cells := map[string]string{}
		for _, c := range s.columns {
			cells[c.Key] = c.get(&row)
		}
		out = append(out, cells)
	}
	return out
}

func (s sheetOf[T]) take(in *intake, rows []sheet.Row) {
	t := s.table()
	for _, row := range rows {
		var v T
		for _, c := range s.columns {
			if text := row.Cells[c.Key]; text != "" {
				if bad := c.set(&v, text); bad.ZH != "" {
					in.wrong(t, row, c.Key, bad)
				}
			}
		}
		at, bad := s.add(in.pack, v)
		if bad != "" {
			in.wrong(t, row, bad, fault.Say("没有“%[1]s”", "there is no %[1]q", row.Cells[bad]))
			continue
		}
		in.where[at] = place{t, row}
	}
}
