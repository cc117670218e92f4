package demo

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"chuangwei/internal/demo/town"
	"chuangwei/internal/flow/cases"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/geo"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/standard/pack"
)

// act is something somebody does at one time of the history.
type act struct {
	at time.Time
	do func(tx *db.Tx) error
}

// history replays the town's incidents through the verbs, in order of time,
// with the ladder and the draws running as they would.
func (b *builder) history(ctx context.Context) error {
	list := b.History(string(b.day0), func(day string) bool { return market.On(calendar.Day(day)) })
	if b.o.History > 0 && len(list) > b.o.History {
		list = list[len(list)-b.o.History:]
	}
	w := &writer{builder: b, r: rand.New(rand.NewPCG(b.o.Seed, 7)), ids: map[int]string{}}
	var standard *pack.Pack
	if err := b.db.Read(ctx, func(tx *db.Tx) (err error) { standard, err = roundStandard(tx); return err }); err != nil {
		return err
	}
	a, shots := w.assess(standard)
	var err error
	if w.pictures, err = b.draw(ctx, slices.Concat(list, shots)); err != nil {
		return err
	}
	for _, in := range list {
		w.script(in)
	}
	w.routine(list)
	a.schedule()
	slices.SortStableFunc(w.acts, func(x, y act) int { return x.at.Compare(y.at) })
	end := b.end()
	for i := 0; i < len(w.acts) && !w.acts[i].at.After(end); i++ { // acts may plan later acts
		a := w.acts[i]
		b.clock.at(a.at)
		if err := b.db.Write(ctx, a.do); err != nil && !refusable(err) {
			return fmt.Errorf("at %s: %w", a.at.Format(time.DateTime), err)
		}
		if i%100 == 0 {
			b.o.Progress("历史 history", i, len(w.acts))
		}
	}
	return nil
}

// end is when history stops and the real clock takes over.
func (b *builder) end() time.Time {
	end := b.day0.Time().Add(town.Now * time.Minute)
	if now := time.Now(); now.Before(end) {
		return now
	}
	return end
}

// refusable errors are what happens in life too: somebody was faster, or may not.
func refusable(err error) bool {
	f, ok := fault.As(err)
	return ok && (f.Kind == fault.Conflict || f.Kind == fault.Denied)
}

// writer turns incidents into acts.
type writer struct {
	*builder
	r        *rand.Rand
	ids      map[int]string // incident number → case id
	pictures map[picture]string
	acts     []act
}

func (w *writer) plan(at time.Time, do func(tx *db.Tx) error) { w.acts = append(w.acts, act{at, do}) }

// script plans everything that happens with one incident.
func (w *writer) script(in town.Incident) {
	t0 := calendar.Day(in.Day).Time().Add(time.Duration(in.Minute) * time.Minute)
	id := w.id("case", fmt.Sprint(in.No))
	w.ids[in.No] = id
	after := func(hours float64) time.Time { return t0.Add(time.Duration(hours * float64(time.Hour))) }
	w.plan(t0, func(tx *db.Tx) error { return w.report(tx, in, id, t0) })
	c := in.Course
	if c.Accept > 0 {
		w.plan(after(c.Accept), w.owner(id, cases.Move{Move: cases.Accept}))
	}
	if c.Step > 0 {
		w.turn(in, id, after(c.Step))
	}
	if c.Fix > 0 {
		w.plan(after(c.Fix), func(tx *db.Tx) error { return w.fix(tx, in, id, after(c.Fix)) })
	}
	if c.Verify > 0 {
		w.plan(after(c.Verify), w.verifier(id, cases.Move{Move: cases.Verify}))
	}
}

