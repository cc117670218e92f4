package calendar_test

import (
	"strings"
	"testing"
	"time"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/db/dbtest"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"

	"pgregory.net/rapid"
)

func at(text string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, calendar.Zone)
	if err != nil {
		panic(err)
	}
	return t
}

func plain() *calendar.Calendar { return calendar.New(nil, nil) }

func TestDue(t *testing.T) {
	for _, c := range []struct {
		from string
		n    int
		unit calendar.Unit
		want string
		said string
	}{
		{"2026-11-23 09:00", 3, calendar.UrgentHour, "2026-11-23 12:00", "3紧急工作时"},
		{"2026-11-23 23:30", 3, calendar.UrgentHour, "2026-11-24 02:30", "3紧急工作时"},
		{"2026-11-23 11:00", 2, calendar.OfficeHour, "2026-11-23 15:30", "2工作时"},
		{"2026-11-23 17:30", 1, calendar.OfficeHour, "2026-11-24 09:00", "1工作时"},
		{"2026-11-27 17:30", 1, calendar.OfficeHour, "2026-11-30 09:00", "1工作时，周末不计"},
		{"2026-11-23 09:00", 1, calendar.WorkingDay, "2026-11-24 18:00", "1个工作日"},
		{"2026-11-27 09:00", 1, calendar.WorkingDay, "2026-11-30 18:00", "1个工作日，周末不计"},
		{"2026-11-28 09:00", 1, calendar.WorkingDay, "2026-11-30 18:00", "1个工作日，周末不计"},
		{"2026-09-30 09:00", 1, calendar.WorkingDay, "2026-10-08 18:00", "10月1日至7日国庆节不计"},
		{"2026-10-09 09:00", 1, calendar.WorkingDay, "2026-10-10 18:00", "1个工作日"}, // Saturday, made up
		{"2026-11-23 09:00", 2, calendar.CalendarDay, "2026-11-25 23:59", "2自然日"},
		{"2027-09-30 09:00", 1, calendar.WorkingDay, "2027-10-04 18:00", "2027年放假通知尚未发布"},
	} {
		due, why, err := plain().Due(at(c.from), calendar.Limit{N: c.n, Unit: c.unit})
		if err != nil {
			t.Fatal(err)
		}
		if got := due.In(calendar.Zone).Format("2006-01-02 15:04"); got != c.want || !strings.Contains(why.Text("zh"), c.said) {
			t.Errorf("%s + %d %s: got %s (%s), want %s (%s)", c.from, c.n, c.unit, got, why.Text("zh"), c.want, c.said)
		}
	}
	for _, l := range []calendar.Limit{{}, {N: -1, Unit: calendar.WorkingDay}, {N: 1, Unit: "fortnight"}} {
		if _, _, err := plain().Due(at("2026-11-23 09:00"), l); err == nil {
			t.Errorf("limit %v was taken", l)
		}
	}
}

func instants(t *rapid.T, name string) time.Time {
	return at("2025-01-01 00:00").Add(time.Duration(rapid.IntRange(0, 3*365*24*60).Draw(t, name)) * time.Minute)
}

func limits(t *rapid.T) calendar.Limit {
	units := []calendar.Unit{calendar.UrgentHour, calendar.OfficeHour, calendar.WorkingDay, calendar.CalendarDay}
	return calendar.Limit{N: rapid.IntRange(1, 40).Draw(t, "n"), Unit: rapid.SampledFrom(units).Draw(t, "unit")}
}

func TestDueNeverRunsBackwards(t *testing.T) {
	c := plain()
	due := func(from time.Time, l calendar.Limit) time.Time { d, _, _ := c.Due(from, l); return d }
	rapid.Check(t, func(t *rapid.T) {
		from, l := instants(t, "from"), limits(t)
		d := due(from, l)
		later := from.Add(time.Duration(rapid.IntRange(0, 5000).Draw(t, "later")) * time.Minute)
		if !d.After(from) || due(later, l).Before(d) || due(from, calendar.Limit{N: l.N + 1, Unit: l.Unit}).Before(d) {
			t.Fatalf("from %v, %v: due %v", from, l, d)
		}
		if works, _ := c.Working(calendar.On(d)); !works && (l.Unit == calendar.WorkingDay || l.Unit == calendar.OfficeHour) {
			t.Fatalf("%v is a day of rest", d)
		}
	})
}

func TestTimeThatStoodStillIsGivenBack(t *testing.T) {
	c := plain()
	rapid.Check(t, func(t *rapid.T) {
		from, l := instants(t, "from"), limits(t)
		due, _, _ := c.Due(from, l)
		paused := from.Add(time.Duration(rapid.IntRange(0, int(due.Sub(from)/time.Minute)).Draw(t, "paused")) * time.Minute)
		resumed := paused.Add(time.Duration(rapid.IntRange(0, 60*24*60).Draw(t, "pause")) * time.Minute)
		again, _ := c.Resume(due, paused, resumed, l)
		if again.Before(due) {
			t.Fatalf("due moved back from %v to %v", due, again)
		}
		if l.Unit == calendar.OfficeHour && c.OfficeMinutes(resumed, again) < c.OfficeMinutes(paused, due) {
			t.Fatalf("office time was lost: %d minutes left at the pause, %d after", c.OfficeMinutes(paused, due), c.OfficeMinutes(resumed, again))
		}
	})
}

