// Package assess is rounds of assessment: self, mock, city-level, provincial
// and the re-review. A round has a pack, a team, days and a sample drawn as
// assessors draw theirs; sheets are judged at the places and over papers; what
// is finished is frozen with all it was counted from; each lost point ends as
// a case, or with a reason why not. Between rounds the standing estimate says
// what today would score, how sure that is, and why.
package assess

import (
	"slices"

	"chuangwei/internal/campaign/assess/book"
	"chuangwei/internal/campaign/assess/sample"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/standard/formula"
)

// Milli is a number of points in thousandths.
type Milli = formula.Milli

// Kind is what sort of round it is.
type Kind string

// The kinds, from the county's own to the re-review after the title.
const (
	Self       Kind = "self"       // 自评
	Mock       Kind = "mock"       // 模拟评估
	City       Kind = "city"       // 州市级评估
	Provincial Kind = "provincial" // 省级技术评估
	Review     Kind = "review"     // 复审
)

// Kinds are all of them, in the order they are shown.
var Kinds = []Kind{Self, Mock, City, Provincial, Review}

// State is where a round stands.
type State string

// The states.
const (
	Planned  State = "planned"
	Judging  State = "judging"
	Finished State = "finished"
)

// Round is one assessment.
type Round struct {
	ID         string
	Name       string
	Kind       Kind
	Pack       string
	FromOn     string
	ToOn       string
	State      State
	Experts    []Expert
	Wants      []sample.Want
	Seal       string // SHA-256 of the seed, known before anything is drawn
	Seed       string // "" until drawn
	Estimate   *Before
	Sum        string // of what is frozen, with Finished
	Score      Milli  // with Finished
	Verdict    string // with Finished
	MadeBy     string
	MadeAt     int64
	DrawnAt    int64
	FinishedAt int64
	Version    int64
}

// Before is the standing estimate as it was when judging began.
type Before struct {
	At       int64 `json:"at"`
	Expected Milli `json:"expected"`
	Low      Milli `json:"low"`
	High     Milli `json:"high"`
	Chance   int   `json:"chance"` // of passing, in per cent

	Own    float64 `json:"own"`    // breaches our own looks would find in a sample
	Places int     `json:"places"` // of that sample
}

// Expert is one of the team: a person with a sign-in, or a name from outside.
type Expert struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	PersonID string   `json:"person,omitempty"`
	Chapters []string `json:"chapters,omitempty"` // none: all of the sheet
}

// Where a place of a round came from.
const (
	Drawn = "drawn"
	Added = "added" // by hand: official assessors choose themselves, or see it on the way
)

// Spot is a place a round looks at.
type Spot struct {
	PlaceID   string
	N         int
	Kind      string // of place, as packs name it
	AreaID    string
	Source    string
	VisitedAt int64 // 0 not yet
	VisitedBy string
	Note      string
}

// Finding is a breach an expert saw at a place.
type Finding struct {
	ID          string
	Expert      string
	PlaceID     string
	PlaceKind   string
	Check       string // line of the pack's checklist, or ""
	Line        string // scoring line it counts on, or "": none
	Item        string
	Kind        string // of problem, or ""
	Text        string
	Note        string
	Times       int // so many breaches of one sort, each counted
	Photos      []string
	Who         string
	MadeAt      int64
	At          int64
	WithdrawnAt int64
	WithdrawnBy string
	Why         string
}

// What a mark is about.
const (
	OnLine  = book.OnLine  // value: seen, absent, or the id of a band
	OnPaper = book.OnPaper // value: there or missing
	OnVeto  = book.OnVeto  // value: clear or fallen
)

// Values of marks; on a line every other one is a band.
const (
	Seen    = "seen"
	Absent  = "absent"
	There   = "there"
	Missing = "missing"
	Clear   = "clear"
	Fallen  = "fallen"
)

// Mark is a judgement that is no finding at a place. The later one replaces
// the earlier one on the same thing.
type Mark struct {
	What   string
	Ref    string // scoring line, requirement or veto
	Expert string
	Value  string
	Points *Milli // within the band
	Note   string
	Photos []string
	Who    string
	MadeAt int64
}

// Plan is what a round is planned with.
type Plan struct {
	ID      string
	Name    string
	Kind    Kind
	Pack    string
	FromOn  string
	ToOn    string
	Experts []Expert
	Wants   []sample.Want // none: the default sample
}

// Visit is what an expert saw at one place; without findings, that nothing was wrong.
type Visit struct {
	ID       string
	Round    string
	Expert   string
	Place    string // code
	Note     string
	Findings []Finding // Check or Line, Note, Times and Photos are read
	MadeAt   int64
}

// Judgement is marks an expert makes at once.
type Judgement struct {
	Round  string
	Expert string
	Marks  []Mark
	MadeAt int64
}

// target is whom a round concerns: its experts.
func (r Round) target() org.Target {
	var t org.Target
	for _, e := range r.Experts {
		t.Persons = append(t.Persons, e.PersonID)
	}
	return t
}

// Expert finds one of the team.
func (r Round) Expert(id string) (Expert, bool) {
	i := slices.IndexFunc(r.Experts, func(e Expert) bool { return e.ID == id })
	if i < 0 {
		return Expert{}, false
	}
	return r.Experts[i], true
}
