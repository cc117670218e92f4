package blob

import (
	"context"
	"errors"
	"time"
)

// collectBatch is how many sums are asked about at once.
const collectBatch = 200

// Collect deletes bytes last put before olderThan that nothing refers to, with the
// copies made of them, and returns how many. referenced says which of a batch of sums
// are still needed; those it does not name are not. Bytes put again meanwhile stay.
func Collect(ctx context.Context, s Store, olderThan time.Time,
	referenced func(ctx context.Context, sums []string) (map[string]bool, error)) (deleted int, err error) {
	var batch []string
	sweep := func() error {
		n, err := collect(ctx, s, olderThan, batch, referenced)
		deleted, batch = deleted+n, batch[:0]
		return err
	}
	err = s.Walk(ctx, func(sum string, _ int64, modified time.Time) error {
		if modified.Before(olderThan) {
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
	return deleted, err
}

// collect deletes the unreferenced ones of a batch.
func collect(ctx context.Context, s Store, olderThan time.Time, sums []string,
	referenced func(context.Context, []string) (map[string]bool, error)) (deleted int, err error) {
	keep, err := referenced(ctx, sums)
	if err != nil {
		return 0, err
	}
	for _, sum := range sums {
		if keep[sum] {
			continue
		}
		if young, err := putSince(ctx, s, sum, olderThan); err != nil {
			return deleted, err
		} else if young {
			continue
		}
		if err := s.Delete(ctx, sum); err != nil {
			return deleted, err
		}
		deleted++
	}
	return deleted, nil
}

// dated is a store that knows when bytes were last put; both of ours do.
type dated interface {
	modified(ctx context.Context, sum string) (time.Time, error)
}

// putSince reports whether bytes were put again, or deleted by someone else, after the
// walk saw them: whoever sent them a moment ago is about to refer to them.
func putSince(ctx context.Context, s Store, sum string, olderThan time.Time) (bool, error) {
	d, ok := s.(dated)
	if !ok {
		return false, nil
	}
	at, err := d.modified(ctx, sum)
	if errors.Is(err, ErrNotFound) {
		return true, nil
	}
	return !at.Before(olderThan), err
}
