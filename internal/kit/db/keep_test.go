package db_test

import (
	"context"
	"errors"
	"testing"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/db/dbtest"
)

// keptNumber reads what is kept of a number in settings under the stamp "n".
func keptNumber(tx *db.Tx) (string, error) {
	stamp, err := db.Stamp(tx, "n")
	if err != nil {
		return "", err
	}
	return db.Keep(tx, "n", stamp, func() (string, error) { return db.Value[string](tx, `SELECT value FROM settings WHERE name = 'n'`) })
}

func setNumber(tx *db.Tx, to string) error {
	_, err := tx.Exec(`INSERT INTO settings (name, value, changed_at) VALUES ('n', $1, 0) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, to)
	return errors.Join(err, db.Touch(tx, "n"))
}

func TestWhatIsKeptFollowsEveryChange(t *testing.T) {
	d := dbtest.New(t, nil)
	see := func(tx *db.Tx, want string) {
		t.Helper()
		if got, err := keptNumber(tx); err != nil || got != want {
			t.Errorf("kept %q, want %q, %v", got, want, err)
		}
	}
	dbtest.Write(t, d, func(tx *db.Tx) error { return setNumber(tx, "one") })
	dbtest.Read(t, d, func(tx *db.Tx) error { see(tx, "one"); return nil })
	changed := errors.New("changed my mind")
	err := d.Write(context.Background(), func(tx *db.Tx) error {
		see(tx, "one")
		if err := setNumber(tx, "two"); err != nil {
			return err
		}
		see(tx, "two") // its own change, in the same unit of work
		return changed
	})
	if !errors.Is(err, changed) {
		t.Fatal(err)
	}
	dbtest.Read(t, d, func(tx *db.Tx) error { see(tx, "one"); return nil })
	dbtest.Write(t, d, func(tx *db.Tx) error { see(tx, "one"); return setNumber(tx, "three") })
	dbtest.Read(t, d, func(tx *db.Tx) error { see(tx, "three"); return nil })
}

func TestAReadEndsWhenNobodyWaitsForIt(t *testing.T) {
	d := dbtest.New(t, nil)
	dbtest.Write(t, d, func(tx *db.Tx) error {
		for _, name := range []string{"a", "b", "c"} {
			if _, err := tx.Exec(`INSERT INTO settings (name, value, changed_at) VALUES ($1, '', 0)`, name); err != nil {
				return err
			}
		}
		return nil
	})
	ctx, cancel := context.WithCancel(context.Background())
	seen := 0
	err := d.Read(ctx, func(tx *db.Tx) error {
		scan := func(r db.Row) (s string, err error) { return s, r.Scan(&s) }
		return db.Each(tx, scan, func(string) error { seen++; cancel(); return nil }, `SELECT name FROM settings ORDER BY name`)
	})
	if !errors.Is(err, context.Canceled) || seen != 1 {
		t.Errorf("%d rows, %v", seen, err)
	}
	for range 20 { // every reader is as good as before
		dbtest.Read(t, d, func(tx *db.Tx) error {
			n, err := db.Value[int](tx, `SELECT count(*) FROM settings`)
			if n != 3 {
				t.Errorf("%d rows", n)
			}
			return err
		})
	}
}
