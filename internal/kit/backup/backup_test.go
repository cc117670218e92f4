package backup

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"chuangwei/internal/kit/blob"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/db/dbtest"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/proof"
	"chuangwei/schema"
)

var ctx = context.Background()

// county is a small one with odd values, photos and a proven log.
func county(t *testing.T) (*db.DB, blob.Store) {
	d := dbtest.New(t, nil)
	photos, err := blob.Folder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		sum, size, err := photos.Put(ctx, strings.NewReader(fmt.Sprintf("photo %d", i)))
		if err != nil {
			t.Fatal(err)
		}
		lat := any(22.778200000000001)
		if i == 0 {
			lat = nil
		}
		dbtest.Write(t, d, func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO photos (sum, type, bytes, width, height, taken_at, lat, source, who, arrived_at, looked_at, dhash, sign)
				VALUES ($1, 'image/jpeg', $2, 4, 3, $3, $4, 'camera', 'w', 1, 1, '', '')`, sum, size, int64(math.MaxInt64-int64(i)), lat)
			return err
		})
	}
	dbtest.Write(t, d, func(tx *db.Tx) error {
		for i := range 2*batchRows + 7 {
			if _, err := event.Add(tx, "w", "case.reported", "c", map[string]any{"n": i, "text": "垃圾 \"桶\"\n\\u0000 <b>\u2028"}); err != nil {
				return err
			}
		}
		_, err := tx.Exec(`INSERT INTO settings (name, value, changed_at) VALUES ('county.name', '青溪县 🏙', 7)`)
		return err
	})
	dbtest.Write(t, d, func(tx *db.Tx) error {
		signer, _, err := proof.Key(tx, "青溪县")
		if err == nil {
			_, _, err = proof.Extend(tx, 1<<20)
		}
		if err == nil {
			_, err = proof.Checkpoint(tx, signer, "青溪县")
		}
		return err
	})
	return d, photos
}

func backed(t *testing.T, d *db.DB, photos blob.Store) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := Write(ctx, d, photos, &b, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func opened(t *testing.T, b []byte) *File {
	t.Helper()
	f, err := Open(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// empty is a database without a schema, on the engine under test.
func empty(t *testing.T) *db.DB {
	t.Helper()
	d, err := db.Open(ctx, db.Options{URL: dbtest.URL(t), Readers: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// lines is every row of every table as the backup writes it.
func lines(t *testing.T, d *db.DB) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	dbtest.Read(t, d, func(tx *db.Tx) error {
		tables, err := db.Tables(tx)
		for _, table := range tables {
			if table.Name == "migrations" || err != nil {
				continue
			}
			err = table.Each(tx, func(row []any) error {
				b, err := encode(nil, row)
				out[table.Name] = append(out[table.Name], string(b))
				return err
			})
		}
		return err
	})
	return out
}

func TestARestoredCountyIsTheOneBackedUp(t *testing.T) {
	d, photos := county(t)
	b := backed(t, d, photos)
	into, err := blob.Folder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	e := empty(t)
	if err := opened(t, b).Restore(ctx, e, into, schema.Files, nil); err != nil {
		t.Fatal(err)
	}
	was, is := lines(t, d), lines(t, e)
	for name := range was {
		if strings.Join(was[name], "") != strings.Join(is[name], "") {
			t.Errorf("%s differs: %d rows, %d rows", name, len(was[name]), len(is[name]))
		}
	}
	if len(was["events"]) != 2*batchRows+7 || len(was) != len(is) {
		t.Errorf("%d events, %d tables of %d", len(was["events"]), len(is), len(was))
	}
	sums := 0
	err = photos.Walk(ctx, func(sum string, size int64, _ time.Time) error {
		sums++
		n, err := into.Stat(ctx, sum)
		if n != size {
			t.Errorf("photo %s: %d bytes of %d", sum, n, size)
		}
		return err
	})
	if err != nil || sums != 3 {
		t.Errorf("%d photos, %v", sums, err)
	}
}

func TestARehearsalProvesTheBackup(t *testing.T) {
	d, photos := county(t)
	b := backed(t, d, photos)
	r, err := opened(t, b).Rehearse(ctx, t.TempDir(), schema.Files, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !r.Log.OK || r.Events != 2*batchRows+7 || r.Photos != 3 || r.Rows < r.Events {
		t.Errorf("%+v", r)
	}
}

func TestARehearsalFindsAnAlteredEvent(t *testing.T) {
	d, photos := county(t)
	dbtest.Write(t, d, func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE events SET body = '{"n":0}' WHERE seq = 5`)
		return err
	})
	_, err := opened(t, backed(t, d, photos)).Rehearse(ctx, t.TempDir(), schema.Files, nil)
	if fault.Code(err) != "backup.log" {
		t.Errorf("%v", err)
	}
}

