// Package pdf prints tables and photos on A4 as official documents ask for:
// margins of 37, 35, 28 and 26 mm, titles of size 二号, headings of 三号. It
// knows no campaign, only words.
package pdf

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/signintech/gopdf"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// Millimetres of A4 and of the margins that official documents have
// (GB/T 9704 and the counties' archive rules, see the project's domain notes).
const (
	mm     = 72.0 / 25.4
	width  = 210 * mm
	height = 297 * mm
	top    = 37 * mm
	bottom = 35 * mm
	left   = 28 * mm
	right  = 26 * mm
	inner  = width - left - right
)

// Sizes of type in points, by their Chinese names.
const (
	size2     = 22   // 二号, titles
	size3     = 16   // 三号, headings
	size4     = 14   // 四号, page numbers
	sizeSmall = 10.5 // 五号, cells of tables
)

// Fonts are TrueType files. Only Body is needed; what is empty is set in it.
type Fonts struct {
	Body    string // 仿宋
	Heading string // 黑体
	Title   string // 小标宋
}

// ErrNoFont says that no TrueType font with Chinese characters was found.
var ErrNoFont = errors.New("pdf: no TrueType font with Chinese characters")

// names are beginnings of the files of TrueType fonts that hold Chinese, the
// best for official documents first.
var names = []string{"fangsong", "simfang", "stfangso", "fzfs", "simsun", "gbsn00lp", "notosanssc_400", "notosanssc-regular", "notosanssc", "notoserifsc", "sourcehansanssc", "simhei", "msyh", "gkai00mp"}

// Find looks for a font: the configured file or folder, else the system's.
func Find(configured string, more ...string) (Fonts, error) {
	if configured != "" {
		if s, err := os.Stat(configured); err == nil && !s.IsDir() {
			return Fonts{Body: configured}, usable(configured)
		}
		more = []string{configured}
	} else {
		more = append(more, "/usr/share/fonts", "/usr/local/share/fonts", filepath.Join(os.Getenv("HOME"), ".local/share/fonts"), `C:\Windows\Fonts`)
	}
	best, rank := "", len(names)
	for _, dir := range more {
		_ = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error { // a folder that cannot be read holds no font for us
			if err != nil || d.IsDir() || !strings.EqualFold(filepath.Ext(path), ".ttf") {
				return nil
			}
			for i, n := range names[:rank] {
				if strings.HasPrefix(strings.ToLower(d.Name()), n) && usable(path) == nil {
					best, rank = path, i
					break
				}
			}
			return nil
		})
	}
	if best == "" {
		return Fonts{}, ErrNoFont
	}
	f := Fonts{Body: best}
	for part, file := range map[*string]string{&f.Heading: "heading.ttf", &f.Title: "title.ttf"} { // a county's own, beside the found one
		if beside := filepath.Join(filepath.Dir(best), file); usable(beside) == nil {
			*part = beside
		}
	}
	return f, nil
}

// usable reports whether a font holds both Chinese and digits.
func usable(path string) error {
	f, err := load(path)
	if err != nil {
		return err
	}
	for _, r := range "卫生县2021" {
		if !f.has(r) {
			return ErrNoFont
		}
	}
	return nil
}

// face is a font and which characters it has.
type face struct {
	bytes  []byte
	glyphs *sfnt.Font
	buffer sfnt.Buffer
	wide   map[rune]float64
}

func load(path string) (*face, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("pdf: font: %w", err)
	}
	if strings.HasPrefix(string(b), "OTTO") || strings.HasPrefix(string(b), "ttcf") {
		return nil, ErrNoFont // outlines the writer does not take
	}
	f, err := sfnt.Parse(b)
	if err != nil {
		return nil, fmt.Errorf("pdf: font: %w", err)
	}
	return &face{bytes: b, glyphs: f, wide: map[rune]float64{}}, nil
}

func (f *face) has(r rune) bool {
	i, err := f.glyphs.GlyphIndex(&f.buffer, r)
	return err == nil && i != 0
}

// advance is how wide a character is, in ems.
func (f *face) advance(r rune) float64 {
	if a, ok := f.wide[r]; ok {
		return a
	}
	a, em := 1.0, f.glyphs.UnitsPerEm()
	if i, err := f.glyphs.GlyphIndex(&f.buffer, r); err == nil {
		if units, err := f.glyphs.GlyphAdvance(&f.buffer, i, fixed.I(int(em)), font.HintingNone); err == nil {
			a = float64(units) / 64 / float64(em)
		}
	}
	f.wide[r] = a
	return a
}

