package evidence

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"chuangwei/internal/kit/archive"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/job"
	"chuangwei/internal/kit/pdf"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/standard"
)

// MakeJob is the job that makes an archive.
const MakeJob = "evidence.archive"

// Archive is one export of the ledger in the prescribed order.
type Archive struct {
	ID, Pack         string
	FromYear, ToYear int
	State            string // waiting, making, ready or failed
	Done, Files      int    // while it is made, volumes through and volumes in all
	Bytes            int64  // of the whole file, known before it is written
	Manifest         string
	Why              fault.Text // it failed
	Who              string
	At, ReadyAt      int64
}

// ArchiveMade is the kind of event that vouches for a manifest.
const ArchiveMade = "archive.made"

// Made is what that event keeps.
type Made struct {
	Pack     string `json:"pack"`
	FromYear int    `json:"from_year"`
	ToYear   int    `json:"to_year"`
	Manifest string `json:"manifest"`
	Files    int    `json:"files"`
	Bytes    int64  `json:"bytes"`
}

// Order lets an archive be made.
func Order(tx *db.Tx, who org.Actor, a Archive) (Archive, error) {
	if err := who.May(org.ExportEvidence, org.Target{}); err != nil {
		return a, err
	}
	var c fault.Check
	c.That(a.ID != "", "id", "缺少编号", "the id is missing")
	c.That(a.FromYear >= 1990 && a.FromYear <= a.ToYear && a.ToYear <= a.FromYear+9 && a.ToYear <= tx.Time().Year()+1, "from_year", "年度不对，一次最多导出10年", "not years; at most ten at once")
	if err := c.Err(); err != nil {
		return a, err
	}
	if _, err := standard.PackByID(tx, a.Pack); err != nil {
		return a, err
	}
	a.State, a.Who, a.At = "waiting", who.ID, tx.Now()
	if err := insertArchive(tx, a); err != nil {
		return a, fmt.Errorf("evidence: archive: %w", err)
	}
	return a, job.Add(tx, "archive:"+a.ID, MakeJob, a.ID, tx.Time())
}

// Archives lists those that were ordered, newest first.
func Archives(tx *db.Tx, who org.Actor) ([]Archive, error) {
	if err := who.May(org.ExportEvidence, org.Target{}); err != nil {
		return nil, err
	}
	return archives(tx)
}

// ArchiveByID finds one for whoever may export.
func ArchiveByID(tx *db.Tx, who org.Actor, id string) (Archive, error) {
	if err := who.May(org.ExportEvidence, org.Target{}); err != nil {
		return Archive{}, err
	}
	return archiveByID(tx, id)
}

var noArchive = fault.New(fault.NotFound, "archive.none", "没有这份档案。", "There is no such archive.")

// MakeNow orders an archive and makes it while the caller waits, as a command
// does that has no workers. It comes back ready, or failed with its Why.
func (k Desk) MakeNow(ctx context.Context, d *db.DB, who org.Actor, a Archive) (Archive, error) {
	if err := d.Write(ctx, func(tx *db.Tx) error { _, err := Order(tx, who, a); return err }); err != nil {
		return a, err
	}
	if err := k.makeOrFail(ctx, d, a.ID); err != nil {
		return a, err
	}
	err := d.Read(ctx, func(tx *db.Tx) (err error) { a, err = archiveByID(tx, a.ID); return err })
	return a, err
}

// Make is the handler of MakeJob: it prints the catalogues, fixes the order of
// all files, and lets the log vouch for their sums.
func (k Desk) Make(ctx context.Context, d *db.DB, j job.Job) error {
	var id string
	if err := json.Unmarshal(j.Body, &id); err != nil {
		return fmt.Errorf("evidence: %w", err)
	}
	return k.makeOrFail(ctx, d, id)
}

// makeOrFail keeps with the archive why it could not be made.
func (k Desk) makeOrFail(ctx context.Context, d *db.DB, id string) error {
	err := k.make(ctx, d, id)
	if err == nil || ctx.Err() != nil {
		return err
	}
	why := fault.Say("没有做成：%[1]v", "it could not be made: %[1]v", err)
	if errors.Is(err, pdf.ErrNoFont) {
		why = fault.Say("服务器上没有可用的中文 TrueType 字体，请管理员安装字体或用 --font 指定", "the server has no TrueType font with Chinese characters; install one or name it with --font")
	}
	return d.Write(ctx, func(tx *db.Tx) error { return failArchive(tx, id, why) })
}

func (k Desk) make(ctx context.Context, d *db.DB, id string) error {
	fonts, err := k.Fonts()
	if err != nil {
		return err
	}
	press, err := fonts.Open()
	if err != nil {
		return err
	}
	b := &binder{Desk: k, ctx: ctx, db: d, press: press, names: map[string]int{}}
	if err := d.Read(ctx, func(tx *db.Tx) error { return b.gather(tx, id) }); err != nil {
		return err
	}
	if err := b.bind(); err != nil {
		return err
	}
	manifest := archive.Manifest(b.files)
	sum, _, err := k.Store.Put(ctx, bytes.NewReader(manifest))
	if err != nil {
		return err
	}
	made := Made{b.archive.Pack, b.archive.FromYear, b.archive.ToYear, sum, len(b.files), archive.Size(manifest, b.files)}
	return d.Write(ctx, func(tx *db.Tx) error {
		fresh, err := readyArchive(tx, id, made)
		if err != nil || !fresh { // made by another worker meanwhile
			return err
		}
		if err := putPrints(tx, id, b.printed); err != nil {
			return err
		}
		_, err = event.Add(tx, b.archive.Who, ArchiveMade, id, made)
		return err
	})
}

// Stream writes a ready archive, the same bytes each time.
func (k Desk) Stream(ctx context.Context, w io.Writer, a Archive) error {
	if a.State != "ready" {
		return fault.New(fault.Conflict, "archive.not_ready", "档案还在准备，请稍候。", "The archive is not ready yet.")
	}
	r, _, err := k.Store.Open(ctx, a.Manifest)
	if err != nil {
		return fmt.Errorf("evidence: archive: %w", err)
	}
	defer r.Close()
	manifest, err := io.ReadAll(r)
	if err != nil {
		return fmt.Errorf("evidence: archive: %w", err)
	}
	return archive.Write(ctx, w, manifest, timeOf(a.ReadyAt).In(calendar.Zone), func(ctx context.Context, sum string) (io.ReadCloser, error) {
		f, _, err := k.Store.Open(ctx, sum)
		return f, err
	})
}

// Vouched finds in the log's events what was made with a manifest; give it to
// proof.VerifyEach.
func Vouched(manifest string, found *Made) func(event.Event) {
	return func(e event.Event) {
		var m Made
		if e.Kind == ArchiveMade && json.Unmarshal(e.Body, &m) == nil && m.Manifest == manifest {
			*found = m
		}
	}
}
