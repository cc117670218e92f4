package inspect_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"chuangwei/internal/flow/cases"
	"chuangwei/internal/flow/inspect"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/standard"
)

const (
	aisle  = "county-2021:market-4" // 通道畅通，摊外没有货物
	stalls = "county-2021:market-5"
	zoning = "county-2021:market-3"
)

func TestABadLineBecomesACaseOfThePlaceWithClauseKindOwnerAndDueDay(t *testing.T) {
	c := newCounty(t)
	photo := c.photo()
	i := c.take("inspector", inspect.Make{Lines: []inspect.Line{good(zoning), bad(aisle, "三处占道", photo), unseen(stalls)}, Note: "早市"})
	if i.Good != 1 || i.Bad != 1 || i.Unseen != 1 || i.Rest != 0 || i.Kind != "market" || i.AreaID != "west" || i.OnDay != "2026-11-23" {
		t.Errorf("%+v", i.Inspection)
	}
	l := i.Lines[1]
	k := c.caseOf(l.CaseID)
	if k.PlaceID != "market" || k.KindID != "market.aisle-blocked" || k.OwnerID != "zhou" || k.DueAt == 0 || k.State != cases.Assigned || k.Channel != inspect.Channel || k.FinderID != "inspector" {
		t.Errorf("%+v", k)
	}
	if !strings.Contains(k.Text, "通道畅通") || !strings.Contains(k.Text, "三处占道") || k.Thumb != photo || l.Clause != "county-2021:3-market" {
		t.Errorf("%q of clause %s with photo %s", k.Text, l.Clause, k.Thumb)
	}
	if i.Lines[0].CaseID != "" || i.Lines[2].CaseID != "" {
		t.Error("a line that did not fail made a case")
	}
	c.read(func(tx *db.Tx) error {
		clauses, err := inspect.ClausesOf(tx, k.ID)
		if !slices.Equal(clauses, []string{"county-2021:3-market"}) {
			t.Errorf("clauses %v", clauses)
		}
		from, err2 := inspect.From(tx, k.ID)
		told, err3 := event.Of(tx, i.ID)
		if from != i.ID || len(told) != 1 || told[0].Kind != "inspection.made" || !strings.Contains(string(told[0].Body), k.ID) {
			t.Errorf("from %s, told %+v", from, told)
		}
		return firstOf(err, err2, err3)
	})
}

func firstOf(list ...error) error {
	for _, err := range list {
		if err != nil {
			return err
		}
	}
	return nil
}

func TestALineStillOpenIsAddedToAndNotDoubled(t *testing.T) {
	c := newCounty(t)
	first := c.take("inspector", inspect.Make{Lines: []inspect.Line{bad(aisle, "")}}).Lines[0].CaseID
	c.clock.Add(24 * time.Hour)
	photo := c.photo()
	second := c.take("team", inspect.Make{Lines: []inspect.Line{bad(aisle, "还在", photo), bad(stalls, "")}})
	if second.Lines[0].CaseID != first || second.Lines[1].CaseID == first || second.Lines[1].CaseID == "" {
		t.Fatalf("%+v", second.Lines)
	}
	k := c.caseOf(first)
	c.read(func(tx *db.Tx) error {
		photos, err := cases.Photos(tx, first)
		said, err2 := cases.Timeline(tx, org.System, first)
		if last := said[len(said)-1]; len(photos) != 1 || photos[0].Sum != photo || last.Kind != "case.seen_again" || last.Note != "还在" || last.Said.ZH == "" {
			t.Errorf("%d photos, last step %+v", len(photos), last)
		}
		return firstOf(err, err2)
	})
	// closed, the same line again reopens it, for it came back within the kind's days
	for _, m := range []struct {
		who string
		cases.Move
	}{{"zhou", cases.Move{Move: cases.Fix, Photos: []string{c.photo()}}}, {"inspector", cases.Move{Move: cases.Verify}}} {
		m.Case = k.ID
		c.write(func(tx *db.Tx) error { _, err := cases.Do(tx, c.as(tx, m.who), m.Move); return err })
	}
	third := c.take("inspector", inspect.Make{Lines: []inspect.Line{bad(aisle, "又来了")}}).Lines[0].CaseID
	if k = c.caseOf(first); third != first || !k.State.Open() || k.Relapses != 1 {
		t.Errorf("case %s, the first is %s with %d relapses", third, k.State, k.Relapses)
	}
	// long after, it is a new one
	for _, m := range []struct {
		who string
		cases.Move
	}{{"zhou", cases.Move{Move: cases.Fix, Photos: []string{c.photo()}}}, {"inspector", cases.Move{Move: cases.Verify}}} {
		m.Case = first
		c.write(func(tx *db.Tx) error { _, err := cases.Do(tx, c.as(tx, m.who), m.Move); return err })
	}
	c.clock.Add(100 * 24 * time.Hour)
	if last := c.take("inspector", inspect.Make{Lines: []inspect.Line{bad(aisle, "")}}).Lines[0].CaseID; last == first || last == "" {
		t.Errorf("a hundred days later it is %s again", last)
	}
}

