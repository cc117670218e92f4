package feed

import (
	"chuangwei/internal/kit/db"
	"chuangwei/internal/register/org"
)

func scan(r db.Row) (f Feed, err error) {
	return f, r.Scan(&f.ID, &f.PersonID, &f.Name, &f.TeamID, &f.AreaID, &f.MadeAt)
}

// Feeds lists the actor's own addresses in use.
func Feeds(tx *db.Tx, who org.Actor) ([]Feed, error) {
	return db.All(tx, scan, `SELECT id, person_id, name, team_id, area_id, made_at FROM feeds WHERE person_id = $1 AND ended_at = 0 ORDER BY made_at`, who.ID)
}

func bySecret(tx *db.Tx, digest string) (Feed, error) {
	return db.One(tx, scan, `SELECT id, person_id, name, team_id, area_id, made_at FROM feeds WHERE digest = $1 AND ended_at = 0`, digest)
}

func insert(tx *db.Tx, f Feed, digest string) error {
	_, err := tx.Exec(`INSERT INTO feeds (id, digest, person_id, name, made_at, ended_at, team_id, area_id) VALUES ($1, $2, $3, $4, $5, 0, $6, $7)`,
		f.ID, digest, f.PersonID, f.Name, f.MadeAt, f.TeamID, f.AreaID)
	return err
}

func end(tx *db.Tx, person, id string) (int64, error) {
	return tx.Exec(`UPDATE feeds SET ended_at = $3 WHERE id = $1 AND person_id = $2 AND ended_at = 0`, id, person, tx.Now())
}
