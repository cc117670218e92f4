package roster

import (
	"maps"
	"math"
	"slices"
	"strings"

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
	roster  Roster
	rules   Rules
	now     int64
	duties  map[string]duty.Duty // made of the roster, by id
	missing [][]int              // of each unit and day, people away whom Problem.Units has taken off
	days    []calendar.Day
	units   []org.Unit
	sizes   []int // of each unit
	people  []org.Person
	areas   []place.Area
	wants   []want // beside Problem.Needs
	person  map[string]int
	need    map[string]int
	unit    map[string]int
	names   *org.Book
	gone    map[absence]bool

	needOfDuty map[string]int // filled by needOf, once all needs are known
}

// absence is somebody's day away from their desk.
type absence struct {
	person string
	day    calendar.Day
}

// want is a need of the problem, with where it is.
type want struct {
	key   string
	place place.Place // the zero Place: the whole area
}

// ask turns a roster under rules into a problem.
func ask(tx *db.Tx, r Roster, rules Rules) (*question, error) {
	q := &question{
		roster: r, rules: rules, now: tx.Now(), duties: map[string]duty.Duty{},
		person: map[string]int{}, need: map[string]int{}, unit: map[string]int{}, gone: map[absence]bool{},
	}
	made, err := duty.Of(tx, r.ID)
	if err != nil {
		return nil, err
	}
	for _, d := range made {
		q.duties[d.ID] = d
	}
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

// loadHours is a unit of load: a shift of a morning or an afternoon weighs two.
// The solver's weights are meant for such units; in hours, what load costs by
// its square would drown everything else.
const loadHours = 2.5

// monday begins the calendar week of the first day.
func (q *question) monday() calendar.Day {
	return q.days[0].Add(-(int(q.days[0].Weekday()) + 6) % 7)
}

// load is what a stretch weighs; an hour between 22 and 6 counts night per cent.
// Minutes are after midnight of the first day.
func load(from, to, night int) int {
	weighed := 0
	for m := from; m < to; m += 15 {
		weighed += 15 * 100
		if h := m / 60 % 24; h >= 22 || h < 6 {
			weighed += 15 * (night - 100)
		}
	}
	return int(math.Round(float64(weighed) / (60 * 100 * loadHours)))
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
			if q.calledOff(key) {
				continue
			}
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

// sorted are the keys of a map in order.
func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
