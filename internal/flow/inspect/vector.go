package inspect

import (
	"strings"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/standard"
	"chuangwei/internal/register/standard/formula"
	"chuangwei/internal/register/standard/score"
)

// Survey is vector control as counts show it, graded by one active pack: the
// worst quantity is the measure's grade, the worst measure the pest's, the
// worst pest the whole's.
type Survey struct {
	Pack *standard.Held
	score.Vectors
	Counts map[string]Count // by the pack's measure, without the pack
}

// Graded grades counts under each active pack that has vector measures and
// one of whose measures was counted.
func Graded(tx *db.Tx, counts []Count) ([]Survey, error) {
	packs, err := standard.Active(tx)
	if err != nil {
		return nil, err
	}
	var out []Survey
	for _, h := range packs {
		s := Survey{Pack: h, Counts: map[string]Count{}}
		figures := map[string]formula.Milli{}
		for _, c := range counts {
			id, ok := strings.CutPrefix(c.Measure, h.ID+":")
			if !ok {
				continue
			}
			for _, m := range h.Vectors {
				if m.ID != id {
					continue
				}
				s.Counts[id] = c
				if v, known := Figure(m, c.Found, c.Base); known {
					figures[id] = v
				}
			}
		}
		if len(s.Counts) > 0 {
			s.Vectors = score.GradeVectors(h.Pack, figures)
			out = append(out, s)
		}
	}
	return out, nil
}

// Counted sums what was counted from one day to another, both inclusive, in an
// area or ("") wherever the reader may see; places is how many were counted.
func Counted(tx *db.Tx, who org.Actor, areaID string, from, to calendar.Day) (counts []Count, places int, err error) {
	w, err := Filter{Area: areaID}.where(who)
	if err != nil {
		return nil, 0, err
	}
	w.And("on_day >= $1 AND on_day <= $2 AND counted > 0", string(from), string(to))
	if places, err = db.Value[int](tx, `SELECT count(DISTINCT place_id) FROM inspections WHERE `+w.Text(), w.Args()...); err != nil {
		return nil, 0, err
	}
	counts, err = db.All(tx, scanCount, `SELECT c.measure, CAST(sum(c.found) AS BIGINT), CAST(sum(c.base) AS BIGINT) FROM inspection_counts c
		WHERE c.inspection_id IN (SELECT id FROM inspections WHERE `+w.Text()+`) GROUP BY c.measure ORDER BY c.measure`, w.Args()...)
	return counts, places, err
}
