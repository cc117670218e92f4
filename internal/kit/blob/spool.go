package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
)

// spooled is what was read from a sender, in a temporary file, with its sum.
type spooled struct {
	*os.File
	sum   string
	size  int64
	moved bool // to its place
}

// spool reads r to its end into a temporary file in dir.
func spool(ctx context.Context, dir string, r io.Reader) (*spooled, error) {
	f, err := os.CreateTemp(dir, "put-*")
	if err != nil {
		return nil, fmt.Errorf("blob: %w", err)
	}
	s := &spooled{File: f}
	hash := sha256.New()
	if s.size, err = io.Copy(io.MultiWriter(f, hash), patient{ctx, r}); err != nil {
		s.drop()
		return nil, fmt.Errorf("blob: put: %w", err)
	}
	s.sum = hex.EncodeToString(hash.Sum(nil))
	return s, nil
}

// is checks the sum a sender announced; "" announces none.
func (s *spooled) is(sum string) error {
	if sum != "" && sum != s.sum {
		return fmt.Errorf("%w: %s announced, %s came", ErrMismatch, sum, s.sum)
	}
	return nil
}

// move gives the file its place.
func (s *spooled) move(to string) error {
	err := os.Rename(s.Name(), to)
	s.moved = err == nil
	return err
}

// drop forgets the temporary file.
func (s *spooled) drop() {
	s.Close()
	if !s.moved {
		os.Remove(s.Name())
	}
}

// patient stops reading when nobody waits any more.
type patient struct {
	ctx context.Context
	r   io.Reader
}

func (p patient) Read(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	return p.r.Read(b)
}
