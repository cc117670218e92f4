package feed_test

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"chuangwei/internal/face/feed"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/db/dbtest"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/org"
)

// TestABrokenDatabaseIsNoEndedCalendar: a calendar program that is told the
// address has ended forgets it for good.
func TestABrokenDatabaseIsNoEndedCalendar(t *testing.T) {
	clock := dbtest.NewClock(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))
	d := dbtest.New(t, clock.Now)
	ann := org.Actor{ID: "ann", Name: "ann", Unit: "cg"}
	var secret string
	dbtest.Write(t, d, func(tx *db.Tx) error {
		if err := org.AddUnit(tx, org.System, org.Unit{ID: "cg", Code: "1", Name: "城管局", Short: "城管局", Sort: "unit"}); err != nil {
			return err
		}
		if err := org.AddPerson(tx, org.System, org.Person{ID: "ann", Code: "ann", Name: "ann", Login: "ann", UnitID: "cg"}); err != nil {
			return err
		}
		if _, err := tx.Exec(`INSERT INTO teams (id, code, name, kind, unit_id, leader_id, ended_on) VALUES ('t1', 'T1', '市场工作队', 'market', '', 'ann', '')`); err != nil {
			return err
		}
		p, err := org.PersonByID(tx, "ann")
		if err != nil {
			return err
		}
		if ann, err = org.ActorOf(tx, p, "2026-11-23"); err != nil {
			return err
		}
		_, secret, err = feed.Make(tx, ann, feed.Feed{ID: "f1", Name: "我的队", TeamID: "t1"})
		return err
	})
	show := func() error {
		return d.Read(context.Background(), func(tx *db.Tx) error { return feed.Write(tx, secret, "https://example", io.Discard) })
	}
	if err := show(); err != nil {
		t.Fatal(err)
	}
	dbtest.Write(t, d, func(tx *db.Tx) error { _, err := tx.Exec(`UPDATE teams SET leader_id = 'ben'`); return err })
	if err := show(); fault.Code(err) != "feed.none" {
		t.Errorf("of a team seen no longer: %v", err)
	}
	dbtest.Write(t, d, func(tx *db.Tx) error { _, err := tx.Exec(`ALTER TABLE team_people RENAME TO lost`); return err })
	if err := show(); err == nil || fault.Code(err) != "" {
		t.Errorf("of a broken database: %v", err)
	}
	dbtest.Write(t, d, func(tx *db.Tx) error { _, err := tx.Exec(`ALTER TABLE feeds RENAME TO gone`); return err })
	err := d.Write(context.Background(), func(tx *db.Tx) error {
		_, _, err := feed.Make(tx, ann, feed.Feed{ID: "f2", Name: "又一个"})
		return err
	})
	if err == nil || fault.Code(err) != "" || strings.Contains(err.Error(), "feed.many") {
		t.Errorf("of a broken database: %v", err)
	}
}
