package town

import (
	"math"
	"slices"
)

// subRows is how many lines of each pixel row are sampled for smooth edges.
const subRows = 4

// filler holds what filling one polygon needs, kept to spare the allocator.
type filler struct {
	cross []float64
	spans []span
	cover []float64
}

// span is a covered stretch of one sampled line, pixels.
type span struct{ x0, x1 float64 }

// poly fills a polygon by the even-odd rule; opacity is 0 … 1.
func (c *canvas) poly(i ink, opacity float64, points []pt) {
	if len(points) < 3 {
		return
	}
	top, bottom := points[0].y, points[0].y
	for _, p := range points {
		top, bottom = min(top, p.y), max(bottom, p.y)
	}
	y0, y1 := max(0, math.Floor(top)), min(float64(c.img.Rect.Dy()), math.Ceil(bottom))
	for y := y0; y < y1; y++ {
		c.fillRow(int(y), i, opacity, points)
	}
}

// fillRow fills one pixel row: its solid middle at once, its edges by how much they are covered.
func (c *canvas) fillRow(y int, i ink, opacity float64, points []pt) {
	c.spans = c.spans[:0]
	single := true
	for k := range subRows {
		before := len(c.spans)
		c.scan(float64(y)+(float64(k)+0.5)/subRows, points)
		single = single && len(c.spans) == before+1
	}
	if len(c.spans) == 0 {
		return
	}
	first, last := c.spans[0].x0, c.spans[0].x1
	solid0, solid1 := first, last
	for _, s := range c.spans {
		first, last = min(first, s.x0), max(last, s.x1)
		solid0, solid1 = max(solid0, s.x0), min(solid1, s.x1)
	}
	from, to := int(first), min(int(last)+1, c.img.Rect.Dx())
	mid0, mid1 := int(math.Ceil(solid0)), int(solid1)
	if !single || mid1 <= mid0 {
		mid0, mid1 = to, to
	}
	c.fillEdge(y, from, mid0, i, opacity)
	c.fillSolid(y, mid0, mid1, i, opacity)
	c.fillEdge(y, mid1, to, i, opacity)
}

// scan adds the covered stretches of one line.
func (c *canvas) scan(y float64, points []pt) {
	c.cross = c.cross[:0]
	b := points[len(points)-1]
	for _, a := range points {
		if (a.y > y) != (b.y > y) {
			c.cross = append(c.cross, a.x+(y-a.y)/(b.y-a.y)*(b.x-a.x))
		}
		b = a
	}
	slices.Sort(c.cross)
	width := float64(c.img.Rect.Dx())
	for k := 1; k < len(c.cross); k += 2 {
		if x0, x1 := max(0, c.cross[k-1]), min(width, c.cross[k]); x1 > x0 {
			c.spans = append(c.spans, span{x0, x1})
		}
	}
}

// fillEdge blends the pixels from … to−1 by the share of them that the spans cover.
func (c *canvas) fillEdge(y, from, to int, i ink, opacity float64) {
	if to <= from {
		return
	}
	c.cover = append(c.cover[:0], make([]float64, to-from)...)
	for _, s := range c.spans {
		for x := max(from, int(s.x0)); x < min(to, int(s.x1)+1); x++ {
			left, right := max(s.x0, float64(x)), min(s.x1, float64(x+1))
			c.cover[x-from] += max(0, right-left) / subRows
		}
	}
	row := c.img.Pix[y*c.img.Stride:]
	for x := from; x < to; x++ {
		if a := c.cover[x-from] * opacity; a > 0 {
			blend(row[4*x:4*x+4], i, uint32(a*256))
		}
	}
}

func (c *canvas) fillSolid(y, from, to int, i ink, opacity float64) {
	if to <= from {
		return
	}
	row := c.img.Pix[y*c.img.Stride+4*from : y*c.img.Stride+4*to]
	if opacity < 1 {
		for x := 0; x < len(row); x += 4 {
			blend(row[x:x+4], i, uint32(opacity*256))
		}
		return
	}
	row[0], row[1], row[2], row[3] = uint8(i>>16), uint8(i>>8), uint8(i), 255
	// Doubling copies fill a long row faster than a loop over its pixels.
	for done := 4; done < len(row); done *= 2 {
		copy(row[done:], row[:done])
	}
}

// blend lays a colour over one pixel; a is 0 … 256.
func blend(pixel []uint8, i ink, a uint32) {
	pixel[0] = uint8((uint32(pixel[0])*(256-a) + uint32(i>>16&255)*a) >> 8)
	pixel[1] = uint8((uint32(pixel[1])*(256-a) + uint32(i>>8&255)*a) >> 8)
	pixel[2] = uint8((uint32(pixel[2])*(256-a) + uint32(i&255)*a) >> 8)
	pixel[3] = 255
}
