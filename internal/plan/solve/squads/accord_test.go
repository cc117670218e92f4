package squads

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
)

// rows calls f with every chain of duties that a person's own rules allow.
func rows(t *table, person int32, f func(duties []int32)) {
	s := newState(t)
	var duties []int32
	var day func(d int)
	day = func(d int) {
		if d == t.days {
			f(duties)
			return
		}
		day(d + 1)
		for n, need := range t.needs {
			if int(need.day) != d || !s.free(person, need.day, need.shift, -1) {
				continue
			}
			s.onNeed[int(person)*s.days+d] = int32(n)
			s.left[int(person)*s.week+int(s.weekOf[d])]--
			duties = append(duties, int32(n))
			day(d + 1)
			duties = duties[:len(duties)-1]
			s.left[int(person)*s.week+int(s.weekOf[d])]++
			s.onNeed[int(person)*s.days+d] = -1
		}
	}
	day(0)
}

// ready is an accord in which everybody has chosen a few times.
func ready(p *Problem, seed uint64) *accord {
	t := newTable(p)
	b := newBuilder(newState(t), rand.New(rand.NewPCG(seed, 0)))
	r := newRelaxation(t)
	a := newAccord(r, newOffers(r), newAnnealer(b.state, b.drawn, seed).drawnTo, seed, 1)
	for range 4 {
		a.sweep(context.Background(), 1, follow, 1)
	}
	return a
}

// eachChooser calls f with every person of many small problems, once the fees
// they see are known.
func eachChooser(t *testing.T, f func(v *visitor, i int32, seed uint64)) {
	t.Helper()
	looked := 0
	for seed := range uint64(150) {
		p := small(seed)
		if Valid(p) != nil || p.Rules.Rest > 12*60 { // longer ones reach beyond the next day
			continue
		}
		a := ready(&p, seed)
		v := a.visitors[0]
		for i := range int32(a.people) {
			v.old = v.duties(v.old[:0], i)
			v.look(i)
			v.quote(i)
			f(v, i, seed)
			looked++
		}
	}
	if looked < 300 {
		t.Fatalf("only %d people looked at", looked)
	}
}

// TestQuotesAreTheCheapestFees holds what every slot of an area is quoted at
// against the fees of its needs, with people frozen where they chose to be too.
func TestQuotesAreTheCheapestFees(t *testing.T) {
	quoted, kept, frozen := 0, 0, 0
	for seed := range uint64(150) {
		p := small(seed)
		if seed%2 > 0 && Valid(p) == nil {
			p.Frozen = someFrozen(ready(&p, seed))
		}
		if Valid(p) != nil {
			continue
		}
		v := ready(&p, seed).visitors[0]
		for i := range int32(v.people) {
			v.old = v.duties(v.old[:0], i)
			v.look(i)
			v.quote(i)
			for slot := range v.chain.slots {
				for g, area := range v.chain.areasOf {
					if got, want := v.chain.slots[slot][g], cheapestFee(v, i, int32(slot), area); got != want {
						t.Fatalf("seed %d, person %d, slot %d, area %d: quoted %d, not %d", seed, i, slot, area, got, want)
					}
					quoted++
				}
			}
		}
		if frozen += len(p.Frozen); p.Kept != nil {
			kept++
		}
	}
	if quoted < 1000 || kept == 0 || frozen == 0 {
		t.Fatalf("only %d quotes, %d problems with a kept plan, %d frozen seats", quoted, kept, frozen)
	}
}

// someFrozen freezes the first duty of every third person.
func someFrozen(a *accord) (list []Seat) {
	for i := int32(0); i < int32(a.people); i += 3 {
		if duties := a.duties(nil, i); len(duties) > 0 {
			list = append(list, Seat{Need: int(duties[0]), Person: int(i)})
		}
	}
	return list
}

func cheapestFee(v *visitor, i, slot, area int32) int32 {
	cheapest := dear
	for n, need := range v.needs {
		if need.slot == slot && need.area == area {
			cheapest = min(cheapest, v.fee(i, int32(n)))
		}
	}
	return cheapest
}

