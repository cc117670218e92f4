package db

import (
	"context"
	"errors"
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
// but the first has a savepoint of its own, so one that fails takes nobody
// along. The commit leaves with the last call's statements.
func (d *DB) group(first *call) {
	g, err := d.begin()
	if err != nil {
		first.answer <- fmt.Errorf("db: write: %w", err)
		return
	}
	defer d.conns.done(g.c)
	for each := first; each != nil; each = g.next() {
		g.add(each)
	}
	for _, each := range g.done {
		each.answer <- g.err
	}
}

// group is the calls that share a commit.
type group struct {
	db      *DB
	c       conn
	start   time.Time
	numbers numbers
	done    []*call // to be answered once it has ended
	ended   bool
	err     error // of all that is done
}

func (d *DB) begin() (*group, error) {
	ctx, cancel := context.WithTimeout(context.Background(), callTime)
	defer cancel()
	migrated := d.migrated.Load()
	c, err := d.conns.writing(ctx, migrated)
	if err != nil {
		return nil, err
	}
	g := &group{db: d, c: c, start: time.Now()}
	if migrated {
		g.numbers.expect(c)
	}
	return g, nil
}

// next takes a call that waits, while the group is open to it.
func (g *group) next() *call {
	if g.ended {
		return nil
	}
	return <-g.db.queue // nobody else takes from it, so full has seen one
}

// full reports whether the group ends with the call now run.
func (g *group) full() bool {
	return len(g.db.queue) == 0 || len(g.done)+1 >= groupSize || time.Since(g.start) >= groupTime
}

// add runs one call and waits until its statements have succeeded; those of
// the last together with the commit.
func (g *group) add(each *call) {
	before, inside := g.numbers.clone(), len(g.done) > 0
	ctx, cancel := context.WithTimeout(context.WithoutCancel(each.ctx), callTime)
	defer cancel()
	defer g.c.watch(ctx)()
	err := g.run(ctx, each, inside)
	g.ended = g.full()
	if err == nil {
		err = g.settle(inside)
	}
	switch {
	case err == nil:
		g.done = append(g.done, each)
	case errors.Is(err, errCommit) || !inside:
		g.done = append(g.done, each)
		g.fail(err)
	default:
		each.answer <- err
		g.numbers = before
		g.undo()
	}
}

func (g *group) run(ctx context.Context, each *call, inside bool) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("db: write panicked: %v\n%s", p, debug.Stack())
		}
	}()
	if inside {
		if err := g.c.send(savepoint); err != nil {
			return explain(savepoint, err)
		}
	}
	return each.fn(&Tx{ctx: ctx, c: g.c, db: g.db, now: g.db.now(), call: each, numbers: &g.numbers})
}

// settle hears what became of the statements sent.
func (g *group) settle(inside bool) error {
	if inside {
		if err := g.c.send(release); err != nil {
			return explain(release, err)
		}
	}
	if g.ended {
		return g.commit()
	}
	return g.c.flush()
}

// undo takes back what a later call did, and commits the others when it was the last.
func (g *group) undo() {
	_, err := g.c.exec(undo)
	if err == nil && g.ended {
		err = g.commit()
	}
	if err != nil {
		g.fail(err)
	}
}

func (g *group) commit() error {
	if err := g.numbers.write(g.c, g.db.text); err != nil {
		return commitFailed(err)
	}
	return g.c.commit()
}

// fail ends the group with nothing kept.
func (g *group) fail(err error) {
	g.err, g.ended = err, true
	g.c.rollback()
}
