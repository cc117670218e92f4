package duty

import (
	"slices"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
)

// mostDays is the longest stretch of one list: a month with its margins.
const mostDays = 62

// Filter says which duties a list shows. Days are YYYY-MM-DD, both inclusive.
type Filter struct {
	From, To          string
	Area, Place, Unit string
	Kind, Team        string
	Person            string
	Roster            string
	Cancelled         bool // show cancelled ones too
}

// List shows the duties that the reader may see, in order of time. One that
// begins today also shows those of yesterday that end after midnight: their
// crews are among who is there.
func List(tx *db.Tx, who org.Actor, f Filter) ([]Duty, error) {
	from, err := calendar.ParseDay(f.From)
	if err != nil {
		return nil, fault.New(fault.Invalid, "list.from", "开始日期不对。", "The first day is wrong.").In("from", "如 2026-08-12", "like 2026-08-12")
	}
	to, err := calendar.ParseDay(f.To)
	if err != nil || to < from || from.Add(mostDays) < to {
		return nil, fault.New(fault.Invalid, "list.to", "结束日期不对，一次最多看%[1]d天。", "The last day is wrong; at most %[1]d days.", mostDays).In("to", "最多%[1]d天", "at most %[1]d days", mostDays)
	}
	w := db.Where{}
	first := from
	if from == calendar.On(tx.Time()) {
		first = from.Add(-1)
	}
	w.And(`on_day >= $1 AND on_day <= $2 AND (on_day >= $3 OR to_at > $4)`, string(first), string(to), string(from), from.Time().UnixMilli())
	if !f.Cancelled {
		w.And(`cancelled_at = 0`)
	}
	for column, v := range map[string]string{"area_id": f.Area, "place_id": f.Place, "kind": f.Kind, "team_id": f.Team, "roster_id": f.Roster} {
		if v != "" {
			w.And(column+` = $1`, v)
		}
	}
	if f.Unit != "" {
		ofUnits(&w, []string{f.Unit})
	}
	if f.Person != "" {
		ofPersons(&w, []string{f.Person})
	}
	visible(&w, who.Scope(org.SeeDuty))
	list, err := db.All(tx, scan, `SELECT `+columns+` FROM duties WHERE `+w.Text()+` ORDER BY from_at, area_id, id`, w.Args()...)
	if err != nil {
		return nil, err
	}
	return list, crews(tx, list)
}

func visible(w *db.Where, s org.Scope) {
	if s.All {
		return
	}
	w.Any(func(or *db.Where) {
		or.In("area_id", s.Areas)
		if len(s.Units) > 0 {
			ofUnits(or, s.Units)
		}
		if len(s.Persons) > 0 {
			ofPersons(or, s.Persons)
		}
	})
}

// ofUnits asks for duties that a unit plans or sends somebody to.
func ofUnits(w *db.Where, units []string) {
	w.Any(func(or *db.Where) {
		or.In("unit_id", units)
		or.And(`id IN (SELECT p.duty_id FROM duty_people p JOIN persons x ON x.id = p.person_id WHERE x.unit_id IN `+db.In(1, len(units))+`)`, db.Args(units)...)
	})
}

func ofPersons(w *db.Where, persons []string) {
	w.And(`id IN (SELECT duty_id FROM duty_people WHERE person_id IN `+db.In(1, len(persons))+`)`, db.Args(persons)...)
}

// Get reads a duty if the reader may see it.
func Get(tx *db.Tx, who org.Actor, id string) (Duty, error) {
	d, err := ByID(tx, id)
	if err != nil {
		return d, err
	}
	w := db.Where{}
	w.And(`id = $1`, id)
	visible(&w, who.Scope(org.SeeDuty))
	n, err := db.Value[int](tx, `SELECT COUNT(*) FROM duties WHERE `+w.Text(), w.Args()...)
	if err == nil && n == 0 {
		err = fault.New(fault.NotFound, "duty.none", "没有找到这次值守，或不在您的查看范围。", "There is no such duty, or it is not yours to see.")
	}
	return d, err
}

