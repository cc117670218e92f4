package town

import (
	"fmt"
	"slices"
)

// Person is one invented cadre.
type Person struct {
	Code  string // P0001 …
	Name  string
	Login string // p0001 …, or a word for the well-known demo logins
	Phone string // 199-0000-xxxx, a form given to nobody
	Unit  string // unit code
	Title string
}

// PostKind is the kind of a post.
type PostKind string

// The posts people hold.
const (
	Commander       PostKind = "commander"        // 指挥长
	ExecutiveDeputy PostKind = "executive-deputy" // 常务副指挥长
	DeputyCommander PostKind = "deputy-commander" // 副指挥长
	GroupLead       PostKind = "group-lead"       // 专项工作组组长; Scope is the group code
	Chief           PostKind = "chief"            // 片长; Scope is the area code
	UnitHead        PostKind = "unit-head"        // 单位主要负责人; Scope is the unit code
	UnitDeputy      PostKind = "unit-deputy"      // 分管负责人
	Liaison         PostKind = "liaison"          // 联络员
	Owner           PostKind = "owner"            // 责任人; Areas says for which areas
	GridMember      PostKind = "grid-member"      // 网格员; Scope is the area code
	Intake          PostKind = "intake"           // 受理员
	Dispatcher      PostKind = "dispatcher"       // 派遣员
	ShiftLead       PostKind = "shift-lead"       // 值班长
	Verifier        PostKind = "verifier"         // 核查员
	Archivist       PostKind = "archivist"        // 资料员
	Administrator   PostKind = "administrator"    // 系统管理员
	Inspector       PostKind = "inspector"        // 巡查员
	Enforcement     PostKind = "enforcement"      // 联合执法队员
	MarketTeam      PostKind = "market-team"      // 市场驻点队员; Scope is the place kind
)

// Post is an office that one person holds. All posts of the demo began before its history.
type Post struct {
	Kind   PostKind
	Person string // person code
	Scope  string // unit, area or group code, by kind; "" for the whole county
	Areas  []string
}

// Leave is an absence, first to last day inclusive, in days from day 0.
type Leave struct {
	Person   string
	From, To int
	Reason   string
}

// Deputising says who answers for a person, first to last day inclusive, in days from day 0.
type Deputising struct {
	For, By  string
	From, To int
}

// hirePeople fills the units and then gives posts to people who have none yet.
func (t *Town) hirePeople() {
	n := newNamer(t.stream("people"))
	t.seatLeaders(n)
	for i := range t.Units {
		t.staffUnit(n, &t.Units[i])
	}
	t.leadAreas()
	t.staffCentre()
	t.appointInspectors()
	t.appointOwners()
	t.formGroups()
	t.grantLeaves()
}

func (t *Town) hire(n *namer, unit, title string) *Person {
	i := len(t.People) + 1
	t.People = append(t.People, Person{
		Code: fmt.Sprintf("P%04d", i), Login: fmt.Sprintf("p%04d", i), Name: n.next(),
		Phone: fmt.Sprintf("199-0000-%04d", i), Unit: unit, Title: title,
	})
	return &t.People[i-1]
}

func (t *Town) appoint(kind PostKind, p *Person, scope string, areas ...string) {
	t.Posts = append(t.Posts, Post{Kind: kind, Person: p.Code, Scope: scope, Areas: areas})
}

// leaderSeats are the 17 county leaders: role of the unit they sit in, and title.
var leaderSeats = [][2]string{
	{"xianwei", "县委书记"}, {"zhengfuban", "县委副书记、县长"},
	{"renda", "县人大常委会主任"}, {"zhengxie", "县政协主席"}, {"xianwei", "县委副书记"},
	{"zhengfuban", "县委常委、常务副县长"}, {"jijian", "县委常委、县纪委书记"},
	{"zuzhi", "县委常委、组织部部长"}, {"xuanchuan", "县委常委、宣传部部长"},
	{"xianwei", "县委常委、政法委书记"}, {"zhengfuban", "副县长（城建）"}, {"zhengfuban", "副县长（卫健、教育）"},
	{"gongan", "副县长、县公安局局长"}, {"zhengfuban", "副县长（农业、水务）"},
	{"renda", "县人大常委会副主任"}, {"zhengxie", "县政协副主席"}, {"xianwei", "县委办公室主任"},
}

// areasPerLeader adds up to the number of areas; the busiest leaders hold three.
var areasPerLeader = []int{1, 1, 3, 2, 2, 3, 2, 2, 2, 2, 2, 2, 3, 2, 2, 2, 1}

func (t *Town) seatLeaders(n *namer) {
	area := 0
	for i, seat := range leaderSeats {
		p := t.hire(n, t.UnitByRole(seat[0]).Code, seat[1])
		kind := DeputyCommander
		switch i {
		case 0:
			kind, p.Login = Commander, "zhihui"
		case 1:
			kind, p.Login = ExecutiveDeputy, "changwu"
		case 5:
			p.Login = "pianzhang"
		}
		t.appoint(kind, p, "")
		for range areasPerLeader[i] {
			t.Areas[area].Chief = p.Code
			t.appoint(Chief, p, t.Areas[area].Code)
			area++
		}
	}
}

// staffUnit hires a unit's head, deputy, liaison and members.
func (t *Town) staffUnit(n *namer, u *Unit) {
	head := t.hire(n, u.Code, headTitle(u.Name))
	if u.Role == "chengguan" {
		head.Login = "chengguan"
	}
	t.appoint(UnitHead, head, u.Code)
	t.appoint(UnitDeputy, t.hire(n, u.Code, deputyTitle(u.Name)), u.Code)
	t.appoint(Liaison, t.hire(n, u.Code, "创卫联络员"), u.Code)
	for i := 3; i < u.Staff; i++ {
		t.hire(n, u.Code, memberTitles[i%len(memberTitles)])
	}
}

// free are the members of a unit who hold no post, in order of hiring.
func (t *Town) free(unit string) []*Person {
	held := map[string]bool{}
	for _, p := range t.Posts {
		held[p.Person] = true
	}
	var list []*Person
	for i := range t.People {
		if p := &t.People[i]; p.Unit == unit && !held[p.Code] {
			list = append(list, p)
		}
	}
	return list
}

// Person is the person with a code; it panics on an unknown one.
func (t *Town) Person(code string) *Person {
	i := slices.IndexFunc(t.People, func(p Person) bool { return p.Code == code })
	return &t.People[i]
}

// Holders are the codes of those who hold a kind of post within a scope; scope "" asks for all.
func (t *Town) Holders(kind PostKind, scope string) []string {
	var list []string
	for _, p := range t.Posts {
		if p.Kind == kind && (scope == "" || p.Scope == scope) {
			list = append(list, p.Person)
		}
	}
	return list
}
