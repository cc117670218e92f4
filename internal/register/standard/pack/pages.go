package pack

import (
	"slices"

	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/sheet"
)

// headName is the sheet with what is said once.
const headName = "标准"

// Styles and Spreads with the words people use.
var (
	Styles = []Word{{Banded, "分档", "banded"}, {Finding, "按问题扣分", "per finding"}, {Paper, "按资料扣分", "per paper"}, {Formula, "按数据计算", "by formula"}}

	Spreads = []Word{{"chapter", "分给同章各行", "to the chapter"}, {"sheet", "分给全表各行", "to the sheet"}, {"none", "不分配", "to nobody"}}
)

// words are symbols that need no translation.
func symbols(list ...string) []Word {
	out := make([]Word, len(list))
	for i, s := range list {
		out[i] = Word{s, s, s}
	}
	return out
}

// requirementRow, bandRow: rows of lists that stand within others.
type requirementRow struct {
	item string
	Requirement
}

type bandRow struct {
	line string
	Band
}

// pages are the sheets in order; later ones refer to earlier ones.
func pages(w Words) []page {
	return []page{headPage(), sourcesPage(), chaptersPage(), itemsPage(w), requirementsPage(w), checksPage(w), indicatorsPage(), scoresPage(w), bandsPage(), vetoesPage(), vectorsPage()}
}

// added puts a row at the end of a list and names it.
func added[T any](name string, list func(*Pack) *[]T) func(*Pack, T) (string, string) {
	return func(p *Pack, v T) (string, string) {
		l := list(p)
		*l = append(*l, v)
		return at(name, len(*l)-1), ""
	}
}

func headPage() page {
	s := sheetOf[Pack]{name: headName, en: "standard", columns: []column[Pack]{
		text("id", "编号*", "id", func(v *Pack) *string { return &v.ID }),
		text("zh", "名称*", "Chinese name", func(v *Pack) *string { return &v.ZH }),
		text("en", "英文名称*", "English name", func(v *Pack) *string { return &v.EN }),
		text("honour", "称号", "honour", func(v *Pack) *string { return &v.Honour }),
		text("document", "文号", "document", func(v *Pack) *string { return &v.Document }),
		text("issued_on", "发布日期", "issued on", func(v *Pack) *string { return &v.IssuedOn }),
		text("in_force_on", "施行日期", "in force on", func(v *Pack) *string { return &v.InForceOn }),
		text("note", "说明", "note", func(v *Pack) *string { return &v.Note }),
		text("scope.zh", "适用范围", "scope", func(v *Pack) *string { return &v.Scope.ZH }),
	}}
	s.columns = append(s.columns, marks("scope.", "范围", "scope ", func(v *Pack) *Mark { return &v.Scope.Mark })...)
	s.columns = append(s.columns,
		count("counts.areas", "应有章数", "areas", func(v *Pack) *int { return &v.Counts.Areas }),
		count("counts.items", "应有条数", "items", func(v *Pack) *int { return &v.Counts.Items }),
		count("counts.requirements", "应有要求数", "requirements", func(v *Pack) *int { return &v.Counts.Requirements }))
	s.columns = append(s.columns, marks("counts.", "数量", "count ", func(v *Pack) *Mark { return &v.Counts.Mark })...)
	s.columns = append(s.columns,
		number("sheet.points", "总分", "points", func(v *Pack) *Milli { return &v.Sheet.Points }, false),
		number("sheet.pass", "合格线", "line to pass", func(v *Pack) *Milli { return &v.Sheet.Pass }, false),
		choice("sheet.spread", "不涉及的分值", "points of what does not apply", func(v *Pack) *string { return &v.Sheet.Spread }, Spreads))
	s.columns = append(s.columns, marks("sheet.", "评分", "sheet ", func(v *Pack) *Mark { return &v.Sheet.Mark })...)
	s.rows = func(p *Pack) []Pack { return []Pack{*p} }
	s.add = func(p *Pack, v Pack) (string, string) { *p = v; return "", "" }
	return s
}

