package roster

import (
	"maps"
	"slices"
	"strings"
	"time"

	"chuangwei/internal/flow/duty"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/plan/solve/squads"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/place"
)

// question is a problem for the solver with the names of its indices.
type question struct {
	squads.Problem
	rules  Rules
	days   []calendar.Day
	units  []org.Unit
	sizes  []int // of each unit
	people []org.Person
	areas  []place.Area
	wants  []want // beside Problem.Needs
	person map[string]int
	need   map[string]int
	names  *org.Book
}

// want is a need of the problem, with where it is.
type want struct {
	key   string
	place place.Place // the zero Place: the whole area
}

// ask turns a roster under rules into a problem.
func ask(tx *db.Tx, r Roster, rules Rules) (*question, error) {
	q := &question{rules: rules, person: map[string]int{}, need: map[string]int{}}
	for d := calendar.Day(r.FromOn); string(d) <= r.ToOn; d = d.Add(1) {
		q.days = append(q.days, d)
	}
	q.Days, q.Weekday = len(q.days), q.days[0].Weekday()
	q.Rules = squads.Rules{Rest: rules.Rest * 60, PerWeek: rules.PerWeek, InRow: rules.InRow, Batch: rules.Batch}
	q.Weights = squads.Weights{Fair: rules.Weights.Fair, Wish: rules.Weights.Wish, Away: rules.Weights.Away, Stay: rules.Weights.Stay, Turn: rules.Weights.Turn}
	for _, s := range rules.Shifts {
		from, to := s.minutes()
		q.Shifts = append(q.Shifts, squads.Shift{Start: from, End: to, Load: load(from, to, rules.Night)})
	}
	for _, step := range []func(*db.Tx, Roster) error{q.where, q.who, q.away, q.before, q.wishes} {
		if err := step(tx, r); err != nil {
			return nil, err
		}
	}
	return q, nil
}

// load is what a stretch weighs, in hours; an hour between 22 and 6 counts
// night per cent. Minutes are after midnight of the first day.
func load(from, to, night int) int {
	weighed := 0
	for m := from; m < to; m += 15 {
		weighed += 15 * 100
		if h := m / 60 % 24; h >= 22 || h < 6 {
			weighed += 15 * (night - 100)
		}
	}
	return (weighed + 3000) / 6000
}

// where lists the areas and what is needed in each.
func (q *question) where(tx *db.Tx, _ Roster) error {
	areas, err := place.Areas(tx)
	if err != nil {
		return err
	}
	q.areas, q.Areas = areas, len(areas)
	cal, err := calendar.Load(tx)
	if err != nil {
		return err
	}
	at := map[string]int{}
	for i, a := range areas {
		at[a.ID] = i
	}
	for _, n := range q.rules.Needs {
		post := place.Place{}
		where := n.Areas
		if n.Place != "" {
			if post, err = place.ByID(tx, n.Place); err != nil {
				return err
			}
			where = []string{post.AreaID}
		}
		for d, day := range q.days {
			if n.on(cal, day) {
				q.wanted(n, d, where, at, post)
			}
		}
	}
	return nil
}

// wanted adds a day's squads; where there is one already, the larger counts.
func (q *question) wanted(n Need, d int, where []string, at map[string]int, post place.Place) {
	for _, area := range q.areas {
		if len(where) > 0 && !slices.Contains(where, area.ID) {
			continue
		}
		for s := range q.Shifts {
			if len(n.Shifts) > 0 && !slices.Contains(n.Shifts, s) {
				continue
			}
			one := squads.Need{Area: at[area.ID], Day: d, Shift: s, Size: n.Size, MostOfUnit: q.rules.Mixed}
			one.Least = [squads.SkillKinds]int{1, n.Licence, n.Driver, n.Language}
			key := strings.Join([]string{area.ID, post.ID, string(q.days[d]), strings.ReplaceAll(q.rules.Shifts[s].From, ":", "")}, "/")
			i, known := q.need[key]
			if !known {
				q.need[key] = len(q.Needs)
				q.Needs, q.wants = append(q.Needs, one), append(q.wants, want{key, post})
				continue
			}
			have := &q.Needs[i]
			have.Size = max(have.Size, one.Size)
			for k := range have.Least {
				have.Least[k] = max(have.Least[k], one.Least[k])
			}
		}
	}
}

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
	at := map[string]int{}
	for _, u := range units {
		if len(q.rules.Units) == 0 || slices.Contains(q.rules.Units, u.ID) {
			at[u.ID] = len(q.units)
			q.units, q.sizes = append(q.units, u), append(q.sizes, 0)
		}
	}
	area := map[string]int{}
	for i, a := range q.areas {
		area[a.ID] = i
	}
	for _, p := range all {
		u, sends := at[p.UnitID]
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
		stay := (q.sizes[u]*q.rules.presence(unit) + 99) / 100
		q.Units = append(q.Units, squads.Unit{Most: slices.Repeat([]int{q.sizes[u] - stay}, q.Days)})
	}
	unitAt := map[string]int{}
	for i, u := range q.units {
		unitAt[u.ID] = i
	}
	leaves, err := org.LeavesBetween(tx, r.FromOn, r.ToOn)
	if err != nil {
		return err
	}
	gone := map[[2]string]bool{}
	for _, l := range leaves {
		for d, day := range q.days {
			if string(day) < l.FromOn || string(day) > l.ToOn || gone[[2]string{l.PersonID, string(day)}] {
				continue
			}
			gone[[2]string{l.PersonID, string(day)}] = true
			if p, goes := q.person[l.PersonID]; goes {
				q.People[p].Off = append(q.People[p].Off, d)
			} else if u, ours := unitAt[q.names.Person(l.PersonID).UnitID]; ours {
				q.Units[u].Most[d] = max(0, q.Units[u].Most[d]-1)
			}
		}
	}
	return nil
}

