package roster

import (
	"slices"

	"chuangwei/internal/flow/duty"
	"chuangwei/internal/plan/solve/squads"
)

// served is a kept plan as it is served once it is published: swaps and
// changes after an earlier publishing count, and so does what has been kept since.
func (q *question) served(p *Plan) *Plan {
	return p.manned(func(s Squad) []string {
		if d, stands := q.stands(s.Key); stands {
			return q.crew(s, d)
		}
		return s.People
	})
}

// standing is a kept plan as crews are by now, whatever has been kept since it
// was published.
func (q *question) standing(p *Plan) *Plan {
	return p.manned(func(s Squad) []string {
		if d, stands := q.stands(s.Key); stands {
			return d.Crew()
		}
		return s.People
	})
}

// manned is a plan with other people.
func (p *Plan) manned(by func(Squad) []string) *Plan {
	out := *p
	out.Squads = slices.Clone(out.Squads)
	for i, s := range out.Squads {
		out.Squads[i].People = by(s)
	}
	return &out
}

// stands is the duty that was made of a squad, unless it is called off.
func (q *question) stands(key string) (duty.Duty, bool) {
	d, made := q.duties[dutyID(q.roster.ID, key)]
	return d, made && d.CancelledAt == 0
}

// setOut notes in a trial whom squads have that were changed since they were
// published: a search knows of them, so what it decides goes over them.
func (q *question) setOut(trial *Plan) {
	for i, s := range trial.Squads {
		was, published := q.roster.Published[s.Key]
		if d, stands := q.stands(s.Key); stands && published && len(without(d.Crew(), was))+len(without(was, d.Crew())) > 0 {
			trial.Squads[i].Was = d.Crew()
		}
	}
}

// rebase makes what a trial set out from what its changes are measured by.
func (r *Roster) rebase() {
	for i, s := range r.Plan.Squads {
		if s.Was != nil {
			r.Published[s.Key] = s.Was
			r.Plan.Squads[i].Was = nil
		}
	}
}

// settled says whether a duty has begun or is over: publishing leaves it alone.
func (q *question) settled(d duty.Duty) bool { return d.FromAt <= q.now || d.ConfirmedAt > 0 }

// crew is whom the duty of a squad has once the plan is published.
func (q *question) crew(s Squad, d duty.Duty) []string {
	if q.settled(d) {
		return d.Crew()
	}
	was, published := q.roster.Published[s.Key]
	if !published {
		was = d.Crew()
	}
	return merged(d.Crew(), was, s.People)
}

// merged is a crew with what a plan has changed since it was published. Where
// that would be more people than the plan has, it is the plan's.
func merged(now, was, plan []string) []string {
	crew := slices.DeleteFunc(slices.Clone(now), func(id string) bool { return slices.Contains(was, id) && !slices.Contains(plan, id) })
	for _, id := range plan {
		if !slices.Contains(was, id) && !slices.Contains(crew, id) {
			crew = append(crew, id)
		}
	}
	if len(crew) > len(plan) {
		crew = slices.Clone(plan)
	}
	slices.Sort(crew)
	return crew
}

// unpublished counts the seats from now on in which duties are not yet as the
// kept plan has them.
func (q *question) unpublished() (seats int) {
	has, begun := map[string]bool{}, q.begun(q.now)
	for _, s := range q.roster.Plan.Squads {
		has[dutyID(q.roster.ID, s.Key)] = true
		n, known := q.need[s.Key]
		d, stands := q.stands(s.Key)
		switch {
		case known && stands:
			crew := q.crew(s, d)
			seats += max(len(without(crew, d.Crew())), len(without(d.Crew(), crew)))
		case known && !begun(q.Needs[n]):
			seats += len(s.People)
		}
	}
	for id, d := range q.duties {
		if !has[id] && d.CancelledAt == 0 && !q.settled(d) {
			seats += len(d.People)
		}
	}
	return seats
}

// without are some people who are not among others.
func without(some, others []string) (out []string) {
	for _, id := range some {
		if !slices.Contains(others, id) {
			out = append(out, id)
		}
	}
	return out
}

// calledOff says whether somebody has called off the duty of a squad: it is
// not needed, until somebody plans it by hand.
func (q *question) calledOff(key string) bool {
	if _, published := q.roster.Published[key]; !published {
		return false
	}
	d, made := q.duties[dutyID(q.roster.ID, key)]
	return made && d.CancelledAt > 0
}

// begun says whether the shift of a need had begun at an instant.
func (q *question) begun(at int64) func(squads.Need) bool {
	return func(n squads.Need) bool {
		return q.days[n.Day].Time().UnixMilli()+int64(q.Shifts[n.Shift].Start)*60_000 <= at
	}
}