func sourcesPage() page {
	return sheetOf[Source]{name: "来源", en: "source", columns: []column[Source]{
		text("id", "编号*", "id", func(v *Source) *string { return &v.ID }),
		text("zh", "说明*", "Chinese", func(v *Source) *string { return &v.ZH }),
		text("en", "英文说明*", "English", func(v *Source) *string { return &v.EN }),
	}, rows: func(p *Pack) []Source { return p.Sources }, add: added("sources", func(p *Pack) *[]Source { return &p.Sources })}
}

func chaptersPage() page {
	return sheetOf[Chapter]{name: "章", en: "chapter", columns: append([]column[Chapter]{
		text("id", "编号*", "id", func(v *Chapter) *string { return &v.ID }),
		text("zh", "名称*", "Chinese name", func(v *Chapter) *string { return &v.ZH }),
		text("en", "英文名称", "English name", func(v *Chapter) *string { return &v.EN }),
		number("points", "分值", "points", func(v *Chapter) *Milli { return &v.Points }, false),
	}, marks("", "", "", func(v *Chapter) *Mark { return &v.Mark })...),
		rows: func(p *Pack) []Chapter { return p.Chapters }, add: added("chapters", func(p *Pack) *[]Chapter { return &p.Chapters })}
}

func itemsPage(w Words) page {
	return sheetOf[Item]{name: "条", en: "item", columns: append([]column[Item]{
		text("id", "编号*", "id", func(v *Item) *string { return &v.ID }),
		text("chapter", "章*", "chapter", func(v *Item) *string { return &v.Chapter }),
		text("zh", "名称*", "Chinese name", func(v *Item) *string { return &v.ZH }),
		text("en", "英文名称", "English name", func(v *Item) *string { return &v.EN }),
		text("asks", "内容", "asks", func(v *Item) *string { return &v.Asks }),
		choice("lead", "牵头*", "lead", func(v *Item) *string { return &v.Lead }, w.Roles),
		several("help", "配合", "help", func(v *Item) *[]string { return &v.Help }, w.Roles),
		several("judged", "评判方式*", "judged", func(v *Item) *[]string { return &v.Judged }, Judgements),
	}, marks("", "", "", func(v *Item) *Mark { return &v.Mark })...),
		rows: func(p *Pack) []Item { return p.Items }, add: added("items", func(p *Pack) *[]Item { return &p.Items })}
}

func requirementsPage(w Words) page {
	return sheetOf[requirementRow]{name: "要求", en: "requirement", columns: slices.Concat([]column[requirementRow]{
		text("id", "编号*", "id", func(v *requirementRow) *string { return &v.ID }),
		text("item", "条*", "item", func(v *requirementRow) *string { return &v.item }),
		text("zh", "要求*", "Chinese", func(v *requirementRow) *string { return &v.ZH }),
		text("en", "英文", "English", func(v *requirementRow) *string { return &v.EN }),
		several("places", "点位类别", "kinds of place", func(v *requirementRow) *[]string { return &v.Places }, w.Places),
		several("judged", "评判方式*", "judged", func(v *requirementRow) *[]string { return &v.Judged }, Judgements),
		choice("lead", "牵头", "lead", func(v *requirementRow) *string { return &v.Lead }, w.Roles),
		several("help", "配合", "help", func(v *requirementRow) *[]string { return &v.Help }, w.Roles),
		several("kinds", "问题类型", "kinds of problem", func(v *requirementRow) *[]string { return &v.Kinds }, nil),
	}, proofColumns(), marks("", "", "", func(v *requirementRow) *Mark { return &v.Mark })),
		rows: func(p *Pack) (out []requirementRow) {
			for _, it := range p.Items {
				for _, r := range it.Requirements {
					out = append(out, requirementRow{it.ID, r})
				}
			}
			return out
		}, add: func(p *Pack, v requirementRow) (string, string) {
			i := slices.IndexFunc(p.Items, func(it Item) bool { return it.ID == v.item })
			if i < 0 {
				return "", "item"
			}
			list := &p.Items[i].Requirements
			*list = append(*list, v.Requirement)
			return at(at("items", i)+".requirements", len(*list)-1), ""
		}}
}

