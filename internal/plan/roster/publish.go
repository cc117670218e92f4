package roster

import (
	"fmt"
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
type Published struct{ Made, Changed, Cancelled, Same int }

// mostPublished is how many days one publishing may cover: it is one write.
const mostPublished = 31

// dutyID is the duty of a squad: the same however often it is published.
func dutyID(roster, key string) string {
	return uuid.NewSHA1(uuid.NameSpaceOID, []byte(roster+"/"+key)).String()
}

// Publish makes duties of the kept plan from one day to another. What has been
// published before is changed only where the plan differs; duties that have
// begun stay.
func Publish(tx *db.Tx, who org.Actor, id, from, to string) (out Published, err error) {
	r, err := own(tx, who, id)
	if err != nil {
		return out, err
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
	if err := p.ready(); err != nil {
		return out, err
	}
	for pass := range 2 { // those who leave a squad first, so that nobody is twice on a day for a moment
		for _, s := range r.Plan.Squads {
			if on := strings.Split(s.Key, "/")[2]; on >= from && on <= to {
				if err := p.put(s, pass == 0); err != nil {
					return out, err
				}
			}
		}
	}
	if err := p.gone(from, to); err != nil {
		return out, err
	}
	_, err = event.Add(tx, who.ID, "roster.published", r.ID, map[string]any{"from": from, "to": to, "made": p.done.Made, "changed": p.done.Changed, "cancelled": p.done.Cancelled})
	return p.done, err
}

type publisher struct {
	tx     *db.Tx
	who    org.Actor
	roster Roster
	q      *question
	known  map[string]duty.Duty
	led    map[string]int
	done   Published
}

func (p *publisher) ready() error {
	q, err := ask(p.tx, p.roster, p.roster.Rules)
	if err != nil {
		return err
	}
	p.q, p.known = q, map[string]duty.Duty{}
	list, err := duty.Of(p.tx, p.roster.ID)
	for _, d := range list {
		p.known[d.ID] = d
		p.led[d.LeaderID]++
	}
	return err
}

// put makes or changes the duty of a squad. In the first pass only people
// leave, in the second they join.
func (p *publisher) put(s Squad, leaving bool) error {
	old, published := p.known[dutyID(p.roster.ID, s.Key)]
	if published && (old.FromAt <= p.tx.Now() || old.ConfirmedAt > 0) {
		if !leaving {
			p.done.Same++
		}
		return nil
	}
	people := s.People
	if leaving {
		if !published || old.CancelledAt > 0 {
			return nil
		}
		people = slices.DeleteFunc(old.Crew(), func(id string) bool { return !slices.Contains(s.People, id) })
		if len(people) == len(old.People) || len(people) == 0 {
			return nil
		}
	}
	return p.write(s, old, published, people, leaving)
}

func (p *publisher) write(s Squad, old duty.Duty, published bool, people []string, leaving bool) error {
	if published && old.CancelledAt == 0 && !leaving && slices.Equal(slices.Sorted(slices.Values(people)), old.Crew()) {
		p.done.Same++
		return nil
	}
	in, ok := p.draft(s, people)
	if !ok { // the rules that are kept know this squad no more
		return nil
	}
	if published && slices.Contains(people, old.LeaderID) {
		in.Leader = old.LeaderID
	} else {
		in.Leader = p.q.leader(people, p.led)
	}
	d, err := duty.PutPlanned(p.tx, p.who, in)
	if err != nil {
		return err
	}
	p.known[d.ID] = d
	switch {
	case leaving:
	case published:
		p.done.Changed++
	default:
		p.done.Made++
	}
	return nil
}

func (p *publisher) draft(s Squad, people []string) (duty.Draft, bool) {
	n, ok := p.q.need[s.Key]
	if !ok {
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
	has := map[string]bool{}
	for _, s := range p.roster.Plan.Squads {
		has[dutyID(p.roster.ID, s.Key)] = true
	}
	for _, id := range sorted(p.known) {
		d := p.known[id]
		if has[id] || d.OnDay < from || d.OnDay > to || d.CancelledAt > 0 || d.FromAt <= p.tx.Now() {
			continue
		}
		if _, err := duty.Cancel(p.tx, p.who, id, "编排调整，本次值守取消"); err != nil {
			return err
		}
		p.done.Cancelled++
	}
	return nil
}
