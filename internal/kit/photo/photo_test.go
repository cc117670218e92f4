package photo_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"math"
	"testing"
	"time"

	"chuangwei/internal/kit/photo"
)

// corners is a picture whose four quarters are red, green, blue and white, in reading order.
func corners(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	quarter := [4]color.RGBA{{255, 0, 0, 255}, {0, 255, 0, 255}, {0, 0, 255, 255}, {255, 255, 255, 255}}
	for y := range h {
		for x := range w {
			m.SetRGBA(x, y, quarter[x*2/w+y*2/h*2])
		}
	}
	return m
}

func asPNG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// hugePNG says it is w×h but holds no pixels.
func hugePNG(w, h uint32) []byte {
	head := binary.BigEndian.AppendUint32([]byte("IHDR"), w)
	head = append(binary.BigEndian.AppendUint32(head, h), 8, 2, 0, 0, 0)
	b := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), head...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(head))
}

func TestSniff(t *testing.T) {
	for name, c := range map[string]struct {
		head string
		typ  string
		err  error
	}{
		"jpeg":       {"\xff\xd8\xff\xe0\x00\x10JFIF", photo.TypeJPEG, nil},
		"png":        {"\x89PNG\r\n\x1a\n\x00\x00\x00\x0d", photo.TypePNG, nil},
		"heic":       {"\x00\x00\x00\x24ftypheic\x00\x00\x00\x00", "", photo.ErrHEIC},
		"heif":       {"\x00\x00\x00\x24ftypmif1\x00\x00\x00\x00", "", photo.ErrHEIC},
		"video":      {"\x00\x00\x00\x24ftypisom\x00\x00\x00\x00", "", photo.ErrNotPhoto},
		"page":       {"<html>\xff\xd8\xff", "", photo.ErrNotPhoto},
		"half heic":  {"\x00\x00\x00\x24ftyp", "", photo.ErrNotPhoto},
		"half jpeg":  {"\xff\xd8", "", photo.ErrNotPhoto},
		"empty":      {"", "", photo.ErrNotPhoto},
		"gif":        {"GIF89a\x01\x00\x01\x00", "", photo.ErrNotPhoto},
		"jpeg short": {"\xff\xd8\xff", photo.TypeJPEG, nil},
	} {
		if typ, err := photo.Sniff([]byte(c.head)); typ != c.typ || err != c.err {
			t.Errorf("%s: %q %v", name, typ, err)
		}
	}
}

func TestLookRefuses(t *testing.T) {
	whole := encoded(corners(64, 48), 80)
	for name, c := range map[string]struct {
		b    []byte
		want error
	}{
		"large":           {append(whole, make([]byte, photo.MaxBytes)...), photo.ErrTooLarge},
		"too many pixels": {hugePNG(10_000, 5_001), photo.ErrTooManyPixels},
		"huge":            {hugePNG(100_000, 100_000), photo.ErrTooManyPixels},
		"no pixels":       {hugePNG(100, 100), photo.ErrNotPhoto},
		"half":            {whole[:len(whole)/3], photo.ErrNotPhoto},
		"only a head":     {whole[:4], photo.ErrNotPhoto},
		"text":            {[]byte("no photo at all"), photo.ErrNotPhoto},
	} {
		if _, err := photo.Look(c.b); !errors.Is(err, c.want) {
			t.Errorf("Look, %s: %v, want %v", name, err, c.want)
		}
		if _, err := photo.Thumb(c.b, 100); !errors.Is(err, c.want) {
			t.Errorf("Thumb, %s: %v, want %v", name, err, c.want)
		}
	}
}

func TestLookAtAPlainPicture(t *testing.T) {
	for typ, b := range map[string][]byte{
		photo.TypeJPEG: encoded(corners(640, 480), 80),
		photo.TypePNG:  asPNG(t, corners(640, 480)),
	} {
		f, err := photo.Look(b)
		if err != nil {
			t.Fatal(err)
		}
		if f.Type != typ || f.Width != 640 || f.Height != 480 || f.Orientation != 1 {
			t.Errorf("%s: %+v", typ, f)
		}
		if !f.TakenAt.IsZero() || f.Lat != nil || f.Lon != nil || f.Camera != "" {
			t.Errorf("%s: invented %+v", typ, f)
		}
	}
	if f, err := photo.Look(asPNG(t, corners(1, 1))); err != nil || f.Width != 1 || f.DHash != 0 || len(f.Sign) != 1024 {
		t.Errorf("one pixel: %+v %v", f, err)
	}
}

