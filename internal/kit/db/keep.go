package db

import (
	"math/rand/v2"
	"strconv"
	"sync"
)

// kept is what a process remembers of one county, by key.
type kept struct {
	mu   sync.Mutex
	what map[string]entry
}

type entry struct {
	stamp string
	value any
}

// Keep returns what build made last time under key while stamp is the same,
// and builds it anew when it is not. Registers use it for what every request
// needs and hardly ever changes; stamp is read inside tx, so a reader never
// sees something older than its snapshot.
func Keep[T any](tx *Tx, key, stamp string, build func() (T, error)) (T, error) {
	k := &tx.db.memory
	k.mu.Lock()
	e, ok := k.what[key]
	k.mu.Unlock()
	if ok && e.stamp == stamp {
		return e.value.(T), nil
	}
	v, err := build()
	if err != nil {
		return v, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.what == nil {
		k.what = map[string]entry{}
	}
	k.what[key] = entry{stamp, v}
	return v, nil
}

// Touch says that what is kept under a stamp's name has changed. The new value
// is like no other: a counter would come again after a rollback, and with it
// what the failed write had kept.
func Touch(tx *Tx, name string) error {
	delete(tx.stamps, name)
	_, err := tx.Exec(`INSERT INTO numbers (name, value) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`, "stamp-"+name, rand.Int64())
	return err
}

// Stamp is the mark of name's last change, for Keep. It is read once a unit of
// work: nobody else can change it meanwhile.
func Stamp(tx *Tx, name string) (string, error) {
	if s, ok := tx.stamps[name]; ok {
		return s, nil
	}
	n, err := Value[int64](tx, `SELECT value FROM numbers WHERE name = $1`, "stamp-"+name)
	if err != nil && err != ErrNone {
		return "", err
	}
	if tx.stamps == nil {
		tx.stamps = map[string]string{}
	}
	s := strconv.FormatInt(n, 10)
	tx.stamps[name] = s
	return s, nil
}
