package api

import (
	"bytes"
	"net/http"
	"strings"

	"chuangwei/internal/face/feed"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
)

type feedView struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	MadeAt int64  `json:"made_at"`
	URL    string `json:"url,omitempty"` // once, when it is made
}

func (s *Server) listFeeds(w http.ResponseWriter, r *http.Request) error {
	views := []feedView{}
	err := s.read(r, func(tx *db.Tx) error {
		list, err := feed.Feeds(tx, callOf(r).who)
		for _, f := range list {
			views = append(views, feedView{f.ID, f.Name, f.MadeAt, ""})
		}
		return err
	})
	if err != nil {
		return err
	}
	return send(w, http.StatusOK, map[string]any{"items": views})
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
		return feedView{f.ID, f.Name, f.MadeAt, s.origin(r) + "/api/ical/" + secret + ".ics"}, err
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
