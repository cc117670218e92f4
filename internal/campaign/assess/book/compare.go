package book

import "chuangwei/internal/register/standard/score"

// Turn is how a scoring line came from an earlier round to a later one.
type Turn string

// The turns, as the comparison groups them.
const (
	LostAgain Turn = "again" // points lost in both
	LostNew   Turn = "new"   // full before, lost now
	WonBack   Turn = "won"   // lost before, full now
	NeverLost Turn = "kept"
	NotBoth   Turn = "open" // not judged, or not applied, in one of the two
)

// Versus is one scoring line of two rounds.
type Versus struct {
	Line   score.Line // of the later round
	Turn   Turn
	Before Milli // lost in the earlier round, in points of the sheet
	After  Milli // lost in the later round
	Same   []Loss
	Gone   []Loss // losses of the earlier round that are gone
	Fresh  []Loss // losses that are new
}

// Compare lays the later of two results by one pack beside the earlier one.
func Compare(was, is Outcome) []Versus {
	old := map[string]score.Line{}
	for _, ch := range was.Chapters {
		for _, l := range ch.Lines {
			old[l.ID] = l
		}
	}
	var out []Versus
	for _, ch := range is.Chapters {
		for _, l := range ch.Lines {
			was, there := old[l.ID], false
			if _, there = old[l.ID]; !there {
				was.State = score.Open
			}
			v := Versus{Line: l, Before: was.Points - was.Score, After: l.Points - l.Score}
			v.Turn = turn(was, l)
			out = append(out, v)
		}
	}
	for i := range out {
		out[i].match(was.Losses, is.Losses)
	}
	return out
}

func turn(was, is score.Line) Turn {
	lostThen, lostNow := was.Score < was.Points, is.Score < is.Points
	switch {
	case was.State != score.Scored || is.State != score.Scored:
		return NotBoth
	case lostThen && lostNow:
		return LostAgain
	case lostNow:
		return LostNew
	case lostThen:
		return WonBack
	}
	return NeverLost
}

// match pairs the losses of a line: the same paper, the same line by formula
// or band, or the same sort of breach at the same place.
func (v *Versus) match(was, is []Loss) {
	key := func(l Loss) [4]string { return [4]string{l.Style, l.Requirement, l.PlaceID, l.Kind + l.Text.ZH} }
	if v.Line.Style == "banded" || v.Line.Style == "formula" {
		key = func(l Loss) [4]string { return [4]string{l.Style} }
	}
	left := map[[4]string]int{}
	for _, l := range was {
		if l.Line == v.Line.ID {
			left[key(l)]++
		}
	}
	stayed := map[[4]string]int{}
	for _, l := range is {
		if l.Line != v.Line.ID {
			continue
		}
		if left[key(l)] > 0 {
			left[key(l)]--
			stayed[key(l)]++
			v.Same = append(v.Same, l)
		} else {
			v.Fresh = append(v.Fresh, l)
		}
	}
	for _, l := range was {
		if l.Line != v.Line.ID {
			continue
		}
		if stayed[key(l)] > 0 {
			stayed[key(l)]--
		} else {
			v.Gone = append(v.Gone, l)
		}
	}
}
