package roster

import (
	"slices"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/plan/solve/squads"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/place"
)

// Listed is a roster without its plans, and how far it has come.
type Listed struct {
	Roster
	Kept        bool   // a plan has been kept
	PublishedTo string // the last day with a duty of it; "" before any
}

// List shows the rosters, the latest first.
func List(tx *db.Tx, who org.Actor) ([]Listed, error) {
	if err := who.May(org.PlanRoster, org.Target{}); err != nil {
		return nil, err
	}
	return list(tx)
}

// Shown is a squad of a plan for a screen.
type Shown struct {
	Key    string
	Area   place.Area
	Place  place.Place // the zero Place: the whole area
	Day    calendar.Day
	Shift  Shift
	Size   int
	People []string
	New    []string // of People: those whom the kept plan has not there
	Gone   []string // those whom only the kept plan has there
}

// Show lists the squads of a plan between two days: of the trial when trial is
// true, with what it would change.
func Show(tx *db.Tx, who org.Actor, id, from, to string, trial bool) ([]Shown, error) {
	r, err := own(tx, who, id)
	if err != nil {
		return nil, err
	}
	q, plan, err := r.shown(tx, trial)
	if err != nil {
		return nil, err
	}
	was := map[string][]string{}
	if trial && r.Plan != nil {
		for _, s := range q.served(r.Plan).Squads {
			was[s.Key] = s.People
		}
	}
	var out []Shown
	for _, s := range plan.Squads {
		n, known := q.need[s.Key]
		if !known || string(q.days[q.Needs[n].Day]) < from || string(q.days[q.Needs[n].Day]) > to {
			continue
		}
		out = append(out, q.show(s, n, was, trial && r.Plan != nil))
	}
	return out, nil
}

func (q *question) show(s Squad, n int, was map[string][]string, compare bool) Shown {
	need := q.Needs[n]
	out := Shown{Key: s.Key, Area: q.areas[need.Area], Place: q.wants[n].place, Day: q.days[need.Day], Shift: q.rules.Shifts[need.Shift], Size: need.Size, People: s.People}
	if !compare {
		return out
	}
	out.New, out.Gone = without(s.People, was[s.Key]), without(was[s.Key], s.People)
	return out
}

// shown is the plan that a screen asks for, with its problem: the trial, or what
// is kept, as it is served once it is published.
func (r Roster) shown(tx *db.Tx, trial bool) (*question, *Plan, error) {
	plan, rules := r.Plan, r.Rules
	if trial {
		plan = r.Trial
	}
	if plan == nil {
		return nil, nil, fault.New(fault.NotFound, "roster.no_plan", "还没有方案。", "There is no plan yet.")
	}
	if trial {
		rules = *r.Tried
	}
	q, err := ask(tx, r, rules)
	if err != nil || trial {
		return q, plan, err
	}
	return q, q.served(plan), nil
}

// Ask answers why somebody is, or is not, in a squad of a plan.
func Ask(tx *db.Tx, who org.Actor, id, person, key string, trial bool) (Why, error) {
	r, err := own(tx, who, id)
	if err != nil {
		return Why{}, err
	}
	q, plan, err := r.shown(tx, trial)
	if err != nil {
		return Why{}, err
	}
	p, goes := q.person[person]
	n, known := q.need[key]
	if !goes || !known {
		return Why{}, fault.New(fault.NotFound, "roster.nobody", "这个人不参加编排，或没有这支小分队。", "This person takes no part, or there is no such squad.")
	}
	return q.why(q.Problem, q.seats(plan), p, n), nil
}

// Fairness says how evenly a plan spreads the load, without naming anybody:
// how many people serve how often, and each unit's share.
type Fairness struct {
	Times       []int // index: duties in this plan; value: people
	Units       []UnitShare
	Broken      []fault.Text // rules that crews from today on break, the first of them
	Breaks      int          // how many
	Unpublished int          // seats in which duties are not yet as kept
}

// UnitShare is what a unit gives.
type UnitShare struct {
	Unit   org.Unit
	Size   int // all its people
	Duties int
	Least  int // per cent at their desks on the worst day
	Needs  int // per cent that must stay
}

// Share counts the load of a plan.
func Share(tx *db.Tx, who org.Actor, id string, trial bool) (Fairness, error) {
	r, err := own(tx, who, id)
	if err != nil {
		return Fairness{}, err
	}
	q, plan, err := r.shown(tx, trial)
	if err != nil {
		return Fairness{}, err
	}
	seats := q.seats(plan)
	out := q.share(seats)
	if !trial {
		out.Broken, out.Breaks = q.broken(seats, calendar.On(tx.Time()))
		out.Unpublished = q.unpublished()
	}
	return out, nil
}

func (q *question) share(p squads.Plan) Fairness {
	times := make([]int, len(q.People))
	gone := make([][]int, len(q.Units)) // unit, day → on duty
	for u := range gone {
		gone[u] = make([]int, q.Days)
	}
	for u, days := range q.missing {
		copy(gone[u], days)
	}
	for n, people := range p.Seats {
		for _, i := range people {
			times[i]++
			gone[q.People[i].Unit][q.Needs[n].Day]++
		}
	}
	for _, person := range q.People {
		for _, d := range person.Off {
			gone[person.Unit][d]++
		}
	}
	out := Fairness{Times: make([]int, slices.Max(append(times, 0))+1)}
	for _, n := range times {
		out.Times[n]++
	}
	for u, unit := range q.units {
		s := UnitShare{Unit: unit, Size: q.sizes[u], Needs: q.rules.presence(unit), Least: 100}
		for i, n := range times {
			if q.People[i].Unit == u {
				s.Duties += n
			}
		}
		if s.Size > 0 {
			s.Least = 100 * (s.Size - slices.Max(gone[u])) / s.Size
			out.Units = append(out.Units, s)
		}
	}
	return out
}
