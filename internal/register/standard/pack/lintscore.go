package pack

import (
	"maps"
	"slices"

	"chuangwei/internal/register/standard/formula"
)

// What a line of a sheet may be worth, so that no sum can overflow.
const (
	mostPoints Milli = 100_000_000
	mostWeight Milli = 100_000
)

func (l *linter) indicators() {
	for i, in := range l.pack.Indicators {
		where := at("indicators", i)
		l.line("indicators", where, in.ID, in.ZH, in.Mark)
		l.that(formula.IsName(in.ID) && in.ID != "points", where+".id", "“%[1]s”不能作指标名：小写字母开头，可用数字和下划线", "%[1]q cannot name an indicator: a small letter, then letters, digits and _", in.ID)
		l.item(where, in.Item)
		l.that(slices.Contains([]string{"<", "<=", ">", ">=", "==", "plan", "rising", "falling"}, in.Op), where+".op", "比较符号“%[1]s”不认识", "unknown comparison %[1]q", in.Op)
	}
}

func (l *linter) item(where, id string) {
	l.that(l.seen["items "+id], where+".item", "没有第“%[1]s”条", "there is no item %[1]q", id)
}

// formula checks that a formula can be read and every name of it is known.
func (l *linter) formula(where, text string, own ...string) {
	f, err := formula.Parse(text)
	if err != nil {
		l.that(false, where, "算式“%[1]s”看不懂：%[2]v", "the formula %[1]q cannot be read: %[2]v", text, err)
		return
	}
	for _, n := range f.Names() {
		l.that(l.seen["indicators "+n] || slices.Contains(own, n), where, "算式里的“%[1]s”不是指标", "%[1]q in the formula is no indicator", n)
	}
}

func (l *linter) vetoes() {
	for i, v := range l.pack.Vetoes {
		where := at("vetoes", i)
		l.line("vetoes", where, v.ID, v.ZH, v.Mark)
		l.item(where, v.Item)
		if v.When != "" {
			l.formula(where+".when", v.When)
		}
	}
}

func (l *linter) scores() {
	for i, s := range l.pack.Scores {
		where := at("scores", i)
		l.line("scores", where, s.ID, s.ZH, s.Mark)
		l.item(where, s.Item)
		l.that(s.Points > 0 && s.Points <= mostPoints && s.Weight >= 0 && s.Weight <= mostWeight && s.Full() > 0, where+".points", "分值要大于0，且不过大", "points must be above 0, and not huge")
		l.that(s.Floor >= 0 && s.Floor <= s.Points && s.Cap >= 0 && s.Cap <= s.Points-s.Floor && s.PlaceCap >= 0 && s.PlaceCap <= s.Points, where+".cap",
			"扣分上限、保底分要在0和分值之间，且不互相矛盾", "cap and floor lie between 0 and the points and agree with each other")
		switch s.Style {
		case Banded:
			l.banded(where, s)
		case Finding:
			l.finding(where, i, s)
		case Paper:
			l.paper(where, i, s)
		case Formula:
			l.formula(where+".formula", s.Formula, "points")
		default:
			l.that(false, where+".style", "评分方式“%[1]s”不认识", "unknown style %[1]q", s.Style)
		}
		l.foreign(where, s)
	}
}

// foreign refuses settings that the line's style would never look at.
func (l *linter) foreign(where string, s Score) {
	perEach := s.Style == Finding || s.Style == Paper
	l.that(perEach == (s.Each > 0) && s.Each >= 0, where+".each", "每处扣分只用于按问题、按资料扣分的行，且要大于0", "each is for lines per finding or paper, and above 0")
	l.that(perEach || s.Cap == 0, where+".cap", "扣分上限只用于按问题、按资料扣分的行", "cap is for lines per finding or paper")
	l.that(s.Style == Finding || s.PlaceCap == 0 && len(s.Kinds) == 0, where+".place_cap", "每点位扣分上限和问题类型只用于按问题扣分的行", "place_cap and kinds are for lines per finding")
	l.that(s.Style == Paper || len(s.Papers) == 0, where+".papers", "资料只用于按资料扣分的行", "papers are for lines per paper")
	l.that(s.Style == Banded || len(s.Bands) == 0, where+".bands", "档次只用于分档的行", "bands are for banded lines")
	l.that(s.Style != Banded || s.Floor == 0, where+".floor", "分档的行不能有保底分", "a banded line has no floor")
	l.that(s.Style == Formula || s.Formula == "", where+".formula", "算式只用于按数据计算的行", "formula is for lines computed from data")
}

// banded: bands lie apart, within the points, from the best to the worst.
func (l *linter) banded(where string, s Score) {
	l.that(len(s.Bands) > 1, where+".bands", "至少要有两个档次", "at least two bands are needed")
	above := s.Points + 1
	for i, b := range s.Bands {
		l.that(b.ID != "" && b.ZH != "" && b.From >= 0 && b.From <= b.To && b.To < above, at(where+".bands", i), "档次“%[1]s”的分数范围不对，应从好到差排列且不重叠", "the range of band %[1]q is wrong: from the best to the worst, apart from each other", b.ID)
		l.that(!slices.ContainsFunc(s.Bands[:i], func(o Band) bool { return o.ID == b.ID }), at(where+".bands", i), "档次“%[1]s”重复了", "the band %[1]q is there twice", b.ID)
		above = b.From
	}
	if len(s.Bands) > 0 {
		l.that(s.Bands[0].To == s.Points, where+".bands.0", "最好的档次要能得满分", "the best band must reach the points")
	}
	l.reach(where, s)
}

