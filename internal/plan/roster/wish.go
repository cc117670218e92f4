package roster

import (
	"slices"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/place"
)

// Wish is a day somebody would like to serve (Likes 1) or would rather not
// (−1). It is a wish: leave is for days one cannot come.
type Wish struct {
	PersonID, On string
	Likes        int
}

// mostWishes is how many days ahead one may have wishes for.
const mostWishes = 30

// SetWish sets the actor's own wish for a day; Likes 0 takes it back.
func SetWish(tx *db.Tx, who org.Actor, w Wish) error {
	w.PersonID = who.ID
	var c fault.Check
	day, err := calendar.ParseDay(w.On)
	c.That(err == nil && day >= calendar.On(tx.Time()), "on", "请选择今天以后的日期", "choose a day to come")
	c.That(w.Likes >= -1 && w.Likes <= 1, "likes", "只能是想排、不想排或不限", "wanted, unwanted or neither")
	if err := c.Err(); err != nil {
		return err
	}
	list, err := wishesOf(tx, who.ID, string(calendar.On(tx.Time())))
	if err != nil {
		return err
	}
	had := slices.ContainsFunc(list, func(x Wish) bool { return x.On == w.On })
	if len(list) >= mostWishes && w.Likes != 0 && !had {
		return fault.New(fault.Conflict, "wish.many", "最多登记 %[1]d 天，请先取消一些。", "At most %[1]d days; take some back first.", mostWishes)
	}
	return setWish(tx, w)
}

// Wishes are the actor's own, from today on.
func Wishes(tx *db.Tx, who org.Actor) ([]Wish, error) {
	return wishesOf(tx, who.ID, string(calendar.On(tx.Time())))
}

// Member is somebody who may be planned, with what the planner keeps of them.
type Member struct {
	Person org.Person
	Skills []org.Skill
	Home   string // area id
}

// Members lists everybody of a unit ("" all) who has not left.
func Members(tx *db.Tx, who org.Actor, unit string) ([]Member, error) {
	if err := who.May(org.PlanRoster, org.Target{}); err != nil {
		return nil, err
	}
	all, err := org.Persons(tx)
	if err != nil {
		return nil, err
	}
	book, err := org.SkillBook(tx)
	if err != nil {
		return nil, err
	}
	where, err := homes(tx)
	if err != nil {
		return nil, err
	}
	on := string(calendar.On(tx.Time()))
	var out []Member
	for _, p := range all {
		if (unit == "" || p.UnitID == unit) && (p.LeftOn == "" || p.LeftOn > on) {
			out = append(out, Member{p, book[p.ID], where[p.ID]})
		}
	}
	return out, nil
}

// SetMember keeps what somebody can do on a duty, and their home area.
func SetMember(tx *db.Tx, who org.Actor, person string, skills []org.Skill, home string) error {
	if err := who.May(org.PlanRoster, org.Target{}); err != nil {
		return err
	}
	if _, err := org.PersonByID(tx, person); err != nil {
		return err
	}
	if home != "" {
		if _, err := place.AreaByID(tx, home); err != nil {
			return fault.New(fault.Invalid, "roster.area", "没有这个片区。", "There is no such area.").In("home", "没有这个片区", "no such area")
		}
	}
	if err := setHome(tx, person, home); err != nil {
		return err
	}
	return org.SetSkills(tx, who, person, skills)
}
