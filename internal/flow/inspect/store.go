package inspect

import (
	"encoding/json"
	"errors"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
)

const columns = `id, place_id, kind, area_id, unit_id, who, purpose, note, good, bad, absent, unseen, rest, counted, on_day, made_at, at`

func scan(r db.Row) (i Inspection, err error) {
	return i, r.Scan(&i.ID, &i.PlaceID, &i.Kind, &i.AreaID, &i.UnitID, &i.Who, &i.Purpose, &i.Note, &i.Good, &i.Bad, &i.Absent, &i.Unseen, &i.Rest,
		&i.Counted, &i.OnDay, &i.MadeAt, &i.At)
}

func insert(tx *db.Tx, i Inspection) error {
	_, err := tx.Exec(`INSERT INTO inspections (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
		i.ID, i.PlaceID, i.Kind, i.AreaID, i.UnitID, i.Who, i.Purpose, i.Note, int64(i.Good), int64(i.Bad), int64(i.Absent), int64(i.Unseen), int64(i.Rest),
		int64(i.Counted), i.OnDay, i.MadeAt, i.At)
	return err
}

func byID(tx *db.Tx, id string) (Inspection, error) {
	i, err := db.One(tx, scan, `SELECT `+columns+` FROM inspections WHERE id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return i, fault.New(fault.NotFound, "inspection.none", "没有找到这次检查，或不在您的查看范围。", "There is no such inspection, or it is not yours to see.")
	}
	return i, err
}

const lineColumns = `line, text, clause, result, how, note, photos, case_id`

func scanLine(r db.Row) (l Line, err error) {
	var photos string
	if err = r.Scan(&l.Line, &l.Text, &l.Clause, &l.Result, &l.How, &l.Note, &photos, &l.CaseID); err != nil {
		return l, err
	}
	return l, json.Unmarshal([]byte(photos), &l.Photos)
}

func insertLine(tx *db.Tx, inspection string, n int, l Line) error {
	photos, err := json.Marshal(append([]string{}, l.Photos...))
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO inspection_lines (inspection_id, n, `+lineColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		inspection, int64(n), l.Line, l.Text, l.Clause, string(l.Result), l.How, l.Note, string(photos), l.CaseID)
	return err
}

func linesOf(tx *db.Tx, inspection string) ([]Line, error) {
	return db.All(tx, scanLine, `SELECT `+lineColumns+` FROM inspection_lines WHERE inspection_id = $1 ORDER BY n`, inspection)
}

// lastCase is the case that the newest bad look at a line of a place made, or db.ErrNone.
func lastCase(tx *db.Tx, placeID, line string) (string, error) {
	return db.Value[string](tx, `SELECT l.case_id FROM inspections i JOIN inspection_lines l ON l.inspection_id = i.id
		WHERE i.place_id = $1 AND l.line = $2 AND l.case_id <> '' ORDER BY i.at DESC, i.id DESC LIMIT 1`, placeID, line)
}

func scanCount(r db.Row) (c Count, err error) { return c, r.Scan(&c.Measure, &c.Found, &c.Base) }

func insertCounts(tx *db.Tx, inspection string, counts []Count) error {
	for _, c := range counts {
		_, err := tx.Exec(`INSERT INTO inspection_counts (inspection_id, measure, found, base) VALUES ($1, $2, $3, $4)`, inspection, c.Measure, c.Found, c.Base)
		if err != nil {
			return err
		}
	}
	return nil
}

func countsOf(tx *db.Tx, inspection string) ([]Count, error) {
	return db.All(tx, scanCount, `SELECT measure, found, base FROM inspection_counts WHERE inspection_id = $1 ORDER BY measure`, inspection)
}

// InspectionOf finds the inspection that made a case, or "".
func InspectionOf(tx *db.Tx, caseID string) (string, error) {
	id, err := db.Value[string](tx, `SELECT l.inspection_id FROM inspection_lines l JOIN inspections i ON i.id = l.inspection_id
		WHERE l.case_id = $1 AND l.case_id <> '' ORDER BY i.at, i.id LIMIT 1`, caseID)
	if errors.Is(err, db.ErrNone) {
		return "", nil
	}
	return id, err
}

// ClausesOf lists the clauses of the checklist lines that a case came from,
// <pack>:<item>.
func ClausesOf(tx *db.Tx, caseID string) ([]string, error) {
	return db.Values[string](tx, `SELECT DISTINCT clause FROM inspection_lines WHERE case_id = $1 AND case_id <> '' AND clause <> '' ORDER BY clause`, caseID)
}
