package evidence

import (
	"encoding/json"
	"errors"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
)

const archiveColumns = `id, pack, from_year, to_year, state, done, files, bytes, manifest, why, who, at, ready_at`

func scanArchive(r db.Row) (a Archive, err error) {
	var why string
	if err = r.Scan(&a.ID, &a.Pack, &a.FromYear, &a.ToYear, &a.State, &a.Done, &a.Files, &a.Bytes, &a.Manifest, &why, &a.Who, &a.At, &a.ReadyAt); err != nil || why == "" {
		return a, err
	}
	return a, json.Unmarshal([]byte(why), &a.Why)
}

func insertArchive(tx *db.Tx, a Archive) error {
	_, err := tx.Exec(`INSERT INTO archives (`+archiveColumns+`) VALUES ($1, $2, $3, $4, $5, 0, 0, 0, '', '', $6, $7, 0)`, a.ID, a.Pack, int64(a.FromYear), int64(a.ToYear), a.State, a.Who, a.At)
	return err
}

// archivesShown is how many are listed.
const archivesShown = 50

func archives(tx *db.Tx) ([]Archive, error) {
	return db.All(tx, scanArchive, `SELECT `+archiveColumns+` FROM archives ORDER BY at DESC, id DESC LIMIT $1`, int64(archivesShown))
}

func archiveByID(tx *db.Tx, id string) (Archive, error) {
	a, err := db.One(tx, scanArchive, `SELECT `+archiveColumns+` FROM archives WHERE id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return a, noArchive
	}
	return a, err
}

func progress(tx *db.Tx, id string, done, of int) error {
	_, err := tx.Exec(`UPDATE archives SET state = 'making', done = $2, files = $3 WHERE id = $1 AND state IN ('waiting', 'making')`, id, int64(done), int64(of))
	return err
}

func readyArchive(tx *db.Tx, id string, m Made) (fresh bool, err error) {
	n, err := tx.Exec(`UPDATE archives SET state = 'ready', done = $2, files = $2, bytes = $3, manifest = $4, why = '', ready_at = $5 WHERE id = $1 AND state <> 'ready'`,
		id, int64(m.Files), m.Bytes, m.Manifest, tx.Now())
	return n > 0, err
}

func failArchive(tx *db.Tx, id string, why fault.Text) error {
	text, err := json.Marshal(why)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`UPDATE archives SET state = 'failed', why = $2 WHERE id = $1 AND state <> 'ready'`, id, string(text))
	return err
}

// checkedIn are the checked papers on some slots that prove something of a
// year, by slot, oldest first.
func checkedIn(tx *db.Tx, slots []string, year int) (map[string][]Paper, error) {
	type row struct {
		slot string
		Paper
	}
	w := &db.Where{}
	w.And("p.state = 'checked' AND p.year <= $1 AND p.to_year >= $1", int64(year))
	w.Among("s.slot", slots)
	out := map[string][]Paper{}
	return out, db.Each(tx, func(r db.Row) (x row, err error) {
		return x, r.Scan(&x.slot, &x.Sum, &x.Type, &x.Bytes, &x.Title, &x.Caption, &x.UnitID, &x.OnDay, &x.Document.Pages)
	}, func(x row) error { out[x.slot] = append(out[x.slot], x.Paper); return nil },
		`SELECT s.slot, p.sum, p.type, p.bytes, p.title, p.caption, p.unit_id, p.on_day, d.pages
		FROM papers p JOIN documents d ON d.sum = p.sum JOIN paper_slots s ON s.paper_id = p.id
		WHERE `+w.Text()+` ORDER BY s.slot, p.on_day, p.title, p.id`, w.Args()...)
}

func putPrints(tx *db.Tx, id string, sums []string) error {
	for _, sum := range sums {
		if _, err := tx.Exec(`INSERT INTO archive_prints (archive_id, sum) VALUES ($1, $2) ON CONFLICT (archive_id, sum) DO NOTHING`, id, sum); err != nil {
			return err
		}
	}
	return nil
}
