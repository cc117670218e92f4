// Package dbtest gives each test a fresh, migrated database: SQLite by
// default, PostgreSQL when CHUANGWEI_TEST_PG holds an address. The whole
// suite runs once with each.
package dbtest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"chuangwei/internal/kit/db"
	"chuangwei/schema"
)

var schemas atomic.Int64

// Clock is a county clock that tests move by hand.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock starts at t.
func NewClock(t time.Time) *Clock { return &Clock{now: t} }

// Now is the clock's time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Add moves the clock.
func (c *Clock) Add(d time.Duration) { c.Set(c.Now().Add(d)) }

// Set puts the clock at t.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
}

// URL is the address of a fresh, empty county on the engine under test.
func URL(t testing.TB) string {
	t.Helper()
	pg := os.Getenv("CHUANGWEI_TEST_PG")
	if pg == "" {
		return "sqlite:" + filepath.Join(t.TempDir(), "county.db")
	}
	u, err := url.Parse(pg)
	if err != nil {
		t.Fatalf("CHUANGWEI_TEST_PG: %v", err)
	}
	name := fmt.Sprintf("t%d_%d_%d", os.Getpid(), time.Now().UnixNano()%1e9, schemas.Add(1))
	q := u.Query()
	q.Set("search_path", name)
	q.Set("synchronous_commit", "off") // durability has its own tests
	u.RawQuery = q.Encode()
	t.Cleanup(func() { drop(t, pg, name) })
	return u.String()
}

func drop(t testing.TB, pg, name string) {
	d, err := db.Open(context.Background(), db.Options{URL: pg, Readers: 1})
	if err != nil {
		t.Logf("drop schema %s: %v", name, err)
		return
	}
	defer d.Close()
	err = d.Write(context.Background(), func(tx *db.Tx) error {
		_, err := tx.Exec(`DROP SCHEMA IF EXISTS "` + strings.ReplaceAll(name, `"`, "") + `" CASCADE`)
		return err
	})
	if err != nil {
		t.Logf("drop schema %s: %v", name, err)
	}
}

// Open opens the county at address and migrates it; it is closed with the test.
func Open(t testing.TB, address string, now func() time.Time) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), db.Options{URL: address, Now: now, Readers: 3})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	if err := d.Migrate(context.Background(), schema.Files); err != nil {
		t.Fatal(err)
	}
	return d
}

// New is a fresh migrated database living by now (nil: the real clock).
func New(t testing.TB, now func() time.Time) *db.DB {
	t.Helper()
	return Open(t, URL(t), now)
}

// Write runs fn in a write and fails the test when it fails.
func Write(t testing.TB, d *db.DB, fn func(*db.Tx) error) {
	t.Helper()
	if err := d.Write(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

// Read runs fn on a snapshot and fails the test when it fails.
func Read(t testing.TB, d *db.DB, fn func(*db.Tx) error) {
	t.Helper()
	if err := d.Read(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}
