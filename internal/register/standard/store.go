package standard

import (
	"cmp"
	"encoding/json"
	"slices"

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
		ON CONFLICT (id) DO UPDATE SET sort = excluded.sort, title = excluded.title, checked = excluded.checked`, c.ID, c.Pack, sort, c.Title, c.Checked)
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

// packText is the last whole text of a pack.
type packText struct {
	id, body string
	active   bool
	n        int
}

func hasPack(tx *db.Tx, id string) (bool, error) {
	n, err := db.Value[int64](tx, `SELECT count(*) FROM packs WHERE id = $1`, id)
	return n > 0, err
}

func insertPack(tx *db.Tx, id string, sort int, active bool) error {
	_, err := tx.Exec(`INSERT INTO packs (id, sort, active) VALUES ($1, $2, $3)`, id, int64(sort), active)
	return err
}

func updateActive(tx *db.Tx, id string, active bool) error {
	_, err := tx.Exec(`UPDATE packs SET active = $2 WHERE id = $1`, id, active)
	return err
}

func insertText(tx *db.Tx, id string, n int, body, who, source string) error {
	_, err := tx.Exec(`INSERT INTO pack_texts (pack_id, n, body, who, source, at) VALUES ($1, $2, $3, $4, $5, $6)`, id, int64(n), body, who, source, tx.Now())
	return err
}

func packTexts(tx *db.Tx) ([]packText, error) {
	return db.All(tx, func(r db.Row) (t packText, err error) {
		return t, r.Scan(&t.id, &t.body, &t.active, &t.n)
	}, `SELECT p.id, t.body, p.active, t.n FROM packs p JOIN pack_texts t ON t.pack_id = p.id
		WHERE t.n = (SELECT max(n) FROM pack_texts x WHERE x.pack_id = p.id) ORDER BY p.sort, p.id`)
}

func insertEdit(tx *db.Tx, id, packID string, s Step) error {
	cells, err := json.Marshal(s.Cells)
	if err != nil {
		return err
	}
	was, err := json.Marshal(s.Was)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO pack_edits (id, pack_id, n, sheet, line, cells, was, who, source, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		id, packID, int64(s.N), s.Sheet, s.Line, string(cells), string(was), s.Who, s.Source, s.At)
	return err
}

const editColumns = `n, sheet, line, cells, was, who, source, at`

func scanEdit(r db.Row) (s Step, err error) {
	var cells, was string
	if err = r.Scan(&s.N, &s.Sheet, &s.Line, &cells, &was, &s.Who, &s.Source, &s.At); err != nil {
		return s, err
	}
	if err = json.Unmarshal([]byte(cells), &s.Cells); err != nil {
		return s, err
	}
	return s, json.Unmarshal([]byte(was), &s.Was)
}

// editsOf lists the corrections of one text, oldest first.
func editsOf(tx *db.Tx, packID string, n int) ([]Step, error) {
	return db.All(tx, scanEdit, `SELECT `+editColumns+` FROM pack_edits WHERE pack_id = $1 AND n = $2 ORDER BY at, id`, packID, int64(n))
}

func packHistory(tx *db.Tx, packID string) ([]Step, error) {
	list, err := db.All(tx, scanEdit, `SELECT `+editColumns+` FROM pack_edits WHERE pack_id = $1 ORDER BY at DESC, id DESC LIMIT 500`, packID)
	if err != nil {
		return nil, err
	}
	texts, err := db.All(tx, func(r db.Row) (s Step, err error) {
		return s, r.Scan(&s.N, &s.Who, &s.Source, &s.At)
	}, `SELECT n, who, source, at FROM pack_texts WHERE pack_id = $1 ORDER BY n DESC LIMIT 100`, packID)
	list = append(list, texts...)
	slices.SortStableFunc(list, func(a, b Step) int { return cmp.Or(cmp.Compare(b.At, a.At), cmp.Compare(b.N, a.N)) })
	return list, err
}
