package workbook

import (
	"errors"
	"slices"
	"strings"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/sheet"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/place"
)

// pair is a code of ours with the word people choose.
type pair struct{ code, zh string }

func words(list []pair) []string {
	out := make([]string, len(list))
	for i, p := range list {
		out[i] = p.zh
	}
	return out
}

func codeOf(list []pair, zh string) string {
	for _, p := range list {
		if p.zh == zh {
			return p.code
		}
	}
	return ""
}

func wordOf(list []pair, code string) string {
	for _, p := range list {
		if p.code == code {
			return p.zh
		}
	}
	return code
}

var unitSorts = []pair{{"unit", "部门"}, {"group", "工作组"}, {"centre", "创卫中心"}, {"team", "队伍"}}

var units = page{
	table: sheet.Table{Name: "单位", Columns: []sheet.Column{
		{Key: "code", Title: "单位编号", Need: true, Hint: "本县自己的编号，以后更新靠它对应"}, {Key: "name", Title: "全称", Need: true}, {Key: "short", Title: "简称", Need: true},
		{Key: "sort", Title: "类别", Need: true, Choices: words(unitSorts)},
		{Key: "role", Title: "业务代号", Hint: "问题类型按它找牵头单位，如 chengguan；没有就留空"},
	}},
	write: func(tx *db.Tx, put func(map[string]string) error) error {
		list, err := org.Units(tx)
		for _, u := range list {
			if err == nil {
				err = put(unitCells(u))
			}
		}
		return err
	},
	take: takeUnit,
}

func unitCells(u org.Unit) map[string]string {
	return map[string]string{"code": u.Code, "name": u.Name, "short": u.Short, "sort": wordOf(unitSorts, u.Sort), "role": u.Role}
}

func takeUnit(in *intake, row sheet.Row) error {
	if !in.once("code") {
		return nil
	}
	was, err := org.UnitByCode(in.tx, row.Cells["code"])
	isNew := errors.Is(err, db.ErrNone)
	if err != nil && !isNew {
		return err
	}
	u := org.Unit{ID: was.ID, Code: row.Cells["code"], Name: row.Cells["name"], Short: row.Cells["short"], Sort: codeOf(unitSorts, row.Cells["sort"]), Role: in.or("role", was.Role)}
	if isNew {
		u.ID = fresh()
		in.added(u.Code, u.Name)
		return in.refused("code", org.AddUnit(in.tx, in.who, u))
	}
	said := in.differences(unitCells(was))
	if len(said) == 0 {
		in.report.Same++
		return nil
	}
	in.changed(u.Code, u.Name, said)
	return in.refused("code", org.ChangeUnit(in.tx, in.who, u))
}

var people = page{
	table: sheet.Table{Name: "人员", Columns: []sheet.Column{
		{Key: "code", Title: "人员编号", Need: true}, {Key: "name", Title: "姓名", Need: true}, {Key: "unit", Title: "单位编号", Need: true},
		{Key: "title", Title: "职务"}, {Key: "phone", Title: "手机"}, {Key: "login", Title: "账号", Need: true, Hint: "登录用，小写字母和数字"},
		{Key: "password", Title: "初始密码", Hint: "只在新建或重设时填写，至少8位；导出时总是空的"}, {Key: "left", Title: "离开日期", Kind: sheet.Day},
	}},
	write: func(tx *db.Tx, put func(map[string]string) error) error {
		codes, err := unitCodes(tx)
		if err != nil {
			return err
		}
		list, err := org.Persons(tx)
		for _, p := range list {
			if err == nil {
				err = put(personCells(p, codes))
			}
		}
		return err
	},
}

func init() { // its reader reads the password column of this very page
	for i := range pages {
		if pages[i].table.Name == people.table.Name {
			pages[i].take = takePerson
		}
	}
}

func unitCodes(tx *db.Tx) (map[string]string, error) {
	list, err := org.Units(tx)
	out := map[string]string{}
	for _, u := range list {
		out[u.ID] = u.Code
	}
	return out, err
}

func personCells(p org.Person, units map[string]string) map[string]string {
	return map[string]string{"code": p.Code, "name": p.Name, "unit": units[p.UnitID], "title": p.Title, "phone": p.Phone, "login": p.Login, "left": p.LeftOn}
}

// shortest is the fewest characters of a first password.
const shortest = 8

