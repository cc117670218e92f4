// Package inspect is a place looked at against a checklist, with a result per
// line: a failing line becomes a case by itself. It also counts vectors, plans
// who looks at what how often, tells what was not looked at, and leads a walk
// to the worst places.
package inspect

import (
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/place"
)

// Result is what was seen of a line.
type Result string

// The results. What nobody has touched is Unseen, never good.
const (
	Good   Result = "good"
	Bad    Result = "bad"
	Absent Result = "absent" // does not apply here
	Unseen Result = "unseen"
)

// How a result came about.
const (
	Tap  = "tap"  // this line was tapped
	Rest = "rest" // called good together with all that was left, by one tap
)

// Purposes of an inspection.
const (
	Round = "round" // 日常检查
	Walk  = "walk"  // 领导走访
	Self  = "self"  // 自查
)

// Inspection is one look at one place.
type Inspection struct {
	ID      string
	PlaceID string
	Kind    string // of place, as packs name it; "" for one they do not know
	AreaID  string
	UnitID  string // that answered for the place then
	Who     string
	Purpose string
	Note    string
	MadeAt  int64 // by the corrected phone clock
	At      int64 // when it arrived
	Good    int
	Bad     int
	Absent  int
	Unseen  int
	Rest    int // of the good ones: called good together
	Counted int
	OnDay   string // MadeAt's day
}

// Line is one line of the checklist with its result.
type Line struct {
	Line   string // <pack>:<checklist line>
	Text   string // as it was read then
	Clause string // <pack>:<item>
	Result Result
	How    string
	Note   string
	Photos []string
	CaseID string // what a bad line became, or the open case it was added to
}

// Count is what was found of so many: positive rooms of rooms looked at,
// traces on so many metres of path.
type Count struct {
	Measure string // <pack>:<vector measure>
	Found   int64
	Base    int64
}

// Make is the command that takes a whole inspection in.
type Make struct {
	ID      string
	Place   string // code
	Purpose string
	Note    string
	Lines   []Line
	Counts  []Count
	MadeAt  int64
}

// target is what the permission to look at a place, or to see who did, is
// asked for.
func target(p place.Place, who string) org.Target {
	return org.Target{Area: p.AreaID, Units: []string{p.UnitID}, Persons: []string{who}}
}

func (i Inspection) target() org.Target {
	return org.Target{Area: i.AreaID, Units: []string{i.UnitID}, Persons: []string{i.Who}}
}
