package duty

import (
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
}

// Give hands over. Without To the crew that follows at the same place is meant.
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
	in.ToID, in.Things, in.Note = to.ID, strings.TrimSpace(in.Things), strings.TrimSpace(in.Note)
	in.GivenAt, in.GivenBy = tx.Now(), who.ID
	if err := insertHandover(tx, in); err != nil {
		if db.IsUnique(err) {
			return in, fault.New(fault.Conflict, "hand.done", "这一班已经交过班了。", "This crew has handed over already.")
		}
		return in, err
	}
	_, err = event.Add(tx, who.ID, "duty.given", from.ID, map[string]any{"id": in.ID, "to": to.ID, "things": in.Things, "note": in.Note})
	return in, err
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
	if to.ID == from.ID || to.CancelledAt > 0 || to.LeaderID == "" || to.ToAt < from.ToAt {
		return to, fault.New(fault.Invalid, "hand.to", "请选择后面的一班。", "Choose a crew that comes after yours.").In("to", "须在本班之后", "must follow")
	}
	return to, nil
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
	if h.TakenAt > 0 {
		return h, fault.New(fault.Conflict, "hand.taken", "已经接班了。", "It has been accepted already.")
	}
	h.TakenAt, h.TakenBy = tx.Now(), who.ID
	if err := takeHandover(tx, h); err != nil {
		return h, err
	}
	_, err = event.Add(tx, who.ID, "duty.taken", h.FromID, map[string]any{"id": h.ID, "to": h.ToID})
	return h, err
}
