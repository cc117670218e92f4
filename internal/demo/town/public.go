package town

import (
	"fmt"
	"strings"
)

// publicSort is a kind of public place: how many, how far apart (metres), how far
// behind the door line (metres), when open, and names; without names it is named
// after its street.
type publicSort struct {
	kind          string
	count         int
	apart, set    float64
	opens, closes int
	names         string
}

var publicSorts = []publicSort{
	{"market", 9, 420, 30, 6, 19, "中心农贸市场 东门集贸市场 西关农贸市场 河东综合市场 老街早市 新区生鲜市场 车站集贸市场 柳林便民市场 南环临时疏导点"},
	{"school", 9, 300, 45, 7, 21, "青溪县第一中学 青溪县第二中学 青溪县民族中学 青溪镇中心小学 实验小学 文昌小学 河东小学 职业高级中学 特殊教育学校"},
	{"kindergarten", 5, 250, 30, 7, 18, "县幼儿园 金竹幼儿园 小太阳幼儿园 彩虹幼儿园 滨河幼儿园"},
	{"hospital", 4, 300, 45, 0, 24, "县人民医院 县中医医院 县妇幼保健院 青溪镇卫生院"},
	{"clinic", 6, 200, 0, 8, 20, "老街卫生服务站 河东卫生服务站 文昌诊所 仁安诊所 新区卫生服务站 安康口腔诊所"},
	{"community", 18, 200, 45, 0, 24, `
		青溪花园 滨河苑 金竹小区 文昌苑 民族团结小区 教师新村 县府家属院 糖厂家属院 茶厂家属院
		东升雅苑 柳岸人家 水岸新城 云台山庄 新区安居苑 河东安置小区 车站小区 供销社家属院 鼓楼苑`},
	{"site", 12, 180, 40, 7, 19, `
		滨河棚改二期工地 青溪商贸城工地 县医院新住院楼工地 民族中学学生宿舍工地 新区污水管网工地 老街改造工地
		水岸新城三期工地 客运站迁建工地 文昌路网工地 河东安置房工地 智慧停车楼工地 云台隧道连接线工地`},
	{"urban-village", 6, 500, 55, 0, 24, "竹林坡村 西关村 渡口村 柳林村 水碾村 南坡村"},
	{"bus-station", 1, 0, 35, 6, 20, "青溪客运站"},
	{"water-plant", 1, 0, 50, 0, 24, "青溪县自来水厂"},
	{"sewage-plant", 1, 0, 50, 0, 24, "青溪县污水处理厂"},
	{"river-section", 6, 350, -25, 0, 24, "青溪河西关段 青溪河渡口段 青溪河青溪桥段 青溪河湿地段 青溪河风雨桥段 青溪河水碾段"},
	{"transfer-station", 11, 330, 25, 0, 24, ""},
	{"toilet", 46, 130, 12, 0, 24, ""},
	{"parking", 24, 140, 20, 0, 24, ""},
	{"bus-stop", 40, 110, -6, 0, 24, ""},
	{"notice-board", 60, 80, 0, 0, 24, ""},
	{"collection-point", 262, 48, 4, 0, 24, ""},
	{"building", 150, 45, 28, 0, 24, ""},
}

// openPublic opens every public place, well apart from the others of its kind.
func (b *builder) openPublic() {
	// Shops took the busiest doors; what is public lies anywhere.
	b.r.Shuffle(len(b.doors), func(i, j int) { b.doors[i], b.doors[j] = b.doors[j], b.doors[i] })
	for _, s := range publicSorts {
		names := strings.Fields(s.names)
		var others []Point
		for i := range s.count {
			d := b.take(others, s.apart)
			others = append(others, d.at)
			name := fmt.Sprintf("%s%d号%s", d.street, d.number, KindNames[s.kind])
			if len(names) > 0 {
				name = names[i]
			}
			p := b.open(s.kind, name, d, s.set)
			p.Opens, p.Closes = s.opens, s.closes
		}
	}
}

// openOffices gives every unit whose seat is in the town its office; the outer townships have theirs elsewhere.
func (b *builder) openOffices() {
	for _, u := range b.Units {
		if u.Sort == "township" && u.Role == "" {
			continue
		}
		p := b.open("office", u.Short+"办公区", b.take(nil, 0), 20)
		p.Opens, p.Closes, p.UnitCode = 8, 18, u.Code
	}
}

// openGreens registers the parks and squares.
func (b *builder) openGreens() {
	for _, park := range b.Parks {
		kind := "park"
		if park.Square {
			kind = "square"
		}
		centre := park.Ring.centre()
		c := centre.lonLat()
		p := b.open(kind, park.Name, door{street: b.nearestStreet(centre), at: centre, area: b.AreaAt(c[0], c[1])}, 0)
		p.DoorPlate, p.Address = "", CountyName+"青溪镇"+park.Name
	}
}

// openRoads registers each street as a place of its own, at its middle.
func (b *builder) openRoads() {
	for _, s := range b.Streets {
		mid := s.path[len(s.path)/2]
		c := mid.lonLat()
		p := b.open("road", s.Name+"全段", door{street: s.Name, at: mid, area: b.AreaAt(c[0], c[1])}, 0)
		p.DoorPlate, p.Address = "", CountyName+"青溪镇"+s.Name
	}
}

func (t *Town) nearestStreet(p Point) string {
	best, name := 1e9, ""
	for _, s := range t.Streets {
		if d := metresToLine(p, s.path); d < best {
			best, name = d, s.Name
		}
	}
	return name
}
