package api

import (
	"net/http"
	"strconv"

	"chuangwei/internal/flow/inspect"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/geo"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/place"
	"chuangwei/internal/register/standard/score"
)

// numberIn reads a whole number of a query within bounds.
func numberIn(c *fault.Check, name, text string, least, most int) int {
	n, err := strconv.Atoi(text)
	c.That(err == nil && n >= least && n <= most, name, "%[1]s 要在%[2]d到%[3]d之间", "%[1]s lies between %[2]d and %[3]d", name, least, most)
	return n
}

// pageSize reads ?limit=; 50 by default.
func pageSize(text string) (int, error) {
	if text == "" {
		return 50, nil
	}
	var c fault.Check
	n := numberIn(&c, "limit", text, 1, 200)
	return n, c.Err()
}

type tallyView struct {
	Key    string `json:"key"`
	Name   string `json:"name"`
	Places int    `json:"places"`
	Looked int    `json:"looked"`
	Asked  int    `json:"asked"`
	Kept   int    `json:"kept"`
}

type leftView struct {
	Place  placeView `json:"place"`
	LastOn string    `json:"last_on,omitempty"`
	Asked  int       `json:"asked"`
}

type coverageView struct {
	FromOn string      `json:"from_on"`
	ToOn   string      `json:"to_on"`
	All    tallyView   `json:"all"`
	Areas  []tallyView `json:"areas"`
	Kinds  []tallyView `json:"kinds"`
	Left   []leftView  `json:"left"`
}

// getCoverage is what was looked at and what was not, without persons.
func (s *Server) getCoverage(w http.ResponseWriter, r *http.Request) error {
	out := coverageView{Areas: []tallyView{}, Kinds: []tallyView{}, Left: []leftView{}}
	err := s.read(r, func(tx *db.Tx) error {
		from, to, err := window(tx, r)
		if err != nil {
			return err
		}
		c, err := inspect.Covered(tx, callOf(r).who, r.URL.Query().Get("area"), from, to)
		if err != nil {
			return err
		}
		v, err := s.viewer(tx, language(r))
		out.FromOn, out.ToOn, out.All = string(from), string(to), viewTally("", "", c.All)
		for _, t := range c.ByArea {
			out.Areas = append(out.Areas, viewTally(t.AreaID, v.where.areas[t.AreaID].Name, t))
		}
		for _, t := range c.ByKind {
			out.Kinds = append(out.Kinds, viewTally(t.Kind, v.placeKind(t.Kind), t))
		}
		for _, l := range c.Left {
			out.Left = append(out.Left, leftView{viewPlace(l.Place), l.LastOn, l.Asked})
		}
		return err
	})
	if err != nil {
		return err
	}
	return send(w, http.StatusOK, out)
}

func viewTally(key, name string, t inspect.Tally) tallyView {
	return tallyView{key, name, t.Places, t.Looked, t.Asked, t.Kept}
}

type planView struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Kind     string `json:"kind"`
	KindName string `json:"kind_name"`
	Area     *ref   `json:"area,omitempty"`
	Every    string `json:"every"`
	Times    int    `json:"times"`
	Role     string `json:"role,omitempty"`
	FromOn   string `json:"from_on"`
	ToOn     string `json:"to_on,omitempty"`
	By       string `json:"by"`
}

func (v viewer) plan(p inspect.Plan) planView {
	return planView{p.ID, p.Name, p.Kind, v.placeKind(p.Kind), v.area(p.AreaID), p.Every, p.Times, string(p.Role), p.FromOn, p.ToOn, v.names.Name(p.MadeBy)}
}

func (s *Server) listPlans(w http.ResponseWriter, r *http.Request) error {
	var views []planView
	err := s.read(r, func(tx *db.Tx) error {
		v, err := s.viewer(tx, language(r))
		if err != nil {
			return err
		}
		list, err := inspect.Plans(tx, callOf(r).who, today(tx))
		for _, p := range list {
			views = append(views, v.plan(p))
		}
		return err
	})
	if err != nil {
		return err
	}
	return sendItems(w, r, views)
}

