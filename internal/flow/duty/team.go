package duty

import (
	"slices"
	"strings"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/place"
	"chuangwei/internal/register/standard"
)

// SetTakes says which groups of problems crews of a kind take.
func SetTakes(tx *db.Tx, who org.Actor, kind string, takes []string) (Kind, error) {
	if err := org.Change(who); err != nil {
		return Kind{}, err
	}
	k, err := kindByID(tx, kind)
	if err != nil {
		return k, err
	}
	groups, err := groups(tx)
	if err != nil {
		return k, err
	}
	for _, g := range takes {
		if g != "*" && !slices.Contains(groups, g) {
			return k, fault.New(fault.Invalid, "duty.group", "没有“%[1]s”这类问题。", "There is no group %[1]q.", g).In("takes", "没有这一类", "no such group")
		}
	}
	k.Takes = takes
	if err := updateKind(tx, k); err != nil {
		return k, err
	}
	return k, org.Changed(tx, who, "duty_kind.changed", k.ID, map[string]any{"takes": takes})
}

// groups are the groups of kinds of problem that the county knows.
func groups(tx *db.Tx) ([]string, error) {
	kinds, err := standard.Kinds(tx)
	var out []string
	for _, k := range kinds {
		if !slices.Contains(out, k.Group) {
			out = append(out, k.Group)
		}
	}
	return out, err
}

// PutTeam writes a standing team: a new one, or what is now known of it. Who
// takes a team over from another unit must plan for that unit too. An ended
// team keeps whoever was of it, those who have left as well.
func PutTeam(tx *db.Tx, who org.Actor, t Team) (Team, error) {
	if err := mayPutTeam(tx, who, t); err != nil {
		return t, err
	}
	t.Name, t.Code = strings.TrimSpace(t.Name), strings.TrimSpace(t.Code)
	if t.LeaderID != "" && !slices.Contains(t.People, t.LeaderID) {
		t.People = append(t.People, t.LeaderID)
	}
	slices.Sort(t.People)
	t.People = slices.Compact(t.People)
	var c fault.Check
	c.That(t.Name != "" && len([]rune(t.Name)) <= 40, "name", "名称必填，最多40字", "a name of at most 40 characters")
	c.That(t.Code != "", "code", "编号必填", "a code is required")
	c.That(len([]rune(t.Code)) <= 40, "code", "编号最多40字，请缩短", "a code of at most 40 characters; shorten it")
	c.That(len(t.People) > 0 && t.LeaderID != "", "leader", "至少要有一名队长", "a leader is required")
	c.That(len(t.People) <= 200, "people", "一队最多200人", "at most 200 people")
	if err := c.Err(); err != nil {
		return t, err
	}
	if err := t.known(tx); err != nil {
		return t, err
	}
	if err := putTeam(tx, t); err != nil {
		if db.IsUnique(err) {
			return t, fault.New(fault.Conflict, "team.code", "编号 %[1]s 已被别的队使用。", "Another team has the code %[1]s.", t.Code).In("code", "重复", "taken")
		}
		return t, err
	}
	_, err := event.Add(tx, who.ID, "team.put", t.ID, map[string]any{"code": t.Code, "name": t.Name, "kind": t.Kind, "unit": t.UnitID, "area": t.AreaID, "place": t.PlaceID, "leader": t.LeaderID, "people": t.People, "ended_on": t.EndedOn})
	return t, err
}

// MayPutTeam reports whether the actor may change a team or end it.
func MayPutTeam(who org.Actor, t Team) bool { return who.Can(org.PlanDuty, teamTarget(t)) }

func teamTarget(t Team) org.Target { return org.Target{Units: []string{t.UnitID}} }

func mayPutTeam(tx *db.Tx, who org.Actor, t Team) error {
	if err := who.May(org.PlanDuty, teamTarget(t)); err != nil {
		return err
	}
	old, err := TeamByID(tx, t.ID)
	if fault.Code(err) == "team.none" {
		return nil
	}
	if err != nil {
		return err
	}
	return who.May(org.PlanDuty, teamTarget(old))
}

// known refuses a team of a kind, a unit, a place or people that the registers
// do not have, and says in which area its place lies.
func (t *Team) known(tx *db.Tx) error {
	if _, err := kindByID(tx, t.Kind); err != nil {
		return err
	}
	names, err := org.Names(tx)
	if err != nil {
		return err
	}
	if t.UnitID != "" && names.Unit(t.UnitID).ID == "" {
		return fault.New(fault.Invalid, "team.unit", "没有这个单位，请重新选择。", "There is no such unit; choose again.").In("unit", "没有这个单位", "no such unit")
	}
	if err := t.where(tx); err != nil {
		return err
	}
	on := string(calendar.On(tx.Time()))
	if t.EndedOn != "" {
		on = "" // whoever has left was of it
	}
	for _, id := range t.People {
		field := "people"
		if id == t.LeaderID {
			field = "leader"
		}
		if err := here(names, id, on, field); err != nil {
			return err
		}
	}
	return nil
}

func (t *Team) where(tx *db.Tx) error {
	if t.PlaceID != "" {
		p, err := place.ByID(tx, t.PlaceID)
		t.AreaID = p.AreaID
		return missing(err, "place", "点位", "place")
	}
	if t.AreaID == "" {
		return nil
	}
	_, err := place.AreaByID(tx, t.AreaID)
	return missing(err, "area", "片区", "area")
}

// here refuses somebody whom nobody knows, or who has left by a day, naming
// the field they are given in.
func here(names *org.Book, person, on, field string) error {
	p := names.Person(person)
	if p.ID == "" {
		return fault.New(fault.Invalid, "duty.person", "名单里有系统不认识的人，请重新选择。", "Somebody named is not in the registers; choose again.").In(field, "没有这个人", "nobody")
	}
	if p.LeftOn != "" && p.LeftOn <= on {
		return fault.New(fault.Invalid, "duty.person", "%[1]s 已离岗，请换一位。", "%[1]s has left; choose somebody else.", p.Name).In(field, "%[1]s 已离岗", "%[1]s has left", p.Name)
	}
	return nil
}
