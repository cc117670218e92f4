package inspect

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/place"
	"chuangwei/internal/register/standard"
)

// How often a plan asks for a look.
const (
	EveryDay        = "day"
	EveryWorkingDay = "working_day"
	EveryMarketDay  = "market_day"
	EveryWeek       = "week" // Monday to Sunday
	EveryMonth      = "month"
)

// Everies are all of them, in the order they are shown.
var Everies = []string{EveryDay, EveryWorkingDay, EveryMarketDay, EveryWeek, EveryMonth}

// Plan says how often which kind of place is to be looked at, and whose it is.
// A look by anybody counts: what matters is that the place was looked at.
type Plan struct {
	ID     string
	Name   string
	Kind   string // of place, as packs name it
	AreaID string // "" everywhere
	Every  string
	Times  int // in each period
	Role   org.Role
	FromOn string
	ToOn   string // last day, or ""
	MadeBy string
	MadeAt int64
}

// AddPlan begins a plan.
func AddPlan(tx *db.Tx, who org.Actor, p Plan) (Plan, error) {
	if err := who.May(org.PlanInspection, org.Target{Area: p.AreaID}); err != nil {
		return p, err
	}
	p.Name, p.MadeBy, p.MadeAt = strings.TrimSpace(p.Name), who.ID, tx.Now()
	if p.FromOn == "" {
		p.FromOn = string(calendar.On(tx.Time()))
	}
	if err := p.check(); err != nil {
		return p, err
	}
	if p.AreaID != "" {
		if _, err := place.AreaByID(tx, p.AreaID); err != nil {
			return p, err
		}
	}
	if err := insertPlan(tx, p); err != nil {
		return p, fmt.Errorf("inspect: plan: %w", err)
	}
	_, err := event.Add(tx, who.ID, "inspection.planned", p.ID, map[string]any{"name": p.Name, "kind": p.Kind, "area": p.AreaID, "every": p.Every,
		"times": p.Times, "role": p.Role, "from_on": p.FromOn, "to_on": p.ToOn})
	return p, err
}

func (p Plan) check() error {
	var c fault.Check
	c.That(p.Name != "" && len([]rune(p.Name)) <= 60, "name", "请写名称，最多60字", "a name of at most 60 characters")
	c.That(standard.PlaceWord(p.Kind).ZH != p.Kind, "kind", "请选择点位类别", "choose a kind of place")
	c.That(slices.Contains(Everies, p.Every), "every", "请选择多久一次", "choose how often")
	c.That(p.Times >= 1 && p.Times <= 10, "times", "次数在1到10之间", "between 1 and 10 times")
	_, err := calendar.ParseDay(p.FromOn)
	c.That(err == nil, "from_on", "开始日期不对", "not a day")
	_, err = calendar.ParseDay(p.ToOn)
	c.That(p.ToOn == "" || err == nil && p.ToOn >= p.FromOn, "to_on", "结束日期早于开始日期", "it ends before it begins")
	c.That(p.Role == "" || slices.Contains(planRoles, p.Role), "role", "这个岗位不开展检查", "that post does not inspect")
	return c.Err()
}

// planRoles are the posts a plan can be for.
var planRoles = []org.Role{org.Inspector, org.MarketTeam, org.Enforcement, org.GridMember, org.Chief, org.Verifier, org.UnitHead, org.UnitDeputy, org.Liaison, org.Owner}

// EndPlan lets yesterday be a plan's last day.
func EndPlan(tx *db.Tx, who org.Actor, id string) (Plan, error) {
	p, err := planByID(tx, id)
	if errors.Is(err, db.ErrNone) {
		return p, fault.New(fault.NotFound, "plan.none", "没有这个检查安排。", "There is no such plan.")
	}
	if err != nil {
		return p, err
	}
	if err := who.May(org.PlanInspection, org.Target{Area: p.AreaID}); err != nil {
		return p, err
	}
	p.ToOn = string(calendar.On(tx.Time()).Add(-1))
	if err := updatePlanEnd(tx, p); err != nil {
		return p, fmt.Errorf("inspect: plan: %w", err)
	}
	_, err = event.Add(tx, who.ID, "inspection.plan_ended", p.ID, map[string]any{"to_on": p.ToOn})
	return p, err
}

