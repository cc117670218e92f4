package standard

import (
	"encoding/json"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/register/calendar"
)

const kindColumns = `id, grp, name, name_en, lead, limit_n, limit_unit, after_photo, relapse_days, body`

func scanKind(r db.Row) (k Kind, err error) {
	var body, unit string
	err = r.Scan(&k.ID, &k.Group, &k.Name, &k.NameEN, &k.Lead, &k.Limit.N, &unit, &k.AfterPhoto, &k.RelapseDays, &body)
	if err != nil {
		return k, err
	}
	k.Limit.Unit = calendar.Unit(unit)
	return k, json.Unmarshal([]byte(body), &k.Detail)
}

// Kinds lists every kind in the order of the pack.
func Kinds(tx *db.Tx) ([]Kind, error) {
	return db.All(tx, scanKind, `SELECT `+kindColumns+` FROM kinds ORDER BY sort, id`)
}

func putKind(tx *db.Tx, sort int, k Kind) error {
	body, err := json.Marshal(k.Detail)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO kinds (`+kindColumns+`, sort) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (id) DO NOTHING`,
		k.ID, k.Group, k.Name, k.NameEN, k.Lead, k.Limit.N, string(k.Limit.Unit), k.AfterPhoto, k.RelapseDays, string(body), sort)
	return err
}

func putClause(tx *db.Tx, sort int, c Clause) error {
	_, err := tx.Exec(`INSERT INTO clauses (id, pack, sort, title, checked) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (id) DO NOTHING`, c.ID, c.Pack, sort, c.Title, c.Checked)
	return err
}

// ClausesByID finds the clauses of a kind; unknown ids are left out.
func ClausesByID(tx *db.Tx, ids []string) ([]Clause, error) {
	return db.All(tx, func(r db.Row) (c Clause, err error) {
		return c, r.Scan(&c.ID, &c.Pack, &c.Title, &c.Checked)
	}, `SELECT id, pack, title, checked FROM clauses WHERE id IN `+db.In(1, len(ids))+` ORDER BY pack DESC, sort`, db.Args(ids)...)
}

func updateKind(tx *db.Tx, k Kind) error {
	_, err := tx.Exec(`UPDATE kinds SET name = $2, lead = $3, limit_n = $4, limit_unit = $5, after_photo = $6, relapse_days = $7 WHERE id = $1`,
		k.ID, k.Name, k.Lead, int64(k.Limit.N), string(k.Limit.Unit), k.AfterPhoto, int64(k.RelapseDays))
	return err
}
