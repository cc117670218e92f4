package photo_test

import (
	"slices"
	"testing"

	"chuangwei/internal/kit/photo"

	"pgregory.net/rapid"
)

// tally counts distances.
type tally struct {
	n, alike, least, most int
}

func (t *tally) add(distance int) {
	if t.n == 0 {
		t.least = distance
	}
	t.n, t.least, t.most = t.n+1, min(t.least, distance), max(t.most, distance)
	if distance <= photo.LookAlike {
		t.alike++
	}
}

func TestCopiesLookAlike(t *testing.T) {
	found := map[string]*tally{}
	for _, s := range spots() {
		for name, c := range s.copies {
			if found[name] == nil {
				found[name] = &tally{}
			}
			found[name].add(photo.Distance(s.before.DHash, c.DHash))
		}
	}
	for name, f := range found {
		t.Logf("%-10s %d of %d look alike, distance %d … %d", name, f.alike, f.n, f.least, f.most)
		// What was cropped off or burnt out is gone; that costs some bits.
		percent := map[string]int{"cropped": 80, "brightened": 90}[name]
		if percent == 0 {
			percent = 100
		}
		if f.alike*100 < f.n*percent {
			t.Errorf("%s: only %d of %d copies look alike", name, f.alike, f.n)
		}
	}
}

func TestDifferentScenesDoNotLookAlike(t *testing.T) {
	var sameKind, otherKind tally
	all := spots()
	for i, a := range all {
		for _, b := range all[i+1:] {
			d := photo.Distance(a.before.DHash, b.before.DHash)
			if a.kind == b.kind {
				sameKind.add(d)
			} else {
				otherKind.add(d)
			}
		}
	}
	t.Logf("same kind of scene: %+v, other kinds: %+v", sameKind, otherKind)
	if sameKind.alike+otherKind.alike > 0 {
		t.Error("different scenes look alike")
	}
}

func TestAnAfterPhotoSeldomLooksLikeItsBefore(t *testing.T) {
	var unmoved, unfixed, after, afternoon tally
	for _, s := range spots() {
		unmoved.add(photo.Distance(s.before.DHash, s.unmoved.DHash))
		unfixed.add(photo.Distance(s.before.DHash, s.unfixed.DHash))
		after.add(photo.Distance(s.before.DHash, s.after.DHash))
		afternoon.add(photo.Distance(s.before.DHash, s.afternoon.DHash))
	}
	t.Logf("fixed, unmoved camera: %+v; not fixed, moved: %+v; fixed, moved: %+v; in the afternoon: %+v", unmoved, unfixed, after, afternoon)
	if after.alike*5 > after.n {
		t.Errorf("%d of %d after photos look like their before photo", after.alike, after.n)
	}
}

func TestHashesWithinSevenBitsAreFound(t *testing.T) {
	if photo.LookAlike > 7 {
		t.Fatal("the index of bands would miss look-alikes")
	}
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.Uint64().Draw(t, "hash")
		b := a
		for _, bit := range rapid.SliceOfN(rapid.IntRange(0, 63), 0, 7).Draw(t, "flipped") {
			b ^= 1 << bit
		}
		if photo.Distance(a, b) > 7 {
			t.Fatalf("distance %d", photo.Distance(a, b))
		}
		kept := photo.Bands(b)
		for i, near := range photo.Near(a) {
			if slices.Contains(near[:], kept[i]) {
				return
			}
		}
		t.Fatalf("looking near %x misses %x", a, b)
	})
}
