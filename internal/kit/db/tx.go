package db

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Tx is one unit of work: a snapshot to read, or a turn to write. It carries
// the context and the time of that unit, so neither is a parameter elsewhere.
type Tx struct {
	ctx      context.Context
	c        conn
	db       *DB
	now      time.Time
	call     *call
	numbers  *numbers
	readOnly bool
}

// Context is the unit's context.
func (tx *Tx) Context() context.Context { return tx.ctx }

// Time is the county's clock when the unit began.
func (tx *Tx) Time() time.Time { return tx.now }

// Now is Time in Unix milliseconds, the form of every _at column.
func (tx *Tx) Now() int64 { return tx.now.UnixMilli() }

// DB is the database this unit of work belongs to.
func (tx *Tx) DB() *DB { return tx.db }

// After runs f once the commit is durable; never when the unit fails.
func (tx *Tx) After(f func()) {
	if tx.call != nil {
		tx.call.after = append(tx.call.after, f)
	}
}

var errReadOnly = errors.New("db: write in a read")

// Exec runs a statement and tells how many rows it changed.
func (tx *Tx) Exec(q string, args ...any) (int64, error) {
	if err := tx.mayWrite(); err != nil {
		return 0, explain(q, err)
	}
	n, err := tx.c.exec(tx.db.text(q), args...)
	return n, explain(q, err)
}

// Send is Exec for when neither the number of rows nor the error matters to
// what comes next. PostgreSQL gets the statement along with the next one whose
// answer is awaited, at the latest with the commit, and its error is returned
// from there; the write fails as it would have here.
func (tx *Tx) Send(q string, args ...any) error {
	if err := tx.mayWrite(); err != nil {
		return explain(q, err)
	}
	return explain(q, tx.c.send(tx.db.text(q), args...))
}

func (tx *Tx) mayWrite() error {
	if tx.readOnly {
		return errReadOnly
	}
	return tx.ctx.Err()
}

func (tx *Tx) query(q string, args ...any) (rows, error) {
	if err := tx.ctx.Err(); err != nil {
		return nil, err
	}
	return tx.c.query(tx.db.text(q), args...)
}

// Row is what a scan function reads from.
type Row interface{ Scan(dst ...any) error }

// All scans every row of q.
func All[T any](tx *Tx, scan func(Row) (T, error), q string, args ...any) ([]T, error) {
	var out []T
	err := Each(tx, scan, func(t T) error { out = append(out, t); return nil }, q, args...)
	return out, err
}

// Each hands every row of q to fn as it arrives, for lists that must not be
// held in memory.
func Each[T any](tx *Tx, scan func(Row) (T, error), fn func(T) error, q string, args ...any) error {
	rows, err := tx.query(q, args...)
	if err != nil {
		return explain(q, err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := tx.ctx.Err(); err != nil {
			return explain(q, err)
		}
		t, err := scan(rows)
		if err != nil {
			return explain(q, err)
		}
		if err := fn(t); err != nil {
			return err
		}
	}
	return explain(q, rows.Err())
}

// One scans the first row of q, or returns ErrNone.
func One[T any](tx *Tx, scan func(Row) (T, error), q string, args ...any) (T, error) {
	var out T
	rows, err := tx.query(q, args...)
	if err != nil {
		return out, explain(q, err)
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return out, explain(q, err)
		}
		return out, ErrNone
	}
	if out, err = scan(rows); err != nil {
		return out, explain(q, err)
	}
	rows.Close()
	return out, explain(q, rows.Err())
}

// Value reads a single column of the first row of q, or returns ErrNone.
func Value[T any](tx *Tx, q string, args ...any) (T, error) {
	return One(tx, func(r Row) (t T, err error) { err = r.Scan(&t); return }, q, args...)
}

// Values reads a single column of every row of q.
func Values[T any](tx *Tx, q string, args ...any) ([]T, error) {
	return All(tx, func(r Row) (t T, err error) { err = r.Scan(&t); return }, q, args...)
}

// Ask is Value for an answer that is needed only after the next query: it is
// in dst then. PostgreSQL gets both questions at once.
func Ask[T any](tx *Tx, dst *T, q string, args ...any) error {
	if err := tx.ctx.Err(); err != nil {
		return explain(q, err)
	}
	return explain(q, tx.c.ask(func(r rows) error {
		if !r.Next() {
			return cmp.Or(r.Err(), ErrNone)
		}
		return r.Scan(dst)
	}, tx.db.text(q), args...))
}

// In writes "($from,$from+1,…)" for n arguments, since neither engine binds a
// list the way the other does. With n = 0 nothing matches.
func In(from, n int) string {
	if n == 0 {
		return "(NULL)"
	}
	var b strings.Builder
	for i := range n {
		b.WriteString(map[bool]string{true: "($", false: ",$"}[i == 0])
		b.WriteString(strconv.Itoa(from + i))
	}
	return b.String() + ")"
}

// Args turns a typed list into query arguments.
func Args[T any](list []T) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}

var texts sync.Map // PostgreSQL spelling → SQLite spelling

func (d *DB) text(q string) string {
	if d.engine == Postgres {
		return q
	}
	if t, ok := texts.Load(q); ok {
		return t.(string)
	}
	t := numbered(q)
	texts.Store(q, t)
	return t
}

// numbered rewrites $N to ?N outside quotes: SQLite numbers $N by first
// appearance, which would silently swap arguments.
func numbered(q string) string {
	var b strings.Builder
	quoted := false
	for i := 0; i < len(q); i++ {
		switch {
		case q[i] == '\'':
			quoted = !quoted
			b.WriteByte(q[i])
		case !quoted && q[i] == '$' && i+1 < len(q) && q[i+1] >= '1' && q[i+1] <= '9':
			b.WriteByte('?')
		default:
			b.WriteByte(q[i])
		}
	}
	return b.String()
}

// IsUnique reports whether err is a broken unique or primary key.
func IsUnique(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "23505"
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return lite.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || lite.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
	}
	return false
}

// IsFull reports whether err says that the database has no space left.
func IsFull(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "53100"
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return lite.Code()&0xff == sqlite3.SQLITE_FULL || lite.Code() == sqlite3.SQLITE_IOERR_SHMSIZE
	}
	return false
}

// failed is an error with the statement it came from.
type failed struct {
	q   string
	err error
}

func (f failed) Error() string {
	return fmt.Sprintf("db: %s: %v", strings.Join(strings.Fields(f.q), " "), f.err)
}

func (f failed) Unwrap() error { return f.err }

// explain names the statement of an error, unless that is known already.
func explain(q string, err error) error {
	var known failed
	if err == nil || errors.Is(err, ErrNone) || errors.As(err, &known) {
		return err
	}
	return failed{q, err}
}
