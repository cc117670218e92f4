package score

import (
	"errors"
	"maps"
	"strings"

	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/standard/formula"
	"chuangwei/internal/register/standard/pack"
)

// judged is a line in its own points, before weight and shares.
func judged(s pack.Score, in Input, findings []Finding, missing []Missing) Line {
	l := Line{ID: s.ID, Item: s.Item, ZH: s.ZH, EN: s.EN, Style: s.Style, State: Scored, OwnPoints: s.Points}
	if why, absent := in.Absent[s.ID]; absent {
		l.State, l.Why = Absent, fault.Say("不涉及：%[1]s", "does not apply: %[1]s", why)
		return l
	}
	if why, unseen := in.Unseen[s.ID]; unseen {
		l.State, l.Why = Open, fault.Say("还没有看：%[1]s", "not looked at yet: %[1]s", why)
		return l
	}
	switch s.Style {
	case pack.Banded:
		l.band(s, in.Bands)
	case pack.Finding:
		l.findings(s, findings)
	case pack.Paper:
		l.papers(s, missing)
	default:
		l.compute(s, in.Data)
	}
	if l.State == Scored {
		l.Own = max(l.Own, s.Floor)
	}
	return l
}

func (l *Line) band(s pack.Score, chosen map[string]Choice) {
	c, ok := chosen[s.ID]
	if !ok {
		l.State, l.Why = Open, fault.Say("还没有评档", "no band has been chosen yet")
		return
	}
	for _, b := range s.Bands {
		if b.ID == c.Band {
			l.Own = b.From
			if c.Points != nil {
				l.Own = *c.Points
			}
			l.Why = fault.Say("%[1]s（%[2]v–%[3]v分），得%[4]v分", "%[5]s (%[2]v–%[3]v): %[4]v points", b.ZH, b.From, b.To, l.Own, b.ID)
		}
	}
}

// most is the most that can be lost on a line.
func most(s pack.Score) Milli {
	if s.Cap > 0 {
		return min(s.Cap, s.Points-s.Floor)
	}
	return s.Points - s.Floor
}

func (l *Line) findings(s pack.Score, list []Finding) {
	left := most(s)
	at := map[string]Milli{} // lost at each place
	for _, f := range list {
		lose := min(s.Each, left)
		if s.PlaceCap > 0 {
			lose = min(lose, s.PlaceCap-at[f.At])
		}
		at[f.At] += lose
		left -= lose
		l.Lost = append(l.Lost, Deduction{ID: f.ID, Clause: s.Item, At: f.At, Points: lose})
	}
	l.Own = s.Points - (most(s) - left)
	l.Why = fault.Say("%[1]d处问题，每处扣%[2]v分，共扣%[3]v分", "%[1]d findings at %[2]v each: %[3]v lost", len(list), s.Each, s.Points-l.Own)
}

func (l *Line) papers(s pack.Score, list []Missing) {
	left := most(s)
	for _, m := range list {
		lose := min(s.Each, left)
		left -= lose
		l.Lost = append(l.Lost, Deduction{ID: m.ID, Clause: m.Requirement, Points: lose})
	}
	l.Own = s.Points - (most(s) - left)
	l.Why = fault.Say("缺%[1]d项资料，每项扣%[2]v分，共扣%[3]v分", "%[1]d papers missing at %[2]v each: %[3]v lost", len(list), s.Each, s.Points-l.Own)
}

func (l *Line) compute(s pack.Score, data map[string]Milli) {
	f, err := formula.Parse(s.Formula)
	if err == nil {
		own := maps.Clone(data)
		if own == nil {
			own = map[string]Milli{}
		}
		own["points"] = s.Points
		l.Own, err = f.Value(own)
	}
	if err != nil {
		l.State, l.Own, l.Why = Open, 0, because(err)
		return
	}
	l.Own = min(max(l.Own, 0), s.Points)
	l.Why = fault.Text{ZH: told(f, data) + "，得" + l.Own.String() + "分", EN: told(f, data) + ": " + l.Own.String() + " points"}
}

// told is the figures a formula used.
func told(f formula.Formula, data map[string]Milli) string {
	var parts []string
	for _, n := range f.Names() {
		if n != "points" {
			parts = append(parts, n+" = "+data[n].String())
		}
	}
	return strings.Join(parts, ", ")
}

// because says why something cannot be computed yet.
func because(err error) fault.Text {
	switch {
	case errors.Is(err, formula.ErrMissing):
		name := err.Error()[len(formula.ErrMissing.Error())+1:]
		return fault.Say("还没有数据：%[1]s", "no figure yet: %[1]s", name)
	case errors.Is(err, formula.ErrZero):
		return fault.Say("算式除以零，请检查数据", "division by zero; check the figures")
	case errors.Is(err, formula.ErrLarge):
		return fault.Say("算得的数过大，请检查数据", "the result is too large; check the figures")
	}
	return fault.Say("算式看不懂：%[1]v", "the formula cannot be read: %[1]v", err)
}
