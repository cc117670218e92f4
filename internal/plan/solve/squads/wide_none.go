//go:build !(goexperiment.simd && amd64)

package squads

const wide = false

func (r *responder) settleWide(to, off *before, s *situation) { r.settle(to, off, s) }

func narrow() {}

func cheapenWide(to, others []int32, by int32) {}

func (c *chainer) joinWide(to, off []int32) {}
