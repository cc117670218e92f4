package proof

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
)

// lose spoils the hashes of block b, so that Verify cannot see into it.
func (s sheet) lose(b block) sheet {
	for i, l := range s {
		if n, ok := l.(node); ok && n.block == b {
			n.left = tlog.Hash{}.String()
			s[i] = n
		}
	}
	return s
}

// move puts the lines that are chosen behind the event at position seq.
func (s sheet) move(behind int64, chosen func(n node) bool) sheet {
	var moved sheet
	rest := slices.DeleteFunc(slices.Clone(s), func(l line) bool {
		n, ok := l.(node)
		if ok = ok && chosen(n); ok {
			moved = append(moved, l)
		}
		return ok
	})
	return slices.Insert(rest, rest.at(behind)+1, moved...)
}

// The log of this test has 16 events, all signed at once.
func TestWhatLostHashesLeaveToBeSaid(t *testing.T) {
	c := newCounty(t).grow(16)
	good := c.export()
	judged := func(change func(s sheet) sheet) Report {
		return verify(t, change(open(t, good)).String(), c.key, "")
	}
	quarter := block{2, 1} // events 5 to 8
	judged(func(s sheet) sheet { return s.lose(quarter).edit(7, false, changeBody) }).names(t, 7)
	judged(func(s sheet) sheet { return s.lose(quarter).edit(7, true, changeBody) }).spans(t, 5, 8)
	judged(func(s sheet) sheet { return s.lose(quarter).edit(8, false, changeBody).edit(6, true, changeBody) }).spans(t, 5, 8)
	judged(func(s sheet) sheet { return s.lose(quarter).edit(12, true, changeBody) }).names(t, 12)
	judged(func(s sheet) sheet { return s.lose(quarter)[:s.at(7)] }).spans(t, 5, 7)
	judged(func(s sheet) sheet { return s.lose(quarter).edit(3, true, changeBody) }).names(t, 3)
}

func TestHashesThatComeLateAreStillUsed(t *testing.T) {
	c := newCounty(t).grow(128)
	late := func(s sheet) sheet {
		s = s.move(70, func(n node) bool { return n.start() < 64 })
		return s.move(80, func(n node) bool { return n.start() == 64 })
	}
	r := verify(t, late(open(t, c.export())).String(), c.key, "")
	if r.OK || !r.Certain || r.First != 0 || r.LastGood != 128 {
		t.Errorf("nothing but the order changed: %+v", r)
	}
	verify(t, late(open(t, c.export()).edit(50, true, changeBody)).String(), c.key, "").names(t, 50)
}

func TestNoOtherSpellingPasses(t *testing.T) {
	c := newCounty(t).grow(4, 3)
	good := c.export()
	respelt := 0
	for i, text := range strings.SplitAfter(good, "\n") {
		for _, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(`"\ `, r) }) {
			other := respell(word)
			if other == word {
				continue
			}
			respelt++
			bad := strings.Replace(good, text, strings.Replace(text, word, other, 1), 1)
			if r, err := Verify(strings.NewReader(bad), c.key, ""); err == nil && r.OK {
				t.Errorf("line %d: %q for %q passes", i+1, other, word)
			}
		}
	}
	if respelt < 20 {
		t.Errorf("tried only %d", respelt)
	}
	signedTwice := strings.Replace(good, `=\n","blocks"`, `=\n— other AAAAAAAA\n","blocks"`, 1)
	crlf := strings.ReplaceAll(good, "\n", "\r\n")
	for _, bad := range []string{signedTwice, crlf, good + "\n", "\n" + good, good[:len(good)-1], good + "{"} {
		if r, err := Verify(strings.NewReader(bad), c.key, ""); err == nil && r.OK || bad == good {
			t.Errorf("passes: %.300q", bad)
		}
	}
}

// respell gives base64 another last digit that stands for the same bytes.
func respell(word string) string {
	word, lead := strings.TrimPrefix(word, "n"), strings.HasPrefix(word, "n")
	raw, err := base64.StdEncoding.DecodeString(word)
	if err != nil || len(raw) < 32 || !strings.HasSuffix(word, "=") {
		return word
	}
	at := strings.IndexByte(word, '=') - 1
	for _, digit := range "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/" {
		other := word[:at] + string(digit) + word[at+1:]
		if same, err := base64.StdEncoding.DecodeString(other); err == nil && other != word && string(same) == string(raw) {
			return map[bool]string{true: "n"}[lead] + other
		}
	}
	return word
}
