package db_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/db/dbtest"
)

const put = `INSERT INTO settings (name, value, changed_at) VALUES ($1, $2, $3)`

func TestWhatWasSentIsThereForTheNextQueryAndAfterTheCommit(t *testing.T) {
	d := dbtest.New(t, nil)
	dbtest.Write(t, d, func(tx *db.Tx) error {
		for i := range 3 {
			if err := tx.Send(put, fmt.Sprint(i), "v", tx.Now()); err != nil {
				return err
			}
		}
		n, err := db.Value[int](tx, `SELECT count(*) FROM settings`)
		if n != 3 {
			t.Errorf("the query saw %d rows", n)
		}
		if err := tx.Send(`UPDATE settings SET value = $1`, "w"); err != nil {
			return err
		}
		if n, err := tx.Exec(`DELETE FROM settings WHERE name = $1 AND value = $2`, "0", "w"); n != 1 || err != nil {
			t.Errorf("Exec changed %d: %v", n, err)
		}
		return err
	})
	if n := count(t, d); n != 2 {
		t.Errorf("%d rows after the commit", n)
	}
}

// An error of a statement that was sent fails its write and nothing else,
// wherever it comes to light, and says which statement it was.
func TestAnErrorOfWhatWasSentIsNeverLost(t *testing.T) {
	twice := func(tx *db.Tx) error { return errors.Join(tx.Send(put, "a", "1", 1), tx.Send(put, "a", "2", 2)) }
	for name, fn := range map[string]func(*db.Tx) error{
		"at the commit": twice,
		"at a query": func(tx *db.Tx) error {
			if err := twice(tx); err != nil {
				return err
			}
			_, err := db.Value[int](tx, `SELECT count(*) FROM settings`)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := dbtest.New(t, nil)
			err := d.Write(context.Background(), fn)
			if !db.IsUnique(err) || strings.Count(err.Error(), "db: ") != 1 || !strings.Contains(err.Error(), "INSERT INTO settings") {
				t.Errorf("got %v", err)
			}
			if n := count(t, d); n != 0 {
				t.Errorf("%d rows remain", n)
			}
			dbtest.Write(t, d, func(tx *db.Tx) error { return tx.Send(put, "a", "1", 1) })
		})
	}
}

// A failed statement of PostgreSQL takes its transaction along, heeded or not;
// SQLite goes on. Neither acknowledges what is not there.
func TestAWriteThatIgnoredAnErrorIsNotAcknowledgedInVain(t *testing.T) {
	d := dbtest.New(t, nil)
	err := d.Write(context.Background(), func(tx *db.Tx) error {
		if err := set(tx, "a", "1"); err != nil {
			return err
		}
		if set(tx, "a", "2") == nil {
			t.Error("two rows of one key")
		}
		return nil
	})
	if kept := count(t, d) == 1; kept != (err == nil) {
		t.Errorf("acknowledged with %v, kept: %v", err, kept)
	}
}

// together runs writes in one group: the first holds the writer until the
// others wait behind it.
func together(t *testing.T, d *db.DB, fns ...func(*db.Tx) error) []error {
	t.Helper()
	errs := make([]error, len(fns))
	started, goOn := make(chan bool), make(chan bool)
	var wait sync.WaitGroup
	wait.Go(func() {
		errs[0] = d.Write(context.Background(), func(tx *db.Tx) error { close(started); <-goOn; return fns[0](tx) })
	})
	<-started
	for i, fn := range fns[1:] {
		wait.Go(func() { errs[i+1] = d.Write(context.Background(), fn) })
		for db.Waiting(d) != i+1 {
			time.Sleep(time.Millisecond)
		}
	}
	close(goOn)
	wait.Wait()
	return errs
}

func TestAFailureInAGroupTakesNobodyAlong(t *testing.T) {
	for _, bad := range []int{1, 2} { // in the middle, and with the commit
		d := dbtest.New(t, nil)
		fns := make([]func(*db.Tx) error, 3)
		for i := range fns {
			fns[i] = func(tx *db.Tx) error {
				n, err := db.Next(tx, "case-2026")
				if err == nil {
					err = tx.Send(put, fmt.Sprint(n), "v", 1)
				}
				if err == nil && i == bad {
					err = tx.Send(put, fmt.Sprint(n), "again", 1)
				}
				return err
			}
		}
		for i, err := range together(t, d, fns...) {
			if (i == bad) != (err != nil) || i == bad && !db.IsUnique(err) {
				t.Errorf("bad %d: write %d: %v", bad, i, err)
			}
		}
		dbtest.Read(t, d, func(tx *db.Tx) error {
			names, err := db.Values[string](tx, `SELECT name FROM settings ORDER BY name`)
			last, nerr := db.Number(tx, "case-2026")
			if strings.Join(names, ",") != "1,2" || last != 2 {
				t.Errorf("bad %d: rows %v, last number %d: a number was lost or taken twice", bad, names, last)
			}
			return errors.Join(err, nerr)
		})
	}
}

func TestAnAnswerAskedForIsThereWithTheNextQuery(t *testing.T) {
	d := dbtest.New(t, nil)
	dbtest.Write(t, d, func(tx *db.Tx) error { return set(tx, "a", "1") })
	dbtest.Read(t, d, func(tx *db.Tx) error {
		n := -1
		if err := db.Ask(tx, &n, `SELECT count(*) FROM settings WHERE name = $1`, "a"); err != nil {
			return err
		}
		v, err := db.Value[string](tx, `SELECT value FROM settings WHERE name = $1`, "a")
		if n != 1 || v != "1" {
			t.Errorf("asked %d, queried %q", n, v)
		}
		return err
	})
}

func TestAGlanceReadsAndCannotWrite(t *testing.T) {
	d := dbtest.New(t, nil)
	err := d.Glance(context.Background(), func(tx *db.Tx) error {
		if _, err := db.Value[int](tx, `SELECT count(*) FROM settings`); err != nil {
			return err
		}
		dbtest.Write(t, d, func(w *db.Tx) error { return set(w, "x", "1") })
		n, err := db.Value[int](tx, `SELECT count(*) FROM settings`)
		if n != 1 {
			t.Errorf("saw %d rows", n)
		}
		if tx.Send(`DELETE FROM settings`) == nil || db.Touch(tx, "s") == nil {
			t.Error("a glance could write")
		}
		return err
	})
	if err != nil || count(t, d) != 1 {
		t.Errorf("%v, %d rows", err, count(t, d))
	}
}

// A reader who goes away breaks off what the database does for them, and the
// next one gets a sound connection.
func TestAReaderWhoLeavesIsNotServedToTheEnd(t *testing.T) {
	d := dbtest.New(t, nil)
	if d.Engine() == db.SQLite {
		t.Skip("a statement of SQLite runs to its end")
	}
	for range 5 {
		ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
		start := time.Now()
		err := d.Read(ctx, func(tx *db.Tx) error { _, err := db.Value[string](tx, `SELECT pg_sleep(30)::text`); return err })
		cancel()
		if err == nil || time.Since(start) > 10*time.Second {
			t.Errorf("after %v: %v", time.Since(start), err)
		}
		if n := count(t, d); n != 0 {
			t.Errorf("%d rows", n)
		}
	}
}
