package squads

import "slices"

// Reason says why a person is, or is not, on a need of a plan.
type Reason struct {
	Seated bool
	// Against are the hard rules that keep the person off the need (none for
	// one who is seated).
	Against []Rule
	// Excluded counts, for a seated person, everybody off the need by the
	// first rule that keeps them from coming instead. Free is how many could
	// come instead; for a person not seated, how many of the squad's seats
	// they could take.
	Excluded map[RuleKind]int
	Free     int
	// Best is whom to exchange with at the least cost: for a seated person
	// who could come instead, otherwise whose seat the person could take;
	// −1 when nobody. Delta is the change of cost, Parts what it consists of.
	Best  int
	Delta int64
	Parts Parts
}

// Why explains one assignment of a plan that breaks no hard rule, as everything
// else in the plan stands. Frozen seats are explained as any other.
func Why(p Problem, plan Plan, person, need int) Reason {
	s := stateOf(p, plan)
	r := Reason{Best: -1, Excluded: map[RuleKind]int{}}
	n := int32(need)
	if r.Seated = plan.has(need, person); r.Seated {
		s.whoInstead(&r, n, int32(person))
	} else {
		s.whoseSeat(&r, n, int32(person))
	}
	if r.Best >= 0 {
		out, in := person, r.Best
		if !r.Seated {
			out, in = r.Best, person
		}
		r.Parts = Cost(p, exchanged(plan, need, out, in)).Minus(Cost(p, plan))
		r.Delta = r.Parts.Total()
	}
	return r
}

// stateOf seats a plan as it is. What is frozen in the problem is in it anyway.
func stateOf(p Problem, plan Plan) *state {
	p.Frozen = nil
	s := newState(newTable(&p))
	for n, people := range plan.Seats {
		for _, i := range people {
			if seat := s.openSeat(int32(n)); seat >= 0 {
				s.seat(seat, int32(i))
			}
		}
	}
	return s
}

func exchanged(plan Plan, need, out, in int) Plan {
	plan = plan.Clone()
	people := plan.Seats[need]
	people[slices.Index(people, out)] = in
	slices.Sort(people)
	return plan
}

// whoInstead looks at everybody else for a person's seat.
func (s *state) whoInstead(r *Reason, n, person int32) {
	least := int64(0)
	for j := range int32(s.people) {
		if j == person || s.onNeed[int(j)*s.days+int(s.needs[n].day)] == n {
			continue
		}
		if rules := s.against(n, person, j); len(rules) > 0 {
			r.Excluded[rules[0].Kind]++
			continue
		}
		r.Free++
		if delta := s.dropCost(person, n) + s.addCost(j, n); r.Best < 0 || delta < least {
			r.Best, least = int(j), delta
		}
	}
}

// whoseSeat looks at every seat of a squad for a person who is not on it.
func (s *state) whoseSeat(r *Reason, n, person int32) {
	least := int64(0)
	var against []Rule
	for _, goes := range s.squad(n) {
		if goes < 0 {
			continue
		}
		rules := s.against(n, goes, person)
		if len(rules) > 0 {
			if against == nil || len(rules) < len(against) {
				against = rules
			}
			continue
		}
		r.Free++
		if delta := s.dropCost(goes, n) + s.addCost(person, n); r.Best < 0 || delta < least {
			r.Best, least = int(goes), delta
		}
	}
	if r.Free == 0 {
		r.Against = against
	}
}

// against are all rules that keep a person from taking somebody's seat, those
// of the person's own first.
func (s *state) against(n, goes, person int32) []Rule {
	need := &s.needs[n]
	day, shift := int(need.day), int(need.shift)
	who := at{person: int(person), day: day, shift: shift, unit: int(s.unit[person]), need: int(n)}
	var rules []Rule
	add := func(broken bool, kind RuleKind, place at) {
		if broken {
			rules = append(rules, ruleAt(kind, place))
		}
	}
	p := s.p.People[person]
	add(slices.Contains(p.Off, day), OnLeave, who)
	add(slices.Contains(p.Blocked, Slot{day, shift}), Taken, who)
	add(s.onNeed[int(person)*s.days+day] >= 0, OneDaily, who)
	week := int(s.weekOf[day])
	// A duty on the same day is one of the week: only OneDaily stands then.
	busy := s.onNeed[int(person)*s.days+day] >= 0
	who.week = week
	add(!busy && s.left[int(person)*s.week+week] <= 0, Weekly, who)
	add(!s.rested(person, need.day, need.shift, -1), Rested, who)
	add(!busy && !s.fresh(person, need.day, -1), Running, who)
	full := s.spare[int(s.unit[person])*s.days+day] <= 0 && s.unit[goes] != s.unit[person]
	add(!busy && full, Presence, who)
	add(!s.mixed(n, goes, person), Mixed, who)
	lost := s.skills[goes] & need.wants &^ s.skills[person]
	for k := range SkillKinds {
		who.skill = k
		add(lost.Has(k) && s.have[int(n)*int(SkillKinds)+int(k)] <= need.least[k], Skilled, who)
	}
	return rules
}
