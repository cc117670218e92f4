package db

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"strconv"
)

// numbers are a county's counters and stamps as a unit of work knows them. The
// writer holds the county alone, so what it has read once stays true, and what
// it changes is written when it commits. No other statement writes their table.
type numbers struct {
	known   map[string]int64 // nil: not read yet
	early   map[string]int64 // asked for, perhaps not answered yet
	changed map[string]bool
}

const (
	allNumbers = `SELECT name, value FROM numbers`
	putNumber  = `INSERT INTO numbers (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`
)

// expect asks along with BEGIN where that saves a journey: nearly every unit
// of work needs the numbers.
func (n *numbers) expect(c conn) {
	if c.waits() {
		_ = n.ask(c) // what waits has not failed
	}
}

func (n *numbers) ask(c conn) error {
	into := map[string]int64{}
	n.early = into
	return c.ask(func(r rows) error {
		for r.Next() {
			var name string
			var value int64
			if err := r.Scan(&name, &value); err != nil {
				return err
			}
			into[name] = value
		}
		return r.Err()
	}, allNumbers)
}

func (n *numbers) read(tx *Tx) error {
	if n.known != nil {
		return nil
	}
	if n.early == nil {
		if err := n.ask(tx.c); err != nil {
			return explain(allNumbers, err)
		}
	}
	if err := tx.c.flush(); err != nil {
		return explain(allNumbers, err)
	}
	n.known, n.early, n.changed = n.early, nil, map[string]bool{}
	return nil
}

// clone is what a call that fails puts back; what has not been read yet is
// asked for anew.
func (n *numbers) clone() numbers {
	return numbers{known: maps.Clone(n.known), changed: maps.Clone(n.changed)}
}

// write sends what has changed.
func (n *numbers) write(c conn, text func(string) string) error {
	for name := range n.changed {
		if err := c.send(text(putNumber), name, n.known[name]); err != nil {
			return explain(putNumber, err)
		}
	}
	clear(n.changed)
	return nil
}

func (tx *Tx) put(name string, value int64) error {
	if tx.readOnly {
		return errReadOnly
	}
	if err := tx.numbers.read(tx); err != nil {
		return err
	}
	tx.numbers.known[name], tx.numbers.changed[name] = value, true
	return nil
}

// forget makes a unit of work read the numbers anew, after their table was
// written by itself.
func (tx *Tx) forget() error {
	err := tx.numbers.write(tx.c, tx.db.text)
	tx.numbers.known, tx.numbers.early = nil, nil
	return err
}

// Number is a counter's value, 0 before it has been counted.
func Number(tx *Tx, name string) (int64, error) {
	if err := tx.numbers.read(tx); err != nil {
		return 0, fmt.Errorf("db: number %s: %w", name, err)
	}
	return tx.numbers.known[name], nil
}

// Next counts up. Nobody else counts before this write has ended, and when it
// fails the number has not been taken.
func Next(tx *Tx, name string) (int64, error) {
	n, err := Number(tx, name)
	if err == nil {
		n++
		err = tx.put(name, n)
	}
	return n, err
}

// Touch says that what is kept under a stamp's name has changed. The new value
// is like no other: a counter would come again after a rollback, and with it
// what the failed write had kept.
func Touch(tx *Tx, name string) error { return tx.put("stamp-"+name, rand.Int64()) }

// Stamp is the mark of name's last change, for Keep.
func Stamp(tx *Tx, name string) (string, error) {
	n, err := Number(tx, "stamp-"+name)
	return strconv.FormatInt(n, 10), err
}
