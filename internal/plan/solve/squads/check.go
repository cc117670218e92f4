package squads

// Breach is one hard rule that a plan breaks, and by how much (at least 1).
type Breach struct {
	Rule Rule
	By   int
}

// Check returns every breach of a hard rule in a plan, slowly and plainly.
func Check(p Problem, plan Plan) []Breach { return nil }

// Valid returns an error that names the first index or number of a problem
// that cannot be meant: an area that does not exist, a shift that ends before
// it starts, a negative weight.
func Valid(p Problem) error { return nil }
