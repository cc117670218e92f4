package org

import "slices"

// Role is what a post is, in the words of the headquarters.
type Role string

// The roles, from the commander to the resident.
const (
	Commander       Role = "commander"        // 指挥长
	ExecutiveDeputy Role = "executive-deputy" // 常务副指挥长
	DeputyCommander Role = "deputy-commander" // 副指挥长
	GroupLead       Role = "group-lead"       // 专项工作组组长
	Chief           Role = "chief"            // 片长
	UnitHead        Role = "unit-head"        // 单位主要负责人
	UnitDeputy      Role = "unit-deputy"      // 分管负责人
	Liaison         Role = "liaison"          // 联络员
	Owner           Role = "owner"            // 责任人
	GridMember      Role = "grid-member"      // 网格员
	Intake          Role = "intake"           // 受理员
	Dispatcher      Role = "dispatcher"       // 派遣员
	ShiftLead       Role = "shift-lead"       // 值班长
	Verifier        Role = "verifier"         // 核查员
	Archivist       Role = "archivist"        // 资料员
	Administrator   Role = "administrator"    // 系统管理员
	Inspector       Role = "inspector"        // 巡查员
	Enforcement     Role = "enforcement"      // 联合执法队员
	MarketTeam      Role = "market-team"      // 市场驻点队员
	Cadre           Role = "cadre"            // every person with a sign-in

	roleSystem   Role = "system"
	roleResident Role = "resident"
)

// Verb is something one may do.
type Verb string

// The verbs.
const (
	SeeCase    Verb = "case.see"
	ReportCase Verb = "case.report"
	Dispatch   Verb = "case.dispatch" // assign, reject, merge
	Decide     Verb = "case.decide"   // agree to or refuse what an owner asks for
	OwnCase    Verb = "case.own"      // accept, return, block, ask, fix
	VerifyCase Verb = "case.verify"
	NoteCase   Verb = "case.note"
	Recheck    Verb = "case.recheck"
	SeeBoard   Verb = "board.see"
	ExportLog  Verb = "proof.export"
	SeeContact Verb = "case.contact" // the telephone number a resident left
	ChangeData Verb = "register.change"
	SeeDuty    Verb = "duty.see"
	PlanDuty   Verb = "duty.plan" // make, change, cancel duties; settle what crews ask
	PlanRoster Verb = "roster.plan"

	SeeInspection  Verb = "inspection.see"
	Inspect        Verb = "inspection.make"
	PlanInspection Verb = "inspection.plan"

	SeeRound   Verb = "assess.see"
	PlanRound  Verb = "assess.plan"  // plan, begin and finish rounds
	JudgeRound Verb = "assess.judge" // fill in a scoring sheet
	Measure    Verb = "assess.measure"

	SeeEvidence    Verb = "evidence.see"
	FileEvidence   Verb = "evidence.file"
	CheckEvidence  Verb = "evidence.check" // never one's own
	AskEvidence    Verb = "evidence.ask"   // let a gap become a case
	ExportEvidence Verb = "evidence.export"
)

var verbZH = map[Verb]string{
	SeeCase: "查看案件", ReportCase: "上报问题", Dispatch: "派遣案件", Decide: "审批申请", OwnCase: "办理案件",
	VerifyCase: "核查案件", NoteCase: "补充说明", Recheck: "回头看", SeeBoard: "查看总览", ExportLog: "导出存证", ChangeData: "修改基础数据", SeeContact: "查看群众电话",
	SeeInspection: "查看检查", Inspect: "开展检查", PlanInspection: "安排检查",
	SeeEvidence: "查看台账", FileEvidence: "上传佐证", CheckEvidence: "审核佐证", AskEvidence: "催要佐证", ExportEvidence: "导出档案",
	SeeDuty: "查看值守", PlanDuty: "安排值守", PlanRoster: "编排队伍",
	SeeRound: "查看评估", PlanRound: "安排评估", JudgeRound: "填写评分表", Measure: "登记数据指标",
}

// ZH is the verb in Chinese.
func (v Verb) ZH() string { return verbZH[v] }

// Reach says how far a permission goes.
type Reach int

const (
	Own    Reach = iota + 1 // what the actor found or owns
	InUnit                  // what the post's unit leads
	InArea                  // what lies in the post's areas
	County                  // everything
)

