package town

import "math/rand/v2"

// rooms paint scenes that do not lie on the street.
var rooms = map[SceneKind]func(s *stage, r *rand.Rand, fixed bool){
	SceneAds: adWall, SceneToilet: toilet, SceneMarket: marketHall, SceneSite: buildingSite, SceneKitchen: kitchen,
}

// hall paints an empty room: walls left and right at ±half, back wall at depth, ceiling at height.
func (s *stage) hall(half, depth, height float64, floor, walls, ceiling ink) {
	s.fade(ceiling, ceiling, 0, photoHeight)
	s.floor(ceiling, 1, -half, half, 0, depth, height)
	s.floor(floor, 1, -half, half, 0, depth, 0)
	s.front(walls.lit(0.95), 1, -half, half, 0, height, depth)
	s.side(walls.lit(0.88), 1, -half, 0, depth, 0, height)
	s.side(walls, 1, half, 0, depth, 0, height)
}

// grid draws floor tile joints every step metres.
func (s *stage) grid(i ink, half, depth, step float64) {
	for z := 1.3; z < depth; z += step {
		s.rod(i, vec{-half, 0.002, z}, vec{half, 0.002, z}, 0.012)
	}
	for x := -half; x <= half; x += step {
		s.rod(i, vec{x, 0.002, 1.3}, vec{x, 0.002, depth}, 0.012)
	}
}

// adWall is a plastered wall seen square on, with a door, a window and small ads.
func adWall(s *stage, r *rand.Rand, fixed bool) {
	plaster := pick(s.r, wallInks)
	s.fade(0x9db8d0, s.fogColour, 0, photoHeight)
	s.floor(0xa9a498, 1, -9, 9, 0.4, 5, 0)
	s.front(plaster, 1, -9, 9, 0, 5, 5)
	s.front(mixInk(plaster, 0x6b6f72, 0.5), 1, -9, 9, 0, 0.9, 4.99)
	for range 60 {
		x, y := between(s.r, -5, 5), between(s.r, 0, 4)
		s.front(plaster.lit(between(s.r, 0.88, 1.06)), 0.4, x, x+between(s.r, 0.1, 1.2), y, y+between(s.r, 0.05, 0.5), 4.985)
	}
	door := between(s.r, -3.2, -2.2)
	s.front(0x6e2f28, 1, door, door+1.3, 0, 2.3, 4.98)
	s.front(0x8a3f34, 1, door+0.1, door+0.6, 0.2, 2.15, 4.97)
	s.front(0x8a3f34, 1, door+0.7, door+1.2, 0.2, 2.15, 4.97)
	s.front(0xf4f4f0, 1, 2.1, 3.5, 1.1, 2.5, 4.98)
	s.front(0x5b7488, 1, 2.2, 3.4, 1.2, 2.4, 4.97)
	for k := range 6 {
		x := 2.2 + 0.24*float64(k)
		s.rod(0x8d9296, vec{x, 1.1, 4.9}, vec{x, 2.5, 4.9}, 0.025)
	}
	s.rod(0x2e2e30, vec{-8, 3, 4.95}, vec{8, 2.8, 4.95}, 0.03)
	for range 46 {
		s.smallAd(r, between(r, -0.8, 1.6), between(r, 0.6, 2.3), fixed, plaster)
	}
}

// smallAd is one pasted paper, or the pale mark it leaves.
func (s *stage) smallAd(r *rand.Rand, x, y float64, fixed bool, plaster ink) {
	w, h := between(r, 0.16, 0.34), between(r, 0.12, 0.4)
	paper := pick(r, []ink{0xf7f3e4, 0xf2d64b, 0xf4a6a0, 0xffffff, 0x9fd08f, 0xf0b04a})
	print := pick(r, []ink{0xc0261e, 0x1d2a5a, 0x111111})
	if fixed {
		s.front(mixInk(plaster, 0xffffff, 0.35), 0.55, x, x+w, y, y+h, 4.96)
		return
	}
	s.front(0x2a2a2a, 0.25, x+0.015, x+w+0.015, y-0.015, y+h-0.015, 4.965)
	s.front(paper, 1, x, x+w, y, y+h, 4.96)
	for k := range 4 {
		yy := y + h*(0.12+0.2*float64(k))
		s.front(print, 0.9, x+w*0.1, x+w*between(r, 0.5, 0.92), yy, yy+h*0.08, 4.955)
	}
}

