// Package sheet reads and writes tables as XLSX and CSV for people who work in
// spreadsheets: titles in Chinese, faults by sheet and cell, all at once, and
// nothing that a spreadsheet would take for a formula.
package sheet

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"chuangwei/internal/kit/fault"

	"github.com/xuri/excelize/v2"
)

// Kind is what a column holds.
type Kind int

const (
	Text Kind = iota
	Day       // YYYY-MM-DD; spreadsheets may show it as they like
	Number
	Yes    // 是 or nothing
	Moment // 2006-01-02 15:04
	Clock  // 15:04, a time of day; 24:00 is its end
)

// Column is one column of a table.
type Column struct {
	Key     string
	Title   string // as people see it
	Need    bool   // a row without it is wrong
	Kind    Kind
	Choices []string // for a drop-down; other words are wrong
	Hint    string   // shown when the cell is chosen
	Also    []string // other titles under which lists of other systems have it
}

// Table is one sheet.
type Table struct {
	Name    string // of the sheet
	Columns []Column
}

// Row is a row as it was read. Cells are trimmed text by key: days as
// YYYY-MM-DD, times of day as HH:MM, numbers with a point, yes as "是".
type Row struct {
	N     int // as the spreadsheet counts, the titles being row 1
	Cells map[string]string
	at    map[string]int // in which column of the sheet, from 1
	wrong bool
}

// Has reports whether the file has the column of a key at all.
func (r Row) Has(key string) bool { return r.at[key] > 0 }

// Wrong reports whether a cell was already said to be wrong.
func (r Row) Wrong() bool { return r.wrong }

// Write writes tables with their rows; a cell is given by the column's key.
func Write(w io.Writer, tables []Table, rows func(t Table, put func(map[string]string) error) error) error {
	f := excelize.NewFile()
	defer f.Close()
	for i, t := range tables {
		if i == 0 {
			if err := f.SetSheetName("Sheet1", t.Name); err != nil {
				return fmt.Errorf("sheet: %w", err)
			}
		} else if _, err := f.NewSheet(t.Name); err != nil {
			return fmt.Errorf("sheet: %w", err)
		}
		if err := writeTable(f, t, rows); err != nil {
			return fmt.Errorf("sheet: %s: %w", t.Name, err)
		}
	}
	if _, err := f.WriteTo(w); err != nil {
		return fmt.Errorf("sheet: %w", err)
	}
	return nil
}

func writeTable(f *excelize.File, t Table, rows func(Table, func(map[string]string) error) error) error {
	if err := assist(f, t); err != nil {
		return err
	}
	out, err := f.NewStreamWriter(t.Name)
	if err != nil {
		return err
	}
	head, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true, Color: "FFFFFF"}, Fill: excelize.Fill{Type: "pattern", Color: []string{"0E6B5C"}, Pattern: 1},
		Alignment: &excelize.Alignment{Vertical: "center"}})
	if err != nil {
		return err
	}
	plain, err := f.NewStyle(&excelize.Style{NumFmt: 49}) // text: codes keep their zeros
	if err != nil {
		return err
	}
	dates, err := dateStyles(f)
	if err != nil {
		return err
	}
	titles := make([]any, len(t.Columns))
	for i, c := range t.Columns {
		titles[i] = excelize.Cell{StyleID: head, Value: heading(c)}
		if err := out.SetColWidth(i+1, i+1, float64(max(12, min(40, 3*len([]rune(c.Title))+4)))); err != nil {
			return err
		}
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if err := out.SetRow("A1", titles, excelize.RowOpts{Height: 22}); err != nil {
		return err
	}
	n := 1
	err = rows(t, func(cells map[string]string) error {
		n++
		line := make([]any, len(t.Columns))
		for i, c := range t.Columns {
			line[i] = excelize.Cell{StyleID: plain, Value: cells[c.Key]} // as a string: never a formula
			if v, ok := c.counted(cells[c.Key]); ok {
				line[i] = excelize.Cell{StyleID: dates[c.Kind], Value: v}
			}
		}
		return out.SetRow("A"+strconv.Itoa(n), line)
	})
	if err != nil {
		return err
	}
	return out.Flush()
}

