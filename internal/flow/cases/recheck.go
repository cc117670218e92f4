package cases

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/register/org"

	"github.com/google/uuid"
)

// How many closed cases get a second look: one in ten, and three times as many
// in an area or unit for each failed re-check of the last thirty days, at most
// half.
const (
	baseRate   = 0.10
	failFactor = 3
	topRate    = 0.50
	failMemory = 30 * 24 * time.Hour
)

// Candidate is a closed case a draw may choose, with the failed re-checks of
// its area and of its unit.
type Candidate struct {
	CaseID, AreaID, UnitID string
	AreaFails, UnitFails   int
}

// Rate is the chance of a candidate.
func (c Candidate) Rate() float64 {
	rate := baseRate
	for range max(c.AreaFails, c.UnitFails) {
		rate *= failFactor
	}
	return min(rate, topRate)
}

// Draw chooses from the candidates by the seed alone: a case is drawn when the
// first eight bytes of SHA-256(seed, case id), read as a fraction, lie below
// its rate. Anyone who has the opened seed can draw again and must get the same.
func Draw(seed string, list []Candidate) []Candidate {
	var out []Candidate
	for _, c := range list {
		sum := sha256.Sum256([]byte(seed + "/" + c.CaseID))
		if float64(binary.BigEndian.Uint64(sum[:8]))/(1<<64) < c.Rate() {
			out = append(out, c)
		}
	}
	return out
}

// Sealed is the published form of a seed not yet used.
func Sealed(seed string) string {
	sum := sha256.Sum256([]byte(seed))
	return hex.EncodeToString(sum[:])
}

// sealNext makes the seed of the next draw and publishes its seal, before the
// cases it will choose from have been closed.
func sealNext(tx *db.Tx) error {
	raw := make([]byte, 32)
	rand.Read(raw)
	id, seed := uuid.Must(uuid.NewV7()).String(), hex.EncodeToString(raw)
	_, err := tx.Exec(`INSERT INTO draws (id, seed, sealed_at, drawn_at, from_at) VALUES ($1, $2, $3, 0, $3)`, id, seed, tx.Now())
	if err == nil {
		_, err = event.Add(tx, org.System.ID, "recheck.sealed", id, map[string]string{"seal": Sealed(seed)})
	}
	return err
}

type draw struct {
	id, seed string
	fromAt   int64
}

// DrawRechecks opens the sealed seed, draws from the cases closed since it was
// sealed, and seals the next; the timetable calls it once a day.
func DrawRechecks(tx *db.Tx) (drawn int, err error) {
	d, err := db.One(tx, func(r db.Row) (d draw, err error) { return d, r.Scan(&d.id, &d.seed, &d.fromAt) },
		`SELECT id, seed, from_at FROM draws WHERE drawn_at = 0 ORDER BY sealed_at LIMIT 1`)
	if errors.Is(err, db.ErrNone) {
		return 0, sealNext(tx)
	}
	if err != nil {
		return 0, err
	}
	list, err := candidates(tx, d.fromAt)
	if err != nil {
		return 0, fmt.Errorf("cases: recheck: %w", err)
	}
	chosen := Draw(d.seed, list)
	for _, c := range chosen {
		if err := putRecheck(tx, d.id, c); err != nil {
			return 0, fmt.Errorf("cases: recheck: %w", err)
		}
	}
	if _, err := tx.Exec(`UPDATE draws SET drawn_at = $2 WHERE id = $1`, d.id, tx.Now()); err != nil {
		return 0, err
	}
	if _, err := event.Add(tx, org.System.ID, "recheck.drawn", d.id, map[string]any{"seed": d.seed, "candidates": list, "drawn": ids(chosen)}); err != nil {
		return 0, err
	}
	return len(chosen), sealNext(tx)
}

func ids(list []Candidate) []string {
	out := make([]string, len(list))
	for i, c := range list {
		out[i] = c.CaseID
	}
	return out
}

func candidates(tx *db.Tx, since int64) ([]Candidate, error) {
	list, err := db.All(tx, func(r db.Row) (c Candidate, err error) { return c, r.Scan(&c.CaseID, &c.AreaID, &c.UnitID) },
		`SELECT id, area_id, unit_id FROM cases WHERE closed_at >= $1 AND state = 'closed' AND recheck = '' ORDER BY id`, since)
	if err != nil {
		return nil, err
	}
	fails, err := db.All(tx, func(r db.Row) (c Candidate, err error) { return c, r.Scan(&c.AreaID, &c.UnitID) },
		`SELECT area_id, unit_id FROM rechecks WHERE result = 'failed' AND done_at >= $1`, tx.Time().Add(-failMemory).UnixMilli())
	if err != nil {
		return nil, err
	}
	for i := range list {
		for _, f := range fails {
			if f.AreaID == list[i].AreaID {
				list[i].AreaFails++
			}
			if f.UnitID == list[i].UnitID {
				list[i].UnitFails++
			}
		}
	}
	return list, nil
}

func putRecheck(tx *db.Tx, drawID string, chosen Candidate) error {
	c, err := ByID(tx, chosen.CaseID)
	if err != nil {
		return err
	}
	c.Recheck = uuid.Must(uuid.NewV7()).String()
	_, err = tx.Exec(`INSERT INTO rechecks (id, draw_id, case_id, area_id, unit_id, result, who, done_at) VALUES ($1, $2, $3, $4, $5, '', '', 0)`,
		c.Recheck, drawID, c.ID, c.AreaID, c.UnitID)
	if err != nil {
		return err
	}
	return update(tx, &c)
}

// settleRecheck records what the second look found.
func settleRecheck(tx *db.Tx, who org.Actor, c *Case, result string) error {
	_, err := tx.Exec(`UPDATE rechecks SET result = $2, who = $3, done_at = $4 WHERE id = $1`, c.Recheck, result, who.ID, tx.Now())
	c.Recheck = ""
	return err
}

// Redraw proves a draw: it opens what was published and draws again.
func Redraw(seal, seed string, list []Candidate, drawn []string) error {
	if Sealed(seed) != seal {
		return errors.New("the seed does not match its seal")
	}
	if again := ids(Draw(seed, list)); !slices.Equal(again, drawn) {
		return fmt.Errorf("drawing again gives %v, recorded were %v", again, drawn)
	}
	return nil
}
