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
	Person *ref   `json:"person,omitempty"` // of somebody else's
	Unit   string `json:"unit,omitempty"`
}

func viewLeave(names *org.Book, a org.Absence) leaveView {
	v := leaveView{ID: a.ID, FromOn: a.FromOn, ToOn: a.ToOn, Reason: a.Reason}
	if p := names.Person(a.DeputyID); p.ID != "" {
		v.Deputy = &ref{p.ID, p.Name}
	}
	return v
}

// viewLeaveOf tells whose absence it is, for who plans duties.
func viewLeaveOf(names *org.Book, a org.Absence) leaveView {
	v, p := viewLeave(names, a), names.Person(a.PersonID)
	v.Person, v.Unit = &ref{p.ID, p.Name}, names.Unit(p.UnitID).Short
	return v
}

// listLeaves is GET /api/leaves: one's own absences, or with planned=yes those
// of everybody one plans duties for.
func (s *Server) listLeaves(w http.ResponseWriter, r *http.Request) error {
	views := []leaveView{}
	err := s.read(r, func(tx *db.Tx) error {
		names, err := org.Names(tx)
		if err != nil {
			return err
		}
		if r.URL.Query().Get("planned") == "yes" {
			list, err := org.AbsencesPlanned(tx, callOf(r).who, string(today(tx)))
			for _, a := range list {
				views = append(views, viewLeaveOf(names, a))
			}
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
		Person string `json:"person"`
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
		a, err := org.GoAway(tx, callOf(r).who, org.Absence{Leave: org.Leave{ID: key, PersonID: in.Person, FromOn: in.FromOn, ToOn: in.ToOn, Reason: in.Reason},
			DeputyID: in.Deputy}, string(today(tx)))
		if err != nil {
			return nil, err
		}
		names, err := org.Names(tx)
		if err != nil || a.PersonID == callOf(r).who.ID {
			return viewLeave(names, a), err
		}
		return viewLeaveOf(names, a), nil
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
