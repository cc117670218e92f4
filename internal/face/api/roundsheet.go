package api

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"chuangwei/internal/campaign/assess"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/standard"
	"chuangwei/internal/register/standard/formula"
	"chuangwei/internal/register/standard/pack"
	"chuangwei/internal/register/standard/score"
)

// sheetView is one expert's sheet: all a phone needs to judge without a signal.
type sheetView struct {
	Round    roundView      `json:"round"`
	Expert   expertView     `json:"expert"`
	Lines    []markLineView `json:"lines"`
	Vetoes   []markVetoView `json:"vetoes"`
	Kinds    []spotKindView `json:"kinds"`
	Spots    []spotView     `json:"spots"`
	Findings []breachView   `json:"findings"`
}

// markLineView is a scoring line with what was judged on it.
type markLineView struct {
	Line     string          `json:"line"`
	Text     string          `json:"text"`
	Chapter  string          `json:"chapter"`
	Style    string          `json:"style"`
	Points   string          `json:"points"`
	Each     string          `json:"each,omitempty"`
	PlaceCap string          `json:"place_cap,omitempty"`
	Checked  string          `json:"checked"`
	Places   []string        `json:"places"`
	Bands    []bandView      `json:"bands"`
	Papers   []markPaperView `json:"papers"`
	Value    string          `json:"value,omitempty"`
	Given    string          `json:"given,omitempty"`
	Note     string          `json:"note,omitempty"`
}

type bandView struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	From string `json:"from"`
	To   string `json:"to"`
}

type markPaperView struct {
	Requirement string `json:"requirement"`
	Text        string `json:"text"`
	Value       string `json:"value,omitempty"`
	Note        string `json:"note,omitempty"`
}

type markVetoView struct {
	Veto    string `json:"veto"`
	Text    string `json:"text"`
	When    string `json:"when,omitempty"`
	Checked string `json:"checked"`
	Value   string `json:"value,omitempty"`
	Note    string `json:"note,omitempty"`
}

// spotKindView is what breaks a line at a kind of place.
type spotKindView struct {
	Kind  string         `json:"kind"`
	Name  string         `json:"name"`
	Asks  []breachAsk    `json:"asks"`
	Lines []breachOnLine `json:"lines"`
}

type breachAsk struct {
	Check string `json:"check"`
	Text  string `json:"text"`
	Line  string `json:"line,omitempty"`
	Costs string `json:"costs,omitempty"`
}

type breachOnLine struct {
	Line  string `json:"line"`
	Text  string `json:"text"`
	Costs string `json:"costs"`
}

// breachView is a finding.
type breachView struct {
	ID        string   `json:"id"`
	Expert    string   `json:"expert"`
	PlaceCode string   `json:"place_code"`
	Text      string   `json:"text"`
	Line      string   `json:"line,omitempty"`
	Note      string   `json:"note,omitempty"`
	Times     int      `json:"times"`
	Photos    []string `json:"photos"`
	MadeAt    int64    `json:"made_at"`
	Withdrawn string   `json:"withdrawn,omitempty"`
}

func viewBreach(v viewer, f assess.Finding) breachView {
	out := breachView{ID: f.ID, Expert: f.Expert, PlaceCode: v.where.places[f.PlaceID].Code, Text: f.Text, Line: f.Line, Note: f.Note, Times: f.Times,
		Photos: append([]string{}, f.Photos...), MadeAt: f.MadeAt}
	if f.WithdrawnAt > 0 {
		out.Withdrawn = f.Why
	}
	return out
}

// sheet is the part of a round's sheet that one expert judges.
func (v viewer) sheet(tx *db.Tx, r assess.Round, e assess.Expert) (sheetView, error) {
	h, err := standard.PackByID(tx, r.Pack)
	if err != nil {
		return sheetView{}, err
	}
	out := sheetView{Expert: expertView{e.ID, e.Name, e.PersonID, append([]string{}, e.Chapters...)}, Lines: []markLineView{}, Vetoes: []markVetoView{}, Kinds: []spotKindView{}, Findings: []breachView{}}
	if out.Round, err = v.round(tx, r); err != nil {
		return out, err
	}
	if out.Spots, err = v.spots(tx, r); err != nil {
		return out, err
	}
	marks, err := assess.Marks(tx, r.ID)
	if err != nil {
		return out, err
	}
	for _, s := range h.Scores {
		if it, _ := h.Item(s.Item); e.Looks(it.Chapter) {
			out.Lines = append(out.Lines, v.markLine(h.Pack, s, it.Chapter, marks))
		}
	}
	for _, x := range h.Vetoes {
		m, _ := markOn(marks, assess.OnVeto, x.ID)
		out.Vetoes = append(out.Vetoes, markVetoView{x.ID, v.in(x.ZH, x.EN), x.When, x.Checked, m.Value, m.Note})
	}
	kinds := map[string]bool{}
	for _, s := range out.Spots {
		kinds[s.Kind] = true
	}
	for _, c := range h.Checks { // what is seen on the way, too
		kinds[c.Place] = true
	}
	for kind := range kinds {
		out.Kinds = append(out.Kinds, v.spotKind(h.Pack, e, kind))
	}
	slices.SortFunc(out.Kinds, func(a, b spotKindView) int { return cmp.Compare(a.Kind, b.Kind) })
	list, err := assess.Findings(tx, r.ID)
	for _, f := range list {
		out.Findings = append(out.Findings, viewBreach(v, f))
	}
	return out, err
}

