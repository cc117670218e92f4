package calendar

import (
	"fmt"
	"time"
)

// Unit is one of the four units of time in which limits are counted.
type Unit string

// The units.
const (
	UrgentHour  Unit = "urgent_hour"  // 紧急工作时: clock hours, day and night
	OfficeHour  Unit = "office_hour"  // 工作时: hours while offices are open
	WorkingDay  Unit = "working_day"  // 工作日
	CalendarDay Unit = "calendar_day" // 自然日
)

// Limit is how long something may take.
type Limit struct {
	N    int
	Unit Unit
}

var unitZH = map[Unit]string{UrgentHour: "紧急工作时", OfficeHour: "工作时", WorkingDay: "工作日", CalendarDay: "自然日"}
var unitEN = map[Unit]string{UrgentHour: "clock hour", OfficeHour: "office hour", WorkingDay: "working day", CalendarDay: "calendar day"}

// Text is the limit in words.
func (l Limit) Text(lang string) string {
	if lang != "en" {
		if l.Unit == WorkingDay {
			return fmt.Sprintf("%d个工作日", l.N)
		}
		return fmt.Sprintf("%d%s", l.N, unitZH[l.Unit])
	}
	if l.N == 1 {
		return "1 " + unitEN[l.Unit]
	}
	return fmt.Sprintf("%d %ss", l.N, unitEN[l.Unit])
}

// mostLimit bounds the work of one computation.
const mostLimit = 10_000

// Due is when a limit that starts at from runs out, and why then.
//
//   - Clock hours run on.
//   - Office hours run while offices are open.
//   - Working days: the day of from does not count; the limit runs out at the
//     closing of the N-th working day after it.
//   - Calendar days: likewise with every day, at 23:59:59.
func (c *Calendar) Due(from time.Time, l Limit) (time.Time, Explanation, error) {
	if l.N <= 0 || l.N > mostLimit {
		return time.Time{}, Explanation{}, fmt.Errorf("calendar: a limit of %d", l.N)
	}
	why := Explanation{limit: l}
	switch l.Unit {
	case UrgentHour:
		return from.Add(time.Duration(l.N) * time.Hour), why, nil
	case OfficeHour:
		due := c.afterOffice(from, time.Duration(l.N)*time.Hour, &why)
		return due, why, nil
	case WorkingDay:
		d := On(from)
		for n := 0; n < l.N; {
			if d = d.Add(1); c.count(d, &why) {
				n++
			}
		}
		return c.EndOfDay(d), why, nil
	case CalendarDay:
		return On(from).Add(l.N + 1).Time().Add(-time.Second), why, nil
	}
	return time.Time{}, why, fmt.Errorf("calendar: unknown unit %q", string(l.Unit))
}

// count reports whether a day counts, and remembers why it does not.
func (c *Calendar) count(d Day, why *Explanation) bool {
	works, note := c.Working(d)
	if y := d.year(); why.provisional == 0 && !c.days(y).published {
		why.provisional = y
	}
	if !works {
		why.skip(d, note)
	}
	return works
}

// afterOffice is the instant until which offices have been open for left.
func (c *Calendar) afterOffice(from time.Time, left time.Duration, why *Explanation) time.Time {
	for d := On(from); ; d = d.Add(1) {
		if !c.count(d, why) {
			continue
		}
		for _, s := range c.hours {
			open := later(d.Time().Add(time.Duration(s.From)*time.Minute), from)
			span := d.Time().Add(time.Duration(s.To) * time.Minute).Sub(open)
			if span <= 0 {
				continue
			}
			if left <= span {
				return open.Add(left)
			}
			left -= span
		}
	}
}

// Resume is a due instant shifted by the time the clock stood still: by open
// hours for limits counted in office time, to the closing of the day reached
// for working days, by clock time otherwise. A pause while offices were shut
// shifts neither, and what was late before the pause stays as late.
func (c *Calendar) Resume(due, paused, resumed time.Time, l Limit) (time.Time, Explanation) {
	why := Explanation{limit: l, paused: paused, resumed: resumed}
	lost := max(0, resumed.Sub(paused))
	if l.inOffice() {
		lost = c.officeTime(paused, resumed)
	}
	if lost == 0 {
		return due, why
	}
	switch l.Unit {
	case OfficeHour:
		why.moved = c.afterOffice(due, lost, &why)
	case WorkingDay:
		why.moved = c.EndOfDay(On(c.afterOffice(due, lost, &why)))
	default:
		why.moved = due.Add(lost)
	}
	return why.moved, why
}

func (l Limit) inOffice() bool { return l.Unit == OfficeHour || l.Unit == WorkingDay }