// before notes what people did before and do besides: the campaign's load so
// far, this week's duties, and the shifts that other duties leave no time for.
func (q *question) before(tx *db.Tx, r Roster) error {
	past, err := carried(tx, r)
	if err != nil {
		return err
	}
	monday := q.days[0].Add(-(int(q.days[0].Weekday()) + 6) % 7)
	served := map[int]map[calendar.Day]bool{}
	for _, w := range past {
		p, goes := q.person[w.person]
		if !goes {
			continue
		}
		day := calendar.On(time.UnixMilli(w.from))
		midnight := day.Time().UnixMilli()
		q.People[p].Carried += load(int((w.from-midnight)/60000), int((w.to-midnight)/60000), q.rules.Night)
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
	q.level()
	return q.blocked(tx, r)
}

// level takes the least load that anybody carries off everybody: only
// differences matter, and numbers stay small.
func (q *question) level() {
	if len(q.People) == 0 {
		return
	}
	least := slices.MinFunc(q.People, func(a, b squads.Person) int { return a.Carried - b.Carried }).Carried
	for i := range q.People {
		q.People[i].Carried -= least
	}
}

// blocked takes out the shifts that touch another duty or its rest.
func (q *question) blocked(tx *db.Tx, r Roster) error {
	others, err := besides(tx, r)
	if err != nil {
		return err
	}
	rest := int64(q.rules.Rest) * 3600_000
	for _, w := range others {
		p, goes := q.person[w.person]
		if !goes {
			continue
		}
		for d, day := range q.days {
			midnight := day.Time().UnixMilli()
			for s, shift := range q.Shifts {
				from, to := midnight+int64(shift.Start)*60000, midnight+int64(shift.End)*60000
				sameDay := calendar.On(time.UnixMilli(w.from)) == day
				if sameDay || from < w.to+rest && w.from-rest < to {
					q.People[p].Blocked = append(q.People[p].Blocked, squads.Slot{Day: d, Shift: s})
				}
			}
		}
	}
	return nil
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

// plan is a solver's plan with names.
func (q *question) plan(a squads.Answer) *Plan {
	out := &Plan{Cost: a.Cost, Bound: a.Bound, Parts: Parts(a.Parts)}
	for n, people := range a.Plan.Seats {
		s := Squad{Key: q.wants[n].key, People: []string{}}
		for _, p := range people {
			s.People = append(s.People, q.people[p].ID)
		}
		out.Squads = append(out.Squads, s)
	}
	return out
}

// seats is a kept plan in the solver's indices; what no need or nobody of
// today matches is left out.
func (q *question) seats(p *Plan) squads.Plan {
	out := squads.Plan{Seats: make([][]int, len(q.Needs))}
	for _, s := range p.Squads {
		n, known := q.need[s.Key]
		if !known {
			continue
		}
		for _, id := range s.People {
			if i, goes := q.person[id]; goes {
				out.Seats[n] = append(out.Seats[n], i)
			}
		}
		slices.Sort(out.Seats[n])
	}
	return out
}

// asServed is the plan as crews really are by now: swaps and changes after
// publishing count.
func asServed(tx *db.Tx, r Roster) (*Plan, error) {
	list, err := duty.Of(tx, r.ID)
	if err != nil {
		return nil, err
	}
	crews := map[string][]string{}
	for _, d := range list {
		if d.CancelledAt == 0 {
			crews[d.ID] = d.Crew()
		}
	}
	out := *r.Plan
	out.Squads = slices.Clone(out.Squads)
	for i, s := range out.Squads {
		if crew, published := crews[dutyID(r.ID, s.Key)]; published {
			out.Squads[i].People = crew
		}
	}
	return &out, nil
}

// empty says what is missing before anything can be planned.
func (q *question) empty() error {
	switch {
	case len(q.Needs) == 0:
		return fault.New(fault.Invalid, "roster.no_need", "这些日子没有用人需求，请检查“哪些日子”和片区。", "Nothing is needed on these days; look at the needs.")
	case len(q.People) == 0:
		return fault.New(fault.Invalid, "roster.nobody", "没有可以排的人，请检查参加单位。", "There is nobody to plan; look at the units.")
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

// sorted are the keys of a map in order.
func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
