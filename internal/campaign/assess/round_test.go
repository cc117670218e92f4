package assess_test

import (
	"slices"
	"strings"
	"testing"

	"chuangwei/internal/campaign/assess"
	"chuangwei/internal/campaign/assess/book"
	"chuangwei/internal/flow/cases"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/org"
)

func TestASampleIsDrawnBySealedSeedAndCanBeDrawnAgain(t *testing.T) {
	c := newCounty(t)
	r := c.begun(plan("county-2021"))
	c.read(func(tx *db.Tx) error {
		spots, err := assess.Spots(tx, r.ID)
		kinds := map[string]int{}
		for _, s := range spots {
			kinds[s.Kind]++
		}
		if kinds["road"] != 6 || kinds["market"] != 1 || kinds["catering"] != 2 {
			t.Errorf("%v", kinds)
		}
		list, err2 := event.Of(tx, r.ID)
		if list[0].Kind != "round.planned" || !strings.Contains(string(list[0].Body), r.Seal) || strings.Contains(string(list[0].Body), r.Seed) || list[1].Kind != "round.drawn" {
			t.Errorf("the seed was not sealed first: %s", list[0].Body)
		}
		same, err3 := assess.Redraw(tx, r)
		if !same {
			t.Error("drawing again gives something else")
		}
		r.Seed += "0"
		if forged, _ := assess.Redraw(tx, r); forged {
			t.Error("another seed passes")
		}
		for _, e := range []error{err, err2, err3} {
			if e != nil {
				return e
			}
		}
		return nil
	})
	err := c.try(func(tx *db.Tx) error { _, err := assess.Begin(tx, c.as(tx, "lead"), r.ID, true); return err })
	if fault.Code(err) != "round.begun" {
		t.Errorf("a second draw: %v", err)
	}
}

func TestTheSeedStaysSealedUntilTheDraw(t *testing.T) {
	c := newCounty(t)
	c.write(func(tx *db.Tx) error {
		_, err := assess.Make(tx, c.as(tx, "lead"), plan("county-2021"))
		return err
	})
	c.read(func(tx *db.Tx) error {
		r, err := assess.Get(tx, c.as(tx, "boss"), "round-1")
		if r.Seed != "" || len(r.Seal) != 64 {
			t.Errorf("seed %q, seal %q", r.Seed, r.Seal)
		}
		return err
	})
}

