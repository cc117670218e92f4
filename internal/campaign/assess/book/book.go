// Package book is what a round is counted from, kept whole: the pack, the input
// of its sheet, and what each finding, mark and figure said. It counts a book by
// itself, tells every lost point, and lays two results beside each other. It
// knows no database.
package book

import (
	"slices"

	"chuangwei/internal/register/standard/formula"
	"chuangwei/internal/register/standard/pack"
	"chuangwei/internal/register/standard/score"
)

// Milli is a number of points in thousandths.
type Milli = formula.Milli

// What a Seen is.
const (
	Found   = "finding"
	Figure  = "figure"
	OnLine  = "line"
	OnPaper = "paper"
	OnVeto  = "veto"
)

// Book is everything a result is counted and explained from, so that nothing
// outside it is asked when it is counted again. It is what is frozen.
type Book struct {
	Rules  int               `json:"rules"` // version of the counting rules
	Round  string            `json:"round"`
	PackID string            `json:"pack_id"`
	Pack   string            `json:"pack"` // YAML, the county's corrections in it
	Input  score.Input       `json:"input"`
	Seen   []Seen            `json:"seen"`             // what each finding, mark and figure says
	Spots  []Spot            `json:"spots"`            // the sample as it was looked at
	Units  map[string]Named  `json:"units,omitempty"`  // by id
	Areas  map[string]string `json:"areas,omitempty"`  // names by id
	Leads  map[string]string `json:"leads,omitempty"`  // role → unit
	Score  Milli             `json:"score"`            // as counted when it was frozen
	Result string            `json:"result,omitempty"` // SHA-256 over every line of the result
}

// Named is a name with its short form.
type Named struct {
	Name string `json:"name"`
}

// Spot is a place of the sample in the words of that day.
type Spot struct {
	ID      string `json:"id"`
	Code    string `json:"code"`
	Name    string `json:"name"`
	Kind    string `json:"kind"`
	Area    string `json:"area"`
	Unit    string `json:"unit"`
	Source  string `json:"source"`
	Visited int64  `json:"visited,omitempty"`
	Note    string `json:"note,omitempty"`
}

// Seen is what somebody saw or wrote: a finding, a missing paper, a band,
// a veto, or a figure.
type Seen struct {
	ID     string   `json:"id"` // of the finding, or what/ref
	What   string   `json:"what"`
	Ref    string   `json:"ref,omitempty"`
	Expert string   `json:"expert,omitempty"`
	Place  string   `json:"place,omitempty"`
	Kind   string   `json:"kind,omitempty"`
	Check  string   `json:"check,omitempty"`
	Item   string   `json:"item,omitempty"`
	Text   string   `json:"text,omitempty"`
	Note   string   `json:"note,omitempty"`
	Times  int      `json:"times,omitempty"`
	Photos []string `json:"photos,omitempty"`
	At     int64    `json:"at,omitempty"`
	On     string   `json:"on,omitempty"` // a figure's day
}

// Unlooked says of each line nobody has looked at why: a line that counts
// findings is looked at when a place of its kinds was visited; one that counts
// papers when one of them was judged; either when an expert says so.
func (b *Book) Unlooked(p *pack.Pack) {
	b.Input.Unseen = map[string]string{}
	for _, s := range p.Scores {
		_, absent := b.Input.Absent[s.ID]
		if absent || s.Style == pack.Banded || s.Style == pack.Formula || b.looked(s) {
			continue
		}
		b.Input.Unseen[s.ID] = map[bool]string{true: "还没有到这类点位", false: "还没有看资料"}[s.Style == pack.Finding]
	}
}

func (b *Book) looked(s pack.Score) bool {
	for _, x := range b.Seen {
		if x.What == OnLine && x.Ref == s.ID || x.What == Found && x.Ref == s.ID || x.What == OnPaper && slices.Contains(s.Papers, x.Ref) {
			return true
		}
	}
	return slices.ContainsFunc(b.Spots, func(x Spot) bool { return x.Visited > 0 && slices.Contains(s.Places, x.Kind) })
}
