package roster

import (
	"fmt"

	"chuangwei/internal/kit/fault"
	"chuangwei/internal/plan/solve/squads"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
)

func dayZH(d calendar.Day) string { return d.Time().Format("1月2日") }
func dayEN(d calendar.Day) string { return d.Time().Format("2 Jan") }

// squadWords names the squad of a need.
func (q *question) squadWords(n int) (zh, en string) {
	need := q.Needs[n]
	day, shift := q.days[need.Day], q.rules.Shifts[need.Shift].Name
	where := q.areas[need.Area].Name
	if p := q.wants[n].place; p.ID != "" {
		where = p.Name
	}
	return fmt.Sprintf("%s %s%s", dayZH(day), where, shift), fmt.Sprintf("%s, %s on %s", where, shift, dayEN(day))
}

var skills = map[squads.Skill]org.Skill{squads.Leader: org.Leads, squads.Licence: org.Licensed, squads.Driver: org.Drives, squads.Language: org.Speaks}

// clash puts one rule of a conflict into words; short is how many people are
// missing while all its rules hold.
func (q *question) clash(r squads.Rule, short int) fault.Text {
	switch r.Kind {
	case squads.Filled:
		zh, en := q.squadWords(r.Need)
		return fault.Say("%[1]s要 %[3]d 人", "%[2]s needs %[3]d people", zh, en, q.Needs[r.Need].Size)
	case squads.Skilled:
		zh, en := q.squadWords(r.Need)
		skill := skills[r.Skill].Text()
		return fault.Say("%[1]s要 %[3]d 名能“%[4]s”的人", "%[2]s needs %[3]d with the skill %[5]q", zh, en, max(1, q.Needs[r.Need].Least[r.Skill]), skill.ZH, skill.EN)
	case squads.Mixed:
		zh, en := q.squadWords(r.Need)
		return fault.Say("%[1]s同一单位最多 %[3]d 人", "%[2]s takes at most %[3]d of one unit", zh, en, q.Needs[r.Need].MostOfUnit)
	case squads.Presence:
		return q.presenceWords(r, short)
	case squads.Weekly:
		return fault.Say("%[1]s每周最多 %[2]d 次", "%[3]s at most %[2]d duties a week", q.somebody(r.Person, "每人"), q.rules.PerWeek, q.somebody(r.Person, "everybody"))
	case squads.Running:
		return fault.Say("%[1]s最多连续 %[2]d 天", "%[3]s at most %[2]d days in a row", q.somebody(r.Person, "每人"), q.rules.InRow, q.somebody(r.Person, "everybody"))
	case squads.Rested:
		return fault.Say("%[1]s两次值守之间休息 %[2]d 小时", "%[3]s rests %[2]d hours between duties", q.somebody(r.Person, "每人"), q.rules.Rest, q.somebody(r.Person, "everybody"))
	}
	return q.personWords(r)
}

func (q *question) personWords(r squads.Rule) fault.Text {
	zh, en := q.somebody(r.Person, "每人"), q.somebody(r.Person, "everybody")
	on, onEN := "", ""
	if r.Day >= 0 {
		on, onEN = dayZH(q.days[r.Day]), " on "+dayEN(q.days[r.Day])
	}
	switch r.Kind {
	case squads.OnLeave:
		return fault.Say("%[1]s%[3]s请假", "%[2]s on leave%[4]s", zh, en, on, onEN)
	case squads.Taken:
		return fault.Say("%[1]s%[3]s已有别的值守", "%[2]s on another duty%[4]s", zh, en, on, onEN)
	case squads.OneDaily:
		return fault.Say("%[1]s一天只值一次守%[3]s", "%[2]s has one duty a day%[4]s", zh, en, "", onEN)
	case squads.Kept:
		return fault.Say("%[1]s已经定下的安排不变", "%[2]s stays where already settled", zh, en)
	}
	return fault.Say("规则 %[1]d", "rule %[1]d", int(r.Kind))
}

func (q *question) somebody(p int, all string) string {
	if p < 0 {
		return all
	}
	return q.people[p].Name
}

