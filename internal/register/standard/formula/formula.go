package formula

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
)

// ErrMissing is wrapped when a name has no number yet; ErrZero when something
// is divided by zero; ErrLarge when a result is beyond what a standard counts.
var (
	ErrMissing = errors.New("formula: no number for")
	ErrZero    = errors.New("formula: division by zero")
	ErrLarge   = errors.New("formula: the result is too large")
)

// Formula is a parsed expression.
type Formula struct {
	root  node
	names []string
}

// node computes its exact value from named numbers, in ones (not thousandths).
type node func(data map[string]Milli) (*big.Rat, error)

// Names are the names the formula needs, each once, in order of the alphabet.
func (f Formula) Names() []string { return slices.Clone(f.names) }

// Value computes the formula. A comparison is 1 when it holds, 0 when not.
func (f Formula) Value(data map[string]Milli) (Milli, error) {
	v, err := f.root(data)
	if err != nil {
		return 0, err
	}
	v.Mul(v, big.NewRat(1000, 1))
	if limit := big.NewRat(int64(most), 1); v.Cmp(limit) > 0 || v.Cmp(limit.Neg(limit)) < 0 {
		return 0, ErrLarge
	}
	return rounded(v), nil
}

// True tells whether the formula is anything but zero.
func (f Formula) True(data map[string]Milli) (bool, error) {
	v, err := f.root(data)
	return err == nil && v.Sign() != 0, err
}

func constant(m Milli) node {
	return func(map[string]Milli) (*big.Rat, error) { return big.NewRat(int64(m), 1000), nil }
}

func named(name string) node {
	return func(data map[string]Milli) (*big.Rat, error) {
		m, ok := data[name]
		if !ok {
			return nil, fmt.Errorf("%w %s", ErrMissing, name)
		}
		return big.NewRat(int64(m), 1000), nil
	}
}

func negative(of node) node {
	return func(data map[string]Milli) (*big.Rat, error) {
		v, err := of(data)
		if err != nil {
			return nil, err
		}
		return new(big.Rat).Neg(v), nil
	}
}

func both(op string, left, right node) node {
	return func(data map[string]Milli) (*big.Rat, error) {
		a, err := left(data)
		if err != nil {
			return nil, err
		}
		b, err := right(data)
		if err != nil {
			return nil, err
		}
		return apply(op, a, b)
	}
}

func apply(op string, a, b *big.Rat) (*big.Rat, error) {
	switch op {
	case "+":
		return new(big.Rat).Add(a, b), nil
	case "-":
		return new(big.Rat).Sub(a, b), nil
	case "*":
		return new(big.Rat).Mul(a, b), nil
	case "/":
		if b.Sign() == 0 {
			return nil, ErrZero
		}
		return new(big.Rat).Quo(a, b), nil
	}
	if holds(op, a.Cmp(b)) {
		return big.NewRat(1, 1), nil
	}
	return new(big.Rat), nil
}

// holds tells whether a comparison holds for -1, 0 or 1 as Cmp gives them.
func holds(op string, cmp int) bool {
	switch op {
	case "<":
		return cmp < 0
	case "<=":
		return cmp <= 0
	case ">":
		return cmp > 0
	case ">=":
		return cmp >= 0
	case "==":
		return cmp == 0
	}
	return cmp != 0
}

// Holds tells whether a op b, for one of < <= > >= == !=.
func Holds(a Milli, op string, b Milli) bool {
	return holds(op, big.NewInt(int64(a)).Cmp(big.NewInt(int64(b))))
}

// extreme is min (keep -1) or max (keep 1).
func extreme(keep int, list []node) node {
	return func(data map[string]Milli) (*big.Rat, error) {
		var best *big.Rat
		for _, n := range list {
			v, err := n(data)
			if err != nil {
				return nil, err
			}
			if best == nil || v.Cmp(best) == keep {
				best = v
			}
		}
		return best, nil
	}
}
