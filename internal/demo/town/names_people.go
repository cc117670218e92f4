package town

import (
	"math/rand/v2"
	"strings"
)

// Names of persons are put together from these lists by chance; any likeness is accidental.
// The lists lack what the names in well-known reports of such campaigns are made of, and
// every name has three characters, because short names more often belong to somebody known.

var surnames = strings.Fields(`李 王 张 刘 陈 杨 赵 周 吴 徐 孙 马 朱 胡 郭 何 罗 林 郑 谢
	唐 许 韩 冯 邓 曹 彭 曾 肖 田 董 袁 潘 蒋 蔡 余 杜 叶 程 苏 魏 吕 丁 任 沈 姚 卢 傅 钟 姜
	崔 谭 廖 范 汪 陆 金 石 戴 贾 韦 夏 邱 方 侯 邹 熊 孟 秦 白 江 阎 薛 尹 段 雷 黎 史 龙 陶
	贺 顾 毛 郝 龚 邵 万 钱 普 盘 车 普 白 李 陈 杨`)

var givenFirst = strings.Fields(`文 志 建 国 明 春 家 永 海 德 光 新 晓 玉 云 丽 雪 思 嘉
	子 天 宏 庆 正 学 友 兴 应 绍 开 继 朝 世 宗 保 素 月 桂 兰 彩 凤 金 银 巧 静 雅 慧 佳 梦`)

var givenLast = strings.Fields(`华 军 平 林 斌 刚 辉 勇 强 伟 峰 涛 鹏 杰 亮 飞 宁 松 波 坤
	芬 梅 英 芳 霞 燕 玲 珍 艳 娟 莲 萍 琼 仙 香 琳 颖 婷 洁 蓉 荣 祥 才 贵 昌 达 元 成 生 良`)

// namer hands out invented names, no two the same.
type namer struct {
	r    *rand.Rand
	used map[string]bool
}

func newNamer(r *rand.Rand) *namer { return &namer{r: r, used: map[string]bool{}} }

func (n *namer) next() string {
	for {
		name := pick(n.r, surnames) + pick(n.r, givenFirst) + pick(n.r, givenLast)
		if !n.used[name] {
			n.used[name] = true
			return name
		}
	}
}
