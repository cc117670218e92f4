package api

import (
	"net/http"
	"slices"
	"strings"

	"chuangwei/internal/face/hook"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
)

type hookView struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	URL     string   `json:"url"`
	Kinds   []string `json:"kinds"`
	MadeAt  int64    `json:"made_at"`
	Waiting int64    `json:"waiting"`
	Dead    int64    `json:"dead"`
	Failing bool     `json:"failing"`
	Secret  string   `json:"secret,omitempty"` // once, when it is made
}

func viewHook(h hook.Hook) hookView {
	return hookView{ID: h.ID, Name: h.Name, URL: h.URL, Kinds: h.Kinds, MadeAt: h.MadeAt, Waiting: h.Waiting, Dead: h.Dead, Failing: h.Fails > 0}
}

func (s *Server) listHooks(w http.ResponseWriter, r *http.Request) error {
	views := []hookView{}
	err := s.read(r, func(tx *db.Tx) error {
		list, err := hook.List(tx, callOf(r).who)
		for _, h := range list {
			views = append(views, viewHook(h))
		}
		return err
	})
	if err != nil {
		return err
	}
	return send(w, http.StatusOK, map[string]any{"items": views})
}

func (s *Server) addHook(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Name  string   `json:"name" body:"required"`
		URL   string   `json:"url" body:"required"`
		Kinds []string `json:"kinds" body:"required"`
	}
	raw, err := receive(w, r, &in)
	if err != nil {
		return err
	}
	return s.command(w, r, raw, http.StatusCreated, func(tx *db.Tx, key string) (any, error) {
		h, err := hook.Add(tx, callOf(r).who, hook.In{ID: key, Name: strings.TrimSpace(in.Name), URL: strings.TrimSpace(in.URL), Kinds: in.Kinds})
		v := viewHook(h)
		v.Secret = h.Secret
		return v, err
	})
}

func (s *Server) endHook(w http.ResponseWriter, r *http.Request) error {
	raw, err := receive(w, r, &struct{}{})
	if err != nil {
		return err
	}
	return s.command(w, r, raw, http.StatusNoContent, func(tx *db.Tx, _ string) (any, error) {
		return nil, hook.End(tx, callOf(r).who, r.PathValue("id"))
	})
}

func (s *Server) replayHook(w http.ResponseWriter, r *http.Request) error {
	raw, err := receive(w, r, &struct{}{})
	if err != nil {
		return err
	}
	return s.command(w, r, raw, http.StatusOK, func(tx *db.Tx, _ string) (any, error) {
		n, err := hook.Replay(tx, callOf(r).who, r.PathValue("id"))
		return map[string]int64{"count": n}, err
	})
}

type deliveryView struct {
	ID      string `json:"id"`
	Seq     int64  `json:"seq"`
	Kind    string `json:"kind"`
	Subject string `json:"subject"`
	State   string `json:"state"`
	Tries   int64  `json:"tries"`
	Status  int64  `json:"status,omitempty"`
	Error   string `json:"error,omitempty"`
	At      int64  `json:"at,omitempty"`
	NextAt  int64  `json:"next_at,omitempty"`
}

func (s *Server) hookDeliveries(w http.ResponseWriter, r *http.Request) error {
	state := hook.State(r.URL.Query().Get("state"))
	if !slices.Contains([]hook.State{"", hook.Waiting, hook.Sent, hook.Dead}, state) {
		return fault.New(fault.Invalid, "hook.state", "state 只能是 waiting、sent 或 dead。", "state is waiting, sent or dead.").In("state", "不对", "wrong")
	}
	views := []deliveryView{}
	err := s.read(r, func(tx *db.Tx) error {
		list, err := hook.Deliveries(tx, callOf(r).who, r.PathValue("id"), state)
		for _, d := range list {
			v := deliveryView{d.ID, d.Seq, d.Kind, d.Subject, string(d.State), d.Tries, d.Status, d.Error, d.At, 0}
			if d.State == hook.Waiting {
				v.NextAt = d.NextAt
			}
			views = append(views, v)
		}
		return err
	})
	if err != nil {
		return err
	}
	return send(w, http.StatusOK, map[string]any{"items": views})
}
