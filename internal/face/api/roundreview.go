package api

import (
	"net/http"
	"time"

	"chuangwei/internal/campaign/assess"
	"chuangwei/internal/campaign/assess/book"
	"chuangwei/internal/flow/cases"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
)

// debtView is a lost point in the retrospective.
type debtView struct {
	Loss    lossView      `json:"loss"`
	Settled *settledView  `json:"settled,omitempty"`
	Case    *seenCaseView `json:"case,omitempty"`
	Plan    *proposalView `json:"plan,omitempty"`
}

type settledView struct {
	Outcome string `json:"outcome"`
	Reason  string `json:"reason,omitempty"`
	Who     string `json:"who"`
	At      int64  `json:"at"`
}

type proposalView struct {
	Kind     string        `json:"kind"`
	KindName string        `json:"kind_name"`
	Link     *seenCaseView `json:"link,omitempty"`
	Unit     *ref          `json:"unit,omitempty"`
	Owner    *ref          `json:"owner,omitempty"`
	DueOn    string        `json:"due_on,omitempty"`
	Why      []string      `json:"why"`
}

type farView struct {
	Losses  int `json:"losses"`
	Settled int `json:"settled"`
	None    int `json:"none"`
	Open    int `json:"open"`
	Fixed   int `json:"fixed"`
	Closed  int `json:"closed"`
}

type debtsView struct {
	Round    roundView  `json:"round"`
	Progress farView    `json:"progress"`
	Items    []debtView `json:"items"`
}

func (v viewer) seenCase(c cases.Case) *seenCaseView {
	k := v.view(c)
	return &seenCaseView{k.ID, k.No, k.State, k.KindName, k.Owner, k.Unit, k.DueOn}
}

func (v viewer) debts(tx *db.Tx, who org.Actor, id string) (debtsView, error) {
	out := debtsView{Items: []debtView{}}
	r, list, err := assess.Debts(tx, who, id)
	if err != nil {
		return out, err
	}
	_, o, err := assess.Result(tx, who, id)
	if err != nil {
		return out, err
	}
	if out.Round, err = v.round(tx, r); err != nil {
		return out, err
	}
	out.Progress = farView(assess.Far(list))
	for _, d := range list {
		view := debtView{Loss: v.loss(r, o, d.Loss)}
		switch {
		case d.Settled != nil:
			view.Settled = &settledView{d.Settled.Outcome, d.Settled.Reason, v.names.Name(d.Settled.Who), d.Settled.At}
			if d.Case != nil {
				view.Case = v.seenCase(*d.Case)
			}
		case d.Plan.Kind != "":
			view.Plan = v.proposal(d.Plan)
		}
		out.Items = append(out.Items, view)
	}
	return out, nil
}

func (v viewer) proposal(p assess.Proposal) *proposalView {
	out := &proposalView{Kind: p.Kind, KindName: v.kindName(p.Kind), Why: []string{}}
	if p.Link != nil {
		out.Link = v.seenCase(*p.Link)
		return out
	}
	c := p.Foreseen
	out.Unit, out.Owner = v.unit(c.UnitID), v.person(c.OwnerID)
	if c.DueAt > 0 {
		out.DueOn = string(calendar.On(time.UnixMilli(c.DueAt)))
	}
	for _, why := range c.Reasons {
		out.Why = append(out.Why, why.Said.In(v.lang))
	}
	return out
}

func (s *Server) listDebts(w http.ResponseWriter, r *http.Request) error {
	var out debtsView
	err := s.read(r, func(tx *db.Tx) error {
		v, err := s.viewer(tx, language(r))
		if err != nil {
			return err
		}
		out, err = v.debts(tx, callOf(r).who, r.PathValue("id"))
		return err
	})
	if err != nil {
		return err
	}
	return send(w, http.StatusOK, out)
}

type settleBody struct {
	Losses []choiceBody `json:"losses" body:"required"`
	MadeAt int64        `json:"made_at"`
}

type choiceBody struct {
	Loss    string `json:"loss" body:"required"`
	Outcome string `json:"outcome" body:"required"`
	Kind    string `json:"kind"`
	Unit    string `json:"unit"`
	Owner   string `json:"owner"`
	DueOn   string `json:"due_on"`
	Case    string `json:"case"`
	Reason  string `json:"reason"`
}

// settleDebts keeps what the sitting decided, and answers how far it is.
func (s *Server) settleDebts(w http.ResponseWriter, r *http.Request) error {
	var in settleBody
	raw, err := receive(w, r, &in)
	if err != nil {
		return err
	}
	who := callOf(r).who
	return s.command(w, r, raw, http.StatusOK, func(tx *db.Tx, _ string) (any, error) {
		list := make([]assess.Choice, len(in.Losses))
		for i, c := range in.Losses {
			list[i] = assess.Choice(c)
		}
		far, err := assess.Settle(tx, who, r.PathValue("id"), list)
		return farView(far), err
	})
}

type comparedView struct {
	Earlier roundView      `json:"earlier"`
	Later   roundView      `json:"later"`
	Was     string         `json:"was"`
	Is      string         `json:"is"`
	Lines   []comparedLine `json:"lines"`
}

type comparedLine struct {
	Line   string     `json:"line"`
	Item   string     `json:"item"`
	Title  string     `json:"title"`
	Text   string     `json:"text"`
	Turn   string     `json:"turn"`
	Before string     `json:"before"`
	After  string     `json:"after"`
	Same   []lossView `json:"same"`
	Gone   []lossView `json:"gone"`
	Fresh  []lossView `json:"fresh"`
}

func (s *Server) compareRounds(w http.ResponseWriter, r *http.Request) error {
	out := comparedView{Lines: []comparedLine{}}
	err := s.read(r, func(tx *db.Tx) error {
		c, err := assess.Compare(tx, callOf(r).who, r.URL.Query().Get("with"), r.PathValue("id"))
		if err != nil {
			return err
		}
		v, err := s.viewer(tx, language(r))
		if err != nil {
			return err
		}
		if out.Earlier, err = v.round(tx, c.Earlier); err != nil {
			return err
		}
		out.Later, err = v.round(tx, c.Later)
		out.Was, out.Is = c.Was.Score.String(), c.Is.Score.String()
		losses := func(round assess.Round, o book.Outcome, list []book.Loss) []lossView {
			views := []lossView{}
			for _, l := range list {
				views = append(views, v.loss(round, o, l))
			}
			return views
		}
		for _, x := range c.Lines {
			l := v.scoredLine(c.Is.Sheet, x.Line)
			out.Lines = append(out.Lines, comparedLine{l.Line, l.Item, l.Title, l.Text, string(x.Turn), x.Before.String(), x.After.String(),
				losses(c.Later, c.Is, x.Same), losses(c.Earlier, c.Was, x.Gone), losses(c.Later, c.Is, x.Fresh)})
		}
		return err
	})
	if err != nil {
		return err
	}
	return send(w, http.StatusOK, out)
}
