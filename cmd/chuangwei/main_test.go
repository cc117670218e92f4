package main

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/proof"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"

	"github.com/google/go-cmp/cmp"
)

func TestSingleDashStandsForDouble(t *testing.T) {
	got := longFlags([]string{"demo", "-addr", "127.0.0.1:8080", "-data=x", "--seed", "2", "-d", "y", "-"})
	want := []string{"demo", "--addr", "127.0.0.1:8080", "--data=x", "--seed", "2", "-d", "y", "-"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func empty(t *testing.T) *county {
	t.Helper()
	w := &where{Dir: t.TempDir()}
	c, err := w.open(t.Context(), slog.New(slog.DiscardHandler), time.Now, false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.db.Close() })
	return c
}

func TestAnEmptyCountyGetsOneAdministratorOnce(t *testing.T) {
	c := empty(t)
	for range 2 {
		if err := first(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	err := c.db.Read(t.Context(), func(tx *db.Tx) error {
		units, err := org.Units(tx)
		if err != nil || len(units) != 1 {
			t.Errorf("%d units, %v", len(units), err)
		}
		admins, err := org.Holders(tx, org.Administrator, "", "", string(calendar.On(time.Now())))
		if len(admins) != 1 {
			t.Errorf("%d administrators", len(admins))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestACountyListensProvesAndStops(t *testing.T) {
	c := empty(t)
	if err := first(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ready := make(chan string, 1)
	ended := make(chan error, 1)
	f := front{Addr: "127.0.0.1:0"}
	go func() { ended <- f.listen(ctx, c, func(url string) { ready <- url }) }()
	url := <-ready
	res, err := http.Get(url + "/healthz")
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatal(err)
	}
	res.Body.Close()
	if err := c.db.Write(t.Context(), func(tx *db.Tx) error { return org.Suggest(tx, org.System, "s1", "", "很好用") }); err != nil {
		t.Fatal(err)
	}
	if err := prove(t.Context(), c.db, noJob); err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	if err := c.db.Read(t.Context(), func(tx *db.Tx) error { return proof.Export(tx, &log) }); err != nil {
		t.Fatal(err)
	}
	if report, err := proof.Verify(strings.NewReader(log.String()), "", ""); err != nil || !report.OK || report.Size < 1 {
		t.Errorf("%+v %v", report, err)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
