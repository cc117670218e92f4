package db

import "sync"

// kept is what a process remembers of one county, by key.
type kept struct {
	mu   sync.Mutex
	what map[string]*entry
}

type entry struct {
	sync.Mutex
	stamp string
	value any
}

func (k *kept) entry(key string) *entry {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.what == nil {
		k.what = map[string]*entry{}
	}
	if k.what[key] == nil {
		k.what[key] = &entry{}
	}
	return k.what[key]
}

// Keep returns what build made last time under key while stamp is the same,
// and builds it anew when it is not, once for all who ask meanwhile. Registers
// use it for what every request needs and hardly ever changes; stamp is read
// inside tx, so a reader never sees something older than its snapshot.
func Keep[T any](tx *Tx, key, stamp string, build func() (T, error)) (T, error) {
	e := tx.db.memory.entry(key)
	e.Lock()
	defer e.Unlock()
	if e.value != nil && e.stamp == stamp {
		return e.value.(T), nil
	}
	v, err := build()
	if err == nil {
		e.stamp, e.value = stamp, v
	}
	return v, err
}