// dateForms are the columns that spreadsheets can count with, as they show them.
var dateForms = map[Kind]string{Day: "yyyy-mm-dd", Moment: "yyyy-mm-dd hh:mm", Clock: "[hh]:mm"}

// counted is a cell as spreadsheets count with it.
func (c Column) counted(text string) (any, bool) {
	switch c.Kind {
	case Day:
		at, err := time.Parse(time.DateOnly, text)
		return at, err == nil
	case Moment:
		at, err := time.Parse(momentForm, text)
		return at, err == nil
	case Clock:
		h, m, _ := strings.Cut(clock(text), ":")
		hours, err1 := strconv.Atoi(h)
		mins, err2 := strconv.Atoi(m)
		return float64(hours*60+mins) / minutesOfDay, err1 == nil && err2 == nil
	}
	return nil, false
}

func dateStyles(f *excelize.File) (map[Kind]int, error) {
	out := map[Kind]int{}
	for kind, form := range dateForms {
		id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &form})
		if err != nil {
			return nil, err
		}
		out[kind] = id
	}
	return out, nil
}

// heading marks what must be filled in.
func heading(c Column) string {
	if c.Need {
		return c.Title + "*"
	}
	return c.Title
}

// assist adds drop-downs and hints to the empty rows.
func assist(f *excelize.File, t Table) error {
	for i, c := range t.Columns {
		letter, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		v := excelize.NewDataValidation(true)
		v.Sqref = letter + "2:" + letter + "5000"
		if c.Kind == Yes {
			c.Choices = []string{"是"}
		}
		if len(c.Choices) > 0 && len(strings.Join(c.Choices, ",")) < 250 {
			if err := v.SetDropList(c.Choices); err != nil {
				return err
			}
		}
		if c.Hint != "" {
			v.SetInput(c.Title, c.Hint)
		}
		if len(c.Choices) == 0 && c.Hint == "" {
			continue
		}
		if err := f.AddDataValidation(t.Name, v); err != nil {
			return err
		}
	}
	return nil
}

// Read reads the tables of an XLSX file. Sheets may be missing and columns may
// stand in any order; an unknown column or a wrong cell is a fault, and all of
// them are told together, by sheet and cell.
func Read(r io.Reader, tables []Table) (map[string][]Row, error) {
	var bad Faults
	out, err := Look(r, tables, &bad)
	if err != nil {
		return nil, err
	}
	return out, bad.Err()
}

// Look is Read for who has more to say of the rows: the error is of the file
// as a whole, what is wrong with its cells is added to bad.
func Look(r io.Reader, tables []Table, bad *Faults) (map[string][]Row, error) {
	b, err := io.ReadAll(io.LimitReader(r, mostBytes+1))
	if err != nil {
		return nil, fmt.Errorf("sheet: %w", err)
	}
	if len(b) > mostBytes {
		return nil, fault.New(fault.Invalid, "sheet.large", "文件超过20MB，请分开导入。", "The file is larger than 20 MB; split it.")
	}
	f, err := open(b)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	out := map[string][]Row{}
	for _, name := range f.GetSheetList() {
		i := slices.IndexFunc(tables, func(t Table) bool { return t.Name == strings.TrimSpace(name) })
		if i < 0 {
			continue // people keep notes of their own
		}
		rows, err := readTable(f, name, tables[i], bad)
		if err != nil {
			return nil, err
		}
		out[tables[i].Name] = rows
	}
	if len(out) == 0 {
		return nil, fault.New(fault.Invalid, "sheet.none", "没有找到任何一张约定的工作表，请使用系统导出的模板。", "None of the agreed sheets is there; use the template this system writes.")
	}
	return out, nil
}

