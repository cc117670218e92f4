package photo_test

import (
	"testing"

	"chuangwei/internal/kit/photo"
)

// verdicts counts what Likeness said.
type verdicts map[photo.Verdict]int

func (v verdicts) add(before, after photo.Facts) {
	_, verdict := photo.Likeness(before.Sign, after.Sign)
	v[verdict]++
	v["all"]++
}

// atLeast fails unless the share of a verdict is at least percent.
func (v verdicts) atLeast(t *testing.T, what string, want photo.Verdict, percent int) {
	t.Helper()
	t.Logf("%-26s %v", what, v)
	if v[want]*100 < v["all"]*percent {
		t.Errorf("%s: %d of %d are %s, want %d %%", what, v[want], v["all"], want, percent)
	}
}

func TestLikenessOfBeforeAndAfter(t *testing.T) {
	after, afternoon, unmoved, unfixed := verdicts{}, verdicts{}, verdicts{}, verdicts{}
	for _, s := range spots() {
		after.add(s.before, s.after)
		afternoon.add(s.before, s.afternoon)
		unmoved.add(s.before, s.unmoved)
		unfixed.add(s.before, s.unfixed)
	}
	after.atLeast(t, "fixed", photo.Plausible, 90)
	afternoon.atLeast(t, "fixed, in the afternoon", photo.Plausible, 90)
	unmoved.atLeast(t, "fixed, camera not moved", photo.Plausible, 95)
	unfixed.atLeast(t, "not fixed, camera moved", photo.Plausible, 90)
}

func TestLikenessOfTheSamePicture(t *testing.T) {
	for name := range spots()[0].copies {
		found := verdicts{}
		for _, s := range spots() {
			found.add(s.before, s.copies[name])
		}
		switch name {
		case "cropped":
			t.Logf("%-26s %v", name, found)
		case "brightened":
			found.atLeast(t, name, photo.TooAlike, 85)
		default:
			found.atLeast(t, name, photo.TooAlike, 100)
		}
	}
}

func TestLikenessOfOtherScenes(t *testing.T) {
	sameKind, otherKind := verdicts{}, verdicts{}
	all := spots()
	for i, a := range all {
		for j, b := range all {
			if i != j && a.kind == b.kind {
				sameKind.add(a.before, b.after)
			} else if i != j && (i+j)%4 == 0 {
				otherKind.add(a.before, b.after)
			}
		}
	}
	if sameKind["all"] > 0 {
		sameKind.atLeast(t, "other place, same kind", photo.OtherView, 60)
	}
	otherKind.atLeast(t, "other place, other kind", photo.OtherView, 97)
}

func TestLikenessOfOddSignatures(t *testing.T) {
	whole := make([]byte, 1024)
	for name, pair := range map[string][2][]byte{"none": {}, "short": {whole, whole[1:]}, "long": {append(whole, 0), append(whole, 0)}} {
		if score, verdict := photo.Likeness(pair[0], pair[1]); score != 0 || verdict != photo.OtherView {
			t.Errorf("%s: %v %v", name, score, verdict)
		}
	}
	if score, verdict := photo.Likeness(whole, whole); score != 0 || verdict != photo.TooAlike {
		t.Errorf("two black pictures: %v %v", score, verdict)
	}
}
