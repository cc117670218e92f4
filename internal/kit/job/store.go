package job

import (
	"encoding/json"
	"time"

	"chuangwei/internal/kit/db"
)

func scan(r db.Row) (j Job, err error) {
	var body string
	err = r.Scan(&j.ID, &j.Kind, &body, &j.Tries)
	j.Body = json.RawMessage(body)
	return j, err
}

func insert(tx *db.Tx, id, kind, body string, at int64) error {
	_, err := tx.Exec(`INSERT INTO jobs (id, kind, body, run_at, lease_at, tries, error, done_at)
		VALUES ($1, $2, $3, $4, 0, 0, '', 0) ON CONFLICT (id) DO NOTHING`, id, kind, body, at)
	return err
}

func exists(tx *db.Tx, id string) (bool, error) {
	n, err := db.Value[int64](tx, `SELECT count(*) FROM jobs WHERE id = $1`, id)
	return n > 0, err
}

func due(tx *db.Tx, kinds []string) (bool, error) {
	n, err := db.Value[int64](tx, `SELECT count(*) FROM (SELECT id FROM jobs
		WHERE done_at = 0 AND run_at <= $1 AND lease_at <= $1 AND kind IN `+db.In(2, len(kinds))+` LIMIT 1) d`,
		append([]any{tx.Now()}, db.Args(kinds)...)...)
	return n > 0, err
}

// take leases the jobs that have waited longest, at most so many.
func take(tx *db.Tx, kinds []string, most int) ([]Job, error) {
	return db.All(tx, scan, `UPDATE jobs SET lease_at = $2, tries = tries + 1 WHERE id IN (
		SELECT id FROM jobs WHERE done_at = 0 AND run_at <= $1 AND lease_at <= $1 AND kind IN `+db.In(4, len(kinds))+`
		ORDER BY run_at, id LIMIT $3) RETURNING id, kind, body, tries`,
		append([]any{tx.Now(), tx.Time().Add(lease).UnixMilli(), int64(most)}, db.Args(kinds)...)...)
}

// settle marks a job done, or puts it back for later; after the last try it
// stays with its error for a person to see.
func settle(tx *db.Tx, j Job, failure error) error {
	if failure == nil {
		_, err := tx.Exec(`UPDATE jobs SET done_at = $2, error = '' WHERE id = $1`, j.ID, tx.Now())
		return err
	}
	done := int64(0)
	if j.Tries >= most {
		done = -1
	}
	_, err := tx.Exec(`UPDATE jobs SET lease_at = 0, run_at = $2, error = $3, done_at = $4 WHERE id = $1`,
		j.ID, tx.Time().Add(pause(j.Tries)).UnixMilli(), failure.Error(), done)
	return err
}

// Forget removes finished jobs older than before.
func Forget(tx *db.Tx, before time.Time) (int64, error) {
	return tx.Exec(`DELETE FROM jobs WHERE done_at > 0 AND done_at < $1`, before.UnixMilli())
}

// Stuck counts unfinished work: due since before and not taken, and given up
// after its last try.
func Stuck(tx *db.Tx, before time.Time) (late, given int64, err error) {
	late, err = db.Value[int64](tx, `SELECT count(*) FROM jobs WHERE done_at = 0 AND run_at < $1`, before.UnixMilli())
	if err == nil {
		given, err = db.Value[int64](tx, `SELECT count(*) FROM jobs WHERE done_at = -1`)
	}
	return late, given, err
}
