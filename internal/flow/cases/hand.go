package cases

import (
	"fmt"

	"chuangwei/internal/flow/duty"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/register/org"
)

// OfDuty lists the open cases that a crew owns by its duty, by due instant.
func OfDuty(tx *db.Tx, dutyID string) ([]Case, error) {
	return db.All(tx, scan, `SELECT `+columns+` FROM cases WHERE duty_id = $1 AND duty_id <> '' AND `+openSQL+` ORDER BY due_at, id`, dutyID)
}

// TakeOver accepts a handover: the open cases that came to the former crew by
// its duty pass to the leader of the next. Their clocks run on unchanged.
func TakeOver(tx *db.Tx, who org.Actor, handover string) (duty.Handover, []Case, error) {
	h, err := duty.Take(tx, who, handover)
	if err != nil {
		return h, nil, err
	}
	next, err := duty.ByID(tx, h.ToID)
	if err != nil {
		return h, nil, err
	}
	list, err := OfDuty(tx, h.FromID)
	if err != nil {
		return h, nil, err
	}
	for i := range list {
		if err := pass(tx, who, &list[i], next); err != nil {
			return h, nil, fmt.Errorf("cases: hand over %s: %w", list[i].No, err)
		}
	}
	return h, list, nil
}

func pass(tx *db.Tx, who org.Actor, c *Case, next duty.Duty) error {
	told := Told{No: c.No, From: c.OwnerID, Unit: c.UnitID, DueAt: c.DueAt}
	if c.OwnerID == "" { // it waits at the desk; only the crew changes
		told.From = who.ID
	} else {
		c.OwnerID = next.LeaderID
	}
	c.DutyID = next.ID
	c.because("owner", "交班给“%[1]s”，时限不变", "handed over to %[1]q; the due day stays", next.Name)
	if err := update(tx, c); err != nil {
		return err
	}
	told.Owner, told.Reasons = c.OwnerID, c.Reasons
	_, err := event.Add(tx, who.ID, "case.handed", c.ID, told)
	return err
}
