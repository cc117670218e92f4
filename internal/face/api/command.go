package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"

	"github.com/google/uuid"
)

// command runs a verb once for its Idempotency-Key: the first answer is kept
// in the same transaction, and a repetition by the same person with the same
// body gets it again. A verb that failed is not remembered, so it may be tried
// again.
func (s *Server) command(w http.ResponseWriter, r *http.Request, raw []byte, code int, verb func(tx *db.Tx, key string) (any, error)) error {
	key, err := keyOf(r)
	if err != nil {
		return err
	}
	if _, err := phoneClock(r); err != nil {
		return err
	}
	who := callOf(r).who.ID
	sum := sha256.Sum256(append([]byte(r.Method+" "+r.URL.Path+"\n"), raw...))
	digest := hex.EncodeToString(sum[:])
	var answer []byte
	err = s.DB.Write(r.Context(), func(tx *db.Tx) error {
		v, err := verb(tx, key)
		if err != nil {
			return err
		}
		if answer, err = json.Marshal(v); err != nil {
			return err
		}
		return tx.Send(`INSERT INTO commands (id, who, digest, status, answer, at) VALUES ($1, $2, $3, $4, $5, $6)`,
			key, who, digest, code, string(answer), tx.Now())
	})
	if err != nil {
		if answer, err = s.repeated(r, err, key, who, digest); err != nil {
			return err
		}
	}
	if bytes.Equal(answer, []byte("null")) {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	return send(w, code, json.RawMessage(answer))
}

// repeated answers a command that failed because it had been done before. That is
// asked only now, since hardly any is a repetition; and in a write, so that a
// first one that is not yet durable is waited for.
func (s *Server) repeated(r *http.Request, failure error, key, who, digest string) (answer []byte, err error) {
	err = s.DB.Write(r.Context(), func(tx *db.Tx) (err error) {
		answer, err = answered(tx, key, who, digest)
		return err
	})
	switch {
	case err == nil && answer != nil, errors.Is(err, errKeyReused):
		return answer, err
	case db.IsUnique(failure): // something imported, or older than what is remembered, has this id
		return nil, errKeyReused
	}
	return nil, failure
}

func keyOf(r *http.Request) (string, error) {
	id, err := uuid.Parse(r.Header.Get("Idempotency-Key"))
	if err != nil {
		return "", fault.New(fault.Invalid, "key.missing", "缺少 Idempotency-Key（UUID）。", "The header Idempotency-Key (a UUID) is missing.")
	}
	return id.String(), nil
}

// answered finds the first answer to a key; the same key for something else is
// a mistake of the client and refused.
func answered(tx *db.Tx, key, who, digest string) ([]byte, error) {
	type row struct{ who, digest, answer string }
	c, err := db.One(tx, func(r db.Row) (c row, err error) { return c, r.Scan(&c.who, &c.digest, &c.answer) },
		`SELECT who, digest, answer FROM commands WHERE id = $1`, key)
	if errors.Is(err, db.ErrNone) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if c.who != who || c.digest != digest {
		return nil, errKeyReused
	}
	return []byte(c.answer), nil
}

var errKeyReused = fault.New(fault.Conflict, "key.reused", "这个编号已用于另一项提交。", "This Idempotency-Key was used for something else.")

// phoneClock is what the phone's clock says, or 0 when it does not tell.
func phoneClock(r *http.Request) (int64, error) {
	text := r.Header.Get("Phone-Clock")
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		var c fault.Check
		c.That(false, "Phone-Clock", "手机时钟应为毫秒数", "the phone's clock must be a number of milliseconds")
		return 0, c.Err()
	}
	return n, nil
}

// madeAt corrects an instant given by the phone's clock: Phone-Clock is what
// that clock said when the request was sent, so the difference to ours is how
// wrong it is. The result never lies in the future.
func (s *Server) madeAt(r *http.Request, made int64) int64 {
	now := s.DB.Now().UnixMilli()
	if made <= 0 {
		return now
	}
	if phone, err := phoneClock(r); err == nil && phone > 0 {
		if skew := phone - now; skew > tolerance || skew < -tolerance {
			made -= skew
		}
	}
	return max(0, min(made, now))
}

// tolerance is how wrong a clock may be before it is corrected: the time a
// request may be under way.
const tolerance = int64(2 * time.Minute / time.Millisecond)
