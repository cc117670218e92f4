package pack

import (
	"maps"
	"slices"
	"strings"

	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/sheet"
)

// Edit is what a county writes into cells of one line, in the words of the
// workbook, in place of what stands there.
type Edit struct {
	Sheet string // its English name with hyphens: requirement, checklist-line
	Line  string // its id; of a band line/id, of the standard itself ""
	Cells map[string]string
}

// Entry is one cell of a line as a form shows it.
type Entry struct {
	Key, ZH, EN string
	Value       string // words of Choices, several with 、 between them
	Need        bool   // must not be empty
	Number      bool
	Many        bool // several words
	Fixed       bool // names the line or what it belongs to; never corrected in place
	Choices     []Word
}

// fixed are columns by which other lines find this one.
var fixed = []string{"id", "line"}

// keyOfSheet is how an Edit names a page.
func keyOfSheet(pg page) string {
	name, _ := pg.english()
	return strings.ReplaceAll(name, " ", "-")
}

// SheetName is the Chinese name of the sheet an Edit names, or "".
func (wb Workbook) SheetName(key string) string {
	if pg := wb.page(key); pg != nil {
		return pg.table().Name
	}
	return ""
}

// Columns are the columns of the sheet an Edit names, without values.
func (wb Workbook) Columns(key string) []Entry {
	if pg := wb.page(key); pg != nil {
		return pg.entries()
	}
	return nil
}

func (wb Workbook) page(key string) page {
	list := pages(wb.words)
	i := slices.IndexFunc(list, func(pg page) bool { return keyOfSheet(pg) == key })
	if i < 0 {
		return nil
	}
	return list[i]
}

// Line is a line of a pack cell by cell; ok is false when there is none.
func (wb Workbook) Line(p *Pack, key, line string) (out []Entry, ok bool) {
	pg := wb.page(key)
	if pg == nil {
		return nil, false
	}
	rows, _ := keyed(pg, p)
	cells, ok := rows[line]
	if !ok {
		return nil, false
	}
	out = pg.entries()
	for i := range out {
		out[i].Value = cells[out[i].Key]
	}
	return out, true
}

// With is the pack with edits made. What of them does not fit any more is left
// out and told, by column where it stands in an edited line.
func (wb Workbook) With(p *Pack, edits []Edit) (*Pack, []fault.Field) {
	in, _ := wb.edited(p, edits)
	return in.pack, in.bad
}

// Try is With for edits not made yet: it refuses, with everything wrong named
// by column, what leads nowhere or what Lint finds.
func (wb Workbook) Try(p *Pack, edits ...Edit) (*Pack, error) {
	in, columns := wb.edited(p, edits)
	for _, f := range Lint(in.pack, wb.words) {
		in.lint(f)
	}
	if len(in.bad) == 0 {
		return in.pack, nil
	}
	out := fault.New(fault.Invalid, "pack.line", "这样改不行，请看标出的各处。", "This cannot be; see what is marked.")
	for _, f := range in.bad {
		if key, ok := columns[f.Name]; ok {
			f.Name = key
		}
		out.Fields = append(out.Fields, f)
	}
	return nil, out
}

// edited takes the pack apart into rows, writes the edits into them and takes
// the rows in again; columns are the keys of the edited lines' cells.
func (wb Workbook) edited(p *Pack, edits []Edit) (in *intake, columns map[string]string) {
	list := pages(wb.words)
	in, columns = newIntake(), map[string]string{}
	rows, found := map[string][]sheet.Row{}, 0
	for _, pg := range list {
		t := pg.table()
		for i, cells := range pg.cells(p) {
			row := sheet.Row{N: i + 2, Cells: cells} // below the headings
			for _, e := range edits {
				if e.Sheet == keyOfSheet(pg) && e.Line == idOf(pg, cells) {
					in.write(t, row, e, columns)
					found++
				}
			}
			rows[t.Name] = append(rows[t.Name], row)
		}
	}
	if found < len(edits) {
		in.bad = append(in.bad, fault.Field{Name: "line", Text: fault.Say("标准包里没有这一行", "the pack has no such line")})
	}
	in.takeAll(list, rows)
	return in, columns
}

// write puts an edit's cells into a row.
func (in *intake) write(t sheet.Table, row sheet.Row, e Edit, columns map[string]string) {
	for _, c := range t.Columns {
		columns[cell(t, row, c.Key)] = c.Key
	}
	for _, key := range slices.Sorted(maps.Keys(e.Cells)) {
		i := slices.IndexFunc(t.Columns, func(c sheet.Column) bool { return c.Key == key })
		value := strings.TrimSpace(e.Cells[key])
		switch {
		case i < 0:
			in.bad = append(in.bad, fault.Field{Name: key, Text: fault.Say("没有这一栏", "there is no such column")})
		case slices.Contains(fixed, key) && value != row.Cells[key]:
			in.bad = append(in.bad, fault.Field{Name: key, Text: fault.Say("编号不能在这里改", "ids cannot be corrected in place")})
		case value == "" && t.Columns[i].Need:
			in.wrong(t, row, key, fault.Say("不能为空", "must not be empty"))
		default:
			row.Cells[key] = value
		}
	}
}

func (s sheetOf[T]) entries() []Entry {
	out := make([]Entry, len(s.columns))
	for i, c := range s.columns {
		out[i] = Entry{Key: c.Key, ZH: c.Title, EN: c.en, Need: c.Need, Number: c.Kind == sheet.Number, Many: c.many,
			Fixed: slices.Contains(fixed, c.Key), Choices: c.list}
	}
	return out
}