func takePerson(in *intake, row sheet.Row) error {
	if !in.once("code") {
		return nil
	}
	unit, err := in.unit("unit")
	if err != nil {
		return err
	}
	if p := row.Cells["password"]; p != "" && len([]rune(p)) < shortest {
		in.wrong("password", "初始密码至少 %[1]d 位", "a password has at least %[1]d characters", shortest)
	}
	was, err := org.PersonByCode(in.tx, row.Cells["code"])
	isNew := errors.Is(err, db.ErrNone)
	if err != nil && !isNew {
		return err
	}
	if taken, err := in.loginTaken(was.ID); err != nil || taken || unit == "" {
		return err
	}
	p := org.Person{ID: was.ID, Code: row.Cells["code"], Name: row.Cells["name"], Login: strings.ToLower(row.Cells["login"]), Password: in.hashes[row.Cells["password"]],
		Phone: in.or("phone", was.Phone), UnitID: unit, Title: in.or("title", was.Title), Lang: "zh", LeftOn: in.or("left", was.LeftOn)}
	if isNew {
		p.ID = fresh()
		in.added(p.Code, p.Name)
		return in.refused("code", org.AddPerson(in.tx, in.who, p))
	}
	said := in.differences(personCells(was, in.units))
	if p.Password != "" {
		said = append(said, "重设密码")
	}
	if len(said) == 0 {
		in.report.Same++
		return nil
	}
	in.changed(p.Code, p.Name, said)
	return in.refused("code", org.ChangePerson(in.tx, in.who, p))
}

func (in *intake) loginTaken(own string) (bool, error) {
	id, err := db.Value[string](in.tx, `SELECT id FROM persons WHERE login = $1`, strings.ToLower(in.row.Cells["login"]))
	if errors.Is(err, db.ErrNone) || err == nil && id == own {
		return false, nil
	}
	if err == nil {
		in.wrong("login", "账号“%[1]s”已有人用", "the sign-in name %[1]q is taken", in.row.Cells["login"])
	}
	return true, err
}

var roles = []pair{
	{string(org.Commander), "指挥长"}, {string(org.ExecutiveDeputy), "常务副指挥长"}, {string(org.DeputyCommander), "副指挥长"}, {string(org.GroupLead), "专项工作组组长"},
	{string(org.Chief), "片长"}, {string(org.UnitHead), "单位主要负责人"}, {string(org.UnitDeputy), "分管负责人"}, {string(org.Liaison), "联络员"},
	{string(org.Owner), "责任人"}, {string(org.GridMember), "网格员"}, {string(org.Intake), "受理员"}, {string(org.Dispatcher), "派遣员"}, {string(org.ShiftLead), "值班长"},
	{string(org.Verifier), "核查员"}, {string(org.Archivist), "资料员"}, {string(org.Administrator), "系统管理员"}, {string(org.Inspector), "巡查员"},
	{string(org.Enforcement), "联合执法队员"}, {string(org.MarketTeam), "市场驻点队员"},
}

var offices = page{
	table: sheet.Table{Name: "岗位", Columns: []sheet.Column{
		{Key: "role", Title: "岗位", Need: true, Choices: words(roles)}, {Key: "person", Title: "人员编号", Need: true},
		{Key: "unit", Title: "单位编号", Hint: "岗位管哪个单位；全县性的岗位留空"}, {Key: "areas", Title: "片区编号", Hint: "管哪些片区或网格，几个之间用顿号；全县性的留空"},
		{Key: "from", Title: "起始日期", Need: true, Kind: sheet.Day}, {Key: "to", Title: "截止日期", Kind: sheet.Day},
	}},
	write: writeOffices,
	take:  takeOffice,
}

func writeOffices(tx *db.Tx, put func(map[string]string) error) error {
	codes, err := unitCodes(tx)
	if err != nil {
		return err
	}
	who, err := personCodes(tx)
	if err != nil {
		return err
	}
	where, err := areaCodes(tx)
	if err != nil {
		return err
	}
	list, err := org.Offices(tx)
	for _, o := range list {
		var at []string
		for _, id := range o.Areas {
			at = append(at, where[id])
		}
		slices.Sort(at)
		if err == nil {
			err = put(map[string]string{"role": wordOf(roles, string(o.Role)), "person": who[o.PersonID], "unit": codes[o.UnitID], "areas": strings.Join(at, "、"), "from": o.FromOn, "to": o.ToOn})
		}
	}
	return err
}

func personCodes(tx *db.Tx) (map[string]string, error) {
	list, err := org.Persons(tx)
	out := map[string]string{}
	for _, p := range list {
		out[p.ID] = p.Code
	}
	return out, err
}

