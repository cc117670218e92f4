package calendar

import (
	"fmt"
	"slices"
	"strconv"
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
	return slices.Contains(m.LunarDigits, l.day%10) || slices.Contains(m.LunarDays, l.day) ||
		slices.Contains(m.Branches, l.branch)
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

// Valid reports whether every part of the rule can come true.
func (m MarketRule) Valid() error {
	for _, part := range []struct {
		name       string
		list       []int
		least, top int
	}{
		{"weekday", m.Weekdays, 0, 6}, {"solar digit", m.SolarDigits, 0, 9}, {"lunar digit", m.LunarDigits, 0, 9},
		{"lunar day", m.LunarDays, 1, 30}, {"branch", m.Branches, 0, 11},
	} {
		for _, n := range part.list {
			if n < part.least || n > part.top {
				return fmt.Errorf("calendar: market rule: %s %d is not within %d–%d", part.name, n, part.least, part.top)
			}
		}
	}
	for _, d := range slices.Concat(m.Add, m.Remove) {
		if _, err := ParseDay(string(d)); err != nil {
			return err
		}
	}
	return nil
}

// words are how one language tells a rule: five formats in the order of the
// rule's parts, the names of weekdays and of branches, and the joints.
type words struct {
	formats            [5]string
	weekdays, branches []string
	comma, semicolon   string
}

var marketZH = words{
	[5]string{"每周%s", "公历尾数%s的日子", "农历尾数%s的日子", "农历每月%s日", "%s日"},
	strings.Split("日 一 二 三 四 五 六", " "),
	strings.Split("鼠 牛 虎 兔 龙 蛇 马 羊 猴 鸡 狗 猪", " "), "、", "；",
}

var marketEN = words{
	[5]string{"every %s", "days ending in %s", "lunar days ending in %s", "lunar days %s", "%s days"},
	strings.Split("Sunday Monday Tuesday Wednesday Thursday Friday Saturday", " "),
	strings.Split("rat ox tiger rabbit dragon snake horse goat monkey rooster dog pig", " "), ", ", "; ",
}

// Text tells the rule as on a notice, without its hand-made exceptions.
func (m MarketRule) Text(lang string) string {
	w := marketZH
	if lang == "en" {
		w = marketEN
	}
	names := [5][]string{0: w.weekdays, 4: w.branches}
	var parts []string
	for i, list := range [5][]int{m.Weekdays, m.SolarDigits, m.LunarDigits, m.LunarDays, m.Branches} {
		if len(list) > 0 {
			parts = append(parts, fmt.Sprintf(w.formats[i], w.join(list, names[i])))
		}
	}
	return strings.Join(parts, w.semicolon)
}

// join lists numbers, by their names when there are any.
func (w words) join(list []int, names []string) string {
	said := make([]string, len(list))
	for i, n := range list {
		said[i] = strconv.Itoa(n)
		if n >= 0 && n < len(names) {
			said[i] = names[n]
		}
	}
	return strings.Join(said, w.comma)
}
