//go:build !(goexperiment.simd && amd64)

package squads

// Nothing is wide here: what follows is never called.
const wide = false

func narrow()                                                 {}
func cheapenWide(to, others []int32, by int32)                {}
func (r *responder) spreadWide(d int)                         {}
func (r *responder) settleWide(to, off *before, s *situation) {}
func (c *chainer) joinWide(to, off []int32)                   {}