// Mine are the actor's own duties, and of those they stand for, that end after
// an instant: what a phone keeps for the road. Cancelled ones are among them,
// so that nobody comes in vain.
func Mine(tx *db.Tx, who org.Actor, after int64) ([]Duty, error) {
	w := db.Where{}
	w.And(`to_at > $1`, after)
	persons := who.Scope(org.SeeDuty).Persons
	if len(persons) == 0 {
		persons = []string{who.ID}
	}
	w.And(`id IN (SELECT duty_id FROM duty_people WHERE to_at > $1)`, after)
	ofPersons(&w, persons)
	list, err := db.All(tx, scan, `SELECT `+columns+` FROM duties WHERE `+w.Text()+` ORDER BY from_at, id LIMIT 200`, w.Args()...)
	if err != nil {
		return nil, err
	}
	return list, crews(tx, list)
}

// Of lists all duties of a roster, cancelled ones too.
func Of(tx *db.Tx, roster string) ([]Duty, error) {
	list, err := db.All(tx, scan, `SELECT `+columns+` FROM duties WHERE roster_id = $1 AND roster_id <> '' ORDER BY on_day, id`, roster)
	if err != nil {
		return nil, err
	}
	return list, crews(tx, list)
}

// Whose duties are shown: a team's, an area's, or else a person's.
type Whose struct{ Person, Team, Area string }

// Shown lists duties between two days without asking who reads: a calendar's
// secret address is the permission. Cancelled ones are among them.
func Shown(tx *db.Tx, of Whose, from, to string) ([]Duty, error) {
	w := db.Where{}
	w.And(`on_day >= $1 AND on_day <= $2`, from, to)
	switch {
	case of.Team != "":
		w.And(`team_id = $1`, of.Team)
	case of.Area != "":
		w.And(`area_id = $1`, of.Area)
	default:
		ofPersons(&w, []string{of.Person})
	}
	list, err := db.All(tx, scan, `SELECT `+columns+` FROM duties WHERE `+w.Text()+` ORDER BY from_at, id LIMIT 1000`, w.Args()...)
	if err != nil {
		return nil, err
	}
	return list, crews(tx, list)
}

// Asks are the requests that the actor made, answers, or plans for: open ones,
// and those settled or expired since an instant.
func Asks(tx *db.Tx, who org.Actor, since int64) ([]Ask, error) {
	w := db.Where{}
	w.And(`(state <> 'open' AND settled_at > $1 OR state = 'open' AND duty_id IN (SELECT id FROM duties WHERE to_at > $1))`, since)
	s := who.Scope(org.PlanDuty)
	own := who.Scope(org.SeeDuty).Persons
	if !s.All {
		w.Any(func(or *db.Where) {
			or.In("person_id", own)
			or.In("other_id", own)
			ofDuties(or, "leader_id", own)
			ofDuties(or, "area_id", s.Areas)
			ofDuties(or, "unit_id", s.Units)
		})
	}
	list, err := db.All(tx, scanAsk, `SELECT `+askColumns+` FROM duty_asks WHERE `+w.Text()+` ORDER BY made_at DESC, id LIMIT 500`, w.Args()...)
	if err != nil {
		return nil, err
	}
	return list, expire(tx, list)
}

// expire says of open requests that nobody can grant them any more: a duty of
// theirs is over or called off. Nothing is written; time alone has settled them.
func expire(tx *db.Tx, list []Ask) error {
	var ids []string
	for _, a := range list {
		if a.State == "open" {
			ids = append(ids, a.DutyID, a.OtherDuty)
		}
	}
	book, err := bookOf(tx, ids)
	for i, a := range list {
		if a.State == "open" && (ahead(tx, book[a.DutyID]) != nil || a.OtherDuty != "" && ahead(tx, book[a.OtherDuty]) != nil) {
			list[i].State = "expired"
		}
	}
	return err
}

