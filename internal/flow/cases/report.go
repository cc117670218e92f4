package cases

import (
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"chuangwei/internal/kit/album"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/geo"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/place"
	"chuangwei/internal/register/standard"
)

// The window in which a second report of the same kind is likely the same
// problem (practice of the digital city management systems).
const (
	sameMetres = 50
	sameHours  = 24
)

// Receive takes in a report: it is located, routed to a unit and a named
// owner with a due instant, or left to the desk with the reason why. The same
// kind at the same place soon after closing reopens the old case instead.
func Receive(tx *db.Tx, who org.Actor, in Report) (Case, error) {
	if err := who.May(org.ReportCase, org.Target{}); err != nil {
		return Case{}, err
	}
	c, err := fresh(tx, who, in)
	if err != nil {
		return c, err
	}
	if err := locate(tx, &c); err != nil {
		return c, fmt.Errorf("cases: report: %w", err)
	}
	if err := c.gridBecause(tx); err != nil {
		return c, fmt.Errorf("cases: report: %w", err)
	}
	old, err := relapseOf(tx, c)
	if err != nil {
		return c, err
	}
	if old != nil {
		return receiveRelapse(tx, who, c, *old, in.Photos)
	}
	if err := decide(tx, who, &c, in.Decided); err != nil {
		return c, err
	}
	if err := c.hint(tx); err != nil {
		return c, err
	}
	return c, record(tx, who, c, in.Photos)
}

// record writes a new case with its photos and events.
func record(tx *db.Tx, who org.Actor, c Case, photos []string) error {
	if err := insert(tx, c); err != nil {
		return fmt.Errorf("cases: report: %w", err)
	}
	if err := addPhotos(tx, c.ID, "before", who.ID, photos); err != nil {
		return err
	}
	if err := addHelpers(tx, c.ID, c.helpers); err != nil {
		return err
	}
	_, err := event.Add(tx, who.ID, "case.reported", c.ID, Told{Note: c.Text, Photos: photos, Channel: c.Channel, MadeAt: c.MadeAt, Kind: c.KindID, Place: c.PlaceID, No: c.No})
	if err == nil && c.State == Assigned {
		_, err = event.Add(tx, org.System.ID, "case.assigned", c.ID, toldAssignment(c))
	}
	return err
}

func toldAssignment(c Case) Told {
	return Told{Owner: c.OwnerID, Unit: c.UnitID, DueAt: c.DueAt, Reasons: c.Reasons}
}

// fresh checks a report and makes a case of it.
func fresh(tx *db.Tx, who org.Actor, in Report) (Case, error) {
	if err := checkReport(tx, in); err != nil {
		return Case{}, err
	}
	c := Case{ID: in.ID, State: Reported, Text: strings.TrimSpace(in.Text), KindID: in.Kind, Address: strings.TrimSpace(in.Address),
		FinderID: who.ID, Channel: in.Channel, Contact: in.Contact, Outside: in.Outside, ReportedAt: tx.Now(), MadeAt: in.MadeAt, UpdatedAt: tx.Now(), Version: 1}
	if c.MadeAt <= 0 || c.MadeAt > tx.Now() {
		c.MadeAt = tx.Now()
	}
	if len(in.Photos) > 0 {
		c.Thumb = in.Photos[0]
	}
	if err := c.place(tx, in); err != nil {
		return c, err
	}
	if in.Channel == "resident" {
		c.Code = followCode()
	}
	no, err := number(tx, tx.Time().In(calendar.Zone).Year())
	c.No = no
	return c, err
}

func (c *Case) place(tx *db.Tx, in Report) error {
	if in.Place != "" {
		p, err := place.ByCode(tx, in.Place)
		if err != nil {
			return err
		}
		c.PlaceID, c.Point = p.ID, &geo.Point{Lat: p.Lat, Lon: p.Lon}
		if c.Address == "" {
			c.Address = p.Address
		}
	}
	if in.Point == nil {
		return nil
	}
	p, err := geo.ToWGS84(*in.Point, in.Datum)
	if err != nil {
		return fault.New(fault.Invalid, "case.datum", "坐标系不对：%[1]v", "Wrong datum: %[1]v", err)
	}
	if c.PlaceID == "" { // the place's own point is surer than a phone's
		c.Point = &p
		if in.Accuracy > 0 {
			c.Accuracy = &in.Accuracy
		}
	}
	return nil
}

