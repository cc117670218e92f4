package squads

import "context"

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
