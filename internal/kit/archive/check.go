package archive

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Report is what an archive holds beside what its manifest says.
type Report struct {
	Manifest string // SHA-256 of its manifest
	Files    int
	Changed  []string // differ from their sum, or cannot be read
	Missing  []string
	Added    []string // in the archive and not in the manifest, or there twice
}

// OK reports that the files are exactly those of the manifest. Whether the
// manifest itself is the one that was made, only a log can tell.
func (r Report) OK() bool { return len(r.Changed)+len(r.Missing)+len(r.Added) == 0 }

// ErrNone says that a file is no archive of ours.
var ErrNone = errors.New("archive: no ZIP with a manifest")

// mostManifest bounds the manifest that is read.
const mostManifest = 256 << 20

// Check looks over an archive from strangers.
func Check(r io.ReaderAt, size int64) (Report, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return Report{}, fmt.Errorf("%w: %w", ErrNone, err)
	}
	i := slices.IndexFunc(z.File, func(f *zip.File) bool { return f.Name == ManifestName })
	if i < 0 {
		return Report{}, ErrNone
	}
	manifest, err := readAll(z.File[i])
	if err != nil {
		return Report{}, fmt.Errorf("%w: %w", ErrNone, err)
	}
	files, err := ParseManifest(manifest)
	if err != nil {
		return Report{}, err
	}
	want := make(map[string]string, len(files))
	for _, f := range files {
		want[f.Name] = f.Sum
	}
	out := Report{Manifest: Sum(manifest), Files: len(files)}
	seen := make(map[string]bool, len(files))
	for at, f := range z.File {
		sum, listed := want[f.Name]
		switch {
		case at == i:
		case !listed || seen[f.Name]:
			out.Added = append(out.Added, f.Name)
		case sum != sumOf(f):
			out.Changed = append(out.Changed, f.Name)
		}
		seen[f.Name] = true
	}
	for _, f := range files {
		if !seen[f.Name] {
			out.Missing = append(out.Missing, f.Name)
		}
	}
	return out, nil
}

func readAll(f *zip.File) ([]byte, error) {
	in, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	b, err := io.ReadAll(io.LimitReader(in, mostManifest+1))
	if err == nil && len(b) > mostManifest {
		err = errors.New("archive: the manifest is too long")
	}
	return b, err
}

// sumOf is the sum of a file, "" when it cannot be read whole.
func sumOf(f *zip.File) string {
	in, err := f.Open()
	if err != nil {
		return ""
	}
	defer in.Close()
	h := sha256.New()
	if _, err := io.Copy(h, in); err != nil {
		return ""
	}
	return hex.EncodeToString(h.Sum(nil))
}
