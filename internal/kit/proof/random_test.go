package proof

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"chuangwei/internal/kit/event"
)

// firstPart is the first position at which two exports' events part, 0 if none.
func firstPart(a, b sheet) int64 {
	x, y := a.events(), b.events()
	for i := range max(len(x), len(y)) {
		if i >= len(x) || i >= len(y) || !bytes.Equal(Leaf(x[i]), Leaf(y[i])) {
			return int64(i) + 1
		}
	}
	return 0
}

func (s sheet) events() (out []event.Event) {
	for _, l := range s {
		if e, ok := l.(entry); ok {
			out = append(out, e.Event)
		}
	}
	return out
}

// randomTampering is one act of an intruder who has no key.
func randomTampering(t *rapid.T, s sheet) sheet {
	n := int64(len(s.events()))
	pick := func(name string) int { return rapid.IntRange(0, len(s)-1).Draw(t, name) }
	seq := func() int64 { return rapid.Int64Range(1, n).Draw(t, "seq") }
	if n == 0 {
		return s[:1]
	}
	switch act := rapid.IntRange(0, 9).Draw(t, "act"); act {
	case 0:
		return s.edit(seq(), rapid.Bool().Draw(t, "rehash"), changeBody)
	case 1:
		i := s.at(seq())
		return slices.Delete(s, i, i+1)
	case 2:
		return s.insert(seq())
	case 3:
		return s.swap(seq(), seq())
	case 4:
		return s[:max(1, pick("cut"))]
	case 5:
		return s.renumber(rapid.Bool().Draw(t, "rehash"))
	case 6:
		return s.rehash()
	case 7: // any lines, not only events
		i, j := pick("line"), pick("line")
		s[i], s[j] = s[j], s[i]
		return s
	case 8:
		i := pick("line")
		return slices.Insert(s, pick("line"), s[i])
	default:
		i := max(1, pick("line"))
		return slices.Delete(s, min(i, len(s)-1), min(i, len(s)-1)+1)
	}
}

func TestNoRandomTamperingPassesAndNoneIsMisnamed(t *testing.T) {
	c := newCounty(t)
	sizes := rapid.SliceOfN(rapid.IntRange(1, 14), 1, 6)
	for i := range 16 {
		c.clear()
		c.grow(sizes.Example(i)...)
		export, kept := c.export(), c.sign()
		t.Run(fmt.Sprint(sizes.Example(i)), rapid.MakeCheck(func(t *rapid.T) {
			tampered := open(t, export)
			for range rapid.IntRange(1, 3).Draw(t, "acts") {
				tampered = randomTampering(t, tampered)
			}
			judge(t, c.key, "", open(t, export), tampered)
			judge(t, c.key, kept, open(t, export), tampered)
		}))
	}
}

// judge fails unless Verify finds out a tampering and misnames nothing.
func judge(t *rapid.T, key, kept string, honest, tampered sheet) {
	r, err := Verify(strings.NewReader(tampered.String()), key, kept)
	if err != nil { // the header went
		return
	}
	first := firstPart(honest, tampered)
	same := tampered.String() == honest.String()
	switch {
	case r.OK != same:
		t.Errorf("same %v, but %+v\n%s", same, r, tampered)
	case r.Certain && r.First != first:
		t.Errorf("first is %d, but %+v\n%s", first, r, tampered)
	case first > 0 && r.LastGood >= first:
		t.Errorf("first is %d, but %+v\n%s", first, r, tampered)
	case !r.Certain && r.First > 0 && (first < r.First || first > r.Until):
		t.Errorf("first is %d, outside %+v\n%s", first, r, tampered)
	}
}

func TestNoFlippedByteAndNoCutPasses(t *testing.T) {
	c := newCounty(t).grow(3, 2)
	export := c.export()
	for i := range len(export) {
		flipped := []byte(export)
		flipped[i] ^= 1 << (i % 7)
		if r, err := Verify(bytes.NewReader(flipped), c.key, ""); err == nil && r.OK {
			t.Errorf("byte %d %q flipped to %q passes", i, export[i], flipped[i])
		}
		if r, err := Verify(strings.NewReader(export[:i]), c.key, ""); err == nil && r.OK {
			t.Errorf("cut at byte %d passes", i)
		}
	}
}
