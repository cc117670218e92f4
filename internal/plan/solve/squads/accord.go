package squads

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
)

// accord is a plan in which people choose their own duties one after another,
// each time the best ones for them at fees that rise where too many go and fall
// where too few do: an augmented Lagrangian (Hestenes, Powell), minimised person
// by person. While it is soft, needs have too many people or too few; as it
// stiffens, they come to have what they want.
type accord struct {
	*relaxation
	seed       uint64
	drawnTo    [][]int32 // of each person, the areas where they like to serve
	row        []int32   // [person, day]: the need, or −1
	members    [][]int32 // of each need
	have       []int32   // [need, skill]
	away       []int32   // [unit, day]
	unitOn     []int16   // [unit, need]: people there
	price      *prices
	mean       *prices // of the last soft sweeps
	stiff      float64 // the cost of the first person too many is half of it
	stiffParts int32   // the same in parts
	grade      float64
	firm       float64 // how many times as stiff as the weights suggest
	order      []int32
	calm       []uint8 // of each person, how often in a row they stayed as they were
	visitors   []*visitor
	choices    []choice // of those who choose at the same time
	board
	trend  []int8 // of each rule with a price, sweeps in a row in which it was missed; negative: had too many
	sweeps int
	moved  int // people who chose otherwise in the last sweep
	missed int // people, skills and presence that needs and units lack or have too many
}

// How stiff an accord is at first and at the end, in grades of cost (see
// Weights.grade); how far prices follow what is missed, in that stiffness; and
// the share of a sweep in their mean, to which only soft ones count, since stiff
// ones tell more of single people than of what is scarce.
const (
	soft   = 0.1
	hard   = 0.6
	follow = 0.15
	latest = 0.1
)

func newAccord(r *relaxation, see *offers, drawnTo [][]int32, seed uint64, workers int) *accord {
	t := r.table
	a := &accord{
		relaxation: r, seed: seed, grade: t.p.Weights.grade(), firm: 1, drawnTo: drawnTo,
		row: make([]int32, t.people*t.days), members: make([][]int32, len(t.needs)),
		have: make([]int32, len(t.needs)*int(SkillKinds)), away: make([]int32, t.units*t.days),
		price: newPrices(t), mean: newPrices(t), trend: make([]int8, len(t.needs)*int(1+SkillKinds)+t.units), calm: make([]uint8, t.people),
		unitOn: make([]int16, t.units*len(t.needs)), board: newBoard(t, see),
	}
	for k := range a.row {
		a.row[k] = -1
	}
	for _, i := range rand.New(rand.NewPCG(seed, 0x6163636f)).Perm(t.people) {
		a.order = append(a.order, int32(i))
	}
	g := newGrounds(r, see.at)
	a.choices = make([]choice, abreast*workers)
	for range workers {
		v := &visitor{accord: a, chain: newResponder(g), own: make([]int32, t.days*t.shifts)}
		v.whole = newExact(v.chain)
		a.visitors = append(a.visitors, v)
	}
	return a
}

// duties appends those of a person, in order of days.
func (a *accord) duties(to []int32, i int32) []int32 {
	for _, n := range a.row[int(i)*a.days:][:a.days] {
		if n >= 0 {
			to = append(to, n)
		}
	}
	return to
}

// stiffness is how stiff an accord is when some part of the time has passed in
// which it stiffens.
func stiffness(passed float64) float64 { return fall(soft, hard, max(0, passed)) }

// sweep lets everybody choose, a few people at the same time, and moves the
// prices, which follow what is missed so far. Those who stayed as they were are
// passed over now and then. It returns how many chose.
func (a *accord) sweep(ctx context.Context, stiff, follow float64, workers int) (visits int) {
	a.moved = 0
	a.stiff = stiff * a.grade * a.firm
	a.stiffParts = int32(a.stiff * float64(a.fees))
	a.post()
	var group []int32
	for _, i := range a.order {
		if a.calm[i] > 0 && (a.sweeps+int(i))%int(1+a.calm[i]) != 0 && !a.troubled(i) {
			continue
		}
		if group = append(group, i); len(group) == workers*abreast {
			if ctx.Err() != nil {
				return visits
			}
			a.visit(group, workers)
			visits += len(group)
			group = group[:0]
		}
	}
	a.visit(group, workers)
	visits += len(group)
	a.sweeps++
	a.adjust(follow * a.stiff)
	if stiff <= soft {
		a.remember()
	}
	return visits
}

// mostCalm is how many sweeps at most pass somebody over.
const mostCalm = 15

// troubled says whether a need of a person does not have what it wants.
func (a *accord) troubled(i int32) bool {
	for _, n := range a.row[int(i)*a.days:][:a.days] {
		if n >= 0 && int32(len(a.members[n])) != a.needs[n].size {
			return true
		}
	}
	return false
}

// abreast is how many people choose at the same time for each visitor: enough
// for none of them to wait long for the others.
const abreast = 16

// choice is what one person chose.
type choice struct {
	old, best []int32 // duties: those they had, and the best
	loadFee   float64 // the price of load that was right
	changed   bool
}

