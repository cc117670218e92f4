package api

import (
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
