package db

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"
)

// call is one write waiting for its turn in a group.
type call struct {
	ctx    context.Context
	fn     func(*Tx) error
	answer chan error
	after  []func()
}

const (
	groupSize = 64 // writes that may share one commit
	groupTime = 20 * time.Millisecond
	callTime  = 60 * time.Second // a write outlives a closed browser, but not for ever
)

// Write runs fn as one transaction, alone among the county's writers, and
// returns after its commit is durable. fn must be short and must not wait for
// anything outside the database. When fn fails nothing of it remains.
// Functions given to Tx.After run once the commit is durable.
func (d *DB) Write(ctx context.Context, fn func(*Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c := &call{ctx: ctx, fn: fn, answer: make(chan error, 1)}
	select {
	case d.queue <- c:
	case <-d.closing:
		return ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-c.answer:
		return d.finish(c, err)
	case <-d.stopped:
		return ErrClosed
	}
}

func (d *DB) finish(c *call, err error) error {
	if err == nil {
		for _, f := range c.after {
			f()
		}
	}
	return err
}

// write is the single writer of this process.
func (d *DB) write() {
	defer close(d.stopped)
	for {
		select {
		case c := <-d.queue:
			d.group(c)
		case <-d.closing:
			d.drain()
			return
		}
	}
}

func (d *DB) drain() {
	for {
		select {
		case c := <-d.queue:
			c.answer <- ErrClosed
		default:
			return
		}
	}
}

// group runs first and whatever is waiting behind it in one commit. Each call
// but the first has a savepoint of its own, so one that fails takes nobody along.
func (d *DB) group(first *call) {
	c, err := d.writing()
	if err != nil {
		first.answer <- fmt.Errorf("db: write: %w", err)
		return
	}
	defer d.doneWriting(c)
	if err := d.run(c, first); err != nil {
		_ = c.end("ROLLBACK")
		first.answer <- err
		return
	}
	done := []*call{first}
	for start := time.Now(); len(done) < groupSize && time.Since(start) < groupTime; {
		next := d.waiting()
		if next == nil {
			break
		}
		if d.runInside(c, next) {
			done = append(done, next)
		}
		if c.bad {
			break
		}
	}
	d.commit(c, done)
}

func (d *DB) waiting() *call {
	select {
	case c := <-d.queue:
		return c
	default:
		return nil
	}
}

func (d *DB) commit(c *conn, done []*call) {
	err := c.end("COMMIT")
	if err != nil {
		_ = c.end("ROLLBACK")
		err = fmt.Errorf("db: commit: %w", err)
	}
	for _, each := range done {
		each.answer <- err
	}
}

// runInside runs a later call of a group behind a savepoint and reports
// whether it joins the commit.
func (d *DB) runInside(c *conn, next *call) bool {
	ctx := context.WithoutCancel(next.ctx)
	if err := c.steer(ctx, "SAVEPOINT s"); err != nil {
		next.answer <- fmt.Errorf("db: savepoint: %w", err)
		return false
	}
	err := d.run(c, next)
	if err == nil {
		err = c.steer(ctx, "RELEASE SAVEPOINT s")
	}
	if err != nil {
		if undo := c.steer(ctx, "ROLLBACK TO SAVEPOINT s"); undo != nil {
			c.bad = true
		}
		next.answer <- err
		return false
	}
	return true
}

func (d *DB) run(c *conn, each *call) (err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(each.ctx), callTime)
	defer cancel()
	tx := &Tx{ctx: ctx, c: c, db: d, now: d.now(), call: each}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("db: write panicked: %v\n%s", p, debug.Stack())
		}
	}()
	return each.fn(tx)
}

// writing begins a write transaction that holds the county's writer lock.
func (d *DB) writing() (*conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), callTime)
	defer cancel()
	if d.engine == SQLite {
		return d.writer, d.begin(ctx, d.writer, "BEGIN IMMEDIATE")
	}
	sc, err := d.pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	c := &conn{c: sc}
	if err := d.begin(ctx, c, "BEGIN"); err != nil {
		c.close()
		return nil, err
	}
	if !d.migrated.Load() {
		return c, nil
	}
	if _, err := c.exec(ctx, lockCounty); err != nil {
		_ = c.end("ROLLBACK")
		c.close()
		return nil, err
	}
	return c, nil
}

// lockCounty makes every process that writes to this county wait its turn;
// SQLite's BEGIN IMMEDIATE does the same. The row comes with the first migration.
const lockCounty = `SELECT value FROM numbers WHERE name = 'event' FOR UPDATE`

func (d *DB) begin(ctx context.Context, c *conn, how string) error {
	return c.steer(ctx, how)
}

func (d *DB) doneWriting(c *conn) {
	if d.engine == Postgres {
		c.close()
		return
	}
	if c.bad {
		c.close()
		if fresh, err := d.keptConn(context.Background()); err == nil {
			d.writer = fresh
		}
	}
}
