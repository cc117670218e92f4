package org

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/fault"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
)

// Guessing: after so many wrong passwords in a row a name rests, twice as long
// each time (OWASP's authentication sheet asks for a growing delay).
const (
	triesFree = 10
	firstRest = time.Minute
	mostRest  = 4 * time.Hour
)

func resting(until, now int64) *fault.Fault {
	minutes := max(1, int((until-now+59_999)/60_000))
	f := fault.New(fault.Busy, "signin.rest", "密码错误次数太多，请 %[1]d 分钟后再试，或请系统管理员重设密码。", "Too many wrong passwords; try again in %[1]d minutes, or ask the administrator for a new one.", minutes)
	f.Retry = minutes * 60
	return f
}

type tries struct{ failed, until int64 }

func triesOf(tx *db.Tx, login string) (tries, error) {
	t, err := db.One(tx, func(r db.Row) (t tries, err error) { err = r.Scan(&t.failed, &t.until); return },
		`SELECT failed, until_at FROM signin_tries WHERE login = $1`, login)
	if errors.Is(err, db.ErrNone) {
		return tries{}, nil
	}
	return t, err
}

// noteTry counts a wrong try; a right one forgets them all.
func noteTry(tx *db.Tx, login string, right bool) error {
	if right {
		_, err := tx.Exec(`DELETE FROM signin_tries WHERE login = $1`, login)
		return err
	}
	t, err := triesOf(tx, login)
	if err != nil {
		return err
	}
	if t.failed++; t.failed >= triesFree {
		rest := min(firstRest<<min(t.failed-triesFree, 12), mostRest)
		t.until = tx.Time().Add(rest).UnixMilli()
	}
	_, err = tx.Exec(`INSERT INTO signin_tries (login, failed, until_at) VALUES ($1, $2, $3)
		ON CONFLICT (login) DO UPDATE SET failed = excluded.failed, until_at = excluded.until_at`, login, t.failed, t.until)
	return err
}

// NeedCode is the fault of a right password without its second factor.
var NeedCode = fault.New(fault.Unknown, "signin.code_needed", "请输入手机验证器上的 6 位数字。", "Enter the six digits of your authenticator.")

var wrongCode = fault.New(fault.Unknown, "signin.code_wrong", "6 位数字不对或已用过，请等下一组。请检查手机时间是否准确。", "These six digits are wrong or used; wait for the next. Check the clock of your phone.")

// Enter finds who signs in by name, password and, where one is set, second
// factor. Wrong tries are counted by name, whether or not somebody has it.
func Enter(ctx context.Context, d *db.DB, login, password, code, on string) (Person, error) {
	login = strings.ToLower(strings.TrimSpace(login))
	var t tries
	if err := d.Read(ctx, func(tx *db.Tx) (err error) { t, err = triesOf(tx, login); return err }); err != nil {
		return Person{}, err
	}
	if now := d.Now().UnixMilli(); t.until > now {
		return Person{}, resting(t.until, now)
	}
	p, err := CheckPassword(ctx, d, login, password, on)
	if err == nil {
		err = d.Write(ctx, func(tx *db.Tx) error { return spendCode(tx, p.ID, code) })
	}
	if wrong := fault.Is(err, fault.Unknown) && err != NeedCode; wrong || err == nil && t.failed > 0 {
		if nerr := d.Write(ctx, func(tx *db.Tx) error { return noteTry(tx, login, !wrong) }); nerr != nil {
			return Person{}, nerr
		}
	}
	if err != nil {
		return Person{}, err
	}
	return p, nil
}

type second struct {
	secret          string
	step, confirmed int64
}

func secondOf(tx *db.Tx, personID string) (second, error) {
	s, err := db.One(tx, func(r db.Row) (s second, err error) { err = r.Scan(&s.secret, &s.step, &s.confirmed); return },
		`SELECT secret, step, confirmed_at FROM second_factors WHERE person_id = $1`, personID)
	if errors.Is(err, db.ErrNone) {
		return second{}, nil
	}
	return s, err
}

// period is the length of a time step in seconds (RFC 6238).
const period = 30

