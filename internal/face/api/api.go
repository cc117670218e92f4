// Package api is the HTTP contract in openapi.yaml: every screen and every
// stranger's program uses only this. Handlers return errors; one place answers
// them in the reader's language and logs the unexpected with a number.
package api

import (
	_ "embed"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
	"time"

	"chuangwei/internal/face/door"
	"chuangwei/internal/kit/album"
	"chuangwei/internal/kit/blob"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/room"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
)

// Contract is the OpenAPI 3.1 description of everything below.
//
//go:embed openapi.yaml
var Contract []byte

// Server answers for one county.
type Server struct {
	DB      *db.DB
	Blobs   blob.Store
	Log     *slog.Logger
	Secure  bool           // cookies only over HTTPS
	Temp    string         // folder of unfinished uploads
	Proxies []netip.Prefix // neighbours whose X-Forwarded-For is believed
	Room    *room.Room     // reserve of the disk; nil: none

	Provider *door.Provider // the county's identity provider; nil: none

	Printable bool // a font was found for archives

	Observe func(route string, status int, took time.Duration) // nil: nobody counts

	Closing <-chan struct{} // closed when open streams should end; nil: never

	limits *limiter
	live   *hub
}

// handler is an endpoint; what it returns is answered as a problem.
type handler func(w http.ResponseWriter, r *http.Request) error

// Handler is the whole API.
func (s *Server) Handler() (http.Handler, error) {
	s.limits, s.live = newLimiter(), newHub(s.DB)
	mux := http.NewServeMux()
	for _, r := range s.routes() {
		mux.Handle(r.pattern, s.serve(r))
	}
	if err := s.mountUploads(mux); err != nil {
		return nil, fmt.Errorf("api: %w", err)
	}
	mux.Handle("/api/", s.serve(route{open: true, handle: func(http.ResponseWriter, *http.Request) error {
		return fault.New(fault.NotFound, "api.none", "没有这个接口。", "There is no such endpoint.")
	}}))
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(s.serve(route{open: true, handle: func(http.ResponseWriter, *http.Request) error {
		return fault.New(fault.Denied, "api.origin", "请求来自别的网站，已拒绝。", "The request came from another site and was refused.")
	}}))
	return s.mark(guard.Handler(mux)), nil
}

// mark puts our name on every answer, so that a phone can tell it from the
// sign-in page of a hotel's network.
func (s *Server) mark(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Chuangwei", "1")
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		next.ServeHTTP(w, r)
	})
}

// serve runs one endpoint: who is it, then the work, then errors at one place.
func (s *Server) serve(rt route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start, seen := time.Now(), &seen{ResponseWriter: w}
		w = seen
		if s.Observe != nil {
			defer func() { s.Observe(rt.pattern, seen.status(), time.Since(start)) }()
		}
		defer func() {
			if p := recover(); p != nil && p != http.ErrAbortHandler {
				s.fail(w, r, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
			}
		}()
		c := &call{lang: language(r)}
		r = r.WithContext(withCall(r.Context(), c))
		err := legible(r)
		if err == nil {
			err = s.identify(r, c)
		}
		if err == nil && !rt.open && c.who.ID == "" {
			err = org.NobodySignedIn
		}
		if err == nil {
			err = rt.handle(w, r)
		}
		if err != nil {
			s.fail(w, r, err)
		}
		s.Log.Debug("request", "method", r.Method, "route", rt.pattern, "who", c.who.ID, "took", time.Since(start))
	})
}

// seen remembers the status of an answer.
type seen struct {
	http.ResponseWriter
	code int
}

// WriteHeader remembers and passes on.
func (s *seen) WriteHeader(code int) {
	if s.code == 0 {
		s.code = code
	}
	s.ResponseWriter.WriteHeader(code)
}

// Unwrap lets a ResponseController reach the connection.
func (s *seen) Unwrap() http.ResponseWriter { return s.ResponseWriter }

func (s *seen) status() int {
	if s.code == 0 {
		return http.StatusOK
	}
	return s.code
}

func language(r *http.Request) string {
	if strings.HasPrefix(strings.ToLower(r.Header.Get("Accept-Language")), "en") {
		return "en"
	}
	return "zh"
}

func (s *Server) looker() album.Looker { return album.Looker{Store: s.Blobs} }

func today(tx *db.Tx) calendar.Day { return calendar.On(tx.Time()) }

func (s *Server) contract(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "application/yaml")
	_, err := w.Write(Contract)
	return ignoreGone(err)
}
