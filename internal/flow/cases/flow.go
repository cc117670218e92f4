package cases

import (
	"slices"

	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/org"
)

// MoveName names a step.
type MoveName string

// The moves.
const (
	Assign       MoveName = "assign"
	Reject       MoveName = "reject"
	Merge        MoveName = "merge"
	Accept       MoveName = "accept"
	Return       MoveName = "return"
	Block        MoveName = "block"
	AskExtension MoveName = "ask_extension"
	Fix          MoveName = "fix"
	Verify       MoveName = "verify"
	Rework       MoveName = "rework"
	Agree        MoveName = "agree"
	Refuse       MoveName = "refuse"
	Resume       MoveName = "resume"
	Note         MoveName = "note"
	RecheckOK    MoveName = "recheck_ok"
	RecheckBad   MoveName = "recheck_bad"
	Acknowledge  MoveName = "acknowledge"
)

// Line is one allowed move: from which states, who may, what it asks for.
type Line struct {
	Move  MoveName
	ZH    string
	From  []State
	Verb  org.Verb
	Needs []string                // fields that must be filled
	When  func(Case) *fault.Fault // a further condition on the case
}

// Lines is the whole life of a case.
var Lines = []Line{
	{Assign, "派遣", []State{Reported, Assigned, Accepted, Returned}, org.Dispatch, nil, nil},
	{Reject, "不予立案", []State{Reported, Returned}, org.Dispatch, []string{"note"}, nil},
	{Merge, "合并", []State{Reported, Assigned, Accepted, Returned}, org.Dispatch, []string{"into"}, nil},
	{Accept, "接收", []State{Assigned}, org.OwnCase, nil, nil},
	{Return, "退回", []State{Assigned, Accepted}, org.OwnCase, []string{"note"}, notTwiceDecided},
	{Block, "申请挂起", []State{Assigned, Accepted}, org.OwnCase, []string{"reason", "note"}, nothingAsked},
	{AskExtension, "申请延期", []State{Assigned, Accepted}, org.OwnCase, []string{"note", "until_on"}, nothingAsked},
	{Fix, "已整改", []State{Assigned, Accepted}, org.OwnCase, nil, nil},
	{Verify, "核查通过", []State{Fixed}, org.VerifyCase, nil, nil},
	{Rework, "退回重做", []State{Fixed}, org.VerifyCase, []string{"note"}, nil},
	{Agree, "同意", []State{Assigned, Accepted}, org.Decide, nil, somethingAsked},
	{Refuse, "不同意", []State{Assigned, Accepted}, org.Decide, []string{"note"}, somethingAsked},
	{Resume, "恢复办理", []State{Blocked}, org.Decide, nil, nil},
	{Note, "补充说明", []State{Reported, Assigned, Accepted, Returned, Blocked, Fixed, Closed}, org.NoteCase, []string{"note"}, nil},
	{Acknowledge, "签收文书", []State{Assigned, Accepted, Returned, Blocked, Fixed}, org.OwnCase, nil, somethingToSign},
	{RecheckOK, "回头看通过", []State{Closed}, org.Recheck, nil, drawnForRecheck},
	{RecheckBad, "回头看不通过", []State{Closed}, org.Recheck, []string{"note"}, drawnForRecheck},
}

// arbiter is how many refusals make the centre's next decision final.
const arbiter = 2

func notTwiceDecided(c Case) *fault.Fault {
	if c.Refusals < arbiter {
		return nil
	}
	return fault.New(fault.Conflict, "case.decided",
		"这件事已两次退回，创卫中心的派遣是最终决定。确有困难，请选择“卡住了”或“申请延期”。",
		"This case was returned twice and the centre's decision is final. Use “blocked” or “extension” if you cannot do it.")
}

func nothingAsked(c Case) *fault.Fault {
	if c.Ask.Kind == "" {
		return nil
	}
	return fault.New(fault.Conflict, "case.asked", "已有一项申请等待审批，请等待结果。", "A request is already waiting for a decision.")
}

func somethingAsked(c Case) *fault.Fault {
	if c.Ask.Kind != "" {
		return nil
	}
	return fault.New(fault.Conflict, "case.not_asked", "没有等待审批的申请，可能已有人处理。", "No request is waiting; somebody may have decided it already.")
}

func somethingToSign(c Case) *fault.Fault {
	if c.Ladder > c.Acked {
		return nil
	}
	return fault.New(fault.Conflict, "case.signed", "没有待签收的督办文书。", "No order waits to be signed for.")
}

