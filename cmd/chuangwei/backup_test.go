package main

import (
	"context"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"chuangwei/internal/kit/blob"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/schema"
)

// until is the schema of an older program: nothing from the file named on.
type until struct {
	fs.FS
	first string
}

func (u until) Glob(pattern string) ([]string, error) {
	names, err := fs.Glob(u.FS, pattern)
	return slices.DeleteFunc(names, func(n string) bool { return n >= u.first }), err
}

func TestAnUpgradeIsBackedUpFirst(t *testing.T) {
	w := &where{Dir: t.TempDir()}
	log := slog.New(slog.DiscardHandler)
	d, _, err := w.connect(t.Context(), log, time.Now, false)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Migrate(t.Context(), until{schema.Files, "0003"}); err != nil {
		t.Fatal(err)
	}
	d.Close()
	c, err := w.open(t.Context(), log, time.Now, false)
	if err != nil {
		t.Fatal(err)
	}
	c.db.Close()
	names, err := filepath.Glob(filepath.Join(w.Dir, backupFolder, "before-0003*.zip"))
	if err != nil || len(names) != 1 {
		t.Fatal(names, err)
	}
	f, done, err := openBackup(names[0])
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	if len(f.Migrations) != 2 || f.WithPhotos {
		t.Errorf("%+v", f.Manifest)
	}
	if c, err = w.open(t.Context(), log, time.Now, false); err != nil { // nothing left to change: no second backup
		t.Fatal(err)
	}
	c.db.Close()
	if again, _ := filepath.Glob(filepath.Join(w.Dir, backupFolder, "*")); len(again) != 1 {
		t.Error(again)
	}
}

func TestABackupIsRestoredBesideItself(t *testing.T) {
	c := empty(t)
	if err := first(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	sum, _, err := c.blobs.Put(t.Context(), strings.NewReader("a photo nobody refers to"))
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "b.zip")
	if _, err := writeBackup(t.Context(), c.db, c.blobs, name); err != nil {
		t.Fatal(err)
	}
	other := t.TempDir()
	if err := (&restoreCmd{File: name, where: where{Dir: other}}).Run(t.Context(), slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	err = (&restoreCmd{File: name, where: where{Dir: other}}).Run(t.Context(), slog.New(slog.DiscardHandler))
	if fault.Code(err) != "backup.occupied" {
		t.Errorf("restored over a county: %v", err)
	}
	if err := (&rehearseCmd{File: name, Temp: t.TempDir()}).Run(t.Context()); err != nil {
		t.Errorf("rehearsal: %v", err)
	}
	restored, err := blob.Folder(filepath.Join(other, "photos"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := restored.Stat(t.Context(), sum); err == nil {
		t.Error("a photo that no table names came along")
	}
}

func TestOldUpgradeBackupsMakeRoom(t *testing.T) {
	dir := t.TempDir()
	for i := range backupsKept + 3 {
		name := filepath.Join(dir, "before-"+string(rune('a'+i))+".zip")
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		at := time.Unix(int64(1_800_000_000+i), 0)
		if err := os.Chtimes(name, at, at); err != nil {
			t.Fatal(err)
		}
	}
	if err := forgetOld(filepath.Join(dir, "before-*.zip")); err != nil {
		t.Fatal(err)
	}
	left, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(left) != backupsKept || filepath.Base(left[0]) != "before-d.zip" {
		t.Error(left, err)
	}
}

// examined is the grade of each thing the doctor looks at.
func examined(t *testing.T, c *county) map[string]grade {
	t.Helper()
	p := &patient{where: where{Dir: c.dir}, db: c.db, photos: c.blobs}
	out := map[string]grade{}
	for _, k := range checks {
		list, err := k.look(context.Background(), p)
		if err != nil {
			out[k.what] = wrong
		}
		for _, f := range list {
			out[k.what] = max(out[k.what], f.grade)
		}
	}
	return out
}

func TestTheDoctorSeesWhatIsMissing(t *testing.T) {
	c := empty(t)
	if err := first(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	was := examined(t, c)
	if was["database"] != fine || was["schema"] != fine || was["photos"] != fine || was["backup"] != look || was["people"] != wrong || was["register"] != look {
		t.Errorf("%v", was)
	}
	err := c.db.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(`INSERT INTO photos (sum, type, bytes, width, height, taken_at, source, who, arrived_at, looked_at, dhash, sign)
			VALUES ($1, 'image/jpeg', 1, 1, 1, 1, 'camera', 'w', 1, 1, '', '')`, strings.Repeat("a", 64))
		if err == nil {
			_, err = tx.Exec(`INSERT INTO stuck_events (follower, seq, error, at) VALUES ('f', 1, 'no', 1)`)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if is := examined(t, c); is["photos"] != wrong || is["work"] != wrong {
		t.Errorf("%v", is)
	}
}
