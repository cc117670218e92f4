package album_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"chuangwei/internal/flow/cases"
	"chuangwei/internal/kit/album"
	"chuangwei/internal/kit/blob"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/db/dbtest"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/job"
	"chuangwei/internal/kit/photo"
	"chuangwei/internal/register/org"
)

// shelf is a database, a store and a looker over both.
type shelf struct {
	t     *testing.T
	db    *db.DB
	clock *dbtest.Clock
	dir   string
	store blob.Store
	look  album.Looker
}

func newShelf(t *testing.T) *shelf {
	t.Helper()
	t.Parallel() // shelves share nothing
	s := &shelf{t: t, clock: dbtest.NewClock(time.Now()), dir: t.TempDir()}
	s.db = dbtest.New(t, s.clock.Now)
	store, err := blob.Folder(s.dir)
	if err != nil {
		t.Fatal(err)
	}
	s.store, s.look = store, album.Looker{Store: store}
	return s
}

// picture is a JPEG that looks different for each n.
func picture(n int) []byte {
	img := image.NewRGBA(image.Rect(0, 0, 640, 480))
	for y := range 480 {
		for x := range 640 {
			img.Set(x, y, color.RGBA{uint8(x * n / 8), uint8(y * (n + 3) / 8), uint8((x / 64 * y / 64) * n * 16), 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		panic(err) // memory does not fail
	}
	return b.Bytes()
}

// arrive puts bytes in and records them as said.
func (s *shelf) arrive(b []byte, said album.Photo) string {
	s.t.Helper()
	sum, size, err := s.store.Put(context.Background(), bytes.NewReader(b))
	if err != nil {
		s.t.Fatal(err)
	}
	said.Sum, said.Bytes, said.Type = sum, size, photo.TypeJPEG
	dbtest.Write(s.t, s.db, func(tx *db.Tx) error { return album.Arrive(tx, said) })
	return sum
}

func (s *shelf) row(sum string) (p album.Photo, err error) {
	s.t.Helper()
	err = s.db.Read(context.Background(), func(tx *db.Tx) (err error) { p, err = album.BySum(tx, sum); return err })
	return p, err
}

// value reads one number or text.
func value[T any](s *shelf, q string, args ...any) (out T) {
	s.t.Helper()
	dbtest.Read(s.t, s.db, func(tx *db.Tx) (err error) { out, err = db.Value[T](tx, q, args...); return err })
	return out
}

// lookAt does the job of reading one photo.
func (s *shelf) lookAt(sum string) error {
	return s.look.Look(context.Background(), s.db, job.Job{Body: []byte(`"` + sum + `"`)})
}

func TestAPhotoThatArrivesTwiceIsRecordedOnce(t *testing.T) {
	s := newShelf(t)
	lat, lon := 22.0, 103.0
	sum := s.arrive(picture(1), album.Photo{Who: "wang", TakenAt: 1000, Lat: &lat, Lon: &lon, Source: "camera"})
	first, err := s.row(sum)
	if err != nil {
		t.Fatal(err)
	}
	s.clock.Add(time.Hour)
	s.arrive(picture(1), album.Photo{Who: "li", TakenAt: 2000, Source: "gallery"})
	again, err := s.row(sum)
	if err != nil || again.Who != "wang" || again.TakenAt != 1000 || again.ArrivedAt <= first.ArrivedAt || *again.Lat != 22 || again.LookedAt != 0 {
		t.Errorf("first %+v, then %+v, %v", first, again, err)
	}
	if n := value[int](s, `SELECT count(*) FROM jobs WHERE kind = $1`, album.LookJob); n != 1 {
		t.Errorf("%d looks were ordered", n)
	}
}

func TestLookingFillsInWhatThePictureSays(t *testing.T) {
	s := newShelf(t)
	lat, lon := 22.5, 103.25
	taken := time.Date(2026, 11, 23, 8, 30, 0, 0, time.FixedZone("", 8*3600))
	b := photo.WriteEXIF(picture(2), taken, &lat, &lon, "P40")
	sum := s.arrive(b, album.Photo{})
	if err := s.lookAt(sum); err != nil {
		t.Fatal(err)
	}
	facts, err := photo.Look(b)
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.row(sum)
	if err != nil || p.LookedAt != s.clock.Now().UnixMilli() || p.TakenAt != taken.UnixMilli() || *p.Lat < 22.49 || *p.Lat > 22.51 || *p.Lon < 103.24 || *p.Lon > 103.26 {
		t.Errorf("row %+v, %v", p, err)
	}
	if size := value[string](s, `SELECT width || 'x' || height FROM photos`); size != "640x480" {
		t.Errorf("size %s", size)
	}
	if h, ok := album.Hash(value[string](s, `SELECT dhash FROM photos`)); !ok || h != facts.DHash {
		t.Errorf("hash %x, want %x", h, facts.DHash)
	}
	if sign := album.Sign(value[string](s, `SELECT sign FROM photos`)); !bytes.Equal(sign, facts.Sign) {
		t.Error("another signature was kept")
	}
	if n, want := value[int](s, `SELECT count(*) FROM photo_bands WHERE sum = $1`, sum), len(photo.Bands(facts.DHash)); n != want || n == 0 {
		t.Errorf("%d bands, want %d", n, want)
	}
}

func TestThePhonesWordStandsBeforeThePictures(t *testing.T) {
	s := newShelf(t)
	said, other := 22.0, 103.0
	elsewhere, far := 40.0, 116.0
	sum := s.arrive(photo.WriteEXIF(picture(3), time.Unix(1_700_000_000, 0), &elsewhere, &far, ""), album.Photo{TakenAt: 5000, Lat: &said, Lon: &other})
	if err := s.lookAt(sum); err != nil {
		t.Fatal(err)
	}
	if p, err := s.row(sum); err != nil || p.TakenAt != 5000 || *p.Lat != 22 || *p.Lon != 103 {
		t.Errorf("row %+v, %v", p, err)
	}
}

func TestLookingTwiceIsLookingOnce(t *testing.T) {
	s := newShelf(t)
	sum := s.arrive(picture(4), album.Photo{})
	for range 2 {
		if err := s.lookAt(sum); err != nil {
			t.Fatal(err)
		}
	}
	facts, err := photo.Look(picture(4))
	if n := value[int](s, `SELECT count(*) FROM photo_bands`); err != nil || n != len(photo.Bands(facts.DHash)) {
		t.Errorf("%d bands, %v", n, err)
	}
}

func TestLookingMakesCopiesWithoutMetadata(t *testing.T) {
	s := newShelf(t)
	lat, lon := 22.5, 103.25
	b := photo.WriteEXIF(picture(5), time.Unix(1_700_000_000, 0), &lat, &lon, "P40")
	sum := s.arrive(b, album.Photo{})
	if err := s.lookAt(sum); err != nil {
		t.Fatal(err)
	}
	for name, longest := range map[string]int{"thumb": 320, "view": 640} { // never larger than it was
		small, err := s.store.OpenDerived(context.Background(), sum, name)
		config, bad := jpeg.DecodeConfig(bytes.NewReader(small))
		if err != nil || bad != nil || config.Width != longest || bytes.Contains(small, []byte("Exif")) {
			t.Errorf("%s: %v, %v, %v", name, config, err, bad)
		}
	}
	if kept, _, err := s.store.Open(context.Background(), sum); err != nil {
		t.Error(err)
	} else {
		kept.Close()
	}
}

func TestACopyIsMadeWhenSomebodyAsksBeforeTheJob(t *testing.T) {
	s := newShelf(t)
	sum := s.arrive(picture(6), album.Photo{})
	first, err := s.look.Copy(context.Background(), sum, "thumb")
	if err != nil {
		t.Fatal(err)
	}
	kept, err := s.store.OpenDerived(context.Background(), sum, "thumb")
	if err != nil || !bytes.Equal(first, kept) {
		t.Errorf("kept %d bytes of %d, %v", len(kept), len(first), err)
	}
	if _, err := s.look.Copy(context.Background(), strings.Repeat("0", 64), "thumb"); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("of nothing: %v", err)
	}
}

func TestAPhotoThatCannotBeReadStaysUnread(t *testing.T) {
	s := newShelf(t)
	cut := picture(7)
	sum := s.arrive(cut[:len(cut)/2], album.Photo{})
	if err := s.lookAt(sum); !errors.Is(err, photo.ErrNotPhoto) {
		t.Errorf("half a photo: %v", err)
	}
	if p, err := s.row(sum); err != nil || p.LookedAt != 0 {
		t.Errorf("row %+v, %v", p, err)
	}
	if err := s.lookAt(strings.Repeat("0", 64)); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("no bytes: %v", err)
	}
	if err := s.look.Look(context.Background(), s.db, job.Job{Body: []byte(`{}`)}); err == nil {
		t.Error("a job without a sum was done")
	}
}

// TestCollectingRemovesOnlyWhatNoCaseRefersTo: of four photos that are a month
// old, one is on a case; of the two others one was sent again lately.
func TestCollectingRemovesOnlyWhatNoCaseRefersTo(t *testing.T) {
	s := newShelf(t)
	var sums []string
	for i := range 4 {
		sums = append(sums, s.arrive(picture(10+i), album.Photo{}))
		if err := s.lookAt(sums[i]); err != nil {
			t.Fatal(err)
		}
	}
	onCase, unused, resent := sums[0], sums[1:3], sums[3]
	dbtest.Write(t, s.db, func(tx *db.Tx) error {
		_, err := cases.Receive(tx, org.System, cases.Report{ID: "case", Text: "垃圾", Photos: []string{onCase}})
		return err
	})
	s.clock.Add(29 * 24 * time.Hour)
	s.collect()
	if n := value[int](s, `SELECT count(*) FROM photos`); n != 4 {
		t.Errorf("after 29 days %d photos are left", n)
	}
	s.clock.Add(2 * 24 * time.Hour)
	fresh := s.arrive(picture(20), album.Photo{})
	s.touch(fresh)
	s.touch(resent)
	s.collect()
	for _, sum := range unused {
		if _, err := s.store.Stat(context.Background(), sum); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("unused bytes are kept: %v", err)
		}
		if _, err := s.store.OpenDerived(context.Background(), sum, "thumb"); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("a copy of unused bytes is kept: %v", err)
		}
		if _, err := s.row(sum); !errors.Is(err, db.ErrNone) {
			t.Errorf("the row of unused bytes is kept: %v", err)
		}
		if n := value[int](s, `SELECT count(*) FROM photo_bands WHERE sum = $1`, sum); n != 0 {
			t.Errorf("%d bands of unused bytes are kept", n)
		}
	}
	for name, sum := range map[string]string{"a case's": onCase, "a fresh": fresh} {
		_, gone := s.store.Stat(context.Background(), sum)
		if _, err := s.row(sum); err != nil || gone != nil {
			t.Errorf("%s photo: %v, %v", name, err, gone)
		}
	}
	if _, err := s.store.Stat(context.Background(), resent); err != nil {
		t.Errorf("bytes sent again lately: %v", err)
	}
}

