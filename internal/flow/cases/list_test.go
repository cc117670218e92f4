package cases_test

import (
	"slices"
	"testing"
	"time"

	"chuangwei/internal/flow/cases"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/db/dbtest"
)

// TestAListIsWhatItsReaderMaySee compares pages with every case one by one.
func TestAListIsWhatItsReaderMaySee(t *testing.T) {
	c := newCounty(t)
	for i := range 24 {
		who := []string{"wang", "li", "inspector", "zhou"}[i%4]
		c.report(who, func(in *cases.Report) {
			in.Point.Lon = 103.02 + float64(i%5)*0.04
			if i%3 == 0 {
				in.Place, in.Kind = "MKT234", ""
			}
		})
		if i%2 == 0 {
			c.clock.Add(time.Minute)
		}
	}
	for _, who := range []string{"boss", "chief", "wang", "li", "sun", "zhou", "inspector"} {
		for _, f := range []cases.Filter{{}, {Mine: "finder"}, {Mine: "owner"}, {Mine: "area"}, {Mine: "unit"}, {Flags: []string{"triage"}}, {Kind: "env.exposed-waste", ByDue: true}} {
			dbtest.Read(t, c.db, func(tx *db.Tx) error {
				actor := c.as(tx, who)
				f.Limit = 200
				all, err := cases.List(tx, c.as(tx, "boss"), cases.Filter{States: f.States, Flags: f.Flags, Kind: f.Kind, ByDue: f.ByDue, Limit: 200})
				if err != nil {
					return err
				}
				var want []string
				for _, x := range all.Items {
					if cases.MaySee(actor, x) && (f.Mine == "" || f.Mine == "finder" && x.FinderID == who || f.Mine == "owner" && x.OwnerID == who) {
						want = append(want, x.ID)
					}
				}
				var got []string
				f.Limit = 3
				for first := true; first || f.After != ""; first = false {
					p, err := cases.List(tx, actor, f)
					if err != nil {
						return err
					}
					if first && f.Mine != "area" && f.Mine != "unit" && p.Total != len(want) {
						t.Errorf("%s %+v: total %d of %d", who, f, p.Total, len(want))
					}
					for _, x := range p.Items {
						if got = append(got, x.ID); !cases.MaySee(actor, x) {
							t.Errorf("%s %+v sees %s", who, f, x.ID)
						}
					}
					f.After = p.Next
				}
				if f.Mine != "area" && f.Mine != "unit" && !slices.Equal(got, want) {
					t.Errorf("%s %+v: %v, want %v", who, f, got, want)
				}
				return nil
			})
		}
	}
}