func checksPage(w Words) page {
	return sheetOf[Check]{name: "检查表", en: "checklist line", columns: append([]column[Check]{
		text("id", "编号*", "id", func(v *Check) *string { return &v.ID }),
		choice("place", "点位类别*", "kind of place", func(v *Check) *string { return &v.Place }, w.Places),
		text("of", "要求*", "requirement", func(v *Check) *string { return &v.Of }),
		text("zh", "看什么*", "Chinese", func(v *Check) *string { return &v.ZH }),
		text("en", "英文", "English", func(v *Check) *string { return &v.EN }),
		text("kind", "问题类型", "kind of problem", func(v *Check) *string { return &v.Kind }),
	}, marks("", "", "", func(v *Check) *Mark { return &v.Mark })...),
		rows: func(p *Pack) []Check { return p.Checks }, add: added("checks", func(p *Pack) *[]Check { return &p.Checks })}
}

func indicatorsPage() page {
	value := number("value", "目标值", "value", func(v *Indicator) *Milli { return &v.Value }, true)
	written := value.get
	value.get = func(v *Indicator) string {
		if v.Value == 0 && slices.Contains([]string{"plan", "rising", "falling"}, v.Op) {
			return ""
		}
		return written(v)
	}
	ops := append(symbols("<", "<=", ">", ">=", "=="), Word{"plan", "按规划", "by plan"}, Word{"rising", "逐年上升", "rising"}, Word{"falling", "逐年下降", "falling"})
	return sheetOf[Indicator]{name: "指标", en: "indicator", columns: append([]column[Indicator]{
		text("id", "代号*", "id", func(v *Indicator) *string { return &v.ID }),
		text("item", "条*", "item", func(v *Indicator) *string { return &v.Item }),
		text("zh", "名称*", "Chinese name", func(v *Indicator) *string { return &v.ZH }),
		text("en", "英文名称", "English name", func(v *Indicator) *string { return &v.EN }),
		text("unit", "单位", "unit", func(v *Indicator) *string { return &v.Unit }),
		choice("op", "比较*", "comparison", func(v *Indicator) *string { return &v.Op }, ops),
		value,
	}, marks("", "", "", func(v *Indicator) *Mark { return &v.Mark })...),
		rows: func(p *Pack) []Indicator { return p.Indicators }, add: added("indicators", func(p *Pack) *[]Indicator { return &p.Indicators })}
}

func scoresPage(w Words) page {
	return sheetOf[Score]{name: "评分", en: "scoring line", columns: append([]column[Score]{
		text("id", "编号*", "id", func(v *Score) *string { return &v.ID }),
		text("item", "条*", "item", func(v *Score) *string { return &v.Item }),
		text("zh", "名称*", "Chinese name", func(v *Score) *string { return &v.ZH }),
		text("en", "英文名称", "English name", func(v *Score) *string { return &v.EN }),
		choice("style", "评分方式*", "style", func(v *Score) *string { return &v.Style }, Styles),
		number("points", "分值*", "points", func(v *Score) *Milli { return &v.Points }, false),
		number("weight", "权重", "weight", func(v *Score) *Milli { return &v.Weight }, false),
		number("each", "每处扣分", "lost for each", func(v *Score) *Milli { return &v.Each }, false),
		number("cap", "最多扣分", "most lost", func(v *Score) *Milli { return &v.Cap }, false),
		number("place_cap", "每点位最多扣分", "most lost at one place", func(v *Score) *Milli { return &v.PlaceCap }, false),
		number("floor", "保底分", "floor", func(v *Score) *Milli { return &v.Floor }, false),
		several("places", "点位类别", "kinds of place", func(v *Score) *[]string { return &v.Places }, w.Places),
		several("kinds", "问题类型", "kinds of problem", func(v *Score) *[]string { return &v.Kinds }, nil),
		several("papers", "资料", "papers", func(v *Score) *[]string { return &v.Papers }, nil),
		text("formula", "算式", "formula", func(v *Score) *string { return &v.Formula }),
	}, marks("", "", "", func(v *Score) *Mark { return &v.Mark })...),
		rows: func(p *Pack) []Score { return p.Scores }, add: added("scores", func(p *Pack) *[]Score { return &p.Scores })}
}

