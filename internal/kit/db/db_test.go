package db_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/db/dbtest"
	"chuangwei/schema"
)

func TestArgumentsOutOfOrderAreNotSwapped(t *testing.T) {
	d := dbtest.New(t, nil)
	dbtest.Write(t, d, func(tx *db.Tx) error {
		_, err := tx.Exec(`INSERT INTO settings (value, name, changed_at) VALUES ($2, $1, $3)`, "name", "value", int64(1))
		return err
	})
	dbtest.Read(t, d, func(tx *db.Tx) error {
		got, err := db.Value[string](tx, `SELECT value FROM settings WHERE changed_at = $2 AND name = $1`, "name", int64(1))
		if got != "value" {
			t.Errorf("got %q", got)
		}
		return err
	})
}

func TestAFailedWriteLeavesNothing(t *testing.T) {
	d := dbtest.New(t, nil)
	boom := errors.New("boom")
	err := d.Write(context.Background(), func(tx *db.Tx) error {
		tx.After(func() { t.Error("After ran for a failed write") })
		if err := set(tx, "a", "1"); err != nil {
			return err
		}
		return boom
	})
	if !errors.Is(err, boom) {
		t.Fatalf("got %v", err)
	}
	if got := count(t, d); got != 0 {
		t.Fatalf("%d rows remain", got)
	}
}

func TestAPanicFailsOnlyItsOwnWrite(t *testing.T) {
	d := dbtest.New(t, nil)
	err := d.Write(context.Background(), func(tx *db.Tx) error { set(tx, "a", "1"); panic("oops") })
	if err == nil || !strings.Contains(err.Error(), "oops") {
		t.Fatalf("got %v", err)
	}
	dbtest.Write(t, d, func(tx *db.Tx) error { return set(tx, "b", "2") })
	if got := count(t, d); got != 1 {
		t.Fatalf("%d rows", got)
	}
}

// Concurrent writes share commits; each must still be all or nothing, and
// the counter must not lose an increment on either engine.
func TestConcurrentWritesShareACommitAndLoseNothing(t *testing.T) {
	d := dbtest.New(t, nil)
	var wg sync.WaitGroup
	var failed sync.Map
	for i := range 200 {
		wg.Go(func() {
			err := d.Write(context.Background(), func(tx *db.Tx) error {
				if err := set(tx, fmt.Sprint("k", i), "v"); err != nil {
					return err
				}
				if _, err := tx.Exec(`UPDATE numbers SET value = value + 1 WHERE name = 'event'`); err != nil {
					return err
				}
				if i%5 == 0 {
					return set(tx, fmt.Sprint("k", i), "again") // unique key: this write must vanish alone
				}
				return nil
			})
			if (err != nil) != (i%5 == 0) {
				t.Errorf("write %d: %v", i, err)
			}
			if err != nil {
				failed.Store(i, db.IsUnique(err))
			}
		})
	}
	wg.Wait()
	failed.Range(func(k, unique any) bool {
		if unique != true {
			t.Errorf("write %v: not recognised as a unique violation", k)
		}
		return true
	})
	dbtest.Read(t, d, func(tx *db.Tx) error {
		n, err := db.Value[int64](tx, `SELECT value FROM numbers WHERE name = 'event'`)
		if n != 160 || count(t, d) != 160 {
			t.Errorf("counter %d, rows %d, want 160", n, count(t, d))
		}
		return err
	})
}

func TestAReadSeesOneSnapshotAndCannotWrite(t *testing.T) {
	d := dbtest.New(t, nil)
	dbtest.Read(t, d, func(tx *db.Tx) error {
		before, err := db.Value[int64](tx, `SELECT count(*) FROM settings`)
		if err != nil {
			return err
		}
		dbtest.Write(t, d, func(w *db.Tx) error { return set(w, "x", "1") })
		after, err := db.Value[int64](tx, `SELECT count(*) FROM settings`)
		if before != after {
			t.Errorf("snapshot moved from %d to %d", before, after)
		}
		if _, werr := tx.Exec(`DELETE FROM settings`); werr == nil {
			t.Error("a read could write")
		}
		return err
	})
}

// A known worry: a cancelled write must not poison the next ones.
func TestCancelledWritesDoNotPoisonLaterOnes(t *testing.T) {
	d := dbtest.New(t, nil)
	done := 0
	for i := range 100 {
		ctx, cancel := context.WithCancel(context.Background())
		err := d.Write(ctx, func(tx *db.Tx) error {
			cancel() // the browser has gone; the write goes on
			return set(tx, fmt.Sprint(i), "v")
		})
		if err == nil {
			done++
		}
	}
	if got := count(t, d); got != done || done != 100 {
		t.Fatalf("%d acknowledged, %d stored", done, got)
	}
}

func TestMigrationsAreAppliedOnceAndNeverEdited(t *testing.T) {
	address := dbtest.URL(t)
	d := dbtest.Open(t, address, nil)
	if err := d.Migrate(context.Background(), schema.Files); err != nil {
		t.Fatalf("second run: %v", err)
	}
	edited := fstest.MapFS{"0001_kit.sql": {Data: []byte("CREATE TABLE other (a TEXT);")}}
	if err := d.Migrate(context.Background(), edited); err == nil || !strings.Contains(err.Error(), "changed after") {
		t.Fatalf("got %v", err)
	}
}

func TestProcessesThatStartAtOnceMigrateOneAfterTheOther(t *testing.T) {
	address := dbtest.URL(t)
	if strings.HasPrefix(address, "sqlite:") {
		t.Skip("SQLite keeps a second process out")
	}
	var each sync.WaitGroup
	for range 4 {
		d, err := db.Open(context.Background(), db.Options{URL: address, Readers: 1})
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		each.Go(func() {
			if err := d.Migrate(context.Background(), schema.Files); err != nil {
				t.Error(err)
			}
		})
	}
	each.Wait()
}

func TestWhatWasCommittedIsThereAfterReopening(t *testing.T) {
	address := dbtest.URL(t)
	d := dbtest.Open(t, address, func() time.Time { return time.UnixMilli(42) })
	dbtest.Write(t, d, func(tx *db.Tx) error { return set(tx, "a", "1") })
	d.Close()
	if err := d.Write(context.Background(), func(tx *db.Tx) error { return nil }); !errors.Is(err, db.ErrClosed) {
		t.Fatalf("write after close: %v", err)
	}
	dbtest.Read(t, dbtest.Open(t, address, nil), func(tx *db.Tx) error {
		at, err := db.Value[int64](tx, `SELECT changed_at FROM settings WHERE name = 'a'`)
		if at != 42 {
			t.Errorf("changed_at = %d", at)
		}
		return err
	})
}

func set(tx *db.Tx, name, value string) error {
	_, err := tx.Exec(`INSERT INTO settings (name, value, changed_at) VALUES ($1, $2, $3)`, name, value, tx.Now())
	return err
}

func count(t *testing.T, d *db.DB) int {
	t.Helper()
	var n int
	dbtest.Read(t, d, func(tx *db.Tx) (err error) {
		n, err = db.Value[int](tx, `SELECT count(*) FROM settings`)
		return err
	})
	return n
}
