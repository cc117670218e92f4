package squads

// Parts are the terms of a plan's cost, each already times its weight.
type Parts struct{ Fair, Wishes, Places, Moves, Changes int64 }

// Total is the cost.
func (p Parts) Total() int64 { return p.Fair + p.Wishes + p.Places + p.Moves + p.Changes }

// Cost returns the cost of a plan, counted anew.
func Cost(p Problem, plan Plan) Parts { return Parts{} }

// Targets returns the load, with what is carried, that would be fair for each person.
func Targets(p Problem) []int { return nil }
