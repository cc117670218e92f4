package cases_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"chuangwei/internal/flow/cases"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/db/dbtest"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/geo"

	"pgregory.net/rapid"
)

var people = []string{"wang", "li", "zhao", "sun", "zhou", "wu", "chief", "desk", "lead", "verifier", "inspector", "boss"}

var allMoves = func() (out []cases.MoveName) {
	for _, l := range cases.Lines {
		out = append(out, l.Move)
	}
	return out
}()

// TestNoHistoryBreaksTheRules lets anybody try anything at any time and holds
// what must always be true: one owner and one due instant while somebody
// answers, nobody of the fixer's side verifies, no report is lost, and every
// change is explained by exactly one event.
func TestNoHistoryBreaksTheRules(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := newCounty(t)
		h := &history{county: c, rt: rt}
		for range rapid.IntRange(5, 40).Draw(rt, "steps") {
			h.step()
			c.clock.Add(time.Duration(rapid.IntRange(1, 600).Draw(rt, "minutes")) * time.Minute)
		}
		h.check()
	})
}

type history struct {
	*county
	rt  *rapid.T
	ids []string
}

func (h *history) step() {
	if len(h.ids) == 0 || rapid.IntRange(0, 5).Draw(h.rt, "report") == 0 {
		h.newCase()
		return
	}
	if rapid.IntRange(0, 9).Draw(h.rt, "routine") == 0 {
		h.write(func(tx *db.Tx) error {
			if _, _, err := cases.Climb(tx, ""); err != nil {
				return err
			}
			_, err := cases.DrawRechecks(tx)
			return err
		})
		return
	}
	id := rapid.SampledFrom(h.ids).Draw(h.rt, "case")
	who := rapid.SampledFrom(people).Draw(h.rt, "who")
	before := h.get(id)
	m := h.move()
	after, err := h.try(who, id, m)
	if err != nil {
		if _, ok := fault.As(err); !ok {
			h.rt.Fatalf("%s by %s: %v", m.Move, who, err)
		}
		if now := h.get(id); now.Version != before.Version {
			h.rt.Fatalf("a refused %s changed the case", m.Move)
		}
		return
	}
	h.checkMove(who, m, before, after)
}

func (h *history) newCase() {
	kind := rapid.SampledFrom([]string{"", "env.exposed-waste", "market.untidy-stalls", "paper.training"}).Draw(h.rt, "kind")
	k := h.report("inspector", func(r *cases.Report) {
		r.Kind = kind
		switch rapid.IntRange(0, 3).Draw(h.rt, "where") {
		case 0:
			r.Point = nil
		case 1:
			r.Place, r.Point = "MKT234", nil
		case 2:
			r.Point = &geo.Point{Lat: 22.05, Lon: 103.05}
		}
	})
	h.ids = append(h.ids, k.ID)
}

func (h *history) move() cases.Move {
	m := cases.Move{Move: rapid.SampledFrom(allMoves).Draw(h.rt, "move"), Note: "说明",
		Reason:  rapid.SampledFrom([]string{"money", "department", "law"}).Draw(h.rt, "reason"),
		UntilOn: "2027-06-01", Into: rapid.SampledFrom(h.ids).Draw(h.rt, "into"),
		ToUnit: rapid.SampledFrom([]string{"", "cg", "sc"}).Draw(h.rt, "unit")}
	if m.Move == cases.Assign {
		m.Kind = rapid.SampledFrom([]string{"", "env.exposed-waste", "market.untidy-stalls"}).Draw(h.rt, "kind")
	}
	if m.Move == cases.Fix {
		m.Photos = []string{h.photo()}
	}
	return m
}

// checkMove holds what one successful move may and may not do.
func (h *history) checkMove(who string, m cases.Move, before, after cases.Case) {
	if m.Move == cases.Verify && (who == before.FixedBy || unitOf[who] == unitOf[before.FixedBy]) {
		h.rt.Fatalf("%s verified what %s fixed", who, before.FixedBy)
	}
	if before.DueAt != 0 && after.DueAt != before.DueAt && !slices.Contains([]cases.MoveName{cases.Agree, cases.Resume, cases.RecheckBad}, m.Move) {
		h.rt.Fatalf("%s moved the due instant from %d to %d", m.Move, before.DueAt, after.DueAt)
	}
	if after.State == cases.Closed && before.State != cases.Closed && m.Move != cases.Verify {
		h.rt.Fatalf("%s closed a case nobody verified", m.Move)
	}
}

var unitOf = map[string]string{"wang": "cg", "li": "cg", "zhao": "cg", "sun": "cg", "zhou": "sc", "wu": "sc"}

// check holds what must be true of every case at the end.
func (h *history) check() {
	dbtest.Read(h.t, h.db, func(tx *db.Tx) error {
		for _, id := range h.ids {
			k, err := cases.ByID(tx, id)
			if err != nil {
				return fmt.Errorf("a report is lost: %w", err)
			}
			h.checkCase(tx, k)
		}
		last, err := event.Last(tx)
		if err != nil {
			return err
		}
		all, err := event.Since(tx, 0, int(last)+1)
		if int64(len(all)) != last {
			h.rt.Fatalf("%d events, the last has number %d", len(all), last)
		}
		return err
	})
}

func (h *history) checkCase(tx *db.Tx, k cases.Case) {
	answers := k.State == cases.Assigned || k.State == cases.Accepted || k.State == cases.Blocked || k.State == cases.Fixed || k.State == cases.Closed
	if answers && (k.OwnerID == "" || k.DueAt == 0 || k.DueWhy.ZH == "" || len(k.Reasons) == 0) {
		h.rt.Fatalf("%s in %s: owner %q, due %d, why %q", k.No, k.State, k.OwnerID, k.DueAt, k.DueWhy.ZH)
	}
	if k.State == cases.Merged && k.MergedInto == "" {
		h.rt.Fatalf("%s is merged into nothing", k.No)
	}
	if (k.State == cases.Blocked) != (k.StoppedAt != 0) {
		h.rt.Fatalf("%s in %s with the clock stopped at %d", k.No, k.State, k.StoppedAt)
	}
	told, err := cases.Timeline(tx, h.as(tx, "boss"), k.ID)
	if err != nil || len(told) == 0 || told[0].Kind != "case.reported" {
		h.rt.Fatalf("%s: the history does not begin with the report (%v)", k.No, err)
	}
	for _, s := range told {
		if s.Said.ZH == "" || s.Said.EN == "" {
			h.rt.Fatalf("%s: event %d %s is not told", k.No, s.Seq, s.Kind)
		}
	}
}
