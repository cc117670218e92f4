package assess

import (
	"errors"
	"slices"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/place"
	"chuangwei/internal/register/standard"
	"chuangwei/internal/register/standard/pack"
	"chuangwei/internal/register/standard/score"
)

// Book is everything a result is counted and explained from, so that nothing
// outside it is asked when it is counted again. It is what is frozen.
type Book struct {
	Rules  int                   `json:"rules"` // version of the counting rules
	Round  string                `json:"round"`
	PackID string                `json:"pack_id"`
	Pack   string                `json:"pack"` // YAML, the county's corrections in it
	Input  score.Input           `json:"input"`
	Seen   []SeenThing           `json:"seen"`             // what each finding, mark and figure says
	Spots  []BookSpot            `json:"spots"`            // the sample as it was looked at
	Units  map[string]NamedThing `json:"units,omitempty"`  // by id
	Areas  map[string]string     `json:"areas,omitempty"`  // names by id
	Leads  map[string]string     `json:"leads,omitempty"`  // role → unit
	Score  Milli                 `json:"score"`            // as counted when it was frozen
	Result string                `json:"result,omitempty"` // SHA-256 over every line of the result
}

// NamedThing is a name with its short form.
type NamedThing struct {
	Name string `json:"name"`
}

// BookSpot is a place of the sample in the words of that day.
type BookSpot struct {
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

// SeenThing is what somebody saw or wrote: a finding, a missing paper, a band,
// a veto, or a figure.
type SeenThing struct {
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

// What a SeenThing is, besides the marks.
const (
	aFinding = "finding"
	aFigure  = "figure"
)

// gather opens the book of a round as it stands now.
func gather(tx *db.Tx, r Round) (Book, error) {
	h, err := standard.PackByID(tx, r.Pack)
	if err != nil {
		return Book{}, err
	}
	text, err := pack.Encode(h.Pack)
	if err != nil {
		return Book{}, err
	}
	b := Book{Rules: score.Rules, Round: r.ID, PackID: r.Pack, Pack: string(text), Units: map[string]NamedThing{}, Areas: map[string]string{}, Leads: map[string]string{}}
	for _, part := range []func(*db.Tx, Round, *pack.Pack) error{b.spots, b.leads, b.findings, b.marks, b.figures} {
		if err := part(tx, r, h.Pack); err != nil {
			return b, err
		}
	}
	b.unseen(h.Pack)
	return b, nil
}

func (b *Book) spots(tx *db.Tx, r Round, _ *pack.Pack) error {
	spots, err := Spots(tx, r.ID)
	if err != nil {
		return err
	}
	names, err := org.Names(tx)
	if err != nil {
		return err
	}
	areas, err := place.Areas(tx)
	if err != nil {
		return err
	}
	for _, a := range areas {
		b.Areas[a.ID] = a.Name
	}
	for _, s := range spots {
		p, err := place.ByID(tx, s.PlaceID)
		if err != nil {
			return err
		}
		b.unit(names, p.UnitID)
		b.Spots = append(b.Spots, BookSpot{ID: p.ID, Code: p.Code, Name: p.Name, Kind: s.Kind, Area: s.AreaID, Unit: p.UnitID, Source: s.Source, Visited: s.VisitedAt, Note: s.Note})
	}
	return nil
}

func (b *Book) unit(names *org.Book, id string) {
	if u := names.Unit(id); u.ID != "" {
		b.Units[id] = NamedThing{u.Short}
	}
}

// leads names the unit that carries each role of the pack.
func (b *Book) leads(tx *db.Tx, _ Round, p *pack.Pack) error {
	names, err := org.Names(tx)
	if err != nil {
		return err
	}
	for _, it := range p.Items {
		roles := []string{it.Lead}
		for _, r := range it.Requirements {
			roles = append(roles, r.Lead)
		}
		for _, role := range roles {
			if _, known := b.Leads[role]; known || role == "" {
				continue
			}
			u, err := org.UnitByRole(tx, role)
			if errors.Is(err, db.ErrNone) {
				continue
			}
			if err != nil {
				return err
			}
			b.Leads[role] = u.ID
			b.unit(names, u.ID)
		}
	}
	return nil
}

func (b *Book) findings(tx *db.Tx, r Round, p *pack.Pack) error {
	list, err := Findings(tx, r.ID)
	for _, f := range list {
		if f.WithdrawnAt > 0 {
			continue
		}
		b.Seen = append(b.Seen, SeenThing{ID: f.ID, What: aFinding, Ref: f.Line, Expert: f.Expert, Place: f.PlaceID, Kind: f.Kind, Check: f.Check, Item: f.Item,
			Text: f.Text, Note: f.Note, Times: f.Times, Photos: f.Photos, At: f.MadeAt})
		one := f.counted(p)
		for n := range f.Times {
			one.ID = nth(f.ID, n)
			b.Input.Findings = append(b.Input.Findings, one)
		}
	}
	return err
}

func (b *Book) marks(tx *db.Tx, r Round, p *pack.Pack) error {
	list, err := Marks(tx, r.ID)
	in := &b.Input
	in.Bands, in.Absent, in.Vetoes = map[string]score.Choice{}, map[string]string{}, map[string]string{}
	for _, m := range list {
		line, ok := lineByID(p, m.Ref)
		switch {
		case m.What == OnPaper && m.Value == Missing && lineOfPaper(p, m.Ref) != "":
			in.Missing = append(in.Missing, score.Missing{ID: m.Ref, Requirement: m.Ref})
		case m.What == OnVeto && m.Value == Fallen && slices.ContainsFunc(p.Vetoes, func(v pack.Veto) bool { return v.ID == m.Ref }):
			in.Vetoes[m.Ref] = m.Note
		case m.What == OnLine && ok && m.Value == Absent:
			in.Absent[m.Ref] = m.Note
		case m.What == OnLine && ok && line.Style == pack.Banded && fits(p, m):
			in.Bands[m.Ref] = score.Choice{Band: m.Value, Points: m.Points}
		}
		b.Seen = append(b.Seen, SeenThing{ID: m.What + "/" + m.Ref, What: m.What, Ref: m.Ref, Expert: m.Expert, Text: m.Value, Note: m.Note, Photos: m.Photos, At: m.MadeAt})
	}
	return err
}

// figures are the newest values of the pack's indicators on the round's last day.
func (b *Book) figures(tx *db.Tx, r Round, p *pack.Pack) error {
	list, err := figuresOf(tx, r.Pack, r.ToOn)
	newest := map[string]Figure{}
	for _, f := range list {
		newest[f.Indicator] = f
	}
	b.Input.Data = map[string]Milli{}
	for _, i := range p.Indicators {
		if f, ok := newest[i.ID]; ok {
			b.Input.Data[i.ID] = f.Value
			b.Seen = append(b.Seen, SeenThing{ID: aFigure + "/" + i.ID, What: aFigure, Ref: i.ID, Text: f.Value.String(), Note: f.Source, On: f.OnDay, At: f.At})
		}
	}
	return err
}

// unseen says of each line nobody has looked at why: a line that counts
// findings is looked at when a place of its kinds was visited; one that counts
// papers when one of them was judged; either when an expert says so.
func (b *Book) unseen(p *pack.Pack) {
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
		if x.What == OnLine && x.Ref == s.ID || x.What == aFinding && x.Ref == s.ID || x.What == OnPaper && slices.Contains(s.Papers, x.Ref) {
			return true
		}
	}
	return slices.ContainsFunc(b.Spots, func(x BookSpot) bool { return x.Visited > 0 && slices.Contains(s.Places, x.Kind) })
}
