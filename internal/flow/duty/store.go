package duty

import (
	"errors"
	"slices"
	"strings"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/org"
)

const columns = `id, kind, name, team_id, unit_id, area_id, place_id, on_day, from_at, to_at, size, leader_id, roster_id, cancelled_at,
	confirmed_at, confirmed_by, note, version`

func scan(r db.Row) (d Duty, err error) {
	return d, r.Scan(&d.ID, &d.Kind, &d.Name, &d.TeamID, &d.UnitID, &d.AreaID, &d.PlaceID, &d.OnDay, &d.FromAt, &d.ToAt, &d.Size,
		&d.LeaderID, &d.RosterID, &d.CancelledAt, &d.ConfirmedAt, &d.ConfirmedBy, &d.Note, &d.Version)
}

// missing says that what the registers should know is not there.
func missing(err error, field, zh, en string) error {
	if errors.Is(err, db.ErrNone) {
		return fault.New(fault.Invalid, field+".none", "没有找到这个%[1]s，可能已经删除。", "There is no such %[2]s.", zh, en).In(field, "没有找到", "not found")
	}
	return err
}

// ByID finds a duty with its crew, without asking who reads it.
func ByID(tx *db.Tx, id string) (Duty, error) {
	d, err := db.One(tx, scan, `SELECT `+columns+` FROM duties WHERE id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return d, fault.New(fault.NotFound, "duty.none", "没有找到这次值守。", "There is no such duty.")
	}
	if err != nil {
		return d, err
	}
	list := []Duty{d}
	err = crews(tx, list)
	return list[0], err
}

// crews fills in who is on each duty.
func crews(tx *db.Tx, list []Duty) error {
	at := make(map[string]int, len(list))
	for i, d := range list {
		at[d.ID] = i
	}
	for some := range slices.Chunk(list, 500) {
		ids := make([]string, len(some))
		for i, d := range some {
			ids[i] = d.ID
		}
		type line struct {
			duty string
			m    Member
		}
		err := db.Each(tx, func(r db.Row) (l line, err error) { return l, r.Scan(&l.duty, &l.m.PersonID, &l.m.Present) }, func(l line) error {
			d := &list[at[l.duty]]
			d.People = append(d.People, l.m)
			return nil
		}, `SELECT duty_id, person_id, present FROM duty_people WHERE duty_id IN `+db.In(1, len(ids))+` ORDER BY duty_id, person_id`, db.Args(ids)...)
		if err != nil {
			return err
		}
	}
	return nil
}

func (d Duty) values() []any {
	return []any{d.ID, d.Kind, d.Name, d.TeamID, d.UnitID, d.AreaID, d.PlaceID, d.OnDay, d.FromAt, d.ToAt, d.Size, d.LeaderID, d.RosterID,
		d.CancelledAt, d.ConfirmedAt, d.ConfirmedBy, d.Note, d.Version}
}

func insert(tx *db.Tx, d Duty) error {
	_, err := tx.Exec(`INSERT INTO duties (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`, d.values()...)
	if err != nil {
		return err
	}
	return insertCrew(tx, d)
}

func insertCrew(tx *db.Tx, d Duty) error {
	for _, m := range d.People {
		if _, err := tx.Exec(`INSERT INTO duty_people (duty_id, person_id, from_at, to_at, present) VALUES ($1, $2, $3, $4, $5)`,
			d.ID, m.PersonID, d.FromAt, d.ToAt, m.Present); err != nil {
			return err
		}
	}
	return nil
}

// replace writes a duty anew with its crew.
func replace(tx *db.Tx, d Duty) error {
	_, err := tx.Exec(`UPDATE duties SET kind = $2, name = $3, team_id = $4, unit_id = $5, area_id = $6, place_id = $7, on_day = $8, from_at = $9,
		to_at = $10, size = $11, leader_id = $12, roster_id = $13, cancelled_at = $14, confirmed_at = $15, confirmed_by = $16, note = $17,
		version = $18 WHERE id = $1`, d.values()...)
	if err != nil {
		return err
	}
	if err := vacate(tx, d.ID); err != nil {
		return err
	}
	return insertCrew(tx, d)
}

// vacate leaves a duty without its crew.
func vacate(tx *db.Tx, id string) error {
	_, err := tx.Exec(`DELETE FROM duty_people WHERE duty_id = $1`, id)
	return err
}

// windows are somebody's duties that touch a time, but those in not.
func windows(tx *db.Tx, person string, from, to int64, not []string) ([]window, error) {
	w := db.Where{}
	w.And(`p.person_id = $1 AND p.to_at > $2 AND p.from_at < $3 AND d.cancelled_at = 0`, person, from, to)
	if len(not) > 0 {
		w.And(`d.id NOT IN `+db.In(1, len(not)), db.Args(not)...)
	}
	return db.All(tx, func(r db.Row) (w window, err error) { return w, r.Scan(&w.name, &w.from, &w.to) },
		`SELECT d.name, d.from_at, d.to_at FROM duty_people p JOIN duties d ON d.id = p.duty_id WHERE `+w.Text()+` ORDER BY d.from_at, d.id`, w.Args()...)
}

const kindColumns = `id, name, name_en, takes`

func scanKind(r db.Row) (k Kind, err error) {
	var takes string
	err = r.Scan(&k.ID, &k.Name, &k.NameEN, &takes)
	k.Takes = strings.FieldsFunc(takes, func(r rune) bool { return r == ',' })
	return k, err
}

// Kinds lists the kinds of duty in the order they are shown.
func Kinds(tx *db.Tx) ([]Kind, error) {
	return db.All(tx, scanKind, `SELECT `+kindColumns+` FROM duty_kinds ORDER BY sort, id`)
}

func kindByID(tx *db.Tx, id string) (Kind, error) {
	k, err := db.One(tx, scanKind, `SELECT `+kindColumns+` FROM duty_kinds WHERE id = $1`, id)
	return k, missing(err, "kind", "值守类型", "kind of duty")
}

func updateKind(tx *db.Tx, k Kind) error {
	_, err := tx.Exec(`UPDATE duty_kinds SET takes = $2 WHERE id = $1`, k.ID, strings.Join(k.Takes, ","))
	return err
}

const teamColumns = `id, code, name, kind, unit_id, leader_id, ended_on, area_id, place_id`

func scanTeam(r db.Row) (t Team, err error) {
	return t, r.Scan(&t.ID, &t.Code, &t.Name, &t.Kind, &t.UnitID, &t.LeaderID, &t.EndedOn, &t.AreaID, &t.PlaceID)
}

// TeamByID finds a standing team with its people.
func TeamByID(tx *db.Tx, id string) (Team, error) {
	t, err := db.One(tx, scanTeam, `SELECT `+teamColumns+` FROM teams WHERE id = $1`, id)
	if err != nil {
		return t, missing(err, "team", "队伍", "team")
	}
	t.People, err = db.Values[string](tx, `SELECT person_id FROM team_people WHERE team_id = $1 ORDER BY person_id`, id)
	return t, err
}

// Teams lists the standing teams with their people, ended ones last.
func Teams(tx *db.Tx, who org.Actor) ([]Team, error) {
	s := who.Scope(org.SeeDuty)
	w := db.Where{}
	if !s.All {
		w.Any(func(or *db.Where) {
			or.In("unit_id", s.Units)
			or.In("leader_id", s.Persons)
			if len(s.Persons) > 0 {
				or.And(`id IN (SELECT team_id FROM team_people WHERE person_id IN `+db.In(1, len(s.Persons))+`)`, db.Args(s.Persons)...)
			}
		})
	}
	list, err := db.All(tx, scanTeam, `SELECT `+teamColumns+` FROM teams WHERE `+w.Text()+` ORDER BY ended_on, code`, w.Args()...)
	if err != nil {
		return nil, err
	}
	at := make(map[string]int, len(list))
	for i, t := range list {
		at[t.ID] = i
	}
	type line struct{ team, person string }
	return list, db.Each(tx, func(r db.Row) (l line, err error) { return l, r.Scan(&l.team, &l.person) }, func(l line) error {
		if i, ok := at[l.team]; ok {
			list[i].People = append(list[i].People, l.person)
		}
		return nil
	}, `SELECT team_id, person_id FROM team_people ORDER BY team_id, person_id`)
}

func putTeam(tx *db.Tx, t Team) error {
	_, err := tx.Exec(`INSERT INTO teams (`+teamColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO UPDATE SET
		code = excluded.code, name = excluded.name, kind = excluded.kind, unit_id = excluded.unit_id, leader_id = excluded.leader_id,
		ended_on = excluded.ended_on, area_id = excluded.area_id, place_id = excluded.place_id`,
		t.ID, t.Code, t.Name, t.Kind, t.UnitID, t.LeaderID, t.EndedOn, t.AreaID, t.PlaceID)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM team_people WHERE team_id = $1`, t.ID); err != nil {
		return err
	}
	for _, p := range t.People {
		if _, err := tx.Exec(`INSERT INTO team_people (team_id, person_id) VALUES ($1, $2)`, t.ID, p); err != nil {
			return err
		}
	}
	return nil
}

const askColumns = `id, ask, duty_id, person_id, other_duty, other_id, note, state, made_at, settled_at, settled_by`

func scanAsk(r db.Row) (a Ask, err error) {
	return a, r.Scan(&a.ID, &a.Ask, &a.DutyID, &a.PersonID, &a.OtherDuty, &a.OtherID, &a.Note, &a.State, &a.MadeAt, &a.SettledAt, &a.SettledBy)
}

func insertAsk(tx *db.Tx, a Ask) error {
	_, err := tx.Exec(`INSERT INTO duty_asks (`+askColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		a.ID, a.Ask, a.DutyID, a.PersonID, a.OtherDuty, a.OtherID, a.Note, a.State, a.MadeAt, a.SettledAt, a.SettledBy)
	return err
}

func askByID(tx *db.Tx, id string) (Ask, error) {
	a, err := db.One(tx, scanAsk, `SELECT `+askColumns+` FROM duty_asks WHERE id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return a, fault.New(fault.NotFound, "ask.none", "没有找到这条申请。", "There is no such request.")
	}
	return a, err
}

func openAsk(tx *db.Tx, duty, person string) (bool, error) {
	n, err := db.Value[int](tx, `SELECT COUNT(*) FROM duty_asks WHERE duty_id = $1 AND person_id = $2 AND state = 'open'`, duty, person)
	return n > 0, err
}

func updateAsk(tx *db.Tx, a Ask) error {
	_, err := tx.Exec(`UPDATE duty_asks SET other_id = $2, state = $3, settled_at = $4, settled_by = $5 WHERE id = $1`,
		a.ID, a.OtherID, a.State, a.SettledAt, a.SettledBy)
	return err
}

const handColumns = `id, from_id, to_id, things, note, given_at, given_by, taken_at, taken_by, replaced_at`

func scanHandover(r db.Row) (h Handover, err error) {
	return h, r.Scan(&h.ID, &h.FromID, &h.ToID, &h.Things, &h.Note, &h.GivenAt, &h.GivenBy, &h.TakenAt, &h.TakenBy, &h.ReplacedAt)
}

func insertHandover(tx *db.Tx, h Handover) error {
	_, err := tx.Exec(`INSERT INTO handovers (`+handColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		h.ID, h.FromID, h.ToID, h.Things, h.Note, h.GivenAt, h.GivenBy, h.TakenAt, h.TakenBy, h.ReplacedAt)
	return err
}

// HandoverByID finds a handover.
func HandoverByID(tx *db.Tx, id string) (Handover, error) {
	h, err := db.One(tx, scanHandover, `SELECT `+handColumns+` FROM handovers WHERE id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return h, fault.New(fault.NotFound, "hand.none", "没有找到这次交接。", "There is no such handover.")
	}
	return h, err
}

func takeHandover(tx *db.Tx, h Handover) error {
	_, err := tx.Exec(`UPDATE handovers SET taken_at = $2, taken_by = $3 WHERE id = $1`, h.ID, h.TakenAt, h.TakenBy)
	return err
}

// handoverFrom finds what a duty has handed over, as it stands now.
func handoverFrom(tx *db.Tx, dutyID string) (Handover, bool, error) {
	list, err := db.All(tx, scanHandover, `SELECT `+handColumns+` FROM handovers WHERE from_id = $1 AND replaced_at = 0`, dutyID)
	if err != nil || len(list) == 0 {
		return Handover{}, false, err
	}
	return list[0], true, nil
}

func replaceHandover(tx *db.Tx, id string) error {
	_, err := tx.Exec(`UPDATE handovers SET replaced_at = $2 WHERE id = $1`, id, tx.Now())
	return err
}

// Handovers are those from and to a duty, the newest first, but those given to
// another crew before this one had taken them.
func Handovers(tx *db.Tx, dutyID string) ([]Handover, error) {
	return db.All(tx, scanHandover, `SELECT `+handColumns+` FROM handovers WHERE (from_id = $1 OR to_id = $1) AND (replaced_at = 0 OR taken_at > 0)
		ORDER BY given_at DESC, id`, dutyID)
}

// Lost are the duties that took over from a duty and were called off then.
func Lost(tx *db.Tx, dutyID string) ([]string, error) {
	return db.Values[string](tx, `SELECT DISTINCT d.id FROM handovers h JOIN duties d ON d.id = h.to_id
		WHERE h.from_id = $1 AND h.taken_at > 0 AND d.cancelled_at > 0 ORDER BY d.id`, dutyID)
}

// around are the duties among which a crew is found to hand over to.
func around(tx *db.Tx, d Duty) ([]Duty, error) {
	ends := day(d.ToAt)
	return db.All(tx, scan, `SELECT `+columns+` FROM duties WHERE on_day >= $1 AND on_day <= $2 AND to_at > $3 AND cancelled_at = 0
		AND (area_id = $4 OR kind = $5 OR place_id = $6 AND place_id <> '')`,
		string(ends.Add(-1)), string(ends.Add(handDays)), d.ToAt, d.AreaID, d.Kind, d.PlaceID)
}
