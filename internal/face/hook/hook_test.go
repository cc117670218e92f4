package hook

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/db/dbtest"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/org"

	"github.com/google/uuid"
)

// town is a county with a hook and the system it tells.
type town struct {
	t      *testing.T
	db     *db.DB
	clock  *dbtest.Clock
	runner *Runner
	hook   Hook
	other  *httptest.Server

	mu     sync.Mutex
	heard  []string // kind/subject of what was told, in order
	answer func(kind string) int
}

func newTown(t *testing.T) *town {
	w := &town{t: t, clock: dbtest.NewClock(time.Date(2026, 8, 3, 9, 0, 0, 0, time.UTC)), answer: func(string) int { return 204 }}
	w.db = dbtest.New(t, w.clock.Now)
	w.other = httptest.NewServer(http.HandlerFunc(w.hear))
	t.Cleanup(w.other.Close)
	w.runner = &Runner{DB: w.db, Log: slog.New(slog.DiscardHandler), Local: true}
	dbtest.Write(t, w.db, func(tx *db.Tx) (err error) {
		w.hook, err = Add(tx, org.System, In{ID: uuid.NewString(), Name: "城管平台", URL: w.other.URL, Kinds: []string{"case.", "area.changed"}})
		return err
	})
	return w
}

// hear is the other system: it proves the signature by its own means.
func (w *town) hear(res http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	key, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(w.hook.Secret, "whsec_"))
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(req.Header.Get("Webhook-Id") + "." + req.Header.Get("Webhook-Timestamp") + "."))
	mac.Write(body)
	if req.Header.Get("Webhook-Signature") != "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)) {
		w.t.Errorf("signature %q", req.Header.Get("Webhook-Signature"))
	}
	var b Body
	if err := json.Unmarshal(body, &b); err != nil || b.Type != b.Data.Kind {
		w.t.Errorf("body %s: %v", body, err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	code := w.answer(b.Type)
	if code == 204 {
		w.heard = append(w.heard, b.Type+"/"+b.Data.Subject)
	}
	res.WriteHeader(code)
}

func (w *town) happens(kind, subject string) {
	dbtest.Write(w.t, w.db, func(tx *db.Tx) error {
		_, err := event.Add(tx, "system", kind, subject, map[string]string{"note": "x"})
		return err
	})
}

func (w *town) run() {
	w.t.Helper()
	for {
		n, err := w.runner.Once(context.Background())
		if err != nil {
			w.t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

func (w *town) list(state State) (out []Delivery) {
	dbtest.Read(w.t, w.db, func(tx *db.Tx) (err error) {
		out, err = Deliveries(tx, org.System, w.hook.ID, state)
		return err
	})
	return out
}

func TestWhatIsWantedIsToldOnceAndInOrder(t *testing.T) {
	w := newTown(t)
	for i := range 30 {
		w.happens("case.reported", fmt.Sprint(i%3))
		w.happens(fmt.Sprintf("case.step%d", i), fmt.Sprint(i%3))
	}
	w.happens("session.opened", "x")
	w.happens("area.added", "x")
	w.happens("area.changed", "x")
	w.run()
	w.run()
	if len(w.heard) != 61 || slices.Contains(w.heard, "area.added/x") || slices.Contains(w.heard, "session.opened/x") {
		t.Fatalf("%d told: %v", len(w.heard), w.heard)
	}
	last := map[string]int{}
	for _, h := range w.heard {
		var n int
		kind, subject, _ := strings.Cut(h, "/")
		if _, err := fmt.Sscanf(kind, "case.step%d", &n); err == nil {
			if n < last[subject] {
				t.Errorf("%s after step %d", h, last[subject])
			}
			last[subject] = n
		}
	}
	if len(w.list(Waiting)) != 0 || len(w.list(Sent)) != 61 {
		t.Errorf("%d wait, %d sent", len(w.list(Waiting)), len(w.list(Sent)))
	}
}

func TestWhatFailsIsTriedAgainInOrderAndGivenUpAfterADay(t *testing.T) {
	w := newTown(t)
	w.answer = func(kind string) int { return 503 }
	w.happens("case.first", "a")
	w.happens("case.second", "a")
	began := w.clock.Now()
	for w.run(); w.list("")[1].State == Waiting; w.run() {
		w.clock.Add(time.Minute)
		if w.clock.Now().Sub(began) > 48*time.Hour {
			t.Fatal("never given up")
		}
		if first := w.list("")[1]; first.Tries > 0 && first.State == Waiting && w.list("")[0].Tries > 0 {
			t.Fatal("the second was told before the first")
		}
	}
	if took := w.clock.Now().Sub(began); took < 20*time.Hour || took > 26*time.Hour {
		t.Errorf("given up after %v", took)
	}
	if d := w.list(Dead); len(d) != 1 || d[0].Status != 503 || !strings.Contains(d[0].Error, "503") || d[0].Tries != 9 {
		t.Errorf("%+v", d)
	}
	w.answer = func(kind string) int { return map[bool]int{true: 204, false: 410}[kind == "case.first"] }
	w.clock.Add(24 * time.Hour)
	w.run()
	if d := w.list(Dead); len(d) != 2 || d[0].Status != 410 {
		t.Fatalf("a system that says 410 is asked again: %+v", d)
	}
	w.answer = func(string) int { return 204 }
	dbtest.Write(t, w.db, func(tx *db.Tx) error {
		n, err := Replay(tx, org.System, w.hook.ID)
		if n != 2 {
			t.Errorf("%d replayed", n)
		}
		return err
	})
	w.run()
	if !slices.Equal(w.heard, []string{"case.first/a", "case.second/a"}) {
		t.Errorf("after the replay: %v", w.heard)
	}
}

func TestATryThatWasCutOffIsMadeAgain(t *testing.T) {
	w := newTown(t)
	w.happens("case.reported", "a")
	ctx, cancel := context.WithCancel(context.Background())
	w.answer = func(string) int { cancel(); return 503 }
	_, _ = w.runner.Once(ctx) // the program stops while it tells
	w.answer = func(string) int { return 204 }
	w.clock.Add(held + time.Second)
	w.run()
	if !slices.Equal(w.heard, []string{"case.reported/a"}) {
		t.Errorf("%v", w.heard)
	}
}

func TestThisMachineIsNotToldAndRedirectsAreNotFollowed(t *testing.T) {
	w := newTown(t)
	w.runner.Local = false
	w.happens("case.reported", "a")
	w.run()
	if d := w.list(Waiting); len(d) != 1 || !strings.Contains(d[0].Error, "本机") || len(w.heard) != 0 {
		t.Errorf("%+v, heard %v", d, w.heard)
	}
	w = newTown(t)
	hits := 0
	to := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hits++ }))
	defer to.Close()
	w.other.Config.Handler = http.RedirectHandler(to.URL, http.StatusFound)
	w.happens("case.reported", "a")
	w.run()
	if d := w.list(Waiting); len(d) != 1 || d[0].Status != 302 || hits != 0 {
		t.Errorf("%+v, %d hits", d, hits)
	}
}

func TestAHookIsTheAdministratorsAndEnds(t *testing.T) {
	w := newTown(t)
	good := In{ID: uuid.NewString(), Name: "x", URL: "https://example.org/h", Kinds: []string{"case."}}
	try := func(who org.Actor, in In) (err error) {
		werr := w.db.Write(context.Background(), func(tx *db.Tx) error { _, err = Add(tx, who, in); return err })
		return werr
	}
	if err := try(org.Actor{ID: "p"}, good); !fault.Is(err, fault.Denied) {
		t.Errorf("somebody: %v", err)
	}
	for name, change := range map[string]func(*In){
		"no scheme": func(in *In) { in.URL = "example.org" }, "a file": func(in *In) { in.URL = "file:///etc/passwd" }, "a password": func(in *In) { in.URL = "https://a:b@example.org" },
		"no name": func(in *In) { in.Name = "" }, "no kind": func(in *In) { in.Kinds = nil }, "sign-ins": func(in *In) { in.Kinds = []string{"session."} },
	} {
		in := good
		in.ID = uuid.NewString()
		change(&in)
		if err := try(org.System, in); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	w.happens("case.reported", "a")
	dbtest.Write(t, w.db, func(tx *db.Tx) error { return End(tx, org.System, w.hook.ID) })
	w.run()
	if len(w.heard) != 0 {
		t.Errorf("told after its end: %v", w.heard)
	}
	if err := w.db.Write(context.Background(), func(tx *db.Tx) error { return End(tx, org.System, w.hook.ID) }); !fault.Is(err, fault.NotFound) {
		t.Errorf("ended twice: %v", err)
	}
}

func TestOldDeliveriesAreForgotten(t *testing.T) {
	w := newTown(t)
	w.happens("case.reported", "a")
	w.run()
	for _, c := range []struct {
		after time.Duration
		left  int
	}{{24 * time.Hour, 1}, {15 * 24 * time.Hour, 0}} {
		w.clock.Add(c.after)
		dbtest.Write(t, w.db, Forget)
		if n := len(w.list("")); n != c.left {
			t.Errorf("%d left after %v", n, c.after)
		}
	}
}
