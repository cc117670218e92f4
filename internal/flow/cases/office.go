package cases

import (
	"fmt"
	"slices"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/standard"
)

// EvidenceChannel is that of cases of missing proof.
const EvidenceChannel = "evidence"

// ReceiveFor takes in what a unit must bring to the desk rather than put right
// at a spot: no area is looked for, and whoever of the unit answers today owns
// it. Without a unit the desk decides.
func ReceiveFor(tx *db.Tx, who org.Actor, in Report, unitID string, helpers []string, why fault.Text) (Case, error) {
	if err := who.May(org.ReportCase, org.Target{}); err != nil {
		return Case{}, err
	}
	c, err := fresh(tx, who, in)
	if err != nil {
		return c, err
	}
	k, err := standard.ByID(tx, in.Kind)
	if err != nil {
		return c, err
	}
	c.because("kind", "%[1]s", "%[2]s", k.Name, k.In("en"))
	c.Reasons = append(c.Reasons, Reason{"unit", why})
	c.UnitID, c.helpers = unitID, helpers
	if unitID != "" {
		r := route{unit: unitID}
		if err := r.answers(tx, "", ""); err != nil {
			return c, fmt.Errorf("cases: route: %w", err)
		}
		c.Reasons = append(c.Reasons, r.reasons...)
		c.OwnerID = r.owner
	}
	if c.OwnerID != "" {
		c.State = Assigned
		if err := promise(tx, &c, k); err != nil {
			return c, err
		}
	}
	return c, record(tx, who, c, in.Photos)
}

// Supply says that the proof a case asked for is there: whoever may file it
// for the unit has fixed the case by filing it.
func Supply(tx *db.Tx, who org.Actor, id, note string) (Case, error) {
	return paperMove(tx, who, id, org.FileEvidence, Line{Move: Fix, ZH: "已补交", From: []State{Reported, Assigned, Accepted, Returned}}, note)
}

// Approve closes the case of a paper for somebody else who has checked it.
func Approve(tx *db.Tx, who org.Actor, id, note string) (Case, error) {
	return paperMove(tx, who, id, org.CheckEvidence, Line{Move: Verify, ZH: "核查通过", From: []State{Fixed}}, note)
}

// SendBack says that the paper was not what was asked for.
func SendBack(tx *db.Tx, who org.Actor, id, note string) (Case, error) {
	return paperMove(tx, who, id, org.CheckEvidence, Line{Move: Rework, ZH: "退回重做", From: []State{Fixed}, Needs: []string{"note"}}, note)
}

func paperMove(tx *db.Tx, who org.Actor, id string, verb org.Verb, line Line, note string) (Case, error) {
	c, err := ByID(tx, id)
	if err != nil {
		return c, err
	}
	helpers, err := Helpers(tx, id)
	if err != nil {
		return c, err
	}
	t := target(c)
	t.Units = append(t.Units, helpers...)
	if err := who.May(verb, t); err != nil {
		return c, err
	}
	if c.Channel != EvidenceChannel || !slices.Contains(line.From, c.State) {
		return c, movedOn(c, line)
	}
	return carryOut(tx, who, c, line, Move{Case: id, Move: line.Move, Note: note})
}
