package assess

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"chuangwei/internal/campaign/assess/book"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/org"
)

// Finish ends a round and freezes it: pack, inputs, names and result in one
// text whose SHA-256 is told in the log. Lines nobody has judged count nothing;
// with any, leaveOpen must say that this is meant.
func Finish(tx *db.Tx, who org.Actor, id string, leaveOpen bool) (Round, error) {
	r, err := open(tx, who, org.PlanRound, id)
	if err != nil {
		return r, err
	}
	if r.State != Judging {
		return r, fault.New(fault.Conflict, "round.not_begun", "“%[1]s”还没有开始。", "%[1]q has not begun yet.", r.Name)
	}
	b, err := gather(tx, r)
	if err != nil {
		return r, err
	}
	o, err := book.Count(b)
	if err != nil {
		return r, err
	}
	if o.Open > 0 && !leaveOpen {
		return r, fault.New(fault.Conflict, "round.open", "还有%[1]v分没有评，结束后按零分计。请先评完，或确认就这样结束。",
			"%[1]v points are not judged yet and would count nothing. Judge them first, or say that the round ends like this.", o.Open)
	}
	b.Score, b.Result = o.Score, o.Digest()
	text := packed(b)
	if err := putFrozen(tx, r.ID, text); err != nil {
		return r, fmt.Errorf("assess: freeze: %w", err)
	}
	r.State, r.Sum, r.Score, r.Verdict, r.FinishedAt = Finished, sumOf(text), o.Score, string(o.Verdict), tx.Now()
	if err := update(tx, &r); err != nil {
		return r, fmt.Errorf("assess: finish: %w", err)
	}
	_, err = event.Add(tx, who.ID, "round.finished", r.ID, map[string]any{"score": o.Score.String(), "points": o.Points.String(), "open": o.Open.String(), "pass": o.Pass.String(),
		"verdict": o.Verdict, "rules": b.Rules, "frozen": r.Sum, "estimate": r.Estimate})
	return r, err
}

func sumOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// Recount proves a frozen round: the text is the one whose sum the log tells,
// and counting it anew gives every line as it was.
type Recount struct {
	Sum   string // of the text as it is kept
	Kept  bool   // it is the text that was frozen
	Same  bool   // every line counts as it did
	Score Milli
	Was   Milli
}

// CountAgain counts a finished round again from what was frozen.
func CountAgain(tx *db.Tx, who org.Actor, id string) (Recount, error) {
	r, err := Get(tx, who, id)
	if err != nil {
		return Recount{}, err
	}
	if r.State != Finished {
		return Recount{}, fault.New(fault.Conflict, "round.not_finished", "“%[1]s”还没有结束。", "%[1]q is not finished yet.", r.Name)
	}
	text, err := frozenText(tx, id)
	if err != nil {
		return Recount{}, err
	}
	var b book.Book
	if err := unpack(text, &b); err != nil {
		return Recount{}, err
	}
	o, err := book.Count(b)
	if err != nil {
		return Recount{}, err
	}
	sum := sumOf(text)
	return Recount{Sum: sum, Kept: sum == r.Sum, Same: o.Digest() == b.Result && o.Score == b.Score, Score: o.Score, Was: r.Score}, nil
}
