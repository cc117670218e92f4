package town

import (
	"math"
	"math/rand/v2"
)

// troubles paint the problem of a street scene, or what stands there once it is fixed.
var troubles = map[SceneKind]func(s *stage, r *rand.Rand, fixed bool){
	SceneRubbish: rubbish, SceneBin: bins, SceneStall: stall, SceneScooters: scooters, SceneCar: badCar,
	SceneDrain: drain, SceneWeeds: weeds, SceneShed: shed, SceneBarbecue: barbecue, SceneManhole: manhole,
	SceneLaundry: laundry,
}

func rubbish(s *stage, r *rand.Rand, fixed bool) {
	at := vec{spot.x + 1.3, pavement, spot.z + 0.4}
	if fixed {
		s.patch(r, 0x8f8a80, 0.35, at, 1.1, 0.7)
		return
	}
	s.patch(r, 0x4a4034, 0.55, at, 1.9, 1.0)
	s.scraps(r, 90, at, 2.2, 1.3)
	for i := range 16 {
		// From the back of the heap to its front, higher in its middle.
		z := at.z + 0.9 - 1.5*float64(i)/15
		x := at.x + between(r, -1.2, 1.2)
		lift := max(0, 0.35-0.25*math.Abs(x-at.x)) * r.Float64()
		if chance(r, 0.25) {
			s.carton(r, vec{x, at.y + lift, z})
			continue
		}
		s.bag(r, vec{x, at.y + lift, z}, between(r, 0.17, 0.34))
	}
	s.scraps(r, 40, vec{at.x, at.y, at.z - 0.8}, 2, 0.5)
}

func bins(s *stage, r *rand.Rand, fixed bool) {
	at := vec{spot.x + 0.9, pavement, spot.z - 0.2}
	paints := []ink{0x2f7d4f, 0x55595c}
	if !fixed {
		s.patch(r, 0x3d362c, 0.5, at, 1.6, 0.8)
		s.scraps(r, 70, vec{at.x + 0.6, at.y, at.z}, 1.9, 1)
		s.bag(r, vec{at.x - 0.45, at.y, at.z + 0.3}, 0.3)
		s.bag(r, vec{at.x + 1.75, at.y, at.z + 0.3}, 0.33)
	}
	for i, paint := range paints {
		b := vec{at.x + 0.75*float64(i), at.y, at.z}
		s.wheelieBin(b, paint, !fixed)
		if !fixed {
			for k := range 4 {
				s.bag(r, vec{b.x + 0.1 + 0.14*float64(k), b.y + between(r, 0.85, 1.0), b.z - 0.05}, between(r, 0.14, 0.24))
			}
		}
	}
	if !fixed {
		s.bag(r, vec{at.x + 0.2, at.y, at.z - 0.5}, 0.26)
		s.carton(r, vec{at.x + 0.75, at.y, at.z - 0.5})
		s.bag(r, vec{at.x + 1.6, at.y, at.z - 0.4}, 0.24)
	}
}

var fruitInks = []ink{0xd8412f, 0xe8a33d, 0x6fae3c, 0x7d4b8f, 0xf0d24a, 0xc96f3b, 0x3f8f3f}

