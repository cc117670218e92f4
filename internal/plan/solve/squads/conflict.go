package squads

import "context"

// RuleKind is a kind of hard rule, named alike in conflicts, breaches and reasons.
type RuleKind int

// The hard rules. Which fields of a Rule are set stands behind each; the
// others are −1.
const (
	Filled   RuleKind = iota + 1 // Need: everybody wanted is there
	Skilled                      // Need, Skill: enough people with the skill
	Mixed                        // Need (and Unit in a breach): not too many of one unit
	Presence                     // Unit, Day: not too many away
	OnLeave                      // Person, Day: on leave
	Taken                        // Person, Day, Shift: taken by something else
	OneDaily                     // Person, Day: one duty a day
	Rested                       // Person (or −1: everybody), Day: rest before a duty of that day
	Weekly                       // Person (or −1: everybody), Week: duties in a week
	Running                      // Person (or −1: everybody), Day: days in a row that end on that day
	Kept                         // Person, Need: a frozen seat is empty
)

// Rule is one hard rule at one place. Fields that do not apply are −1.
type Rule struct {
	Kind                                 RuleKind
	Need, Unit, Person, Day, Shift, Week int
	Skill                                Skill
}

// Conflict is a smallest set of hard rules that cannot all hold: without any
// one of them the others can.
type Conflict struct {
	Rules []Rule
	Short int // people missing while all of Rules hold
	// Proven is false when no part of the problem is impossible by itself
	// and yet no plan was found; Rules then names the needs left open.
	Proven bool
}

// Explain returns why a problem has no plan. found is false when a plan exists.
func Explain(ctx context.Context, p Problem) (c Conflict, found bool, err error) {
	return Conflict{}, false, nil
}
