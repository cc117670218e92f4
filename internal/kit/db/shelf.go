package db

import "sync"

// Stamped is a row's id with the number that grows by every change of it.
type Stamped struct {
	ID      string
	Version int64
}

// ScanStamped reads id and version.
func ScanStamped(r Row) (s Stamped, err error) { return s, r.Scan(&s.ID, &s.Version) }

// shelfMost is how many rows one shelf keeps; when it is full it starts anew.
const shelfMost = 20_000

type shelf[T any] struct {
	mu sync.Mutex
	of map[string]shelved[T]
}

type shelved[T any] struct {
	version int64
	row     T
}

// Shelf returns rows in the order of their keys, from memory where the same
// version is kept there; load reads the others by id, in any order. Lists look
// at the same rows again and again, and reading 50 of them costs more than all
// the rest of a request. Inside a write nothing is kept or taken: what it
// changes may be undone.
func Shelf[T any](tx *Tx, name string, keys []Stamped, id func(T) Stamped, load func(ids []string) ([]T, error)) ([]T, error) {
	s := &shelf[T]{}
	if tx.readOnly {
		kept, err := Keep(tx, "shelf."+name, "", func() (*shelf[T], error) { return &shelf[T]{of: map[string]shelved[T]{}}, nil })
		if err != nil {
			return nil, err
		}
		s = kept
	}
	out, missing := s.take(keys)
	if len(missing) == 0 {
		return out, nil
	}
	ids := make([]string, len(missing))
	for i, at := range missing {
		ids[i] = keys[at].ID
	}
	rows, err := load(ids)
	if err != nil {
		return nil, err
	}
	found := make(map[string]T, len(rows))
	for _, row := range rows {
		found[id(row).ID] = row
	}
	for _, at := range missing {
		out[at] = found[keys[at].ID]
	}
	s.put(rows, id)
	return out, nil
}

// take fills in what is kept and says where the rest goes.
func (s *shelf[T]) take(keys []Stamped) (out []T, missing []int) {
	out = make([]T, len(keys))
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, k := range keys {
		if e, ok := s.of[k.ID]; ok && e.version == k.Version {
			out[i] = e.row
		} else {
			missing = append(missing, i)
		}
	}
	return out, missing
}

func (s *shelf[T]) put(rows []T, id func(T) Stamped) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.of == nil {
		return // of a write: nobody will look here again
	}
	if len(s.of)+len(rows) > shelfMost {
		clear(s.of)
	}
	for _, row := range rows {
		k := id(row)
		s.of[k.ID] = shelved[T]{k.Version, row}
	}
}
