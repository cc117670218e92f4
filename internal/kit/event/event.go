// Package event keeps everything that happened in one gapless log, appended
// in the transaction that made it happen, and carries the news to followers.
package event

import (
	"encoding/json"
	"fmt"

	"chuangwei/internal/kit/db"
)

// Event is one thing that happened. Subject is the id of what it happened to,
// Who the person (or "system") whose act it was, Body its particulars as JSON.
type Event struct {
	Seq     int64           `json:"seq"`
	At      int64           `json:"at"`
	Kind    string          `json:"kind"`
	Subject string          `json:"subject"`
	Who     string          `json:"who"`
	Body    json.RawMessage `json:"body"`
}

// Decode reads the particulars into v.
func (e Event) Decode(v any) error {
	if err := json.Unmarshal(e.Body, v); err != nil {
		return fmt.Errorf("event %d %s: %w", e.Seq, e.Kind, err)
	}
	return nil
}

const counter = "event"

// Add appends an event and returns it with its number. Numbers are gapless
// and in commit order because there is one writer.
func Add(tx *db.Tx, who, kind, subject string, body any) (Event, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return Event{}, fmt.Errorf("event: %s: %w", kind, err)
	}
	seq, err := db.Next(tx, counter)
	if err != nil {
		return Event{}, fmt.Errorf("event: %s: %w", kind, err)
	}
	e := Event{Seq: seq, At: tx.Now(), Kind: kind, Subject: subject, Who: who, Body: text}
	if err := insert(tx, e); err != nil {
		return Event{}, err
	}
	tx.After(func() { ring(tx) })
	return e, nil
}

// Last is the number of the newest event.
func Last(tx *db.Tx) (int64, error) {
	return db.Number(tx, counter)
}
