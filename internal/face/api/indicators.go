package api

import (
	"fmt"
	"net/http"

	"chuangwei/internal/campaign/assess"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/standard"
	"chuangwei/internal/register/standard/formula"
)

type indicatorView struct {
	Indicator string         `json:"indicator"`
	Item      string         `json:"item"`
	Title     string         `json:"title"`
	Text      string         `json:"text"`
	Unit      string         `json:"unit"`
	Target    string         `json:"target"`
	Checked   string         `json:"checked"`
	Lead      *ref           `json:"lead,omitempty"`
	May       bool           `json:"may"`
	Figures   []measuredView `json:"figures"`
}

type measuredView struct {
	ID     string `json:"id"`
	Value  string `json:"value"`
	On     string `json:"on"`
	Source string `json:"source"`
	Who    string `json:"who"`
	At     int64  `json:"at"`
}

func (s *Server) listIndicators(w http.ResponseWriter, r *http.Request) error {
	var views []indicatorView
	err := s.read(r, func(tx *db.Tx) error {
		id := r.URL.Query().Get("pack")
		list, err := assess.Gauges(tx, callOf(r).who, id)
		if err != nil {
			return err
		}
		h, err := standard.PackByID(tx, id)
		if err != nil {
			return err
		}
		v, err := s.viewer(tx, language(r))
		for _, g := range list {
			it, _ := h.Item(g.Item)
			view := indicatorView{g.ID, g.Item, v.in(it.ZH, it.EN), v.in(g.ZH, g.EN), g.Unit, packWriter{Held: h, lang: v.lang}.target(g.Indicator), g.Checked, v.unit(g.Lead), g.May, []measuredView{}}
			for _, f := range g.Figures {
				view.Figures = append(view.Figures, v.figure(f))
			}
			views = append(views, view)
		}
		return err
	})
	if err != nil {
		return err
	}
	return sendItems(w, r, views)
}

func (v viewer) figure(f assess.Figure) measuredView {
	return measuredView{f.ID, f.Value.String(), f.OnDay, f.Source, v.names.Name(f.Who), f.At}
}

type figureBody struct {
	Pack      string `json:"pack" body:"required"`
	Indicator string `json:"indicator" body:"required"`
	Value     string `json:"value" body:"required"`
	On        string `json:"on" body:"required"`
	Source    string `json:"source" body:"required"`
	MadeAt    int64  `json:"made_at"`
}

func (s *Server) recordFigure(w http.ResponseWriter, r *http.Request) error {
	var in figureBody
	raw, err := receive(w, r, &in)
	if err != nil {
		return err
	}
	who := callOf(r).who
	return s.command(w, r, raw, http.StatusCreated, func(tx *db.Tx, key string) (any, error) {
		value, err := formula.Number(in.Value)
		if err != nil {
			var c fault.Check
			c.That(false, "value", "请填数字，最多三位小数", "a number with at most three decimals")
			return nil, c.Err()
		}
		f, err := assess.Record(tx, who, assess.Figure{ID: key, Pack: in.Pack, Indicator: in.Indicator, Value: value, OnDay: in.On, Source: in.Source})
		if err != nil {
			return nil, err
		}
		v, err := s.viewer(tx, language(r))
		return v.figure(f), err
	})
}

type estimateView struct {
	On       string         `json:"on"`
	Pack     packView       `json:"pack"`
	Sample   int            `json:"sample"`
	Expected string         `json:"expected"`
	Low      string         `json:"low"`
	High     string         `json:"high"`
	Points   string         `json:"points"`
	Chance   int            `json:"chance"`
	Strict   string         `json:"strict"`
	Rounds   int            `json:"rounds"`
	Fallen   []string       `json:"fallen"`
	Lines    []estimateLine `json:"lines"`
	Past     []roundView    `json:"past"`
}

type estimateLine struct {
	Line     string `json:"line"`
	Item     string `json:"item"`
	Title    string `json:"title"`
	Text     string `json:"text"`
	Chapter  string `json:"chapter"`
	Style    string `json:"style"`
	Points   string `json:"points"`
	Expected string `json:"expected"`
	Low      string `json:"low"`
	High     string `json:"high"`
	Looks    int    `json:"looks"`
	Of       int    `json:"of,omitempty"`
	NewestOn string `json:"newest_on,omitempty"`
	Why      string `json:"why"`
	Checked  string `json:"checked"`
}

// getEstimate is what today would score, line by line, and how earlier
// estimates compared with what rounds then came to.
func (s *Server) getEstimate(w http.ResponseWriter, r *http.Request) error {
	out := estimateView{Fallen: []string{}, Lines: []estimateLine{}, Past: []roundView{}}
	err := s.read(r, func(tx *db.Tx) error {
		who := callOf(r).who
		e, err := assess.Estimate(tx, who, r.URL.Query().Get("pack"))
		if err != nil {
			return err
		}
		v, err := s.viewer(tx, language(r))
		if err != nil {
			return err
		}
		out.fill(v, e)
		list, err := assess.List(tx, who)
		for _, x := range list {
			if x.Pack != e.Pack.ID || x.State != assess.Finished || x.Estimate == nil {
				continue
			}
			view, err := v.round(tx, x)
			if err != nil {
				return err
			}
			out.Past = append(out.Past, view)
		}
		return err
	})
	if err != nil {
		return err
	}
	return send(w, http.StatusOK, out)
}

func (out *estimateView) fill(v viewer, e assess.Standing) {
	out.On, out.Pack, out.Chance, out.Rounds, out.Strict = string(e.On), viewPack(e.Pack, v.lang), e.Chance, e.Rounds, fmt.Sprintf("%.2f", e.Strict)
	out.Expected, out.Low, out.High, out.Points = e.Expected.String(), e.Low.String(), e.High.String(), e.Points.String()
	for _, w := range e.Wants {
		out.Sample += w.N
	}
	for _, f := range e.Fallen {
		out.Fallen = append(out.Fallen, v.in(f.ZH, f.EN))
	}
	for _, l := range e.Lines {
		it, _ := e.Pack.Item(l.Item)
		out.Lines = append(out.Lines, estimateLine{l.ID, l.Item, v.in(it.ZH, it.EN), v.in(l.ZH, l.EN), it.Chapter, l.Style, l.Points.String(), l.Expected.String(), l.Low.String(), l.High.String(),
			l.Looks, l.Of, l.NewestOn, l.Why.In(v.lang), l.Checked})
	}
}
