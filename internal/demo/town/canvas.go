package town

import (
	"image"
	"math"
	"math/rand/v2"
)

// pt is a position on the canvas in pixels, y downwards.
type pt struct{ x, y float64 }

// ink is a colour 0xRRGGBB.
type ink uint32

func (i ink) rgb() (r, g, b float64) {
	return float64(i >> 16 & 255), float64(i >> 8 & 255), float64(i & 255)
}

// mixInk goes from a to b; f is 0 … 1.
func mixInk(a, b ink, f float64) ink {
	ar, ag, ab := a.rgb()
	br, bg, bb := b.rgb()
	return packInk(ar+(br-ar)*f, ag+(bg-ag)*f, ab+(bb-ab)*f)
}

// lit multiplies the brightness of a colour.
func (i ink) lit(f float64) ink {
	r, g, b := i.rgb()
	return packInk(r*f, g*f, b*f)
}

func packInk(r, g, b float64) ink {
	clamp := func(f float64) ink { return ink(min(255, max(0, f))) }
	return clamp(r)<<16 | clamp(g)<<8 | clamp(b)
}

// canvas paints smooth polygons on a picture.
type canvas struct {
	img *image.RGBA
	filler
}

func newCanvas(width, height int) *canvas {
	return &canvas{img: image.NewRGBA(image.Rect(0, 0, width, height))}
}

// ellipse fills an ellipse about (x, y).
func (c *canvas) ellipse(i ink, opacity, x, y, rx, ry float64) {
	n := 10 + int(min(rx, 60)/4)
	points := make([]pt, n)
	for k := range points {
		s, co := math.Sincos(float64(k) / float64(n) * 2 * math.Pi)
		points[k] = pt{x + rx*co, y + ry*s}
	}
	c.poly(i, opacity, points)
}

// line draws a straight stroke, width in pixels.
func (c *canvas) line(i ink, opacity float64, a, b pt, width float64) {
	length := math.Hypot(b.x-a.x, b.y-a.y)
	if length == 0 {
		return
	}
	nx, ny := -(b.y-a.y)/length*width/2, (b.x-a.x)/length*width/2
	c.poly(i, opacity, []pt{{a.x + nx, a.y + ny}, {b.x + nx, b.y + ny}, {b.x - nx, b.y - ny}, {a.x - nx, a.y - ny}})
}

// fade fills the rows y0 … y1 with a vertical gradient.
func (c *canvas) fade(top, bottom ink, y0, y1 int) {
	for y := max(0, y0); y < min(y1, c.img.Rect.Dy()); y++ {
		r, g, b := mixInk(top, bottom, float64(y-y0)/float64(y1-y0)).rgb()
		row := c.img.Pix[y*c.img.Stride : (y+1)*c.img.Stride]
		for x := 0; x < len(row); x += 4 {
			row[x], row[x+1], row[x+2], row[x+3] = uint8(r), uint8(g), uint8(b), 255
		}
	}
}

// grain adds the noise of a small camera sensor, up to strength levels either way.
func (c *canvas) grain(r *rand.Rand, strength int) {
	var noise [8192]int16
	for i := range noise {
		noise[i] = int16(r.IntN(2*strength+1) - strength)
	}
	for y := range c.img.Rect.Dy() {
		row := c.img.Pix[y*c.img.Stride : (y+1)*c.img.Stride]
		at := r.IntN(len(noise))
		for x := 0; x < len(row); x += 4 {
			n := noise[at&8191]
			at++
			for k := range 3 {
				row[x+k] = uint8(min(255, max(0, int16(row[x+k])+n)))
			}
		}
	}
}
