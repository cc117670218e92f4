package api

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"

	"golang.org/x/time/rate"
)

const cookie = "cw_session"

// identify finds who asks, if anybody is signed in.
func (s *Server) identify(r *http.Request, c *call) error {
	ck, err := r.Cookie(cookie)
	if err != nil {
		return nil
	}
	err = s.DB.Glance(r.Context(), func(tx *db.Tx) (err error) {
		c.who, c.person, err = org.BySession(tx, ck.Value, string(today(tx)))
		return err
	})
	left := c.person.LeftOn
	if errors.Is(err, org.NobodySignedIn) || left != "" && left <= string(calendar.On(s.DB.Now())) {
		c.who, c.person = org.Actor{}, org.Person{}
		return nil
	}
	return err
}

func (s *Server) signIn(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Login    string `json:"login" body:"required"`
		Password string `json:"password" body:"required"`
		Code     string `json:"code"`
	}
	if _, err := receive(w, r, &in); err != nil {
		return err
	}
	var c fault.Check
	atMost(&c, "login", in.Login, 60)
	atMost(&c, "password", in.Password, 200)
	atMost(&c, "code", in.Code, 10)
	if err := c.Err(); err != nil {
		return err
	}
	if err := s.limits.allow("signin/"+s.remote(r)+"/"+strings.ToLower(strings.TrimSpace(in.Login)), signInRate, 10); err != nil {
		return err
	}
	return s.openSession(w, r, in.Login, in.Password, in.Code)
}

func (s *Server) openSession(w http.ResponseWriter, r *http.Request, login, password, code string) error {
	on := string(calendar.On(s.DB.Now()))
	p, err := org.Enter(r.Context(), s.DB, login, password, code, on)
	if err != nil {
		return err
	}
	if err := s.letIn(w, r, p, on); err != nil {
		return err
	}
	return s.sendMe(w, r, callOf(r))
}

// letIn opens a session for somebody who has proved who they are.
func (s *Server) letIn(w http.ResponseWriter, r *http.Request, p org.Person, on string) error {
	c, token := callOf(r), ""
	c.person = p
	if err := s.read(r, func(tx *db.Tx) (err error) { c.who, err = org.ActorOf(tx, p, on); return err }); err != nil {
		return err
	}
	err := s.DB.Write(r.Context(), func(tx *db.Tx) (err error) {
		token, err = org.SignIn(tx, c.person, strings.ToValidUTF8(r.UserAgent(), "?"))
		return err
	})
	if err == nil {
		http.SetCookie(w, s.cookie(token, 30*24*3600))
	}
	return err
}

func (s *Server) cookie(token string, age int) *http.Cookie {
	return &http.Cookie{Name: cookie, Value: token, Path: "/", MaxAge: age, HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode}
}

func (s *Server) signOut(w http.ResponseWriter, r *http.Request) error {
	if ck, err := r.Cookie(cookie); err == nil {
		if err := s.DB.Write(r.Context(), func(tx *db.Tx) error { return org.SignOut(tx, ck.Value) }); err != nil {
			return err
		}
	}
	http.SetCookie(w, s.cookie("", -1))
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (s *Server) me(w http.ResponseWriter, r *http.Request) error {
	return s.sendMe(w, r, callOf(r))
}

func (s *Server) suggest(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Text   string `json:"text" body:"required"`
		Page   string `json:"page"`
		MadeAt int64  `json:"made_at"`
	}
	raw, err := receive(w, r, &in)
	if err != nil {
		return err
	}
	var c fault.Check
	atMost(&c, "text", in.Text, 2000)
	if err := c.Err(); err != nil {
		return err
	}
	return s.command(w, r, raw, http.StatusNoContent, func(tx *db.Tx, key string) (any, error) {
		return nil, org.Suggest(tx, callOf(r).who, key, in.Page, in.Text)
	})
}

type ref struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type postView struct {
	Role          string `json:"role"`
	Name          string `json:"name"`
	Unit          *ref   `json:"unit,omitempty"`
	Area          *ref   `json:"area,omitempty"`
	StandingInFor string `json:"standing_in_for,omitempty"`
}

