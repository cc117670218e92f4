package squads

import (
	"context"
	"sync/atomic"
	"time"
)

// schedule says how much of a search has passed: by moves, or by the deadline
// of the context.
type schedule struct {
	moves    int64 // 0: by the deadline
	from     time.Time
	deadline time.Time
	winding  *atomic.Pointer[winding] // nil until somebody wants it to end

	hottest, coldest float64
}

// winding is the end of a search that somebody wants to end: when that was,
// and how much had passed by then.
type winding struct {
	at     time.Time
	passed float64
}

// WindUp is how long a search by the clock goes on at most when somebody wants
// it to end: what is left of its phases, in haste.
const WindUp = 3 * time.Second

// movesPerSeat is the length of a search that is given none.
const movesPerSeat = 2000

func newSchedule(ctx context.Context, o Options, seats int) schedule {
	s := schedule{winding: new(atomic.Pointer[winding])}
	deadline, ok := ctx.Deadline()
	switch {
	case o.Iterations > 0:
		s.moves = int64(o.Iterations)
	case !ok:
		s.moves = int64(movesPerSeat * max(seats, 1))
	default:
		s.from, s.deadline = time.Now(), deadline
	}
	return s
}

// passed is from 0 to 1.
func (s schedule) passed(moves int64) float64 {
	if s.moves > 0 {
		return min(1, float64(moves)/float64(s.moves))
	}
	all, past := s.deadline.Sub(s.from), time.Since(s.from)
	if w := s.winding.Load(); w != nil {
		return min(1, max(float64(past)/float64(all), w.passed+(1-w.passed)*float64(time.Since(w.at))/float64(WindUp)))
	}
	return min(1, float64(past)/float64(all))
}

// windUp lets the rest of the schedule pass in haste.
func (s schedule) windUp() {
	passed := s.passed(0)
	s.winding.Store(&winding{time.Now(), passed})
}

// await winds up when somebody wants that, until the context ends.
func (s schedule) await(ctx context.Context, end <-chan struct{}) {
	if end == nil || s.moves > 0 {
		return
	}
	go func() {
		select {
		case <-end:
			s.windUp()
		case <-ctx.Done():
		}
	}()
}

// heat falls geometrically, from one that already keeps what was found good
// before to one at which hardly a worse move passes.
func (s schedule) heat(passed float64) float64 {
	return fall(s.hottest, s.coldest, passed)
}

// cool sets the heats, in units of cost: after a mere construction from a share
// of the dearest thing that a move often does to one of the cheapest; what
// people agreed on is only mended.
func (s *schedule) cool(w Weights, agreed bool) {
	dear, cheap := float64(max(1, w.Fair, w.Away, w.Stay, w.Turn)), w.grade()
	s.hottest, s.coldest = 0.7*dear, 0.12*cheap
	if agreed {
		s.hottest, s.coldest = 0.15*cheap, 0.1*cheap
	}
}

// grade is the cheapest thing that a move often costs: the scale on which
// searches are hot or soft.
func (w Weights) grade() float64 {
	cheap := 0
	for _, cost := range []int{w.Fair, w.Away, w.Stay, w.Turn} {
		if cost > 0 && (cheap == 0 || cost < cheap) {
			cheap = cost
		}
	}
	return float64(max(cheap, 1))
}
