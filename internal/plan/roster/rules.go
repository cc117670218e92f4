package roster

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"chuangwei/internal/flow/duty"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/place"
)

// Rules are all that decides a roster, as data: who may go, what is needed,
// what may never be broken, and what costs how much.
type Rules struct {
	Shifts    []Shift        `json:"shifts"`
	Needs     []Need         `json:"needs"`
	Units     []string       `json:"units"`     // that send people; none: all units
	Stay      []string       `json:"stay"`      // people who never go
	Presence  int            `json:"presence"`  // per cent of a unit that stays at its desks
	Presences map[string]int `json:"presences"` // the same for single units
	Rest      int            `json:"rest"`      // hours between two duties
	PerWeek   int            `json:"per_week"`  // duties in a calendar week; 0: no limit
	InRow     int            `json:"in_row"`    // days in a row; 0: no limit
	Batch     int            `json:"batch"`     // days of a batch
	Mixed     int            `json:"mixed"`     // people of one unit in a squad at most; 0: no limit
	Night     int            `json:"night"`     // per cent that an hour between 22 and 6 weighs
	Weights   Weights        `json:"weights"`
}

// Shift is a part of the day, HH:MM; To not after From means the next day.
type Shift struct {
	Name string `json:"name"`
	From string `json:"from"`
	To   string `json:"to"`
}

// Need asks for squads. Days is all, market, working, off or dates (then From
// and To). Of several needs for the same area and shift the largest counts; a
// need with a place is a fixed post of its own.
type Need struct {
	Areas    []string `json:"areas"` // none: all
	Place    string   `json:"place"`
	Days     string   `json:"days"`
	From     string   `json:"from"`
	To       string   `json:"to"`
	Shifts   []int    `json:"shifts"` // none: all
	Size     int      `json:"size"`
	Licence  int      `json:"licence"`
	Driver   int      `json:"driver"`
	Language int      `json:"language"`
}

// Weights say what costs how much; 0 is nothing.
type Weights struct {
	Fair int `json:"fair"`
	Wish int `json:"wish"`
	Away int `json:"away"`
	Stay int `json:"stay"`
	Turn int `json:"turn"`
}

// Usual are the rules that a new roster begins with: two shifts, squads of
// three and of four on market days, two thirds at their desks.
func Usual() Rules {
	return Rules{
		Shifts: []Shift{{"早班", "07:30", "12:30"}, {"午班", "12:30", "18:30"}},
		Needs:  []Need{{Areas: []string{}, Days: "all", Shifts: []int{}, Size: 3}, {Areas: []string{}, Days: "market", Shifts: []int{}, Size: 4, Licence: 1}},
		Units:  []string{}, Stay: []string{}, Presence: 65, Presences: map[string]int{}, Rest: 11, PerWeek: 3, InRow: 3, Batch: 5, Mixed: 2, Night: 150,
		Weights: Weights{Fair: 10, Wish: 20, Away: 2, Stay: 5, Turn: 2},
	}
}

var dayKinds = []string{"all", "market", "working", "off", "dates"}

// LeastRest is how many whole hours of rest rules must leave between two days:
// with less, the plan could not be published.
const LeastRest = int((duty.Rest + time.Hour - 1) / time.Hour)

// check finds what cannot be meant, field by field.
func (r Rules) check(tx *db.Tx, of Roster) error {
	var c fault.Check
	r.checkNumbers(&c)
	r.checkShifts(&c)
	if err := r.checkNames(tx, &c); err != nil {
		return err
	}
	areas, err := place.Areas(tx)
	if err != nil {
		return err
	}
	c.That(len(r.Needs) >= 1 && len(r.Needs) <= 60, "needs", "1–60 条用人需求", "1 to 60 needs")
	for i, n := range r.Needs {
		name := fmt.Sprintf("needs.%d", i)
		n.check(&c, name, r, of)
		if err := n.checkWhere(tx, &c, name, areas); err != nil {
			return err
		}
	}
	return c.Err()
}

func (r Rules) checkNumbers(c *fault.Check) {
	within := func(name string, v, least, most int) {
		c.That(v >= least && v <= most, name, "应在 %[1]d–%[2]d 之间", "between %[1]d and %[2]d", least, most)
	}
	within("presence", r.Presence, 0, 100)
	c.That(r.Rest >= LeastRest && r.Rest <= 24, "rest", "休息应在 %[1]d–%[2]d 小时之间：少于 %[1]d 小时的值守不能发布", "between %[1]d and %[2]d hours: duties with less than %[1]d hours between them cannot be published", LeastRest, 24)
	within("per_week", r.PerWeek, 0, 7)
	within("in_row", r.InRow, 0, 31)
	within("batch", r.Batch, 0, mostDays)
	within("mixed", r.Mixed, 0, 60)
	within("night", r.Night, 100, 300)
	within("weights.fair", r.Weights.Fair, 0, 1000)
	within("weights.wish", r.Weights.Wish, 0, 1000)
	within("weights.away", r.Weights.Away, 0, 1000)
	within("weights.stay", r.Weights.Stay, 0, 1000)
	within("weights.turn", r.Weights.Turn, 0, 1000)
	for _, unit := range sorted(r.Presences) {
		within("presences."+unit, r.Presences[unit], 0, 100)
	}
}

