// Package pack is a standard as data: chapters, items, requirements, checklist
// lines, indicators, scoring lines, vetoes and vector measures, each with its
// source and how sure it is. Reading is strict and tells every fault by line.
package pack

import (
	"slices"

	"chuangwei/internal/register/standard/formula"
)

// Milli is a number in thousandths.
type Milli = formula.Milli

// Mark is where a line comes from and how sure it is.
type Mark struct {
	Source  string `yaml:"source"` // id of one of the pack's sources
	Checked string `yaml:"checked"`
}

// How sure a line is.
const (
	Confirmed   = "confirmed"   // found in a named source
	SecondHand  = "second-hand" // from a mirror, a fragment or another county's words
	Unconfirmed = "unconfirmed" // working knowledge; the county decides before it relies on it
)

// Pack is one standard in one version.
type Pack struct {
	ID         string      `yaml:"id"`
	ZH         string      `yaml:"zh"`
	EN         string      `yaml:"en"`
	Honour     string      `yaml:"honour"` // the title it leads to
	Document   string      `yaml:"document"`
	IssuedOn   string      `yaml:"issued_on"`   // YYYY-MM-DD or ""
	InForceOn  string      `yaml:"in_force_on"` // YYYY-MM-DD or ""
	Note       string      `yaml:"note"`
	Scope      Scope       `yaml:"scope"`
	Counts     Counts      `yaml:"counts"`
	Sheet      Sheet       `yaml:"sheet"`
	Sources    []Source    `yaml:"sources"`
	Chapters   []Chapter   `yaml:"chapters"`
	Items      []Item      `yaml:"items"`
	Checks     []Check     `yaml:"checks"`
	Indicators []Indicator `yaml:"indicators"`
	Scores     []Score     `yaml:"scores"`
	Vetoes     []Veto      `yaml:"vetoes"`
	Vectors    []Measure   `yaml:"vectors"`
}

// Scope is what unmarked lines apply to.
type Scope struct {
	ZH   string `yaml:"zh"`
	Mark `yaml:",inline"`
}

// Counts are how many of each the standard is said to have.
type Counts struct {
	Areas        int `yaml:"areas"`
	Items        int `yaml:"items"`
	Requirements int `yaml:"requirements"`
	Mark         `yaml:",inline"`
}

// Sheet is the scoring sheet as a whole: its points in all and the line to pass.
type Sheet struct {
	Points Milli  `yaml:"points"`
	Pass   Milli  `yaml:"pass"`
	Spread string `yaml:"spread"` // who takes the points of what does not apply: chapter, sheet or none
	Mark   `yaml:",inline"`
}

// Source is where facts were found.
type Source struct {
	ID string `yaml:"id"`
	ZH string `yaml:"zh"`
	EN string `yaml:"en"`
}

// Chapter is a part of the standard; points are its share of the sheet.
type Chapter struct {
	ID     string `yaml:"id"`
	ZH     string `yaml:"zh"`
	EN     string `yaml:"en"`
	Points Milli  `yaml:"points"`
	Mark   `yaml:",inline"`
}

// Item is what cases refer to as a clause, <pack>:<item>.
type Item struct {
	ID           string   `yaml:"id"`
	Chapter      string   `yaml:"chapter"`
	ZH           string   `yaml:"zh"`
	EN           string   `yaml:"en"`
	Asks         string   `yaml:"asks"` // in our own words
	Lead         string   `yaml:"lead"` // role key of the unit that leads
	Help         []string `yaml:"help"`
	Judged       []string `yaml:"judged"`
	Mark         `yaml:",inline"`
	Requirements []Requirement `yaml:"requirements"`
}

// Requirement is one thing an item asks, and the slot its proof goes into.
type Requirement struct {
	ID     string   `yaml:"id"`
	ZH     string   `yaml:"zh"`
	EN     string   `yaml:"en"`
	Places []string `yaml:"places"` // kinds of place it is judged at
	Judged []string `yaml:"judged"`
	Lead   string   `yaml:"lead"` // as of the item when empty
	Help   []string `yaml:"help"`
	Kinds  []string `yaml:"kinds"` // kinds of problem that break it
	Proof  Proof    `yaml:"proof"` // what is said of its slot; Proved adds the rest
	Mark   `yaml:",inline"`
}

// Check is a line of the checklist of a kind of place.
type Check struct {
	ID    string `yaml:"id"`
	Place string `yaml:"place"`
	Of    string `yaml:"of"` // requirement
	ZH    string `yaml:"zh"`
	EN    string `yaml:"en"`
	Kind  string `yaml:"kind"` // kind of problem a failed line becomes
	Mark  `yaml:",inline"`
}

// Indicator is a figure with its threshold. Without a value the standard asks
// for no fixed figure: the plan's, or a better one than last year's.
type Indicator struct {
	ID    string `yaml:"id"` // its name in formulas
	Item  string `yaml:"item"`
	ZH    string `yaml:"zh"`
	EN    string `yaml:"en"`
	Unit  string `yaml:"unit"`
	Op    string `yaml:"op"` // < <= > >= ==, or plan, rising, falling
	Value Milli  `yaml:"value"`
	Mark  `yaml:",inline"`
}

