package squads

import (
	"math/rand/v2"
	"time"
)

// Size is how large an invented problem is.
type Size struct{ People, Units, Areas, Days int }

// The sizes that the benchmark measures.
var (
	County     = Size{1050, 92, 35, 60}
	Prefecture = Size{5000, 400, 100, 60}
)

// Shares of the invented county, in people of a hundred.
const (
	mayLead    = 35
	hasLicence = 18
	mayDrive   = 25
	speaks     = 15
	maybeAway  = 40 // of a unit on one day
)

// Generate invents a problem of a size: three shifts, squads of three to eight,
// more on market days and in the week before the assessment at the end, leave,
// wishes, and load carried from before. The same seed gives the same problem.
// Its seats are about two thirds of the duties that people may do.
func Generate(size Size, seed uint64) Problem {
	g := generator{size, rand.New(rand.NewPCG(seed, 0x5371756164)), 0}
	p := Problem{
		Days: size.Days, Weekday: time.Wednesday, Areas: size.Areas,
		Shifts: []Shift{
			{7 * 60, 12 * 60, 2},
			{13 * 60, 18 * 60, 2},
			{20 * 60, 25 * 60, 3},
		},
		Rules:   Rules{Rest: 11 * 60, PerWeek: 3, InRow: 2, Batch: 10},
		Weights: Weights{Fair: 10, Wish: 20, Away: 2, Disliked: 4, Stay: 5, Turn: 2},
	}
	p.People = g.people(size)
	p.Units = g.units(p.People)
	possible := float64(size.People) * 3 * float64(size.Days) / 7
	g.perArea = 0.62 * possible / float64(size.Days*size.Areas)
	p.Needs = g.needs()
	return p
}

type generator struct {
	Size
	*rand.Rand
	perArea float64 // seats of an area on a mean day
}

func (g generator) chance(percent int) bool { return g.IntN(100) < percent }

func (g generator) people(size Size) []Person {
	people := make([]Person, size.People)
	for i := range people {
		p := Person{Unit: i % size.Units, Home: g.home(), Skills: g.skills()}
		// Half of the people fill their units unevenly: from 6 to some 20.
		if g.chance(50) {
			p.Unit = min(g.IntN(size.Units), g.IntN(size.Units))
		}
		if g.chance(10) {
			p.Home = Nowhere
		}
		if g.chance(50) {
			p.Carried = g.IntN(9)
		}
		if g.chance(30) {
			p.Liked = []int{g.IntN(size.Areas)}
		}
		if g.chance(10) {
			p.Disliked = []int{g.IntN(size.Areas)}
		}
		g.days(&p)
		people[i] = p
	}
	return people
}

// home is in one of the areas, half of the time in the third of them that is
// the old town: there live more people than there is to do.
func (g generator) home() int {
	if g.chance(50) {
		return g.IntN((g.Areas + 2) / 3)
	}
	return g.IntN(g.Areas)
}

// days gives a person leave, other duties and wishes.
func (g generator) days(p *Person) {
	if g.chance(g.Days / 2) {
		from := g.IntN(g.Days)
		for d := from; d < min(g.Days, from+2+g.IntN(7)); d++ {
			p.Off = append(p.Off, d)
		}
	}
	for range g.IntN(4) {
		p.Blocked = append(p.Blocked, Slot{g.IntN(g.Days), g.IntN(3)})
	}
	for range g.IntN(5) {
		p.Wishes = append(p.Wishes, Wish{g.IntN(g.Days), g.IntN(4) - 1, -1 - g.IntN(3)})
	}
	for range g.IntN(3) {
		p.Wishes = append(p.Wishes, Wish{g.IntN(g.Days), AnyShift, 1 + g.IntN(2)})
	}
}

func (g generator) skills() Skills {
	var set Skills
	for skill, share := range []int{Leader: mayLead, Licence: hasLicence, Driver: mayDrive, Language: speaks} {
		if g.chance(share) {
			set |= SkillsOf(Skill(skill))
		}
	}
	return set
}

func (g generator) units(people []Person) []Unit {
	size := make([]int, g.Units)
	for _, p := range people {
		size[p.Unit]++
	}
	units := make([]Unit, g.Units)
	for u := range units {
		units[u].Most = make([]int, g.Days)
		for d := range units[u].Most {
			units[u].Most[d] = max(1, size[u]*maybeAway/100)
		}
	}
	return units
}

// needs gives every area its mornings and afternoons, some their nights, and
// markets one day in five.
func (g generator) needs() []Need {
	var needs []Need
	base := g.perArea / 2.6
	for a := range g.Areas {
		market, nights, languages := g.IntN(5), g.chance(30), g.chance(12)
		for d := range g.Days {
			for s := range 3 {
				if s == 2 && !nights {
					continue
				}
				n := Need{Area: a, Day: d, Shift: s, MostOfUnit: 2, Size: g.round(base, 2)}
				n.Least[Leader] = 1
				if d%5 == market && s < 2 {
					n.Size += g.round(base*0.5, 1)
					n.Least[Licence] = 1
				}
				if d >= g.Days-7 {
					n.Size += g.round(base*0.25, 0)
				}
				if s == 2 {
					n.Least[Driver] = 1
				}
				if languages {
					n.Least[Language] = 1
				}
				needs = append(needs, n)
			}
		}
	}
	return needs
}

// round rounds up or down so that the mean is x, and at least to least.
func (g generator) round(x float64, least int) int {
	return max(least, int(x+g.Float64()))
}
