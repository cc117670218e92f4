package duty

import (
	"slices"
	"strings"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/org"
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

// PutTeam writes a standing team: a new one, or what is now known of it.
func PutTeam(tx *db.Tx, who org.Actor, t Team) (Team, error) {
	if err := who.May(org.PlanDuty, org.Target{Units: []string{t.UnitID}}); err != nil {
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
	c.That(t.Code != "" && len(t.Code) <= 40, "code", "编号必填", "a code is required")
	c.That(len(t.People) > 0 && t.LeaderID != "", "leader", "至少要有一名队长", "a leader is required")
	c.That(len(t.People) <= 200, "people", "一队最多200人", "at most 200 people")
	if err := c.Err(); err != nil {
		return t, err
	}
	if _, err := kindByID(tx, t.Kind); err != nil {
		return t, err
	}
	for _, id := range t.People {
		if _, err := org.PersonByID(tx, id); err != nil {
			return t, err
		}
	}
	if err := putTeam(tx, t); err != nil {
		if db.IsUnique(err) {
			return t, fault.New(fault.Conflict, "team.code", "编号 %[1]s 已被别的队使用。", "Another team has the code %[1]s.", t.Code).In("code", "重复", "taken")
		}
		return t, err
	}
	_, err := event.Add(tx, who.ID, "team.put", t.ID, map[string]any{"code": t.Code, "name": t.Name, "kind": t.Kind, "unit": t.UnitID, "leader": t.LeaderID, "people": t.People, "ended_on": t.EndedOn})
	return t, err
}
