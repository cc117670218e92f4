package assess_test

import (
	"fmt"
	"strings"
	"testing"

	"chuangwei/internal/campaign/assess"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/standard"
	"chuangwei/internal/register/standard/pack"
)

func (c *county) again(round string) (r assess.Recount) {
	c.t.Helper()
	c.read(func(tx *db.Tx) (err error) { r, err = assess.CountAgain(tx, c.as(tx, "boss"), round); return err })
	return r
}

func TestAFrozenRoundCountsTheSameWhateverHappensLater(t *testing.T) {
	c := newCounty(t)
	c.figure("county-2021", "satisfaction", "81", "2026-11-01")
	r := c.begun(plan("county-2021"))
	c.see(r.ID, "in", "MKT012", assess.Finding{Check: "market-4", Times: 3})
	c.judge(r.ID, "in", assess.Mark{What: assess.OnPaper, Ref: "1.1", Value: assess.Missing}, assess.Mark{What: assess.OnLine, Ref: "4-source-f", Value: assess.Absent, Note: "水源地不在县内"})
	done := c.finish(r.ID)
	before := c.result(r.ID)
	if got := c.again(r.ID); !got.Kept || !got.Same || got.Score != done.Score || got.Sum != done.Sum {
		t.Fatalf("%+v", got)
	}
	c.clock.Set(monday.AddDate(3, 0, 0))
	c.figure("county-2021", "satisfaction", "99", "2026-11-24")
	c.write(func(tx *db.Tx) error {
		for _, e := range []pack.Edit{{Sheet: "scoring-line", Line: "3-market-f", Cells: map[string]string{"each": "1"}}, {Sheet: "scoring-line", Line: "1-p", Cells: map[string]string{"each": "5"}}} {
			if err := standard.Correct(tx, org.System, standard.Correction{ID: c.next("edit"), Pack: "county-2021", Edit: e, Source: "三年后的新标准"}); err != nil {
				return err
			}
		}
		_, err := tx.Exec(`UPDATE places SET name = '改了名', area_id = 'east' WHERE id = 'market-12'`)
		return err
	})
	if got := c.again(r.ID); !got.Kept || !got.Same || got.Score != done.Score {
		t.Errorf("three years later %+v, was %v", got, done.Score)
	}
	after := c.result(r.ID)
	if fmt.Sprint(after.Chapters) != fmt.Sprint(before.Chapters) || fmt.Sprint(after.Losses) != fmt.Sprint(before.Losses) || after.Book.Spots[0] != before.Book.Spots[0] {
		t.Error("the explanation has changed")
	}
	c.read(func(tx *db.Tx) error {
		list, err := event.Of(tx, r.ID)
		if last := list[len(list)-1]; last.Kind != "round.finished" || !strings.Contains(string(last.Body), done.Sum) {
			t.Errorf("the log does not tell the sum: %s", last.Body)
		}
		return err
	})
}

func TestAForgedFrozenRoundIsFound(t *testing.T) {
	c := newCounty(t)
	r := c.begun(plan("county-2021"))
	c.judge(r.ID, "in", assess.Mark{What: assess.OnPaper, Ref: "1.1", Value: assess.Missing})
	c.finish(r.ID)
	for name, forge := range map[string][2]string{"a finding struck out": {`"missing":[{"id":"1.1","requirement":"1.1"}]`, `"missing":[]`}, "a line's points": {"points: 17", "points: 18"}} {
		var text string
		c.write(func(tx *db.Tx) (err error) {
			if text, err = db.Value[string](tx, `SELECT frozen FROM rounds WHERE id = $1`, r.ID); err != nil {
				return err
			}
			_, err = tx.Exec(`UPDATE rounds SET frozen = $2 WHERE id = $1`, r.ID, strings.Replace(text, forge[0], forge[1], 1))
			return err
		})
		if got := c.again(r.ID); got.Kept || got.Same || !strings.Contains(text, forge[0]) {
			t.Errorf("%s: %+v", name, got)
		}
		c.write(func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE rounds SET frozen = $2 WHERE id = $1`, r.ID, text)
			return err
		})
	}
}

func TestAFinishedRoundTakesNothingMore(t *testing.T) {
	c := newCounty(t)
	r := c.begun(plan("county-2021"))
	err := c.try(func(tx *db.Tx) error { _, err := assess.Finish(tx, c.as(tx, "lead"), r.ID, false); return err })
	if fault.Code(err) != "round.open" {
		t.Errorf("with lines that nobody judged: %v", err)
	}
	c.finish(r.ID)
	for name, verb := range map[string]func(tx *db.Tx, who org.Actor) error{
		"a visit": func(tx *db.Tx, who org.Actor) error {
			_, err := assess.See(tx, who, assess.Visit{ID: "v", Round: r.ID, Expert: "in", Place: "ROAD01"})
			return err
		},
		"places": func(tx *db.Tx, who org.Actor) error {
			_, err := assess.SetSpots(tx, who, r.ID, []string{"ROAD01"}, nil)
			return err
		},
		"a change": func(tx *db.Tx, who org.Actor) error {
			p := plan("county-2021")
			_, err := assess.Change(tx, who, p)
			return err
		},
		"an end": func(tx *db.Tx, who org.Actor) error { _, err := assess.Finish(tx, who, r.ID, true); return err },
	} {
		err := c.try(func(tx *db.Tx) error { return verb(tx, c.as(tx, "lead")) })
		if fault.Code(err) != "round.finished" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
