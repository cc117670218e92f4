package org

import (
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
)

// Absence is a leave with who answers meanwhile; DeputyID is "" for nobody.
type Absence struct {
	Leave
	DeputyID string
}

// mostAhead is how many absences one may have ahead of oneself: more is a
// mistake of a program.
const mostAhead = 50

// GoAway sets the actor's own absence, and who answers for them on those days.
// Nobody else's permission is asked: who answers is the county's business, who
// is away is a fact.
func GoAway(tx *db.Tx, who Actor, a Absence, today string) error {
	var c fault.Check
	c.That(a.FromOn <= a.ToOn, "to_on", "结束日期早于开始日期", "it ends before it begins")
	c.That(a.ToOn >= today, "to_on", "这段时间已经过去", "these days are over")
	c.That(a.DeputyID != who.ID, "deputy", "不能代理自己", "nobody stands in for themselves")
	c.That(len([]rune(a.Reason)) <= 100, "reason", "事由最多100字", "at most 100 characters")
	if err := c.Err(); err != nil {
		return err
	}
	ahead, err := Absences(tx, who, today)
	if err != nil {
		return err
	}
	for _, other := range ahead {
		if other.FromOn <= a.ToOn && a.FromOn <= other.ToOn {
			return fault.New(fault.Conflict, "leave.overlap", "与已登记的 %[1]s 至 %[2]s 重叠，请先取消那一段。", "It overlaps with %[1]s to %[2]s; cancel that first.", other.FromOn, other.ToOn)
		}
	}
	if len(ahead) >= mostAhead {
		return fault.New(fault.Invalid, "leave.many", "登记得太多了。", "Too many.")
	}
	if a.DeputyID != "" {
		if err := ableDeputy(tx, a, today); err != nil {
			return err
		}
	}
	return goAway(tx, who, a)
}

// ableDeputy refuses somebody who has left, or is away on those days too.
func ableDeputy(tx *db.Tx, a Absence, today string) error {
	p, err := PersonByID(tx, a.DeputyID)
	if err != nil {
		return err
	}
	n, err := db.Value[int64](tx, `SELECT COUNT(*) FROM leaves WHERE person_id = $1 AND from_on <= $3 AND to_on >= $2`, a.DeputyID, a.FromOn, a.ToOn)
	if err != nil {
		return err
	}
	if n > 0 || p.LeftOn != "" && p.LeftOn <= a.ToOn {
		return fault.New(fault.Invalid, "deputy.away", "%[1]s 那几天也不在，请换一位。", "%[1]s is away on those days too; choose another.", p.Name).In("deputy", "也不在岗", "away too")
	}
	return nil
}

func goAway(tx *db.Tx, who Actor, a Absence) error {
	if _, err := tx.Exec(insertLeave, a.ID, who.ID, a.FromOn, a.ToOn, a.Reason); err != nil {
		return err
	}
	if a.DeputyID != "" { // under the leave's own id: they go together
		if _, err := tx.Exec(insertDeputy, a.ID, who.ID, a.DeputyID, a.FromOn, a.ToOn); err != nil {
			return err
		}
	}
	return Changed(tx, who, "leave.added", a.ID, map[string]any{"person": who.ID, "deputy": a.DeputyID, "from_on": a.FromOn, "to_on": a.ToOn})
}

// ComeBack takes an absence of the actor back, with its deputy.
func ComeBack(tx *db.Tx, who Actor, id string) error {
	n, err := tx.Exec(`DELETE FROM leaves WHERE id = $1 AND person_id = $2`, id, who.ID)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.NotFound, "leave.none", "没有这条登记，可能已经取消。", "There is no such absence; it may have been cancelled.")
	}
	if _, err := tx.Exec(`DELETE FROM deputies WHERE id = $1 AND person_id = $2`, id, who.ID); err != nil {
		return err
	}
	return Changed(tx, who, "leave.cancelled", id, map[string]any{"person": who.ID})
}

// Absences lists the actor's own absences that are not over, the nearest first.
func Absences(tx *db.Tx, who Actor, today string) ([]Absence, error) {
	return db.All(tx, func(r db.Row) (a Absence, err error) {
		return a, r.Scan(&a.ID, &a.PersonID, &a.FromOn, &a.ToOn, &a.Reason, &a.DeputyID)
	}, `SELECT l.id, l.person_id, l.from_on, l.to_on, l.reason, COALESCE(d.deputy_id, '') FROM leaves l LEFT JOIN deputies d ON d.id = l.id
		WHERE l.person_id = $1 AND l.to_on >= $2 ORDER BY l.from_on, l.id`, who.ID, today)
}
