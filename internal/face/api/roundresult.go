package api

import (
	"net/http"
	"slices"

	"chuangwei/internal/campaign/assess"
	"chuangwei/internal/campaign/assess/book"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/register/standard"
	"chuangwei/internal/register/standard/pack"
	"chuangwei/internal/register/standard/score"
)

type resultView struct {
	Round    roundView    `json:"round"`
	Points   string       `json:"points"`
	Score    string       `json:"score"`
	Open     string       `json:"open"`
	Pass     string       `json:"pass,omitempty"`
	Verdict  string       `json:"verdict"`
	Chapters []scoredPart `json:"chapters"`
	Vetoes   []vetoView   `json:"vetoes"`
	Losses   []lossView   `json:"losses"`
	Areas    []lossShare  `json:"areas"`
	Units    []lossShare  `json:"units"`
}

type scoredPart struct {
	ID     string       `json:"id"`
	Name   string       `json:"name"`
	Points string       `json:"points"`
	Score  string       `json:"score"`
	Open   string       `json:"open"`
	Lines  []scoredLine `json:"lines"`
}

type scoredLine struct {
	Line    string `json:"line"`
	Item    string `json:"item"`
	Title   string `json:"title"`
	Text    string `json:"text"`
	Style   string `json:"style"`
	State   string `json:"state"`
	Points  string `json:"points"`
	Score   string `json:"score"`
	Why     string `json:"why"`
	Checked string `json:"checked"`
}

type vetoView struct {
	Veto    string `json:"veto"`
	Text    string `json:"text"`
	State   string `json:"state"`
	Why     string `json:"why,omitempty"`
	Checked string `json:"checked"`
}

// lossView is one reason why points were lost.
type lossView struct {
	ID        string       `json:"id"`
	Style     string       `json:"style"`
	Line      string       `json:"line,omitempty"`
	Item      string       `json:"item"`
	Title     string       `json:"title"`
	Chapter   string       `json:"chapter,omitempty"`
	Points    string       `json:"points"`
	Text      string       `json:"text"`
	Note      string       `json:"note,omitempty"`
	Times     int          `json:"times"`
	Photos    []string     `json:"photos"`
	Place     *ref         `json:"place,omitempty"`
	PlaceCode string       `json:"place_code,omitempty"`
	Area      *ref         `json:"area,omitempty"`
	Unit      *ref         `json:"unit,omitempty"`
	Kind      string       `json:"kind,omitempty"`
	Expert    string       `json:"expert,omitempty"`
	Judged    []judgedView `json:"judged"`
}

// lossShare is what was lost in an area or under a unit, and of what.
type lossShare struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Points string `json:"points"`
	Losses int    `json:"losses"`
	Looked int    `json:"looked,omitempty"`
	Of     string `json:"of,omitempty"`
}

// outcome words a result by the names of its own book: what it says does not
// change when a place is renamed later.
func (v viewer) outcome(tx *db.Tx, r assess.Round, o book.Outcome) (resultView, error) {
	out := resultView{Points: o.Points.String(), Score: o.Score.String(), Open: o.Open.String(), Verdict: string(o.Verdict), Chapters: []scoredPart{}, Vetoes: []vetoView{},
		Losses: []lossView{}, Areas: []lossShare{}, Units: []lossShare{}}
	if o.Pass > 0 {
		out.Pass = o.Pass.String()
	}
	var err error
	if out.Round, err = v.round(tx, r); err != nil {
		return out, err
	}
	for _, c := range o.Chapters {
		out.Chapters = append(out.Chapters, v.scoredPart(o, c))
	}
	for i, x := range o.Vetoes {
		out.Vetoes = append(out.Vetoes, vetoView{x.ID, v.in(x.ZH, x.EN), string(x.State), x.Why.In(v.lang), o.Sheet.Vetoes[i].Checked})
	}
	for _, l := range o.Losses {
		view := v.loss(r, o, l)
		if view.Judged, err = v.elsewhere(tx, o, l); err != nil {
			return out, err
		}
		out.Losses = append(out.Losses, view)
	}
	for _, a := range o.Areas {
		out.Areas = append(out.Areas, lossShare{ID: a.ID, Name: o.Book.Areas[a.ID], Points: a.Points.String(), Losses: a.Losses, Looked: a.Looked})
	}
	for _, u := range o.Units {
		out.Units = append(out.Units, lossShare{ID: u.ID, Name: o.Book.Units[u.ID].Name, Points: u.Points.String(), Losses: u.Losses, Of: u.Of.String()})
	}
	return out, nil
}

