package calendar

import (
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/6tail/lunar-go/HolidayUtil"
	lunar "github.com/6tail/lunar-go/calendar"
)

// Notice is the Source of days the State Council's yearly notice made different.
const Notice = "国务院办公厅放假通知"

// National are the days the State Council's notice makes different in a year:
// holidays and make-up days, from the table of lunar-go. For a year without a
// notice published is false and the statutory days stand in, without make-up
// days (《全国年节及纪念日放假办法》 as amended for 2025: 13 days).
func National(year int) (list []Exception, published bool) {
	rows := HolidayUtil.GetHolidaysByYear(year)
	for e := rows.Front(); e != nil; e = e.Next() {
		h := e.Value.(*HolidayUtil.Holiday)
		if !strings.HasPrefix(h.GetDay(), itoa4(year)) {
			continue
		}
		note := noticeName(h.GetName())
		if h.IsWork() {
			note += "调休上班"
		}
		list = append(list, Exception{On: Day(h.GetDay()), Working: h.IsWork(), Note: note, Source: Notice})
	}
	if len(list) > 0 {
		return list, true
	}
	return statutory(year), false
}

// noticeName is a holiday of lunar-go as the notices call it; days on which two
// fall together name both.
func noticeName(name string) string {
	switch name {
	case "元旦节":
		return "元旦"
	case "国庆中秋":
		return "国庆节、中秋节"
	}
	return name
}

func itoa4(year int) string { return strconv.Itoa(year) }

func dayOf(s *lunar.Solar) Day { return Day(s.ToYmd()) }

// statutory are the days fixed by law, some by the moon or the sun.
func statutory(year int) []Exception {
	var list []Exception
	rest := func(note string, days ...Day) {
		for _, d := range days {
			if !slices.ContainsFunc(list, func(e Exception) bool { return e.On == d }) {
				list = append(list, Exception{On: d, Note: note, Source: "法定节日，暂算", Provisional: true})
			}
		}
	}
	solar := func(month, day int) Day { return dayOf(lunar.NewSolarFromYmd(year, month, day)) }
	moon := func(month, day int) Day { return dayOf(lunar.NewLunarFromYmd(year, month, day).GetSolar()) }
	spring := moon(1, 1)
	qingming := lunar.NewLunarFromYmd(year, 2, 1).GetJieQiTable()["清明"]
	rest("元旦", solar(1, 1))
	rest("春节", spring.Add(-1), spring, spring.Add(1), spring.Add(2))
	rest("清明节", dayOf(qingming))
	rest("劳动节", solar(5, 1), solar(5, 2))
	rest("端午节", moon(5, 5))
	rest("中秋节", moon(8, 15))
	rest("国庆节", solar(10, 1), solar(10, 2), solar(10, 3))
	return list
}

// lunarDay is what market rules ask of a day in the lunar calendar.
type lunarDay struct{ day, branch int }

// lunarDays keeps what has been computed: boards ask for the same few weeks.
var lunarDays = struct {
	sync.Mutex
	of map[Day]lunarDay
}{of: map[Day]lunarDay{}}

// lunarMost bounds what is kept; beyond it everything is computed anew.
const lunarMost = 5000

// lunarOf is a day in the lunar calendar.
func lunarOf(d Day) lunarDay {
	lunarDays.Lock()
	defer lunarDays.Unlock()
	if l, ok := lunarDays.of[d]; ok {
		return l
	}
	t := d.Time()
	full := lunar.NewSolarFromYmd(t.Year(), int(t.Month()), t.Day()).GetLunar()
	l := lunarDay{full.GetDay(), full.GetDayZhiIndex()}
	if len(lunarDays.of) >= lunarMost {
		clear(lunarDays.of)
	}
	lunarDays.of[d] = l
	return l
}

var holidayNames = map[string]string{
	"元旦": "New Year's Day", "春节": "Spring Festival", "清明节": "Tomb-Sweeping Day", "劳动节": "Labour Day",
	"端午节": "Dragon Boat Festival", "中秋节": "Mid-Autumn Festival", "国庆节": "National Day", "抗战胜利日": "Victory Day",
}

// holidayEN is a holiday's English name; a county's own note stays as written.
func holidayEN(note string) string {
	if en, ok := holidayNames[note]; ok {
		return en
	}
	return note
}
