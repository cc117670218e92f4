package assess

import (
	"encoding/json"
	"errors"

	"chuangwei/internal/campaign/assess/sample"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
)

const columns = `id, name, kind, pack, from_on, to_on, state, experts, wants, seed, seal, estimate, sum, score, verdict, made_by, made_at, drawn_at, finished_at, version`

func scan(r db.Row) (x Round, err error) {
	var experts, wants, estimate string
	err = r.Scan(&x.ID, &x.Name, &x.Kind, &x.Pack, &x.FromOn, &x.ToOn, &x.State, &experts, &wants, &x.Seed, &x.Seal, &estimate, &x.Sum, &x.Score, &x.Verdict,
		&x.MadeBy, &x.MadeAt, &x.DrawnAt, &x.FinishedAt, &x.Version)
	if err != nil {
		return x, err
	}
	return x, errors.Join(unpack(experts, &x.Experts), unpack(wants, &x.Wants), unpack(estimate, &x.Estimate))
}

func unpack(text string, v any) error {
	if text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), v)
}

func packed(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // only our own plain structs come here
	}
	return string(text)
}

func insert(tx *db.Tx, r Round, seed string) error {
	_, err := tx.Exec(`INSERT INTO rounds (`+columns+`, frame, frozen) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '', '', 0, '', $12, $13, 0, 0, 1, '', '')`,
		r.ID, r.Name, string(r.Kind), r.Pack, r.FromOn, r.ToOn, string(r.State), packed(r.Experts), packed(r.Wants), seed, r.Seal, r.MadeBy, r.MadeAt)
	return err
}

func update(tx *db.Tx, r *Round) error {
	r.Version++
	estimate := ""
	if r.Estimate != nil {
		estimate = packed(r.Estimate)
	}
	_, err := tx.Exec(`UPDATE rounds SET name = $2, from_on = $3, to_on = $4, state = $5, experts = $6, wants = $7, estimate = $8, sum = $9, score = $10, verdict = $11,
		drawn_at = $12, finished_at = $13, version = $14 WHERE id = $1`,
		r.ID, r.Name, r.FromOn, r.ToOn, string(r.State), packed(r.Experts), packed(r.Wants), estimate, r.Sum, int64(r.Score), r.Verdict, r.DrawnAt, r.FinishedAt, r.Version)
	return err
}

