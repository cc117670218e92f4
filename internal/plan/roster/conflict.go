package roster

import (
	"fmt"
	"slices"
	"strings"

	"chuangwei/internal/kit/fault"
	"chuangwei/internal/plan/solve/squads"
)

// few is how many rules of a kind and day are told one by one.
const few = 3

// told puts a conflict into words: what is alike on a day in one line, since a
// county has a hundred units and as many squads.
func (q *question) told(c squads.Conflict) (said []Clash) {
	offices := count(c.Wide, squads.Presence)
	for _, some := range q.alike(c.Wide) {
		switch {
		case some[0].Kind == squads.Presence && offices > 1:
			said = append(said, Clash{q.offices(c, some)})
		case len(some) > few:
			said = append(said, Clash{q.together(some)})
		default:
			for _, r := range some {
				said = append(said, Clash{q.clash(r, c.Lack)})
			}
		}
	}
	return said
}

func count(rules []squads.Rule, kind squads.RuleKind) (n int) {
	for _, r := range rules {
		if r.Kind == kind {
			n++
		}
	}
	return n
}

// alike puts rules together that are told in one line, in the order they came:
// those of a day, or of all days where there are many.
func (q *question) alike(rules []squads.Rule) (out [][]squads.Rule) {
	type line struct {
		kind      squads.RuleKind
		day, want int
		skill     squads.Skill
	}
	at, days := map[line]int{}, map[squads.RuleKind]map[int]bool{}
	for _, r := range rules {
		if days[r.Kind] == nil {
			days[r.Kind] = map[int]bool{}
		}
		days[r.Kind][q.dayOf(r)] = true
	}
	for _, r := range rules {
		l := line{kind: r.Kind, day: q.dayOf(r), skill: r.Skill}
		if len(days[r.Kind]) > few {
			l.day = -1
		}
		if r.Need >= 0 {
			l.want = q.wanting(r)
		}
		i, known := at[l]
		if !known {
			i = len(out)
			at[l], out = i, append(out, nil)
		}
		out[i] = append(out[i], r)
	}
	return out
}

// dayOf is the day that a rule is about, or −1.
func (q *question) dayOf(r squads.Rule) int {
	if r.Need >= 0 {
		return q.Needs[r.Need].Day
	}
	return r.Day
}

// span names the days of some rules.
func (q *question) span(some []squads.Rule) (zh, en string) {
	first, last := q.days[q.dayOf(some[0])], q.days[q.dayOf(some[0])]
	for _, r := range some {
		first, last = min(first, q.days[q.dayOf(r)]), max(last, q.days[q.dayOf(r)])
	}
	if first == last {
		return dayZH(first), "on " + dayEN(first)
	}
	return dayZH(first) + "至" + dayZH(last), "from " + dayEN(first) + " to " + dayEN(last)
}

// wanting is the number in a rule about a squad.
func (q *question) wanting(r squads.Rule) int {
	n := q.Needs[r.Need]
	switch r.Kind {
	case squads.Skilled:
		return max(1, n.Least[r.Skill])
	case squads.Mixed:
		return n.MostOfUnit
	}
	return n.Size
}

// together says of many squads or people what holds for each of them.
func (q *question) together(some []squads.Rule) fault.Text {
	r, n := some[0], len(some)
	if r.Need < 0 || r.Kind == squads.Kept {
		all := q.clash(squads.Rule{Kind: r.Kind, Person: -1, Need: -1, Unit: -1, Day: r.Day, Week: r.Week, Shift: -1}, 0)
		return fault.Say("%[1]d 人：%[2]s", "%[1]d people: %[3]s", n, strings.TrimPrefix(all.ZH, "每人"), strings.TrimPrefix(all.EN, "everybody "))
	}
	on, onEN := q.span(some)
	where, whereEN := q.whereWords(some)
	each := q.wanting(r)
	switch r.Kind {
	case squads.Skilled:
		skill := skills[r.Skill].Text()
		return fault.Say("%[1]s %[3]s共 %[5]d 支小分队各要 %[6]d 名能“%[8]s”的人，共 %[7]d 名", "%[5]d squads in %[4]s %[2]s need %[6]d with the skill %[9]q each, %[7]d in all",
			on, onEN, where, whereEN, n, each, n*each, skill.ZH, skill.EN)
	case squads.Mixed:
		return fault.Say("%[1]s %[3]s共 %[5]d 支小分队，每队同一单位最多 %[6]d 人", "%[5]d squads in %[4]s %[2]s take at most %[6]d of one unit each", on, onEN, where, whereEN, n, each)
	}
	return fault.Say("%[1]s %[3]s共 %[5]d 支小分队各要 %[6]d 人，共 %[7]d 人", "%[5]d squads in %[4]s %[2]s need %[6]d people each, %[7]d in all", on, onEN, where, whereEN, n, each, n*each)
}

