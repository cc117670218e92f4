package sheet

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// How days, instants and times of day are handed on.
const (
	momentForm   = "2006-01-02 15:04"
	clockForm    = "15:04"
	minutesOfDay = 24 * 60
)

// read understands one filled cell; zh and en say what is wrong with it.
func (c Column) read(text string) (v, zh, en string) {
	if len(c.Choices) > 0 && !slices.Contains(c.Choices, text) {
		return text, "“%[1]s”不在可选范围：" + clip(strings.Join(c.Choices, "、")), "%[1]q is none of the choices"
	}
	switch c.Kind {
	case Day:
		if v := day(text); v != "" {
			return v, "", ""
		}
		return "", "“%[1]s”不是日期，请写成 2026-08-01", "%[1]q is no day; write 2026-08-01"
	case Moment:
		if v := moment(text); v != "" {
			return v, "", ""
		}
		return "", "“%[1]s”不是时间，请写成 2026-08-01 15:04", "%[1]q is no time; write 2026-08-01 15:04"
	case Clock:
		if v := clock(text); v != "" {
			return v, "", ""
		}
		return "", "“%[1]s”不是钟点，请写成 08:30", "%[1]q is no time of day; write 08:30"
	case Number:
		if _, err := strconv.ParseFloat(text, 64); err != nil || strings.ContainsAny(text, "xXpPnN_") {
			return "", "“%[1]s”不是数字", "%[1]q is no number"
		}
	case Yes:
		if !slices.Contains([]string{"是", "Y", "y", "yes", "1", "√"}, text) {
			return "", "请填“是”或留空，不要填“%[1]s”", "write 是 or nothing, not %[1]q"
		}
		return "是", "", ""
	}
	return text, "", ""
}

// written are the ways people and other systems write a day and a time of it.
var (
	writtenDays  = []string{time.DateOnly, "2006/1/2", "2006.1.2", "2006-1-2", "2006年1月2日", "20060102"}
	writtenTimes = []string{"2006-1-2 15:4:5", "2006-1-2 15:4", "2006/1/2 15:4:5", "2006/1/2 15:4", "2006年1月2日 15:4:5", "2006年1月2日 15:4", "20060102150405", time.RFC3339}
)

// moment reads an instant as other systems write it; "" when it is none.
func moment(text string) string {
	if t, ok := parsed(text, writtenTimes); ok {
		return t.Format(momentForm)
	}
	if t, ok := serial(text); ok {
		return t.Format(momentForm)
	}
	if t, ok := parsed(text, writtenDays); ok {
		return t.Format(momentForm)
	}
	return ""
}

// day reads a date as people and spreadsheets write it, whatever time of it
// stands beside; "" when it is none.
func day(text string) string {
	if text := moment(text); text != "" {
		return text[:len(time.DateOnly)]
	}
	return ""
}

// clock reads a time of day: 8:30 as people write it, the part of a day that
// spreadsheets keep, or the time of a whole instant; "" when it is none.
// 24:00 is the end of the day.
func clock(text string) string {
	if t, ok := parsed(strings.ReplaceAll(text, "：", ":"), append([]string{"15:4", "15:4:5"}, writtenTimes...)); ok {
		return t.Format(clockForm)
	}
	if slices.Contains([]string{"24:00", "24：00", "24:00:00", "1"}, text) {
		return "24:00"
	}
	n, err := strconv.ParseFloat(text, 64)
	if err == nil && n >= 0 && n < 1 {
		m := int(math.Round(n*minutesOfDay)) % minutesOfDay
		return fmt.Sprintf("%02d:%02d", m/60, m%60)
	}
	if t, ok := serial(text); ok && n != math.Trunc(n) {
		return t.Format(clockForm)
	}
	return ""
}

func parsed(text string, forms []string) (time.Time, bool) {
	for _, form := range forms {
		if t, err := time.Parse(form, text); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// serial reads days since 1900, as spreadsheets keep an instant. A time of day
// is a fraction there that no number holds exactly, hence the rounding.
func serial(text string) (time.Time, bool) {
	n, err := strconv.ParseFloat(text, 64)
	if err == nil && n > 20000 && n < 80000 { // a NaN is neither
		t, err := excelize.ExcelDateToTime(n, false)
		return t.Round(time.Second), err == nil
	}
	return time.Time{}, false
}

// shown is a cell as its spreadsheet shows it: who typed 12-21 or 8:00 never
// saw the number that is kept of it.
func (c Column) shown(text string) string {
	n, err := strconv.ParseFloat(text, 64)
	t, ok := serial(text)
	switch {
	case err != nil || c.Kind != Day && c.Kind != Moment && c.Kind != Clock:
	case ok && n == math.Trunc(n):
		return t.Format(time.DateOnly)
	case ok:
		return t.Format(momentForm)
	case n > 0 && n < 1:
		return clock(text)
	}
	return text
}

func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