func TestAllFourStylesAreJudgedOnOneSheetAndEveryLossTellsItsReason(t *testing.T) {
	c := newCounty(t)
	photo := c.photo()
	c.figure("county-2021", "satisfaction", "81", "2026-11-01")
	r := c.begun(plan("county-2021"))
	c.see(r.ID, "in", "MKT012", assess.Finding{Check: "market-4", Times: 3, Note: "东门", Photos: []string{photo}}, assess.Finding{Line: "3-market-f", Times: 1, Note: "活禽区无隔离"})
	c.see(r.ID, "out", "ROAD01", assess.Finding{Line: "10-f", Times: 1, Note: "窨井盖破损"})
	c.judge(r.ID, "in", assess.Mark{What: assess.OnPaper, Ref: "1.1", Value: assess.Missing, Note: "没有会议纪要"}, assess.Mark{What: assess.OnPaper, Ref: "1.2", Value: assess.There},
		assess.Mark{What: assess.OnLine, Ref: "4-source-f", Value: assess.Absent, Note: "水源地不在县内"}, assess.Mark{What: assess.OnVeto, Ref: "tobacco-ad", Value: assess.Fallen, Note: "汽车站灯箱"})
	o := c.result(r.ID)
	for id, want := range map[string][2]string{
		"3-market-f": {"40.2", "scored"}, "10-f": {"63.8", "scored"}, "1-p": {"12.7", "scored"}, "5-d": {"3.6", "scored"}, "4-source-f": {"0", "absent"}, "13-f": {"0", "open"}, "2-p": {"0", "open"},
	} {
		if score, state := line(t, o, id); score != want[0] || state != want[1] {
			t.Errorf("%s has %s, %s; want %v", id, score, state, want)
		}
	}
	by := map[string]book.Loss{}
	for _, l := range o.Losses {
		by[l.Line+"/"+l.Requirement+l.PlaceID] = l
	}
	if got := by["1-p/1.1"]; got.Note != "没有会议纪要" || got.UnitID != "aw" || got.Kind != "paper.missing" || got.Points.String() != "4.3" {
		t.Errorf("%+v", got)
	}
	if got := by["10-f/road-1"]; got.AreaID != "west" || got.UnitID != "cg" || got.Points != 200 {
		t.Errorf("%+v", got)
	}
	market := slices.DeleteFunc(slices.Clone(o.Losses), func(l book.Loss) bool { return l.Line != "3-market-f" })
	if len(market) != 2 || market[0].Points+market[1].Points != 800 || !slices.ContainsFunc(market, func(l book.Loss) bool {
		return l.Times == 3 && slices.Equal(l.Photos, []string{photo}) && l.Kind != "" && l.Points == 600
	}) {
		t.Errorf("%+v", market)
	}
	if o.Verdict != "failed" || !slices.ContainsFunc(o.Losses, func(l book.Loss) bool { return l.Style == "veto" && l.Note == "汽车站灯箱" }) {
		t.Errorf("%s %+v", o.Verdict, o.Vetoes)
	}
	for _, a := range o.Areas {
		if a.ID == "west" && (a.Looked != 1 || a.Losses != 1) {
			t.Errorf("%+v", a)
		}
	}
}

func TestBandsAreJudgedWithPointsWithinThem(t *testing.T) {
	c := newCounty(t)
	r := c.begun(plan("secret-visit-1000"))
	c.judge(r.ID, "in", assess.Mark{What: assess.OnLine, Ref: "1-look", Value: "fair", Points: new(assess.Milli(16500))}, assess.Mark{What: assess.OnLine, Ref: "1-lanes", Value: "good"})
	o := c.result(r.ID)
	if score, _ := line(t, o, "1-look"); score != "16.5" {
		t.Errorf("%s points", score)
	}
	if i := slices.IndexFunc(o.Losses, func(l book.Loss) bool { return l.Line == "1-look" }); i < 0 || o.Losses[i].Points.String() != "3.5" {
		t.Errorf("%+v", o.Losses)
	}
	for _, m := range []assess.Mark{{What: assess.OnLine, Ref: "1-look", Value: "seen"}, {What: assess.OnLine, Ref: "1-look", Value: "good", Points: new(assess.Milli(1))}, {What: assess.OnLine, Ref: "nix", Value: "seen"},
		{What: assess.OnPaper, Ref: "1-look.1", Value: "missing"}, {What: "x", Ref: "1-look", Value: "good"}, {What: assess.OnLine, Ref: "3-main", Value: assess.Absent}} {
		err := c.try(func(tx *db.Tx) error {
			_, err := assess.Judge(tx, c.as(tx, "lead"), assess.Judgement{Round: r.ID, Expert: "in", Marks: []assess.Mark{m}})
			return err
		})
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%+v: %v", m, err)
		}
	}
}

