package event_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/db/dbtest"
	"chuangwei/internal/kit/event"
)

func add(t *testing.T, d *db.DB, kind string) {
	t.Helper()
	dbtest.Write(t, d, func(tx *db.Tx) error {
		_, err := event.Add(tx, "me", kind, "s1", map[string]int{"n": 1})
		return err
	})
}

func TestNumbersAreGaplessUnderConcurrencyAndFailure(t *testing.T) {
	d := dbtest.New(t, nil)
	var wg sync.WaitGroup
	for i := range 60 {
		wg.Go(func() {
			_ = d.Write(context.Background(), func(tx *db.Tx) error {
				if _, err := event.Add(tx, "me", "k", "s", nil); err != nil {
					return err
				}
				if i%3 == 0 {
					return errors.New("changed my mind")
				}
				return nil
			})
		})
	}
	wg.Wait()
	dbtest.Read(t, d, func(tx *db.Tx) error {
		all, err := event.Since(tx, 0, 1000)
		for i, e := range all {
			if e.Seq != int64(i+1) {
				t.Fatalf("event %d has number %d", i+1, e.Seq)
			}
		}
		if len(all) != 40 {
			t.Errorf("%d events, want 40", len(all))
		}
		return err
	})
}

func TestAFollowerSeesEachWantedEventOnceAndInOrder(t *testing.T) {
	d := dbtest.New(t, nil)
	for i := range 250 {
		add(t, d, []string{"a", "b"}[i%2])
	}
	var seen []int64
	f := event.Follower{Name: "f", Kinds: []string{"a"}, Handle: func(tx *db.Tx, e event.Event) error {
		seen = append(seen, e.Seq)
		return nil
	}}
	for range 2 {
		if err := event.CatchUp(context.Background(), d, f); err != nil {
			t.Fatal(err)
		}
	}
	if len(seen) != 125 || !slices.IsSorted(seen) {
		t.Fatalf("saw %d events", len(seen))
	}
}

func TestAFollowerThatCannotDigestAnEventIsNotStoppedForEver(t *testing.T) {
	d := dbtest.New(t, nil)
	for _, kind := range []string{"good", "bad", "good"} {
		add(t, d, kind)
	}
	got := make(chan int64, 3)
	f := event.Follower{Name: "f", Handle: func(tx *db.Tx, e event.Event) error {
		if e.Kind == "bad" {
			return errors.New("indigestible")
		}
		tx.After(func() { got <- e.Seq })
		return nil
	}}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { event.Run(ctx, d, slog.New(slog.DiscardHandler), []event.Follower{f}); close(ended) }()
	ring := time.NewTicker(20 * time.Millisecond)
	defer ring.Stop()
	for _, want := range []int64{1, 3} {
		for done := false; !done; {
			select {
			case <-got:
				done = true
			case <-ring.C: // more news gives the follower its next try
				add(t, d, "good")
			case <-time.After(30 * time.Second):
				t.Fatalf("event %d never came", want)
			}
		}
	}
	cancel()
	<-ended
	dbtest.Read(t, d, func(tx *db.Tx) error {
		seq, err := db.Value[int64](tx, `SELECT seq FROM stuck_events WHERE follower = 'f'`)
		if seq != 2 {
			t.Errorf("set aside event %d, want 2", seq)
		}
		return err
	})
}