func TestEXIFIsReadBack(t *testing.T) {
	plain := encoded(corners(64, 48), 80)
	urumqi := time.FixedZone("", 6*3600)
	for name, c := range map[string]struct {
		taken    time.Time
		lat, lon float64
		camera   string
	}{
		"Jinping":     {time.Date(2026, 3, 5, 7, 8, 9, 0, time.FixedZone("", 8*3600)), 22.779, 103.2281, "HUAWEI nova 11"},
		"other zone":  {time.Date(2026, 3, 5, 23, 59, 59, 0, urumqi), 43.8256, 87.6168, "M"},
		"south, west": {time.Date(2026, 3, 5, 7, 8, 9, 0, time.FixedZone("", -5400)), -33.45694, -70.64827, "an unusually long camera name"},
		"far corner":  {time.Date(1999, 12, 31, 0, 0, 0, 0, time.UTC), -90, 180, "Mi 4"},
		"just below":  {time.Date(1999, 12, 31, 0, 0, 0, 0, time.UTC), 29.99999999999, 59.9999999, "abc"},
	} {
		f, err := photo.Look(photo.WriteEXIF(plain, c.taken, &c.lat, &c.lon, c.camera))
		if err != nil {
			t.Fatal(name, err)
		}
		_, want := c.taken.Zone()
		if _, got := f.TakenAt.Zone(); !f.TakenAt.Equal(c.taken) || got != want {
			t.Errorf("%s: taken %v, want %v", name, f.TakenAt, c.taken)
		}
		if f.Camera != c.camera {
			t.Errorf("%s: camera %q", name, f.Camera)
		}
		if f.Lat == nil || math.Abs(*f.Lat-c.lat) > 1e-8 || math.Abs(*f.Lon-c.lon) > 1e-8 {
			t.Errorf("%s: at %v %v", name, f.Lat, f.Lon)
		}
	}
}

func TestEXIFMayBePartOrNone(t *testing.T) {
	plain := encoded(corners(64, 48), 80)
	lat, lon, nan := 22.7, 103.2, math.NaN()
	at := time.Date(2026, 3, 5, 7, 8, 9, 0, time.UTC)
	for name, b := range map[string][]byte{
		"nothing":    photo.WriteEXIF(plain, time.Time{}, nil, nil, ""),
		"half place": photo.WriteEXIF(plain, time.Time{}, &lat, nil, ""),
		"no place":   photo.WriteEXIF(plain, time.Time{}, &nan, &lon, ""),
		"no fix":     photo.WriteEXIF(plain, time.Time{}, new(float64), new(float64), ""),
	} {
		f, err := photo.Look(b)
		if err != nil || !f.TakenAt.IsZero() || f.Lat != nil || f.Lon != nil || f.Camera != "" {
			t.Errorf("%s: %+v %v", name, f, err)
		}
	}
	if f, err := photo.Look(photo.WriteEXIF(plain, at, nil, nil, "")); err != nil || !f.TakenAt.Equal(at) || f.Lat != nil {
		t.Errorf("time only: %+v %v", f, err)
	}
	if f, err := photo.Look(photo.WriteEXIF(plain, time.Time{}, &lat, &lon, "")); err != nil || !f.TakenAt.IsZero() || f.Lat == nil {
		t.Errorf("place only: %+v %v", f, err)
	}
	if b := []byte("no jpeg"); !bytes.Equal(photo.WriteEXIF(b, at, nil, nil, "x"), b) {
		t.Error("bytes that are no JPEG were changed")
	}
}

func TestTimeWithoutAZoneIsBeijing(t *testing.T) {
	at := time.Date(2026, 3, 5, 7, 8, 9, 0, time.FixedZone("", 3600))
	b := photo.WriteEXIF(encoded(corners(64, 48), 80), at, nil, nil, "")
	// The tag of OffsetTimeOriginal becomes one nobody knows.
	b = bytes.Replace(b, []byte{0x90, 0x11, 0, 2}, []byte{0x90, 0x1f, 0, 2}, 1)
	f, err := photo.Look(b)
	if err != nil || f.TakenAt.UTC() != time.Date(2026, 3, 4, 23, 8, 9, 0, time.UTC) {
		t.Errorf("%v %v", f.TakenAt, err)
	}
}

func TestBrokenEXIFIsTolerated(t *testing.T) {
	lat, lon := 22.7, 103.2
	whole := photo.WriteEXIF(encoded(corners(64, 48), 80), time.Now(), &lat, &lon, "Camera")
	end := 4 + int(binary.BigEndian.Uint16(whole[4:]))
	for i := 12; i < end; i++ {
		for _, v := range []byte{0, 0x7f, 0xff} {
			b := bytes.Clone(whole)
			b[i] = v
			if _, err := photo.Look(b); err != nil {
				t.Fatalf("byte %d = %x: %v", i, v, err)
			}
		}
	}
}

func FuzzLook(f *testing.F) {
	lat, lon := 22.7, 103.2
	f.Add(photo.WriteEXIF(encoded(corners(16, 12), 80), time.Unix(1e9, 0), &lat, &lon, "Camera"))
	f.Add(oriented(encoded(corners(16, 12), 80), 6))
	f.Add(asPNG(f, corners(16, 12)))
	f.Add(hugePNG(100_000, 100_000))
	f.Fuzz(func(t *testing.T, b []byte) {
		facts, err := photo.Look(b)
		if err != nil {
			return
		}
		if facts.Width < 1 || facts.Height < 1 || facts.Width*facts.Height > photo.MaxPixels || len(facts.Sign) != 1024 {
			t.Fatalf("%+v", facts)
		}
		if facts.Orientation < 1 || facts.Orientation > 8 || (facts.Lat == nil) != (facts.Lon == nil) {
			t.Fatalf("%+v", facts)
		}
		if small, err := photo.Thumb(b, 8); err != nil || len(small) == 0 {
			t.Fatal(err)
		}
	})
}
