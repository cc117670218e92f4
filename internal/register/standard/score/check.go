package score

import (
	"cmp"
	"maps"
	"slices"

	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/standard/pack"
)

// check refuses what the pack does not have.
func check(p *pack.Pack, in Input) error {
	var c fault.Check
	lines := map[string]pack.Score{}
	for _, s := range p.Scores {
		lines[s.ID] = s
	}
	for _, given := range []map[string]string{in.Unseen, in.Absent} {
		for _, id := range slices.Sorted(maps.Keys(given)) {
			_, ok := lines[id]
			c.That(ok, id, "没有评分行“%[1]s”", "there is no scoring line %[1]q", id)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(in.Bands)) {
		c.That(fits(lines[id], in.Bands[id]), id, "评分行“%[1]s”没有这个档次，或分数不在档次内", "the line %[1]q has no such band, or the points lie outside it", id)
	}
	seen := map[string]Finding{}
	for _, f := range in.Findings {
		was, twice := seen[f.ID]
		c.That(f.ID != "" && (!twice || compare(was, f) == 0), f.ID, "问题“%[1]s”没有编号，或同一编号有不同内容", "the finding %[1]q has no id, or says two things under one id", f.ID)
		seen[f.ID] = f
		c.That(f.Line == "" || lines[f.Line].Style == pack.Finding, f.ID, "评分行“%[1]s”不按问题扣分", "the line %[1]q does not count findings", f.Line)
	}
	for _, m := range in.Missing {
		_, _, ok := p.Requirement(m.Requirement)
		c.That(ok, m.ID, "没有要求“%[1]s”", "there is no requirement %[1]q", m.Requirement)
	}
	for _, id := range slices.Sorted(maps.Keys(in.Data)) {
		ok := slices.ContainsFunc(p.Indicators, func(i pack.Indicator) bool { return i.ID == id })
		c.That(ok, id, "没有指标“%[1]s”", "there is no indicator %[1]q", id)
	}
	for _, id := range slices.Sorted(maps.Keys(in.Vetoes)) {
		ok := slices.ContainsFunc(p.Vetoes, func(v pack.Veto) bool { return v.ID == id })
		c.That(ok, id, "没有否决条件“%[1]s”", "there is no veto %[1]q", id)
	}
	return c.Err()
}

func fits(s pack.Score, c Choice) bool {
	i := slices.IndexFunc(s.Bands, func(b pack.Band) bool { return b.ID == c.Band })
	return i >= 0 && (c.Points == nil || *c.Points >= s.Bands[i].From && *c.Points <= s.Bands[i].To)
}

// sorted gives each line what it counts, in an order that does not depend on
// the order of the input, each id once; the rest is loose.
func sorted(p *pack.Pack, in Input) (map[string][]Finding, map[string][]Missing, []Loose) {
	findings, missing := map[string][]Finding{}, map[string][]Missing{}
	var loose []Loose
	list := slices.SortedFunc(slices.Values(in.Findings), compare)
	for _, f := range slices.CompactFunc(list, func(a, b Finding) bool { return a.ID == b.ID }) {
		if line := lineOf(p, f); line != "" {
			findings[line] = append(findings[line], f)
		} else {
			loose = append(loose, Loose{f.ID, fault.Say("没有评分行对应它的条款和点位类别", "no scoring line looks at its clause and kind of place")})
		}
	}
	papers := slices.SortedFunc(slices.Values(in.Missing), func(a, b Missing) int {
		return cmp.Or(cmp.Compare(a.Requirement, b.Requirement), cmp.Compare(a.ID, b.ID))
	})
	// a requirement's paper is missing once, however many say so
	for _, m := range slices.CompactFunc(papers, func(a, b Missing) bool { return a.Requirement == b.Requirement }) {
		i := slices.IndexFunc(p.Scores, func(s pack.Score) bool { return slices.Contains(s.Papers, m.Requirement) })
		if i < 0 {
			loose = append(loose, Loose{m.ID, fault.Say("没有评分行对应这项资料", "no scoring line looks at this paper")})
			continue
		}
		missing[p.Scores[i].ID] = append(missing[p.Scores[i].ID], m)
	}
	return findings, missing, loose
}

func compare(a, b Finding) int {
	return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Line, b.Line), slices.Compare(a.Items, b.Items), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Place, b.Place), cmp.Compare(a.At, b.At))
}

// Counts finds the scoring line on which a finding counts.
func Counts(p *pack.Pack, f Finding) (pack.Score, bool) {
	id := lineOf(p, f)
	i := slices.IndexFunc(p.Scores, func(s pack.Score) bool { return s.ID == id })
	if i < 0 {
		return pack.Score{}, false
	}
	return p.Scores[i], true
}

// lineOf is the line on which a finding counts, or "".
func lineOf(p *pack.Pack, f Finding) string {
	if f.Line != "" {
		return f.Line
	}
	for _, item := range f.Items {
		for _, s := range p.Scores {
			if s.Style == pack.Finding && s.Item == item && slices.Contains(s.Places, f.Place) && (len(s.Kinds) == 0 || slices.Contains(s.Kinds, f.Kind)) {
				return s.ID
			}
		}
	}
	return ""
}
