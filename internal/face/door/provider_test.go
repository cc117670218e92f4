package door

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/db/dbtest"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/org"

	"github.com/go-jose/go-jose/v4"
)

// authority is an identity provider as the county might have one.
type authority struct {
	*httptest.Server
	key     *rsa.PrivateKey
	kid     string
	codes   map[string]grant
	twist   func(claims map[string]any) // what a hostile one would put in
	subject string
}

type grant struct{ nonce, challenge string }

func newAuthority(t *testing.T) *authority {
	a := &authority{codes: map[string]grant{}, twist: func(map[string]any) {}, subject: "s-1"}
	a.rotate(t)
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"issuer":%[1]q,"authorization_endpoint":"%[1]s/auth","token_endpoint":"%[1]s/token","jwks_uri":"%[1]s/keys","id_token_signing_alg_values_supported":["RS256"]}`, a.URL)
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: a.key.Public(), KeyID: a.kid, Algorithm: "RS256", Use: "sig"}}})
	})
	mux.HandleFunc("/token", a.token)
	a.Server = httptest.NewServer(mux)
	t.Cleanup(a.Close)
	return a
}

func (a *authority) rotate(t *testing.T) {
	var err error
	if a.key, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
		t.Fatal(err)
	}
	a.kid = rand.Text()
}

// consent is the person saying yes there; it returns state and code.
func (a *authority) consent(t *testing.T, to string) (state, code string) {
	u, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	if q.Get("code_challenge_method") != "S256" || q.Get("client_id") != "county" || q.Get("redirect_uri") != back {
		t.Errorf("asked with %v", q)
	}
	code = rand.Text()
	a.codes[code] = grant{q.Get("nonce"), q.Get("code_challenge")}
	return q.Get("state"), code
}

func (a *authority) token(w http.ResponseWriter, r *http.Request) {
	g, ok := a.codes[r.FormValue("code")]
	sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	if !ok || base64.RawURLEncoding.EncodeToString(sum[:]) != g.challenge {
		http.Error(w, `{"error":"invalid_grant"}`, http.StatusBadRequest)
		return
	}
	claims := map[string]any{"iss": a.URL, "aud": "county", "sub": a.subject, "nonce": g.nonce, "name": "王建国", "email": "boss@example.org",
		"iat": time.Now().Unix(), "exp": time.Now().Add(time.Hour).Unix()}
	a.twist(claims)
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: a.key, KeyID: a.kid}}, nil)
	if err != nil {
		panic(err)
	}
	text, _ := json.Marshal(claims)
	signed, _ := signer.Sign(text)
	id, _ := signed.CompactSerialize()
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"access_token": "x", "token_type": "Bearer", "id_token": id})
}

const back = "http://county.test/api/session/provider"

// town has a cadre, one who left, and an identity provider.
type town struct {
	t     *testing.T
	db    *db.DB
	clock *dbtest.Clock
	at    *authority
	p     *Provider
	wang  org.Actor
	li    org.Actor
}

func newTown(t *testing.T) *town {
	w := &town{t: t, clock: dbtest.NewClock(time.Now()), at: newAuthority(t), wang: org.Actor{ID: "wang"}, li: org.Actor{ID: "li"}}
	w.db = dbtest.New(t, w.clock.Now)
	w.p = &Provider{Issuer: w.at.URL, Client: "county", Secret: "s", Name: "统一身份认证"}
	dbtest.Write(t, w.db, func(tx *db.Tx) error {
		u := org.Unit{ID: "u", Code: "u", Name: "城管局", Short: "城管局", Sort: "department"}
		if err := org.AddUnit(tx, org.System, u); err != nil {
			return err
		}
		for _, id := range []string{"wang", "li"} {
			if err := org.AddPerson(tx, org.System, org.Person{ID: id, Code: id, Name: id, Login: id, UnitID: "u", Lang: "zh"}); err != nil {
				return err
			}
		}
		return nil
	})
	return w
}

// through goes to the provider and back.
func (w *town) through(who org.Actor, link bool) (Back, error) {
	w.t.Helper()
	to, secret, err := w.p.Begin(context.Background(), w.db, who, back, "/desk/cases", link)
	if err != nil {
		return Back{}, err
	}
	state, code := w.at.consent(w.t, to)
	return w.p.Finish(context.Background(), w.db, who, secret, state, code, "2026-08-03")
}

func TestAnAccountIsLinkedAndThenOpens(t *testing.T) {
	w := newTown(t)
	if _, err := w.through(org.Actor{}, false); fault.Code(err) != "oidc.unlinked" {
		t.Fatalf("a stranger with a known name and e-mail: %v", err)
	}
	if b, err := w.through(w.wang, true); err != nil || b.Person.ID != "" || b.Next != "/desk/cases" {
		t.Fatalf("linking: %+v %v", b, err)
	}
	w.at.rotate(t) // the provider has changed its key since
	if b, err := w.through(org.Actor{}, false); err != nil || b.Person.ID != "wang" {
		t.Fatalf("coming in: %+v %v", b, err)
	}
	if _, err := w.through(w.li, true); fault.Code(err) != "oidc.taken" {
		t.Errorf("somebody else's account: %v", err)
	}
	w.at.subject = "s-2"
	if _, err := w.through(org.Actor{}, false); fault.Code(err) != "oidc.unlinked" {
		t.Errorf("another subject of the same name: %v", err)
	}
	w.at.subject = "s-1"
	dbtest.Write(t, w.db, func(tx *db.Tx) error { return Unlink(tx, w.wang, w.at.URL, "s-1") })
	if _, err := w.through(org.Actor{}, false); fault.Code(err) != "oidc.unlinked" {
		t.Errorf("after unlinking: %v", err)
	}
	if _, err := w.through(org.Actor{}, true); fault.Code(err) != "signin.needed" {
		t.Errorf("nobody links: %v", err)
	}
}

func TestAForgedAnswerOpensNothing(t *testing.T) {
	w := newTown(t)
	if _, err := w.through(w.wang, true); err != nil {
		t.Fatal(err)
	}
	for name, twist := range map[string]func(map[string]any){
		"another county's": func(c map[string]any) { c["aud"] = "other" },
		"another issuer's": func(c map[string]any) { c["iss"] = "https://evil.example" },
		"an old one":       func(c map[string]any) { c["exp"] = time.Now().Add(-time.Hour).Unix() },
		"another's nonce":  func(c map[string]any) { c["nonce"] = "x" },
	} {
		w.at.twist = twist
		if b, err := w.through(org.Actor{}, false); err == nil || b.Person.ID != "" {
			t.Errorf("%s: %+v", name, b)
		}
	}
	w.at.twist = func(map[string]any) {}

	ctx := context.Background()
	to, secret, err := w.p.Begin(ctx, w.db, org.Actor{}, back, "", false)
	if err != nil {
		t.Fatal(err)
	}
	state, code := w.at.consent(t, to)
	try := func(secret, state, code string) error {
		_, err := w.p.Finish(ctx, w.db, org.Actor{}, secret, state, code, "2026-08-03")
		return err
	}
	if err := try("another browser", state, code); !errors.Is(err, errLate) {
		t.Errorf("another browser: %v", err)
	}
	if err := try(secret, "x", code); !errors.Is(err, errLate) {
		t.Errorf("another state: %v", err)
	}
	if err := try(secret, state, code); !errors.Is(err, errLate) {
		t.Errorf("the half is used once: %v", err)
	}
	to, secret, err = w.p.Begin(ctx, w.db, org.Actor{}, back, "", false)
	if err != nil {
		t.Fatal(err)
	}
	state, code = w.at.consent(t, to)
	w.clock.Add(patience + time.Second)
	if err := try(secret, state, code); !errors.Is(err, errLate) {
		t.Errorf("a day later: %v", err)
	}
}

func TestAProviderThatIsAwayIsSaidSo(t *testing.T) {
	w := newTown(t)
	w.at.Close()
	if _, err := w.through(org.Actor{}, false); fault.Code(err) != "oidc.away" {
		t.Errorf("%v", err)
	}
}

func TestGarbageIsNoPasskey(t *testing.T) {
	w := newTown(t)
	for _, shown := range []string{``, `null`, `{}`, `{"id":"x","rawId":"x","type":"public-key","response":{}}`, `[1]`} {
		var secret string
		dbtest.Write(t, w.db, func(tx *db.Tx) (err error) {
			_, secret, err = BeginEntry(tx, "http://localhost:8080")
			return err
		})
		err := w.db.Write(context.Background(), func(tx *db.Tx) error {
			_, err := Enter(tx, "http://localhost:8080", secret, []byte(shown), "2026-08-03")
			return err
		})
		if fault.Code(err) != "passkey.wrong" {
			t.Errorf("%q: %v", shown, err)
		}
	}
	err := w.db.Write(context.Background(), func(tx *db.Tx) error {
		_, err := AddKey(tx, w.wang, "http://localhost:8080", "none", "x", nil)
		return err
	})
	if !errors.Is(err, errLate) {
		t.Errorf("a key nobody asked for: %v", err)
	}
}
