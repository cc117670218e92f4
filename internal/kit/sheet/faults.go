package sheet

import (
	"cmp"
	"fmt"
	"slices"

	"chuangwei/internal/kit/fault"

	"github.com/xuri/excelize/v2"
)

// Limits of a file from outside.
const (
	mostBytes = 20 << 20
	mostPlain = 400 << 20 // unpacked
	mostRows  = 100_000
	mostFault = 200 // faults told at once
)

// Faults collects what is wrong, cell by cell: of a filled row's cell only
// what was said first, since the rest follows from it.
type Faults struct {
	list []fault.Field
	more int
	rows []int // of each fault, 0 where rows are no cells
	seen map[string]bool
}

func (f *Faults) at(table string, row, column int, zh, en string, args ...any) {
	cell, err := excelize.CoordinatesToCellName(column, row)
	if err != nil {
		cell = fmt.Sprintf("第%d行", row)
	}
	name := table + "!" + cell
	if row > 1 && f.seen[name] {
		return
	}
	if f.seen == nil {
		f.seen = map[string]bool{}
	}
	f.seen[name] = true
	f.add(row, name, zh, en, args...)
}

// At names the cell of a row in the column of a key.
func (f *Faults) At(t Table, row Row, key, zh, en string, args ...any) {
	at, ok := row.at[key]
	if !ok {
		at = slices.IndexFunc(t.Columns, func(c Column) bool { return c.Key == key }) + 1
	}
	f.at(t.Name, row.N, at, zh, en, args...)
}

// Named names what is wrong by a path of its own, where rows are no cells.
func (f *Faults) Named(name, zh, en string, args ...any) { f.add(0, name, zh, en, args...) }

func (f *Faults) add(row int, name, zh, en string, args ...any) {
	if len(f.list) == mostFault {
		f.more++
		return
	}
	f.list = append(f.list, fault.Field{Name: name, Text: fault.Say(zh, en, args...)})
	f.rows = append(f.rows, row)
}

// InOrder are faults of one table as somebody meets them who reads from above,
// whatever was looked at first.
func (f *Faults) InOrder() error {
	at := make([]int, len(f.list))
	for i := range at {
		at[i] = i
	}
	slices.SortStableFunc(at, func(a, b int) int { return cmp.Compare(f.rows[a], f.rows[b]) })
	sorted := Faults{more: f.more}
	for _, i := range at {
		sorted.list = append(sorted.list, f.list[i])
	}
	return sorted.Err()
}

// Err is all of it as one fault, or nil.
func (f *Faults) Err() error {
	if len(f.list) == 0 {
		return nil
	}
	n := len(f.list) + f.more
	out := fault.New(fault.Invalid, "sheet.cells", "有 %[1]d 处需要改正，没有导入任何内容。", "%[1]d cells need correcting; nothing was imported.", n)
	out.Fields = f.list
	return out
}
