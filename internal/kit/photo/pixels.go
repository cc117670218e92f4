package photo

import (
	"image"

	"golang.org/x/image/draw"
)

// workSide is the longest side, in pixels, of the small picture hashes and signatures are
// taken from. Shrinking once first makes them the same for every resolution.
const workSide = 256

// picture is an unpacked photo as it lies in the file, followed by as many halvings of it as
// were needed so far.
type picture struct {
	facts  Facts
	halves []image.Image
}

// unpack reads the head, the EXIF and the pixels of a photo.
func unpack(b []byte) (*picture, error) {
	f, err := head(b)
	if err != nil {
		return nil, err
	}
	f.readEXIF(b)
	img, err := decode(b, f.Type)
	if err != nil {
		return nil, err
	}
	return &picture{f, []image.Image{img}}, nil
}

// shrink is the picture turned as it was held, with at most longest pixels on its longer side;
// it never enlarges. Transparent parts become white.
func (p *picture) shrink(longest int) *image.RGBA {
	// ApproxBiLinear looks at four pixels only; by halves none of the others is lost.
	i := 0
	for ; side(p.halves[i]) >= 2*longest; i++ {
		if i+1 == len(p.halves) {
			p.halves = append(p.halves, scale(p.halves[i], (side(p.halves[i])+1)/2))
		}
	}
	return upright(scale(p.halves[i], min(longest, side(p.halves[i]))), p.facts.Orientation)
}

func side(img image.Image) int { return max(img.Bounds().Dx(), img.Bounds().Dy()) }

// scale makes the longer side longest pixels.
func scale(img image.Image, longest int) *image.RGBA {
	r, most := img.Bounds(), side(img)
	out := image.NewRGBA(image.Rect(0, 0, max(1, r.Dx()*longest/most), max(1, r.Dy()*longest/most)))
	draw.Draw(out, out.Bounds(), image.White, image.Point{}, draw.Src)
	if out.Rect.Size() == r.Size() {
		draw.Draw(out, out.Rect, img, r.Min, draw.Over)
		return out
	}
	draw.ApproxBiLinear.Scale(out, out.Rect, img, r, draw.Over, nil)
	return out
}

// upright turns and mirrors a picture by its EXIF orientation (EXIF 2.32, tag 0x0112).
func upright(src *image.RGBA, orientation int) *image.RGBA {
	if orientation <= 1 || orientation > 8 {
		return src
	}
	w, h := src.Rect.Dx(), src.Rect.Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if orientation >= 5 {
		out = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			tx, ty := turned(x, y, w, h, orientation)
			copy(out.Pix[out.PixOffset(tx, ty):][:4], src.Pix[src.PixOffset(x, y):][:4])
		}
	}
	return out
}

// turned is where the pixel x, y of a stored w×h picture is shown.
func turned(x, y, w, h, orientation int) (int, int) {
	switch orientation {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return h - 1 - y, x
	case 7:
		return h - 1 - y, w - 1 - x
	case 8:
		return y, w - 1 - x
	}
	return x, y
}

// grays is a picture in shades of gray, row by row, 0 black … 255 white.
type grays struct {
	w, h int
	at   []float64
}

// luma weighs the colours by ITU-R BT.601, as JPEG does.
func luma(img *image.RGBA) grays {
	g := grays{w: img.Rect.Dx(), h: img.Rect.Dy()}
	g.at = make([]float64, g.w*g.h)
	for i := range g.at {
		p := img.Pix[4*i:]
		g.at[i] = 0.299*float64(p[0]) + 0.587*float64(p[1]) + 0.114*float64(p[2])
	}
	return g
}

// grid averages a picture over w×h equal boxes; a picture smaller than the grid is sampled.
func (g grays) grid(w, h int) grays {
	out := grays{w: w, h: h, at: make([]float64, w*h)}
	for y := range h {
		y0, y1 := span(y, h, g.h)
		for x := range w {
			x0, x1 := span(x, w, g.w)
			out.at[y*w+x] = g.mean(x0, y0, x1, y1)
		}
	}
	return out
}

// span is the i-th of n equal parts of 0 … size, at least one wide.
func span(i, n, size int) (from, to int) {
	from = i * size / n
	return from, max(from+1, (i+1)*size/n)
}

func (g grays) mean(x0, y0, x1, y1 int) float64 {
	sum := 0.0
	for y := y0; y < y1; y++ {
		for _, v := range g.at[y*g.w+x0 : y*g.w+x1] {
			sum += v
		}
	}
	return sum / float64((x1-x0)*(y1-y0))
}
