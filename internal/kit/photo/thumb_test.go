package photo_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"testing"
	"time"

	"chuangwei/internal/demo/town"
	"chuangwei/internal/kit/photo"
)

// oriented puts an EXIF segment with nothing but an orientation into a JPEG.
func oriented(b []byte, orientation byte) []byte {
	segment := append([]byte("\xff\xe1\x00\x22Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01"+
		"\x01\x12\x00\x03\x00\x00\x00\x01\x00"), orientation, 0, 0, 0, 0, 0, 0)
	return append(append(bytes.Clone(b[:2]), segment...), b[2:]...)
}

// quarters are the letters of the colours of corners, in reading order as the picture is shown.
func quarters(t *testing.T, m image.Image) string {
	t.Helper()
	var s string
	w, h := m.Bounds().Dx(), m.Bounds().Dy()
	for _, p := range []image.Point{{w / 4, h / 4}, {w * 3 / 4, h / 4}, {w / 4, h * 3 / 4}, {w * 3 / 4, h * 3 / 4}} {
		r, g, b, _ := m.At(p.X, p.Y).RGBA()
		switch {
		case r > 0x8000 && g > 0x8000:
			s += "w"
		case r > 0x8000:
			s += "r"
		case g > 0x8000:
			s += "g"
		case b > 0x8000:
			s += "b"
		}
	}
	return s
}

func thumb(t *testing.T, b []byte, longest int) image.Image {
	t.Helper()
	small, err := photo.Thumb(b, longest)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(small, []byte("Exif")) {
		t.Error("a thumbnail carries metadata")
	}
	m, err := jpeg.Decode(bytes.NewReader(small))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestOrientationIsApplied(t *testing.T) {
	stored := encoded(corners(320, 240), 90)
	for i, want := range []string{"rgbw", "grwb", "wbgr", "bwrg", "rbgw", "brwg", "wgbr", "gwrb"} {
		orientation := i + 1
		b := oriented(stored, byte(orientation))
		f, err := photo.Look(b)
		if err != nil || f.Orientation != orientation {
			t.Fatalf("%d: %+v %v", orientation, f, err)
		}
		m := thumb(t, b, 160)
		if got := quarters(t, m); got != want {
			t.Errorf("%d: %s, want %s", orientation, got, want)
		}
		wide := orientation < 5
		if (f.Width > f.Height) != wide || (m.Bounds().Dx() > m.Bounds().Dy()) != wide || max(m.Bounds().Dx(), m.Bounds().Dy()) != 160 {
			t.Errorf("%d: %d×%d, thumbnail %v", orientation, f.Width, f.Height, m.Bounds())
		}
	}
	if f, err := photo.Look(oriented(stored, 9)); err != nil || f.Orientation != 1 {
		t.Errorf("an impossible orientation: %+v %v", f, err)
	}
}

func TestHashFollowsOrientation(t *testing.T) {
	turned := drawn(t, town.SceneStall)
	upright, err := photo.Look(encoded(turned, 90))
	if err != nil {
		t.Fatal(err)
	}
	// Stored upside down with the word to turn it: the same picture.
	b := oriented(encoded(upsideDown(turned), 90), 3)
	f, err := photo.Look(b)
	if err != nil || photo.Distance(f.DHash, upright.DHash) > 1 {
		t.Errorf("distance %d, %v", photo.Distance(f.DHash, upright.DHash), err)
	}
	if _, verdict := photo.Likeness(upright.Sign, f.Sign); verdict != photo.TooAlike {
		t.Error(verdict)
	}
}

func TestThumb(t *testing.T) {
	lat, lon := 22.7, 103.2
	b := photo.WriteEXIF(encoded(corners(1280, 960), 80), time.Now(), &lat, &lon, "Camera")
	for _, c := range []struct{ longest, w, h int }{{320, 320, 240}, {1, 1, 1}, {1280, 1280, 960}, {5000, 1280, 960}, {639, 639, 479}} {
		if r := thumb(t, b, c.longest).Bounds(); r.Dx() != c.w || r.Dy() != c.h {
			t.Errorf("longest %d gives %v", c.longest, r)
		}
	}
	if r := thumb(t, asPNG(t, corners(3000, 2)), 100).Bounds(); r.Dx() != 100 || r.Dy() != 1 {
		t.Errorf("a strip gives %v", r)
	}
	if _, err := photo.Thumb(b, 0); err == nil {
		t.Error("a thumbnail of no pixels")
	}
	clear := image.NewNRGBA(image.Rect(0, 0, 40, 40))
	if got := quarters(t, thumb(t, asPNG(t, clear), 20)); got != "wwww" {
		t.Errorf("a transparent picture is shown as %q", got)
	}
}

func TestCopiesMadeTogetherAreThoseMadeOneByOne(t *testing.T) {
	sizes := []int{1280, 320, 319, 5000, 40}
	for _, b := range [][]byte{oriented(encoded(corners(1600, 1200), 90), 6), encoded(drawn(t, town.SceneStall), 85), asPNG(t, corners(3, 200))} {
		facts, copies, err := photo.LookAndCopy(b, sizes...)
		if err != nil {
			t.Fatal(err)
		}
		alone, err := photo.Look(b)
		if err != nil || facts.DHash != alone.DHash || !bytes.Equal(facts.Sign, alone.Sign) || facts.Width != alone.Width {
			t.Errorf("together %+v, alone %+v, %v", facts, alone, err)
		}
		for i, longest := range sizes {
			if want, err := photo.Thumb(b, longest); err != nil || !bytes.Equal(copies[i], want) {
				t.Errorf("the copy of %d pixels differs, %v", longest, err)
			}
		}
	}
}

func BenchmarkLook12Megapixels(b *testing.B) {
	file := encoded(resized(drawn(b, town.SceneStall), 4000, 3000), 85)
	for b.Loop() {
		if _, err := photo.Look(file); err != nil {
			b.Fatal(err)
		}
	}
}
