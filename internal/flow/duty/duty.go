// Package duty is a crew at a place in a time window: squads, fixed posts,
// market teams, patrols, volunteers. Who was there the crew's leader says, once
// for all; nobody checks in, and nobody is counted.
package duty

import (
	"slices"
	"strings"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/org"
)

// Kind is a kind of duty. Takes are the groups of kinds of problem that its
// crews take on while they are there; "*" is all of them.
type Kind struct {
	ID, Name, NameEN string
	Takes            []string
}

// In is the kind's name in a language.
func (k Kind) In(lang string) string { return fault.Text{ZH: k.Name, EN: k.NameEN}.In(lang) }

// takes reports whether crews of the kind take problems of a group.
func (k Kind) takes(group string) bool {
	return slices.Contains(k.Takes, "*") || slices.Contains(k.Takes, group)
}

// Team is a standing body of people.
type Team struct {
	ID, Code, Name string
	Kind           string
	UnitID         string
	AreaID         string // where it works, or "": where it is sent
	PlaceID        string
	LeaderID       string
	EndedOn        string // first day it is no more, or ""
	People         []string
}

// Member is somebody of a crew. Present is "" until the leader has said.
type Member struct {
	PersonID string
	Present  string // "", yes or no
}

// Duty is one crew at one place in one time window. Times are Unix
// milliseconds; a duty that ends after midnight belongs to the day it begins.
type Duty struct {
	ID, Kind, Name  string
	TeamID          string
	UnitID          string // that plans it, or "": the headquarters
	AreaID, PlaceID string
	OnDay           string
	FromAt, ToAt    int64
	Size            int
	LeaderID        string
	RosterID        string
	CancelledAt     int64
	ConfirmedAt     int64
	ConfirmedBy     string
	Note            string
	Version         int64
	People          []Member
}

// Has reports whether somebody is of the crew.
func (d Duty) Has(person string) bool {
	return slices.ContainsFunc(d.People, func(m Member) bool { return m.PersonID == person })
}

// Crew are the ids of its people.
func (d Duty) Crew() []string {
	out := make([]string, len(d.People))
	for i, m := range d.People {
		out[i] = m.PersonID
	}
	return out
}

// LeaderFirst are the ids of its people, the leader's before the others'.
func (d Duty) LeaderFirst() []string {
	if !d.Has(d.LeaderID) {
		return d.Crew()
	}
	rest := slices.DeleteFunc(d.Crew(), func(id string) bool { return id == d.LeaderID })
	return append([]string{d.LeaderID}, rest...)
}

// Plan makes a duty.
func Plan(tx *db.Tx, who org.Actor, in Draft) (Duty, error) {
	d, err := shape(tx, in)
	if err != nil {
		return d, err
	}
	if err := mayPlan(who, d); err != nil {
		return d, err
	}
	if err := near(tx, d.OnDay); err != nil {
		return d, err
	}
	if err := fits(tx, d); err != nil {
		return d, err
	}
	d.Version = 1
	if err := insert(tx, d); err != nil {
		return d, err
	}
	return d, changed(tx, who, "duty.planned", d)
}

// Change plans a duty anew that is not over or called off; one that is running
// may be changed until it ends, also when its leader has said who is there.
func Change(tx *db.Tx, who org.Actor, in Draft) (Duty, error) {
	old, err := ByID(tx, in.ID)
	if err != nil {
		return old, err
	}
	return change(tx, who, old, in)
}

// change is Change of a duty as it was, though its crew has been let go since.
func change(tx *db.Tx, who org.Actor, old Duty, in Draft) (Duty, error) {
	if err := mayPlan(who, old); err != nil {
		return old, err
	}
	if err := ahead(tx, old); err != nil {
		return old, err
	}
	if in.Version != 0 && in.Version != old.Version {
		return old, fault.New(fault.Conflict, "duty.changed", "这次值守刚被别人改过，请刷新后再改。", "Somebody has just changed this duty; reload and try again.")
	}
	in.Roster = old.RosterID
	d, err := shape(tx, in)
	if err != nil {
		return d, err
	}
	if err := mayPlan(who, d); err != nil {
		return d, err
	}
	if d.OnDay != old.OnDay {
		if err := near(tx, d.OnDay); err != nil {
			return d, err
		}
	}
	if err := fits(tx, d); err != nil {
		return d, err
	}
	d.Version = old.Version + 1
	d.keepConfirmed(old, tx.Now())
	if err := replace(tx, d); err != nil {
		return d, err
	}
	return d, changed(tx, who, "duty.changed", d, gone(old, d)...)
}

// keepConfirmed keeps what the leader has said of those who stay. Whoever comes
// later is unconfirmed until the leader corrects; a duty put off to later has
// nobody there yet.
func (d *Duty) keepConfirmed(old Duty, now int64) {
	if old.ConfirmedAt == 0 || d.FromAt > now {
		return
	}
	d.ConfirmedAt, d.ConfirmedBy = old.ConfirmedAt, old.ConfirmedBy
	for i, m := range d.People {
		at := slices.IndexFunc(old.People, func(o Member) bool { return o.PersonID == m.PersonID })
		if at >= 0 {
			d.People[i].Present = old.People[at].Present
		}
	}
}

