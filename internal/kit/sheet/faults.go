package sheet

import (
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

// Faults collects what is wrong, cell by cell.
type Faults struct {
	list []fault.Field
	more int
}

func (f *Faults) at(table string, row, column int, zh, en string, args ...any) {
	cell, err := excelize.CoordinatesToCellName(column, row)
	if err != nil {
		cell = fmt.Sprintf("第%d行", row)
	}
	f.Named(table+"!"+cell, zh, en, args...)
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
func (f *Faults) Named(name, zh, en string, args ...any) {
	if len(f.list) == mostFault {
		f.more++
		return
	}
	f.list = append(f.list, fault.Field{Name: name, Text: fault.Say(zh, en, args...)})
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