func open(b []byte) (f *excelize.File, err error) {
	defer func() { // a library that meets a hostile file
		if p := recover(); p != nil {
			err = notXLSX()
		}
	}()
	f, err = excelize.OpenReader(strings.NewReader(string(b)), excelize.Options{UnzipSizeLimit: mostPlain, UnzipXMLSizeLimit: 32 << 20, RawCellValue: true})
	if err != nil {
		return nil, notXLSX()
	}
	return f, nil
}

func notXLSX() error {
	return fault.New(fault.Invalid, "sheet.format", "这不是可用的 Excel 文件（.xlsx）。旧的 .xls 请先另存为 .xlsx。", "This is not a usable .xlsx file; save an old .xls as .xlsx first.")
}

func readTable(f *excelize.File, name string, t Table, bad *Faults) (rows []Row, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = notXLSX()
		}
	}()
	lines, err := f.Rows(name)
	if err != nil {
		return nil, notXLSX()
	}
	defer lines.Close()
	var at []int // the table's column of each column of the sheet, or -1
	for n := 1; lines.Next(); n++ {
		cells, err := lines.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return nil, notXLSX()
		}
		if n == 1 {
			at = t.titles(cells, bad)
			continue
		}
		if n > mostRows {
			return nil, fault.New(fault.Invalid, "sheet.rows", "工作表“%[1]s”超过 %[2]d 行，请分开导入。", "The sheet %[1]q has more than %[2]d rows; split it.", t.Name, mostRows)
		}
		if row, ok := t.row(n, cells, at, bad); ok {
			rows = append(rows, row)
		}
	}
	return rows, nil
}

// titles matches the first row with the columns.
func (t Table) titles(cells []string, bad *Faults) []int {
	at := make([]int, len(cells))
	seen := map[int]bool{}
	for i, c := range cells {
		title := strings.TrimSuffix(strings.TrimSpace(strings.TrimPrefix(c, "\ufeff")), "*")
		at[i] = slices.IndexFunc(t.Columns, func(c Column) bool { return c.Title == title || slices.Contains(c.Also, title) })
		switch {
		case title == "":
		case at[i] < 0:
			bad.at(t.Name, 1, i+1, "没有“%[1]s”这一列，请使用模板的列名", "there is no column %[1]q", clip(title))
		case seen[at[i]]:
			bad.at(t.Name, 1, i+1, "“%[1]s”这一列重复了", "the column %[1]q is there twice", clip(title))
		}
		seen[at[i]] = true
	}
	for i, c := range t.Columns {
		if c.Need && !seen[i] {
			bad.at(t.Name, 1, 1, "缺少“%[1]s”这一列", "the column %[1]q is missing", c.Title)
		}
	}
	return at
}

// row reads one line; ok is false for an empty one.
func (t Table) row(n int, cells []string, at []int, bad *Faults) (Row, bool) {
	row := Row{N: n, Cells: map[string]string{}, at: map[string]int{}}
	filled := false
	for i, col := range at {
		if col < 0 {
			continue
		}
		c, text := t.Columns[col], ""
		if i < len(cells) {
			text = cells[i]
		}
		row.at[c.Key] = i + 1
		text = strings.TrimSpace(text)
		if text == "" {
			row.Cells[c.Key] = "" // there, and empty: not the same as left out
			continue
		}
		filled = true
		v, zh, en := c.read(text)
		if zh != "" {
			bad.at(t.Name, n, i+1, zh, en, clip(c.shown(text)))
			row.wrong = true
		}
		row.Cells[c.Key] = v
	}
	if !filled {
		return row, false
	}
	for i, c := range t.Columns {
		if c.Need && row.Cells[c.Key] == "" && slices.Contains(at, i) {
			bad.at(t.Name, n, slices.Index(at, i)+1, "“%[1]s”必填", "%[2]s is required", c.Title, c.Key)
			row.wrong = true
		}
	}
	return row, true
}
