package squads

import (
	"context"
	"errors"
)

// Conflict is a smallest set of hard rules that cannot all hold: without any
// one of them the others can.
type Conflict struct {
	Rules []Rule
	Short int // people missing while all of Rules hold
	// Proven is false when no part of the problem is impossible by itself
	// and yet no plan was found; Rules then names the needs left open, and
	// Short counts their open seats.
	Proven bool
	// Wide are Rules with all others, in the same part of the problem, of the
	// kinds that are many among them: no two of those differ for whoever eases
	// them. Lack counts the people missing while all of Wide hold.
	Wide []Rule
	Lack int
}

// Explain returns why a problem has no plan. found is false when a plan exists.
// It looks for a part of the problem that is impossible whatever the rest does:
// a squad whose skills nobody's make up, a day, neighbouring days with the rest
// between them, days in a row, a week; for everybody and for each skill. Frozen
// seats are not looked at. The error is that of the context or of Valid.
func Explain(ctx context.Context, p Problem) (c Conflict, found bool, err error) {
	if err := Valid(p); err != nil {
		return Conflict{}, false, err
	}
	for n := range p.Needs {
		if rules := uncovered(p, n); len(rules) > 0 {
			return Conflict{rules, 1, true, rules, 1}, true, nil
		}
	}
	for _, w := range windows(p) {
		if err := ctx.Err(); err != nil {
			return Conflict{}, false, err
		}
		all := w.rules(p)
		if w.short(p, setOf(all)) == 0 {
			continue
		}
		rules, err := smallest(ctx, all, func(hold map[Rule]bool) bool { return w.short(p, hold) > 0 })
		wide := widened(rules, all)
		return Conflict{rules, w.short(p, setOf(rules)), true, wide, w.short(p, setOf(wide))}, err == nil, err
	}
	return unproven(ctx, p)
}

// unproven searches for a plan; without one, what was left open is all there
// is to say.
func unproven(ctx context.Context, p Problem) (Conflict, bool, error) {
	s, err := construct(ctx, newTable(&p), 0)
	if err == nil {
		return Conflict{}, false, nil
	}
	if !errors.Is(err, ErrNoPlan) {
		return Conflict{}, false, err
	}
	c := Conflict{Short: s.open}
	for n, need := range s.needs {
		if s.openSeat(int32(n)) >= 0 && need.seats > 0 {
			c.Rules = append(c.Rules, ruleAt(Filled, at{need: n}))
		}
	}
	c.Wide, c.Lack = c.Rules, c.Short
	return c, true, nil
}

// few is how many rules of a kind can be told one by one.
const few = 3

// widened are rules with all of the kinds that are many among them.
func widened(rules, all []Rule) (wide []Rule) {
	has, kinds := setOf(rules), map[RuleKind]int{}
	for _, r := range rules {
		kinds[r.Kind]++
	}
	for _, r := range all {
		if has[r] || kinds[r.Kind] > few {
			wide = append(wide, r)
		}
	}
	return wide
}

func setOf(rules []Rule) map[Rule]bool {
	set := make(map[Rule]bool, len(rules))
	for _, r := range rules {
		set[r] = true
	}
	return set
}

// smallest leaves out of rules in conflict, many at a time and then one by one,
// whatever they are in conflict without.
func smallest(ctx context.Context, rules []Rule, conflict func(map[Rule]bool) bool) ([]Rule, error) {
	for size := max(1, len(rules)/2); ; size /= 2 {
		for from := 0; from < len(rules); {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			to := min(from+size, len(rules))
			rest := append(append([]Rule(nil), rules[:from]...), rules[to:]...)
			if conflict(setOf(rest)) {
				rules = rest
			} else {
				from = to
			}
		}
		if size <= 1 {
			return rules, nil
		}
	}
}

// uncovered returns the skills that no people, so many as a need has seats,
// have together; with the need itself when there is any such.
func uncovered(p Problem, n int) []Rule {
	kinds := map[Skills]int{}
	for _, person := range p.People {
		kinds[person.Skills]++
	}
	var rules []Rule
	for k := range SkillKinds {
		if p.Needs[n].least(k) > 0 {
			rules = append(rules, ruleAt(Skilled, at{need: n, skill: k}))
		}
	}
	impossible := func(rules []Rule) bool {
		var want [SkillKinds]int
		for _, r := range rules {
			want[r.Skill] = p.Needs[n].least(r.Skill)
		}
		return !coverable(kinds, p.Needs[n].Size, want)
	}
	if !impossible(rules) {
		return nil
	}
	for k := 0; k < len(rules); {
		rest := append(append([]Rule(nil), rules[:k]...), rules[k+1:]...)
		if impossible(rest) {
			rules = rest
		} else {
			k++
		}
	}
	return append([]Rule{ruleAt(Filled, at{need: n})}, rules...)
}

// coverable says whether some people, at most size, have the skills wanted.
func coverable(kinds map[Skills]int, size int, want [SkillKinds]int) bool {
	missing := Skill(-1)
	for k, count := range want {
		if count > 0 {
			missing = Skill(k)
			break
		}
	}
	if missing < 0 {
		return true
	}
	if size == 0 {
		return false
	}
	for set := Skills(0); set < 1<<SkillKinds; set++ {
		if kinds[set] == 0 || !set.Has(missing) {
			continue
		}
		left := want
		for k := range set.each() {
			left[k]--
		}
		kinds[set]--
		ok := coverable(kinds, size-1, left)
		kinds[set]++
		if ok {
			return true
		}
	}
	return false
}
