package roster

import (
	"encoding/json"
	"errors"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/calendar"
)

const columns = `id, name, from_on, to_on, rules, plan, tried, trial, run, stop, made_at, made_by, version, published`

func scan(r db.Row) (x Roster, err error) {
	var rules, plan, tried, trial, run, published string
	var stop int64
	if err := r.Scan(&x.ID, &x.Name, &x.FromOn, &x.ToOn, &rules, &plan, &tried, &trial, &run, &stop, &x.MadeAt, &x.MadeBy, &x.Version, &published); err != nil {
		return x, err
	}
	x.Stop = stop > 0
	return x, errors.Join(unpack(rules, &x.Rules), unpack(plan, &x.Plan), unpack(tried, &x.Tried), unpack(trial, &x.Trial), unpack(run, &x.Run), unpack(published, &x.Published))
}

func unpack(text string, v any) error {
	if text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), v)
}

func pack[T any](v *T) (string, error) {
	if v == nil {
		return "", nil
	}
	text, err := json.Marshal(v)
	return string(text), err
}

func (r Roster) values() ([]any, error) {
	rules, err1 := pack(&r.Rules)
	plan, err2 := pack(r.Plan)
	tried, err3 := pack(r.Tried)
	trial, err4 := pack(r.Trial)
	run, err5 := pack(&r.Run)
	published, err6 := pack(&r.Published)
	stop := map[bool]int64{true: 1}[r.Stop]
	return []any{r.ID, r.Name, r.FromOn, r.ToOn, rules, plan, tried, trial, run, stop, r.MadeAt, r.MadeBy, r.Version, published}, errors.Join(err1, err2, err3, err4, err5, err6)
}

func insert(tx *db.Tx, r Roster) error {
	values, err := r.values()
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO rosters (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`, values...)
	return err
}

func update(tx *db.Tx, r *Roster) error {
	r.Version++
	values, err := r.values()
	if err != nil {
		return err
	}
	_, err = tx.Exec(`UPDATE rosters SET name = $2, from_on = $3, to_on = $4, rules = $5, plan = $6, tried = $7, trial = $8, run = $9, stop = $10,
		made_at = $11, made_by = $12, version = $13, published = $14 WHERE id = $1`, values...)
	return err
}

func remove(tx *db.Tx, id string) error {
	_, err := tx.Exec(`DELETE FROM rosters WHERE id = $1`, id)
	return err
}

// ByID finds a roster without asking who reads it.
func ByID(tx *db.Tx, id string) (Roster, error) {
	r, err := db.One(tx, scan, `SELECT `+columns+` FROM rosters WHERE id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return r, fault.New(fault.NotFound, "roster.none", "没有找到这份编排。", "There is no such roster.")
	}
	return r, err
}

// brief leaves the plans out: they are long.
const brief = `id, name, from_on, to_on, rules, '', '', '', run, stop, made_at, made_by, version, ''`

func list(tx *db.Tx) ([]Listed, error) {
	one := func(r db.Row) (l Listed, err error) {
		var kept, waits int64
		l.Roster, err = scan(beside{r, []any{&kept, &waits, &l.PublishedTo}})
		l.Kept = kept > 0
		if l.Run.State == "found" && waits == 0 {
			l.Run = Run{} // decided before deciding ended a run
		}
		return l, err
	}
	return db.All(tx, one, `SELECT `+brief+`, CASE WHEN plan = '' THEN 0 ELSE 1 END, CASE WHEN trial = '' THEN 0 ELSE 1 END,
		COALESCE((SELECT MAX(d.on_day) FROM duties d WHERE d.roster_id = rosters.id AND d.roster_id <> '' AND d.cancelled_at = 0), '')
		FROM rosters ORDER BY from_on DESC, id DESC LIMIT 100`)
}

// beside is a row with more columns than scan knows.
type beside struct {
	db.Row
	more []any
}

func (b beside) Scan(dest ...any) error { return b.Row.Scan(append(dest, b.more...)...) }

// told writes how a search goes, and reads whether it is to stop.
func told(tx *db.Tx, id string, run Run) (stop bool, err error) {
	text, err := pack(&run)
	if err != nil {
		return false, err
	}
	n, err := db.Value[int64](tx, `UPDATE rosters SET run = $2, version = version + 1 WHERE id = $1 RETURNING stop`, id, text)
	return n > 0, err
}

// window is somebody's time on a duty.
type window struct {
	person, duty, roster string
	from, to             int64
}

const windowColumns = `p.person_id, d.id, d.roster_id, p.from_at, p.to_at`

func scanWindow(r db.Row) (w window, err error) {
	return w, r.Scan(&w.person, &w.duty, &w.roster, &w.from, &w.to)
}

// campaignDays is how far back load counts: a campaign's year.
const campaignDays = 366

// carried are the duties that people had before a roster begins.
func carried(tx *db.Tx, r Roster) ([]window, error) {
	return db.All(tx, scanWindow, `SELECT `+windowColumns+` FROM duties d JOIN duty_people p ON p.duty_id = d.id
		WHERE d.on_day >= $1 AND d.on_day < $2 AND d.cancelled_at = 0`,
		string(calendar.Day(r.FromOn).Add(-campaignDays)), r.FromOn)
}

// besides are the duties while a roster lasts, and on the days next to it.
func besides(tx *db.Tx, r Roster) ([]window, error) {
	return db.All(tx, scanWindow, `SELECT `+windowColumns+` FROM duties d JOIN duty_people p ON p.duty_id = d.id
		WHERE d.on_day >= $1 AND d.on_day <= $2 AND d.cancelled_at = 0 ORDER BY p.from_at, d.id, p.person_id`,
		string(calendar.Day(r.FromOn).Add(-1)), string(calendar.Day(r.ToOn).Add(1)))
}

func homes(tx *db.Tx) (map[string]string, error) {
	type home struct{ person, area string }
	list, err := db.All(tx, func(r db.Row) (h home, err error) { return h, r.Scan(&h.person, &h.area) }, `SELECT person_id, area_id FROM person_homes`)
	out := map[string]string{}
	for _, h := range list {
		out[h.person] = h.area
	}
	return out, err
}

func setHome(tx *db.Tx, person, area string) error {
	if _, err := tx.Exec(`DELETE FROM person_homes WHERE person_id = $1`, person); err != nil || area == "" {
		return err
	}
	_, err := tx.Exec(`INSERT INTO person_homes (person_id, area_id) VALUES ($1, $2)`, person, area)
	return err
}

func scanWish(r db.Row) (w Wish, err error) { return w, r.Scan(&w.PersonID, &w.On, &w.Likes) }

func wishesBetween(tx *db.Tx, from, to string) ([]Wish, error) {
	return db.All(tx, scanWish, `SELECT person_id, on_day, likes FROM wishes WHERE on_day >= $1 AND on_day <= $2 ORDER BY person_id, on_day`, from, to)
}

func setWish(tx *db.Tx, w Wish) error {
	if _, err := tx.Exec(`DELETE FROM wishes WHERE person_id = $1 AND on_day = $2`, w.PersonID, w.On); err != nil || w.Likes == 0 {
		return err
	}
	_, err := tx.Exec(`INSERT INTO wishes (person_id, on_day, likes) VALUES ($1, $2, $3)`, w.PersonID, w.On, w.Likes)
	return err
}

func wishesOf(tx *db.Tx, person, from string) ([]Wish, error) {
	return db.All(tx, scanWish, `SELECT person_id, on_day, likes FROM wishes WHERE person_id = $1 AND on_day >= $2 ORDER BY on_day`, person, from)
}
