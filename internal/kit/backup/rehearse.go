package backup

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"time"

	"chuangwei/internal/kit/blob"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/proof"
)

// Report is what a rehearsal found.
type Report struct {
	Rows, Photos, Events int64
	Took                 time.Duration
	Log                  proof.Report // what a stranger's verification of the log said
}

// Rehearse restores f into dir, which must be empty, counts what came out
// against the manifest, and verifies the log of events. The caller removes dir.
func (f *File) Rehearse(ctx context.Context, dir string, schema fs.FS, tell Progress) (r Report, err error) {
	start := time.Now()
	d, err := db.Open(ctx, db.Options{URL: "sqlite:" + filepath.Join(dir, "county.db"), Relaxed: true})
	if err != nil {
		return r, err
	}
	defer d.Close()
	photos, err := blob.Folder(filepath.Join(dir, "photos"))
	if err != nil {
		return r, err
	}
	if err := f.Restore(ctx, d, photos, schema, tell); err != nil {
		return r, err
	}
	if r.Rows, err = f.counted(ctx, d); err != nil {
		return r, err
	}
	if r.Photos, err = countPhotos(ctx, photos); err != nil {
		return r, err
	}
	if r.Photos != f.Photos {
		return r, damaged("照片应有 %d 张，恢复出 %d 张", "%d photos were expected, %d came out", f.Photos, r.Photos)
	}
	if r.Log, err = proveLog(ctx, d); err != nil {
		return r, err
	}
	err = d.Read(ctx, func(tx *db.Tx) (err error) { r.Events, err = event.Last(tx); return err })
	r.Took = time.Since(start)
	return r, err
}

// counted counts the restored rows table by table.
func (f *File) counted(ctx context.Context, d *db.DB) (all int64, err error) {
	err = d.Read(ctx, func(tx *db.Tx) error {
		for _, t := range f.Tables {
			n, err := t.Count(tx)
			if err != nil {
				return err
			}
			if n < t.Rows { // migrations may have grown
				return damaged("表 %s 应有 %d 行，恢复出 %d 行", "%s should hold %d rows, %d came out", t.Name, t.Rows, n)
			}
			all += t.Rows
		}
		return nil
	})
	return all, err
}

func countPhotos(ctx context.Context, s blob.Store) (n int64, err error) {
	err = s.Walk(ctx, func(string, int64, time.Time) error { n++; return nil })
	return n, err
}

// proveLog exports the restored log and verifies it as a stranger would.
func proveLog(ctx context.Context, d *db.DB) (proof.Report, error) {
	var none proof.Report
	r, w := io.Pipe()
	written := make(chan error, 1)
	go func() {
		out := bufio.NewWriter(w)
		err := d.Read(ctx, func(tx *db.Tx) error { return proof.Export(tx, out) })
		if err == nil {
			err = out.Flush()
		}
		w.CloseWithError(err)
		written <- err
	}()
	report, err := proof.Verify(r, "", "")
	r.CloseWithError(io.ErrClosedPipe)
	if werr := <-written; werr != nil && err == nil && report.OK {
		err = werr
	}
	if f, ok := fault.As(err); ok && f.Code == "proof.unsigned" { // a county so young that nothing was signed yet
		return proof.Report{Said: f.Text}, nil
	}
	if err != nil {
		return none, fmt.Errorf("backup: verify the restored log: %w", err)
	}
	if !report.OK {
		return report, fault.New(fault.Invalid, "backup.log", "恢复出的事件日志没有通过验证：%s", "The restored log of events does not verify: %s", report.Said.ZH).
			In("log", "%s", "%s", report.Said.EN)
	}
	return report, nil
}
