package org

import (
	"errors"
	"fmt"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/fault"
)

const unitColumns = `id, code, name, short, sort, role`

func scanUnit(r db.Row) (u Unit, err error) {
	return u, r.Scan(&u.ID, &u.Code, &u.Name, &u.Short, &u.Sort, &u.Role)
}

const personColumns = `p.id, p.code, p.name, p.login, p.password, p.phone, p.unit_id, p.title, p.lang, p.left_on, u.short`

func scanPerson(r db.Row) (p Person, err error) {
	return p, r.Scan(&p.ID, &p.Code, &p.Name, &p.Login, &p.Password, &p.Phone, &p.UnitID, &p.Title, &p.Lang, &p.LeftOn, &p.UnitName)
}

const fromPersons = ` FROM persons p JOIN units u ON u.id = p.unit_id `

// Units lists every unit in order of code.
func Units(tx *db.Tx) ([]Unit, error) {
	return db.All(tx, scanUnit, `SELECT `+unitColumns+` FROM units ORDER BY code`)
}

// UnitByID finds a unit.
func UnitByID(tx *db.Tx, id string) (Unit, error) {
	u, err := db.One(tx, scanUnit, `SELECT `+unitColumns+` FROM units WHERE id = $1`, id)
	return u, missing(err, "unit", "没有这个单位", "No such unit")
}

// PersonByID finds a person.
func PersonByID(tx *db.Tx, id string) (Person, error) {
	p, err := db.One(tx, scanPerson, `SELECT `+personColumns+fromPersons+`WHERE p.id = $1`, id)
	return p, missing(err, "person", "没有这个人", "No such person")
}

func personByLogin(tx *db.Tx, login string) (Person, error) {
	return db.One(tx, scanPerson, `SELECT `+personColumns+fromPersons+`WHERE p.login = $1`, login)
}

func missing(err error, what, zh, en string) error {
	if errors.Is(err, db.ErrNone) {
		return &fault.Fault{Kind: fault.NotFound, Code: what + ".none", Text: fault.Text{ZH: zh, EN: en}}
	}
	return err
}

