package cases

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
)

// Filter says which cases a list shows.
type Filter struct {
	States []State
	Flags  []string
	Mine   string // owner, finder, verifier, area or unit
	Area   string
	Unit   string
	Owner  string
	Kind   string
	Place  string
	Words  string
	ByDue  bool // order by due instant instead of newest first
	Limit  int
	After  string // key of the last row of the page before
}

// openSQL is written the same wherever open cases are asked for, since only
// then does the partial index of open cases serve.
const openSQL = `state IN ('reported', 'assigned', 'accepted', 'returned', 'blocked', 'fixed')`

// flagSQL says what each flag means; $now and $day are put in as arguments.
var flagSQL = map[string]string{
	"open":        openSQL,
	"due_today":   openSQL + ` AND state IN ('assigned', 'accepted', 'returned') AND due_at >= $now AND due_at < $day`,
	"overdue":     openSQL + ` AND state IN ('assigned', 'accepted', 'returned') AND due_at > 0 AND due_at < $now`,
	"blocked":     openSQL + ` AND state = 'blocked'`,
	"asked":       openSQL + ` AND ask <> '' AND state IN ('assigned', 'accepted')`,
	"reworked":    openSQL + ` AND reworks > 0`,
	"relapsed":    openSQL + ` AND relapses > 0`,
	"triage":      openSQL + ` AND state IN ('reported', 'returned')`,
	"to_verify":   openSQL + ` AND state = 'fixed'`,
	"recheck":     `recheck <> '' AND state = 'closed'`,
	"merged_hint": openSQL + ` AND hint <> '' AND state IN ('reported', 'assigned', 'accepted', 'returned')`,
}

// FlagNames are all flags, in the order they are shown.
var FlagNames = [...]string{"open", "triage", "due_today", "overdue", "blocked", "asked", "to_verify", "reworked", "relapsed", "recheck", "merged_hint"}

// FlagsAt tells the flags of cases at now, by the same rules as the lists.
func FlagsAt(now time.Time) func(Case) []string {
	ms, midnight := now.UnixMilli(), calendar.On(now).Add(1).Time().UnixMilli()
	return func(c Case) []string { return flags(c, ms, midnight) }
}

func flags(c Case, now, midnight int64) []string {
	open, running := c.State.Open(), c.State.running()
	on := [...]bool{ // in the order of FlagNames
		open,
		c.State == Reported || c.State == Returned,
		running && c.DueAt >= now && c.DueAt < midnight,
		c.Overdue(now),
		c.State == Blocked,
		c.Ask.Kind != "" && (c.State == Assigned || c.State == Accepted),
		c.State == Fixed,
		open && c.Reworks > 0,
		open && c.Relapses > 0,
		c.Recheck != "" && c.State == Closed,
		c.Hint != "" && (running || c.State == Reported),
	}
	out := make([]string, 0, 4)
	for i, name := range FlagNames {
		if on[i] {
			out = append(out, name)
		}
	}
	return out
}

// sees is what of a list the reader may see: of what they found themselves, all.
func (f Filter) sees(who org.Actor) org.Scope {
	s := who.Scope(org.SeeCase)
	s.All = s.All || f.Mine == "finder" && slices.Contains(s.Persons, who.ID)
	return s
}

// visible is the part of a list that says what the reader may see.
func visible(w *db.Where, s org.Scope) {
	if s.All {
		return
	}
	w.Any(func(or *db.Where) {
		or.In("area_id", s.Areas)
		or.In("unit_id", s.Units)
		or.In("owner_id", s.Persons)
		or.In("finder_id", s.Persons)
	})
}

// where is what the filter asks for, without regard to what the reader may see.
func (f Filter) where(tx *db.Tx, who org.Actor) (*db.Where, error) {
	w := &db.Where{}
	w.In("state", strs(f.States))
	for _, flag := range f.Flags {
		cond, ok := flagSQL[flag]
		if !ok {
			return nil, fault.New(fault.Invalid, "list.flag", "没有“%[1]s”这个筛选", "There is no flag %[1]q", flag)
		}
		now, day := tx.Now(), calendar.On(tx.Time()).Add(1).Time().UnixMilli()
		cond = strings.NewReplacer("$now", strconv.FormatInt(now, 10), "$day", strconv.FormatInt(day, 10)).Replace(cond)
		w.And(cond)
	}
	for column, v := range map[string]string{"area_id": f.Area, "unit_id": f.Unit, "owner_id": f.Owner, "kind_id": f.Kind, "place_id": f.Place} {
		if v != "" {
			w.And(column+" = $1", v)
		}
	}
	if f.Words != "" {
		w.And(`text LIKE $1 OR address LIKE $1 OR no LIKE $1`, "%"+strings.NewReplacer("%", "", "_", "").Replace(f.Words)+"%")
	}
	return w, f.mine(w, who)
}

// mine narrows the list to what the reader answers for.
func (f Filter) mine(w *db.Where, who org.Actor) error {
	s := who.Scope(org.SeeCase)
	switch f.Mine {
	case "":
	case "owner":
		w.In("owner_id", who.Scope(org.OwnCase).Persons)
	case "finder":
		w.And("finder_id = $1", who.ID)
	case "area":
		w.Among("area_id", s.Areas)
	case "unit":
		units := s.Units
		if len(units) == 0 {
			units = []string{who.Unit}
		}
		w.Among("unit_id", units)
	case "verifier":
		v := who.Scope(org.VerifyCase)
		w.And(`state = 'fixed' AND fixed_by <> $1 AND owner_id <> $1`, who.ID)
		if !v.All {
			w.Among("area_id", v.Areas)
		}
	default:
		return fault.New(fault.Invalid, "list.mine", "没有“%[1]s”这个筛选", "There is no filter mine=%[1]q", f.Mine)
	}
	return nil
}

