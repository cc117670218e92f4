package meter

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/db/dbtest"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/job"
	"chuangwei/internal/kit/room"
)

func reading(m *Meter) string {
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	return w.Body.String()
}

func TestAReadingSaysHowTheCountyIs(t *testing.T) {
	d := dbtest.New(t, nil)
	r, err := room.Keep(t.TempDir(), 1<<16)
	if err != nil {
		t.Fatal(err)
	}
	m := New(d, r)
	dbtest.Write(t, d, func(tx *db.Tx) error {
		if _, err := event.Add(tx, "w", "case.reported", "c", nil); err != nil {
			return err
		}
		return job.Add(tx, "", "nobody's", nil, tx.Time().Add(-time.Hour))
	})
	m.Observe("GET /api/cases", 200, 3*time.Millisecond)
	text := reading(m)
	for _, want := range []string{
		`chuangwei_request_seconds_count{route="GET /api/cases",status="200"} 1`, `chuangwei_database_up{engine="` + string(d.Engine()) + `"} 1`,
		"chuangwei_events_total 1\n", "chuangwei_jobs_late 1\n", "chuangwei_jobs_given_up 0\n", "chuangwei_disk_reserve_given_up 0\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
	if err := r.GiveUp(); err != nil {
		t.Fatal(err)
	}
	d.Close()
	text = reading(m)
	for _, want := range []string{"chuangwei_disk_reserve_given_up 1\n", `"} 0`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
}