func markOn(marks []assess.Mark, what, ref string) (assess.Mark, bool) {
	i := slices.IndexFunc(marks, func(m assess.Mark) bool { return m.What == what && m.Ref == ref })
	if i < 0 {
		return assess.Mark{}, false
	}
	return marks[i], true
}

func (v viewer) markLine(p *pack.Pack, s pack.Score, chapter string, marks []assess.Mark) markLineView {
	out := markLineView{Line: s.ID, Text: v.in(s.ZH, s.EN), Chapter: chapter, Style: s.Style, Points: s.Points.String(), Checked: s.Checked, Places: append([]string{}, s.Places...), Bands: []bandView{}, Papers: []markPaperView{}}
	if s.Each > 0 {
		out.Each = s.Each.String()
	}
	if s.PlaceCap > 0 {
		out.PlaceCap = s.PlaceCap.String()
	}
	for _, b := range s.Bands {
		out.Bands = append(out.Bands, bandView{b.ID, v.in(b.ZH, b.ID), b.From.String(), b.To.String()})
	}
	for _, id := range s.Papers {
		_, r, _ := p.Requirement(id)
		m, _ := markOn(marks, assess.OnPaper, id)
		out.Papers = append(out.Papers, markPaperView{id, v.in(r.ZH, r.EN), m.Value, m.Note})
	}
	if m, ok := markOn(marks, assess.OnLine, s.ID); ok {
		out.Value, out.Note = m.Value, m.Note
		if m.Points != nil {
			out.Given = m.Points.String()
		}
	}
	return out
}

// spotKind is what an expert of some chapters can find at a kind of place:
// what the checklist names first, then the lines themselves.
func (v viewer) spotKind(p *pack.Pack, e assess.Expert, kind string) spotKindView {
	out := spotKindView{Kind: kind, Name: v.placeKind(kind), Asks: []breachAsk{}, Lines: []breachOnLine{}}
	for _, c := range p.Checks {
		it, _, _ := p.Requirement(c.Of)
		if c.Place != kind || !e.Looks(it.Chapter) {
			continue
		}
		ask := breachAsk{Check: c.ID, Text: v.in(c.ZH, c.EN)}
		if s, ok := score.Counts(p, score.Finding{Items: append([]string{it.ID}, p.ItemsFor(c.Kind, kind)...), Kind: c.Kind, Place: kind}); ok {
			ask.Line, ask.Costs = s.ID, s.Each.String()
		}
		out.Asks = append(out.Asks, ask)
	}
	for _, s := range p.Scores {
		if it, _ := p.Item(s.Item); s.Style == pack.Finding && slices.Contains(s.Places, kind) && e.Looks(it.Chapter) {
			out.Lines = append(out.Lines, breachOnLine{s.ID, v.in(s.ZH, s.EN), s.Each.String()})
		}
	}
	return out
}

func (s *Server) getSheet(w http.ResponseWriter, r *http.Request) error {
	var out sheetView
	err := s.read(r, func(tx *db.Tx) error {
		x, err := assess.Get(tx, callOf(r).who, r.PathValue("id"))
		if err != nil {
			return err
		}
		e, ok := x.Expert(r.PathValue("expert"))
		if !ok {
			return fault.New(fault.NotFound, "round.no_expert", "评估组里没有这名专家。", "There is no such expert in the team.")
		}
		v, err := s.viewer(tx, language(r))
		if err != nil {
			return err
		}
		out, err = v.sheet(tx, x, e)
		return err
	})
	if err != nil {
		return err
	}
	return send(w, http.StatusOK, out)
}

