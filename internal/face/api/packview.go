package api

import (
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/standard"
	"chuangwei/internal/register/standard/pack"
)

// packWriter turns a pack into its page: chapters with items, and under each
// item its requirements and whatever else counts for it.
type packWriter struct {
	*standard.Held
	lang   string
	edited map[[2]string]bool // sheet and line
}

func (w packWriter) full() packFull {
	out := packFull{Pack: viewPack(w.Held, w.lang), Scope: w.line("standard", "", w.Scope.ZH, "", "", w.Scope.Mark), Chapters: []chapterView{}, Sources: []sourceView{}, Unfit: []string{}}
	for _, s := range w.Sources {
		out.Sources = append(out.Sources, sourceView{s.ID, w.in(s.ZH, s.EN)})
	}
	for _, t := range w.Unfit {
		out.Unfit = append(out.Unfit, t.In(w.lang))
	}
	under := w.under()
	for _, c := range w.Chapters {
		v := chapterView{lineView: w.line("chapter", c.ID, c.ZH, c.EN, "", c.Mark), Items: []itemView{}}
		if c.Points > 0 {
			v.Points = c.Points.String()
		}
		for _, it := range w.Items {
			if it.Chapter == c.ID {
				v.Items = append(v.Items, w.item(it, under[it.ID]))
			}
		}
		out.Chapters = append(out.Chapters, v)
	}
	return out
}

func (w packWriter) in(zh, en string) string { return fault.Text{ZH: zh, EN: en}.In(w.lang) }

func (w packWriter) line(sheet, id, zh, en, detail string, m pack.Mark) lineView {
	return lineView{Sheet: sheet, Line: id, Text: w.in(zh, en), Detail: detail, Checked: m.Checked, Source: m.Source, Edited: w.edited[[2]string{sheet, id}]}
}

func (w packWriter) item(it pack.Item, lines []lineView) itemView {
	out := itemView{lineView: w.line("item", it.ID, it.ZH, it.EN, it.Asks, it.Mark), Requirements: []lineView{}, Lines: lines}
	out.Lead, out.Help, out.Judged = w.role(it.Lead), wordsIn(it.Help, w.lang, standard.RoleWord), wordsIn(it.Judged, w.lang, judgedWord)
	if out.Lines == nil {
		out.Lines = []lineView{}
	}
	for _, q := range it.Requirements {
		v := w.line("requirement", q.ID, q.ZH, q.EN, w.proof(q), q.Mark)
		v.Lead, v.Help = w.role(q.Lead), wordsIn(q.Help, w.lang, standard.RoleWord)
		v.Judged, v.Places = wordsIn(q.Judged, w.lang, judgedWord), wordsIn(q.Places, w.lang, standard.PlaceWord)
		out.Requirements = append(out.Requirements, v)
	}
	return out
}

// proof is what fills the slot of a requirement, in words.
func (w packWriter) proof(q pack.Requirement) string {
	p, what, _ := q.Proved()
	fresh := ""
	if p.Fresh > 0 {
		fresh = fault.Say("%[1]d天内", "within %[1]d days", p.Fresh).In(w.lang)
	}
	return joined(w.in("佐证：", "Proof: ")+what.In(w.lang), fault.Say("近%[1]d年每年%[2]d份", "%[2]d in each of %[1]d years", p.Years, p.Count).In(w.lang), fresh)
}

func (w packWriter) role(key string) string {
	if key == "" {
		return ""
	}
	return wordsIn([]string{key}, w.lang, standard.RoleWord)[0]
}

// under gathers what counts for each item beside its requirements.
func (w packWriter) under() map[string][]lineView {
	out := map[string][]lineView{}
	for _, c := range w.Checks {
		if it, _, ok := w.Requirement(c.Of); ok {
			place := wordsIn([]string{c.Place}, w.lang, standard.PlaceWord)[0]
			out[it.ID] = append(out[it.ID], w.line("checklist-line", c.ID, c.ZH, c.EN, place, c.Mark))
		}
	}
	for _, x := range w.Indicators {
		out[x.Item] = append(out[x.Item], w.line("indicator", x.ID, x.ZH, x.EN, w.target(x), x.Mark))
	}
	for _, x := range w.Scores {
		out[x.Item] = append(out[x.Item], w.line("scoring-line", x.ID, x.ZH, x.EN, w.counts(x), x.Mark))
	}
	for _, x := range w.Vetoes {
		out[x.Item] = append(out[x.Item], w.line("veto", x.ID, x.ZH, x.EN, x.When, x.Mark))
	}
	for _, x := range w.Vectors {
		out[x.Item] = append(out[x.Item], w.line("vector-measure", x.ID, x.ZH, x.EN, limits(x), x.Mark))
	}
	return out
}

var comparisons = map[string]string{"<": "<", "<=": "≤", ">": ">", ">=": "≥", "==": "="}

// target is the threshold of an indicator in words.
func (w packWriter) target(x pack.Indicator) string {
	if sign, ok := comparisons[x.Op]; ok {
		return sign + " " + x.Value.String() + x.Unit
	}
	return map[string]string{"plan": w.in("按规划", "by plan"), "rising": w.in("逐年上升", "rising"), "falling": w.in("逐年下降", "falling")}[x.Op]
}

// counts tells how a scoring line loses points.
func (w packWriter) counts(x pack.Score) string {
	full := x.Points.String() + w.in("分", " points")
	style := map[string]string{pack.Banded: w.in("分档", "banded"), pack.Formula: w.in("按数据计算", "by formula") + " " + x.Formula,
		pack.Finding: w.in("每处扣", "each finding ") + x.Each.String(), pack.Paper: w.in("每缺一项扣", "each missing paper ") + x.Each.String()}[x.Style]
	return joined(full, style)
}

func limits(x pack.Measure) string {
	var parts []string
	for _, l := range x.Limits {
		parts = append(parts, l.Grade+" "+comparisons[x.Op]+" "+l.Value.String()+" "+x.Unit)
	}
	return joined(parts...)
}
