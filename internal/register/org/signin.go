package org

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/fault"

	"golang.org/x/crypto/argon2"
)

// Argon2id parameters as OWASP's password storage sheet gives for 19 MiB.
const (
	argonMemory = 19 * 1024 // KiB
	argonTime   = 2
	argonBytes  = 32
)

// turns bounds how many passwords are hashed at once: a thousand people sign
// in at eight in the morning, and each hash takes 19 MiB.
var turns = make(chan struct{}, 4)

// HashPassword makes the stored form of a password.
func HashPassword(password string) string {
	salt := make([]byte, 16)
	rand.Read(salt)
	return "argon2id$" + base64.RawStdEncoding.EncodeToString(salt) + "$" +
		base64.RawStdEncoding.EncodeToString(hash(password, salt))
}

func hash(password string, salt []byte) []byte {
	turns <- struct{}{}
	defer func() { <-turns }()
	return argon2.IDKey([]byte(password), salt, argonTime, argonMemory, 1, argonBytes)
}

// MatchPassword compares in constant time; a malformed stored form never matches.
func MatchPassword(stored, password string) bool {
	parts := strings.Split(stored, "$")
	if len(parts) != 3 || parts[0] != "argon2id" {
		hash(password, []byte("nobody's salt...")) // as slow for nobody as for somebody
		return false
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[1])
	want, err2 := base64.RawStdEncoding.DecodeString(parts[2])
	return err1 == nil && err2 == nil && subtle.ConstantTimeCompare(hash(password, salt), want) == 1
}

// sessionLife is how long a sign-in lasts without signing in again.
const sessionLife = 30 * 24 * time.Hour

var errSignIn = fault.New(fault.Unknown, "signin.wrong", "账号或密码不对，请检查后重试。忘记密码请联系系统管理员。",
	"Wrong sign-in name or password. Ask the administrator if you have forgotten it.")

// CheckPassword finds who signs in on the day. It hashes for tens of
// milliseconds, so it holds no transaction meanwhile.
func CheckPassword(ctx context.Context, d *db.DB, login, password, on string) (Person, error) {
	var p Person
	err := d.Read(ctx, func(tx *db.Tx) (err error) {
		p, err = personByLogin(tx, strings.ToLower(strings.TrimSpace(login)))
		return err
	})
	if err != nil && !errors.Is(err, db.ErrNone) {
		return p, err
	}
	if !MatchPassword(p.Password, password) || p.LeftOn != "" && p.LeftOn <= on {
		return Person{}, errSignIn
	}
	return p, nil
}

// SignIn opens a session and returns its token; only the token's hash is kept.
func SignIn(tx *db.Tx, p Person, agent string) (token string, err error) {
	raw := make([]byte, 32)
	rand.Read(raw)
	token = base64.RawURLEncoding.EncodeToString(raw)
	_, err = tx.Exec(`INSERT INTO sessions (token, person_id, made_at, ends_at, agent) VALUES ($1, $2, $3, $4, $5)`,
		hidden(token), p.ID, tx.Now(), tx.Time().Add(sessionLife).UnixMilli(), clip(agent, 200))
	if err != nil {
		return "", fmt.Errorf("org: sign in: %w", err)
	}
	_, err = event.Add(tx, p.ID, "session.opened", p.ID, nil)
	return token, err
}

// SignOut ends one session.
func SignOut(tx *db.Tx, token string) error {
	_, err := tx.Exec(`DELETE FROM sessions WHERE token = $1`, hidden(token))
	return err
}

// BySession finds who a token belongs to, with today's posts. Every request
// asks: one query, and the posts as they are kept in memory.
func BySession(tx *db.Tx, token, on string) (Actor, Person, error) {
	type found struct{ person, stamp string }
	f, err := db.One(tx, func(r db.Row) (f found, err error) { err = r.Scan(&f.person, &f.stamp); return }, bySession, hidden(token), tx.Now(), "stamp-"+Stamp)
	if errors.Is(err, db.ErrNone) {
		return Actor{}, Person{}, NobodySignedIn
	}
	if err != nil {
		return Actor{}, Person{}, err
	}
	b, err := db.Keep(tx, "org.onDay", f.stamp+"/"+on, func() (*sync.Map, error) { return new(sync.Map), nil })
	if err != nil {
		return Actor{}, Person{}, err
	}
	if s, ok := b.Load(f.person); ok {
		return s.(seen).actor, s.(seen).person, nil
	}
	p, err := PersonByID(tx, f.person)
	if err != nil {
		return Actor{}, p, err
	}
	a, err := ActorOf(tx, p, on)
	if err == nil {
		b.Store(f.person, seen{a, p})
	}
	return a, p, err
}

// seen is who signed in today, as the registers have them.
type seen struct {
	actor  Actor
	person Person
}

// NobodySignedIn is the fault of a request that needs somebody.
var NobodySignedIn = fault.New(fault.Unknown, "signin.needed", "请先登录。", "Please sign in first.")

// Suggest keeps a complaint or suggestion about the product.
func Suggest(tx *db.Tx, who Actor, id, page, text string) error {
	var c fault.Check
	c.That(strings.TrimSpace(text) != "", "text", "请写下您的意见", "write your suggestion")
	if err := c.Err(); err != nil {
		return err
	}
	_, err := tx.Exec(`INSERT INTO suggestions (id, who, page, text, made_at) VALUES ($1, $2, $3, $4, $5)`,
		id, who.ID, clip(page, 200), clip(text, 2000), tx.Now())
	if err == nil {
		_, err = event.Add(tx, who.ID, "suggestion.made", id, nil)
	}
	return err
}

func hidden(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}
