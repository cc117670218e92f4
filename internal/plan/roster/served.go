package roster

import (
	"slices"

	"chuangwei/internal/plan/solve/squads"
)

// served is a plan as crews really are by now: swaps and changes after
// publishing count.
func (q *question) served(p *Plan) *Plan {
	out := *p
	out.Squads = slices.Clone(out.Squads)
	for i, s := range out.Squads {
		if d, published := q.duties[dutyID(q.roster.ID, s.Key)]; published && d.CancelledAt == 0 {
			out.Squads[i].People = d.Crew()
		}
	}
	return &out
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
