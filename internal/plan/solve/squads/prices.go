package squads

import (
	"math"
	"slices"
)

// finest is how many parts a unit of cost has at most in a bound, which is
// computed in whole parts, so that no rounding can lift it above the truth; and
// coarse how many in the fees of an accord.
const (
	finest = 4096
	coarse = 256
)

// prices are those of a Lagrangian relaxation, one after another: what a need
// pays for a person and for each skill it wants, what a unit asks for each
// person away, and what a person pays for load. Any prices give a valid bound
// as long as those of skills and units are not negative.
type prices struct {
	all   []float64
	need  []float64 // [need]
	skill []float64 // [need, skill]
	away  []float64 // [unit, day]
	load  []float64 // [person]
}

func newPrices(t *table) *prices {
	needs, skills, away := len(t.needs), len(t.needs)*int(SkillKinds), t.units*t.days
	p := &prices{all: make([]float64, needs+skills+away+t.people)}
	p.need, p.skill, p.away, p.load = p.all[:needs], p.all[needs:][:skills], p.all[needs+skills:][:away], p.all[needs+skills+away:]
	return p
}

// priced are prices in whole parts.
type priced struct{ need, skill, away, load []int64 }

func newPriced(t *table) priced {
	return priced{make([]int64, len(t.needs)), make([]int64, len(t.needs)*int(SkillKinds)), make([]int64, t.units*t.days), make([]int64, t.people)}
}

// round makes them whole, at so many parts of a unit of cost.
func (p *prices) round(q *priced, grain float64) {
	for k, part := range [...][]int64{q.need, q.skill, q.away, q.load} {
		for n, price := range [...][]float64{p.need, p.skill, p.away, p.load}[k] {
			part[n] = int64(math.Round(price * grain))
		}
	}
}

// relaxation is the problem without what the prices stand for: everybody
// chooses their own cheapest duties, in a network of days.
type relaxation struct {
	*table
	// Shifts that the same shifts may follow (leaves), or that may follow the
	// same shifts (enters), need not be told apart the day after.
	leaves, enters []int32  // class of each shift; leaves 0 is also a day off
	follows        [][]bool // [class of yesterday, class of today]
	frozenNeed     []int32  // [person, day] or −1
	needRoom       []int32  // people a need takes: its size, or all that are frozen
	skillLeast     []int32  // [need, skill]: 0 where everybody is frozen
	unitRoom       []int32  // [unit, day]: not less than are frozen
	weekMost       []int32  // [person, week]: duties; not less than are frozen
	most           int      // duties in any week
	loadStep       int      // every load is a multiple of it
	grain          int64    // parts of a unit of cost in which chains of duties can be counted
	fees           int32    // parts that do in an accord, which need not be as fine
	change         int64    // in parts
	skillsAt       int      // where the rules of skills begin among all, those of needs first
	unitsAt        int
	loadsAt        int
	kept           [][]int32 // of each person, the needs of the kept plan
}

func newRelaxation(t *table) *relaxation {
	r := &relaxation{
		table: t, weekMost: make([]int32, t.people*t.week),
		frozenNeed: make([]int32, t.people*t.days), unitRoom: append([]int32(nil), t.room...),
	}
	for k := range r.frozenNeed {
		r.frozenNeed[k] = -1
	}
	frozen := make([]int32, len(t.needs))
	used := make([]int32, t.units*t.days)
	for seat, who := range t.frozen {
		if who < 0 {
			continue
		}
		n := t.seatNeed[seat]
		d := int(t.needs[n].day)
		frozen[n]++
		r.weekMost[int(who)*r.week+int(t.weekOf[d])]--
		r.frozenNeed[int(who)*t.days+d] = n
		used[int(t.unit[who])*t.days+d]++
	}
	for k, n := range used {
		r.unitRoom[k] = max(r.unitRoom[k], n, 0)
	}
	for n, need := range t.needs {
		r.needRoom = append(r.needRoom, need.seats)
		for k := range SkillKinds {
			least := int32(need.least[k])
			if frozen[n] == need.seats {
				least = 0
			}
			r.skillLeast = append(r.skillLeast, least)
		}
	}
	r.skillsAt = len(t.needs)
	r.unitsAt = r.skillsAt + len(r.skillLeast)
	r.loadsAt = r.unitsAt + len(r.unitRoom)
	r.grain = r.p.grains()
	r.fees = int32(min(coarse, r.grain))
	r.classes()
	r.weeks()
	r.loads()
	return r
}

