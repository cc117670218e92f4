package town

import "fmt"

// WorkGroup is one of the headquarters' nine 专项工作组.
type WorkGroup struct {
	Code     string // G1 … G9
	Name     string
	Lead     string // person code of the deputy commander who leads it
	LeadUnit string
	Units    []string
}

var groupLines = []struct {
	name, lead string
	others     []string
}{
	{"综合协调组", "aiweiban", []string{"zhengfuban", "xianwei", "caizheng", "weijian"}},
	{"宣传教育组", "xuanchuan", []string{"rongmei", "jiaoti", "tuanwei", "fulian"}},
	{"市容环境整治组", "chengguan", []string{"huanwei", "zhujian", "jiaojing", "yuanlin"}},
	{"农贸市场整治组", "shichang", []string{"chengguan", "shangwu", "chengguanzhen"}},
	{"食品安全与“三小”整治组", "shichang", []string{"weijian", "jiaoti", "nongye"}},
	{"公共场所与饮用水卫生组", "weijian", []string{"shuiwu", "gongshui", "wenlv"}},
	{"病媒生物与传染病防控组", "jikong", []string{"aiweiban", "weijian", "yiyuan"}},
	{"城中村与社区整治组", "chengguanzhen", []string{"minzheng", "zhujian", "nongye"}},
	{"督查考核组", "jijian", []string{"zuzhi", "xianwei", "zhengfuban"}},
}

// formGroups sets up the work groups; deputy commanders lead them in order.
func (t *Town) formGroups() {
	deputies := t.Holders(DeputyCommander, "")
	for i, line := range groupLines {
		g := WorkGroup{
			Code: fmt.Sprintf("G%d", i+1), Name: line.name,
			Lead: deputies[i+2], LeadUnit: t.UnitByRole(line.lead).Code,
		}
		for _, role := range line.others {
			g.Units = append(g.Units, t.UnitByRole(role).Code)
		}
		t.Groups = append(t.Groups, g)
		t.appoint(GroupLead, t.Person(g.Lead), g.Code)
	}
}

// leadAreas gives every area a lead unit of its own and three grid members from it.
func (t *Town) leadAreas() {
	var able []*Unit
	for i := range t.Units {
		u := &t.Units[i]
		if u.Staff >= 8 && (u.Sort == "government" || u.Sort == "party" || u.Sort == "public" || u.Sort == "justice") {
			able = append(able, u)
		}
	}
	r := t.stream("area leads")
	r.Shuffle(len(able), func(i, j int) { able[i], able[j] = able[j], able[i] })
	for i := range t.Areas {
		a := &t.Areas[i]
		a.LeadUnit = able[i].Code
		for k, p := range t.free(a.LeadUnit)[1 : 1+gridsEach] {
			a.GridMembers = append(a.GridMembers, p.Code)
			t.appoint(GridMember, p, a.Code, a.Grids[k].Code)
		}
	}
}

// centreDesks are the eleven seats of the management centre: post, the role of the
// unit the person comes from, and a well-known login.
var centreDesks = []struct {
	kind        PostKind
	role, login string
}{
	{ShiftLead, "aiweiban", "zhiban"}, {ShiftLead, "zhengfuban", ""},
	{Intake, "weijian", "shouli"}, {Intake, "rongmei", ""},
	{Dispatcher, "chengguan", "diaodu"}, {Dispatcher, "zhujian", ""},
	{Verifier, "jijian", "hecha"}, {Verifier, "shichang", ""}, {Verifier, "chengguan", ""},
	{Archivist, "xuanchuan", "ziliao"}, {Administrator, "zhengfuban", "guanli"},
}

func (t *Town) staffCentre() {
	for _, d := range centreDesks {
		free := t.free(t.UnitByRole(d.role).Code)
		p := free[len(free)-1]
		if d.login != "" {
			p.Login = d.login
		}
		t.appoint(d.kind, p, "")
	}
}

// secondments are how many people each unit lends as inspectors, to the market team
// and to the roving joint enforcement.
var secondments = []struct {
	role                        string
	inspect, market, enforceNum int
}{
	{"chengguan", 4, 2, 26}, {"shichang", 2, 2, 20}, {"weijian", 2, 0, 10}, {"huanwei", 2, 0, 6},
	{"zhujian", 1, 0, 8}, {"jiaojing", 1, 1, 18}, {"gongan", 0, 1, 10}, {"jiaoyun", 0, 0, 6},
}

func (t *Town) appointInspectors() {
	for _, s := range secondments {
		free := t.free(t.UnitByRole(s.role).Code)
		for i := range s.inspect + s.market + s.enforceNum {
			p := free[len(free)-1-i]
			switch {
			case i < s.inspect:
				t.appoint(Inspector, p, "")
			case i < s.inspect+s.market:
				t.appoint(MarketTeam, p, "market")
			default:
				t.appoint(Enforcement, p, "")
			}
		}
	}
	t.Person(t.Holders(Inspector, "")[0]).Login = "xuncha"
	t.Person(t.Holders(MarketTeam, "")[0]).Login = "zhudian"
}

// appointOwners makes up to four members of each unit owners and shares the areas among them.
func (t *Town) appointOwners() {
	for i := range t.Units {
		u := &t.Units[i]
		free := t.free(u.Code)
		free = free[:min(len(free), 4)]
		for j, p := range free {
			t.appoint(Owner, p, u.Code, t.shareOfAreas(j, len(free))...)
		}
		if len(free) > 0 && (u.Role == "shichang" || u.Role == "chengguan") {
			free[0].Login = map[string]string{"shichang": "shichang", "chengguan": "zeren"}[u.Role]
		}
	}
}

// shareOfAreas is the j-th of n runs of area codes.
func (t *Town) shareOfAreas(j, n int) []string {
	var codes []string
	for i, a := range t.Areas {
		if i*n/len(t.Areas) == j {
			codes = append(codes, a.Code)
		}
	}
	return codes
}

// OwnerFor is the person code of the unit's owner for an area; the unit's liaison answers when nobody owns.
func (t *Town) OwnerFor(unit, area string) string {
	for _, p := range t.Posts {
		if p.Kind != Owner || p.Scope != unit {
			continue
		}
		for _, a := range p.Areas {
			if a == area {
				return p.Person
			}
		}
	}
	return t.Holders(Liaison, unit)[0]
}

var leaveReasons = []string{"年休假", "病假", "外出培训", "驻村轮换", "婚假", "陪产假", "出差"}

// grantLeaves spreads absences around day 0 over heads and owners, each with a deputy of the same unit.
func (t *Town) grantLeaves() {
	r := t.stream("leaves")
	for _, p := range t.Posts {
		if p.Kind != Owner && p.Kind != UnitHead || !chance(r, 0.09) {
			continue
		}
		from := r.IntN(24) - 16
		to := from + 1 + r.IntN(7)
		t.Leaves = append(t.Leaves, Leave{p.Person, from, to, pick(r, leaveReasons)})
		by := t.Holders(UnitDeputy, p.Scope)[0]
		if p.Kind == Owner {
			by = t.Holders(Liaison, p.Scope)[0]
		}
		t.Deputes = append(t.Deputes, Deputising{p.Person, by, from, to})
	}
}
