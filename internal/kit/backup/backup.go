// Package backup writes a whole county into one ZIP file while it goes on
// working, and makes a county of either engine out of one. The file holds every
// table as lines of JSON, every photo as its bytes, and a manifest with counts
// and sums, so that it can be read and judged without this program.
package backup

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
)

// format names what this package writes; a change that an older program cannot
// read gets another name.
const format = "chuangwei-backup-1"

// Names inside the ZIP.
const (
	manifestName = "manifest.json"
	photoFolder  = "photos/"
)

func tableFile(t Table) string { return "tables/" + t.Name + ".jsonl" }

// Manifest says what a backup holds; it is the last entry of the file, so a
// file that was cut off has none.
type Manifest struct {
	Format     string         `json:"format"`
	MadeAt     int64          `json:"made_at"` // Unix milliseconds of the snapshot
	Engine     db.Engine      `json:"engine"`
	Migrations []db.Migration `json:"migrations"`
	Tables     []Table        `json:"tables"`
	WithPhotos bool           `json:"with_photos"`
	Photos     int64          `json:"photos"`
	PhotoBytes int64          `json:"photo_bytes"`
	Lost       []string       `json:"lost,omitempty"` // sums the tables name but whose bytes were not there
}

// Table is a table as a backup holds it.
type Table struct {
	db.Table
	Rows int64  `json:"rows"`
	Sum  string `json:"sum"` // SHA-256 of its lines in hex
}

// Rows is how many rows the backup holds altogether.
func (m Manifest) Rows() (n int64) {
	for _, t := range m.Tables {
		n += t.Rows
	}
	return n
}

// At is when the snapshot was taken.
func (m Manifest) At() time.Time { return time.UnixMilli(m.MadeAt) }

// Progress is told how far a long run is: what, how many of how many.
type Progress func(what string, done, total int64)

func (p Progress) tell(what string, done, total int64) {
	if p != nil {
		p(what, done, total)
	}
}

// encode appends one row as a line of JSON. Bytes become base64 and truths 0
// or 1, so that a line is the same from either engine.
func encode(b []byte, row []any) ([]byte, error) {
	for i, v := range row {
		if t, ok := v.(bool); ok {
			row[i] = map[bool]int{true: 1}[t]
		}
	}
	line, err := json.Marshal(row)
	return append(append(b, line...), '\n'), err
}

// decode reads a line back into values for the columns of t.
func decode(line []byte, t db.Table) ([]any, error) {
	d := json.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	var row []any
	if err := d.Decode(&row); err != nil {
		return nil, err
	}
	if d.More() {
		return nil, fmt.Errorf("more than one row on a line")
	}
	if len(row) != len(t.Columns) {
		return nil, fmt.Errorf("%d values for %d columns", len(row), len(t.Columns))
	}
	for i, c := range t.Columns {
		v, err := value(row[i], c.Kind)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.Name, err)
		}
		row[i] = v
	}
	return row, nil
}

func value(v any, k db.Kind) (any, error) {
	switch x := v.(type) {
	case nil:
		return nil, nil
	case string:
		if k == db.Text {
			return x, nil
		}
		if k == db.Bytes {
			var b []byte
			err := json.Unmarshal([]byte(strconv.Quote(x)), &b)
			return b, err
		}
	case json.Number:
		switch k {
		case db.Int:
			return x.Int64()
		case db.Truth:
			n, err := x.Int64()
			return n != 0, err
		case db.Real:
			return x.Float64()
		}
	}
	return nil, fmt.Errorf("%T is not %s", v, k)
}

// damaged is the fault of a file that is not a whole backup.
func damaged(zh, en string, args ...any) *fault.Fault {
	return fault.New(fault.Invalid, "backup.damaged", "备份文件不完整或已损坏："+zh+"。请换用另一份备份。", "The backup is incomplete or damaged: "+en+". Use another one.", args...)
}
