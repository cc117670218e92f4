package assess_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"chuangwei/internal/campaign/assess"
	"chuangwei/internal/flow/inspect"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
)

func (c *county) estimate() (s assess.Standing) {
	c.t.Helper()
	c.read(func(tx *db.Tx) (err error) { s, err = assess.Estimate(tx, c.as(tx, "boss"), "county-2021"); return err })
	return s
}

func part(t *testing.T, s assess.Standing, id string) assess.StandingLine {
	t.Helper()
	i := slices.IndexFunc(s.Lines, func(l assess.StandingLine) bool { return l.ID == id })
	if i < 0 {
		t.Fatalf("no line %s", id)
	}
	return s.Lines[i]
}

// look is an inspection of a market on which one line fails or none.
func (c *county) look(code string, bad bool) {
	c.t.Helper()
	line := inspect.Line{Line: "county-2021:market-4", Result: inspect.Good, How: inspect.Tap}
	if bad {
		line.Result = inspect.Bad
	}
	c.write(func(tx *db.Tx) error {
		_, err := inspect.Take(tx, c.as(tx, "boss"), inspect.Make{ID: c.next("look"), Place: code, Purpose: inspect.Round, Lines: []inspect.Line{line}})
		return err
	})
}

func TestWhatIsFoundLowersTheEstimateAndWhatIsFixedRaisesIt(t *testing.T) {
	c := newCounty(t)
	c.look("MKT012", false)
	c.look("MKT013", false)
	c.look("MKT014", false)
	clean := part(t, c.estimate(), "3-market-f")
	if clean.Looks != 3 || clean.NewestOn != "2026-11-23" || !strings.Contains(clean.Why.ZH, "看过3次") {
		t.Errorf("%+v", clean)
	}
	for range 3 {
		c.look("MKT012", true) // one case, seen again
	}
	dirty := part(t, c.estimate(), "3-market-f")
	if dirty.Expected >= clean.Expected || dirty.High > clean.High {
		t.Errorf("%v after a finding, %v before", dirty.Expected, clean.Expected)
	}
	c.write(func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE cases SET state = 'closed', closed_at = $1 WHERE channel = 'inspection'`, tx.Now())
		return err
	})
	if fixed := part(t, c.estimate(), "3-market-f"); fixed.Expected <= dirty.Expected {
		t.Errorf("%v after the fix, %v before", fixed.Expected, dirty.Expected)
	}
	c.clock.Add(70 * 24 * time.Hour)
	stale := part(t, c.estimate(), "3-market-f")
	if stale.High-stale.Low <= clean.High-clean.Low || stale.Expected >= clean.Expected {
		t.Errorf("seventy days later %v (%v–%v), fresh %v (%v–%v)", stale.Expected, stale.Low, stale.High, clean.Expected, clean.Low, clean.High)
	}
}

func TestARoundTeachesTheEstimateAndIsComparedWithIt(t *testing.T) {
	c := newCounty(t)
	for _, code := range []string{"MKT012", "MKT013", "ROAD01", "ROAD02"} {
		c.look(code, code == "MKT012")
	}
	unknown := part(t, c.estimate(), "1-p")
	if unknown.Looks != 0 || unknown.Of != 4 || unknown.High-unknown.Low < 4000 {
		t.Errorf("papers nobody knows of: %+v", unknown)
	}
	r := c.begun(plan("county-2021"))
	if r.Estimate == nil || r.Estimate.Expected < r.Estimate.Low || r.Estimate.Expected > r.Estimate.High || r.Estimate.Own <= 0 {
		t.Fatalf("%+v", r.Estimate)
	}
	for n := range 12 {
		c.see(r.ID, "in", "ROAD"+string([]byte{'0' + byte(n/10), '0' + byte(n%10)}), assess.Finding{Line: "10-f", Times: 9, Note: "乱"})
	}
	c.judge(r.ID, "in", assess.Mark{What: assess.OnPaper, Ref: "1.1", Value: assess.Missing}, assess.Mark{What: assess.OnPaper, Ref: "1.2", Value: assess.There})
	c.finish(r.ID)
	after := c.estimate()
	if after.Rounds != 1 || after.Strict <= 1.5 {
		t.Errorf("experts found far more than expected, and are thought %.2f times as strict from %d rounds", after.Strict, after.Rounds)
	}
	if l := part(t, after, "1-p"); l.Looks != 4 || l.High-l.Low > unknown.High-unknown.Low || l.Expected > 13_500 {
		t.Errorf("one of four papers is known to be missing: %+v", l)
	}
	if l := part(t, after, "10-f"); l.Expected*100 > l.Points*68 {
		t.Errorf("108 breaches at 0.2 that nobody has settled leave a third less: %+v", l)
	}
}

func TestTheEstimateOfAPackWithoutASheetOrForAnybodyIsRefused(t *testing.T) {
	c := newCounty(t)
	c.read(func(tx *db.Tx) error {
		if _, err := assess.Estimate(tx, c.as(tx, "boss"), "vector-c"); fault.Code(err) != "round.no_sheet" {
			t.Errorf("a pack without a sheet: %v", err)
		}
		if _, err := assess.Estimate(tx, c.as(tx, "cadre"), "county-2021"); !fault.Is(err, fault.Denied) {
			t.Errorf("anybody: %v", err)
		}
		return nil
	})
}

func TestAVetoByTheFiguresLeavesNoChance(t *testing.T) {
	c := newCounty(t)
	c.figure("county-2021", "satisfaction", "89.9", "2026-11-01")
	if s := c.estimate(); s.Chance != 0 || len(s.Fallen) != 1 || s.Fallen[0].ID != "satisfaction" {
		t.Errorf("%d%%, %+v", s.Chance, s.Fallen)
	}
}
