package archive

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"runtime"
	"sync"
)

// How far is read ahead: small files whole, of larger ones the beginning.
const (
	small = 256 << 10
	queue = 64 // files, at most 16 MB
)

// ahead reads files before they are needed, several at a time, in order.
type ahead struct{ slots <-chan chan fetched }

// fetched is a file that was read, or the beginning of one with the rest to come.
type fetched struct {
	file File
	head []byte
	rest io.ReadCloser // nil when head is all
	sum  hash.Hash     // of head
	err  error
	done func()
}

// buffers are those of small files, used again.
var buffers = sync.Pool{New: func() any { return new([small]byte) }}

func readAhead(ctx context.Context, files []File, open Opener) *ahead {
	slots := make(chan chan fetched, queue)
	work := make(chan func(), queue)
	for range max(2, runtime.GOMAXPROCS(0)) {
		go func() {
			for do := range work {
				do()
			}
		}()
	}
	go func() {
		defer close(slots)
		defer close(work)
		for _, f := range files {
			one := make(chan fetched, 1)
			select {
			case slots <- one:
			case <-ctx.Done():
				return
			}
			work <- func() { one <- fetch(ctx, f, open) }
		}
	}()
	return &ahead{slots}
}

func fetch(ctx context.Context, f File, open Opener) (out fetched) {
	out.file = f
	if out.err = ctx.Err(); out.err != nil {
		return out
	}
	r, err := open(ctx, f.Sum)
	if err != nil {
		out.err = fmt.Errorf("archive: %s: %w", f.Name, err)
		return out
	}
	buffer := buffers.Get().(*[small]byte)
	out.done = func() { buffers.Put(buffer) }
	n, err := io.ReadFull(r, buffer[:])
	out.head, out.sum = buffer[:n], sha256.New()
	out.sum.Write(out.head)
	switch err {
	case nil:
		out.rest = r
		return out
	case io.EOF, io.ErrUnexpectedEOF:
		err = nil
	}
	r.Close()
	out.err = err
	return out
}

// end gives back what was read ahead and not used, once ctx has ended.
func (a *ahead) end() {
	for one := range a.slots {
		if f := <-one; f.rest != nil {
			f.rest.Close()
		}
	}
}

// next hands the next file to put and checks its sum.
func (a *ahead) next(ctx context.Context, put func(io.Reader) error) error {
	var one chan fetched
	select {
	case one = <-a.slots:
	case <-ctx.Done():
		return ctx.Err()
	}
	if one == nil {
		return ctx.Err()
	}
	f := <-one
	if f.done != nil {
		defer f.done()
	}
	if f.err != nil {
		return f.err
	}
	var r io.Reader = bytes.NewReader(f.head)
	if f.rest != nil {
		defer f.rest.Close()
		r = io.MultiReader(r, io.TeeReader(f.rest, f.sum))
	}
	if err := put(r); err != nil {
		return err
	}
	if got := hex.EncodeToString(f.sum.Sum(nil)); got != f.file.Sum {
		return fmt.Errorf("%w: %s", ErrAltered, f.file.Name)
	}
	return nil
}
