package shifts

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestQueuesNameWhatMayGoBefore: summed up from one queue to the next, their
// classes are those that their groups may follow, nested or not.
func TestQueuesNameWhatMayGoBefore(t *testing.T) {
	anew := 0
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 11))
		p := Problem{Days: 1, Shifts: make([]Shift, 6)}
		for s := range p.Shifts {
			p.Shifts[s].Minutes = 60 * (1 + r.IntN(2))
			for f := range p.Shifts {
				if r.IntN(3) == 0 {
					p.Shifts[s].NotAfter = append(p.Shifts[s].NotAfter, f)
				}
			}
		}
		table := newTable(&p)
		so, seen := make([]bool, table.classes), 0
		for _, q := range table.queues {
			if q.anew {
				clear(so)
				anew++
			}
			for _, c := range q.classes {
				so[c] = true
			}
			for _, g := range q.groups {
				if seen++; !slices.Equal(so, table.before(table.groups[g].sample)) {
					t.Errorf("seed %d: group %d may follow %v, not %v", seed, g, table.before(table.groups[g].sample), so)
				}
			}
		}
		if last := table.queues[len(table.queues)-1]; !last.last || slices.Contains(so, false) || seen != len(table.groups) {
			t.Errorf("seed %d: %d of %d groups, the last after %v", seed, seen, len(table.groups), so)
		}
	}
	if anew == 0 {
		t.Error("all classes were nested")
	}
}