// Grants is the whole permission table: role, how far, which verbs.
var Grants = []struct {
	Role  Role
	Reach Reach
	Verbs []Verb
}{
	{Cadre, Own, []Verb{SeeCase, NoteCase, OwnCase, SeeDuty}},
	{Cadre, County, []Verb{ReportCase}},

	{Commander, County, []Verb{SeeCase, NoteCase, SeeBoard, Decide, ExportLog, SeeDuty}},
	{ExecutiveDeputy, County, []Verb{SeeCase, NoteCase, SeeBoard, Decide, Dispatch, SeeContact, ExportLog, SeeDuty, PlanDuty, PlanRoster}},
	{DeputyCommander, County, []Verb{SeeCase, NoteCase, SeeBoard, SeeDuty}},
	{GroupLead, County, []Verb{SeeCase, NoteCase, SeeBoard, SeeDuty}},

	{Chief, InArea, []Verb{SeeCase, NoteCase, SeeBoard, VerifyCase, SeeDuty, PlanDuty}},
	{GridMember, InArea, []Verb{SeeCase, NoteCase, SeeBoard, SeeDuty}},

	{UnitHead, InUnit, []Verb{SeeCase, NoteCase, SeeBoard, OwnCase, SeeDuty, PlanDuty}},
	{UnitDeputy, InUnit, []Verb{SeeCase, NoteCase, SeeBoard, OwnCase, SeeDuty, PlanDuty}},
	{Liaison, InUnit, []Verb{SeeCase, NoteCase, SeeBoard, OwnCase, SeeDuty, PlanDuty}},

	{Intake, County, []Verb{SeeCase, NoteCase, SeeBoard, Dispatch, SeeContact, SeeDuty}},
	{Dispatcher, County, []Verb{SeeCase, NoteCase, SeeBoard, Dispatch, SeeContact, SeeDuty, PlanDuty}},
	{ShiftLead, County, []Verb{SeeCase, NoteCase, SeeBoard, Dispatch, Decide, VerifyCase, SeeContact, ExportLog, SeeDuty, PlanDuty, PlanRoster}},
	{Verifier, County, []Verb{SeeCase, NoteCase, SeeBoard, VerifyCase, Recheck, SeeDuty}},
	{Archivist, County, []Verb{SeeCase, SeeBoard, ExportLog, SeeDuty}},
	{Inspector, County, []Verb{SeeCase, NoteCase, VerifyCase, Recheck}},

	{Administrator, County, []Verb{SeeCase, SeeBoard, ChangeData, ExportLog, SeeDuty, PlanDuty, PlanRoster}},

	{Cadre, Own, []Verb{SeeInspection}},
	{Commander, County, []Verb{SeeInspection, Inspect}},
	{ExecutiveDeputy, County, []Verb{SeeInspection, Inspect, PlanInspection}},
	{DeputyCommander, County, []Verb{SeeInspection, Inspect}},
	{GroupLead, County, []Verb{SeeInspection, Inspect, PlanInspection}},
	{Chief, InArea, []Verb{SeeInspection, Inspect, PlanInspection}},
	{GridMember, InArea, []Verb{SeeInspection, Inspect}},
	{UnitHead, InUnit, []Verb{SeeInspection, Inspect}},
	{UnitDeputy, InUnit, []Verb{SeeInspection, Inspect}},
	{Liaison, InUnit, []Verb{SeeInspection, Inspect}},
	{Owner, InUnit, []Verb{Inspect}},
	{Intake, County, []Verb{SeeInspection}},
	{Dispatcher, County, []Verb{SeeInspection, PlanInspection}},
	{ShiftLead, County, []Verb{SeeInspection, Inspect, PlanInspection}},
	{Verifier, County, []Verb{SeeInspection, Inspect}},
	{Archivist, County, []Verb{SeeInspection}},
	{Inspector, County, []Verb{SeeInspection, Inspect}},
	{Enforcement, County, []Verb{Inspect}},
	{MarketTeam, County, []Verb{SeeInspection, Inspect}},
	{Administrator, County, []Verb{SeeInspection, PlanInspection}},
	{roleSystem, County, []Verb{SeeInspection, PlanInspection}},

	{Cadre, Own, []Verb{SeeRound, JudgeRound}}, // of rounds they are an expert of
	{Commander, County, []Verb{SeeRound}},
	{ExecutiveDeputy, County, []Verb{SeeRound, PlanRound, JudgeRound, Measure}},
	{DeputyCommander, County, []Verb{SeeRound}},
	{GroupLead, County, []Verb{SeeRound}},
	{Chief, County, []Verb{SeeRound}},
	{UnitHead, County, []Verb{SeeRound}},
	{UnitHead, InUnit, []Verb{Measure}},
	{UnitDeputy, County, []Verb{SeeRound}},
	{UnitDeputy, InUnit, []Verb{Measure}},
	{Liaison, County, []Verb{SeeRound}},
	{Liaison, InUnit, []Verb{Measure}},
	{Dispatcher, County, []Verb{SeeRound}},
	{ShiftLead, County, []Verb{SeeRound, PlanRound, JudgeRound, Measure}},
	{Verifier, County, []Verb{SeeRound}},
	{Archivist, County, []Verb{SeeRound, JudgeRound, Measure}},
	{Administrator, County, []Verb{SeeRound, PlanRound, JudgeRound, Measure}},
	{roleSystem, County, []Verb{SeeRound, PlanRound, JudgeRound, Measure}},
	{Commander, County, []Verb{SeeEvidence}},
	{ExecutiveDeputy, County, []Verb{SeeEvidence, AskEvidence, ExportEvidence}},
	{DeputyCommander, County, []Verb{SeeEvidence}},
	{GroupLead, County, []Verb{SeeEvidence}},
	{Chief, InArea, []Verb{SeeEvidence}}, // of the units that lead there
	{UnitHead, InUnit, []Verb{SeeEvidence, FileEvidence}},
	{UnitDeputy, InUnit, []Verb{SeeEvidence, FileEvidence}},
	{Liaison, InUnit, []Verb{SeeEvidence, FileEvidence}},
	{Owner, InUnit, []Verb{SeeEvidence, FileEvidence}},
	{Intake, County, []Verb{SeeEvidence}},
	{Dispatcher, County, []Verb{SeeEvidence, FileEvidence, AskEvidence}},
	{ShiftLead, County, []Verb{SeeEvidence, FileEvidence, CheckEvidence, AskEvidence, ExportEvidence}},
	{Verifier, County, []Verb{SeeEvidence, CheckEvidence}},
	{Archivist, County, []Verb{SeeEvidence, FileEvidence, CheckEvidence, AskEvidence, ExportEvidence}},
	{Administrator, County, []Verb{SeeEvidence, ExportEvidence}},
	{roleSystem, County, []Verb{SeeEvidence, FileEvidence, CheckEvidence, AskEvidence, ExportEvidence}},

	{roleResident, County, []Verb{ReportCase}},
	{roleSystem, County, []Verb{SeeCase, ReportCase, Dispatch, Decide, NoteCase, SeeDuty, PlanDuty, PlanRoster}},
}

