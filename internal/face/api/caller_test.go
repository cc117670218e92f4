package api_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/register/org"

	"github.com/google/uuid"
)

// caller is somebody who sends requests: signed in, or nobody.
type caller struct {
	c      *county
	t      testing.TB
	url    string
	header http.Header
}

// nobody is a caller without a sign-in.
func (c *county) nobody() *caller {
	return &caller{c: c, t: c.t, url: c.url, header: http.Header{}}
}

// as is a caller who has signed in; the session of each person is kept. It is
// opened without a password, which takes long and has tests of its own.
func (c *county) as(login string) *caller {
	c.t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.sessions[login] == "" {
		c.write(func(tx *db.Tx) error {
			p, err := org.PersonByID(tx, login)
			if err == nil {
				c.sessions[login], err = org.SignIn(tx, p, "test")
			}
			return err
		})
	}
	return c.nobody().with("Cookie", "cw_session="+c.sessions[login])
}

// with is the caller with one header more.
func (w *caller) with(name, value string) *caller {
	out := *w
	out.header = w.header.Clone()
	out.header.Set(name, value)
	return &out
}

// from is the caller at another address.
func (w *caller) from(address string) *caller { return w.with("Test-From", address) }

// at is the caller at another server.
func (w *caller) at(url string) *caller {
	out := *w
	out.url = url
	return &out
}

func newKey() string { return uuid.Must(uuid.NewV7()).String() }

func (w *caller) get(path string) answer  { w.t.Helper(); return w.do("GET", path, nil) }
func (w *caller) head(path string) answer { w.t.Helper(); return w.do("HEAD", path, nil) }

// post sends a command as JSON; a key is made unless the caller has one.
func (w *caller) post(path string, body any) answer {
	w.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.postRaw(path, string(raw))
}

func (w *caller) postRaw(path, body string) answer {
	w.t.Helper()
	if w.header.Get("Content-Type") == "" {
		w = w.with("Content-Type", "application/json")
	}
	if _, given := w.header["Idempotency-Key"]; !given && !strings.HasSuffix(path, "/session") {
		w = w.with("Idempotency-Key", newKey())
	}
	return w.do("POST", path, []byte(body))
}

// do sends one request and holds the exchange against the contract.
func (w *caller) do(method, path string, body []byte) answer {
	w.t.Helper()
	r, err := http.NewRequest(method, w.url+path, bytes.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header = w.header.Clone()
	res, err := transport.RoundTrip(r)
	if err != nil {
		w.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatalf("%s %s: %v", method, path, err)
	}
	a := answer{w.t, method + " " + path, res.StatusCode, res.Header, got}
	a.marked()
	contractOf(w.t).check(w.t, r, body, a)
	return a
}

var transport = &http.Transport{MaxIdleConnsPerHost: 32}

// answer is what came back.
type answer struct {
	t      testing.TB
	to     string
	status int
	header http.Header
	body   []byte
}

// marked is what every answer of ours carries.
func (a answer) marked() {
	a.t.Helper()
	for name, want := range map[string]string{"Chuangwei": "1", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"} {
		if got := a.header.Get(name); got != want {
			a.t.Errorf("%s: header %s is %q", a.to, name, got)
		}
	}
	if keep := a.header.Get("Cache-Control"); keep != "no-store" && (a.status >= 400 || !strings.HasPrefix(keep, "private, ")) {
		a.t.Errorf("%s: Cache-Control is %q", a.to, keep)
	}
}

// want ends the test unless the status is one of these.
func (a answer) want(status ...int) answer {
	a.t.Helper()
	for _, s := range status {
		if a.status == s {
			return a
		}
	}
	a.t.Fatalf("%s: %d, want %v: %.600s", a.to, a.status, status, a.body)
	return a
}

// refused ends the test unless the answer is this problem.
func (a answer) refused(status int, code string) problem {
	a.t.Helper()
	p := a.want(status).problem()
	if p.Code != code {
		a.t.Fatalf("%s: code %q, want %q: %s", a.to, p.Code, code, a.body)
	}
	return p
}

// problem is what went wrong, as RFC 9457 has it.
type problem struct {
	Type   string
	Title  string
	Status int
	Code   string
	Number string
	Fields []struct{ Name, Text string }
	Photos []string
}

// names are the fields a problem names.
func (p problem) names() (out []string) {
	for _, f := range p.Fields {
		out = append(out, f.Name)
	}
	return out
}

func (a answer) problem() problem {
	a.t.Helper()
	if kind := a.header.Get("Content-Type"); kind != "application/problem+json" {
		a.t.Fatalf("%s: %d is %q, not a problem: %.300s", a.to, a.status, kind, a.body)
	}
	p := read[problem](a)
	if p.Status != a.status || p.Title == "" || p.Code == "" {
		a.t.Errorf("%s: incomplete problem %s", a.to, a.body)
	}
	return p
}

// cookie is the session cookie an answer sets.
func (a answer) cookie() *http.Cookie {
	a.t.Helper()
	for _, ck := range (&http.Response{Header: a.header}).Cookies() {
		if ck.Name == "cw_session" {
			return ck
		}
	}
	a.t.Fatalf("%s: no session cookie in %v", a.to, a.header)
	return nil
}

// read reads an answer as T.
func read[T any](a answer) (out T) {
	a.t.Helper()
	if err := json.Unmarshal(a.body, &out); err != nil {
		a.t.Fatalf("%s: %v in %.300s", a.to, err, a.body)
	}
	return out
}

// items reads the rows of a list.
func items[T any](a answer) []T {
	a.t.Helper()
	return read[struct{ Items []T }](a.want(200)).Items
}