func checkReport(tx *db.Tx, in Report) error {
	var c fault.Check
	c.That(in.ID != "", "id", "缺少编号", "the id is missing")
	c.That(strings.TrimSpace(in.Text) != "" || len(in.Photos) > 0, "text", "请拍一张照片或写一句话", "take a photo or write a line")
	c.That(len([]rune(in.Text)) <= 2000, "text", "说明最多2000字", "the text may have at most 2,000 characters")
	c.That(len(in.Photos) <= 9, "photos", "最多9张照片", "at most 9 photos")
	c.That(in.Point == nil || in.Point.Valid(), "lat", "坐标不在有效范围内", "the coordinates are out of range")
	if err := c.Err(); err != nil {
		return err
	}
	if in.Kind != "" {
		if _, err := standard.ByID(tx, in.Kind); err != nil {
			return err
		}
	}
	return album.Here(tx, in.Photos)
}

// dispatch routes a case as far as it can and promises a due instant when an
// owner was found; otherwise the case waits at the desk.
func dispatch(tx *db.Tx, c *Case) error {
	if c.KindID == "" {
		c.because("kind", "类型不明，请派遣员判断", "the kind is unknown: the desk must choose")
		return nil
	}
	k, err := standard.ByID(tx, c.KindID)
	if err != nil {
		return err
	}
	c.because("kind", "%[1]s", "%[2]s", k.Name, k.In("en"))
	r, err := find(tx, *c, k)
	if err != nil {
		return fmt.Errorf("cases: route: %w", err)
	}
	c.Reasons = append(c.Reasons, r.reasons...)
	c.UnitID = r.unit
	if c.AreaID == "" || r.owner == "" {
		return nil
	}
	c.OwnerID, c.DutyID = r.owner, r.duty
	c.State = Assigned
	if err := promise(tx, c, k); err != nil {
		return err
	}
	c.helpers = r.helpers
	return nil
}

// decide gives a case the unit, owner and due day a sitting decided on; what
// it left open is routed.
func decide(tx *db.Tx, who org.Actor, c *Case, d Decision) error {
	if d == (Decision{}) {
		return dispatch(tx, c)
	}
	if err := who.May(org.Dispatch, org.Target{}); err != nil {
		return err
	}
	if d.Unit == "" && d.Owner == "" {
		if err := dispatch(tx, c); err != nil {
			return err
		}
		return c.dueBy(tx, d.DueOn)
	}
	k, err := standard.ByID(tx, c.KindID)
	if err != nil {
		return err
	}
	r, err := chosen(tx, *c, k, Move{ToUnit: d.Unit, ToPerson: d.Owner})
	if err != nil {
		return err
	}
	c.explain(k, r, fault.Say("会议决定（%[1]s记录）", "decided at a sitting (kept by %[1]s)", who.Name))
	c.UnitID = r.unit
	if r.owner == "" {
		return nil
	}
	c.OwnerID, c.DutyID, c.State, c.helpers = r.owner, r.duty, Assigned, r.helpers
	if err := promise(tx, c, k); err != nil {
		return err
	}
	return c.dueBy(tx, d.DueOn)
}

// dueBy replaces the promise by the end of a day that was decided on.
func (c *Case) dueBy(tx *db.Tx, on string) error {
	if on == "" || c.OwnerID == "" {
		return nil
	}
	day, err := calendar.ParseDay(on)
	if err != nil || string(day) < today(tx) {
		return fault.New(fault.Invalid, "case.due", "整改时限不能早于今天。", "The due day lies in the past.").In("due_on", "不能早于今天", "not before today")
	}
	cal, err := calendar.Load(tx)
	if err != nil {
		return err
	}
	c.DueAt, c.DueWhy = cal.EndOfDay(day).UnixMilli(), fault.Say("会议定于%[1]s前整改", "to be fixed by %[1]s, as the sitting decided", on)
	c.because("due", "%[1]s", "%[2]s", c.DueWhy.ZH, c.DueWhy.EN)
	return nil
}