// turn plans what makes an incident other than plain.
func (w *writer) turn(in town.Incident, id string, at time.Time) {
	c := in.Course
	switch c.Outcome {
	case town.Returned:
		w.plan(at, func(tx *db.Tx) error { return w.giveBack(tx, in, id) })
	case town.Blocked:
		w.plan(at, w.owner(id, cases.Move{Move: cases.Block, Reason: []string{"money", "department", "law"}[in.No%3], Note: c.Reason}))
		w.plan(at.Add(3*time.Hour), w.centre("zhiban", id, cases.Move{Move: cases.Agree}))
	case town.Extended:
		w.plan(at, func(tx *db.Tx) error { return w.askDays(tx, id, c) })
		w.plan(at.Add(2*time.Hour), w.centre("zhiban", id, cases.Move{Move: cases.Agree}))
	case town.Reworked:
		w.plan(at.Add(-2*time.Hour), func(tx *db.Tx) error { return w.fix(tx, in, id, at.Add(-2*time.Hour)) })
		w.plan(at, w.verifier(id, cases.Move{Move: cases.Rework, Note: c.Reason}))
	case town.Rejected:
		w.plan(at, w.centre("diaodu", id, cases.Move{Move: cases.Reject, Note: c.Reason}))
	case town.Duplicate:
		w.plan(at, func(tx *db.Tx) error {
			if w.ids[c.Original] == "" { // cut off with the older history
				return nil
			}
			return w.as("diaodu", cases.Move{Case: id, Move: cases.Merge, Into: w.ids[c.Original]})(tx)
		})
	}
}

// askDays asks for some days beyond the due day.
func (w *writer) askDays(tx *db.Tx, id string, c town.Course) error {
	k, err := cases.ByID(tx, id)
	if err != nil {
		return err
	}
	until := max(calendar.On(time.UnixMilli(k.DueAt)), calendar.On(tx.Time())).Add(max(1, c.ExtraDays))
	return w.owner(id, cases.Move{Move: cases.AskExtension, Note: c.Reason, UntilOn: string(until)})(tx)
}

// freshHours is how long ago residents' unclear reports still wait at the desk.
const freshHours = 16

// report takes an incident in. Residents often do not know the kind: older
// ones the desk has decided, the newest still wait for it.
func (w *writer) report(tx *db.Tx, in town.Incident, id string, at time.Time) error {
	rep := cases.Report{ID: id, Text: in.Text, Kind: in.Kind, Place: in.PlaceCode, Point: &geo.Point{Lat: in.Lat, Lon: in.Lon}, Address: in.Address, MadeAt: at.UnixMilli()}
	if in.Course.Outcome == town.Duplicate {
		rep.Place = "" // the second finder stands a few steps away
	}
	fresh := at.After(w.end().Add(-freshHours * time.Hour))
	unclear := in.Channel == town.ByResident && (fresh || in.No%3 == 0)
	if unclear {
		rep.Kind = ""
	}
	var err error
	if rep.Photos, err = w.arrive(tx, in, false, at); err != nil {
		return err
	}
	who := org.Resident
	rep.Channel = "resident"
	if in.Reporter != "" {
		rep.Channel = map[town.Channel]string{town.ByInspector: "inspector", town.ByChief: "chief"}[in.Channel]
		if rep.Channel == "" {
			rep.Channel = "cadre"
		}
		if who, err = w.actor(tx, w.id("person", in.Reporter)); err != nil {
			return err
		}
	}
	if _, err := cases.Receive(tx, who, rep); err != nil {
		return err
	}
	if unclear && !fresh && in.Course.Accept > 0 {
		w.late(at.Add(40*time.Minute), w.centre("diaodu", id, cases.Move{Move: cases.Assign, Kind: in.Kind}))
	}
	return nil
}

// late plans an act while history is already running.
func (w *writer) late(at time.Time, do func(tx *db.Tx) error) {
	i, _ := slices.BinarySearchFunc(w.acts, at, func(a act, t time.Time) int { return a.at.Compare(t) })
	w.acts = slices.Insert(w.acts, i, act{at, do})
}

func (w *writer) actor(tx *db.Tx, personID string) (org.Actor, error) {
	p, err := org.PersonByID(tx, personID)
	if err != nil {
		return org.Actor{}, err
	}
	return org.ActorOf(tx, p, string(calendar.On(tx.Time())))
}

func (w *writer) byLogin(login string) string {
	i := slices.IndexFunc(w.People, func(p town.Person) bool { return p.Login == login })
	return w.id("person", w.People[i].Code)
}

