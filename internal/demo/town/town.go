// Package town invents the demo county town: its river, streets, areas, places,
// people, street photos and three weeks of campaign, all drawn from one seed.
// It is pure: no database, no clock, no network; the same seed gives the same
// town to the last byte. Nothing in it is a real place or a real person.
package town

import (
	"hash/fnv"
	"math/rand/v2"
)

// CountyName is the invented county; TownName is its seat.
const (
	CountyName = "青溪县"
	TownName   = "青溪县城"
)

// Town is one invented county town. Its slices are filled by New and are only read afterwards.
type Town struct {
	Areas   []Area
	Streets []Street
	Parks   []Park
	Bridges []Bridge
	Units   []Unit
	People  []Person
	Posts   []Post
	Leaves  []Leave
	Deputes []Deputising
	Groups  []WorkGroup
	Teams   []Team

	seed     uint64
	valley   valley
	boundary Ring
	river    Ring
	hills    []Ring
	places   []Place
}

// New draws the town that belongs to seed.
func New(seed uint64) *Town {
	t := &Town{seed: seed}
	t.valley = newValley(t.stream("valley"))
	t.layAreas()
	t.layStreets()
	t.layGreen()
	t.foundUnits()
	t.hirePeople()
	t.formTeams()
	t.openPlaces()
	return t
}

// Places returns every place of the town, in a fixed order.
func (t *Town) Places() []Place { return t.places }

// stream is an independent source of chance for one topic, so that changing how
// one topic is drawn leaves every other topic as it was.
func (t *Town) stream(topic string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(topic))
	return rand.New(rand.NewPCG(t.seed, h.Sum64()))
}

// pick returns one of list.
func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// between returns a number from lo up to hi.
func between(r *rand.Rand, lo, hi float64) float64 { return lo + (hi-lo)*r.Float64() }

// chance is true with probability p.
func chance(r *rand.Rand, p float64) bool { return r.Float64() < p }
