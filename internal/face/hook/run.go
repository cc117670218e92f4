package hook

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/event"
)

const (
	look     = 2 * time.Second // how often to look for what has become due
	batch    = 200             // events read at once
	parallel = 8               // posts at once
	atOnce   = 40              // deliveries of one hook taken at once
	held     = time.Minute     // how long a try may take before another process tries
	keep     = 14 * 24 * time.Hour
)

// pauses before the next tries: about a day in all.
var pauses = []time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour}

// Runner tells hooks what happens.
type Runner struct {
	DB    *db.DB
	Log   *slog.Logger
	Local bool // addresses on this machine are allowed: for tests

	once   sync.Once
	client *http.Client
}

// Run tells until ctx ends.
func (r *Runner) Run(ctx context.Context) {
	bell, giveBack := event.Bell(r.DB)
	defer giveBack()
	tick := time.NewTicker(look)
	defer tick.Stop()
	for {
		for {
			n, err := r.Once(ctx)
			if err != nil && ctx.Err() == nil {
				r.Log.Error("webhooks", "err", err)
			}
			if n == 0 || err != nil || ctx.Err() != nil {
				break
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-bell:
		case <-tick.C:
		}
	}
}

// Once puts new events in the queue and makes the deliveries that are due; it
// says how many it tried. A county without hooks costs one read.
func (r *Runner) Once(ctx context.Context) (int, error) {
	r.once.Do(func() { r.client = client(r.Local) })
	var list []Hook
	if err := r.DB.Glance(ctx, func(tx *db.Tx) (err error) { list, err = hooks(tx); return err }); err != nil || len(list) == 0 {
		return 0, err
	}
	if err := r.queueNew(ctx, list); err != nil {
		return 0, err
	}
	tried := 0
	for _, h := range list {
		n, err := r.tell(ctx, h)
		if tried += n; err != nil {
			return tried, err
		}
	}
	return tried, nil
}

// queueNew writes deliveries for the events each hook has not looked at.
func (r *Runner) queueNew(ctx context.Context, list []Hook) error {
	for _, h := range list {
		for more := true; more; {
			var events []event.Event
			if err := r.DB.Read(ctx, func(tx *db.Tx) (err error) { events, err = event.Since(tx, h.Seq, batch); return err }); err != nil {
				return err
			}
			if more = len(events) == batch; len(events) == 0 {
				break
			}
			h.Seq = events[len(events)-1].Seq
			if err := r.DB.Write(ctx, func(tx *db.Tx) error { return queueAll(tx, h, events) }); err != nil {
				return err
			}
		}
	}
	return nil
}

func queueAll(tx *db.Tx, h Hook, events []event.Event) error {
	for _, e := range events {
		if !h.wants(e.Kind) {
			continue
		}
		d := Delivery{ID: fmt.Sprintf("msg_%s_%d", h.ID, e.Seq), HookID: h.ID, Seq: e.Seq, Kind: e.Kind, Subject: e.Subject, NextAt: tx.Now()}
		if err := queue(tx, d); err != nil {
			return err
		}
	}
	return moveTo(tx, h.ID, h.Seq)
}

// parcel is a delivery with its event.
type parcel struct {
	Delivery
	event event.Event
}

// tell tries what is due of one hook: much while it answers, one when the last
// try failed.
func (r *Runner) tell(ctx context.Context, h Hook) (int, error) {
	n := int64(atOnce)
	if h.Fails > 0 {
		n = 1
	}
	waiting := false
	if err := r.DB.Read(ctx, func(tx *db.Tx) error { list, err := due(tx, h.ID, 1); waiting = len(list) > 0; return err }); err != nil || !waiting {
		return 0, err
	}
	var list []parcel
	err := r.DB.Write(ctx, func(tx *db.Tx) (err error) { list, err = takeDue(tx, h, n); return err })
	if err != nil || len(list) == 0 {
		return 0, err
	}
	var wait sync.WaitGroup
	slots := make(chan struct{}, parallel)
	for i := range list {
		wait.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			r.try(ctx, h, &list[i])
		})
	}
	wait.Wait()
	return len(list), r.DB.Write(context.WithoutCancel(ctx), func(tx *db.Tx) error { return settleAll(tx, h, list) })
}

func takeDue(tx *db.Tx, h Hook, n int64) ([]parcel, error) {
	list, err := due(tx, h.ID, n)
	if err != nil {
		return nil, err
	}
	out := make([]parcel, len(list))
	for i, d := range list {
		events, err := event.Since(tx, d.Seq-1, 1)
		if err != nil {
			return nil, err
		}
		d.Tries++
		out[i] = parcel{d, events[0]}
		if err := lease(tx, d.ID, tx.Time().Add(held).UnixMilli()); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// try makes one try and notes in the parcel what came of it.
func (r *Runner) try(ctx context.Context, h Hook, p *parcel) {
	status, err := r.post(ctx, h, p.Delivery, p.event)
	p.Status, p.State, p.Error = status, Sent, ""
	if err == nil {
		return
	}
	p.State, p.Error = Waiting, words(err)
	if p.Tries > int64(len(pauses)) || status == http.StatusGone {
		p.State = Dead
		r.Log.Warn("webhook given up", "hook", h.Name, "delivery", p.ID, "err", err)
		return
	}
	p.NextAt = r.DB.Now().Add(pauses[p.Tries-1]).UnixMilli()
}

func settleAll(tx *db.Tx, h Hook, list []parcel) error {
	right := true
	for _, p := range list {
		right = right && p.State == Sent
		if err := settle(tx, p.Delivery); err != nil {
			return err
		}
	}
	return noteFails(tx, h.ID, right)
}

// Forget drops deliveries told more than two weeks ago.
func Forget(tx *db.Tx) error { return forget(tx, tx.Time().Add(-keep).UnixMilli()) }
