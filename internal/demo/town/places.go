package town

import (
	"fmt"
	"math/rand/v2"
)

// Place is one 点位 with a code for its QR label.
type Place struct {
	Code     string // six characters of a base-31 alphabet without 0, 1, I, L and O
	Name     string
	Kind     string
	Lat, Lon float64 // degrees WGS-84
	AreaCode string
	Street   string
	// DoorPlate is the number in the street, such as 128号; "" where there is none.
	DoorPlate string
	Address   string
	// UnitCode is the responsible unit.
	UnitCode string
	// Opens and Closes are hours of the day; 0 and 24 mean always.
	Opens, Closes int
	// Keeper and Phone are the shop's invented keeper; "" for other kinds.
	Keeper, Phone string
}

// IsShop tells whether the place is a shop with 门前三包 duties.
func (p Place) IsShop() bool { return p.Keeper != "" }

// KindNames are the Chinese names of the kinds of place.
var KindNames = map[string]string{
	"market": "农贸市场", "toilet": "公厕", "transfer-station": "垃圾中转站", "collection-point": "垃圾收集点",
	"school": "学校", "kindergarten": "幼儿园", "hospital": "医院", "clinic": "诊所", "community": "小区",
	"site": "施工工地", "square": "广场", "park": "公园", "bus-station": "客运站", "office": "单位",
	"urban-village": "城中村", "water-plant": "水厂", "sewage-plant": "污水处理厂", "river-section": "河段",
	"bus-stop": "公交站台", "parking": "停车场", "notice-board": "宣传栏", "road": "路段", "building": "居民楼栋",
	"catering": "小餐饮店", "food-shop": "小食品店", "hair": "小美容美发店", "hotel": "小旅店", "bath": "小浴室",
	"karaoke": "小歌舞厅", "hardware": "五金店", "clothes": "服装店", "supermarket": "超市", "fruit": "水果店",
	"pharmacy": "药店", "repair": "汽修摩修店", "workshop": "食品小作坊", "phone": "手机店", "other-shop": "其他店铺",
}

// roleOfKind is the role of the unit responsible for a kind of place; a kind that is
// missing falls to the lead unit of the area.
var roleOfKind = map[string]string{
	"market": "shichang", "toilet": "huanwei", "transfer-station": "huanwei", "collection-point": "huanwei",
	"school": "jiaoti", "kindergarten": "jiaoti", "hospital": "weijian", "clinic": "weijian", "site": "zhujian",
	"square": "yuanlin", "park": "yuanlin", "bus-station": "jiaoyun", "urban-village": "chengguanzhen",
	"water-plant": "gongshui", "sewage-plant": "huanbao", "river-section": "shuiwu", "bus-stop": "jiaoyun",
	"parking": "jiaojing", "road": "chengguan", "catering": "shichang", "food-shop": "shichang",
	"supermarket": "shichang", "workshop": "shichang", "pharmacy": "shichang", "hair": "weijian",
	"hotel": "weijian", "bath": "weijian", "karaoke": "weijian", "hardware": "chengguan", "clothes": "chengguan",
	"fruit": "chengguan", "repair": "chengguan", "phone": "chengguan", "other-shop": "chengguan",
}

// openPlaces gives every place a door, a name, a code and a responsible unit.
func (t *Town) openPlaces() {
	b := &builder{
		Town: t, r: t.stream("places"), names: map[string]int{}, codes: map[string]bool{},
		keepers: newNamer(t.stream("keepers")),
	}
	b.doors = t.doors(b.r)
	b.openShops()
	b.openPublic()
	b.openOffices()
	b.openGreens()
	b.openRoads()
}

// builder holds what opening places uses up.
type builder struct {
	*Town
	r       *rand.Rand
	doors   []door
	names   map[string]int
	codes   map[string]bool
	keepers *namer
}

// open adds a place at a door; set is how many metres behind the door line it stands.
func (b *builder) open(kind, name string, d door, set float64) *Place {
	at := Point{d.at.X + d.normal.X*set, d.at.Y + d.normal.Y*set}.lonLat()
	area := b.AreaAt(at[0], at[1])
	if area == "" {
		at, area = d.at.lonLat(), d.area
	}
	plate := fmt.Sprintf("%d号", d.number)
	b.places = append(b.places, Place{
		Code: b.code(), Name: b.unique(name, d.street), Kind: kind, Lon: at[0], Lat: at[1], AreaCode: area,
		Street: d.street, DoorPlate: plate, Address: CountyName + "青溪镇" + d.street + plate,
		UnitCode: b.responsible(kind, area), Opens: 0, Closes: 24,
	})
	return &b.places[len(b.places)-1]
}

func (t *Town) responsible(kind, area string) string {
	switch role := roleOfKind[kind]; {
	case role != "":
		return t.UnitByRole(role).Code
	case kind == "community" || kind == "building" || kind == "notice-board":
		return t.communityOf(area).Code
	}
	return t.Area(area).LeadUnit
}

const codeLetters = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

// code is a fresh place code; six letters leave guessing a hit at about one in 350,000.
func (b *builder) code() string {
	for {
		var c [6]byte
		for i := range c {
			c[i] = codeLetters[b.r.IntN(len(codeLetters))]
		}
		if code := string(c[:]); !b.codes[code] {
			b.codes[code] = true
			return code
		}
	}
}

// unique adds the street, then a number, to a name that is taken.
func (b *builder) unique(name, street string) string {
	b.names[name]++
	if b.names[name] == 1 {
		return name
	}
	name = fmt.Sprintf("%s（%s店）", name, street)
	b.names[name]++
	if n := b.names[name]; n > 1 {
		name = fmt.Sprintf("%s%d号", name, n)
	}
	return name
}

// PlacesOf are the places of one kind.
func (t *Town) PlacesOf(kind string) []Place {
	var list []Place
	for _, p := range t.places {
		if p.Kind == kind {
			list = append(list, p)
		}
	}
	return list
}