// stall is a vendor's table, baskets and umbrella on the carriageway.
func stall(s *stage, r *rand.Rand, fixed bool) {
	if fixed {
		return
	}
	at := vec{spot.x - 1.6, 0, spot.z + 0.6}
	canopy := pick(r, []ink{0xc0392b, 0x2e86c1, 0x27966b, 0xe67e22})
	s.floor(0x202020, 0.25, at.x-0.8, at.x+2.5, at.z-0.7, at.z+1.2, 0.004)
	for _, x := range []float64{-0.1, 2.1} {
		s.rod(0x9a9a98, vec{at.x + x, 0, at.z + 0.9}, vec{at.x + x, 2.2, at.z + 0.9}, 0.05)
	}
	s.box(0x8a6a48, vec{at.x, 0, at.z}, vec{at.x + 2, 0.72, at.z + 0.9})
	s.floor(0x3e7fb8, 1, at.x-0.05, at.x+2.05, at.z-0.05, at.z+0.95, 0.73)
	s.front(0x3e7fb8, 1, at.x-0.05, at.x+2.05, 0.45, 0.73, at.z-0.05)
	for i := range 5 {
		s.heap(r, vec{at.x + 0.2 + 0.4*float64(i), 0.76, at.z + 0.35}, 0.19)
	}
	for i := range 4 {
		s.basket(r, vec{at.x - 0.7 + 0.75*float64(i), 0, at.z - 0.75})
	}
	s.canopy(canopy, vec{at.x + 1, 2.15, at.z + 0.5})
	s.scraps(r, 30, vec{at.x + 0.8, 0, at.z - 1.3}, 2.2, 0.6)
}

// heap is a pile of fruit.
func (s *stage) heap(r *rand.Rand, at vec, size float64) {
	paint := pick(r, fruitInks)
	for k := range 12 {
		lift := size * 0.7 * float64(k) / 12
		reach := size * (1 - 0.6*float64(k)/12)
		s.ball(paint.lit(between(r, 0.8, 1.2)), 1, vec{at.x + between(r, -reach, reach), at.y + lift, at.z - 0.02*float64(k)}, size*0.3, 0.9)
	}
}

func (s *stage) basket(r *rand.Rand, at vec) {
	s.shape(0xa87c45, at, [2]float64{0.06, 0}, [2]float64{0.5, 0}, [2]float64{0.58, 0.3}, [2]float64{-0.02, 0.3})
	s.shape(0x8a6232, at, [2]float64{0, 0.14}, [2]float64{0.55, 0.14}, [2]float64{0.55, 0.17}, [2]float64{0, 0.17})
	s.heap(r, vec{at.x + 0.28, at.y + 0.32, at.z}, 0.24)
}

// canopy is a square market umbrella with alternating panels.
func (s *stage) canopy(paint ink, at vec) {
	top := vec{at.x, at.y + 0.75, at.z}
	c := []vec{{at.x - 1.7, at.y, at.z + 1.1}, {at.x + 1.7, at.y, at.z + 1.1}, {at.x + 1.7, at.y, at.z - 1.1}, {at.x - 1.7, at.y, at.z - 1.1}}
	s.face(paint.lit(0.7), 1, c...)
	for k := range c {
		s.face([]ink{paint.lit(0.8), paint.lit(0.9), paint, paint.lit(1.1)}[k], 1, c[k], c[(k+1)%4], top)
	}
	s.front(0xf4efe2, 1, at.x-1.7, at.x+1.7, at.y-0.2, at.y, at.z-1.1)
	for k := range 9 {
		x := at.x - 1.7 + 3.4*float64(k)/9
		s.front(paint, 1, x, x+0.19, at.y-0.2, at.y, at.z-1.1)
	}
}

func scooters(s *stage, r *rand.Rand, fixed bool) {
	paints := []ink{0xc0392b, 0xf2f2ee, 0x2f6db5, 0x2b2b30, 0xe0a030, 0x58a08a, 0xb9bcc0}
	if fixed {
		for k := range 6 {
			z := spot.z + 4.2 - 0.95*float64(k)
			s.floor(0xf4f2e8, 0.9, kerb+0.3, kerb+2.0, z-0.4, z-0.34, pavement+0.004)
			s.scooter(vec{kerb + 0.45, pavement, z}, paints[k%len(paints)], 0)
		}
		return
	}
	for k := range 9 {
		z := spot.z + 4.5 - 0.72*float64(k)
		at := vec{between(r, 1.1, 4.3), 0, z}
		if at.x > kerb {
			at.y = pavement
		}
		lean := between(r, -0.1, 0.12)
		s.scooter(at, paints[k%len(paints)], lean)
	}
}

