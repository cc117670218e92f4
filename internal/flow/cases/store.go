package cases

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/geo"
	"chuangwei/internal/register/org"
)

const columns = `id, no, code, state, text, kind_id, place_id, address, lat, lon, accuracy, area_id, unit_id, owner_id, finder_id,
	channel, contact, outside, reported_at, made_at, due_at, due_why, reasons, fixed_at, fixed_by, closed_at, stopped_at, block,
	ask, ask_body, ladder, acked, reworks, relapses, refusals, merged_into, hint, recheck, thumb, updated_at, version, duty_id`

func scan(r db.Row) (c Case, err error) {
	var lat, lon *float64
	var dueWhy, reasons, ask sql.RawBytes
	err = r.Scan(&c.ID, &c.No, &c.Code, &c.State, &c.Text, &c.KindID, &c.PlaceID, &c.Address, &lat, &lon, &c.Accuracy, &c.AreaID, &c.UnitID,
		&c.OwnerID, &c.FinderID, &c.Channel, &c.Contact, &c.Outside, &c.ReportedAt, &c.MadeAt, &c.DueAt, &dueWhy, &reasons, &c.FixedAt,
		&c.FixedBy, &c.ClosedAt, &c.StoppedAt, &c.Block, &c.Ask.Kind, &ask, &c.Ladder, &c.Acked, &c.Reworks, &c.Relapses, &c.Refusals,
		&c.MergedInto, &c.Hint, &c.Recheck, &c.Thumb, &c.UpdatedAt, &c.Version, &c.DutyID)
	if err != nil {
		return c, err
	}
	c.Point = point(lat, lon)
	return c, errors.Join(unpack(dueWhy, &c.DueWhy), unpack(reasons, &c.Reasons), unpack(ask, &c.Ask))
}

// brief are the columns that a line of a list shows. A case scanned by them
// lacks its code, contact and reasons; it must never be written back.
const brief = `id, no, state, text, kind_id, place_id, address, lat, lon, area_id, unit_id, owner_id, finder_id, channel,
	reported_at, due_at, fixed_at, closed_at, stopped_at, block, ask, ladder, reworks, relapses, refusals, merged_into, hint, recheck,
	thumb, updated_at, version`

func scanBrief(r db.Row) (c Case, err error) {
	var lat, lon *float64
	err = r.Scan(&c.ID, &c.No, &c.State, &c.Text, &c.KindID, &c.PlaceID, &c.Address, &lat, &lon, &c.AreaID, &c.UnitID, &c.OwnerID,
		&c.FinderID, &c.Channel, &c.ReportedAt, &c.DueAt, &c.FixedAt, &c.ClosedAt, &c.StoppedAt, &c.Block, &c.Ask.Kind, &c.Ladder,
		&c.Reworks, &c.Relapses, &c.Refusals, &c.MergedInto, &c.Hint, &c.Recheck, &c.Thumb, &c.UpdatedAt, &c.Version)
	c.Point = point(lat, lon)
	return c, err
}

// briefs are lines of a list, most of them from memory.
func briefs(tx *db.Tx, keys []db.Stamped) ([]Case, error) {
	return db.Shelf(tx, "cases.brief", keys, func(c Case) db.Stamped { return db.Stamped{ID: c.ID, Version: c.Version} }, func(ids []string) ([]Case, error) {
		return db.All(tx, scanBrief, `SELECT `+brief+` FROM cases WHERE id IN `+db.In(1, len(ids)), db.Args(ids)...)
	})
}

func point(lat, lon *float64) *geo.Point {
	if lat == nil || lon == nil {
		return nil
	}
	return &geo.Point{Lat: *lat, Lon: *lon}
}

func ref(f *float64) any {
	if f == nil {
		return nil
	}
	return *f
}

func unpack(text []byte, v any) error {
	if len(text) == 0 {
		return nil
	}
	return json.Unmarshal(text, v)
}

func pack(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // only our own plain structs come here
	}
	return string(text)
}

func (c Case) values() []any {
	var lat, lon any
	if c.Point != nil {
		lat, lon = c.Point.Lat, c.Point.Lon
	}
	return []any{c.ID, c.No, c.Code, string(c.State), c.Text, c.KindID, c.PlaceID, c.Address, lat, lon, ref(c.Accuracy), c.AreaID, c.UnitID,
		c.OwnerID, c.FinderID, c.Channel, c.Contact, c.Outside, c.ReportedAt, c.MadeAt, c.DueAt, pack(c.DueWhy), pack(c.Reasons), c.FixedAt,
		c.FixedBy, c.ClosedAt, c.StoppedAt, c.Block, c.Ask.Kind, pack(c.Ask), c.Ladder, c.Acked, c.Reworks, c.Relapses, c.Refusals,
		c.MergedInto, c.Hint, c.Recheck, c.Thumb, c.UpdatedAt, c.Version, c.DutyID}
}

