package evidence

import (
	"slices"
	"strings"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/standard"
)

// tally is how often something was done and when last.
type tally struct {
	n  int
	on string
}

func (t *tally) add(n int, on string) { t.n, t.on = t.n+n, max(t.on, on) }

// work is everything that was done in a period, grouped so that 210 slots are
// counted by four queries.
type work struct {
	looks  map[string]tally    // by checklist line
	fixed  map[[2]string]tally // closed cases by kind of problem and kind of place
	duties map[[2]string]tally // confirmed duties by kind of place and group of problems they take
	groups map[string]string   // kind of problem to its group
}

// worker counts work, each period once.
type worker struct {
	tx    *db.Tx
	spans map[Period]*work
}

// count is what was done for a slot in a period: looks at its lines, cases of
// its kinds fixed and verified, duties confirmed at its kinds of place. Lines
// of one checklist are looked at together, so of them the most often seen counts.
func (w worker) count(s Slot, t Period) (int, string, error) {
	all, err := w.of(t)
	if err != nil {
		return 0, "", err
	}
	var sum tally
	for _, lines := range s.lines {
		var most tally
		for _, l := range lines {
			most.n, most.on = max(most.n, all.looks[l].n), max(most.on, all.looks[l].on)
		}
		sum.add(most.n, most.on)
	}
	for k, c := range all.fixed {
		if slices.Contains(s.Requirement.Kinds, k[0]) && (len(s.Requirement.Places) == 0 || k[1] == "" || slices.Contains(s.Requirement.Places, k[1])) {
			sum.add(c.n, c.on)
		}
	}
	groups := s.groups(all.groups)
	for _, p := range s.Requirement.Places {
		var most tally // one duty may take several of the groups
		for _, g := range groups {
			d := all.duties[[2]string{p, g}]
			most.n, most.on = max(most.n, d.n), max(most.on, d.on)
		}
		sum.add(most.n, most.on)
		if any := all.duties[[2]string{p, "*"}]; len(groups) > 0 {
			sum.add(any.n, any.on)
		}
	}
	return sum.n, sum.on, nil
}

// groups are those of the kinds of problem that break a slot's requirement.
func (s Slot) groups(of map[string]string) (out []string) {
	for _, k := range s.Requirement.Kinds {
		if g := of[k]; g != "" && !slices.Contains(out, g) {
			out = append(out, g)
		}
	}
	return out
}

func (w worker) of(t Period) (*work, error) {
	if w.spans[t] == nil {
		all, err := workIn(w.tx, t)
		if err != nil {
			return nil, err
		}
		w.spans[t] = all
	}
	return w.spans[t], nil
}

func workIn(tx *db.Tx, t Period) (*work, error) {
	out := &work{looks: map[string]tally{}, fixed: map[[2]string]tally{}, duties: map[[2]string]tally{}, groups: map[string]string{}}
	kinds, err := standard.Kinds(tx)
	if err != nil {
		return nil, err
	}
	for _, k := range kinds {
		out.groups[k.ID] = k.Group
	}
	if err := eachLook(tx, t, func(line string, x tally) { out.looks[line] = x }); err != nil {
		return nil, err
	}
	if err := eachDuty(tx, t, out.served); err != nil {
		return nil, err
	}
	err = eachFixed(tx, t, func(kind, place string, x tally) {
		key := [2]string{kind, standard.PlaceKind(place)}
		sum := out.fixed[key]
		sum.add(x.n, x.on)
		out.fixed[key] = sum
	})
	return out, err
}

// served counts duties at a kind of place for each group of problems they take.
func (w *work) served(place, takes string, x tally) {
	for _, group := range strings.Split(takes, ",") {
		key := [2]string{standard.PlaceKind(place), group}
		sum := w.duties[key]
		sum.add(x.n, x.on)
		w.duties[key] = sum
	}
}

// span are the first instant of a period and the first after it, Unix ms.
func (t Period) span() (from, to int64) {
	return t.From.Time().UnixMilli(), t.To.Add(1).Time().UnixMilli()
}

// dayOf is the county's day of an instant.
func dayOf(ms int64) string { return string(calendar.On(timeOf(ms))) }
