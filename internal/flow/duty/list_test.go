package duty_test

import (
	"slices"
	"testing"
	"time"

	"chuangwei/internal/flow/duty"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/db/dbtest"
)

func TestTodayShowsTheCrewsOfLastNight(t *testing.T) {
	c := newCounty(t)
	evening, night := c.plan(today, 20, 24, "cai"), c.plan(today, 23, 2, "ann")
	c.plan(tomorrow, 12, 14, "dai")
	c.clock.Add(18*time.Hour - 11*time.Minute) // 00:49
	lists := func(from string, ids ...string) {
		t.Helper()
		dbtest.Read(t, c.db, func(tx *db.Tx) error {
			list, err := duty.List(tx, c.as(tx, "planner"), duty.Filter{From: from, To: from})
			var got []string
			for _, d := range list {
				got = append(got, d.ID)
			}
			if !slices.Equal(got, ids) {
				t.Errorf("%s shows %v, want %v", from, got, ids)
			}
			return err
		})
	}
	lists(tomorrow, night.ID, "duty-3")
	lists(today, evening.ID, night.ID)
	lists("2026-11-25")
}
