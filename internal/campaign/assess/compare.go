package assess

import (
	"chuangwei/internal/campaign/assess/book"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/org"
)

// Comparison is two rounds by one pack beside each other.
type Comparison struct {
	Earlier, Later Round
	Was, Is        book.Outcome
	Lines          []book.Versus
}

// Compare lays a round beside an earlier one by the same pack.
func Compare(tx *db.Tx, who org.Actor, earlier, later string) (c Comparison, err error) {
	if c.Earlier, c.Was, err = Result(tx, who, earlier); err != nil {
		return c, err
	}
	if c.Later, c.Is, err = Result(tx, who, later); err != nil {
		return c, err
	}
	if c.Earlier.Pack != c.Later.Pack {
		return c, fault.New(fault.Conflict, "round.other_pack", "两次评估用的标准不同，不能逐行对比。", "The two rounds are by different standards and cannot be compared line by line.")
	}
	c.Lines = book.Compare(c.Was, c.Is)
	return c, nil
}
