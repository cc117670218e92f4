package town

import "math"

// The street on which most photos are taken, metres.
const (
	kerb     = 3.4  // from the middle of the road to the kerb
	wall     = 6.0  // to the house walls
	pavement = 0.14 // height
	farEnd   = 75.0 // length of the street ahead
)

var (
	wallInks  = []ink{0xe9e2d3, 0xd9cbb4, 0xcfd6da, 0xe6d2c0, 0xf0ece2, 0xc9bfae, 0xdfe3dc, 0xd8b9a0, 0xbfc9cc}
	boardInks = []ink{0xc0392b, 0x1f6fb2, 0x2e8b57, 0xd68910, 0x8e44ad, 0x0e7c86, 0xb03060, 0x37474f, 0xe0b020}
	leafInks  = []ink{0x3f7a3a, 0x4f8f42, 0x2f6632, 0x63a04c, 0x568a3f}
	clothInks = []ink{0xd9534f, 0x4f8fd9, 0xf0f0ec, 0x7b5ea7, 0xf2c14e, 0x3c8d6e, 0x2f3b52, 0xe58fb1, 0x9fb8c8}
)

// street paints sky, hills, road, houses and trees.
func (s *stage) street(scene Scene) {
	s.sky(scene)
	s.road(scene)
	lamps := scene.Hour >= 19 || scene.Hour < 6
	switch s.r.IntN(5) {
	case 0:
		s.gardenWall()
	case 1:
		s.riverside()
	default:
		s.houses(-1, lamps)
	}
	s.houses(1, lamps)
	s.trees()
	s.poles()
}

func (s *stage) sky(scene Scene) {
	top := mixInk(0x7fb2e5, s.fogColour, 0.15)
	switch {
	case scene.Rain:
		top = 0x9aa5ae
	case scene.Hour >= 20 || scene.Hour < 5:
		top = 0x10162c
	case scene.Hour >= 18:
		top = 0x6f86b8
	case scene.Hour < 8:
		top = 0x9cbfe0
	}
	s.fade(top, s.fogColour, 0, int(s.horizon)+25)
	s.fade(s.light(0x8f8f8c, 60), s.light(0x8f8f8c, 3), int(s.horizon)+25, photoHeight)
	if !scene.Rain && scene.Hour < 20 {
		s.clouds()
	}
	s.hillRange(0x86a08c, 0.35, 105)
	s.hillRange(0x5f8262, 0.12, 55)
}

func (s *stage) clouds() {
	for range 3 {
		x, y := between(s.r, 100, 1180), between(s.r, 30, 190)
		for range 7 {
			s.ellipse(mixInk(s.fogColour, 0xffffff, 0.5), 0.35, x+between(s.r, -90, 90), y+between(s.r, -12, 12), between(s.r, 40, 90), between(s.r, 12, 24))
		}
	}
}

// hillRange is one ridge; haze is 0 … 1, height in pixels.
func (s *stage) hillRange(i ink, haze, height float64) {
	a, b := between(s.r, 0, 6), between(s.r, 0, 6)
	points := []pt{{0, s.horizon + 30}}
	for x := 0.0; x <= photoWidth; x += 32 {
		y := height * (0.75 + 0.4*math.Sin(x/210+a) + 0.2*math.Sin(x/83+b))
		points = append(points, pt{x, s.horizon - y})
	}
	points = append(points, pt{photoWidth, s.horizon + 30})
	s.poly(s.light(mixInk(i, s.fogColour, haze), 45), 1, points)
}

// road paints asphalt, markings, kerbs and paving.
func (s *stage) road(scene Scene) {
	asphalt := pick(s.r, []ink{0x77787a, 0x6c6f72, 0x84827e, 0x8f8c86})
	if scene.Rain {
		asphalt = asphalt.lit(0.8)
	}
	s.floor(asphalt, 1, -kerb, kerb, 0, farEnd, 0)
	for range 70 {
		at := vec{between(s.r, -kerb, kerb), 0.001, between(s.r, 2, 25)}
		s.patch(s.r, asphalt.lit(between(s.r, 0.9, 1.08)), 0.35, at, between(s.r, 0.1, 0.7), between(s.r, 0.1, 0.5))
	}
	for z := 1.0; z < farEnd; z += 5 {
		s.floor(0xe8e6da, 0.85, -0.07, 0.07, z, z+2.4, 0.002)
	}
	paving := pick(s.r, []ink{0xb9b2a6, 0xb59c8c, 0xa9acaa, 0xc2b59b})
	for _, side := range []float64{-1, 1} {
		s.floor(paving, 1, side*kerb, side*wall, 0, farEnd, pavement)
		s.side(0xcfccc4, 1, side*kerb, 0, farEnd, 0, pavement)
		s.floor(0xd8d5cc, 1, side*kerb, side*(kerb+0.14), 0, farEnd, pavement+0.002)
		s.tiles(side, paving)
	}
	if scene.Rain {
		for range 9 {
			s.patch(s.r, s.fogColour, 0.3, vec{between(s.r, -3, 3), 0.003, between(s.r, 3, 18)}, between(s.r, 0.3, 1.1), between(s.r, 0.2, 0.7))
		}
	}
}

// tiles are the joints of the pavement.
func (s *stage) tiles(side float64, paving ink) {
	dark := paving.lit(0.86)
	for z := 1.2; z < 22; z += 0.6 {
		s.rod(dark, vec{side * (kerb + 0.14), pavement + 0.003, z}, vec{side * wall, pavement + 0.003, z}, 0.015)
	}
	for x := kerb + 0.14; x < wall; x += 0.6 {
		s.rod(dark, vec{side * x, pavement + 0.003, 1.2}, vec{side * x, pavement + 0.003, 30}, 0.015)
	}
}