func badCar(s *stage, r *rand.Rand, fixed bool) {
	for k := range 4 {
		z := spot.z - 1 + 6*float64(k)
		s.floor(0xf4f2e8, 0.9, 1.3, kerb-0.1, z, z+0.1, 0.004)
	}
	s.floor(0xf4f2e8, 0.9, 1.3, 1.4, spot.z-1, spot.z+17, 0.004)
	paints := []ink{0xe8e8e6, 0x2c3e50, 0x9b2d26, 0x6d7a80, 0xc8c3b4}
	a, b := pick(r, paints), pick(r, paints)
	if fixed {
		s.car(vec{1.5, 0, spot.z + 6.2}, b)
		return
	}
	s.car(vec{3.6, pavement, spot.z + 5.5}, b)
	s.car(vec{2.7, 0.07, spot.z - 0.4}, a)
}

// drain is a gully grate at the kerb, flooded until it is cleared.
func drain(s *stage, r *rand.Rand, fixed bool) {
	at := vec{kerb - 0.8, 0.004, spot.z - 1.2}
	if !fixed {
		s.patch(r, 0x4a4a42, 0.75, vec{at.x - 0.5, 0.003, at.z + 0.5}, 2.6, 2.2)
		s.patch(r, 0x33362f, 0.85, at, 2.0, 1.5)
		s.patch(r, s.fogColour, 0.35, vec{at.x - 0.4, 0.005, at.z + 0.7}, 1.1, 0.5)
		s.patch(r, 0x8f9a6a, 0.35, vec{at.x + 0.2, 0.005, at.z - 0.4}, 0.7, 0.25)
	}
	s.floor(0x3a3c3e, 1, at.x-0.1, at.x+0.6, at.z-0.25, at.z+0.35, 0.006)
	for k := range 7 {
		x := at.x - 0.07 + 0.1*float64(k)
		s.floor(0x85898c, 1, x, x+0.045, at.z-0.22, at.z+0.32, 0.008)
	}
	if !fixed {
		s.patch(r, 0x2c2a22, 0.8, vec{at.x + 0.25, 0.01, at.z}, 0.35, 0.25)
		s.scraps(r, 45, vec{at.x, 0.004, at.z}, 1.3, 0.9)
		s.bag(r, vec{at.x + 0.15, 0.01, at.z - 0.2}, 0.16)
	}
}

func weeds(s *stage, r *rand.Rand, fixed bool) {
	for k := range 420 {
		z := spot.z + 7 - 9.5*float64(k)/420
		at := vec{wall - math.Abs(between(r, 0, 1)*between(r, 0, 1.8)) - 0.05, pavement, z}
		if k%4 == 0 {
			at = vec{kerb + between(r, -0.15, 0.3), pavement, z}
		}
		height := between(r, 0.25, 0.95)
		if fixed {
			if k%9 != 0 {
				continue
			}
			height = 0.05
		}
		s.tuft(r, at, height)
	}
}

// tuft is a few blades of grass, height in metres.
func (s *stage) tuft(r *rand.Rand, at vec, height float64) {
	paint := pick(r, []ink{0x5f8f3a, 0x7aa447, 0x4c7a32, 0x8fae5a, 0x9b9a4e})
	for range 4 {
		lean := between(r, -0.3, 0.3) * height
		x := between(r, -0.09, 0.09)
		s.shape(paint.lit(between(r, 0.8, 1.2)), at,
			[2]float64{x - 0.022, 0}, [2]float64{x + lean*0.4, height * 0.6}, [2]float64{x + lean, height}, [2]float64{x + 0.022, 0})
	}
}

