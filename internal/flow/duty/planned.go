package duty

import (
	"chuangwei/internal/kit/db"
	"chuangwei/internal/register/org"
)

// PutPlanned makes the duties of a roster, or plans them anew; those called off
// come back. People may change places among them: all have left where they
// were before anybody comes.
func PutPlanned(tx *db.Tx, who org.Actor, drafts []Draft) error {
	ids := make([]string, len(drafts))
	for i, in := range drafts {
		ids[i] = in.ID
	}
	former, err := bookOf(tx, ids)
	if err != nil {
		return err
	}
	for _, in := range drafts {
		if err := vacate(tx, in.ID); err != nil {
			return err
		}
	}
	for _, in := range drafts {
		if err := putPlanned(tx, who, in, former); err != nil {
			return err
		}
	}
	return nil
}

func putPlanned(tx *db.Tx, who org.Actor, in Draft, former map[string]Duty) error {
	old, known := former[in.ID]
	if !known {
		_, err := Plan(tx, who, in)
		return err
	}
	if in.Note == "" && old.CancelledAt == 0 {
		in.Note = old.Note
	}
	old.CancelledAt = 0
	_, err := change(tx, who, old, in)
	return err
}
