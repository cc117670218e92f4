package proof

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/fault"
)

const setBody = `UPDATE events SET body = '{"n":"altered"}' WHERE seq = $1`

// alter changes an event in the database and its own row of the tree to fit.
func (c *county) alter(seq int64) {
	c.t.Helper()
	c.exec(setBody, seq)
	c.write(func(tx *db.Tx) error {
		e, err := event.Since(tx, seq-1, 1)
		if err == nil {
			_, err = tx.Exec(`UPDATE proof_hashes SET hash = $1 WHERE idx = $2`,
				leafHash(e[0]).String(), block{0, seq - 1}.row())
		}
		return err
	})
}

func TestAnIntruderInTheDatabaseIsNamedExactly(t *testing.T) {
	c := newCounty(t)
	for name, tc := range map[string]struct {
		do    func(c *county)
		first int64
	}{
		"body":                {func(c *county) { c.exec(setBody, 9) }, 9},
		"body and hash":       {func(c *county) { c.alter(9) }, 9},
		"its neighbour too":   {func(c *county) { c.alter(10); c.alter(9) }, 9},
		"the newest and hash": {func(c *county) { c.alter(23) }, 23},
		"at a checkpoint":     {func(c *county) { c.alter(5) }, 5},
		"after a checkpoint":  {func(c *county) { c.alter(6) }, 6},
		"deleted":             {func(c *county) { c.exec(`DELETE FROM events WHERE seq = 12`) }, 12},
		"two deleted":         {func(c *county) { c.exec(`DELETE FROM events WHERE seq IN (13, 14)`) }, 13},
		"tail deleted":        {func(c *county) { c.exec(`DELETE FROM events WHERE seq > 18`) }, 19},
		"all deleted":         {func(c *county) { c.exec(`DELETE FROM events`) }, 1},
		"deleted and renumbered": {func(c *county) {
			c.exec(`DELETE FROM events WHERE seq = 12`)
			c.shift(12, -1)
		}, 12},
		"inserted": {func(c *county) {
			c.shift(12, +1)
			c.exec(`INSERT INTO events (seq, at, kind, subject, who, body) VALUES (12, 1, 'k', 's', 'w', '{}')`)
		}, 12},
		"swapped": {func(c *county) {
			c.exec(`UPDATE events SET seq = 999 WHERE seq = 8`)
			c.exec(`UPDATE events SET seq = 8 WHERE seq = 15`)
			c.exec(`UPDATE events SET seq = 15 WHERE seq = 999`)
		}, 8},
	} {
		t.Run(name, func(t *testing.T) {
			c.clear()
			tc.do(c.grow(5, 1, 10, 7))
			verify(t, c.export(), c.key, "").names(t, tc.first)
		})
	}
}

// shift renumbers the events from seq on, by way of numbers nobody has.
func (c *county) shift(seq, by int64) {
	c.t.Helper()
	c.exec(`UPDATE events SET seq = -(seq + $2) WHERE seq >= $1`, seq, by)
	c.exec(`UPDATE events SET seq = -seq WHERE seq < 0`)
}

func TestWhoRewritesEveryHashIsCaughtButOnlyTheRangeIsKnown(t *testing.T) {
	c := newCounty(t).grow(5, 1, 10, 7)
	good := c.export()
	verify(t, open(t, good).edit(9, false, changeBody).rehash().String(), c.key, "").spans(t, 7, 16)
	verify(t, open(t, good).edit(6, false, changeBody).rehash().String(), c.key, "").names(t, 6) // its checkpoint added it alone
	c.rewrite(9)
	r := verify(t, c.export(), c.key, "")
	r.spans(t, 7, 16)
	if r.Checkpoints != 2 || !strings.Contains(r.Said.ZH, "第 7 至 16 号") {
		t.Errorf("%+v", r)
	}
}

