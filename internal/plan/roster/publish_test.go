package roster_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"chuangwei/internal/flow/duty"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/db/dbtest"
	"chuangwei/internal/kit/job"
	"chuangwei/internal/plan/roster"
	"chuangwei/internal/register/org"
)

// planned is a county with a plan that is kept and published.
func planned(t *testing.T) *county {
	c := newCounty(t)
	c.made()
	c.search(rules(), "new", "")
	c.keep()
	c.publish(firstDay, lastDay)
	return c
}

// duties are those of the roster by id, called off or not.
func (c *county) duties() map[string]duty.Duty {
	c.t.Helper()
	out := map[string]duty.Duty{}
	dbtest.Read(c.t, c.db, func(tx *db.Tx) error {
		list, err := duty.Of(tx, "r")
		for _, d := range list {
			out[d.ID] = d
		}
		return err
	})
	return out
}

// change has a planner put others, who have few duties that week, in the place
// of a crew that its leader leads.
func (c *county) change(d duty.Duty) duty.Duty {
	c.t.Helper()
	day, week := map[string]bool{}, map[string]int{}
	for _, other := range c.duties() {
		for _, id := range other.Crew() {
			if (other.OnDay >= secondWeek) == (d.OnDay >= secondWeek) {
				week[id]++
			}
		}
		if other.OnDay >= calendarDay(d.OnDay, -1) && other.OnDay <= calendarDay(d.OnDay, 1) {
			for _, id := range other.Crew() {
				day[id] = true
			}
		}
	}
	crew := slices.DeleteFunc(d.Crew(), func(id string) bool { return id != d.LeaderID })
	for u := range 6 {
		for p := range 10 {
			if id := fmt.Sprintf("u%dp%d", u, p); !day[id] && week[id] < rules().PerWeek && len(crew) < len(d.People) {
				crew = append(crew, id)
			}
		}
	}
	return c.man(d, crew)
}

// man has a planner give a duty a crew.
func (c *county) man(d duty.Duty, crew []string) (out duty.Duty) {
	c.t.Helper()
	c.must(c.try("u0p0", func(tx *db.Tx, who org.Actor) (err error) {
		from, to := clock(d.FromAt), clock(d.ToAt)
		out, err = duty.Change(tx, who, duty.Draft{ID: d.ID, Kind: d.Kind, Name: d.Name, Area: d.AreaID, Place: d.PlaceID, On: d.OnDay, From: from, To: to, Size: d.Size, Leader: d.LeaderID, People: crew, Note: "带雨衣"})
		return err
	}))
	return out
}

func TestAPlanMadeAnewIsPublishedWholly(t *testing.T) {
	c := planned(t)
	for seed := range uint64(4) {
		in := rules()
		in.Shifts[1].From = []string{"12:30", "13:00"}[seed%2]
		c.must(c.try("u0p0", func(tx *db.Tx, who org.Actor) error {
			_, err := roster.Try(tx, who, "r", roster.Search{Rules: in, Mode: "new", Seconds: 1, Seed: 10 + seed})
			return err
		}))
		c.solve()
		c.keep()
		c.publish(firstDay, lastDay)
		want := map[string]int{}
		for _, s := range c.get().Plan.Squads {
			parts := strings.Split(s.Key, "/")
			want[parts[0]+parts[2]+parts[3]+fmt.Sprint(s.People)] = 1
		}
		standing := 0
		for _, d := range c.duties() {
			if d.CancelledAt == 0 {
				standing++
				if key := d.AreaID + d.OnDay + time.UnixMilli(d.FromAt).In(monday.Location()).Format("1504") + fmt.Sprint(d.Crew()); want[key] != 1 {
					t.Errorf("seed %d: %s is not as planned", seed, key)
				}
			}
		}
		if standing != len(want) {
			t.Errorf("seed %d: %d duties of %d squads", seed, standing, len(want))
		}
	}
}

