package job_test

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/db/dbtest"
	"chuangwei/internal/kit/job"
)

func worker(d *db.DB, h job.Handler) *job.Worker {
	return &job.Worker{DB: d, Log: slog.New(slog.DiscardHandler), Handlers: map[string]job.Handler{"k": h}}
}

func put(t *testing.T, d *db.DB, id string) {
	t.Helper()
	dbtest.Write(t, d, func(tx *db.Tx) error { return job.Add(tx, id, "k", map[string]string{"id": id}, tx.Time()) })
}

func TestSixWorkersDoEachJobOnce(t *testing.T) {
	d := dbtest.New(t, nil)
	for range 120 {
		put(t, d, "")
	}
	var done atomic.Int64
	var seen sync.Map
	var wg sync.WaitGroup
	for i := range 6 {
		wg.Go(func() {
			w := worker(d, func(_ context.Context, _ *db.DB, j job.Job) error {
				if _, twice := seen.LoadOrStore(j.ID, true); twice {
					t.Errorf("job %s done twice", j.ID)
				}
				done.Add(1)
				return nil
			})
			w.Batch = i % 4
			for {
				did, err := w.Once(context.Background())
				if err != nil {
					t.Error(err)
				}
				if !did {
					return
				}
			}
		})
	}
	wg.Wait()
	if done.Load() != 120 {
		t.Fatalf("%d jobs done", done.Load())
	}
}

func TestABatchIsTakenTogetherAndEachSettledByItself(t *testing.T) {
	clock := dbtest.NewClock(time.UnixMilli(1_800_000_000_000))
	d := dbtest.New(t, clock.Now)
	for _, id := range []string{"a", "b", "c", "d"} {
		put(t, d, id)
		clock.Add(time.Millisecond)
	}
	ran := map[string]int{}
	w := worker(d, func(_ context.Context, _ *db.DB, j job.Job) error {
		if ran[j.ID]++; j.ID == "b" && ran["b"] == 1 {
			panic("not yet")
		}
		return nil
	})
	w.Batch = 3
	for _, want := range []map[string]int{{"a": 1, "b": 1, "c": 1}, {"a": 1, "b": 1, "c": 1, "d": 1}} {
		if did, err := w.Once(t.Context()); !did || err != nil || !maps.Equal(ran, want) {
			t.Fatalf("did=%v err=%v: %v, want %v", did, err, ran, want)
		}
	}
	clock.Add(time.Minute)
	for did, err := w.Once(t.Context()); did; did, err = w.Once(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
	}
	if want := map[string]int{"a": 1, "b": 2, "c": 1, "d": 1}; !maps.Equal(ran, want) {
		t.Fatalf("%v, want %v", ran, want)
	}
}

func TestAFailedJobIsTriedAgainLaterAndOneOfACrashedWorkerIsTakenOver(t *testing.T) {
	clock := dbtest.NewClock(time.UnixMilli(1_800_000_000_000))
	d := dbtest.New(t, clock.Now)
	put(t, d, "j")
	put(t, d, "j") // same id: only once
	runs := 0
	w := worker(d, func(context.Context, *db.DB, job.Job) error {
		if runs++; runs == 1 {
			return errors.New("not yet")
		}
		return nil
	})
	try := func(want bool) {
		t.Helper()
		if did, err := w.Once(context.Background()); did != want || err != nil {
			t.Fatalf("did=%v err=%v, want %v", did, err, want)
		}
	}
	try(true)
	try(false) // pausing
	clock.Add(6 * time.Second)
	dbtest.Write(t, d, func(tx *db.Tx) error { // a worker takes it and dies
		_, err := tx.Exec(`UPDATE jobs SET lease_at = $1`, clock.Now().Add(time.Minute).UnixMilli())
		return err
	})
	try(false)
	clock.Add(2 * time.Minute)
	try(true)
	try(false)
	if runs != 2 {
		t.Fatalf("%d runs", runs)
	}
}

func TestTheTimetablePutsEachSlotInOnce(t *testing.T) {
	clock := dbtest.NewClock(time.UnixMilli(1_800_000_000_000))
	d := dbtest.New(t, clock.Now)
	ran := make(chan bool, 10)
	w := worker(d, func(context.Context, *db.DB, job.Job) error { ran <- true; return nil })
	w.Table = []job.Regular{{Kind: "k", Every: time.Hour}}
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { w.Run(ctx) })
	wg.Go(func() { w.Run(ctx) })
	<-ran
	clock.Add(time.Hour)
	<-ran
	cancel()
	wg.Wait()
	if len(ran) != 0 {
		t.Fatal("a slot ran twice")
	}
}