func TestDamageBesideTheEventsIsNoAlteredEvent(t *testing.T) {
	c := newCounty(t).grow(5, 1, 10, 7)
	good := c.export()
	for i := range open(t, good) {
		s := open(t, good)
		switch l := s[i].(type) {
		case header:
			l.size++
			s[i] = l
		case mark:
			l.blocks[0] = tlog.Hash{}.String()
			s[i] = l
		case node:
			l.left = tlog.Hash{}.String()
			s[i] = l
		case entry:
			l.hash = "?"
			s[i] = l
		}
		if r := verify(t, s.String(), c.key, ""); r.OK || !r.Certain || r.First != 0 || r.LastGood != 23 {
			t.Errorf("line %d: %+v", i+1, r)
		}
	}
}

func TestAForgedSignatureProvesNothing(t *testing.T) {
	c := newCounty(t).grow(5, 1, 10, 7)
	_, other, err := note.GenerateKey(zeros{}, "青山县")
	if err != nil {
		t.Fatal(err)
	}
	r := verify(t, c.export(), other, "")
	if r.OK || r.Certain || r.First != 0 || r.LastGood != 0 || r.Checkpoints != 0 {
		t.Errorf("%+v", r)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestTheExportsOwnKeyIsWeaker(t *testing.T) {
	c := newCounty(t).grow(5)
	if r := verify(t, c.export(), "", ""); !r.OK || !r.OwnKey || !strings.Contains(r.Said.EN, "proves less") {
		t.Errorf("%+v", r)
	}
}

func TestACheckpointKeptElsewhere(t *testing.T) {
	c := newCounty(t).grow(5, 11)
	old, kept := c.export(), c.sign()
	c.grow(7)
	newest := c.sign()
	t.Run("vouches for a later export", func(t *testing.T) {
		if r := verify(t, c.export(), c.key, strings.ReplaceAll(kept, "\n", "\r\n")); !r.OK {
			t.Errorf("%+v", r)
		}
	})
	t.Run("shows an export cut back to an earlier checkpoint", func(t *testing.T) {
		verify(t, old, c.key, newest).names(t, 17)
	})
	t.Run("narrows the range after all was rewritten", func(t *testing.T) {
		merged := open(t, c.export())
		merged = slices.DeleteFunc(merged, func(l line) bool { m, ok := l.(mark); return ok && m.checkpoint == kept })
		verify(t, merged.edit(9, true, changeBody).String(), c.key, kept).spans(t, 6, 16)
	})
	t.Run("shows a history signed anew", func(t *testing.T) {
		c.rewrite(20)
		c.exec(`DELETE FROM checkpoints`)
		c.sign()
		if r := verify(t, c.export(), c.key, kept); !r.OK {
			t.Errorf("only what came later was rewritten: %+v", r)
		}
		verify(t, c.export(), c.key, newest).spans(t, 1, 23)
	})
	t.Run("must be signed by the same key", func(t *testing.T) {
		other := newCounty(t).grow(3)
		if r := verify(t, other.export(), "", kept); r.OK || r.First != 0 || r.LastGood != 0 {
			t.Errorf("%+v", r)
		}
		for _, bad := range []string{other.sign(), "nonsense", strings.Replace(kept, "\n16\n", "\n15\n", 1)} {
			if _, err := Verify(strings.NewReader(old), c.key, bad); fault.Code(err) != "proof.checkpoint" {
				t.Errorf("%q: %v", bad, err)
			}
		}
	})
}

func TestAnExportIsNotHinderedByRuins(t *testing.T) {
	c := newCounty(t)
	for _, ruin := range []string{
		`DELETE FROM proof_hashes`,
		`DELETE FROM proof_hashes WHERE idx = 7`,
		`UPDATE proof_hashes SET hash = 'ruin' WHERE idx > 3`,
		`UPDATE checkpoints SET note = 'ruin'`,
		`UPDATE checkpoints SET size = 9000000000000000000 WHERE size = 23`,
		`UPDATE events SET seq = 9000000000000000000 WHERE seq = 20`,
		`UPDATE events SET seq = -3 WHERE seq = 20`,
	} {
		c.clear()
		c.grow(5, 1, 10, 7).exec(ruin)
		if r := verify(t, c.export(), c.key, ""); r.OK || r.Said.ZH == "" {
			t.Errorf("%s: %+v", ruin, r)
		}
	}
}