const insertCase = `INSERT INTO cases (` + columns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,
	$15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42)`

// updateCase writes all that can change; number, text and finder never do.
const updateCase = `UPDATE cases SET state = $2, kind_id = $3, area_id = $4, unit_id = $5, owner_id = $6, due_at = $7, due_why = $8,
	reasons = $9, fixed_at = $10, fixed_by = $11, closed_at = $12, stopped_at = $13, block = $14, ask = $15, ask_body = $16,
	ladder = $17, reworks = $18, relapses = $19, refusals = $20, merged_into = $21, hint = $22, recheck = $23, thumb = $24,
	updated_at = $25, version = $26, acked = $27, duty_id = $28 WHERE id = $1`

func insert(tx *db.Tx, c Case) error {
	return tx.Send(insertCase, c.values()...)
}

func update(tx *db.Tx, c *Case) error {
	c.Version++
	c.UpdatedAt = tx.Now()
	return tx.Send(updateCase, c.ID, string(c.State), c.KindID, c.AreaID, c.UnitID, c.OwnerID, c.DueAt, pack(c.DueWhy),
		pack(c.Reasons), c.FixedAt, c.FixedBy, c.ClosedAt, c.StoppedAt, c.Block, c.Ask.Kind, pack(c.Ask), c.Ladder, c.Reworks,
		c.Relapses, c.Refusals, c.MergedInto, c.Hint, c.Recheck, c.Thumb, c.UpdatedAt, c.Version, c.Acked, c.DutyID)
}

// ByID finds a case without asking who reads it; faces use Get.
func ByID(tx *db.Tx, id string) (Case, error) {
	c, err := db.One(tx, scan, `SELECT `+columns+` FROM cases WHERE id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return c, fault.New(fault.NotFound, "case.none", "没有找到这个案件。", "There is no such case.")
	}
	return c, err
}

// ByCode finds the case a resident follows.
func ByCode(tx *db.Tx, code string) (Case, error) {
	c, err := db.One(tx, scan, `SELECT `+columns+` FROM cases WHERE code = $1 AND code <> ''`, code)
	if errors.Is(err, db.ErrNone) {
		return c, fault.New(fault.NotFound, "case.no_code", "没有找到编码为 %[1]s 的反映，请检查编码。", "No report has the code %[1]s.", code)
	}
	return c, err
}

// ByOutside finds the case that came in under a number of another system.
func ByOutside(tx *db.Tx, number string) (Case, bool, error) {
	c, err := db.One(tx, scan, `SELECT `+columns+` FROM cases WHERE outside = $1 AND outside <> ''`, number)
	if errors.Is(err, db.ErrNone) {
		return c, false, nil
	}
	return c, err == nil, err
}

// Targets says of cases, by id, whom they concern.
func Targets(tx *db.Tx, ids []string) (map[string]org.Target, error) {
	out := make(map[string]org.Target, len(ids))
	list, err := db.All(tx, scanBrief, `SELECT `+brief+` FROM cases WHERE id IN `+db.In(1, len(ids)), db.Args(ids)...)
	for _, c := range list {
		out[c.ID] = target(c)
	}
	return out, err
}

// number takes the next number of the year: 2026-00123.
func number(tx *db.Tx, year int) (string, error) {
	n, err := db.Next(tx, fmt.Sprintf("case-%d", year))
	return fmt.Sprintf("%d-%05d", year, n), err
}

func addPhotos(tx *db.Tx, caseID, role, who string, sums []string) error {
	for _, sum := range sums {
		err := tx.Send(`INSERT INTO case_photos (case_id, sum, role, who, at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (case_id, sum, role) DO NOTHING`, caseID, sum, role, who, tx.Now())
		if err != nil {
			return err
		}
	}
	return nil
}

// Photos lists a case's pictures in the order they came.
func Photos(tx *db.Tx, caseID string) ([]Photo, error) {
	return db.All(tx, func(r db.Row) (p Photo, err error) {
		var lat, lon, accuracy *float64
		err = r.Scan(&p.Sum, &p.Role, &p.Who, &p.At, &p.TakenAt, &lat, &lon, &accuracy, &p.Source)
		p.Point = point(lat, lon)
		if accuracy != nil {
			p.Accuracy = *accuracy
		}
		return p, err
	}, `SELECT c.sum, c.role, c.who, c.at, f.taken_at, f.lat, f.lon, f.accuracy, f.source
		FROM case_photos c JOIN photos f ON f.sum = c.sum WHERE c.case_id = $1 ORDER BY c.at, c.role DESC, c.sum`, caseID)
}

func setHelpers(tx *db.Tx, caseID string, units []string) error {
	if err := tx.Send(`DELETE FROM case_helpers WHERE case_id = $1`, caseID); err != nil {
		return err
	}
	return addHelpers(tx, caseID, units)
}

func addHelpers(tx *db.Tx, caseID string, units []string) error {
	for _, u := range units {
		if err := tx.Send(`INSERT INTO case_helpers (case_id, unit_id) VALUES ($1, $2) ON CONFLICT (case_id, unit_id) DO NOTHING`, caseID, u); err != nil {
			return err
		}
	}
	return nil
}

