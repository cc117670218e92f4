package cases

import (
	"fmt"
	"slices"
	"time"

	"chuangwei/internal/flow/duty"
	"chuangwei/internal/kit/album"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/standard"
)

// step does one move on a case the table has already allowed, and tells of it.
type step func(tx *db.Tx, who org.Actor, c *Case, m Move, told *Told) error

var steps = map[MoveName]step{
	Assign: assign, Reject: reject, Merge: merge, Accept: accept, Return: giveBack, Block: ask, AskExtension: ask,
	Fix: fix, Verify: verify, Rework: rework, Agree: agree, Refuse: refuse, Resume: resume, Note: note, Acknowledge: acknowledge,
	RecheckOK: recheckOK, RecheckBad: recheckBad,
}

var happened = map[MoveName]string{
	Assign: "case.assigned", Reject: "case.rejected", Merge: "case.merged", Accept: "case.accepted", Return: "case.returned",
	Block: "case.asked", AskExtension: "case.asked", Fix: "case.fixed", Verify: "case.verified", Rework: "case.reworked",
	Agree: "case.agreed", Refuse: "case.refused", Resume: "case.resumed", Note: "case.noted",
	Acknowledge: "case.acknowledged", RecheckOK: "case.recheck_passed", RecheckBad: "case.recheck_failed",
}

// Do makes one move: the table decides whether, the step decides what, and
// the event keeps why. Only what the case needs is asked of the mover.
func Do(tx *db.Tx, who org.Actor, m Move) (Case, error) {
	c, err := ByID(tx, m.Case)
	if err != nil {
		return c, err
	}
	line, ok := LineOf(m.Move)
	if !ok {
		return c, fault.New(fault.Invalid, "case.no_move", "没有“%[1]s”这个步骤", "There is no move %[1]q", string(m.Move))
	}
	if err := allowed(c, who, line); err != nil {
		return c, err
	}
	return carryOut(tx, who, c, line, m)
}

// carryOut makes a move that is allowed.
func carryOut(tx *db.Tx, who org.Actor, c Case, line Line, m Move) (Case, error) {
	if err := checkMove(m, line); err != nil {
		return c, err
	}
	if err := sameRequest(c, m); err != nil {
		return c, err
	}
	if err := album.Here(tx, m.Photos); err != nil {
		return c, err
	}
	told := Told{No: c.No, Note: m.Note, Photos: m.Photos, MadeAt: m.MadeAt}
	if err := steps[m.Move](tx, who, &c, m, &told); err != nil {
		return c, err
	}
	if err := addPhotos(tx, c.ID, photoRole(m.Move), who.ID, m.Photos); err != nil {
		return c, err
	}
	if err := update(tx, &c); err != nil {
		return c, fmt.Errorf("cases: %s: %w", m.Move, err)
	}
	_, err := event.Add(tx, who.ID, happened[m.Move], c.ID, told)
	return c, err
}

func photoRole(m MoveName) string {
	switch m {
	case Fix:
		return "after"
	case RecheckOK, RecheckBad:
		return "recheck"
	}
	return "other"
}

