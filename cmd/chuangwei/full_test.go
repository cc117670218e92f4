package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/register/org"

	"github.com/google/uuid"
)

// tiny is a disk of so many megabytes.
func tiny(t *testing.T, megabytes string) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("none", dir, "tmpfs", 0, "size="+megabytes+"m"); err != nil {
		t.Skipf("a small disk cannot be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// stuff fills a disk to the last byte.
func stuff(t *testing.T, dir string) (remove func()) {
	t.Helper()
	name := filepath.Join(dir, "somebody-elses.log")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, size := range []int{1 << 20, 4 << 10, 1} {
		for err = nil; err == nil; {
			_, err = f.Write(bytes.Repeat([]byte{7}, size))
		}
		if !errors.Is(err, syscall.ENOSPC) {
			t.Fatal(err)
		}
	}
	return func() {
		if err := os.Remove(name); err != nil {
			t.Error(err)
		}
	}
}

// talker is a browser that is signed in.
type talker struct {
	t    *testing.T
	url  string
	http *http.Client
}

func (k *talker) send(path string, v any) (int, map[string]any) {
	k.t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		k.t.Fatal(err)
	}
	req, err := http.NewRequest(http.MethodPost, k.url+path, bytes.NewReader(b))
	if err != nil {
		k.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", uuid.Must(uuid.NewV7()).String())
	res, err := k.http.Do(req)
	if err != nil {
		k.t.Fatal(err)
	}
	return answered(k.t, res)
}

func answered(t *testing.T, res *http.Response) (int, map[string]any) {
	t.Helper()
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if len(body) > 0 && body[0] == '{' {
		if err := json.Unmarshal(body, &out); err != nil {
			t.Fatal(err)
		}
	}
	return res.StatusCode, out
}

// served runs a county in dir with a reserve of megabytes and signs its administrator in.
func served(t *testing.T, dir string, megabytes int) (*county, *talker) {
	t.Helper()
	w := &where{Dir: dir}
	c, err := w.open(t.Context(), slog.New(slog.DiscardHandler), time.Now, false)
	if err != nil {
		t.Fatal(err)
	}
	if err := first(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	hash := org.HashPassword("chuangwei-test")
	err = c.db.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE persons SET password = $1 WHERE login = 'admin'`, hash)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ready, ended := make(chan string, 1), make(chan error, 1)
	f := front{Addr: "127.0.0.1:0", Reserve: megabytes}
	go func() { ended <- f.listen(ctx, c, func(url string) { ready <- url }) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		c.db.Close()
	})
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	k := &talker{t: t, url: <-ready, http: &http.Client{Jar: jar}}
	if code, body := k.send("/api/session", map[string]any{"login": "admin", "password": "chuangwei-test"}); code != http.StatusOK {
		t.Fatal(code, body)
	}
	return c, k
}

func TestAFullDiskIsSaidAndPasses(t *testing.T) {
	dir := tiny(t, "24")
	c, k := served(t, dir, 4)
	remove := stuff(t, dir)
	suggestion := map[string]any{"page": "/m/", "text": strings.Repeat("字太小。", 400)}
	code := 0
	var body map[string]any
	for n := 0; n < 2000 && code != http.StatusInsufficientStorage; n++ { // the log of the database has room for a while
		code, body = k.send("/api/suggestions", suggestion)
		if code >= 300 && code != http.StatusInsufficientStorage {
			t.Fatal(code, body)
		}
	}
	if code != http.StatusInsufficientStorage || body["code"] != "storage.full" {
		t.Fatal(code, body)
	}
	res, err := k.http.Get(k.url + "/api/me")
	if err != nil {
		t.Fatal(err)
	}
	if code, body := answered(t, res); code != http.StatusOK {
		t.Fatal("reading stopped", code, body)
	}
	if !c.room.Short() {
		t.Fatal("the reserve was not given up")
	}
	if code, body := k.send("/api/suggestions", suggestion); code >= 300 {
		t.Fatal("the reserve does not serve short writes", code, body)
	}
	remove()
	if err := c.room.TakeBack(); err != nil || c.room.Short() {
		t.Fatal("the reserve was not taken back", err)
	}
	if code, body := k.send("/api/suggestions", suggestion); code >= 300 {
		t.Fatal("it did not recover", code, body)
	}
}
