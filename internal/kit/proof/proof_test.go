package proof

import (
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/db/dbtest"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/fault"
)

func TestALeafIsTheseBytesForEver(t *testing.T) {
	e := event.Event{Seq: 12, At: 1700000000123, Kind: "case.reported", Subject: "c-1", Who: "张", Body: []byte(`{"n":1}`)}
	want := "chuangwei/event/1\n2:12,13:1700000000123,13:case.reported,3:c-1,3:张,7:{\"n\":1},"
	if got := string(Leaf(e)); got != want {
		t.Errorf("leaf\n%s\nwant\n%s", got, want)
	}
	h := leafHash(e)
	if got := hex.EncodeToString(h[:]); got != "fa1c680f549f8dd0d1af4bf2f56367dcfe69dc99325379728a0ab12084b034e3" {
		t.Errorf("leaf hash is %s", got)
	}
}

func TestFieldsDoNotRunIntoEachOther(t *testing.T) {
	seen := map[string]event.Event{}
	for _, kind := range []string{"", "a", "1:a,", "a,0:"} {
		for _, subject := range []string{"", "a", "1:a,", "a,0:"} {
			e := event.Event{Kind: kind, Subject: subject}
			if other, ok := seen[string(Leaf(e))]; ok {
				t.Errorf("%+v and %+v have one leaf", e, other)
			}
			seen[string(Leaf(e))] = e
		}
	}
}

func TestAnHonestExportIsProven(t *testing.T) {
	c := newCounty(t)
	for _, sizes := range [][]int{{1}, {2}, {3}, {1, 1, 1, 1}, {5, 3, 9}, {64}, {1023, 1, 1, 1024, 3}, {3000, 7}} {
		c.clear()
		c.grow(sizes...)
		r := verify(t, c.export(), c.key, c.sign())
		total := 0
		for _, n := range sizes {
			total += n
		}
		if !r.OK || !r.Certain || r.OwnKey || r.First != 0 || r.Size != int64(total) || r.LastGood != r.Size || r.Checkpoints != len(sizes) {
			t.Errorf("%v: %+v", sizes, r)
		}
	}
}

func TestTheTreeIsTheOneTlogKnows(t *testing.T) {
	c := newCounty(t)
	c.add(77)
	dbtest.Read(t, c.d, func(tx *db.Tx) error {
		events, err := event.Since(tx, 0, 100)
		if err != nil {
			return err
		}
		var all []tlog.Hash
		memory := tlog.HashReaderFunc(func(at []int64) (out []tlog.Hash, err error) {
			for _, i := range at {
				out = append(out, all[i])
			}
			return out, nil
		})
		for n, e := range events {
			more, err := tlog.StoredHashes(int64(n), Leaf(e), memory)
			if err != nil {
				return err
			}
			all = append(all, more...)
			want, err1 := tlog.TreeHash(int64(n)+1, memory)
			got, err2 := Root(tx, int64(n)+1)
			if got != want || err1 != nil || err2 != nil {
				t.Fatalf("root of %d events is %v %v, want %v %v", n+1, got, err2, want, err1)
			}
		}
		return nil
	})
}

func TestSuccessiveCheckpointsAreConsistent(t *testing.T) {
	c := newCounty(t)
	var heads []head
	for range 40 {
		c.add(3)
		h, err := readHead(c.sign())
		if err != nil {
			t.Fatal(err)
		}
		heads = append(heads, h)
	}
	dbtest.Read(t, c.d, func(tx *db.Tx) error {
		for i, old := range heads {
			for _, now := range heads[i:] {
				p, err := tlog.ProveTree(now.size, old.size, reader(tx))
				if err != nil {
					return err
				}
				if err := tlog.CheckTree(p, now.size, now.root, old.size, old.root); err != nil {
					t.Errorf("%d does not begin with %d: %v", now.size, old.size, err)
				}
			}
		}
		return nil
	})
}

func TestACheckpointIsMadeOnlyWhenTheLogHasGrown(t *testing.T) {
	c := newCounty(t)
	if got := c.sign(); got != "" {
		t.Errorf("signed an empty log: %q", got)
	}
	c.add(2)
	first := c.sign()
	if again := c.sign(); again != first {
		t.Error("signed the same tree twice")
	}
	key, err := note.NewVerifier(c.key)
	if err != nil {
		t.Fatal(err)
	}
	if h, err := openExact(first, key); err != nil || h.size != 2 || h.origin != "qingshan.example/log" {
		t.Errorf("checkpoint %+v %v", h, err)
	}
}

func TestABrokenLogIsNotSignedOver(t *testing.T) {
	c := newCounty(t).grow(8)
	c.rewrite(3)
	c.add(1)
	err := c.d.Write(t.Context(), func(tx *db.Tx) error {
		signer, _, err := Key(tx, "")
		if err == nil {
			_, err = Checkpoint(tx, signer, "x")
		}
		return err
	})
	if fault.Code(err) != "proof.broken" {
		t.Errorf("got %v", err)
	}
}

func TestExtendNoticesAnEventThatVanishedBeforeIt(t *testing.T) {
	c := newCounty(t)
	c.add(3)
	c.write(func(tx *db.Tx) error {
		for range 3 {
			if _, err := event.Add(tx, "p", "k", "s", nil); err != nil {
				return err
			}
		}
		_, err := tx.Exec(`DELETE FROM events WHERE seq = 5`)
		return err
	})
	err := c.d.Write(t.Context(), func(tx *db.Tx) error { _, _, err := Extend(tx, 100); return err })
	if err == nil || !strings.Contains(err.Error(), "event 5 is missing") {
		t.Errorf("got %v", err)
	}
}

func TestKeyIsMadeOnceAndFitsAnyName(t *testing.T) {
	c := newCounty(t)
	c.write(func(tx *db.Tx) error {
		signer, again, err := Key(tx, "another name")
		if again != c.key || signer.Name() != "青山县" {
			t.Errorf("key changed: %s", again)
		}
		return err
	})
	for name, want := range map[string]string{"": "chuangwei", " a b+c ": "a-b-c", "\xff": "-"} {
		if got := keyName(name); got != want {
			t.Errorf("%q became %q", name, got)
		}
	}
}

func TestNothingSignedIsNotExported(t *testing.T) {
	c := newCounty(t)
	c.add(1)
	err := c.d.Read(t.Context(), func(tx *db.Tx) error { return Export(tx, &strings.Builder{}) })
	if !fault.Is(err, fault.Conflict) {
		t.Errorf("got %v", err)
	}
	dbtest.Read(t, c.d, func(tx *db.Tx) error {
		if _, err := Latest(tx); !errors.Is(err, db.ErrNone) {
			t.Errorf("latest: %v", err)
		}
		return nil
	})
}

func TestEventsAfterTheNewestCheckpointWaitForTheNext(t *testing.T) {
	c := newCounty(t).grow(10)
	signed := c.sign()
	c.add(30)
	if r := verify(t, c.export(), c.key, signed); !r.OK || r.Size != 10 {
		t.Errorf("%+v", r)
	}
}