func TestTheRestCalledGoodByOneTapIsRecordedAsSuch(t *testing.T) {
	c := newCounty(t)
	i := c.take("inspector", inspect.Make{Lines: []inspect.Line{good(zoning), {Line: aisle, Result: inspect.Good, How: inspect.Rest}, {Line: stalls, Result: inspect.Good, How: inspect.Rest},
		{Line: "county-2021:market-11", Result: inspect.Absent, How: inspect.Tap}}})
	if i.Good != 3 || i.Rest != 2 || i.Absent != 1 || i.Lines[1].How != inspect.Rest || i.Lines[0].How != inspect.Tap {
		t.Errorf("%+v %+v", i.Inspection, i.Lines)
	}
}

func TestWhatIsNoInspectionIsRefused(t *testing.T) {
	c := newCounty(t)
	many := make([]inspect.Line, 201)
	for n := range many {
		many[n] = good(fmt.Sprint("county-2021:x-", n))
	}
	for name, in := range map[string]inspect.Make{
		"nothing looked at":          {Lines: []inspect.Line{unseen(aisle)}},
		"nothing at all":             {},
		"a line twice":               {Lines: []inspect.Line{good(aisle), bad(aisle, "")}},
		"too many":                   {Lines: many},
		"no such result":             {Lines: []inspect.Line{{Line: aisle, Result: "fine", How: inspect.Tap}}},
		"bad by the rest":            {Lines: []inspect.Line{{Line: aisle, Result: inspect.Bad, How: inspect.Rest}}},
		"a photo of what is good":    {Lines: []inspect.Line{{Line: aisle, Result: inspect.Good, How: inspect.Tap, Photos: []string{"x"}}}},
		"an unknown purpose":         {Purpose: "fun", Lines: []inspect.Line{good(aisle)}},
		"an unknown place":           {Place: "NOWHERE", Lines: []inspect.Line{good(aisle)}},
		"an unknown measure":         {Counts: []inspect.Count{{Measure: "vector-c:dragons", Found: 1, Base: 2}}},
		"a measure twice":            {Counts: []inspect.Count{{Measure: "vector-c:rat-indoor", Base: 2}, {Measure: "vector-c:rat-indoor", Base: 2}}},
		"more than looked at":        {Counts: []inspect.Count{{Measure: "vector-c:rat-indoor", Found: 3, Base: 2}}},
		"less than nothing":          {Counts: []inspect.Count{{Measure: "vector-c:rat-indoor", Found: -1, Base: 2}}},
		"a photo that never arrived": {Lines: []inspect.Line{bad(aisle, "", strings.Repeat("f", 64))}},
	} {
		if _, err := c.try("inspector", in); !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.NotFound) && fault.Code(err) != "photo.missing" {
			t.Errorf("%s: %v", name, err)
		}
	}
	for who, may := range map[string]bool{"inspector": true, "team": true, "wu": true, "zhou": true, "chief": true, "boss": true, "wang": false, "cadre": false} {
		_, err := c.try(who, inspect.Make{Lines: []inspect.Line{good(aisle)}})
		if (err == nil) != may || !may && fault.Code(err) != "denied.inspection.make" {
			t.Errorf("%s inspects the market: %v", who, err)
		}
	}
	if _, err := c.try("chief", inspect.Make{Place: "ROAD23", Lines: []inspect.Line{good("county-2021:road-1")}}); !fault.Is(err, fault.Denied) {
		t.Errorf("a chief inspects in another area: %v", err)
	}
}

