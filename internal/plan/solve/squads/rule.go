package squads

// RuleKind is a kind of hard rule, named alike in conflicts, breaches and reasons.
type RuleKind int

// The hard rules. Behind each stand the fields of Rule that are set; the
// others are −1. Person may be −1 too in a conflict: the rule for everybody.
const (
	Filled   RuleKind = iota + 1 // Need: everybody wanted is there, and nobody else
	Skilled                      // Need, Skill: enough people with the skill
	Mixed                        // Need, Unit (−1 in a conflict): not too many of one unit
	Presence                     // Unit, Day: not too many away
	OnLeave                      // Person, Day (−1 in a conflict: all days of leave): on leave
	Taken                        // Person, Day, Shift (−1 in a conflict): taken by something else
	OneDaily                     // Person, Day: one duty a day
	Rested                       // Person, Day: enough rest before a duty of that day
	Weekly                       // Person, Week: not too many duties in a week
	Running                      // Person, Day: not too many days in a row up to that day
	Kept                         // Person, Need: a frozen seat stays
)

// Rule is one hard rule at one place. Fields that do not apply are −1.
type Rule struct {
	Kind                                 RuleKind
	Need, Unit, Person, Day, Shift, Week int
	Skill                                Skill
}

// at names the place of a rule; which of its fields count, the kind decides.
type at struct {
	need, unit, person, day, shift, week int
	skill                                Skill
}

func ruleAt(kind RuleKind, a at) Rule {
	r := Rule{kind, -1, -1, -1, -1, -1, -1, -1}
	switch kind {
	case Filled:
		r.Need = a.need
	case Skilled:
		r.Need, r.Skill = a.need, a.skill
	case Mixed:
		r.Need, r.Unit = a.need, a.unit
	case Presence:
		r.Unit, r.Day = a.unit, a.day
	case OnLeave, OneDaily, Rested, Running:
		r.Person, r.Day = a.person, a.day
	case Taken:
		r.Person, r.Day, r.Shift = a.person, a.day, a.shift
	case Weekly:
		r.Person, r.Week = a.person, a.week
	case Kept:
		r.Person, r.Need = a.person, a.need
	}
	return r
}
