package town

import (
	"fmt"
	"slices"
)

// Area is one 片区: a piece of the seamless partition of the built-up town.
type Area struct {
	Code string // A01 … A34
	Name string
	Ring Ring
	// Centre is a labelled point inside the area, [longitude, latitude].
	Centre [2]float64
	// LeadUnit is the unit that leads in the area; Chief is the person code of its 片长.
	LeadUnit, Chief string
	// GridMembers are the person codes of its grid members, from the lead unit.
	GridMembers []string
	// Grids are its pieces from west to east, one for each grid member.
	Grids []Grid

	u0, u1, w0, w1 float64
}

// Grid is one 网格: the piece of an area that one grid member looks after.
type Grid struct {
	Code   string // A01-1 … A34-3
	Name   string
	Ring   Ring
	Centre [2]float64
}

// gridsEach is how many grids an area has.
const gridsEach = 3

// layGrids cuts each area across the valley into pieces of equal length.
func (t *Town) layGrids() {
	for i := range t.Areas {
		a := &t.Areas[i]
		for k := range gridsEach {
			step := (a.u1 - a.u0) / gridsEach
			u0, u1 := a.u0+float64(k)*step, a.u0+float64(k+1)*step
			line := append(t.valley.across(u0, a.w1, a.w0), t.valley.across(u1, a.w0, a.w1)...)
			a.Grids = append(a.Grids, Grid{Code: fmt.Sprintf("%s-%d", a.Code, k+1), Name: fmt.Sprintf("%s第%d网格", a.Name, k+1),
				Ring: ringOf(line), Centre: t.valley.at((u0+u1)/2, (a.w0+a.w1)/2).lonLat()})
		}
	}
}

// rowLines are the seven ruler lines between which the six rows of areas lie; 0 is mid river.
var rowLines = []float64{-1, -0.62, -0.30, 0, 0.30, 0.62, 1}

// The two bridges; area borders of all rows meet there.
const (
	westBridge = 1010.0
	eastBridge = 2060.0
)

// layAreas cuts the valley into rows and the rows into areas. Neighbours take
// their common border from the same sampled line, so no gap or overlap can arise.
func (t *Town) layAreas() {
	breaks := t.columnBreaks()
	lines := make([][]float64, len(rowLines))
	for i := range lines {
		lines[i] = lineStops(breaks, i)
	}
	for row := range breaks {
		for col := 1; col < len(breaks[row]); col++ {
			t.addArea(breaks[row][col-1], breaks[row][col], row, lines)
		}
	}
	t.nameAreas()
	t.boundary = t.outline(lines)
}

// columnBreaks is, for each row, where its areas begin and end along the valley.
func (t *Town) columnBreaks() [][]float64 {
	r := t.stream("areas")
	breaks := make([][]float64, len(rowLines)-1)
	for row := range breaks {
		mid := []float64{between(r, 430, 590), between(r, 1470, 1620), between(r, 2520, 2660)}
		list := []float64{0, mid[0], westBridge, mid[1], eastBridge, mid[2], valleyLength}
		// The hill-foot rows have fewer people, so their middle is one area.
		if row == 0 || row == len(breaks)-1 {
			list = slices.Delete(list, 3, 4)
		}
		breaks[row] = list
	}
	return breaks
}

// lineStops is where row line i has vertices: at every break of the rows it divides, and between.
func lineStops(breaks [][]float64, i int) []float64 {
	var stops []float64
	for u := 0.0; u < valleyLength; u += 50 {
		stops = append(stops, u)
	}
	for _, row := range []int{i - 1, i} {
		if row >= 0 && row < len(breaks) {
			stops = append(stops, breaks[row]...)
		}
	}
	slices.Sort(stops)
	return slices.Compact(stops)
}

func (t *Town) addArea(u0, u1 float64, row int, lines [][]float64) {
	w0, w1 := rowLines[row], rowLines[row+1]
	line := t.stretch(lines[row], u0, u1, w0)
	line = append(line, t.valley.across(u1, w0, w1)[1:]...)
	top := t.stretch(lines[row+1], u0, u1, w1)
	slices.Reverse(top)
	line = append(line, top[1:]...)
	side := t.valley.across(u0, w0, w1)
	slices.Reverse(side)
	line = append(line, side[1:]...)
	t.Areas = append(t.Areas, Area{
		Ring: ringOf(line), Centre: t.valley.at((u0+u1)/2, (w0+w1)/2).lonLat(),
		u0: u0, u1: u1, w0: w0, w1: w1,
	})
}

// stretch is the piece of a row line between two breaks.
func (t *Town) stretch(stops []float64, u0, u1, w float64) []Point {
	var line []Point
	for _, u := range stops {
		if u >= u0 && u <= u1 {
			line = append(line, t.valley.at(u, w))
		}
	}
	return line
}

// nameAreas numbers the areas from the north-west, as a reader looks at a map.
func (t *Town) nameAreas() {
	slices.SortStableFunc(t.Areas, func(a, b Area) int {
		if a.w0 != b.w0 {
			return int((b.w0 - a.w0) * 1000)
		}
		return int(a.u0 - b.u0)
	})
	for i := range t.Areas {
		t.Areas[i].Code = fmt.Sprintf("A%02d", i+1)
		t.Areas[i].Name = areaNames[i]
	}
	t.layGrids()
}

// outline is the ring around all areas, through the same vertices as theirs.
func (t *Town) outline(lines [][]float64) Ring {
	last := len(rowLines) - 1
	line := t.stretch(lines[0], 0, valleyLength, rowLines[0])
	for row := range last {
		line = append(line, t.valley.across(valleyLength, rowLines[row], rowLines[row+1])[1:]...)
	}
	top := t.stretch(lines[last], 0, valleyLength, rowLines[last])
	slices.Reverse(top)
	line = append(line, top[1:]...)
	for row := last; row > 0; row-- {
		side := t.valley.across(0, rowLines[row-1], rowLines[row])
		slices.Reverse(side)
		line = append(line, side[1:]...)
	}
	return ringOf(line)
}

// Boundary is the ring around the built-up town.
func (t *Town) Boundary() Ring { return t.boundary }

// AreaAt is the code of the area at a position, or "" outside the town.
func (t *Town) AreaAt(lon, lat float64) string {
	for i := range t.Areas {
		if t.Areas[i].Ring.Contains(lon, lat) {
			return t.Areas[i].Code
		}
	}
	return ""
}

// Area is the area with a code; it panics on an unknown one.
func (t *Town) Area(code string) *Area {
	i := slices.IndexFunc(t.Areas, func(a Area) bool { return a.Code == code })
	return &t.Areas[i]
}
