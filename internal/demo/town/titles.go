package town

import "strings"

var memberTitles = []string{"科员", "股长", "工作人员", "四级主任科员", "工作人员", "副股长", "科员", "一级科员"}

// headTitles are what the head of a body is called, by how its full name ends; the first match counts.
var headTitles = [][2]string{
	{"社区居民委员会", "社区党总支书记、主任"}, {"人民政府办公室", "主任"}, {"镇人民政府", "镇长"}, {"乡人民政府", "乡长"},
	{"纪律检查委员会", "副书记"}, {"政法委员会", "副书记"}, {"共青团青溪县委员会", "书记"},
	{"联合会", "主席"}, {"总工会", "主席"}, {"检察院", "检察长"}, {"法院", "院长"}, {"医院", "院长"}, {"保健院", "院长"},
	{"中学", "校长"}, {"党校", "常务副校长"}, {"大队", "大队长"}, {"分公司", "总经理"}, {"公司", "总经理"}, {"供电局", "局长"},
	{"支行", "行长"}, {"银行", "董事长"}, {"图书馆", "馆长"}, {"文化馆", "馆长"}, {"管理站", "站长"}, {"管理所", "所长"},
	{"分局", "局长"}, {"局", "局长"}, {"部", "常务副部长"}, {"中心", "主任"}, {"办公室", "主任"}, {"", "主任"},
}

func headTitle(unit string) string {
	for _, t := range headTitles {
		if strings.HasSuffix(unit, t[0]) {
			return t[1]
		}
	}
	return "主任"
}

// deputyTitle is the head's deputy who looks after the campaign.
func deputyTitle(unit string) string {
	title := headTitle(unit)
	if _, after, several := strings.Cut(title, "、"); several {
		title = after
	}
	title = strings.TrimPrefix(strings.TrimPrefix(title, "常务"), "副")
	return "副" + title + "（分管创卫）"
}