func drawnForRecheck(c Case) *fault.Fault {
	if c.Recheck != "" {
		return nil
	}
	return fault.New(fault.Conflict, "case.not_drawn", "这个案件没有被抽中回头看，或已看过。", "This case is not drawn for a second look, or has been looked at.")
}

// LineOf finds the line of a move.
func LineOf(m MoveName) (Line, bool) {
	i := slices.IndexFunc(Lines, func(l Line) bool { return l.Move == m })
	if i < 0 {
		return Line{}, false
	}
	return Lines[i], true
}

// target is what the permission of a move on the case is asked for.
func target(c Case) org.Target {
	return org.Target{Area: c.AreaID, Units: []string{c.UnitID}, Persons: []string{c.OwnerID, c.FinderID}}
}

// ownTarget leaves the finder out: finding a problem does not make it yours to fix.
func ownTarget(c Case) org.Target {
	return org.Target{Units: []string{c.UnitID}, Persons: []string{c.OwnerID}}
}

// allowed checks the table: permission first, then state, then condition.
func allowed(c Case, who org.Actor, l Line) error {
	t := target(c)
	if l.Verb == org.OwnCase {
		t = ownTarget(c)
	}
	if err := who.May(l.Verb, t); err != nil {
		return err
	}
	if !slices.Contains(l.From, c.State) {
		return movedOn(c, l)
	}
	if l.When != nil {
		if f := l.When(c); f != nil {
			return f
		}
	}
	return nil
}

func movedOn(c Case, l Line) error {
	return fault.New(fault.Conflict, "case.moved_on", "案件 %[1]s 现在是“%[2]s”，不能“%[3]s”。请刷新后再看。",
		"Case %[1]s is now %[4]q; %[5]q is not possible. Refresh and look again.",
		c.No, c.State.ZH(), l.ZH, string(c.State), string(l.Move))
}

// sameCrew reports whether the person may not verify: they fixed the case, own
// it, or work in the unit that fixed it.
func sameCrew(c Case, who org.Actor, fixerUnit string) bool {
	if who.ID == c.FixedBy || who.ID == c.OwnerID || who.StandsFor(c.FixedBy) {
		return true
	}
	return fixerUnit != "" && who.Unit == fixerUnit
}

// sameRequest refuses to decide on a request the decider has not seen.
func sameRequest(c Case, m Move) error {
	if (m.Move != Agree && m.Move != Refuse) || m.Version == 0 || m.Version == c.Version {
		return nil
	}
	return fault.New(fault.Conflict, "case.changed", "案件 %[1]s 在您查看之后又有变化，请刷新后再决定。",
		"Case %[1]s has changed since you looked; refresh before deciding.", c.No)
}

// errSameCrew is the refusal of a verifier from the fixer's side.
func errSameCrew() *fault.Fault {
	return fault.New(fault.Denied, "case.same_crew",
		"整改的人和同单位、同班组的人不能核查自己的整改，请由其他人核查。",
		"Whoever fixed a case, their unit and their crew cannot verify it; somebody else must.")
}

var stateZH = map[State]string{
	Reported: "待派遣", Assigned: "待接收", Accepted: "整改中", Returned: "退回待定", Blocked: "已挂起",
	Fixed: "待核查", Closed: "已办结", Rejected: "不予立案", Merged: "已合并",
}

// ZH is the state in Chinese.
func (s State) ZH() string { return stateZH[s] }

// checkMove checks the fields of a move against its line.
func checkMove(m Move, l Line) error {
	var c fault.Check
	filled := map[string]string{"note": m.Note, "reason": m.Reason, "until_on": m.UntilOn, "into": m.Into}
	for _, need := range l.Needs {
		c.That(filled[need] != "", need, "%[1]s", "%[2]s", fieldZH[need], fieldEN[need])
	}
	c.That(len([]rune(m.Note)) <= 2000, "note", "说明最多2000字", "the note may have at most 2,000 characters")
	c.That(len(m.Photos) <= 9, "photos", "最多9张照片", "at most 9 photos")
	c.That(m.Reason == "" || slices.Contains([]string{"money", "department", "law", "other"}, m.Reason), "reason",
		"请选择原因：需要资金、需要其他部门、法律程序或其他", "choose a reason: money, department, law or other")
	return c.Err()
}

var (
	fieldZH = map[string]string{"note": "请写明情况", "reason": "请选择原因", "until_on": "请选择延到哪一天", "into": "请选择并入哪个案件"}
	fieldEN = map[string]string{"note": "say what the matter is", "reason": "choose a reason", "until_on": "choose the day", "into": "choose the earlier case"}
)
