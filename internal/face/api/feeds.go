package api

import (
	"bytes"
	"net/http"
	"slices"
	"strings"

	"chuangwei/internal/face/feed"
	"chuangwei/internal/flow/duty"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
)

type feedView struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	MadeAt int64  `json:"made_at"`
	Team   *ref   `json:"team,omitempty"` // whose duties it shows instead of one's own days
	Area   *ref   `json:"area,omitempty"`
	URL    string `json:"url,omitempty"` // once, when it is made
}

func (v viewer) feed(f feed.Feed, teams []duty.Team, url string) feedView {
	out := feedView{ID: f.ID, Name: f.Name, MadeAt: f.MadeAt, Area: v.area(f.AreaID), URL: url}
	if i := slices.IndexFunc(teams, func(t duty.Team) bool { return t.ID == f.TeamID }); i >= 0 {
		out.Team = &ref{teams[i].ID, teams[i].Name}
	}
	return out
}

// listFeeds is GET /api/feeds: one's addresses, and the teams and areas whose
// duties another could show.
func (s *Server) listFeeds(w http.ResponseWriter, r *http.Request) error {
	out := struct {
		Items []feedView `json:"items"`
		Teams []ref      `json:"teams"`
		Areas []ref      `json:"areas"`
	}{[]feedView{}, []ref{}, []ref{}}
	err := s.read(r, func(tx *db.Tx) error {
		v, err := s.viewer(tx, language(r))
		if err != nil {
			return err
		}
		teams, areas, err := feed.Choices(tx, callOf(r).who)
		if err != nil {
			return err
		}
		for _, t := range teams {
			out.Teams = append(out.Teams, ref{t.ID, t.Name})
		}
		for _, a := range areas {
			out.Areas = append(out.Areas, ref{a.ID, a.Name})
		}
		list, err := feed.Feeds(tx, callOf(r).who)
		for _, f := range list {
			out.Items = append(out.Items, v.feed(f, teams, ""))
		}
		return err
	})
	if err != nil {
		return err
	}
	return send(w, http.StatusOK, out)
}

func (s *Server) makeFeed(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Name string `json:"name" body:"required"`
		Team string `json:"team"`
		Area string `json:"area"`
	}
	raw, err := receive(w, r, &in)
	if err != nil {
		return err
	}
	return s.command(w, r, raw, http.StatusCreated, func(tx *db.Tx, key string) (any, error) {
		f, secret, err := feed.Make(tx, callOf(r).who, feed.Feed{ID: key, Name: in.Name, TeamID: in.Team, AreaID: in.Area})
		if err != nil {
			return nil, err
		}
		v, err := s.viewer(tx, language(r))
		if err != nil {
			return nil, err
		}
		teams, err := duty.Teams(tx, callOf(r).who)
		return v.feed(f, teams, s.origin(r)+"/api/ical/"+secret+".ics"), err
	})
}

func (s *Server) endFeed(w http.ResponseWriter, r *http.Request) error {
	raw, err := receive(w, r, &struct{}{})
	if err != nil {
		return err
	}
	return s.command(w, r, raw, http.StatusNoContent, func(tx *db.Tx, _ string) (any, error) {
		return nil, feed.End(tx, callOf(r).who, r.PathValue("id"))
	})
}

// calendarOf is GET /api/ical/{secret}: a calendar program has no sign-in, the
// secret in the address is its key.
func (s *Server) calendarOf(w http.ResponseWriter, r *http.Request) error {
	secret, ok := strings.CutSuffix(r.PathValue("secret"), ".ics")
	if !ok {
		return fault.New(fault.NotFound, "feed.none", "没有这个日历地址，或已停用。", "There is no such calendar, or it has ended.")
	}
	if err := s.limits.allow("ical/"+s.remote(r), reportRate, 60); err != nil {
		return err
	}
	var body bytes.Buffer
	if err := s.read(r, func(tx *db.Tx) error { return feed.Write(tx, secret, s.origin(r), &body) }); err != nil {
		return err
	}
	return sendTagged(w, r, "text/calendar; charset=utf-8", body.Bytes())
}