// Find lists persons of a unit, or whose name holds a word, with who answers
// for them on the day when they are away; at most 50.
func Find(tx *db.Tx, unitID, word, on string) ([]Person, error) {
	list, err := db.All(tx, scanPerson, `SELECT `+personColumns+fromPersons+`
		WHERE ($1 = '' OR p.unit_id = $1) AND ($2 = '' OR p.name LIKE '%' || $2 || '%') AND p.left_on = ''
		ORDER BY p.code LIMIT 50`, unitID, word)
	if err != nil {
		return nil, err
	}
	for i := range list {
		if err := fillAway(tx, &list[i], on); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func fillAway(tx *db.Tx, p *Person, on string) error {
	leave, err := Away(tx, p.ID, on)
	if err != nil || leave == nil {
		return err
	}
	p.Away = true
	d, err := DeputyOf(tx, p.ID, on)
	if err == nil {
		p.Deputy = d.Name
	}
	return none(err)
}

func none(err error) error {
	if errors.Is(err, db.ErrNone) {
		return nil
	}
	return err
}

// AwayOn lists who is on leave on the day.
func AwayOn(tx *db.Tx, on string) ([]string, error) {
	return db.Values[string](tx, `SELECT DISTINCT person_id FROM leaves WHERE from_on <= $1 AND to_on >= $1`, on)
}

// LeavesBetween lists the leaves that touch the days from one to another.
func LeavesBetween(tx *db.Tx, from, to string) ([]Leave, error) {
	return db.All(tx, func(r db.Row) (l Leave, err error) {
		return l, r.Scan(&l.ID, &l.PersonID, &l.FromOn, &l.ToOn, &l.Reason)
	}, `SELECT id, person_id, from_on, to_on, reason FROM leaves WHERE from_on <= $2 AND to_on >= $1 ORDER BY person_id, from_on`, from, to)
}

// DeputyOf returns who answers for the person on the day, or db.ErrNone.
func DeputyOf(tx *db.Tx, personID, on string) (Person, error) {
	return db.One(tx, scanPerson, `SELECT `+personColumns+fromPersons+`JOIN deputies d ON d.deputy_id = p.id
		WHERE d.person_id = $1 AND d.from_on <= $2 AND d.to_on >= $2 ORDER BY d.from_on DESC LIMIT 1`, personID, on)
}

const bySession = `SELECT s.person_id, COALESCE(CAST(n.value AS TEXT), '0') FROM sessions s LEFT JOIN numbers n ON n.name = $3
	WHERE s.token = $1 AND s.ends_at > $2`

func scanHeld(r db.Row) (h Held, err error) {
	var role string
	err = r.Scan(&h.ID, &role, &h.Name, &h.UnitID, &h.UnitName, &h.For, &h.ForID)
	h.Role = Role(role)
	return h, err
}

const heldQuery = `SELECT o.id, o.role, o.name, o.unit_id, COALESCE(u.short, ''), %s
	FROM terms t JOIN posts o ON o.id = t.post_id LEFT JOIN units u ON u.id = o.unit_id %s
	AND t.from_on <= $2 AND (t.to_on = '' OR t.to_on >= $2) ORDER BY o.role, o.id`

var (
	heldBySelf    = fmt.Sprintf(heldQuery, `'', ''`, `WHERE t.person_id = $1`)
	heldForOthers = fmt.Sprintf(heldQuery, `p.name, p.id`,
		`JOIN deputies d ON d.person_id = t.person_id JOIN persons p ON p.id = t.person_id
		WHERE d.deputy_id = $1 AND d.from_on <= $2 AND d.to_on >= $2`)
)

// ActorOf is the person with the posts in their hands on the day, those of
// people they stand in for included.
func ActorOf(tx *db.Tx, p Person, on string) (Actor, error) {
	a := Actor{ID: p.ID, Name: p.Name, Unit: p.UnitID, Lang: p.Lang}
	a.Posts = []Held{{Post: Post{Role: Cadre, Name: p.Title, UnitID: p.UnitID}, UnitName: p.UnitName}}
	for _, q := range []string{heldBySelf, heldForOthers} {
		held, err := db.All(tx, scanHeld, q, p.ID, on)
		if err != nil {
			return a, err
		}
		a.Posts = append(a.Posts, held...)
	}
	for i, h := range a.Posts {
		if h.ID == "" {
			continue
		}
		areas, err := db.Values[string](tx, `SELECT area_id FROM post_areas WHERE post_id = $1 ORDER BY area_id`, h.ID)
		if err != nil {
			return a, err
		}
		a.Posts[i].Areas = areas
	}
	return a, nil
}

// Change is permission to change the registers: the system's, or of whoever
// holds the verb.
func Change(who Actor) error {
	if who.IsSystem() {
		return nil
	}
	return who.May(ChangeData, Target{})
}

// Changed tells of a change of the registers and makes what is kept of them in
// memory be built anew. Of persons it never tells number or password.
func Changed(tx *db.Tx, who Actor, kind, subject string, body any) error {
	if _, err := event.Add(tx, who.ID, kind, subject, body); err != nil {
		return err
	}
	return db.Touch(tx, Stamp)
}

func add(tx *db.Tx, who Actor, kind, id string, body any, q string, args ...any) error {
	if err := Change(who); err != nil {
		return err
	}
	if _, err := tx.Exec(q, args...); err != nil {
		return err
	}
	return Changed(tx, who, kind, id, body)
}

// AddUnit writes a unit.
func AddUnit(tx *db.Tx, who Actor, u Unit) error {
	return add(tx, who, "unit.added", u.ID, map[string]any{"code": u.Code, "name": u.Name, "short": u.Short, "sort": u.Sort, "role": u.Role},
		`INSERT INTO units (`+unitColumns+`) VALUES ($1, $2, $3, $4, $5, $6)`, u.ID, u.Code, u.Name, u.Short, u.Sort, u.Role)
}

// AddPerson writes a person.
func AddPerson(tx *db.Tx, who Actor, p Person) error {
	return add(tx, who, "person.added", p.ID, map[string]any{"code": p.Code, "name": p.Name, "unit": p.UnitID, "title": p.Title},
		`INSERT INTO persons (id, code, name, login, password, phone, unit_id, title, lang, left_on)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		p.ID, p.Code, p.Name, p.Login, p.Password, p.Phone, p.UnitID, p.Title, p.Lang, p.LeftOn)
}

// AddPost writes a post with its areas.
func AddPost(tx *db.Tx, who Actor, p Post) error {
	err := add(tx, who, "post.added", p.ID, map[string]any{"role": p.Role, "name": p.Name, "unit": p.UnitID, "areas": p.Areas},
		`INSERT INTO posts (id, role, name, unit_id) VALUES ($1, $2, $3, $4)`, p.ID, string(p.Role), p.Name, p.UnitID)
	for _, area := range p.Areas {
		if err == nil {
			_, err = tx.Exec(`INSERT INTO post_areas (post_id, area_id) VALUES ($1, $2)`, p.ID, area)
		}
	}
	return err
}

// AddTerm writes a term of office.
func AddTerm(tx *db.Tx, who Actor, t Term) error {
	return add(tx, who, "term.added", t.ID, map[string]any{"post": t.PostID, "person": t.PersonID, "from_on": t.FromOn, "to_on": t.ToOn},
		`INSERT INTO terms (id, post_id, person_id, from_on, to_on) VALUES ($1, $2, $3, $4, $5)`, t.ID, t.PostID, t.PersonID, t.FromOn, t.ToOn)
}

const (
	insertLeave  = `INSERT INTO leaves (id, person_id, from_on, to_on, reason) VALUES ($1, $2, $3, $4, $5)`
	insertDeputy = `INSERT INTO deputies (id, person_id, deputy_id, from_on, to_on) VALUES ($1, $2, $3, $4, $5)`
)

// AddLeave writes an absence; why somebody is away is nobody's business but
// their office's, so the event does not say.
func AddLeave(tx *db.Tx, who Actor, l Leave) error {
	return add(tx, who, "leave.added", l.ID, map[string]any{"person": l.PersonID, "from_on": l.FromOn, "to_on": l.ToOn},
		insertLeave, l.ID, l.PersonID, l.FromOn, l.ToOn, l.Reason)
}

// AddDeputy writes who answers for whom.
func AddDeputy(tx *db.Tx, who Actor, d Deputising) error {
	return add(tx, who, "deputy.added", d.ID, map[string]any{"person": d.PersonID, "deputy": d.DeputyID, "from_on": d.FromOn, "to_on": d.ToOn},
		insertDeputy, d.ID, d.PersonID, d.DeputyID, d.FromOn, d.ToOn)
}

// UnitByCode finds a unit by its code, or db.ErrNone.
func UnitByCode(tx *db.Tx, code string) (Unit, error) {
	return db.One(tx, scanUnit, `SELECT `+unitColumns+` FROM units WHERE code = $1`, code)
}

// PersonByCode finds a person by their code, or db.ErrNone.
func PersonByCode(tx *db.Tx, code string) (Person, error) {
	return db.One(tx, scanPerson, `SELECT `+personColumns+fromPersons+`WHERE p.code = $1`, code)
}

// Persons lists everybody in order of code.
func Persons(tx *db.Tx) ([]Person, error) {
	return db.All(tx, scanPerson, `SELECT `+personColumns+fromPersons+`ORDER BY p.code`)
}

// ChangeUnit writes what a unit is now called and does.
func ChangeUnit(tx *db.Tx, who Actor, u Unit) error {
	return add(tx, who, "unit.changed", u.ID, map[string]any{"code": u.Code, "name": u.Name, "short": u.Short, "sort": u.Sort, "role": u.Role},
		`UPDATE units SET name = $2, short = $3, sort = $4, role = $5 WHERE id = $1`, u.ID, u.Name, u.Short, u.Sort, u.Role)
}

// ChangePerson writes what is known of a person now; an empty Password leaves
// the one they have, a new one ends their sessions.
func ChangePerson(tx *db.Tx, who Actor, p Person) error {
	err := add(tx, who, "person.changed", p.ID, map[string]any{"code": p.Code, "name": p.Name, "unit": p.UnitID, "title": p.Title, "left_on": p.LeftOn, "password": p.Password != ""},
		`UPDATE persons SET name = $2, login = $3, phone = $4, unit_id = $5, title = $6, left_on = $7 WHERE id = $1`,
		p.ID, p.Name, p.Login, p.Phone, p.UnitID, p.Title, p.LeftOn)
	if err != nil || p.Password == "" {
		return err
	}
	if _, err = tx.Exec(`UPDATE persons SET password = $2 WHERE id = $1`, p.ID, p.Password); err == nil {
		_, err = tx.Exec(`DELETE FROM sessions WHERE person_id = $1`, p.ID)
	}
	return err
}

// Office is a post with the term in which somebody holds it.
type Office struct {
	Post
	Term
}

// Offices lists all posts with their terms.
func Offices(tx *db.Tx) ([]Office, error) {
	areas := map[string][]string{}
	err := db.Each(tx, func(r db.Row) (p [2]string, err error) { return p, r.Scan(&p[0], &p[1]) }, func(p [2]string) error {
		areas[p[0]] = append(areas[p[0]], p[1])
		return nil
	}, `SELECT post_id, area_id FROM post_areas ORDER BY post_id, area_id`)
	if err != nil {
		return nil, err
	}
	return db.All(tx, func(r db.Row) (o Office, err error) {
		var role string
		err = r.Scan(&o.Post.ID, &role, &o.Post.Name, &o.UnitID, &o.Term.ID, &o.PersonID, &o.FromOn, &o.ToOn)
		o.Role, o.PostID, o.Areas = Role(role), o.Post.ID, areas[o.Post.ID]
		return o, err
	}, `SELECT o.id, o.role, o.name, o.unit_id, t.id, t.person_id, t.from_on, t.to_on FROM terms t JOIN posts o ON o.id = t.post_id ORDER BY o.role, t.person_id, t.from_on`)
}

// EndTerm says until when a term lasts; "" leaves it open.
func EndTerm(tx *db.Tx, who Actor, termID, toOn string) error {
	return add(tx, who, "term.changed", termID, map[string]any{"to_on": toOn}, `UPDATE terms SET to_on = $2 WHERE id = $1`, termID, toOn)
}

// Deputies lists who answers for whom.
func Deputies(tx *db.Tx) ([]Deputising, error) {
	return db.All(tx, func(r db.Row) (d Deputising, err error) {
		return d, r.Scan(&d.ID, &d.PersonID, &d.DeputyID, &d.FromOn, &d.ToOn)
	}, `SELECT id, person_id, deputy_id, from_on, to_on FROM deputies ORDER BY from_on, id`)
}

// nameSetting is the setting that holds what the headquarters is called.
const nameSetting = "county"

// CountyName is what the headquarters is called on every screen; "" while unnamed.
func CountyName(tx *db.Tx) (string, error) {
	name, err := db.Value[string](tx, `SELECT value FROM settings WHERE name = $1`, nameSetting)
	return name, none(err)
}

// NameCounty says what the headquarters is called.
func NameCounty(tx *db.Tx, who Actor, name string) error {
	return add(tx, who, "county.named", "county", map[string]any{"name": name}, `INSERT INTO settings (name, value, changed_at) VALUES ($1, $2, $3)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at`, nameSetting, name, tx.Now())
}