// reach: each place of the line is one that a requirement of its item is judged at.
func (l *linter) reach(where string, s Score) {
	it, _ := l.pack.Item(s.Item)
	l.that(len(s.Places) > 0, where+".places", "没有写点位类别，无处可评", "no kind of place: the line is never reached")
	l.words(where+".places", s.Places, l.places, "点位类别", "kind of place")
	for _, p := range s.Places {
		ok := slices.ContainsFunc(it.Requirements, func(r Requirement) bool { return slices.Contains(r.Places, p) })
		l.that(ok, where+".places", "第“%[1]s”条没有在“%[2]s”评判的要求", "no requirement of item %[1]q is judged at %[2]q", s.Item, p)
	}
}

// finding: no finding may count on two lines.
func (l *linter) finding(where string, i int, s Score) {
	l.reach(where, s)
	l.words(where+".kinds", s.Kinds, l.kinds, "问题类型", "kind of problem")
	for _, o := range l.pack.Scores[:i] {
		if o.Style == Finding && o.Item == s.Item && meet(o.Places, s.Places) {
			twice := len(o.Kinds) == 0 || len(s.Kinds) == 0 || meet(o.Kinds, s.Kinds)
			l.that(!twice, where+".places", "同一个问题会在“%[1]s”和“%[2]s”两行重复扣分", "one finding would count on both %[1]q and %[2]q", o.ID, s.ID)
		}
	}
}

func meet(a, b []string) bool {
	return slices.ContainsFunc(a, func(x string) bool { return slices.Contains(b, x) })
}

// paper: each paper is a requirement of the item judged by papers, on one line only.
func (l *linter) paper(where string, i int, s Score) {
	l.that(len(s.Papers) > 0, where+".papers", "没有写资料，无处可评", "no papers: the line is never reached")
	for _, id := range s.Papers {
		it, r, ok := l.pack.Requirement(id)
		l.that(ok && it.ID == s.Item && slices.Contains(r.Judged, "papers"), where+".papers", "“%[1]s”不是第“%[2]s”条中看资料的要求", "%[1]q is no requirement of item %[2]q judged by papers", id, s.Item)
		twice := slices.ContainsFunc(l.pack.Scores[:i], func(o Score) bool { return slices.Contains(o.Papers, id) })
		l.that(!twice, where+".papers", "资料“%[1]s”会重复扣分", "the paper %[1]q would count twice", id)
	}
}

// points adds up the sheet and its chapters.
func (l *linter) points() {
	p := l.pack
	if len(p.Scores) == 0 {
		l.that(p.Sheet == (Sheet{}), "sheet", "有总分却没有评分行", "a sheet without scoring lines")
		return
	}
	l.mark("sheet", p.Sheet.Mark)
	l.that(slices.Contains([]string{"chapter", "sheet", "none"}, p.Sheet.Spread), "sheet.spread", "spread 应为 chapter、sheet 或 none", "spread is chapter, sheet or none")
	l.that(p.Sheet.Pass >= 0 && p.Sheet.Pass <= p.Sheet.Points, "sheet.pass", "合格线要在0和总分之间", "the line to pass lies between 0 and the points")
	var sum, chapters Milli
	in := map[string]Milli{}
	for _, s := range p.Scores {
		it, _ := p.Item(s.Item)
		in[it.Chapter] += s.Full()
		sum += s.Full()
	}
	for i, c := range p.Chapters {
		chapters += c.Points
		l.that(in[c.ID] == c.Points, at("chapters", i)+".points", "第“%[1]s”章应为 %[2]v 分，各行合计 %[3]v 分", "chapter %[1]q has %[2]v points, its lines add up to %[3]v", c.ID, c.Points, in[c.ID])
	}
	l.that(sum == p.Sheet.Points, "sheet.points", "总分应为 %[1]v，各行合计 %[2]v", "the sheet has %[1]v points, its lines add up to %[2]v", p.Sheet.Points, sum)
	l.that(chapters == p.Sheet.Points, "sheet.points", "总分应为 %[1]v，各章合计 %[2]v", "the sheet has %[1]v points, its chapters add up to %[2]v", p.Sheet.Points, chapters)
}

// vectors: three measures for each pest, each quantity with limits that
// loosen from A to C.
func (l *linter) vectors() {
	measures := map[string][]string{}
	for i, m := range l.pack.Vectors {
		where := at("vectors", i)
		l.line("vectors", where, m.ID, m.ZH, m.Mark)
		l.item(where, m.Item)
		l.that(m.Op == "<=" || m.Op == ">=", where+".op", "比较符号应为 <= 或 >=", "the comparison is <= or >=")
		l.that(len(m.Limits) > 0, where+".limits", "至少要有一个等级的限值", "the limit of one grade is needed at least")
		for j, lim := range m.Limits {
			l.that(slices.Contains([]string{"A", "B", "C"}, lim.Grade), where+".limits", "等级“%[1]s”应为 A、B 或 C", "the grade %[1]q is not A, B or C", lim.Grade)
			l.that(j == 0 || m.Limits[j-1].Grade < lim.Grade && formula.Holds(m.Limits[j-1].Value, m.Op, lim.Value), where+".limits", "等级要从 A 到 C 排列，限值逐级放宽", "grades go from A to C, with looser limits")
		}
		if !slices.Contains(measures[m.Pest], m.Measure) {
			measures[m.Pest] = append(measures[m.Pest], m.Measure)
		}
	}
	for _, pest := range slices.Sorted(maps.Keys(measures)) {
		list := measures[pest]
		l.that(len(list) == 3, "vectors.0.measure", "“%[1]s”应有三项指标，实有 %[2]d 项", "%[1]q needs three measures, not %[2]d", pest, len(list))
	}
}