func strs(list []State) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return out
}

// Page is one page of a list; Next is the key of the following one, or "".
// Total is exact up to countMost.
type Page struct {
	Items []Case
	Next  string
	Total int
}

const countMost = 1000

// List shows a page of what the reader may see.
func List(tx *db.Tx, who org.Actor, f Filter) (Page, error) {
	w, err := f.where(tx, who)
	if err != nil {
		return Page{}, err
	}
	all := w.Clone()
	visible(all, f.sees(who))
	var total int
	if err := db.Ask(tx, &total, fmt.Sprintf(`SELECT count(*) FROM (SELECT id FROM cases WHERE %s LIMIT %d) c`, all.Text(), countMost+1), all.Args()...); err != nil {
		return Page{}, err
	}
	key, order := "reported_at", "DESC"
	if f.ByDue {
		key, order = "due_at", "ASC"
		w.And("due_at > 0")
	}
	if f.After != "" {
		at, id, err := db.OpenPageKey(f.After)
		if err != nil {
			return Page{}, err
		}
		w.And(fmt.Sprintf("(%s, id) %s ($1, $2)", key, map[string]string{"DESC": "<", "ASC": ">"}[order]), at, id)
	}
	f.Limit = min(max(f.Limit, 1), 200)
	keys, err := foremost(tx, w, f.sees(who), fmt.Sprintf("ORDER BY %s %s, id %s LIMIT %d", key, order, order, f.Limit+1))
	if err != nil {
		return Page{}, err
	}
	items, err := briefs(tx, keys)
	if err != nil {
		return Page{}, err
	}
	p := Page{Items: items, Total: total}
	if len(items) > f.Limit {
		p.Items = items[:f.Limit]
		last := p.Items[f.Limit-1]
		p.Next = db.PageKey(map[bool]int64{true: last.DueAt, false: last.ReportedAt}[f.ByDue], last.ID)
	}
	return p, nil
}

// foremost finds the first cases in an order of what is asked for and within a
// scope. Those of each part of the scope are found by its own index and then
// put together; asked with OR, an engine would sort all a reader ever had.
func foremost(tx *db.Tx, w *db.Where, s org.Scope, order string) ([]db.Stamped, error) {
	if s.All {
		return db.All(tx, db.ScanStamped, `SELECT id, version FROM cases WHERE `+w.Text()+` `+order, w.Args()...)
	}
	args := w.Args()
	var parts []string
	for _, part := range []struct {
		column string
		values []string
	}{{"area_id", s.Areas}, {"unit_id", s.Units}, {"owner_id", s.Persons}, {"finder_id", s.Persons}} {
		for _, v := range part.values {
			args = append(args, v)
			parts = append(parts, fmt.Sprintf(`SELECT id FROM (SELECT id FROM cases WHERE %s = $%d AND %s %s) p%d`, part.column, len(args), w.Text(), order, len(parts)))
		}
	}
	if len(parts) == 0 {
		return nil, nil
	}
	return db.All(tx, db.ScanStamped, `SELECT id, version FROM cases WHERE id IN (`+strings.Join(parts, ` UNION ALL `)+`) `+order, args...)
}

// Points lists cases with a position for the map, at most 5,000.
func Points(tx *db.Tx, who org.Actor, f Filter) ([]Case, error) {
	w, err := f.where(tx, who)
	if err != nil {
		return nil, err
	}
	visible(w, f.sees(who))
	w.And("lat IS NOT NULL")
	return db.All(tx, scanBrief, `SELECT `+brief+` FROM cases WHERE `+w.Text()+` ORDER BY reported_at DESC, id DESC LIMIT 5000`, w.Args()...)
}

// MaySee reports whether the reader may see a case.
func MaySee(who org.Actor, c Case) bool { return who.Can(org.SeeCase, target(c)) }

// Get reads a case if the reader may see it.
func Get(tx *db.Tx, who org.Actor, id string) (Case, error) {
	c, err := ByID(tx, id)
	if err != nil {
		return c, err
	}
	if !MaySee(who, c) {
		return Case{}, fault.New(fault.NotFound, "case.none", "没有找到这个案件，或不在您的查看范围。", "There is no such case, or it is not yours to see.")
	}
	return c, nil
}

// MovesFor lists what the reader may do with the case now; why says so when
// only being on the fixer's side keeps them from verifying.
func MovesFor(tx *db.Tx, who org.Actor, c Case) (moves []MoveName, why *fault.Text, err error) {
	crew := mayVerify(tx, c, who)
	if _, isFault := fault.As(crew); crew != nil && !isFault {
		return nil, nil, crew
	}
	for _, l := range Lines {
		if allowed(c, who, l) != nil {
			continue
		}
		needsOther := slices.Contains([]MoveName{Verify, Rework, RecheckOK, RecheckBad}, l.Move)
		if f, ok := fault.As(crew); ok && needsOther {
			why = &f.Text
			continue
		}
		moves = append(moves, l.Move)
	}
	return moves, why, nil
}

// MaySeePhoto reports whether the reader may see a case that shows the photo.
func MaySeePhoto(tx *db.Tx, who org.Actor, sum string) (bool, error) {
	w := &db.Where{}
	visible(w, who.Scope(org.SeeCase))
	w.And(`p.sum = $1 AND id = p.case_id`, sum)
	// CROSS JOIN keeps SQLite from reading all that the reader may see first.
	n, err := db.Value[int](tx, `SELECT COUNT(*) FROM (SELECT id FROM case_photos p CROSS JOIN cases WHERE `+w.Text()+` LIMIT 1) c`, w.Args()...)
	return n > 0, err
}
