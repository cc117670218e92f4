package event

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"chuangwei/internal/kit/db"
)

// Follower reacts to events of some kinds, in order. Handle runs in a write of
// its own together with the follower's cursor, so its effects in the database
// happen exactly once; whatever it does outside must bear repeating.
type Follower struct {
	Name   string
	Kinds  []string // nil: all
	Handle func(tx *db.Tx, e Event) error
}

func (f Follower) wants(kind string) bool {
	if f.Kinds == nil {
		return true
	}
	for _, k := range f.Kinds {
		if k == kind {
			return true
		}
	}
	return false
}

// bells wakes whoever waits in this process after a commit. Other processes
// on the same county look every few seconds (NOTIFY inside each write would
// cost four fifths of the throughput).
var bells = struct {
	sync.Mutex
	of map[*db.DB]map[chan struct{}]bool
}{of: map[*db.DB]map[chan struct{}]bool{}}

func ring(tx *db.Tx) {
	bells.Lock()
	defer bells.Unlock()
	for ch := range bells.of[tx.DB()] {
		select {
		case ch <- struct{}{}:
		default:
		}
	}
}

// Bell returns a channel that receives after commits with events, and a
// function that gives it back.
func Bell(d *db.DB) (<-chan struct{}, func()) {
	ch := make(chan struct{}, 1)
	bells.Lock()
	defer bells.Unlock()
	if bells.of[d] == nil {
		bells.of[d] = map[chan struct{}]bool{}
	}
	bells.of[d][ch] = true
	return ch, func() {
		bells.Lock()
		defer bells.Unlock()
		delete(bells.of[d], ch)
		if len(bells.of[d]) == 0 {
			delete(bells.of, d)
		}
	}
}

const (
	batch = 100             // events read at once
	look  = 3 * time.Second // how often to look for other processes' events
	tries = 5               // before an event is set aside
)

// Run keeps every follower up to date until ctx ends.
func Run(ctx context.Context, d *db.DB, log *slog.Logger, followers []Follower) {
	bell, giveBack := Bell(d)
	defer giveBack()
	tick := time.NewTicker(look)
	defer tick.Stop()
	failed, seen := map[string]int{}, make([]int64, len(followers))
	for {
		for i, f := range followers {
			if err := catchUp(ctx, d, f, &seen[i]); err != nil && ctx.Err() == nil {
				failed[f.Name]++
				log.Error("follower failed", "follower", f.Name, "try", failed[f.Name], "err", err)
				if failed[f.Name] >= tries {
					skip(ctx, d, f, err)
					failed[f.Name] = 0
				}
			} else {
				failed[f.Name] = 0
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

// CatchUp hands f every event it has not seen.
func CatchUp(ctx context.Context, d *db.DB, f Follower) error { return catchUp(ctx, d, f, new(int64)) }

func catchUp(ctx context.Context, d *db.DB, f Follower, seen *int64) error {
	for {
		more, err := step(ctx, d, f, seen)
		if err != nil || !more {
			return err
		}
	}
}

// step hands f the next batch. The cursor moves with what f wants; over the
// rest it moves a batch at a time, since most commits hold nothing for f and a
// commit of its own would double their price. Meanwhile seen remembers it.
func step(ctx context.Context, d *db.DB, f Follower, seen *int64) (more bool, err error) {
	var events []Event
	var at int64
	err = d.Glance(ctx, func(tx *db.Tx) (err error) {
		if at, err = cursor(tx, f.Name); err == nil {
			events, err = Since(tx, max(at, *seen), batch)
		}
		return err
	})
	if err != nil || len(events) == 0 {
		return false, err
	}
	last := events[len(events)-1]
	for _, e := range events {
		if f.wants(e.Kind) || e.Seq == last.Seq && e.Seq-at >= batch {
			if err := deliver(ctx, d, f, e); err != nil {
				return false, err
			}
		}
	}
	*seen = last.Seq
	return len(events) == batch, nil
}

func deliver(ctx context.Context, d *db.DB, f Follower, e Event) error {
	return d.Write(ctx, func(tx *db.Tx) error {
		at, err := cursor(tx, f.Name)
		if err != nil || at >= e.Seq { // another process was faster
			return err
		}
		if f.wants(e.Kind) {
			if err := f.Handle(tx, e); err != nil {
				return err
			}
		}
		return moveCursor(tx, f.Name, e.Seq)
	})
}

// skip sets aside the event a follower cannot digest, so that one bad event
// does not stop all later ones; a person finds it in stuck_events.
func skip(ctx context.Context, d *db.DB, f Follower, cause error) {
	_ = d.Write(ctx, func(tx *db.Tx) error {
		at, err := cursor(tx, f.Name)
		if err != nil {
			return err
		}
		next, err := Since(tx, at, batch)
		if err != nil {
			return err
		}
		for _, e := range next {
			if f.wants(e.Kind) {
				if err := setAside(tx, f.Name, e, cause); err != nil {
					return err
				}
				return moveCursor(tx, f.Name, e.Seq)
			}
		}
		return nil
	})
}