// byID finds a round with its seed, whether drawn or not.
func byID(tx *db.Tx, id string) (Round, error) {
	r, err := db.One(tx, scan, `SELECT `+columns+` FROM rounds WHERE id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return r, errNone
	}
	return r, err
}

var errNone = fault.New(fault.NotFound, "round.none", "没有找到这次评估，或不在您的查看范围。", "There is no such round, or it is not yours to see.")

func all(tx *db.Tx) ([]Round, error) {
	return db.All(tx, scan, `SELECT `+columns+` FROM rounds ORDER BY from_on DESC, id DESC LIMIT 500`)
}

func putFrame(tx *db.Tx, id, frame string) error {
	_, err := tx.Exec(`UPDATE rounds SET frame = $2 WHERE id = $1`, id, frame)
	return err
}

func frameOf(tx *db.Tx, id string) (out []sample.Place, err error) {
	text, err := db.Value[string](tx, `SELECT frame FROM rounds WHERE id = $1`, id)
	if err != nil {
		return nil, err
	}
	return out, unpack(text, &out)
}

func putFrozen(tx *db.Tx, id, text string) error {
	_, err := tx.Exec(`UPDATE rounds SET frozen = $2 WHERE id = $1`, id, text)
	return err
}

func frozenText(tx *db.Tx, id string) (string, error) {
	return db.Value[string](tx, `SELECT frozen FROM rounds WHERE id = $1`, id)
}

func scanSpot(r db.Row) (s Spot, err error) {
	return s, r.Scan(&s.PlaceID, &s.N, &s.Kind, &s.AreaID, &s.Source, &s.VisitedAt, &s.VisitedBy, &s.Note)
}

func insertSpot(tx *db.Tx, round string, s Spot) error {
	_, err := tx.Exec(`INSERT INTO round_spots (round_id, place_id, n, kind, area_id, source, visited_at, visited_by, note) VALUES ($1, $2, $3, $4, $5, $6, 0, '', '')
		ON CONFLICT (round_id, place_id) DO NOTHING`, round, s.PlaceID, int64(s.N), s.Kind, s.AreaID, s.Source)
	return err
}

func updateVisit(tx *db.Tx, round string, s Spot) error {
	_, err := tx.Exec(`UPDATE round_spots SET visited_at = $3, visited_by = $4, note = $5 WHERE round_id = $1 AND place_id = $2`, round, s.PlaceID, s.VisitedAt, s.VisitedBy, s.Note)
	return err
}

// deleteSpot takes a place out that was added by hand and not visited.
func deleteSpot(tx *db.Tx, round, placeID string) (int64, error) {
	return tx.Exec(`DELETE FROM round_spots WHERE round_id = $1 AND place_id = $2 AND source = 'added' AND visited_at = 0`, round, placeID)
}

// Spots are the places of a round in order.
func Spots(tx *db.Tx, round string) ([]Spot, error) {
	return db.All(tx, scanSpot, `SELECT place_id, n, kind, area_id, source, visited_at, visited_by, note FROM round_spots WHERE round_id = $1 ORDER BY n, place_id`, round)
}

const findingColumns = `id, expert, place_id, place_kind, check_id, line, item, kind, text, note, times, photos, who, made_at, at, withdrawn_at, withdrawn_by, why`

func scanFinding(r db.Row) (f Finding, err error) {
	var photos string
	err = r.Scan(&f.ID, &f.Expert, &f.PlaceID, &f.PlaceKind, &f.Check, &f.Line, &f.Item, &f.Kind, &f.Text, &f.Note, &f.Times, &photos, &f.Who, &f.MadeAt, &f.At,
		&f.WithdrawnAt, &f.WithdrawnBy, &f.Why)
	if err != nil {
		return f, err
	}
	return f, unpack(photos, &f.Photos)
}

func insertFinding(tx *db.Tx, round string, f Finding) error {
	_, err := tx.Exec(`INSERT INTO round_findings (round_id, `+findingColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 0, '', '')`,
		round, f.ID, f.Expert, f.PlaceID, f.PlaceKind, f.Check, f.Line, f.Item, f.Kind, f.Text, f.Note, int64(f.Times), packed(append([]string{}, f.Photos...)), f.Who, f.MadeAt, f.At)
	return err
}

func updateWithdrawn(tx *db.Tx, f Finding) error {
	_, err := tx.Exec(`UPDATE round_findings SET withdrawn_at = $2, withdrawn_by = $3, why = $4 WHERE id = $1`, f.ID, f.WithdrawnAt, f.WithdrawnBy, f.Why)
	return err
}

// Findings are all of a round, withdrawn ones too, in the order they came.
func Findings(tx *db.Tx, round string) ([]Finding, error) {
	return db.All(tx, scanFinding, `SELECT `+findingColumns+` FROM round_findings WHERE round_id = $1 ORDER BY at, id`, round)
}

func findingByID(tx *db.Tx, round, id string) (Finding, error) {
	f, err := db.One(tx, scanFinding, `SELECT `+findingColumns+` FROM round_findings WHERE round_id = $1 AND id = $2`, round, id)
	if errors.Is(err, db.ErrNone) {
		return f, fault.New(fault.NotFound, "finding.none", "没有这条问题。", "There is no such finding.")
	}
	return f, err
}

func scanMark(r db.Row) (m Mark, err error) {
	var points int64
	var photos string
	if err = r.Scan(&m.What, &m.Ref, &m.Expert, &m.Value, &points, &m.Note, &photos, &m.Who, &m.MadeAt); err != nil {
		return m, err
	}
	if points >= 0 {
		m.Points = new(Milli(points))
	}
	return m, unpack(photos, &m.Photos)
}

// putMark keeps a mark unless a later one is there.
func putMark(tx *db.Tx, round string, m Mark) error {
	points := int64(-1)
	if m.Points != nil {
		points = int64(*m.Points)
	}
	_, err := tx.Exec(`INSERT INTO round_marks (round_id, what, ref, expert, value, points, note, photos, who, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (round_id, what, ref) DO UPDATE SET expert = excluded.expert, value = excluded.value, points = excluded.points, note = excluded.note,
		photos = excluded.photos, who = excluded.who, made_at = excluded.made_at WHERE round_marks.made_at <= excluded.made_at`,
		round, m.What, m.Ref, m.Expert, m.Value, points, m.Note, packed(append([]string{}, m.Photos...)), m.Who, m.MadeAt)
	return err
}

// Marks are the judgements of a round.
func Marks(tx *db.Tx, round string) ([]Mark, error) {
	return db.All(tx, scanMark, `SELECT what, ref, expert, value, points, note, photos, who, made_at FROM round_marks WHERE round_id = $1 ORDER BY what, ref`, round)
}

// Settled is what became of a lost point.
type Settled struct {
	Loss    string
	Outcome string
	CaseID  string
	Reason  string
	Who     string
	At      int64
}

func putSettled(tx *db.Tx, round string, s Settled) error {
	_, err := tx.Exec(`INSERT INTO round_losses (round_id, loss_id, outcome, case_id, reason, who, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		round, s.Loss, s.Outcome, s.CaseID, s.Reason, s.Who, s.At)
	return err
}

func settledOf(tx *db.Tx, round string) (map[string]Settled, error) {
	out := map[string]Settled{}
	return out, db.Each(tx, func(r db.Row) (s Settled, err error) {
		return s, r.Scan(&s.Loss, &s.Outcome, &s.CaseID, &s.Reason, &s.Who, &s.At)
	}, func(s Settled) error { out[s.Loss] = s; return nil }, `SELECT loss_id, outcome, case_id, reason, who, at FROM round_losses WHERE round_id = $1`, round)
}

// Figure is a measured value of an indicator.
type Figure struct {
	ID        string
	Pack      string
	Indicator string
	Value     Milli
	OnDay     string
	Source    string
	Who       string
	At        int64
}

func insertFigure(tx *db.Tx, f Figure) error {
	_, err := tx.Exec(`INSERT INTO indicator_values (id, pack, indicator, value, on_day, source, who, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		f.ID, f.Pack, f.Indicator, int64(f.Value), f.OnDay, f.Source, f.Who, f.At)
	return err
}

// figuresOf are the values of a pack's indicators up to a day, the newest of each last.
func figuresOf(tx *db.Tx, pack, upTo string) ([]Figure, error) {
	return db.All(tx, func(r db.Row) (f Figure, err error) {
		return f, r.Scan(&f.ID, &f.Pack, &f.Indicator, &f.Value, &f.OnDay, &f.Source, &f.Who, &f.At)
	}, `SELECT id, pack, indicator, value, on_day, source, who, at FROM indicator_values WHERE pack = $1 AND on_day <= $2 ORDER BY indicator, on_day, at`, pack, upTo)
}
