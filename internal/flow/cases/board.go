package cases

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
)

// Counts are the numbers of one scope; all but Closed count open cases.
type Counts struct {
	Open, Triage, DueToday, Overdue, Blocked, Asked, ToVerify, Reworked, Relapsed, Recheck int
}

// Row is the counts of one area or unit.
type Row struct {
	ID string
	Counts
}

// Owed is what one owner owes: open and overdue cases. It is a list of debts
// by unit, not a ranking of people.
type Owed struct {
	OwnerID, UnitID string
	Open, Overdue   int
	OldestDueAt     int64
}

// DayCount is what came in and what was closed on one day.
type DayCount struct {
	On               string
	Reported, Closed int
}

// Board is one scope's picture.
type Board struct {
	Counts
	Areas, Units               []Row
	Owed                       []Owed
	Days                       []DayCount
	RecheckDone, RecheckPassed int
}

// boardDays is how many days the chart goes back.
const boardDays = 21

// See gathers the board of the county, of one area or of one unit, as far as
// the reader may see it. While nothing happens it is gathered once a minute;
// nobody may change what it returns.
func See(tx *db.Tx, who org.Actor, area, unit string) (Board, error) {
	if who.Scope(org.SeeBoard).Empty() {
		return Board{}, org.Denied(org.SeeBoard)
	}
	if (area != "" || unit != "") && !who.Can(org.SeeBoard, org.Target{Area: area, Units: []string{unit}}) {
		return Board{}, org.Denied(org.SeeBoard)
	}
	w := &db.Where{}
	visible(w, who.Scope(org.SeeBoard))
	if area != "" {
		w.And("area_id = $1", area)
	}
	if unit != "" {
		w.And("unit_id = $1", unit)
	}
	last, err := event.Last(tx)
	if err != nil {
		return Board{}, err
	}
	stamp := fmt.Sprint(last, tx.Now()/time.Minute.Milliseconds())
	return db.Keep(tx, "cases.board/"+w.Text()+fmt.Sprint(w.Args()), stamp, func() (Board, error) { return gather(tx, w) })
}

// gather reads the whole board.
func gather(tx *db.Tx, w *db.Where) (Board, error) {
	var b Board
	for _, part := range []func(*db.Tx, *db.Where) error{b.count, b.owe, b.chart, b.recheck} {
		if err := part(tx, w.Clone()); err != nil {
			return b, err
		}
	}
	return b, nil
}

// count reads the open cases once, grouped by area and unit, and adds up.
func (b *Board) count(tx *db.Tx, w *db.Where) error {
	now, day := tx.Now(), calendar.On(tx.Time()).Add(1).Time().UnixMilli()
	n := len(w.Args())
	when := func(cond string) string {
		return "SUM(CASE WHEN " + strings.NewReplacer("$now", dollar(n+1), "$day", dollar(n+2)).Replace(cond) + " THEN 1 ELSE 0 END)"
	}
	q := "SELECT area_id, unit_id, COUNT(*)"
	for _, f := range []string{"triage", "due_today", "overdue", "blocked", "asked", "to_verify", "reworked", "relapsed"} {
		q += ", " + when(flagSQL[f])
	}
	q += " FROM cases WHERE " + flagSQL["open"] + " AND " + w.Text() + " GROUP BY area_id, unit_id"
	areas, units := map[string]*Row{}, map[string]*Row{}
	err := db.Each(tx, scanRow, func(r both) error {
		for _, c := range []*Counts{&b.Counts, &at(areas, r.area).Counts, &at(units, r.unit).Counts} {
			c.add(r.Counts)
		}
		return nil
	}, q, append(w.Args(), now, day)...)
	b.Areas, b.Units = rows(areas), rows(units)
	return err
}

type both struct {
	area, unit string
	Counts
}

func scanRow(r db.Row) (x both, err error) {
	return x, r.Scan(&x.area, &x.unit, &x.Open, &x.Triage, &x.DueToday, &x.Overdue, &x.Blocked, &x.Asked, &x.ToVerify, &x.Reworked, &x.Relapsed)
}

func (c *Counts) add(o Counts) {
	c.Open += o.Open
	c.Triage += o.Triage
	c.DueToday += o.DueToday
	c.Overdue += o.Overdue
	c.Blocked += o.Blocked
	c.Asked += o.Asked
	c.ToVerify += o.ToVerify
	c.Reworked += o.Reworked
	c.Relapsed += o.Relapsed
}

func at(m map[string]*Row, id string) *Row {
	if m[id] == nil {
		m[id] = &Row{ID: id}
	}
	return m[id]
}

func rows(m map[string]*Row) []Row {
	out := make([]Row, 0, len(m))
	for _, r := range m {
		if r.ID != "" {
			out = append(out, *r)
		}
	}
	slices.SortFunc(out, func(a, b Row) int { return strings.Compare(a.ID, b.ID) })
	return out
}

