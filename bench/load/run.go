package main

import (
	"slices"
	"sync"
	"time"
)

// result is the times of one operation.
type result struct {
	times []time.Duration
	took  time.Duration
	cpu   time.Duration
}

func (r *result) n() int { return len(r.times) }

// at is a quantile in milliseconds.
func (r *result) at(q float64) float64 {
	if len(r.times) == 0 {
		return 0
	}
	slices.Sort(r.times)
	return r.times[min(len(r.times)-1, int(q*float64(len(r.times))))].Seconds() * 1000
}

// run repeats do on so many connections for a while. do answers false when
// there is nothing left for it.
func run(s *server, conns int, long time.Duration, do func(conn int) bool) result {
	var mu sync.Mutex
	var all result
	var wait sync.WaitGroup
	cpu, start := s.cpu(), time.Now()
	for c := range conns {
		wait.Go(func() {
			var own []time.Duration
			for time.Since(start) < long {
				at := time.Now()
				if !do(c) {
					break
				}
				own = append(own, time.Since(at))
			}
			mu.Lock()
			defer mu.Unlock()
			all.times = append(all.times, own...)
		})
	}
	wait.Wait()
	all.took, all.cpu = time.Since(start), s.cpu()-cpu
	return all
}
