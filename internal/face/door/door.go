// Package door is the other ways in, beside name and password: passkeys
// (WebAuthn) and the county's own identity provider (OpenID Connect). Who
// comes in is found by key or by issuer and subject, never by e-mail or name.
package door

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/org"
)

// patience is how long somebody may take between the first and the second half.
const patience = 10 * time.Minute

// errLate is the fault of a second half without its first.
var errLate = fault.New(fault.Conflict, "door.late", "这次登录已过期，请重新开始。", "This sign-in has expired; please start again.")

// begin keeps what the second half of a signing-in must find again; the secret
// returned goes into a cookie of the same browser.
func begin(tx *db.Tx, kind string, body any) (secret string, err error) {
	text, err := json.Marshal(body)
	if err != nil {
		return "", fmt.Errorf("door: %w", err)
	}
	if _, err := tx.Exec(`DELETE FROM ceremonies WHERE ends_at < $1`, tx.Now()); err != nil {
		return "", err
	}
	secret = rand.Text()
	_, err = tx.Exec(`INSERT INTO ceremonies (id, kind, body, ends_at) VALUES ($1, $2, $3, $4)`,
		digest(secret), kind, string(text), tx.Time().Add(patience).UnixMilli())
	return secret, err
}

// finish finds the first half, once.
func finish(tx *db.Tx, kind, secret string, into any) error {
	text, err := db.Value[string](tx, `DELETE FROM ceremonies WHERE id = $1 AND kind = $2 AND ends_at >= $3 RETURNING body`, digest(secret), kind, tx.Now())
	if errors.Is(err, db.ErrNone) {
		return errLate
	}
	if err != nil {
		return err
	}
	return json.Unmarshal([]byte(text), into)
}

func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// nobody refuses what only somebody signed in may do with their own doors.
func nobody(who org.Actor) error {
	if who.ID == "" {
		return org.NobodySignedIn
	}
	return nil
}

// changed tells of a change of somebody's doors, not of the key itself.
func changed(tx *db.Tx, who org.Actor, kind, what string) error {
	_, err := event.Add(tx, who.ID, kind, who.ID, map[string]string{"what": what})
	return err
}

// inService finds a person who may still come in.
func inService(tx *db.Tx, id, on string) (org.Person, error) {
	p, err := org.PersonByID(tx, id)
	if err == nil && p.LeftOn != "" && p.LeftOn <= on {
		return p, errLeft
	}
	return p, err
}

var errLeft = fault.New(fault.Unknown, "signin.left", "该账号已停用，请联系系统管理员。", "This account has ended; ask the administrator.")
