package roster

import (
	"chuangwei/internal/kit/db"
	"chuangwei/internal/plan/solve/squads"
)

// Checked is whether a roster's rules can be meant, and if so the problem they
// make.
func Checked(tx *db.Tx, r Roster, rules Rules) (p squads.Problem, refused, err error) {
	if refused = rules.check(tx, r); refused != nil {
		return p, refused, nil
	}
	q, err := ask(tx, r, rules)
	if err != nil {
		return p, nil, err
	}
	return q.Problem, nil, nil
}

// Waterline is how high loads stand when more comes.
var Waterline = waterline
