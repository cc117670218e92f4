package pack

import (
	"slices"
	"strings"

	"chuangwei/internal/kit/fault"
)

// Change is one line that differs between two packs.
type Change struct {
	Sheet string // as the workbook names it
	ID    string
	What  What
	Text  fault.Text // a whole sentence
}

// What happened to a line.
type What string

const (
	Added   What = "added"
	Removed What = "removed"
	Changed What = "changed"
	Moved   What = "moved" // the lines of a sheet stand in another order
)

// Diff says in words what of a pack would change if the other took its place,
// sheet by sheet in the order of the workbook.
func (wb Workbook) Diff(old, other *Pack) []Change {
	var out []Change
	for _, pg := range pages(wb.words) {
		out = append(out, diff(pg, old, other)...)
	}
	return out
}

// keyed are the cells of a page by the id of their row, and the ids in order.
func keyed(pg page, p *Pack) (map[string]map[string]string, []string) {
	out := map[string]map[string]string{}
	var ids []string
	for _, cells := range pg.cells(p) {
		id := idOf(pg, cells)
		out[id] = cells
		ids = append(ids, id)
	}
	return out, ids
}

// idOf names a row within its sheet; the one row of the head has no name.
func idOf(pg page, cells map[string]string) string {
	switch {
	case pg.table().Name == headName:
		return ""
	case cells["line"] != "": // bands have their ids within their line
		return cells["line"] + "/" + cells["id"]
	}
	return cells["id"]
}

func diff(pg page, old, other *Pack) (out []Change) {
	name := pg.table().Name
	en, _ := pg.english()
	was, before := keyed(pg, old)
	is, after := keyed(pg, other)
	for _, id := range before {
		if is[id] == nil {
			out = append(out, Change{name, id, Removed, fault.Say("%[1]s %[3]s 删除：%[4]s", "%[2]s %[3]s goes: %[4]s", name, en, id, was[id]["zh"])})
		}
	}
	for _, id := range after {
		if was[id] == nil {
			out = append(out, Change{name, id, Added, fault.Say("%[1]s %[3]s 新增：%[4]s", "%[2]s %[3]s is new: %[4]s", name, en, id, is[id]["zh"])})
		} else if text := differing(pg, was[id], is[id]); text.ZH != "" {
			out = append(out, Change{name, id, Changed, fault.Text{ZH: strings.TrimSpace(name+" "+id) + " 修改：" + text.ZH, EN: strings.TrimSpace(en+" "+id) + " changes: " + text.EN}})
		}
	}
	common := func(ids []string, there map[string]map[string]string) []string {
		return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return there[id] == nil })
	}
	if !slices.Equal(common(before, is), common(after, was)) {
		out = append(out, Change{name, "", Moved, fault.Say("%[1]s 的顺序有变化", "the order of each %[2]s changes", name, en)})
	}
	return out
}

// differing says column by column what a row had and has.
func differing(pg page, was, is map[string]string) fault.Text {
	_, english := pg.english()
	var zh, en []string
	for _, c := range pg.table().Columns {
		if a, b := was[c.Key], is[c.Key]; a != b {
			zh = append(zh, c.Title+"“"+orNothing(a, "空")+"”→“"+orNothing(b, "空")+"”")
			en = append(en, english[c.Key]+" \""+orNothing(a, "nothing")+"\" → \""+orNothing(b, "nothing")+"\"")
		}
	}
	return fault.Text{ZH: strings.Join(zh, "；"), EN: strings.Join(en, "; ")}
}

func orNothing(s, nothing string) string {
	if s == "" {
		return nothing
	}
	return s
}
