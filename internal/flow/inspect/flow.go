package inspect

import (
	"slices"
	"strings"

	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/standard/formula"
	"chuangwei/internal/register/standard/pack"
)

// Bounds of one inspection.
const (
	mostLines  = 200
	mostCounts = 60
	mostPhotos = 6 // of one line
	mostNumber = 1_000_000
)

// check finds what is wrong in the form of an inspection.
func (in Make) check() error {
	var c fault.Check
	c.That(in.ID != "", "id", "缺少编号", "the id is missing")
	c.That(slices.Contains([]string{Round, Walk, Self}, in.Purpose), "purpose", "没有这种检查", "there is no such purpose")
	c.That(len([]rune(in.Note)) <= 1000, "note", "说明最多1000字", "the note may have at most 1,000 characters")
	c.That(len(in.Lines) <= mostLines, "lines", "行数太多", "too many lines")
	c.That(len(in.Counts) <= mostCounts, "counts", "计数太多", "too many counts")
	looked := slices.ContainsFunc(in.Lines, func(l Line) bool { return l.Result != Unseen })
	c.That(looked || len(in.Counts) > 0 || strings.TrimSpace(in.Note) != "", "lines", "还没有看任何一行", "no line has been looked at yet")
	seen := map[string]bool{}
	for _, l := range in.Lines {
		c.That(!seen[l.Line], "lines", "同一行出现了两次：%[1]s", "a line is there twice: %[1]s", l.Line)
		seen[l.Line] = true
		l.check(&c)
	}
	for _, n := range in.Counts {
		c.That(!seen[n.Measure], "counts", "同一指标出现了两次：%[1]s", "a measure is there twice: %[1]s", n.Measure)
		seen[n.Measure] = true
		c.That(n.Found >= 0 && n.Base >= 0 && n.Found <= mostNumber && n.Base <= mostNumber, "counts", "计数要在0到1000000之间", "counts lie between 0 and 1,000,000")
	}
	return c.Err()
}

func (l Line) check(c *fault.Check) {
	c.That(slices.Contains([]Result{Good, Bad, Absent, Unseen}, l.Result), "lines", "结果只能是合格、不合格、不涉及或未看", "a result is good, bad, absent or unseen")
	c.That(l.How == Tap || l.How == Rest && l.Result == Good || l.How == "" && l.Result == Unseen, "lines", "“其余合格”只能用于合格的行", "only good lines are called good together")
	c.That(l.Result == Bad || len(l.Photos) == 0, "lines", "照片只用于不合格的行", "photos go with lines that fail")
	c.That(len(l.Photos) <= mostPhotos, "lines", "每行最多6张照片", "at most 6 photos a line")
	c.That(len([]rune(l.Note)) <= 500, "lines", "每行说明最多500字", "a line's note may have at most 500 characters")
}

// tally counts the results.
func (i *Inspection) tally(lines []Line) {
	i.Good, i.Bad, i.Absent, i.Unseen, i.Rest = 0, 0, 0, 0, 0
	for _, l := range lines {
		switch l.Result {
		case Good:
			i.Good++
			if l.How == Rest {
				i.Rest++
			}
		case Bad:
			i.Bad++
		case Absent:
			i.Absent++
		default:
			i.Unseen++
		}
	}
}

// Figure is the value of a vector measure from counts: per hundred for a
// measure in %, per kilometre of path (base in metres) for one in 处/千米, the
// number itself for 处, else per piece of the base. It is rounded to the
// thousandth on the side that does not flatter, so that a limit is never kept
// by rounding. ok is false when nothing was looked at.
func Figure(m pack.Measure, found, base int64) (v formula.Milli, ok bool) {
	scale := int64(1000) // thousandths
	switch m.Unit {
	case "%":
		scale *= 100
	case "处/千米":
		scale *= 1000 // metres to kilometres
	case "处":
		return formula.Milli(found * scale), true
	}
	if base <= 0 {
		return 0, false
	}
	q, rest := found*scale/base, found*scale%base
	if rest > 0 && m.Op == "<=" {
		q++
	}
	return formula.Milli(q), true
}

// Share reports whether a measure's found is a part of its base.
func Share(m pack.Measure) bool { return m.Unit == "%" }
