package proof

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"chuangwei/internal/kit/event"
)

// sheet is an export taken apart for tampering.
type sheet []line

func open(t rapid.TB, export string) (s sheet) {
	t.Helper()
	for text := range strings.Lines(export) {
		l, exact, err := parse([]byte(strings.TrimSuffix(text, "\n")))
		if err != nil || !exact {
			t.Fatalf("line %q: exact %v, %v", text, exact, err)
		}
		s = append(s, l)
	}
	return s
}

func (s sheet) String() string {
	var b []byte
	for _, l := range s {
		b = append(l.appendTo(b), '\n')
	}
	return string(b)
}

// at is the place of the event that stands at position seq.
func (s sheet) at(seq int64) int {
	return slices.IndexFunc(s, func(l line) bool {
		if _, ok := l.(entry); ok {
			seq--
		}
		return seq == 0
	})
}

// edit changes the event at position seq, and its recorded hash too if rehash.
func (s sheet) edit(seq int64, rehash bool, change func(e *event.Event)) sheet {
	i := s.at(seq)
	e := s[i].(entry)
	change(&e.Event)
	if rehash {
		e.hash = leafHash(e.Event).String()
	}
	s[i] = e
	return s
}

// renumber gives the events after position seq the numbers of their positions.
func (s sheet) renumber(rehash bool) sheet {
	n := int64(0)
	for i, l := range s {
		if e, ok := l.(entry); ok {
			n++
			e.Seq = n
			if rehash {
				e.hash = leafHash(e.Event).String()
			}
			s[i] = e
		}
	}
	return s
}

func (s sheet) swap(a, b int64) sheet {
	i, j := s.at(a), s.at(b)
	s[i], s[j] = s[j], s[i]
	return s
}

func (s sheet) insert(after int64) sheet {
	i := s.at(after)
	e := s[i].(entry)
	e.Who = "nobody"
	return slices.Insert(s, i+1, line(e))
}

// rehash rewrites every hash of the export to fit its events. Only the signed
// notes are beyond the intruder.
func (s sheet) rehash() sheet {
	s = s.renumber(true)
	hashes := map[block]tlog.Hash{}
	edge, seq := &spine{}, int64(0)
	for _, l := range s {
		if e, ok := l.(entry); ok {
			leaf := leafHash(e.Event)
			hashes[block{0, seq}] = leaf
			edge.push(0, leaf, func(p block, left, right tlog.Hash) { hashes[p] = tlog.NodeHash(left, right) })
			seq++
		}
	}
	from := int64(0)
	for i, l := range s {
		switch l := l.(type) {
		case node:
			l.left, l.right = hashes[l.block.left()].String(), hashes[l.block.right()].String()
			s[i] = l
		case mark:
			h, _ := readHead(l.checkpoint)
			l.blocks = nil
			for _, b := range between(from, h.size) {
				l.blocks = append(l.blocks, hashes[b].String())
			}
			s[i], from = l, h.size
		}
	}
	return s
}

func changeBody(e *event.Event) { e.Body = json.RawMessage(`{"n":"altered"}`) }

// The log of these tests has 23 events, signed at 5, 6, 16 and 23.
var tamperings = map[string]struct {
	do    func(s sheet) sheet
	first int64
}{
	"body":                   {func(s sheet) sheet { return s.edit(9, false, changeBody) }, 9},
	"body of the first":      {func(s sheet) sheet { return s.edit(1, false, changeBody) }, 1},
	"body of the last":       {func(s sheet) sheet { return s.edit(23, false, changeBody) }, 23},
	"bodies of two":          {func(s sheet) sheet { return s.edit(20, false, changeBody).edit(9, false, changeBody) }, 9},
	"time":                   {func(s sheet) sheet { return s.edit(9, false, func(e *event.Event) { e.At-- }) }, 9},
	"kind":                   {func(s sheet) sheet { return s.edit(9, false, func(e *event.Event) { e.Kind += " " }) }, 9},
	"subject":                {func(s sheet) sheet { return s.edit(9, false, func(e *event.Event) { e.Subject = "c-99" }) }, 9},
	"who":                    {func(s sheet) sheet { return s.edit(9, false, func(e *event.Event) { e.Who = "p-2" }) }, 9},
	"body and hash, left":    {func(s sheet) sheet { return s.edit(9, true, changeBody) }, 9},
	"body and hash, right":   {func(s sheet) sheet { return s.edit(10, true, changeBody) }, 10},
	"body and hash, last":    {func(s sheet) sheet { return s.edit(23, true, changeBody) }, 23},
	"body and hash of both":  {func(s sheet) sheet { return s.edit(10, true, changeBody).edit(9, true, changeBody) }, 9},
	"deleted":                {func(s sheet) sheet { return slices.Delete(s, s.at(12), s.at(12)+1) }, 12},
	"deleted, renumbered":    {func(s sheet) sheet { return slices.Delete(s, s.at(12), s.at(12)+1).renumber(false) }, 12},
	"deleted, rehashed":      {func(s sheet) sheet { return slices.Delete(s, s.at(12), s.at(12)+1).renumber(true) }, 12},
	"first deleted":          {func(s sheet) sheet { return slices.Delete(s, s.at(1), s.at(1)+1) }, 1},
	"last deleted":           {func(s sheet) sheet { return slices.Delete(s, s.at(23), s.at(23)+1) }, 23},
	"deleted at a mark":      {func(s sheet) sheet { return slices.Delete(s, s.at(6), s.at(6)+1) }, 6},
	"inserted":               {func(s sheet) sheet { return s.insert(12) }, 13},
	"inserted, renumbered":   {func(s sheet) sheet { return s.insert(12).renumber(false) }, 13},
	"inserted, rehashed":     {func(s sheet) sheet { return s.insert(12).renumber(true) }, 13},
	"inserted at a mark":     {func(s sheet) sheet { return s.insert(16).renumber(true) }, 17},
	"appended":               {func(s sheet) sheet { return s.insert(23).renumber(true) }, 24},
	"neighbours swapped":     {func(s sheet) sheet { return s.swap(9, 10) }, 9},
	"swapped":                {func(s sheet) sheet { return s.swap(4, 19) }, 4},
	"swapped and renumbered": {func(s sheet) sheet { return s.swap(4, 19).renumber(false) }, 4},
	"swapped and rehashed":   {func(s sheet) sheet { return s.swap(4, 19).renumber(true) }, 4},
	"tail cut":               {func(s sheet) sheet { return s[:s.at(20)] }, 20},
	"tail cut at a mark":     {func(s sheet) sheet { return s[:s.at(16)+1] }, 17},
	"all cut":                {func(s sheet) sheet { return s[:1] }, 1},
}

func TestEachTamperingIsNamedExactly(t *testing.T) {
	c := newCounty(t).grow(5, 1, 10, 7)
	export := c.export()
	for name, tc := range tamperings {
		t.Run(name, func(t *testing.T) {
			r := verify(t, tc.do(open(t, export)).String(), c.key, "")
			r.names(t, tc.first)
			if r.Said.ZH == "" || strings.Contains(r.Said.EN, "%!") || strings.Contains(r.Said.ZH, "%!") {
				t.Errorf("said %+v", r.Said)
			}
		})
	}
}
