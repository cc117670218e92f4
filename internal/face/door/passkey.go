package door

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/org"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
)

// Passkey is a key on somebody's phone or computer.
type Passkey struct {
	ID, Name       string
	MadeAt, UsedAt int64
	key            webauthn.Credential
}

const (
	mostKeys = 10
	register = "passkey.register"
	enter    = "passkey.enter"
)

var errKey = fault.New(fault.Unknown, "passkey.wrong", "这把通行密钥不能用：可能不是在本平台登记的，或已被移除。请改用密码登录。", "This passkey does not open: it was not registered here, or was removed. Use the password instead.")

// party reads the origin under which the county is reached as the WebAuthn
// relying party. Browsers allow passkeys only over HTTPS (or on localhost) and
// only where there is a host name.
func party(origin string) (*webauthn.WebAuthn, error) {
	u, err := url.Parse(origin)
	if err != nil {
		return nil, fmt.Errorf("door: origin %q: %w", origin, err)
	}
	if _, err := netip.ParseAddr(u.Hostname()); err == nil || u.Scheme != "https" && u.Hostname() != "localhost" {
		return nil, fault.New(fault.Conflict, "passkey.host", "通行密钥只能在用域名和 HTTPS 打开的页面上使用，请改用密码登录，或请系统管理员配置域名。", "Passkeys work only where the page is opened by a host name over HTTPS; use the password, or ask the administrator.")
	}
	return webauthn.New(&webauthn.Config{RPID: u.Hostname(), RPDisplayName: "创卫", RPOrigins: []string{origin},
		AuthenticatorSelection: protocol.AuthenticatorSelection{ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired}})
}

// holder is a person as WebAuthn sees them: an opaque number and their keys.
type holder struct {
	org.Person
	keys []Passkey
}

func (h holder) WebAuthnID() []byte          { return []byte(h.ID) }
func (h holder) WebAuthnName() string        { return h.Login }
func (h holder) WebAuthnDisplayName() string { return h.Name }
func (h holder) WebAuthnCredentials() []webauthn.Credential {
	out := make([]webauthn.Credential, len(h.keys))
	for i, k := range h.keys {
		out[i] = k.key
	}
	return out
}

func holderOf(tx *db.Tx, id string) (h holder, err error) {
	if h.Person, err = org.PersonByID(tx, id); err != nil {
		return h, err
	}
	h.keys, err = keysOf(tx, id)
	return h, err
}

// Keys lists the actor's own passkeys.
func Keys(tx *db.Tx, who org.Actor) ([]Passkey, error) {
	if err := nobody(who); err != nil {
		return nil, err
	}
	return keysOf(tx, who.ID)
}

// BeginKey asks the browser to make a key; the secret is for its cookie.
func BeginKey(tx *db.Tx, who org.Actor, origin string) (options any, secret string, err error) {
	if err := nobody(who); err != nil {
		return nil, "", err
	}
	h, err := holderOf(tx, who.ID)
	if err != nil {
		return nil, "", err
	}
	if len(h.keys) >= mostKeys {
		return nil, "", fault.New(fault.Conflict, "passkey.many", "最多登记 %[1]d 把，请先移除不用的。", "At most %[1]d; remove one first.", mostKeys)
	}
	p, err := party(origin)
	if err != nil {
		return nil, "", err
	}
	made, half, err := p.BeginRegistration(h, webauthn.WithExclusions(webauthn.Credentials(h.WebAuthnCredentials()).CredentialDescriptors()))
	if err != nil {
		return nil, "", fmt.Errorf("door: passkey: %w", err)
	}
	secret, err = begin(tx, register, half)
	return made.Response, secret, err
}

// AddKey keeps the key that the browser made.
func AddKey(tx *db.Tx, who org.Actor, origin, secret, name string, made []byte) (Passkey, error) {
	if err := nobody(who); err != nil {
		return Passkey{}, err
	}
	var half webauthn.SessionData
	if err := finish(tx, register, secret, &half); err != nil {
		return Passkey{}, err
	}
	h, err := holderOf(tx, who.ID)
	if err != nil {
		return Passkey{}, err
	}
	p, err := party(origin)
	if err != nil {
		return Passkey{}, err
	}
	said, err := protocol.ParseCredentialCreationResponseBytes(made)
	if err != nil {
		return Passkey{}, errKey
	}
	key, err := p.CreateCredential(h, half, said)
	if err != nil {
		return Passkey{}, errKey
	}
	k := Passkey{ID: base64.RawURLEncoding.EncodeToString(key.ID), Name: clip(strings.TrimSpace(name), 40), MadeAt: tx.Now(), key: *key}
	if err := insertKey(tx, who.ID, k); err != nil {
		return k, err
	}
	return k, changed(tx, who, "passkey.added", k.Name)
}

