package squads

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"
)

// hamlet is a county of six people in two units that has a plan: two squads of
// two each day for a week's first three days.
func hamlet() Problem {
	p := Problem{
		Days: 3, Weekday: time.Monday, Areas: 2,
		Shifts:  []Shift{{8 * 60, 12 * 60, 2}, {20 * 60, 24 * 60, 3}},
		Units:   []Unit{{[]int{3, 3, 3}}, {[]int{3, 3, 3}}},
		Rules:   Rules{PerWeek: 3},
		Weights: Weights{Fair: 1},
	}
	for i := range 6 {
		p.People = append(p.People, Person{Unit: i % 2, Home: Nowhere, Skills: SkillsOf(Leader)})
	}
	p.People[5].Skills = SkillsOf(Leader, Licence)
	for d := range 3 {
		p.Needs = append(p.Needs, Need{Area: 0, Day: d, Shift: 0, Size: 2}, Need{Area: 1, Day: d, Shift: 1, Size: 2})
	}
	return p
}

func TestConflictsNameTheRuleThatWasBroken(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(p *Problem)
		kind  RuleKind
		mend  func(p *Problem)
	}{
		"presence": {
			func(p *Problem) { p.Units[0].Most[1] = 0 }, Presence,
			func(p *Problem) { p.Units[0].Most[1] = 1 },
		},
		"leader": {
			func(p *Problem) {
				for i := range 5 {
					p.People[i].Skills = 0
				}
			}, Skilled,
			func(p *Problem) { p.People[0].Skills = SkillsOf(Leader) },
		},
		"licence": {
			func(p *Problem) { p.Needs[0].Least[Licence], p.Needs[1].Least[Licence] = 1, 1 }, Skilled,
			func(p *Problem) { p.Needs[0].Least[Licence] = 0 },
		},
		"leave": {
			func(p *Problem) {
				for i := range 3 {
					p.People[i].Off = []int{2}
				}
			}, OnLeave,
			func(p *Problem) { p.People[1].Off = nil },
		},
		"taken": {
			func(p *Problem) {
				for i := range 5 {
					p.People[i].Blocked = []Slot{{1, 0}}
				}
			}, Taken,
			func(p *Problem) { p.People[2].Blocked = nil },
		},
		"weekly maximum": {
			func(p *Problem) { p.Rules.PerWeek = 1 }, Weekly,
			func(p *Problem) { p.Rules.PerWeek = 2 },
		},
		"days in a row": {
			func(p *Problem) { p.Rules.InRow = 1; p.Units = []Unit{{[]int{6, 6, 6}}, {[]int{6, 6, 6}}} }, Running,
			func(p *Problem) { p.Rules.InRow = 2 },
		},
		"rest": {
			func(p *Problem) { p.Rules.Rest = 12 * 60; p.Needs[1].Size, p.Needs[2].Size = 3, 4 }, Rested,
			func(p *Problem) { p.Rules.Rest = 8 * 60 },
		},
		"size": {
			func(p *Problem) { p.Needs[0].Size = 5 }, Filled,
			func(p *Problem) { p.Needs[0].Size = 4 },
		},
		"mix of units": {
			func(p *Problem) { p.Needs[0].Size, p.Needs[0].MostOfUnit = 3, 1 }, Mixed,
			func(p *Problem) { p.Needs[0].MostOfUnit = 2 },
		},
		"skills of one squad": {
			func(p *Problem) { p.Needs[0].Size = 1; p.Needs[0].Least = [SkillKinds]int{1, 1, 1, 0} }, Skilled,
			func(p *Problem) { p.Needs[0].Least = [SkillKinds]int{1, 1, 0, 0} },
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := hamlet()
			c.spoil(&p)
			got, found, err := Explain(context.Background(), p)
			if err != nil || !found || !got.Proven || got.Short < 1 {
				t.Fatalf("%+v, found %v, %v", got, found, err)
			}
			if !slices.ContainsFunc(got.Rules, func(r Rule) bool { return r.Kind == c.kind }) {
				t.Errorf("rule %d is not among %+v", c.kind, got.Rules)
			}
			if _, err := Solve(context.Background(), p, Options{Iterations: 1}); !errors.Is(err, ErrNoPlan) {
				t.Errorf("a plan was found: %v", err)
			}
			c.mend(&p)
			if _, err := Solve(context.Background(), p, Options{Iterations: 1}); err != nil {
				t.Errorf("mended, %v", err)
			}
			if got, found, err = Explain(context.Background(), p); found || err != nil {
				t.Errorf("mended, still %+v, %v", got, err)
			}
		})
	}
}

// TestConflictsAreSmallest: without any one of the rules named, the part of the
// problem they belong to is possible.
func TestConflictsAreSmallest(t *testing.T) {
	proven := 0
	for seed := range uint64(smallProblems) {
		p := small(seed)
		_, feasible := optimum(p)
		c, found, err := Explain(context.Background(), p)
		if err != nil || found == feasible {
			t.Errorf("seed %d: a plan exists: %v; %+v, %v", seed, feasible, c, err)
		}
		if !c.Proven {
			continue
		}
		proven++
		for _, w := range windows(p) {
			rules := w.rules(p)
			if w.short(p, setOf(rules)) == 0 || c.Rules[0].Kind == Filled && len(c.Rules) > 1 && c.Rules[1].Kind == Skilled {
				continue
			}
			for k := range c.Rules {
				if rest := slices.Delete(slices.Clone(c.Rules), k, k+1); w.short(p, setOf(rest)) > 0 {
					t.Errorf("seed %d: %+v is not needed in %+v", seed, c.Rules[k], c.Rules)
				}
			}
			break
		}
	}
	if proven < smallProblems/2 {
		t.Errorf("only %d proven", proven)
	}
	t.Logf("%d of %d proven", proven, smallProblems)
}
