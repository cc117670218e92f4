package door

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/org"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Provider is the county's own identity provider, by OpenID Connect Core 1.0
// with authorization code and PKCE (RFC 7636).
type Provider struct {
	Issuer, Client, Secret string
	Name                   string // on the button

	mu    sync.Mutex
	known *oidc.Provider
}

// away is how long we wait for the provider.
const away = 10 * time.Second

const provider = "oidc"

// errAway is the fault of a provider that does not answer as it should.
var errAway = fault.New(fault.Busy, "oidc.away", "统一身份认证没有应答，请稍后再试，或用密码登录。", "The identity provider does not answer; try later, or use the password.")

// errUnlinked is the fault of somebody known there and not here.
var errUnlinked = fault.New(fault.Unknown, "oidc.unlinked", "统一身份认证里的账号还没有与平台账号关联：请先用密码登录，再到“我的”里关联。", "Your account there is not linked to one here: sign in with the password first, then link it under “Me”.")

// half is what the way back must find again.
type half struct {
	State, Nonce, Verifier string
	Back                   string // redirect address, the same in both halves
	Next                   string // where to go afterwards, a path of ours
	Link                   string // person who links an account; "": somebody signs in
}

// found asks the provider once where its doors are; a failure is asked anew.
func (p *Provider) found(ctx context.Context) (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known != nil {
		return p.known, nil
	}
	// The library keeps this context for later key fetches: it must outlive the request.
	got, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), &http.Client{Timeout: away}), p.Issuer)
	if err != nil {
		return nil, fmt.Errorf("door: %s: %w", p.Issuer, err)
	}
	p.known = got
	return got, nil
}

func (p *Provider) config(at *oidc.Provider, back string) *oauth2.Config {
	return &oauth2.Config{ClientID: p.Client, ClientSecret: p.Secret, Endpoint: at.Endpoint(), RedirectURL: back, Scopes: []string{oidc.ScopeOpenID, "profile"}}
}

// Begin says where to send the browser; with who signed in, an account there
// will be linked to theirs here.
func (p *Provider) Begin(ctx context.Context, d *db.DB, who org.Actor, back, next string, link bool) (to, secret string, err error) {
	h := half{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), Back: back, Next: next}
	if link {
		if err := nobody(who); err != nil {
			return "", "", err
		}
		h.Link = who.ID
	}
	at, err := p.found(ctx)
	if err != nil {
		return "", "", errors.Join(errAway, err)
	}
	err = d.Write(ctx, func(tx *db.Tx) (err error) { secret, err = begin(tx, provider, h); return err })
	return p.config(at, back).AuthCodeURL(h.State, oidc.Nonce(h.Nonce), oauth2.S256ChallengeOption(h.Verifier)), secret, err
}

// Back is what the provider's answer comes to.
type Back struct {
	Next   string
	Person org.Person // who came in; none when an account was linked
}

// Finish proves the answer and finds who it is, or links the account; on is today.
func (p *Provider) Finish(ctx context.Context, d *db.DB, who org.Actor, secret, state, code, on string) (Back, error) {
	var h half
	if err := d.Write(ctx, func(tx *db.Tx) error { return finish(tx, provider, secret, &h) }); err != nil {
		return Back{}, err
	}
	if h.State != state || code == "" || h.Link != "" && h.Link != who.ID {
		return Back{}, errLate
	}
	subject, name, err := p.prove(ctx, h, code)
	if err != nil {
		return Back{}, errors.Join(errAway, err)
	}
	out := Back{Next: h.Next}
	err = d.Write(ctx, func(tx *db.Tx) (err error) {
		if h.Link != "" {
			return link(tx, who, p.Issuer, subject, name)
		}
		out.Person, err = linked(tx, p.Issuer, subject, on)
		return err
	})
	return out, err
}

// prove changes the code for an ID token and checks issuer, audience, time,
// signature (with keys fetched anew when they have changed) and nonce.
func (p *Provider) prove(ctx context.Context, h half, code string) (subject, name string, err error) {
	at, err := p.found(ctx)
	if err != nil {
		return "", "", err
	}
	ctx, stop := context.WithTimeout(oidc.ClientContext(ctx, &http.Client{Timeout: away}), away)
	defer stop()
	token, err := p.config(at, h.Back).Exchange(ctx, code, oauth2.VerifierOption(h.Verifier))
	if err != nil {
		return "", "", fmt.Errorf("door: exchange: %w", err)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return "", "", errors.New("door: no id_token")
	}
	id, err := at.Verifier(&oidc.Config{ClientID: p.Client}).Verify(ctx, raw)
	if err != nil {
		return "", "", fmt.Errorf("door: id token: %w", err)
	}
	if id.Nonce != h.Nonce {
		return "", "", errors.New("door: the nonce is another's")
	}
	var claims struct {
		Name string `json:"name"`
	}
	err = id.Claims(&claims)
	return id.Subject, clip(claims.Name, 60), err
}

// Identity is an account at a provider.
type Identity struct {
	Issuer, Subject, Name string
	MadeAt                int64
}

// Identities lists the actor's own linked accounts.
func Identities(tx *db.Tx, who org.Actor) ([]Identity, error) {
	if err := nobody(who); err != nil {
		return nil, err
	}
	return db.All(tx, func(r db.Row) (i Identity, err error) {
		return i, r.Scan(&i.Issuer, &i.Subject, &i.Name, &i.MadeAt)
	}, `SELECT issuer, subject, name, made_at FROM identities WHERE person_id = $1 ORDER BY made_at`, who.ID)
}

// Unlink forgets a linked account of the actor's own.
func Unlink(tx *db.Tx, who org.Actor, issuer, subject string) error {
	n, err := tx.Exec(`DELETE FROM identities WHERE issuer = $1 AND subject = $2 AND person_id = $3`, issuer, subject, who.ID)
	if err != nil || n == 0 {
		return orNone(err)
	}
	return changed(tx, who, "identity.unlinked", issuer)
}

func link(tx *db.Tx, who org.Actor, issuer, subject, name string) error {
	whose, err := personOf(tx, issuer, subject)
	if err != nil || whose == who.ID {
		return err
	}
	if whose != "" {
		return fault.New(fault.Conflict, "oidc.taken", "这个统一身份认证账号已经与别人关联，请联系系统管理员。", "This account there is linked to somebody else; ask the administrator.")
	}
	if _, err := tx.Exec(`INSERT INTO identities (issuer, subject, person_id, name, made_at) VALUES ($1, $2, $3, $4, $5)`, issuer, subject, who.ID, name, tx.Now()); err != nil {
		return err
	}
	return changed(tx, who, "identity.linked", issuer)
}

func linked(tx *db.Tx, issuer, subject, on string) (org.Person, error) {
	id, err := personOf(tx, issuer, subject)
	if err != nil || id == "" {
		return org.Person{}, orUnlinked(err)
	}
	return inService(tx, id, on)
}

func orUnlinked(err error) error {
	if err != nil {
		return err
	}
	return errUnlinked
}

// personOf is who an account there is here, or "".
func personOf(tx *db.Tx, issuer, subject string) (string, error) {
	id, err := db.Value[string](tx, `SELECT person_id FROM identities WHERE issuer = $1 AND subject = $2`, issuer, subject)
	if errors.Is(err, db.ErrNone) {
		return "", nil
	}
	return id, err
}
