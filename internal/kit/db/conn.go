package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"net/url"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"
	_ "modernc.org/sqlite"             // driver "sqlite"
)

// conn is one database connection; on SQLite it keeps its prepared
// statements (pgx keeps its own).
type conn struct {
	c     *sql.Conn
	stmts map[string]*sql.Stmt // nil on PostgreSQL
	bad   bool                 // a transaction could not be ended cleanly
}

// keep bounds the statement cache of one connection; texts are constants,
// so only lists expanded in Go can ever reach it.
const keep = 512

func (c *conn) stmt(ctx context.Context, q string) (*sql.Stmt, error) {
	if s, ok := c.stmts[q]; ok {
		return s, nil
	}
	s, err := c.c.PrepareContext(ctx, q)
	if err != nil {
		return nil, err
	}
	if len(c.stmts) >= keep {
		for k, old := range c.stmts {
			old.Close()
			delete(c.stmts, k)
		}
	}
	c.stmts[q] = s
	return s, nil
}

// A statement of SQLite that has begun runs to its end: to watch a context
// meanwhile costs two goroutines a statement, a fifth of all a report costs.
// Tx looks at its context between statements and between rows instead.
var unwatched = context.Background()

func (c *conn) exec(ctx context.Context, q string, args ...any) (sql.Result, error) {
	if c.stmts == nil || len(args) == 0 {
		return c.c.ExecContext(ctx, q, args...)
	}
	s, err := c.stmt(ctx, q)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(unwatched, args...)
}

// steer runs one of the few statements that begin, mark and end transactions;
// SQLite keeps them prepared, since every unit of work needs several.
func (c *conn) steer(ctx context.Context, q string) error {
	if c.stmts == nil {
		_, err := c.c.ExecContext(ctx, q)
		return err
	}
	s, err := c.stmt(ctx, q)
	if err == nil {
		_, err = s.ExecContext(unwatched)
	}
	return err
}

func (c *conn) query(ctx context.Context, q string, args ...any) (*sql.Rows, error) {
	if c.stmts == nil {
		return c.c.QueryContext(ctx, q, args...)
	}
	s, err := c.stmt(ctx, q)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(unwatched, args...)
}

// end finishes a transaction even when the caller has gone away.
func (c *conn) end(how string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	err := c.steer(ctx, how)
	if err != nil {
		c.bad = true
	}
	return err
}

func (c *conn) close() {
	for _, s := range c.stmts {
		s.Close()
	}
	if c.bad { // tell database/sql to drop it rather than hand out an open transaction
		_ = c.c.Raw(func(any) error { return driver.ErrBadConn })
	}
	c.c.Close()
}

const pragmas = "_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)" +
	"&_pragma=foreign_keys(1)&_pragma=temp_store(MEMORY)&_pragma=cache_size(-8000)&_pragma=journal_size_limit(67108864)"

func (d *DB) openSQLite(ctx context.Context, path string, readers int, relaxed bool) error {
	how := pragmas
	if relaxed {
		how = strings.Replace(how, "synchronous(FULL)", "synchronous(OFF)", 1)
	}
	pool, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+how)
	if err != nil {
		return err
	}
	d.pool, d.readers = pool, make(chan *conn, readers)
	if d.writer, err = d.keptConn(ctx); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	for range readers {
		c, err := d.keptConn(ctx)
		if err != nil {
			return err
		}
		d.readers <- c
	}
	return nil
}

func (d *DB) keptConn(ctx context.Context) (*conn, error) {
	c, err := d.pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &conn{c: c, stmts: map[string]*sql.Stmt{}}, nil
}

func (d *DB) closeSQLite() {
	for range cap(d.readers) {
		(<-d.readers).close()
	}
	d.writer.close()
}

func (d *DB) openPostgres(ctx context.Context, u *url.URL, readers int) error {
	q := u.Query()
	for k, v := range map[string]string{"synchronous_commit": "on", "jit": "off", "timezone": "UTC"} {
		if q.Get(k) == "" {
			q.Set(k, v)
		}
	}
	u.RawQuery = q.Encode()
	pool, err := sql.Open("pgx", u.String())
	if err != nil {
		return err
	}
	pool.SetMaxOpenConns(readers + 1)
	pool.SetMaxIdleConns(readers + 1)
	d.pool = pool
	if schema := q.Get("search_path"); schema != "" {
		_, err = pool.ExecContext(ctx, `CREATE SCHEMA IF NOT EXISTS "`+schema+`"`)
	} else {
		err = pool.PingContext(ctx)
	}
	return err
}

func (d *DB) reader(ctx context.Context) (*conn, error) {
	if d.engine == Postgres {
		c, err := d.pool.Conn(ctx)
		return &conn{c: c}, err
	}
	select {
	case c := <-d.readers:
		return c, nil
	case <-d.closing:
		return nil, ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// release gives a reader back; one whose transaction did not end is replaced.
func (d *DB) release(c *conn) {
	if d.engine == Postgres {
		c.close()
		return
	}
	if c.bad {
		c.close()
		if fresh, err := d.keptConn(context.Background()); err == nil {
			c = fresh
		}
	}
	d.readers <- c
}
