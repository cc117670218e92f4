package duty

import (
	"strconv"
	"strings"
	"time"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/sheet"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/place"
)

// Table is a rota as a sheet, out and in. People are written 姓名(编号), with
// 、 between; a name alone will do where nobody else has it, and so will that
// of a place, area or unit. 版本 says which state of the duty was written out:
// a row is refused when the duty has changed since. Without it, as in files
// written before there was the column, whatever the row says is taken.
var Table = sheet.Table{Name: "值守", Columns: []sheet.Column{
	{Key: "on", Title: "日期", Kind: sheet.Day, Need: true},
	{Key: "from", Title: "开始", Kind: sheet.Clock, Need: true},
	{Key: "to", Title: "结束", Kind: sheet.Clock, Need: true},
	{Key: "kind", Title: "类型", Need: true},
	{Key: "name", Title: "名称"},
	{Key: "area", Title: "片区"},
	{Key: "place", Title: "点位"},
	{Key: "leader", Title: "组长", Need: true},
	{Key: "people", Title: "队员"},
	{Key: "unit", Title: "安排单位"},
	{Key: "note", Title: "说明"},
	{Key: "id", Title: "系统标识"},
	{Key: "version", Title: "版本", Kind: sheet.Number, Hint: "系统填写，请勿改动"},
}}

// words is by what cells name the things of one register: a code, which is one
// thing's alone, or a name, which several may have.
type words struct {
	codes, names map[string]string // → id
	twice        map[string]bool   // names of several
	said         map[string]string // id → how it is written out
}

func newWords() words {
	return words{map[string]string{}, map[string]string{}, map[string]bool{}, map[string]string{}}
}

func (w words) add(id, code string, names ...string) {
	w.codes[code] = id
	w.said[id] = code
	for _, name := range names {
		if had := w.names[name]; had != "" && had != id {
			w.twice[name] = true
		}
		w.names[name] = id
	}
}

// find reads a cell; twice when the name is that of several.
func (w words) find(cell string) (id string, twice bool) {
	if id := w.codes[cell]; id != "" {
		return id, false
	}
	return w.names[cell], w.twice[cell]
}

// write is a name that only the thing has, or its code.
func (w words) write(id, name string) string {
	if found, twice := w.find(name); found == id && !twice {
		return name
	}
	return w.said[id]
}

// tableNames is what cells are written and read by.
type tableNames struct {
	book                 *org.Book
	kinds, areas, places words
	units, persons       words
	areaOf               map[string]string // place → area
}

func namesOf(tx *db.Tx) (n tableNames, err error) {
	n = tableNames{kinds: newWords(), areas: newWords(), places: newWords(), units: newWords(), persons: newWords(), areaOf: map[string]string{}}
	if n.book, err = org.Names(tx); err != nil {
		return n, err
	}
	kinds, err := Kinds(tx)
	for _, k := range kinds {
		n.kinds.add(k.ID, k.Name)
	}
	if err != nil {
		return n, err
	}
	areas, err := place.Areas(tx)
	for _, a := range areas {
		n.areas.add(a.ID, a.Code, a.Name)
	}
	if err != nil {
		return n, err
	}
	places, err := place.All(tx)
	for _, p := range places {
		n.places.add(p.ID, p.Code, p.Name)
		n.areaOf[p.ID] = p.AreaID
	}
	if err != nil {
		return n, err
	}
	units, err := org.Units(tx)
	for _, u := range units {
		n.units.add(u.ID, u.Code, u.Name, u.Short)
	}
	if err != nil {
		return n, err
	}
	persons, err := org.Persons(tx)
	for _, p := range persons {
		if p.LeftOn == "" || p.LeftOn > string(calendar.On(tx.Time())) {
			n.persons.add(p.ID, coded(p), p.Name)
		}
	}
	return n, err
}

// coded is how a person is written so that it can be nobody else.
func coded(p org.Person) string { return p.Name + "(" + p.Code + ")" }

// Rows writes duties as rows of Table.
func Rows(tx *db.Tx, list []Duty, put func(map[string]string) error) error {
	n, err := namesOf(tx)
	if err != nil {
		return err
	}
	areas, err := place.Areas(tx)
	if err != nil {
		return err
	}
	named := map[string]string{}
	for _, a := range areas {
		named[a.ID] = a.Name
	}
	for _, d := range list {
		people := make([]string, 0, len(d.People))
		for _, id := range d.Crew() {
			if id != d.LeaderID {
				people = append(people, coded(n.book.Person(id)))
			}
		}
		row := map[string]string{"on": d.OnDay, "from": hour(d.FromAt), "to": hour(d.ToAt), "kind": n.kinds.said[d.Kind], "name": d.Name,
			"area": n.areas.write(d.AreaID, named[d.AreaID]), "place": n.places.said[d.PlaceID], "leader": coded(n.book.Person(d.LeaderID)),
			"people": strings.Join(people, "、"), "note": d.Note, "id": d.ID, "version": strconv.FormatInt(d.Version, 10)}
		if d.UnitID != "" {
			row["unit"] = n.units.write(d.UnitID, n.book.Unit(d.UnitID).Name)
		}
		if err := put(row); err != nil {
			return err
		}
	}
	return nil
}

func hour(ms int64) string { return time.UnixMilli(ms).In(calendar.Zone).Format("15:04") }

// Minutes reads a time of day of a field, as minutes after midnight.
func Minutes(field, text string) (int, error) {
	m, ok := minutes(text)
	if !ok {
		return 0, fault.New(fault.Invalid, "duty.time", "时间应如 08:30。", "Write a time as 08:30.").In(field, "应如 08:30", "like 08:30")
	}
	return m, nil
}

// minutes reads 8:30 or 08:30 as minutes after midnight; 24:00 is the end of the day.
func minutes(cell string) (int, bool) {
	h, m, ok := strings.Cut(strings.ReplaceAll(strings.TrimSpace(cell), "：", ":"), ":")
	hours, err1 := strconv.Atoi(h)
	mins, err2 := strconv.Atoi(m)
	if !ok || err1 != nil || err2 != nil || hours < 0 || hours > 24 || mins < 0 || mins > 59 || hours == 24 && mins > 0 {
		return 0, false
	}
	return (hours*60 + mins), true
}
