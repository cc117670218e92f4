package duty

import (
	"slices"
	"strings"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/org"
)

// Handover is the moment one crew passes to the next what is still open: keys
// and tools, a note, and the cases that came to it by its duty.
type Handover struct {
	ID           string
	FromID, ToID string
	Things, Note string
	GivenAt      int64
	GivenBy      string
	TakenAt      int64 // 0 until the next crew has accepted
	TakenBy      string
	ReplacedAt   int64 // since it was given to another crew instead, or 0
}

// Give hands over. Without To the crew that follows at the same place is meant.
// Until somebody has taken it, or when the crew that took it was called off, it
// may be given again, to whichever crew comes.
func Give(tx *db.Tx, who org.Actor, in Handover) (Handover, error) {
	from, err := ByID(tx, in.FromID)
	if err != nil {
		return in, err
	}
	if !who.StandsFor(from.LeaderID) {
		return in, fault.New(fault.Denied, "hand.leader", "由组长（或其代理人）交班。", "The crew's leader hands over.")
	}
	if from.CancelledAt > 0 || from.FromAt > tx.Now() {
		return in, fault.New(fault.Conflict, "duty.not_begun", "值守还没有开始（或已取消），不能交班。", "The duty has not begun or is cancelled.")
	}
	var c fault.Check
	c.That(len([]rune(in.Things)) <= 200, "things", "最多200字", "at most 200 characters")
	c.That(len([]rune(in.Note)) <= 1000, "note", "最多1000字", "at most 1,000 characters")
	if err := c.Err(); err != nil {
		return in, err
	}
	to, err := receiver(tx, from, in.ToID)
	if err != nil {
		return in, err
	}
	if err := replaceFormer(tx, from); err != nil {
		return in, err
	}
	in.ToID, in.Things, in.Note = to.ID, strings.TrimSpace(in.Things), strings.TrimSpace(in.Note)
	in.GivenAt, in.GivenBy = tx.Now(), who.ID
	if err := insertHandover(tx, in); err != nil {
		return in, err
	}
	_, err = event.Add(tx, who.ID, "duty.given", from.ID, map[string]any{"id": in.ID, "to": to.ID, "things": in.Things, "note": in.Note})
	return in, err
}

// replaceFormer sets aside what a duty has handed over before, unless a crew
// has taken it that still comes.
func replaceFormer(tx *db.Tx, from Duty) error {
	former, given, err := handoverFrom(tx, from.ID)
	if err != nil || !given {
		return err
	}
	to, err := ByID(tx, former.ToID)
	if err != nil {
		return err
	}
	if former.TakenAt > 0 && to.CancelledAt == 0 {
		return fault.New(fault.Conflict, "hand.done", "“%[1]s”已经接班，不能再交给别的班。", "%[1]q has accepted; it cannot be handed to another crew.", to.Name)
	}
	return replaceHandover(tx, former.ID)
}

func receiver(tx *db.Tx, from Duty, wanted string) (Duty, error) {
	if wanted == "" {
		to, ok, err := Following(tx, from)
		if err == nil && !ok {
			err = fault.New(fault.Conflict, "hand.nobody", "后面还没有排班，请选择交给哪一班，或请安排值守的人先排班。", "No crew follows here yet: choose one, or have one planned.").In("to", "必选", "required")
		}
		return to, err
	}
	to, err := ByID(tx, wanted)
	if err != nil {
		return to, err
	}
	if !follows(from, to) {
		return to, fault.New(fault.Invalid, "hand.to", "不能交给这一班：它已取消、先于本班结束，或与本班既不同片区、也不同类型。请重新选择。",
			"This crew cannot take over: it is called off, ends before yours, or has neither area nor kind in common. Choose again.").In("to", "请重选", "choose again")
	}
	return to, nil
}

// mostComing is how many crews are offered to hand over to.
const mostComing = 60

// Coming lists the crews to which a duty may be handed over, the most likely
// first and without their people: of the same place, area or kind, and not
// gone before it.
func Coming(tx *db.Tx, d Duty) ([]Duty, error) {
	list, err := around(tx, d)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(n Duty) bool { return !follows(d, n) })
	slices.SortFunc(list, func(a, b Duty) int { return likelier(d, a, b) })
	return list[:min(len(list), mostComing)], nil
}

// Take accepts a handover; any member of the next crew may, since its leader
// can be late.
func Take(tx *db.Tx, who org.Actor, id string) (Handover, error) {
	h, err := HandoverByID(tx, id)
	if err != nil {
		return h, err
	}
	to, err := ByID(tx, h.ToID)
	if err != nil {
		return h, err
	}
	if !who.StandsFor(to.LeaderID) && !to.Has(who.ID) {
		return h, fault.New(fault.Denied, "hand.crew", "由接班的队员确认接班。", "A member of the next crew accepts.")
	}
	if h.ReplacedAt > 0 {
		return h, fault.New(fault.Conflict, "hand.replaced", "上一班已改交给别的班，您这一班不用接了。", "It has been handed to another crew instead; yours need not accept.")
	}
	if h.TakenAt > 0 {
		return h, fault.New(fault.Conflict, "hand.taken", "已经接班了。", "It has been accepted already.")
	}
	if to.CancelledAt > 0 {
		return h, fault.New(fault.Conflict, "hand.cancelled", "接班的这次值守已取消，请上一班的组长改交给别的班。", "The duty that would take over was called off; the former leader hands over to another crew.")
	}
	h.TakenAt, h.TakenBy = tx.Now(), who.ID
	if err := takeHandover(tx, h); err != nil {
		return h, err
	}
	_, err = event.Add(tx, who.ID, "duty.taken", h.FromID, map[string]any{"id": h.ID, "to": h.ToID})
	return h, err
}
