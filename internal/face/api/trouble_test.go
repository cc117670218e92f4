package api_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"chuangwei/internal/face/api"
	"chuangwei/internal/kit/blob"
	"chuangwei/internal/kit/db"
)

func TestABrokenDatabaseIsAnApologyWithANumberAndTheLogHasTheRest(t *testing.T) {
	c := newCounty(t)
	desk, id := c.as("desk"), c.report("inspector", nil).ID
	c.db.Close()
	for _, path := range append([]string{"/api/me", "/api/today", "/api/cases", "/api/cases/" + id, "/api/board", "/api/proof/checkpoint", "/api/public/places/MKT234"}, hardlyChanging...) {
		for lang, sorry := range map[string]string{"zh": "错误编号", "en": "Error number"} {
			a := desk.with("Accept-Language", lang).get(path)
			p := a.refused(500, "internal")
			if len(p.Number) != 8 || !strings.Contains(p.Title, sorry+" "+p.Number) || leaks(string(a.body)) || strings.Contains(string(a.body), "closed") {
				t.Errorf("%s: %s", path, a.body)
			}
			if log := c.log.String(); !strings.Contains(log, "number="+p.Number) || !strings.Contains(log, "db: ") {
				t.Errorf("%s: the log does not have number %s", path, p.Number)
			}
		}
	}
	desk.post("/api/cases", c.body(nil)).refused(500, "internal")
	c.nobody().post("/api/session", map[string]string{"login": "wang", "password": password}).refused(500, "internal")
	c.nobody().post("/api/public/reports", map[string]any{"text": "x", "photos": []string{}}).refused(500, "internal")
}

func TestABrokenTableIsToldToTheLogOnly(t *testing.T) {
	c := newCounty(t)
	desk := c.as("desk")
	c.write(func(tx *db.Tx) error { _, err := tx.Exec(`ALTER TABLE cases RENAME TO gone`); return err })
	for _, a := range []answer{desk.get("/api/cases"), desk.get("/api/board"), desk.post("/api/cases", c.body(nil))} {
		if p := a.refused(500, "internal"); leaks(string(a.body)) || !strings.Contains(c.log.String(), p.Number) {
			t.Errorf("%s", a.body)
		}
	}
	if !strings.Contains(c.log.String(), "FROM cases") {
		t.Error("the log does not name the statement")
	}
}

// brokenStore is a store whose disk has failed; one that panics has no Store.
type brokenStore struct{ blob.Store }

var errDisk = errors.New("read /dev/sda1: input/output error")

func (brokenStore) Open(context.Context, string) (io.ReadSeekCloser, int64, error) {
	return nil, 0, errDisk
}
func (brokenStore) Stat(context.Context, string) (int64, error)                 { return 0, errDisk }
func (brokenStore) PutAs(context.Context, string, io.Reader) error              { return errDisk }
func (brokenStore) OpenDerived(context.Context, string, string) ([]byte, error) { return nil, errDisk }

func TestABrokenDiskNeitherLeaksNorLosesThePhoto(t *testing.T) {
	c := newCounty(t)
	sum := c.photo("wang")
	wang := c.as("wang").at(c.serve(&api.Server{DB: c.db, Blobs: brokenStore{}}))
	for _, path := range []string{"/api/photos/" + sum, "/api/photos/" + sum + "?size=original", "/api/photos/" + sum + "?size=thumb"} {
		if a := wang.get(path); a.refused(500, "internal").Number == "" || strings.Contains(string(a.body), "sda1") {
			t.Errorf("%s: %s", path, a.body)
		}
	}
	wang.head("/api/photos/" + sum).want(500)
	a := wang.upload(picture(77), nil)
	if p := a.refused(500, "internal"); strings.Contains(string(a.body), "sda1") || !strings.Contains(c.log.String(), p.Number) || p.Number == "" {
		t.Errorf("upload: %s\n%s", a.body, c.log)
	}
	c.as("wang").upload(picture(77), nil).want(204)
}

func TestAPanicIsAnsweredLikeAnyTrouble(t *testing.T) {
	c := newCounty(t)
	sum := c.photo("wang")
	wang := c.as("wang").at(c.serve(&api.Server{DB: c.db, Blobs: struct{ blob.Store }{}})) // every call of it panics
	a := wang.get("/api/photos/" + sum)
	if p := a.refused(500, "internal"); leaks(string(a.body)) || !strings.Contains(c.log.String(), p.Number) || !strings.Contains(c.log.String(), "nil pointer") {
		t.Errorf("%s", a.body)
	}
	wang.get("/api/me").want(200)
}