func (v viewer) scoredPart(o book.Outcome, c score.Chapter) scoredPart {
	out := scoredPart{c.ID, v.in(c.ZH, c.EN), c.Points.String(), c.Score.String(), c.Open.String(), []scoredLine{}}
	for _, l := range c.Lines {
		out.Lines = append(out.Lines, v.scoredLine(o.Sheet, l))
	}
	return out
}

func (v viewer) scoredLine(p *pack.Pack, l score.Line) scoredLine {
	it, _ := p.Item(l.Item)
	i := slices.IndexFunc(p.Scores, func(s pack.Score) bool { return s.ID == l.ID })
	return scoredLine{l.ID, l.Item, v.in(it.ZH, it.EN), v.in(l.ZH, l.EN), l.Style, string(l.State), l.Points.String(), l.Score.String(), l.Why.In(v.lang), p.Scores[i].Checked}
}

func (v viewer) loss(r assess.Round, o book.Outcome, l book.Loss) lossView {
	it, _ := o.Sheet.Item(l.Item)
	e, _ := r.Expert(l.Expert)
	out := lossView{ID: l.ID, Style: l.Style, Line: l.Line, Item: l.Item, Title: v.in(it.ZH, it.EN), Chapter: l.Chapter, Points: l.Points.String(), Text: l.Text.In(v.lang),
		Note: l.Note, Times: l.Times, Photos: append([]string{}, l.Photos...), Kind: l.Kind, Expert: e.Name, Judged: []judgedView{}}
	for _, s := range o.Book.Spots {
		if s.ID == l.PlaceID {
			out.Place, out.PlaceCode = &ref{s.ID, s.Name}, s.Code
		}
	}
	if name := o.Book.Areas[l.AreaID]; name != "" {
		out.Area = &ref{l.AreaID, name}
	}
	if u := o.Book.Units[l.UnitID]; u.Name != "" {
		out.Unit = &ref{l.UnitID, u.Name}
	}
	if out.Note == out.Text {
		out.Note = ""
	}
	return out
}

// elsewhere is how the other active standards count a finding.
func (v viewer) elsewhere(tx *db.Tx, o book.Outcome, l book.Loss) ([]judgedView, error) {
	out := []judgedView{}
	if l.Style != pack.Finding || l.Kind == "" {
		return out, nil
	}
	i := slices.IndexFunc(o.Book.Spots, func(s book.Spot) bool { return s.ID == l.PlaceID })
	if i < 0 {
		return out, nil
	}
	list, err := standard.Judged(tx, l.Kind, o.Book.Spots[i].Kind, nil)
	for _, j := range list {
		if j.Pack.ID != o.Book.PackID {
			out = append(out, v.judged(j))
		}
	}
	return out, err
}

func (s *Server) getResult(w http.ResponseWriter, r *http.Request) error {
	var out resultView
	err := s.read(r, func(tx *db.Tx) error {
		x, o, err := assess.Result(tx, callOf(r).who, r.PathValue("id"))
		if err != nil {
			return err
		}
		v, err := s.viewer(tx, language(r))
		if err != nil {
			return err
		}
		out, err = v.outcome(tx, x, o)
		return err
	})
	if err != nil {
		return err
	}
	return send(w, http.StatusOK, out)
}
