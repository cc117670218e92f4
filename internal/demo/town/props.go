package town

import (
	"math"
	"math/rand/v2"
)

// spot is where the problem of a street scene lies: on the right, a few steps ahead.
var spot = vec{2.9, 0, 6.2}

// trees paints street trees behind the spot and on the other side.
func (s *stage) trees() {
	far := between(s.r, 16, 19)
	gap := between(s.r, 7, 9)
	for z := far + 4*gap; z >= far-gap; z -= gap {
		for _, side := range []float64{-1, 1} {
			if (side < 0 || z > 12) && chance(s.r, 0.8) {
				s.tree(vec{side * (kerb + 0.7), pavement, z})
			}
		}
	}
}

// gardenWall is a low wall with greenery behind it, instead of houses on the left.
func (s *stage) gardenWall() {
	for k := range 26 {
		s.tree(vec{-wall - between(s.r, 1.5, 6), 0, farEnd - 2.7*float64(k)})
	}
	paint := pick(s.r, wallInks)
	s.side(paint, 1, -wall, 0, farEnd, pavement, 1.7)
	s.side(0x5c6670, 1, -wall, 0, farEnd, 1.7, 1.85)
	for z := 2.0; z < farEnd; z += 4 {
		s.box(paint.lit(0.9), vec{-wall - 0.1, pavement, z}, vec{-wall + 0.12, 2, z + 0.4})
	}
}

// riverside is a railing with the river and its far bank, instead of houses on the left.
func (s *stage) riverside() {
	s.floor(0x7f8f6a, 1, -60, -26, 4, 90, -1)
	s.floor(0x7ea6b8, 1, -26, -wall, 1, 90, -1.5)
	for range 30 {
		x, z := between(s.r, -25, -8), between(s.r, 6, 60)
		s.floor(0xd5e6ee, 0.4, x, x+between(s.r, 1, 3), z, z+0.25, -1.49)
	}
	for k := range 14 {
		s.tree(vec{-28 - between(s.r, 0, 4), -0.5, 70 - 4.5*float64(k)})
	}
	for _, y := range []float64{0.5, 0.8, 1.1} {
		s.side(0xd9dcd8, 1, -wall, 0, farEnd, y, y+0.07)
	}
	for z := 1.0; z < farEnd; z += 2 {
		s.side(0xc8ccc8, 1, -wall, z, z+0.16, pavement, 1.25)
	}
}

func (s *stage) tree(at vec) {
	s.patch(s.r, 0x5b4a38, 1, at, 0.45, 0.4)
	s.rod(0x6b5440, at, vec{at.x, at.y + 2.4, at.z}, 0.2)
	base := pick(s.r, leafInks)
	for range 34 {
		angle, reach := between(s.r, 0, 2*math.Pi), math.Sqrt(s.r.Float64())*1.35
		leaf := vec{at.x + reach*math.Cos(angle), at.y + 3.4 + reach*math.Sin(angle)*0.95, at.z}
		shade := 0.8 + 0.3*(leaf.y-at.y-2.2)/2.4
		s.ball(base.lit(shade*between(s.r, 0.85, 1.15)), 0.95, leaf, between(s.r, 0.22, 0.5), 0.85)
	}
}

// poles paints lamp posts and the wires between them.
func (s *stage) poles() {
	x := -(kerb + 0.35)
	for z := 62.0; z > 8; z -= 18 {
		s.rod(0x8d9296, vec{x, pavement, z}, vec{x, 6.4, z}, 0.13)
		s.rod(0x8d9296, vec{x, 6.3, z}, vec{x + 1.5, 6.6, z}, 0.08)
		s.ball(0xf3f1e4, 1, vec{x + 1.5, 6.55, z}, 0.2, 0.4)
		for k := range 2 {
			y := 5.9 - 0.35*float64(k)
			s.rod(0x2e2e30, vec{x, y, z}, vec{x, y - 0.3, z - 9}, 0.02)
			s.rod(0x2e2e30, vec{x, y - 0.3, z - 9}, vec{x, y, z - 17.9}, 0.02)
		}
	}
}

// rain draws streaks before the lens.
func (s *stage) rain(r *rand.Rand) {
	for range 260 {
		x, y, length := between(r, 0, photoWidth), between(r, -20, photoHeight), between(r, 18, 46)
		s.line(0xe8eef4, 0.3, pt{x, y}, pt{x - length*0.16, y + length}, 1.3)
	}
}

