package evidence

import (
	"errors"
	"time"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
)

func timeOf(ms int64) time.Time { return time.UnixMilli(ms) }

// Document is a file that has arrived and what was read from it.
type Document struct {
	Sum, Type string
	Bytes     int64
	Name      string
	Who       string
	ArrivedAt int64
	State     string
	Pages     int // 0 unknown
	Cut       bool
	Why       string
}

// What came of reading a document.
const (
	Waiting    = "waiting"
	Read       = "read"
	Unreadable = "unreadable" // kept all the same; only its text cannot be searched
)

const docColumns = `sum, type, bytes, name, who, arrived_at, state, pages, cut, why`

func scanDoc(r db.Row) (d Document, err error) {
	return d, r.Scan(&d.Sum, &d.Type, &d.Bytes, &d.Name, &d.Who, &d.ArrivedAt, &d.State, &d.Pages, &d.Cut, &d.Why)
}

// DocumentBySum finds an arrived document, or db.ErrNone.
func DocumentBySum(tx *db.Tx, sum string) (Document, error) {
	return db.One(tx, scanDoc, `SELECT `+docColumns+` FROM documents WHERE sum = $1`, sum)
}

func insertDoc(tx *db.Tx, d Document) (fresh bool, err error) {
	n, err := tx.Exec(`INSERT INTO documents (`+docColumns+`, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '') ON CONFLICT (sum) DO NOTHING`,
		d.Sum, d.Type, d.Bytes, d.Name, d.Who, d.ArrivedAt, d.State, int64(d.Pages), d.Cut, d.Why)
	if err == nil && n == 0 {
		_, err = tx.Exec(`UPDATE documents SET arrived_at = $2 WHERE sum = $1`, d.Sum, d.ArrivedAt)
	}
	return n > 0, err
}

func updateDoc(tx *db.Tx, d Document, body string) error {
	_, err := tx.Exec(`UPDATE documents SET state = $2, pages = $3, cut = $4, why = $5, body = $6 WHERE sum = $1`, d.Sum, d.State, int64(d.Pages), d.Cut, d.Why, body)
	return err
}

func bodyOf(tx *db.Tx, sum string) (string, error) {
	return db.Value[string](tx, `SELECT body FROM documents WHERE sum = $1`, sum)
}

const paperColumns = `p.id, p.sum, p.type, p.bytes, p.title, p.caption, p.unit_id, p.on_day, p.year, p.to_year, p.state, p.note, p.case_id, p.who, p.at,
	p.checked_by, p.checked_at, p.version, d.name, d.state, d.pages, d.cut, d.why`

const fromPapers = ` FROM papers p JOIN documents d ON d.sum = p.sum `

func scanPaper(r db.Row) (p Paper, err error) {
	err = r.Scan(&p.ID, &p.Sum, &p.Type, &p.Bytes, &p.Title, &p.Caption, &p.UnitID, &p.OnDay, &p.Year, &p.ToYear, &p.State, &p.Note, &p.CaseID, &p.Who, &p.At,
		&p.CheckedBy, &p.CheckedAt, &p.Version, &p.Document.Name, &p.Document.State, &p.Document.Pages, &p.Document.Cut, &p.Document.Why)
	return p, err
}

func insertPaper(tx *db.Tx, p Paper) error {
	_, err := tx.Exec(`INSERT INTO papers (id, sum, type, bytes, title, caption, unit_id, on_day, year, to_year, state, note, case_id, who, at, checked_by, checked_at, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
		p.ID, p.Sum, p.Type, p.Bytes, p.Title, p.Caption, p.UnitID, p.OnDay, int64(p.Year), int64(p.ToYear), string(p.State), p.Note, p.CaseID, p.Who, p.At,
		p.CheckedBy, p.CheckedAt, p.Version)
	return err
}

func updatePaper(tx *db.Tx, p *Paper) error {
	p.Version++
	_, err := tx.Exec(`UPDATE papers SET state = $2, note = $3, checked_by = $4, checked_at = $5, version = $6 WHERE id = $1`,
		p.ID, string(p.State), p.Note, p.CheckedBy, p.CheckedAt, p.Version)
	return err
}

// PaperByID finds a paper without asking who reads it; faces use Get.
func PaperByID(tx *db.Tx, id string) (Paper, error) {
	p, err := db.One(tx, scanPaper, `SELECT `+paperColumns+fromPapers+`WHERE p.id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return p, noPaper
	}
	if err != nil {
		return p, err
	}
	p.Slots, err = slotsOn(tx, id)
	return p, err
}

