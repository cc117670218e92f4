package squads

import (
	"context"
	"math/rand/v2"
)

// walker fills open seats by pushing others out of theirs, and filling those.
type walker struct {
	*state
	*rand.Rand
	openSeats []int32
	recent    map[[2]int32]int // person and need: the step until which they stay apart
	step      int
}

// looked is how many people a walker weighs for one open seat.
const looked = 60

// walk tries at most steps times to fill an open seat. It leaves the state
// without open seats, or with as few as it ended with.
func walk(ctx context.Context, s *state, random *rand.Rand, steps int) {
	w := &walker{state: s, Rand: random, recent: map[[2]int32]int{}}
	for seat, who := range s.seats {
		if who < 0 {
			w.openSeats = append(w.openSeats, int32(seat))
		}
	}
	for w.step = 1; w.step <= steps && len(w.openSeats) > 0; w.step++ {
		if w.step%256 == 0 && ctx.Err() != nil {
			return
		}
		w.fillOne()
	}
}

// fillOne takes an open seat and seats whoever pushes out the fewest.
func (w *walker) fillOne() {
	k := w.IntN(len(w.openSeats))
	seat := w.openSeats[k]
	w.openSeats[k] = w.openSeats[len(w.openSeats)-1]
	w.openSeats = w.openSeats[:len(w.openSeats)-1]
	n := w.seatNeed[seat]
	if best := w.cheapest(seat, w.everybodyOnce(), -1); best >= 0 {
		w.seat(seat, best)
		return
	}
	person, pushed := int32(-1), []int32(nil)
	for range looked {
		i := int32(w.IntN(w.people))
		if w.recent[[2]int32{i, n}] > w.step {
			continue
		}
		out, ok := w.blockers(seat, i)
		if ok && (person < 0 || len(out) < len(pushed)) {
			person, pushed = i, out
		}
	}
	if person < 0 {
		w.openSeats = append(w.openSeats, seat)
		return
	}
	for _, b := range pushed {
		who := w.vacate(b)
		w.recent[[2]int32{who, w.seatNeed[b]}] = w.step + 10 + w.IntN(10)
		w.openSeats = append(w.openSeats, b)
	}
	w.seat(seat, person)
}

func (w *walker) everybodyOnce() []int32 {
	from := int32(w.IntN(w.people))
	order := make([]int32, 0, w.people)
	for k := range int32(w.people) {
		order = append(order, (from+k)%int32(w.people))
	}
	return order
}

// mostPushed is how many others one person may push out at once.
const mostPushed = 3

// blockers are the seats to be emptied so that a person may take an open one.
// ok is false when that is not possible, or takes too many.
func (s *state) blockers(seat, person int32) (out []int32, ok bool) {
	n := s.seatNeed[seat]
	if s.slot(person, s.needs[n].day, s.needs[n].shift) == never {
		return nil, false
	}
	var people []int32
	for !s.mayReplace(n, -1, person) {
		b := s.blocker(n, person)
		if b < 0 || len(out) == mostPushed {
			ok = false
			s.undo(out, people)
			return nil, false
		}
		out = append(out, b)
		people = append(people, s.vacate(b))
	}
	s.undo(out, people)
	return out, true
}

func (s *state) undo(seats, people []int32) {
	for k := len(seats) - 1; k >= 0; k-- {
		s.seat(seats[k], people[k])
	}
}

// blocker is one seat that keeps a person off a need, −1 if none that could be
// emptied.
func (s *state) blocker(n, person int32) int32 {
	need := &s.needs[n]
	day := int(need.day)
	row := s.onNeed[int(person)*s.days:][:s.days]
	if row[day] >= 0 {
		return s.movable(row[day], person)
	}
	if s.left[int(person)*s.week+int(s.weekOf[day])] <= 0 {
		for d := range row {
			if s.weekOf[d] == s.weekOf[day] && row[d] >= 0 {
				if b := s.movable(row[d], person); b >= 0 {
					return b
				}
			}
		}
		return -1
	}
	if !s.rested(person, need.day, need.shift, -1) || !s.fresh(person, need.day, -1) {
		return s.blockerNear(person, need)
	}
	if s.spare[int(s.unit[person])*s.days+day] <= 0 {
		return s.colleague(person, need.day)
	}
	return s.blockerInside(n, person)
}

// blockerNear is a duty of the person's own that leaves no rest or makes the
// run of days too long.
func (s *state) blockerNear(person int32, need *flatNeed) int32 {
	row := s.onNeed[int(person)*s.days:][:s.days]
	for gap := 1; gap <= max(s.reach, s.p.Rules.InRow); gap++ {
		for _, d := range [2]int{int(need.day) - gap, int(need.day) + gap} {
			if !within(d, s.days) || row[d] < 0 {
				continue
			}
			before := s.rested(person, need.day, need.shift, -1)
			helps := !before && s.rested(person, need.day, need.shift, int32(d)) ||
				before && s.fresh(person, need.day, int32(d)) || gap == 1
			if helps {
				if b := s.movable(row[d], person); b >= 0 {
					return b
				}
			}
		}
	}
	return -1
}

// colleague is the seat of somebody of the person's unit on a day.
func (s *state) colleague(person, day int32) int32 {
	for i := range int32(s.people) {
		if i == person || s.unit[i] != s.unit[person] {
			continue
		}
		if n := s.onNeed[int(i)*s.days+int(day)]; n >= 0 {
			if b := s.movable(n, i); b >= 0 {
				return b
			}
		}
	}
	return -1
}

// blockerInside is somebody of the squad itself whose going makes room: of the
// same unit, or without the skill that is wanted.
func (s *state) blockerInside(n, person int32) int32 {
	need := &s.needs[n]
	crowded := !s.mixed(n, -1, person)
	for seat := need.first; seat < need.first+need.seats; seat++ {
		who := s.seats[seat]
		if who < 0 || s.frozen[seat] >= 0 {
			continue
		}
		if crowded && s.unit[who] == s.unit[person] || !crowded && s.skilled(n, who, person) {
			return seat
		}
	}
	return -1
}

// movable is the seat of a person on a need, −1 if it is frozen.
func (s *state) movable(n, person int32) int32 {
	seat := s.seatOf(n, person)
	if s.frozen[seat] >= 0 {
		return -1
	}
	return seat
}

// seatOf is where a person sits on a need they serve.
func (s *state) seatOf(n, person int32) int32 {
	seat := s.needs[n].first
	for s.seats[seat] != person {
		seat++
	}
	return seat
}
