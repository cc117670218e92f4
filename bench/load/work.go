package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"log"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"chuangwei/internal/kit/db"

	"github.com/google/uuid"
)

// work is what signed-in phones do.
type work struct {
	ctx       context.Context
	url       string
	db        *db.DB // read only, to know whose move is next
	http      *http.Client
	sessions  []string
	commander string
	chief     string            // who sees an area
	owners    map[string]string // their sessions by login
	todo      chan todo
	failed    atomic.Int64
	first     atomic.Value // the first failure
	reported  atomic.Int64
	kinds     []string
}

// todo is a case that waits for its owner.
type todo struct{ id, login string }

const password = "chuangwei"

func newWork(ctx context.Context, url, address string, o options) (*work, error) {
	d, err := db.Open(ctx, db.Options{URL: address, Readers: 2})
	if err != nil {
		return nil, err
	}
	w := &work{ctx: ctx, url: url, db: d, owners: map[string]string{}, http: &http.Client{Timeout: 30 * time.Second,
		Transport: &http.Transport{MaxIdleConnsPerHost: o.phones + o.conns, MaxIdleConns: 0}}}
	var logins []string
	var chief string
	if err := d.Read(ctx, func(tx *db.Tx) (err error) {
		if w.kinds, err = db.Values[string](tx, `SELECT id FROM kinds ORDER BY id`); err != nil {
			return err
		}
		if chief, err = db.Value[string](tx, `SELECT p.login FROM persons p JOIN terms t ON t.person_id = p.id JOIN posts o ON o.id = t.post_id
			WHERE o.role = 'chief' AND t.to_on = '' ORDER BY p.code LIMIT 1`); err != nil {
			return err
		}
		logins, err = db.Values[string](tx, `SELECT login FROM persons WHERE left_on = '' ORDER BY code LIMIT $1`, int64(o.phones))
		return err
	}); err != nil || len(logins) < o.phones {
		return nil, fmt.Errorf("%d people of %d: %w", len(logins), o.phones, err)
	}
	log.Printf("signing %d phones in", o.phones)
	w.sessions = make([]string, o.phones)
	var wait sync.WaitGroup
	next := atomic.Int64{}
	for range 8 {
		wait.Go(func() {
			for i := next.Add(1) - 1; i < int64(o.phones); i = next.Add(1) - 1 {
				w.sessions[i] = w.signIn(logins[i])
			}
		})
	}
	wait.Wait()
	w.commander, w.chief = w.signIn("zhihui"), w.signIn(chief)
	return w, w.err()
}

func (w *work) err() error {
	if w.failed.Load() > 0 {
		return fmt.Errorf("%d failed, first: %v", w.failed.Load(), w.first.Load())
	}
	return nil
}

func (w *work) signIn(login string) string {
	res, _ := w.call(http.MethodPost, "/api/session", "", map[string]string{"Content-Type": "application/json"},
		[]byte(fmt.Sprintf(`{"login":%q,"password":%q}`, login, password)), http.StatusOK)
	if res == nil {
		return ""
	}
	for _, c := range res.Cookies() {
		return c.Name + "=" + c.Value
	}
	return ""
}

