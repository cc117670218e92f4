// Package blob keeps bytes under the SHA-256 of what they are, in a folder or
// in an S3 bucket, so that nothing stored is ever altered and the same photo
// sent twice is kept once.
package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"time"
)

// What a store answers when it cannot do as asked.
var (
	ErrNotFound = errors.New("blob: no such bytes")
	ErrMismatch = errors.New("blob: the bytes are not those announced")
	ErrName     = errors.New("blob: not a SHA-256 in hex, or not the name of a copy")
)

// Store keeps bytes by their sum: 64 lower-case hexadecimal digits of SHA-256.
// It is safe for concurrent use, and bytes whose Put has returned survive a
// loss of power.
type Store interface {
	// Put keeps what r delivers and returns its sum and its number of bytes. It reads
	// to the end: whoever takes bytes from strangers limits r.
	Put(ctx context.Context, r io.Reader) (sum string, size int64, err error)
	// PutAs is Put for bytes whose sum was announced; of other bytes nothing is
	// kept and the answer is ErrMismatch.
	PutAs(ctx context.Context, sum string, r io.Reader) error
	// Open reads bytes back, with their number; ErrNotFound when there are none.
	Open(ctx context.Context, sum string) (io.ReadSeekCloser, int64, error)
	// Stat tells the number of bytes without reading; ErrNotFound when there are none.
	Stat(ctx context.Context, sum string) (int64, error)
	// Delete removes bytes and the copies made of them; absent ones are no error.
	Delete(ctx context.Context, sum string) error
	// Walk hands every kept sum to fn, in no promised order, until it errs. modified
	// is when the bytes were last put.
	Walk(ctx context.Context, fn func(sum string, size int64, modified time.Time) error) error

	// PutDerived keeps a copy made of the bytes of sum under a short name, such
	// as a thumbnail. Copies can be made again, so they may be lost.
	PutDerived(ctx context.Context, sum, name string, b []byte) error
	// OpenDerived returns a copy, or ErrNotFound.
	OpenDerived(ctx context.Context, sum, name string) ([]byte, error)
}

var (
	sumPattern  = regexp.MustCompile(`^[0-9a-f]{64}$`)
	namePattern = regexp.MustCompile(`^[a-z0-9-]{1,20}$`)
)

// ValidSum reports whether sum can name bytes.
func ValidSum(sum string) bool { return sumPattern.MatchString(sum) }

// originalKey is where bytes lie; one folder per first two digits keeps folders small.
func originalKey(sum string) (string, error) {
	if !ValidSum(sum) {
		return "", fmt.Errorf("%w: %.80q", ErrName, sum)
	}
	return originals + sum[:2] + "/" + sum, nil
}

// derivedFolder is where the copies of sum lie.
func derivedFolder(sum string) (string, error) {
	if !ValidSum(sum) {
		return "", fmt.Errorf("%w: %.80q", ErrName, sum)
	}
	return derived + sum[:2] + "/" + sum + "/", nil
}

func derivedKey(sum, name string) (string, error) {
	if !namePattern.MatchString(name) {
		return "", fmt.Errorf("%w: %.80q", ErrName, name)
	}
	folder, err := derivedFolder(sum)
	return folder + name, err
}

// Adopt is PutAs for bytes that lie in a file of the caller's, which the store
// may keep by moving it: afterwards the file is the store's, or gone, or still
// the caller's to remove.
func Adopt(ctx context.Context, s Store, sum, name string) error {
	if f, ok := s.(*folder); ok {
		return f.adopt(ctx, sum, name)
	}
	file, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("blob: adopt: %w", err)
	}
	defer file.Close()
	return s.PutAs(ctx, sum, file)
}

const originals, derived = "original/", "derived/"
