package squads

// free says whether a person's own rules let them serve a slot on a day they
// are off: leave and other duties, weekly limit, rest, days in a row. Duties on
// day except are looked at as if they were not there (−1: none).
func (s *state) free(person, day, shift, except int32) bool {
	if s.slot(person, day, shift) == never {
		return false
	}
	left := s.left[int(person)*s.week+int(s.weekOf[day])]
	if except >= 0 && s.weekOf[except] == s.weekOf[day] && s.onNeed[int(person)*s.days+int(except)] >= 0 {
		left++
	}
	return left > 0 && s.rested(person, day, shift, except) && s.fresh(person, day, except)
}

// rested says whether the rest to the duties before and after is long enough.
func (s *state) rested(person, day, shift, except int32) bool {
	row := s.onNeed[int(person)*s.days:][:s.days]
	for gap := 1; gap <= s.reach; gap++ {
		if d := int(day) - gap; d >= 0 && row[d] >= 0 && d != int(except) {
			if !s.apart[gap][int(s.needs[row[d]].shift)*s.shifts+int(shift)] {
				return false
			}
		}
		if d := int(day) + gap; d < s.days && row[d] >= 0 && d != int(except) {
			if !s.apart[gap][int(shift)*s.shifts+int(s.needs[row[d]].shift)] {
				return false
			}
		}
	}
	return true
}

// fresh says whether a duty on a day leaves no run of days too long.
func (s *state) fresh(person, day, except int32) bool {
	most := s.p.Rules.InRow
	if most == 0 {
		return true
	}
	serves := func(d int) bool {
		at := int(person)*s.days + d
		return s.onNeed[at] >= 0 && d != int(except) || s.busy[at]
	}
	run, d := 1, int(day)-1
	for ; d >= 0 && serves(d) && run <= most; d-- {
		run++
	}
	if d < 0 {
		run += s.p.People[person].RowBefore
	}
	for d = int(day) + 1; d < s.days && serves(d) && run <= most; d++ {
		run++
	}
	return run <= most
}

// mayTurn says whether a person's own rules let them serve another need of the
// same day.
func (s *state) mayTurn(person, from, to int32) bool {
	need := &s.needs[to]
	return need.shift == s.needs[from].shift ||
		s.slot(person, need.day, need.shift) != never && s.rested(person, need.day, need.shift, -1)
}

// skilled says whether a squad still has its skills when one person goes
// (−1: nobody) and another comes. Open seats count as nobody.
func (s *state) skilled(need, goes, comes int32) bool {
	n := &s.needs[need]
	if goes < 0 {
		return true
	}
	for k := range (s.skills[goes] & n.wants &^ s.skills[comes]).each() {
		if s.have[int(need)*int(SkillKinds)+int(k)] <= n.least[k] {
			return false
		}
	}
	return true
}

// mixed says whether a squad has room for one more of a person's unit, once
// somebody has gone (−1: nobody).
func (s *state) mixed(need, goes, comes int32) bool {
	n := &s.needs[need]
	if n.mostOfUnit == 0 {
		return true
	}
	same := int32(0)
	for _, who := range s.squad(need) {
		if who >= 0 && who != goes && s.unit[who] == s.unit[comes] {
			same++
		}
	}
	return same < n.mostOfUnit
}

// mayReplace says whether a person may take the seat of another (or an open
// one, goes −1) as everything else stands.
func (s *state) mayReplace(need, goes, comes int32) bool {
	n := &s.needs[need]
	if s.onNeed[int(comes)*s.days+int(n.day)] >= 0 || !s.free(comes, n.day, n.shift, -1) {
		return false
	}
	if s.spare[int(s.unit[comes])*s.days+int(n.day)] <= 0 && (goes < 0 || s.unit[goes] != s.unit[comes]) {
		return false
	}
	if goes < 0 && !s.fitsOpen(need, comes) {
		return false
	}
	return s.skilled(need, goes, comes) && s.mixed(need, goes, comes)
}

// fitsOpen says whether the open seats of a need still suffice for the skills
// it lacks once a person has one of them.
func (s *state) fitsOpen(need, comes int32) bool {
	n := &s.needs[need]
	open := int32(0)
	for _, who := range s.squad(need) {
		if who < 0 {
			open++
		}
	}
	for k := range SkillKinds {
		lacks := int32(n.least[k] - s.have[int(need)*int(SkillKinds)+int(k)])
		if lacks > open-1 && !s.skills[comes].Has(k) {
			return false
		}
	}
	return true
}
