// Package cases is the life of a problem: reported, routed to one named owner
// with one due day, fixed, verified by somebody else, closed — with honest
// exits on the way, a ladder for what is late, and a second look at random.
package cases

import (
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/geo"
)

// State is where a case stands.
type State string

// The states. A case in one of the first six is open.
const (
	Reported State = "reported" // waiting for the centre: something is unclear
	Assigned State = "assigned" // has an owner who has not answered yet
	Accepted State = "accepted" // the owner is at it
	Returned State = "returned" // the owner says it is not theirs; the centre decides
	Blocked  State = "blocked"  // the clock stands still by agreement
	Fixed    State = "fixed"    // waiting for somebody else to verify
	Closed   State = "closed"
	Rejected State = "rejected" // not a problem, with a reason
	Merged   State = "merged"   // the same as an earlier case
)

// Case is one problem.
type Case struct {
	ID, No     string
	Code       string // by which a resident follows it, or ""
	State      State
	Text       string
	KindID     string // "" while unknown
	PlaceID    string
	Address    string
	Point      *geo.Point // WGS-84
	Accuracy   *float64   // of Point in metres, as the phone said; nil unknown
	AreaID     string     // 块
	UnitID     string     // 条: the unit that leads
	OwnerID    string
	FinderID   string
	Channel    string
	Contact    string
	Outside    string // its number in another system, or ""
	ReportedAt int64
	MadeAt     int64 // when the finder made it, by the corrected phone clock
	DueAt      int64 // 0 while there is no owner
	DueWhy     fault.Text
	Reasons    []Reason
	FixedAt    int64
	FixedBy    string
	ClosedAt   int64
	StoppedAt  int64  // when the clock was stopped by agreement, or 0
	Block      string // money, department or law, with State Blocked
	Ask        Ask    // what the owner asks for and nobody has decided yet
	Ladder     int    // the highest step taken on the ladder
	Acked      int    // the highest step whose orders the unit has signed for
	Reworks    int
	Relapses   int
	Refusals   int
	DutyID     string // the crew by which it found its owner, or ""
	MergedInto string
	Hint       string // an earlier case that this may repeat
	Recheck    string // the id of a drawn second look, or ""
	Thumb      string // sum of the first photo
	UpdatedAt  int64
	Version    int64

	helpers []string // units found by routing, written with the case
}

// Ask is a request that only somebody with the right can grant.
type Ask struct {
	Kind    string `json:"kind,omitempty"`   // block or extension
	Reason  string `json:"reason,omitempty"` // money, department, law, other
	Note    string `json:"note,omitempty"`
	UntilOn string `json:"until_on,omitempty"`
	By      string `json:"by,omitempty"`
	At      int64  `json:"at,omitempty"`
}

// Reason says why something was decided as it was.
type Reason struct {
	About string     `json:"about"` // area, kind, unit, owner, due
	Said  fault.Text `json:"said"`
}

// Photo is a picture in its role on a case.
type Photo struct {
	Sum  string
	Role string // before, after, other, recheck
	Who  string
	At   int64

	TakenAt  int64 // from the picture or the phone; 0 unknown
	Point    *geo.Point
	Accuracy float64 // metres, 0 unknown
	Source   string  // camera, gallery or ""
}

// Open reports whether something is still to be done.
func (s State) Open() bool {
	switch s {
	case Reported, Assigned, Accepted, Returned, Blocked, Fixed:
		return true
	}
	return false
}

// running reports whether the owner's clock counts in state s.
func (s State) running() bool { return s == Assigned || s == Accepted || s == Returned }

// Overdue reports whether the owner's day has passed at now (Unix ms).
func (c Case) Overdue(now int64) bool {
	return c.DueAt > 0 && c.DueAt < now && c.State.running()
}

// Report is what a finder sends.
type Report struct {
	ID       string // made by the client
	Text     string
	Kind     string
	Place    string // code
	Point    *geo.Point
	Datum    geo.Datum
	Accuracy float64 // metres, 0 unknown
	Address  string
	Photos   []string
	MadeAt   int64 // corrected, Unix ms
	Channel  string
	Contact  string
	Outside  string // number in another system

	Decided Decision // by a sitting; none: routed
}

// Decision is what a sitting decides about a case it makes: who, and by when.
// What is left empty is routed. Only who may dispatch may decide.
type Decision struct {
	Unit  string
	Owner string // person
	DueOn string // the end of this day
}

// Move is one step in the life of a case.
type Move struct {
	Case     string
	Move     MoveName
	Note     string
	Reason   string
	ToUnit   string
	ToPerson string
	Kind     string
	KeepRule bool
	Into     string
	UntilOn  string
	Photos   []string
	MadeAt   int64 // when the mover made it, by the corrected phone clock; 0 now
	Version  int64
}