// missing stands for a character no font has, as printers do it.
const missing = '〓'

// shown is text with what the font lacks made visible.
func (f *face) shown(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case r < ' ' || r >= 0x200b && r <= 0x202e || r == 0xfeff:
			return -1
		case r > 0xffff || !f.has(r): // the writer keeps only the first plane
			return missing
		}
		return r
	}, text)
}

// Press is fonts that were read once for many documents. It serves one
// document at a time.
type Press struct{ faces map[string]*face }

// Open reads the fonts.
func (f Fonts) Open() (*Press, error) {
	p := &Press{faces: map[string]*face{}}
	for name, path := range map[string]string{"body": f.Body, "heading": f.Heading, "title": f.Title} {
		if path == "" {
			continue
		}
		loaded, err := load(path)
		if err != nil {
			return nil, err
		}
		p.faces[name] = loaded
	}
	return p, nil
}

// face is the font of a part, the body's where it has none of its own.
func (p *Press) face(name string) (string, *face) {
	if f, ok := p.faces[name]; ok {
		return name, f
	}
	return "body", p.faces["body"]
}

// Writer prints one document.
type Writer struct {
	*Press
	pdf gopdf.GoPdf
	y   float64
	err error
}

// New begins a document.
func (p *Press) New() (*Writer, error) {
	w := &Writer{Press: p}
	w.pdf.Start(gopdf.Config{PageSize: gopdf.Rect{W: width, H: height}})
	for _, name := range []string{"body", "heading", "title"} {
		if f, ok := p.faces[name]; ok {
			if err := w.pdf.AddTTFFontData(name, f.bytes); err != nil {
				return nil, fmt.Errorf("pdf: font: %w", err)
			}
		}
	}
	w.page()
	return w, nil
}

// page begins a page with its number at the foot.
func (w *Writer) page() {
	w.pdf.AddPage()
	number := fmt.Sprintf("— %d —", w.pdf.GetNumberOfPages())
	w.font("body", size4)
	w.put(left, height-bottom+10*mm, inner, number, gopdf.Center)
	w.y = top
}

// Pages is how many pages there are so far.
func (w *Writer) Pages() int { return w.pdf.GetNumberOfPages() }

func (w *Writer) note(err error) {
	if w.err == nil && err != nil {
		w.err = fmt.Errorf("pdf: %w", err)
	}
}

func (w *Writer) font(name string, size float64) {
	family, _ := w.face(name)
	w.note(w.pdf.SetFont(family, "", size))
}

// put writes one line of text into a box of a width.
func (w *Writer) put(x, y, wide float64, text string, align int) {
	w.pdf.SetXY(x, y)
	w.note(w.pdf.CellWithOption(&gopdf.Rect{W: wide, H: 1}, text, gopdf.CellOption{Align: align | gopdf.Top}))
}

// lines breaks text to a width; a line has at least one character.
func (w *Writer) lines(name string, size float64, text string, wide float64) []string {
	_, f := w.face(name)
	var out []string
	var line []rune
	used := 0.0
	for _, r := range f.shown(text) {
		a := f.advance(r) * size
		if len(line) > 0 && used+a > wide {
			out, line, used = append(out, string(line)), line[:0], 0
		}
		line, used = append(line, r), used+a
	}
	return append(out, string(line))
}

// block writes lines one below the other and begins a page where needed.
func (w *Writer) block(name string, size float64, text string, align int) {
	w.font(name, size)
	high := size * 1.6
	for _, l := range w.lines(name, size, text, inner) {
		if w.y+high > height-bottom {
			w.page()
			w.font(name, size)
		}
		w.put(left, w.y, inner, l, align)
		w.y += high
	}
}

// Title is set in the middle, size 二号.
func (w *Writer) Title(text string) { w.block("title", size2, text, gopdf.Center); w.y += 6 }

// Heading is of the first level, size 三号.
func (w *Writer) Heading(text string) { w.block("heading", size3, text, gopdf.Left); w.y += 2 }

// Text is plain, of the size of tables.
func (w *Writer) Text(text string) { w.block("body", sizeSmall, text, gopdf.Left) }

// WriteTo ends the document.
func (w *Writer) WriteTo(out io.Writer) (int64, error) {
	if w.err != nil {
		return 0, w.err
	}
	return w.pdf.WriteTo(out)
}