func (s *shelf) collect() {
	s.t.Helper()
	if err := s.look.Collect(context.Background(), s.db, job.Job{}); err != nil {
		s.t.Fatal(err)
	}
}

// touch makes bytes as young as the county's clock says.
func (s *shelf) touch(sum string) {
	s.t.Helper()
	err := filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Name() == sum && !d.IsDir() {
			err = os.Chtimes(path, s.clock.Now(), s.clock.Now())
		}
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

func TestBytesThatAreNoPhotoAreExplained(t *testing.T) {
	for _, c := range []struct {
		err  error
		code string
	}{{photo.ErrHEIC, "photo.heic"}, {photo.ErrTooLarge, "photo.large"}, {photo.ErrTooManyPixels, "photo.large"}, {photo.ErrNotPhoto, "photo.kind"}, {fmt.Errorf("x: %w", photo.ErrNotPhoto), "photo.kind"}} {
		err := album.NotPhoto(c.err)
		if f, ok := fault.As(err); !ok || f.Code != c.code || f.Kind != fault.Invalid || f.Text.ZH == "" || f.Text.EN == "" {
			t.Errorf("%v is told as %v", c.err, err)
		}
	}
}

func TestWhatHasNotBeenReadHasNoHashAndNoSignature(t *testing.T) {
	if _, ok := album.Hash(""); ok || album.Sign("") != nil || album.Sign("!") != nil {
		t.Error("something was made of nothing")
	}
	if h, ok := album.Hash("00000000000000ff"); !ok || h != 255 {
		t.Errorf("hash %d %v", h, ok)
	}
}
