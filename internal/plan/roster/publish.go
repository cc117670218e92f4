package roster

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"chuangwei/internal/flow/duty"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"

	"github.com/google/uuid"
)

// Published counts what publishing did to duties.
type Published struct {
	Made, Changed, Cancelled, Same int

	Version int64 // of the roster by then
}

// mostPublished is how many days one publishing may cover: it is one write.
const mostPublished = 31

// dutyID is the duty of a squad: the same however often it is published.
func dutyID(roster, key string) string {
	return uuid.NewSHA1(uuid.NameSpaceOID, []byte(roster+"/"+key)).String()
}

// Publish makes duties of the kept plan from one day to another. What has been
// published before is changed only where the plan has changed since: swaps,
// changes by hand and duties called off stay. Duties that have begun stay too.
// Version is as with Keep.
func Publish(tx *db.Tx, who org.Actor, id, from, to string, version int64) (out Published, err error) {
	r, err := own(tx, who, id)
	if err != nil {
		return out, err
	}
	if !r.seen(version) {
		return out, changed()
	}
	if r.Plan == nil {
		return out, fault.New(fault.Conflict, "roster.no_plan", "还没有采用过方案。", "No plan has been kept yet.")
	}
	day, err1 := calendar.ParseDay(from)
	last, err2 := calendar.ParseDay(to)
	if err1 != nil || err2 != nil || from > to || last >= day.Add(mostPublished) {
		return out, fault.New(fault.Invalid, "roster.days", "请选择要发布的日期，一次最多 %[1]d 天。", "Choose the days, at most %[1]d at once.", mostPublished).In("from", "最多 %[1]d 天", "at most %[1]d days", mostPublished)
	}
	p := publisher{tx: tx, who: who, roster: r, led: map[string]int{}}
	if p.q, err = ask(tx, r, r.Rules); err != nil {
		return out, err
	}
	if err := p.publish(from, to); err != nil {
		return out, err
	}
	p.done.Version = p.roster.Version
	_, err = event.Add(tx, who.ID, "roster.published", r.ID, map[string]any{"from": from, "to": to, "made": p.done.Made, "changed": p.done.Changed, "cancelled": p.done.Cancelled})
	return p.done, err
}

type publisher struct {
	tx     *db.Tx
	who    org.Actor
	roster Roster
	q      *question
	led    map[string]int
	drafts []duty.Draft
	done   Published
}

// publish calls off what the plan has no more before it asks people to come
// elsewhere.
func (p *publisher) publish(from, to string) error {
	for _, d := range p.q.duties {
		p.led[d.LeaderID]++
	}
	p.roster.Published = maps.Clone(p.roster.Published)
	if p.roster.Published == nil {
		p.roster.Published = map[string][]string{}
	}
	if err := p.gone(from, to); err != nil {
		return err
	}
	for _, s := range p.roster.Plan.Squads {
		if on := strings.Split(s.Key, "/")[2]; on >= from && on <= to {
			p.put(s)
		}
	}
	if err := p.q.unfit(p.drafts, calendar.Day(to)); err != nil {
		return err
	}
	if err := duty.PutPlanned(p.tx, p.who, p.drafts); err != nil {
		return err
	}
	return update(p.tx, &p.roster)
}

// put drafts the duty of a squad, if it is not as planned.
func (p *publisher) put(s Squad) {
	old, made := p.q.duties[dutyID(p.roster.ID, s.Key)]
	if made && p.q.settled(old) || p.q.calledOff(s.Key) {
		p.done.Same++
		return
	}
	crew := slices.Sorted(slices.Values(s.People))
	if stands := made && old.CancelledAt == 0; stands {
		if crew = p.q.crew(s, old); slices.Equal(crew, old.Crew()) {
			p.roster.Published[s.Key] = s.People
			p.done.Same++
			return
		}
	}
	in, ok := p.draft(s, crew)
	if !ok {
		return
	}
	p.roster.Published[s.Key] = s.People
	if made && slices.Contains(crew, old.LeaderID) {
		in.Leader = old.LeaderID
	} else {
		in.Leader = p.q.leader(crew, p.led)
	}
	p.drafts = append(p.drafts, in)
	if made {
		p.done.Changed++
	} else {
		p.done.Made++
	}
}

// draft is not ok when the registers know the squad's area or place no more,
// and when nobody would come: it has none, or its time had passed before it was
// ever published.
func (p *publisher) draft(s Squad, people []string) (duty.Draft, bool) {
	n, ok := p.q.need[s.Key]
	if !ok || len(people) == 0 || p.q.begun(p.q.now)(p.q.Needs[n]) {
		return duty.Draft{}, false
	}
	need, want := p.q.Needs[n], p.q.wants[n]
	shift := p.q.rules.Shifts[need.Shift]
	from, to := shift.minutes()
	area := p.q.areas[need.Area]
	in := duty.Draft{ID: dutyID(p.roster.ID, s.Key), Kind: "squad", Name: fmt.Sprintf("%s小分队·%s", area.Name, shift.Name), Area: area.ID, On: string(p.q.days[need.Day]),
		From: from, To: to % 1440, Size: need.Size, People: people, Roster: p.roster.ID}
	if want.place.ID != "" {
		in.Kind, in.Place, in.Name = "post", want.place.ID, fmt.Sprintf("%s蹲点·%s", want.place.Name, shift.Name)
	}
	return in, true
}

// gone calls off the duties of squads that the plan has no more.
func (p *publisher) gone(from, to string) error {
	has, called := map[string]bool{}, map[string]bool{}
	for _, s := range p.roster.Plan.Squads {
		has[dutyID(p.roster.ID, s.Key)] = true
	}
	for _, id := range sorted(p.q.duties) {
		d := p.q.duties[id]
		if has[id] || d.OnDay < from || d.OnDay > to || d.CancelledAt > 0 || d.FromAt <= p.tx.Now() {
			continue
		}
		if _, err := duty.Cancel(p.tx, p.who, id, "编排调整，本次值守取消"); err != nil {
			return err
		}
		p.done.Cancelled++
		called[id] = true
	}
	maps.DeleteFunc(p.roster.Published, func(key string, _ []string) bool { return called[dutyID(p.roster.ID, key)] })
	return nil
}
