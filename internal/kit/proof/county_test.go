package proof

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/db/dbtest"
	"chuangwei/internal/kit/event"
)

// county is a database with a log, its key and what the tests ask of it.
type county struct {
	t   testing.TB
	d   *db.DB
	key string
}

func newCounty(t testing.TB) *county {
	c := &county{t: t, d: dbtest.New(t, nil)}
	c.write(func(tx *db.Tx) (err error) {
		_, c.key, err = Key(tx, "青山县")
		return err
	})
	return c
}

func (c *county) write(fn func(*db.Tx) error) { c.t.Helper(); dbtest.Write(c.t, c.d, fn) }

// exec runs one statement, as an intruder with the database's password would.
func (c *county) exec(q string, args ...any) {
	c.t.Helper()
	c.write(func(tx *db.Tx) error { _, err := tx.Exec(q, args...); return err })
}

// add appends n events and takes them into the tree.
func (c *county) add(n int) {
	c.t.Helper()
	c.happen(n)
	c.extend()
}

// happen appends n events.
func (c *county) happen(n int) {
	c.t.Helper()
	c.write(func(tx *db.Tx) error {
		last, err := event.Last(tx)
		for i := range n {
			if err != nil {
				return err
			}
			body := map[string]any{"n": last + int64(i) + 1, "text": "垃圾桶 \"满\" <b>\\\n", "where": []int{1, 2}}
			_, err = event.Add(tx, "p-1", "case.reported", fmt.Sprintf("c-%d", i%7), body)
		}
		return err
	})
}

// extend takes all events into the tree, in batches.
func (c *county) extend() {
	c.t.Helper()
	for more := true; more; {
		c.write(func(tx *db.Tx) (err error) { _, more, err = Extend(tx, 100); return err })
	}
}

// sign makes a checkpoint and returns it.
func (c *county) sign() (signed string) {
	c.t.Helper()
	c.write(func(tx *db.Tx) error {
		signer, _, err := Key(tx, "青山县")
		if err == nil {
			signed, err = Checkpoint(tx, signer, "qingshan.example/log")
		}
		return err
	})
	return signed
}

// grow adds events in the given numbers with a checkpoint after each.
func (c *county) grow(numbers ...int) *county {
	c.t.Helper()
	for _, n := range numbers {
		c.add(n)
		c.sign()
	}
	return c
}

func (c *county) export() string {
	c.t.Helper()
	var b bytes.Buffer
	dbtest.Read(c.t, c.d, func(tx *db.Tx) error { b.Reset(); return Export(tx, &b) })
	return b.String()
}

// clear empties the log, so that one database serves many random logs.
func (c *county) clear() {
	c.t.Helper()
	c.write(func(tx *db.Tx) error {
		var errs []error
		for _, q := range []string{`DELETE FROM events`, `DELETE FROM proof_hashes`, `DELETE FROM checkpoints`,
			`UPDATE numbers SET value = 0 WHERE name = 'event'`} {
			_, err := tx.Exec(q)
			errs = append(errs, err)
		}
		return errors.Join(errs...)
	})
}

func verify(t testing.TB, export, key, checkpoint string) Report {
	t.Helper()
	r, err := Verify(strings.NewReader(export), key, checkpoint)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// names fails unless r names exactly first.
func (r Report) names(t testing.TB, first int64) {
	t.Helper()
	if r.OK || !r.Certain || r.First != first || r.Until != first || r.LastGood != first-1 {
		t.Errorf("want event %d for certain, got %+v", first, r)
	}
}

// spans fails unless r names the range from first to until.
func (r Report) spans(t testing.TB, first, until int64) {
	t.Helper()
	if r.OK || r.Certain || r.First != first || r.Until != until || r.LastGood != first-1 {
		t.Errorf("want a range from %d to %d, got %+v", first, until, r)
	}
}

// rewrite alters an event and every hash of the tree to fit, as an intruder
// would who knows how the log is built. Only the signatures are beyond him.
func (c *county) rewrite(seq int64) {
	c.t.Helper()
	c.exec(`UPDATE events SET body = '{"n":"rewritten"}' WHERE seq = $1`, seq)
	c.exec(`DELETE FROM proof_hashes`)
	c.extend()
}
