package blob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

type folder struct {
	dir, tmp string
	making   sync.Mutex // held while a folder is made, until its name is durable
}

// leftover is the age from which a temporary file belongs to a writer that died.
const leftover = 24 * time.Hour

// Folder keeps bytes in files under dir, which is made when missing. Several
// programs may share it.
func Folder(dir string) (Store, error) {
	f := &folder{dir: dir, tmp: filepath.Join(dir, "tmp")}
	if err := os.MkdirAll(f.tmp, 0o750); err != nil {
		return nil, fmt.Errorf("blob: %w", err)
	}
	entries, err := os.ReadDir(f.tmp)
	if err != nil {
		return nil, fmt.Errorf("blob: %w", err)
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > leftover {
			os.Remove(filepath.Join(f.tmp, e.Name()))
		}
	}
	return f, nil
}

func (f *folder) path(key string) string { return filepath.Join(f.dir, filepath.FromSlash(key)) }

func (f *folder) Put(ctx context.Context, r io.Reader) (sum string, size int64, err error) {
	return f.put(ctx, "", r)
}

func (f *folder) PutAs(ctx context.Context, sum string, r io.Reader) error {
	if _, err := originalKey(sum); err != nil {
		return err
	}
	_, _, err := f.put(ctx, sum, r)
	return err
}

func (f *folder) put(ctx context.Context, announced string, r io.Reader) (sum string, size int64, err error) {
	s, err := spool(ctx, f.tmp, r)
	if err != nil {
		return "", 0, err
	}
	defer s.drop()
	if err := s.is(announced); err != nil {
		return "", 0, err
	}
	key, err := originalKey(s.sum)
	if err != nil {
		return "", 0, err
	}
	if err := f.settle(s, key); err != nil {
		return "", 0, fmt.Errorf("blob: put %s: %w", s.sum, err)
	}
	return s.sum, s.size, nil
}

// adopt takes a file that lies on the same disk as it is, without a copy; a
// file elsewhere is copied.
func (f *folder) adopt(ctx context.Context, sum, name string) error {
	key, err := originalKey(sum)
	if err != nil {
		return err
	}
	file, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("blob: adopt: %w", err)
	}
	defer file.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, patient{ctx, file}); err != nil {
		return fmt.Errorf("blob: adopt: %w", err)
	}
	s := &spooled{File: file, sum: hex.EncodeToString(hash.Sum(nil))}
	if err := s.is(sum); err != nil {
		return err
	}
	err = f.settle(s, key)
	if errors.Is(err, syscall.EXDEV) {
		if _, err = file.Seek(0, io.SeekStart); err == nil {
			err = f.PutAs(ctx, sum, file)
		}
	}
	if err != nil {
		return fmt.Errorf("blob: adopt %s: %w", sum, err)
	}
	return nil
}

// settle moves a complete temporary file to its place so that neither a reader
// nor a power failure ever sees half of it. Replacing equal bytes renews their age.
func (f *folder) settle(s *spooled, key string) error {
	if err := s.Sync(); err != nil {
		return err
	}
	to := f.path(key)
	fan := filepath.Dir(to)
	if err := f.makeDir(fan); err != nil {
		return err
	}
	if err := s.move(to); err != nil {
		return err
	}
	return syncDir(fan)
}

// makeDir makes a folder below f.dir and makes its name durable.
func (f *folder) makeDir(dir string) error {
	f.making.Lock()
	defer f.making.Unlock()
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return err
	}
	for up := filepath.Dir(dir); ; up = filepath.Dir(up) {
		if err := syncDir(up); err != nil || len(up) <= len(filepath.Clean(f.dir)) {
			return err
		}
	}
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func (f *folder) Open(_ context.Context, sum string) (io.ReadSeekCloser, int64, error) {
	key, err := originalKey(sum)
	if err != nil {
		return nil, 0, err
	}
	file, err := os.Open(f.path(key))
	if err != nil {
		return nil, 0, absent(err, sum)
	}
	info, err := file.Stat()
	if err != nil {
		file.Close()
		return nil, 0, fmt.Errorf("blob: open: %w", err)
	}
	return file, info.Size(), nil
}

// absent tells a missing file from a failing disk.
func absent(err error, sum string) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: %s", ErrNotFound, sum)
	}
	return fmt.Errorf("blob: %w", err)
}

func (f *folder) Stat(_ context.Context, sum string) (int64, error) {
	info, err := f.info(sum)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func (f *folder) modified(_ context.Context, sum string) (time.Time, error) {
	info, err := f.info(sum)
	if err != nil {
		return time.Time{}, err
	}
	return info.ModTime(), nil
}

func (f *folder) info(sum string) (fs.FileInfo, error) {
	key, err := originalKey(sum)
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(f.path(key))
	if err != nil {
		return nil, absent(err, sum)
	}
	return info, nil
}

func (f *folder) Delete(_ context.Context, sum string) error {
	key, err := originalKey(sum)
	if err != nil {
		return err
	}
	copies, err := derivedFolder(sum)
	if err != nil {
		return err
	}
	if err := os.RemoveAll(f.path(copies)); err != nil {
		return fmt.Errorf("blob: delete: %w", err)
	}
	if err := os.Remove(f.path(key)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("blob: delete: %w", err)
	}
	return nil
}

func (f *folder) Walk(ctx context.Context, fn func(sum string, size int64, modified time.Time) error) error {
	return filepath.WalkDir(f.path(originals), func(path string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // nothing put yet, or deleted while we walk
		}
		if err != nil {
			return fmt.Errorf("blob: walk: %w", err)
		}
		if e.IsDir() || !ValidSum(e.Name()) {
			return ctx.Err()
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("blob: walk: %w", err)
		}
		return fn(e.Name(), info.Size(), info.ModTime())
	})
}

// PutDerived does not wait for the disk: a copy that a power failure takes or
// leaves empty is made again.
func (f *folder) PutDerived(ctx context.Context, sum, name string, b []byte) error {
	key, err := derivedKey(sum, name)
	if err != nil {
		return err
	}
	s, err := spool(ctx, f.tmp, bytes.NewReader(b))
	if err != nil {
		return err
	}
	defer s.drop()
	to := f.path(key)
	if err := os.MkdirAll(filepath.Dir(to), 0o750); err != nil {
		return fmt.Errorf("blob: put %s of %s: %w", name, sum, err)
	}
	if err := s.move(to); err != nil {
		return fmt.Errorf("blob: put %s of %s: %w", name, sum, err)
	}
	return nil
}

func (f *folder) OpenDerived(_ context.Context, sum, name string) ([]byte, error) {
	key, err := derivedKey(sum, name)
	if err != nil {
		return nil, err
	}
	b, err := os.ReadFile(f.path(key))
	if err == nil && len(b) == 0 {
		err = fs.ErrNotExist
	}
	if err != nil {
		return nil, absent(err, sum+" "+name)
	}
	return b, nil
}
