package duty

import (
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/org"
)

// PutPlanned makes the duties of a roster, or plans them anew; those called off
// come back. People may change places among them: all have left where they
// were before anybody comes.
func PutPlanned(tx *db.Tx, who org.Actor, drafts []Draft) error {
	for _, in := range drafts {
		if err := vacate(tx, in.ID); err != nil {
			return err
		}
	}
	for _, in := range drafts {
		if err := putPlanned(tx, who, in); err != nil {
			return err
		}
	}
	return nil
}

func putPlanned(tx *db.Tx, who org.Actor, in Draft) error {
	old, err := ByID(tx, in.ID)
	if fault.Code(err) == "duty.none" {
		_, err = Plan(tx, who, in)
		return err
	}
	if err != nil {
		return err
	}
	if in.Note == "" && old.CancelledAt == 0 {
		in.Note = old.Note
	}
	if old.CancelledAt > 0 {
		old.CancelledAt, old.Note = 0, ""
		if err := replace(tx, old); err != nil {
			return err
		}
	}
	_, err = Change(tx, who, in)
	return err
}
