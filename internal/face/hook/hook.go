// Package hook tells other systems what happened, by Standard Webhooks: a
// signed POST per event, at least once, in order per subject, tried again for
// about a day and then kept for an administrator to send anew.
package hook

import (
	"crypto/rand"
	"encoding/base64"
	"net/url"
	"slices"
	"strings"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/org"
)

// Hook is an address that is told of events.
type Hook struct {
	ID, Name, URL string
	Secret        string
	Kinds         []string // "case." stands for all that begin so
	Seq           int64    // last event looked at
	Fails         int64    // tries in a row that failed
	MadeAt        int64
	Waiting, Dead int64 // deliveries not yet made, and given up
}

// State is where a delivery stands.
type State string

// The states of a delivery.
const (
	Waiting State = "waiting"
	Sent    State = "sent"
	Dead    State = "dead" // given up after about a day; Replay sends it anew
)

// Delivery is one event for one hook.
type Delivery struct {
	ID, HookID    string
	Seq           int64
	Kind, Subject string
	State         State
	Tries, NextAt int64
	Status        int64 // HTTP status of the last answer; 0: there was none
	Error         string
	At            int64 // when last tried
}

// Tellable are the first words of the kinds that may be told; sign-ins and
// suggestions are nobody else's business.
var Tellable = []string{"case.", "area.", "place.", "unit.", "calendar.", "standard.", "duty.", "roster."}

// most is how many hooks a county has; each costs a delivery per event.
const most = 20

// In is a wish for a hook.
type In struct {
	ID, Name, URL string
	Kinds         []string
}

func (in In) check() error {
	var c fault.Check
	u, err := url.Parse(in.URL)
	c.That(err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil && len(in.URL) <= 500, "url",
		"地址要以 https:// 或 http:// 开头", "the address begins with https:// or http://")
	c.That(in.Name != "" && len([]rune(in.Name)) <= 60, "name", "名称必填，最多 60 字", "a name of at most 60 characters is required")
	c.That(len(in.Kinds) > 0 && len(in.Kinds) <= 50, "kinds", "至少选择一类消息", "choose at least one kind")
	for _, k := range in.Kinds {
		c.That(len(k) <= 60 && slices.ContainsFunc(Tellable, func(p string) bool { return strings.HasPrefix(k, p) }), "kinds", "没有“%[1]s”这类消息", "there is no kind %[1]q", k)
	}
	return c.Err()
}

// Add makes a hook; it is told of what happens from now on. Its secret is
// returned and kept.
func Add(tx *db.Tx, who org.Actor, in In) (Hook, error) {
	if err := org.Change(who); err != nil {
		return Hook{}, err
	}
	if err := in.check(); err != nil {
		return Hook{}, err
	}
	if list, err := List(tx, who); err != nil || len(list) >= most {
		return Hook{}, orFault(err, fault.New(fault.Conflict, "hook.many", "最多 %[1]d 个，请先停用不用的。", "At most %[1]d; end one first.", most))
	}
	key := make([]byte, 24)
	rand.Read(key) // never fails (Go 1.24)
	last, err := event.Last(tx)
	if err != nil {
		return Hook{}, err
	}
	h := Hook{ID: in.ID, Name: in.Name, URL: in.URL, Kinds: in.Kinds, Secret: prefix + base64.StdEncoding.EncodeToString(key), Seq: last, MadeAt: tx.Now()}
	if err := insert(tx, who.ID, h); err != nil {
		return Hook{}, err
	}
	return h, org.Changed(tx, who, "hook.added", h.ID, map[string]any{"name": h.Name, "url": h.URL, "kinds": h.Kinds})
}

func orFault(err error, f *fault.Fault) error {
	if err != nil {
		return err
	}
	return f
}

// End stops a hook; what it has not been told it will not be told.
func End(tx *db.Tx, who org.Actor, id string) error {
	h, err := Get(tx, who, id)
	if err != nil {
		return err
	}
	if err := end(tx, id); err != nil {
		return err
	}
	return org.Changed(tx, who, "hook.ended", id, map[string]any{"name": h.Name})
}

// Get finds a hook in use.
func Get(tx *db.Tx, who org.Actor, id string) (Hook, error) {
	list, err := List(tx, who)
	for _, h := range list {
		if h.ID == id {
			return h, nil
		}
	}
	return Hook{}, orFault(err, fault.New(fault.NotFound, "hook.none", "没有这个推送，或已停用。", "There is no such webhook, or it has ended."))
}

// Replay sends given-up deliveries anew, in their order; it says how many.
func Replay(tx *db.Tx, who org.Actor, id string) (int64, error) {
	h, err := Get(tx, who, id)
	if err != nil {
		return 0, err
	}
	n, err := revive(tx, id)
	if err != nil {
		return 0, err
	}
	return n, org.Changed(tx, who, "hook.replayed", id, map[string]any{"name": h.Name, "count": n})
}

func (h Hook) wants(kind string) bool {
	return slices.ContainsFunc(h.Kinds, func(k string) bool { return k == kind || strings.HasSuffix(k, ".") && strings.HasPrefix(kind, k) })
}