// toilet is a public squat toilet with cubicles on the right and basins on the left.
func toilet(s *stage, r *rand.Rand, fixed bool) {
	tile := pick(s.r, []ink{0xd9dedc, 0xd6cfc0, 0xc9d6dc})
	s.hall(2.2, 9, 2.8, tile.lit(0.9), tile.lit(1.06), 0xf1f1ec)
	s.grid(tile.lit(0.72), 2.2, 9, 0.3)
	for z := 1.0; z < 9; z += 0.3 {
		s.rod(tile.lit(0.9), vec{-2.19, 0, z}, vec{-2.19, 1.8, z}, 0.012)
	}
	s.front(0x5b7488, 1, -0.7, 0.7, 1.6, 2.4, 8.98)
	s.floor(0xfdfdf4, 1, -0.2, 0.2, 1.5, 7, 2.79)
	door := pick(s.r, []ink{0x6f9bb8, 0x8fae8a, 0xb58f6a})
	for z := 7.6; z > 2.4; z -= 1.4 {
		s.box(door, vec{1.1, 0.15, z}, vec{2.2, 2.0, z + 0.05})
		s.pan(vec{1.6, 0.01, z + 0.75})
	}
	s.box(0xe9e9e4, vec{-2.2, 0.7, 3}, vec{-1.6, 0.85, 6})
	s.side(0xb9d0d8, 1, -2.19, 3.2, 5.8, 1.2, 2.0)
	if fixed {
		s.floor(0xffffff, 0.22, -1.4, 0.4, 2.6, 6.5, 0.004)
		return
	}
	for range 26 {
		at := vec{between(r, -1.8, 1.9), 0.004, between(r, 2, 7)}
		s.patch(r, pick(r, []ink{0x6b5a3e, 0x57513f, 0x4b4a42}), between(r, 0.25, 0.6), at, between(r, 0.1, 0.5), between(r, 0.08, 0.4))
	}
	s.scraps(r, 80, vec{0.4, 0.004, 3.6}, 1.8, 2)
	s.bag(r, vec{0.5, 0, 2.7}, 0.22)
	s.patch(r, 0x6f8a96, 0.4, vec{-0.9, 0.005, 3.2}, 0.9, 0.6)
}

func (s *stage) pan(at vec) {
	s.floor(0xfafaf6, 1, at.x-0.24, at.x+0.24, at.z-0.4, at.z+0.4, at.y)
	s.floor(0x8a9298, 1, at.x-0.1, at.x+0.1, at.z-0.3, at.z+0.25, at.y+0.004)
}

// marketHall is an aisle between stalls under a steel roof.
func marketHall(s *stage, r *rand.Rand, fixed bool) {
	s.hall(7, 40, 6.5, 0x9a9b98, 0xdfe2dd, 0xc9d3d8)
	s.grid(0x888a88, 7, 40, 0.8)
	for z := 38.0; z > 3; z -= 5 {
		s.rod(0x7e8a92, vec{-7, 5.4, z}, vec{7, 5.4, z}, 0.12)
		for _, x := range []float64{-3.4, 0, 3.4} {
			s.ball(0xfffbe0, 1, vec{x, 5.1, z}, 0.22, 0.5)
		}
	}
	s.front(0xeef4f2, 1, -2, 2, 0, 3.4, 39.9)
	s.front(0xb03030, 1, -3.4, 3.4, 4.1, 5, 39.8)
	for z := 30.0; z > 2.4; z -= 2.6 {
		for _, side := range []float64{-1, 1} {
			s.counter(side, z)
		}
	}
	for _, x := range []float64{-1.5, 1.5} {
		s.floor(0xe8c22a, 0.9, x-0.05, x+0.05, 1, 38, 0.004)
	}
	if fixed {
		return
	}
	for range 12 {
		s.patch(r, 0x4c4f48, 0.4, vec{between(r, -1.4, 1.4), 0.005, between(r, 3, 14)}, between(r, 0.3, 1), between(r, 0.3, 0.9))
	}
	s.scraps(r, 130, vec{0, 0.005, 6}, 1.6, 4)
	for k := range 9 {
		z := 12 - float64(k)
		switch at := (vec{between(r, -1.4, 0.9), 0, z}); k % 3 {
		case 0:
			s.carton(r, at)
		case 1:
			s.basket(r, at)
		default:
			s.bag(r, at, 0.28)
		}
	}
}

