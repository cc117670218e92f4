// Package formula is arithmetic that a standard may ask for: numbers in
// thousandths, and small safe expressions over named numbers. It computes
// exactly and rounds once, so that the order of a sum never matters.
package formula

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

// Milli is a number in thousandths: 0.2 points are 200.
type Milli int64

// most is the largest amount a number of a standard may have, either side of 0.
const most Milli = 1_000_000_000_000

// Number reads a decimal number with at most three decimals.
func Number(s string) (Milli, error) {
	digits, negative := strings.CutPrefix(s, "-")
	whole, part, dot := strings.Cut(digits, ".")
	if !allDigits(whole) || dot && !allDigits(part) || len(part) > 3 || len(whole) > 9 {
		return 0, fmt.Errorf("formula: %q is no number with at most three decimals", s)
	}
	n, err := strconv.ParseInt(whole+(part + "000")[:3], 10, 64)
	if err != nil {
		return 0, fmt.Errorf("formula: %w", err)
	}
	if negative {
		n = -n
	}
	return Milli(n), nil
}

func allDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// String is the shortest decimal that reads back as the same number.
func (m Milli) String() string {
	sign, n := "", m
	if n < 0 {
		sign, n = "-", -n
	}
	out := fmt.Sprintf("%s%d.%03d", sign, n/1000, n%1000)
	return strings.TrimSuffix(strings.TrimRight(out, "0"), ".")
}

// Of is m × by ÷ over, rounded to the nearest thousandth, halves upward.
// It grows with m, and is exact whatever the size of the product.
func (m Milli) Of(by, over Milli) Milli {
	return rounded(new(big.Rat).SetFrac(new(big.Int).Mul(big.NewInt(int64(m)), big.NewInt(int64(by))), big.NewInt(int64(over))))
}

// rounded is a number of thousandths as the nearest whole one, halves upward.
func rounded(r *big.Rat) Milli {
	twice := new(big.Int).Mul(r.Num(), big.NewInt(2))
	twice.Add(twice, r.Denom())
	return Milli(new(big.Int).Div(twice, new(big.Int).Mul(r.Denom(), big.NewInt(2))).Int64()) // Div rounds down
}
