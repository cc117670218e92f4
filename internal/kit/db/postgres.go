package db

import (
	"context"
	"errors"
	"net/url"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// pgConn is a connection to PostgreSQL. What is sent on it waits, and leaves
// in one piece with the next statement whose answer is awaited: the way through
// a socket and two schedulers costs more than most statements do.
type pgConn struct {
	c       *pgxpool.Conn
	waiting *pgx.Batch
	open    bool // BEGIN has left or waits
	begun   bool // something has left
	broken  bool // broken off by its context, perhaps this very moment
}

func (c *pgConn) send(q string, args ...any) error {
	c.waiting.Queue(q, args...)
	return nil
}

func (c *pgConn) exec(q string, args ...any) (int64, error) {
	if len(args) == 0 { // of the schema mostly, and seen once: not to be prepared
		if err := c.flush(); err != nil {
			return 0, err
		}
	}
	if c.waiting.Len() == 0 {
		tag, err := c.c.Exec(unwatched, q, args...)
		return tag.RowsAffected(), err
	}
	c.waiting.Queue(q, args...)
	tag, err := c.last()
	return tag.RowsAffected(), err
}

// last lets go what waits and tells of the last of it.
func (c *pgConn) last() (pgconn.CommandTag, error) {
	answers, err := c.leave(1)
	if err != nil {
		return pgconn.CommandTag{}, err
	}
	tag, err := answers.Exec()
	if end := answers.Close(); err == nil {
		err = end
	}
	return tag, err
}

func (c *pgConn) query(q string, args ...any) (rows, error) {
	if c.waiting.Len() == 0 {
		return c.c.Query(unwatched, q, args...)
	}
	c.waiting.Queue(q, args...)
	answers, err := c.leave(1)
	if err != nil {
		return nil, err
	}
	r, err := answers.Query()
	return lastRows{r, answers}, err
}

// lastRows are the rows of the last of several statements.
type lastRows struct {
	pgx.Rows
	answers pgx.BatchResults
}

func (r lastRows) Close() {
	r.Rows.Close()
	r.answers.Close()
}

func (c *pgConn) ask(fn func(rows) error, q string, args ...any) error {
	c.waiting.Queue(q, args...).Query(func(r pgx.Rows) error { return fn(r) })
	return nil
}

func (c *pgConn) waits() bool { return true }

func (c *pgConn) flush() error {
	if c.waiting.Len() == 0 {
		return nil
	}
	answers, err := c.leave(0)
	if err != nil {
		return err
	}
	return answers.Close()
}

// leave lets go what waits and hears all answers but the last few.
func (c *pgConn) leave(but int) (pgx.BatchResults, error) {
	b := c.waiting
	c.waiting, c.begun = &pgx.Batch{}, true
	answers := c.c.SendBatch(unwatched, b)
	for _, s := range b.QueuedQueries[:b.Len()-but] {
		if s.Fn == nil {
			s.Exec(func(pgconn.CommandTag) error { return nil })
		}
		if err := s.Fn(answers); err != nil {
			answers.Close()
			var early pgx.ErrPreprocessingBatch // before anything was run
			if errors.As(err, &early) {
				return nil, explain(early.SQL(), err)
			}
			return nil, explain(s.SQL, err)
		}
	}
	return answers, nil
}

func (c *pgConn) commit() error {
	c.waiting.Queue("COMMIT")
	tag, err := c.last()
	if known := (failed{}); errors.As(err, &known) {
		return err // of a statement before
	}
	if err == nil && tag.String() != "COMMIT" { // an error before was not heeded
		err = errors.New("the transaction had failed before")
	}
	if err != nil {
		return commitFailed(err)
	}
	return nil
}

func (c *pgConn) rollback() {
	c.waiting = &pgx.Batch{}
	if c.open && c.begun {
		_, _ = c.c.Exec(unwatched, "ROLLBACK") // the pool drops a connection whose transaction is open
	}
}

// watch sets a deadline that has passed: what runs fails, pgx tells the server
// to stop it, and the pool drops the connection.
func (c *pgConn) watch(ctx context.Context) func() {
	line := c.c.Conn().PgConn().Conn()
	stop := context.AfterFunc(ctx, func() { _ = line.SetDeadline(time.Unix(1, 0)) })
	return func() { c.broken = !stop() || c.broken }
}

// postgres is a pool of connections; the one that writes is one of them.
type postgres struct{ pool *pgxpool.Pool }

func openPostgres(ctx context.Context, u *url.URL, readers int) (*postgres, error) {
	q := u.Query()
	for k, v := range map[string]string{"synchronous_commit": "on", "jit": "off", "timezone": "UTC"} {
		if q.Get(k) == "" {
			q.Set(k, v)
		}
	}
	u.RawQuery = q.Encode()
	how, err := pgxpool.ParseConfig(u.String())
	if err != nil {
		return nil, err
	}
	how.MaxConns = int32(readers + 1)
	pool, err := pgxpool.NewWithConfig(ctx, how)
	if err != nil {
		return nil, err
	}
	if schema := q.Get("search_path"); schema != "" {
		_, err = pool.Exec(ctx, `CREATE SCHEMA IF NOT EXISTS `+pgx.Identifier{schema}.Sanitize())
	} else {
		err = pool.Ping(ctx)
	}
	if err != nil {
		pool.Close()
		return nil, err
	}
	return &postgres{pool}, nil
}

// lockCounty makes every process that writes to this county wait its turn;
// SQLite's BEGIN IMMEDIATE does the same. The row comes with the first migration.
const lockCounty = `SELECT value FROM numbers WHERE name = 'event' FOR UPDATE`

func (e *postgres) reading(ctx context.Context, snapshot bool) (conn, error) {
	if !snapshot {
		return e.take(ctx)
	}
	return e.begin(ctx, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
}

func (e *postgres) writing(ctx context.Context, migrated bool) (conn, error) {
	c, err := e.begin(ctx, "BEGIN")
	if err == nil && migrated {
		err = c.send(lockCounty)
	}
	return c, err
}

func (e *postgres) begin(ctx context.Context, how string) (conn, error) {
	c, err := e.take(ctx)
	if err != nil {
		return nil, err
	}
	c.open = true
	return c, c.send(how)
}

func (e *postgres) take(ctx context.Context) (*pgConn, error) {
	c, err := e.pool.Acquire(ctx)
	return &pgConn{c: c, waiting: &pgx.Batch{}}, err
}

func (e *postgres) done(c conn) {
	used := c.(*pgConn)
	if used.broken {
		used.c.Conn().PgConn().Conn().Close()
	}
	used.c.Release()
}

func (e *postgres) close() error {
	e.pool.Close()
	return nil
}
