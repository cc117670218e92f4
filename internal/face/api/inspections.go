package api

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"chuangwei/internal/flow/cases"
	"chuangwei/internal/flow/inspect"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/standard"
)

type checklistView struct {
	Kind     string          `json:"kind"`
	Name     string          `json:"name"`
	Place    string          `json:"place_kind"`
	Lines    []checkLineView `json:"lines"`
	Measures []gaugeView     `json:"measures"`
}

// checkLineView is a line to be looked at.
type checkLineView struct {
	Line     string `json:"line"`
	Text     string `json:"text"`
	Clause   string `json:"clause"`
	Title    string `json:"title"`
	Pack     string `json:"pack"`
	PackName string `json:"pack_name"`
	Problem  string `json:"problem,omitempty"`
	Checked  string `json:"checked,omitempty"`
}

type gaugeView struct {
	Measure string `json:"measure"`
	Name    string `json:"name"`
	Unit    string `json:"unit"`
	Pest    string `json:"pest"`
	Title   string `json:"title"`
	Limit   string `json:"limit,omitempty"`
	Share   bool   `json:"share"`
	Checked string `json:"checked,omitempty"`
}

// listChecklists is what phones keep to work without a signal.
func (s *Server) listChecklists(w http.ResponseWriter, r *http.Request) error {
	var views []checklistView
	err := s.read(r, func(tx *db.Tx) error {
		v, err := s.viewer(tx, language(r))
		if err != nil {
			return err
		}
		list, err := inspect.Checklists(tx)
		for _, c := range list {
			views = append(views, v.checklist(c))
		}
		return err
	})
	if err != nil {
		return err
	}
	return sendItems(w, r, views)
}

func (v viewer) in(zh, en string) string { return fault.Text{ZH: zh, EN: en}.In(v.lang) }

func (v viewer) checklist(c inspect.Checklist) checklistView {
	out := checklistView{Kind: c.Kind, Name: v.placeKind(c.Kind), Place: c.Name, Lines: []checkLineView{}, Measures: []gaugeView{}}
	for _, a := range c.Lines {
		line := checkLineView{Line: a.ID, Text: v.in(a.ZH, a.EN), Clause: a.Clause, Title: v.in(a.Item.ZH, a.Item.EN), Pack: a.Pack.ID, PackName: v.in(a.Pack.ZH, a.Pack.EN), Checked: a.Checked}
		if k, ok := v.where.kinds[a.Kind]; ok {
			line.Problem = k.In(v.lang)
		}
		out.Lines = append(out.Lines, line)
	}
	for _, g := range c.Measures {
		it, _ := g.Pack.Item(g.Item)
		out.Measures = append(out.Measures, gaugeView{Measure: g.ID, Name: v.in(g.ZH, g.EN), Unit: g.Unit, Pest: g.Pest, Title: v.in(it.ZH, it.EN),
			Limit: limits(g.Measure), Share: inspect.Share(g.Measure), Checked: g.Checked})
	}
	return out
}

func (v viewer) placeKind(key string) string {
	if key == "" {
		return v.in("其他点位", "other place")
	}
	w := standard.PlaceWord(key)
	return v.in(w.ZH, w.EN)
}

type inspectionView struct {
	ID        string `json:"id"`
	Place     ref    `json:"place"`
	PlaceCode string `json:"place_code,omitempty"`
	Kind      string `json:"kind"`
	KindName  string `json:"kind_name"`
	Area      *ref   `json:"area,omitempty"`
	Unit      *ref   `json:"unit,omitempty"`
	Who       string `json:"who"`
	Purpose   string `json:"purpose"`
	Note      string `json:"note,omitempty"`
	Good      int    `json:"good"`
	Bad       int    `json:"bad"`
	Absent    int    `json:"absent"`
	Unseen    int    `json:"unseen"`
	Rest      int    `json:"rest"`
	Counted   int    `json:"counted"`
	On        string `json:"on"`
	MadeAt    int64  `json:"made_at"`
}

