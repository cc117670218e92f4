package calendar

import (
	"encoding/json"
	"fmt"

	"chuangwei/internal/kit/db"
)

// stamp is touched by every change of the calendar.
const stamp = "calendar"

// Load is the county's calendar, kept in memory until it changes.
func Load(tx *db.Tx) (*Calendar, error) {
	s, err := db.Stamp(tx, stamp)
	if err != nil {
		return nil, fmt.Errorf("calendar: %w", err)
	}
	return db.Keep(tx, "calendar", s, func() (*Calendar, error) {
		own, err := db.All(tx, func(r db.Row) (e Exception, err error) {
			return e, r.Scan(&e.On, &e.Working, &e.Note, &e.Source)
		}, `SELECT on_day, working, note, source FROM calendar_days ORDER BY on_day`)
		if err != nil {
			return nil, err
		}
		var hours Hours
		var market MarketRule
		for name, v := range map[string]any{"office_hours": &hours, "market": &market} {
			if err := setting(tx, name, v); err != nil {
				return nil, fmt.Errorf("calendar: %s: %w", name, err)
			}
		}
		if err := hours.Valid(); err != nil {
			return nil, err
		}
		c := New(hours, own)
		c.market = market
		return c, nil
	})
}

func setting(tx *db.Tx, name string, v any) error {
	text, err := db.Value[string](tx, `SELECT value FROM settings WHERE name = $1`, name)
	if err == db.ErrNone {
		return nil
	}
	if err != nil {
		return err
	}
	return json.Unmarshal([]byte(text), v)
}

func set(tx *db.Tx, name string, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO settings (name, value, changed_at) VALUES ($1, $2, $3)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at`, name, string(text), tx.Now())
	if err != nil {
		return err
	}
	return db.Touch(tx, stamp)
}

// SetMarket changes the market-day rule.
func SetMarket(tx *db.Tx, m MarketRule) error {
	if err := m.Valid(); err != nil {
		return err
	}
	return set(tx, "market", m)
}

// SetHours changes the office hours; none brings UsualHours back.
func SetHours(tx *db.Tx, h Hours) error {
	if err := h.Valid(); err != nil {
		return err
	}
	return set(tx, "office_hours", h)
}

// SetException makes one day different in this county.
func SetException(tx *db.Tx, e Exception) error {
	if _, err := ParseDay(string(e.On)); err != nil {
		return err
	}
	_, err := tx.Exec(`INSERT INTO calendar_days (on_day, working, note, source) VALUES ($1, $2, $3, $4)
		ON CONFLICT (on_day) DO UPDATE SET working = excluded.working, note = excluded.note, source = excluded.source`,
		string(e.On), e.Working, e.Note, e.Source)
	if err != nil {
		return err
	}
	return db.Touch(tx, stamp)
}