// call is one request that must be answered with want.
func (w *work) call(method, path, session string, header map[string]string, body []byte, want ...int) (*http.Response, []byte) {
	r, err := http.NewRequest(method, w.url+path, bytes.NewReader(body))
	if err != nil {
		w.fail("%s %s: %v", method, path, err)
		return nil, nil
	}
	for k, v := range header {
		r.Header.Set(k, v)
	}
	if session != "" {
		r.Header.Set("Cookie", session)
	}
	res, err := w.http.Do(r)
	if err != nil {
		w.fail("%s %s: %v", method, path, err)
		return nil, nil
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	for _, ok := range want {
		if err == nil && res.StatusCode == ok {
			return res, text
		}
	}
	w.fail("%s %s: %d %.200s %v", method, path, res.StatusCode, text, err)
	return nil, nil
}

func (w *work) fail(format string, args ...any) {
	if w.failed.Add(1) == 1 {
		w.first.Store(fmt.Sprintf(format, args...))
	}
}

// op is one kind of work; what it needs is made ready before it is measured.
type op struct {
	name  string
	do    func(conn int) bool
	ready func()
}

func (w *work) singles() []op {
	return []op{
		{name: "report", do: func(c int) bool { return w.report(w.sessions[c], 0) }},
		{name: "report with a photo", do: func(c int) bool { return w.report(w.sessions[c], 1) }},
		{name: "list 50 newest", do: func(int) bool { return w.get(w.commander, "/api/cases?limit=50") }},
		{name: "list 50 of an area", do: func(int) bool { return w.get(w.chief, "/api/cases?limit=50") }},
		{name: "list own 50", do: func(c int) bool { return w.get(w.sessions[c], "/api/cases?mine=finder&limit=50") }},
		{name: "dashboard", do: func(int) bool { return w.get(w.commander, "/api/board") }},
		{name: "owner accepts", do: func(int) bool { return w.move() }, ready: func() { w.wait(2) }}, // the other half is for mixed work
	}
}

// mixed is the named part of mixed work.
type mixed struct {
	name   string
	result result
}

// mixed lets every phone work at its own pace, about one thing in five seconds.
func (w *work) mixed(o options) []mixed {
	parts := []struct {
		op
		share int
	}{
		{op{name: "report with two photos", do: func(c int) bool { return w.report(w.sessions[c], 2) }}, 15},
		{op{name: "sync: list own", do: func(c int) bool { return w.get(w.sessions[c], "/api/cases?mine=finder&limit=50") }}, 45},
		{op{name: "owner accepts", do: func(int) bool { return w.move() }}, 15},
		{op{name: "dashboard", do: func(int) bool { return w.get(w.commander, "/api/board") }}, 25},
	}
	w.wait(1)
	out := make([]mixed, len(parts))
	var mu sync.Mutex
	var wait sync.WaitGroup
	var worked time.Duration // until the last answer: then phones only find out that it is over
	start := time.Now()
	for c := range o.phones {
		wait.Go(func() {
			rng := rand.New(rand.NewPCG(9, uint64(c)))
			for {
				time.Sleep(time.Duration(rng.ExpFloat64() * 5 * float64(time.Second))) // a person walks and looks
				if time.Since(start) > o.mixed {
					return
				}
				dice, i := rng.IntN(100), 0
				for dice >= parts[i].share {
					dice -= parts[i].share
					i++
				}
				at := time.Now()
				if !parts[i].do(c) {
					continue
				}
				mu.Lock()
				out[i].result.times = append(out[i].result.times, time.Since(at))
				worked = time.Since(start)
				mu.Unlock()
			}
		})
	}
	wait.Wait()
	for i := range out {
		out[i].name, out[i].result.took = parts[i].name, worked
	}
	return out
}

func (w *work) get(session, path string) bool {
	res, _ := w.call(http.MethodGet, path, session, nil, nil, http.StatusOK)
	return res != nil
}

// report sends a case with photos as the phone does: each photo with the request
// that begins its upload, then the command that names them.
func (w *work) report(session string, photos int) bool {
	sums := []string{}
	for range photos {
		sum, ok := w.upload(session)
		if !ok {
			return false
		}
		sums = append(sums, sum)
	}
	n := w.reported.Add(1)
	body, err := json.Marshal(map[string]any{"text": fmt.Sprintf("压测上报第 %d 件：路边有垃圾", n), "kind": w.kinds[n%int64(len(w.kinds))], "photos": sums,
		"lat": 22.77 + float64(n%97)*0.0002, "lon": 103.22 + float64(n%89)*0.0003})
	if err != nil {
		w.fail("%v", err)
		return false
	}
	res, _ := w.call(http.MethodPost, "/api/cases", session, map[string]string{"Content-Type": "application/json", "Idempotency-Key": uuid.Must(uuid.NewV7()).String()}, body, http.StatusCreated)
	return res != nil
}

func (w *work) upload(session string) (string, bool) {
	photo := picture()
	digest := sha256.Sum256(photo)
	sum := hex.EncodeToString(digest[:])
	b64 := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	made, _ := w.call(http.MethodPost, "/api/uploads/", session, map[string]string{"Tus-Resumable": "1.0.0", "Upload-Length": strconv.Itoa(len(photo)), "Content-Type": "application/offset+octet-stream",
		"Upload-Metadata": "sha256 " + b64(sum) + ",type " + b64("image/jpeg") + ",source " + b64("camera")}, photo, http.StatusCreated)
	if made != nil && made.Header.Get("Upload-Offset") != strconv.Itoa(len(photo)) {
		w.fail("of %d bytes %s arrived", len(photo), made.Header.Get("Upload-Offset"))
		made = nil
	}
	return sum, made != nil
}

// base is a picture whose file is about 24 KB; each photo is it with other
// bytes behind the end of the image, so that the client's work stays small.
var base = sync.OnceValue(func() []byte {
	rng := rand.New(rand.NewPCG(3, 4))
	m := image.NewGray(image.Rect(0, 0, 320, 240))
	for i := range m.Pix {
		m.Pix[i] = uint8(rng.IntN(64)) + uint8(i/320)/2
	}
	var b bytes.Buffer
	_ = jpeg.Encode(&b, m, &jpeg.Options{Quality: 45}) // a buffer takes everything
	for b.Len() < 24_000 {
		b.WriteByte(0)
	}
	return b.Bytes()
})

func picture() []byte { return append(append([]byte(nil), base()...), uuid.New().String()...) }

// move lets an owner accept the next case that waits for them.
func (w *work) move() bool {
	select {
	case t := <-w.todo:
		res, _ := w.call(http.MethodPost, "/api/cases/"+t.id+"/moves", w.owners[t.login],
			map[string]string{"Content-Type": "application/json", "Idempotency-Key": uuid.Must(uuid.NewV7()).String()}, []byte(`{"move":"accept"}`), http.StatusOK)
		return res != nil
	default:
		return false
	}
}

// wait lines up every nth of the cases that wait for their owners, and signs
// these owners in: a password costs more than all that is measured.
func (w *work) wait(nth int) {
	var list []todo
	if err := w.db.Read(w.ctx, func(tx *db.Tx) (err error) {
		list, err = db.All(tx, func(r db.Row) (t todo, err error) { err = r.Scan(&t.id, &t.login); return },
			`SELECT c.id, p.login FROM cases c JOIN persons p ON p.id = c.owner_id WHERE c.state = 'assigned' ORDER BY c.reported_at DESC LIMIT 50000`)
		return err
	}); err != nil {
		w.fail("%v", err)
	}
	w.todo = make(chan todo, len(list)/nth+1)
	for i := 0; i < len(list); i += nth {
		if w.owners[list[i].login] == "" {
			w.owners[list[i].login] = w.signIn(list[i].login)
		}
		w.todo <- list[i]
	}
}
