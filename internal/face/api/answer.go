package api

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"chuangwei/internal/kit/blob"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/room"
	"chuangwei/internal/register/org"
)

// call is what one request knows of itself.
type call struct {
	lang   string
	who    org.Actor
	person org.Person
	upload string // the name of the upload it begins
}

type callKey struct{}

func withCall(ctx context.Context, c *call) context.Context {
	return context.WithValue(ctx, callKey{}, c)
}

func callOf(r *http.Request) *call { return r.Context().Value(callKey{}).(*call) }

// problem is RFC 9457.
type problem struct {
	Type   string   `json:"type"`
	Title  string   `json:"title"`
	Status int      `json:"status"`
	Detail string   `json:"detail,omitempty"`
	Code   string   `json:"code"`
	Number string   `json:"number,omitempty"`
	Fields []field  `json:"fields,omitempty"`
	Photos []string `json:"photos,omitempty"`
}

type field struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

var status = map[fault.Kind]int{
	fault.Invalid: http.StatusUnprocessableEntity, fault.Unknown: http.StatusUnauthorized, fault.Denied: http.StatusForbidden,
	fault.NotFound: http.StatusNotFound, fault.Conflict: http.StatusConflict, fault.Busy: http.StatusTooManyRequests,
	fault.Full: http.StatusInsufficientStorage, fault.Stale: http.StatusPreconditionFailed,
}

// fail answers an error: a fault as it is, anything else as an apology with a
// number under which it stands in the log.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil && errors.Is(err, context.Canceled) {
		return // nobody is there to read it
	}
	if room.IsFull(err) {
		err = s.full(err)
	}
	p := s.problemOf(err, language(r), "method", r.Method, "path", r.URL.Path)
	if f, ok := fault.As(err); ok && f.Retry > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(f.Retry))
	}
	body, _ := json.Marshal(p)                  // strings and numbers only
	w.Header().Set("Cache-Control", "no-store") // whatever the answer would have allowed
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_, _ = w.Write(body) // nothing left to tell a reader who has gone
}

// full gives the reserve up, so that short writes go on, and says so.
func (s *Server) full(err error) error {
	s.Log.Error("the disk is full", "err", err)
	if s.Room != nil {
		if err := s.Room.GiveUp(); err != nil {
			s.Log.Error("the reserve could not be given up", "err", err)
		}
	}
	return room.Fault()
}

// problemOf words an error in the reader's language; the unexpected goes to the log.
func (s *Server) problemOf(err error, lang string, about ...any) problem {
	if errors.Is(err, blob.ErrMismatch) {
		p := s.problemOf(errChecksum, lang)
		p.Status = statusChecksum
		return p
	}
	if f, ok := fault.As(err); ok {
		p := problem{Type: "about:blank", Status: status[f.Kind], Code: f.Code, Title: f.Text.In(lang), Photos: f.Photos}
		for _, each := range f.Fields {
			p.Fields = append(p.Fields, field{each.Name, each.Text.In(lang)})
		}
		return p
	}
	number := errorNumber()
	s.Log.Error("request failed", append(about, "number", number, "err", err)...)
	return problem{Type: "about:blank", Status: http.StatusInternalServerError, Code: "internal", Number: number,
		Title: fault.Say("服务器出错了，您的内容没有丢失，请稍后重试。错误编号 %[1]s", "Something went wrong; nothing of yours is lost. Please try again. Error number %[1]s", number).In(lang)}
}

func errorNumber() string {
	b := make([]byte, 4)
	rand.Read(b)
	return hex.EncodeToString(b)
}

// send answers JSON.
func send(w http.ResponseWriter, code int, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return sendBody(w, code, body)
}

// sendBody answers what is JSON already.
func sendBody(w http.ResponseWriter, code int, body []byte) error {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(body))) // or it would be cut in chunks
	w.WriteHeader(code)
	_, err := w.Write(body)
	return ignoreGone(err)
}

// sendTagged answers JSON that hardly changes, or 304 when the reader has it.
func sendTagged(w http.ResponseWriter, r *http.Request, kind string, body []byte) error {
	w.Header().Set("Cache-Control", "private, no-cache")
	return sendAs(w, r, kind, tagOf("", body), body)
}

// tagOf is the ETag of a body, after a mark of its version.
func tagOf(mark string, body []byte) string {
	sum := sha256.Sum256(body)
	return `"` + mark + hex.EncodeToString(sum[:12]) + `"`
}

// sendAs answers under an ETag, or 304 when the reader has it.
func sendAs(w http.ResponseWriter, r *http.Request, kind, tag string, body []byte) error {
	w.Header().Set("ETag", tag)
	if strings.Contains(r.Header.Get("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	w.Header().Set("Content-Type", kind)
	_, err := w.Write(body)
	return ignoreGone(err)
}

func sendItems[T any](w http.ResponseWriter, r *http.Request, items []T) error {
	if items == nil {
		items = []T{}
	}
	body, err := json.Marshal(map[string]any{"items": items})
	if err != nil {
		return err
	}
	return sendTagged(w, r, "application/json; charset=utf-8", body)
}

// ignoreGone drops the error of writing to a reader who has gone away.
func ignoreGone(error) error { return nil }

// background is for work that belongs to no request.
var background = context.Background()
