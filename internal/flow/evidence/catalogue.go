package evidence

import (
	"fmt"
	"regexp"
	"strconv"

	"chuangwei/internal/kit/pdf"
)

// What of a year's work is printed for one slot.
const (
	recordMost = 100 // lines
	pairsMost  = 6   // cases with photos before and after
)

// catalogueMost is how many lines stand in one file of a volume's catalogue: a
// thicker one goes on in the next, as boxes do.
const catalogueMost = 1000

// unsure is what stands on paper as on screens: no official list of papers was seen.
func (b *binder) unsure(w *pdf.Writer) {
	lines, open := b.pack.Marks()
	if open > 0 {
		w.Text(fmt.Sprintf("依据：%s。其中%d行有%d行未确认，佐证要求为工作口径，以取得的官方原文为准。", b.pack.ZH, lines, open))
	}
}

// office is what a county's name may end with that is the campaign's, not the county's.
var office = regexp.MustCompile(`(创卫|创建.*)?(指挥部|中心|办公室)$`)

// total is the catalogue of all volumes.
func (b *binder) total(w *pdf.Writer) error {
	w.Title(office.ReplaceAllString(b.county, "") + "创建" + b.pack.Honour + "档案")
	w.Title("总 目 录")
	b.unsure(w)
	return w.Table([]pdf.Column{{Head: "序号", Share: 1, Right: true}, {Head: "年度", Share: 1.4}, {Head: "卷号", Share: 1.2}, {Head: "卷名", Share: 6}, {Head: "件数", Share: 1.4, Right: true}, {Head: "页数", Share: 1.6, Right: true}},
		func(put func(...string)) error {
			for i, v := range b.volumes {
				put(strconv.Itoa(i+1), strconv.Itoa(v.year), fmt.Sprintf("%02d", v.n), v.chapter.ZH, strconv.Itoa(v.count), v.pages)
			}
			return nil
		})
}

// pagesOf are those of all pieces; a plus says that some are not known.
func pagesOf(pieces []piece) string {
	sum, more := 0, ""
	for _, p := range pieces {
		sum += p.pages
		if p.pages == 0 {
			more = "+"
		}
	}
	return strconv.Itoa(sum) + more
}

// catalogue lists the pieces of a volume from one on: number, title, who, date, pages.
func (b *binder) catalogue(w *pdf.Writer, v volume, from int) error {
	w.Title("卷 内 目 录")
	w.Heading(fmt.Sprintf("%d年 第%d卷 %s", v.year, v.n, v.chapter.ZH))
	b.unsure(w)
	return w.Table([]pdf.Column{{Head: "序号", Share: 1.25, Right: true}, {Head: "编号", Share: 2}, {Head: "题名", Share: 5.6}, {Head: "责任单位", Share: 2.1}, {Head: "日期", Share: 2.5}, {Head: "页数", Share: 1.25, Right: true}, {Head: "说明", Share: 2.3}},
		func(put func(...string)) error {
			item, n := "", from
			for _, p := range v.pieces[from:min(len(v.pieces), from+catalogueMost)] {
				if p.slot.Item.ID != item {
					item = p.slot.Item.ID
					put(p.slot.Number[3:5] + " " + p.slot.Item.ZH)
				}
				n++
				pages := "—"
				if p.pages > 0 {
					pages = strconv.Itoa(p.pages)
				}
				put(strconv.Itoa(n), p.slot.Number, p.title, p.unit, p.onDay, pages, p.caption)
			}
			return nil
		})
}

var workZH = map[string]string{Fixed: "整改", Looked: "检查", Served: "值守"}

// works is the record of a year's work for one slot, with photos of what was fixed.
func (b *binder) works(w *pdf.Writer, year int, s Slot, list []Work, total int) error {
	w.Title("工 作 记 录")
	w.Heading(fmt.Sprintf("%s %s（%d年）", s.Number, s.title(), year))
	note := fmt.Sprintf("由系统按检查、整改和值守的原始记录生成，共%d次", total)
	if total > len(list) {
		note += fmt.Sprintf("，列出最近%d次", len(list))
	}
	w.Text(note + "。")
	err := w.Table([]pdf.Column{{Head: "日期", Share: 2}, {Head: "类别", Share: 1.2}, {Head: "内容", Share: 6}, {Head: "点位", Share: 4}}, func(put func(...string)) error {
		for _, x := range list {
			said := x.Text
			if x.What == Fixed {
				said = x.No + " " + b.kinds[x.Kind] + "，已整改并核查"
			}
			put(x.OnDay, workZH[x.What], said, b.places[x.PlaceID])
		}
		return nil
	})
	if err != nil {
		return err
	}
	return w.Pictures(b.pairs(list))
}

// pairs are the first photos before and after of some fixed cases.
func (b *binder) pairs(list []Work) (out []pdf.Picture) {
	for _, x := range list {
		if x.What != Fixed || len(x.Photos) < 2 || len(out) >= 2*pairsMost {
			continue
		}
		where := b.places[x.PlaceID] + " " + b.kinds[x.Kind] + " " + x.No
		out = append(out, pdf.Picture{JPEG: b.picture(x.Photos[0]), Caption: where + " 整改前"},
			pdf.Picture{JPEG: b.picture(x.Photos[len(x.Photos)-1]), Caption: where + " 整改后（" + x.OnDay + "核查）"})
	}
	return out
}
