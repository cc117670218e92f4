package town

import (
	"bytes"
	"image"
	"image/draw"
	"testing"

	xdraw "golang.org/x/image/draw"
)

func TestPhotosAreDeterministicAndFixesShow(t *testing.T) {
	for _, kind := range SceneKinds {
		scene := Scene{Kind: kind, Seed: 11, Hour: 10}
		before := Photo(scene, false, 1)
		if !bytes.Equal(before, Photo(scene, false, 1)) {
			t.Errorf("%s: the same scene gave two photos", kind)
		}
		if bytes.Equal(before, Photo(scene, true, 1)) {
			t.Errorf("%s: fixing changed nothing", kind)
		}
		if bytes.Equal(before, Photo(scene, false, 2)) {
			t.Errorf("%s: another view gave the same photo", kind)
		}
		if n := len(before); n < 90<<10 || n > 300<<10 {
			t.Errorf("%s: the photo has %d KB", kind, n>>10)
		}
	}
}

func TestEveryKindIsPainted(t *testing.T) {
	for _, kind := range SceneKinds {
		if troubles[kind] == nil && rooms[kind] == nil {
			t.Errorf("nothing paints %s", kind)
		}
	}
}

func BenchmarkPhoto(b *testing.B) {
	size := 0
	for i := range b.N {
		size += len(Photo(Scene{Kind: SceneKinds[i%len(SceneKinds)], Seed: uint64(i), Hour: 8 + i%12}, false, 1))
	}
	b.ReportMetric(float64(size)/float64(b.N)/1024, "KB/photo")
}

func TestDrawScenes(t *testing.T) {
	drawDir(t)
	const w, h = 400, 300
	for part := range 2 {
		sheet := image.NewRGBA(image.Rect(0, 0, 4*w, 4*h))
		for i, kind := range SceneKinds[part*8 : part*8+8] {
			for k, fixed := range []bool{false, true} {
				scene := Scene{Kind: kind, Seed: uint64(21 + i), Hour: []int{10, 7, 15, 19}[i%4], Rain: i == 6}
				at := image.Pt((i%2*2+k)*w, i/2*h)
				xdraw.ApproxBiLinear.Scale(sheet, image.Rectangle{at, at.Add(image.Pt(w, h))}, Draw(scene, fixed, uint64(k)), image.Rect(0, 0, photoWidth, photoHeight), draw.Src, nil)
			}
		}
		savePNG(t, []string{"scenes1.png", "scenes2.png"}[part], sheet)
	}
}
