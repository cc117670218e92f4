package evidence

import (
	"slices"
	"strconv"
	"strings"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/gram"
	"chuangwei/internal/register/org"
)

// Filter says which papers a list shows.
type Filter struct {
	Q     string // words of title, caption or text
	Slot  string
	Unit  string
	Year  int
	State PaperState // "" those that stand
	Mine  bool
	Limit int
	After string
}

// Hit is a paper of a list, with the words around what was asked for.
type Hit struct {
	Paper
	Around string
}

// Page is one page of a list; Next is the key of the following one, or "".
type Page struct {
	Items []Hit
	Next  string
	Total int
}

// Get reads a paper if the actor may see it.
func Get(tx *db.Tx, who org.Actor, id string) (Paper, error) {
	p, err := PaperByID(tx, id)
	if err != nil {
		return p, err
	}
	v, err := viewOf(tx, who, org.SeeEvidence)
	if err != nil {
		return p, err
	}
	if v.all || p.Who == who.ID || slices.Contains(v.units, p.UnitID) {
		return p, nil
	}
	for _, id := range p.Slots {
		s, err := SlotByID(tx, id)
		if err == nil && v.sees(s) {
			return p, nil
		}
	}
	return p, noPaper
}

// MaySee reports whether the actor may see some paper of these bytes.
func MaySee(tx *db.Tx, who org.Actor, sum string) (bool, error) {
	if who.Scope(org.SeeEvidence).Empty() {
		return false, nil
	}
	ids, err := papersOf(tx, sum)
	for _, id := range ids {
		if _, err := Get(tx, who, id); err == nil {
			return true, nil
		}
	}
	return false, err
}

func (f Filter) where(tx *db.Tx, who org.Actor) (*db.Where, error) {
	v, err := viewOf(tx, who, org.SeeEvidence)
	if err != nil {
		return nil, err
	}
	w := &db.Where{}
	if !v.all {
		if err := v.only(tx, w, who); err != nil {
			return nil, err
		}
	}
	if f.State != "" {
		w.And("p.state = $1", string(f.State))
	} else {
		w.And("p.state IN ('filed', 'checked')")
	}
	if f.Slot != "" {
		w.And("EXISTS (SELECT 1 FROM paper_slots s WHERE s.paper_id = p.id AND s.slot = $1)", f.Slot)
	}
	if f.Unit != "" {
		w.And("p.unit_id = $1", f.Unit)
	}
	if f.Year != 0 {
		w.And("p.year <= $1 AND p.to_year >= $1", int64(f.Year))
	}
	if f.Mine {
		w.And("p.who = $1", who.ID)
	}
	return w, f.words(w)
}

// only leaves what an actor may see who may not see all.
func (v view) only(tx *db.Tx, w *db.Where, who org.Actor) error {
	list, err := Slots(tx)
	var mine []string
	for _, s := range list {
		if v.sees(s) {
			mine = append(mine, s.ID)
		}
	}
	w.Any(func(or *db.Where) {
		or.In("p.unit_id", v.units)
		or.And("p.who = $1", who.ID)
		if len(mine) > 0 {
			or.And("EXISTS (SELECT 1 FROM paper_slots s WHERE s.paper_id = p.id AND s.slot IN "+db.In(1, len(mine))+")", db.Args(mine)...)
		}
	})
	return err
}

// words asks for papers that hold every word of the query: by the pieces
// first, which the table finds, then by the text itself.
func (f Filter) words(w *db.Where) error {
	if strings.TrimSpace(f.Q) == "" {
		return nil
	}
	var c fault.Check
	c.That(len([]rune(f.Q)) <= 60, "q", "搜索最多60字", "at most 60 characters")
	if err := c.Err(); err != nil {
		return err
	}
	var grams []string
	for _, word := range strings.Fields(f.Q) {
		grams = append(grams, gram.Asked(word)...)
	}
	slices.Sort(grams)
	grams = slices.Compact(grams)
	if len(grams) == 0 {
		w.And("1 = 0") // nothing but signs
		return nil
	}
	w.And("p.id IN (SELECT g.paper_id FROM paper_grams g WHERE g.gram IN "+db.In(1, len(grams))+" GROUP BY g.paper_id HAVING count(*) = "+strconv.Itoa(len(grams))+")", db.Args(grams)...)
	for _, word := range strings.Fields(f.Q) {
		w.And(`EXISTS (SELECT 1 FROM paper_texts t WHERE t.paper_id = p.id AND t.folded LIKE $1 ESCAPE '\')`, "%"+escape(gram.Fold(word))+"%")
	}
	return nil
}

func escape(word string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(word)
}

// List lists papers, newest first.
func List(tx *db.Tx, who org.Actor, f Filter) (Page, error) {
	w, err := f.where(tx, who)
	if err != nil {
		return Page{}, err
	}
	total, err := db.Value[int](tx, `SELECT count(*) FROM papers p WHERE `+w.Text(), w.Args()...)
	if err != nil {
		return Page{}, err
	}
	if f.After != "" {
		at, id, err := db.OpenPageKey(f.After)
		if err != nil {
			return Page{}, err
		}
		w.And("(p.at, p.id) < ($1, $2)", at, id)
	}
	f.Limit = min(max(f.Limit, 1), 200)
	items, err := db.All(tx, scanPaper, `SELECT `+paperColumns+fromPapers+`WHERE `+w.Text()+` ORDER BY p.at DESC, p.id DESC LIMIT `+strconv.Itoa(f.Limit+1), w.Args()...)
	if err != nil {
		return Page{}, err
	}
	out := Page{Total: total}
	if len(items) > f.Limit {
		items = items[:f.Limit]
		out.Next = db.PageKey(items[f.Limit-1].At, items[f.Limit-1].ID)
	}
	for _, p := range items {
		h := Hit{Paper: p}
		if h.Slots, err = slotsOn(tx, p.ID); err != nil {
			return out, err
		}
		if h.Around, err = around(tx, p.ID, f.Q); err != nil {
			return out, err
		}
		out.Items = append(out.Items, h)
	}
	return out, nil
}

// aroundRunes is how much is shown on either side of a found word.
const aroundRunes = 40

// around is what stands around the first word of a query in a paper's text.
func around(tx *db.Tx, id, q string) (string, error) {
	words := strings.Fields(q)
	if len(words) == 0 {
		return "", nil
	}
	text, err := textOf(tx, id)
	if err != nil {
		return "", err
	}
	first := gram.Fold(words[0])
	at := strings.Index(text, first)
	if at < 0 {
		return "", nil
	}
	before, after := []rune(text[:at]), []rune(text[at:])
	piece := string(before[max(0, len(before)-aroundRunes):]) + string(after[:min(len(after), aroundRunes+len([]rune(first)))])
	return strings.TrimSpace(chinese.Replace(piece)), nil
}

// chinese gives folded text back the signs that Chinese is written with.
var chinese = strings.NewReplacer("|", " ", ",", "，", ":", "：", ";", "；", "!", "！", "?", "？", "(", "（", ")", "）")
