package calendar

import (
	"encoding/json"
	"errors"
	"fmt"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/register/org"
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
		own, err := db.All(tx, scanException, `SELECT on_day, working, note, source FROM calendar_days ORDER BY on_day`)
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

// change carries out a change of the calendar and tells of it: what, as it was
// and as it is now.
func change(tx *db.Tx, who org.Actor, what string, before, after any, do func() error) error {
	if err := org.Change(who); err != nil {
		return err
	}
	if err := do(); err != nil {
		return err
	}
	if _, err := event.Add(tx, who.ID, "calendar.changed", what, map[string]any{"before": before, "after": after}); err != nil {
		return err
	}
	return db.Touch(tx, stamp)
}

func set[T any](tx *db.Tx, who org.Actor, name string, v T) error {
	var before T
	if err := setting(tx, name, &before); err != nil {
		return err
	}
	return change(tx, who, name, before, v, func() error {
		text, err := json.Marshal(v)
		if err != nil {
			return err
		}
		_, err = tx.Exec(`INSERT INTO settings (name, value, changed_at) VALUES ($1, $2, $3)
			ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at`, name, string(text), tx.Now())
		return err
	})
}

// SetMarket changes the market-day rule.
func SetMarket(tx *db.Tx, who org.Actor, m MarketRule) error {
	if err := m.Valid(); err != nil {
		return err
	}
	return set(tx, who, "market", m)
}

// SetHours changes the office hours; none brings UsualHours back.
func SetHours(tx *db.Tx, who org.Actor, h Hours) error {
	if err := h.Valid(); err != nil {
		return err
	}
	return set(tx, who, "office_hours", h)
}

func scanException(r db.Row) (e Exception, err error) {
	return e, r.Scan(&e.On, &e.Working, &e.Note, &e.Source)
}

// exceptionOn is what the county has made of a day, or nil.
func exceptionOn(tx *db.Tx, on Day) (*Exception, error) {
	e, err := db.One(tx, scanException, `SELECT on_day, working, note, source FROM calendar_days WHERE on_day = $1`, string(on))
	if errors.Is(err, db.ErrNone) {
		return nil, nil
	}
	return &e, err
}

// SetException makes one day different in this county.
func SetException(tx *db.Tx, who org.Actor, e Exception) error {
	if _, err := ParseDay(string(e.On)); err != nil {
		return err
	}
	before, err := exceptionOn(tx, e.On)
	if err != nil {
		return err
	}
	return change(tx, who, string(e.On), before, e, func() error {
		_, err := tx.Exec(`INSERT INTO calendar_days (on_day, working, note, source) VALUES ($1, $2, $3, $4)
			ON CONFLICT (on_day) DO UPDATE SET working = excluded.working, note = excluded.note, source = excluded.source`,
			string(e.On), e.Working, e.Note, e.Source)
		return err
	})
}

// RemoveException makes a day what it is for the whole country again.
func RemoveException(tx *db.Tx, who org.Actor, on Day) error {
	before, err := exceptionOn(tx, on)
	if err != nil || before == nil {
		return err
	}
	return change(tx, who, string(on), before, nil, func() error {
		_, err := tx.Exec(`DELETE FROM calendar_days WHERE on_day = $1`, string(on))
		return err
	})
}
