package assess

import (
	"errors"
	"slices"

	"chuangwei/internal/campaign/assess/book"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/place"
	"chuangwei/internal/register/standard"
	"chuangwei/internal/register/standard/pack"
	"chuangwei/internal/register/standard/score"
)

// gathering is a book that is being filled.
type gathering struct{ book.Book }

// gather opens the book of a round as it stands now.
func gather(tx *db.Tx, r Round) (book.Book, error) {
	h, err := standard.PackByID(tx, r.Pack)
	if err != nil {
		return book.Book{}, err
	}
	text, err := pack.Encode(h.Pack)
	if err != nil {
		return book.Book{}, err
	}
	b := gathering{book.Book{Rules: score.Rules, Round: r.ID, PackID: r.Pack, Pack: string(text), Units: map[string]book.Named{}, Areas: map[string]string{}, Leads: map[string]string{}}}
	for _, part := range []func(*db.Tx, Round, *pack.Pack) error{b.spots, b.leads, b.findings, b.marks, b.figures} {
		if err := part(tx, r, h.Pack); err != nil {
			return b.Book, err
		}
	}
	b.Unlooked(h.Pack)
	return b.Book, nil
}

func (b *gathering) spots(tx *db.Tx, r Round, _ *pack.Pack) error {
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
		b.Spots = append(b.Spots, book.Spot{ID: p.ID, Code: p.Code, Name: p.Name, Kind: s.Kind, Area: s.AreaID, Unit: p.UnitID, Source: s.Source, Visited: s.VisitedAt, Note: s.Note})
	}
	return nil
}

func (b *gathering) unit(names *org.Book, id string) {
	if u := names.Unit(id); u.ID != "" {
		b.Units[id] = book.Named{Name: u.Short}
	}
}

// leads names the unit that carries each role of the pack.
func (b *gathering) leads(tx *db.Tx, _ Round, p *pack.Pack) error {
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

func (b *gathering) findings(tx *db.Tx, r Round, p *pack.Pack) error {
	list, err := Findings(tx, r.ID)
	for _, f := range list {
		if f.WithdrawnAt > 0 {
			continue
		}
		b.Seen = append(b.Seen, book.Seen{ID: f.ID, What: book.Found, Ref: f.Line, Expert: f.Expert, Place: f.PlaceID, Kind: f.Kind, Check: f.Check, Item: f.Item,
			Text: f.Text, Note: f.Note, Times: f.Times, Photos: f.Photos, At: f.MadeAt})
		one := f.counted(p)
		for n := range f.Times {
			one.ID = book.Nth(f.ID, n)
			b.Input.Findings = append(b.Input.Findings, one)
		}
	}
	return err
}

func (b *gathering) marks(tx *db.Tx, r Round, p *pack.Pack) error {
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
		b.Seen = append(b.Seen, book.Seen{ID: m.What + "/" + m.Ref, What: m.What, Ref: m.Ref, Expert: m.Expert, Text: m.Value, Note: m.Note, Photos: m.Photos, At: m.MadeAt})
	}
	return err
}

// figures are the newest values of the pack's indicators on the round's last day.
func (b *gathering) figures(tx *db.Tx, r Round, p *pack.Pack) error {
	list, err := figuresOf(tx, r.Pack, r.ToOn)
	newest := map[string]Figure{}
	for _, f := range list {
		newest[f.Indicator] = f
	}
	b.Input.Data = map[string]Milli{}
	for _, i := range p.Indicators {
		if f, ok := newest[i.ID]; ok {
			b.Input.Data[i.ID] = f.Value
			b.Seen = append(b.Seen, book.Seen{ID: book.Figure + "/" + i.ID, What: book.Figure, Ref: i.ID, Text: f.Value.String(), Note: f.Source, On: f.OnDay, At: f.At})
		}
	}
	return err
}
