package workbook

import (
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/sheet"
	"chuangwei/internal/register/org"
)

// headquarters is the only item of the county's own sheet so far.
const headquarters = "指挥部名称"

var county = page{
	table: sheet.Table{Name: "本县", Columns: []sheet.Column{
		{Key: "item", Title: "项目", Need: true, Choices: []string{headquarters}}, {Key: "value", Title: "内容", Need: true, Hint: "如 青溪县创卫指挥部，显示在每个页面上"},
	}},
	write: func(tx *db.Tx, put func(map[string]string) error) error {
		name, err := org.CountyName(tx)
		if err != nil || name == "" {
			return err
		}
		return put(map[string]string{"item": headquarters, "value": name})
	},
	take: func(in *intake, row sheet.Row) error {
		was, err := org.CountyName(in.tx)
		if err != nil || !in.once("item") {
			return err
		}
		name := row.Cells["value"]
		switch {
		case name == "" || name == was:
			in.report.Same++
			return nil
		case len([]rune(name)) > 30:
			in.wrong("value", "名称不超过30个字", "at most 30 characters")
			return nil
		}
		in.changed(headquarters, name, []string{"内容：" + orNothing(was) + " → " + name})
		return in.refused("value", org.NameCounty(in.tx, in.who, name))
	},
}