func ofDuties(or *db.Where, column string, list []string) {
	if len(list) > 0 {
		or.And(`duty_id IN (SELECT id FROM duties WHERE `+column+` IN `+db.In(1, len(list))+`)`, db.Args(list)...)
	}
}

// MaySettle reports whether the actor is the one whose approval a request needs.
func MaySettle(tx *db.Tx, who org.Actor, a Ask) (bool, error) {
	d, err := ByID(tx, a.DutyID)
	if err != nil || a.State != "open" {
		return false, err
	}
	return maySettle(who, a, d) == nil, nil
}

// MayPlan reports whether the actor may change or cancel a duty.
func MayPlan(who org.Actor, d Duty) bool { return mayPlan(who, d) == nil }

// stamp names what is kept in memory of each day's duties.
const stamp = "duties"

// dayOf are a day's duties, as they are kept in memory until one changes.
func dayOf(tx *db.Tx, on string) ([]Duty, error) {
	mark, err := db.Stamp(tx, stamp)
	if err != nil {
		return nil, err
	}
	return db.Keep(tx, "duty.day/"+on, mark, func() ([]Duty, error) {
		list, err := db.All(tx, scan, `SELECT `+columns+` FROM duties WHERE on_day = $1 AND cancelled_at = 0 ORDER BY from_at, id`, on)
		if err != nil {
			return nil, err
		}
		return list, crews(tx, list)
	})
}

// Following is the crew that takes over from a duty: today's or tomorrow's,
// and within a week at the latest.
func Following(tx *db.Tx, d Duty) (Duty, bool, error) {
	first := calendar.Day(d.OnDay)
	for n := range 8 {
		list, err := dayOf(tx, string(first.Add(n)))
		if err != nil {
			return Duty{}, false, err
		}
		if to, ok := next(list, d); ok {
			return to, true, nil
		}
	}
	return Duty{}, false, nil
}

// CrewFor finds the crew on duty today that takes a problem of a group.
func CrewFor(tx *db.Tx, group, areaID, placeID string) (Duty, bool, error) {
	today := calendar.On(tx.Time())
	list, err := dayOf(tx, string(today))
	if err != nil {
		return Duty{}, false, err
	}
	night, err := dayOf(tx, string(today.Add(-1))) // some end after midnight
	if err != nil || len(list)+len(night) == 0 {
		return Duty{}, false, err
	}
	kinds, err := kindBook(tx)
	if err != nil {
		return Duty{}, false, err
	}
	d, ok := crewFor(append(slices.Clone(night), list...), kinds, group, areaID, placeID, tx.Now())
	return d, ok, nil
}

// Together reports whether somebody is of the crew that owns a case, or was on
// duty with who fixed it at that instant.
func Together(tx *db.Tx, person, dutyID, fixer string, at int64) (bool, error) {
	n, err := db.Value[int](tx, `SELECT COUNT(*) FROM duty_people WHERE duty_id = $1 AND person_id = $2`, dutyID, person)
	if err != nil || n > 0 || fixer == "" {
		return n > 0, err
	}
	n, err = db.Value[int](tx, `SELECT COUNT(*) FROM duty_people a JOIN duty_people b ON b.duty_id = a.duty_id
		WHERE a.person_id = $1 AND b.person_id = $2 AND a.from_at <= $3 AND a.to_at > $3`, person, fixer, at)
	return n > 0, err
}

func kindBook(tx *db.Tx) (map[string]Kind, error) {
	stamp, err := db.Stamp(tx, org.Stamp)
	if err != nil {
		return nil, err
	}
	return db.Keep(tx, "duty.kinds", stamp, func() (map[string]Kind, error) {
		list, err := Kinds(tx)
		book := make(map[string]Kind, len(list))
		for _, k := range list {
			book[k.ID] = k
		}
		return book, err
	})
}