func TestPublishingLeavesWhatPeopleChanged(t *testing.T) {
	c := planned(t)
	var swapped, stopped duty.Duty
	for _, d := range c.duties() {
		switch {
		case d.OnDay == "2026-12-04" && swapped.ID == "":
			swapped = c.change(d)
		case d.OnDay == "2026-12-07" && stopped.ID == "":
			stopped = d
			c.must(c.try("u0p0", func(tx *db.Tx, who org.Actor) error {
				_, err := duty.Cancel(tx, who, d.ID, "暴雨")
				return err
			}))
		}
	}
	check := func(when string) {
		t.Helper()
		after := c.duties()
		if d := after[swapped.ID]; !slices.Equal(d.Crew(), swapped.Crew()) || d.Note != swapped.Note {
			t.Errorf("%s: the crew changed by hand is %v (%q), was %v", when, d.Crew(), d.Note, swapped.Crew())
		}
		if d := after[stopped.ID]; d.CancelledAt == 0 || d.Note != "暴雨" {
			t.Errorf("%s: what was called off for the storm came back: %+v", when, d)
		}
	}
	if p := c.publish(firstDay, lastDay); p.Changed+p.Made+p.Cancelled != 0 {
		t.Errorf("the same plan again did %+v", p)
	}
	check("published again")
	gone := c.duties()[swapped.ID].Crew()[0]
	c.write(func(tx *db.Tx) error {
		return org.AddLeave(tx, org.System, org.Leave{ID: "l", PersonID: gone, FromOn: "2026-12-09", ToOn: "2026-12-12"})
	})
	r := c.search(c.get().Rules, "repair", "2026-12-01")
	if r.Run.State != "found" {
		t.Fatalf("the repair ended %+v", r.Run)
	}
	c.keep()
	c.publish(firstDay, lastDay)
	check("repaired and published")
	for _, s := range c.get().Plan.Squads {
		if strings.Contains(s.Key, "2026-12-07") && strings.HasPrefix(s.Key, stopped.AreaID+"/") && strings.HasSuffix(s.Key, time.UnixMilli(stopped.FromAt).In(monday.Location()).Format("1504")) {
			t.Errorf("the plan still staffs %s, which was called off", s.Key)
		}
	}
}

func TestDutiesElsewhereCountForTheOfficeAndTheWeek(t *testing.T) {
	c := newCounty(t)
	c.made()
	market := []string{"u2p1", "u2p2", "u2p3"}
	for _, on := range []string{"2026-12-02", "2026-12-04"} {
		c.must(c.try("u0p0", func(tx *db.Tx, who org.Actor) error {
			_, err := duty.Plan(tx, who, duty.Draft{ID: "m" + on, Kind: "market", Area: "a0", On: on, From: 480, To: 720, Leader: "u2p1", People: market})
			return err
		}))
	}
	in := rules()
	in.Presence, in.PerWeek, in.Presences = 50, 3, map[string]int{"u2": 60}
	if r := c.search(in, "new", ""); r.Run.State != "found" {
		t.Fatalf("the search ended %+v", r.Run)
	}
	away, week := map[string]int{}, map[string]int{}
	for _, s := range c.get().Trial.Squads {
		on := strings.Split(s.Key, "/")[2]
		for _, id := range s.People {
			if strings.HasPrefix(id, "u2") {
				away[on]++
			}
			if on < "2026-12-07" {
				week[id]++
			}
		}
	}
	for _, on := range []string{"2026-12-02", "2026-12-04"} {
		if away[on] > 1 {
			t.Errorf("%d of unit 2 serve on %s, where 3 of 10 are at the market and 6 stay", away[on], on)
		}
	}
	for _, id := range market {
		if week[id] > 1 {
			t.Errorf("%s has %d duties beside 2 at the market, of 3 a week", id, week[id])
		}
	}
	dbtest.Read(t, c.db, func(tx *db.Tx) error {
		f, err := roster.Share(tx, c.as(tx, "u0p0"), "r", true)
		for _, u := range f.Units {
			if u.Least < u.Needs {
				t.Errorf("%s falls to %d %%", u.Unit.Name, u.Least)
			}
		}
		return err
	})
}

