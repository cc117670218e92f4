package shifts

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestDrawsFollowTheirChances: everything a person may do comes as often as
// exp(−cost/heat) says, and draws of a part of the days break no rule.
func TestDrawsFollowTheirChances(t *testing.T) {
	compared := 0
	for seed := range uint64(60) {
		p := small(seed)
		p.People = p.People[:1]
		for s := range p.Shifts {
			p.People[0].Most[s] = p.Days // with fewer, chances are not exact
		}
		rows := allRows(p, 0)
		if len(rows) < 2 || len(rows) > 400 {
			continue
		}
		compared++
		s := newState(newTable(&p))
		s.put(0, []span{{0, p.Days}}, narrow(rows[0]))
		compareDraws(t, seed, p, s, rows)
	}
	if compared < 8 {
		t.Errorf("only %d people compared", compared)
	}
}

func compareDraws(t *testing.T, seed uint64, p Problem, s *state, rows [][]int) {
	t.Helper()
	const heat, draws = 4.0, 20_000
	chance := map[string]float64{}
	sum := 0.0
	for _, row := range rows {
		x := math.Exp(-float64(Cost(p, Plan{row}).Total()) / heat)
		chance[string(letters(narrow(row)))] = x
		sum += x
	}
	random := rand.New(rand.NewPCG(seed, 3))
	w := newWindow(s, random)
	came, counted := map[string]int{}, 0
	for k := range draws {
		spans := []span{{0, p.Days}}
		if k%2 == 1 {
			spans = []span{{0, 1 + random.IntN(p.Days)}}
		}
		w.allow(0, spans)
		kept := s.take(nil, 0, spans)
		ok := w.prepare(0, spans, heat)
		if ok {
			w.draw()
			kept = w.drawn
		}
		s.put(0, spans, kept)
		row := string(letters(s.row(0)))
		if chance[row] == 0 {
			t.Errorf("seed %d: %q was drawn and breaks a rule", seed, row)
		}
		if ok && k%2 == 0 { // drawn over all days, whatever was before
			came[row]++
			counted++
		}
	}
	off := 0.0
	for row, x := range chance {
		off += math.Abs(float64(came[row])/float64(counted) - x/sum)
	}
	// Half the sum of differences of chances; pure luck gives less than
	// √(rows / draws) of it.
	if limit := 2 * math.Sqrt(float64(len(rows))/float64(counted)); counted < 1000 || off/2 > limit {
		t.Errorf("seed %d: %d rows, %d draws, chances differ by %.3f, limit %.3f", seed, len(rows), counted, off/2, limit)
	}
}

func letters(row []int16) []byte {
	b := make([]byte, len(row))
	for k, s := range row {
		b[k] = byte('a' + s + 1)
	}
	return b
}

// TestColdDrawsTakeTheBest: where heat is little beside what one missing person
// costs, the cheapest days of several such are still found.
func TestColdDrawsTakeTheBest(t *testing.T) {
	const heat, missing = 0.15, 400
	drawn, best := 0, 0
	for seed := range uint64(60) {
		p := small(seed)
		p.People = p.People[:1]
		for s := range p.Shifts {
			p.People[0].Most[s] = p.Days
			for d := range p.Cover {
				p.Cover[d][s].Under = missing
			}
		}
		rows := allRows(p, 0)
		if len(rows) < 2 {
			continue
		}
		least := Cost(p, Plan{rows[0]}).Total()
		for _, row := range rows {
			least = min(least, Cost(p, Plan{row}).Total())
		}
		s := newState(newTable(&p))
		s.put(0, []span{{0, p.Days}}, narrow(rows[0]))
		a := newAnnealer(s, rand.New(rand.NewPCG(seed, 5)))
		for range 20 {
			a.draw(0, []span{{0, p.Days}}, heat)
			if drawn++; s.cost == least {
				best++
			}
		}
	}
	if drawn < 300 || best < drawn*9/10 {
		t.Errorf("%d of %d draws are the cheapest", best, drawn)
	}
}