func TestAnExpertFillsInTheirOwnSheetAndNobodyElsesBut(t *testing.T) {
	c := newCounty(t)
	r := c.begun(plan("county-2021"))
	for _, x := range []struct {
		who, expert string
		want        fault.Kind
	}{{"expert", "in", 0}, {"expert", "out", fault.Denied}, {"cadre", "in", fault.NotFound}, {"boss", "in", fault.Denied}, {"lead", "out", 0}, {"lead", "nobody", fault.NotFound}} {
		err := c.try(func(tx *db.Tx) error {
			_, err := assess.See(tx, c.as(tx, x.who), assess.Visit{ID: c.next("v"), Round: r.ID, Expert: x.expert, Place: "ROAD02"})
			return err
		})
		if x.want == 0 && err != nil || x.want != 0 && !fault.Is(err, x.want) {
			t.Errorf("%s fills in %s: %v", x.who, x.expert, err)
		}
	}
	c.read(func(tx *db.Tx) error {
		mine, list, err := assess.Mine(tx, c.as(tx, "expert"))
		if len(list) != 1 || !slices.Equal(mine[r.ID], []string{"in"}) {
			t.Errorf("%v %v", mine, list)
		}
		if _, other, _ := assess.Mine(tx, c.as(tx, "lead")); len(other) != 0 {
			t.Errorf("%v", other)
		}
		if _, err := assess.List(tx, org.Resident); !fault.Is(err, fault.Denied) {
			t.Errorf("a resident: %v", err)
		}
		return err
	})
}

func TestAnExpertWithASignInNeedsNoNameTyped(t *testing.T) {
	c := newCounty(t)
	p := plan("county-2021")
	p.Experts = []assess.Expert{{PersonID: "expert"}, {Name: "外请"}}
	c.write(func(tx *db.Tx) error {
		r, err := assess.Make(tx, c.as(tx, "lead"), p)
		if err == nil && (r.Experts[0].Name != "expert" || r.Experts[0].ID == r.Experts[1].ID) {
			t.Errorf("%+v", r.Experts)
		}
		return err
	})
	p.ID, p.Experts = "round-2", []assess.Expert{{PersonID: "expert"}, {PersonID: "expert", Name: "again"}}
	if err := c.try(func(tx *db.Tx) error { _, err := assess.Make(tx, c.as(tx, "lead"), p); return err }); !fault.Is(err, fault.Invalid) {
		t.Errorf("the same person twice: %v", err)
	}
}

func TestALaterMarkReplacesAnEarlierOneWhateverArrivesFirst(t *testing.T) {
	c := newCounty(t)
	r := c.begun(plan("county-2021"))
	now := c.clock.Now().UnixMilli()
	for _, m := range []struct {
		value string
		at    int64
	}{{assess.There, now - 1000}, {assess.Missing, now - 5000}} {
		c.write(func(tx *db.Tx) error {
			_, err := assess.Judge(tx, c.as(tx, "lead"), assess.Judgement{Round: r.ID, Expert: "in", MadeAt: m.at, Marks: []assess.Mark{{What: assess.OnPaper, Ref: "1.1", Value: m.value}}})
			return err
		})
	}
	if score, _ := line(t, c.result(r.ID), "1-p"); score != "17" {
		t.Errorf("%s points: the earlier mark won", score)
	}
}

func TestAWithdrawnFindingCostsNothingAndStaysOnRecord(t *testing.T) {
	c := newCounty(t)
	r := c.begun(plan("county-2021"))
	c.see(r.ID, "in", "ROAD01", assess.Finding{Line: "10-f", Times: 2, Note: "乱停车"})
	id := c.result(r.ID).Losses[0].ID
	withdraw := func(why string) error {
		return c.try(func(tx *db.Tx) error {
			_, err := assess.Withdraw(tx, c.as(tx, "expert"), r.ID, id, why)
			return err
		})
	}
	if err := withdraw(" "); !fault.Is(err, fault.Invalid) {
		t.Errorf("without a reason: %v", err)
	}
	if err := withdraw("看错了路段"); err != nil {
		t.Fatal(err)
	}
	if o := c.result(r.ID); len(o.Losses) != 0 {
		t.Errorf("%+v", o.Losses)
	}
	c.read(func(tx *db.Tx) error {
		list, err := assess.Findings(tx, r.ID)
		if len(list) != 1 || list[0].Why != "看错了路段" {
			t.Errorf("%+v", list)
		}
		return err
	})
}

