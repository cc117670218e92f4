package pack

import (
	"slices"

	"chuangwei/internal/kit/fault"
)

// Proof is what fills the slot of a requirement. What a pack leaves out follows
// from how the requirement is judged.
type Proof struct {
	What    string `yaml:"what"`  // in our own words
	By      string `yaml:"by"`    // paper or work
	Years   int    `yaml:"years"` // calendar years back, the present one included
	Count   int    `yaml:"count"` // pieces in each of them
	Fresh   int    `yaml:"fresh"` // days after which the newest piece no longer counts; 0 never
	Checked string `yaml:"checked"`
}

// What a slot is filled by.
const (
	ByPaper = "paper" // somebody adds a paper for each year
	ByWork  = "work"  // inspections, fixed cases and duties fill it by themselves
)

// Ways are they with the words people use.
var Ways = []Word{{ByPaper, "资料", "papers"}, {ByWork, "工作记录", "records of work"}}

// What a slot asks for where nothing is written: a paper for each of the three
// years an archive covers, or four looks within a year, the last within a
// quarter. All are our working values; no official text was seen.
const (
	archiveYears = 3
	looks        = 4
	quarter      = 90
)

// asked words what proves a requirement that says nothing of it, by how it is judged.
var asked = []struct {
	judged, zh, en string
}{
	{"papers", "每年的文件、方案、记录或总结", "each year's documents, plans, records or summary"},
	{"data", "每年的数据报表，盖章", "each year's figures, sealed"},
	{"survey", "每年的调查报告", "each year's survey report"},
	{"instrument", "检测报告", "test reports"},
	{"", "现场检查记录和整改前后照片", "records of inspection and photos before and after"},
}

// Proved is the whole of what fills the slot. Sure tells that all of it was
// confirmed by somebody.
func (r Requirement) Proved() (p Proof, what fault.Text, sure bool) {
	p = r.Proof
	on := slices.ContainsFunc(r.Judged, func(j string) bool { return j != "site" && j != "secret" })
	if p.By == "" {
		p.By = ByWork
		if on {
			p.By = ByPaper
		}
	}
	if p.Years == 0 {
		p.Years = archiveYears
		if p.By == ByWork {
			p.Years = 1
		}
	}
	if p.Count == 0 {
		p.Count = 1
		if p.By == ByWork {
			p.Count = looks
		}
	}
	if p.Fresh == 0 && p.By == ByWork {
		p.Fresh = quarter
	}
	what = fault.Text{ZH: p.What, EN: p.What}
	for _, a := range asked {
		if what.ZH == "" && (slices.Contains(r.Judged, a.judged) && p.By == ByPaper || a.judged == "") {
			what = fault.Text{ZH: a.zh, EN: a.en}
		}
	}
	p.What = what.ZH
	return p, what, p.Checked == Confirmed
}

// The most a slot may ask for.
const (
	mostYears = 10
	mostCount = 99
	mostFresh = 3660
	mostWhat  = 80
)

func (l *linter) proof(where string, r Requirement) {
	p := r.Proof
	l.that(len([]rune(p.What)) <= mostWhat, where+".proof.what", "“%[1]s”的佐证说明最多%[2]d字", "%[1]q: what proves it has at most %[2]d characters", r.ID, mostWhat)
	l.that(p.By == "" || keys(Ways)[p.By], where+".proof.by", "佐证方式“%[1]s”不是 paper、work 之一", "by is %[1]q, not paper or work", p.By)
	l.that(p.Years <= mostYears, where+".proof.years", "年数最多%[1]d", "at most %[1]d years", mostYears)
	l.that(p.Count <= mostCount, where+".proof.count", "份数最多%[1]d", "at most %[1]d pieces", mostCount)
	l.that(p.Fresh <= mostFresh, where+".proof.fresh", "有效天数最多%[1]d", "at most %[1]d days", mostFresh)
	l.that(p.Checked == "" || keys(Certainties)[p.Checked], where+".proof.checked", "核实状态“%[1]s”不是 confirmed、second-hand、unconfirmed 之一", "checked is %[1]q, not confirmed, second-hand or unconfirmed", p.Checked)
	filled, _, _ := r.Proved()
	work := len(r.Places) > 0 || len(r.Kinds) > 0
	l.that(filled.By != ByWork || work, where+".proof.by", "“%[1]s”由工作记录佐证，但没有写点位类别或问题类型", "%[1]q is proved by work but names no kind of place or problem", r.ID)
}

// proofColumns are a requirement's columns about its slot.
func proofColumns() []column[requirementRow] {
	return []column[requirementRow]{
		text("proof.what", "佐证", "what proves it", func(v *requirementRow) *string { return &v.Proof.What }),
		choice("proof.by", "佐证方式", "proved by", func(v *requirementRow) *string { return &v.Proof.By }, Ways),
		count("proof.years", "佐证年数", "years", func(v *requirementRow) *int { return &v.Proof.Years }),
		count("proof.count", "每年份数", "pieces a year", func(v *requirementRow) *int { return &v.Proof.Count }),
		count("proof.fresh", "有效天数", "fresh for days", func(v *requirementRow) *int { return &v.Proof.Fresh }),
		choice("proof.checked", "佐证核实", "proof checked", func(v *requirementRow) *string { return &v.Proof.Checked }, Certainties),
	}
}
