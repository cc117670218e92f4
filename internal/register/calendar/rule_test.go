package calendar_test

import (
	"strings"
	"testing"
	"time"

	"chuangwei/internal/register/calendar"

	"pgregory.net/rapid"
)

func days(text string) (list []calendar.Day) {
	for _, d := range strings.Fields(text) {
		list = append(list, calendar.Day(d))
	}
	return list
}

// The notices of the State Council's office for 2025 and 2026.
func TestPublishedNotices(t *testing.T) {
	for _, c := range []struct {
		works bool
		days  string
	}{
		{false, "2025-01-01 2025-01-28 2025-02-04 2025-04-04 2025-05-05 2025-05-31 2025-10-01 2025-10-08"},
		{true, "2025-01-26 2025-02-08 2025-04-27 2025-09-28 2025-10-11 2025-10-09"},
		{false, "2026-01-01 2026-01-03 2026-02-15 2026-02-23 2026-04-06 2026-05-05 2026-06-19 2026-09-25 2026-10-07"},
		{true, "2026-01-04 2026-02-14 2026-02-28 2026-05-09 2026-09-20 2026-10-10 2026-10-08"},
	} {
		for _, d := range days(c.days) {
			if works, why := plain().Working(d); works != c.works {
				t.Errorf("%s: working %v (%s)", d, works, why)
			}
		}
	}
}

