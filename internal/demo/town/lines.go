package town

import "strings"

// openers begin a description as each kind of finder would; an empty one is the commonest.
var openers = map[Channel][]string{
	ByInspector: {"", "", "", "巡查发现：", "上午巡查发现，", "对照标准检查："},
	ByResident:  {"", "", "你好，", "反映一个问题：", "我是附近的住户，", "请领导看看，", "麻烦处理一下："},
	ByChief:     {"", "走查片区时看到，", "片长走查：", "现场看到，"},
	ByGrid:      {"", "", "网格日常巡查：", "入户时看到，"},
	ByMarket:    {"", "", "驻点早巡：", "开市检查："},
}

// closers end some descriptions.
var closers = map[Channel][]string{
	ByInspector: {"", "", "", "已拍照，现场无人认领。", "已口头告知责任人。", "该点本月第二次出现。"},
	ByResident:  {"", "", "", "谢谢！", "希望能长期管住，不要检查完又反弹。", "已经跟社区说过一次了。", "我们理解创卫辛苦，就是希望有人管。"},
	ByChief:     {"", "请牵头单位今天拿出办法。", "要举一反三，把整条街都看一遍。", "不要只清一次，要明确专人。"},
	ByGrid:      {"", "", "已劝导，当事人表示配合。", "当事人不在家，已留条。"},
	ByMarket:    {"", "", "已当场要求摊主清理，需复查。", "摊主配合，但缺少收纳设施。"},
}

// describe writes a description.
func (h *historian) describe(rec recipe, p Place, by Channel) string {
	name := p.Name
	if p.Kind == "road" {
		name = p.Street
	}
	body := strings.NewReplacer("{place}", name, "{street}", p.Street).Replace(pick(h.r, rec.lines))
	return pick(h.r, openers[by]) + body + pick(h.r, closers[by])
}

var returnLines = []string{
	"该处不属我单位管辖，按职责分工应由其他单位牵头，申请改派。",
	"现场核实，产权和管护单位不是我单位，附权属说明。",
	"该点位在片区交界处，经与片区牵头单位沟通，建议改派。",
	"此类问题按“三定”规定不在我单位职责范围，退回并建议改派。",
}

// blockLines say why a problem of a kind of scene cannot be fixed by its owner; other kinds never block.
var blockLines = map[SceneKind][]string{
	SceneDrain: {
		"管网老化需要改造，约需资金二十八万元，已报县财政，等待批复。",
		"雨污未分流，需纳入老旧管网改造项目，先临时抽排，每天巡查。",
	},
	SceneShed: {
		"涉及历史遗留手续，需自然资源局先行认定后才能拆除。",
		"该处权属有争议，正在司法程序中，先清理杂物、保证通道。",
	},
	SceneToilet: {"需更换蹲位和冲水设备四套，本年度预算已用完，申请挂账，先停用坏位并张贴提示。"},
	SceneSite:   {"该地块停工，建设单位失联，需住建局牵头落实代管，先做覆盖和围挡。"},
	SceneCar:    {"该路段没有可用停车位，需新增泊位后才能根治，已报交警大队方案。"},
	SceneMarket: {"市场改造资金未到位，新摊位还没有装好，请指挥部协调。"},
	SceneAds:    {"喷涂面积大，需统一粉刷，经费约一万二千元，待批复。"},
	SceneStall:  {"附近没有疏导点可安置，需商务和镇政府共同选址。"},
}

// extendLines say why a day later is asked for.
var extendLines = map[SceneKind][]string{
	SceneShed:    {"住户外出务工，已电话联系，约定返乡后拆除，申请延期。", "已签自拆承诺书，搬运杂物需要时间，申请延期。"},
	SceneToilet:  {"定制的配件在途，到货后三天内装好，申请延期。"},
	SceneDrain:   {"连日下雨无法开挖，申请延期。"},
	SceneMarket:  {"需避开街天施工，申请顺延。", "摊主正在分批搬位，申请延期。"},
	SceneSite:    {"围挡板材在途，申请延期。", "连日下雨无法施工，申请延期。"},
	SceneKitchen: {"操作间正在改造，防鼠板和纱窗定做中，申请延期。"},
	SceneRubbish: {"量大，需租用铲车和两辆运输车，申请延期。"},
	SceneWeeds:   {"沿线较长，分三段清除，申请延期。"},
	SceneAds:     {"粉刷需等墙面干透，申请延期。"},
	SceneBin:     {"新桶已采购，到货后更换，申请延期。"},
}

// reworkLines say why a fix did not hold; the last ones fit every scene.
var reworkLines = map[SceneKind][]string{
	SceneRubbish: {"现场复核：垃圾已清，但地面污渍未冲洗，退回返工。", "只清了表面，角落和绿化带里还有，退回。"},
	SceneBin:     {"桶已清空，四周地面没有打扫，退回返工。"},
	SceneStall:   {"核查时又摆出来了，整改不彻底，退回返工。"},
	SceneAds:     {"只清了门口一段，里面还有，残留胶印明显，退回。"},
	SceneDrain:   {"水退了，但雨水口淤泥未掏，退回返工。"},
	SceneToilet:  {"地面已冲洗，便池污渍仍在，洗手液未补，退回。"},
	SceneMarket:  {"过道清出来了，摊位下面仍堆杂物，退回。"},
	SceneKitchen: {"灶台已擦，排烟罩和地漏没有清洗，退回。"},
}

var commonReworkLines = []string{
	"照片角度与整改前不一致，看不出原位置，请重拍并核实。",
	"现场核查与照片不符，整改不彻底，退回返工。",
}

var rejectLines = []string{
	"经核实现场无此问题，附现场照片。",
	"属于合法的临时疏导点，在规定时段内经营，不作为问题。",
	"定位在县城范围以外，已转所属乡镇。",
	"内容为政策咨询，已电话答复。",
}

var relapseLines = []string{"又反弹了：", "整改后没几天又这样，", "老问题，上次清理过，现在又出现：", "回头看发现反弹，"}
