package api

import (
	"fmt"
	"mime"
	"net/http"
	"strconv"

	"chuangwei/internal/flow/evidence"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/standard"
)

type archiveView struct {
	ID       string `json:"id"`
	Pack     ref    `json:"pack"`
	FromYear int    `json:"from_year"`
	ToYear   int    `json:"to_year"`
	State    string `json:"state"`
	Done     int    `json:"done"`
	Files    int    `json:"files"`
	Bytes    int64  `json:"bytes"`
	Manifest string `json:"manifest,omitempty"`
	Why      string `json:"why,omitempty"`
	Who      string `json:"who"`
	At       int64  `json:"at"`
	ReadyAt  int64  `json:"ready_at,omitempty"`
}

func (v viewer) archive(tx *db.Tx, a evidence.Archive) (archiveView, error) {
	out := archiveView{ID: a.ID, Pack: ref{ID: a.Pack}, FromYear: a.FromYear, ToYear: a.ToYear, State: a.State, Done: a.Done, Files: a.Files, Bytes: a.Bytes, Manifest: a.Manifest,
		Why: a.Why.In(v.lang), Who: v.names.Name(a.Who), At: a.At, ReadyAt: a.ReadyAt}
	h, err := standard.PackByID(tx, a.Pack)
	if err == nil {
		out.Pack.Name = v.in(h.ZH, h.EN)
	}
	return out, err
}

func (s *Server) listArchives(w http.ResponseWriter, r *http.Request) error {
	out := struct {
		Printable bool          `json:"printable"`
		Items     []archiveView `json:"items"`
	}{s.Printable, []archiveView{}}
	err := s.read(r, func(tx *db.Tx) error {
		list, err := evidence.Archives(tx, callOf(r).who)
		if err != nil {
			return err
		}
		v, err := s.viewer(tx, language(r))
		for _, a := range list {
			if err != nil {
				return err
			}
			var view archiveView
			view, err = v.archive(tx, a)
			out.Items = append(out.Items, view)
		}
		return err
	})
	if err != nil {
		return err
	}
	return send(w, http.StatusOK, out)
}

type archiveBody struct {
	Pack     string `json:"pack" body:"required"`
	FromYear int64  `json:"from_year" body:"required"`
	ToYear   int64  `json:"to_year" body:"required"`
	MadeAt   int64  `json:"made_at"`
}

func (s *Server) makeArchive(w http.ResponseWriter, r *http.Request) error {
	var in archiveBody
	raw, err := receive(w, r, &in)
	if err != nil {
		return err
	}
	who := callOf(r).who
	return s.command(w, r, raw, http.StatusCreated, func(tx *db.Tx, key string) (any, error) {
		a, err := evidence.Order(tx, who, evidence.Archive{ID: key, Pack: in.Pack, FromYear: int(in.FromYear), ToYear: int(in.ToYear)})
		if err != nil {
			return nil, err
		}
		v, err := s.viewer(tx, language(r))
		if err != nil {
			return nil, err
		}
		return v.archive(tx, a)
	})
}

func (s *Server) archiveOf(r *http.Request) (a evidence.Archive, err error) {
	err = s.read(r, func(tx *db.Tx) error { a, err = evidence.ArchiveByID(tx, callOf(r).who, r.PathValue("id")); return err })
	return a, err
}

func (s *Server) getArchive(w http.ResponseWriter, r *http.Request) error {
	a, err := s.archiveOf(r)
	if err != nil {
		return err
	}
	var out archiveView
	err = s.read(r, func(tx *db.Tx) error {
		v, err := s.viewer(tx, language(r))
		if err != nil {
			return err
		}
		out, err = v.archive(tx, a)
		return err
	})
	if err != nil {
		return err
	}
	return send(w, http.StatusOK, out)
}

// getArchiveFile streams the ZIP. Its length is known, so a browser shows how
// far it is; should a kept file turn out altered, the stream ends short of it.
func (s *Server) getArchiveFile(w http.ResponseWriter, r *http.Request) error {
	a, err := s.archiveOf(r)
	if err != nil {
		return err
	}
	if a.State == "ready" { // else Stream says that it is not
		name := fmt.Sprintf("创卫档案_%s_%d-%d.zip", a.Pack, a.FromYear, a.ToYear)
		w.Header().Set("Content-Type", "application/zip")
		w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
		w.Header().Set("Content-Length", strconv.FormatInt(a.Bytes, 10))
	}
	err = evidence.Desk{Store: s.Blobs}.Stream(r.Context(), w, a)
	if _, told := fault.As(err); told || err == nil || r.Context().Err() != nil {
		return err
	}
	s.Log.Error("archive", "id", a.ID, "err", err) // the answer has begun: it ends short, and the browser tells
	return nil
}
