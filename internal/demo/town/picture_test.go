package town

import (
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/image/vector"
)

// drawDir is where the tests put pictures for people to look at; without it they draw none.
func drawDir(t *testing.T) string {
	dir := os.Getenv("TOWN_DRAW")
	if dir == "" {
		t.Skip("set TOWN_DRAW to a folder to draw pictures")
	}
	return dir
}

func savePNG(t *testing.T, name string, img image.Image) {
	f, err := os.Create(filepath.Join(drawDir(t), name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
}

const mapScale = 0.45 // pixels per metre

func onMap(c [2]float64) (x, y float32) {
	p := toPoint(c)
	return float32((p.X + 1850) * mapScale), float32((1350 - p.Y) * mapScale)
}

func fillRing(img *image.RGBA, g Ring, c color.Color) {
	box := image.Rectangle{}
	for _, v := range g {
		x, y := onMap(v)
		box = box.Union(image.Rect(int(x)-1, int(y)-1, int(x)+2, int(y)+2))
	}
	box = box.Intersect(img.Rect)
	z := vector.NewRasterizer(box.Dx(), box.Dy())
	for i, v := range g {
		x, y := onMap(v)
		x, y = x-float32(box.Min.X), y-float32(box.Min.Y)
		if i == 0 {
			z.MoveTo(x, y)
		} else {
			z.LineTo(x, y)
		}
	}
	z.ClosePath()
	z.Draw(img, box, image.NewUniform(c), image.Point{})
}

func strokeLine(img *image.RGBA, g Ring, metresWide float64, c color.Color) {
	for i := 1; i < len(g); i++ {
		a, b := toPoint(g[i-1]), toPoint(g[i])
		d := metres(a, b)
		nx, ny := -(b.Y-a.Y)/d*metresWide/2, (b.X-a.X)/d*metresWide/2
		quad := []Point{{a.X + nx, a.Y + ny}, {a.X - nx, a.Y - ny}, {b.X - nx, b.Y - ny}, {b.X + nx, b.Y + ny}}
		fillRing(img, ringOf(quad), c)
	}
}

func TestDrawMap(t *testing.T) {
	drawDir(t)
	town := New(1)
	img := image.NewRGBA(image.Rect(0, 0, 1665, 1215))
	fill := func(g Ring, c color.RGBA) { fillRing(img, g, c) }
	fill(Ring{{103.2, 22.75}, {103.26, 22.75}, {103.26, 22.81}, {103.2, 22.81}}, color.RGBA{226, 232, 210, 255})
	for _, h := range town.hills {
		fill(h, color.RGBA{190, 214, 170, 255})
	}
	fill(town.boundary, color.RGBA{246, 243, 236, 255})
	fill(town.river, color.RGBA{150, 196, 226, 255})
	for _, p := range town.Parks {
		fill(p.Ring, color.RGBA{170, 212, 150, 255})
	}
	r := town.stream("blocks")
	for _, a := range town.Areas {
		for _, b := range town.blocks(a, r) {
			fill(b, color.RGBA{221, 212, 200, 255})
		}
	}
	widths := map[string]float64{Lane: 6, Road: 12, MainRoad: 18}
	for _, class := range []string{Lane, Road, MainRoad} {
		for _, s := range town.Streets {
			if s.Class == class {
				strokeLine(img, s.Line, widths[class], color.RGBA{255, 255, 255, 255})
			}
			if s.Class == class && class == MainRoad {
				strokeLine(img, s.Line, widths[class]-5, color.RGBA{250, 214, 130, 255})
			}
		}
	}
	for _, a := range town.Areas {
		strokeLine(img, a.Ring, 3, color.NRGBA{200, 60, 60, 120})
	}
	for _, p := range town.Places() {
		c := toPoint([2]float64{p.Lon, p.Lat})
		dot := []Point{{c.X - 3, c.Y - 3}, {c.X + 3, c.Y - 3}, {c.X + 3, c.Y + 3}, {c.X - 3, c.Y + 3}}
		fill(ringOf(dot), color.RGBA{40, 90, 190, 200})
	}
	savePNG(t, "map.png", img)
}