func TestWhatHasBegunStaysWhenPlannedAnew(t *testing.T) {
	c := planned(t)
	before := map[string][]string{}
	for _, s := range c.get().Plan.Squads {
		before[s.Key] = s.People
	}
	c.clock.Set(time.Date(2026, 12, 3, 13, 0, 0, 0, monday.Location()))
	moved := 0
	for _, mode := range []string{"new", "repair"} {
		in := rules()
		in.Needs[0].Size = 3
		if r := c.search(in, mode, ""); r.Run.State != "found" {
			t.Fatalf("%s ended %+v", mode, r.Run)
		}
		for _, s := range c.get().Trial.Squads {
			parts := strings.Split(s.Key, "/")
			begun := parts[2]+parts[3] <= "2026-12-031300"
			if begun && !slices.Equal(s.People, before[s.Key]) {
				t.Errorf("%s: %s had begun with %v and is planned with %v", mode, s.Key, before[s.Key], s.People)
			}
			if !begun && !slices.Equal(s.People, before[s.Key]) {
				moved++
			}
		}
	}
	if moved == 0 {
		t.Error("nothing was planned anew")
	}
}

func TestASearchThatFailsSaysSo(t *testing.T) {
	c := newCounty(t)
	c.made()
	c.must(c.try("u0p0", func(tx *db.Tx, who org.Actor) error {
		_, err := roster.Try(tx, who, "r", roster.Search{Rules: rules(), Mode: "new", Seconds: 1})
		return err
	}))
	body, _ := json.Marshal(map[string]string{"roster": "r"})
	if err := roster.Solving(context.Background(), c.db, job.Job{ID: "j-77", Body: body, Tries: 9}); err == nil {
		t.Error("the failure is not told to whoever keeps the log")
	}
	run := c.get().Run
	if run.State != "failed" || len(run.Conflict) != 1 || !strings.Contains(run.Conflict[0].Said.ZH, "j-77") {
		t.Errorf("the person who waits sees %+v", run)
	}
	if err := roster.Solving(context.Background(), c.db, job.Job{ID: "j-77", Body: body, Tries: 10}); err != nil {
		t.Errorf("done again: %v", err)
	}
}

func TestASearchIsStoppedBySomebody(t *testing.T) {
	for _, mode := range []string{"new", "repair"} {
		c := planned(t)
		c.must(c.try("u0p0", func(tx *db.Tx, who org.Actor) error {
			_, err := roster.Try(tx, who, "r", roster.Search{Rules: rules(), Mode: mode, Seconds: 60})
			return err
		}))
		c.must(c.try("u0p0", func(tx *db.Tx, who org.Actor) error { _, err := roster.Halt(tx, who, "r"); return err }))
		began := time.Now()
		c.solve()
		if r := c.get(); r.Run.State != "found" || r.Trial == nil || time.Since(began) > 30*time.Second {
			t.Errorf("%s: stopped after %v: %+v", mode, time.Since(began), r.Run)
		}
	}
}

func TestARepairWithoutRoomSaysThatTheSettledLeavesNone(t *testing.T) {
	c := newCounty(t)
	c.must(c.try("u0p0", func(tx *db.Tx, who org.Actor) error {
		_, err := roster.Make(tx, who, roster.Roster{ID: "r", Name: "一周", FromOn: firstDay, ToOn: "2026-12-06"})
		return err
	}))
	c.search(rules(), "new", "")
	c.keep()
	in := rules()
	in.PerWeek = 1 // 18 leaders have led 36 squads until Saturday
	r := c.search(in, "repair", "2026-12-06")
	if r.Run.State != "failed" || len(r.Run.Conflict) != 1 || !strings.Contains(r.Run.Conflict[0].Said.ZH, "已经定下") {
		t.Errorf("the repair ended %+v", r.Run)
	}
}

func TestLoadsFillUpFromTheLowest(t *testing.T) {
	for _, x := range []struct {
		loads      []int
		more, want int
	}{
		{nil, 9, 0}, {[]int{5}, 0, 5}, {[]int{5}, 3, 8}, {[]int{0, 0}, 3, 2}, {[]int{0, 4}, 4, 4}, {[]int{0, 4}, 3, 3}, {[]int{4, 0}, 6, 5},
		{[]int{0, 0, 100}, 10, 5}, {[]int{3, 90, 1, 2}, 9, 5},
	} {
		if got := roster.Waterline(x.loads, x.more); got != x.want {
			t.Errorf("%v and %d more stand at %d, want %d", x.loads, x.more, got, x.want)
		}
	}
}

