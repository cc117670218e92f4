package api

import (
	"net/http"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/plan/roster"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
)

type memberView struct {
	ID     string      `json:"id"`
	Name   string      `json:"name"`
	Unit   ref         `json:"unit"`
	Skills []org.Skill `json:"skills"`
	Home   string      `json:"home"`
}

func (s *Server) listMembers(w http.ResponseWriter, r *http.Request) error {
	views := []memberView{}
	err := s.read(r, func(tx *db.Tx) error {
		list, err := roster.Members(tx, callOf(r).who, r.URL.Query().Get("unit"))
		if err != nil {
			return err
		}
		names, err := org.Names(tx)
		for _, m := range list {
			u := names.Unit(m.Person.UnitID)
			views = append(views, memberView{m.Person.ID, m.Person.Name, ref{u.ID, u.Short}, append([]org.Skill{}, m.Skills...), m.Home})
		}
		return err
	})
	if err != nil {
		return err
	}
	return sendItems(w, r, views)
}

func (s *Server) setMember(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Skills []org.Skill `json:"skills" body:"required"`
		Home   string      `json:"home"`
	}
	raw, err := receive(w, r, &in)
	if err != nil {
		return err
	}
	return s.command(w, r, raw, http.StatusNoContent, func(tx *db.Tx, _ string) (any, error) {
		return nil, roster.SetMember(tx, callOf(r).who, r.PathValue("id"), in.Skills, in.Home)
	})
}

type wishView struct {
	On    string `json:"on"`
	Likes int    `json:"likes"`
}

func (s *Server) listWishes(w http.ResponseWriter, r *http.Request) error {
	views := []wishView{}
	err := s.read(r, func(tx *db.Tx) error {
		list, err := roster.Wishes(tx, callOf(r).who)
		for _, x := range list {
			views = append(views, wishView{x.On, x.Likes})
		}
		return err
	})
	if err != nil {
		return err
	}
	return sendItems(w, r, views)
}

func (s *Server) setWish(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		On     string `json:"on" body:"required"`
		Likes  int    `json:"likes" body:"required"`
		MadeAt int64  `json:"made_at"`
	}
	raw, err := receive(w, r, &in)
	if err != nil {
		return err
	}
	if _, err := calendar.ParseDay(in.On); err != nil {
		return fault.New(fault.Invalid, "wish.on", "日期不对。", "The day is wrong.").In("on", "如 2026-08-12", "like 2026-08-12")
	}
	return s.command(w, r, raw, http.StatusNoContent, func(tx *db.Tx, _ string) (any, error) {
		return nil, roster.SetWish(tx, callOf(r).who, roster.Wish{On: in.On, Likes: in.Likes})
	})
}