// ruled lists the rules that a person's duties count for.
func (r *relaxation) ruled(i int, duties []int32) []int32 {
	rules := make([]int32, 0, 3*len(duties))
	for _, n := range duties {
		need := &r.needs[n]
		rules = append(rules, n, int32(r.unitsAt+int(r.unit[i])*r.days+int(need.day)))
		for k := range (r.skills[i] & need.wants).each() {
			if at := int(n)*int(SkillKinds) + int(k); r.skillLeast[at] > 0 {
				rules = append(rules, int32(r.skillsAt+at))
			}
		}
	}
	slices.Sort(rules)
	return rules
}

// grains is how many parts of a unit of cost leave room for chains of duties of
// which each costs several times what the dearest can, prices aside; 0 where
// weights are too heavy for any.
func (p *Problem) grains() int64 {
	grain := int64(finest)
	for most := p.dearest() * int64(p.Days); grain*most > int64(capacity)/8; {
		grain /= 2
	}
	return grain
}

// weeks finds the most duties of each week. weekMost comes with the frozen
// duties counted below zero.
func (r *relaxation) weeks() {
	for k := range r.weekMost {
		r.weekMost[k] = min(7, max(-r.weekMost[k], r.weekRoom[k]))
		r.most = max(r.most, int(r.weekMost[k]))
	}
	if r.p.Kept == nil || r.p.Weights.Change == 0 {
		return
	}
	r.change = int64(r.p.Weights.Change) * r.grain
	r.kept = make([][]int32, r.people)
	for n, people := range r.p.Kept.Seats {
		for _, i := range people {
			r.kept[i] = append(r.kept[i], int32(n))
		}
	}
}

// loads finds the step of which every load is a multiple.
func (r *relaxation) loads() {
	for _, s := range r.p.Shifts {
		r.loadStep = gcd(r.loadStep, s.Load)
	}
	r.loadStep = max(r.loadStep, 1)
}

// mostSteps is how many steps of load a chain may tell apart.
const mostSteps = 64

// cycle is how many steps of load chains tell apart that know it up to so many
// of the lightest duties: all there are, if that is less.
func (r *relaxation) cycle(known int) int {
	lightest, heaviest, duties := 0, 0, int32(0)
	for _, s := range r.p.Shifts {
		heaviest = max(heaviest, s.Load)
		if lightest == 0 || s.Load > 0 && s.Load < lightest {
			lightest = s.Load
		}
	}
	for i := range r.people {
		sum := int32(0)
		for _, most := range r.weekMost[i*r.week:][:r.week] {
			sum += most
		}
		duties = max(duties, sum)
	}
	all := min(int(duties), r.days)*heaviest/r.loadStep + 1
	return max(2, min(all, known*lightest/r.loadStep, mostSteps))
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// classes sorts shifts by what may follow and lead them on the next day.
func (r *relaxation) classes() {
	apart := func(a, b int) bool { return r.reach == 0 || r.apart[1][a*r.shifts+b] }
	same := func(a, b int, ok func(x, y int) bool) bool {
		for k := range r.shifts {
			if ok(a, k) != ok(b, k) {
				return false
			}
		}
		return true
	}
	r.enters = make([]int32, r.shifts)
	leaders := []int{}
	for s := range r.shifts {
		r.enters[s] = -1
		for c, other := range leaders {
			if same(s, other, func(x, k int) bool { return apart(k, x) }) {
				r.enters[s] = int32(c)
			}
		}
		if r.enters[s] < 0 {
			r.enters[s] = int32(len(leaders))
			leaders = append(leaders, s)
		}
	}
	r.leaves = make([]int32, r.shifts)
	free := make([]bool, len(leaders))
	for c := range free {
		free[c] = true
	}
	r.follows = [][]bool{free} // after a day off anything may follow
	for s := range r.shifts {
		row := make([]bool, len(leaders))
		for c, leader := range leaders {
			row[c] = apart(s, leader)
		}
		r.leaves[s] = int32(r.rowIndex(row))
	}
}

// rowIndex finds or adds a row of follows.
func (r *relaxation) rowIndex(row []bool) int {
	for k, other := range r.follows {
		same := true
		for c := range row {
			same = same && row[c] == other[c]
		}
		if same {
			return k
		}
	}
	r.follows = append(r.follows, row)
	return len(r.follows) - 1
}
