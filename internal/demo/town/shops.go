package town

import (
	"fmt"
	"strings"
)

// trade is one kind of shop: how many there are, how they are named and when they open.
type trade struct {
	kind          string
	count         int
	opens, closes int
	suffixes      string
}

var trades = []trade{
	{"catering", 430, 6, 22, "米线店 小吃店 早点铺 烧烤店 家常菜馆 牛肉馆 羊肉馆 饭店 火锅店 豆浆店 卷粉店 奶茶店 凉品店"},
	{"food-shop", 300, 7, 22, "便利店 副食店 小卖部 粮油店 糕点店 茶叶店 烟酒店 卤味店"},
	{"hair", 150, 9, 21, "理发店 美发店 造型 美容店 发艺"},
	{"hotel", 60, 0, 24, "旅馆 旅社 客栈 招待所 宾馆"},
	{"bath", 8, 13, 23, "浴室 足浴店"},
	{"karaoke", 10, 13, 24, "歌厅 量贩歌城"},
	{"hardware", 110, 8, 19, "五金店 水暖店 建材店 电料店 门窗店 油漆店"},
	{"clothes", 190, 9, 21, "服装店 鞋店 童装店 民族服饰店 布艺店 内衣店"},
	{"supermarket", 38, 8, 22, "超市 生活超市 百货超市"},
	{"fruit", 80, 7, 22, "水果店 果蔬店 鲜果铺"},
	{"pharmacy", 40, 8, 22, "药店 大药房 中药铺"},
	{"repair", 70, 8, 19, "摩托修理店 汽车修理店 补胎店 洗车店 电动车行"},
	{"workshop", 34, 5, 18, "豆腐坊 米线坊 榨油坊 糕饼坊 酿酒坊"},
	{"phone", 44, 9, 21, "手机店 数码店 通讯店"},
	{"other-shop", 86, 8, 20, "打印店 花店 家电店 家具店 眼镜店 农资店 寿材店 照相馆 文具店 彩票店"},
}

var shopBrands = strings.Fields(`
	阿秀 老街 山里人 清溪 云岭 好味道 福满 顺发 兴隆 家和 喜乐 金竹 小红 阿妹 大发 春城
	梯田 稻香 源源 鑫源 佳佳 美好 新潮 时尚 永兴 天天 百味 民族 竹楼 彩云 茶马 马帮 甜蜜 老李
	老王 阿三 幸福 吉祥 如意 平安 众乐 便民 惠民 乡村 绿源 高原红 蝴蝶 孔雀 木棉 芭蕉叶 一品 三江
	双喜 四季 五谷 六顺 七彩 八方 九龙 十里香 好又来 再回首 常来 满堂红 聚贤 迎宾 宏达 利民 华丰`)

// openShops opens the 1,650 shops at the busiest doors.
func (b *builder) openShops() {
	number := 0
	for _, tr := range b.shuffledTrades() {
		number++
		brand := pick(b.r, shopBrands)
		p := b.open(tr.kind, brand+pick(b.r, strings.Fields(tr.suffixes)), b.take(nil, 0), 0)
		p.Opens, p.Closes = tr.opens, tr.closes
		p.Keeper, p.Phone = b.keepers.next(), fmt.Sprintf("199-0001-%04d", number)
	}
}

// shuffledTrades is one entry per shop, so that every trade gets good and bad doors.
func (b *builder) shuffledTrades() []trade {
	var list []trade
	for _, tr := range trades {
		for range tr.count {
			list = append(list, tr)
		}
	}
	b.r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}