// TestAResponseIsTheCheapestOfAllChains compares what a person answers to a
// price of load with every chain of duties they could have.
func TestAResponseIsTheCheapestOfAllChains(t *testing.T) {
	eachChooser(t, func(v *visitor, i int32, seed uint64) {
		price := float64(seed%5) - 2
		v.chain.respond(i, price)
		got := priceOf(v, i, v.chain.duties, price)
		rows(v.table, i, func(duties []int32) {
			if c := priceOf(v, i, duties, price); c < got {
				t.Fatalf("seed %d, person %d: %v costs %d, but %v only %d", seed, i, v.chain.duties, got, duties, c)
			}
		})
	})
}

// priceOf is what a responder minimises.
func priceOf(v *visitor, i int32, duties []int32, price float64) int64 {
	cost, load, last := int64(0), 0, int32(-1)
	for _, n := range duties {
		cost += int64(v.fee(i, n)) + v.link(last, n)*int64(v.fees) + int64(v.chain.priceOf(int(v.needs[n].shift), price))
		load += int(v.needs[n].load)
		last = n
	}
	return cost + int64(v.chain.togo[v.days][0].nowhere[load/v.chain.loadStep%cycle])
}

// TestAnExactChainIsTheCheapestInItsAreas compares with every chain that serves
// in the settled area of each batch.
func TestAnExactChainIsTheCheapestInItsAreas(t *testing.T) {
	eachChooser(t, func(v *visitor, i int32, seed uint64) {
		v.chain.respond(i, 0)
		v.whole.best(i, slices.Clone(v.chain.duties))
		got := stayless(v, i, v.chain.duties)
		rows(v.table, i, func(duties []int32) {
			for _, n := range duties {
				if v.needs[n].area != v.chain.areasOf[v.whole.goal[v.batchOf[v.needs[n].day]]] {
					return
				}
			}
			if c := stayless(v, i, duties); c < got && int(loadOf(v, duties)) < v.whole.steps*v.chain.loadStep {
				t.Fatalf("seed %d, person %d: %v costs %d, but %v only %d", seed, i, v.chain.duties, got, duties, c)
			}
		})
	})
}

func loadOf(v *visitor, duties []int32) (load int32) {
	for _, n := range duties {
		load += v.needs[n].load
	}
	return load
}

// stayless is worth without what moves from batch to batch cost, which an exact
// chain takes as settled.
func stayless(v *visitor, i int32, duties []int32) int64 {
	cost := int64(0)
	for _, n := range duties {
		cost += int64(v.fee(i, n))
	}
	off := int64(loadOf(v, duties) - v.target[i])
	return cost + int64(v.p.Weights.Fair)*off*off*int64(v.fees)
}

// TestAnAccordComesToFitItsNeeds holds the sums against a count, and that
// little is missed once people have chosen often enough.
func TestAnAccordComesToFitItsNeeds(t *testing.T) {
	p := Generate(Size{120, 12, 5, 28}, 3)
	a := ready(&p, 1)
	for k := range 60 {
		a.sweep(context.Background(), stiffness(float64(k)/60), follow, 1)
	}
	for n, members := range a.members {
		for _, i := range members {
			if a.row[int(i)*a.days+int(a.needs[n].day)] != int32(n) {
				t.Fatalf("need %d counts person %d, who serves elsewhere", n, i)
			}
		}
	}
	seats := len(newState(a.table).seats)
	if a.missed > seats/50 {
		t.Errorf("%d of %d seats missed", a.missed, seats)
	}
	s := a.settle()
	if open := s.open; open > seats/50 {
		t.Errorf("%d of %d seats left open", open, seats)
	}
	plan := s.plan()
	for _, b := range Check(p, plan) {
		if b.Rule.Kind != Filled && b.Rule.Kind != Skilled {
			t.Errorf("settled with %+v", b)
		}
	}
}
