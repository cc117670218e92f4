package roster

import (
	"slices"
	"strings"
	"time"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/plan/solve/squads"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
)

var skillOf = map[org.Skill]squads.Skill{org.Leads: squads.Leader, org.Licensed: squads.Licence, org.Drives: squads.Driver, org.Speaks: squads.Language}

// who lists the units that send people, and who of them may go. A unit's size
// counts everybody, also those who never go.
func (q *question) who(tx *db.Tx, r Roster) (err error) {
	if q.names, err = org.Names(tx); err != nil {
		return err
	}
	all, err := org.Persons(tx)
	if err != nil {
		return err
	}
	skills, err := org.SkillBook(tx)
	if err != nil {
		return err
	}
	homes, err := homes(tx)
	if err != nil {
		return err
	}
	units, err := org.Units(tx)
	if err != nil {
		return err
	}
	for _, u := range units {
		if len(q.rules.Units) == 0 || slices.Contains(q.rules.Units, u.ID) {
			q.unit[u.ID] = len(q.units)
			q.units, q.sizes = append(q.units, u), append(q.sizes, 0)
		}
	}
	area := map[string]int{}
	for i, a := range q.areas {
		area[a.ID] = i
	}
	for _, p := range all {
		u, sends := q.unit[p.UnitID]
		if !sends || p.LeftOn != "" && p.LeftOn <= r.ToOn {
			continue
		}
		q.sizes[u]++
		if slices.Contains(q.rules.Stay, p.ID) {
			continue
		}
		one := squads.Person{Unit: u, Home: squads.Nowhere}
		if a, ok := area[homes[p.ID]]; ok {
			one.Home = a
		}
		for _, s := range skills[p.ID] {
			one.Skills |= squads.SkillsOf(skillOf[s])
		}
		q.person[p.ID] = len(q.people)
		q.people, q.People = append(q.people, p), append(q.People, one)
	}
	return nil
}

// away notes leave, and how many of each unit may go on each day. Those on
// leave who never go are missing at their desks all the same.
func (q *question) away(tx *db.Tx, r Roster) error {
	for u, unit := range q.units {
		q.Units = append(q.Units, squads.Unit{Most: slices.Repeat([]int{q.sizes[u] - q.stays(u, unit)}, q.Days)})
		q.missing = append(q.missing, make([]int, q.Days))
	}
	leaves, err := org.LeavesBetween(tx, r.FromOn, r.ToOn)
	if err != nil {
		return err
	}
	for _, l := range leaves {
		for d, day := range q.days {
			at := absence{l.PersonID, day}
			if string(day) < l.FromOn || string(day) > l.ToOn || q.gone[at] {
				continue
			}
			q.gone[at] = true
			if p, goes := q.person[l.PersonID]; goes {
				q.People[p].Off = append(q.People[p].Off, d)
			} else {
				q.lacks(l.PersonID, d)
			}
		}
	}
	return nil
}

// stays is how many of a unit stay at their desks.
func (q *question) stays(u int, unit org.Unit) int {
	return (q.sizes[u]*q.rules.presence(unit) + 99) / 100
}

// lacks notes that a unit misses somebody on a day, whatever is planned.
func (q *question) lacks(person string, d int) {
	if u, ours := q.unit[q.names.Person(person).UnitID]; ours {
		q.Units[u].Most[d] = max(0, q.Units[u].Most[d]-1)
		q.missing[u][d]++
	}
}

// before notes what people did before and do besides: the campaign's load,
// this week's duties, and the days and shifts that other duties take.
func (q *question) before(tx *db.Tx, r Roster) error {
	past, err := carried(tx, r)
	if err != nil {
		return err
	}
	monday := q.monday()
	served := map[int]map[calendar.Day]bool{}
	for _, w := range past {
		p, goes := q.person[w.person]
		if !goes {
			continue
		}
		day := q.carry(p, w)
		if day >= monday {
			q.People[p].WeekBefore++
		}
		if served[p] == nil {
			served[p] = map[calendar.Day]bool{}
		}
		served[p][day] = true
	}
	for p, days := range served {
		for d := q.days[0].Add(-1); days[d]; d = d.Add(-1) {
			q.People[p].RowBefore++
		}
	}
	others, err := q.others(tx, r)
	for _, w := range others {
		q.beside(w)
	}
	q.level()
	return err
}

