package cases

import (
	"fmt"

	"chuangwei/internal/flow/duty"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/geo"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/place"
)

// OfDuty lists the open cases that a crew owns by its duty, by due instant.
func OfDuty(tx *db.Tx, dutyID string) ([]Case, error) {
	return db.All(tx, scan, `SELECT `+columns+` FROM cases WHERE duty_id = $1 AND duty_id <> '' AND `+openSQL+` ORDER BY due_at, id`, dutyID)
}

// Passing are the open cases that a handover of a duty passes on: its own, and
// those of crews that took over from it and were called off.
func Passing(tx *db.Tx, dutyID string) ([]Case, error) {
	list, err := OfDuty(tx, dutyID)
	if err != nil {
		return nil, err
	}
	lost, err := duty.Lost(tx, dutyID)
	for _, id := range lost {
		more, err := OfDuty(tx, id)
		if err != nil {
			return nil, err
		}
		list = append(list, more...)
	}
	return list, err
}

// TakeOver accepts a handover: the open cases that came to the former crew by
// its duty pass to the next, to its leader or whoever of it is there. Their
// clocks run on unchanged.
func TakeOver(tx *db.Tx, who org.Actor, handover string) (duty.Handover, []Case, error) {
	h, err := duty.Take(tx, who, handover)
	if err != nil {
		return h, nil, err
	}
	next, err := duty.ByID(tx, h.ToID)
	if err != nil {
		return h, nil, err
	}
	list, err := Passing(tx, h.FromID)
	if err != nil {
		return h, nil, err
	}
	var to route
	if found, err := to.ofCrew(tx, next); err != nil {
		return h, nil, err
	} else if !found {
		to.owner = who.ID
		to.because("owner", "由接班的%[1]s承办", "%[1]s, who accepted, takes it", who.Name)
	}
	for i := range list {
		if err := pass(tx, who, &list[i], next, to); err != nil {
			return h, nil, fmt.Errorf("cases: hand over %s: %w", list[i].No, err)
		}
	}
	return h, list, nil
}

func pass(tx *db.Tx, who org.Actor, c *Case, next duty.Duty, to route) error {
	told := Told{No: c.No, From: c.OwnerID, Unit: c.UnitID, DueAt: c.DueAt}
	c.because("owner", "交班给“%[1]s”，时限不变", "handed over to %[1]q; the due day stays", next.Name)
	if c.OwnerID == "" { // it waits at the desk; only the crew changes
		told.From = who.ID
	} else {
		c.OwnerID = to.owner
		c.Reasons = append(c.Reasons, to.reasons...)
	}
	c.DutyID = next.ID
	if err := update(tx, c); err != nil {
		return err
	}
	told.Owner, told.Reasons = c.OwnerID, c.Reasons
	_, err := event.Add(tx, who.ID, "case.handed", c.ID, told)
	return err
}

// helpKind is the kind of problem that a crew's call for help becomes.
const helpKind = "support.help"

// CallHelp makes a case of what a crew needs: more hands, a lorry, the police.
// Without a position it lies at the crew's place, or roughly in its area.
func CallHelp(tx *db.Tx, who org.Actor, dutyID string, in Report) (Case, error) {
	d, err := duty.ByID(tx, dutyID)
	if err != nil {
		return Case{}, err
	}
	if !d.Has(who.ID) && !who.StandsFor(d.LeaderID) {
		return Case{}, fault.New(fault.Denied, "help.crew", "由当班队员求助。", "A member of the crew calls for help.")
	}
	if now := tx.Now(); d.CancelledAt > 0 || now < d.FromAt || now >= d.ToAt {
		return Case{}, fault.New(fault.Conflict, "help.time", "只能在值守期间求助；平时请用“拍问题”上报。", "Help is for a duty that is on; otherwise report a problem.")
	}
	in.Kind, in.Channel, in.Address = helpKind, "cadre", "值守求助："+d.Name
	if d.PlaceID != "" {
		p, err := place.ByID(tx, d.PlaceID)
		if err != nil {
			return Case{}, err
		}
		in.Place, in.Point = p.Code, nil
	} else if in.Point == nil {
		a, err := place.AreaByID(tx, d.AreaID)
		if err != nil {
			return Case{}, err
		}
		in.Point, in.Datum, in.Accuracy = &geo.Point{Lat: a.Lat, Lon: a.Lon}, geo.WGS84, roughly
	}
	c, err := Receive(tx, who, in)
	if err != nil {
		return c, err
	}
	_, err = event.Add(tx, who.ID, helpCalled, d.ID, map[string]any{"case": c.ID, "no": c.No})
	return c, err
}

// helpCalled is the event of a duty whose crew has called for help.
const helpCalled = "duty.help"

// Helps are the cases that a crew's calls for help have become and that are
// still open, the oldest first.
func Helps(tx *db.Tx, dutyID string) ([]Case, error) {
	events, err := event.Of(tx, dutyID)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, e := range events {
		var said struct{ Case string }
		if e.Kind == helpCalled && e.Decode(&said) == nil { // what cannot be read names no case
			ids = append(ids, said.Case)
		}
	}
	return db.All(tx, scan, `SELECT `+columns+` FROM cases WHERE id IN `+db.In(1, len(ids))+` AND `+openSQL+` ORDER BY reported_at, id`, db.Args(ids)...)
}

// roughly is the precision in metres of a point that only names an area.
const roughly = 1000