// rewritten is b with one entry passed through change; a nil answer leaves it out.
func rewritten(t *testing.T, b []byte, name string, change func([]byte) []byte) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(f.Name, name) {
			if body = change(body); body == nil {
				continue
			}
		}
		e, err := w.Create(f.Name)
		if err == nil {
			_, err = e.Write(body)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestADamagedBackupIsRefused(t *testing.T) {
	d, photos := county(t)
	whole := backed(t, d, photos)
	replace := func(old, new string) func([]byte) []byte {
		return func(b []byte) []byte { return bytes.Replace(b, []byte(old), []byte(new), 1) }
	}
	gone := func([]byte) []byte { return nil }
	for name, c := range map[string]struct {
		b    []byte
		code string
	}{
		"cut off":            {whole[:len(whole)/2], "backup.damaged"},
		"not a ZIP":          {[]byte("PK? no"), "backup.damaged"},
		"no manifest":        {rewritten(t, whole, manifestName, gone), "backup.damaged"},
		"another format":     {rewritten(t, whole, manifestName, replace(format, "chuangwei-backup-9")), "backup.format"},
		"a newer schema":     {rewritten(t, whole, manifestName, replace("0003_cases.sql", "9999_future.sql")), "backup.newer"},
		"a table missing":    {rewritten(t, whole, "tables/events", gone), "backup.damaged"},
		"a row changed":      {rewritten(t, whole, "tables/events", replace("case.reported", "case.rejected")), "backup.damaged"},
		"a row not a row":    {rewritten(t, whole, "tables/events", replace("[1,", `["one",`)), "backup.damaged"},
		"a row dropped":      {rewritten(t, whole, "tables/settings", gone), "backup.damaged"},
		"a photo altered":    {rewritten(t, whole, photoFolder, replace("photo", "phony")), "backup.damaged"},
		"photos gone":        {rewritten(t, whole, photoFolder, gone), "backup.damaged"},
		"a column of others": {rewritten(t, whole, manifestName, replace(`"dhash"`, `"dhush"`)), "backup.damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			into, err := blob.Folder(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			e := empty(t)
			f, err := Open(bytes.NewReader(c.b), int64(len(c.b)))
			if err == nil {
				err = f.Restore(ctx, e, into, schema.Files, nil)
			}
			if fault.Code(err) != c.code {
				t.Fatalf("%v", err)
			}
		})
	}
}

func TestABrokenOffRestoreIsNotTakenForACounty(t *testing.T) {
	d, photos := county(t)
	b := rewritten(t, backed(t, d, photos), photoFolder, func([]byte) []byte { return nil })
	into, err := blob.Folder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	e := empty(t)
	if err := opened(t, b).Restore(ctx, e, into, schema.Files, nil); fault.Code(err) != "backup.damaged" {
		t.Fatal(err)
	}
	dbtest.Read(t, e, func(tx *db.Tx) error {
		broken, err := Unfinished(tx)
		if !broken {
			t.Error("it passes for whole")
		}
		return err
	})
}

func TestNothingIsOverwritten(t *testing.T) {
	d, photos := county(t)
	if err := opened(t, backed(t, d, photos)).Restore(ctx, d, photos, schema.Files, nil); fault.Code(err) != "backup.occupied" {
		t.Errorf("%v", err)
	}
}

func TestWithoutPhotosOnlyTablesAreKept(t *testing.T) {
	d, _ := county(t)
	if f := opened(t, backed(t, d, nil)); f.Photos != 0 || f.WithPhotos || f.Rows() == 0 {
		t.Errorf("%+v", f.Manifest)
	}
}

func TestAPhotoWhoseBytesAreGoneIsNamed(t *testing.T) {
	d, photos := county(t)
	digest := sha256.Sum256([]byte("photo 1"))
	gone := hex.EncodeToString(digest[:])
	if err := photos.Delete(ctx, gone); err != nil {
		t.Fatal(err)
	}
	if f := opened(t, backed(t, d, photos)); len(f.Lost) != 1 || f.Lost[0] != gone || f.Photos != 2 {
		t.Errorf("%v, %d photos", f.Lost, f.Photos)
	}
}

// FuzzOpen gives Open and Restore files of strangers: an error, never a panic,
// never a county that passes for whole.
func FuzzOpen(f *testing.F) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	e, _ := z.Create(manifestName)
	_ = json.NewEncoder(e).Encode(Manifest{Format: format, Migrations: []db.Migration{{Name: "0001_kit.sql"}}})
	_ = z.Close()
	f.Add(b.Bytes())
	f.Add([]byte("PK\x05\x06"))
	f.Fuzz(func(t *testing.T, b []byte) {
		file, err := Open(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return
		}
		d, err := db.Open(ctx, db.Options{URL: "sqlite:" + filepath.Join(t.TempDir(), "c.db"), Readers: 1, Relaxed: true})
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		into, err := blob.Folder(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		if file.Restore(ctx, d, into, schema.Files, nil) == nil {
			return
		}
		_ = d.Read(ctx, func(tx *db.Tx) error { // an error is a county without tables
			n, err := event.Last(tx)
			if broken, _ := Unfinished(tx); err == nil && n > 0 && !broken {
				t.Error("half a backup passes for a county")
			}
			return err
		})
	})
}

func FuzzDecode(f *testing.F) {
	table := db.Table{Name: "t", Columns: []db.Column{{Name: "a", Kind: db.Text}, {Name: "b", Kind: db.Int}, {Name: "c", Kind: db.Real}, {Name: "d", Kind: db.Bytes}, {Name: "e", Kind: db.Truth}}}
	f.Add([]byte(`["x",1,1.5,"AAE=",1]`))
	f.Add([]byte(`[null,null,null,null,null]`))
	f.Fuzz(func(t *testing.T, line []byte) {
		row, err := decode(line, table)
		if err != nil {
			return
		}
		again, err := encode(nil, append([]any{}, row...))
		if err != nil {
			t.Fatal(err)
		}
		back, err := decode(again, table)
		if err != nil || fmt.Sprint(back) != fmt.Sprint(row) {
			t.Fatalf("%s → %s: %v", line, again, err)
		}
	})
}