// shed is a lean-to of corrugated steel against the houses, over the pavement.
func shed(s *stage, r *rand.Rand, fixed bool) {
	z0, z1 := spot.z-1.2, spot.z+3.4
	if fixed {
		s.side(0xe6e2d8, 0.8, wall, z0, z1, 2.2, 2.5)
		s.floor(0xd6d0c4, 0.8, kerb+0.2, wall, z0, z1, pavement+0.004)
		return
	}
	front := kerb - 0.5
	roof := pick(r, []ink{0x2f7fc1, 0xb5533c, 0x4a8f7a})
	s.front(0x9c8a6e, 1, front, wall, 0.02, 2.3, z1)
	s.side(0x4a4238, 1, front+0.9, z0, z1, 0.02, 2.1)
	for k := range 9 {
		z := z1 - (z1-z0)*float64(k)/9
		s.side(ink(0xa8764a).lit(0.8+0.25*float64(k%2)), 1, front, z-(z1-z0)/18, z, 0.02, 1.1)
	}
	s.front(ink(0xb08a5c), 1, front, wall-0.9, 0.02, 2.15, z0)
	s.front(0x6b5038, 1, front+0.9, front+1.55, 0.02, 1.8, z0-0.01)
	for _, z := range []float64{z1, z0} {
		s.rod(0x6e5a44, vec{front, 0, z}, vec{front, 2.15, z}, 0.1)
	}
	for k := range 12 {
		a, b := z1-(z1-z0+0.5)*float64(k)/12+0.2, z1-(z1-z0+0.5)*float64(k+1)/12+0.2
		s.face(roof.lit(0.85+0.28*float64(k%2)), 1, vec{front - 0.3, 2.15, a}, vec{wall, 2.75, a}, vec{wall, 2.75, b}, vec{front - 0.3, 2.15, b})
	}
	s.side(roof, 1, front-0.3, z0-0.3, z1+0.2, 1.95, 2.3)
	s.face(roof.lit(0.85), 1, vec{front - 0.3, 1.95, z0 - 0.3}, vec{wall, 2.55, z0 - 0.3}, vec{wall, 2.95, z0 - 0.3}, vec{front - 0.3, 2.3, z0 - 0.3})
	s.carton(r, vec{front - 0.5, 0, z0 - 0.2})
	s.bag(r, vec{front - 0.2, 0, z0 - 0.5}, 0.25)
}

func barbecue(s *stage, r *rand.Rand, fixed bool) {
	at := vec{spot.x - 0.5, 0, spot.z}
	if fixed {
		s.patch(r, 0x5c5c5a, 0.3, at, 0.9, 0.5)
		return
	}
	for _, t := range []vec{{at.x + 1.9, pavement, at.z + 1.6}, {at.x + 2.1, pavement, at.z + 0.2}} {
		s.box(0xc9a16a, vec{t.x, t.y + 0.55, t.z}, vec{t.x + 0.8, t.y + 0.6, t.z + 0.7})
		s.box(0x8f6a3c, vec{t.x + 0.3, t.y, t.z + 0.3}, vec{t.x + 0.45, t.y + 0.55, t.z + 0.4})
		s.box(0xd04038, vec{t.x - 0.45, t.y, t.z + 0.1}, vec{t.x - 0.15, t.y + 0.4, t.z + 0.4})
	}
	s.box(0x4b4e52, vec{at.x, 0.55, at.z}, vec{at.x + 1.5, 0.85, at.z + 0.5})
	for _, x := range []float64{0.05, 1.4} {
		s.rod(0x3a3c40, vec{at.x + x, 0, at.z}, vec{at.x + x, 0.55, at.z}, 0.05)
	}
	s.floor(0xe2571f, 1, at.x+0.05, at.x+1.45, at.z+0.05, at.z+0.45, 0.86)
	for k := range 16 {
		x := at.x + 0.08 + 0.085*float64(k)
		s.rod(0x7a3b1e, vec{x, 0.88, at.z + 0.02}, vec{x, 0.9, at.z + 0.48}, 0.035)
	}
	for k := range 46 {
		f := float64(k) / 46
		puff := vec{at.x + 0.75 + 1.5*f*math.Sin(f*3) + between(r, -0.4, 0.4)*(0.4+f), 0.95 + 2.6*f, at.z + 0.2}
		s.ball(0xdcdcd8, 0.13, puff, 0.2+0.75*f, 0.8)
	}
	s.scraps(r, 60, vec{at.x + 0.7, 0, at.z - 0.6}, 1.6, 0.7)
}