// counter is one tiled stall with goods and a hanging board.
func (s *stage) counter(side, z float64) {
	x0, x1 := side*1.8, side*3.6
	if side < 0 {
		x0, x1 = x1, x0
	}
	s.box(0xe6e9e6, vec{x0, 0, z}, vec{x1, 0.85, z + 2.2})
	s.side(0x6fa3a8, 1, side*1.79, z, z+2.2, 0, 0.4)
	for k := range 5 {
		for j := range 2 {
			s.heap(s.r, vec{side * (2.1 + 0.6*float64(j)), 0.88, z + 1.9 - 0.4*float64(k)}, 0.17)
		}
	}
	board := pick(s.r, boardInks)
	s.front(board, 1, x0, x1, 2.6, 3.05, z)
	for k := range 4 {
		x := x0 + 0.2 + 0.4*float64(k)
		s.front(0xfff4d6, 1, x, x+0.24, 2.7, 2.95, z-0.01)
	}
	s.rod(0x9aa2a6, vec{side * 3.5, 0, z}, vec{side * 3.5, 3.1, z}, 0.07)
}

// buildingSite is a frame behind a fence; unfixed, panels are missing and the soil lies bare.
func buildingSite(s *stage, r *rand.Rand, fixed bool) {
	s.sky(Scene{Hour: 12})
	s.floor(0x8a8176, 1, -30, 30, 0.4, 60, 0)
	s.frame(between(s.r, -9, -4), 26)
	s.crane(between(s.r, 5, 10), 34)
	if fixed {
		s.mound(s.r, 0x3f8f56)
	} else {
		s.mound(s.r, 0x9a6b42)
	}
	panel := pick(s.r, []ink{0x2f7d4f, 0x2f6db5, 0x3d8f8a})
	for k := range 15 {
		x := -9 + 1.25*float64(k)
		if !fixed && (k == 7 || k == 8 || k == 9) {
			continue
		}
		lean := 0.0
		if !fixed && k == 10 {
			lean = 0.5
		}
		s.fencePanel(panel.lit(1-0.06*float64(k%2)), x, lean)
	}
	s.floor(0x77787a, 1, -30, 30, 0.4, 6.2, 0.01)
	if !fixed {
		for range 14 {
			s.patch(r, 0x8c6844, 0.7, vec{between(r, -1.5, 3.5), 0.015, between(r, 2.2, 6)}, between(r, 0.3, 1.1), between(r, 0.1, 0.4))
		}
		s.scraps(r, 50, vec{1, 0.016, 5}, 3, 1)
	}
}

func (s *stage) fencePanel(i ink, x, lean float64) {
	s.face(i, 1, vec{x, 0, 7}, vec{x + 1.22, 0, 7}, vec{x + 1.22 + lean, 2.1, 7 - lean}, vec{x + lean, 2.1, 7 - lean})
	for k := range 5 {
		o := x + 0.1 + 0.24*float64(k)
		s.rod(i.lit(0.8), vec{o, 0.02, 6.99}, vec{o + lean, 2.08, 6.99 - lean}, 0.03)
	}
	s.face(0xf2f2ee, 1, vec{x + lean, 2.02, 6.98 - lean}, vec{x + 1.22 + lean, 2.02, 6.98 - lean}, vec{x + 1.22 + lean, 2.12, 6.98 - lean}, vec{x + lean, 2.12, 6.98 - lean})
}

// frame is the concrete skeleton of a new building.
func (s *stage) frame(x, z float64) {
	s.box(0x6f6c66, vec{x, 0, z}, vec{x + 13, 15, z + 8})
	for floor := range 5 {
		y := 3 * float64(floor)
		for k := range 5 {
			s.front(0x3e3c38, 1, x+0.4+2.5*float64(k), x+2.3+2.5*float64(k), y+0.3, y+2.6, z-0.01)
		}
		s.front(0xb0aba0, 1, x-0.4, x+13.4, y+2.7, y+3.05, z-0.02)
	}
	s.front(0x3f8f56, 0.75, x, x+6, 0, 9, z-0.1)
}