func bandsPage() page {
	return sheetOf[bandRow]{name: "分档", en: "band", columns: []column[bandRow]{
		text("line", "评分行*", "scoring line", func(v *bandRow) *string { return &v.line }),
		text("id", "档次代号*", "id", func(v *bandRow) *string { return &v.ID }),
		text("zh", "档次*", "Chinese name", func(v *bandRow) *string { return &v.ZH }),
		number("from", "最低分*", "from", func(v *bandRow) *Milli { return &v.From }, true),
		number("to", "最高分*", "to", func(v *bandRow) *Milli { return &v.To }, true),
	}, rows: func(p *Pack) (out []bandRow) {
		for _, s := range p.Scores {
			for _, b := range s.Bands {
				out = append(out, bandRow{s.ID, b})
			}
		}
		return out
	}, add: func(p *Pack, v bandRow) (string, string) {
		i := slices.IndexFunc(p.Scores, func(s Score) bool { return s.ID == v.line })
		if i < 0 {
			return "", "line"
		}
		p.Scores[i].Bands = append(p.Scores[i].Bands, v.Band)
		return at(at("scores", i)+".bands", len(p.Scores[i].Bands)-1), ""
	}}
}

func vetoesPage() page {
	return sheetOf[Veto]{name: "否决", en: "veto", columns: append([]column[Veto]{
		text("id", "编号*", "id", func(v *Veto) *string { return &v.ID }),
		text("item", "条*", "item", func(v *Veto) *string { return &v.Item }),
		text("zh", "条件*", "Chinese", func(v *Veto) *string { return &v.ZH }),
		text("en", "英文", "English", func(v *Veto) *string { return &v.EN }),
		text("when", "算式", "formula", func(v *Veto) *string { return &v.When }),
	}, marks("", "", "", func(v *Veto) *Mark { return &v.Mark })...),
		rows: func(p *Pack) []Veto { return p.Vetoes }, add: added("vetoes", func(p *Pack) *[]Veto { return &p.Vetoes })}
}

func vectorsPage() page {
	columns := []column[Measure]{
		text("id", "编号*", "id", func(v *Measure) *string { return &v.ID }),
		text("item", "条*", "item", func(v *Measure) *string { return &v.Item }),
		text("pest", "病媒*", "pest", func(v *Measure) *string { return &v.Pest }),
		text("measure", "指标*", "measure", func(v *Measure) *string { return &v.Measure }),
		text("zh", "名称*", "Chinese name", func(v *Measure) *string { return &v.ZH }),
		text("en", "英文名称", "English name", func(v *Measure) *string { return &v.EN }),
		text("unit", "单位", "unit", func(v *Measure) *string { return &v.Unit }),
		choice("op", "比较*", "comparison", func(v *Measure) *string { return &v.Op }, symbols("<=", ">=")),
	}
	for _, g := range []string{"A", "B", "C"} {
		columns = append(columns, limit(g))
	}
	return sheetOf[Measure]{name: "病媒", en: "vector measure", columns: append(columns, marks("", "", "", func(v *Measure) *Mark { return &v.Mark })...),
		rows: func(p *Pack) []Measure { return p.Vectors }, add: added("vectors", func(p *Pack) *[]Measure { return &p.Vectors })}
}

// limit is the column of one grade; an empty cell is a grade without a limit.
func limit(grade string) column[Measure] {
	one := number("limits."+grade, grade+"级", "level "+grade, func(v *Limit) *Milli { return &v.Value }, true)
	return column[Measure]{Column: sheet.Column{Key: one.Key, Title: one.Title, Kind: one.Kind}, en: one.en, get: func(v *Measure) string {
		i := slices.IndexFunc(v.Limits, func(l Limit) bool { return l.Grade == grade })
		if i < 0 {
			return ""
		}
		return one.get(&v.Limits[i])
	}, set: func(v *Measure, s string) fault.Text {
		l := Limit{Grade: grade}
		bad := one.set(&l, s)
		v.Limits = append(v.Limits, l)
		return bad
	}}
}