// RemoveKey forgets one of the actor's own keys.
func RemoveKey(tx *db.Tx, who org.Actor, id string) error {
	n, err := tx.Exec(`DELETE FROM passkeys WHERE id = $1 AND person_id = $2`, id, who.ID)
	if err != nil || n == 0 {
		return orNone(err)
	}
	return changed(tx, who, "passkey.removed", "")
}

func orNone(err error) error {
	if err != nil {
		return err
	}
	return fault.New(fault.NotFound, "door.none", "没有这一项，可能已经移除。", "There is no such thing; it may have been removed.")
}

// BeginEntry asks the browser for any key registered here.
func BeginEntry(tx *db.Tx, origin string) (options any, secret string, err error) {
	p, err := party(origin)
	if err != nil {
		return nil, "", err
	}
	ask, half, err := p.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, "", fmt.Errorf("door: passkey: %w", err)
	}
	secret, err = begin(tx, enter, half)
	return ask.Response, secret, err
}

// Enter finds who comes in with a key; on is today.
func Enter(tx *db.Tx, origin, secret string, shown []byte, on string) (org.Person, error) {
	var half webauthn.SessionData
	if err := finish(tx, enter, secret, &half); err != nil {
		return org.Person{}, err
	}
	p, err := party(origin)
	if err != nil {
		return org.Person{}, err
	}
	said, err := protocol.ParseCredentialRequestResponseBytes(shown)
	if err != nil {
		return org.Person{}, errKey
	}
	var failed error // of the database, which must not read as a wrong key
	user, key, err := p.ValidatePasskeyLogin(func(_, handle []byte) (webauthn.User, error) {
		h, err := holderOf(tx, string(handle))
		if err != nil && !fault.Is(err, fault.NotFound) && !errors.Is(err, db.ErrNone) {
			failed = err
		}
		return h, err
	}, half, said)
	if failed != nil {
		return org.Person{}, failed
	}
	if err != nil || key.Authenticator.CloneWarning {
		return org.Person{}, errKey
	}
	h, ok := user.(holder)
	if !ok {
		return org.Person{}, errKey
	}
	if err := useKey(tx, *key); err != nil {
		return org.Person{}, err
	}
	return inService(tx, h.ID, on)
}

func keysOf(tx *db.Tx, person string) ([]Passkey, error) {
	return db.All(tx, func(r db.Row) (k Passkey, err error) {
		var body string
		if err = r.Scan(&k.ID, &k.Name, &body, &k.MadeAt, &k.UsedAt); err != nil {
			return k, err
		}
		return k, json.Unmarshal([]byte(body), &k.key)
	}, `SELECT id, name, body, made_at, used_at FROM passkeys WHERE person_id = $1 ORDER BY made_at`, person)
}

func insertKey(tx *db.Tx, person string, k Passkey) error {
	body, err := json.Marshal(k.key)
	if err != nil {
		return fmt.Errorf("door: passkey: %w", err)
	}
	_, err = tx.Exec(`INSERT INTO passkeys (id, person_id, name, body, made_at, used_at) VALUES ($1, $2, $3, $4, $5, 0)`, k.ID, person, k.Name, string(body), k.MadeAt)
	return err
}

// useKey keeps what the authenticator said of itself, its counter above all.
func useKey(tx *db.Tx, key webauthn.Credential) error {
	body, err := json.Marshal(key)
	if err != nil {
		return fmt.Errorf("door: passkey: %w", err)
	}
	_, err = tx.Exec(`UPDATE passkeys SET body = $2, used_at = $3 WHERE id = $1`, base64.RawURLEncoding.EncodeToString(key.ID), string(body), tx.Now())
	return err
}

func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}
