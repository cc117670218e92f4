package roster_test

import (
	"slices"
	"testing"
)

func TestARepairGoesOverWhatSomebodyHasChangedAgainstARule(t *testing.T) {
	c := planned(t)
	for _, on := range []string{"2026-12-07", "2026-12-09", "2026-12-11", "2026-12-13"} {
		c.burden("u1p1", on)
	}
	if c.breaks() == 0 {
		t.Fatal("four duties in a week break no rule")
	}
	if r := c.search(c.get().Rules, "repair", "2026-12-01"); r.Run.State != "found" {
		t.Fatalf("the repair ended %+v", r.Run)
	}
	c.keep()
	if f := c.share(); f.Breaks != 0 {
		t.Errorf("kept, %d rules stay broken: %v", f.Breaks, f.Broken)
	}
	c.publish(firstDay, lastDay)
	if f := c.share(); f.Breaks != 0 || f.Unpublished != 0 {
		t.Errorf("published, %d rules stay broken, %d seats differ: %v", f.Breaks, f.Unpublished, f.Broken)
	}
}

// burden has a planner send somebody on a day in the place of the last of a
// crew, unless they serve already.
func (c *county) burden(id, on string) {
	c.t.Helper()
	duties := c.duties()
	for _, d := range duties {
		if d.OnDay == on && slices.Contains(d.Crew(), id) {
			return
		}
	}
	for _, key := range sortedIDs(duties) {
		if d := duties[key]; d.OnDay == on {
			crew := d.Crew()
			k := slices.IndexFunc(crew, func(x string) bool { return x != d.LeaderID })
			crew[k] = id
			c.man(d, crew)
			return
		}
	}
}
