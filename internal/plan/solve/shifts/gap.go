package shifts

// gap is what one person may do in a span when all other days stay.
type gap struct {
	*member
	person int
	span
	least, full int32 // minutes still to be worked, in units
	weekends    int32 // that may still be worked
	most        []int32
	start       int16  // the state of the automaton before the span
	passes      []bool // of a state after the span: whether what follows can
	// counted says that work on a last Saturday makes no new weekend, since
	// the Sunday after the span is worked.
	counted bool
	// bands are, for each day, state and number of weekends so far, the minutes
	// with which the rest of the gap can still keep all limits; empty if none.
	bands []reach
	weeks int // weekends are told apart from 0 to weeks−1
	width int // of the widest band
}

// gap returns what a person may do in a span.
func (s *state) gap(i int, at span) gap {
	m := s.members[i]
	kept := append([]int16(nil), s.row(i)[at.from:at.to]...)
	s.lift(i, at.from, at.to)
	g := gap{member: m, person: i, span: at, least: max(0, m.least-s.minutes[i]), full: m.full - s.minutes[i], weekends: m.weekends - s.weekends[i], start: s.bases(i)[at.from]}
	for k, most := range m.most {
		g.most = append(g.most, most-s.count[i*s.shifts+k])
	}
	s.lay(i, at.from, kept)
	for b := range int16(m.states) {
		g.passes = append(g.passes, s.fits(i, b, at.to, s.days))
	}
	g.counted = at.to < s.days && s.row(i)[at.to] != Off
	return g
}

// newWeekend says whether work on a day after state b makes one more weekend.
func (g *gap) newWeekend(b int16, day int) bool {
	switch day % 7 {
	case 5:
		return day+1 < g.to || !g.counted
	case 6:
		return g.run[b] == 0
	}
	return false
}

// band is what bands holds for an index of weekends and numbers.
func (g *gap) band(day int, b int16, w int) reach {
	return g.bands[(day*g.states+int(b))*g.weeks+w%g.weeks]
}

// foresee computes the bands, from the last day back: how many minutes at
// least and at most can still be worked. Where minutes have no limits, they
// are not told apart.
func (g *gap) foresee(t *table, minutes bool) {
	days := g.to - g.from
	g.weeks = int(min(g.weekends, int32(days/7+2))) + 1
	g.bands = make([]reach, (days+1)*g.states*g.weeks)
	for b, passes := range g.passes {
		for w := range g.weeks {
			if passes {
				g.bands[(days*g.states+b)*g.weeks+w] = reach{0, 1}
			}
		}
	}
	groups := g.usable(t)
	for d := days - 1; d >= 0; d-- {
		for b := range int16(g.states) {
			for w := range g.weeks {
				g.bands[(d*g.states+int(b))*g.weeks+w] = g.rest(t, groups, d, b, w)
			}
		}
	}
	for k, rest := range g.bands {
		if rest.to == 0 {
			continue
		}
		band := reach{0, 1}
		if minutes {
			band = reach{max(0, g.least-rest.to+1), g.full - rest.from + 1}
		}
		if band.from >= band.to {
			band = reach{}
		}
		g.bands[k] = band
		g.width = max(g.width, int(band.to-band.from))
	}
}

// usable lists the groups with a shift that may be worked.
func (g *gap) usable(t *table) []int16 {
	var groups []int16
	for k := range t.groups {
		for s, of := range t.group {
			if int(of) == k && g.most[s] > 0 {
				groups = append(groups, int16(k))
				break
			}
		}
	}
	return groups
}

// rest is how many minutes can be worked from a day on.
func (g *gap) rest(t *table, groups []int16, d int, b int16, w int) reach {
	var rest reach
	if off := g.afterOff(b, g.from+d); off >= 0 {
		rest = g.band(d+1, off, w)
	}
	if g.newWeekend(b, g.from+d) {
		w++
	}
	if g.offDay[g.from+d] || w == g.weeks {
		return rest
	}
	for _, k := range groups {
		after := g.work[int(b)*g.groups+int(k)]
		if after < 0 {
			continue
		}
		if r := g.band(d+1, after, w); r.to > 0 {
			rest.include(r.from+t.groups[k].length, r.to+t.groups[k].length)
		}
	}
	return rest
}
