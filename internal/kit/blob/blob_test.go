package blob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"
)

func TestFolder(t *testing.T) {
	conform(t, func(t *testing.T) Store {
		s, err := Folder(filepath.Join(t.TempDir(), "blobs"))
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}

func sumOf(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

// conform is what every store must do; each test gets a store of its own.
func conform(t *testing.T, open func(*testing.T) Store) {
	for name, test := range map[string]func(*testing.T, Store){
		"keeps and returns":         keepsAndReturns,
		"keeps the same once":       keepsOnce,
		"refuses other bytes":       refusesOther,
		"does not know strangers":   absentBytes,
		"refuses crooked names":     crookedNames,
		"keeps and deletes copies":  copies,
		"collects the unused":       collects,
		"collects in batches":       collectsMany,
		"stops when told":           stops,
		"takes many at once":        concurrent,
		"keeps nothing of a broken": broken,
		"adopts a file":             adopts,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

func put(t *testing.T, s Store, b []byte) string {
	t.Helper()
	sum, size, err := s.Put(t.Context(), bytes.NewReader(b))
	if err != nil || size != int64(len(b)) {
		t.Fatal(size, err)
	}
	return sum
}

func sums(t *testing.T, s Store) map[string]int64 {
	t.Helper()
	all := map[string]int64{}
	err := s.Walk(t.Context(), func(sum string, size int64, at time.Time) error {
		if time.Since(at).Abs() > time.Hour {
			t.Errorf("%s is said to be from %v", sum, at)
		}
		all[sum] += size
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func keepsAndReturns(t *testing.T, s Store) {
	for _, b := range [][]byte{{}, []byte("街天"), bytes.Repeat([]byte("photo"), 1<<20)} {
		sum := put(t, s, b)
		if sum != sumOf(b) {
			t.Fatalf("sum %s", sum)
		}
		r, size, err := s.Open(t.Context(), sum)
		if err != nil || size != int64(len(b)) {
			t.Fatal(size, err)
		}
		got, err := io.ReadAll(r)
		if err != nil || !bytes.Equal(got, b) {
			t.Fatalf("%d bytes of %d came back: %v", len(got), len(b), err)
		}
		if n, err := r.Seek(-min(2, size), io.SeekEnd); err != nil || n != size-min(2, size) {
			t.Fatal("seek:", n, err)
		}
		if tail, _ := io.ReadAll(r); !bytes.Equal(tail, b[len(b)-int(min(2, size)):]) {
			t.Fatalf("tail %q", tail)
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		if n, err := s.Stat(t.Context(), sum); err != nil || n != size {
			t.Fatal(n, err)
		}
	}
}

func keepsOnce(t *testing.T, s Store) {
	a := put(t, s, []byte("same"))
	if b := put(t, s, []byte("same")); a != b {
		t.Fatal(b)
	}
	if err := s.PutAs(t.Context(), a, strings.NewReader("same")); err != nil {
		t.Fatal(err)
	}
	if all := sums(t, s); len(all) != 1 || all[a] != 4 {
		t.Fatal(all)
	}
}

func refusesOther(t *testing.T, s Store) {
	for _, b := range []string{"y", "", "xx"} {
		err := s.PutAs(t.Context(), sumOf([]byte("x")), strings.NewReader(b))
		if !errors.Is(err, ErrMismatch) {
			t.Errorf("%q: %v", b, err)
		}
	}
	if all := sums(t, s); len(all) != 0 {
		t.Fatal("something was kept:", all)
	}
}

func absentBytes(t *testing.T, s Store) {
	none := sumOf([]byte("none"))
	if _, _, err := s.Open(t.Context(), none); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
	if _, err := s.Stat(t.Context(), none); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
	if _, err := s.OpenDerived(t.Context(), none, "thumb"); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
	if err := s.Delete(t.Context(), none); err != nil {
		t.Error(err)
	}
}

var crooked = []string{"", "ab", "../../etc/passwd", strings.Repeat("A", 64), strings.Repeat("a", 63), strings.Repeat("a", 65),
	strings.Repeat("a", 62) + "/.", strings.Repeat("a", 64) + "\n", strings.Repeat("a", 63) + "\x00", strings.Repeat(".", 64)}

func crookedNames(t *testing.T, s Store) {
	for _, sum := range crooked {
		_, _, open := s.Open(t.Context(), sum)
		_, stat := s.Stat(t.Context(), sum)
		_, derived := s.OpenDerived(t.Context(), sum, "thumb")
		for i, err := range []error{open, stat, derived, s.Delete(t.Context(), sum),
			s.PutAs(t.Context(), sum, strings.NewReader("")), s.PutDerived(t.Context(), sum, "thumb", nil)} {
			if !errors.Is(err, ErrName) {
				t.Errorf("%q, call %d: %v", sum, i, err)
			}
		}
	}
	for _, name := range []string{"", "..", "a/b", "a.b", "街", "A", "a\n", "a%2fb", strings.Repeat("a", 21)} {
		if err := s.PutDerived(t.Context(), sumOf(nil), name, nil); !errors.Is(err, ErrName) {
			t.Errorf("copy %q: %v", name, err)
		}
	}
}

func TestACopyThatAPowerFailureLeftEmptyIsNone(t *testing.T) {
	s, err := Folder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	sum := put(t, s, []byte("photo"))
	if err := s.PutDerived(t.Context(), sum, "view", nil); err != nil {
		t.Fatal(err)
	}
	if _, err := s.OpenDerived(t.Context(), sum, "view"); !errors.Is(err, ErrNotFound) {
		t.Fatal(err)
	}
}

func copies(t *testing.T, s Store) {
	sum := put(t, s, []byte("photo"))
	for _, text := range []string{"small", "smaller"} {
		if err := s.PutDerived(t.Context(), sum, "thumb", []byte(text)); err != nil {
			t.Fatal(err)
		}
		if b, err := s.OpenDerived(t.Context(), sum, "thumb"); err != nil || string(b) != text {
			t.Fatal(string(b), err)
		}
	}
	if all := sums(t, s); len(all) != 1 {
		t.Fatal("copies are walked over:", all)
	}
	if err := s.Delete(t.Context(), sum); err != nil {
		t.Fatal(err)
	}
	if _, err := s.OpenDerived(t.Context(), sum, "thumb"); !errors.Is(err, ErrNotFound) {
		t.Fatal("the copy outlived its photo:", err)
	}
	if _, err := s.Stat(t.Context(), sum); !errors.Is(err, ErrNotFound) {
		t.Fatal(err)
	}
}

func collects(t *testing.T, s Store) {
	keep, drop := put(t, s, []byte("keep")), put(t, s, []byte("drop"))
	used := func(context.Context, []string) (map[string]bool, error) { return map[string]bool{keep: true}, nil }
	if n, err := Collect(t.Context(), s, time.Now().Add(-time.Hour), used); n != 0 || err != nil {
		t.Fatal("young bytes were collected:", n, err)
	}
	if n, err := Collect(t.Context(), s, time.Now().Add(time.Hour), used); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	if all := sums(t, s); len(all) != 1 || all[drop] != 0 {
		t.Fatal(all)
	}
	fault := errors.New("no database")
	_, err := Collect(t.Context(), s, time.Now().Add(time.Hour), func(context.Context, []string) (map[string]bool, error) { return nil, fault })
	if !errors.Is(err, fault) || len(sums(t, s)) != 1 {
		t.Fatal("bytes went although nobody knew whether they are used:", err)
	}
}

func stops(t *testing.T, s Store) {
	put(t, s, []byte("a"))
	put(t, s, []byte("b"))
	enough, n := errors.New("enough"), 0
	err := s.Walk(t.Context(), func(string, int64, time.Time) error { n++; return enough })
	if !errors.Is(err, enough) || n != 1 {
		t.Fatal(n, err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, _, err := s.Put(ctx, strings.NewReader("c")); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
}

// concurrent puts few bytes from many goroutines, large enough that writes overlap.
func concurrent(t *testing.T, s Store) {
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			b := bytes.Repeat([]byte{byte(i % 2)}, 300_000)
			if sum, _, err := s.Put(t.Context(), bytes.NewReader(b)); err != nil || sum != sumOf(b) {
				t.Error(sum, err)
			}
		})
	}
	wg.Wait()
	all := sums(t, s)
	if len(all) != 2 {
		t.Fatal(all)
	}
	for sum, size := range all {
		if r, _, err := s.Open(t.Context(), sum); err != nil {
			t.Error(err)
		} else if b, _ := io.ReadAll(r); size != 300_000 || sumOf(b) != sum {
			t.Errorf("%s holds %d bytes", sum, size)
		}
	}
}

func broken(t *testing.T, s Store) {
	fault := errors.New("line dropped")
	r := io.MultiReader(strings.NewReader("half"), iotest.ErrReader(fault))
	if _, _, err := s.Put(t.Context(), r); !errors.Is(err, fault) {
		t.Fatal(err)
	}
	if all := sums(t, s); len(all) != 0 {
		t.Fatal(all)
	}
}

// collectsMany crosses the size of a batch and takes the copies along.
func collectsMany(t *testing.T, s Store) {
	asked := 0
	for i := range collectBatch + 3 {
		put(t, s, []byte{byte(i), byte(i >> 8)})
	}
	keep, drop := sumOf([]byte{1, 0}), sumOf([]byte{2, 0})
	if err := s.PutDerived(t.Context(), drop, "thumb", []byte("small")); err != nil {
		t.Fatal(err)
	}
	n, err := Collect(t.Context(), s, time.Now().Add(time.Hour), func(_ context.Context, sums []string) (map[string]bool, error) {
		asked += len(sums)
		return map[string]bool{keep: true}, nil
	})
	if err != nil || n != collectBatch+2 || asked != collectBatch+3 {
		t.Fatal(n, asked, err)
	}
	if _, err := s.OpenDerived(t.Context(), drop, "thumb"); !errors.Is(err, ErrNotFound) {
		t.Fatal("the copy outlived its photo:", err)
	}
}

func TestCollectSparesBytesPutAgain(t *testing.T) {
	dir := t.TempDir()
	s, err := Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	sum := put(t, s, []byte("again"))
	key, _ := originalKey(sum)
	long := time.Now().Add(-time.Hour)
	if err := os.Chtimes(filepath.Join(dir, key), long, long); err != nil {
		t.Fatal(err)
	}
	n, err := Collect(t.Context(), s, long.Add(time.Minute), func(context.Context, []string) (map[string]bool, error) {
		put(t, s, []byte("again"))
		return nil, nil
	})
	if n != 0 || err != nil || len(sums(t, s)) != 1 {
		t.Fatal("bytes put a moment ago went:", n, err)
	}
}

func TestFolderDoesNotListWhatACrashLeft(t *testing.T) {
	dir := t.TempDir()
	s, err := Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	sum := put(t, s, []byte("whole"))
	half := filepath.Join(dir, "tmp", "put-half")
	stray := filepath.Join(dir, "original", sum[:2], sum+".part")
	for _, path := range []string{half, stray} {
		if err := os.WriteFile(path, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if s, err = Folder(dir); err != nil {
		t.Fatal(err)
	}
	if all := sums(t, s); len(all) != 1 || all[sum] != 5 {
		t.Fatal(all)
	}
	if _, err := os.Stat(half); err != nil {
		t.Fatal("another program may still be writing it:", err)
	}
}

func TestFolderLeavesNoTemporaryFiles(t *testing.T) {
	dir := t.TempDir()
	old := filepath.Join(dir, "tmp", "put-old")
	os.MkdirAll(filepath.Dir(old), 0o750)
	os.WriteFile(old, []byte("half"), 0o600)
	long := time.Now().Add(-2 * leftover)
	os.Chtimes(old, long, long)
	s, err := Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	put(t, s, []byte("a"))
	s.PutAs(t.Context(), sumOf(nil), strings.NewReader("x"))
	left, err := os.ReadDir(filepath.Join(dir, "tmp"))
	if err != nil || len(left) != 0 {
		t.Fatal(left, err)
	}
}

func FuzzNamesStayInside(f *testing.F) {
	for _, sum := range crooked {
		f.Add(sum, "thumb")
	}
	f.Add(strings.Repeat("a", 64), "../x")
	f.Fuzz(func(t *testing.T, sum, name string) {
		original, err := originalKey(sum)
		if err == nil && (!filepath.IsLocal(original) || original != originals+sum[:2]+"/"+sum) {
			t.Fatalf("%q lies at %q", sum, original)
		}
		if copy, err := derivedKey(sum, name); err == nil && (!filepath.IsLocal(copy) || filepath.Base(copy) != name) {
			t.Fatalf("%q of %q lies at %q", name, sum, copy)
		}
	})
}

func adopts(t *testing.T, s Store) {
	name := filepath.Join(t.TempDir(), "upload")
	write := func() {
		if err := os.WriteFile(name, []byte("adopted"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write()
	sum := sumOf([]byte("adopted"))
	if err := Adopt(t.Context(), s, sumOf([]byte("something else")), name); !errors.Is(err, ErrMismatch) {
		t.Errorf("other bytes: %v", err)
	}
	if _, err := os.Stat(name); err != nil {
		t.Errorf("a refused file is gone: %v", err)
	}
	for range 2 { // the same bytes again are no error
		write()
		if err := Adopt(t.Context(), s, sum, name); err != nil {
			t.Fatal(err)
		}
	}
	r, size, err := s.Open(t.Context(), sum)
	if err != nil || size != int64(len("adopted")) {
		t.Fatal(size, err)
	}
	r.Close()
	if err := Adopt(t.Context(), s, sum, filepath.Join(t.TempDir(), "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}