// mySheets are my sheets in rounds under way.
func (s *Server) mySheets(w http.ResponseWriter, r *http.Request) error {
	var views []sheetView
	err := s.read(r, func(tx *db.Tx) error {
		v, err := s.viewer(tx, language(r))
		if err != nil {
			return err
		}
		mine, list, err := assess.Mine(tx, callOf(r).who)
		for _, x := range list {
			for _, id := range mine[x.ID] {
				e, _ := x.Expert(id)
				view, err := v.sheet(tx, x, e)
				if err != nil {
					return err
				}
				views = append(views, view)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	return sendItems(w, r, views)
}

type visitBody struct {
	Expert   string       `json:"expert" body:"required"`
	Place    string       `json:"place" body:"required"`
	Note     string       `json:"note"`
	Findings []breachBody `json:"findings" body:"required"`
	Photos   []string     `json:"photos"`
	MadeAt   int64        `json:"made_at"`
}

type breachBody struct {
	Check  string   `json:"check"`
	Line   string   `json:"line"`
	Note   string   `json:"note"`
	Times  int64    `json:"times" body:"required"`
	Photos []string `json:"photos"`
}

// within notes photos of a part that are not listed on top.
func within(c *fault.Check, field string, part, all []string) {
	for _, sum := range part {
		c.That(slices.Contains(all, sum), field, "照片没有列在 photos 中", "a photo is not among photos")
	}
}

func (s *Server) visitSpot(w http.ResponseWriter, r *http.Request) error {
	var in visitBody
	return s.roundCommand(w, r, &in, http.StatusCreated, func(tx *db.Tx, who org.Actor, key string) (assess.Round, error) {
		var c fault.Check
		sumsIn(&c, in.Photos)
		v := assess.Visit{ID: key, Round: r.PathValue("id"), Expert: in.Expert, Place: strings.ToUpper(in.Place), Note: in.Note, MadeAt: s.madeAt(r, in.MadeAt)}
		for _, f := range in.Findings {
			within(&c, "findings", f.Photos, in.Photos)
			v.Findings = append(v.Findings, assess.Finding{Check: f.Check, Line: f.Line, Note: f.Note, Times: int(max(-1, min(f.Times, 1<<20))), Photos: f.Photos})
		}
		if err := c.Err(); err != nil {
			return assess.Round{}, err
		}
		return assess.See(tx, who, v)
	})
}

type judgeBody struct {
	Expert string     `json:"expert" body:"required"`
	Marks  []markBody `json:"marks" body:"required"`
	Photos []string   `json:"photos"`
	MadeAt int64      `json:"made_at"`
}

type markBody struct {
	What   string   `json:"what" body:"required"`
	Ref    string   `json:"ref" body:"required"`
	Value  string   `json:"value" body:"required"`
	Points string   `json:"points"`
	Note   string   `json:"note"`
	Photos []string `json:"photos"`
}

func (s *Server) judgeLines(w http.ResponseWriter, r *http.Request) error {
	var in judgeBody
	return s.roundCommand(w, r, &in, http.StatusCreated, func(tx *db.Tx, who org.Actor, _ string) (assess.Round, error) {
		var c fault.Check
		sumsIn(&c, in.Photos)
		j := assess.Judgement{Round: r.PathValue("id"), Expert: in.Expert, MadeAt: s.madeAt(r, in.MadeAt)}
		for _, m := range in.Marks {
			within(&c, "marks", m.Photos, in.Photos)
			mark := assess.Mark{What: m.What, Ref: m.Ref, Value: m.Value, Note: m.Note, Photos: m.Photos}
			if m.Points != "" {
				n, err := formula.Number(m.Points)
				c.That(err == nil && n >= 0, "marks", "分数不对：%[1]s", "no number of points: %[1]s", m.Points)
				mark.Points = &n
			}
			j.Marks = append(j.Marks, mark)
		}
		if err := c.Err(); err != nil {
			return assess.Round{}, err
		}
		return assess.Judge(tx, who, j)
	})
}

type takeBackBody struct {
	Why    string `json:"why" body:"required"`
	MadeAt int64  `json:"made_at"`
}

func (s *Server) withdrawFinding(w http.ResponseWriter, r *http.Request) error {
	var in takeBackBody
	return s.roundCommand(w, r, &in, http.StatusOK, func(tx *db.Tx, who org.Actor, _ string) (assess.Round, error) {
		return assess.Withdraw(tx, who, r.PathValue("id"), r.PathValue("finding"), in.Why)
	})
}
