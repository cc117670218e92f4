package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"chuangwei/internal/flow/cases"
	"chuangwei/internal/flow/duty"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/register/org"
)

// hub tells every open screen of new events. One goroutine reads the log, so
// a thousand screens cost one query.
type hub struct {
	db   *db.DB
	mu   sync.Mutex
	open map[chan []news]bool
	stop chan struct{}
}

// news is what a screen needs to know whether it concerns it.
type news struct {
	Seq     int64  `json:"seq"`
	Kind    string `json:"kind"`
	Subject string `json:"subject"`

	verb  org.Verb // by which one may see what it concerns; "": the registers, which everybody signed in may read
	about org.Target
}

// told are the first words of the kinds of event about registers that screens
// are told of. Sign-ins and suggestions are nobody else's business.
var told = []string{"area", "place", "unit", "calendar", "standard"}

// newsOf is what screens are told of events.
func newsOf(tx *db.Tx, events []event.Event) ([]news, error) {
	var ids []string
	for _, e := range events {
		if strings.HasPrefix(e.Kind, "case.") {
			ids = append(ids, e.Subject)
		}
	}
	targets, err := cases.Targets(tx, ids)
	if err != nil {
		return nil, err
	}
	crews, err := duty.Targets(tx, events)
	var list []news
	for _, e := range events {
		n := news{Seq: e.Seq, Kind: e.Kind, Subject: e.Subject}
		known := false
		switch first, _, _ := strings.Cut(e.Kind, "."); first {
		case "case":
			n.verb = org.SeeCase
			n.about, known = targets[e.Subject]
		case "duty":
			n.verb = org.SeeDuty
			n.about, known = crews[e.Seq]
		case "roster":
			n.verb, known = org.PlanRoster, true
		default:
			known = slices.Contains(told, first)
		}
		if known {
			list = append(list, n)
		}
	}
	return list, err
}

// concerns reports whether somebody may hear of it.
func (n news) concerns(who org.Actor) bool { return n.verb == "" || who.Can(n.verb, n.about) }

func newHub(d *db.DB) *hub { return &hub{db: d, open: map[chan []news]bool{}} }

// join opens a screen; the reader starts with the first and ends with the last.
// Whatever happens after join has returned is told.
func (h *hub) join() (<-chan []news, func()) {
	ch := make(chan []news, 16)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.open[ch] = true
	if len(h.open) == 1 {
		h.stop = make(chan struct{})
		bell, giveBack := event.Bell(h.db)
		go h.read(h.stop, bell, giveBack, h.last())
	}
	return ch, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.open, ch)
		if len(h.open) == 0 {
			close(h.stop)
		}
	}
}

// read hands on what happens after number last. A screen that is too slow misses
// some news and catches up at its next refresh.
func (h *hub) read(stop, bell <-chan struct{}, giveBack func(), last int64) {
	defer giveBack()
	tick := time.NewTicker(3 * time.Second) // other processes on this county
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return
		case <-bell:
		case <-tick.C:
		}
		last = h.spread(last)
	}
}

func (h *hub) last() (seq int64) {
	_ = h.db.Read(background, func(tx *db.Tx) (err error) { seq, err = event.Last(tx); return err }) // 0 only means a few repeated news
	return seq
}

func (h *hub) spread(last int64) int64 {
	var events []event.Event
	var list []news
	err := h.db.Read(background, func(tx *db.Tx) (err error) {
		if events, err = event.Since(tx, last, 200); err == nil {
			list, err = newsOf(tx, events)
		}
		return err
	})
	if err != nil || len(events) == 0 {
		return last
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for ch := range h.open {
		select {
		case ch <- list:
		default:
		}
	}
	return events[len(events)-1].Seq
}

// stream is GET /api/live.
func (s *Server) stream(w http.ResponseWriter, r *http.Request) error {
	control := http.NewResponseController(w)
	_ = control.SetWriteDeadline(time.Time{}) // a stream outlives every deadline; servers without one refuse harmlessly
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")
	ch, leave := s.live.join()
	defer leave()
	beat := time.NewTicker(20 * time.Second)
	defer beat.Stop()
	fmt.Fprint(w, ": here\n\n")
	for {
		if err := control.Flush(); err != nil {
			return nil // the screen has gone
		}
		select {
		case <-r.Context().Done():
			return nil
		case <-s.Closing:
			return nil
		case <-beat.C:
			fmt.Fprint(w, ": beat\n\n")
		case list := <-ch:
			for _, n := range list {
				if !n.concerns(callOf(r).who) {
					continue
				}
				text, _ := json.Marshal(n) // numbers and strings only
				fmt.Fprintf(w, "event: change\nid: %d\ndata: %s\n\n", n.Seq, text)
			}
		}
	}
}
