package archive

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"
	"time"
)

// shelf keeps files by their sums.
type shelf map[string][]byte

func (s shelf) put(name string, b []byte) File {
	f := File{Sum: Sum(b), Name: name, Size: int64(len(b))}
	s[f.Sum] = b
	return f
}

func (s shelf) open(_ context.Context, sum string) (io.ReadCloser, error) {
	b, ok := s[sum]
	if !ok {
		return nil, errors.New("gone")
	}
	return io.NopCloser(bytes.NewReader(b)), nil
}

var day = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func (s shelf) pack(t testing.TB, files []File) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(t.Context(), &b, Manifest(files), day, s.open); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func some(s shelf) []File {
	return []File{s.put("2025/01 组织/01-01-01_2025_爱卫办_纪要.pdf", []byte("minutes")), s.put("2025/empty.txt", nil), s.put("2025/large.bin", bytes.Repeat([]byte("larger than what is read ahead "), 30_000)),
		s.put("same.pdf", []byte("minutes"))}
}

func TestAnArchiveIsTheSameEachTimeAndAsLongAsSaid(t *testing.T) {
	s := shelf{}
	files := some(s)
	a, b := s.pack(t, files), s.pack(t, files)
	if !bytes.Equal(a, b) {
		t.Error("two archives of the same files differ")
	}
	if got := Size(Manifest(files), files); got != int64(len(a)) {
		t.Errorf("said to be %d bytes, is %d", got, len(a))
	}
	r, err := Check(bytes.NewReader(a), int64(len(a)))
	if err != nil || !r.OK() || r.Files != 4 || r.Manifest != Sum(Manifest(files)) {
		t.Errorf("%+v %v", r, err)
	}
	z, err := zip.NewReader(bytes.NewReader(a), int64(len(a)))
	if err != nil || z.File[0].Name != ManifestName || z.File[1].Name != files[0].Name {
		t.Errorf("%v %v", z.File, err)
	}
}

func TestManyFilesAreAsLongAsSaid(t *testing.T) {
	s := shelf{}
	var files []File
	for i := range 70_000 { // more than a plain ZIP counts
		files = append(files, s.put(fmt.Sprintf("%d.txt", i), fmt.Append(nil, i%100)))
	}
	a := s.pack(t, files)
	if got := Size(Manifest(files), files); got != int64(len(a)) {
		t.Errorf("said to be %d bytes, is %d", got, len(a))
	}
	if r, err := Check(bytes.NewReader(a), int64(len(a))); err != nil || !r.OK() || r.Files != 70_000 {
		t.Errorf("%+v %v", r, err)
	}
}

// altered is an archive written anew with some of its files as change says.
func altered(t *testing.T, a []byte, change func(name string, b []byte) (string, []byte), more ...string) []byte {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(a), int64(len(a)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	put := func(name string, b []byte) {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write(b)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range in.File {
		b, err := readAll(f)
		if err != nil {
			t.Fatal(err)
		}
		if name, b := change(f.Name, b); name != "" {
			put(name, b)
		}
	}
	for _, name := range more {
		put(name, []byte("more"))
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestWhatWasChangedTakenOutOrPutInIsNamed(t *testing.T) {
	s := shelf{}
	a := s.pack(t, some(s))
	b := altered(t, a, func(name string, b []byte) (string, []byte) {
		switch name {
		case "same.pdf":
			return name, []byte("Minutes")
		case "2025/empty.txt":
			return "", nil
		case "2025/large.bin":
			return "2025/renamed.bin", b
		}
		return name, b
	}, "note.txt", "same.pdf")
	r, err := Check(bytes.NewReader(b), int64(len(b)))
	if err != nil || !slices.Equal(r.Changed, []string{"same.pdf"}) || !slices.Equal(r.Missing, []string{"2025/empty.txt", "2025/large.bin"}) ||
		!slices.Equal(r.Added, []string{"2025/renamed.bin", "note.txt", "same.pdf"}) {
		t.Errorf("%+v %v", r, err)
	}
	c := altered(t, a, func(name string, b []byte) (string, []byte) {
		if name == ManifestName {
			return name, bytes.Replace(b, []byte("same.pdf"), []byte("sane.pdf"), 1)
		}
		return name, b
	})
	if r, err := Check(bytes.NewReader(c), int64(len(c))); err != nil || r.Manifest == Sum(Manifest(some(s))) {
		t.Errorf("a manifest written anew keeps its sum: %+v %v", r, err)
	}
	for name, bad := range map[string][]byte{"no zip": []byte("hello"), "cut": a[:len(a)-40], "nothing": nil} {
		if _, err := Check(bytes.NewReader(bad), int64(len(bad))); !errors.Is(err, ErrNone) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestBytesThatAreNotTheirSumsStopTheArchive(t *testing.T) {
	s := shelf{}
	files := some(s)
	for _, f := range files {
		if f.Size == 0 {
			continue
		}
		kept := s[f.Sum]
		s[f.Sum] = append([]byte("x"), kept[1:]...)
		if err := Write(t.Context(), io.Discard, Manifest(files), day, s.open); !errors.Is(err, ErrAltered) {
			t.Errorf("%s altered: %v", f.Name, err)
		}
		delete(s, f.Sum)
		if err := Write(t.Context(), io.Discard, Manifest(files), day, s.open); err == nil {
			t.Errorf("%s gone passes", f.Name)
		}
		s[f.Sum] = kept
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Write(ctx, io.Discard, Manifest(files), day, s.open); !errors.Is(err, context.Canceled) {
		t.Errorf("nobody waits any more: %v", err)
	}
}

func FuzzCheckEndsInAReport(f *testing.F) {
	s := shelf{}
	files := some(s)[:2]
	var b bytes.Buffer
	if err := Write(context.Background(), &b, Manifest(files), day, s.open); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, a []byte) {
		r, err := Check(bytes.NewReader(a), int64(len(a)))
		if err == nil && r.OK() && r.Files > 0 && r.Manifest == "" {
			t.Error("an archive without a manifest passes")
		}
	})
}
