// Package document says what a document holds from its bytes alone: its type,
// its pages, its text. Files come from strangers: sizes are bounded before
// anything is unpacked, and whatever a reader stumbles over is an error, never
// a crash. It keeps nothing and touches no database.
package document

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"chuangwei/internal/kit/photo"
)

// The types a document may have.
const (
	TypePDF  = "application/pdf"
	TypeDOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	TypeXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	TypeJPEG = photo.TypeJPEG
	TypePNG  = photo.TypePNG
)

// Extensions are the endings of file names by type.
var Extensions = map[string]string{TypePDF: "pdf", TypeDOCX: "docx", TypeXLSX: "xlsx", TypeJPEG: "jpg", TypePNG: "png"}

// What a document may not exceed.
const (
	MaxBytes  = 50 << 20  // of the file
	maxParts  = 5_000     // files within a DOCX or XLSX
	maxUnzip  = 256 << 20 // bytes of them, as announced
	maxXML    = 64 << 20  // bytes read of one of them
	maxPages  = 3_000     // of a PDF
	maxRunes  = 200_000   // of text kept
	maxSample = 1024      // bytes in which a PDF must begin
)

// Why bytes are refused.
var (
	ErrUnknown = errors.New("document: neither PDF, DOCX, XLSX, JPEG nor PNG")
	ErrOld     = errors.New("document: an old Office file")
	ErrMacro   = errors.New("document: an Office file with macros")
	ErrLarge   = errors.New("document: too large")
	ErrBomb    = errors.New("document: unpacks to too much")
	ErrLocked  = errors.New("document: needs a password")
	ErrNoText  = errors.New("document: holds no text, like a scan")
)

// Text is what was read of a document.
type Text struct {
	Body  string // at most 200,000 characters
	Pages int    // 0 unknown
	Cut   bool   // there was more
}

// Sniff tells the type by content, whatever the file was called.
func Sniff(r io.ReaderAt, size int64) (string, error) {
	if size > MaxBytes {
		return "", ErrLarge
	}
	head := make([]byte, min(size, maxSample))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("document: %w", err)
	}
	switch {
	case bytes.Contains(head, []byte("%PDF-")):
		return TypePDF, nil
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return sniffZip(r, size)
	case bytes.HasPrefix(head, []byte{0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1}):
		return "", ErrOld // so are encrypted new ones
	}
	kind, err := photo.Sniff(head[:min(len(head), 64)])
	if errors.Is(err, photo.ErrHEIC) {
		return "", err
	}
	if err != nil {
		return "", ErrUnknown
	}
	return kind, nil
}

func sniffZip(r io.ReaderAt, size int64) (string, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return "", ErrUnknown
	}
	if err := bounded(z); err != nil {
		return "", err
	}
	kind := ""
	for _, f := range z.File {
		switch name := strings.ToLower(f.Name); {
		case strings.HasSuffix(name, "vbaproject.bin"):
			return "", ErrMacro
		case name == "word/document.xml":
			kind = TypeDOCX
		case name == "xl/workbook.xml":
			kind = TypeXLSX
		}
	}
	if kind == "" {
		return "", ErrUnknown
	}
	return kind, nil
}

// bounded refuses an archive that says itself that it unpacks to too much; one
// that lies is stopped while it is read.
func bounded(z *zip.Reader) error {
	var total uint64
	for _, f := range z.File {
		total += min(f.UncompressedSize64, maxUnzip+1)
		if total > maxUnzip {
			return ErrBomb
		}
	}
	if len(z.File) > maxParts {
		return ErrBomb
	}
	return nil
}

// Read reads the text of a document of a type that Sniff told. It stops when
// ctx ends between pages; a page that never ends is stopped only by ending the
// process, see Reader.
func Read(ctx context.Context, kind string, r io.ReaderAt, size int64) (t Text, err error) {
	defer func() {
		if p := recover(); p != nil {
			t, err = Text{}, fmt.Errorf("document: %v", p)
		}
	}()
	if size > MaxBytes {
		return t, ErrLarge
	}
	switch kind {
	case TypePDF:
		return readPDF(ctx, r, size)
	case TypeDOCX:
		return readDOCX(r, size)
	case TypeXLSX:
		return readXLSX(ctx, r, size)
	case TypeJPEG, TypePNG:
		return Text{Pages: 1}, nil
	}
	return t, ErrUnknown
}

// gather collects text up to the most that is kept.
type gather struct {
	b     strings.Builder
	runes int
	cut   bool
}

// add reports whether there is room for more. NUL, which no database takes,
// and what is not UTF-8 become spaces.
func (g *gather) add(s string) bool {
	if g.cut {
		return false
	}
	s = strings.ReplaceAll(strings.ToValidUTF8(s, " "), "\x00", " ")
	n := utf8.RuneCountInString(s)
	if g.runes+n > maxRunes {
		g.cut = true
		s = string([]rune(s)[:maxRunes-g.runes])
		n = maxRunes - g.runes
	}
	g.runes += n
	g.b.WriteString(s)
	return !g.cut
}

func (g *gather) text(pages int) Text {
	return Text{Body: strings.TrimSpace(g.b.String()), Pages: pages, Cut: g.cut}
}