var bagInks = []ink{0x23242a, 0x2b2b30, 0xe4e4df, 0xc63d36, 0x2f6db5, 0xd9d4c4, 0x3b3b40, 0xf0ede2}

// bag is a tied plastic bag.
func (s *stage) bag(r *rand.Rand, at vec, size float64) {
	paint := pick(r, bagInks)
	s.ball(0x1c1c1c, 0.25, vec{at.x, at.y + 0.02, at.z - 0.02}, size*1.15, 0.3)
	s.ball(paint, 1, vec{at.x, at.y + size*0.7, at.z}, size, 0.78)
	s.ball(paint.lit(1.25), 0.6, vec{at.x - size*0.3, at.y + size*0.95, at.z}, size*0.4, 0.6)
	s.shape(paint.lit(0.85), vec{at.x, at.y + size*1.35, at.z},
		[2]float64{-size * 0.15, 0}, [2]float64{-size * 0.3, size * 0.4}, [2]float64{size * 0.05, size * 0.25}, [2]float64{size * 0.35, size * 0.42}, [2]float64{size * 0.15, 0})
}

// carton is an open cardboard box.
func (s *stage) carton(r *rand.Rand, at vec) {
	w, h, d := between(r, 0.25, 0.5), between(r, 0.15, 0.35), between(r, 0.2, 0.4)
	paint := ink(0xb58a58).lit(between(r, 0.85, 1.15))
	s.box(paint, at, vec{at.x + w, at.y + h, at.z + d})
	s.floor(0x5a4028, 1, at.x+0.02, at.x+w-0.02, at.z+0.03, at.z+d-0.03, at.y+h+0.002)
	s.shape(paint.lit(1.1), vec{at.x, at.y + h, at.z}, [2]float64{0, 0}, [2]float64{w, 0}, [2]float64{w + 0.06, -0.1}, [2]float64{-0.05, -0.12})
}

// scraps are small bits of paper, peel and leaf strewn over the ground.
func (s *stage) scraps(r *rand.Rand, n int, at vec, rx, rz float64) {
	inks := []ink{0xf2efe6, 0xd9d2c0, 0xc8574a, 0x7fa65a, 0xe0b84a, 0x4f7fb5, 0x8a6a48, 0xffffff}
	for range n {
		angle, f := between(r, 0, 2*math.Pi), math.Sqrt(r.Float64())
		p := vec{at.x + rx*f*math.Cos(angle), at.y + 0.01, at.z + rz*f*math.Sin(angle)}
		s.patch(r, pick(r, inks), 1, p, between(r, 0.02, 0.09), between(r, 0.02, 0.08))
	}
}

// wheelieBin is a 240-litre bin; open shows its lid thrown back.
func (s *stage) wheelieBin(at vec, paint ink, open bool) {
	s.ball(0x1c1c1c, 0.25, vec{at.x + 0.3, at.y + 0.01, at.z}, 0.5, 0.2)
	s.shape(paint.lit(0.75), vec{at.x + 0.6, at.y, at.z}, [2]float64{-0.06, 0.05}, [2]float64{0.1, 0.08}, [2]float64{0.14, 0.95}, [2]float64{0, 0.95})
	s.shape(paint, at, [2]float64{0.06, 0.05}, [2]float64{0.54, 0.05}, [2]float64{0.62, 0.95}, [2]float64{-0.02, 0.95})
	s.shape(0xf2f2ee, at, [2]float64{0.2, 0.4}, [2]float64{0.4, 0.4}, [2]float64{0.4, 0.62}, [2]float64{0.2, 0.62})
	s.ball(0x222222, 1, vec{at.x + 0.1, at.y + 0.08, at.z}, 0.09, 1)
	s.ball(0x222222, 1, vec{at.x + 0.52, at.y + 0.08, at.z}, 0.09, 1)
	if open {
		s.shape(0x26282a, at, [2]float64{0, 0.93}, [2]float64{0.6, 0.93}, [2]float64{0.58, 1.0}, [2]float64{0.02, 1.0})
		s.shape(paint.lit(0.85), at, [2]float64{0.04, 1.0}, [2]float64{0.58, 1.0}, [2]float64{0.56, 1.5}, [2]float64{0.06, 1.5})
		return
	}
	s.shape(paint.lit(1.18), at, [2]float64{-0.05, 0.94}, [2]float64{0.66, 0.94}, [2]float64{0.62, 1.08}, [2]float64{0.03, 1.08})
}