func areaCodes(tx *db.Tx) (map[string]string, error) {
	out := map[string]string{}
	for _, list := range []func(*db.Tx) ([]place.Area, error){place.Areas, place.Grids} {
		areas, err := list(tx)
		if err != nil {
			return nil, err
		}
		for _, a := range areas {
			out[a.ID] = a.Code
		}
	}
	return out, nil
}

// takeOffice adds an office, or changes until when a known one is held.
func takeOffice(in *intake, row sheet.Row) error {
	unit, err := in.unit("unit")
	if err != nil {
		return err
	}
	person, err := in.person("person")
	if err != nil {
		return err
	}
	at, err := in.named("areas")
	if err != nil || person == "" {
		return err
	}
	to := row.Cells["to"]
	if to != "" && to < row.Cells["from"] {
		in.wrong("to", "截止日期早于起始日期", "it ends before it begins")
	}
	role := org.Role(codeOf(roles, row.Cells["role"]))
	list := in.terms
	i := slices.IndexFunc(list, func(o org.Office) bool {
		return o.Role == role && o.PersonID == person && o.UnitID == unit && o.FromOn == row.Cells["from"] && slices.Equal(slices.Sorted(slices.Values(o.Areas)), at)
	})
	name := row.Cells["role"] + " " + row.Cells["person"]
	if i < 0 {
		in.added(row.Cells["person"], name)
		return in.appoint(org.Post{ID: fresh(), Role: role, Name: row.Cells["role"], UnitID: unit, Areas: at}, org.Term{ID: fresh(), PersonID: person, FromOn: row.Cells["from"], ToOn: to})
	}
	if list[i].ToOn == to {
		in.report.Same++
		return nil
	}
	in.changed(row.Cells["person"], name, []string{"截止日期：" + orNothing(list[i].ToOn) + " → " + orNothing(to)})
	return in.refused("to", org.EndTerm(in.tx, in.who, list[i].Term.ID, to))
}

func (in *intake) appoint(p org.Post, t org.Term) error {
	if err := org.AddPost(in.tx, in.who, p); err != nil {
		return in.refused("role", err)
	}
	t.PostID = p.ID
	return in.refused("role", org.AddTerm(in.tx, in.who, t))
}

// named reads a list of codes of areas and grids into sorted ids.
func (in *intake) named(key string) (ids []string, err error) {
	for _, code := range strings.FieldsFunc(in.row.Cells[key], func(r rune) bool { return strings.ContainsRune("、，,;； ", r) }) {
		a, err := place.AreaByCode(in.tx, code)
		if errors.Is(err, db.ErrNone) {
			in.wrong(key, "没有编号为“%[1]s”的片区", "no area has the code %[1]q", code)
			continue
		}
		if err != nil {
			return nil, err
		}
		ids = append(ids, a.ID)
	}
	slices.Sort(ids)
	return ids, nil
}

var deputies = page{
	table: sheet.Table{Name: "代理", Columns: []sheet.Column{
		{Key: "person", Title: "人员编号", Need: true}, {Key: "deputy", Title: "代理人编号", Need: true},
		{Key: "from", Title: "起始日期", Need: true, Kind: sheet.Day}, {Key: "to", Title: "截止日期", Need: true, Kind: sheet.Day},
	}},
	write: func(tx *db.Tx, put func(map[string]string) error) error {
		who, err := personCodes(tx)
		if err != nil {
			return err
		}
		list, err := org.Deputies(tx)
		for _, d := range list {
			if err == nil {
				err = put(map[string]string{"person": who[d.PersonID], "deputy": who[d.DeputyID], "from": d.FromOn, "to": d.ToOn})
			}
		}
		return err
	},
	take: takeDeputy,
}

func takeDeputy(in *intake, row sheet.Row) error {
	person, err := in.person("person")
	if err != nil {
		return err
	}
	deputy, err := in.person("deputy")
	if err != nil || person == "" || deputy == "" {
		return err
	}
	if person == deputy {
		in.wrong("deputy", "不能代理自己", "nobody stands in for themselves")
	}
	if row.Cells["to"] < row.Cells["from"] {
		in.wrong("to", "截止日期早于起始日期", "it ends before it begins")
	}
	d := org.Deputising{PersonID: person, DeputyID: deputy, FromOn: row.Cells["from"], ToOn: row.Cells["to"]}
	for _, known := range in.stands {
		if d.ID = known.ID; d == known {
			in.report.Same++
			return nil
		}
	}
	d.ID = fresh()
	in.added(row.Cells["person"], row.Cells["person"]+" ← "+row.Cells["deputy"])
	return in.refused("person", org.AddDeputy(in.tx, in.who, d))
}
