package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"chuangwei/internal/kit/backup"
	"chuangwei/internal/kit/blob"
	"chuangwei/internal/kit/db"
	"chuangwei/schema"
)

type backupCmd struct {
	where
	Out        string `help:"File to write; a dated one in the folder backups beside the data when empty." short:"o"`
	TablesOnly bool   `help:"Leave the photos out."`
}

// Run backs a county up while it goes on working.
func (b *backupCmd) Run(ctx context.Context, log *slog.Logger) error {
	c, err := b.open(ctx, log, time.Now, false)
	if err != nil {
		return err
	}
	defer c.db.Close()
	name := b.Out
	if name == "" {
		name = filepath.Join(b.Dir, backupFolder, time.Now().Format("county-20060102-150405.zip"))
	}
	if err := prove(ctx, c.db, noJob); err != nil { // so that a rehearsal can verify all of the log
		return err
	}
	var photos blob.Store
	if !b.TablesOnly {
		photos = c.blobs
	}
	m, err := writeBackup(ctx, c.db, photos, name)
	if err != nil {
		return err
	}
	fmt.Printf("已备份到 %s：%d 行，%d 张照片。请用 chuangwei rehearse 演练一次。\nBacked up to %s: %d rows, %d photos. Rehearse it with chuangwei rehearse.\n",
		name, m.Rows(), m.Photos, name, m.Rows(), m.Photos)
	if len(m.Lost) > 0 {
		fmt.Printf("注意：%d 张照片有记录但文件不在。Note: the bytes of %d photos are missing: %s\n", len(m.Lost), len(m.Lost), strings.Join(m.Lost[:min(3, len(m.Lost))], " "))
	}
	return nil
}

// backupFolder holds backups beside the data until somebody carries them away.
const backupFolder = "backups"

// writeBackup writes under another name first: a file that bears its name is whole.
func writeBackup(ctx context.Context, d *db.DB, photos blob.Store, name string) (m backup.Manifest, err error) {
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return m, fmt.Errorf("backup: %w", err)
	}
	f, err := os.OpenFile(name+".part", os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return m, fmt.Errorf("backup: %w", err)
	}
	defer os.Remove(name + ".part") // gone already when all went well
	m, err = backup.Write(ctx, d, photos, f, long)
	if serr := f.Sync(); err == nil {
		err = serr
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(name+".part", name)
	}
	return m, err
}

// long shows how far a long run is, to a person at a terminal.
func long(what string, done, total int64) {
	if i, err := os.Stderr.Stat(); err != nil || i.Mode()&os.ModeCharDevice == 0 {
		return
	}
	fmt.Fprintf(os.Stderr, "\r\033[K%s %d/%d", map[string]string{"tables": "数据表 tables", "photos": "照片 photos"}[what], done, total)
}

type restoreCmd struct {
	File string `arg:"" help:"The backup." type:"existingfile"`
	where
}

// Run fills an empty county from a backup, on either engine.
func (r *restoreCmd) Run(ctx context.Context, log *slog.Logger) error {
	f, done, err := openBackup(r.File)
	if err != nil {
		return err
	}
	defer done()
	d, photos, err := r.connect(ctx, log, time.Now, false)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := f.Restore(ctx, d, photos, schema.Files, long); err != nil {
		return err
	}
	fmt.Printf("已恢复 %s 的备份：%d 行，%d 张照片。\nRestored: %d rows, %d photos.\n", f.At().Format("2006-01-02 15:04"), f.Rows(), f.Photos, f.Rows(), f.Photos)
	if !f.WithPhotos {
		fmt.Println("这份备份不含照片，请把原来的 photos 目录放回数据目录。It holds no photos: put the folder photos back into the data folder.")
	}
	return nil
}

func openBackup(name string) (*backup.File, func(), error) {
	r, err := os.Open(name)
	if err != nil {
		return nil, nil, fmt.Errorf("backup: %w", err)
	}
	i, err := r.Stat()
	if err != nil {
		return nil, nil, fmt.Errorf("backup: %w", err)
	}
	f, err := backup.Open(r, i.Size())
	if err != nil {
		r.Close()
	}
	return f, func() { r.Close() }, err
}

type rehearseCmd struct {
	File string `arg:"" help:"The backup to prove." type:"existingfile"`
	Temp string `help:"Folder with room for a whole county; the system's when empty."`
}

// Run restores a backup into a folder of its own, checks all of it, and removes it.
func (r *rehearseCmd) Run(ctx context.Context) error {
	f, done, err := openBackup(r.File)
	if err != nil {
		return err
	}
	defer done()
	dir, err := os.MkdirTemp(r.Temp, "chuangwei-rehearsal-*")
	if err != nil {
		return fmt.Errorf("rehearse: %w", err)
	}
	defer os.RemoveAll(dir)
	report, err := f.Rehearse(ctx, dir, schema.Files, long)
	if err != nil {
		return err
	}
	fmt.Printf("演练通过：%s 的备份可以恢复。%d 行、%d 张照片、%d 件事，用时 %.1f 秒。%s\nThe rehearsal passed: %d rows, %d photos, %d events in %.1f s. %s\n",
		f.At().Format("2006-01-02 15:04"), report.Rows, report.Photos, report.Events, report.Took.Seconds(), report.Log.Said.ZH,
		report.Rows, report.Photos, report.Events, report.Took.Seconds(), report.Log.Said.EN)
	return nil
}

// backupsKept is how many backups made before upgrades stay.
const backupsKept = 5

// beforeUpgrade keeps the tables as they were, when this program is about to
// change the schema of a county that is in use.
func (w *where) beforeUpgrade(ctx context.Context, d *db.DB, log *slog.Logger) error {
	had, missing, err := d.Pending(ctx, schema.Files)
	if err != nil || len(had) == 0 || len(missing) == 0 {
		return err
	}
	name := filepath.Join(w.Dir, backupFolder, "before-"+strings.TrimSuffix(missing[0], ".sql")+time.Now().Format("-20060102-150405.zip"))
	log.Info("backing the tables up before the schema changes", "file", name, "changes", missing)
	if _, err := writeBackup(ctx, d, nil, name); err != nil {
		return fmt.Errorf("backup before the upgrade: %w", err)
	}
	return forgetOld(filepath.Join(w.Dir, backupFolder, "before-*.zip"))
}

// forgetOld removes all but the newest backups that match.
func forgetOld(pattern string) error {
	names, err := filepath.Glob(pattern)
	if err != nil {
		return err
	}
	slices.SortFunc(names, func(a, b string) int { return modified(b).Compare(modified(a)) })
	for _, old := range names[min(len(names), backupsKept):] {
		if err := os.Remove(old); err != nil {
			return err
		}
	}
	return nil
}

// modified is when a file was last written, the zero time when it is gone.
func modified(name string) time.Time {
	i, err := os.Stat(name)
	if err != nil {
		return time.Time{}
	}
	return i.ModTime()
}