func (w *writer) as(login string, m cases.Move) func(*db.Tx) error {
	return func(tx *db.Tx) error {
		who, err := w.actor(tx, w.byLogin(login))
		if err == nil {
			_, err = cases.Do(tx, who, m)
		}
		return err
	}
}

func (w *writer) centre(login, id string, m cases.Move) func(*db.Tx) error {
	m.Case = id
	return w.as(login, m)
}

// living is the case itself, or the one it was merged into when it came back.
func living(tx *db.Tx, id string) (cases.Case, error) {
	c, err := cases.ByID(tx, id)
	if err == nil && c.State == cases.Merged {
		c, err = cases.ByID(tx, c.MergedInto)
	}
	return c, err
}

// owner acts as whoever owns the case then.
func (w *writer) owner(id string, m cases.Move) func(*db.Tx) error {
	return func(tx *db.Tx) error {
		c, err := living(tx, id)
		if err != nil || c.OwnerID == "" {
			return err
		}
		m.Case = c.ID
		who, err := w.actor(tx, c.OwnerID)
		if err == nil {
			_, err = cases.Do(tx, who, m)
		}
		return err
	}
}

// verifier acts as the centre's verifier, or an inspector when it is their unit.
func (w *writer) verifier(id string, m cases.Move) func(*db.Tx) error {
	return func(tx *db.Tx) error {
		c, err := living(tx, id)
		if err != nil {
			return err
		}
		m.Case = c.ID
		err = w.as("hecha", m)(tx)
		if fault.Code(err) == "case.same_crew" {
			err = w.as("xuncha", m)(tx)
		}
		return err
	}
}

func (w *writer) fix(tx *db.Tx, in town.Incident, id string, at time.Time) error {
	photos, err := w.arrive(tx, in, true, at)
	if err != nil {
		return err
	}
	return w.owner(id, cases.Move{Move: cases.Fix, Photos: photos, Note: "已清理完毕，请核查。"})(tx)
}

func (w *writer) giveBack(tx *db.Tx, in town.Incident, id string) error {
	m := cases.Move{Move: cases.Return, Note: in.Course.Reason}
	if in.Course.ToRole != "" {
		u, err := org.UnitByRole(tx, in.Course.ToRole)
		if err != nil && !errors.Is(err, db.ErrNone) {
			return err
		}
		m.ToUnit = u.ID
	}
	return w.owner(id, m)(tx)
}

// routine plans the ladder and the draws of every day, and the second looks
// that inspectors take.
func (w *writer) routine(list []town.Incident) {
	if len(list) == 0 {
		return
	}
	for d := calendar.Day(list[0].Day); d <= w.day0; d = d.Add(1) {
		w.plan(d.Time().Add(7*time.Hour), func(tx *db.Tx) error { _, err := cases.DrawRechecks(tx); return err })
		for _, h := range []time.Duration{8, 13, 18} {
			w.plan(d.Time().Add(h*time.Hour+5*time.Minute), climbAll)
		}
		w.plan(d.Time().Add(16*time.Hour), w.lookAgain)
	}
}

func climbAll(tx *db.Tx) error {
	for after := ""; ; {
		next, _, err := cases.Climb(tx, after)
		if err != nil || next == "" {
			return err
		}
		after = next
	}
}

// lookAgain does about half of the drawn second looks; one in twelve fails.
func (w *writer) lookAgain(tx *db.Tx) error {
	who, err := w.actor(tx, w.byLogin("xuncha"))
	if err != nil {
		return err
	}
	page, err := cases.List(tx, who, cases.Filter{Flags: []string{"recheck"}, Limit: 50})
	if err != nil {
		return err
	}
	for i, c := range page.Items {
		if i%2 == 1 {
			continue
		}
		m := cases.Move{Case: c.ID, Move: cases.RecheckOK}
		if w.r.IntN(12) == 0 {
			m.Move, m.Note = cases.RecheckBad, "现场又出现同样问题，没有保持住。"
		}
		if _, err := cases.Do(tx, who, m); err != nil && !refusable(err) {
			return err
		}
	}
	return nil
}
