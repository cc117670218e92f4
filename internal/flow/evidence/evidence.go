// Package evidence is the proof of each requirement: every slot of a standard
// fills itself from the work that was done, people add only the papers that the
// system cannot know, gaps become cases, and the whole leaves as an archive in
// the prescribed order that a stranger can check.
package evidence

import (
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/standard"
	"chuangwei/internal/register/standard/pack"
)

// State is how far a slot is filled.
type State string

// The states of a slot.
const (
	Full   State = "full"
	Partly State = "partly"
	Empty  State = "empty"
	Stale  State = "stale" // enough is there, but the newest of it is too old
)

// Standing is how one requirement's slot is filled.
type Standing struct {
	Pack, Requirement string
	State             State
	Want, Have        int    // pieces over all years asked for
	NewestOn          string // day of the newest proof, or ""
	CaseID            string // the open case of a gap, or ""
}

// Slot is the place of one requirement's proof, with who must fill it.
type Slot struct {
	ID          string // <pack>:<requirement>
	Number      string // 03-10-02: chapter, item, requirement, by their order in the pack
	Pack        *standard.Held
	Chapter     pack.Chapter
	Item        pack.Item
	Requirement pack.Requirement
	Proof       pack.Proof
	LeadID      string              // unit, or "" while nobody is registered for the role
	HelpIDs     []string            // units
	lines       map[string][]string // checklist lines by kind of place, <pack>:<line>
}

// Units are all that have to do with a slot.
func (s Slot) Units() []string {
	if s.LeadID == "" {
		return s.HelpIDs
	}
	return append([]string{s.LeadID}, s.HelpIDs...)
}

// PaperState is where a paper stands.
type PaperState string

// The states of a paper. Only a checked one fills a slot.
const (
	Filed     PaperState = "filed" // waits for somebody else to check it
	Checked   PaperState = "checked"
	Returned  PaperState = "returned"  // not what was asked, with a note
	Withdrawn PaperState = "withdrawn" // taken back by who filed it, with a note
)

var paperZH = map[PaperState]string{Filed: "待审核", Checked: "已审核", Returned: "已退回", Withdrawn: "已撤下"}

// ZH is the state in Chinese.
func (s PaperState) ZH() string { return paperZH[s] }

// Paper is one document or photo that proves requirements.
type Paper struct {
	ID        string
	Sum, Type string
	Bytes     int64
	Title     string
	Caption   string // of a photo
	UnitID    string
	OnDay     string
	Year      int // first and last year it proves
	ToYear    int
	State     PaperState
	Note      string
	CaseID    string
	Who       string
	At        int64
	CheckedBy string
	CheckedAt int64
	Version   int64
	Slots     []string
	Document  Document // as read: state, pages
}

// Covers reports whether the paper proves something of a year.
func (p Paper) Covers(year int) bool { return p.Year <= year && year <= p.ToYear }

// target is what the permission to see or change a paper is asked for.
func (p Paper) target() org.Target {
	return org.Target{Units: []string{p.UnitID}, Persons: []string{p.Who}}
}
