package book

import (
	"encoding/json"
	"os"
	"slices"
	"testing"

	"chuangwei/internal/register/standard/score"

	"pgregory.net/rapid"
)

// frozen is a round that failed, as it was frozen under the first counting rules.
func frozen(t testing.TB) (b Book) {
	t.Helper()
	text, err := os.ReadFile("testdata/frozen-rules-1.json")
	if err == nil {
		err = json.Unmarshal(text, &b)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestOldFrozenRoundsCountAsTheyDid holds rounds frozen by earlier programs:
// a file is added when the counting rules get a new version, and never changed.
func TestOldFrozenRoundsCountAsTheyDid(t *testing.T) {
	b := frozen(t)
	o, err := Count(b)
	if err != nil || o.Score != b.Score || o.Digest() != b.Result || b.Rules != 1 || len(o.Losses) < 10 {
		t.Errorf("%v points of %v, %d losses, %v", o.Score, b.Score, len(o.Losses), err)
	}
}

// TestAnyFrozenBookCountsAgainTheSame draws what an assessment may know, sends
// it through the form in which it is kept, and counts it on the other side.
func TestAnyFrozenBookCountsAgainTheSame(t *testing.T) {
	base := frozen(t)
	rapid.Check(t, func(t *rapid.T) {
		b := base
		keep := func(n int, name string) []int {
			return rapid.SliceOfDistinct(rapid.IntRange(0, max(0, n-1)), func(i int) int { return i }).Draw(t, name)
		}
		b.Input.Findings, b.Input.Missing = nil, nil
		for _, i := range keep(len(base.Input.Findings), "findings") {
			b.Input.Findings = append(b.Input.Findings, base.Input.Findings[i])
		}
		for _, i := range keep(len(base.Input.Missing), "papers") {
			b.Input.Missing = append(b.Input.Missing, base.Input.Missing[i])
		}
		b.Input.Data = map[string]Milli{}
		for id := range base.Input.Data {
			b.Input.Data[id] = Milli(rapid.Int64Range(0, 400_000).Draw(t, id))
		}
		first, err := Count(b)
		if err != nil {
			t.Fatal(err)
		}
		kept, err := json.Marshal(b)
		if err != nil {
			t.Fatal(err)
		}
		var back Book
		if err := json.Unmarshal(kept, &back); err != nil {
			t.Fatal(err)
		}
		slices.Reverse(back.Input.Findings)
		second, err := Count(back)
		if err != nil || first.Digest() != second.Digest() || first.Score != second.Score {
			t.Fatalf("%v, then %v, %v", first.Score, second.Score, err)
		}
		var lost Milli
		for _, l := range first.Losses {
			lost += l.Points
		}
		if off := first.Points - first.Open - first.Score - lost; off < -100 || off > 100 { // shares are rounded to thousandths
			t.Fatalf("%v points are lost and %v explained", first.Points-first.Open-first.Score, lost)
		}
	})
}

func TestARoundBesideAnEarlierOneSaysWhatCameBackAndWhatIsNew(t *testing.T) {
	was, err := Count(frozen(t))
	if err != nil {
		t.Fatal(err)
	}
	b := frozen(t)
	there := b.Input.Missing[0].Requirement // this paper is there now
	b.Input.Missing = b.Input.Missing[1:]
	first := b.Input.Findings[0] // and this breach is at another place of the same kind
	other := b.Spots[slices.IndexFunc(b.Spots, func(s Spot) bool { return s.Kind == first.Place && s.ID != first.At })].ID
	b.Input.Findings = append([]score.Finding{}, b.Input.Findings...)
	b.Input.Findings[0].At = other
	for i := range b.Seen {
		if b.Seen[i].ID == first.ID {
			b.Seen[i].Place = other
		}
	}
	is, err := Count(b)
	if err != nil {
		t.Fatal(err)
	}
	turns := map[Turn]int{}
	for _, v := range Compare(was, is) {
		turns[v.Turn]++
		before, after := 0, 0
		for _, l := range was.Losses {
			before += map[bool]int{true: 1}[l.Line == v.Line.ID]
		}
		for _, l := range is.Losses {
			after += map[bool]int{true: 1}[l.Line == v.Line.ID]
		}
		if len(v.Same)+len(v.Gone) != before || len(v.Same)+len(v.Fresh) != after {
			t.Errorf("%s: %d the same, %d gone, %d new; it had %d and has %d", v.Line.ID, len(v.Same), len(v.Gone), len(v.Fresh), before, after)
		}
		switch {
		case slices.ContainsFunc(v.Gone, func(l Loss) bool { return l.Requirement == there }):
			if len(v.Gone) != 1 || len(v.Fresh) != 0 || v.After >= v.Before {
				t.Errorf("the paper that is there now: %+v", v)
			}
		case v.Line.ID == is.Losses[slices.IndexFunc(is.Losses, func(l Loss) bool { return l.ID == first.ID })].Line:
			if len(v.Gone) != 1 || len(v.Fresh) != 1 || v.Fresh[0].PlaceID != other {
				t.Errorf("the breach that moved: %d gone, %d new", len(v.Gone), len(v.Fresh))
			}
		case len(v.Gone)+len(v.Fresh) > 0:
			t.Errorf("%s has changed: %+v %+v", v.Line.ID, v.Gone, v.Fresh)
		}
	}
	if turns[LostAgain] < 20 || turns[NeverLost] < 10 || turns[LostNew] != 0 {
		t.Errorf("%v", turns)
	}
	for _, v := range Compare(is, was) {
		if v.Turn == WonBack {
			t.Errorf("%s is won back the wrong way round", v.Line.ID)
		}
	}
}
