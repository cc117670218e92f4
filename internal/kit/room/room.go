// Package room keeps a reserve of disk space. When the disk is full the
// reserve is given up, so that short writes, deletions and the sending back of
// a clear answer go on, while large things wait; it is taken back by itself as
// soon as there is space again.
package room

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"

	"golang.org/x/sys/unix"
)

// Size is the reserve of a county: enough for a day of decisions.
const Size = 64 << 20

// Room is the reserve of one folder.
type Room struct {
	path  string
	size  int64
	given atomic.Bool
	mu    sync.Mutex // one at a time gives up or takes back
}

// Keep makes the reserve of size bytes in dir, or takes over the one that is
// there. On a disk that is full already it starts as given up.
func Keep(dir string, size int64) (*Room, error) {
	r := &Room{path: filepath.Join(dir, "reserve"), size: size}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("room: %w", err)
	}
	r.given.Store(true)
	return r, r.TakeBack()
}

// Short reports that the reserve has been given up: whoever wants to write
// something large must be told to wait.
func (r *Room) Short() bool { return r != nil && r.given.Load() }

// GiveUp deletes the reserve.
func (r *Room) GiveUp() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := os.Remove(r.path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("room: %w", err)
	}
	r.given.Store(true)
	return nil
}

// TakeBack makes the reserve again when the disk would have as much left
// beside it; otherwise nothing changes.
func (r *Room) TakeBack() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.given.Load() {
		return nil
	}
	if i, err := os.Stat(r.path); err == nil && i.Size() == r.size {
		r.given.Store(false)
		return nil
	}
	free, err := Free(filepath.Dir(r.path))
	if err != nil || free < 2*r.size {
		return err
	}
	if err := r.fill(); err != nil {
		_ = os.Remove(r.path) // half a reserve is none; the next round tries again
		if IsFull(err) {
			return nil
		}
		return fmt.Errorf("room: %w", err)
	}
	r.given.Store(false)
	return nil
}

// fill writes noise, which no file system can fold away.
func (r *Room) fill() error {
	f, err := os.OpenFile(r.path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.CopyN(f, rand.Reader, r.size)
	return errors.Join(err, f.Sync(), f.Close())
}

// Free is the number of bytes that programs may still write below dir.
func Free(dir string) (int64, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return 0, fmt.Errorf("room: %s: %w", dir, err)
	}
	return int64(s.Bavail) * int64(s.Bsize), nil
}

// IsFull reports whether err says that no space is left, on the disk of this
// program or of its database.
func IsFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || db.IsFull(err)
}

// Fault is what a person is told.
func Fault() *fault.Fault {
	f := fault.New(fault.Full, "storage.full", "服务器磁盘已满，这次没有存上。您的内容还在手机或页面里，请联系系统管理员清理磁盘，稍后会自动重试。",
		"The server's disk is full and this was not kept. What you have written is still on your phone or page; tell the administrator. It will be tried again.")
	f.Retry = 60
	return f
}
