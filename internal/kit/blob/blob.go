// Package blob keeps bytes under the SHA-256 of what they are, in a folder or
// in an S3 bucket, so that nothing stored is ever altered and the same photo
// sent twice is kept once.
package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
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
	// Put keeps what r delivers and returns its sum. A size below 0 is unknown;
	// any other must match, else ErrMismatch and nothing is kept.
	Put(ctx context.Context, r io.Reader, size int64) (sum string, err error)
	// PutSum is Put for bytes whose sum was announced; other bytes are ErrMismatch.
	PutSum(ctx context.Context, sum string, r io.Reader, size int64) error
	// Open reads bytes back, with their number; ErrNotFound when there are none.
	Open(ctx context.Context, sum string) (io.ReadSeekCloser, int64, error)
	// Stat tells size and age without reading; ErrNotFound when there are none.
	Stat(ctx context.Context, sum string) (Info, error)
	// Delete removes bytes and the copies made of them; absent ones are no error.
	Delete(ctx context.Context, sum string) error
	// Walk hands every kept sum to visit, in no promised order, until it errs.
	Walk(ctx context.Context, visit func(sum string, size int64, modified time.Time) error) error

	// PutDerived keeps a copy made of the bytes of sum under a short name, such
	// as a thumbnail. Copies can be made again, so they may be lost.
	PutDerived(ctx context.Context, sum, name string, b []byte) error
	// OpenDerived returns a copy, or ErrNotFound.
	OpenDerived(ctx context.Context, sum, name string) ([]byte, error)
}

// Info is what is known of kept bytes without reading them.
type Info struct {
	Size     int64
	Modified time.Time // when they were last put
}

var (
	sumPattern  = regexp.MustCompile(`^[0-9a-f]{64}$`)
	namePattern = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,31}$`)
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

const originals, derived = "original/", "derived/"

// collectBatch is how many sums are asked about at once.
const collectBatch = 200

// Collect deletes bytes last put before a time that used does not name, and
// returns how many. Bytes put again meanwhile stay.
func Collect(ctx context.Context, s Store, before time.Time, used func(context.Context, []string) (map[string]bool, error)) (int, error) {
	gone := 0
	var batch []string
	sweep := func() error {
		n, err := collect(ctx, s, before, batch, used)
		gone, batch = gone+n, batch[:0]
		return err
	}
	err := s.Walk(ctx, func(sum string, _ int64, modified time.Time) error {
		if modified.Before(before) {
			batch = append(batch, sum)
		}
		if len(batch) == collectBatch {
			return sweep()
		}
		return nil
	})
	if err == nil && len(batch) > 0 {
		err = sweep()
	}
	return gone, err
}

func collect(ctx context.Context, s Store, before time.Time, sums []string, used func(context.Context, []string) (map[string]bool, error)) (gone int, err error) {
	keep, err := used(ctx, sums)
	if err != nil {
		return 0, err
	}
	for _, sum := range sums {
		if keep[sum] {
			continue
		}
		info, err := s.Stat(ctx, sum)
		if errors.Is(err, ErrNotFound) || err == nil && !info.Modified.Before(before) {
			continue
		}
		if err != nil {
			return gone, err
		}
		if err := s.Delete(ctx, sum); err != nil {
			return gone, err
		}
		gone++
	}
	return gone, nil
}
