package api_test

import (
	"math"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"chuangwei/internal/face/api"
	"chuangwei/internal/flow/cases"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/db/dbtest"
)

func TestARepeatedCommandGetsItsFirstAnswer(t *testing.T) {
	c := newCounty(t)
	inspector, body := c.as("inspector").with("Idempotency-Key", newKey()), c.body(nil)
	first := inspector.post("/api/cases", body).want(201)
	c.as("wang")
	events := c.count("events")
	c.move("wang", read[view](first).ID, "accept", nil)
	if again := inspector.post("/api/cases", body).want(201); string(again.body) != string(first.body) {
		t.Errorf("first\n%s\nthen\n%s", first.body, again.body)
	}
	if c.count("cases") != 1 || c.count("events") != events+1 {
		t.Errorf("%d cases, %d events", c.count("cases"), c.count("events"))
	}
}

func TestARepeatedMoveIsMadeOnce(t *testing.T) {
	c := newCounty(t)
	k := c.report("inspector", nil)
	wang := c.as("wang").with("Idempotency-Key", newKey())
	path, body := "/api/cases/"+k.ID+"/moves", map[string]any{"move": "return", "note": "不归我管"}
	first := wang.post(path, body).want(200)
	if again := wang.post(path, body).want(200); string(again.body) != string(first.body) {
		t.Errorf("first\n%s\nthen\n%s", first.body, again.body)
	}
	if v := c.open("desk", k.ID).Case; v.Refusals != 1 || v.Version != 2 {
		t.Errorf("case %+v", v)
	}
}

func TestACommandSentTwentyTimesAtOnceIsDoneOnce(t *testing.T) {
	c := newCounty(t)
	key, body := newKey(), c.body(nil)
	inspector := c.as("inspector").with("Idempotency-Key", key)
	answers := make([]answer, 20)
	var wg sync.WaitGroup
	for i := range answers {
		wg.Go(func() { answers[i] = inspector.post("/api/cases", body) })
	}
	wg.Wait()
	for _, a := range answers {
		if a.status != 201 || string(a.body) != string(answers[0].body) {
			t.Errorf("%d %s", a.status, a.body)
		}
	}
	if v := read[view](answers[0]); v.ID != key || c.count("cases") != 1 || c.count("commands") != 1 {
		t.Errorf("case %s for %s, %d cases", v.ID, key, c.count("cases"))
	}
}

func TestARepetitionIsKnownAfterARestart(t *testing.T) {
	c := newCounty(t)
	inspector, body := c.as("inspector").with("Idempotency-Key", newKey()), c.body(nil)
	first := inspector.post("/api/cases", body).want(201)
	sameDB := c.serve(&api.Server{DB: c.db})
	reopened := c.serve(&api.Server{DB: dbtest.Open(t, c.address, c.clock.Now)})
	for _, url := range []string{sameDB, reopened} {
		if again := inspector.at(url).post("/api/cases", body).want(201); string(again.body) != string(first.body) {
			t.Errorf("first\n%s\nthen\n%s", first.body, again.body)
		}
	}
	if n := c.count("cases"); n != 1 {
		t.Errorf("%d cases", n)
	}
}

func TestAKeyUsedForSomethingElseIsRefused(t *testing.T) {
	c := newCounty(t)
	key, body := newKey(), c.body(nil)
	c.as("inspector").with("Idempotency-Key", key).post("/api/cases", body).want(201)
	inspector := c.as("inspector").with("Idempotency-Key", key)
	body["text"] = "另一件事"
	inspector.post("/api/cases", body).refused(409, "key.reused")
	body["text"] = "路边有垃圾"
	c.as("wang").with("Idempotency-Key", key).post("/api/cases", body).refused(409, "key.reused")
	inspector.post("/api/cases/"+key+"/moves", body).want(422) // not even a move
	inspector.post("/api/cases/"+key+"/moves", map[string]any{"move": "note", "note": "x"}).refused(409, "key.reused")
	inspector.post("/api/suggestions", map[string]any{"text": "x"}).refused(409, "key.reused")
	c.nobody().with("Idempotency-Key", key).post("/api/public/reports", map[string]any{"text": "x", "photos": []string{}}).refused(409, "key.reused")
	if c.count("cases") != 1 || c.count("suggestions") != 0 {
		t.Errorf("%d cases, %d suggestions", c.count("cases"), c.count("suggestions"))
	}
}