// Plans lists the plans in force on a day, in order of name.
func Plans(tx *db.Tx, who org.Actor, on calendar.Day) ([]Plan, error) {
	if who.Scope(org.SeeInspection).Empty() {
		return nil, org.Denied(org.SeeInspection)
	}
	return plansOn(tx, string(on), string(on))
}

// span is a period of a plan, both days inclusive.
type span struct{ from, to calendar.Day }

// period is the period of a plan that day d lies in; ok is false on a day on
// which the plan asks for nothing.
func (p Plan) period(cal *calendar.Calendar, d calendar.Day) (s span, ok bool) {
	switch p.Every {
	case EveryWorkingDay:
		ok, _ = cal.Working(d)
		return span{d, d}, ok
	case EveryMarketDay:
		return span{d, d}, cal.Market().On(d)
	case EveryWeek:
		monday := d.Add(-(int(d.Weekday()) + 6) % 7)
		return span{monday, monday.Add(6)}, true
	case EveryMonth:
		first := d.Time().AddDate(0, 0, 1-d.Time().Day())
		return span{calendar.On(first), calendar.On(first.AddDate(0, 1, -1))}, true
	}
	return span{d, d}, true
}

// periods are those of a plan that lie wholly within two days.
func (p Plan) periods(cal *calendar.Calendar, from, to calendar.Day) (out []span) {
	for d := from; d <= to; {
		s, ok := p.period(cal, d)
		if ok && s.from >= from && s.to <= to && string(s.from) >= p.FromOn && (p.ToOn == "" || string(s.to) <= p.ToOn) {
			out = append(out, s)
		}
		d = max(d, s.to).Add(1)
	}
	return out
}

func (p Plan) covers(x place.Place) bool {
	return standard.PlaceKind(x.Kind) == p.Kind && (p.AreaID == "" || p.AreaID == x.AreaID)
}

// Due is a place that a plan asks to be looked at by a day.
type Due struct {
	Plan   Plan
	Place  place.Place
	Looks  int    // so far in the period
	LastOn string // day of the last look ever, or ""
	ByOn   calendar.Day
}

