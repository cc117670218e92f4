package org

import (
	"errors"
	"strconv"

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

// GoAway sets an absence, and who answers meanwhile: the actor's own, or with
// PersonID that of somebody whose unit they plan duties for, such as a sick
// note. For oneself no permission is asked: who answers is the county's
// business, who is away is a fact. A deputy holds the other's posts, so for
// somebody else only who may change the registers names one.
func GoAway(tx *db.Tx, who Actor, a Absence, today string) (Absence, error) {
	if a.PersonID == "" {
		a.PersonID = who.ID
	}
	if err := maySetAway(tx, who, a, today); err != nil {
		return a, err
	}
	var c fault.Check
	c.That(a.FromOn <= a.ToOn, "to_on", "结束日期早于开始日期", "it ends before it begins")
	c.That(a.ToOn >= today, "to_on", "这段时间已经过去", "these days are over")
	c.That(a.DeputyID != a.PersonID, "deputy", "不能代理自己", "nobody stands in for themselves")
	c.That(len([]rune(a.Reason)) <= 100, "reason", "事由最多100字", "at most 100 characters")
	if err := c.Err(); err != nil {
		return a, err
	}
	ahead, err := absencesOf(tx, a.PersonID, today)
	if err != nil {
		return a, err
	}
	for _, other := range ahead {
		if other.FromOn <= a.ToOn && a.FromOn <= other.ToOn {
			return a, fault.New(fault.Conflict, "leave.overlap", "与已登记的 %[1]s 至 %[2]s 重叠，请先取消那一段。", "It overlaps with %[1]s to %[2]s; cancel that first.", other.FromOn, other.ToOn)
		}
	}
	if len(ahead) >= mostAhead {
		return a, fault.New(fault.Invalid, "leave.many", "登记得太多了，请先取消不用的。", "Too many; cancel some first.")
	}
	if a.DeputyID != "" {
		if err := ableDeputy(tx, a, today); err != nil {
			return a, err
		}
	}
	return a, goAway(tx, who, a)
}

func maySetAway(tx *db.Tx, who Actor, a Absence, today string) error {
	if a.PersonID == who.ID {
		return nil
	}
	p, err := PersonByID(tx, a.PersonID)
	if fault.Is(err, fault.NotFound) || err == nil && p.LeftOn != "" && p.LeftOn <= today {
		return fault.New(fault.Invalid, "leave.person", "没有这个人，或已离岗，请重新选择。", "There is no such person, or they have left; choose again.").In("person", "请重选", "choose again")
	}
	if err != nil {
		return err
	}
	if err := who.May(PlanDuty, Target{Units: []string{p.UnitID}}); err != nil {
		return err
	}
	if a.DeputyID != "" && Change(who) != nil {
		return fault.New(fault.Denied, "leave.deputy", "代理人由本人在手机“我的”里指定，或由系统管理员指定。", "A deputy is named by themselves, on the phone under Me, or by the administrator.").In("deputy", "请留空", "leave it empty")
	}
	return nil
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
	if _, err := tx.Exec(insertLeave, a.ID, a.PersonID, a.FromOn, a.ToOn, a.Reason); err != nil {
		return err
	}
	if a.DeputyID != "" { // under the leave's own id: they go together
		if _, err := tx.Exec(insertDeputy, a.ID, a.PersonID, a.DeputyID, a.FromOn, a.ToOn); err != nil {
			return err
		}
	}
	return Changed(tx, who, "leave.added", a.ID, map[string]any{"person": a.PersonID, "deputy": a.DeputyID, "from_on": a.FromOn, "to_on": a.ToOn})
}

// ComeBack takes an absence back, with its deputy: the actor's own, or that of
// somebody whose unit they plan duties for.
func ComeBack(tx *db.Tx, who Actor, id string) error {
	none := fault.New(fault.NotFound, "leave.none", "没有这条登记，可能已经取消。", "There is no such absence; it may have been cancelled.")
	person, err := db.Value[string](tx, `SELECT person_id FROM leaves WHERE id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return none
	}
	if err != nil {
		return err
	}
	if person != who.ID {
		p, err := PersonByID(tx, person)
		if err != nil {
			return err
		}
		if !who.Can(PlanDuty, Target{Units: []string{p.UnitID}}) {
			return none // not theirs to know of
		}
	}
	if _, err := tx.Exec(`DELETE FROM leaves WHERE id = $1`, id); err != nil {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM deputies WHERE id = $1 AND person_id = $2`, id, person); err != nil {
		return err
	}
	return Changed(tx, who, "leave.cancelled", id, map[string]any{"person": person})
}

// Absences lists the actor's own absences that are not over, the nearest first.
func Absences(tx *db.Tx, who Actor, today string) ([]Absence, error) {
	return absencesOf(tx, who.ID, today)
}

// mostAway is how many absences of others are shown.
const mostAway = 500

// AbsencesPlanned lists the absences that are not over of everybody whose unit
// the actor plans duties for. Their reasons are left out: they are for
// themselves.
func AbsencesPlanned(tx *db.Tx, who Actor, today string) ([]Absence, error) {
	s := who.Scope(PlanDuty)
	if s.Empty() {
		return nil, Denied(PlanDuty)
	}
	w := db.Where{}
	w.And(`l.to_on >= $1 AND p.left_on = ''`, today)
	if !s.All {
		w.Among("p.unit_id", s.Units)
	}
	list, err := db.All(tx, scanAbsence, absences+` JOIN persons p ON p.id = l.person_id WHERE `+w.Text()+` ORDER BY l.from_on, p.code, l.id LIMIT `+strconv.Itoa(mostAway), w.Args()...)
	for i := range list {
		list[i].Reason = ""
	}
	return list, err
}

const absences = `SELECT l.id, l.person_id, l.from_on, l.to_on, l.reason, COALESCE(d.deputy_id, '') FROM leaves l LEFT JOIN deputies d ON d.id = l.id`

func scanAbsence(r db.Row) (a Absence, err error) {
	return a, r.Scan(&a.ID, &a.PersonID, &a.FromOn, &a.ToOn, &a.Reason, &a.DeputyID)
}

func absencesOf(tx *db.Tx, person, today string) ([]Absence, error) {
	return db.All(tx, scanAbsence, absences+` WHERE l.person_id = $1 AND l.to_on >= $2 ORDER BY l.from_on, l.id`, person, today)
}
