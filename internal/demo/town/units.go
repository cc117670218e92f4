package town

import (
	"fmt"
	"strings"
)

// Unit is one department or other body. Role is the key by which kinds of
// problem name their lead; most bodies have none.
type Unit struct {
	Code  string // U01 … U92
	Name  string
	Short string
	Role  string
	// Sort is party, government, justice, township, community, public or company.
	Sort string
	// Staff is how many of its people take part in the campaign.
	Staff int
}

// unitLines are the 92 units: role key (or -), sort, short name, full name, staff.
const unitLines = `
zhengfuban government 县政府办 青溪县人民政府办公室 14
xianwei party 县委办 中共青溪县委办公室 14
renda party 县人大办 青溪县人大常委会办公室 8
zhengxie party 县政协办 青溪县政协办公室 8
jijian party 县纪委监委 中共青溪县纪律检查委员会 10
zuzhi party 县委组织部 中共青溪县委组织部 9
xuanchuan party 县委宣传部 中共青溪县委宣传部 12
- party 县委统战部 中共青溪县委统一战线工作部 7
- party 县委政法委 中共青溪县委政法委员会 8
- party 县委社会工作部 中共青溪县委社会工作部 7
bianban party 县委编办 中共青溪县委机构编制委员会办公室 5
- party 县委党校 中共青溪县委党校 7
chengguan government 县城管局 青溪县城市管理局 46
shichang government 县市场监管局 青溪县市场监督管理局 38
weijian government 县卫健局 青溪县卫生健康局 30
zhujian government 县住建局 青溪县住房和城乡建设局 26
jiaoti government 县教体局 青溪县教育体育局 20
jiaojing government 县交警大队 青溪县公安局交通警察大队 28
gongan government 县公安局 青溪县公安局 22
shuiwu government 县水务局 青溪县水务局 18
huanbao government 州生态环境局青溪分局 生态环境局青溪分局 14
jiaoyun government 县交运局 青溪县交通运输局 18
ziran government 县自然资源局 青溪县自然资源局 18
nongye government 县农业农村局 青溪县农业农村和科学技术局 20
shangwu government 县商务局 青溪县工业和商务信息化局 13
wenlv government 县文旅局 青溪县文化和旅游局 13
minzheng government 县民政局 青溪县民政局 12
caizheng government 县财政局 青溪县财政局 16
fagai government 县发改局 青溪县发展和改革局 13
yingji government 县应急局 青溪县应急管理局 13
sifa government 县司法局 青溪县司法局 11
- government 县人社局 青溪县人力资源和社会保障局 15
linye government 县林草局 青溪县林业和草原局 14
- government 县审计局 青溪县审计局 9
- government 县统计局 青溪县统计局 10
- government 县医保局 青溪县医疗保障局 9
- government 县退役军人局 青溪县退役军人事务局 8
- government 县乡村振兴服务中心 青溪县乡村振兴服务中心 9
- government 县信访局 青溪县信访局 6
jiguan government 县机关事务中心 青溪县机关事务服务中心 10
zhengwu government 县政务服务局 青溪县政务服务管理局 10
- government 县民宗局 青溪县民族宗教事务局 8
shuiwuju government 县税务局 国家税务总局青溪县税务局 16
- government 县气象局 青溪县气象局 6
yancao company 县烟草专卖局 青溪县烟草专卖局 11
xiaofang government 县消防大队 青溪县消防救援大队 10
- justice 县法院 青溪县人民法院 13
- justice 县检察院 青溪县人民检察院 12
rongmei public 县融媒体中心 青溪县融媒体中心 14
aiweiban public 县爱卫办 青溪县爱国卫生运动委员会办公室 8
jikong public 县疾控中心 青溪县疾病预防控制中心 14
yiyuan public 县人民医院 青溪县人民医院 20
zhongyi public 县中医医院 青溪县中医医院 12
fubao public 县妇幼保健院 青溪县妇幼保健院 9
yizhong public 县一中 青溪县第一中学 14
- public 县职高 青溪县职业高级中学 9
huanwei public 县环卫站 青溪县环境卫生管理站 24
yuanlin public 县园林所 青溪县园林绿化管理所 12
- public 县图书馆 青溪县图书馆 5
- public 县文化馆 青溪县文化馆 6
tuanwei party 团县委 共青团青溪县委员会 6
fulian party 县妇联 青溪县妇女联合会 6
gonghui party 县总工会 青溪县总工会 7
- party 县残联 青溪县残疾人联合会 5
gongxiao company 县供销社 青溪县供销合作社联合社 8
dianli company 县供电局 青溪供电局 14
gongshui company 县供排水公司 青溪县供排水有限责任公司 13
tongxin company 县电信公司 青溪县电信分公司 8
keyun company 县客运公司 青溪县客运有限公司 9
- company 县农商行 青溪农村商业银行 10
- company 县农业银行 农业银行青溪县支行 8
- company 县城投公司 青溪县城市建设投资有限公司 11
chengguanzhen township 青溪镇 青溪镇人民政府 24
- township 云台镇 云台镇人民政府 9
- township 大龙潭镇 大龙潭镇人民政府 9
- township 古榕乡 古榕乡人民政府 7
- township 红石岩乡 红石岩乡人民政府 7
- township 竹箐乡 竹箐乡人民政府 7
- township 双水乡 双水乡人民政府 7
- township 芭蕉河乡 芭蕉河乡人民政府 7
- township 梯田乡 梯田乡人民政府 7
- township 鹿鸣乡 鹿鸣乡人民政府 7
- township 雾露河乡 雾露河乡人民政府 7
- township 核桃坪乡 核桃坪乡人民政府 6
- township 三岔乡 三岔乡人民政府 6
shequ community 县府社区 青溪镇县府社区居民委员会 12
shequ community 老街社区 青溪镇老街社区居民委员会 12
shequ community 滨河社区 青溪镇滨河社区居民委员会 11
shequ community 文昌社区 青溪镇文昌社区居民委员会 11
shequ community 河东社区 青溪镇河东社区居民委员会 10
shequ community 新区社区 青溪镇新区社区居民委员会 10
shequ community 南环社区 青溪镇南环社区居民委员会 10`