// assign is the desk's decision: to a unit, to a person, or just with the kind
// made clear. An existing promise is kept: the clock has been running.
func assign(tx *db.Tx, who org.Actor, c *Case, m Move, told *Told) error {
	if m.Kind != "" {
		c.KindID = m.Kind
	}
	if c.KindID == "" {
		return fault.New(fault.Invalid, "case.kind", "请先选择问题类型。", "Choose the kind of problem first.").In("kind", "必选", "required")
	}
	k, err := standard.ByID(tx, c.KindID)
	if err != nil {
		return err
	}
	r, err := chosen(tx, *c, k, m)
	if err != nil {
		return err
	}
	if r.owner == "" {
		return fault.New(fault.Invalid, "case.nobody", "该单位今天没有人可以接办，请直接指定责任人。",
			"Nobody of that unit answers today; name a person.").In("to_person", "请指定责任人", "name a person")
	}
	c.explain(k, r, fault.Say("派遣员%[1]s决定", "decided at the desk by %[1]s", who.Name))
	c.UnitID, c.OwnerID, c.DutyID, c.State = r.unit, r.owner, r.duty, Assigned
	if c.DueAt == 0 {
		if err := promise(tx, c, k); err != nil {
			return err
		}
	}
	if m.KeepRule && c.AreaID != "" {
		if err := keepRule(tx, m.Case+"/"+c.KindID, c.AreaID, c.KindID, r.unit, m.ToPerson, who.ID); err != nil {
			return err
		}
	}
	told.Owner, told.Unit, told.DueAt, told.Reasons, told.Kind = c.OwnerID, c.UnitID, c.DueAt, c.Reasons, c.KindID
	return setHelpers(tx, c.ID, r.helpers)
}

// explain replaces the reasons for unit and owner; those for area and due day
// stand as they were.
func (c *Case) explain(k standard.Kind, r route, why fault.Text) {
	c.Reasons = slices.DeleteFunc(c.Reasons, func(x Reason) bool { return x.About == "unit" || x.About == "owner" || x.About == "kind" })
	c.because("kind", "%[1]s", "%[2]s", k.Name, k.In("en"))
	c.Reasons = append(c.Reasons, Reason{"unit", why})
	c.Reasons = append(c.Reasons, r.reasons...)
}

// chosen routes to the unit or person the desk named, or anew when it named none.
func chosen(tx *db.Tx, c Case, k standard.Kind, m Move) (route, error) {
	if m.ToUnit == "" && m.ToPerson == "" {
		return find(tx, c, k)
	}
	r := route{unit: m.ToUnit}
	if m.ToPerson != "" {
		p, err := org.PersonByID(tx, m.ToPerson)
		if err != nil {
			return r, err
		}
		r.unit = p.UnitID
	}
	if _, err := org.UnitByID(tx, r.unit); err != nil {
		return r, err
	}
	if err := r.helping(tx, k); err != nil {
		return r, err
	}
	return r, r.answers(tx, c.AreaID, m.ToPerson)
}

func reject(_ *db.Tx, _ org.Actor, c *Case, _ Move, _ *Told) error {
	c.State, c.OwnerID = Rejected, ""
	return nil
}

// merge keeps the report and its photos under the earlier case.
func merge(tx *db.Tx, who org.Actor, c *Case, m Move, told *Told) error {
	into, err := ByID(tx, m.Into)
	if err != nil {
		return err
	}
	if into.ID == c.ID || !into.State.Open() {
		return fault.New(fault.Conflict, "case.merge", "只能并入另一个未办结的案件。", "A case can only be merged into another open one.")
	}
	photos, err := Photos(tx, c.ID)
	if err != nil {
		return err
	}
	var sums []string
	for _, p := range photos {
		sums = append(sums, p.Sum)
	}
	if err := addPhotos(tx, into.ID, "before", c.FinderID, sums); err != nil {
		return err
	}
	c.State, c.MergedInto, c.Hint = Merged, into.ID, ""
	told.Into = into.No
	if err := update(tx, &into); err != nil {
		return err
	}
	_, err = event.Add(tx, who.ID, "case.joined", into.ID, Told{No: into.No, From: c.No, Note: c.Text, Photos: sums})
	return err
}

func accept(_ *db.Tx, _ org.Actor, c *Case, _ Move, _ *Told) error {
	c.State = Accepted
	return nil
}

