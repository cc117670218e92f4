package document

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"

	"github.com/ledongthuc/pdf"
	"github.com/xuri/excelize/v2"
)

func readPDF(ctx context.Context, r io.ReaderAt, size int64) (Text, error) {
	doc, err := pdf.NewReader(r, size)
	if errors.Is(err, pdf.ErrInvalidPassword) {
		return Text{}, ErrLocked
	}
	if err != nil {
		return Text{}, fmt.Errorf("document: pdf: %w", err)
	}
	pages := doc.NumPage()
	if pages < 1 {
		return Text{}, errors.New("document: pdf: no pages")
	}
	var g gather
	for n := 1; n <= min(pages, maxPages); n++ {
		if err := ctx.Err(); err != nil {
			return Text{}, err
		}
		page := doc.Page(n)
		if page.V.IsNull() {
			continue
		}
		text, err := page.GetPlainText(nil)
		if err != nil {
			return Text{}, fmt.Errorf("document: pdf: page %d: %w", n, err)
		}
		if !g.add(text + "\n") {
			break
		}
	}
	g.cut = g.cut || pages > maxPages
	out := g.text(min(pages, 1_000_000))
	if !legible(out.Body) {
		return Text{Pages: out.Pages}, ErrNoText
	}
	return out, nil
}

// legible reports whether text was found and is not just numbers of glyphs,
// which is what a font without a map to characters gives.
func legible(body string) bool {
	odd, all := 0, 0
	for _, r := range body {
		all++
		if r == unicode.ReplacementChar || unicode.IsControl(r) && r != '\n' || unicode.Is(unicode.Co, r) {
			odd++
		}
	}
	return all > 0 && odd*5 < all
}

// wordParts are the files of a DOCX that hold text.
func wordPart(name string) bool {
	base, ok := strings.CutPrefix(name, "word/")
	return ok && strings.HasSuffix(base, ".xml") && !strings.Contains(base, "/") &&
		(base == "document.xml" || base == "footnotes.xml" || base == "endnotes.xml" || strings.HasPrefix(base, "header") || strings.HasPrefix(base, "footer"))
}

func readDOCX(r io.ReaderAt, size int64) (Text, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return Text{}, fmt.Errorf("document: docx: %w", err)
	}
	if err := bounded(z); err != nil {
		return Text{}, err
	}
	var g gather
	pages := 0
	for _, f := range z.File {
		switch {
		case wordPart(f.Name):
			if err := part(f, g.words); err != nil {
				return Text{}, err
			}
		case f.Name == "docProps/app.xml":
			if err := part(f, func(d *xml.Decoder) error { pages, err = pagesOf(d); return err }); err != nil {
				return Text{}, err
			}
		}
	}
	return g.text(pages), nil
}

// part reads one XML file of a package, bounded whatever it announced.
func part(f *zip.File, read func(*xml.Decoder) error) error {
	in, err := f.Open()
	if err != nil {
		return fmt.Errorf("document: %s: %w", f.Name, err)
	}
	defer in.Close()
	limited := &io.LimitedReader{R: in, N: maxXML}
	err = read(xml.NewDecoder(limited))
	if limited.N <= 0 {
		return ErrBomb
	}
	if err != nil {
		return fmt.Errorf("document: %s: %w", f.Name, err)
	}
	return nil
}

// words takes the runs of text; paragraphs, rows and breaks end a line.
func (g *gather) words(d *xml.Decoder) error {
	within := false
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch x := tok.(type) {
		case xml.StartElement:
			within = x.Name.Local == "t"
			if x.Name.Local == "tab" || x.Name.Local == "br" {
				g.add(" ")
			}
		case xml.EndElement:
			within = false
			if x.Name.Local == "p" {
				g.add("\n")
			}
		case xml.CharData:
			if within && !g.add(string(x)) {
				return nil
			}
		}
	}
}

func pagesOf(d *xml.Decoder) (int, error) {
	var app struct {
		Pages string `xml:"Pages"`
	}
	if err := d.Decode(&app); err != nil {
		return 0, err
	}
	n, err := strconv.Atoi(strings.TrimSpace(app.Pages))
	if err != nil || n < 0 || n > 100_000 {
		return 0, nil // it says nothing useful
	}
	return n, nil
}

func readXLSX(ctx context.Context, r io.ReaderAt, size int64) (Text, error) {
	f, err := excelize.OpenReader(io.NewSectionReader(r, 0, size), excelize.Options{UnzipSizeLimit: maxUnzip, UnzipXMLSizeLimit: maxXML / 4})
	if err != nil {
		return Text{}, fmt.Errorf("document: xlsx: %w", err)
	}
	defer f.Close()
	var g gather
	sheets := f.GetSheetList()
	for _, name := range sheets {
		g.add(name + "\n")
		if err := g.sheet(ctx, f, name); err != nil {
			return Text{}, err
		}
	}
	return g.text(len(sheets)), nil
}

func (g *gather) sheet(ctx context.Context, f *excelize.File, name string) error {
	rows, err := f.Rows(name)
	if err != nil {
		return fmt.Errorf("document: xlsx: %w", err)
	}
	defer rows.Close()
	for rows.Next() && !g.cut {
		if err := ctx.Err(); err != nil {
			return err
		}
		cells, err := rows.Columns()
		if err != nil {
			return fmt.Errorf("document: xlsx: %w", err)
		}
		if line := strings.TrimSpace(strings.Join(cells, " ")); line != "" {
			g.add(line + "\n")
		}
	}
	return rows.Error()
}

// ReadAll is Read of bytes.
func ReadAll(ctx context.Context, kind string, b []byte) (Text, error) {
	return Read(ctx, kind, bytes.NewReader(b), int64(len(b)))
}