func (v viewer) inspection(i inspect.Inspection) inspectionView {
	out := inspectionView{ID: i.ID, Place: ref{ID: i.PlaceID}, Kind: i.Kind, KindName: v.placeKind(i.Kind), Area: v.area(i.AreaID), Unit: v.unit(i.UnitID), Who: v.names.Name(i.Who),
		Purpose: i.Purpose, Note: i.Note, Good: i.Good, Bad: i.Bad, Absent: i.Absent, Unseen: i.Unseen, Rest: i.Rest, Counted: i.Counted, On: i.OnDay, MadeAt: i.MadeAt}
	if p, ok := v.where.places[i.PlaceID]; ok {
		out.Place, out.PlaceCode = ref{p.ID, p.Name}, p.Code
	}
	return out
}

type inspectionFull struct {
	Inspection inspectionView `json:"inspection"`
	Lines      []seenView     `json:"lines"`
	Counts     []countView    `json:"counts"`
	Surveys    []surveyView   `json:"surveys"`
}

type seenView struct {
	Line   string        `json:"line"`
	Text   string        `json:"text"`
	Clause string        `json:"clause,omitempty"`
	Title  string        `json:"title,omitempty"`
	Result string        `json:"result"`
	How    string        `json:"how,omitempty"`
	Note   string        `json:"note,omitempty"`
	Photos []string      `json:"photos,omitempty"`
	Case   *seenCaseView `json:"case,omitempty"`
}

// seenCaseView is what a failing line became.
type seenCaseView struct {
	ID       string `json:"id"`
	No       string `json:"no"`
	State    string `json:"state"`
	KindName string `json:"kind_name"`
	Owner    *ref   `json:"owner,omitempty"`
	Unit     *ref   `json:"unit,omitempty"`
	DueOn    string `json:"due_on,omitempty"`
}

type countView struct {
	Measure string `json:"measure"`
	Found   int64  `json:"found"`
	Base    int64  `json:"base"`
}

// inspectionWhole words an inspection with its lines, cases and grades.
func (v viewer) inspectionWhole(tx *db.Tx, f inspect.Full) (inspectionFull, error) {
	out := inspectionFull{Inspection: v.inspection(f.Inspection), Lines: []seenView{}, Counts: []countView{}, Surveys: []surveyView{}}
	for _, l := range f.Lines {
		seen := seenView{Line: l.Line, Text: l.Text, Clause: l.Clause, Result: string(l.Result), How: l.How, Note: l.Note, Photos: l.Photos}
		clauses, err := standard.ClausesByID(tx, []string{l.Clause})
		if err != nil {
			return out, err
		}
		for _, c := range clauses {
			seen.Title = c.Title
		}
		if l.CaseID != "" {
			c, err := cases.ByID(tx, l.CaseID)
			if err != nil {
				return out, err
			}
			k := v.view(c)
			seen.Case = &seenCaseView{k.ID, k.No, k.State, k.KindName, k.Owner, k.Unit, k.DueOn}
		}
		out.Lines = append(out.Lines, seen)
	}
	for _, c := range f.Counts {
		out.Counts = append(out.Counts, countView{c.Measure, c.Found, c.Base})
	}
	surveys, err := inspect.Graded(tx, f.Counts)
	for _, sv := range surveys {
		out.Surveys = append(out.Surveys, v.survey(sv))
	}
	return out, err
}

// inspectionBody is a whole inspection as a phone sends it.
type inspectionBody struct {
	Place   string      `json:"place" body:"required"`
	Purpose string      `json:"purpose" body:"required"`
	Note    string      `json:"note"`
	Lines   []seenBody  `json:"lines" body:"required"`
	Counts  []countBody `json:"counts"`
	Photos  []string    `json:"photos"`
	MadeAt  int64       `json:"made_at"`
}

type seenBody struct {
	Line   string   `json:"line" body:"required"`
	Result string   `json:"result" body:"required"`
	How    string   `json:"how"`
	Note   string   `json:"note"`
	Photos []string `json:"photos"`
}

