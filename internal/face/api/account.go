package api

import (
	"net/http"
	"strings"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"

	"rsc.io/qr"
)

// What one does with one's own sign-in. None of these is a command with a key:
// repeating them does no harm, and nothing of a password is kept to compare.

func token(r *http.Request) string {
	ck, err := r.Cookie(cookie)
	if err != nil {
		return ""
	}
	return ck.Value
}

type sessionView struct {
	ID     string `json:"id"`
	MadeAt int64  `json:"made_at"`
	Agent  string `json:"agent"`
	Own    bool   `json:"own"`
}

func (s *Server) listSessions(w http.ResponseWriter, r *http.Request) error {
	views := []sessionView{}
	err := s.read(r, func(tx *db.Tx) error {
		list, err := org.Sessions(tx, callOf(r).who, token(r))
		for _, each := range list {
			views = append(views, sessionView(each))
		}
		return err
	})
	if err != nil {
		return err
	}
	return send(w, http.StatusOK, map[string]any{"items": views})
}

// endSessions ends one sign-in, or all but this one.
func (s *Server) endSessions(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		ID string `json:"id"`
	}
	if _, err := receive(w, r, &in); err != nil {
		return err
	}
	return s.own(w, r, func(tx *db.Tx) error { return org.EndSessions(tx, callOf(r).who, in.ID, token(r)) })
}

// own does something with the actor's own sign-in.
func (s *Server) own(w http.ResponseWriter, r *http.Request, do func(*db.Tx) error) error {
	if err := s.DB.Write(r.Context(), do); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// passwordLeast is the fewest characters of a password (NIST SP 800-63B-4 asks
// for 8 beside another factor and 15 alone; officials get 10 and a lock-out).
const passwordLeast = 10

func (s *Server) setPassword(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Old string `json:"old" body:"required"`
		New string `json:"new" body:"required"`
	}
	if _, err := receive(w, r, &in); err != nil {
		return err
	}
	c := callOf(r)
	var check fault.Check
	atMost(&check, "old", in.Old, 200)
	atMost(&check, "new", in.New, 200)
	check.That(len([]rune(in.New)) >= passwordLeast, "new", "新密码至少10位", "a new password has at least 10 characters")
	check.That(!strings.EqualFold(in.New, c.person.Login) && in.New != in.Old, "new", "新密码不能与账号或旧密码相同", "it may be neither the sign-in name nor the old one")
	if err := check.Err(); err != nil {
		return err
	}
	if err := s.again(r, in.Old); err != nil {
		return err
	}
	hash := org.HashPassword(in.New)
	return s.own(w, r, func(tx *db.Tx) error { return org.SetPassword(tx, c.who, hash, token(r)) })
}

// again asks for the password once more before something that outlives a
// session; tries are counted as at the door.
func (s *Server) again(r *http.Request, password string) error {
	c := callOf(r)
	if err := s.limits.allow("again/"+c.who.ID, signInRate, 10); err != nil {
		return err
	}
	_, err := org.CheckPassword(r.Context(), s.DB, c.person.Login, password, string(calendar.On(s.DB.Now())))
	if fault.Is(err, fault.Unknown) { // signed in all the same
		return fault.New(fault.Invalid, "password.wrong", "当前密码不对。", "The present password is wrong.").In("old", "不对", "wrong")
	}
	return err
}

func (s *Server) hasSecond(w http.ResponseWriter, r *http.Request) error {
	on := false
	if err := s.read(r, func(tx *db.Tx) (err error) { on, err = org.HasSecond(tx, callOf(r).who); return err }); err != nil {
		return err
	}
	return send(w, http.StatusOK, map[string]bool{"on": on})
}

func (s *Server) beginSecond(w http.ResponseWriter, r *http.Request) error {
	var out struct {
		Secret  string `json:"secret"`
		Address string `json:"address"`
		QR      string `json:"qr"`
	}
	err := s.DB.Write(r.Context(), func(tx *db.Tx) error {
		issuer, err := setting(tx, CountySetting, "创卫")
		if err == nil {
			out.Secret, out.Address, err = org.BeginSecond(tx, callOf(r).who, issuer)
		}
		return err
	})
	if err != nil {
		return err
	}
	code, err := qr.Encode(out.Address, qr.M)
	if err != nil {
		return err
	}
	var svg strings.Builder
	writeQR(&svg, code)
	out.QR = svg.String()
	return send(w, http.StatusOK, out)
}

func (s *Server) confirmSecond(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Code string `json:"code" body:"required"`
	}
	if _, err := receive(w, r, &in); err != nil {
		return err
	}
	if err := s.limits.allow("again/"+callOf(r).who.ID, signInRate, 10); err != nil {
		return err
	}
	return s.own(w, r, func(tx *db.Tx) error { return org.ConfirmSecond(tx, callOf(r).who, in.Code) })
}

func (s *Server) removeSecond(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Password string `json:"password" body:"required"`
	}
	if _, err := receive(w, r, &in); err != nil {
		return err
	}
	if err := s.again(r, in.Password); err != nil {
		return err
	}
	return s.own(w, r, func(tx *db.Tx) error { return org.RemoveSecond(tx, callOf(r).who) })
}
