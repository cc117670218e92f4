package town

import "strings"

// recipe says how a kind of problem comes about: where, how often, how it looks and reads.
type recipe struct {
	kind       string
	scene      SceneKind
	places     []string
	weight     float64
	marketDay  float64 // times the weight on market days
	limitHours float64 // the kind's limit, roughly, by the clock on the wall
	evening    bool
	otherRole  string // the role that usually takes over when the first unit says it is not theirs
	lines      []string
}

func (rec recipe) weightOn(marketDay bool) float64 {
	if marketDay {
		return rec.weight * rec.marketDay
	}
	return rec.weight
}

func recipeOf(kind string) recipe {
	for _, rec := range recipes {
		if rec.kind == kind {
			return rec
		}
	}
	panic("town: no recipe for " + kind)
}

func in(kinds string) []string { return strings.Fields(kinds) }

// recipes are the kinds of the history. In lines, {place} is the place and {street} its street.
var recipes = []recipe{
	{"env.exposed-waste", SceneRubbish, in("collection-point road urban-village building"), 9, 1.2, 8, false, "huanwei", []string{
		"{place}旁堆着十几袋生活垃圾，袋子破了，汤水流到人行道上，苍蝇很多。",
		"{place}附近有暴露垃圾，主要是纸箱、菜叶和塑料袋，面积大约三平方米，看样子放了两天以上。",
		"{street}有人半夜乱倒垃圾，早上扫过一遍，现在又堆起来了，请安排清运并查一下是哪几户倒的。"}},
	{"env.waste-heap", SceneRubbish, in("road urban-village site"), 3, 1, 48, false, "zhujian", []string{
		"{place}有一堆装修垃圾，砖块、瓷砖和旧沙发混在一起，占了半边人行道，行人只能走到车道上。",
		"{street}路边积存渣土约两方，下雨后泥水流到路面，应是附近住户改造房屋所倒。"}},
	{"env.dirty-road", SceneRubbish, in("road bus-stop"), 4, 1.8, 5, false, "huanwei", []string{
		"{street}路面不洁，果皮纸屑烟头较多，清扫不及时。",
		"{place}散场后地面满是甘蔗皮、一次性碗和菜叶，希望加派人手收尾保洁。"}},
	{"sanit.bin-overflow", SceneBin, in("collection-point community"), 9, 1.3, 5, false, "chengguan", []string{
		"{place}垃圾桶满溢，桶盖盖不上，四周地面也堆了垃圾。",
		"{place}两个桶都满了，还有人往旁边放，建议增加一次清运。",
		"垃圾桶满溢，地点在{street}，气味很大，路过的学生都捂着鼻子走。"}},
	{"sanit.bin-damaged", SceneBin, in("collection-point"), 2, 1, 60, false, "chengguan", []string{
		"{place}垃圾桶缺盖、轮子坏，桶身脏污，需要更换和清洗。"}},
	{"sanit.toilet-dirty", SceneToilet, in("toilet"), 7, 1.4, 5, false, "wenlv", []string{
		"{place}地面积水，蹲位有污渍，纸篓满了没有清理，无保洁记录。",
		"{place}异味重，洗手台有污垢，洗手液空了，请加强保洁频次。",
		"{place}女厕地面有泥脚印和废纸，两个蹲位堵塞。街天人多，建议安排专人值守。"}},
	{"sanit.toilet-broken", SceneToilet, in("toilet"), 2, 1, 90, false, "zhujian", []string{
		"{place}冲水阀坏了两个，隔板门锁脱落，水龙头关不紧。"}},
	{"env.stall-on-road", SceneStall, in("road market bus-station"), 7, 2.6, 5, false, "shichang", []string{
		"{street}有流动摊位占用机动车道卖水果，撑着大伞，车辆要绕行。",
		"{place}外摊位摆到路中间，已经占了半幅路面，街天人多车多，很容易出事，请派人疏导到临时疏导点。",
		"{place}门口七八个菜摊占道，劝过一次，人走了又摆出来。"}},
	{"env.shop-spill", SceneStall, in("catering hardware fruit clothes"), 6, 1.5, 5, false, "shichang", []string{
		"{place}把货物摆出店外约一米五，占用人行道。",
		"{place}店外经营，桌椅和招牌灯箱放到盲道上，经营者表示知道规定但“今天人多”。"}},
	{"env.hawker", SceneStall, in("school bus-station"), 3, 1.8, 5, false, "shichang", []string{
		"{place}门口放学时段有无照三轮车售卖油炸食品，周围没有遮挡，油烟和竹签满地。"}},
	{"traffic.scooter-parking", SceneScooters, in("road market hospital bus-station school"), 6, 2, 6, false, "jiaojing", []string{
		"{place}前电动车、摩托车乱停，横七竖八，压盲道。",
		"{street}人行道上停了二十多辆摩托车，行人只能走车道，建议施划非机动车停车位。"}},
	{"traffic.car-parking", SceneCar, in("road parking school"), 6, 1.8, 4, false, "chengguan", []string{
		"{street}有小车停在人行道上，已压坏两块地砖。",
		"{place}出入口被两辆面包车堵住，车上未留电话，请交警处理。"}},
	{"env.small-ads", SceneAds, in("building notice-board road"), 6, 1, 30, false, "shequ", []string{
		"{place}墙上贴满开锁、疏通、贷款小广告，铲过的地方又贴上了新的。",
		"{street}围墙和电杆上小广告二十余处，有喷涂的电话号码，建议清理后由公安部门停机处理。"}},
	{"env.drain-clogged", SceneDrain, in("road market urban-village"), 4, 1, 30, false, "gongshui", []string{
		"{street}雨水口堵塞，积水没过脚面，漂着油花和菜叶，气味难闻。",
		"{place}门前下水道返水，已经三天了，附近商户用砖头垫着走路。请尽快疏通，并查一查是不是餐饮油污堵的。"}},
	{"env.manhole", SceneManhole, in("road"), 1.5, 1, 8, false, "gongshui", []string{
		"{street}井盖缺失，群众插了一根竹竿示警，晚上很危险，请立即处置！"}},
	{"env.weeds", SceneWeeds, in("road park urban-village"), 3, 1, 60, false, "shequ", []string{
		"{place}路牙石边杂草长到膝盖高，草丛里有垃圾。",
		"{street}沿线绿化带杂草丛生，影响市容，也容易藏蚊虫。"}},
	{"env.hanging", SceneLaundry, in("road building"), 3, 1, 8, false, "shequ", []string{
		"{place}有住户在路边拉绳晾晒衣物和被褥。",
		"{street}行道树之间拉绳晾挂，建议社区上门劝导，同时给老旧小区增设晾衣架。"}},
	{"env.illegal-building", SceneShed, in("community urban-village road"), 2, 1, 300, false, "ziran", []string{
		"{place}有住户用彩钢瓦搭了一间棚子，占了公共通道，约十二平方米，邻居多次反映，消防通道也受影响。",
		"{street}临街私搭雨棚伸到人行道上，木板围挡，内堆杂物。"}},
	{"env.bbq-smoke", SceneBarbecue, in("catering road"), 4, 1.2, 24, true, "huanbao", []string{
		"{street}夜市烧烤摊没有油烟净化设备，烟往楼上窜，住户不敢开窗。",
		"{place}在店外露天烧烤，油烟大，地面油污，经营到凌晨，楼上有老人和小孩，反映多次了，请认真解决。"}},
	{"env.goods-piled", SceneRubbish, in("road building repair"), 3, 1, 30, false, "shequ", []string{
		"{place}门前乱堆轮胎、废铁和旧家具。"}},
	{"env.doorway-duty", SceneRubbish, in("catering food-shop hair other-shop"), 4, 1.2, 24, false, "shequ", []string{
		"{place}门前三包未落实，门口有烟头纸屑和油渍，责任牌脱落。",
		"{place}往门前树坑里倒泔水，保洁员劝说后仍然倒。"}},
	{"market.untidy-stalls", SceneMarket, in("market"), 6, 2.2, 6, false, "chengguan", []string{
		"{place}蔬菜区地面菜叶多，过道湿滑，摊位下面堆杂物。",
		"{place}水产区污水外溢，鱼鳞内脏未入桶，台面未及时冲洗。"}},
	{"market.aisle-blocked", SceneMarket, in("market"), 4, 2.2, 6, false, "xiaofang", []string{
		"{place}主通道被纸箱、筐子占去一半，手推车过不去，也堵了消防通道。"}},
	{"market.zoning", SceneMarket, in("market"), 2, 1.5, 120, false, "shangwu", []string{
		"{place}生熟混放，卤肉摊旁边就是活鱼摊，未按区域经营。"}},
	{"market.notices", SceneAds, in("market"), 1.5, 1, 70, false, "weijian", []string{
		"{place}农药残留检测结果三天没有更新，健康教育栏还是上个季度的内容。"}},
	{"food.dirty-kitchen", SceneKitchen, in("catering school workshop"), 4, 1, 48, false, "weijian", []string{
		"{place}后厨灶台油垢厚，地面有食物残渣，冰柜生熟不分，从业人员未戴帽子。",
		"{place}操作间排烟罩滴油，地漏无盖，垃圾桶敞口。"}},
	{"food.three-proof", SceneKitchen, in("catering food-shop workshop"), 3, 1.2, 70, false, "jikong", []string{
		"{place}缺少防蝇帘，熟食没有纱罩，门下缝隙超过一厘米，未装挡鼠板。"}},
	{"food.bare-food", SceneMarket, in("market"), 3, 2, 6, false, "weijian", []string{
		"{place}凉粉、卤味等直接入口食品没有遮盖，旁边就是过道，灰尘大。"}},
	{"site.dust", SceneSite, in("site"), 3, 1, 24, false, "huanbao", []string{
		"{place}裸土未覆盖，喷淋没有开，风一吹尘土飞扬。",
		"{place}出入口没有冲洗，车辆带泥上路，{street}一百多米路面都是泥印。"}},
	{"site.no-fence", SceneSite, in("site"), 2, 1, 70, false, "chengguan", []string{
		"{place}围挡破损倾斜约四米，行人可以直接进入，公益广告也掉了。"}},
	{"vector.breeding-water", SceneDrain, in("community urban-village"), 2, 1, 24, false, "shequ", []string{
		"{place}有积水轮胎、花盆，水里看得见孑孓，请清理翻盆倒罐。"}},
	{"community.stairwell", SceneRubbish, in("building community"), 3, 1, 60, false, "xiaofang", []string{
		"{place}楼道堆放纸板、旧自行车和花盆，消防通道不畅。"}},
	{"village.dirty-lane", SceneRubbish, in("urban-village"), 3, 1, 24, false, "chengguan", []string{
		"{place}巷道有鸡粪和生活垃圾，明沟里有淤泥，臭味大。"}},
	{"water.bank-waste", SceneRubbish, in("river-section"), 2.5, 1.3, 24, false, "huanwei", []string{
		"{place}岸坡挂着塑料袋和泡沫箱，河边有人倒剩饭。"}},
}

// SceneOf is what a photo of a kind of problem shows.
func SceneOf(kind string) SceneKind {
	for _, rec := range recipes {
		if rec.kind == kind {
			return rec.scene
		}
	}
	group, _, _ := strings.Cut(kind, ".")
	switch group {
	case "market":
		return SceneMarket
	case "food", "public":
		return SceneKitchen
	case "site":
		return SceneSite
	case "sanit":
		return SceneToilet
	case "village", "water":
		return SceneDrain
	}
	return SceneRubbish
}
