package squads

import (
	"math"
	"slices"
)

// blend spreads everybody's choice over a few chains of duties each, so that all
// together miss little of what the rules ask and cost least: the relaxation of
// which prices give a bound, over the chains known so far. What is missed costs
// by its square (an augmented Lagrangian), and shares move person by person.
//
// The rules stand one after another as in prices. A need pays for everybody on
// duty there, and for each skill it lacks; what a unit pays for somebody away is
// below zero, and so may be what the load pays that does not count as fair.
type blend struct {
	*relaxation
	strands [][]strand // of each person
	base    []float64  // of each rule, what it pays when nothing is missed
	due     []float64  // what it would pay as the shares are
	pay     []float64  // and pays: a limit nothing for being kept by more
	apart   []float64  // of each person, how far strands were apart when last evened
	mean    float64    // of them
	stiff   float64    // what a rule pays for each person missed
	sweeps  int
	learned int
}

// strand is a chain of duties with its share in a person's blend.
type strand struct {
	rules []int32 // it counts for, in rising order
	cost  float64 // with that of the load that counts as fair
	off   float64 // its load above that one
	share float64
	fee   float64 // cost less what the rules paid when last looked at
}

// mostStrands is how many a person has; only those with a share may be more.
const mostStrands = 16

func newBlend(r *relaxation) *blend {
	rules := r.loadsAt + r.people
	return &blend{
		relaxation: r, strands: make([][]strand, r.people), apart: make([]float64, r.people),
		base: make([]float64, rules), due: make([]float64, rules), pay: make([]float64, rules),
	}
}

// begin gives everybody's latest strand the whole share, and lets rules pay what
// the prices say when nothing is missed.
func (b *blend) begin(at *prices, stiff float64) {
	b.stiff = stiff
	copy(b.base, at.all)
	b.turn(b.base)
	clear(b.due)
	for n, room := range b.needRoom {
		b.due[n] = float64(room)
	}
	for k, least := range b.skillLeast {
		if b.due[b.skillsAt+k] = float64(least); least == 0 {
			b.base[b.skillsAt+k] = 0
		}
	}
	for k, room := range b.unitRoom {
		b.due[b.unitsAt+k] = float64(room)
	}
	for r, base := range b.base {
		b.due[r] = base + stiff*b.due[r]
		b.settle(int32(r))
	}
	for i, strands := range b.strands {
		if len(strands) > 0 {
			latest := 0
			for k := range strands {
				if strands[k].fee < strands[latest].fee {
					latest = k
				}
			}
			b.move(i, &strands[latest], 1)
		}
	}
}

// turn makes what rules pay prices, and prices what they pay: units and loads ask.
func (b *blend) turn(pay []float64) {
	for k := range pay[b.unitsAt:] {
		pay[b.unitsAt+k] *= -1
	}
}

// settle lets a rule pay what is due.
func (b *blend) settle(r int32) {
	switch due := b.due[r]; {
	case int(r) < b.skillsAt || int(r) >= b.loadsAt:
		b.pay[r] = due
	case int(r) < b.unitsAt:
		b.pay[r] = max(0, due)
	default:
		b.pay[r] = min(0, due)
	}
}

// ask writes what rules pay as prices.
func (b *blend) ask(pay []float64, to *prices) {
	copy(to.all, pay)
	b.turn(to.all)
}

// learn adds a strand to a person's, or puts it in the place of the one without
// a share that suits least.
func (b *blend) learn(i int, s strand) {
	b.learned++
	s.fee = -unweighed - float64(b.learned)
	b.apart[i] = math.Inf(1)
	known, worst := b.strands[i], -1
	for k := range known {
		switch o := &known[k]; {
		case o.off == s.off && slices.Equal(o.rules, s.rules):
			o.cost, o.fee = min(o.cost, s.cost), s.fee
			return
		case o.share == 0 && (worst < 0 || o.fee > known[worst].fee):
			worst = k
		}
	}
	if len(known) < mostStrands || worst < 0 {
		b.strands[i] = append(known, s)
		return
	}
	known[worst] = s
}

// unweighed is above all fees: a strand not looked at has a fee below its
// opposite, the later the lower.
const unweighed = 1e9

// move adds to the share of a strand.
func (b *blend) move(i int, s *strand, by float64) {
	s.share += by
	by *= b.stiff
	for _, r := range s.rules {
		b.due[r] -= by
		b.settle(r)
	}
	load := b.loadsAt + i
	b.due[load] -= by * s.off
	b.settle(int32(load))
}

// weigh works out what a strand costs beyond what the rules pay for it.
func (b *blend) weigh(i int, s *strand) {
	fee := s.cost - b.pay[b.loadsAt+i]*s.off
	for _, r := range s.rules {
		fee -= b.pay[r]
	}
	s.fee = fee
}

// How often at most shares of a person move at a time, how far strands may be
// apart without moving, and how often those less apart than most are evened.
const (
	mostMoves  = 4
	nearly     = 1e-3
	nowAndThen = 4
)

// even moves shares of a person from the dearest strand to the cheapest one.
func (b *blend) even(i int) {
	strands := b.strands[i]
	if b.apart[i] = 0; len(strands) < 2 {
		return
	}
	for tried := range mostMoves {
		cheap, dear := 0, -1
		for k := range strands {
			s := &strands[k]
			if b.weigh(i, s); s.fee < strands[cheap].fee {
				cheap = k
			}
			if s.share > 0 && (dear < 0 || s.fee > strands[dear].fee) {
				dear = k
			}
		}
		apart := strands[dear].fee - strands[cheap].fee
		if tried == 0 {
			b.apart[i] = apart
		}
		if apart < nearly {
			return
		}
		b.exchange(i, &strands[dear], &strands[cheap])
	}
}

// exchange moves as much of a share as costs least.
func (b *blend) exchange(i int, from, to *strand) {
	by, off := from.share, to.off-from.off
	differ := float64(len(from.rules)+len(to.rules)-2*both(from.rules, to.rules)) + off*off
	if most := (from.fee - to.fee) / (b.stiff * differ); most < by {
		by = most
	}
	rest := from.share - by
	b.move(i, from, -by)
	from.share = rest // nothing is left of it by a rounding
	b.move(i, to, by)
}

// both counts what two lists in rising order have in common.
func both(a, b []int32) (n int) {
	for j, k := 0, 0; j < len(a) && k < len(b); {
		x, y := a[j], b[k]
		if x == y {
			n++
		}
		if x <= y {
			j++
		}
		if y <= x {
			k++
		}
	}
	return n
}

// sweep evens the shares of those whose strands are farther apart than most, and
// of the others now and then.
func (b *blend) sweep() {
	mean := 0.
	for i := range b.strands {
		if b.apart[i] >= b.mean || (b.sweeps+i)%nowAndThen == 0 {
			b.even(i)
		}
		mean += b.apart[i]
	}
	b.mean = mean / float64(len(b.strands))
	b.sweeps++
}

// follow moves what is paid when nothing is missed by a part towards what is
// paid now, and changes the stiffness.
func (b *blend) follow(part, stiff float64) {
	for r, base := range b.base {
		missed := (b.due[r] - base) / b.stiff
		base += part * (b.pay[r] - base)
		b.base[r] = base
		b.due[r] = base + stiff*missed
		b.settle(int32(r))
	}
	b.stiff = stiff
}