// giveBack is "not mine". The first time, when the owner says whose it is, the
// case goes straight there; otherwise, and every further time, the centre
// decides. The clock runs on.
func giveBack(tx *db.Tx, who org.Actor, c *Case, m Move, told *Told) error {
	c.Refusals++
	told.From = c.OwnerID
	if c.Refusals < arbiter && m.ToUnit != "" && m.ToUnit != c.UnitID && c.KindID != "" {
		k, err := standard.ByID(tx, c.KindID)
		if err != nil {
			return err
		}
		r, err := chosen(tx, *c, k, Move{ToUnit: m.ToUnit})
		if err != nil {
			return err
		}
		if r.owner != "" {
			c.explain(k, r, fault.Say("原责任人%[1]s认为应由该单位负责", "the first owner, %[1]s, named this unit", who.Name))
			c.UnitID, c.OwnerID, c.DutyID, c.State = r.unit, r.owner, r.duty, Assigned
			told.Owner, told.Unit, told.Reasons = c.OwnerID, c.UnitID, c.Reasons
			return setHelpers(tx, c.ID, r.helpers)
		}
	}
	c.State, c.Ask = Returned, Ask{}
	told.Unit = m.ToUnit
	return nil
}

// ask asks for what only somebody with the right can grant; the clock runs
// until they do.
func ask(tx *db.Tx, who org.Actor, c *Case, m Move, told *Told) error {
	c.Ask = Ask{Kind: "block", Reason: m.Reason, Note: m.Note, By: who.ID, At: tx.Now()}
	if m.Move == AskExtension {
		until, err := dayAfterDue(tx, *c, m.UntilOn)
		if err != nil {
			return err
		}
		c.Ask.Kind, c.Ask.UntilOn = "extension", until
	}
	told.Ask, told.Reason, told.UntilOn = c.Ask.Kind, m.Reason, c.Ask.UntilOn
	return nil
}

// dayAfterDue checks the day somebody asks to extend to.
func dayAfterDue(tx *db.Tx, c Case, on string) (string, error) {
	day, err := calendar.ParseDay(on)
	if err != nil || string(day) <= string(calendar.On(time.UnixMilli(c.DueAt))) || string(day) < today(tx) {
		return "", fault.New(fault.Invalid, "case.until", "请选择晚于原时限的日期。", "Choose a day after the present due day.").
			In("until_on", "须晚于原时限", "must be after the due day")
	}
	return on, nil
}

// agree grants what was asked: a block stops the clock, an extension moves the
// due instant to the end of the agreed day.
func agree(tx *db.Tx, who org.Actor, c *Case, m Move, told *Told) error {
	asked := c.Ask
	c.Ask = Ask{}
	told.Ask, told.Reason = asked.Kind, asked.Reason
	if asked.Kind == "block" {
		c.State, c.Block, c.StoppedAt = Blocked, asked.Reason, tx.Now()
		return nil
	}
	until := asked.UntilOn
	if m.UntilOn != "" {
		day, err := dayAfterDue(tx, *c, m.UntilOn)
		if err != nil {
			return err
		}
		until = day
	}
	cal, err := calendar.Load(tx)
	if err != nil {
		return err
	}
	c.DueAt = cal.EndOfDay(calendar.Day(until)).UnixMilli()
	c.DueWhy = fault.Say("经%[1]s同意延期至%[2]s", "extended to %[2]s by %[1]s", who.Name, until)
	c.Ladder = 0
	told.UntilOn, told.DueAt = until, c.DueAt
	return nil
}

func refuse(_ *db.Tx, _ org.Actor, c *Case, _ Move, told *Told) error {
	told.Ask = c.Ask.Kind
	c.Ask = Ask{}
	return nil
}

// resume starts the clock again; the time it stood still is added to the
// promise in the unit the limit is counted in.
func resume(tx *db.Tx, _ org.Actor, c *Case, _ Move, told *Told) error {
	k, err := standard.ByID(tx, c.KindID)
	if err != nil {
		return err
	}
	cal, err := calendar.Load(tx)
	if err != nil {
		return err
	}
	due, why := cal.Resume(time.UnixMilli(c.DueAt), time.UnixMilli(c.StoppedAt), tx.Time(), k.Limit)
	c.DueAt, c.DueWhy = due.UnixMilli(), fault.Text{ZH: why.Text("zh"), EN: why.Text("en")}
	c.State, c.Block, c.StoppedAt = Accepted, "", 0
	told.DueAt, told.Due = c.DueAt, c.DueWhy.ZH
	return nil
}

