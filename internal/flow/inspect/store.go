package inspect

import (
	"encoding/json"
	"errors"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/calendar"
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

// Judged is one checklist line of one look.
type Judged struct {
	Inspection, PlaceID, Kind string
	OnDay                     string
	Line                      string // <pack>:<checklist line>
	Bad                       bool
	Fresh                     bool // bad, and this look was the first to say so
}

// Since lists the lines that were looked at from a day on, look by look.
func Since(tx *db.Tx, from calendar.Day) ([]Judged, error) {
	return db.All(tx, func(r db.Row) (j Judged, err error) {
		var caseOf string
		err = r.Scan(&j.Inspection, &j.PlaceID, &j.Kind, &j.OnDay, &j.Line, &j.Bad, &caseOf)
		j.Fresh = j.Bad && caseOf == caseID(j.Inspection, j.Line)
		return j, err
	}, `SELECT i.id, i.place_id, i.kind, i.on_day, l.line, l.result = 'bad', l.case_id FROM inspections i JOIN inspection_lines l ON l.inspection_id = i.id
		WHERE i.on_day >= $1 AND l.result IN ('good', 'bad') ORDER BY i.on_day, i.id, l.n`, string(from))
}

// From finds the inspection that made a case, or "".
func From(tx *db.Tx, caseID string) (string, error) {
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

const planColumns = `id, name, kind, area_id, every, times, role, from_on, to_on, made_by, made_at`

func scanPlan(r db.Row) (p Plan, err error) {
	return p, r.Scan(&p.ID, &p.Name, &p.Kind, &p.AreaID, &p.Every, &p.Times, &p.Role, &p.FromOn, &p.ToOn, &p.MadeBy, &p.MadeAt)
}

func insertPlan(tx *db.Tx, p Plan) error {
	_, err := tx.Exec(`INSERT INTO inspection_plans (`+planColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		p.ID, p.Name, p.Kind, p.AreaID, p.Every, int64(p.Times), string(p.Role), p.FromOn, p.ToOn, p.MadeBy, p.MadeAt)
	return err
}

func planByID(tx *db.Tx, id string) (Plan, error) {
	return db.One(tx, scanPlan, `SELECT `+planColumns+` FROM inspection_plans WHERE id = $1`, id)
}

func updatePlanEnd(tx *db.Tx, p Plan) error {
	_, err := tx.Exec(`UPDATE inspection_plans SET to_on = $2 WHERE id = $1`, p.ID, p.ToOn)
	return err
}

// plansOn lists the plans in force on some day between two.
func plansOn(tx *db.Tx, from, to string) ([]Plan, error) {
	return db.All(tx, scanPlan, `SELECT `+planColumns+` FROM inspection_plans WHERE from_on <= $2 AND (to_on = '' OR to_on >= $1) ORDER BY name, id`, from, to)
}

// lastLooks is the day of the last look at each place that was ever looked at.
func lastLooks(tx *db.Tx) (map[string]string, error) {
	out := map[string]string{}
	return out, db.Each(tx, func(r db.Row) (x [2]string, err error) { return x, r.Scan(&x[0], &x[1]) },
		func(x [2]string) error { out[x[0]] = x[1]; return nil }, `SELECT place_id, max(on_day) FROM inspections GROUP BY place_id`)
}

// lookDays lists the days of looks at each place within a span, one for each look.
func lookDays(tx *db.Tx, s span) (map[string][]string, error) {
	out := map[string][]string{}
	return out, db.Each(tx, func(r db.Row) (x [2]string, err error) { return x, r.Scan(&x[0], &x[1]) },
		func(x [2]string) error { out[x[0]] = append(out[x[0]], x[1]); return nil },
		`SELECT place_id, on_day FROM inspections WHERE on_day >= $1 AND on_day <= $2 ORDER BY on_day`, string(s.from), string(s.to))
}

// looksIn counts the looks at each place within a span.
func looksIn(tx *db.Tx, s span) (map[string]int, error) {
	days, err := lookDays(tx, s)
	out := map[string]int{}
	for id, list := range days {
		out[id] = len(list)
	}
	return out, err
}
