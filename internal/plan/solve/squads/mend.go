package squads

import (
	"container/heap"
	"context"
	"math"
)

// mender fills open seats by the cheapest chains of people: one takes the open
// seat and leaves a need for it, another comes to that one, and so on, until
// somebody comes who leaves none, best of all one whose load has room. A chain
// is a shortest path over needs (Dijkstra), at what each move costs as
// everything else stands.
type mender struct {
	*state
	drawn   [][]int32 // of each area, the people who like to serve there
	legs    []leg     // of each need, how the chain comes there
	queue   queue
	chain   int32   // counts chains
	least   int64   // what the cheapest whole chain costs so far
	most    int64   // that anybody's load may cost less once they come
	lacking []int32 // people who have less load than is fair
	looked  int     // needs, by all chains
	asked   []int32 // of each person, the asking they heard last
	askings int32
}

// move is what one person does in a chain: leave a need (−1: none) for another.
type move struct{ who, from, to int32 }

// leg is how a chain comes to a need: somebody leaves it for another one.
type leg struct {
	move
	cost  int64 // of the chain so far
	chain int32 // whose leg it is; those of earlier chains do not count
	done  bool
}

// How many needs a chain may look at, and all chains together.
const (
	mostLooked = 150
	mostInAll  = 5_000
)

func newMender(s *state, drawn [][]int32) *mender {
	return &mender{state: s, drawn: drawn, legs: make([]leg, len(s.needs)), asked: make([]int32, s.people)}
}

// mend fills what open seats it can.
func (m *mender) mend(ctx context.Context) {
	for seat, who := range m.seats {
		if who >= 0 {
			continue
		}
		if m.looked > mostInAll || ctx.Err() != nil {
			return
		}
		if last, found := m.find(m.seatNeed[seat]); found {
			m.apply(last)
		}
	}
}

// find looks for the cheapest chain to an open seat of a need; last is the move
// of who comes from outside.
func (m *mender) find(need int32) (last move, found bool) {
	m.chain++
	m.queue = m.queue[:0]
	m.least = math.MaxInt64
	m.findLacking()
	m.reach(leg{move: move{-1, need, -1}})
	for looked := 0; len(m.queue) > 0 && looked < mostLooked; {
		next := heap.Pop(&m.queue).(stop)
		l := &m.legs[next.need]
		if l.done || next.cost > l.cost {
			continue
		}
		if m.hopeless(l.cost) {
			break
		}
		l.done = true
		looked++
		m.looked++
		if who, cost := m.end(next.need); who >= 0 && l.cost+cost < m.least {
			last, m.least, found = move{who, -1, next.need}, l.cost+cost, true
		}
		m.ask(next.need)
	}
	return last, found
}

// hopeless says whether no chain that has cost so much can become the cheapest.
func (m *mender) hopeless(cost int64) bool { return cost-m.most >= m.least }

// findLacking lists those whose load has room, and how much that may save.
func (m *mender) findLacking() {
	m.most, m.lacking = 0, m.lacking[:0]
	for i := range int32(m.people) {
		if m.load[i] < m.target[i] {
			m.most = max(m.most, m.fair(i, m.load[i]))
			m.lacking = append(m.lacking, i)
		}
	}
}

// end is who comes to a need at the least cost and leaves none: of those whose
// load has room, or else of all.
func (m *mender) end(n int32) (who int32, cost int64) {
	who, cost = -1, math.MaxInt64
	consider := func(i int32) {
		if need := &m.needs[n]; m.mayCome(i, n) && m.free(i, need.day, need.shift, -1) {
			if c := m.addCost(i, n); c < cost {
				who, cost = i, c
			}
		}
	}
	for _, i := range m.lacking {
		consider(i)
	}
	if who < 0 {
		for i := range int32(m.people) {
			consider(i)
		}
	}
	return who, cost
}

