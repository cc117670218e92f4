// Package feed is somebody's due days and duties, or the duties of a team or an
// area, as an iCalendar (RFC 5545) that the calendar of their phone or office
// reads: a secret address each, which they can end. It names kind and place of
// a case, never what a resident wrote.
package feed

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"chuangwei/internal/flow/cases"
	"chuangwei/internal/flow/duty"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/place"
	"chuangwei/internal/register/standard"

	ics "github.com/arran4/golang-ical"
)

// Feed is one address.
type Feed struct {
	ID, PersonID, Name string
	TeamID, AreaID     string // whose duties instead of the person's own days
	MadeAt             int64
}

const most = 5

// Make gives the actor a new address; the secret in it is returned once.
// Its name, and the team or area whose duties it shows, are the actor's choice.
func Make(tx *db.Tx, who org.Actor, f Feed) (made Feed, secret string, err error) {
	if who.ID == "" {
		return f, "", org.NobodySignedIn
	}
	name := strings.TrimSpace(f.Name)
	var c fault.Check
	c.That(name != "" && len([]rune(name)) <= 40, "name", "名称必填，最多 40 字", "a name of at most 40 characters is required")
	if err := c.Err(); err != nil {
		return f, "", err
	}
	list, err := Feeds(tx, who)
	if err != nil {
		return f, "", err
	}
	if len(list) >= most {
		return f, "", fault.New(fault.Conflict, "feed.many", "最多 %[1]d 个，请先停用不用的。", "At most %[1]d; end one first.", most)
	}
	if err := mayShow(tx, who, f); err != nil {
		return f, "", err
	}
	f.PersonID, f.Name, f.MadeAt = who.ID, name, tx.Now()
	secret = strings.ToLower(rand.Text())
	if err := insert(tx, f, digest(secret)); err != nil {
		return f, "", err
	}
	_, err = event.Add(tx, who.ID, "feed.made", f.ID, nil)
	return f, secret, err
}

// mayShow refuses duties that the actor does not see.
func mayShow(tx *db.Tx, who org.Actor, f Feed) error {
	if f.AreaID != "" {
		return who.May(org.SeeDuty, org.Target{Area: f.AreaID})
	}
	if f.TeamID == "" {
		return nil
	}
	list, err := duty.Teams(tx, who)
	if err == nil && !slices.ContainsFunc(list, func(t duty.Team) bool { return t.ID == f.TeamID }) {
		err = org.Denied(org.SeeDuty)
	}
	return err
}

// Choices are the teams and areas whose duties the actor may have in a
// calendar; teams that have ended are not among them.
func Choices(tx *db.Tx, who org.Actor) ([]duty.Team, []place.Area, error) {
	teams, err := duty.Teams(tx, who)
	if err != nil {
		return nil, nil, err
	}
	on := string(calendar.On(tx.Time()))
	teams = slices.DeleteFunc(teams, func(t duty.Team) bool { return t.EndedOn != "" && t.EndedOn <= on })
	areas, err := place.Areas(tx)
	areas = slices.DeleteFunc(areas, func(a place.Area) bool { return !who.Can(org.SeeDuty, org.Target{Area: a.ID}) })
	return teams, areas, err
}

// End makes an address of the actor's own useless.
func End(tx *db.Tx, who org.Actor, id string) error {
	n, err := end(tx, who.ID, id)
	if err != nil {
		return err
	}
	if n == 0 {
		return errNone
	}
	_, err = event.Add(tx, who.ID, "feed.ended", id, nil)
	return err
}

var errNone = fault.New(fault.NotFound, "feed.none", "没有这个日历地址，或已停用。", "There is no such calendar, or it has ended.")

func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// shown is how long what is done stays in the calendar.
const shown = 30 * 24 * time.Hour

// Write writes the calendar behind a secret address; origin makes its links.
func Write(tx *db.Tx, secret, origin string, w io.Writer) error {
	f, err := bySecret(tx, digest(secret))
	if errors.Is(err, db.ErrNone) {
		return errNone
	}
	if err != nil {
		return err
	}
	on := string(calendar.On(tx.Time()))
	p, err := org.PersonByID(tx, f.PersonID)
	if err != nil {
		return err
	}
	if p.LeftOn != "" && p.LeftOn <= on {
		return errNone
	}
	who, err := org.ActorOf(tx, p, on)
	if err != nil {
		return err
	}
	names, err := namesOf(tx)
	if err != nil {
		return err
	}
	cal := ics.NewCalendarFor("chuangwei")
	cal.SetMethod(ics.MethodPublish)
	cal.SetXWRCalName(f.called(who))
	cal.SetXPublishedTTL("PT1H")
	if err := fill(tx, cal, names, f, who, origin); err != nil {
		return err
	}
	return cal.SerializeTo(w, ics.WithNewLineWindows)
}

// called is the name under which a calendar program lists it. One's own says
// whose it is: what it was named when it was made tells the device.
func (f Feed) called(who org.Actor) string {
	if f.TeamID != "" || f.AreaID != "" {
		return f.Name
	}
	return fault.Say("我的值守 — %[1]s", "My duties — %[1]s", who.Name).In(who.Lang)
}

