package db

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// Kind is what a column holds, on either engine.
type Kind string

const (
	Text  Kind = "text"
	Int   Kind = "int" // also a truth as 0 and 1 on SQLite
	Real  Kind = "real"
	Truth Kind = "truth"
	Bytes Kind = "bytes"
)

// Column is one column of a table.
type Column struct {
	Name string `json:"name"`
	Kind Kind   `json:"kind"`
}

// Table is one table of the county's schema.
type Table struct {
	Name    string   `json:"name"`
	Columns []Column `json:"columns"`
}

const (
	liteCatalog = `SELECT m.name, p.name, p.type FROM sqlite_master m, pragma_table_info(m.name) p
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.rowid, p.cid`
	pgCatalog = `SELECT c.relname::text, a.attname::text, upper(format_type(a.atttypid, a.atttypmod)) FROM pg_class c
		JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' ORDER BY c.oid, a.attnum`
)

var kinds = map[string]Kind{"TEXT": Text, "INTEGER": Int, "BIGINT": Int, "REAL": Real, "DOUBLE PRECISION": Real, "BOOLEAN": Truth, "BYTEA": Bytes, "BLOB": Bytes}

// Tables lists the county's tables as they were made: what refers stands
// after what it refers to.
func Tables(tx *Tx) ([]Table, error) {
	q := liteCatalog
	if tx.db.engine == Postgres {
		q = pgCatalog
	}
	var out []Table
	type line struct{ table, column, kind string }
	err := Each(tx, func(r Row) (l line, err error) { err = r.Scan(&l.table, &l.column, &l.kind); return }, func(l line) error {
		kind, ok := kinds[l.kind]
		if !ok {
			return fmt.Errorf("db: %s.%s has the unknown type %s", l.table, l.column, l.kind)
		}
		if len(out) == 0 || out[len(out)-1].Name != l.table {
			out = append(out, Table{Name: l.table})
		}
		t := &out[len(out)-1]
		t.Columns = append(t.Columns, Column{l.column, kind})
		return nil
	}, q)
	return out, err
}

func (t Table) names() string {
	var b strings.Builder
	for i, c := range t.Columns {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(`"` + c.Name + `"`)
	}
	return b.String()
}

// Count is the number of rows of t.
func (t Table) Count(tx *Tx) (int64, error) {
	return Value[int64](tx, `SELECT COUNT(*) FROM "`+t.Name+`"`)
}

// Each hands every row of t to fn, values in the order of the columns: int64,
// float64, bool, string, []byte or nil.
func (t Table) Each(tx *Tx, fn func(row []any) error) error {
	scan := func(r Row) ([]any, error) {
		row, into := make([]any, len(t.Columns)), make([]any, len(t.Columns))
		for i := range row {
			into[i] = &row[i]
		}
		return row, r.Scan(into...)
	}
	return Each(tx, scan, fn, `SELECT `+t.names()+` FROM "`+t.Name+`"`)
}

// paramsAtOnce keeps a statement below what either engine binds.
const paramsAtOnce = 8000

// Insert adds rows whose values stand in the order of the columns.
func (t Table) Insert(tx *Tx, rows [][]any) error {
	if len(t.Columns) == 0 {
		return fmt.Errorf("db: table %s without columns", t.Name)
	}
	if err := tx.forget(); err != nil { // t may be the numbers
		return err
	}
	most := max(1, paramsAtOnce/len(t.Columns))
	for len(rows) > 0 {
		n := min(most, len(rows))
		args := make([]any, 0, n*len(t.Columns))
		for _, row := range rows[:n] {
			args = append(args, row...)
		}
		if _, err := tx.Exec(`INSERT INTO "`+t.Name+`" (`+t.names()+`) VALUES `+tuples(n, len(t.Columns)), args...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// tuples writes ($1,$2),($3,$4)… for n rows of wide columns.
func tuples(n, wide int) string {
	var b strings.Builder
	for i := range n * wide {
		switch {
		case i == 0:
			b.WriteString("(")
		case i%wide == 0:
			b.WriteString("),(")
		default:
			b.WriteString(",")
		}
		b.WriteString("$" + strconv.Itoa(i+1))
	}
	return b.String() + ")"
}

// Empty removes every row of t.
func (t Table) Empty(tx *Tx) error {
	if err := tx.forget(); err != nil { // t may be the numbers
		return err
	}
	_, err := tx.Exec(`DELETE FROM "` + t.Name + `"`)
	return err
}

// Sound asks the engine whether its files are whole: SQLite looks through all
// of them, PostgreSQL answers for itself.
func (d *DB) Sound(ctx context.Context) error {
	return d.Read(ctx, func(tx *Tx) error {
		if d.engine == Postgres {
			_, err := Value[int64](tx, `SELECT 1`)
			return err
		}
		said, err := Values[string](tx, `PRAGMA quick_check(5)`)
		if err == nil && (len(said) != 1 || said[0] != "ok") {
			err = fmt.Errorf("db: %s", strings.Join(said, "; "))
		}
		return err
	})
}
