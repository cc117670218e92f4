package calendar

import (
	"slices"
	"strings"
)

// MarketRule says on which days the market 街天 is held; a day that any part
// names is one. Weekdays count from Sunday = 0; digits are the last digit of
// the day of the month; branches are the day's earthly branch, 0 = 子 (rat).
type MarketRule struct {
	Weekdays    []int `json:"weekdays,omitempty"`
	SolarDigits []int `json:"solar_digits,omitempty"`
	LunarDigits []int `json:"lunar_digits,omitempty"`
	LunarDays   []int `json:"lunar_days,omitempty"`
	Branches    []int `json:"branches,omitempty"`
	Add         []Day `json:"add,omitempty"`
	Remove      []Day `json:"remove,omitempty"`
}

// On reports whether the market is held.
func (m MarketRule) On(d Day) bool {
	if slices.Contains(m.Remove, d) {
		return false
	}
	if slices.Contains(m.Add, d) || slices.Contains(m.Weekdays, int(d.Weekday())) ||
		slices.Contains(m.SolarDigits, d.Time().Day()%10) {
		return true
	}
	if len(m.LunarDigits)+len(m.LunarDays)+len(m.Branches) == 0 {
		return false
	}
	l := lunarOf(d)
	return slices.Contains(m.LunarDigits, l.GetDay()%10) || slices.Contains(m.LunarDays, l.GetDay()) ||
		slices.Contains(m.Branches, l.GetDayZhiIndex())
}

// Next lists the next n market days from d on, looking at most two years ahead.
func (m MarketRule) Next(d Day, n int) []Day {
	var out []Day
	for range 732 {
		if len(out) == n {
			break
		}
		if m.On(d) {
			out = append(out, d)
		}
		d = d.Add(1)
	}
	return out
}

var weekdayZH = []string{"日", "一", "二", "三", "四", "五", "六"}
var branchZH = []string{"鼠", "牛", "虎", "兔", "龙", "蛇", "马", "羊", "猴", "鸡", "狗", "猪"}

// Text tells the rule in Chinese, as on a notice.
func (m MarketRule) Text() string {
	var parts []string
	say := func(before string, list []int, names []string, after string) {
		if len(list) == 0 {
			return
		}
		var words []string
		for _, n := range list {
			if names == nil {
				words = append(words, string(rune('0'+n%10)))
			} else if n >= 0 && n < len(names) {
				words = append(words, names[n])
			}
		}
		parts = append(parts, before+strings.Join(words, "、")+after)
	}
	say("每周", m.Weekdays, weekdayZH, "")
	say("公历尾数", m.SolarDigits, nil, "的日子")
	say("农历尾数", m.LunarDigits, nil, "的日子")
	say("", m.Branches, branchZH, "日")
	return strings.Join(parts, "；")
}