type countBody struct {
	Measure string `json:"measure" body:"required"`
	Found   int64  `json:"found" body:"required"`
	Base    int64  `json:"base" body:"required"`
}

func (in inspectionBody) make(id string, madeAt int64) (inspect.Make, error) {
	var c fault.Check
	sumsIn(&c, in.Photos)
	out := inspect.Make{ID: id, Place: strings.ToUpper(in.Place), Purpose: in.Purpose, Note: in.Note, MadeAt: madeAt}
	for _, l := range in.Lines {
		c.That(len(l.Line) <= 120, "lines", "行编号太长", "a line's id is too long")
		for _, sum := range l.Photos {
			c.That(slices.Contains(in.Photos, sum), "lines", "行里的照片没有列在 photos 中", "a line's photo is not among photos")
		}
		out.Lines = append(out.Lines, inspect.Line{Line: l.Line, Result: inspect.Result(l.Result), How: l.How, Note: l.Note, Photos: l.Photos})
	}
	for _, n := range in.Counts {
		out.Counts = append(out.Counts, inspect.Count{Measure: n.Measure, Found: n.Found, Base: n.Base})
	}
	return out, c.Err()
}

func (s *Server) makeInspection(w http.ResponseWriter, r *http.Request) error {
	var in inspectionBody
	raw, err := receive(w, r, &in)
	if err != nil {
		return err
	}
	who := callOf(r).who
	return s.command(w, r, raw, http.StatusCreated, func(tx *db.Tx, key string) (any, error) {
		in, err := in.make(key, s.madeAt(r, in.MadeAt))
		if err != nil {
			return nil, err
		}
		i, err := inspect.Take(tx, who, in)
		if err != nil {
			return nil, err
		}
		f, err := inspect.Whole(tx, i)
		if err != nil {
			return nil, err
		}
		v, err := s.viewer(tx, language(r))
		if err != nil {
			return nil, err
		}
		return v.inspectionWhole(tx, f)
	})
}

func (s *Server) listInspections(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	limit, err := pageSize(q.Get("limit"))
	if err != nil {
		return err
	}
	f := inspect.Filter{Place: q.Get("place"), Area: q.Get("area"), Kind: q.Get("kind"), Purpose: q.Get("purpose"), Mine: q.Get("mine") == "yes", Bad: q.Get("bad") == "yes",
		Limit: limit, After: q.Get("after")}
	page := struct {
		Items []inspectionView `json:"items"`
		Next  string           `json:"next"`
		Total int              `json:"total"`
	}{Items: []inspectionView{}}
	err = s.read(r, func(tx *db.Tx) error {
		p, err := inspect.List(tx, callOf(r).who, f)
		if err != nil {
			return err
		}
		v, err := s.viewer(tx, language(r))
		for _, i := range p.Items {
			page.Items = append(page.Items, v.inspection(i))
		}
		page.Next, page.Total = p.Next, p.Total
		return err
	})
	if err != nil {
		return err
	}
	return send(w, http.StatusOK, page)
}

func (s *Server) getInspection(w http.ResponseWriter, r *http.Request) error {
	var out inspectionFull
	err := s.read(r, func(tx *db.Tx) error {
		f, err := inspect.Get(tx, callOf(r).who, r.PathValue("id"))
		if err != nil {
			return err
		}
		v, err := s.viewer(tx, language(r))
		if err != nil {
			return err
		}
		out, err = v.inspectionWhole(tx, f)
		return err
	})
	if err != nil {
		return err
	}
	body, err := json.Marshal(out)
	if err != nil {
		return err
	}
	return sendTagged(w, r, "application/json; charset=utf-8", body)
}

// window reads ?days=, the last so many days up to today; 7 by default.
func window(tx *db.Tx, r *http.Request) (from, to calendar.Day, err error) {
	n := 7
	if text := r.URL.Query().Get("days"); text != "" {
		var c fault.Check
		n = numberIn(&c, "days", text, 1, 92)
		if err := c.Err(); err != nil {
			return "", "", err
		}
	}
	to = today(tx)
	return to.Add(1 - n), to, nil
}
