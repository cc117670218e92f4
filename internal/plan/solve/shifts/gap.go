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
	// Where minutes are not told apart, open says instead whether any do.
	bands []reach
	open  []bool
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

// band is the minutes for a day, a state and an index of weekends and numbers.
func (g *gap) band(day int, b int16, w int) reach {
	return g.bandAt((day*g.states+int(b))*g.weeks + w%g.weeks)
}

func (g *gap) bandAt(k int) reach {
	if g.bands != nil {
		return g.bands[k]
	}
	if g.open[k] {
		return reach{0, 1}
	}
	return reach{}
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
	so := g.soFar(t, groups)
	if !minutes {
		g.width, g.open = 1, make([]bool, len(so))
		for k := range so {
			g.open[k] = so[k].to > 0 && g.bands[k].to > 0
		}
		g.bands = nil // of a long period they take far more room
		return
	}
	for k := range so {
		g.bands[k] = g.between(so[k], g.bands[k])
		g.width = max(g.width, int(g.bands[k].to-g.bands[k].from))
	}
}

// between is which minutes so far leave the whole within the limits.
func (g *gap) between(so, rest reach) reach {
	if so.to == 0 || rest.to == 0 {
		return reach{}
	}
	so = reach{max(so.from, g.least-rest.to+1), min(so.to, g.full-rest.from+1)}
	if so.from >= so.to {
		return reach{}
	}
	return so
}

// soFar computes how many minutes can have been worked before each day.
func (g *gap) soFar(t *table, groups []int16) []reach {
	reaches := make([]reach, len(g.bands))
	at := func(d int, b int16, w int) *reach { return &reaches[(d*g.states+int(b))*g.weeks+w] }
	*at(0, g.start, 0) = reach{0, 1}
	for d := range g.to - g.from {
		for b := range int16(g.states) {
			for w := range g.weeks {
				so := *at(d, b, w)
				if so.to == 0 {
					continue
				}
				g.each(t, groups, d, b, w, func(after int16, w int, length int32) {
					at(d+1, after, w).include(so.from+length, so.to+length)
				})
			}
		}
	}
	return reaches
}

// each calls next for the state after a day off and after each group's work.
func (g *gap) each(t *table, groups []int16, d int, b int16, w int, next func(after int16, w int, length int32)) {
	if off := g.afterOff(b, g.from+d); off >= 0 {
		next(off, w, 0)
	}
	if g.newWeekend(b, g.from+d) {
		w++
	}
	if g.offDay[g.from+d] || w == g.weeks {
		return
	}
	for _, k := range groups {
		if after := g.work[int(b)*g.groups+int(k)]; after >= 0 {
			next(after, w, t.groups[k].length)
		}
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
	g.each(t, groups, d, b, w, func(after int16, w int, length int32) {
		if r := g.band(d+1, after, w); r.to > 0 {
			rest.include(r.from+length, r.to+length)
		}
	})
	return rest
}