// checkNames finds units and people that the registers do not know.
func (r Rules) checkNames(tx *db.Tx, c *fault.Check) error {
	names, err := org.Names(tx)
	if err != nil {
		return err
	}
	for _, unit := range sorted(r.Presences) {
		c.That(names.Unit(unit).ID != "", "presences."+unit, "没有这个单位，请删除这一行", "there is no such unit; remove the line")
	}
	for _, unit := range r.Units {
		c.That(names.Unit(unit).ID != "", "units", "参加单位里有不存在的单位，请重新选择", "one of the units does not exist; choose again")
	}
	for _, person := range r.Stay {
		c.That(names.Person(person).ID != "", "stay", "不参加的人里有不存在的人，请重新选择", "one of those who stay does not exist; choose again")
	}
	return nil
}

func (r Rules) checkShifts(c *fault.Check) {
	c.That(len(r.Shifts) >= 1 && len(r.Shifts) <= 4, "shifts", "1–4 个班次", "1 to 4 shifts")
	for i, s := range r.Shifts {
		name := fmt.Sprintf("shifts.%d", i)
		s.check(c, name)
		// A squad is known by the start of its shift: of two that start
		// together only one would be staffed.
		if same := slices.IndexFunc(r.Shifts[:i], func(t Shift) bool { return t.From == s.From }); same >= 0 {
			c.That(false, name, "与“%[1]s”同时开始，请改开始时间，或合成一个班次", "begins when %[1]q does; change its start, or make one shift of both", r.Shifts[same].Name)
		}
	}
}

func (s Shift) check(c *fault.Check, name string) {
	ok := clock(s.From) && clock(s.To) && s.From != s.To
	c.That(ok, name, "起止时间应如 07:30、12:30", "write times as 07:30 and 12:30")
	c.That(s.Name != "" && len([]rune(s.Name)) <= 12, name, "名称必填，最多12字", "a name of at most 12 characters")
	if !ok {
		return
	}
	if s.From == "24:00" {
		c.That(false, name, "24:00 只能是结束时间，零点开始请写 00:00", "24:00 can only be an end; write a start at midnight as 00:00")
		return
	}
	from, to := s.minutes()
	c.That(to-from <= 12*60, name, "一个班次最多12小时", "a shift lasts at most 12 hours")
}

// clock reports whether a text is a time of day as HH:MM, with both digits:
// squads are told apart by it.
func clock(text string) bool {
	m, err := duty.Minutes("", text)
	return err == nil && text == fmt.Sprintf("%02d:%02d", m/60, m%60)
}

// minutes of the shift after midnight of its day; above 1,440 past midnight.
func (s Shift) minutes() (from, to int) {
	from, _ = duty.Minutes("", s.From) // checked before
	to, _ = duty.Minutes("", s.To)
	if to <= from {
		to += 1440
	}
	return from, to
}

func (n Need) check(c *fault.Check, name string, r Rules, of Roster) {
	c.That(slices.Contains(dayKinds, n.Days), name, "请选择哪些日子", "choose the days")
	if n.Days == "dates" {
		_, err1 := calendar.ParseDay(n.From)
		_, err2 := calendar.ParseDay(n.To)
		c.That(err1 == nil && err2 == nil && n.From <= n.To && n.From <= of.ToOn && n.To >= of.FromOn, name, "日期不对，或不在编排的日期内", "the days are wrong or outside the roster")
	}
	c.That(n.Size >= 1 && n.Size <= 30, name, "每队 1–30 人", "1 to 30 people")
	c.That(min(n.Licence, n.Driver, n.Language) >= 0 && max(n.Licence, n.Driver, n.Language) <= n.Size, name, "技能人数不能多于队员人数", "no more skilled people than people")
	for _, s := range n.Shifts {
		c.That(s >= 0 && s < len(r.Shifts), name, "没有这个班次，请重新选择", "there is no such shift; choose again")
	}
}

// checkWhere finds areas and a place where no squad would be planned: a grid,
// a place outside all areas, what is no more.
func (n Need) checkWhere(tx *db.Tx, c *fault.Check, name string, areas []place.Area) error {
	known := func(id string) bool {
		return slices.ContainsFunc(areas, func(a place.Area) bool { return a.ID == id })
	}
	if n.Place == "" {
		c.That(!slices.ContainsFunc(n.Areas, func(id string) bool { return !known(id) }), name, "有片区已不存在，请重新选择", "an area is no more; choose again")
		return nil
	}
	p, err := place.ByID(tx, n.Place)
	if err != nil && !errors.Is(err, db.ErrNone) {
		return err
	}
	c.That(err == nil && known(p.AreaID), name, "点位已不存在，或不在任何片区内，请重新选择", "the place is no more or lies in no area; choose again")
	return nil
}

// on reports whether the need is of a day.
func (n Need) on(cal *calendar.Calendar, d calendar.Day) bool {
	switch n.Days {
	case "market":
		return cal.Market().On(d)
	case "working", "off":
		works, _ := cal.Working(d)
		return works == (n.Days == "working")
	case "dates":
		return string(d) >= n.From && string(d) <= n.To
	}
	return true
}

// presence is how many per cent of a unit stay.
func (r Rules) presence(u org.Unit) int {
	if p, ok := r.Presences[u.ID]; ok {
		return p
	}
	return r.Presence
}
