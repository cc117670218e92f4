package assess

import (
	"chuangwei/internal/campaign/assess/book"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/register/org"
)

// Result counts a round: from what was frozen, or from what is known so far.
func Result(tx *db.Tx, who org.Actor, id string) (Round, book.Outcome, error) {
	r, err := Get(tx, who, id)
	if err != nil {
		return r, book.Outcome{}, err
	}
	b, err := bookOf(tx, r)
	if err != nil {
		return r, book.Outcome{}, err
	}
	o, err := book.Count(b)
	return r, o, err
}

func bookOf(tx *db.Tx, r Round) (b book.Book, err error) {
	if r.State != Finished {
		return gather(tx, r)
	}
	text, err := frozenText(tx, r.ID)
	if err != nil {
		return b, err
	}
	return b, unpack(text, &b)
}