// ask lets people leave others for a need: those on duty that day, those drawn
// to its area, and those who serve there in the same batch.
func (m *mender) ask(n int32) {
	need := &m.needs[n]
	for _, from := range m.needsOn[need.day] {
		for _, i := range m.squad(from) {
			if i < 0 || from == n || !m.mayTurn(i, from, n) {
				continue
			}
			if cost := m.turnCost(i, from, n); !m.hopeless(m.legs[n].cost+cost) && m.suits(i, n) {
				m.step(move{i, from, n}, cost)
			}
		}
	}
	m.askings++
	for _, i := range m.drawn[need.area] {
		m.askOff(i, n)
	}
	for _, other := range m.needsOf[need.area] {
		if m.batchOf[m.needs[other].day] != m.batchOf[need.day] {
			continue
		}
		for _, i := range m.squad(other) {
			if i >= 0 {
				m.askOff(i, n)
			}
		}
	}
}

// askOff lets a person who is off that day leave each of their duties for a need.
func (m *mender) askOff(i, n int32) {
	need := &m.needs[n]
	if m.asked[i] == m.askings {
		return
	}
	m.asked[i] = m.askings
	if !m.mayCome(i, n) {
		return
	}
	for _, from := range m.onNeed[int(i)*m.days:][:m.days] {
		if from >= 0 && m.free(i, need.day, need.shift, m.needs[from].day) {
			m.step(move{i, from, n}, m.crossCost(i, from, n))
		}
	}
}

// mayCome says whether a person is off on the day of a need and could come, as
// far as others go: their unit must not fall below its presence once the chain
// so far has moved.
func (m *mender) mayCome(i, n int32) bool {
	day := m.needs[n].day
	if m.onNeed[int(i)*m.days+int(day)] >= 0 {
		return false
	}
	spare := m.spare[int(m.unit[i])*m.days+int(day)]
	for l := &m.legs[n]; l.who >= 0; l = &m.legs[l.to] {
		if m.unit[l.who] != m.unit[i] {
			continue
		}
		if m.needs[l.from].day == day {
			spare++
		}
		if m.needs[l.to].day == day {
			spare--
		}
	}
	return spare > 0 && m.suits(i, n)
}

// suits says whether a need keeps its skills and its mix of units when a person
// who does not move in the chain so far comes for the one who leaves.
func (m *mender) suits(i, n int32) bool {
	goes := m.legs[n].who
	if goes < 0 && !m.fitsOpen(n, i) || !m.skilled(n, goes, i) || !m.mixed(n, goes, i) {
		return false
	}
	for l := &m.legs[n]; l.who >= 0; l = &m.legs[l.to] {
		if l.who == i {
			return false
		}
	}
	return true
}

// step makes a move part of the chain, if it is the cheapest to leave its need.
func (m *mender) step(by move, cost int64) {
	cost += m.legs[by.to].cost
	l := &m.legs[by.from]
	if m.hopeless(cost) || l.chain == m.chain && (l.done || l.cost <= cost) || m.frozen[m.seatOf(by.from, by.who)] >= 0 {
		return
	}
	m.reach(leg{move: by, cost: cost})
}

func (m *mender) reach(l leg) {
	l.chain = m.chain
	m.legs[l.from] = l
	heap.Push(&m.queue, stop{l.cost, l.from})
}

// apply seats a chain, from the open seat on; if one cannot move after all,
// nobody does.
func (m *mender) apply(last move) {
	chain := []move{last}
	for n := last.to; m.legs[n].who >= 0; n = m.legs[n].to {
		chain = append(chain, m.legs[n].move)
	}
	for k := len(chain) - 1; k >= 0; k-- {
		if m.make(chain[k]) {
			continue
		}
		for _, done := range chain[k+1:] {
			m.vacate(m.seatOf(done.to, done.who))
			m.seat(m.openSeat(done.from), done.who)
		}
		return
	}
}

// make moves a person, if that is possible now.
func (m *mender) make(by move) bool {
	if by.from >= 0 {
		m.vacate(m.seatOf(by.from, by.who))
	}
	if m.mayReplace(by.to, -1, by.who) {
		m.seat(m.openSeat(by.to), by.who)
		return true
	}
	if by.from >= 0 {
		m.seat(m.openSeat(by.from), by.who)
	}
	return false
}

// stop is a need to which a chain has come, and queue a heap of them.
type stop struct {
	cost int64
	need int32
}

type queue []stop

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].cost < q[j].cost }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)        { *q = append(*q, x.(stop)) }
func (q *queue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}
