package roster

import (
	"slices"
	"strings"
	"time"

	"chuangwei/internal/flow/duty"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/plan/solve/squads"
	"chuangwei/internal/register/calendar"
)

// mostUnfit is how many broken rules a refusal names; the page lists them all.
const mostUnfit = 6

// unfit refuses to publish crews that break a rule, as leave and changes by
// hand have made them since they were planned: duties would refuse the first
// of them only, and a repair mends them all.
func (q *question) unfit(drafts []duty.Draft, last calendar.Day) error {
	var zh, en []string
	for _, x := range q.breached(drafts) {
		if first, _ := q.lasts(x.Rule); first <= last {
			said := q.breach(x)
			zh, en = append(zh, said.ZH), append(en, said.EN)
		}
	}
	n := len(zh)
	if n == 0 {
		return nil
	}
	more, moreEN := "", ""
	if n > mostUnfit {
		zh, en, more, moreEN = zh[:mostUnfit], en[:mostUnfit], "；等等", "; and so on"
	}
	return fault.New(fault.Conflict, "roster.broken", "要发布的班组有 %[1]d 处不合规则，请先“局部调整”再发布：%[2]s。", "The crews to publish break %[1]d rules; repair the plan first, then publish: %[3]s.",
		n, strings.Join(zh, "；")+more, strings.Join(en, "; ")+moreEN)
}

// breached are the rules that drafts would break.
func (q *question) breached(drafts []duty.Draft) []squads.Breach {
	type office struct{ unit, day int }
	var needs, people []int
	sends := map[office]bool{}
	for _, d := range drafts {
		n, _ := q.needOf(d.ID)
		needs = append(needs, n)
		for _, id := range d.People {
			if i, goes := q.person[id]; goes {
				people = append(people, i)
				sends[office{q.People[i].Unit, q.Needs[n].Day}] = true
			}
		}
	}
	slices.Sort(people)
	all := squads.CheckSome(q.Problem, q.seats(q.served(q.roster.Plan)), needs, slices.Compact(people))
	return slices.DeleteFunc(all, func(x squads.Breach) bool {
		_, last := q.lasts(x.Rule)
		return last < calendar.On(time.UnixMilli(q.now)) || x.Rule.Kind == squads.Presence && !sends[office{x.Rule.Unit, x.Rule.Day}]
	})
}