type planBody struct {
	Name   string `json:"name" body:"required"`
	Kind   string `json:"kind" body:"required"`
	Area   string `json:"area"`
	Every  string `json:"every" body:"required"`
	Times  int64  `json:"times" body:"required"`
	Role   string `json:"role"`
	FromOn string `json:"from_on"`
	ToOn   string `json:"to_on"`
	MadeAt int64  `json:"made_at"`
}

func (s *Server) addPlan(w http.ResponseWriter, r *http.Request) error {
	var in planBody
	raw, err := receive(w, r, &in)
	if err != nil {
		return err
	}
	who := callOf(r).who
	return s.command(w, r, raw, http.StatusCreated, func(tx *db.Tx, key string) (any, error) {
		p, err := inspect.AddPlan(tx, who, inspect.Plan{ID: key, Name: in.Name, Kind: in.Kind, AreaID: in.Area, Every: in.Every, Times: int(in.Times), Role: org.Role(in.Role), FromOn: in.FromOn, ToOn: in.ToOn})
		if err != nil {
			return nil, err
		}
		v, err := s.viewer(tx, language(r))
		return v.plan(p), err
	})
}

type endBody struct {
	MadeAt int64 `json:"made_at"`
}

func (s *Server) endPlan(w http.ResponseWriter, r *http.Request) error {
	var in endBody
	raw, err := receive(w, r, &in)
	if err != nil {
		return err
	}
	who, id := callOf(r).who, r.PathValue("id")
	return s.command(w, r, raw, http.StatusOK, func(tx *db.Tx, _ string) (any, error) {
		p, err := inspect.EndPlan(tx, who, id)
		if err != nil {
			return nil, err
		}
		v, err := s.viewer(tx, language(r))
		return v.plan(p), err
	})
}

type dueView struct {
	Plan     ref       `json:"plan"`
	Place    placeView `json:"place"`
	KindName string    `json:"kind_name"`
	Looks    int       `json:"looks"`
	Times    int       `json:"times"`
	Every    string    `json:"every"`
	LastOn   string    `json:"last_on,omitempty"`
	ByOn     string    `json:"by_on"`
}

// dueShown is how many places an answer lists; all are counted.
const dueShown = 300

// listDue is what the plans still ask of the reader today.
func (s *Server) listDue(w http.ResponseWriter, r *http.Request) error {
	out := struct {
		Items []dueView `json:"items"`
		Total int       `json:"total"`
	}{Items: []dueView{}}
	err := s.read(r, func(tx *db.Tx) error {
		v, err := s.viewer(tx, language(r))
		if err != nil {
			return err
		}
		list, err := inspect.DueFor(tx, callOf(r).who, today(tx))
		out.Total = len(list)
		for _, d := range list[:min(len(list), dueShown)] {
			out.Items = append(out.Items, dueView{ref{d.Plan.ID, d.Plan.Name}, viewPlace(d.Place), v.placeKind(d.Plan.Kind), d.Looks, d.Plan.Times, d.Plan.Every, d.LastOn, string(d.ByOn)})
		}
		return err
	})
	if err != nil {
		return err
	}
	return send(w, http.StatusOK, out)
}

type stopView struct {
	Place   placeView `json:"place"`
	Open    int       `json:"open"`
	Overdue int       `json:"overdue"`
	Back    int       `json:"back"`
	LastOn  string    `json:"last_on,omitempty"`
	Metres  int       `json:"metres"`
}

// getWalk leads to the worst places nobody has looked at for a week.
func (s *Server) getWalk(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	var c fault.Check
	n, start := 8, (*geo.Point)(nil)
	if q.Get("n") != "" {
		n = numberIn(&c, "n", q.Get("n"), 1, 20)
	}
	if q.Get("lat") != "" || q.Get("lon") != "" {
		lat, laterr := strconv.ParseFloat(q.Get("lat"), 64)
		lon, lonerr := strconv.ParseFloat(q.Get("lon"), 64)
		c.That(laterr == nil && lonerr == nil, "lat", "经度和纬度要一起给", "latitude and longitude go together")
		start = &geo.Point{Lat: lat, Lon: lon}
	}
	if err := c.Err(); err != nil {
		return err
	}
	var views []stopView
	err := s.read(r, func(tx *db.Tx) error {
		stops, err := inspect.Wander(tx, callOf(r).who, q.Get("area"), start, n)
		for _, st := range stops {
			views = append(views, stopView{viewPlace(st.Place), st.Open, st.Overdue, st.Back, st.LastOn, st.Metres})
		}
		return err
	})
	if err != nil {
		return err
	}
	return sendItems(w, r, views)
}