// fix says the problem is gone; most kinds need a photo that shows it.
func fix(tx *db.Tx, who org.Actor, c *Case, m Move, _ *Told) error {
	k, err := standard.ByID(tx, c.KindID)
	if err != nil {
		return err
	}
	if k.AfterPhoto && len(m.Photos) == 0 {
		return fault.New(fault.Invalid, "case.after_photo", "请从同一角度拍一张整改后的照片。", "Take an after photo from the same view.").
			In("photos", "缺少整改后照片", "the after photo is missing")
	}
	before, err := Photos(tx, c.ID)
	if err != nil {
		return err
	}
	for _, p := range before {
		if p.Role == "before" && slices.Contains(m.Photos, p.Sum) {
			return fault.New(fault.Invalid, "case.same_photo", "这张就是整改前的照片，请重新拍摄。", "This is the before photo itself; take a new one.").
				In("photos", "与整改前照片相同", "the same file as before")
		}
	}
	c.State, c.FixedAt, c.FixedBy, c.Ask = Fixed, tx.Now(), who.ID, Ask{}
	return nil
}

// verify closes the case; whoever fixed it, and their unit, may not.
func verify(tx *db.Tx, who org.Actor, c *Case, _ Move, _ *Told) error {
	if err := mayVerify(tx, *c, who); err != nil {
		return err
	}
	c.State, c.ClosedAt = Closed, tx.Now()
	return nil
}

func mayVerify(tx *db.Tx, c Case, who org.Actor) error {
	unit := ""
	if c.FixedBy != "" {
		p, err := org.PersonByID(tx, c.FixedBy)
		if err != nil {
			return err
		}
		unit = p.UnitID
	}
	if sameCrew(c, who, unit) {
		return errSameCrew()
	}
	mates, err := duty.Together(tx, who.ID, c.DutyID, c.FixedBy, c.FixedAt)
	if err != nil {
		return err
	}
	if mates {
		return errSameCrew()
	}
	return nil
}

// rework sends the fix back; the promise stays as it was.
func rework(tx *db.Tx, who org.Actor, c *Case, _ Move, told *Told) error {
	if err := mayVerify(tx, *c, who); err != nil {
		return err
	}
	told.From = c.FixedBy
	c.State, c.FixedAt, c.FixedBy = Accepted, 0, ""
	c.Reworks++
	return nil
}

// acknowledge signs for every order issued so far.
func acknowledge(tx *db.Tx, who org.Actor, c *Case, _ Move, told *Told) error {
	c.Acked, told.Level = c.Ladder, c.Ladder
	return signOrders(tx, c.ID, who.ID)
}

func note(*db.Tx, org.Actor, *Case, Move, *Told) error { return nil }

func recheckOK(tx *db.Tx, who org.Actor, c *Case, _ Move, _ *Told) error {
	if err := mayVerify(tx, *c, who); err != nil {
		return err
	}
	return settleRecheck(tx, who, c, "passed")
}

// recheckBad reopens a case whose fix did not last; it counts against the fix.
func recheckBad(tx *db.Tx, who org.Actor, c *Case, _ Move, told *Told) error {
	if err := mayVerify(tx, *c, who); err != nil {
		return err
	}
	if err := settleRecheck(tx, who, c, "failed"); err != nil {
		return err
	}
	c.Relapses++
	if err := reopen(tx, c); err != nil {
		return err
	}
	told.Owner, told.Unit, told.DueAt, told.Reasons = c.OwnerID, c.UnitID, c.DueAt, c.Reasons
	return nil
}
