package duty

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/sheet"
	"chuangwei/internal/register/org"

	"github.com/google/uuid"
)

// Taken is what became of one row of a rota.
type Taken struct {
	Row  int
	What string // new, changed, same
	Duty Duty
}

// entry is a row on its way to a duty.
type entry struct {
	row  sheet.Row
	in   Draft
	what string
	old  Duty
}

// TakeIn plans the duties of a rota: a row with the mark of a duty changes it,
// another makes one. All that change let their crews go before any comes, so
// that rows may exchange people whatever their order. Faults of all rows are
// told at once, beside those already found in reading the file; the caller
// keeps nothing when there are any.
func TakeIn(tx *db.Tx, who org.Actor, rows []sheet.Row, bad *sheet.Faults) ([]Taken, error) {
	if who.Scope(org.PlanDuty).Empty() {
		return nil, org.Denied(org.PlanDuty)
	}
	n, err := namesOf(tx)
	if err != nil {
		return nil, err
	}
	list, err := n.entries(tx, who, rows, bad)
	if err != nil {
		return nil, err
	}
	var out []Taken
	for _, e := range list {
		d, err := e.take(tx, who)
		if f, refused := fault.As(err); refused {
			about(bad, e.row, f)
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("duty: row %d: %w", e.row.N, err)
		}
		out = append(out, Taken{e.row.N, e.what, d})
	}
	return out, bad.InOrder()
}

// entries reads all rows, finds what each is about, and lets go the crews of
// what changes; those of wrong rows too, lest others be told of clashes with
// what is not going to be.
func (n tableNames) entries(tx *db.Tx, who org.Actor, rows []sheet.Row, bad *sheet.Faults) ([]entry, error) {
	var out []entry
	seen := map[string]int{}
	for _, row := range rows {
		in, ok := n.draft(row, bad)
		if before := seen[in.ID]; in.ID != "" && before > 0 {
			bad.At(Table, row, "id", "与第%[1]d行是同一次值守，请只留一行", "the same duty as in row %[1]d; keep one of them", before)
			ok = false
		}
		seen[in.ID] = row.N
		if !ok {
			if err := vacate(tx, in.ID); err != nil {
				return nil, err
			}
			continue
		}
		e, err := n.begin(tx, who, row, in)
		if f, refused := fault.As(err); refused {
			about(bad, row, f)
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("duty: row %d: %w", row.N, err)
		}
		out = append(out, e)
	}
	return out, nil
}

// begin says what a row would do, and lets the crew of a duty go that changes.
func (n tableNames) begin(tx *db.Tx, who org.Actor, row sheet.Row, in Draft) (entry, error) {
	e := entry{row: row, in: in, what: "new"}
	if in.ID == "" {
		e.in.ID = uuid.Must(uuid.NewV7()).String()
		return e, n.together(e.in)
	}
	old, err := ByID(tx, in.ID)
	if err != nil {
		return e, err
	}
	e.in.keep(row, old)
	if err := n.together(e.in); err != nil {
		return e, err
	}
	if len(e.in.People) == 0 { // nobody but the leader; with a team, none would mean all of it
		e.in.People = []string{in.Leader}
	}
	e.in.Size, e.in.Team, e.old, e.what = old.Size, old.TeamID, old, "changed"
	d, err := shape(tx, e.in)
	if err != nil {
		return e, err
	}
	if same(d, old) {
		e.what = "same"
		return e, nil
	}
	if err := mayPlan(who, old); err != nil {
		return e, err
	}
	if in.Version != 0 && in.Version != old.Version {
		return e, fault.New(fault.Conflict, "duty.changed", "这次值守在导出之后被改过，请重新导出再改。", "This duty was changed meanwhile; export again.").In("version", "已过时", "out of date")
	}
	return e, vacate(tx, old.ID)
}

// keep leaves as it was what the file has no column for; an empty cell of a
// column that is there empties.
func (in *Draft) keep(row sheet.Row, old Duty) {
	for key, field := range map[string]struct {
		to   *string
		kept string
	}{"name": {&in.Name, old.Name}, "area": {&in.Area, old.AreaID}, "place": {&in.Place, old.PlaceID}, "unit": {&in.Unit, old.UnitID}, "note": {&in.Note, old.Note}} {
		if !row.Has(key) {
			*field.to = field.kept
		}
	}
	if !row.Has("area") && in.Place != "" {
		in.Area = "" // the place says where it lies
	}
	if !row.Has("people") { // whom the column names: all but the leader
		in.People = slices.DeleteFunc(old.Crew(), func(id string) bool { return id == old.LeaderID })
	}
}

