package pdf

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"

	"github.com/signintech/gopdf"
)

// Column is one of a table; its share of the width is counted against the others'.
type Column struct {
	Head  string
	Share float64
	Right bool
}

// table is a table being printed: its heads stand on each page.
type table struct {
	*Writer
	columns []Column
	wide    []float64
}

// padding of a cell, points.
const padding = 3

// Table prints rows as they come; a row of one cell is a heading within the table.
func (w *Writer) Table(columns []Column, rows func(put func(cells ...string)) error) error {
	t := &table{Writer: w, columns: columns}
	sum := 0.0
	for _, c := range columns {
		sum += c.Share
	}
	heads := make([]string, len(columns))
	for i, c := range columns {
		t.wide = append(t.wide, inner*c.Share/sum)
		heads[i] = c.Head
	}
	t.row("heading", heads)
	err := rows(func(cells ...string) {
		name := "body"
		if len(cells) == 1 {
			name = "heading"
		}
		if t.high(name, cells) > height-bottom-t.y {
			w.page()
			t.row("heading", heads)
		}
		t.row(name, cells)
	})
	w.y += 8
	if err == nil {
		err = w.err
	}
	return err
}

// broken are the lines of each cell.
func (t *table) broken(name string, cells []string) (out [][]string) {
	for i, c := range cells {
		wide := t.wide[i]
		if len(cells) == 1 {
			wide = inner
		}
		out = append(out, t.lines(name, sizeSmall, c, wide-2*padding))
	}
	return out
}

const lineHigh = sizeSmall * 1.45

func (t *table) high(name string, cells []string) float64 {
	most := 1
	for _, c := range t.broken(name, cells) {
		most = max(most, len(c))
	}
	return float64(most)*lineHigh + 2*padding
}

func (t *table) row(name string, cells []string) {
	high, x := min(t.high(name, cells), height-top-bottom), left
	t.pdf.SetLineWidth(0.5)
	t.font(name, sizeSmall)
	for i, lines := range t.broken(name, cells) {
		wide, align := t.wide[i], gopdf.Left
		if t.columns[i].Right {
			align = gopdf.Right
		}
		if len(cells) == 1 {
			wide, align = inner, gopdf.Left
		}
		t.pdf.RectFromUpperLeftWithStyle(x, t.y, wide, high, "D")
		for j, l := range lines {
			if float64(j+1)*lineHigh > high {
				break
			}
			t.put(x+padding, t.y+padding+(lineHigh-sizeSmall)/2+float64(j)*lineHigh, wide-2*padding, l, align)
		}
		x += wide
	}
	t.y += high
}

// Picture is a photo with its caption.
type Picture struct {
	JPEG    []byte
	Caption string
}

// Sizes of a picture on paper: two beside one another.
const (
	gap         = 6 * mm
	pictureWide = (inner - gap) / 2
	pictureHigh = pictureWide * 3 / 4
)

// Pictures prints photos two by two with their captions. One that cannot be
// read is a caption alone, which says so.
func (w *Writer) Pictures(list []Picture) error {
	const high = pictureHigh + 3*lineHigh + 4*mm
	for i, p := range list {
		if i%2 == 0 {
			if i > 0 {
				w.y += high
			}
			if w.y+high > height-bottom {
				w.page()
			}
		}
		x := left + float64(i%2)*(pictureWide+gap)
		if err := w.picture(x, p.JPEG); err != nil {
			p.Caption += "（照片无法打开）"
		}
		w.font("body", sizeSmall)
		for n, l := range w.lines("body", sizeSmall, p.Caption, pictureWide) {
			if n < 3 {
				w.put(x, w.y+pictureHigh+4+float64(n)*lineHigh, pictureWide, l, gopdf.Left)
			}
		}
	}
	if len(list) > 0 {
		w.y += high
	}
	return w.err
}

// picture fits a photo into its box without cutting or stretching it.
func (w *Writer) picture(x float64, b []byte) error {
	c, kind, err := image.DecodeConfig(bytes.NewReader(b))
	if err != nil || kind != "jpeg" || c.Width == 0 || c.Height == 0 {
		return fmt.Errorf("pdf: picture: %q %w", kind, err)
	}
	if _, err := jpeg.Decode(bytes.NewReader(b)); err != nil {
		return err
	}
	holder, err := gopdf.ImageHolderByBytes(b)
	if err != nil {
		return err
	}
	scale := min(pictureWide/float64(c.Width), pictureHigh/float64(c.Height))
	wide, high := float64(c.Width)*scale, float64(c.Height)*scale
	return w.pdf.ImageByHolder(holder, x+(pictureWide-wide)/2, w.y+(pictureHigh-high)/2, &gopdf.Rect{W: wide, H: high})
}
