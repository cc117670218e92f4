// Package calendar is when: which days are worked, at which hours, when the
// market is held, and what a limit in one of the four units of time comes to.
package calendar

import (
	"fmt"
	"sync"
	"time"
	_ "time/tzdata" // the server may run where no zone files are
)

// Zone is the county's zone.
var Zone = func() *time.Location {
	z, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		panic(err) // compiled in by time/tzdata
	}
	return z
}()

// Day is a calendar day in Zone, YYYY-MM-DD; days compare as text.
type Day string

// On is the day an instant falls on.
func On(t time.Time) Day { return Day(t.In(Zone).Format(time.DateOnly)) }

// ParseDay reads a day strictly.
func ParseDay(s string) (Day, error) {
	if _, err := time.ParseInLocation(time.DateOnly, s, Zone); err != nil {
		return "", fmt.Errorf("calendar: %q is not a day like 2026-11-23", s)
	}
	return Day(s), nil
}

// Time is the day's first instant; the zero time for what is no day.
func (d Day) Time() time.Time {
	t, err := time.ParseInLocation(time.DateOnly, string(d), Zone)
	if err != nil {
		return time.Time{}
	}
	return t
}

// Add is the day n days later.
func (d Day) Add(n int) Day { return On(d.Time().AddDate(0, 0, n)) }

// Weekday is the day of the week.
func (d Day) Weekday() time.Weekday { return d.Time().Weekday() }

func (d Day) year() int { return d.Time().Year() }

// Exception makes a day different from its weekday.
type Exception struct {
	On           Day
	Working      bool
	Note, Source string
	Provisional  bool // computed, because the State Council's notice is not out
}

// Calendar answers for one county. It is safe for concurrent use.
type Calendar struct {
	hours  Hours
	own    map[Day]Exception
	market MarketRule
	// noticed are the years whose notice the county has entered itself.
	noticed map[int]bool

	mu    sync.Mutex
	years map[int]yearDays
}

// yearDays are the days the State Council makes different in a year.
type yearDays struct {
	days      map[Day]Exception
	published bool // false: the notice is not out, the statutory days stand in
}

// New makes a calendar of office hours (none: UsualHours) and a county's own
// exceptions, which win over national days. A year with an exception whose
// Source is Notice counts as published: the county enters the State Council's
// notice itself. Statutory days stay days of rest in it, as in every notice.
func New(hours Hours, own []Exception) *Calendar {
	c := &Calendar{hours: hours, own: map[Day]Exception{}, noticed: map[int]bool{}, years: map[int]yearDays{}}
	if len(c.hours) == 0 {
		c.hours = UsualHours
	}
	for _, e := range own {
		c.own[e.On] = e
		if e.Source == Notice && e.On != "" {
			c.noticed[e.On.year()] = true
		}
	}
	return c
}

// Market is the county's market-day rule.
func (c *Calendar) Market() MarketRule { return c.market }

// exception finds what makes a day different, or nil.
func (c *Calendar) exception(d Day) *Exception {
	if e, ok := c.own[d]; ok {
		return &e
	}
	if e, ok := c.days(d.year()).days[d]; ok {
		return &e
	}
	return nil
}

// days are a year's national days, computed once.
func (c *Calendar) days(year int) yearDays {
	c.mu.Lock()
	defer c.mu.Unlock()
	y, ok := c.years[year]
	if !ok {
		list, published := National(year)
		y = yearDays{make(map[Day]Exception, len(list)), published || c.noticed[year]}
		for _, e := range list {
			y.days[e.On] = e
		}
		c.years[year] = y
	}
	return y
}

// Working reports whether a day is worked, and the note of what makes it
// different ("" for an ordinary weekday, 周末 for a weekend).
func (c *Calendar) Working(d Day) (bool, string) {
	if e := c.exception(d); e != nil {
		return e.Working, e.Note
	}
	if wd := d.Weekday(); wd == time.Saturday || wd == time.Sunday {
		return false, weekend
	}
	return true, ""
}

const weekend = "周末"

func (c *Calendar) works(d Day) bool { ok, _ := c.Working(d); return ok }

// EndOfDay is the last instant a promise for that day can be kept: the closing
// of the office, or of its usual hours on a day of rest.
func (c *Calendar) EndOfDay(d Day) time.Time {
	return d.Time().Add(time.Duration(c.hours.close()) * time.Minute)
}

// OfficeMinutes is how many whole minutes offices were open between two
// instants.
func (c *Calendar) OfficeMinutes(a, b time.Time) int { return int(c.officeTime(a, b) / time.Minute) }

func (c *Calendar) officeTime(a, b time.Time) time.Duration {
	var sum time.Duration
	for d := On(a); !d.Time().After(b); d = d.Add(1) {
		if !c.works(d) {
			continue
		}
		for _, s := range c.hours {
			from, to := d.Time().Add(time.Duration(s.From)*time.Minute), d.Time().Add(time.Duration(s.To)*time.Minute)
			sum += max(0, earlier(to, b).Sub(later(from, a)))
		}
	}
	return sum
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
