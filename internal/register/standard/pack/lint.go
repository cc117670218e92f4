package pack

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"chuangwei/internal/kit/fault"
)

// Fault is what is wrong with a part of a pack; At names the part as Lines do,
// down to the key, whether or not the key is there.
type Fault struct {
	At   string
	Text fault.Text
}

// Judgements are the ways a requirement can be judged, with the words people use.
var Judgements = []Word{
	{"papers", "资料", "papers"}, {"site", "现场", "site"}, {"secret", "暗访", "unannounced visit"},
	{"data", "数据", "data"}, {"survey", "问卷", "survey"}, {"instrument", "检测", "instrument"},
}

// Certainties are the marks of a line, with the words people use.
var Certainties = []Word{{Confirmed, "已核实", "confirmed"}, {SecondHand, "转引", "second-hand"}, {Unconfirmed, "未核实", "unconfirmed"}}

// Lint tells everything that does not fit together in a pack: lines that lead
// nowhere, points that do not add up, words nobody knows, missing sources.
func Lint(p *Pack, w Words) []Fault {
	l := &linter{pack: p, seen: map[string]bool{}, used: map[string]bool{}, kinds: map[string]bool{}, roles: keys(w.Roles), places: keys(w.Places)}
	for _, k := range w.Kinds {
		l.kinds[k] = true
	}
	l.head()
	l.chapters()
	l.items()
	l.checks()
	l.indicators()
	l.vetoes()
	l.scores()
	l.points()
	l.vectors()
	l.sources()
	return l.bad
}

type linter struct {
	pack                 *Pack
	seen                 map[string]bool // ids, each after the name of its list
	used                 map[string]bool // sources
	roles, places, kinds map[string]bool
	bad                  []Fault
}

func keys(list []Word) map[string]bool {
	out := map[string]bool{}
	for _, w := range list {
		out[w.Key] = true
	}
	return out
}

func (l *linter) that(ok bool, at, zh, en string, args ...any) {
	if !ok {
		l.bad = append(l.bad, Fault{at, fault.Say(zh, en, args...)})
	}
}

func at(list string, i int) string { return list + "." + strconv.Itoa(i) }

