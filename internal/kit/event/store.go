package event

import (
	"encoding/json"
	"slices"

	"chuangwei/internal/kit/db"
)

const columns = `seq, at, kind, subject, who, body`

func scan(r db.Row) (e Event, err error) {
	var body string
	err = r.Scan(&e.Seq, &e.At, &e.Kind, &e.Subject, &e.Who, &body)
	e.Body = json.RawMessage(body)
	return e, err
}

func insert(tx *db.Tx, e Event) error {
	return tx.Send(`INSERT INTO events (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6)`,
		e.Seq, e.At, e.Kind, e.Subject, e.Who, string(e.Body))
}

// Since returns at most n events after number seq, oldest first.
func Since(tx *db.Tx, seq int64, n int) ([]Event, error) {
	return db.All(tx, scan, `SELECT `+columns+` FROM events WHERE seq > $1 ORDER BY seq LIMIT $2`, seq, int64(n))
}

// Of returns the history of one subject, oldest first.
func Of(tx *db.Tx, subject string) ([]Event, error) {
	return db.All(tx, scan, `SELECT `+columns+` FROM events WHERE subject = $1 ORDER BY seq`, subject)
}

// LastOf says when something last happened to each of the subjects.
func LastOf(tx *db.Tx, subjects []string) (map[string]int64, error) {
	out := make(map[string]int64, len(subjects))
	var subject string
	var at int64
	for some := range slices.Chunk(subjects, 500) {
		err := db.Each(tx, func(r db.Row) (bool, error) { return true, r.Scan(&subject, &at) }, func(bool) error {
			out[subject] = at
			return nil
		}, `SELECT subject, MAX(at) FROM events WHERE subject IN `+db.In(1, len(some))+` GROUP BY subject`, db.Args(some)...)
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Each hands every event up to number last to fn in order.
func Each(tx *db.Tx, last int64, fn func(Event) error) error {
	return db.Each(tx, scan, fn, `SELECT `+columns+` FROM events WHERE seq <= $1 ORDER BY seq`, last)
}

func cursor(tx *db.Tx, name string) (int64, error) {
	seq, err := db.Value[int64](tx, `SELECT seq FROM followers WHERE name = $1`, name)
	if err == db.ErrNone {
		return 0, nil
	}
	return seq, err
}

func moveCursor(tx *db.Tx, name string, seq int64) error {
	return tx.Send(`INSERT INTO followers (name, seq) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET seq = excluded.seq`, name, seq)
}

func setAside(tx *db.Tx, name string, e Event, cause error) error {
	_, err := tx.Exec(`INSERT INTO stuck_events (follower, seq, error, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (follower, seq) DO NOTHING`, name, e.Seq, cause.Error(), tx.Now())
	return err
}

// Stuck counts the events that some follower could not digest.
func Stuck(tx *db.Tx) (int64, error) {
	return db.Value[int64](tx, `SELECT count(*) FROM stuck_events`)
}