type meView struct {
	ID    string     `json:"id"`
	Name  string     `json:"name"`
	Title string     `json:"title"`
	Unit  ref        `json:"unit"`
	Lang  string     `json:"lang"`
	Posts []postView `json:"posts"`
	Can   []string   `json:"can"`
	Home  string     `json:"home"`
}

// deskRoles start their day at a desk; everybody else on the phone.
var deskRoles = []org.Role{org.Commander, org.ExecutiveDeputy, org.Intake, org.Dispatcher, org.ShiftLead, org.Verifier, org.Archivist, org.Administrator, org.UnitHead}

func (s *Server) sendMe(w http.ResponseWriter, r *http.Request, c *call) error {
	var where *atlas
	if err := s.read(r, func(tx *db.Tx) (err error) { where, err = atlasOf(tx); return err }); err != nil {
		return err
	}
	return send(w, http.StatusOK, viewMe(c, where))
}

func viewMe(c *call, where *atlas) meView {
	v := meView{ID: c.person.ID, Name: c.person.Name, Title: c.person.Title, Unit: ref{c.person.UnitID, c.person.UnitName},
		Lang: c.person.Lang, Posts: []postView{}, Can: c.who.Verbs(), Home: "phone"}
	for _, h := range c.who.Posts {
		p := postView{Role: string(h.Role), Name: h.Name, StandingInFor: h.For}
		if h.UnitID != "" {
			p.Unit = &ref{h.UnitID, h.UnitName}
		}
		areas := slices.DeleteFunc(slices.Clone(h.Areas), func(id string) bool { return where.areas[id].ID == "" }) // without grids
		if len(areas) == 1 {
			p.Area = &ref{areas[0], where.areas[areas[0]].Name}
		}
		v.Posts = append(v.Posts, p)
		if slices.Contains(deskRoles, h.Role) {
			v.Home = "desk"
		}
	}
	return v
}

// limiter is a bounded set of token buckets by key.
type limiter struct {
	mu sync.Mutex
	of map[string]*bucket
}

type bucket struct {
	*rate.Limiter
	seen time.Time
}

var (
	signInRate = rate.Every(6 * time.Second)  // tries per name and address
	reportRate = rate.Every(20 * time.Second) // residents' reports per address
	uploadRate = rate.Every(3 * time.Second)  // residents' photos per address
)

const mostBuckets = 20_000

func newLimiter() *limiter { return &limiter{of: map[string]*bucket{}} }

// allow takes a token or says when to come back.
func (l *limiter) allow(key string, every rate.Limit, burst int) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.of[key]
	if b == nil {
		l.makeRoom()
		b = &bucket{Limiter: rate.NewLimiter(every, burst)}
		l.of[key] = b
	}
	b.seen = time.Now()
	if b.Allow() {
		return nil
	}
	f := fault.New(fault.Busy, "busy.rate", "操作太频繁，请稍等片刻再试。", "Too many tries; please wait a moment.")
	f.Retry = max(1, int(1/float64(every)))
	return f
}

func (l *limiter) makeRoom() {
	if len(l.of) < mostBuckets {
		return
	}
	for k, b := range l.of {
		if time.Since(b.seen) > 10*time.Minute || len(l.of) >= mostBuckets {
			delete(l.of, k)
		}
	}
}

func (s *Server) remote(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for s.trusted(host) && len(hops) > 0 {
		last := strings.TrimSpace(hops[len(hops)-1])
		hops = hops[:len(hops)-1]
		if _, err := netip.ParseAddr(last); err != nil {
			break
		}
		host = last
	}
	return host
}

// trusted reports whether what a neighbour says of its visitors is believed.
func (s *Server) trusted(host string) bool {
	a, err := netip.ParseAddr(host)
	return err == nil && slices.ContainsFunc(s.Proxies, func(p netip.Prefix) bool { return p.Contains(a.Unmap()) })
}