// Statutory days of years without a notice, from almanacs.
func TestStatutoryDaysStandInForANotice(t *testing.T) {
	for year, want := range map[int]string{
		2027: "2027-01-01 2027-02-05 2027-02-06 2027-02-07 2027-02-08 2027-04-05 2027-05-01 2027-05-02 2027-06-09 2027-09-15 2027-10-01 2027-10-02 2027-10-03",
		2028: "2028-01-01 2028-01-25 2028-01-26 2028-01-27 2028-01-28 2028-04-04 2028-05-01 2028-05-02 2028-05-28 2028-10-03 2028-10-01 2028-10-02",
	} {
		list, published := calendar.National(year)
		if published {
			t.Logf("the notice of %d is out; this year tests nothing any more", year)
			continue
		}
		var got []string
		for _, e := range list {
			got = append(got, string(e.On))
			if e.Working || !e.Provisional {
				t.Errorf("%+v should be a provisional day of rest", e)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%d: %v", year, got)
		}
	}
}

func TestACountyEntersANoticeItself(t *testing.T) {
	limit := calendar.Limit{N: 1, Unit: calendar.WorkingDay}
	_, why, _ := plain().Due(at("2031-10-07 09:00"), limit)
	if !strings.Contains(why.Text("zh"), "2031年放假通知尚未发布") {
		t.Error("a day of an unpublished year is promised as if it were certain:", why.Text("zh"))
	}
	own := calendar.Exception{On: "2031-10-08", Note: "国庆节", Source: calendar.Notice}
	due, why, _ := calendar.New(nil, []calendar.Exception{own}).Due(at("2031-10-07 09:00"), limit)
	if !due.Equal(at("2031-10-09 18:00")) || strings.Contains(why.Text("zh"), "尚未发布") {
		t.Error(due, why.Text("zh"))
	}
}

func TestExplanations(t *testing.T) {
	for _, c := range []struct {
		from   string
		n      int
		zh, en string
	}{
		{"2026-09-30 09:00", 3, "3个工作日，10月1日至7日国庆节不计", "3 working days; 1–7 October (National Day) not counted"},
		{"2025-09-30 09:00", 3, "3个工作日，10月1日至8日国庆节、中秋节不计", "3 working days; 1–8 October (National Day, Mid-Autumn Festival) not counted"},
		{"2026-02-12 09:00", 3, "3个工作日，2月15日至23日春节不计", "3 working days; 15–23 February (Spring Festival) not counted"},
		{"2026-11-27 09:00", 1, "1个工作日，周末不计", "1 working day; weekends not counted"},
		{"2026-01-02 09:00", 1, "1个工作日，1月3日元旦不计", "1 working day; 3 January (New Year's Day) not counted"},
	} {
		_, why, err := plain().Due(at(c.from), calendar.Limit{N: c.n, Unit: calendar.WorkingDay})
		if err != nil || why.Text("zh") != c.zh || why.Text("en") != c.en {
			t.Errorf("%s: %q %q %v", c.from, why.Text("zh"), why.Text("en"), err)
		}
	}
}

// Two provisional holidays side by side are one run; weekends stay apart.
func TestProvisionalExplanation(t *testing.T) {
	if _, published := calendar.National(2028); published {
		t.Skip("the notice of 2028 is out")
	}
	_, why, _ := plain().Due(at("2028-09-29 09:00"), calendar.Limit{N: 3, Unit: calendar.WorkingDay})
	if got := why.Text("zh"); got != "3个工作日，10月1日至3日国庆节、中秋节不计，周末不计，2028年放假通知尚未发布，按法定节日暂算" {
		t.Error(got)
	}
	if got := why.Text("en"); got != "3 working days; 1–3 October (National Day, Mid-Autumn Festival) not counted; weekends not counted; the holidays of 2028 are not published yet, statutory days assumed" {
		t.Error(got)
	}
}

// One corrected day of a published year must not forget the others.
func TestACorrectionKeepsTheRestOfTheNotice(t *testing.T) {
	own := []calendar.Exception{
		{On: "2026-10-09", Note: "调休", Source: calendar.Notice},
		{On: "2031-10-08", Note: "国庆节", Source: calendar.Notice},
		{On: "2026-10-10", Note: "县庆", Source: "县政府通知"},
	}
	c := calendar.New(nil, own)
	for d, want := range map[calendar.Day]bool{
		"2026-10-01": false, "2026-10-09": false, "2026-09-20": true, "2026-10-10": false,
		"2031-10-01": false, "2031-05-01": false, "2031-10-08": false,
	} {
		if works, why := c.Working(d); works != want {
			t.Errorf("%s: working %v (%s)", d, works, why)
		}
	}
}

func TestResumeExplains(t *testing.T) {
	limit := calendar.Limit{N: 3, Unit: calendar.WorkingDay}
	for _, c := range []struct{ due, paused, resumed, zh, en string }{
		{"2026-11-26 18:00", "2026-11-24 10:00", "2026-11-25 10:00",
			"3个工作日，11月24日暂停、11月25日恢复，顺延至11月27日18:00", "3 working days; paused on 24 November and resumed on 25 November; now due on 27 November, 18:00"},
		{"2026-11-30 18:00", "2026-11-27 18:00", "2026-11-30 08:30",
			"3个工作日，11月27日暂停、11月30日恢复，时限不变", "3 working days; paused on 27 November and resumed on 30 November; the due time stays"},
	} {
		_, why := plain().Resume(at(c.due), at(c.paused), at(c.resumed), limit)
		if why.Text("zh") != c.zh || why.Text("en") != c.en {
			t.Errorf("%q %q", why.Text("zh"), why.Text("en"))
		}
	}
}

func TestResume(t *testing.T) {
	for name, c := range map[string]struct {
		due, paused, resumed string
		unit                 calendar.Unit
		want                 string
	}{
		"a day lost":              {"2026-11-26 18:00", "2026-11-24 10:00", "2026-11-25 10:00", calendar.WorkingDay, "2026-11-27 18:00"},
		"a weekend costs nothing": {"2026-11-30 18:00", "2026-11-27 18:00", "2026-11-30 08:30", calendar.WorkingDay, "2026-11-30 18:00"},
		"nor does a night":        {"2026-11-24 12:00", "2026-11-23 18:00", "2026-11-24 08:00", calendar.OfficeHour, "2026-11-24 12:00"},
		"over lunch":              {"2026-11-24 11:30", "2026-11-24 09:00", "2026-11-24 10:00", calendar.OfficeHour, "2026-11-24 15:00"},
		"late stays late":         {"2026-11-23 10:00", "2026-11-24 09:00", "2026-11-24 10:00", calendar.OfficeHour, "2026-11-23 11:00"},
		"clock hours":             {"2026-11-23 10:00", "2026-11-23 09:00", "2026-11-24 09:00", calendar.UrgentHour, "2026-11-24 10:00"},
		"resumed before paused":   {"2026-11-23 10:00", "2026-11-23 09:00", "2026-11-23 08:00", calendar.UrgentHour, "2026-11-23 10:00"},
	} {
		due, why := plain().Resume(at(c.due), at(c.paused), at(c.resumed), calendar.Limit{N: 3, Unit: c.unit})
		if !due.Equal(at(c.want)) {
			t.Errorf("%s: %v (%s)", name, due.In(calendar.Zone), why.Text("zh"))
		}
	}
}

// 1949-10-01 was a 甲子 (rat) day and 2024-02-10, New Year's Day of 2024, a
// 甲辰 (dragon) day; 2025-07-25 began the leap sixth month of 2025.
func TestMarketDaysByMoonAndZodiac(t *testing.T) {
	for name, c := range map[string]struct {
		rule    calendar.MarketRule
		on, off string
	}{
		"rat":         {calendar.MarketRule{Branches: []int{0}}, "1949-10-01 1949-10-13", "1949-10-02 1949-09-30"},
		"dragon":      {calendar.MarketRule{Branches: []int{4}}, "2024-02-10 2024-02-22", "2024-02-16"},
		"every third": {calendar.MarketRule{Branches: []int{1, 5, 9}}, "2024-02-11 2024-02-15 2024-02-19", "2024-02-12 2024-02-13 2024-02-14"},
		"lunar days":  {calendar.MarketRule{LunarDays: []int{1, 15}}, "2025-07-25 2026-02-17 2026-03-03", "2026-02-18"},
		"lunar digit": {calendar.MarketRule{LunarDigits: []int{2, 5, 0}}, "2026-02-18 2026-02-21 2026-02-26 2026-02-28", "2026-02-17"},
	} {
		for _, d := range days(c.on) {
			if !c.rule.On(d) {
				t.Errorf("%s: no market on %s", name, d)
			}
		}
		for _, d := range days(c.off) {
			if c.rule.On(d) {
				t.Errorf("%s: a market on %s", name, d)
			}
		}
	}
}

func TestMarketRuleInWords(t *testing.T) {
	m := calendar.MarketRule{Weekdays: []int{2, 6}, SolarDigits: []int{5, 0}, LunarDigits: []int{2}, LunarDays: []int{16, 23}, Branches: []int{1, 5, 9}}
	if got := m.Text("zh"); got != "每周二、六；公历尾数5、0的日子；农历尾数2的日子；农历每月16、23日；牛、蛇、鸡日" {
		t.Error(got)
	}
	if got := m.Text("en"); got != "every Tuesday, Saturday; days ending in 5, 0; lunar days ending in 2; lunar days 16, 23; ox, snake, rooster days" {
		t.Error(got)
	}
	if m.Valid() != nil {
		t.Error(m.Valid())
	}
	for _, bad := range []calendar.MarketRule{{Weekdays: []int{7}}, {SolarDigits: []int{10}}, {LunarDays: []int{0}}, {Branches: []int{-1}}, {Add: []calendar.Day{"soon"}}} {
		if bad.Valid() == nil {
			t.Errorf("%+v was taken", bad)
		}
	}
}

func TestZodiacMarketsKeepTheirRhythm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		step := rapid.SampledFrom([]int{3, 4, 6, 12}).Draw(t, "cycle")
		var m calendar.MarketRule
		for b := rapid.IntRange(0, step-1).Draw(t, "first"); b < 12; b += step {
			m.Branches = append(m.Branches, b)
		}
		from := calendar.On(time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "from"), 0))
		list := m.Next(from, 4)
		for i := 1; i < len(list); i++ {
			if list[i-1].Add(step) != list[i] {
				t.Fatalf("every %d days from %s: %v", step, from, list)
			}
		}
	})
}
