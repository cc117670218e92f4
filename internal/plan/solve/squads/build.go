package squads

import (
	"cmp"
	"context"
	"math/rand/v2"
	"slices"
)

// sampled is how many people beside those drawn to the area are looked at for
// a seat before everybody is.
const sampled = 40

// builder seats people one by one, scarce skills first.
type builder struct {
	*state
	*rand.Rand
	drawn [][]int32             // of each area, the people who like to serve there
	able  [SkillKinds][]int32   // of each skill, the people who have it
	among [SkillKinds][][]int32 // of each skill and area, the people drawn there who have it
	all   []int32
}

func newBuilder(s *state, random *rand.Rand) *builder {
	b := &builder{state: s, Rand: random, drawn: make([][]int32, s.areas)}
	for k := range b.among {
		b.among[k] = make([][]int32, s.areas)
	}
	for i, person := range s.p.People {
		b.all = append(b.all, int32(i))
		areas := slices.Clone(person.Liked)
		if person.Home != Nowhere && !slices.Contains(areas, person.Home) {
			areas = append(areas, person.Home)
		}
		for _, a := range areas {
			b.drawn[a] = append(b.drawn[a], int32(i))
		}
		for k := range person.Skills.each() {
			b.able[k] = append(b.able[k], int32(i))
			for _, a := range areas {
				b.among[k][a] = append(b.among[k][a], int32(i))
			}
		}
	}
	return b
}

// build fills what it can: the scarcest skill first, then the other seats.
func (b *builder) build(ctx context.Context) {
	var want [SkillKinds]int
	for _, n := range b.needs {
		for k := range SkillKinds {
			want[k] += int(n.least[k])
		}
	}
	scarce := []Skill{Leader, Licence, Driver, Language}
	slices.SortStableFunc(scarce, func(x, y Skill) int {
		return cmp.Compare(float64(want[y])/float64(len(b.able[y])+1), float64(want[x])/float64(len(b.able[x])+1))
	})
	order := b.byDay()
	for _, k := range scarce {
		for _, n := range order {
			b.fillSkill(n, k)
		}
	}
	for _, n := range order {
		if ctx.Err() != nil {
			return
		}
		for seat := b.needs[n].first; seat < b.needs[n].first+b.needs[n].size; seat++ {
			if b.seats[seat] < 0 {
				b.fill(seat, b.drawn[b.needs[n].area], b.all)
			}
		}
	}
}

// byDay is the needs in order of days, mixed within each.
func (b *builder) byDay() []int32 {
	order := make([]int32, len(b.needs))
	for n := range order {
		order[n] = int32(n)
	}
	b.Shuffle(len(order), func(x, y int) { order[x], order[y] = order[y], order[x] })
	slices.SortStableFunc(order, func(x, y int32) int { return cmp.Compare(b.needs[x].day, b.needs[y].day) })
	return order
}

func (b *builder) fillSkill(n int32, k Skill) {
	need := &b.needs[n]
	for seat := need.first; seat < need.first+need.size; seat++ {
		if b.have[int(n)*int(SkillKinds)+int(k)] >= need.least[k] {
			return
		}
		if b.seats[seat] < 0 {
			b.fill(seat, b.among[k][need.area], b.able[k])
		}
	}
}

// fill seats the cheapest of those drawn to the area and some of the others;
// if none of them may, the cheapest of all.
func (b *builder) fill(seat int32, drawn, others []int32) bool {
	best := b.cheapest(seat, drawn, -1)
	if len(others) > sampled {
		from := b.IntN(len(others) - sampled)
		best = b.cheapest(seat, others[from:from+sampled], best)
	}
	if best < 0 {
		best = b.cheapest(seat, others, -1)
	}
	if best < 0 {
		return false
	}
	b.seat(seat, best)
	return true
}

// cheapest returns who of some people takes an open seat at the least cost, or
// best if none is cheaper, or −1.
func (s *state) cheapest(seat int32, people []int32, best int32) int32 {
	n := s.seatNeed[seat]
	least := int64(0)
	if best >= 0 {
		least = s.addCost(best, n)
	}
	for _, i := range people {
		if !s.mayReplace(n, -1, i) {
			continue
		}
		if c := s.addCost(i, n); best < 0 || c < least {
			best, least = i, c
		}
	}
	return best
}