// presenceWords says how far a unit would fall: "财政局 8月12日在岗将降到 41%".
func (q *question) presenceWords(r squads.Rule, short int) fault.Text {
	u := q.units[r.Unit]
	size, least := q.sizes[r.Unit], q.rules.presence(u)
	stays := max(0, q.stays(r.Unit, u)-short)
	share := 0
	if size > 0 {
		share = 100 * stays / size
	}
	if r.Day < 0 {
		return fault.Say("%[1]s在岗不少于 %[2]d%%", "%[1]s keeps %[2]d %% at their desks", u.Short, least)
	}
	return fault.Say("%[1]s %[2]s在岗将降到 %[4]d%%（最少要留 %[5]d%%），还要 %[6]d 人", "%[1]s would fall to %[4]d %% on %[3]s (at least %[5]d %% stay); %[6]d more are needed",
		u.Short, dayZH(q.days[r.Day]), dayEN(q.days[r.Day]), share, least, short)
}

// keepsOff puts the rule that keeps somebody from a squad into words.
func (q *question) keepsOff(k squads.RuleKind) fault.Text {
	return map[squads.RuleKind]fault.Text{
		squads.Filled: {ZH: "该队已满", EN: "the squad is full"}, squads.Skilled: {ZH: "换下后技能不够", EN: "a skill would be missing"},
		squads.Mixed: {ZH: "同单位的人已到上限", EN: "too many of one unit"}, squads.Presence: {ZH: "单位在岗人数已到下限", EN: "the unit has nobody to spare"},
		squads.OnLeave: {ZH: "请假", EN: "on leave"}, squads.Taken: {ZH: "另有值守", EN: "on another duty"}, squads.OneDaily: {ZH: "当天已有安排", EN: "already on duty that day"},
		squads.Rested: {ZH: "休息不够", EN: "not enough rest"}, squads.Weekly: {ZH: "本周已到上限", EN: "the week is full"},
		squads.Running: {ZH: "连续天数已到上限", EN: "too many days in a row"}, squads.Kept: {ZH: "安排已定", EN: "already settled"},
	}[k]
}

// Why says of one person in one squad why they are there, or are not.
type Why struct {
	Seated bool
	Said   []fault.Text
}

// why words the solver's reason.
func (q *question) why(p squads.Problem, plan squads.Plan, person, need int) Why {
	r := squads.Why(p, plan, person, need)
	out := Why{Seated: r.Seated}
	say := func(zh, en string, args ...any) { out.Said = append(out.Said, fault.Say(zh, en, args...)) }
	for _, rule := range r.Against {
		why := q.keepsOff(rule.Kind)
		say("%[1]s不能来：%[2]s", "%[1]s cannot come: %[3]s", q.people[person].Name, why.ZH, why.EN)
	}
	if r.Seated {
		one := q.People[person]
		if one.Skills.Has(squads.Leader) {
			say("能带队", "can lead")
		}
		if one.Home == q.Needs[need].Area {
			say("家在本片区", "at home in the area")
		}
		say("另有 %[1]d 人当天可以直接替换", "%[1]d others could come instead", r.Free)
	}
	for kind := squads.Filled; kind <= squads.Kept; kind++ {
		if n := r.Excluded[kind]; n > 0 {
			why := q.keepsOff(kind)
			say("%[1]d 人不能来：%[2]s", "%[1]d cannot come: %[3]s", n, why.ZH, why.EN)
		}
	}
	q.exchange(r, say)
	return out
}

// exchange tells the best exchange and what it would cost.
func (q *question) exchange(r squads.Reason, say func(string, string, ...any)) {
	if r.Best < 0 {
		say("没有人可以在不违反规则的情况下对换", "nobody could be exchanged without breaking a rule")
		return
	}
	name := q.people[r.Best].Name
	switch {
	case r.Delta > 0:
		say("最合适的对换是%[1]s，但整体会差 %[2]d 分（%[3]s）", "the best exchange is %[1]s, at a cost of %[2]d more (%[4]s)", name, r.Delta, partsZH(r.Parts), partsEN(r.Parts))
	default:
		say("与%[1]s对换不会变差", "an exchange with %[1]s costs nothing more", name)
	}
}

func partsZH(p squads.Parts) string {
	return fmt.Sprintf("均衡 %+d、意愿 %+d、片区 %+d、调动 %+d", p.Fair, p.Wishes, p.Places, p.Moves)
}

func partsEN(p squads.Parts) string {
	return fmt.Sprintf("fair %+d, wishes %+d, areas %+d, moves %+d", p.Fair, p.Wishes, p.Places, p.Moves)
}
