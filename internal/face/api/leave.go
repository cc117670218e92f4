package api

import (
	"net/http"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
)

type leaveView struct {
	ID     string `json:"id"`
	FromOn string `json:"from_on"`
	ToOn   string `json:"to_on"`
	Reason string `json:"reason,omitempty"`
	Deputy *ref   `json:"deputy,omitempty"`
}

func viewLeave(names *org.Book, a org.Absence) leaveView {
	v := leaveView{ID: a.ID, FromOn: a.FromOn, ToOn: a.ToOn, Reason: a.Reason}
	if p := names.Person(a.DeputyID); p.ID != "" {
		v.Deputy = &ref{p.ID, p.Name}
	}
	return v
}

func (s *Server) listLeaves(w http.ResponseWriter, r *http.Request) error {
	views := []leaveView{}
	err := s.read(r, func(tx *db.Tx) error {
		names, err := org.Names(tx)
		if err != nil {
			return err
		}
		list, err := org.Absences(tx, callOf(r).who, string(today(tx)))
		for _, a := range list {
			views = append(views, viewLeave(names, a))
		}
		return err
	})
	if err != nil {
		return err
	}
	return sendItems(w, r, views)
}

func (s *Server) goAway(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		FromOn string `json:"from_on" body:"required"`
		ToOn   string `json:"to_on" body:"required"`
		Reason string `json:"reason"`
		Deputy string `json:"deputy"`
		MadeAt int64  `json:"made_at"`
	}
	raw, err := receive(w, r, &in)
	if err != nil {
		return err
	}
	var c fault.Check
	for name, on := range map[string]string{"from_on": in.FromOn, "to_on": in.ToOn} {
		_, err := calendar.ParseDay(on)
		c.That(err == nil, name, "不是有效的日期", "not a day")
	}
	if err := c.Err(); err != nil {
		return err
	}
	return s.command(w, r, raw, http.StatusCreated, func(tx *db.Tx, key string) (any, error) {
		a := org.Absence{Leave: org.Leave{ID: key, FromOn: in.FromOn, ToOn: in.ToOn, Reason: in.Reason}, DeputyID: in.Deputy}
		if err := org.GoAway(tx, callOf(r).who, a, string(today(tx))); err != nil {
			return nil, err
		}
		names, err := org.Names(tx)
		return viewLeave(names, a), err
	})
}

func (s *Server) comeBack(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		MadeAt int64 `json:"made_at"`
	}
	raw, err := receive(w, r, &in)
	if err != nil {
		return err
	}
	return s.command(w, r, raw, http.StatusNoContent, func(tx *db.Tx, _ string) (any, error) {
		return nil, org.ComeBack(tx, callOf(r).who, r.PathValue("id"))
	})
}