var noPaper = fault.New(fault.NotFound, "paper.none", "没有找到这份资料，或不在您的查看范围。", "There is no such paper, or it is not yours to see.")

func slotsOn(tx *db.Tx, paperID string) ([]string, error) {
	return db.Values[string](tx, `SELECT slot FROM paper_slots WHERE paper_id = $1 ORDER BY slot`, paperID)
}

func putSlots(tx *db.Tx, paperID string, slots []string) error {
	for _, s := range slots {
		if _, err := tx.Exec(`INSERT INTO paper_slots (paper_id, slot) VALUES ($1, $2) ON CONFLICT (paper_id, slot) DO NOTHING`, paperID, s); err != nil {
			return err
		}
	}
	return nil
}

// standing finds the paper that holds the same bytes and still stands, or db.ErrNone.
func standing(tx *db.Tx, sum string) (Paper, error) {
	return db.One(tx, scanPaper, `SELECT `+paperColumns+fromPapers+`WHERE p.sum = $1 AND p.state IN ('filed', 'checked') ORDER BY p.at LIMIT 1`, sum)
}

func papersOf(tx *db.Tx, sum string) ([]string, error) {
	return db.Values[string](tx, `SELECT id FROM papers WHERE sum = $1 ORDER BY at, id`, sum)
}

// on lists the papers on a slot that stand, newest first.
func on(tx *db.Tx, slot string) ([]Paper, error) {
	return db.All(tx, scanPaper, `SELECT `+paperColumns+fromPapers+`JOIN paper_slots s ON s.paper_id = p.id
		WHERE s.slot = $1 AND p.state IN ('filed', 'checked') ORDER BY p.on_day DESC, p.id`, slot)
}

// counting are the checked papers of every slot, those alike together.
func counting(tx *db.Tx) (map[string][]counted, error) {
	type row struct {
		slot string
		counted
	}
	out := map[string][]counted{}
	return out, db.Each(tx, func(r db.Row) (x row, err error) { return x, r.Scan(&x.slot, &x.Year, &x.ToYear, &x.OnDay, &x.n) },
		func(x row) error { out[x.slot] = append(out[x.slot], x.counted); return nil },
		`SELECT s.slot, p.year, p.to_year, p.on_day, count(*) FROM paper_slots s JOIN papers p ON p.id = s.paper_id
		WHERE p.state = 'checked' GROUP BY s.slot, p.year, p.to_year, p.on_day`)
}

// counted are n papers of the same years and day.
type counted struct {
	Paper
	n int
}

func eachLook(tx *db.Tx, t Period, fn func(line string, x tally)) error {
	type row struct {
		line string
		tally
	}
	return db.Each(tx, func(r db.Row) (x row, err error) { return x, r.Scan(&x.line, &x.n, &x.on) },
		func(x row) error { fn(x.line, x.tally); return nil },
		`SELECT l.line, count(*), max(i.on_day) FROM inspections i JOIN inspection_lines l ON l.inspection_id = i.id
		WHERE i.on_day >= $1 AND i.on_day <= $2 AND l.result IN ('good', 'bad') GROUP BY l.line`, string(t.From), string(t.To))
}

