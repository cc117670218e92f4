package assess

import (
	"fmt"

	"chuangwei/internal/campaign/assess/outlook"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/standard/pack"
	"chuangwei/internal/register/standard/score"
)

// word says where a line's part comes from.
func (g *gatherer) word(s pack.Score, l score.Line, t outlook.Told) StandingLine {
	out := StandingLine{Score: s, Points: l.Points, Expected: milli(t.Expected), Low: milli(t.Low), High: milli(t.High)}
	switch {
	case l.State == score.Absent:
		out.Why = fault.Say("本县没有这类点位，不涉及", "the county has no such place; does not apply")
	case s.Style == pack.Finding:
		if seen := g.seen[s.ID]; seen != nil {
			out.Looks, out.NewestOn = seen.looks, seen.newest
		}
		out.Why = fault.Say("样本约%[1]s个点位，其中已知未整改%[2]s处；%[3]d天内看过%[4]d次，每个点位约新发现%[5]s处；专家查得比我们严%[6]s倍，预计查出%[7]s处，每处扣%[8]v分",
			"about %[1]s places in a sample with %[2]s breaches known to be open; looked at %[4]d times in %[3]d days with %[5]s new ones a place; experts find %[6]s times as many: %[7]s breaches at %[8]v each",
			short(t.Places), short(t.Known), memory, out.Looks, short(t.Rate), short(g.strict.Mean()), short(t.Finds), s.Each)
	case s.Style == pack.Paper:
		out.Of = len(s.Papers)
		for _, id := range s.Papers {
			if proof := g.proof[id]; proof.trust >= 0.5 {
				out.Looks++
				out.NewestOn = max(out.NewestOn, proof.on)
			}
		}
		out.Why = fault.Say("要%[1]d项资料，其中%[2]d项情况已知，预计缺%[3]s项，每项扣%[4]v分", "%[1]d papers, of which %[2]d are known; %[3]s are expected to be missing at %[4]v each", out.Of, out.Looks, short(t.Missing), s.Each)
	case s.Style == pack.Formula:
		g.wordFigures(s, l, &out)
	case g.last != nil:
		out.Looks, out.NewestOn = 1, g.last.on
		out.Why = fault.Say("按上一次评估“%[1]s”的评档估计", "as the last round, %[1]q, judged it", g.last.Name)
	default:
		out.Why = fault.Say("还没有人评过，先按四分之三估计", "nobody has judged it yet; three quarters are assumed")
	}
	return out
}

func (g *gatherer) wordFigures(s pack.Score, l score.Line, out *StandingLine) {
	out.Why = l.Why
	for _, i := range g.Indicators {
		if i.Item != s.Item {
			continue
		}
		out.Of++
		if f, ok := g.data[i.ID]; ok {
			out.Looks++
			if out.NewestOn == "" || f.OnDay < out.NewestOn {
				out.NewestOn = f.OnDay // the oldest decides how far they can be relied on
			}
		}
	}
}

// short is a number as people read it: two digits that say something.
func short(v float64) string {
	if v >= 10 {
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.1f", v)
}
