package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"sync"
	"time"

	"chuangwei/internal/face/api"
	"chuangwei/internal/face/door"
	"chuangwei/internal/face/hook"
	"chuangwei/internal/face/meter"
	"chuangwei/internal/face/site"
	"chuangwei/internal/flow/cases"
	"chuangwei/internal/flow/evidence"
	"chuangwei/internal/kit/album"
	"chuangwei/internal/kit/blob"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/document"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/job"
	"chuangwei/internal/kit/pdf"
	"chuangwei/internal/kit/proof"
	"chuangwei/internal/kit/room"
	"chuangwei/internal/plan/roster"
	"chuangwei/web"

	"io/fs"
)

// county is one county put together: this file is the only wiring.
type county struct {
	db     *db.DB
	blobs  blob.Store
	log    *slog.Logger
	dir    string
	secure bool
	room   *room.Room

	proxies []netip.Prefix

	provider *door.Provider // the county's identity provider; nil: none
	font     string         // file or folder of fonts for archives; "" the system's

	closing chan struct{} // closed when the program stops
}

// followers are all reactions of the system to what happens.
func (c *county) followers() []event.Follower {
	return []event.Follower{{Name: "evidence", Kinds: evidence.Followed, Handle: evidence.Follow}}
}

// Jobs that belong to no noun.
const (
	proveJob = "proof.extend"
	sweepJob = "system.sweep"
	roomJob  = "system.room"
)

// worker is the short background work with the timetable.
func (c *county) worker() *job.Worker {
	w := &job.Worker{DB: c.db, Log: c.log, Handlers: map[string]job.Handler{
		album.CollectJob: album.Looker{Store: c.blobs}.Collect,
		cases.ClimbJob:   cases.Climbing,
		cases.DrawJob:    cases.Drawing,
		proveJob:         prove,
		sweepJob:         c.sweep,
		roomJob:          func(context.Context, *db.DB, job.Job) error { return c.room.TakeBack() },
	}}
	w.Table = append(w.Table, job.Regular{Kind: proveJob, Every: time.Minute}, job.Regular{Kind: sweepJob, Every: 24 * time.Hour},
		job.Regular{Kind: roomJob, Every: time.Minute})
	w.Table = append(w.Table, cases.Regular...)
	w.Table = append(w.Table, album.Regular...)
	return w
}

// looker looks at photos that have arrived. After a round hundreds of them
// wait; the ladder does not wait behind them.
func (c *county) looker() *job.Worker {
	return &job.Worker{DB: c.db, Log: c.log, Batch: 8, Handlers: map[string]job.Handler{album.LookJob: album.Looker{Store: c.blobs}.Look}}
}

// thinker is a worker of its own for what takes a minute, searches and
// archives, and for papers: photos and the ladder do not wait for it, nor it
// for them.
func (c *county) thinker() *job.Worker {
	return &job.Worker{DB: c.db, Log: c.log, Handlers: map[string]job.Handler{
		roster.SolveJob: roster.Solving, evidence.ReadJob: c.papers().ReadText, evidence.IndexJob: c.papers().Index, evidence.MakeJob: c.papers().Make,
	}}
}

// papers does the background work of the ledger. Documents are read by this
// program in a process aside.
func (c *county) papers() evidence.Desk {
	k := evidence.Desk{Store: c.blobs, Fonts: c.fonts}
	if own, err := os.Executable(); err == nil {
		k.Reader = document.Reader{Command: []string{own, "extract"}}
	}
	return k
}

// fonts are what archives are printed with: those named, those in a folder
// beside the program, or the system's.
func (c *county) fonts() (pdf.Fonts, error) {
	dirs := []string{".tools/fonts"} // make run
	if own, err := os.Executable(); err == nil {
		dirs = append(dirs, filepath.Join(filepath.Dir(own), "fonts"))
	}
	return pdf.Find(c.font, dirs...)
}

// proveBatch is how many events one write adds to the tree.
const proveBatch = 500

// prove adds what happened to the tree and signs its head.
func prove(ctx context.Context, d *db.DB, _ job.Job) error {
	for more := true; more; {
		err := d.Write(ctx, func(tx *db.Tx) (err error) {
			_, more, err = proof.Extend(tx, proveBatch)
			return err
		})
		if err != nil {
			return err
		}
	}
	return d.Write(ctx, func(tx *db.Tx) error {
		signer, _, err := proof.Key(tx, proofOrigin)
		if err == nil {
			_, err = proof.Checkpoint(tx, signer, proofOrigin)
		}
		return err
	})
}

// noJob is the job of a handler called by hand.
var noJob job.Job

// proofOrigin names our log in its checkpoints.
const proofOrigin = "chuangwei-county"

// sweep forgets what nobody needs: old finished jobs, unfinished uploads.
func (c *county) sweep(ctx context.Context, d *db.DB, _ job.Job) error {
	week := d.Now().Add(-7 * 24 * time.Hour)
	if err := api.SweepUploads(c.temp(), week); err != nil {
		return err
	}
	return d.Write(ctx, func(tx *db.Tx) error {
		_, err := job.Forget(tx, week)
		return errors.Join(err, hook.Forget(tx))
	})
}

func (c *county) temp() string { return filepath.Join(c.dir, "uploads") }

// handler is everything the county answers.
func (c *county) handler(m *meter.Meter) (http.Handler, error) {
	server := &api.Server{DB: c.db, Blobs: c.blobs, Log: c.log, Secure: c.secure, Temp: c.temp(), Room: c.room, Proxies: c.proxies, Observe: m.Observe, Closing: c.closing,
		Provider: c.provider}
	if _, err := c.fonts(); err == nil {
		server.Printable = true
	}
	calls, err := server.Handler()
	if err != nil {
		return nil, err
	}
	dist, err := fs.Sub(web.Dist, "dist")
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/api/", calls)
	mux.Handle("/", site.Handler(dist))
	mux.HandleFunc("GET /healthz", c.healthy)
	return mux, nil
}

// healthy answers when the database does.
func (c *county) healthy(w http.ResponseWriter, r *http.Request) {
	if err := c.db.Read(r.Context(), func(tx *db.Tx) error { _, err := event.Last(tx); return err }); err != nil {
		c.log.Error("not healthy", "err", err)
		http.Error(w, "数据库没有应答 / the database does not answer", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("ok\n")) // a prober that has gone needs nothing
}

// background runs followers and jobs until ctx ends.
func (c *county) background(ctx context.Context, running *sync.WaitGroup) {
	running.Go(func() { event.Run(ctx, c.db, c.log, c.followers()) })
	running.Go(func() { (&hook.Runner{DB: c.db, Log: c.log}).Run(ctx) })
	for range 2 {
		running.Go(func() { c.worker().Run(ctx) })
		running.Go(func() { c.looker().Run(ctx) })
		running.Go(func() { c.thinker().Run(ctx) })
	}
}