func eachFixed(tx *db.Tx, t Period, fn func(kind, place string, x tally)) error {
	type row struct {
		kind, place string
		n           int
		at          int64
	}
	from, to := t.span()
	return db.Each(tx, func(r db.Row) (x row, err error) { return x, r.Scan(&x.kind, &x.place, &x.n, &x.at) },
		func(x row) error { fn(x.kind, x.place, tally{x.n, dayOf(x.at)}); return nil },
		`SELECT c.kind_id, COALESCE(p.kind, ''), count(*), max(c.closed_at) FROM cases c LEFT JOIN places p ON p.id = c.place_id
		WHERE c.closed_at >= $1 AND c.closed_at < $2 GROUP BY c.kind_id, COALESCE(p.kind, '')`, from, to)
}

func eachDuty(tx *db.Tx, t Period, fn func(place, takes string, x tally)) error {
	type row struct {
		place, takes string
		tally
	}
	return db.Each(tx, func(r db.Row) (x row, err error) { return x, r.Scan(&x.place, &x.takes, &x.n, &x.on) },
		func(x row) error { fn(x.place, x.takes, x.tally); return nil },
		`SELECT p.kind, k.takes, count(*), max(d.on_day) FROM duties d JOIN duty_kinds k ON k.id = d.kind JOIN places p ON p.id = d.place_id
		WHERE d.on_day >= $1 AND d.on_day <= $2 AND d.confirmed_at > 0 AND d.cancelled_at = 0 GROUP BY p.kind, k.takes`, string(t.From), string(t.To))
}

// Gap is a case that a slot's missing year became.
type Gap struct {
	CaseID, Slot string
	Year         int
	N            int
	At           int64
}

func scanGap(r db.Row) (g Gap, err error) {
	return g, r.Scan(&g.CaseID, &g.Slot, &g.Year, &g.N, &g.At)
}

const gapColumns = `g.case_id, g.slot, g.year, g.n, g.at`

const gapOpen = ` FROM gap_cases g JOIN cases c ON c.id = g.case_id WHERE c.state IN ('reported', 'assigned', 'accepted', 'returned', 'blocked', 'fixed')`

// openGaps are the open cases of gaps by slot, the newest years first.
func openGaps(tx *db.Tx) (map[string][]Gap, error) {
	out := map[string][]Gap{}
	return out, db.Each(tx, scanGap, func(g Gap) error { out[g.Slot] = append(out[g.Slot], g); return nil }, `SELECT `+gapColumns+gapOpen+` ORDER BY g.year DESC, g.n DESC`)
}

// lastGap is the newest case of a slot's year, or db.ErrNone.
func lastGap(tx *db.Tx, slot string, year int) (Gap, error) {
	return db.One(tx, scanGap, `SELECT `+gapColumns+` FROM gap_cases g WHERE g.slot = $1 AND g.year = $2 ORDER BY g.n DESC LIMIT 1`, slot, int64(year))
}

func insertGap(tx *db.Tx, g Gap) error {
	_, err := tx.Exec(`INSERT INTO gap_cases (case_id, slot, year, n, at) VALUES ($1, $2, $3, $4, $5)`, g.CaseID, g.Slot, int64(g.Year), int64(g.N), g.At)
	return err
}

// GapOf finds the slot and year that a case asks proof for, or db.ErrNone.
func GapOf(tx *db.Tx, caseID string) (Gap, error) {
	return db.One(tx, scanGap, `SELECT `+gapColumns+` FROM gap_cases g WHERE g.case_id = $1`, caseID)
}

func insertGrams(tx *db.Tx, paperID string, grams []string) error {
	for _, g := range grams {
		if _, err := tx.Exec(`INSERT INTO paper_grams (gram, paper_id) VALUES ($1, $2) ON CONFLICT (gram, paper_id) DO NOTHING`, g, paperID); err != nil {
			return err
		}
	}
	return nil
}

func putText(tx *db.Tx, paperID, folded string) error {
	_, err := tx.Exec(`INSERT INTO paper_texts (paper_id, folded) VALUES ($1, $2) ON CONFLICT (paper_id) DO UPDATE SET folded = excluded.folded`, paperID, folded)
	return err
}

func textOf(tx *db.Tx, paperID string) (string, error) {
	return db.Value[string](tx, `SELECT folded FROM paper_texts WHERE paper_id = $1`, paperID)
}
