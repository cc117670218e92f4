//go:build goexperiment.simd && amd64

package squads

import "simd/archsimd"

// wide says whether eight costs can be looked at in one instruction.
var wide = archsimd.X86.AVX2()

// rounds brings every lane to every other in three steps.
var rounds = [3][8]uint32{{4, 5, 6, 7, 0, 1, 2, 3}, {2, 3, 0, 1, 6, 7, 4, 5}, {1, 0, 3, 2, 5, 4, 7, 6}}

// leastOf is the least of all lanes, in each.
func leastOf(x archsimd.Int32x8) archsimd.Int32x8 {
	x = x.Min(x.Permute(archsimd.LoadUint32x8(&rounds[0])))
	x = x.Min(x.Permute(archsimd.LoadUint32x8(&rounds[1])))
	return x.Min(x.Permute(archsimd.LoadUint32x8(&rounds[2])))
}

// settleWide is settle.
func (r *responder) settleWide(to, off *before, s *situation) {
	in := archsimd.LoadInt32x8((*[width]int32)(&off.in))
	was := archsimd.LoadInt32x8((*[width]int32)(&off.was))
	if s.fresh {
		in = was
	}
	if s.ons == nil || len(s.ways) == 0 {
		in.Store((*[width]int32)(&to.in))
		if s.whole {
			was.Store((*[width]int32)(&to.was))
			to.nowhere = off.nowhere
		}
		return
	}
	far := archsimd.BroadcastInt32x8(dear)
	least := far
	for _, w := range s.ways {
		then := &s.ons[w.state]
		after := (*[width]int32)(&then.in)
		if s.fresh {
			after = (*[width]int32)(&then.was)
		}
		least = least.Min(archsimd.LoadInt32x8((*[width]int32)(&s.costs[w.shift])).Add(archsimd.LoadInt32x8(after)))
	}
	one := leastOf(least)
	in.Min(least).Min(one.Add(archsimd.BroadcastInt32x8(r.stay))).Store((*[width]int32)(&to.in))
	if !s.whole {
		return
	}
	first := least.Equal(one)
	two := one
	if bits := first.ToBits(); bits&(bits-1) == 0 {
		two = leastOf(far.Merge(least, first))
	}
	was.Min(least.Add(archsimd.BroadcastInt32x8(r.turn))).Min(two.Merge(one, first)).Store((*[width]int32)(&to.was))
	to.nowhere = min(off.nowhere, one.GetLo().GetElem(0))
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
