package squads

import (
	"context"
	"math/rand/v2"
	"slices"
	"time"
)

// Replan repairs a kept plan that no longer fits the problem: whatever lies
// before day from stays, even where it is short of people, and as few seats as
// possible change after it. Kept may lack needs that were added at the end of
// p.Needs. A seat that breaks a rule is emptied, and every empty seat is filled
// by the shortest chain of people who move up; the cost decides only between
// chains of the same length. Answer.Bound is 0: that of the problem says
// nothing about a repair. Errors as in Solve.
func Replan(ctx context.Context, p Problem, kept Plan, from int, o Options) (Answer, error) {
	began := time.Now()
	past := Settle(p, kept, func(n Need) bool { return n.Day < from })
	if err := Valid(past); err != nil {
		return Answer{}, err
	}
	s := newState(newTable(&past))
	r := &repairer{state: s, kept: kept}
	r.seatKept()
	r.fillAll(ctx)
	if r.open > 0 {
		walk(ctx, s, rand.New(rand.NewPCG(o.Seed, 0)), s.patience())
	}
	if s.open > 0 {
		if err := ctx.Err(); err != nil {
			return Answer{}, err
		}
		return Answer{}, ErrNoPlan
	}
	plan := s.plan()
	parts := Cost(p, plan)
	took := time.Since(began)
	return Answer{Plan: plan, Cost: parts.Total(), Parts: parts, First: took, Last: took, Elapsed: took}, nil
}

// Changed returns the seats of one plan that the other does not have.
func Changed(kept, plan Plan) (gone, come []Seat) {
	return missing(kept, plan), missing(plan, kept)
}

// missing are the seats of a that b lacks.
func missing(a, b Plan) []Seat {
	var seats []Seat
	for n, people := range a.Seats {
		for _, i := range people {
			if !b.has(n, i) {
				seats = append(seats, Seat{n, i})
			}
		}
	}
	return seats
}

// Settle is the problem in which those needs that are past stay as they were
// kept: even short of people, and whatever they break. Who was in two squads on
// a day counts in the first.
func Settle(p Problem, kept Plan, past func(Need) bool) Problem {
	kept = whole(p, kept)
	p.Needs = slices.Clone(p.Needs)
	p.Frozen = slices.DeleteFunc(slices.Clone(p.Frozen), func(f Seat) bool {
		return within(f.Need, len(p.Needs)) && past(p.Needs[f.Need])
	})
	on := map[personDay]bool{}
	for n, people := range kept.Seats {
		need := &p.Needs[n]
		if !past(*need) {
			continue
		}
		need.Size, need.Least, need.MostOfUnit = 0, [SkillKinds]int{}, 0
		for _, i := range people {
			if at := (personDay{i, need.Day}); !on[at] {
				on[at] = true
				need.Size++
				p.Frozen = append(p.Frozen, Seat{n, i})
			}
		}
	}
	return p
}

// repairer fills the empty seats of a plan with few changes.
type repairer struct {
	*state
	kept   Plan
	budget int // looks at a person for a seat
}

// seatKept seats whom the rules still allow, those with wanted skills first.
func (r *repairer) seatKept() {
	for n, people := range r.kept.Seats {
		need := &r.needs[n]
		people = slices.Clone(people)
		slices.SortStableFunc(people, func(i, j int) int {
			return (r.skills[j] & need.wants).count() - (r.skills[i] & need.wants).count()
		})
		for _, i := range people {
			seat := r.openSeat(int32(n))
			if seat >= 0 && r.mayReplace(int32(n), -1, int32(i)) {
				r.seat(seat, int32(i))
			}
		}
	}
}

// openSeat is an open seat of a need, or −1.
func (s *state) openSeat(n int32) int32 {
	if k := slices.IndexFunc(s.squad(n), func(who int32) bool { return who < 0 }); k >= 0 {
		return s.needs[n].first + int32(k)
	}
	return -1
}

// How long a chain of people who move up may be, and how many looks a search
// for it may take.
const (
	longest     = 4
	chainBudget = 20_000_000
)

// fillAll fills the seats that are open, first those that one person can fill.
func (r *repairer) fillAll(ctx context.Context) {
	for length := 1; length <= longest && r.open > 0; length++ {
		for seat, who := range r.seats {
			if who >= 0 || ctx.Err() != nil {
				continue
			}
			r.budget = chainBudget
			r.chain(int32(seat), length, nil)
		}
	}
}

// chain fills an open seat by at most length people, each of whom but the last
// leaves a seat to the next. Seats in passed are not touched again. The state
// is unchanged when there is no chain.
func (r *repairer) chain(seat int32, length int, passed []int32) bool {
	n := r.seatNeed[seat]
	r.budget -= r.people
	if best := r.cheapestOf(seat); best >= 0 {
		r.seat(seat, best)
		return true
	}
	if length == 1 {
		return false
	}
	passed = append(passed, seat)
	least, mover, left := int64(0), int32(-1), int32(-1)
	for i := range int32(r.people) {
		out, ok := r.blockers(seat, i)
		if r.budget < 0 {
			break
		}
		if !ok || len(out) != 1 || slices.Contains(passed, out[0]) {
			continue
		}
		before, who := r.cost, r.vacate(out[0])
		r.seat(seat, i)
		if length > 2 {
			// Of longer chains the first one is taken: there are too many.
			if r.chain(out[0], length-1, passed) {
				return true
			}
		} else if delta, ok := r.tryFill(out[0], before); ok && (mover < 0 || delta < least) {
			least, mover, left = delta, i, out[0]
		}
		r.vacate(r.seatOf(n, i))
		r.seat(out[0], who)
	}
	if mover < 0 {
		return false
	}
	r.vacate(left)
	r.seat(seat, mover)
	r.seat(left, r.cheapestOf(left))
	return true
}

// tryFill is what the whole costs more than before if the cheapest person
// filled a seat.
func (r *repairer) tryFill(seat int32, before int64) (int64, bool) {
	r.budget -= r.people
	best := r.cheapestOf(seat)
	if best < 0 {
		return 0, false
	}
	return r.cost + r.addCost(best, r.seatNeed[seat]) - before, true
}

// cheapestOf is the person of all who takes an open seat at the least cost, −1
// if nobody may.
func (s *state) cheapestOf(seat int32) int32 {
	n := s.seatNeed[seat]
	best, least := int32(-1), int64(0)
	for i := range int32(s.people) {
		if !s.mayReplace(n, -1, i) {
			continue
		}
		if c := s.addCost(i, n); best < 0 || c < least {
			best, least = i, c
		}
	}
	return best
}
