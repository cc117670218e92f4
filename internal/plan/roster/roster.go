// Package roster plans the campaign's squads: it turns registers, duties,
// leave and wishes into a problem for the solver, its answers into words, and a
// plan that somebody has kept into duties.
package roster

import (
	"cmp"
	"strings"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/job"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
)

// Roster is one stretch of the campaign. Plan is what is kept; Trial what a
// search under the rules Tried has found and somebody has still to look at.
type Roster struct {
	ID, Name string
	FromOn   string
	ToOn     string
	Rules    Rules
	Plan     *Plan
	Tried    *Rules
	Trial    *Plan
	Run      Run
	Stop     bool
	// Published is whom each squad had when it was last published or, if that
	// is later, when the search began whose plan is kept.
	Published map[string][]string
	MadeAt    int64
	MadeBy    string
	Version   int64
}

// Plan is who serves in which squad.
type Plan struct {
	Squads []Squad `json:"squads"`
	Cost   int64   `json:"cost"`
	Bound  int64   `json:"bound"` // no plan costs less under the same rules
	Parts  Parts   `json:"parts"`
}

// Squad is the people of one need. Key is area/place/day/HHMM. Was is, in a
// trial, whom a published squad had when the search began, where somebody had
// changed it by then.
type Squad struct {
	Key    string   `json:"key"`
	People []string `json:"people"`
	Was    []string `json:"was,omitempty"`
}

// Parts are the terms of a cost, as the solver has them.
type Parts struct {
	Fair    int64 `json:"fair"`
	Wishes  int64 `json:"wishes"`
	Places  int64 `json:"places"`
	Moves   int64 `json:"moves"`
	Changes int64 `json:"changes"`
}

// Run is how the last search went, or goes. State is "", running, found, stuck
// (no plan exists: see Conflict) or failed.
type Run struct {
	State    string  `json:"state,omitempty"`
	By       string  `json:"by,omitempty"`   // the person who searches
	Mode     string  `json:"mode,omitempty"` // new or repair
	From     string  `json:"from,omitempty"` // with repair: the first day that may change
	Seconds  int     `json:"seconds,omitempty"`
	Seed     uint64  `json:"seed,omitempty"`
	Moves    int64   `json:"moves,omitempty"`
	Cost     int64   `json:"cost,omitempty"`
	Bound    int64   `json:"bound,omitempty"`
	Elapsed  int64   `json:"elapsed,omitempty"` // milliseconds
	Seats    int     `json:"seats,omitempty"`
	Changed  int     `json:"changed,omitempty"` // seats that differ from the kept plan
	Conflict []Clash `json:"conflict,omitempty"`
	Short    int     `json:"short,omitempty"`
	Proven   bool    `json:"proven,omitempty"`
	Cures    []Clash `json:"cures,omitempty"` // each ends the conflict by itself
}

// Clash is a line of a conflict, or of what would end it, in words.
type Clash struct {
	Said fault.Text `json:"said"`
}

// SolveJob is the search, which runs on a worker of its own.
const SolveJob = "roster.solve"

// mostDays is the longest roster: a campaign's quarter.
const mostDays = 92

// Make begins a roster with the usual rules.
func Make(tx *db.Tx, who org.Actor, r Roster) (Roster, error) {
	if err := who.May(org.PlanRoster, org.Target{}); err != nil {
		return r, err
	}
	r.Name = strings.TrimSpace(r.Name)
	from, err1 := calendar.ParseDay(r.FromOn)
	to, err2 := calendar.ParseDay(r.ToOn)
	var c fault.Check
	checkName(&c, r.Name)
	c.That(err1 == nil, "from_on", "日期不对", "the day is wrong")
	c.That(err2 == nil && to >= from && to < from.Add(mostDays), "to_on", "结束日期不早于开始日期，最多%[1]d天", "not before the first day, at most %[1]d days", mostDays)
	c.That(err2 != nil || to >= calendar.On(tx.Time()), "to_on", "这些日子已经过去，请选今天或以后的日期", "these days are over; choose today or later")
	if err := c.Err(); err != nil {
		return r, err
	}
	r.Rules, r.MadeAt, r.MadeBy, r.Version = Usual(), tx.Now(), who.ID, 1
	if err := insert(tx, r); err != nil {
		return r, err
	}
	_, err := event.Add(tx, who.ID, "roster.made", r.ID, map[string]any{"name": r.Name, "from_on": r.FromOn, "to_on": r.ToOn})
	return r, err
}

// Search says how to look for a plan. Mode new plans everything anew, repair
// changes the kept plan as little as possible from the day From on.
type Search struct {
	Version int64 // that whoever searches has seen; 0: whatever there is
	Rules   Rules
	Mode    string
	From    string
	Seconds int
	Seed    uint64
}

// Try looks for a plan under rules; nothing of what is kept changes until
// somebody has looked at the outcome.
func Try(tx *db.Tx, who org.Actor, id string, s Search) (Roster, error) {
	r, err := own(tx, who, id)
	if err != nil {
		return r, err
	}
	if r.Run.State == "running" {
		return r, running()
	}
	if err := r.unseen(tx, s.Version); err != nil {
		return r, err
	}
	if err := s.Rules.check(tx, r); err != nil {
		return r, err
	}
	if err := s.check(tx, r); err != nil {
		return r, err
	}
	r.Tried, r.Trial, r.Stop = &s.Rules, nil, false
	r.Run = Run{State: "running", By: who.ID, Mode: s.Mode, From: s.From, Seconds: s.Seconds, Seed: s.Seed}
	if err := update(tx, &r); err != nil {
		return r, err
	}
	if err := job.Add(tx, "", SolveJob, map[string]string{"roster": r.ID}, tx.Time()); err != nil {
		return r, err
	}
	_, err = event.Add(tx, who.ID, "roster.tried", r.ID, map[string]any{"mode": s.Mode, "from": s.From, "rules": s.Rules})
	return r, err
}

