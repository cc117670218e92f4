package db

import (
	"context"
	"errors"
	"fmt"
)

// conn is one connection to an engine, used by one unit of work at a time.
// After a failed statement of PostgreSQL only rollback and undo still work.
type conn interface {
	// exec runs a statement and tells how many rows it changed.
	exec(q string, args ...any) (int64, error)
	// send runs a statement whose count nobody needs. PostgreSQL gets it along
	// with the next statement whose answer is awaited, and its error is
	// returned there.
	send(q string, args ...any) error
	// query runs a statement and gives its rows, to be closed before the next.
	query(q string, args ...any) (rows, error)
	// ask runs a query for rows that can wait as long as what is sent; fn gets
	// them when they come.
	ask(fn func(rows) error, q string, args ...any) error
	// waits reports whether to ask early saves anything.
	waits() bool
	// flush hears the answers to all that was sent.
	flush() error
	// commit flushes and ends the transaction durably. An error that is an
	// errCommit took the whole transaction along; after any other it is open
	// to undo.
	commit() error
	// rollback ends the transaction and leaves nothing of it.
	rollback()
	// watch breaks off what runs on the connection when ctx ends before stop.
	watch(ctx context.Context) (stop func())
}

// rows is what both engines' results can do.
type rows interface {
	Row
	Next() bool
	Err() error
	Close()
}

// errCommit marks an error of the commit itself.
var errCommit = errors.New("commit")

func commitFailed(err error) error { return fmt.Errorf("db: %w: %w", errCommit, err) }

// A later call of a group runs behind a savepoint of its own.
const (
	savepoint = "SAVEPOINT s"
	release   = "RELEASE SAVEPOINT s"
	undo      = "ROLLBACK TO SAVEPOINT s"
)

// A statement that has begun runs to its end: to watch a context meanwhile
// costs two goroutines a statement on SQLite and one on PostgreSQL, a fifth of
// all a report costs. Tx looks at its context between statements and between
// rows instead, and PostgreSQL's connection is watched once a unit of work.
var unwatched = context.Background()