// scooter is an electric scooter seen from its side; lean tips it over.
func (s *stage) scooter(at vec, paint ink, lean float64) {
	sin, cos := math.Sincos(lean)
	turn := func(o [2]float64) [2]float64 { return [2]float64{o[0]*cos - o[1]*sin, o[0]*sin + o[1]*cos} }
	part := func(i ink, outline ...[2]float64) {
		for k := range outline {
			outline[k] = turn(outline[k])
		}
		s.shape(i, at, outline...)
	}
	wheel := func(x float64) {
		o := turn([2]float64{x, 0.24})
		hub := vec{at.x + o[0], at.y + o[1], at.z}
		s.ball(0x1d1d1f, 1, hub, 0.24, 1)
		s.ball(0xb8bcc0, 1, hub, 0.12, 1)
	}
	s.ball(0x101010, 0.25, vec{at.x + 0.6, at.y + 0.01, at.z}, 0.85, 0.12)
	wheel(0.1)
	wheel(1.25)
	part(paint.lit(0.7), [2]float64{0.25, 0.28}, [2]float64{1.0, 0.28}, [2]float64{1.0, 0.38}, [2]float64{0.3, 0.4})
	part(paint, [2]float64{-0.05, 0.45}, [2]float64{0.6, 0.35}, [2]float64{0.65, 0.72}, [2]float64{0.05, 0.75})
	part(0x222226, [2]float64{-0.02, 0.74}, [2]float64{0.68, 0.7}, [2]float64{0.62, 0.82}, [2]float64{0.02, 0.84})
	part(paint.lit(1.1), [2]float64{1.0, 0.3}, [2]float64{1.18, 0.42}, [2]float64{1.08, 1.0}, [2]float64{0.94, 0.98})
	part(0x333338, [2]float64{0.86, 1.02}, [2]float64{1.12, 1.0}, [2]float64{1.12, 1.07}, [2]float64{0.84, 1.1})
	part(0xf6f1c8, [2]float64{1.1, 0.82}, [2]float64{1.2, 0.8}, [2]float64{1.18, 0.92}, [2]float64{1.1, 0.93})
}

// car is a parked car seen from behind its side.
func (s *stage) car(at vec, paint ink) {
	s.floor(0x1c1c1c, 0.35, at.x-0.1, at.x+1.85, at.z-0.1, at.z+4.1, at.y+0.01)
	for _, z := range []float64{3.2, 0.8} {
		for _, x := range []float64{0.02, 1.7} {
			s.ball(0x1b1b1d, 1, vec{at.x + x, at.y + 0.32, at.z + z}, 0.32, 1)
		}
	}
	s.box(paint, vec{at.x, at.y + 0.3, at.z}, vec{at.x + 1.75, at.y + 0.95, at.z + 4})
	s.box(paint.lit(0.95), vec{at.x + 0.12, at.y + 0.95, at.z + 0.5}, vec{at.x + 1.63, at.y + 1.5, at.z + 2.9})
	s.front(0x33414c, 1, at.x+0.24, at.x+1.5, at.y+1.0, at.y+1.42, at.z+0.49)
	s.side(0x33414c, 1, at.x+0.119, at.z+0.7, at.z+2.7, at.y+1.0, at.y+1.42)
	s.side(paint, 1, at.x+0.118, at.z+1.65, at.z+1.75, at.y+1.0, at.y+1.42)
	s.front(0xd03028, 1, at.x+0.06, at.x+0.3, at.y+0.68, at.y+0.84, at.z-0.01)
	s.front(0xd03028, 1, at.x+1.45, at.x+1.69, at.y+0.68, at.y+0.84, at.z-0.01)
	s.front(0x2a62b8, 1, at.x+0.62, at.x+1.13, at.y+0.5, at.y+0.65, at.z-0.01)
	s.front(0x2b2b2d, 1, at.x, at.x+1.75, at.y+0.3, at.y+0.4, at.z-0.01)
}
