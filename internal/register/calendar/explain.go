package calendar

import (
	"fmt"
	"strings"
	"time"
)

// Explanation says how a due instant came about.
type Explanation struct {
	limit           Limit
	skipped         []skipped
	provisional     int // year whose holidays are not published, or 0
	paused, resumed time.Time
}

type skipped struct {
	from, to Day
	note     string
}

// skip remembers a day that did not count, joining runs of the same note.
func (x *Explanation) skip(d Day, note string) {
	if n := len(x.skipped); n > 0 && x.skipped[n-1].note == note && x.skipped[n-1].to.Add(1) == d {
		x.skipped[n-1].to = d
		return
	}
	x.skipped = append(x.skipped, skipped{d, d, note})
}

// Text tells it in the reader's language.
func (x Explanation) Text(lang string) string {
	if lang == "en" {
		return x.english()
	}
	var b strings.Builder
	b.WriteString(x.limit.Text("zh"))
	if !x.paused.IsZero() {
		fmt.Fprintf(&b, "，%s暂停、%s恢复，时限顺延", monthDay(On(x.paused)), monthDay(On(x.resumed)))
	}
	weekends := false
	for _, s := range x.skipped {
		if s.note == weekend {
			weekends = true
			continue
		}
		fmt.Fprintf(&b, "，%s%s不计", run(s.from, s.to), s.note)
	}
	if weekends {
		b.WriteString("，周末不计")
	}
	if x.provisional != 0 {
		fmt.Fprintf(&b, "（%d年放假通知尚未发布，按法定节日暂算）", x.provisional)
	}
	return b.String()
}

func (x Explanation) english() string {
	var b strings.Builder
	b.WriteString(x.limit.Text("en"))
	if !x.paused.IsZero() {
		fmt.Fprintf(&b, "; paused on %s and resumed on %s", dayMonth(On(x.paused)), dayMonth(On(x.resumed)))
	}
	weekends := false
	for _, s := range x.skipped {
		if s.note == weekend {
			weekends = true
			continue
		}
		fmt.Fprintf(&b, "; %s (%s) not counted", runEN(s.from, s.to), holidayEN(s.note))
	}
	if weekends {
		b.WriteString("; weekends not counted")
	}
	if x.provisional != 0 {
		fmt.Fprintf(&b, " (the holidays of %d are not published yet; statutory days assumed)", x.provisional)
	}
	return b.String()
}

func dayMonth(d Day) string { return d.Time().Format("2 January") }

func runEN(from, to Day) string {
	switch {
	case from == to:
		return dayMonth(from)
	case from.Time().Month() == to.Time().Month():
		return from.Time().Format("2") + "–" + dayMonth(to)
	}
	return dayMonth(from) + " – " + dayMonth(to)
}

func monthDay(d Day) string { return d.Time().Format("1月2日") }

func run(from, to Day) string {
	switch {
	case from == to:
		return monthDay(from)
	case from.Time().Month() == to.Time().Month():
		return monthDay(from) + "至" + to.Time().Format("2日")
	}
	return monthDay(from) + "至" + monthDay(to)
}
