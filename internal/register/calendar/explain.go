package calendar

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Explanation says how a due instant came about.
type Explanation struct {
	limit       Limit
	skipped     []skipped
	weekends    bool // plain weekends were skipped too
	provisional int  // year whose holidays are not published, or 0
	// When the clock stood still, and where the due instant went; moved is zero
	// when it stayed.
	paused, resumed, moved time.Time
}

// skipped is a run of days of rest and what they are called.
type skipped struct {
	from, to Day
	names    []string
}

// skip remembers a day that did not count, joining it to the day before.
func (x *Explanation) skip(d Day, note string) {
	if note == weekend {
		x.weekends = true
		return
	}
	n := len(x.skipped)
	if n == 0 || x.skipped[n-1].to.Add(1) != d {
		x.skipped = append(x.skipped, skipped{from: d})
		n++
	}
	run := &x.skipped[n-1]
	run.to = d
	for name := range strings.SplitSeq(note, "、") {
		if name != "" && !slices.Contains(run.names, name) {
			run.names = append(run.names, name)
		}
	}
}

// Text tells it in the reader's language.
func (x Explanation) Text(lang string) string {
	if lang == "en" {
		return x.english()
	}
	parts := []string{x.limit.Text("zh")}
	if !x.paused.IsZero() {
		parts = append(parts, monthDay(On(x.paused))+"暂停、"+monthDay(On(x.resumed))+"恢复")
		if x.moved.IsZero() {
			parts = append(parts, "时限不变")
		} else {
			parts = append(parts, "顺延至"+x.moved.In(Zone).Format("1月2日15:04"))
		}
	}
	for _, s := range x.skipped {
		parts = append(parts, s.days()+strings.Join(s.names, "、")+"不计")
	}
	if x.weekends {
		parts = append(parts, "周末不计")
	}
	if x.provisional != 0 {
		parts = append(parts, strconv.Itoa(x.provisional)+"年放假通知尚未发布，按法定节日暂算")
	}
	return strings.Join(parts, "，")
}

func (x Explanation) english() string {
	parts := []string{x.limit.Text("en")}
	if !x.paused.IsZero() {
		parts = append(parts, "paused on "+dayMonth(On(x.paused))+" and resumed on "+dayMonth(On(x.resumed)))
		if x.moved.IsZero() {
			parts = append(parts, "the due time stays")
		} else {
			parts = append(parts, "now due on "+x.moved.In(Zone).Format("2 January, 15:04"))
		}
	}
	for _, s := range x.skipped {
		parts = append(parts, s.daysEN()+s.namesEN()+" not counted")
	}
	if x.weekends {
		parts = append(parts, "weekends not counted")
	}
	if x.provisional != 0 {
		parts = append(parts, "the holidays of "+strconv.Itoa(x.provisional)+" are not published yet, statutory days assumed")
	}
	return strings.Join(parts, "; ")
}

func (s skipped) namesEN() string {
	if len(s.names) == 0 {
		return ""
	}
	names := make([]string, len(s.names))
	for i, n := range s.names {
		names[i] = holidayEN(n)
	}
	return " (" + strings.Join(names, ", ") + ")"
}

func dayMonth(d Day) string { return d.Time().Format("2 January") }

func (s skipped) daysEN() string {
	switch {
	case s.from == s.to:
		return dayMonth(s.from)
	case s.from.Time().Month() == s.to.Time().Month():
		return s.from.Time().Format("2") + "–" + dayMonth(s.to)
	}
	return dayMonth(s.from) + " – " + dayMonth(s.to)
}

func monthDay(d Day) string { return d.Time().Format("1月2日") }

func (s skipped) days() string {
	switch {
	case s.from == s.to:
		return monthDay(s.from)
	case s.from.Time().Month() == s.to.Time().Month():
		return monthDay(s.from) + "至" + s.to.Time().Format("2日")
	}
	return monthDay(s.from) + "至" + monthDay(s.to)
}