// Scope is what an actor may do with one verb: everything, or what lies in
// some areas, is led by some units, or belongs to persons they stand for.
type Scope struct {
	All     bool
	Areas   []string
	Units   []string
	Persons []string
}

// Empty reports that the verb is not allowed at all.
func (s Scope) Empty() bool {
	return !s.All && len(s.Areas)+len(s.Units)+len(s.Persons) == 0
}

// Target is what a verb would be done to.
type Target struct {
	Area    string
	Units   []string
	Persons []string // owner and finder
}

// Scope gathers how far the actor's posts let verb v reach.
func (a Actor) Scope(v Verb) Scope {
	var s Scope
	for _, h := range a.Posts {
		for _, g := range Grants {
			mine := g.Role == h.Role || h.ForID != "" && g.Role == Cadre // what is the absent person's own is their deputy's too
			if mine && slices.Contains(g.Verbs, v) {
				s.widen(g.Reach, h, a.ID)
			}
		}
	}
	return s
}

func (s *Scope) widen(r Reach, h Held, self string) {
	switch r {
	case County:
		s.All = true
	case InArea:
		s.Areas = append(s.Areas, h.Areas...)
	case InUnit:
		s.Units = append(s.Units, h.UnitID)
	case Own:
		s.Persons = append(s.Persons, self)
		if h.ForID != "" {
			s.Persons = append(s.Persons, h.ForID)
		}
	}
}

// Can reports whether the actor may do v to t.
func (a Actor) Can(v Verb, t Target) bool {
	s := a.Scope(v)
	in := func(list []string) func(string) bool {
		return func(x string) bool { return x != "" && slices.Contains(list, x) }
	}
	return s.All || in(s.Areas)(t.Area) ||
		slices.ContainsFunc(t.Units, in(s.Units)) || slices.ContainsFunc(t.Persons, in(s.Persons))
}

// May is Can with the fault to return when not.
func (a Actor) May(v Verb, t Target) error {
	if a.Can(v, t) {
		return nil
	}
	return Denied(v)
}

// Verbs lists what the actor may do somewhere, for screens to show.
func (a Actor) Verbs() []string {
	var out []string
	for v := range verbZH {
		if !a.Scope(v).Empty() {
			out = append(out, string(v))
		}
	}
	slices.Sort(out)
	return out
}
