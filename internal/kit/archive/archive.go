// Package archive packs any number of kept files into one ZIP as a stream, with
// a list of their sums in front, and tells afterwards what in such a ZIP was
// changed, taken out or put in. It knows files by their SHA-256 and nothing else.
package archive

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"time"
)

// ManifestName is the first file of every archive: a line for each further
// file in the form of sha256sum, so that a stranger needs no program of ours.
const ManifestName = "SHA256SUMS"

// File is one file of an archive.
type File struct {
	Sum  string // SHA-256 in hex
	Name string // with folders, / between
	Size int64
}

// Manifest is the list of the sums of files, in their order.
func Manifest(files []File) []byte {
	size := 0
	for _, f := range files {
		size += len(f.Sum) + len(f.Name) + 3
	}
	b := make([]byte, 0, size)
	for _, f := range files {
		b = append(append(append(append(b, f.Sum...), "  "...), f.Name...), '\n')
	}
	return b
}

// ParseManifest reads what Manifest wrote; sizes are not in it.
func ParseManifest(b []byte) ([]File, error) {
	var out []File
	in := bufio.NewScanner(bytes.NewReader(b))
	in.Buffer(nil, 1<<16)
	for in.Scan() {
		sum, name, ok := strings.Cut(in.Text(), "  ")
		if raw, err := hex.DecodeString(sum); !ok || err != nil || len(raw) != sha256.Size || name == "" {
			return nil, fmt.Errorf("archive: line %d of the manifest is none", len(out)+1)
		}
		out = append(out, File{Sum: sum, Name: name})
	}
	if err := in.Err(); err != nil {
		return nil, fmt.Errorf("archive: manifest: %w", err)
	}
	return out, nil
}

// Sum is the SHA-256 of bytes in hex.
func Sum(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// What the parts of a ZIP take up, by its specification (APPNOTE 6.3), as
// archive/zip writes them for stored files with a time.
const (
	localHeader   = 30
	descriptor    = 16
	descriptor64  = 24
	centralHeader = 46
	timeExtra     = 9
	zip64Extra    = 28
	end           = 22
	end64         = 56 + 20
)

// Size is how many bytes Write will write, known beforehand so that whoever
// downloads sees how far it is.
func Size(manifest []byte, files []File) int64 {
	var at, central int64
	add := func(name string, size int64) {
		central += centralHeader + int64(len(name)) + timeExtra
		if size >= math.MaxUint32 || at >= math.MaxUint32 {
			central += zip64Extra
		}
		at += localHeader + int64(len(name)) + timeExtra + size + descriptor
		if size >= math.MaxUint32 {
			at += descriptor64 - descriptor
		}
	}
	add(ManifestName, int64(len(manifest)))
	for _, f := range files {
		add(f.Name, f.Size)
	}
	total := at + central + end
	if len(files)+1 >= math.MaxUint16 || central >= math.MaxUint32 || at >= math.MaxUint32 {
		total += end64
	}
	return total
}

// Opener opens kept bytes by their sum.
type Opener func(ctx context.Context, sum string) (io.ReadCloser, error)

// ErrAltered says that kept bytes are no longer those of their sum.
var ErrAltered = errors.New("archive: kept bytes were altered")

// Write streams the archive of a manifest, every file stored as it is and
// checked against its sum on the way. The same manifest and day give the same
// bytes. It holds a few small files in memory, never a large one.
func Write(ctx context.Context, w io.Writer, manifest []byte, day time.Time, open Opener) error {
	files, err := ParseManifest(manifest)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	out := bufio.NewWriterSize(w, 1<<18)
	z := zip.NewWriter(out)
	day = time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, time.UTC)
	put := func(name string, r io.Reader) error {
		f, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store, Modified: day})
		if err == nil {
			_, err = io.Copy(f, r)
		}
		if err != nil {
			return fmt.Errorf("archive: %s: %w", name, err)
		}
		return nil
	}
	a := readAhead(ctx, files, open)
	defer func() { stop(); a.end() }()
	if err := put(ManifestName, bytes.NewReader(manifest)); err != nil {
		return err
	}
	for _, f := range files {
		if err := a.next(ctx, func(r io.Reader) error { return put(f.Name, r) }); err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("archive: %w", err)
	}
	return out.Flush()
}
