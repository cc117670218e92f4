package db_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/db/dbtest"
)

type thing struct {
	id      string
	version int64
	text    string
}

// shelfOf reads all things by the shelf and says how many rows that loaded.
func shelfOf(tx *db.Tx) (out []thing, loaded int, err error) {
	keys, err := db.All(tx, db.ScanStamped, `SELECT id, version FROM things ORDER BY id`)
	if err != nil {
		return nil, 0, err
	}
	out, err = db.Shelf(tx, "things", keys, func(x thing) db.Stamped { return db.Stamped{ID: x.id, Version: x.version} }, func(ids []string) ([]thing, error) {
		loaded = len(ids)
		return db.All(tx, func(r db.Row) (x thing, err error) { return x, r.Scan(&x.id, &x.version, &x.text) },
			`SELECT id, version, text FROM things WHERE id IN `+db.In(1, len(ids))+` ORDER BY id DESC`, db.Args(ids)...)
	})
	return out, loaded, err
}

func TestAShelfKeepsRowsUntilTheyChange(t *testing.T) {
	d := dbtest.New(t, nil)
	set := func(id string, version int64, text string) func(tx *db.Tx) error {
		return func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO things (id, version, text) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET version = excluded.version, text = excluded.text`, id, version, text)
			return err
		}
	}
	dbtest.Write(t, d, func(tx *db.Tx) error {
		_, err := tx.Exec(`CREATE TABLE things (id TEXT PRIMARY KEY, version BIGINT NOT NULL, text TEXT NOT NULL)`)
		return err
	})
	want := func(loads int, texts ...string) {
		t.Helper()
		dbtest.Read(t, d, func(tx *db.Tx) error {
			list, loaded, err := shelfOf(tx)
			got := []string{}
			for _, x := range list {
				got = append(got, x.text)
			}
			if fmt.Sprint(got) != fmt.Sprint(texts) || loaded != loads {
				t.Errorf("%v with %d loaded, want %v with %d", got, loaded, texts, loads)
			}
			return err
		})
	}
	for _, id := range []string{"a", "b", "c"} {
		dbtest.Write(t, d, set(id, 1, id+"1"))
	}
	want(3, "a1", "b1", "c1")
	want(0, "a1", "b1", "c1")
	dbtest.Write(t, d, set("b", 2, "b2"))
	want(1, "a1", "b2", "c1")

	undone := errors.New("undone")
	err := d.Write(context.Background(), func(tx *db.Tx) error {
		if err := set("b", 3, "never")(tx); err != nil {
			return err
		}
		if list, _, err := shelfOf(tx); err != nil || list[1].text != "never" {
			t.Errorf("a write sees its own: %v %v", list, err)
		}
		return undone
	})
	if !errors.Is(err, undone) {
		t.Fatal(err)
	}
	dbtest.Write(t, d, set("b", 3, "b3")) // the same number as what was undone
	want(1, "a1", "b3", "c1")
}
