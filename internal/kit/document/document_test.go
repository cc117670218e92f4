package document_test

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"chuangwei/internal/kit/document"
	"chuangwei/internal/kit/pdf"

	"github.com/xuri/excelize/v2"
)

func docx(t testing.TB, title string, paragraphs ...string) []byte {
	t.Helper()
	b, err := document.DOCX(title, paragraphs)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func xlsx(t testing.TB, cells map[string]string) []byte {
	t.Helper()
	f := excelize.NewFile()
	for at, v := range cells {
		if err := f.SetCellStr("Sheet1", at, v); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if _, err := f.WriteTo(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// zipped is a ZIP of parts, for files that only look like documents.
func zipped(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, text := range parts {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// onePage is a PDF of one page with a content stream, written by hand.
func onePage(stream []byte, filter string) []byte {
	var b bytes.Buffer
	var at []int
	obj := func(text string) { at = append(at, b.Len()); fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(at), text) }
	b.WriteString("%PDF-1.4\n")
	obj("<</Type/Catalog/Pages 2 0 R>>")
	obj("<</Type/Pages/Kids[3 0 R]/Count 1>>")
	obj("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>")
	obj(fmt.Sprintf("<</Length %d%s>>\nstream\n%s\nendstream", len(stream), filter, stream))
	obj("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>")
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, o := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF", len(at)+1, start)
	return b.Bytes()
}

func TestTextIsReadOfEachKind(t *testing.T) {
	kinds := map[string]struct {
		b    []byte
		kind string
		want []string
	}{
		"docx": {docx(t, "会议纪要", "研究爱国卫生工作。", "<经费> & 人员"), document.TypeDOCX, []string{"会议纪要", "研究爱国卫生工作。", "<经费> & 人员"}},
		"xlsx": {xlsx(t, map[string]string{"A1": "点位", "B2": "清扫保洁"}), document.TypeXLSX, []string{"点位", "清扫保洁"}},
		"pdf":  {onePage([]byte("BT /F1 12 Tf 72 720 Td (GB/T 27770 sealed) Tj ET"), ""), document.TypePDF, []string{"GB/T 27770 sealed"}},
	}
	if f, err := pdf.Find(os.Getenv("CHUANGWEI_FONT"), "../../../.tools/fonts"); err == nil {
		p, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		w, err := p.New()
		if err != nil {
			t.Fatal(err)
		}
		w.Title("清扫保洁记录")
		w.Text("每日两次普扫，全天保洁。")
		var out bytes.Buffer
		if _, err := w.WriteTo(&out); err != nil {
			t.Fatal(err)
		}
		kinds["chinese pdf"] = struct {
			b    []byte
			kind string
			want []string
		}{out.Bytes(), document.TypePDF, []string{"清扫保洁记录", "每日两次普扫，全天保洁。"}}
	}
	for name, k := range kinds {
		kind, err := document.Sniff(bytes.NewReader(k.b), int64(len(k.b)))
		if err != nil || kind != k.kind {
			t.Errorf("%s is taken for %s %v", name, kind, err)
		}
		text, err := document.ReadAll(t.Context(), kind, k.b)
		if err != nil || text.Pages != 1 || text.Cut {
			t.Errorf("%s: %+v %v", name, text, err)
		}
		for _, want := range k.want {
			if !strings.Contains(text.Body, want) {
				t.Errorf("%s: %q is not in %q", name, want, text.Body)
			}
		}
	}
}

func TestWhatIsNoDocumentIsRefusedByItsContent(t *testing.T) {
	many := map[string]string{"word/document.xml": "x"}
	for i := range 5100 {
		many[fmt.Sprintf("word/media/%d.png", i)] = ""
	}
	for name, c := range map[string]struct {
		b    []byte
		want error
	}{
		"a program": {[]byte("MZ\x90\x00 this program cannot be run"), document.ErrUnknown}, "nothing": {nil, document.ErrUnknown}, "html": {[]byte("<html><script>alert(1)</script>"), document.ErrUnknown},
		"an old Word file": {append([]byte{0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1}, make([]byte, 600)...), document.ErrOld},
		"macros":           {zipped(t, map[string]string{"word/document.xml": "x", "word/vbaProject.bin": "x"}), document.ErrMacro},
		"another zip":      {zipped(t, map[string]string{"a.txt": "x"}), document.ErrUnknown}, "half a zip": {zipped(t, map[string]string{"word/document.xml": "x"})[:40], document.ErrUnknown},
		"too many parts": {zipped(t, many), document.ErrBomb},
	} {
		if _, err := document.Sniff(bytes.NewReader(c.b), int64(len(c.b))); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if _, err := document.Sniff(bytes.NewReader(nil), document.MaxBytes+1); !errors.Is(err, document.ErrLarge) {
		t.Errorf("too large: %v", err)
	}
}

func TestBombsAreStopped(t *testing.T) {
	spaces := strings.Repeat(" ", 80<<20)
	bomb := zipped(t, map[string]string{"word/document.xml": "<d>" + spaces + "</d>"})
	if len(bomb) > 1<<20 {
		t.Fatalf("the bomb has %d bytes", len(bomb))
	}
	if _, err := document.ReadAll(t.Context(), document.TypeDOCX, bomb); !errors.Is(err, document.ErrBomb) {
		t.Errorf("a DOCX that unpacks to 80 MB: %v", err)
	}
	huge := zipped(t, map[string]string{"word/document.xml": "<d/>", "a": spaces, "b": spaces, "c": spaces, "d": spaces})
	if _, err := document.Sniff(bytes.NewReader(huge), int64(len(huge))); !errors.Is(err, document.ErrBomb) {
		t.Errorf("a DOCX that says it unpacks to 320 MB: %v", err)
	}
	long := docx(t, "长", strings.Repeat("字", 300_000))
	if text, err := document.ReadAll(t.Context(), document.TypeDOCX, long); err != nil || !text.Cut || len([]rune(text.Body)) > 200_000 {
		t.Errorf("300,000 characters: %d %v %v", len([]rune(text.Body)), text.Cut, err)
	}
}

func TestAScanSaysThatItHoldsNoText(t *testing.T) {
	text, err := document.ReadAll(t.Context(), document.TypePDF, onePage([]byte("q 1 0 0 1 0 0 cm Q"), ""))
	if !errors.Is(err, document.ErrNoText) || text.Pages != 1 {
		t.Errorf("%+v %v", text, err)
	}
}

func TestNULNeverReachesADatabase(t *testing.T) {
	text, err := document.ReadAll(t.Context(), document.TypePDF, onePage([]byte("BT /F1 12 Tf (one\\000two three four five) Tj ET"), ""))
	if err != nil || strings.Contains(text.Body, "\x00") || !strings.Contains(text.Body, "three") {
		t.Errorf("%q %v", text.Body, err)
	}
}

// TestMain lets the test binary stand for the program when it is the process aside.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "extract" {
		if os.Args[2] == "sleep" {
			time.Sleep(time.Hour)
		}
		if err := document.Aside(os.Args[2], os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func aside(t *testing.T) document.Reader {
	own, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return document.Reader{Command: []string{own, "extract"}}
}

func TestAHostileFileEndsOnlyTheProcessAside(t *testing.T) {
	r := aside(t)
	if text, err := r.Read(t.Context(), document.TypeDOCX, docx(t, "会议纪要")); err != nil || text.Body != "会议纪要" {
		t.Errorf("a good file: %+v %v", text, err)
	}
	var packed bytes.Buffer
	z, err := zlib.NewWriterLevel(&packed, zlib.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	part := bytes.Repeat([]byte("(AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA) Tj "), 1<<15)
	for range 1000 { // 1.3 GB of text in a page
		if _, err := z.Write(part); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	bomb := onePage(packed.Bytes(), "/Filter/FlateDecode")
	start := time.Now()
	r.Timeout = 6 * time.Second
	if _, err := r.Read(t.Context(), document.TypePDF, bomb); err == nil {
		t.Errorf("a page of 1.3 GB in %d bytes was read", len(bomb))
	} else {
		t.Logf("%v: %v", time.Since(start), err)
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("it took %v", took)
	}
	r.Timeout = 200 * time.Millisecond
	if _, err := r.Read(t.Context(), "sleep", nil); err == nil || !strings.Contains(err.Error(), "too long") {
		t.Errorf("a file that never ends: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.Read(ctx, document.TypePDF, bomb); !errors.Is(err, context.Canceled) {
		t.Errorf("the program stops: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	for _, b := range [][]byte{docx(f, "会议纪要", "内容"), xlsx(f, map[string]string{"A1": "点位"}), onePage([]byte("BT /F1 12 Tf (text) Tj ET"), ""), []byte("%PDF-1.4"), []byte("PK\x03\x04")} {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		kind, err := document.Sniff(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		text, err := document.ReadAll(ctx, kind, b)
		if err == nil && (strings.Contains(text.Body, "\x00") || len([]rune(text.Body)) > 200_000 || text.Pages < 0) {
			t.Errorf("%d characters, %d pages", len([]rune(text.Body)), text.Pages)
		}
	})
}