func TestEveryLossEndsAsOneCaseALinkOrAReason(t *testing.T) {
	c := newCounty(t)
	r := c.begun(plan("county-2021"))
	c.see(r.ID, "in", "MKT012", assess.Finding{Check: "market-4", Times: 1}, assess.Finding{Check: "market-4", Times: 2, Note: "北门也有"})
	c.see(r.ID, "in", "ROAD01", assess.Finding{Line: "10-f", Times: 1, Note: "占道施工无围挡"})
	c.judge(r.ID, "in", assess.Mark{What: assess.OnPaper, Ref: "1.1", Value: assess.Missing}, assess.Mark{What: assess.OnPaper, Ref: "1.2", Value: assess.Missing})
	c.finish(r.ID)
	debts := func() (list []assess.Debt) {
		c.read(func(tx *db.Tx) (err error) { _, list, err = assess.Debts(tx, c.as(tx, "lead"), r.ID); return err })
		return list
	}
	list := debts()
	if len(list) != 5 {
		t.Fatalf("%d losses", len(list))
	}
	var choices []assess.Choice
	for _, d := range list {
		if d.Plan.Foreseen.OwnerID == "" || d.Plan.Foreseen.DueAt == 0 {
			t.Errorf("%s has no proposal: %+v", d.Text.ZH, d.Plan)
		}
		choice := assess.Choice{Loss: d.ID, Outcome: assess.AsCase}
		switch {
		case d.Requirement == "1.1":
			choice.Owner, choice.DueOn = "zhou", "2026-12-24"
		case d.Line == "10-f":
			choice.Outcome, choice.Reason = assess.AsNone, "已在上周关闭的工程内"
		}
		choices = append(choices, choice)
	}
	settle := func() error {
		return c.try(func(tx *db.Tx) error { _, err := assess.Settle(tx, c.as(tx, "lead"), r.ID, choices); return err })
	}
	for range 2 { // the second time changes nothing
		if err := settle(); err != nil {
			t.Fatal(err)
		}
		var n int
		c.read(func(tx *db.Tx) (err error) { n, err = db.Value[int](tx, `SELECT count(*) FROM cases`); return err })
		if n != 3 {
			t.Fatalf("%d cases; two findings of one kind at one place share one", n)
		}
	}
	list = debts()
	outcomes := map[string]int{}
	for _, d := range list {
		outcomes[d.Settled.Outcome]++
		if d.Requirement == "1.1" && (d.Case.OwnerID != "zhou" || !strings.Contains(d.Case.DueWhy.ZH, "2026-12-24")) {
			t.Errorf("%+v", d.Case)
		}
		if d.Requirement == "1.2" && d.Case.OwnerID != "ai" {
			t.Errorf("the unit that leads the clause: %+v", d.Case)
		}
	}
	if outcomes[assess.AsCase] != 3 || outcomes[assess.AsLinked] != 1 || outcomes[assess.AsNone] != 1 {
		t.Errorf("%v", outcomes)
	}
	if far := assess.Far(list); far != (assess.Progress{Losses: 5, Settled: 5, None: 1, Open: 4}) {
		t.Errorf("%+v", far)
	}
	c.write(func(tx *db.Tx) error {
		i := slices.IndexFunc(list, func(d assess.Debt) bool { return d.Requirement == "1.2" })
		if _, err := cases.Do(tx, c.as(tx, "ai"), cases.Move{Case: list[i].Case.ID, Move: cases.Fix}); err != nil {
			return err
		}
		return nil
	})
	if far := assess.Far(debts()); far.Fixed != 1 || far.Open != 3 {
		t.Errorf("%+v", far)
	}
	err := c.try(func(tx *db.Tx) error { _, err := assess.Settle(tx, c.as(tx, "boss"), r.ID, choices); return err })
	if !fault.Is(err, fault.Denied) {
		t.Errorf("who may not dispatch: %v", err)
	}
}
