package hook

import (
	"strings"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/register/org"
)

// List is the hooks in use, newest first, with what waits and what was given up.
func List(tx *db.Tx, who org.Actor) ([]Hook, error) {
	if err := org.Change(who); err != nil {
		return nil, err
	}
	return hooks(tx)
}

func hooks(tx *db.Tx) ([]Hook, error) {
	return db.All(tx, func(r db.Row) (h Hook, err error) {
		var kinds string
		err = r.Scan(&h.ID, &h.Name, &h.URL, &h.Secret, &kinds, &h.Seq, &h.Fails, &h.MadeAt, &h.Waiting, &h.Dead)
		h.Kinds = strings.Split(kinds, ",")
		return h, err
	}, `SELECT id, name, url, secret, kinds, seq, fails, made_at,
		(SELECT COUNT(*) FROM deliveries d WHERE d.hook_id = hooks.id AND d.state = 'waiting'),
		(SELECT COUNT(*) FROM deliveries d WHERE d.hook_id = hooks.id AND d.state = 'dead')
		FROM hooks WHERE ended_at = 0 ORDER BY made_at DESC, id DESC`)
}

func insert(tx *db.Tx, by string, h Hook) error {
	_, err := tx.Exec(`INSERT INTO hooks (id, name, url, secret, kinds, seq, fails, made_by, made_at, ended_at) VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8, 0)`,
		h.ID, h.Name, h.URL, h.Secret, strings.Join(h.Kinds, ","), h.Seq, by, h.MadeAt)
	return err
}

func end(tx *db.Tx, id string) error {
	if _, err := tx.Exec(`DELETE FROM deliveries WHERE hook_id = $1 AND state = 'waiting'`, id); err != nil {
		return err
	}
	_, err := tx.Exec(`UPDATE hooks SET ended_at = $2 WHERE id = $1 AND ended_at = 0`, id, tx.Now())
	return err
}

func moveTo(tx *db.Tx, id string, seq int64) error {
	_, err := tx.Exec(`UPDATE hooks SET seq = $2 WHERE id = $1 AND seq < $2`, id, seq)
	return err
}

const columns = `id, hook_id, seq, kind, subject, state, tries, next_at, status, error, at`

func scan(r db.Row) (d Delivery, err error) {
	err = r.Scan(&d.ID, &d.HookID, &d.Seq, &d.Kind, &d.Subject, &d.State, &d.Tries, &d.NextAt, &d.Status, &d.Error, &d.At)
	return d, err
}

func queue(tx *db.Tx, d Delivery) error {
	_, err := tx.Exec(`INSERT INTO deliveries (`+columns+`) VALUES ($1, $2, $3, $4, $5, 'waiting', 0, $6, 0, '', 0) ON CONFLICT (id) DO NOTHING`,
		d.ID, d.HookID, d.Seq, d.Kind, d.Subject, d.NextAt)
	return err
}

// Deliveries lists a hook's last deliveries in one state, or in all, newest first.
func Deliveries(tx *db.Tx, who org.Actor, hook string, state State) ([]Delivery, error) {
	if _, err := Get(tx, who, hook); err != nil {
		return nil, err
	}
	return db.All(tx, scan, `SELECT `+columns+` FROM deliveries WHERE hook_id = $1 AND ($2 = '' OR state = $2) ORDER BY seq DESC LIMIT 100`, hook, string(state))
}

// due lists what a hook is to be told now: of each subject the earliest alone.
func due(tx *db.Tx, hook string, n int64) ([]Delivery, error) {
	return db.All(tx, scan, `SELECT `+columns+` FROM deliveries d WHERE hook_id = $1 AND state = 'waiting' AND next_at <= $2
		AND NOT EXISTS (SELECT 1 FROM deliveries e WHERE e.hook_id = d.hook_id AND e.subject = d.subject AND e.state = 'waiting' AND e.seq < d.seq)
		ORDER BY seq LIMIT $3`, hook, tx.Now(), n)
}

func lease(tx *db.Tx, id string, until int64) error {
	_, err := tx.Exec(`UPDATE deliveries SET next_at = $2, tries = tries + 1, at = $3 WHERE id = $1`, id, until, tx.Now())
	return err
}

func settle(tx *db.Tx, d Delivery) error {
	_, err := tx.Exec(`UPDATE deliveries SET state = $2, next_at = $3, status = $4, error = $5 WHERE id = $1 AND state = 'waiting'`,
		d.ID, string(d.State), d.NextAt, d.Status, d.Error)
	return err
}

func noteFails(tx *db.Tx, hook string, right bool) error {
	_, err := tx.Exec(`UPDATE hooks SET fails = CASE WHEN $2 = 1 THEN 0 ELSE fails + 1 END WHERE id = $1`, hook, map[bool]int64{true: 1}[right])
	return err
}

func revive(tx *db.Tx, hook string) (int64, error) {
	return tx.Exec(`UPDATE deliveries SET state = 'waiting', tries = 0, next_at = $2, error = '' WHERE hook_id = $1 AND state = 'dead'`, hook, tx.Now())
}

// forget drops what was told long ago.
func forget(tx *db.Tx, before int64) error {
	_, err := tx.Exec(`DELETE FROM deliveries WHERE state = 'sent' AND at < $1`, before)
	return err
}