func manhole(s *stage, r *rand.Rand, fixed bool) {
	at := vec{spot.x - 2, 0.004, spot.z - 2}
	ring := func(radius float64, i ink) {
		corners := make([]vec, 28)
		for k := range corners {
			sin, cos := math.Sincos(float64(k) / 28 * 2 * math.Pi)
			corners[k] = vec{at.x + radius*cos, at.y, at.z + radius*sin}
		}
		s.face(i, 1, corners...)
	}
	ring(0.56, 0x9a978f)
	ring(0.46, 0x4c4e50)
	if !fixed {
		ring(0.42, 0x0d0d0e)
		s.patch(r, 0x2a2622, 1, vec{at.x, at.y, at.z + 0.28}, 0.3, 0.08)
		s.scraps(r, 22, at, 0.9, 0.6)
		s.rod(0x7b5a38, vec{at.x - 0.1, -0.4, at.z + 0.1}, vec{at.x + 0.5, 1.1, at.z}, 0.05)
		return
	}
	ring(0.42, 0x63676a)
	for k := range 5 {
		x := -0.28 + 0.14*float64(k)
		half := math.Sqrt(0.15 - x*x)
		s.floor(0x7d8286, 1, at.x+x-0.02, at.x+x+0.02, at.z-half, at.z+half, 0.006)
	}
}

// laundry is washing on a line between two posts along the pavement.
func laundry(s *stage, r *rand.Rand, fixed bool) {
	a, b := vec{kerb - 0.2, 2.25, spot.z - 0.6}, vec{5.9, 2.3, spot.z + 3.4}
	s.rod(0x6d7276, vec{a.x, 0, a.z}, a, 0.07)
	if fixed {
		return
	}
	s.rod(0xe0e0dc, a, b, 0.02)
	for k := range 9 {
		f := 0.04 + 0.105*float64(k)
		at := vec{a.x + (b.x-a.x)*f, a.y - 0.06*math.Sin(f*math.Pi), a.z + (b.z-a.z)*f}
		s.garment(r, at, k%3)
	}
	s.rod(0x6d7276, vec{b.x, 0, b.z}, b, 0.07)
}

// garment hangs a shirt, trousers or a sheet.
func (s *stage) garment(r *rand.Rand, at vec, sort int) {
	paint := pick(r, clothInks)
	switch sort {
	case 0:
		s.shape(paint, at, [2]float64{0, 0}, [2]float64{0.42, 0}, [2]float64{0.55, -0.28}, [2]float64{0.42, -0.34}, [2]float64{0.4, -0.75}, [2]float64{0.04, -0.75}, [2]float64{0.02, -0.34}, [2]float64{-0.12, -0.28})
	case 1:
		s.shape(paint, at, [2]float64{0, 0}, [2]float64{0.38, 0}, [2]float64{0.42, -0.95}, [2]float64{0.24, -0.95}, [2]float64{0.19, -0.3}, [2]float64{0.14, -0.95}, [2]float64{-0.04, -0.95})
	default:
		s.shape(paint, at, [2]float64{-0.04, 0}, [2]float64{0.46, 0}, [2]float64{0.44, -1.1}, [2]float64{-0.02, -1.05})
		s.shape(paint.lit(0.85), at, [2]float64{0.2, 0}, [2]float64{0.26, 0}, [2]float64{0.24, -1.08}, [2]float64{0.18, -1.07})
	}
}
