package inspect

import (
	"cmp"
	"slices"

	"chuangwei/internal/flow/cases"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/geo"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/place"
)

// Stop is one place of a leader's walk, with why it is on it.
type Stop struct {
	Place   place.Place
	Open    int // open cases there
	Overdue int
	Back    int    // times a case there came back
	LastOn  string // day of the last look, or ""
	Metres  int    // from the stop before, as the crow flies
}

// Bounds of a walk.
const (
	walkRest = 7 // days after a look during which a place is left out
	walkFar  = 60
	walkMost = 20
)

// Wander leads to the n worst places of an area ("": wherever the reader may
// inspect) that nobody has looked at for a week, on one short way from start.
// Worst is by open, overdue and returning cases, then by how long ago the last
// look was. A nil start begins at the worst place.
func Wander(tx *db.Tx, who org.Actor, areaID string, start *geo.Point, n int) ([]Stop, error) {
	if who.Scope(org.Inspect).Empty() {
		return nil, org.Denied(org.Inspect)
	}
	if areaID != "" {
		if _, err := place.AreaByID(tx, areaID); err != nil {
			return nil, err
		}
		if err := who.May(org.Inspect, org.Target{Area: areaID}); err != nil {
			return nil, err
		}
	}
	if start != nil && !start.Valid() {
		return nil, fault.New(fault.Invalid, "walk.start", "起点坐标不对。", "The start is no position.").In("lat", "不在有效范围内", "out of range")
	}
	worst, err := candidates(tx, who, areaID)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(worst, func(a, b Stop) int {
		return cmp.Or(cmp.Compare(b.badness(tx), a.badness(tx)), cmp.Compare(a.Place.Code, b.Place.Code))
	})
	worst = worst[:min(len(worst), max(1, min(n, walkMost)))]
	if len(worst) == 0 {
		return nil, nil
	}
	from := geo.Point{Lat: worst[0].Place.Lat, Lon: worst[0].Place.Lon}
	if start != nil {
		from = *start
	}
	return led(from, worst), nil
}

// badness orders places: three a case, five more when overdue, four each time
// one came back, and up to six for how long nobody has looked.
func (s Stop) badness(tx *db.Tx) int {
	return 30*s.Open + 50*s.Overdue + 40*s.Back + daysSince(s.LastOn, tx.Time(), walkFar)
}

func candidates(tx *db.Tx, who org.Actor, areaID string) ([]Stop, error) {
	b, err := open(tx)
	if err != nil {
		return nil, err
	}
	list, err := cases.Points(tx, who, cases.Filter{Flags: []string{"open"}, Area: areaID})
	if err != nil {
		return nil, err
	}
	trouble := map[string]Stop{}
	for _, c := range list {
		s := trouble[c.PlaceID]
		s.Open, s.Back = s.Open+1, s.Back+c.Relapses
		if c.Overdue(tx.Now()) {
			s.Overdue++
		}
		trouble[c.PlaceID] = s
	}
	last, err := lastLooks(tx)
	if err != nil {
		return nil, err
	}
	places, err := place.All(tx)
	rested := string(calendar.On(tx.Time()).Add(-walkRest))
	var out []Stop
	for _, p := range places {
		s := trouble[p.ID]
		s.Place, s.LastOn = p, last[p.ID]
		within := areaID == "" || p.AreaID == areaID
		if within && s.LastOn <= rested && (s.Open > 0 || b.asksOf(p)) && who.Can(org.Inspect, target(p, "")) {
			out = append(out, s)
		}
	}
	return out, err
}

// asksOf reports whether there is something to look at at a place.
func (b *book) asksOf(p place.Place) bool {
	for _, c := range b.lists {
		if c.Name == p.Kind {
			return len(c.Lines) > 0
		}
	}
	return false
}

// led puts stops into the order of a short way.
func led(from geo.Point, stops []Stop) []Stop {
	points := make([]geo.Point, len(stops))
	for i, s := range stops {
		points[i] = geo.Point{Lat: s.Place.Lat, Lon: s.Place.Lon}
	}
	out := make([]Stop, 0, len(stops))
	for _, i := range Order(from, points) {
		s := stops[i]
		s.Metres = int(geo.Metres(from, points[i]) + 0.5)
		from = points[i]
		out = append(out, s)
	}
	return out
}
