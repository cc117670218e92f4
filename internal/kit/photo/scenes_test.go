package photo_test

import (
	"bytes"
	"image"
	"image/draw"
	"image/jpeg"
	"runtime"
	"sync"
	"testing"

	"chuangwei/internal/demo/town"
	"chuangwei/internal/kit/photo"

	scale "golang.org/x/image/draw"
)

// spot is one drawn place: its before photo, an after photo by a second photographer on the
// same morning and one in the afternoon, and copies of the before photo by what was done to them.
type spot struct {
	kind                     town.SceneKind
	before, after, afternoon photo.Facts
	unmoved, unfixed         photo.Facts // fixed from the very same point; not fixed, another point
	copies                   map[string]photo.Facts
}

// The seeds are other ones than the limits were chosen on (1 … 8).
const firstSeed, seeds = 101, 4

// spots are drawn once for all tests: four of each kind, or one with -short.
var spots = sync.OnceValue(func() []spot {
	each := seeds
	if testing.Short() {
		each = 1
	}
	all := make([]spot, each*len(town.SceneKinds))
	var wg sync.WaitGroup
	free := make(chan bool, runtime.GOMAXPROCS(0))
	for i := range all {
		free <- true
		wg.Go(func() {
			all[i] = drawSpot(town.SceneKinds[i/each], firstSeed+uint64(i%each))
			<-free
		})
	}
	wg.Wait()
	return all
})

func drawSpot(kind town.SceneKind, seed uint64) spot {
	morning := town.Scene{Kind: kind, Seed: seed, Hour: 10}
	afternoon := morning
	afternoon.Hour = 15
	before := half(town.Draw(morning, false, 1))
	s := spot{
		kind: kind, before: look(before, 80), copies: map[string]photo.Facts{},
		after:     look(half(town.Draw(morning, true, 2)), 80),
		afternoon: look(half(town.Draw(afternoon, true, 3)), 80),
		unmoved:   look(half(town.Draw(morning, true, 1)), 80),
		unfixed:   look(half(town.Draw(morning, false, 2)), 80),
	}
	s.copies["compressed"] = look(before, 40)
	for name, change := range changes {
		s.copies[name] = look(change(before), 80)
	}
	return s
}

// changes are what happens to a picture on its way through chat programs and hands.
var changes = map[string]func(image.Image) image.Image{
	"shrunk":     func(m image.Image) image.Image { return resized(m, 320, 240) },
	"stretched":  func(m image.Image) image.Image { return resized(m, 700, 450) },
	"brightened": func(m image.Image) image.Image { return lit(m, 1.2) },
	"darkened":   func(m image.Image) image.Image { return lit(m, 0.75) },
	"grayed":     grayed,
	"cropped":    func(m image.Image) image.Image { return m.(*image.RGBA).SubImage(image.Rect(12, 10, 628, 470)) },
}

// half is 640×480, as phones send it over a slow line; it also spares the tests some time.
func half(m image.Image) *image.RGBA { return resized(m, 640, 480) }

func resized(m image.Image, w, h int) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	scale.ApproxBiLinear.Scale(out, out.Rect, m, m.Bounds(), draw.Src, nil)
	return out
}

func grayed(m image.Image) image.Image {
	out := image.NewGray(m.Bounds())
	draw.Draw(out, out.Rect, m, m.Bounds().Min, draw.Src)
	return out
}

func lit(m image.Image, factor float64) image.Image {
	out := image.NewRGBA(m.Bounds())
	draw.Draw(out, out.Rect, m, m.Bounds().Min, draw.Src)
	for i, v := range out.Pix {
		if i%4 != 3 {
			out.Pix[i] = uint8(min(255, float64(v)*factor))
		}
	}
	return out
}

func encoded(m image.Image, quality int) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: quality}); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func look(m image.Image, quality int) photo.Facts {
	f, err := photo.Look(encoded(m, quality))
	if err != nil {
		panic(err)
	}
	return f
}

// drawn is one scene of a kind, unfixed.
func drawn(t testing.TB, kind town.SceneKind) image.Image {
	t.Helper()
	return town.Draw(town.Scene{Kind: kind, Seed: firstSeed, Hour: 10}, false, 1)
}

func upsideDown(m image.Image) image.Image {
	r := m.Bounds()
	out := image.NewRGBA(r)
	for y := range r.Dy() {
		for x := range r.Dx() {
			out.Set(r.Dx()-1-x, r.Dy()-1-y, m.At(x, y))
		}
	}
	return out
}