// stepOf finds the time step a code is right for, at most one before or after
// now (RFC 6238, 5.2), and not used yet; 0 when there is none.
func (s second) stepOf(code string, now time.Time) int64 {
	code = strings.ReplaceAll(strings.TrimSpace(code), " ", "")
	for _, drift := range []int64{0, -1, 1} {
		at := now.Add(time.Duration(drift) * period * time.Second)
		ok, err := totp.ValidateCustom(code, s.secret, at, totp.ValidateOpts{Period: period, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if step := at.Unix() / period; ok && err == nil && step > s.step {
			return step
		}
	}
	return 0
}

// spendCode uses a code up, where the person has a second factor.
func spendCode(tx *db.Tx, personID, code string) error {
	s, err := secondOf(tx, personID)
	if err != nil || s.confirmed == 0 {
		return err
	}
	if strings.TrimSpace(code) == "" {
		return NeedCode
	}
	step := s.stepOf(code, tx.Time())
	if step == 0 {
		return wrongCode
	}
	_, err = tx.Exec(`UPDATE second_factors SET step = $2 WHERE person_id = $1`, personID, step)
	return err
}

// HasSecond reports whether somebody signs in with a second factor.
func HasSecond(tx *db.Tx, who Actor) (bool, error) {
	s, err := secondOf(tx, who.ID)
	return s.confirmed > 0, err
}

// BeginSecond makes a secret for the actor's authenticator; it counts only
// after ConfirmSecond. The address is what the QR code says.
func BeginSecond(tx *db.Tx, who Actor, issuer string) (secret, address string, err error) {
	s, err := secondOf(tx, who.ID)
	if err != nil {
		return "", "", err
	}
	if s.confirmed > 0 {
		return "", "", fault.New(fault.Conflict, "second.there", "已经开启了验证器登录，要换手机请先关闭。", "A second factor is set; remove it first to change phones.")
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: who.Name, Period: period, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
	if err != nil {
		return "", "", fmt.Errorf("org: second factor: %w", err)
	}
	_, err = tx.Exec(`INSERT INTO second_factors (person_id, secret, step, confirmed_at) VALUES ($1, $2, 0, 0)
		ON CONFLICT (person_id) DO UPDATE SET secret = excluded.secret, step = 0`, who.ID, key.Secret())
	return key.Secret(), key.URL(), err
}

// ConfirmSecond turns the second factor on with a first right code.
func ConfirmSecond(tx *db.Tx, who Actor, code string) error {
	s, err := secondOf(tx, who.ID)
	if err != nil {
		return err
	}
	if s.secret == "" {
		return fault.New(fault.Conflict, "second.none", "请先扫码。", "Scan the code first.")
	}
	step := s.stepOf(code, tx.Time())
	if step == 0 {
		return fault.New(fault.Invalid, "second.wrong", "6 位数字不对，请等下一组再试。", "These six digits are wrong; wait for the next.").In("code", "不对", "wrong")
	}
	if _, err = tx.Exec(`UPDATE second_factors SET step = $2, confirmed_at = $3 WHERE person_id = $1`, who.ID, step, tx.Now()); err != nil {
		return err
	}
	_, err = event.Add(tx, who.ID, "second.set", who.ID, nil)
	return err
}

// RemoveSecond turns it off.
func RemoveSecond(tx *db.Tx, who Actor) error {
	if _, err := tx.Exec(`DELETE FROM second_factors WHERE person_id = $1`, who.ID); err != nil {
		return err
	}
	_, err := event.Add(tx, who.ID, "second.removed", who.ID, nil)
	return err
}

// SetPassword gives the actor a new password, whose hash was made outside, and
// ends their other sessions.
func SetPassword(tx *db.Tx, who Actor, hash, token string) error {
	if _, err := tx.Exec(`UPDATE persons SET password = $2 WHERE id = $1`, who.ID, hash); err != nil {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM sessions WHERE person_id = $1 AND token <> $2`, who.ID, hidden(token)); err != nil {
		return err
	}
	return Changed(tx, who, "password.changed", who.ID, nil)
}

// Session is one sign-in that has not ended.
type Session struct {
	ID     string // the first half of the hidden token: enough to name it, useless to steal
	MadeAt int64
	Agent  string
	Own    bool // the one that asks
}

// Sessions lists the actor's sign-ins, newest first.
func Sessions(tx *db.Tx, who Actor, token string) ([]Session, error) {
	own := hidden(token)
	return db.All(tx, func(r db.Row) (s Session, err error) {
		var full string
		err = r.Scan(&full, &s.MadeAt, &s.Agent)
		s.ID, s.Own = full[:len(full)/2], full == own
		return s, err
	}, `SELECT token, made_at, agent FROM sessions WHERE person_id = $1 AND ends_at > $2 ORDER BY made_at DESC, token`, who.ID, tx.Now())
}

// EndSessions ends one sign-in of the actor by its id, or with "" all but the
// one that asks.
func EndSessions(tx *db.Tx, who Actor, id, token string) error {
	if id != "" {
		if _, err := hex.DecodeString(id); err != nil || len(id) != 32 {
			return fault.New(fault.NotFound, "session.none", "没有这次登录，可能已经退出。", "There is no such session; it may have ended.")
		}
	}
	_, err := tx.Exec(`DELETE FROM sessions WHERE person_id = $1 AND (token LIKE $2 OR $2 = '' AND token <> $3)`, who.ID, like(id), hidden(token))
	if err == nil {
		_, err = event.Add(tx, who.ID, "session.ended", who.ID, nil)
	}
	return err
}

// like is the pattern of a session's id; "" for none.
func like(id string) string {
	if id == "" {
		return ""
	}
	return id + "%"
}