type surveyView struct {
	Pack  string     `json:"pack"`
	Name  string     `json:"name"`
	Grade string     `json:"grade"`
	Pests []pestView `json:"pests"`
}

type pestView struct {
	ID       string        `json:"id"`
	Name     string        `json:"name"`
	Grade    string        `json:"grade"`
	Measures []measureView `json:"measures"`
}

type measureView struct {
	Grade      string         `json:"grade"`
	Quantities []quantityView `json:"quantities"`
}

type quantityView struct {
	Measure string `json:"measure"`
	Name    string `json:"name"`
	Unit    string `json:"unit"`
	Counted bool   `json:"counted"`
	Found   int64  `json:"found"`
	Base    int64  `json:"base"`
	Value   string `json:"value,omitempty"`
	Limit   string `json:"limit,omitempty"`
	Grade   string `json:"grade"`
	Checked string `json:"checked,omitempty"`
}

// gradeWord is a grade in the contract: ungraded where something is not known.
func gradeWord(g score.Grade) string {
	if g == score.Ungraded {
		return "ungraded"
	}
	return string(g)
}

func (v viewer) survey(s inspect.Survey) surveyView {
	out := surveyView{Pack: s.Pack.ID, Name: v.in(s.Pack.ZH, s.Pack.EN), Grade: gradeWord(s.Grade), Pests: []pestView{}}
	for _, p := range s.Pests {
		pv := pestView{ID: p.ID, Name: p.ID, Grade: gradeWord(p.Grade), Measures: []measureView{}}
		for _, m := range p.Measures {
			mv := measureView{Grade: gradeWord(m.Grade), Quantities: []quantityView{}}
			for _, q := range m.Quantities {
				mv.Quantities = append(mv.Quantities, v.quantity(s, &pv, q))
			}
			pv.Measures = append(pv.Measures, mv)
		}
		out.Pests = append(out.Pests, pv)
	}
	return out
}

// quantity words one figure, and names its pest by the item it belongs to.
func (v viewer) quantity(s inspect.Survey, pest *pestView, q score.Quantity) quantityView {
	out := quantityView{Measure: s.Pack.ID + ":" + q.ID, Name: v.in(q.ZH, q.EN), Grade: gradeWord(q.Grade)}
	if c, ok := s.Counts[q.ID]; ok {
		out.Counted, out.Found, out.Base = true, c.Found, c.Base
	}
	if q.Known {
		out.Value = q.Value.String()
	}
	for _, m := range s.Pack.Vectors {
		if m.ID == q.ID {
			out.Unit, out.Limit, out.Checked = m.Unit, limits(m), m.Checked
			it, _ := s.Pack.Item(m.Item)
			pest.Name = v.in(it.ZH, it.EN)
		}
	}
	return out
}

// getVectors sums what was counted in the window and grades it.
func (s *Server) getVectors(w http.ResponseWriter, r *http.Request) error {
	out := struct {
		FromOn  string       `json:"from_on"`
		ToOn    string       `json:"to_on"`
		Places  int          `json:"places"`
		Surveys []surveyView `json:"surveys"`
	}{Surveys: []surveyView{}}
	err := s.read(r, func(tx *db.Tx) error {
		from, to, err := window(tx, r)
		if err != nil {
			return err
		}
		if area := r.URL.Query().Get("area"); area != "" {
			if _, err := place.AreaByID(tx, area); err != nil {
				return err
			}
		}
		counts, places, err := inspect.Counted(tx, callOf(r).who, r.URL.Query().Get("area"), from, to)
		if err != nil {
			return err
		}
		out.FromOn, out.ToOn, out.Places = string(from), string(to), places
		v, err := s.viewer(tx, language(r))
		if err != nil {
			return err
		}
		surveys, err := inspect.Graded(tx, counts)
		for _, sv := range surveys {
			out.Surveys = append(out.Surveys, v.survey(sv))
		}
		return err
	})
	if err != nil {
		return err
	}
	return send(w, http.StatusOK, out)
}
