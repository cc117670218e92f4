package cases

import (
	"fmt"
	"time"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
)

// Told is what the event of a step keeps, so that the history can be told
// without asking today's registers.
type Told struct {
	No      string   `json:"no,omitempty"`
	Note    string   `json:"note,omitempty"`
	Photos  []string `json:"photos,omitempty"`
	Channel string   `json:"channel,omitempty"`
	MadeAt  int64    `json:"made_at,omitempty"`
	Kind    string   `json:"kind,omitempty"`
	Place   string   `json:"place,omitempty"`
	Owner   string   `json:"owner,omitempty"`
	Unit    string   `json:"unit,omitempty"`
	From    string   `json:"from,omitempty"`
	DueAt   int64    `json:"due_at,omitempty"`
	Due     string   `json:"due,omitempty"`
	Reason  string   `json:"reason,omitempty"`
	Ask     string   `json:"ask,omitempty"`
	UntilOn string   `json:"until_on,omitempty"`
	Level   int      `json:"level,omitempty"`
	Into    string   `json:"into,omitempty"`
	Reasons []Reason `json:"reasons,omitempty"`
}

// Line of the timeline of a case, in words.
type Said struct {
	Seq    int64
	At     int64
	Kind   string
	Who    string
	Said   fault.Text
	Note   string
	Photos []string
	MadeAt int64 // when the phone made it, or 0
}

// Timeline tells the history of a case from its events alone.
func Timeline(tx *db.Tx, who org.Actor, caseID string) ([]Said, error) {
	if _, err := Get(tx, who, caseID); err != nil {
		return nil, err
	}
	events, err := event.Of(tx, caseID)
	if err != nil {
		return nil, err
	}
	names, err := org.Names(tx)
	if err != nil {
		return nil, err
	}
	out := make([]Said, 0, len(events))
	for _, e := range events {
		var t Told
		if err := e.Decode(&t); err != nil {
			return nil, fmt.Errorf("cases: timeline: %w", err)
		}
		out = append(out, Said{Seq: e.Seq, At: e.At, Kind: e.Kind, Who: names.Name(e.Who),
			Said: say(names, e.Kind, t), Note: t.Note, Photos: t.Photos, MadeAt: t.MadeAt})
	}
	return out, nil
}

var askZH = map[string]string{"block": "挂起", "extension": "延期"}
var askEN = map[string]string{"block": "a pause", "extension": "an extension"}
var reasonZH = map[string]string{"money": "需要资金", "department": "需要其他部门", "law": "需走法律程序", "other": "其他原因"}
var reasonEN = map[string]string{"money": "needs money", "department": "needs another department", "law": "needs the law", "other": "another reason"}

// say tells one event in words.
func say(names *org.Book, kind string, t Told) fault.Text {
	owner, unit := names.Name(t.Owner), names.Unit(t.Unit).Short
	switch kind {
	case "case.assigned":
		return fault.Say("派给%[1]s %[2]s，时限%[3]s", "assigned to %[2]s (%[1]s), due %[4]s", unit, owner, whenZH(t.DueAt), whenEN(t.DueAt))
	case "case.handed":
		return fault.Say("交班：由%[1]s转给下一班%[2]s，时限不变", "handed over from %[1]s to %[2]s of the next crew; the due day stays", names.Name(t.From), owner)
	case "case.returned":
		if owner != "" {
			return fault.Say("不属于原责任人，转给%[1]s %[2]s", "not the first owner's; passed to %[2]s (%[1]s)", unit, owner)
		}
		return fault.Say("不属于本人，退回派遣台", "not the owner's; back to the desk")
	case "case.relapsed":
		return fault.Say("同一点位再次出现，重新打开（来自 %[1]s），由%[2]s负责", "came back (report %[1]s); reopened for %[2]s", t.From, owner)
	case "case.recheck_failed":
		return fault.Say("回头看不通过，重新打开，由%[1]s负责", "second look failed; reopened for %[1]s", orBlank(owner, "派遣台"))
	case "case.asked":
		return fault.Text{ZH: "申请" + askZH[t.Ask] + tail("：", reasonZH[t.Reason]) + tail("，延至", t.UntilOn),
			EN: "asked for " + askEN[t.Ask] + tail(": ", reasonEN[t.Reason]) + tail(" until ", t.UntilOn)}
	case "case.agreed":
		return fault.Text{ZH: "同意" + askZH[t.Ask] + tail("至", t.UntilOn), EN: "agreed to " + askEN[t.Ask] + tail(" until ", t.UntilOn)}
	case "case.refused":
		return fault.Text{ZH: "不同意" + askZH[t.Ask], EN: "refused " + askEN[t.Ask]}
	case "case.urged":
		return fault.Say("超期升级：%[1]s，送%[2]s", "ladder: level %[3]d", t.Note, orBlank(t.Due, "相关负责同志"), t.Level)
	case "case.merged":
		return fault.Say("并入 %[1]s", "merged into %[1]s", t.Into)
	case "case.joined":
		return fault.Say("%[1]s 并入本案", "%[1]s was merged into this case", t.From)
	}
	return plain[kind]
}

var plain = map[string]fault.Text{
	"case.reported":       {ZH: "上报", EN: "reported"},
	"case.accepted":       {ZH: "已接收，开始整改", EN: "accepted"},
	"case.fixed":          {ZH: "提交整改结果", EN: "fixed"},
	"case.verified":       {ZH: "核查通过，办结", EN: "verified and closed"},
	"case.reworked":       {ZH: "核查不通过，退回重做", EN: "sent back for rework"},
	"case.rejected":       {ZH: "不予立案", EN: "rejected"},
	"case.resumed":        {ZH: "恢复办理", EN: "resumed"},
	"case.acknowledged":   {ZH: "签收督办文书", EN: "signed for the orders"},
	"case.seen_again":     {ZH: "再次检查，问题仍在", EN: "inspected again: still so"},
	"case.noted":          {ZH: "补充说明", EN: "note"},
	"case.recheck_passed": {ZH: "回头看通过", EN: "second look passed"},
}

func tail(before, s string) string {
	if s == "" {
		return ""
	}
	return before + s
}

func whenZH(ms int64) string { return at8(ms).Format("1月2日15:04") }
func whenEN(ms int64) string { return at8(ms).Format("2 Jan 15:04") }

func at8(ms int64) time.Time { return time.UnixMilli(ms).In(calendar.Zone) }
