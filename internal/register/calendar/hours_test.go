package calendar_test

import (
	"encoding/json"
	"testing"
	"time"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/db/dbtest"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"

	"pgregory.net/rapid"
)

func TestHoursAsText(t *testing.T) {
	b, err := json.Marshal(calendar.UsualHours)
	if err != nil || string(b) != `[["08:30","12:00"],["14:30","18:00"]]` {
		t.Fatal(string(b), err)
	}
	for _, bad := range []string{`[["8:30","12:00"]]`, `[["08:30"]]`, `[["08:30","12:00","13:00"]]`, `[["08:30","25:00"]]`, `[["08:30","12:60"]]`, `[["08:30","12:00x"]]`, `[["-1:30","12:00"]]`, `[[510,720]]`} {
		var h calendar.Hours
		if err := json.Unmarshal([]byte(bad), &h); err == nil {
			t.Errorf("%s was taken as %v", bad, h)
		}
	}
}

func TestHoursSurviveText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := rapid.IntRange(0, 1439).Draw(t, "from")
		want := calendar.Hours{{From: from, To: rapid.IntRange(from+1, 1440).Draw(t, "to")}}
		b, err := json.Marshal(want)
		if err != nil || want.Valid() != nil {
			t.Fatal(err, want.Valid())
		}
		var got calendar.Hours
		if err := json.Unmarshal(b, &got); err != nil || len(got) != 1 || got[0] != want[0] {
			t.Fatalf("%v became %s and %v: %v", want, b, got, err)
		}
	})
}

func TestOfficeMinutes(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"2026-11-23 09:00", "2026-11-23 10:30", 90},
		{"2026-11-23 11:30", "2026-11-23 15:00", 60},
		{"2026-11-23 00:00", "2026-11-24 00:00", 420},
		{"2026-11-27 17:00", "2026-11-30 09:00", 90},
		{"2026-09-30 18:00", "2026-10-08 08:30", 0},
		{"2026-11-23 10:00", "2026-11-23 09:00", 0},
	} {
		if got := plain().OfficeMinutes(at(c.a), at(c.b)); got != c.want {
			t.Errorf("%s to %s: %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestDaysAreReadStrictly(t *testing.T) {
	for _, bad := range []string{"", "2026-2-3", "2026-02-30", "2026-13-01", "26-01-01", "2026-01-01 ", "2026/01/01", "2026-01-01T00:00:00Z"} {
		if d, err := calendar.ParseDay(bad); err == nil {
			t.Errorf("%q was read as %s", bad, d)
		}
	}
	if d, err := calendar.ParseDay("2028-02-29"); err != nil || d.Add(1) != "2028-03-01" || d.Weekday() != time.Tuesday {
		t.Error(d, err)
	}
}

// What was kept in memory must not outlive a change of any part.
func TestLoadSeesEveryChange(t *testing.T) {
	d := dbtest.New(t, nil)
	day := calendar.Exception{On: "2026-11-24", Note: "县庆"}
	for i, c := range []struct {
		change func(*db.Tx) error
		seen   func(*calendar.Calendar) bool
	}{
		{func(tx *db.Tx) error { return calendar.SetException(tx, org.System, day) },
			func(c *calendar.Calendar) bool { ok, why := c.Working(day.On); return !ok && why == "县庆" }},
		{func(tx *db.Tx) error {
			day.Working, day.Note = true, "照常"
			return calendar.SetException(tx, org.System, day)
		},
			func(c *calendar.Calendar) bool { ok, why := c.Working(day.On); return ok && why == "照常" }},
		{func(tx *db.Tx) error { return calendar.SetHours(tx, org.System, calendar.Hours{{From: 540, To: 1020}}) },
			func(c *calendar.Calendar) bool { return c.EndOfDay(day.On).Equal(at("2026-11-24 17:00")) }},
		{func(tx *db.Tx) error { return calendar.SetHours(tx, org.System, nil) },
			func(c *calendar.Calendar) bool { return c.EndOfDay(day.On).Equal(at("2026-11-24 18:00")) }},
		{func(tx *db.Tx) error {
			return calendar.SetMarket(tx, org.System, calendar.MarketRule{SolarDigits: []int{4}})
		},
			func(c *calendar.Calendar) bool { return c.Market().On(day.On) }},
	} {
		dbtest.Write(t, d, c.change)
		dbtest.Read(t, d, func(tx *db.Tx) error {
			got, err := calendar.Load(tx)
			if err == nil && !c.seen(got) {
				t.Errorf("change %d is not seen", i)
			}
			return err
		})
	}
}