// fill puts in the duties, and of somebody's own calendar the due days.
func fill(tx *db.Tx, cal *ics.Calendar, names names, f Feed, who org.Actor, origin string) error {
	err := mayShow(tx, who, f)
	if _, refused := fault.As(err); refused {
		return errNone // the owner sees this no longer
	}
	if err != nil {
		return err
	}
	day := calendar.On(tx.Time())
	duties, err := duty.Shown(tx, duty.Whose{Person: who.ID, Team: f.TeamID, Area: f.AreaID}, string(day.Add(-30)), string(day.Add(90)))
	if err != nil {
		return err
	}
	ids := make([]string, len(duties))
	for i, d := range duties {
		ids[i] = d.ID
	}
	changed, err := event.LastOf(tx, ids)
	if err != nil {
		return err
	}
	for _, d := range duties {
		names.duty(cal, d, time.UnixMilli(changed[d.ID]).UTC(), origin, who.Lang)
	}
	if f.TeamID != "" || f.AreaID != "" {
		return nil
	}
	list, err := owned(tx, who)
	for _, c := range list {
		names.put(cal, c, origin, who.Lang)
	}
	return err
}

// owned lists the actor's cases that are open, or were done not long ago.
func owned(tx *db.Tx, who org.Actor) (out []cases.Case, err error) {
	since := tx.Time().Add(-shown).UnixMilli()
	for _, f := range []cases.Filter{{Mine: "owner", Flags: []string{"open"}, ByDue: true, Limit: 200}, {Mine: "owner", States: []cases.State{cases.Closed, cases.Rejected, cases.Merged}, Limit: 200}} {
		page, err := cases.List(tx, who, f)
		if err != nil {
			return nil, err
		}
		for _, c := range page.Items {
			if c.DueAt > 0 && (c.State.Open() || c.UpdatedAt >= since) {
				out = append(out, c)
			}
		}
	}
	return out, nil
}

// names are what is put into words.
type names struct {
	kinds  map[string]standard.Kind
	places map[string]place.Place
	areas  map[string]string
	people *org.Book
}

func namesOf(tx *db.Tx) (n names, err error) {
	n = names{kinds: map[string]standard.Kind{}, places: map[string]place.Place{}, areas: map[string]string{}}
	if n.people, err = org.Names(tx); err != nil {
		return n, err
	}
	kinds, err := standard.Kinds(tx)
	if err != nil {
		return n, err
	}
	for _, k := range kinds {
		n.kinds[k.ID] = k
	}
	areas, err := place.Areas(tx)
	if err != nil {
		return n, err
	}
	for _, a := range areas {
		n.areas[a.ID] = a.Name
	}
	places, err := place.All(tx)
	for _, p := range places {
		n.places[p.ID] = p
	}
	return n, err
}

// put makes the due day of a case an all-day event: phones show no VTODO. What
// was called off stays, as called off, so that no calendar keeps it by mistake.
func (n names) put(cal *ics.Calendar, c cases.Case, origin, lang string) {
	e := cal.AddEvent(c.ID + "@chuangwei")
	day, _ := time.Parse(time.DateOnly, string(calendar.On(time.UnixMilli(c.DueAt)))) // a day of our own making
	e.SetAllDayStartAt(day)
	e.SetAllDayEndAt(day.AddDate(0, 0, 1))
	changed := time.UnixMilli(c.UpdatedAt).UTC()
	e.SetDtStampTime(changed)
	e.SetModifiedAt(changed)
	e.SetSequence(int(c.Version))
	e.SetTimeTransparency(ics.TransparencyTransparent)
	e.SetURL(origin + "/m/cases/" + c.ID)
	what := n.kinds[c.KindID].Name
	said := fault.Say("整改时限：%[1]s", "Due: %[2]s", what, n.kinds[c.KindID].NameEN)
	status := ics.ObjectStatusConfirmed
	switch c.State {
	case cases.Closed, cases.Fixed:
		said = fault.Say("已整改：%[1]s", "Fixed: %[2]s", what, n.kinds[c.KindID].NameEN)
	case cases.Rejected, cases.Merged:
		status = ics.ObjectStatusCancelled
	}
	e.SetStatus(status)
	e.SetSummary(said.In(lang) + " " + c.No)
	if where := n.places[c.PlaceID].Name; where != "" {
		e.SetLocation(where)
	} else if where := n.areas[c.AreaID]; where != "" {
		e.SetLocation(where)
	}
}

// duty makes a duty an event of its hours, with who leads and who comes along.
func (n names) duty(cal *ics.Calendar, d duty.Duty, changed time.Time, origin, lang string) {
	e := cal.AddEvent(d.ID + "@chuangwei")
	e.SetStartAt(time.UnixMilli(d.FromAt).UTC())
	e.SetEndAt(time.UnixMilli(d.ToAt).UTC())
	e.SetDtStampTime(changed)
	e.SetModifiedAt(changed)
	e.SetSequence(int(d.Version))
	e.SetURL(origin + "/m/duties/" + d.ID)
	e.SetSummary(d.Name)
	e.SetStatus(ics.ObjectStatusConfirmed)
	if d.CancelledAt > 0 {
		e.SetStatus(ics.ObjectStatusCancelled)
	}
	var crew []string
	for _, id := range d.LeaderFirst() {
		crew = append(crew, n.people.Name(id))
	}
	e.SetDescription(fault.Say("值守：%[1]s", "On duty: %[1]s", strings.Join(crew, "、")).In(lang))
	if where := n.places[d.PlaceID].Name; where != "" {
		e.SetLocation(where)
	} else if where := n.areas[d.AreaID]; where != "" {
		e.SetLocation(where)
	}
}