// DueFor lists what the plans of the actor's posts still ask for on a day, the
// longest not looked at first. Places where they may not inspect are left out.
func DueFor(tx *db.Tx, who org.Actor, on calendar.Day) ([]Due, error) {
	cal, err := calendar.Load(tx)
	if err != nil {
		return nil, err
	}
	plans, err := plansOn(tx, string(on), string(on))
	if err != nil {
		return nil, err
	}
	places, err := place.All(tx)
	if err != nil {
		return nil, err
	}
	last, err := lastLooks(tx)
	if err != nil {
		return nil, err
	}
	var out []Due
	for _, p := range plans {
		s, asks := p.period(cal, on)
		if !asks || p.Role != "" && !who.Holds(p.Role) {
			continue
		}
		looks, err := looksIn(tx, s)
		if err != nil {
			return nil, err
		}
		for _, x := range places {
			if n := looks[x.ID]; n < p.Times && p.covers(x) && who.Can(org.Inspect, target(x, "")) {
				out = append(out, Due{p, x, n, last[x.ID], s.to})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Due) int {
		if c := strings.Compare(string(a.ByOn), string(b.ByOn)); c != 0 {
			return c
		}
		return strings.Compare(a.LastOn, b.LastOn)
	})
	return out, nil
}

// Tally is how much of what was to be looked at was: places of a kind or in an
// area, those looked at at least once, and what plans asked for and got.
type Tally struct {
	Kind, AreaID   string
	Places, Looked int
	Asked, Kept    int
}

// Coverage is what was looked at between two days, by area and by kind of
// place, and the places longest without a look. It names no persons.
type Coverage struct {
	All    Tally
	ByArea []Tally
	ByKind []Tally
	Left   []Left
}

// Left is a place nobody looked at between the days, with the last look ever.
type Left struct {
	Place  place.Place
	LastOn string // or ""
	Asked  int    // looks that plans asked for in that time
}

// leftMost is how many places without a look are listed.
const leftMost = 200

// Covered tells what was looked at from one day to another, both inclusive,
// where the reader may see. Only kinds of place with a checklist or a plan count.
func Covered(tx *db.Tx, who org.Actor, areaID string, from, to calendar.Day) (Coverage, error) {
	if who.Scope(org.SeeInspection).Empty() {
		return Coverage{}, org.Denied(org.SeeInspection)
	}
	cal, err := calendar.Load(tx)
	if err != nil {
		return Coverage{}, err
	}
	plans, err := plansOn(tx, string(from), string(to))
	if err != nil {
		return Coverage{}, err
	}
	c := &counter{plans: plans, spans: map[string][]span{}, areas: map[string]*Tally{}, kinds: map[string]*Tally{}}
	for _, p := range plans {
		c.spans[p.ID] = p.periods(cal, from, to)
	}
	if c.looks, err = lookDays(tx, span{from, to}); err != nil {
		return Coverage{}, err
	}
	if c.last, err = lastLooks(tx); err != nil {
		return Coverage{}, err
	}
	b, err := open(tx)
	if err != nil {
		return Coverage{}, err
	}
	places, err := place.All(tx)
	for _, x := range places {
		_, listed := b.byKind[standard.PlaceKind(x.Kind)]
		if (areaID == "" || x.AreaID == areaID) && listed && who.Can(org.SeeInspection, target(x, "")) {
			c.count(x, b)
		}
	}
	return c.done(), err
}

// counter adds up the coverage place by place.
type counter struct {
	plans        []Plan
	spans        map[string][]span
	looks        map[string][]string // days of looks by place, in order
	last         map[string]string
	all          Tally
	areas, kinds map[string]*Tally
	left         []Left
}

func (c *counter) count(x place.Place, b *book) {
	kind := standard.PlaceKind(x.Kind)
	asked, kept := 0, 0
	for _, p := range c.plans {
		if !p.covers(x) {
			continue
		}
		for _, s := range c.spans[p.ID] {
			asked += p.Times
			kept += min(p.Times, within(c.looks[x.ID], s))
		}
	}
	if asked == 0 && len(b.byKind[kind].Lines) == 0 {
		return
	}
	looked := 0
	if len(c.looks[x.ID]) > 0 {
		looked = 1
	} else {
		c.left = append(c.left, Left{x, c.last[x.ID], asked})
	}
	for _, t := range []*Tally{&c.all, tallyOf(c.areas, x.AreaID), tallyOf(c.kinds, kind)} {
		t.Places, t.Looked, t.Asked, t.Kept = t.Places+1, t.Looked+looked, t.Asked+asked, t.Kept+kept
	}
}

func tallyOf(in map[string]*Tally, key string) *Tally {
	if in[key] == nil {
		in[key] = &Tally{}
	}
	return in[key]
}

func within(days []string, s span) (n int) {
	for _, d := range days {
		if d >= string(s.from) && d <= string(s.to) {
			n++
		}
	}
	return n
}

func (c *counter) done() Coverage {
	out := Coverage{All: c.all, Left: c.left}
	for id, t := range c.areas {
		t.AreaID = id
		out.ByArea = append(out.ByArea, *t)
	}
	for kind, t := range c.kinds {
		t.Kind = kind
		out.ByKind = append(out.ByKind, *t)
	}
	slices.SortFunc(out.ByArea, func(a, b Tally) int { return strings.Compare(a.AreaID, b.AreaID) })
	slices.SortFunc(out.ByKind, func(a, b Tally) int { return (b.Places - b.Looked) - (a.Places - a.Looked) })
	slices.SortStableFunc(out.Left, func(a, b Left) int {
		if a.Asked != b.Asked {
			return b.Asked - a.Asked
		}
		return strings.Compare(a.LastOn, b.LastOn)
	})
	out.Left = out.Left[:min(len(out.Left), leftMost)]
	return out
}

// daysSince is how many days lie between a day and now; far when it is "".
func daysSince(on string, now time.Time, far int) int {
	d, err := calendar.ParseDay(on)
	if err != nil {
		return far
	}
	return min(far, int(calendar.On(now).Time().Sub(d.Time()).Hours()/24+0.5))
}