// foundUnits reads the unit lines.
func (t *Town) foundUnits() {
	for line := range strings.Lines(unitLines) {
		var u Unit
		if n, _ := fmt.Sscan(line, &u.Role, &u.Sort, &u.Short, &u.Name, &u.Staff); n != 5 {
			continue
		}
		if u.Role == "-" {
			u.Role = ""
		}
		u.Code = fmt.Sprintf("U%02d", len(t.Units)+1)
		t.Units = append(t.Units, u)
	}
}

// UnitByRole is the first unit with a role key; it panics on an unknown one.
func (t *Town) UnitByRole(role string) *Unit {
	for i := range t.Units {
		if t.Units[i].Role == role {
			return &t.Units[i]
		}
	}
	panic("town: no unit has the role " + role)
}

// communityOf is the residents' committee whose ground an area lies on.
func (t *Town) communityOf(area string) *Unit {
	var list []*Unit
	for i := range t.Units {
		if t.Units[i].Role == "shequ" {
			list = append(list, &t.Units[i])
		}
	}
	var number int
	fmt.Sscanf(area, "A%d", &number)
	return list[communityOfArea[number-1]]
}

// communityOfArea holds for each area the index of its community in the order of unitLines.
var communityOfArea = []int{
	0, 0, 0, 3, 3,
	0, 0, 0, 1, 3, 3,
	2, 2, 1, 1, 2, 2,
	2, 2, 5, 5, 4, 4,
	5, 5, 5, 5, 4, 4,
	6, 6, 6, 4, 4,
}
