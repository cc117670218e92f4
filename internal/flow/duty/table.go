package duty

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/sheet"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/place"

	"github.com/google/uuid"
)

// Table is a rota as a sheet, out and in. People are written 姓名(编号), with
// 、 between; a name alone will do where nobody else has it.
var Table = sheet.Table{Name: "值守", Columns: []sheet.Column{
	{Key: "on", Title: "日期", Kind: sheet.Day, Need: true},
	{Key: "from", Title: "开始", Need: true},
	{Key: "to", Title: "结束", Need: true},
	{Key: "kind", Title: "类型", Need: true},
	{Key: "name", Title: "名称"},
	{Key: "area", Title: "片区"},
	{Key: "place", Title: "点位"},
	{Key: "leader", Title: "组长", Need: true},
	{Key: "people", Title: "队员"},
	{Key: "unit", Title: "安排单位"},
	{Key: "note", Title: "说明"},
	{Key: "id", Title: "系统标识"},
}}

// tableNames is what cells are written and read by.
type tableNames struct {
	names          *org.Book
	kinds          map[string]string // name → id
	areas, places  map[string]string
	units, persons map[string]string
	twice          map[string]bool // names that several persons have
}

func namesOf(tx *db.Tx) (n tableNames, err error) {
	n = tableNames{kinds: map[string]string{}, areas: map[string]string{}, places: map[string]string{}, units: map[string]string{},
		persons: map[string]string{}, twice: map[string]bool{}}
	if n.names, err = org.Names(tx); err != nil {
		return n, err
	}
	kinds, err := Kinds(tx)
	for _, k := range kinds {
		n.kinds[k.Name] = k.ID
	}
	if err != nil {
		return n, err
	}
	areas, err := place.Areas(tx)
	for _, a := range areas {
		n.areas[a.Name], n.areas[a.Code] = a.ID, a.ID
	}
	if err != nil {
		return n, err
	}
	places, err := place.All(tx)
	for _, p := range places {
		n.places[p.Name], n.places[p.Code] = p.ID, p.ID
	}
	if err != nil {
		return n, err
	}
	units, err := org.Units(tx)
	for _, u := range units {
		n.units[u.Name], n.units[u.Short], n.units[u.Code] = u.ID, u.ID, u.ID
	}
	if err != nil {
		return n, err
	}
	persons, err := org.Persons(tx)
	for _, p := range persons {
		if p.LeftOn != "" && p.LeftOn <= string(calendar.On(tx.Time())) {
			continue
		}
		n.twice[p.Name] = n.persons[p.Name] != ""
		n.persons[p.Name], n.persons[p.Name+"("+p.Code+")"] = p.ID, p.ID
	}
	return n, err
}

func (n tableNames) person(id string) string {
	p := n.names.Person(id)
	return p.Name + "(" + p.Code + ")"
}

// Rows writes duties as rows of Table.
func Rows(tx *db.Tx, list []Duty, put func(map[string]string) error) error {
	n, err := namesOf(tx)
	if err != nil {
		return err
	}
	back := func(m map[string]string, id string) string {
		for name, x := range m {
			if x == id && id != "" {
				return name
			}
		}
		return ""
	}
	for _, d := range list {
		people := make([]string, 0, len(d.People))
		for _, id := range d.Crew() {
			if id != d.LeaderID {
				people = append(people, n.person(id))
			}
		}
		row := map[string]string{"on": d.OnDay, "from": hour(d.FromAt), "to": hour(d.ToAt), "kind": back(n.kinds, d.Kind), "name": d.Name,
			"leader": n.person(d.LeaderID), "people": strings.Join(people, "、"), "unit": n.names.Unit(d.UnitID).Name, "note": d.Note, "id": d.ID}
		if a, err := place.AreaByID(tx, d.AreaID); err == nil {
			row["area"] = a.Name
		}
		if d.PlaceID != "" {
			p, err := place.ByID(tx, d.PlaceID)
			if err != nil {
				return err
			}
			row["place"] = p.Code
		}
		if err := put(row); err != nil {
			return err
		}
	}
	return nil
}

func hour(ms int64) string { return time.UnixMilli(ms).In(calendar.Zone).Format("15:04") }

// Taken is what became of one row of a rota.
type Taken struct {
	Row  int
	What string // new, changed, same
	Duty Duty
}