func TestNationalDays(t *testing.T) {
	for _, c := range []struct {
		day   calendar.Day
		works bool
	}{
		{"2026-01-01", false}, {"2026-10-01", false}, {"2026-10-10", true}, // 2026 notice
		{"2027-02-05", false}, {"2027-02-06", false}, {"2027-10-01", false}, {"2027-10-08", true}, // provisional: eve and new year 2027-02-06
	} {
		if works, why := plain().Working(c.day); works != c.works {
			t.Errorf("%s: working=%v (%s)", c.day, works, why)
		}
	}
	if _, published := calendar.National(2026); !published {
		t.Error("2026 is published")
	}
	if _, published := calendar.National(2031); published {
		t.Error("2031 cannot be published")
	}
}

func TestMarketDays(t *testing.T) {
	for name, c := range map[string]struct {
		rule calendar.MarketRule
		days string
	}{
		"Sundays":        {calendar.MarketRule{Weekdays: []int{0}}, "2026-11-29 2026-12-06 2026-12-13"},
		"5 and 10":       {calendar.MarketRule{SolarDigits: []int{5, 0}}, "2026-11-25 2026-11-30 2026-12-05"},
		"added, removed": {calendar.MarketRule{Weekdays: []int{0}, Add: []calendar.Day{"2026-11-24"}, Remove: []calendar.Day{"2026-11-29"}}, "2026-11-24 2026-12-06 2026-12-13"},
	} {
		var got []string
		for _, d := range c.rule.Next("2026-11-23", 3) {
			got = append(got, string(d))
		}
		if strings.Join(got, " ") != c.days {
			t.Errorf("%s: %v", name, got)
		}
	}
	zodiac := calendar.MarketRule{Branches: []int{4, 10}} // dragon and dog: every sixth day
	days := zodiac.Next("2026-11-23", 5)
	for i := 1; i < len(days); i++ {
		if days[i-1].Add(6) != days[i] {
			t.Errorf("dragon and dog days must be six days apart: %v", days)
		}
	}
	// 2026-02-17 is lunar new year's day, so lunar day 1.
	if m := (calendar.MarketRule{LunarDays: []int{1}}); !m.On("2026-02-17") || m.On("2026-02-18") {
		t.Error("lunar day")
	}
	if got := zodiac.Text("zh"); got != "龙、狗日" {
		t.Error(got)
	}
}

func TestTheCountyChangesItsCalendar(t *testing.T) {
	d := dbtest.New(t, nil)
	load := func() (c *calendar.Calendar) {
		dbtest.Read(t, d, func(tx *db.Tx) (err error) { c, err = calendar.Load(tx); return })
		return c
	}
	if works, _ := load().Working("2026-11-23"); !works {
		t.Fatal("an ordinary Monday")
	}
	dbtest.Write(t, d, func(tx *db.Tx) error {
		if err := calendar.SetHours(tx, org.System, calendar.Hours{{540, 1020}}); err != nil {
			return err
		}
		if err := calendar.SetMarket(tx, org.System, calendar.MarketRule{Weekdays: []int{1}}); err != nil {
			return err
		}
		return calendar.SetException(tx, org.System, calendar.Exception{On: "2026-11-23", Note: "县庆", Source: "县政府通知"})
	})
	c := load()
	if works, why := c.Working("2026-11-23"); works || why != "县庆" {
		t.Errorf("county day: %v %s", works, why)
	}
	if !c.Market().On("2026-11-23") || c.EndOfDay("2026-11-24") != at("2026-11-24 17:00") {
		t.Error("market or hours not taken")
	}
	err := d.Write(t.Context(), func(tx *db.Tx) error { return calendar.SetHours(tx, org.System, calendar.Hours{{600, 500}}) })
	if err == nil {
		t.Error("hours out of order were taken")
	}
}

func TestAnExceptionIsTakenBackWithAnEvent(t *testing.T) {
	d := dbtest.New(t, nil)
	day := calendar.Exception{On: "2026-11-23", Note: "县庆", Source: "县政府通知"}
	works := func() (yes bool) {
		dbtest.Read(t, d, func(tx *db.Tx) error {
			c, err := calendar.Load(tx)
			if err == nil {
				yes, _ = c.Working(day.On)
			}
			return err
		})
		return yes
	}
	dbtest.Write(t, d, func(tx *db.Tx) error { return calendar.SetException(tx, org.System, day) })
	if works() {
		t.Fatal("the exception is not kept")
	}
	for range 2 { // the second time there is nothing to take back
		dbtest.Write(t, d, func(tx *db.Tx) error { return calendar.RemoveException(tx, org.System, day.On) })
	}
	if !works() {
		t.Error("the exception was not taken back")
	}
	dbtest.Read(t, d, func(tx *db.Tx) error {
		n, err := db.Value[int64](tx, `SELECT COUNT(*) FROM events WHERE kind = 'calendar.changed'`)
		if n != 2 {
			t.Errorf("%d events", n)
		}
		return err
	})
	err := d.Write(t.Context(), func(tx *db.Tx) error { return calendar.SetException(tx, org.Actor{ID: "wang"}, day) })
	if fault.Code(err) != "denied.register.change" {
		t.Errorf("anybody changes the calendar: %v", err)
	}
}
