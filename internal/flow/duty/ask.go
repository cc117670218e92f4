package duty

import (
	"slices"
	"strings"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/org"
)

// Ask is a wish to change: a swap, which the other person agrees to, or to be
// free of a duty, which its planner or leader grants. One approval is enough;
// the rules of rest and presence are looked at by the program.
type Ask struct {
	ID        string
	Ask       string // swap or off
	DutyID    string
	PersonID  string
	OtherDuty string // the duty got in exchange; "" when the other just comes instead
	OtherID   string // with off: who comes instead, once granted
	Note      string
	State     string // open, granted, refused, withdrawn; expired when read after its duty
	MadeAt    int64
	SettledAt int64
	SettledBy string
}

// Allows refuses crews that would break a rule which their duties were planned
// by; nil allows all.
type Allows func(tx *db.Tx, after ...Duty) error

// MakeAsk asks; what cannot be granted is refused at once.
func MakeAsk(tx *db.Tx, who org.Actor, in Ask, allows Allows) (Ask, error) {
	d, err := ByID(tx, in.DutyID)
	if err != nil {
		return in, err
	}
	if in.PersonID == "" {
		in.PersonID = who.ID
	}
	if !who.StandsFor(in.PersonID) || !d.Has(in.PersonID) {
		return in, fault.New(fault.Denied, "ask.whose", "只能为自己的值守申请。", "You can only ask for a duty of your own.")
	}
	if err := ahead(tx, d); err != nil {
		return in, err
	}
	var c fault.Check
	c.That(in.Ask == "swap" || in.Ask == "off", "ask", "请选择换班或请退", "choose swap or off")
	c.That(in.Ask != "swap" || in.OtherID != "" && in.OtherID != in.PersonID, "other", "请选择和谁换", "choose whom to swap with")
	c.That(in.Ask != "off" || strings.TrimSpace(in.Note) != "", "note", "请写明原因", "say why")
	c.That(len([]rune(in.Note)) <= 200, "note", "最多200字", "at most 200 characters")
	if err := c.Err(); err != nil {
		return in, err
	}
	open, err := openAsk(tx, in.DutyID, in.PersonID)
	if err != nil {
		return in, err
	}
	if open {
		return in, fault.New(fault.Conflict, "ask.open", "这次值守您已有一条待答复的申请。", "You have an open request for this duty.")
	}
	if in.Ask == "swap" {
		if _, _, err := exchange(tx, in, allows); err != nil {
			return in, err
		}
	}
	in.State, in.MadeAt = "open", tx.Now()
	if err := insertAsk(tx, in); err != nil {
		return in, err
	}
	_, err = event.Add(tx, who.ID, "duty.asked", in.DutyID, map[string]any{"ask": in.Ask, "id": in.ID, "person": in.PersonID, "other": in.OtherID, "other_duty": in.OtherDuty})
	return in, err
}

// Withdraw takes an open request back.
func Withdraw(tx *db.Tx, who org.Actor, id string) (Ask, error) {
	a, err := askByID(tx, id)
	if err != nil {
		return a, err
	}
	if !who.StandsFor(a.PersonID) {
		return a, fault.New(fault.Denied, "ask.whose", "只能撤回自己的申请。", "You can only withdraw your own request.")
	}
	return a, settle(tx, who, &a, "withdrawn")
}

// Settle grants or refuses. instead is who comes in the place of somebody who
// cannot, or "" to let the crew be smaller; that is for whoever answers to
// decide, whatever a roster's rules say.
func Settle(tx *db.Tx, who org.Actor, id string, grant bool, instead string, allows Allows) (Ask, error) {
	a, err := askByID(tx, id)
	if err != nil {
		return a, err
	}
	d, err := ByID(tx, a.DutyID)
	if err != nil {
		return a, err
	}
	if err := maySettle(who, a, d); err != nil {
		return a, err
	}
	if !grant || a.State != "open" {
		return a, settle(tx, who, &a, "refused") // which says so when it is settled
	}
	if a.Ask == "off" {
		a.OtherID = instead
	}
	mine, theirs, err := exchange(tx, a, allows)
	if err != nil {
		return a, err
	}
	if err := moved(tx, who, mine, a.PersonID); err != nil {
		return a, err
	}
	if theirs != nil {
		if err := moved(tx, who, *theirs, a.OtherID); err != nil {
			return a, err
		}
	}
	return a, settle(tx, who, &a, "granted")
}

func moved(tx *db.Tx, who org.Actor, d Duty, gone string) error {
	d.Version++
	if err := replace(tx, d); err != nil {
		return err
	}
	t := tell(d)
	t.Instead = gone
	if err := db.Touch(tx, stamp); err != nil {
		return err
	}
	_, err := event.Add(tx, who.ID, "duty.swapped", d.ID, t)
	return err
}

