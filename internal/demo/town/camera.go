package town

import (
	"math"
	"math/rand/v2"
)

// vec is a position in metres before the photographer: x right, y up, z ahead.
type vec struct{ x, y, z float64 }

// Size of every photo in pixels.
const (
	photoWidth  = 1280
	photoHeight = 960
)

// camera looks along z with small turns; the horizon is a row of the picture.
type camera struct {
	x, y, z    float64 // metres
	yaw, roll  float64 // radians
	focal      float64 // pixels
	horizon    float64 // pixels from the top
	fogColour  ink
	fogMetres  float64 // depth at which things are mostly haze
	brightness float64
	tint       ink
}

// stage is one picture being painted: where the camera stands and in what light.
type stage struct {
	*canvas
	camera
	r *rand.Rand
}

// turned is a position in camera space.
func (c camera) turned(v vec) vec {
	dx, dz := v.x-c.x, v.z-c.z
	s, co := math.Sincos(c.yaw)
	return vec{dx*co - dz*s, v.y - c.y, dx*s + dz*co}
}

// project puts a camera-space position on the canvas.
func (c camera) project(v vec) pt {
	x, y := c.focal*v.x/v.z, -c.focal*v.y/v.z
	s, co := math.Sincos(c.roll)
	return pt{photoWidth/2 + x*co - y*s, c.horizon + x*s + y*co}
}

// nearest is the depth in metres before which nothing is drawn.
const nearest = 0.35

// clip cuts the part of a camera-space polygon that lies behind the lens.
func clip(points []vec) []vec {
	out := make([]vec, 0, len(points)+2)
	for i, b := range points {
		a := points[(i+len(points)-1)%len(points)]
		if (a.z < nearest) != (b.z < nearest) {
			f := (nearest - a.z) / (b.z - a.z)
			out = append(out, vec{a.x + (b.x-a.x)*f, a.y + (b.y-a.y)*f, nearest})
		}
		if b.z >= nearest {
			out = append(out, b)
		}
	}
	return out
}

// face fills a polygon of the world, in the light and haze of its depth.
func (s *stage) face(i ink, opacity float64, corners ...vec) {
	turned := make([]vec, len(corners))
	for k, v := range corners {
		turned[k] = s.turned(v)
	}
	turned = clip(turned)
	if len(turned) < 3 {
		return
	}
	points := make([]pt, len(turned))
	depth := 0.0
	for k, v := range turned {
		points[k] = s.project(v)
		depth += v.z / float64(len(turned))
	}
	s.poly(s.light(i, depth), opacity, points)
}

// light is how a colour looks at a depth in metres.
func (s *stage) light(i ink, depth float64) ink {
	r, g, b := i.rgb()
	tr, tg, tb := s.tint.rgb()
	k := s.brightness / 255
	return mixInk(packInk(r*tr*k, g*tg*k, b*tb*k), s.fogColour, 1-math.Exp(-depth/s.fogMetres))
}

// floor fills a rectangle of the ground at height y.
func (s *stage) floor(i ink, opacity, x0, x1, z0, z1, y float64) {
	s.face(i, opacity, vec{x0, y, z0}, vec{x1, y, z0}, vec{x1, y, z1}, vec{x0, y, z1})
}

// side fills a rectangle of a wall that runs along the street at x.
func (s *stage) side(i ink, opacity, x, z0, z1, y0, y1 float64) {
	s.face(i, opacity, vec{x, y0, z0}, vec{x, y0, z1}, vec{x, y1, z1}, vec{x, y1, z0})
}

// front fills a rectangle that faces the photographer at depth z.
func (s *stage) front(i ink, opacity, x0, x1, y0, y1, z float64) {
	s.face(i, opacity, vec{x0, y0, z}, vec{x1, y0, z}, vec{x1, y1, z}, vec{x0, y1, z})
}

// box draws the visible faces of a block from a to b.
func (s *stage) box(i ink, a, b vec) {
	if s.x < a.x {
		s.side(i.lit(0.78), 1, a.x, a.z, b.z, a.y, b.y)
	}
	if s.x > b.x {
		s.side(i.lit(0.78), 1, b.x, a.z, b.z, a.y, b.y)
	}
	if s.y > b.y {
		s.floor(i.lit(1.12), 1, a.x, b.x, a.z, b.z, b.y)
	}
	s.front(i, 1, a.x, b.x, a.y, b.y, a.z)
}

// ball draws a round thing of a radius in metres, flattened by squash.
func (s *stage) ball(i ink, opacity float64, at vec, radius, squash float64) {
	v := s.turned(at)
	if v.z < nearest {
		return
	}
	p, k := s.project(v), s.focal/v.z
	s.ellipse(s.light(i, v.z), opacity, p.x, p.y, radius*k, radius*k*squash)
}

// rod draws a stroke between two positions, width in metres.
func (s *stage) rod(i ink, a, b vec, width float64) {
	va, vb := s.turned(a), s.turned(b)
	if va.z < nearest || vb.z < nearest {
		return
	}
	depth := (va.z + vb.z) / 2
	s.line(s.light(i, depth), 1, s.project(va), s.project(vb), max(1, width*s.focal/depth))
}

// shape fills an upright flat outline given in metres right of and above a position.
func (s *stage) shape(i ink, at vec, outline ...[2]float64) {
	corners := make([]vec, len(outline))
	for k, o := range outline {
		corners[k] = vec{at.x + o[0], at.y + o[1], at.z}
	}
	s.face(i, 1, corners...)
}

// patch fills an irregular blot on the ground.
func (s *stage) patch(r *rand.Rand, i ink, opacity float64, at vec, rx, rz float64) {
	corners := make([]vec, 14)
	for k := range corners {
		sin, cos := math.Sincos(float64(k) / 14 * 2 * math.Pi)
		f := between(r, 0.75, 1.2)
		corners[k] = vec{at.x + rx*cos*f, at.y, at.z + rz*sin*f}
	}
	s.face(i, opacity, corners...)
}
