package score

import "chuangwei/internal/register/standard/pack"

// spread is the points of each line on the sheet: its own times its weight,
// and its share of what does not apply. The sum stays the same as long as one
// line applies and the sheet does spread.
func spread(p *pack.Pack, absent map[string]string) []Milli {
	out := make([]Milli, len(p.Scores))
	chapters := map[string][]int{} // lines that apply
	free := map[string]Milli{}     // points of those that do not
	var all []int
	var left Milli
	for i, s := range p.Scores {
		it, _ := p.Item(s.Item)
		if _, off := absent[s.ID]; off {
			free[it.Chapter] += s.Full()
			continue
		}
		out[i] = s.Full()
		all = append(all, i)
		chapters[it.Chapter] = append(chapters[it.Chapter], i)
	}
	for _, c := range p.Chapters {
		if p.Sheet.Spread == "chapter" && len(chapters[c.ID]) > 0 {
			share(p, out, chapters[c.ID], free[c.ID])
		} else {
			left += free[c.ID]
		}
	}
	if p.Sheet.Spread != "none" {
		share(p, out, all, left)
	}
	return out
}

// share gives what is free to the lines at, in proportion to their points.
func share(p *pack.Pack, out []Milli, at []int, free Milli) {
	var sum, run, given Milli
	for _, i := range at {
		sum += p.Scores[i].Full()
	}
	for _, i := range at {
		run += p.Scores[i].Full()
		upTo := free.Of(run, sum) // telescopes: the shares add up exactly
		out[i] += upTo - given
		given = upTo
	}
}
