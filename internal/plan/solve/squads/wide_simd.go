//go:build goexperiment.simd && amd64

package squads

import "simd/archsimd"

// wide says whether eight costs can be looked at in one instruction.
var wide = archsimd.X86.AVX2()

// turned are the places of costs by rest of load once some steps are added.
var turned = func() (by [width][width]uint32) {
	for steps := range by {
		for rest := range by[steps] {
			by[steps][rest] = uint32((rest + steps) % width)
		}
	}
	return
}()

// spreadWide is spread, with the same costs for every rest.
func (r *responder) spreadWide(d int) {
	for s := range r.costs {
		more := archsimd.BroadcastInt32x8(r.priced[s])
		costs := archsimd.LoadInt32x8((*[width]int32)(&r.slots[d*r.shifts+s])).Add(more)
		var all lane
		costs.Store((*[width]int32)(&all))
		for g, c := range &all {
			archsimd.BroadcastInt32x8(c).Store((*[width]int32)(&r.costs[s][g]))
		}
	}
}

// settleWide is settle.
func (r *responder) settleWide(to, off *before, s *situation) {
	in := s.after(off)
	dearest := archsimd.BroadcastInt32x8(dear)
	for k := range s.ways {
		w := &s.ways[k]
		after, costs, by := s.after(s.ons[w.then]), &r.costs[w.shift], archsimd.LoadUint32x8(&turned[w.by])
		for g := range lanes {
			least := dearest
			if k > 0 {
				least = archsimd.LoadInt32x8((*[width]int32)(&r.least[g]))
			}
			serve := archsimd.LoadInt32x8((*[width]int32)(&after[g])).Permute(by).Add(archsimd.LoadInt32x8((*[width]int32)(&costs[g])))
			least.Min(serve).Store((*[width]int32)(&r.least[g]))
		}
	}
	one, two := dearest, dearest
	for g := range lanes {
		least := archsimd.LoadInt32x8((*[width]int32)(&r.least[g]))
		two = two.Min(one.Max(least))
		one = one.Min(least)
	}
	stay := one.Add(archsimd.BroadcastInt32x8(r.stay))
	for g := range lanes {
		least := archsimd.LoadInt32x8((*[width]int32)(&r.least[g])).Min(stay)
		archsimd.LoadInt32x8((*[width]int32)(&in[g])).Min(least).Store((*[width]int32)(&to.in[g]))
	}
	if !s.whole {
		return
	}
	turn := archsimd.BroadcastInt32x8(r.turn)
	for g := range lanes {
		least := archsimd.LoadInt32x8((*[width]int32)(&r.least[g]))
		other := two.Merge(one, least.Equal(one))
		archsimd.LoadInt32x8((*[width]int32)(&off.was[g])).Min(least.Add(turn)).Min(other).Store((*[width]int32)(&to.was[g]))
	}
	archsimd.LoadInt32x8((*[width]int32)(&off.nowhere)).Min(one).Store((*[width]int32)(&to.nowhere))
}

// narrow ends work with wide, which slows down all that comes after.
func narrow() { archsimd.ClearAVXUpperBits() }

// cheapenWide is cheapen.
func cheapenWide(to, others []int32, by int32) {
	others = others[:len(to)]
	more := archsimd.BroadcastInt32x8(by)
	k := 0
	for ; k+width <= len(to); k += width {
		x := archsimd.LoadInt32x8((*[width]int32)(to[k:]))
		y := archsimd.LoadInt32x8((*[width]int32)(others[k:])).Add(more)
		x.Min(y).Store((*[width]int32)(to[k:]))
	}
	archsimd.ClearAVXUpperBits()
	for ; k < len(to); k++ {
		to[k] = min(to[k], others[k]+by)
	}
}

// joinWide is join.
func (c *chainer) joinWide(to, off []int32) {
	goals, open := len(c.goals), c.open
	least := func(g int) *[width]int32 { return (*[width]int32)(c.least[g*width:]) }
	none, turn, stay := archsimd.BroadcastInt32x8(far), archsimd.BroadcastInt32x8(c.turn), archsimd.BroadcastInt32x8(c.stay)
	for rest := 0; rest < c.cycle; rest += width {
		for g := range goals {
			none.Store(least(g))
		}
		any := none
		for k := range open {
			o := &open[k]
			x := archsimd.LoadInt32x8((*[width]int32)(o.after[rest:])).Add(archsimd.BroadcastInt32x8(o.more))
			any = any.Min(x)
			x.Min(archsimd.LoadInt32x8(least(o.goal))).Store(least(o.goal))
		}
		at := func(lane int) archsimd.Int32x8 { return archsimd.LoadInt32x8((*[width]int32)(off[c.from[lane]+rest:])) }
		put := func(lane int, x archsimd.Int32x8) {
			x.Store((*[width]int32)(to[lane*c.stride+rest:]))
			if again := c.cycle + rest; again < c.stride {
				x.Store((*[width]int32)(to[lane*c.stride+again:]))
			}
		}
		put(0, at(0).Min(any))
		for t := range c.tracked {
			x := at(1 + t).Min(archsimd.LoadInt32x8(least(t)).Add(turn))
			for g := range goals {
				if g != t {
					x = x.Min(archsimd.LoadInt32x8(least(g)))
				}
			}
			put(1+t, x)
		}
		stays := any.Add(stay)
		for g := range goals {
			put(c.in(g), at(c.in(g)).Min(stays).Min(archsimd.LoadInt32x8(least(g))))
		}
	}
	archsimd.ClearAVXUpperBits()
}
