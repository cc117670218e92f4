package town

import "strings"

// All names of streets and areas are invented or of the kind every county town has.

// areaNames follow the numbering of the areas: row by row from the north, each from the west.
var areaNames = strings.Fields(`
	北环西片区 竹林坡片区 鼓楼山片区 云台片区 北环东片区
	西关片区 县府片区 人民广场片区 百货大楼片区 文昌片区 东升片区
	北滨河西片区 渡口片区 青溪桥片区 老街片区 北滨河东片区 水碾片区
	南滨河西片区 柳林片区 糖厂片区 湿地公园片区 风雨桥片区 客运站片区
	木材厂片区 民族广场片区 老茶厂片区 学府片区 新区片区 东门片区
	南环西片区 西门坡片区 南坡片区 河东安置片区 南环东片区`)

var valleyRoadNames = strings.Fields("人民路 民族路 北滨河路 南滨河路 振兴路 建设路 北环路 南环路")

var bridgeRoadNames = []string{"青溪大道", "云台大道"}

var bridgeNames = []string{"青溪桥", "风雨桥"}

var crossStreetNames = strings.Fields(`
	竹林街 云台街 茶厂街 县府街 东门街 糖厂街 文昌街 东升街 渡口街 老街
	水碾街 柳林街 湿地街 车站街 木材街 河东街`)

var laneNames = strings.Fields(`
	竹影巷 松坡巷 鼓楼巷 望云巷 清泉巷 石阶巷 制茶巷 箭楼巷 槐花巷 书院巷 东园巷 豆腐巷
	红糖巷 戏台巷 布市巷 砚池巷 榕树巷 芭蕉巷 船码巷 铁匠巷 米线巷 菜园巷 磨坊巷 渔家巷
	柳荫巷 荷塘巷 廊桥巷 甘蔗巷 站前巷 木工巷 芦笙巷 新苑巷 安居巷 向阳巷`)