func TestAnInspectionMadeOfflineOutlivesItsChecklist(t *testing.T) {
	c := newCounty(t)
	c.write(func(tx *db.Tx) error { return standard.Activate(tx, org.System, "county-2021", false) })
	i := c.take("inspector", inspect.Make{Lines: []inspect.Line{good(zoning), bad(aisle, "摊外有货")}, MadeAt: monday.Add(-20 * time.Hour).UnixMilli()})
	k := c.caseOf(i.Lines[1].CaseID)
	if i.OnDay != "2026-11-22" || k.State != cases.Reported || k.KindID != "" || !strings.Contains(k.Text, "摊外有货") {
		t.Errorf("on %s; %s %q %q", i.OnDay, k.State, k.KindID, k.Text)
	}
}

func TestTheChecklistIsThatOfAllActivePacks(t *testing.T) {
	c := newCounty(t)
	list := func() map[string]inspect.Checklist {
		out := map[string]inspect.Checklist{}
		c.read(func(tx *db.Tx) error {
			all, err := inspect.Checklists(tx)
			for _, l := range all {
				out[l.Name] = l
			}
			return err
		})
		return out
	}
	one := list()
	if m := one["农贸市场"]; m.Kind != "market" || len(m.Lines) != 15 || m.Lines[3].ID != aisle || m.Lines[3].Kind != "market.aisle-blocked" || len(m.Measures) == 0 {
		t.Errorf("%s has %d lines and %d measures", m.Kind, len(m.Lines), len(m.Measures))
	}
	if _, ok := one["银行网点"]; ok {
		t.Error("a kind of place that no pack knows has a checklist")
	}
	c.write(func(tx *db.Tx) error {
		return firstOf(standard.Activate(tx, org.System, "county-2010", true), standard.Activate(tx, org.System, "vector-c", false))
	})
	if m := list()["农贸市场"]; len(m.Lines) != 16 || len(m.Measures) != 0 || m.Lines[0].ID != "county-2010:market-1" {
		t.Errorf("%d lines and %d measures", len(m.Lines), len(m.Measures))
	}
}

func TestAListShowsWhatTheReaderMaySee(t *testing.T) {
	c := newCounty(t)
	for n := range 5 {
		c.clock.Add(time.Minute)
		c.take("inspector", inspect.Make{Place: []string{"MKT234", "ROAD21", "ROAD23"}[n%3], Lines: []inspect.Line{good("county-2021:any")}})
	}
	c.clock.Add(time.Minute)
	own := c.take("team", inspect.Make{Place: "ROAD23", Lines: []inspect.Line{bad("county-2021:any", "脏")}})
	for who, want := range map[string]int{"inspector": 6, "boss": 6, "chief": 4, "wu": 2, "zhou": 0, "cadre": 0, "team": 6} {
		c.read(func(tx *db.Tx) error {
			p, err := inspect.List(tx, c.as(tx, who), inspect.Filter{Limit: 50})
			if len(p.Items) != want || p.Total != want {
				t.Errorf("%s sees %d of %d, want %d", who, len(p.Items), p.Total, want)
			}
			_, err2 := inspect.Get(tx, c.as(tx, who), own.ID)
			if seen := err2 == nil; seen != (want == 6) {
				t.Errorf("%s opens the one in the east: %v", who, err2)
			}
			return err
		})
	}
	var got []string
	for after, more := "", true; more; more = after != "" {
		c.read(func(tx *db.Tx) error {
			p, err := inspect.List(tx, c.as(tx, "boss"), inspect.Filter{Limit: 2, After: after})
			for _, i := range p.Items {
				got = append(got, i.ID)
			}
			after = p.Next
			return err
		})
	}
	if len(got) != 6 || got[0] != own.ID || len(slices.Compact(slices.Sorted(slices.Values(got)))) != 6 {
		t.Errorf("pages give %v", got)
	}
	c.read(func(tx *db.Tx) error {
		p, err := inspect.List(tx, c.as(tx, "boss"), inspect.Filter{Limit: 9, Bad: true})
		if len(p.Items) != 1 || p.Items[0].ID != own.ID {
			t.Errorf("failed ones: %+v", p.Items)
		}
		return err
	})
}
