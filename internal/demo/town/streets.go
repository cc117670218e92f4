package town

import (
	"math"
	"math/rand/v2"
)

// Street classes.
const (
	MainRoad = "road-main"
	Road     = "road"
	Lane     = "lane"
)

// Street is one named street.
type Street struct {
	Name  string
	Class string
	Line  Ring // open line of [longitude, latitude], west to east or south to north

	path []Point
}

// halfWidth is half of the street's width from house to house, metres.
func (s Street) halfWidth() float64 {
	return map[string]float64{MainRoad: 11, Road: 8, Lane: 4}[s.Class]
}

// Bridge is one bridge over the river.
type Bridge struct {
	Name string
	Line Ring
}

// Park is a square or park with its ring.
type Park struct {
	Name string
	Ring Ring
	// Square is true for a paved square.
	Square bool
}

// layStreets lays the roads along the valley, the two roads across it, the cross streets and the lanes.
func (t *Town) layStreets() {
	t.layValleyRoads()
	t.layBridgeRoads()
	t.layCrossStreets()
	t.layLanes()
	left := t.valley.riverBank(-1)
	right := t.valley.riverBank(1)
	for i := len(right) - 1; i >= 0; i-- {
		left = append(left, right[i])
	}
	t.river = ringOf(left)
}

// riverBank is one bank of the river; side is −1 for the south bank, 1 for the north one.
func (v valley) riverBank(side float64) []Point {
	var line []Point
	for u := -380.0; u <= valleyLength+380; u += 35 {
		half := 17 + 6*math.Sin(u/190+v.phase[5])
		a, b := v.at(u-1, 0), v.at(u+1, 0)
		length := metres(a, b)
		mid := v.at(u, 0)
		line = append(line, Point{mid.X - side*half*(b.Y-a.Y)/length, mid.Y + side*half*(b.X-a.X)/length})
	}
	return line
}

func (t *Town) addStreet(name, class string, path []Point) {
	t.Streets = append(t.Streets, Street{Name: name, Class: class, Line: degrees(path), path: path})
}

func (t *Town) layValleyRoads() {
	for i, w := range []float64{0.30, -0.30, 0.10, -0.10, 0.62, -0.62, 0.95, -0.95} {
		class := Road
		if i < 2 {
			class = MainRoad
		}
		t.addStreet(valleyRoadNames[i], class, t.valley.along(15, valleyLength-15, w, 40))
	}
}

func (t *Town) layBridgeRoads() {
	for i, u := range []float64{westBridge, eastBridge} {
		path := append(t.valley.across(u, -0.95, 0), t.valley.across(u, 0, 0.95)[1:]...)
		t.addStreet(bridgeRoadNames[i], MainRoad, path)
		span := []Point{t.valley.at(u, -0.05), t.valley.at(u, 0), t.valley.at(u, 0.05)}
		t.Bridges = append(t.Bridges, Bridge{Name: bridgeNames[i], Line: degrees(span)})
	}
}

// layCrossStreets puts a street on every area border across the valley that no bridge road took.
func (t *Town) layCrossStreets() {
	names := crossStreetNames
	for _, a := range t.Areas {
		if a.u0 == 0 || a.u0 == westBridge || a.u0 == eastBridge {
			continue
		}
		t.addStreet(names[0], Road, t.valley.across(a.u0, offRiver(a.w0), offRiver(a.w1)))
		names = names[1:]
	}
}

// offRiver keeps a street's end on the riverside road, out of the water.
func offRiver(w float64) float64 {
	if w == 0 {
		return 0
	}
	return max(-0.95, min(0.95, w))
}

// layLanes gives each area one lane, across the valley or along it.
func (t *Town) layLanes() {
	r := t.stream("lanes")
	for i, a := range t.Areas {
		w0, w1 := a.dryWidth()
		if i%3 == 2 {
			w := w0 + (w1-w0)*between(r, 0.4, 0.6)
			t.addStreet(laneNames[i], Lane, t.valley.along(a.u0, a.u1, w, 40))
			continue
		}
		t.addStreet(laneNames[i], Lane, t.deadEnd(r, a, w0, w1))
	}
}

// deadEnd is a lane that leaves one edge of the area and may stop before the other.
func (t *Town) deadEnd(r *rand.Rand, a Area, w0, w1 float64) []Point {
	u := a.u0 + (a.u1-a.u0)*between(r, 0.38, 0.62)
	end := w0 + (w1-w0)*between(r, 0.7, 1.0)
	path := t.valley.across(u, w0, end)
	lean := between(r, -25, 25)
	for i := range path {
		path[i].X += lean * math.Sin(float64(i)/2.5)
	}
	return path
}

// dryWidth is the area's width across the valley without river and ring road verge.
func (a Area) dryWidth() (w0, w1 float64) {
	w0, w1 = a.w0, a.w1
	if w0 == 0 {
		w0 = 0.10
	}
	if w1 == 0 {
		w1 = -0.10
	}
	return max(w0, -0.95), min(w1, 0.95)
}

// layGreen lays the parks and squares and the wooded hills around the town.
func (t *Town) layGreen() {
	v := t.valley
	t.Parks = []Park{
		{Name: "青溪人民广场", Ring: v.plot(1120, 1290, 0.33, 0.46), Square: true},
		{Name: "滨河湿地公园", Ring: v.plot(1580, 1980, -0.27, -0.12)},
		{Name: "鼓楼山公园", Ring: v.plot(1180, 1560, 0.69, 0.93)},
		{Name: "民族文化广场", Ring: v.plot(700, 850, -0.52, -0.35), Square: true},
	}
	r := t.stream("hills")
	for range 26 {
		t.hills = append(t.hills, t.hill(r))
	}
}

// hill is a wooded blob beyond the hill foot.
func (t *Town) hill(r *rand.Rand) Ring {
	side := []float64{-1, 1}[r.IntN(2)]
	u := between(r, -200, valleyLength+200)
	centre := t.valley.at(u, side*between(r, 1.22, 1.6))
	size := between(r, 70, 190)
	phase := between(r, 0, 6)
	var line []Point
	for i := range 22 {
		angle := float64(i) / 22 * 2 * math.Pi
		radius := size * (1 + 0.22*math.Sin(2*angle+phase) + 0.12*math.Sin(5*angle+2*phase))
		p := Point{centre.X + 1.5*radius*math.Cos(angle), centre.Y + 0.75*radius*math.Sin(angle)}
		// Woods stop at the last houses.
		if c := p.lonLat(); !t.boundary.Contains(c[0], c[1]) {
			line = append(line, p)
		}
	}
	if len(line) < 8 {
		return t.hill(r)
	}
	return ringOf(line)
}