func dollar(n int) string { return "$" + strconv.Itoa(n) }

// owe lists owners with something overdue, by unit.
func (b *Board) owe(tx *db.Tx, w *db.Where) (err error) {
	n := len(w.Args())
	late := strings.ReplaceAll(flagSQL["overdue"], "$now", dollar(n+1))
	b.Owed, err = db.All(tx, func(r db.Row) (o Owed, err error) {
		return o, r.Scan(&o.OwnerID, &o.UnitID, &o.Overdue, &o.OldestDueAt)
	}, `SELECT owner_id, unit_id, COUNT(*), MIN(due_at) FROM cases WHERE `+late+` AND `+w.Text()+`
		GROUP BY owner_id, unit_id ORDER BY MIN(due_at), unit_id, owner_id LIMIT 200`, append(w.Args(), tx.Now())...)
	return err
}

// chart counts by county day. Today is counted each time; the days before
// hardly change, so they are counted once a minute.
func (b *Board) chart(tx *db.Tx, w *db.Where) error {
	today := calendar.On(tx.Time())
	stamp := fmt.Sprint(today, tx.Now()/time.Minute.Milliseconds())
	past, err := db.Keep(tx, "cases.chart/"+w.Text()+fmt.Sprint(w.Args()), stamp, func() ([]DayCount, error) {
		return dayCounts(tx, w, today.Add(1-boardDays), today)
	})
	if err != nil {
		return err
	}
	now, err := dayCounts(tx, w, today, today.Add(1))
	b.Days = append(slices.Clone(past), now...)
	return err
}

// dayCounts counts the days from first to before end; instants are shifted to
// the zone, which has had no summer time since 1991.
func dayCounts(tx *db.Tx, w *db.Where, first, end calendar.Day) ([]DayCount, error) {
	var out []DayCount
	at := map[int64]int{}
	for on := first; on < end; on = on.Add(1) {
		at[on.Time().UnixMilli()/dayMs] = len(out)
		out = append(out, DayCount{On: string(on)})
	}
	type count struct {
		day int64
		n   int
	}
	from, until := first.Time().UnixMilli(), end.Time().UnixMilli()
	n := len(w.Args())
	for column, put := range map[string]func(*DayCount, int){
		"reported_at": func(d *DayCount, n int) { d.Reported = n },
		"closed_at":   func(d *DayCount, n int) { d.Closed = n },
	} {
		q := `SELECT (` + column + ` - ` + dollar(n+1) + `) / 86400000, COUNT(*) FROM cases WHERE ` + column + ` >= ` + dollar(n+2) +
			` AND ` + column + ` < ` + dollar(n+3) + ` AND ` + column + ` > 0 AND ` + w.Text() + ` GROUP BY 1`
		err := db.Each(tx, func(r db.Row) (c count, err error) { return c, r.Scan(&c.day, &c.n) }, func(c count) error {
			if i, ok := at[c.day]; ok {
				put(&out[i], c.n)
			}
			return nil
		}, q, append(w.Args(), from%dayMs, from, until)...)
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

const dayMs = 86_400_000

// recheckDays is how far the rate of passed re-checks looks back.
const recheckDays = 90

func (b *Board) recheck(tx *db.Tx, w *db.Where) error {
	n, err := db.Value[int](tx, `SELECT COUNT(*) FROM cases WHERE `+flagSQL["recheck"]+` AND `+w.Text(), w.Args()...)
	if err != nil {
		return err
	}
	b.Recheck = n
	type done struct{ all, passed int }
	d, err := db.One(tx, func(r db.Row) (d done, err error) { return d, r.Scan(&d.all, &d.passed) },
		`SELECT COUNT(*), COALESCE(SUM(CASE WHEN result = 'passed' THEN 1 ELSE 0 END), 0) FROM rechecks
		WHERE done_at > `+dollar(len(w.Args())+1)+ofCase(w, "rechecks.case_id"), append(w.Args(), tx.Time().AddDate(0, 0, -recheckDays).UnixMilli())...)
	b.RecheckDone, b.RecheckPassed = d.all, d.passed
	return err
}

// ofCase adds the condition on the case another table refers to; a reader who
// sees everything needs none.
func ofCase(w *db.Where, column string) string {
	if w.Everything() {
		return ""
	}
	return ` AND EXISTS (SELECT 1 FROM cases WHERE cases.id = ` + column + ` AND ` + qualified(w.Text()) + `)`
}

// qualified names the table of columns that both tables of the join have.
func qualified(text string) string {
	return strings.NewReplacer("(area_id", "(cases.area_id", "(unit_id", "(cases.unit_id").Replace(text)
}
