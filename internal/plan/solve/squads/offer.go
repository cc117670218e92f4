package squads

import (
	"math"
	"slices"
	"sync"
)

// trackedMost is how many areas of a person the bound tells apart: home first,
// then liked ones. All others are one area to it, within which moving is free.
const trackedMost = 2

// trackedOf lists those areas of each person.
func trackedOf(p *Problem) [][]int32 {
	out := make([][]int32, len(p.People))
	for i, person := range p.People {
		for _, a := range append([]int{person.Home}, person.Liked...) {
			if a != Nowhere && len(out[i]) < trackedMost && !slices.Contains(out[i], int32(a)) {
				out[i] = append(out[i], int32(a))
			}
		}
	}
	return out
}

// offers are the needs as people see them at some prices: of every slot (a
// shift of a day) those of each area, and the dearest of all areas.
type offers struct {
	*relaxation
	tracked [][]int32
	special [][]int32 // of each person, untracked areas that cost them something else than most do
	base    []int32   // of each person, what most areas cost
	at      [][]int32 // [slot, area]: needs
	set     []int32   // of each person, the index of their skills
	sets    []Skills  // that people have
	each    []offer   // [slot, set, area]: the dearest need of each area; need −1 where there is none
	best    [][]offer // [slot, set]: of those the dearest
	most    int       // of them that anybody may have to look at
}

// offer is what a need pays somebody, in parts.
type offer struct {
	pays int64
	need int32
	area int32
}

func newOffers(r *relaxation) *offers {
	t := r.table
	o := &offers{relaxation: r, tracked: trackedOf(t.p), at: make([][]int32, t.days*t.shifts*t.areas), base: make([]int32, t.people)}
	for n, need := range t.needs {
		k := int(need.slot)*t.areas + int(need.area)
		o.at[k] = append(o.at[k], int32(n))
	}
	index := map[Skills]int32{}
	for i := range t.people {
		set := t.skills[i]
		if _, ok := index[set]; !ok {
			index[set] = int32(len(o.sets))
			o.sets = append(o.sets, set)
		}
		o.set = append(o.set, index[set])
		o.special = append(o.special, o.specialOf(i))
		o.most = max(o.most, len(o.tracked[i])+len(o.special[i])+1)
	}
	o.best = make([][]offer, t.days*t.shifts*len(o.sets))
	o.each = make([]offer, len(o.best)*t.areas)
	return o
}

// specialOf finds what most areas cost a person, and which do not.
func (o *offers) specialOf(i int) (special []int32) {
	place := o.place[i*o.areas:][:o.areas]
	count := map[int32]int{}
	for _, cost := range place {
		if count[cost]++; count[cost] > count[o.base[i]] || count[cost] == count[o.base[i]] && cost < o.base[i] {
			o.base[i] = cost
		}
	}
	for a, cost := range place {
		if cost != o.base[i] && !slices.Contains(o.tracked[i], int32(a)) {
			special = append(special, int32(a))
		}
	}
	return special
}

// pays is what a need pays people of a set of skills.
func (o *offers) pays(n int32, set Skills, q *priced) int64 {
	sum := q.need[n]
	for k := range (set & o.needs[n].wants).each() {
		sum += q.skill[int(n)*int(SkillKinds)+int(k)]
	}
	return sum
}

// post works the offers out at new prices, with some goroutines.
func (o *offers) post(q *priced, workers int) {
	var all sync.WaitGroup
	slots := o.days * o.shifts
	for w := range workers {
		all.Go(func() { o.postSlots(w*slots/workers, (w+1)*slots/workers, q) })
	}
	all.Wait()
}

func (o *offers) postSlots(from, to int, q *priced) {
	for slot := from; slot < to; slot++ {
		for k, set := range o.sets {
			at := slot*len(o.sets) + k
			list := o.best[at][:0]
			for a := range o.areas {
				in := o.dearest(slot, int32(a), set, q)
				o.each[at*o.areas+a] = in
				if in.need >= 0 {
					list = enlist(list, in, o.most)
				}
			}
			o.best[at] = list
		}
	}
}

// dearest is the need of a slot and area that pays people of a set most.
func (o *offers) dearest(slot int, area int32, set Skills, q *priced) offer {
	best := offer{need: -1, area: area}
	for _, n := range o.at[slot*o.areas+int(area)] {
		if pays := o.pays(n, set, q); best.need < 0 || pays > best.pays {
			best.pays, best.need = pays, n
		}
	}
	return best
}

// enlist keeps a list of the dearest in order.
func enlist(list []offer, in offer, most int) []offer {
	if len(list) == most {
		if list[most-1].pays >= in.pays {
			return list
		}
		list = list[:most-1]
	}
	k := len(list)
	list = append(list, in)
	for ; k > 0 && list[k-1].pays < in.pays; k-- {
		list[k], list[k-1] = list[k-1], list[k]
	}
	return list
}

// of are the offers of a slot to a person, by area.
func (o *offers) of(person, slot int) []offer {
	return o.each[(slot*len(o.sets)+int(o.set[person]))*o.areas:][:o.areas]
}

// other is the cheapest need of a slot for a person outside the tracked areas.
func (o *offers) other(person, slot int) (cost int64, need int32) {
	cost, need = math.MaxInt64, -1
	tracked, special := o.tracked[person], o.special[person]
	for _, in := range o.best[slot*len(o.sets)+int(o.set[person])] {
		if !slices.Contains(tracked, in.area) && !slices.Contains(special, in.area) {
			cost, need = int64(o.base[person])*o.grain-in.pays, in.need
			break
		}
	}
	for _, a := range special {
		if in := o.of(person, slot)[a]; in.need >= 0 {
			if c := int64(o.place[person*o.areas+int(a)])*o.grain - in.pays; c < cost {
				cost, need = c, in.need
			}
		}
	}
	return cost, need
}
