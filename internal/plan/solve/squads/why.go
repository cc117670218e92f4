package squads

// Reason says why a person is, or is not, on a need of a plan.
type Reason struct {
	Seated bool
	// Against are the hard rules that keep the person off the need (for a
	// seated person: none, the plan breaks no rule).
	Against []Rule
	// Excluded counts everybody else off the need by the first rule that
	// keeps them away; Free is how many could take the seat as it is.
	Excluded map[RuleKind]int
	Free     int
	// Best is whom to exchange with at the least cost: for a seated person
	// who could come instead, otherwise whose seat the person could take;
	// −1 when nobody. Delta is the change of cost, Parts what it consists of.
	Best  int
	Delta int64
	Parts Parts
}

// Why explains one assignment of a plan that breaks no hard rule.
func Why(p Problem, plan Plan, person, need int) Reason { return Reason{} }