// gone are who was of a crew and no longer is.
func gone(old, now Duty) []string {
	return slices.DeleteFunc(old.Crew(), func(id string) bool { return now.Has(id) })
}

// Cancel calls a duty off, with the reason for its crew; also one that is over
// and that nobody has confirmed, since it may have been planned by mistake.
func Cancel(tx *db.Tx, who org.Actor, id, note string) (Duty, error) {
	d, err := ByID(tx, id)
	if err != nil {
		return d, err
	}
	if err := mayPlan(who, d); err != nil {
		return d, err
	}
	if err := ahead(tx, d); err != nil && (d.CancelledAt > 0 || d.ConfirmedAt > 0) {
		return d, err
	}
	if strings.TrimSpace(note) == "" {
		return d, fault.New(fault.Invalid, "duty.why", "请写明取消原因，队员会看到。", "Say why; the crew will read it.").In("note", "必填", "required")
	}
	d.CancelledAt, d.Note = tx.Now(), note
	d.Version++
	if err := replace(tx, d); err != nil {
		return d, err
	}
	return d, changed(tx, who, "duty.cancelled", d)
}

// Confirm says for the whole crew who was there: everybody but the absent.
// Who was away is a matter of the crew, never of a statistic of persons.
func Confirm(tx *db.Tx, who org.Actor, id string, absent []string) (Duty, error) {
	d, err := ByID(tx, id)
	if err != nil {
		return d, err
	}
	if !who.StandsFor(d.LeaderID) {
		if err := mayPlan(who, d); err != nil {
			return d, fault.New(fault.Denied, "duty.leader", "由组长（或其代理人）一次为全组确认。", "The crew's leader confirms for all.")
		}
	}
	if d.CancelledAt > 0 || d.FromAt > tx.Now() {
		return d, fault.New(fault.Conflict, "duty.not_begun", "值守还没有开始（或已取消），不能确认到岗。", "The duty has not begun or is cancelled.")
	}
	for _, id := range absent {
		if !d.Has(id) {
			return d, fault.New(fault.Invalid, "duty.not_in", "名单里有不在本组的人。", "Somebody named is not of this crew.").In("absent", "不在本组", "not of the crew")
		}
	}
	d.ConfirmedAt, d.ConfirmedBy = tx.Now(), who.ID
	d.Version++
	for i := range d.People {
		d.People[i].Present = "yes"
		if slices.Contains(absent, d.People[i].PersonID) {
			d.People[i].Present = "no"
		}
	}
	if err := replace(tx, d); err != nil {
		return d, err
	}
	return d, changed(tx, who, "duty.confirmed", d)
}

func mayPlan(who org.Actor, d Duty) error {
	return who.May(org.PlanDuty, org.Target{Area: d.AreaID, Units: []string{d.UnitID}})
}

func ahead(tx *db.Tx, d Duty) error {
	if d.CancelledAt > 0 {
		return fault.New(fault.Conflict, "duty.cancelled", "这次值守已取消。", "This duty has been cancelled.")
	}
	if d.ToAt <= tx.Now() {
		return fault.New(fault.Conflict, "duty.over", "这次值守已经结束，不能再改。", "This duty is over and stays as it was.")
	}
	return nil
}

// told is what the log keeps of a duty.
type told struct {
	Name     string   `json:"name"`
	Kind     string   `json:"kind"`
	Area     string   `json:"area"`
	Place    string   `json:"place,omitempty"`
	FromAt   int64    `json:"from_at"`
	ToAt     int64    `json:"to_at"`
	Leader   string   `json:"leader"`
	People   []string `json:"people"`
	Absent   []string `json:"absent,omitempty"`
	Note     string   `json:"note,omitempty"`
	Instead  string   `json:"instead,omitempty"`
	Gone     []string `json:"gone,omitempty"` // who was of the crew before
	Roster   string   `json:"roster,omitempty"`
	Handover string   `json:"handover,omitempty"`
}

func tell(d Duty) told {
	t := told{Name: d.Name, Kind: d.Kind, Area: d.AreaID, Place: d.PlaceID, FromAt: d.FromAt, ToAt: d.ToAt, Leader: d.LeaderID, People: d.Crew(), Note: d.Note, Roster: d.RosterID}
	for _, m := range d.People {
		if m.Present == "no" {
			t.Absent = append(t.Absent, m.PersonID)
		}
	}
	return t
}

// changed tells of a duty and has what is kept of duties in memory built anew.
func changed(tx *db.Tx, who org.Actor, kind string, d Duty, gone ...string) error {
	if err := db.Touch(tx, stamp); err != nil {
		return err
	}
	t := tell(d)
	t.Gone = gone
	_, err := event.Add(tx, who.ID, kind, d.ID, t)
	return err
}