// Styles of a scoring line.
const (
	Banded  = "banded"  // the judge chooses a band and points within it
	Finding = "finding" // each finding costs points
	Paper   = "paper"   // each missing paper costs points
	Formula = "formula" // points are computed from indicators
)

// Score is a line of the scoring sheet.
type Score struct {
	ID       string   `yaml:"id"`
	Item     string   `yaml:"item"`
	ZH       string   `yaml:"zh"`
	EN       string   `yaml:"en"`
	Style    string   `yaml:"style"`
	Points   Milli    `yaml:"points"`
	Weight   Milli    `yaml:"weight"` // 0 means 1
	Places   []string `yaml:"places"` // where findings count for this line
	Kinds    []string `yaml:"kinds"`  // findings of these kinds only; none means all
	Each     Milli    `yaml:"each"`   // lost for each finding or paper
	Cap      Milli    `yaml:"cap"`    // the most that can be lost; 0 means all
	PlaceCap Milli    `yaml:"place_cap"`
	Floor    Milli    `yaml:"floor"` // the least that is kept
	Papers   []string `yaml:"papers"`
	Bands    []Band   `yaml:"bands"`
	Formula  string   `yaml:"formula"` // points earned; `points` stands for the line's own
	Mark     `yaml:",inline"`
}

// Full is the line's points times its weight.
func (s Score) Full() Milli {
	if s.Weight == 0 {
		return s.Points
	}
	return s.Points.Of(s.Weight, 1000)
}

// Band is a range of points with a name.
type Band struct {
	ID   string `yaml:"id"` // good, fair, poor
	ZH   string `yaml:"zh"`
	From Milli  `yaml:"from"`
	To   Milli  `yaml:"to"`
}

// Veto ends an assessment whatever the points; outside the sum.
type Veto struct {
	ID   string `yaml:"id"`
	Item string `yaml:"item"`
	ZH   string `yaml:"zh"`
	EN   string `yaml:"en"`
	When string `yaml:"when"` // formula that is true when it falls; "" when a person says so
	Mark `yaml:",inline"`
}

// Measure is one quantity of a vector measure: it is of grade A, B or C when
// it stands to the limit as op says. A grade without a limit is not known.
type Measure struct {
	ID      string  `yaml:"id"`
	Item    string  `yaml:"item"`
	Pest    string  `yaml:"pest"`
	Measure string  `yaml:"measure"` // quantities of one measure share it
	ZH      string  `yaml:"zh"`
	EN      string  `yaml:"en"`
	Unit    string  `yaml:"unit"`
	Op      string  `yaml:"op"` // <= or >=
	Limits  []Limit `yaml:"limits"`
	Mark    `yaml:",inline"`
}

// Limit is the figure of a grade.
type Limit struct {
	Grade string `yaml:"grade"`
	Value Milli  `yaml:"value"`
}

// Item finds an item by its id.
func (p *Pack) Item(id string) (Item, bool) {
	i := slices.IndexFunc(p.Items, func(it Item) bool { return it.ID == id })
	if i < 0 {
		return Item{}, false
	}
	return p.Items[i], true
}

// Requirement finds a requirement with its item.
func (p *Pack) Requirement(id string) (Item, Requirement, bool) {
	for _, it := range p.Items {
		for _, r := range it.Requirements {
			if r.ID == id {
				return it, r, true
			}
		}
	}
	return Item{}, Requirement{}, false
}

// ItemsFor are the items that a problem of a kind at a kind of place breaks:
// those whose requirements name both first, then those that name the kind.
func (p *Pack) ItemsFor(kind, place string) []string {
	var both, kindOnly []string
	for _, it := range p.Items {
		named, there := false, false
		for _, r := range it.Requirements {
			if slices.Contains(r.Kinds, kind) {
				named = true
				there = there || slices.Contains(r.Places, place)
			}
		}
		switch {
		case there:
			both = append(both, it.ID)
		case named:
			kindOnly = append(kindOnly, it.ID)
		}
	}
	return append(both, kindOnly...)
}

// Slots is how many requirements there are.
func (p *Pack) Slots() (n int) {
	for _, it := range p.Items {
		n += len(it.Requirements)
	}
	return n
}

// Marks counts the lines that carry a mark, and those of them that are not confirmed yet.
func (p *Pack) Marks() (lines, unconfirmed int) {
	count := func(m Mark) {
		lines++
		if m.Checked == Unconfirmed {
			unconfirmed++
		}
	}
	for _, c := range p.Chapters {
		count(c.Mark)
	}
	for _, it := range p.Items {
		count(it.Mark)
		for _, r := range it.Requirements {
			count(r.Mark)
		}
	}
	for _, c := range p.Checks {
		count(c.Mark)
	}
	for _, x := range p.Indicators {
		count(x.Mark)
	}
	for _, x := range p.Scores {
		count(x.Mark)
	}
	for _, x := range p.Vetoes {
		count(x.Mark)
	}
	for _, x := range p.Vectors {
		count(x.Mark)
	}
	return lines, unconfirmed
}