var (
	idForm  = regexp.MustCompile(`^[a-z0-9]+([.-][a-z0-9]+)*$`)
	dayForm = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2})?$`)
)

// line checks what every line has: an id of its own, a name, a mark.
func (l *linter) line(list, where, id, zh string, m Mark) {
	l.that(idForm.MatchString(id) || list == "indicators", where+".id", "编号“%[1]s”只能用小写字母、数字、点和连字符", "the id %[1]q is not small letters, digits, dots and hyphens", id)
	l.that(!l.seen[list+" "+id], where+".id", "编号“%[1]s”重复了", "the id %[1]q is there twice", id)
	l.seen[list+" "+id] = true
	l.that(zh != "", where+".zh", "“%[1]s”缺少中文名称", "%[1]q has no Chinese name", id)
	l.mark(where, m)
}

func (l *linter) mark(where string, m Mark) {
	l.used[m.Source] = true
	known := slices.ContainsFunc(l.pack.Sources, func(s Source) bool { return s.ID == m.Source })
	l.that(known, where+".source", "来源“%[1]s”不在 sources 中", "the source %[1]q is none of the sources", m.Source)
	l.that(keys(Certainties)[m.Checked], where+".checked", "核实状态“%[1]s”不是 confirmed、second-hand、unconfirmed 之一", "checked is %[1]q, not confirmed, second-hand or unconfirmed", m.Checked)
}

// words checks that each of list is known and stands once.
func (l *linter) words(where string, list []string, known map[string]bool, zh, en string) {
	for i, each := range list {
		l.that(known[each], where, zh+"“%[1]s”不认识", "unknown "+en+" %[1]q", each)
		l.that(!slices.Contains(list[:i], each), where, zh+"“%[1]s”重复了", en+" %[1]q is there twice", each)
	}
}

func (l *linter) head() {
	p := l.pack
	l.that(idForm.MatchString(p.ID) && p.ZH != "" && p.EN != "", "id", "标准包要有编号和中英文名称", "a pack needs id, zh and en")
	l.that(dayForm.MatchString(p.IssuedOn) && dayForm.MatchString(p.InForceOn), "id", "日期应写成 YYYY-MM-DD", "days are written YYYY-MM-DD")
	if p.Scope != (Scope{}) {
		l.mark("scope", p.Scope.Mark)
	}
	if p.Counts == (Counts{}) {
		return
	}
	l.mark("counts", p.Counts.Mark)
	for _, c := range []struct {
		zh, en     string
		said, have int
	}{{"章", "areas", p.Counts.Areas, len(p.Chapters)}, {"条", "items", p.Counts.Items, len(p.Items)}, {"项要求", "requirements", p.Counts.Requirements, p.Slots()}} {
		l.that(c.said == c.have, "counts", "应有 %[1]d %[3]s，实有 %[2]d", "%[1]d %[4]s are said, %[2]d are there", c.said, c.have, c.zh, c.en)
	}
}

func (l *linter) chapters() {
	for i, c := range l.pack.Chapters {
		where := at("chapters", i)
		l.line("chapters", where, c.ID, c.ZH, c.Mark)
		used := slices.ContainsFunc(l.pack.Items, func(it Item) bool { return it.Chapter == c.ID })
		l.that(used, where, "第“%[1]s”章没有条", "the chapter %[1]q has no item", c.ID)
	}
}

func (l *linter) items() {
	for i, it := range l.pack.Items {
		where := at("items", i)
		l.line("items", where, it.ID, it.ZH, it.Mark)
		l.that(l.seen["chapters "+it.Chapter], where+".chapter", "没有第“%[1]s”章", "there is no chapter %[1]q", it.Chapter)
		l.led(where, it.Lead, it.Help)
		l.judged(where, it.Judged)
		l.that(len(it.Requirements) > 0, where, "“%[1]s”没有要求", "%[1]q has no requirement", it.ID)
		for j, r := range it.Requirements {
			l.requirement(at(where+".requirements", j), it, r)
		}
	}
}

// led checks who leads and helps: each known, none twice.
func (l *linter) led(where, lead string, help []string) {
	l.words(where+".lead", []string{lead}, l.roles, "业务代号", "role")
	l.words(where+".help", help, l.roles, "业务代号", "role")
	l.that(!slices.Contains(help, lead), where+".help", "“%[1]s”已是牵头单位", "%[1]q leads already", lead)
}

func (l *linter) judged(where string, list []string) {
	l.that(len(list) > 0, where+".judged", "没有写怎样评判", "judged is missing")
	l.words(where+".judged", list, keys(Judgements), "评判方式", "way of judging")
}

func (l *linter) requirement(where string, it Item, r Requirement) {
	l.line("requirements", where, r.ID, r.ZH, r.Mark)
	l.judged(where, r.Judged)
	for _, j := range r.Judged {
		l.that(slices.Contains(it.Judged, j), where+".judged", "评判方式“%[1]s”不在所属条中", "the item is not judged by %[1]q", j)
	}
	lead := r.Lead
	if lead == "" {
		lead = it.Lead
	}
	l.led(where, lead, r.Help)
	l.words(where+".places", r.Places, l.places, "点位类别", "kind of place")
	l.words(where+".kinds", r.Kinds, l.kinds, "问题类型", "kind of problem")
	l.proof(where, r)
	seen := slices.ContainsFunc(r.Judged, func(j string) bool { return j == "site" || j == "secret" || j == "instrument" })
	l.that(!seen || len(r.Places) > 0, where+".places", "“%[1]s”要看现场，但没有写点位类别", "%[1]q is judged on the spot but names no kind of place", r.ID)
}

func (l *linter) checks() {
	for i, c := range l.pack.Checks {
		where := at("checks", i)
		l.line("checks", where, c.ID, c.ZH, c.Mark)
		_, r, ok := l.pack.Requirement(c.Of)
		l.that(ok, where+".of", "没有要求“%[1]s”", "there is no requirement %[1]q", c.Of)
		l.that(!ok || slices.Contains(r.Places, c.Place), where+".place", "要求“%[1]s”不在“%[2]s”评判，这一行永远用不到", "%[1]q is not judged at %[2]q: the line is never reached", c.Of, c.Place)
		l.that(c.Kind == "" || l.kinds[c.Kind], where+".kind", "问题类型“%[1]s”不认识", "unknown kind of problem %[1]q", c.Kind)
	}
}

func (l *linter) sources() {
	for i, s := range l.pack.Sources {
		where := at("sources", i)
		l.that(!l.seen["sources "+s.ID] && s.ZH != "" && s.EN != "", where, "来源“%[1]s”重复或缺少说明", "the source %[1]q is there twice or not described", s.ID)
		l.seen["sources "+s.ID] = true
		l.that(l.used[s.ID], where, "来源“%[1]s”没有用到", "no line uses the source %[1]q", s.ID)
	}
}

// Tally counts a pack's lines by how sure they are.
func Tally(p *Pack) map[string]int {
	n := map[string]int{}
	p.EachMark(func(m Mark) { n[m.Checked]++ })
	return n
}

// EachMark goes over the marks of all lines.
func (p *Pack) EachMark(fn func(Mark)) {
	for _, c := range p.Chapters {
		fn(c.Mark)
	}
	for _, it := range p.Items {
		fn(it.Mark)
		for _, r := range it.Requirements {
			fn(r.Mark)
		}
	}
	for _, c := range p.Checks {
		fn(c.Mark)
	}
	for _, i := range p.Indicators {
		fn(i.Mark)
	}
	for _, s := range p.Scores {
		fn(s.Mark)
	}
	for _, v := range p.Vetoes {
		fn(v.Mark)
	}
	for _, m := range p.Vectors {
		fn(m.Mark)
	}
	for _, m := range []Mark{p.Scope.Mark, p.Counts.Mark, p.Sheet.Mark} {
		if m != (Mark{}) {
			fn(m)
		}
	}
}

// Summary is one line on a pack for people who check it.
func Summary(p *Pack) fault.Text {
	n := Tally(p)
	return fault.Text{
		ZH: fmt.Sprintf("%s：%d章 %d条 %d项要求 %d行检查表 %d行评分；已核实 %d，转引 %d，未核实 %d", p.ID, len(p.Chapters), len(p.Items), p.Slots(), len(p.Checks), len(p.Scores), n[Confirmed], n[SecondHand], n[Unconfirmed]),
		EN: fmt.Sprintf("%s: %d chapters, %d items, %d requirements, %d checklist lines, %d scoring lines; confirmed %d, second-hand %d, unconfirmed %d", p.ID, len(p.Chapters), len(p.Items), p.Slots(), len(p.Checks), len(p.Scores), n[Confirmed], n[SecondHand], n[Unconfirmed]),
	}
}
