package pdf

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// fonts are those the machine has; a machine without one cannot print, and the
// program says so.
func fonts(t testing.TB) Fonts {
	t.Helper()
	f, err := Find(os.Getenv("CHUANGWEI_FONT"), "../../../.tools/fonts")
	if err != nil {
		t.Skip("no TrueType font with Chinese characters here; tools/font.sh fetches one")
	}
	return f
}

func printed(t testing.TB, fill func(*Writer)) []byte {
	t.Helper()
	p, err := fonts(t).Open()
	if err != nil {
		t.Fatal(err)
	}
	w, err := p.New()
	if err != nil {
		t.Fatal(err)
	}
	fill(w)
	var b bytes.Buffer
	if _, err := w.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func sample(w *Writer) {
	w.Title("金河县创建国家卫生县档案 卷内目录")
	w.Heading("2025年 第3卷 市容环境卫生")
	_ = w.Table([]Column{{"序号", 1, true}, {"编号", 2, false}, {"题名", 6, false}, {"日期", 2, false}}, func(put func(...string)) error {
		put("10 道路与市容")
		for i := range 80 {
			put(strconv.Itoa(i+1), "03-10-02", strings.Repeat("清扫保洁记录", i%5+1), "2025-06-01")
		}
		return nil
	})
	_ = w.Pictures([]Picture{{photo(400, 300), "2025年6月1日，老街，整改前"}, {photo(300, 400), "整改后"}, {[]byte("no"), "坏照片"}})
}

func photo(wide, high int) []byte {
	m := image.NewRGBA(image.Rect(0, 0, wide, high))
	for i := range wide * high {
		m.Set(i%wide, i/wide, color.RGBA{uint8(i), 120, 90, 255})
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func TestThePagesShowWhatTheySay(t *testing.T) {
	b := printed(t, sample)
	if !bytes.Equal(b, printed(t, sample)) {
		t.Error("printed twice, it differs")
	}
	tool, err := exec.LookPath("pdftoppm")
	if err != nil {
		t.Skip("pdftoppm is not here")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.pdf"), b, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(tool, "-r", "50", "-gray", filepath.Join(dir, "a.pdf"), filepath.Join(dir, "p")).CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	pages, err := filepath.Glob(filepath.Join(dir, "p-*.pgm"))
	if err != nil || len(pages) < 3 {
		t.Fatalf("%d pages %v", len(pages), err)
	}
	for _, p := range pages {
		ink := margins(t, p)
		if ink.inside < 500 {
			t.Errorf("%s shows nothing: %+v", filepath.Base(p), ink)
		}
		if ink.outside > 0 {
			t.Errorf("%s prints into the margins: %+v", filepath.Base(p), ink)
		}
	}
}

type inked struct{ inside, outside int }

// margins counts dark dots of a page within the margins and beyond; the page
// number stands below on purpose.
func margins(t *testing.T, file string) (out inked) {
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	parts := bytes.SplitN(b, []byte("\n"), 4) // P5, width height, 255, dots
	size := strings.Fields(string(parts[1]))
	wide, _ := strconv.Atoi(size[0])
	dots, dot := parts[3], 50/25.4 // dots in a millimetre
	for i, d := range dots {
		if d > 128 {
			continue
		}
		x, y := float64(i%wide)/dot, float64(i/wide)/dot
		if x < 27 || x > 185 || y < 36 || y > 280 {
			out.outside++
		} else if y < 263 {
			out.inside++
		}
	}
	return out
}

func TestNoCharacterEndsThePrinting(t *testing.T) {
	for _, text := range []string{"𠮷野家", "👨‍👩‍👧‍👦🇨🇳", "a\u202egnp", "مرحبا בא", "\x00\x01\x1b[31m", strings.Repeat("长", 3000), "", "两行\n第二行", "\ufffd\ufffe\uffff", "䶮㐂"} {
		b := printed(t, func(w *Writer) {
			w.Title(text)
			w.Heading(text)
			w.Text(text)
			if err := w.Table([]Column{{text, 1, false}, {"b", 0.01, true}}, func(put func(...string)) error { put(text); put(text, text); return nil }); err != nil {
				t.Errorf("%.20q: %v", text, err)
			}
		})
		if len(b) < 1000 {
			t.Errorf("%.20q: %d bytes", text, len(b))
		}
	}
}

func TestWhatAFontLacksIsSeen(t *testing.T) {
	f, err := load(fonts(t).Body)
	if err != nil {
		t.Fatal(err)
	}
	if got := f.shown("吉𠮷\u200b\n👍2"); got != "吉〓 〓2" {
		t.Errorf("%q", got)
	}
	if _, err := Find(t.TempDir()); err != ErrNoFont {
		t.Errorf("an empty folder: %v", err)
	}
	if _, err := Find("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"); err == nil {
		t.Error("a font without Chinese is taken")
	}
}