// Helpers lists the units that help on a case.
func Helpers(tx *db.Tx, caseID string) ([]string, error) {
	return db.Values[string](tx, `SELECT unit_id FROM case_helpers WHERE case_id = $1 ORDER BY unit_id`, caseID)
}

// around is the end of a query for open cases of a kind (or of any, when kind
// is "") within a box of about metres around a point, reported since at.
func around(p geo.Point, metres float64, kind string, since int64, not string) (string, []any) {
	dLat, dLon := geo.Degrees(p, metres)
	args := []any{p.Lat - dLat, p.Lat + dLat, p.Lon - dLon, p.Lon + dLon, since, not}
	ofKind := ""
	if kind != "" {
		args, ofKind = append(args, kind), "kind_id = $7 AND "
	}
	return ` FROM cases WHERE ` + ofKind + `reported_at >= $5 AND ` + openSQL + `
		AND lat BETWEEN $1 AND $2 AND lon BETWEEN $3 AND $4 AND id <> $6 ORDER BY reported_at LIMIT 20`, args
}

// near lists the cases around a point.
func near(tx *db.Tx, p geo.Point, metres float64, kind string, since int64, not string) ([]Case, error) {
	where, args := around(p, metres, kind, since, not)
	return db.All(tx, scan, `SELECT `+columns+where, args...)
}

// nearest finds the oldest case of a kind around a point, by its id; "" when
// there is none. It reads no whole case: every report asks.
func nearest(tx *db.Tx, p geo.Point, metres float64, kind string, since int64, not string) (string, error) {
	type spot struct {
		id string
		at geo.Point
	}
	where, args := around(p, metres, kind, since, not)
	list, err := db.All(tx, func(r db.Row) (s spot, err error) { return s, r.Scan(&s.id, &s.at.Lat, &s.at.Lon) }, `SELECT id, lat, lon`+where, args...)
	for _, s := range list {
		if geo.Metres(p, s.at) <= metres {
			return s.id, nil
		}
	}
	return "", err
}

// OpenAt finds the oldest open case of a kind at a place, or db.ErrNone.
func OpenAt(tx *db.Tx, placeID, kind string) (Case, error) {
	return db.One(tx, scan, `SELECT `+columns+` FROM cases WHERE place_id = $1 AND kind_id = $2 AND `+openSQL+` ORDER BY reported_at, id LIMIT 1`, placeID, kind)
}

// Trouble is how many cases of a kind that came in one way are open at a place.
type Trouble struct {
	PlaceID, KindID, Channel string
	Open                     int
}

// Troubles counts the open cases at places by kind and channel; what its owner
// says is fixed is not counted.
func Troubles(tx *db.Tx) ([]Trouble, error) {
	return db.All(tx, func(r db.Row) (t Trouble, err error) { return t, r.Scan(&t.PlaceID, &t.KindID, &t.Channel, &t.Open) },
		`SELECT place_id, kind_id, channel, count(*) FROM cases WHERE `+openSQL+` AND state <> 'fixed' AND place_id <> '' GROUP BY place_id, kind_id, channel
		ORDER BY place_id, kind_id, channel`)
}

// lastClosed finds the newest case of the kind at the place closed since at.
func lastClosed(tx *db.Tx, kind, placeID string, since int64) (Case, error) {
	return db.One(tx, scan, `SELECT `+columns+` FROM cases
		WHERE kind_id = $1 AND place_id = $2 AND closed_at >= $3 AND state = 'closed' ORDER BY closed_at DESC LIMIT 1`, kind, placeID, since)
}

// rule is who gets a kind of problem in an area, as a dispatcher once decided.
type rule struct{ unit, person string }

type ruleKey struct{ area, kind string }

// ruleStamp names the rules as they are kept in memory.
const ruleStamp = "rules"

func ruleFor(tx *db.Tx, areaID, kindID string) (rule, error) {
	stamp, err := db.Stamp(tx, ruleStamp)
	if err != nil {
		return rule{}, err
	}
	all, err := db.Keep(tx, "cases.rules", stamp, func() (map[ruleKey]rule, error) {
		all := map[ruleKey]rule{}
		type line struct {
			ruleKey
			rule
		}
		return all, db.Each(tx, func(r db.Row) (l line, err error) { return l, r.Scan(&l.area, &l.kind, &l.unit, &l.person) },
			func(l line) error { all[l.ruleKey] = l.rule; return nil }, `SELECT area_id, kind_id, unit_id, person_id FROM route_rules`)
	})
	return all[ruleKey{areaID, kindID}], err
}

func keepRule(tx *db.Tx, id, areaID, kindID, unitID, personID, who string) error {
	if err := db.Touch(tx, ruleStamp); err != nil {
		return err
	}
	return tx.Send(`INSERT INTO route_rules (id, area_id, kind_id, unit_id, person_id, who, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (area_id, kind_id) DO UPDATE SET unit_id = excluded.unit_id, person_id = excluded.person_id, who = excluded.who, made_at = excluded.made_at`,
		id, areaID, kindID, unitID, personID, who, tx.Now())
}