// longest is how many seconds one search may take: with its explanation less
// than the lease of a job.
const longest = 90

func (s *Search) check(tx *db.Tx, r Roster) error {
	var c fault.Check
	c.That(s.Mode == "new" || s.Mode == "repair", "mode", "请选择重新编排或局部调整", "choose new or repair")
	c.That(s.Seconds >= 1 && s.Seconds <= longest, "seconds", "1–90 秒", "1 to 90 seconds")
	c.That(s.Mode != "repair" || r.Plan != nil, "mode", "还没有采用过方案，请先重新编排", "no plan has been kept yet")
	if s.Mode == "repair" {
		first := max(r.FromOn, string(calendar.On(tx.Time()))) // what was served stays
		if s.From == "" {
			s.From = first
		}
		_, err := calendar.ParseDay(s.From)
		over := first > r.ToOn
		c.That(!over, "from", "编排的日期已经过去，不能再调整", "the days of the roster are over")
		c.That(over || err == nil && s.From >= first && s.From <= r.ToOn, "from", "请在%[1]s至%[2]s之间选一天", "choose a day from %[3]s to %[4]s", dayZH(calendar.Day(first)), dayZH(calendar.Day(r.ToOn)), dayEN(calendar.Day(first)), dayEN(calendar.Day(r.ToOn)))
	}
	return c.Err()
}

// Halt asks a running search to stop; what it has found stays as the trial.
func Halt(tx *db.Tx, who org.Actor, id string) (Roster, error) {
	r, err := own(tx, who, id)
	if err != nil {
		return r, err
	}
	if r.Run.State != "running" {
		return r, fault.New(fault.Conflict, "roster.idle", "现在没有在计算。", "No search is running.")
	}
	r.Stop = true
	return r, update(tx, &r)
}

// Keep puts the trial and its rules in the place of what was kept. Version is
// the one that whoever decides has seen; 0 takes whatever there is.
func Keep(tx *db.Tx, who org.Actor, id string, version int64) (Roster, error) {
	r, err := own(tx, who, id)
	if err != nil {
		return r, err
	}
	if !r.seen(version) {
		return r, changed()
	}
	if r.Trial == nil || r.Run.State == "running" {
		return r, fault.New(fault.Conflict, "roster.no_trial", "没有可以采用的方案。", "There is no plan to keep.")
	}
	moved := r.Run.Changed
	r.Rules, r.Plan, r.Tried, r.Trial, r.Run = *r.Tried, r.Trial, nil, nil, Run{}
	r.rebase()
	if err := update(tx, &r); err != nil {
		return r, err
	}
	_, err = event.Add(tx, who.ID, "roster.kept", r.ID, map[string]any{"cost": r.Plan.Cost, "bound": r.Plan.Bound, "changed": moved, "rules": r.Rules})
	return r, err
}

// Drop forgets the trial. Version is as with Keep.
func Drop(tx *db.Tx, who org.Actor, id string, version int64) (Roster, error) {
	r, err := own(tx, who, id)
	if err != nil {
		return r, err
	}
	if r.Run.State == "running" {
		return r, running()
	}
	if !r.seen(version) {
		return r, changed()
	}
	r.Tried, r.Trial, r.Run = nil, nil, Run{}
	return r, update(tx, &r)
}

// seen says whether whoever asks knows the roster as it is; 0 takes whatever
// there is.
func (r Roster) seen(version int64) bool { return version == 0 || version == r.Version }

func running() error {
	return fault.New(fault.Conflict, "roster.running", "正在计算，请等它完成或先停止。", "A search is running; wait or stop it first.")
}

func changed() error {
	return fault.New(fault.Conflict, "roster.changed", "这份编排在您查看之后又有变化，请看过现在的方案后再决定。", "This roster has changed since you looked; look at the plan of now before deciding.")
}

// unseen refuses to search over what whoever searches has not seen.
func (r Roster) unseen(tx *db.Tx, version int64) error {
	switch {
	case r.seen(version):
		return nil
	case r.Trial == nil:
		return changed()
	}
	names, err := org.Names(tx)
	if err != nil {
		return err
	}
	who := names.Name(r.Run.By)
	return fault.New(fault.Conflict, "roster.changed", "%[1]s的新方案还没有决定，重新计算会丢掉它。请看过后再采用、放弃或重新计算。", "The new plan by %[2]s is undecided and would be lost. Look at it, then keep it, drop it or search again.",
		cmp.Or(who, "同事"), cmp.Or(who, "a colleague"))
}

func own(tx *db.Tx, who org.Actor, id string) (Roster, error) {
	if err := who.May(org.PlanRoster, org.Target{}); err != nil {
		return Roster{}, err
	}
	return ByID(tx, id)
}

// Get reads a roster for somebody who plans.
func Get(tx *db.Tx, who org.Actor, id string) (Roster, error) { return own(tx, who, id) }

// seats counts the people of a plan, and how many of them another one has not
// in the same squad.
func seats(p, old *Plan) (all, changed int) {
	was := map[string][]string{}
	if old != nil {
		for _, s := range old.Squads {
			was[s.Key] = s.People
		}
	}
	for _, s := range p.Squads {
		all += len(s.People)
		changed += len(without(s.People, was[s.Key]))
	}
	return all, changed
}
