package api

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"chuangwei/internal/face/door"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
)

// halfCookie ties the second half of a signing-in to the browser of the first.
// __Host- would be better and needs HTTPS, which an intranet may not have yet.
const halfCookie = "cw_half"

func (s *Server) half(w http.ResponseWriter, secret string) {
	http.SetCookie(w, &http.Cookie{Name: halfCookie, Value: secret, Path: "/api/", MaxAge: 600, HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode})
}

func halfOf(r *http.Request) string {
	ck, err := r.Cookie(halfCookie)
	if err != nil {
		return ""
	}
	return ck.Value
}

func (s *Server) providerName() string {
	if s.Provider == nil {
		return ""
	}
	return s.Provider.Name
}

// doors is GET /api/session/doors: the ways in beside the password.
func (s *Server) doors(w http.ResponseWriter, r *http.Request) error {
	return send(w, http.StatusOK, map[string]string{"provider": s.providerName()})
}

func (s *Server) mayTry(r *http.Request) error {
	return s.limits.allow("door/"+s.remote(r), signInRate, 20)
}

func (s *Server) beginEntry(w http.ResponseWriter, r *http.Request) error {
	if err := s.mayTry(r); err != nil {
		return err
	}
	var options any
	var secret string
	err := s.DB.Write(r.Context(), func(tx *db.Tx) (err error) { options, secret, err = door.BeginEntry(tx, s.origin(r)); return err })
	if err != nil {
		return err
	}
	s.half(w, secret)
	return send(w, http.StatusOK, map[string]any{"options": options})
}

func (s *Server) enter(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Credential json.RawMessage `json:"credential" body:"required"`
	}
	if _, err := receive(w, r, &in); err != nil {
		return err
	}
	if err := s.mayTry(r); err != nil {
		return err
	}
	var p org.Person
	on := string(calendar.On(s.DB.Now()))
	err := s.DB.Write(r.Context(), func(tx *db.Tx) (err error) {
		p, err = door.Enter(tx, s.origin(r), halfOf(r), in.Credential, on)
		return err
	})
	if err != nil {
		return err
	}
	if err := s.letIn(w, r, p, on); err != nil {
		return err
	}
	return s.sendMe(w, r, callOf(r))
}

// toProvider is POST /api/session/provider: where to send the browser.
func (s *Server) toProvider(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Next string `json:"next"`
	}
	if _, err := receive(w, r, &in); err != nil {
		return err
	}
	if err := s.mayTry(r); err != nil {
		return err
	}
	return s.leave(w, r, ours(in.Next), false)
}

// linkProvider is POST /api/identities: an account there becomes one's own here.
func (s *Server) linkProvider(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Password string `json:"password" body:"required"`
		Next     string `json:"next"`
	}
	if _, err := receive(w, r, &in); err != nil {
		return err
	}
	if err := s.again(r, in.Password); err != nil {
		return err
	}
	return s.leave(w, r, ours(in.Next), true)
}

