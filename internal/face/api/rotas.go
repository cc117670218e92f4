package api

import (
	"errors"
	"net/http"
	"time"

	"chuangwei/internal/flow/duty"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/sheet"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
)

type teamView struct {
	ID      string     `json:"id"`
	Code    string     `json:"code"`
	Name    string     `json:"name"`
	Kind    string     `json:"kind"`
	Unit    *ref       `json:"unit,omitempty"`
	Area    *ref       `json:"area,omitempty"`
	Place   *ref       `json:"place,omitempty"`
	Leader  *ref       `json:"leader,omitempty"`
	People  []crewView `json:"people"`
	EndedOn string     `json:"ended_on,omitempty"`
	May     []string   `json:"may"`
}

func (v viewer) team(who org.Actor, t duty.Team) teamView {
	out := teamView{ID: t.ID, Code: t.Code, Name: t.Name, Kind: t.Kind, Unit: v.unit(t.UnitID), Area: v.area(t.AreaID), Leader: v.person(t.LeaderID),
		People: []crewView{}, EndedOn: t.EndedOn, May: []string{}}
	if p, ok := v.where.places[t.PlaceID]; ok {
		out.Place = &ref{p.ID, p.Name}
	}
	if duty.MayPutTeam(who, t) {
		out.May = append(out.May, "change")
	}
	for _, id := range t.People {
		p := v.names.Person(id)
		out.People = append(out.People, crewView{ID: id, Name: p.Name, Unit: v.names.Unit(p.UnitID).Short})
	}
	return out
}

func (s *Server) listTeams(w http.ResponseWriter, r *http.Request) error {
	views := []teamView{}
	err := s.read(r, func(tx *db.Tx) error {
		list, err := duty.Teams(tx, callOf(r).who)
		if err != nil {
			return err
		}
		v, err := s.viewer(tx, language(r))
		for _, t := range list {
			views = append(views, v.team(callOf(r).who, t))
		}
		return err
	})
	if err != nil {
		return err
	}
	return sendItems(w, r, views)
}

// putTeam is POST /api/teams: a new team, or with an id what is now known of it.
func (s *Server) putTeam(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		ID      string   `json:"id"`
		Code    string   `json:"code" body:"required"`
		Name    string   `json:"name" body:"required"`
		Kind    string   `json:"kind" body:"required"`
		Unit    string   `json:"unit"`
		Area    string   `json:"area"`
		Place   string   `json:"place"`
		Leader  string   `json:"leader" body:"required"`
		People  []string `json:"people" body:"required"`
		EndedOn string   `json:"ended_on"`
	}
	raw, err := receive(w, r, &in)
	if err != nil {
		return err
	}
	if _, err := calendar.ParseDay(in.EndedOn); in.EndedOn != "" && err != nil {
		return fault.New(fault.Invalid, "team.ended", "结束日期不对。", "The day it ended is wrong.").In("ended_on", "如 2026-08-12", "like 2026-08-12")
	}
	return s.command(w, r, raw, http.StatusOK, func(tx *db.Tx, key string) (any, error) {
		t := duty.Team{ID: in.ID, Code: in.Code, Name: in.Name, Kind: in.Kind, UnitID: in.Unit, AreaID: in.Area, PlaceID: in.Place,
			LeaderID: in.Leader, People: in.People, EndedOn: in.EndedOn}
		if t.ID == "" {
			t.ID = key
		}
		t, err := duty.PutTeam(tx, callOf(r).who, t)
		if err != nil {
			return nil, err
		}
		v, err := s.viewer(tx, language(r))
		return v.team(callOf(r).who, t), err
	})
}

// exportDuties is GET /api/duties.xlsx: the rota a screen shows, as a file
// that can be changed and sent back.
func (s *Server) exportDuties(w http.ResponseWriter, r *http.Request) error {
	return s.read(r, func(tx *db.Tx) error {
		list, err := duty.List(tx, callOf(r).who, dutyFilter(r, today(tx)))
		if err != nil {
			return err
		}
		name := time.Now().In(calendar.Zone).Format("duties-20060102-1504.xlsx")
		w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
		w.Header().Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
		return sheet.Write(w, []sheet.Table{duty.Table}, func(_ sheet.Table, put func(map[string]string) error) error { return duty.Rows(tx, list, put) })
	})
}

// importDuties is POST /api/duties.xlsx: what a rota would change, and with
// apply=yes the duties themselves, all of them or none.
func (s *Server) importDuties(w http.ResponseWriter, r *http.Request) error {
	apply, err := applies(r)
	if err != nil {
		return err
	}
	var bad sheet.Faults
	sheets, err := sheet.Look(http.MaxBytesReader(w, r.Body, workbookMost+1), []sheet.Table{duty.Table}, &bad)
	if err != nil {
		return err
	}
	out := struct {
		Items   []dutyView `json:"items"`
		New     int        `json:"new"`
		Changed int        `json:"changed"`
		Same    int        `json:"same"`
		Done    bool       `json:"done"`
	}{Items: []dutyView{}, Done: apply}
	err = s.DB.Write(r.Context(), func(tx *db.Tx) error {
		list, err := duty.TakeIn(tx, callOf(r).who, sheets[duty.Table.Name], &bad)
		if err != nil {
			return err
		}
		v, err := s.dutyViewer(tx, r)
		if err != nil {
			return err
		}
		for _, t := range list {
			switch t.What {
			case "new":
				out.New++
			case "changed":
				out.Changed++
			default:
				out.Same++
				continue
			}
			d, err := v.duty(t.Duty)
			if err != nil {
				return err
			}
			if len(out.Items) < changesShown {
				out.Items = append(out.Items, d)
			}
		}
		if !apply {
			return errLooked
		}
		return nil
	})
	if err != nil && !errors.Is(err, errLooked) {
		return err
	}
	return send(w, http.StatusOK, out)
}
