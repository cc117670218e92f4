package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"net/url"
	"strings"

	_ "modernc.org/sqlite" // driver "sqlite"
)

// liteConn is a connection to SQLite; it keeps its prepared statements.
type liteConn struct {
	c     *sql.Conn
	home  chan *liteConn // where it waits to be used
	stmts map[string]*sql.Stmt
	open  bool // within a transaction
	bad   bool // a transaction could not be ended cleanly
}

// keep bounds the statement cache of one connection; texts are constants,
// so only lists expanded in Go can ever reach it.
const keep = 512

func (c *liteConn) stmt(q string) (*sql.Stmt, error) {
	if s, ok := c.stmts[q]; ok {
		return s, nil
	}
	s, err := c.c.PrepareContext(unwatched, q)
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

func (c *liteConn) exec(q string, args ...any) (int64, error) {
	run := c.run
	if len(args) == 0 { // of the schema mostly, and seen once
		run = func(q string, _ ...any) (sql.Result, error) { return c.c.ExecContext(unwatched, q) }
	}
	res, err := run(q, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (c *liteConn) run(q string, args ...any) (sql.Result, error) {
	s, err := c.stmt(q)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(unwatched, args...)
}

func (c *liteConn) send(q string, args ...any) error {
	_, err := c.run(q, args...)
	return err
}

func (c *liteConn) query(q string, args ...any) (rows, error) {
	s, err := c.stmt(q)
	if err != nil {
		return nil, err
	}
	r, err := s.QueryContext(unwatched, args...)
	return liteRows{r}, err
}

// liteRows hides the error of Close, which Err has told before.
type liteRows struct{ *sql.Rows }

func (r liteRows) Close() { r.Rows.Close() }

func (c *liteConn) ask(fn func(rows) error, q string, args ...any) error {
	r, err := c.query(q, args...)
	if err != nil {
		return err
	}
	defer r.Close()
	return fn(r)
}

func (c *liteConn) waits() bool { return false }

func (c *liteConn) flush() error { return nil }

func (c *liteConn) begin(how string) error {
	err := c.send(how)
	c.open = err == nil
	return err
}

func (c *liteConn) commit() error {
	if err := c.send("COMMIT"); err != nil {
		return commitFailed(err)
	}
	c.open = false
	return nil
}

func (c *liteConn) rollback() {
	if c.open {
		c.bad, c.open = c.send("ROLLBACK") != nil, false
	}
}

func (c *liteConn) watch(context.Context) func() { return func() {} }

func (c *liteConn) close() {
	for _, s := range c.stmts {
		s.Close()
	}
	if c.bad { // tell database/sql to drop it rather than hand out an open transaction
		_ = c.c.Raw(func(any) error { return driver.ErrBadConn })
	}
	c.c.Close()
}

// lite is SQLite: readers that wait for nobody, and one connection that writes.
type lite struct {
	pool             *sql.DB
	readers, writers chan *liteConn
	closing          chan struct{}
}

const pragmas = "_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)" +
	"&_pragma=foreign_keys(1)&_pragma=temp_store(MEMORY)&_pragma=cache_size(-8000)&_pragma=journal_size_limit(67108864)"

func openLite(ctx context.Context, path string, readers int, relaxed bool) (*lite, error) {
	how := pragmas
	if relaxed {
		how = strings.Replace(how, "synchronous(FULL)", "synchronous(OFF)", 1)
	}
	pool, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+how)
	if err != nil {
		return nil, err
	}
	e := &lite{pool: pool, readers: make(chan *liteConn, readers), writers: make(chan *liteConn, 1), closing: make(chan struct{})}
	for _, home := range []chan *liteConn{e.writers, e.readers} {
		for range cap(home) {
			c, err := e.conn(ctx, home)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", path, err)
			}
			home <- c
		}
	}
	return e, nil
}

func (e *lite) conn(ctx context.Context, home chan *liteConn) (*liteConn, error) {
	c, err := e.pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &liteConn{c: c, home: home, stmts: map[string]*sql.Stmt{}}, nil
}

func (e *lite) reading(ctx context.Context, snapshot bool) (conn, error) {
	if !snapshot {
		return e.take(ctx, e.readers)
	}
	return e.begin(ctx, e.readers, "BEGIN DEFERRED")
}

func (e *lite) writing(ctx context.Context, _ bool) (conn, error) {
	return e.begin(ctx, e.writers, "BEGIN IMMEDIATE")
}

func (e *lite) begin(ctx context.Context, from chan *liteConn, how string) (conn, error) {
	c, err := e.take(ctx, from)
	if err != nil {
		return nil, err
	}
	if err := c.begin(how); err != nil {
		e.done(c)
		return nil, err
	}
	return c, nil
}

func (e *lite) take(ctx context.Context, from chan *liteConn) (*liteConn, error) {
	select {
	case c := <-from:
		return c, nil
	case <-e.closing:
		return nil, ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// done gives a connection back; one whose transaction did not end is replaced.
func (e *lite) done(used conn) {
	c := used.(*liteConn)
	if c.bad {
		c.close()
		if fresh, err := e.conn(context.Background(), c.home); err == nil {
			c = fresh
		}
	}
	c.home <- c
}

func (e *lite) close() error {
	close(e.closing)
	for _, home := range []chan *liteConn{e.readers, e.writers} {
		for range cap(home) {
			(<-home).close()
		}
	}
	return e.pool.Close()
}
