package demo

import (
	"bytes"
	"context"
	"runtime"
	"sync/atomic"
	"time"

	"chuangwei/internal/demo/town"
	"chuangwei/internal/kit/album"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/photo"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"

	"golang.org/x/sync/errgroup"
)

// picture is one photo of an incident: before or after, and which.
type picture struct {
	no    int
	fixed bool
	i     int
}

// fewDays is how far back incidents keep all their photos; older ones keep one
// of each, which halves the time a first start takes.
const fewDays = 4

func (b *builder) wanted(in town.Incident) (before, after int) {
	before, after = in.Before, in.After
	if calendar.Day(in.Day) < b.day0.Add(-fewDays) {
		before, after = min(1, before), min(1, after)
	}
	return before, after
}

// draw paints every photo of the incidents and puts it into the store.
func (b *builder) draw(ctx context.Context, list []town.Incident) (map[picture]string, error) {
	var todo []func() (picture, []byte)
	for _, in := range list {
		before, after := b.wanted(in)
		for i := range before {
			todo = append(todo, func() (picture, []byte) { return picture{in.No, false, i}, b.paint(in, false, i) })
		}
		for i := range after {
			todo = append(todo, func() (picture, []byte) { return picture{in.No, true, i}, b.paint(in, true, i) })
		}
	}
	sums := make([]string, len(todo))
	keys := make([]picture, len(todo))
	var painted atomic.Int64
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.NumCPU())
	for n, make := range todo {
		group.Go(func() (err error) {
			key, jpeg := make()
			keys[n] = key
			sums[n], _, err = b.blobs.Put(ctx, bytes.NewReader(jpeg))
			b.o.Progress("照片 photos", int(painted.Add(1)), len(todo))
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	out := map[picture]string{}
	for n, key := range keys {
		out[key] = sums[n]
	}
	return out, nil
}

// paint draws one photo with the EXIF a phone would write.
func (b *builder) paint(in town.Incident, fixed bool, i int) []byte {
	view := uint64(i + 1)
	if fixed {
		view = uint64(i + 51)
	}
	lat, lon := in.Lat+float64(i%3)*2e-5, in.Lon+float64(i%2)*2e-5
	return photo.WriteEXIF(town.Photo(in.Scene, fixed, view), b.takenAt(in, fixed), &lat, &lon, "Demo Camera")
}

func (b *builder) takenAt(in town.Incident, fixed bool) time.Time {
	at := calendar.Day(in.Day).Time().Add(time.Duration(in.Minute) * time.Minute)
	if fixed {
		at = at.Add(time.Duration(in.Course.Fix * float64(time.Hour)))
	}
	return at.Add(-time.Minute)
}

// arrive records the incident's photos of one side as arrived and names them.
func (w *writer) arrive(tx *db.Tx, in town.Incident, fixed bool, at time.Time) ([]string, error) {
	before, after := w.wanted(in)
	n := before
	if fixed {
		n = after
	}
	var sums []string
	for i := range n {
		sum := w.pictures[picture{in.No, fixed, i}]
		if sum == "" {
			continue
		}
		lat, lon, accuracy := in.Lat, in.Lon, 12.0
		p := album.Photo{Sum: sum, Type: "image/jpeg", TakenAt: at.Add(-time.Minute).UnixMilli(), Lat: &lat, Lon: &lon, Accuracy: &accuracy, Source: "camera", Who: org.System.ID}
		if err := album.Arrive(tx, p); err != nil {
			return nil, err
		}
		sums = append(sums, sum)
	}
	return sums, nil
}