// together refuses a place outside the area.
func (n tableNames) together(in Draft) error {
	if in.Area != "" && in.Place != "" && n.areaOf[in.Place] != in.Area {
		return fault.New(fault.Invalid, "duty.outside", "点位“%[1]s”不在这个片区，请改正或留空", "the place %[1]q is not in this area; correct it or leave it empty", n.places.said[in.Place]).
			In("area", "点位不在这个片区", "the place is elsewhere")
	}
	return nil
}

// take plans what the row says.
func (e entry) take(tx *db.Tx, who org.Actor) (Duty, error) {
	switch e.what {
	case "new":
		return Plan(tx, who, e.in)
	case "changed":
		return change(tx, who, e.old, e.in)
	}
	return e.old, nil
}

func same(a, b Duty) bool {
	return a.Kind == b.Kind && a.Name == b.Name && a.AreaID == b.AreaID && a.PlaceID == b.PlaceID && a.FromAt == b.FromAt && a.ToAt == b.ToAt &&
		a.LeaderID == b.LeaderID && a.UnitID == b.UnitID && a.Note == b.Note && slices.Equal(a.Crew(), b.Crew())
}

// about tells a refusal of the noun at the cells it is about.
func about(bad *sheet.Faults, row sheet.Row, f *fault.Fault) {
	if len(f.Fields) == 0 {
		bad.At(Table, row, "on", "%[1]s", "%[2]s", f.Text.ZH, f.Text.EN)
	}
	for _, field := range f.Fields {
		key, said := field.Name, f.Text
		if f.Code == "input.invalid" { // its text is of all fields together
			said = field.Text
		}
		if !slices.ContainsFunc(Table.Columns, func(c sheet.Column) bool { return c.Key == key }) {
			key = "on"
		}
		bad.At(Table, row, key, "%[1]s", "%[2]s", said.ZH, said.EN)
	}
}

// draft reads a row; false when a cell is wrong. What the sheet asks for and
// does not find it has said itself.
func (n tableNames) draft(row sheet.Row, found *sheet.Faults) (Draft, bool) {
	ok := !row.Wrong()
	bad := func(key, zh, en string, args ...any) {
		found.At(Table, row, key, zh, en, args...)
		ok = false
	}
	look := func(key string, in words, zh string) string {
		cell := strings.TrimSpace(row.Cells[key])
		id, twice := in.find(cell)
		switch {
		case cell == "":
			return ""
		case id == "":
			bad(key, "没有叫“%[1]s”的%[2]s", "there is no %[3]s %[1]q", cell, zh, key)
		case twice:
			bad(key, "有几个%[2]s叫“%[1]s”，请改填编号", "several have the %[3]s %[1]q; write the code", cell, zh, key)
			return ""
		}
		return id
	}
	clock := func(key string) int {
		m, _ := minutes(row.Cells[key]) // the sheet lets nothing else through
		return m
	}
	person := func(key, cell string) string {
		cell = strings.NewReplacer("（", "(", "）", ")").Replace(strings.TrimSpace(cell))
		id, twice := n.persons.find(cell)
		switch {
		case cell == "":
		case id == "":
			bad(key, "没有“%[1]s”这个人", "nobody is called %[1]q", cell)
		case twice:
			bad(key, "有几个人叫“%[1]s”，请写成 姓名(编号)", "several people are called %[1]q; add the code in brackets", cell)
		}
		return id
	}
	in := Draft{ID: strings.TrimSpace(row.Cells["id"]), On: row.Cells["on"], From: clock("from"), To: clock("to"), Name: row.Cells["name"], Note: row.Cells["note"],
		Kind: look("kind", n.kinds, "值守类型"), Area: look("area", n.areas, "片区"), Place: look("place", n.places, "点位"), Unit: look("unit", n.units, "单位"),
		Leader: person("leader", row.Cells["leader"])}
	for _, cell := range strings.FieldsFunc(row.Cells["people"], func(r rune) bool { return strings.ContainsRune("、,，;；\n", r) }) {
		in.People = append(in.People, person("people", cell))
	}
	if cell := strings.TrimSpace(row.Cells["version"]); cell != "" {
		v, err := strconv.ParseInt(cell, 10, 64)
		if err != nil || v < 1 {
			bad("version", "“%[1]s”不是版本号，请勿改动这一列", "%[1]q is no version; leave this column as it was", cell)
		}
		in.Version = v
	}
	return in, ok
}