func (s *stage) crane(x, z float64) {
	s.rod(0xe0b020, vec{x, 0, z}, vec{x, 19, z}, 0.5)
	s.rod(0xe0b020, vec{x - 14, 17.5, z}, vec{x + 5, 17.5, z}, 0.4)
	s.rod(0x444444, vec{x, 20, z}, vec{x - 12, 17.6, z}, 0.08)
	s.rod(0x444444, vec{x - 9, 17.5, z}, vec{x - 9, 9, z}, 0.06)
}

// mound is a heap of soil behind the fence, under a green net when covered.
func (s *stage) mound(r *rand.Rand, i ink) {
	for k := range 60 {
		at := vec{1.6 + between(r, -3.4, 3.4), 0, 12 - 3*float64(k)/60}
		s.ball(i.lit(between(r, 0.85, 1.1)), 1, vec{at.x, max(0, 1.3-0.35*(at.x-1.6)*(at.x-1.6)*0.4) * r.Float64(), at.z}, between(r, 0.5, 0.9), 0.7)
	}
}

// kitchen is a small restaurant's kitchen: stove, steel table, shelves.
func kitchen(s *stage, r *rand.Rand, fixed bool) {
	tile := pick(s.r, []ink{0xe8eae6, 0xe4ddcc, 0xd5e2e4})
	s.hall(2.6, 6.5, 2.9, 0xa8684a, tile, 0xf0f0ea)
	s.grid(0x8a5238, 2.6, 6.5, 0.3)
	for y := 0.3; y < 2.2; y += 0.3 {
		s.rod(tile.lit(0.88), vec{-2.6, y, 6.49}, vec{2.6, y, 6.49}, 0.012)
	}
	s.front(0xc7ccd0, 1, -2.4, -0.2, 2.0, 2.8, 5.6)
	s.box(0xb4bac0, vec{-2.4, 0, 5.2}, vec{0, 0.85, 6.2})
	for k := range 2 {
		at := vec{-1.8 + 1.1*float64(k), 0.92, 5.6}
		s.ball(0x26282a, 1, at, 0.42, 0.3)
		s.ball(0x4a4e52, 1, vec{at.x, at.y + 0.03, at.z}, 0.34, 0.24)
	}
	s.box(0xc9ced2, vec{1.1, 0.78, 2.6}, vec{2.5, 0.86, 5.8})
	s.side(0x8f959a, 1, 1.1, 2.6, 5.8, 0.2, 0.26)
	for k := range 6 {
		s.box(pick(s.r, clothInks), vec{1.4, 0.86, 5.2 - 0.45*float64(k)}, vec{1.7, 1.0 + 0.1*float64(k%3), 5.4 - 0.45*float64(k)})
	}
	s.box(0x9aa0a4, vec{0.4, 1.7, 6.2}, vec{2.4, 1.76, 6.45})
	for k := range 7 {
		s.box(pick(s.r, boardInks), vec{0.5 + 0.27*float64(k), 1.76, 6.3}, vec{0.66 + 0.27*float64(k), 2.05, 6.4})
	}
	if fixed {
		s.floor(0xffffff, 0.14, -1.2, 0.8, 2.2, 5, 0.004)
		return
	}
	for range 30 {
		at := vec{between(r, -2.2, 1.2), 0.005, between(r, 1.8, 5)}
		s.patch(r, pick(r, []ink{0x2c2018, 0x3e2f20, 0x1d1a16}), between(r, 0.3, 0.6), at, between(r, 0.1, 0.5), between(r, 0.08, 0.35))
	}
	for range 24 {
		x, y := between(r, -2.4, 0.2), between(r, 0.9, 2)
		s.front(0x6b5020, 0.35, x, x+between(r, 0.03, 0.1), y-between(r, 0.1, 0.5), y, 6.48)
	}
	s.scraps(r, 110, vec{-0.5, 0.005, 3.4}, 1.7, 1.5)
	s.bag(r, vec{-1.6, 0, 4}, 0.3)
	s.carton(r, vec{-0.4, 0, 4.3})
	s.basket(r, vec{0.3, 0, 3.3})
}