func TestAKeyThatIsACaseFromElsewhereIsRefused(t *testing.T) {
	c := newCounty(t)
	key := newKey()
	c.write(func(tx *db.Tx) error { // imported, or its command long forgotten
		_, err := cases.Receive(tx, c.actor("inspector"), cases.Report{ID: key, Text: "旧系统的案件"})
		return err
	})
	c.as("inspector").with("Idempotency-Key", key).post("/api/cases", c.body(nil)).refused(409, "key.reused")
}

func TestAKeyIsAUUIDInAnySpelling(t *testing.T) {
	c := newCounty(t)
	body := c.body(nil)
	key := newKey()
	first := c.as("inspector").with("Idempotency-Key", strings.ToUpper(key)).post("/api/cases", body).want(201)
	if again := c.as("inspector").with("Idempotency-Key", key).post("/api/cases", body).want(201); string(again.body) != string(first.body) {
		t.Errorf("first\n%s\nthen\n%s", first.body, again.body)
	}
	for _, bad := range []string{"", "1", "../../x", strings.Repeat("0", 1000)} {
		c.as("inspector").with("Idempotency-Key", bad).post("/api/cases", body).refused(422, "key.missing")
	}
}

func TestAFailedCommandMayBeTriedAgainWithItsKey(t *testing.T) {
	c := newCounty(t)
	here, missing := c.photo("inspector"), picture(900)
	inspector := c.as("inspector").with("Idempotency-Key", newKey())
	body := c.body(map[string]any{"photos": []string{here, missing.sum, picture(901).sum}})
	p := inspector.post("/api/cases", body).refused(409, "photo.missing")
	if len(p.Photos) != 2 || p.Photos[0] != missing.sum || p.Photos[1] != picture(901).sum {
		t.Errorf("missing %v", p.Photos)
	}
	if c.count("cases") != 0 || c.count("commands") != 0 {
		t.Error("a failed command was kept")
	}
	c.as("inspector").upload(missing, nil).want(204)
	c.as("inspector").upload(picture(901), nil).want(204)
	k := read[view](inspector.post("/api/cases", body).want(201))
	if f := c.open("desk", k.ID); k.Thumb != here || len(f.Photos) != 3 || f.Photos[0].Role != "before" || f.Photos[0].By != "吕巡查" {
		t.Errorf("photos %+v", f.Photos)
	}
}

// TestAWrongPhoneClockIsCorrected: the time a problem was seen is right to a
// few seconds however wrong the phone's clock is, and never in the future.
func TestAWrongPhoneClockIsCorrected(t *testing.T) {
	c := newCounty(t)
	now := monday.UnixMilli()
	hour, day := int64(time.Hour/time.Millisecond), int64(24*time.Hour/time.Millisecond)
	for _, s := range []struct {
		name        string
		made, phone int64
		want        int64
	}{
		{"a right clock", now - hour, now, now - hour},
		{"half a minute under way", now - hour, now - 30_000, now - hour},
		{"three days fast", now + 3*day - hour, now + 3*day, now - hour},
		{"three days slow", now - 3*day - hour, now - 3*day, now - hour},
		{"a phone that says it is 1970", 1000, 5000, now - 4000},
		{"seen in the future", now + hour, now, now},
		{"seen in the future, clock not told", now + day, 0, now},
		{"not told when", 0, now, now},
		{"before 1970", -5, now, now},
		{"the end of time", math.MaxInt64, now, now},
		{"a clock at the end of time", now, math.MaxInt64, now},
	} {
		inspector := c.as("inspector")
		if s.phone != 0 {
			inspector = inspector.with("Phone-Clock", strconv.FormatInt(s.phone, 10))
		}
		k := read[view](inspector.post("/api/cases", c.body(map[string]any{"made_at": s.made})).want(201))
		c.read(func(tx *db.Tx) error {
			kept, err := cases.ByID(tx, k.ID)
			if kept.MadeAt != s.want || kept.ReportedAt != now {
				t.Errorf("%s: made %d ms from now, want %d; reported %d ms from now", s.name, kept.MadeAt-now, s.want-now, kept.ReportedAt-now)
			}
			return err
		})
	}
}

func TestAClockThatIsNoNumberIsRefused(t *testing.T) {
	c := newCounty(t)
	for _, clock := range []string{"yesterday", "1e99", "99999999999999999999999", "0x10"} {
		if p := c.as("inspector").with("Phone-Clock", clock).post("/api/cases", c.body(nil)).refused(422, "input.invalid"); p.names()[0] != "Phone-Clock" {
			t.Errorf("%s: %+v", clock, p)
		}
	}
	c.as("inspector").with("Phone-Clock", "-1").post("/api/cases", c.body(nil)).want(201)
}
