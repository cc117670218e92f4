package cases_test

import (
	"bytes"
	"context"
	"log/slog"
	"testing"
	"time"

	"chuangwei/internal/demo/town"
	"chuangwei/internal/flow/cases"
	"chuangwei/internal/kit/album"
	"chuangwei/internal/kit/blob"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/db/dbtest"
	"chuangwei/internal/kit/job"
)

// eyes puts real pictures into a store and has them looked at.
type eyes struct {
	*county
	store blob.Store
}

func newEyes(c *county) *eyes {
	store, err := blob.Folder(c.t.TempDir())
	if err != nil {
		c.t.Fatal(err)
	}
	return &eyes{c, store}
}

func (e *eyes) shoot(scene town.Scene, fixed bool, view uint64, taken time.Time, lat, lon float64) string {
	e.t.Helper()
	sum, size, err := e.store.Put(context.Background(), bytes.NewReader(town.Photo(scene, fixed, view)))
	if err != nil {
		e.t.Fatal(err)
	}
	e.write(func(tx *db.Tx) error {
		return album.Arrive(tx, album.Photo{Sum: sum, Type: "image/jpeg", Bytes: size, TakenAt: taken.UnixMilli(), Lat: &lat, Lon: &lon})
	})
	look := album.Looker{Store: e.store}
	w := &job.Worker{DB: e.db, Log: slog.New(slog.DiscardHandler), Handlers: map[string]job.Handler{album.LookJob: look.Look}}
	for did := true; did; {
		if did, err = w.Once(context.Background()); err != nil {
			e.t.Fatal(err)
		}
	}
	return sum
}

func (e *eyes) checks(id string) map[string]cases.Check {
	e.t.Helper()
	out := map[string]cases.Check{}
	dbtest.Read(e.t, e.db, func(tx *db.Tx) error {
		list, err := cases.Checks(tx, e.as(tx, "verifier"), id)
		for _, k := range list {
			if old, ok := out[k.About]; !ok || old.Level == "good" {
				out[k.About] = k
			}
		}
		return err
	})
	return out
}

func TestThePhotosAreToldInWordsBeforeAnybodyDecides(t *testing.T) {
	e := newEyes(newCounty(t))
	scene := town.Scene{Kind: town.SceneKinds[0], Seed: 5, Hour: 10}
	here := func(in *cases.Report) { in.Point.Lat, in.Point.Lon = 22.05, 103.05 }
	before := e.shoot(scene, false, 1, monday.Add(-time.Minute), 22.05, 103.05)
	honest := e.report("inspector", func(r *cases.Report) { here(r); r.Photos = []string{before} })
	e.clock.Add(2 * time.Hour)
	after := e.shoot(scene, true, 51, monday.Add(2*time.Hour), 22.0501, 103.05)
	e.do("wang", honest.ID, cases.Move{Move: cases.Fix, Photos: []string{after}})
	for about, level := range map[string]string{"time": "good", "place": "good", "reused": "good", "change": "good"} {
		if got := e.checks(honest.ID)[about]; got.Level != level {
			t.Errorf("an honest fix, %s: %s %q, want %s", about, got.Level, got.Said.ZH, level)
		}
	}

	other := e.report("inspector", func(r *cases.Report) { r.Point.Lat, r.Point.Lon = 22.06, 103.06; r.Photos = []string{before} })
	e.do("wang", other.ID, cases.Move{Move: cases.Fix, Photos: []string{after}})
	got := e.checks(other.ID)
	for about, level := range map[string]string{"place": "warn", "reused": "warn"} {
		if got[about].Level != level || got[about].Said.ZH == "" {
			t.Errorf("the other case's photo, %s: %s %q", about, got[about].Level, got[about].Said.ZH)
		}
	}
	if got["reused"].OtherCase != honest.ID {
		t.Errorf("the check names case %s, want %s", got["reused"].OtherCase, honest.ID)
	}

	stale := e.report("inspector", func(r *cases.Report) { r.Point.Lat = 22.07; r.Photos = []string{before} })
	again := e.shoot(scene, false, 2, monday.Add(-24*time.Hour), 22.07, 103.05)
	e.do("wang", stale.ID, cases.Move{Move: cases.Fix, Photos: []string{again}})
	if k := e.checks(stale.ID)["time"]; k.Level != "warn" {
		t.Errorf("a photo from before the report: %s %q", k.Level, k.Said.ZH)
	}
}