// TakeIn plans the duties of a rota: a row with the mark of a duty changes it,
// another makes one. Faults of all rows are told at once; the caller keeps
// nothing when there are any.
func TakeIn(tx *db.Tx, who org.Actor, rows []sheet.Row) ([]Taken, error) {
	if who.Scope(org.PlanDuty).Empty() {
		return nil, org.Denied(org.PlanDuty)
	}
	n, err := namesOf(tx)
	if err != nil {
		return nil, err
	}
	var out []Taken
	var bad sheet.Faults
	for _, row := range rows {
		in, ok := n.draft(row, &bad)
		if !ok {
			continue
		}
		taken, err := takeRow(tx, who, in)
		if f, refused := fault.As(err); refused {
			about(&bad, row, f)
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("duty: row %d: %w", row.N, err)
		}
		taken.Row = row.N
		out = append(out, taken)
	}
	return out, bad.Err()
}

func takeRow(tx *db.Tx, who org.Actor, in Draft) (Taken, error) {
	if in.ID == "" {
		in.ID = uuid.Must(uuid.NewV7()).String()
		d, err := Plan(tx, who, in)
		return Taken{What: "new", Duty: d}, err
	}
	old, err := ByID(tx, in.ID)
	if err != nil {
		return Taken{}, err
	}
	in.Size, in.Team = old.Size, old.TeamID
	d, err := shape(tx, in)
	if err != nil {
		return Taken{}, err
	}
	if same(d, old) {
		return Taken{What: "same", Duty: old}, nil
	}
	d, err = Change(tx, who, in)
	return Taken{What: "changed", Duty: d}, err
}

func same(a, b Duty) bool {
	return a.Kind == b.Kind && a.Name == b.Name && a.AreaID == b.AreaID && a.PlaceID == b.PlaceID && a.FromAt == b.FromAt && a.ToAt == b.ToAt &&
		a.LeaderID == b.LeaderID && a.UnitID == b.UnitID && a.Note == b.Note && slices.Equal(a.Crew(), b.Crew())
}

// columnOf is the column a field of a draft stands in.
var columnOf = map[string]string{"people": "people", "area": "area", "place": "place", "kind": "kind", "to": "to", "name": "name", "note": "note", "leader": "leader", "on": "on"}

// about tells a refusal of the noun at the cell it is about.
func about(bad *sheet.Faults, row sheet.Row, f *fault.Fault) {
	key := "on"
	if len(f.Fields) > 0 && columnOf[f.Fields[0].Name] != "" {
		key = columnOf[f.Fields[0].Name]
	}
	bad.At(Table, row, key, "%[1]s", "%[2]s", f.Text.ZH, f.Text.EN)
}

// draft reads a row; false when a cell is wrong.
func (n tableNames) draft(row sheet.Row, bad *sheet.Faults) (Draft, bool) {
	ok := true
	wrong := func(key, zh, en string, args ...any) {
		bad.At(Table, row, key, zh, en, args...)
		ok = false
	}
	look := func(key string, in map[string]string, zh string) string {
		cell := strings.TrimSpace(row.Cells[key])
		if id := in[cell]; id != "" || cell == "" {
			return id
		}
		wrong(key, "没有叫“%[1]s”的%[2]s", "there is no %[3]s %[1]q", cell, zh, key)
		return ""
	}
	clock := func(key string) int {
		m, valid := minutes(row.Cells[key])
		if !valid {
			wrong(key, "“%[1]s”不是时间，应如 08:30", "%[1]q is no time; write 08:30", row.Cells[key])
		}
		return m
	}
	person := func(key, cell string) string {
		cell = strings.NewReplacer("（", "(", "）", ")").Replace(strings.TrimSpace(cell))
		id := n.persons[cell]
		if id == "" {
			wrong(key, "没有“%[1]s”这个人", "nobody is called %[1]q", cell)
		} else if n.twice[cell] {
			wrong(key, "有几个人叫“%[1]s”，请写成 姓名(编号)", "several people are called %[1]q; add the code in brackets", cell)
		}
		return id
	}
	in := Draft{ID: strings.TrimSpace(row.Cells["id"]), On: row.Cells["on"], From: clock("from"), To: clock("to"), Name: row.Cells["name"], Note: row.Cells["note"],
		Kind: look("kind", n.kinds, "值守类型"), Area: look("area", n.areas, "片区"), Place: look("place", n.places, "点位"), Unit: look("unit", n.units, "单位"),
		Leader: person("leader", row.Cells["leader"])}
	for _, cell := range strings.FieldsFunc(row.Cells["people"], func(r rune) bool { return strings.ContainsRune("、,，;；\n", r) }) {
		in.People = append(in.People, person("people", cell))
	}
	return in, ok
}

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