// house is one building of the row along the street.
type house struct {
	z0, z1, height float64
	floors         int
	paint          ink
	seed           [2]float64
}

// houses paints one row of buildings, the farthest first.
func (s *stage) houses(side float64, lamps bool) {
	var row []house
	for z := between(s.r, -2, 0.5); z < farEnd; {
		h := house{z0: z, floors: 2 + s.r.IntN(4), paint: pick(s.r, wallInks), seed: [2]float64{s.r.Float64(), s.r.Float64()}}
		h.z1 = z + between(s.r, 5, 9.5)
		h.height = float64(h.floors)*3.1 + 0.5
		row = append(row, h)
		z = h.z1
	}
	for i := len(row) - 1; i >= 0; i-- {
		s.house(side, row[i], lamps)
	}
}

func (s *stage) house(side float64, h house, lamps bool) {
	x := side * wall
	s.front(h.paint.lit(0.82), 1, x, x+side*9, 0, h.height, h.z0)
	s.side(h.paint, 1, x, h.z0, h.z1, pavement, h.height)
	s.side(h.paint.lit(0.75), 1, x, h.z0, h.z1, h.height-0.35, h.height)
	s.side(h.paint.lit(0.7), 1, x, h.z1-0.08, h.z1, pavement, h.height)
	for floor := 1; floor < h.floors; floor++ {
		s.windows(x, h, float64(floor)*3.1+0.9, lamps)
	}
	s.shopFronts(x, h, lamps)
}

// windows paints one floor's windows with frames, sills and now and then a grille or an air conditioner.
func (s *stage) windows(x float64, h house, y float64, lamps bool) {
	glass := ink(0x5b7488)
	count := int((h.z1 - h.z0) / 2.2)
	step := (h.z1 - h.z0) / float64(count)
	for i := range count {
		z := h.z0 + step*(float64(i)+0.25)
		pane := glass.lit(between(s.r, 0.8, 1.25))
		if lamps && chance(s.r, 0.5) {
			pane = 0xffe2a0
		}
		s.side(0xf4f4f0, 1, x, z-0.07, z+step*0.5+0.07, y-0.07, y+1.37)
		s.side(pane, 1, x, z, z+step*0.5, y, y+1.3)
		s.side(0xf4f4f0, 1, x, z+step*0.24, z+step*0.27, y, y+1.3)
		s.side(h.paint.lit(0.72), 1, x, z-0.1, z+step*0.5+0.1, y-0.2, y-0.08)
		if chance(s.r, 0.25) {
			s.side(0xe6e6e2, 1, x, z+step*0.56, z+step*0.86, y-0.2, y+0.35)
			s.side(0x9a9a98, 1, x, z+step*0.6, z+step*0.74, y-0.12, y+0.27)
		}
	}
}

// shopFronts paints the ground floor: doors or shutters under sign boards with pseudo-writing.
func (s *stage) shopFronts(x float64, h house, lamps bool) {
	count := max(1, int((h.z1-h.z0)/3.4))
	step := (h.z1 - h.z0) / float64(count)
	for i := range count {
		z0, z1 := h.z0+step*float64(i)+0.25, h.z0+step*float64(i+1)-0.25
		if chance(s.r, 0.3) {
			s.shutter(x, z0, z1)
		} else {
			s.openShop(x, z0, z1, lamps)
		}
		s.signBoard(x, z0-0.1, z1+0.1)
	}
}

func (s *stage) shutter(x, z0, z1 float64) {
	paint := pick(s.r, []ink{0xa9b0b4, 0x8fa3ad, 0xb8b4a8})
	s.side(paint, 1, x, z0, z1, pavement, 2.5)
	for y := 0.35; y < 2.5; y += 0.18 {
		s.side(paint.lit(0.86), 1, x, z0, z1, y, y+0.05)
	}
}

func (s *stage) openShop(x, z0, z1 float64, lamps bool) {
	inside := ink(0x4a4640)
	if lamps {
		inside = 0xe8c27a
	}
	s.side(inside, 1, x, z0, z1, pavement, 2.5)
	for range 14 {
		z, y := between(s.r, z0, z1-0.4), between(s.r, 0.3, 2)
		s.side(pick(s.r, clothInks).lit(0.75), 0.9, x, z, z+between(s.r, 0.15, 0.5), y, y+between(s.r, 0.12, 0.4))
	}
	s.side(0xdadad6, 1, x, z0, z0+0.08, pavement, 2.5)
	s.side(0xdadad6, 1, x, z1-0.08, z1, pavement, 2.5)
}

// signBoard is a coloured board with light blocks where the characters would be.
func (s *stage) signBoard(x, z0, z1 float64) {
	paint := pick(s.r, boardInks)
	s.side(paint, 1, x, z0, z1, 2.55, 3.35)
	s.side(paint.lit(0.7), 1, x, z0, z1, 2.55, 2.62)
	n := 3 + s.r.IntN(3)
	size := min(0.5, (z1-z0)/float64(n)*0.72)
	gap := (z1 - z0 - 0.4) / float64(n)
	letter := pick(s.r, []ink{0xffffff, 0xffe66d, 0xfff4d6})
	for i := range n {
		s.glyph(letter, x, z0+0.25+gap*float64(i), 2.98-size/2, size)
	}
}

// glyph is a made-up character of a few strokes.
func (s *stage) glyph(i ink, x, z, y, size float64) {
	t := size * 0.13
	for k := range 3 {
		yy := y + size*(0.1+0.38*float64(k))
		in := size * between(s.r, 0, 0.25)
		s.side(i, 1, x, z+in, z+size-in, yy, yy+t)
	}
	zz := z + size*between(s.r, 0.25, 0.7)
	s.side(i, 1, x, zz, zz+t, y, y+size)
}
