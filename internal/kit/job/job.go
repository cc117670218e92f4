// Package job does durable background work: a job is a row written in the
// business transaction, taken under a lease so that a crash gives it back, and
// tried again with growing pauses. The timetable puts regular jobs in.
package job

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"chuangwei/internal/kit/db"

	"github.com/google/uuid"
)

// Job is one piece of work of a kind, with its particulars.
type Job struct {
	ID    string
	Kind  string
	Body  json.RawMessage
	Tries int
}

// Add puts a job in, to run when at has come. The same id is put in only once
// while it is remembered, so the timetable and retried commands cannot double it.
func Add(tx *db.Tx, id, kind string, body any, at time.Time) error {
	text, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("job: %s: %w", kind, err)
	}
	if id == "" {
		id = uuid.Must(uuid.NewV7()).String()
	}
	if err := insert(tx, id, kind, string(text), at.UnixMilli()); err != nil {
		return fmt.Errorf("job: %s: %w", kind, err)
	}
	return nil
}

// Handler does one job outside any transaction; it opens its own writes.
// Progress it makes must bear being done twice.
type Handler func(ctx context.Context, d *db.DB, j Job) error

// Regular is a line of the timetable: a job of Kind every Every.
type Regular struct {
	Kind  string
	Every time.Duration
}

const (
	lease = 2 * time.Minute
	look  = time.Second
	most  = 12 // tries, which is about four days
)

// Worker runs jobs of the kinds it has handlers for.
type Worker struct {
	DB       *db.DB
	Log      *slog.Logger
	Handlers map[string]Handler
	Table    []Regular
	Batch    int // jobs taken and settled in one write; 0 is 1. Together they must end well within a lease
}

// Run works until ctx ends.
func (w *Worker) Run(ctx context.Context) {
	tick := time.NewTicker(look)
	defer tick.Stop()
	for {
		if err := w.timetable(ctx); err != nil && ctx.Err() == nil {
			w.Log.Error("timetable", "err", err)
		}
		for {
			did, err := w.Once(ctx)
			if err != nil && ctx.Err() == nil {
				w.Log.Error("jobs", "err", err)
			}
			if !did || ctx.Err() != nil {
				break
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// timetable puts in the slot of each regular job that has begun.
func (w *Worker) timetable(ctx context.Context) error {
	now := w.DB.Now()
	var missing []Regular
	err := w.DB.Read(ctx, func(tx *db.Tx) error {
		for _, r := range w.Table {
			if known, err := exists(tx, slot(r, now)); err != nil {
				return err
			} else if !known {
				missing = append(missing, r)
			}
		}
		return nil
	})
	if err != nil || len(missing) == 0 {
		return err
	}
	return w.DB.Write(ctx, func(tx *db.Tx) error {
		for _, r := range missing {
			if err := Add(tx, slot(r, now), r.Kind, nil, now); err != nil {
				return err
			}
		}
		return nil
	})
}

func slot(r Regular, now time.Time) string {
	return r.Kind + "@" + now.Truncate(r.Every).UTC().Format(time.RFC3339)
}

// Once takes the next due jobs and does them; it reports whether there was one.
func (w *Worker) Once(ctx context.Context) (bool, error) {
	kinds := make([]string, 0, len(w.Handlers))
	for k := range w.Handlers {
		kinds = append(kinds, k)
	}
	waiting := false
	if err := w.DB.Glance(ctx, func(tx *db.Tx) (err error) { waiting, err = due(tx, kinds); return }); err != nil || !waiting {
		return false, err
	}
	var jobs []Job
	err := w.DB.Write(ctx, func(tx *db.Tx) (err error) { jobs, err = take(tx, kinds, max(1, w.Batch)); return })
	if err != nil || len(jobs) == 0 {
		return false, err
	}
	failures := make([]error, len(jobs))
	for i, j := range jobs {
		if failures[i] = w.do(ctx, j); failures[i] != nil {
			w.Log.Warn("job failed", "job", j.Kind, "id", j.ID, "try", j.Tries, "err", failures[i])
		}
	}
	err = w.DB.Write(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		for i, j := range jobs {
			if err := settle(tx, j, failures[i]); err != nil {
				return err
			}
		}
		return nil
	})
	return true, err
}

func (w *Worker) do(ctx context.Context, j Job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return w.Handlers[j.Kind](ctx, w.DB, j)
}

// pause before the next try: 5 s, 10 s, 20 s … at most 12 h.
func pause(tries int) time.Duration {
	return min(5*time.Second<<min(tries-1, 20), 12*time.Hour)
}