// whereWords counts where the squads of some rules are.
func (q *question) whereWords(some []squads.Rule) (zh, en string) {
	where, posts := map[string]bool{}, false
	for _, r := range some {
		post := q.wants[r.Need].place.ID
		posts = posts || post != ""
		where[fmt.Sprint(q.Needs[r.Need].Area, post)] = true
	}
	if posts {
		return fmt.Sprintf("%d 处", len(where)), fmt.Sprintf("%d places", len(where))
	}
	return fmt.Sprintf("%d 个片区", len(where)), fmt.Sprintf("%d areas", len(where))
}

// offices says how many people the units can spare on a day. What is missing
// is said once for all of them.
func (q *question) offices(c squads.Conflict, some []squads.Rule) fault.Text {
	on, onEN := q.span(some)
	units := []string{}
	for _, r := range some {
		if name := q.units[r.Unit].Short; !slices.Contains(units, name) {
			units = append(units, name)
		}
	}
	who, whoEN := strings.Join(units, "、"), strings.Join(units, ", ")
	if n := len(units); n > few {
		who, whoEN = fmt.Sprintf("%d 个单位", n), fmt.Sprintf("%d units", n)
	}
	out := fault.Say("%[1]s %[3]s要按在岗比例留人", "%[4]s keep their share at their desks %[2]s", on, onEN, who, whoEN)
	if asked, only := q.asked(c.Wide, some[0].Day); only && len(some) == count(c.Wide, squads.Presence) {
		more := fault.Say("，最多能出 %[1]d 人，还差 %[2]d 人", " and can spare %[1]d people; %[2]d more are needed", asked-c.Lack, c.Lack)
		out.ZH, out.EN = out.ZH+more.ZH, out.EN+more.EN
	}
	return out
}

// asked counts the people that squads of a conflict want on a day; only says
// that they want nobody on another day and no skill.
func (q *question) asked(rules []squads.Rule, day int) (people int, only bool) {
	only = true
	for _, r := range rules {
		if r.Need >= 0 && (q.Needs[r.Need].Day != day || r.Kind == squads.Skilled) {
			only = false
		}
		if r.Kind == squads.Filled {
			people += q.Needs[r.Need].Size
		}
	}
	return people, only && people > 0
}

// cures says what would end a conflict, each by itself.
func (q *question) cures(c squads.Conflict) (said []Clash) {
	say := func(zh, en string, args ...any) { said = append(said, Clash{fault.Say(zh, en, args...)}) }
	if !c.Proven {
		say("把计算时间调长，再算一次", "search again for longer")
	}
	has := func(kind squads.RuleKind) bool { return count(c.Wide, kind) > 0 }
	if has(squads.Skilled) {
		say("给能胜任的人登记技能，或少要有技能的人", "note the skills of those who have them, or ask for fewer skilled people")
	} else if has(squads.Filled) {
		say("少要 %[1]d 人：每队减人，或少排小分队", "ask for %[1]d fewer: smaller squads, or not so many", max(1, c.Lack))
	}
	if has(squads.Mixed) {
		say("放宽同一单位最多 %[1]d 人", "let more than %[1]d of one unit into a squad", q.rules.Mixed)
	}
	if has(squads.Presence) {
		said = append(said, Clash{q.spare(c)})
	}
	if has(squads.OnLeave) || has(squads.Taken) {
		say("调整这些人的请假或别的值守", "move these people's leave or other duties")
	}
	if has(squads.Weekly) {
		say("放宽每周最多 %[1]d 次", "allow more than %[1]d duties a week", q.rules.PerWeek)
	}
	if has(squads.Running) {
		say("放宽最多连续 %[1]d 天", "allow more than %[1]d days in a row", q.rules.InRow)
	}
	if has(squads.Rested) && q.rules.Rest > LeastRest {
		say("放宽休息 %[1]d 小时", "ask for less than %[1]d hours of rest", q.rules.Rest)
	}
	return said
}

// spare says how units would spare more people: by how much fewer at their
// desks, where that is all that is missing.
func (q *question) spare(c squads.Conflict) fault.Text {
	for share := q.rules.Presence - 1; share >= 0 && count(c.Wide, squads.Skilled) == 0; share-- {
		if q.spared(c.Wide, share) >= c.Lack {
			return fault.Say("把单位在岗比例从 %[1]d%% 降到 %[2]d%%", "let %[2]d %% instead of %[1]d %% stay at their desks", q.rules.Presence, share)
		}
	}
	return fault.Say("让这些单位多出人：调低在岗比例，或请更多单位参加", "let these units spare more: fewer at their desks, or more units")
}

// spared counts how many more people the units of a conflict would spare if a
// lower share stayed; units with a share of their own spare no more.
func (q *question) spared(rules []squads.Rule, share int) (more int) {
	for _, r := range rules {
		if r.Kind != squads.Presence {
			continue
		}
		if _, own := q.rules.Presences[q.units[r.Unit].ID]; !own {
			more += q.stays(r.Unit, q.units[r.Unit]) - (q.sizes[r.Unit]*share+99)/100
		}
	}
	return more
}
