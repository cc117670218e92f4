// Package squads plans who of a county's people serves in which squad: areas ×
// shifts × days, under hard rules that no answer breaks and a cost with a
// proven lower bound. It is pure: no database, no words for readers, no clock
// but that of the context.
//
// Everything is named by its index: person 3 is Problem.People[3], day 0 the
// first day of the plan. The caller keeps the names.
package squads

import (
	"iter"
	"math/bits"
	"time"
)

// Skill is one thing a squad may need at least one person for.
type Skill int

// The skills a need can ask for. Every squad has a Leader.
const (
	Leader   Skill = iota // may lead a squad
	Licence               // holds a licence to enforce the law
	Driver                // may drive the squad's car
	Language              // speaks the language of the area
	SkillKinds
)

// Skills is a set of skills.
type Skills uint8

// SkillsOf returns the set of the given skills.
func SkillsOf(skills ...Skill) Skills {
	var set Skills
	for _, s := range skills {
		set |= 1 << s
	}
	return set
}

// Has says whether the set holds a skill.
func (s Skills) Has(skill Skill) bool { return s>>skill&1 == 1 }

func (s Skills) count() int { return bits.OnesCount8(uint8(s)) }

// each goes through the skills of the set.
func (s Skills) each() iter.Seq[Skill] {
	return func(yield func(Skill) bool) {
		for ; s != 0; s &= s - 1 {
			if !yield(Skill(bits.TrailingZeros8(uint8(s)))) {
				return
			}
		}
	}
}

// AnyShift in a Wish means the whole day.
const AnyShift = -1

// Nowhere is the home of a person who belongs to no area.
const Nowhere = -1

// Problem is one roster to be planned. It is only read, never changed.
type Problem struct {
	Days    int          // days 0 … Days−1
	Weekday time.Weekday // of day 0; calendar weeks begin on Monday
	Shifts  []Shift
	Areas   int // areas 0 … Areas−1
	Units   []Unit
	People  []Person
	Needs   []Need
	Rules   Rules
	Weights Weights
	// Kept is an earlier plan for the same needs (Kept.Seats may be shorter,
	// for needs added since): seats not found in it cost Weights.Change.
	Kept *Plan
	// Frozen seats stay whatever they break or cost.
	Frozen []Seat
}

// Shift is a part of the day in which squads serve.
type Shift struct {
	Start int // minutes after midnight
	End   int // minutes after the same midnight; above 1,440 when it passes midnight
	Load  int // what one seat weighs, in a unit of the caller's (say 2, and 3 at night)
}

// Unit is a department that must not be emptied.
type Unit struct {
	// Most is how many may be away on each day, leave included: its size
	// less its minimum presence. A person on duty is away on the day the
	// shift begins.
	Most []int
}

// Person is one of those who serve in turns.
type Person struct {
	Unit       int
	Home       int // the person's own area, or Nowhere
	Skills     Skills
	Carried    int    // load of earlier plans of the same campaign
	WeekBefore int    // duties already done in the calendar week of day 0
	RowBefore  int    // days in a row on duty that end on the day before day 0
	Off        []int  // days on leave
	Busy       []int  // days on duty elsewhere, each once: they count in their week and in a row
	Blocked    []Slot // shifts taken by something else
	Wishes     []Wish
	Liked      []int // areas as good as home
	Disliked   []int // areas that cost Weights.Disliked
}

// Slot is a shift of a day.
type Slot struct{ Day, Shift int }

// Wish is what a person would like (Weight > 0) or would rather not do
// (Weight < 0) on a day, or in one shift of it.
type Wish struct {
	Day, Shift int // Shift may be AnyShift
	Weight     int
}

// Need is a squad wanted in an area in one shift of a day.
type Need struct {
	Area, Day, Shift int
	Size             int             // people
	Least            [SkillKinds]int // people with each skill; Leader counts as at least 1
	MostOfUnit       int             // people of one unit at most; 0: no limit
}

// Rules are the hard rules that hold for everybody. One duty a day always holds.
type Rules struct {
	Rest    int // minutes from the end of a shift to the start of the next
	PerWeek int // duties in a calendar week; 0: no limit
	InRow   int // days in a row on duty; 0: no limit
	Batch   int // days of a batch, counted from day 0; 0: the plan is one batch
}

// Weights say what costs how much; none is negative. See Cost for the formulas.
type Weights struct {
	Fair     int // per squared unit of load away from the target
	Wish     int // per point of a wish not met
	Away     int // a seat outside home and liked areas, for those who have any
	AtHome   int // a seat in the home area (where outsiders are wanted)
	Disliked int // a seat in a disliked area
	Stay     int // a move to another area between two duties in a row within a batch
	Turn     int // no move to another area between the last duty of a batch and the next one
	Change   int // a seat that the kept plan gives to somebody else
}

// Seat is one person on one need.
type Seat struct{ Need, Person int }

// Plan says who serves: Seats[n] are the people of need n in rising order.
type Plan struct{ Seats [][]int }

// Clone returns a copy that shares nothing.
func (p Plan) Clone() Plan {
	seats := make([][]int, len(p.Seats))
	for n, people := range p.Seats {
		seats[n] = append([]int(nil), people...)
	}
	return Plan{seats}
}
