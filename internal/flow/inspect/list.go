package inspect

import (
	"strconv"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/org"
)

// Filter says which inspections a list shows.
type Filter struct {
	Place, Area, Kind, Purpose string
	Mine                       bool
	Bad                        bool // only those where a line failed
	Limit                      int
	After                      string // key of the last row of the page before
}

// Page is one page of a list; Next is the key of the following one, or "".
type Page struct {
	Items []Inspection
	Next  string
	Total int
}

// visible is the part of a list that says what the reader may see.
func visible(w *db.Where, s org.Scope) {
	if s.All {
		return
	}
	w.Any(func(or *db.Where) {
		or.In("area_id", s.Areas)
		or.In("unit_id", s.Units)
		or.In("who", s.Persons)
	})
}

func (f Filter) where(who org.Actor) (*db.Where, error) {
	if who.Scope(org.SeeInspection).Empty() {
		return nil, org.Denied(org.SeeInspection)
	}
	w := &db.Where{}
	visible(w, who.Scope(org.SeeInspection))
	for _, part := range [][2]string{{"place_id", f.Place}, {"area_id", f.Area}, {"kind", f.Kind}, {"purpose", f.Purpose}} {
		if part[1] != "" {
			w.And(part[0]+" = $1", part[1])
		}
	}
	if f.Mine {
		w.And("who = $1", who.ID)
	}
	if f.Bad {
		w.And("bad > 0")
	}
	return w, nil
}

// List shows a page of what the reader may see, newest first.
func List(tx *db.Tx, who org.Actor, f Filter) (Page, error) {
	w, err := f.where(who)
	if err != nil {
		return Page{}, err
	}
	total, err := db.Value[int](tx, `SELECT count(*) FROM (SELECT id FROM inspections WHERE `+w.Text()+` LIMIT 1001) i`, w.Args()...)
	if err != nil {
		return Page{}, err
	}
	if f.After != "" {
		at, id, err := db.OpenPageKey(f.After)
		if err != nil {
			return Page{}, err
		}
		w.And("(made_at, id) < ($1, $2)", at, id)
	}
	f.Limit = min(max(f.Limit, 1), 200)
	items, err := db.All(tx, scan, `SELECT `+columns+` FROM inspections WHERE `+w.Text()+` ORDER BY made_at DESC, id DESC LIMIT `+strconv.Itoa(f.Limit+1), w.Args()...)
	if err != nil {
		return Page{}, err
	}
	p := Page{Items: items, Total: total}
	if len(items) > f.Limit {
		p.Items = items[:f.Limit]
		last := p.Items[f.Limit-1]
		p.Next = db.PageKey(last.MadeAt, last.ID)
	}
	return p, nil
}

// Full is an inspection with all that was seen.
type Full struct {
	Inspection
	Lines  []Line
	Counts []Count
}

// Get reads an inspection if the reader may see it.
func Get(tx *db.Tx, who org.Actor, id string) (Full, error) {
	i, err := byID(tx, id)
	if err != nil {
		return Full{}, err
	}
	if !who.Can(org.SeeInspection, i.target()) {
		return Full{}, fault.New(fault.NotFound, "inspection.none", "没有找到这次检查，或不在您的查看范围。", "There is no such inspection, or it is not yours to see.")
	}
	return Whole(tx, i)
}

// Whole reads what was seen in an inspection; faces use Get.
func Whole(tx *db.Tx, i Inspection) (Full, error) {
	lines, err := linesOf(tx, i.ID)
	if err != nil {
		return Full{}, err
	}
	counts, err := countsOf(tx, i.ID)
	return Full{i, lines, counts}, err
}
