// Package db runs one SQL text on SQLite and on PostgreSQL: PostgreSQL
// spelling with $1…, one writer per county at a time whose concurrent small
// writes share a commit, and readers that never wait. Engine differences
// exist only here.
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Engine names the database behind a DB.
type Engine string

const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// ErrNone is what One and Value return when no row matched.
var ErrNone = sql.ErrNoRows

// ErrClosed is returned by writes after Close.
var ErrClosed = errors.New("db: closed")

// Options say where the county's data is and what clock it lives by.
type Options struct {
	URL     string           // sqlite:PATH or postgres://…?search_path=SCHEMA
	Now     func() time.Time // defaults to time.Now
	Relaxed bool             // SQLite: no fsync; only for data that can be made again
	Readers int              // reader connections; defaults to 2×CPU, at least 4
	Log     *slog.Logger
}

// DB is one county's database.
type DB struct {
	engine Engine
	conns  conns
	now    func() time.Time
	log    *slog.Logger

	queue   chan *call
	closing chan struct{}
	stopped chan struct{} // closed when the writer has ended
	once    sync.Once

	migrated atomic.Bool
	memory   kept
}

// conns hands out an engine's connections, each within a transaction unless
// told otherwise.
type conns interface {
	reading(ctx context.Context, snapshot bool) (conn, error)
	// writing begins a transaction that holds the county's writer lock, once
	// the schema has one.
	writing(ctx context.Context, migrated bool) (conn, error)
	// done takes a connection back after its transaction.
	done(c conn)
	close() error
}

// Open connects, and starts the writer. It does not migrate.
func Open(ctx context.Context, o Options) (*DB, error) {
	d := &DB{now: o.Now, log: o.Log, queue: make(chan *call, 1024), closing: make(chan struct{}), stopped: make(chan struct{})}
	if d.now == nil {
		d.now = time.Now
	}
	if d.log == nil {
		d.log = slog.Default()
	}
	if o.Readers <= 0 {
		o.Readers = max(4, 2*runtime.NumCPU())
	}
	if err := d.open(ctx, o); err != nil {
		return nil, fmt.Errorf("db: open: %w", err)
	}
	go d.write()
	return d, nil
}

func (d *DB) open(ctx context.Context, o Options) (err error) {
	if path, ok := strings.CutPrefix(o.URL, "sqlite:"); ok {
		d.engine = SQLite
		d.conns, err = openLite(ctx, path, o.Readers, o.Relaxed)
		return err
	}
	u, err := url.Parse(o.URL)
	if err != nil || !strings.HasPrefix(u.Scheme, "postgres") {
		return fmt.Errorf("address must begin with sqlite: or postgres://")
	}
	d.engine = Postgres
	d.conns, err = openPostgres(ctx, u, o.Readers)
	return err
}

// Engine tells which engine answers.
func (d *DB) Engine() Engine { return d.engine }

// Now is the county's clock.
func (d *DB) Now() time.Time { return d.now() }

// Close waits for the running write group and closes every connection.
func (d *DB) Close() (err error) {
	d.once.Do(func() {
		close(d.closing)
		<-d.stopped
		err = d.conns.close()
	})
	return err
}

// Read runs fn on one consistent snapshot that cannot write.
func (d *DB) Read(ctx context.Context, fn func(*Tx) error) error { return d.read(ctx, true, fn) }

// Glance is Read without the snapshot: each statement sees what has been
// committed when it runs. It saves the work of one statement two others.
func (d *DB) Glance(ctx context.Context, fn func(*Tx) error) error { return d.read(ctx, false, fn) }

func (d *DB) read(ctx context.Context, snapshot bool, fn func(*Tx) error) error {
	c, err := d.conns.reading(ctx, snapshot)
	if err != nil {
		return fmt.Errorf("db: read: %w", err)
	}
	defer d.conns.done(c)
	defer c.watch(ctx)()
	defer c.rollback()
	n := &numbers{}
	if snapshot && d.migrated.Load() {
		n.expect(c)
	}
	return fn(&Tx{ctx: ctx, c: c, db: d, now: d.now(), numbers: n, readOnly: true})
}