// carry counts the load of a duty that is not of the plan; it returns its day.
func (q *question) carry(p int, w window) calendar.Day {
	day := calendar.On(time.UnixMilli(w.from))
	midnight := day.Time().UnixMilli()
	q.People[p].Carried += load(int((w.from-midnight)/60000), int((w.to-midnight)/60000), q.rules.Night)
	return day
}

// level makes what people carry comparable: the least that anybody carries is
// taken off everybody, since only differences matter; and who carries more than
// all will when the plan is served counts as if at that line, since the plan
// can do no more for them than leave them out.
func (q *question) level() {
	if len(q.People) == 0 {
		return
	}
	least := slices.MinFunc(q.People, func(a, b squads.Person) int { return a.Carried - b.Carried }).Carried
	coming, carried := 0, []int{}
	for _, n := range q.Needs {
		coming += n.Size * q.Shifts[n.Shift].Load
	}
	for i := range q.People {
		q.People[i].Carried -= least
		carried = append(carried, q.People[i].Carried)
	}
	line := waterline(carried, coming)
	for i := range q.People {
		q.People[i].Carried = min(q.People[i].Carried, line)
	}
}

// waterline is how high loads stand when more comes and fills them up from the
// lowest, rounded up.
func waterline(loads []int, more int) int {
	loads = slices.Sorted(slices.Values(loads))
	for i, load := range loads {
		filled := i + 1
		if filled == len(loads) || (loads[filled]-load)*filled >= more {
			return load + (more+i)/filled
		}
		more -= (loads[filled] - load) * filled
	}
	return 0
}

// others are the duties beside the plan: those not of the roster, and those of
// it that have begun and whose squads its rules know no more.
func (q *question) others(tx *db.Tx, r Roster) ([]window, error) {
	list, err := besides(tx, r)
	return slices.DeleteFunc(list, func(w window) bool {
		_, ours := q.needOf(w.duty)
		return w.roster == r.ID && (ours || w.from > tx.Now())
	}), err
}

// beside notes a duty that is not of the plan: its day is lost to the desk and
// to the plan, and so are shifts that touch it or its rest.
func (q *question) beside(w window) {
	on := calendar.On(time.UnixMilli(w.from))
	p, goes := q.person[w.person]
	if d := slices.Index(q.days, on); d >= 0 && !q.gone[absence{w.person, on}] {
		q.gone[absence{w.person, on}] = true
		q.lacks(w.person, d)
		if goes {
			q.People[p].Busy = append(q.People[p].Busy, d)
			q.carry(p, w)
		}
	}
	if !goes {
		return
	}
	rest := int64(q.rules.Rest) * 3600_000
	for d, day := range q.days {
		midnight := day.Time().UnixMilli()
		for s, shift := range q.Shifts {
			from, to := midnight+int64(shift.Start)*60000, midnight+int64(shift.End)*60000
			if on == day || from < w.to+rest && w.from-rest < to {
				q.People[p].Blocked = append(q.People[p].Blocked, squads.Slot{Day: d, Shift: s})
			}
		}
	}
}

func (q *question) wishes(tx *db.Tx, r Roster) error {
	list, err := wishesBetween(tx, r.FromOn, r.ToOn)
	if err != nil {
		return err
	}
	for _, w := range list {
		d := slices.Index(q.days, calendar.Day(w.On))
		if p, goes := q.person[w.PersonID]; goes && d >= 0 {
			q.People[p].Wishes = append(q.People[p].Wishes, squads.Wish{Day: d, Shift: squads.AnyShift, Weight: w.Likes})
		}
	}
	return nil
}

// leader chooses of the people of a squad who can lead the one who has led
// least by now; led counts that.
func (q *question) leader(people []string, led map[string]int) string {
	able := slices.DeleteFunc(slices.Clone(people), func(id string) bool {
		p, ok := q.person[id]
		return ok && !q.People[p].Skills.Has(squads.Leader)
	})
	if len(able) == 0 {
		able = people
	}
	if len(able) == 0 {
		return ""
	}
	best := slices.MinFunc(able, func(a, b string) int { return led[a]*1000 - led[b]*1000 + strings.Compare(a, b) })
	led[best]++
	return best
}
