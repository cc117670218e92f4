// Package album knows the photos that have arrived: their bytes lie in a blob
// store under their SHA-256, and what was read from them lies in rows. Reading
// happens in a job after arrival, never inside a write.
package album

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"time"

	"chuangwei/internal/kit/blob"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/job"
	"chuangwei/internal/kit/photo"
)

// Photo is one arrived photo with what the phone said of it. What the picture
// itself says is added when it has been looked at.
type Photo struct {
	Sum       string
	Type      string
	Bytes     int64
	TakenAt   int64 // Unix ms, 0 unknown
	Lat, Lon  *float64
	Accuracy  *float64 // metres
	Source    string   // camera, gallery or ""
	Who       string
	ArrivedAt int64
	LookedAt  int64
}

// LookJob is the kind of job that reads an arrived photo.
const LookJob = "album.look"

// MostBytes is the largest photo taken in.
const MostBytes = 25 << 20

// Arrive records bytes that lie in the store and orders them to be looked at.
// The same photo arriving again only renews its age, so that a collection that is
// under way does not take what a report is about to name.
func Arrive(tx *db.Tx, p Photo) error {
	p.ArrivedAt = tx.Now()
	fresh, err := insert(tx, p)
	if err != nil || !fresh {
		return err
	}
	return job.Add(tx, "look:"+p.Sum, LookJob, p.Sum, tx.Time())
}

// NotPhoto is the fault of bytes that are no photo we take.
func NotPhoto(err error) error {
	switch err {
	case photo.ErrHEIC:
		return fault.New(fault.Invalid, "photo.heic", "这是苹果 HEIC 格式，请在相机设置中选择“兼容性最佳”，或截图后再发。",
			"This is a HEIC picture; choose “most compatible” in the camera settings, or send a screenshot.")
	case photo.ErrTooLarge, photo.ErrTooManyPixels:
		return fault.New(fault.Invalid, "photo.large", "照片太大（最多25MB、5000万像素），请换一张。", "The photo is too large (25 MB, 50 megapixels at most).")
	}
	return fault.New(fault.Invalid, "photo.kind", "这个文件不是可用的照片，请用 JPEG 或 PNG。", "This file is not a usable photo; send JPEG or PNG.")
}

// Looker reads arrived photos.
type Looker struct{ Store blob.Store }

// Look is the handler of LookJob: it reads the picture and makes its copies.
func (l Looker) Look(ctx context.Context, d *db.DB, j job.Job) error {
	var sum string
	if err := json.Unmarshal(j.Body, &sum); err != nil {
		return fmt.Errorf("album: %w", err)
	}
	b, err := l.read(ctx, sum)
	if err != nil {
		return fmt.Errorf("album: look: %w", err)
	}
	names := slices.Sorted(maps.Keys(Copies))
	longest := make([]int, len(names))
	for i, name := range names {
		longest[i] = Copies[name]
	}
	facts, copies, err := photo.LookAndCopy(b, longest...)
	if err != nil {
		return fmt.Errorf("album: look: %w", err)
	}
	for i, name := range names {
		if err := l.Store.PutDerived(ctx, sum, name, copies[i]); err != nil {
			return fmt.Errorf("album: %s: %w", name, err)
		}
	}
	return d.Write(ctx, func(tx *db.Tx) error { return lookedAt(tx, sum, facts) })
}

// Copies are the derived sizes in pixels of the longest side.
var Copies = map[string]int{"thumb": 320, "view": 1280}

// Copy returns a derived copy, making it when it is not there yet.
func (l Looker) Copy(ctx context.Context, sum, name string) ([]byte, error) {
	if b, err := l.Store.OpenDerived(ctx, sum, name); err == nil {
		return b, nil
	}
	b, err := l.read(ctx, sum)
	if err != nil {
		return nil, err
	}
	small, err := photo.Thumb(b, Copies[name])
	if err != nil {
		return nil, fmt.Errorf("album: %s: %w", name, err)
	}
	if err := l.Store.PutDerived(ctx, sum, name, small); err != nil {
		return nil, fmt.Errorf("album: %s: %w", name, err)
	}
	return small, nil
}

func (l Looker) read(ctx context.Context, sum string) ([]byte, error) {
	r, _, err := l.Store.Open(ctx, sum)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(io.LimitReader(r, MostBytes+1))
}

// CollectJob removes bytes no case refers to.
const CollectJob = "album.collect"

// keepUnused is how long bytes may lie unreferenced: a phone may have sent the
// photos of a report it cannot finish for weeks.
const keepUnused = 30 * 24 * time.Hour

// Collect is the handler of CollectJob.
func (l Looker) Collect(ctx context.Context, d *db.DB, _ job.Job) error {
	before := d.Now().Add(-keepUnused)
	_, err := blob.Collect(ctx, l.Store, before, func(ctx context.Context, sums []string) (used map[string]bool, err error) {
		err = d.Read(ctx, func(tx *db.Tx) (err error) { used, err = usedOf(tx, sums); return err })
		return used, err
	})
	if err != nil {
		return fmt.Errorf("album: collect: %w", err)
	}
	for _, table := range []string{"photos", "documents"} {
		if err := forget(ctx, d, table, before.UnixMilli()); err != nil {
			return fmt.Errorf("album: collect: %w", err)
		}
	}
	return nil
}

// forget removes the rows in photos or documents whose bytes may be gone, page
// by page, so that nobody who writes waits long.
func forget(ctx context.Context, d *db.DB, table string, before int64) error {
	for after := ""; ; {
		var page, gone []string
		err := d.Read(ctx, func(tx *db.Tx) (err error) {
			if page, err = oldOf(tx, table, before, after); err == nil {
				gone, err = unused(tx, page)
			}
			return err
		})
		if err == nil && len(gone) > 0 {
			err = d.Write(ctx, func(tx *db.Tx) error { return drop(tx, table, before, gone) })
		}
		if err != nil || len(page) < oldPage {
			return err
		}
		after = page[len(page)-1]
	}
}

// Regular is this package's part of the timetable.
var Regular = []job.Regular{{Kind: CollectJob, Every: 24 * time.Hour}}

func hexHash(h uint64) string { return fmt.Sprintf("%016x", h) }

// Hash reads a stored hash; ok is false while the photo has not been read.
func Hash(text string) (h uint64, ok bool) {
	h, err := strconv.ParseUint(text, 16, 64)
	return h, err == nil
}

// Sign reads a stored signature, or nil.
func Sign(text string) []byte {
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(b) == 0 {
		return nil
	}
	return b
}