// visit lets some people choose at the same fees and then go where they chose, if
// it is still better for them once those before them have gone; so the answer does
// not depend on who was faster.
func (a *accord) visit(group []int32, workers int) {
	var all sync.WaitGroup
	var next atomic.Int32
	work := func(v *visitor) {
		for k := next.Add(1) - 1; int(k) < len(group); k = next.Add(1) - 1 {
			v.choose(group[k], &a.choices[k])
		}
	}
	for _, v := range a.visitors[1:workers] {
		all.Go(func() { work(v) })
	}
	work(a.visitors[0])
	all.Wait()
	for k, i := range group {
		c := &a.choices[k]
		a.price.load[i] = c.loadFee
		if !c.changed {
			a.calm[i] = min(a.calm[i]+1, mostCalm)
			continue
		}
		a.calm[i] = 0
		if a.moved++; k > 0 && !a.visitors[0].better(i, c) {
			continue
		}
		for _, n := range c.old {
			a.leave(i, n)
		}
		for _, n := range c.best {
			a.join(i, n)
		}
	}
}

func (a *accord) join(i, n int32) {
	a.members[n] = append(a.members[n], i)
	a.row[int(i)*a.days+int(a.needs[n].day)] = n
	a.book(i, n, 1)
}

func (a *accord) leave(i, n int32) {
	k := slices.Index(a.members[n], i)
	a.members[n] = slices.Delete(a.members[n], k, k+1)
	a.row[int(i)*a.days+int(a.needs[n].day)] = -1
	a.book(i, n, -1)
}

func (a *accord) book(i, n, by int32) {
	need := &a.needs[n]
	u := int(a.unit[i])*a.days + int(need.day)
	a.away[u] += by
	a.unitOn[int(a.unit[i])*len(a.needs)+int(n)] += int16(by)
	a.postUnit(u)
	for k := range (a.skills[i] & need.wants).each() {
		a.have[int(n)*int(SkillKinds)+int(k)] += by
	}
	a.postNeed(n)
}

// adjust moves the prices by what is missed.
func (a *accord) adjust(by float64) {
	a.missed = 0
	for n := range a.needs {
		need := &a.needs[n]
		miss := need.size - int32(len(a.members[n]))
		a.missed += int(max(miss, -miss))
		a.price.need[n] += by * a.pace(n, miss) * float64(miss)
		for k := range SkillKinds {
			if least := int32(need.least[k]); least > 0 {
				at := n*int(SkillKinds) + int(k)
				a.limit(&a.price.skill[at], len(a.price.need)+at, by, least-a.have[at])
			}
		}
	}
	for u := range a.units {
		a.adjustUnit(u, by)
	}
}

// remember takes the prices of now into their mean.
func (a *accord) remember() {
	share := max(latest, 1/float64(a.sweeps))
	for k, price := range a.price.all {
		a.mean.all[k] += share * (price - a.mean.all[k])
	}
}

// adjustUnit moves what a unit asks on each day. Too many away on one day today
// and on another tomorrow are missed by the same unit all the time.
func (a *accord) adjustUnit(u int, by float64) {
	away, room, price := a.away[u*a.days:][:a.days], a.room[u*a.days:][:a.days], a.price.away[u*a.days:][:a.days]
	over := int32(0)
	for d := range away {
		over += max(0, away[d]-room[d])
	}
	a.missed += int(over)
	pace := a.pace(len(a.price.need)+len(a.price.skill)+u, over)
	for d := range away {
		if miss := float64(away[d] - room[d]); miss > 0 {
			price[d] += by * pace * miss
		} else {
			price[d] = max(0, price[d]+by*miss)
		}
	}
}

// limit moves the price of a rule that may be kept by more than enough.
func (a *accord) limit(price *float64, rule int, by float64, miss int32) {
	a.missed += int(max(0, miss))
	*price = max(0, *price+by*a.pace(rule, miss)*float64(miss))
	if *price == 0 {
		a.trend[rule] = 0
	}
}

// pace is how far the price of a rule moves for each miss: the farther, the
// longer it has been missed on the same side.
func (a *accord) pace(rule int, miss int32) float64 {
	switch t := &a.trend[rule]; {
	case miss > 0:
		*t = min(max(*t, 0)+1, longTrend)
	case miss < 0:
		*t = max(min(*t, 0)-1, -longTrend)
	case *t > 0:
		*t--
	case *t < 0:
		*t++
	}
	return quicker[max(a.trend[rule], -a.trend[rule])]
}

// quicker is how much farther a price moves by how many sweeps in a row its
// rule has been missed on one side, up to the longTrend that counts.
var quicker = func() (table [longTrend + 1]float64) {
	table[0], table[1] = 1, 1
	for k := 2; k < len(table); k++ {
		table[k] = table[k-1] * 1.2
	}
	return
}()

const longTrend = 9

// settle seats everybody where they chose as far as the rules allow.
func (a *accord) settle() *state {
	s := newState(a.table)
	for n := range int32(len(a.needs)) {
		for _, i := range a.skilledFirst(n) {
			seat := s.openSeat(n)
			if seat < 0 {
				break
			}
			if s.mayReplace(n, -1, i) {
				s.seat(seat, i)
			}
		}
	}
	return s
}

// seat lets everybody have the duties of a plan.
func (a *accord) seat(s *state) {
	for i := range int32(a.people) {
		for d := range a.days {
			at := int(i)*a.days + d
			was, is := a.row[at], s.onNeed[at]
			if was == is {
				continue
			}
			a.calm[i] = 0
			if was >= 0 {
				a.leave(i, was)
			}
			if is >= 0 {
				a.join(i, is)
			}
		}
	}
}

// skilledFirst are the members of a need, those with more of what it wants first.
func (a *accord) skilledFirst(n int32) []int32 {
	list := slices.Clone(a.members[n])
	slices.SortStableFunc(list, func(x, y int32) int {
		return (a.skills[y] & a.needs[n].wants).count() - (a.skills[x] & a.needs[n].wants).count()
	})
	return list
}
