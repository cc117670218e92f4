package inspect

import (
	"slices"
	"strings"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/place"
	"chuangwei/internal/register/standard"
	"chuangwei/internal/register/standard/pack"
)

// Checklist is what is looked at at a kind of place: the lines of all active
// packs, one after the other, and the vectors that are counted there.
type Checklist struct {
	Kind     string // as packs name it
	Name     string // 农贸市场
	Lines    []Ask
	Measures []Gauge
}

// Ask is a line of a checklist.
type Ask struct {
	ID     string // <pack>:<checklist line>
	Clause string // <pack>:<item>
	Item   pack.Item
	Pack   *standard.Held
	pack.Check
}

// Gauge is a vector measure of a checklist.
type Gauge struct {
	ID   string // <pack>:<measure>
	Pack *standard.Held
	pack.Measure
}

// book is every line of the active packs by id, and every checklist by kind.
type book struct {
	asks   map[string]Ask
	gauges map[string]Gauge
	lists  []Checklist
	byKind map[string]Checklist
}

// Checklists lists those of every kind of place the county has, in order of name.
func Checklists(tx *db.Tx) ([]Checklist, error) {
	b, err := open(tx)
	if err != nil {
		return nil, err
	}
	return b.lists, nil
}

// open reads the active packs once and keeps them until a register changes.
func open(tx *db.Tx) (*book, error) {
	stamp, err := db.Stamp(tx, org.Stamp) // touched by every change of a pack too
	if err != nil {
		return nil, err
	}
	return db.Keep(tx, "inspect.book", stamp, func() (*book, error) {
		packs, err := standard.Active(tx)
		if err != nil {
			return nil, err
		}
		places, err := place.All(tx)
		if err != nil {
			return nil, err
		}
		b := &book{asks: map[string]Ask{}, gauges: map[string]Gauge{}, byKind: map[string]Checklist{}}
		for _, p := range places {
			kind := standard.PlaceKind(p.Kind)
			if _, done := b.byKind[kind]; done || kind == "" {
				continue
			}
			b.byKind[kind] = b.checklist(kind, p.Kind, packs)
		}
		for _, c := range b.byKind {
			if len(c.Lines)+len(c.Measures) > 0 {
				b.lists = append(b.lists, c)
			}
		}
		slices.SortFunc(b.lists, func(x, y Checklist) int { return strings.Compare(x.Name, y.Name) })
		return b, nil
	})
}

func (b *book) checklist(kind, name string, packs []*standard.Held) Checklist {
	out := Checklist{Kind: kind, Name: name}
	for _, h := range packs {
		for _, c := range h.Checks {
			if c.Place != kind {
				continue
			}
			it, _, _ := h.Requirement(c.Of)
			a := Ask{ID: h.ID + ":" + c.ID, Clause: h.ID + ":" + it.ID, Item: it, Pack: h, Check: c}
			b.asks[a.ID] = a
			out.Lines = append(out.Lines, a)
		}
		for _, m := range h.Vectors {
			if countedAt(h, m, kind) {
				g := Gauge{ID: h.ID + ":" + m.ID, Pack: h, Measure: m}
				b.gauges[g.ID] = g
				out.Measures = append(out.Measures, g)
			}
		}
	}
	return out
}

// countedAt reports whether the item of a measure asks for it at a kind of place.
func countedAt(h *standard.Held, m pack.Measure, kind string) bool {
	it, ok := h.Item(m.Item)
	return ok && slices.ContainsFunc(it.Requirements, func(r pack.Requirement) bool { return slices.Contains(r.Places, kind) })
}