func maySettle(who org.Actor, a Ask, d Duty) error {
	if a.Ask == "swap" {
		if who.StandsFor(a.OtherID) {
			return nil
		}
		return fault.New(fault.Denied, "ask.other", "由换班的另一方答复。", "The other person of the swap answers.")
	}
	if who.StandsFor(d.LeaderID) && !who.StandsFor(a.PersonID) {
		return nil
	}
	if who.StandsFor(a.PersonID) {
		return fault.New(fault.Denied, "ask.own", "不能批准自己的申请。", "Nobody grants their own request.")
	}
	return mayPlan(who, d)
}

func settle(tx *db.Tx, who org.Actor, a *Ask, state string) error {
	if a.State != "open" {
		return fault.New(fault.Conflict, "ask.settled", "这条申请已经答复过了。", "This request has been settled.")
	}
	a.State, a.SettledAt, a.SettledBy = state, tx.Now(), who.ID
	if err := updateAsk(tx, *a); err != nil {
		return err
	}
	_, err := event.Add(tx, who.ID, "duty.ask_"+state, a.DutyID, map[string]any{"id": a.ID, "ask": a.Ask, "person": a.PersonID, "other": a.OtherID})
	return err
}

// exchange is what both duties look like after the request; nothing is
// written. The second is nil when nothing is got in exchange. Swaps need to be
// allowed.
func exchange(tx *db.Tx, a Ask, allows Allows) (mine Duty, theirs *Duty, err error) {
	if mine, theirs, err = exchanged(tx, a); err != nil || a.Ask != "swap" || allows == nil {
		return mine, theirs, err
	}
	after := []Duty{mine}
	if theirs != nil {
		after = append(after, *theirs)
	}
	return mine, theirs, allows(tx, after...)
}

func exchanged(tx *db.Tx, a Ask) (Duty, *Duty, error) {
	mine, err := ByID(tx, a.DutyID)
	if err != nil {
		return mine, nil, err
	}
	if err := ahead(tx, mine); err != nil {
		return mine, nil, err
	}
	field := "other"
	if a.Ask == "off" {
		field = "instead"
	}
	if a.OtherDuty == "" {
		err := substitute(tx, &mine, a.PersonID, a.OtherID, field, mine.ID)
		return mine, nil, err
	}
	theirs, err := ByID(tx, a.OtherDuty)
	if err != nil {
		return mine, nil, err
	}
	if err := ahead(tx, theirs); err != nil {
		return mine, nil, err
	}
	if theirs.ID == mine.ID || !theirs.Has(a.OtherID) {
		return mine, nil, fault.New(fault.Invalid, "ask.duty", "对方不在所选的值守里。", "The other person is not on that duty.").In("other_duty", "请重选", "choose again")
	}
	if err := substitute(tx, &mine, a.PersonID, a.OtherID, field, mine.ID, theirs.ID); err != nil {
		return mine, nil, err
	}
	return mine, &theirs, substitute(tx, &theirs, a.OtherID, a.PersonID, "other_duty", mine.ID, theirs.ID)
}

// substitute puts in, who is given in a field, for out; windows of the duties
// in not are given up.
func substitute(tx *db.Tx, d *Duty, out, in, field string, not ...string) error {
	if in != "" {
		names, err := org.Names(tx)
		if err != nil {
			return err
		}
		if err := here(names, in, d.OnDay, field); err != nil {
			return err
		}
		if d.Has(in) {
			return fault.New(fault.Conflict, "ask.both", "两人本来就在同一组。", "Both are of the same crew already.")
		}
		if err := fitsOne(tx, *d, in, not...); err != nil {
			return err
		}
	}
	d.People = slices.Clone(d.People)
	d.People = slices.DeleteFunc(d.People, func(m Member) bool { return m.PersonID == out })
	if in != "" {
		d.People = append(d.People, Member{PersonID: in})
	}
	slices.SortFunc(d.People, func(a, b Member) int { return strings.Compare(a.PersonID, b.PersonID) })
	if d.LeaderID == out {
		return d.lead(tx, in)
	}
	return nil
}

// lead finds a new leader: who came in if able, else somebody of the crew.
func (d *Duty) lead(tx *db.Tx, first string) error {
	skills, err := org.SkillBook(tx)
	if err != nil {
		return err
	}
	order := d.Crew()
	if first != "" {
		order = append([]string{first}, order...)
	}
	for _, id := range order {
		if len(skills) == 0 || slices.Contains(skills[id], org.Leads) {
			d.LeaderID = id
			return nil
		}
	}
	return fault.New(fault.Conflict, "ask.no_leader", "换下的是组长，组里没有其他能带队的人，请换一位能带队的同事。", "The leader would leave and nobody else of the crew can lead.").In("other", "须能带队", "must be able to lead")
}