// share is what the page of the kept plan tells.
func (c *county) share() (f roster.Fairness) {
	c.t.Helper()
	dbtest.Read(c.t, c.db, func(tx *db.Tx) (err error) {
		f, err = roster.Share(tx, c.as(tx, "u0p0"), "r", false)
		return err
	})
	return f
}

func TestTheKeptPlanIsShownAsItWillBeServed(t *testing.T) {
	c := planned(t)
	var swapped duty.Duty
	for _, id := range sortedIDs(c.duties()) {
		if d := c.duties()[id]; d.OnDay == "2026-12-04" {
			swapped = c.change(d)
			break
		}
	}
	ill := c.onDuty("2026-12-09")[0]
	c.write(func(tx *db.Tx) error {
		return org.AddLeave(tx, org.System, org.Leave{ID: "l", PersonID: ill, FromOn: "2026-12-09", ToOn: "2026-12-09"})
	})
	if f := c.share(); f.Unpublished != 0 {
		t.Errorf("%d seats differ although all is published", f.Unpublished)
	}
	if r := c.search(c.get().Rules, "repair", "2026-12-01"); r.Run.State != "found" {
		t.Fatalf("the repair ended %+v", r.Run)
	}
	c.keep()
	if f := c.share(); f.Breaks != 0 || f.Unpublished == 0 {
		t.Errorf("kept and not published: %d rules are broken, %d seats differ: %v", f.Breaks, f.Unpublished, f.Broken)
	}
	shown := c.shown()
	c.publish(firstDay, lastDay)
	if f := c.share(); f.Breaks != 0 || f.Unpublished != 0 {
		t.Errorf("published: %d rules are broken, %d seats differ: %v", f.Breaks, f.Unpublished, f.Broken)
	}
	if after := c.shown(); fmt.Sprint(after) != fmt.Sprint(shown) {
		t.Error("publishing made other crews than were shown")
	}
	if slices.Contains(c.onDuty("2026-12-09"), ill) || !slices.Equal(c.duties()[swapped.ID].Crew(), swapped.Crew()) {
		t.Error("whoever is ill serves, or the change by hand is lost")
	}
}

// shown are the crews of the kept plan as the page shows them.
func (c *county) shown() map[string][]string {
	c.t.Helper()
	out := map[string][]string{}
	dbtest.Read(c.t, c.db, func(tx *db.Tx) error {
		list, err := roster.Show(tx, c.as(tx, "u0p0"), "r", firstDay, lastDay, false)
		for _, s := range list {
			out[s.Key] = slices.Sorted(slices.Values(s.People))
		}
		return err
	})
	return out
}

func TestSquadsWhoseTimeHasPassedAreNotPublished(t *testing.T) {
	c := newCounty(t)
	c.made()
	c.clock.Set(time.Date(2026, 12, 3, 13, 0, 0, 0, monday.Location())) // both shifts of the day have begun
	c.search(rules(), "new", "")
	c.keep()
	begun := 4 * 3 * 2
	if p := c.publish(firstDay, lastDay); p.Made != 14*3*2-begun {
		t.Errorf("published %+v", p)
	}
	for _, d := range c.duties() {
		if d.OnDay <= "2026-12-03" || len(d.People) == 0 {
			t.Errorf("%s on %s is a duty of %d people", d.Name, d.OnDay, len(d.People))
		}
	}
	if f := c.share(); f.Unpublished != 0 {
		t.Errorf("%d seats are said to wait", f.Unpublished)
	}
}

func TestABatchEndsTodayOrLater(t *testing.T) {
	c := newCounty(t)
	make := func(id, from, to string) error {
		return c.try("u0p0", func(tx *db.Tx, who org.Actor) error {
			_, err := roster.Make(tx, who, roster.Roster{ID: id, Name: "昨天", FromOn: from, ToOn: to})
			return err
		})
	}
	if f := asFault(make("past", "2026-11-20", "2026-11-22")); f == nil || len(f.Fields) != 1 || f.Fields[0].Name != "to_on" {
		t.Errorf("a batch of the past: %v", f)
	}
	c.must(make("today", "2026-11-20", "2026-11-23"))
}