// Foresee tells, without writing anything, whose case a report would become
// and by when, with the reasons.
func Foresee(tx *db.Tx, who org.Actor, in Report) (Case, error) {
	c := Case{ID: in.ID, State: Reported, KindID: in.Kind}
	if err := c.place(tx, in); err != nil {
		return c, err
	}
	if err := locate(tx, &c); err != nil {
		return c, fmt.Errorf("cases: foresee: %w", err)
	}
	if c.KindID == "" {
		return c, nil
	}
	return c, decide(tx, who, &c, in.Decided)
}

// hint looks for an open case of the same kind close by and recent.
func (c *Case) hint(tx *db.Tx) error {
	if c.Point == nil {
		return nil
	}
	since := tx.Time().Add(-sameHours * time.Hour).UnixMilli()
	var err error
	c.Hint, err = nearest(tx, *c.Point, sameMetres, c.KindID, since, c.ID)
	return err
}

// relapseOf finds the closed case that a report shows to have come back.
func relapseOf(tx *db.Tx, c Case) (*Case, error) {
	if c.KindID == "" || c.PlaceID == "" {
		return nil, nil
	}
	k, err := standard.ByID(tx, c.KindID)
	if err != nil {
		return nil, err
	}
	since := tx.Time().AddDate(0, 0, -k.RelapseDays).UnixMilli()
	old, err := lastClosed(tx, c.KindID, c.PlaceID, since)
	if errors.Is(err, db.ErrNone) {
		return nil, nil
	}
	return &old, err
}

// receiveRelapse keeps the report as its own record, merged into the old case,
// and reopens that one with a new promise. It counts against the fix.
func receiveRelapse(tx *db.Tx, who org.Actor, c, old Case, photos []string) (Case, error) {
	c.State, c.MergedInto = Merged, old.ID
	c.because("kind", "同一点位同类问题，并入已办结的 %[1]s（反弹）", "same kind at the same place: reopens %[1]s", old.No)
	if err := record(tx, who, c, photos); err != nil {
		return c, err
	}
	if err := addPhotos(tx, old.ID, "before", who.ID, photos); err != nil {
		return c, err
	}
	old.Relapses++
	if err := reopen(tx, &old); err != nil {
		return c, err
	}
	if err := update(tx, &old); err != nil {
		return c, err
	}
	told := toldAssignment(old)
	told.From, told.Photos = c.No, photos
	_, err := event.Add(tx, who.ID, "case.relapsed", old.ID, told)
	return c, err
}

// SeenAgain tells of an open case that somebody has seen the same once more,
// with what they photographed; it changes neither owner nor due instant.
func SeenAgain(tx *db.Tx, who org.Actor, id, note string, photos []string) (Case, error) {
	if err := who.May(org.ReportCase, org.Target{}); err != nil {
		return Case{}, err
	}
	c, err := ByID(tx, id)
	if err != nil {
		return c, err
	}
	if err := album.Here(tx, photos); err != nil {
		return c, err
	}
	if err := errors.Join(addPhotos(tx, c.ID, "before", who.ID, photos), update(tx, &c)); err != nil {
		return c, err
	}
	_, err = event.Add(tx, who.ID, "case.seen_again", c.ID, Told{Note: note, Photos: photos})
	return c, err
}

// reopen gives a closed case an owner of today and a new promise.
func reopen(tx *db.Tx, c *Case) error {
	c.Reasons, c.ClosedAt, c.FixedAt, c.FixedBy, c.Recheck, c.Ladder, c.Ask = nil, 0, 0, "", "", 0, Ask{}
	c.State, c.OwnerID, c.DutyID = Reported, "", ""
	if err := locate(tx, c); err != nil {
		return err
	}
	return dispatch(tx, c)
}

const codeLetters = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

// followCode is what a resident follows a report by: 8 letters nobody confuses
// or guesses.
func followCode() string {
	raw := make([]byte, 8)
	rand.Read(raw)
	for i, b := range raw {
		raw[i] = codeLetters[int(b)%len(codeLetters)]
	}
	return string(raw)
}