// ours is a path of ours to go to afterwards; anything else is the start page.
func ours(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.Contains(next, `\`) {
		return ""
	}
	return next
}

func (s *Server) leave(w http.ResponseWriter, r *http.Request, next string, link bool) error {
	if s.Provider == nil {
		return fault.New(fault.NotFound, "oidc.none", "本县没有接入统一身份认证。", "This county has no identity provider.")
	}
	to, secret, err := s.Provider.Begin(r.Context(), s.DB, callOf(r).who, s.origin(r)+"/api/session/provider", next, link)
	if err != nil {
		s.Log.Warn("identity provider", "err", err)
		return err
	}
	s.half(w, secret)
	return send(w, http.StatusOK, map[string]string{"to": to})
}

// fromProvider is GET /api/session/provider, where the provider sends the
// browser back; trouble is told on the sign-in page, since a person reads it.
func (s *Server) fromProvider(w http.ResponseWriter, r *http.Request) error {
	if s.Provider == nil {
		return fault.New(fault.NotFound, "oidc.none", "本县没有接入统一身份认证。", "This county has no identity provider.")
	}
	q, on := r.URL.Query(), string(calendar.On(s.DB.Now()))
	back, err := s.Provider.Finish(r.Context(), s.DB, callOf(r).who, halfOf(r), q.Get("state"), q.Get("code"), on)
	if err == nil && back.Person.ID != "" {
		err = s.letIn(w, r, back.Person, on)
	}
	to := back.Next
	if err != nil {
		s.Log.Warn("identity provider", "err", err, "said", q.Get("error"))
		f, ok := fault.As(err)
		if !ok {
			return err
		}
		to = "/sign?trouble=" + url.QueryEscape(f.Code)
	} else if to == "" {
		to = s.home(callOf(r))
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

func (s *Server) home(c *call) string {
	if viewMe(c, &atlas{}).Home == "desk" {
		return "/desk/"
	}
	return "/m/"
}

type passkeyView struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	MadeAt int64  `json:"made_at"`
	UsedAt int64  `json:"used_at,omitempty"`
}

type identityView struct {
	Issuer  string `json:"issuer"`
	Subject string `json:"subject"`
	Name    string `json:"name"`
	MadeAt  int64  `json:"made_at"`
}

// ownDoors is GET /api/doors: one's own passkeys and linked accounts.
func (s *Server) ownDoors(w http.ResponseWriter, r *http.Request) error {
	out := struct {
		Provider   string         `json:"provider"`
		Passkeys   []passkeyView  `json:"passkeys"`
		Identities []identityView `json:"identities"`
	}{s.providerName(), []passkeyView{}, []identityView{}}
	err := s.read(r, func(tx *db.Tx) error {
		keys, err := door.Keys(tx, callOf(r).who)
		for _, k := range keys {
			out.Passkeys = append(out.Passkeys, passkeyView{k.ID, k.Name, k.MadeAt, k.UsedAt})
		}
		if err != nil {
			return err
		}
		list, err := door.Identities(tx, callOf(r).who)
		for _, i := range list {
			out.Identities = append(out.Identities, identityView(i))
		}
		return err
	})
	if err != nil {
		return err
	}
	return send(w, http.StatusOK, out)
}

func (s *Server) beginKey(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Password string `json:"password" body:"required"`
	}
	if _, err := receive(w, r, &in); err != nil {
		return err
	}
	if err := s.again(r, in.Password); err != nil {
		return err
	}
	var options any
	var secret string
	err := s.DB.Write(r.Context(), func(tx *db.Tx) (err error) {
		options, secret, err = door.BeginKey(tx, callOf(r).who, s.origin(r))
		return err
	})
	if err != nil {
		return err
	}
	s.half(w, secret)
	return send(w, http.StatusOK, map[string]any{"options": options})
}

func (s *Server) addKey(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Name       string          `json:"name"`
		Credential json.RawMessage `json:"credential" body:"required"`
	}
	if _, err := receive(w, r, &in); err != nil {
		return err
	}
	return s.own(w, r, func(tx *db.Tx) error {
		_, err := door.AddKey(tx, callOf(r).who, s.origin(r), halfOf(r), in.Name, in.Credential)
		return err
	})
}

func (s *Server) removeKey(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		ID string `json:"id" body:"required"`
	}
	if _, err := receive(w, r, &in); err != nil {
		return err
	}
	return s.own(w, r, func(tx *db.Tx) error { return door.RemoveKey(tx, callOf(r).who, in.ID) })
}

func (s *Server) unlink(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Issuer  string `json:"issuer" body:"required"`
		Subject string `json:"subject" body:"required"`
	}
	if _, err := receive(w, r, &in); err != nil {
		return err
	}
	return s.own(w, r, func(tx *db.Tx) error { return door.Unlink(tx, callOf(r).who, in.Issuer, in.Subject) })
}
