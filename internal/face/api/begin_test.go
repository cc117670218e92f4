package api_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"chuangwei/internal/kit/album"
	"chuangwei/internal/kit/blob"
	"chuangwei/internal/kit/db"
)

// taken fails unless an upload's first request was told that all is here.
func (a answer) taken(f file) answer {
	a.t.Helper()
	a.want(201)
	if n := a.header.Get("Upload-Offset"); n != strconv.Itoa(len(f.bytes)) {
		a.t.Fatalf("%s: taken %q of %d bytes", a.to, n, len(f.bytes))
	}
	return a
}

func TestASmallPhotoArrivesWithTheRequestThatAnnouncesIt(t *testing.T) {
	c := newCounty(t)
	f := picture(6)
	c.as("wang").whole(f, map[string]string{"lat": "22.05", "lon": "103.05", "source": "gallery"}).taken(f)
	c.as("wang").head("/api/photos/" + f.sum).want(200)
	got, err := c.kept(f.sum)
	p, rowErr := c.row(f.sum)
	if err != nil || !bytes.Equal(got, f.bytes) || rowErr != nil || p.Who != "wang" || p.Type != "image/jpeg" || p.Bytes != int64(len(f.bytes)) || *p.Lat != 22.05 || p.Source != "gallery" {
		t.Errorf("kept %d bytes, %v; row %+v, %v", len(got), err, p, rowErr)
	}
	if left := c.leftovers(); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	c.as("wang").whole(f, nil).taken(f) // the answer was lost
	c.nobody().whole(f, nil).taken(f)
	if n := c.count("photos"); n != 1 {
		t.Errorf("%d rows", n)
	}
}

func TestTheServerSaysThatPhotosMayComeAtOnce(t *testing.T) {
	c := newCounty(t)
	a := c.as("wang").do("OPTIONS", "/api/uploads/", nil).want(200)
	if all := "," + a.header.Get("Tus-Extension") + ","; !strings.Contains(all, ",creation-with-upload,") {
		t.Errorf("extensions %s", all)
	}
}

// half sends the first n bytes of a photo with the announcement and then goes on
// as the line does; answered gets the status, or 0.
func (w *caller) half(f file, n int, line func() error) (answered chan int) {
	w.t.Helper()
	body, in := io.Pipe()
	r, err := http.NewRequest("POST", w.url+w.door(), body)
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header = w.announcing(f, map[string]string{"source": "camera"}).with("Content-Type", "application/offset+octet-stream").header
	r.ContentLength = int64(len(f.bytes))
	go func() {
		_, _ = in.Write(f.bytes[:n]) // the line may go first
		in.CloseWithError(line())
	}()
	answered = make(chan int, 1)
	go func() {
		res, err := transport.RoundTrip(r)
		if err != nil {
			answered <- 0
			return
		}
		res.Body.Close()
		answered <- res.StatusCode
	}()
	return answered
}

// arrived waits until the server has kept what came of a photo, and tells where it goes on.
func (w *caller) arrived(f file) (path string, offset int) {
	w.t.Helper()
	for range 200 {
		if len(w.c.leftovers()) > 0 {
			break
		}
		time.Sleep(10 * time.Millisecond) // the server notices a cut line by itself
	}
	a := w.begin(f, nil).want(201)
	offset, _ = strconv.Atoi(a.header.Get("Upload-Offset"))
	return a.place(), offset
}

func TestAPhotoCutInTheMiddleOfItsFirstRequestGoesOnThere(t *testing.T) {
	c := newCounty(t)
	for _, w := range []*caller{c.as("wang"), c.nobody()} {
		f := picture(int(c.next()) + 20)
		if code := <-w.half(f, 600, func() error { return errors.New("no network") }); code != 0 {
			t.Fatalf("a cut line was answered %d", code)
		}
		path, offset := w.arrived(f)
		if offset != 600 || w.offset(path) != 600 {
			t.Fatalf("goes on at %d, %d", offset, w.offset(path))
		}
		w.piece(path, offset, f.bytes[offset:]).want(204)
		got, err := c.kept(f.sum)
		if p, rowErr := c.row(f.sum); err != nil || !bytes.Equal(got, f.bytes) || rowErr != nil || p.Source != "camera" {
			t.Errorf("kept %d bytes, %v; %+v, %v", len(got), err, p, rowErr)
		}
		if left := c.leftovers(); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	}
}

func TestWhatArrivedOfAPhotoIsForgottenWhenItComesWhole(t *testing.T) {
	c := newCounty(t)
	wang, f := c.as("wang"), picture(31)
	<-wang.half(f, 600, func() error { return errors.New("no network") })
	if _, offset := wang.arrived(f); offset != 600 {
		t.Fatalf("kept %d", offset)
	}
	<-wang.half(f, 100, func() error { return errors.New("no network") })
	if _, offset := wang.arrived(f); offset != 600 { // less than before
		t.Fatalf("kept %d", offset)
	}
	wang.whole(f, nil).taken(f)
	if left := c.leftovers(); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestAPhoneThatBeginsAgainEndsItsOldLineThatFellSilent(t *testing.T) {
	c := newCounty(t)
	wang, f := c.as("wang"), picture(32)
	silent := make(chan bool)
	defer close(silent)
	sent := make(chan bool)
	answered := wang.half(f, 700, func() error { close(sent); <-silent; return errors.New("gone") })
	<-sent
	begun := time.Now()
	path := ""
	for range 100 { // what was sent may not have been read yet
		a := wang.begin(f, nil).want(201)
		if path = a.place(); a.header.Get("Upload-Offset") == "700" {
			break
		}
	}
	if took := time.Since(begun); took > 10*time.Second {
		t.Errorf("waited %v for a silent line", took)
	}
	wang.resume(path, f.bytes).want(204)
	wang.head("/api/photos/" + f.sum).want(200)
	select {
	case code := <-answered:
		if code == 201 {
			t.Error("the old line was told that the photo is here")
		}
	case <-time.After(10 * time.Second):
		t.Error("the old line was left hanging")
	}
}

func TestTwoPeopleWhoSendTheSamePhotoDoNotMeet(t *testing.T) {
	c := newCounty(t)
	f := picture(33)
	places := map[string]bool{}
	for _, w := range []*caller{c.as("wang"), c.as("li"), c.nobody(), c.nobody().from("10.0.0.9"), c.as("wang"), c.nobody()} {
		places[w.begin(f, nil).want(201).place()] = true
	}
	if len(places) != 4 {
		t.Errorf("%d uploads of four people: %v", len(places), places)
	}
}

func TestADamagedFirstRequestIsNotKept(t *testing.T) {
	c := newCounty(t)
	f := picture(34)
	damaged := bytes.Clone(f.bytes)
	damaged[len(damaged)/2] ^= 1
	c.as("wang").whole(file{f.sum, damaged}, nil).refused(460, "photo.checksum")
	if _, err := c.kept(f.sum); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("kept: %v", err)
	}
	if _, err := c.row(f.sum); !errors.Is(err, db.ErrNone) {
		t.Errorf("row: %v", err)
	}
	c.as("wang").whole(f, nil).taken(f)
}

func TestAFirstRequestHoldsToTheRules(t *testing.T) {
	c := newCounty(t)
	f := picture(35)
	bytesOf := func(w *caller, at string) answer {
		return w.with("Content-Type", "application/offset+octet-stream").do("POST", at, f.bytes)
	}
	bytesOf(c.as("wang").announcing(f, nil).with("Upload-Length", strconv.Itoa(album.MostBytes+1)), "/api/uploads/").want(413)
	bytesOf(c.as("wang").announcing(f, nil).with("Upload-Length", "10"), "/api/uploads/").want(413) // more than announced
	bytesOf(c.as("wang").announcing(file{"no sum", f.bytes}, nil), "/api/uploads/").refused(422, "input.invalid")
	bytesOf(c.as("wang").announcing(f, nil).with("Tus-Resumable", "0.2"), "/api/uploads/").want(412)
	bytesOf(c.nobody().announcing(f, nil), "/api/uploads/").refused(401, "signin.needed")
	bytesOf(c.as("grid").announcing(f, nil), "/api/uploads/papers/").want(403)
	if n := c.count("photos"); n != 0 {
		t.Errorf("%d photos", n)
	}
	var last answer
	for range 32 {
		if last = c.nobody().whole(f, nil); last.status == 429 {
			break
		}
		last.taken(f)
	}
	last.refused(429, "busy.rate")
}

func TestTheFirstPieceOfALargePhotoComesWithItsAnnouncement(t *testing.T) {
	c := newCounty(t)
	f := fileOf(append(picture(36).bytes, bytes.Repeat([]byte("x"), 400<<10)...))
	first := 256 << 10
	a := c.as("wang").announcing(f, nil).with("Content-Type", "application/offset+octet-stream").do("POST", "/api/uploads/", f.bytes[:first]).want(201)
	if n := a.header.Get("Upload-Offset"); n != strconv.Itoa(first) {
		t.Fatalf("taken %s", n)
	}
	if again := c.as("wang").begin(f, nil).want(201); again.place() != a.place() || again.header.Get("Upload-Offset") != strconv.Itoa(first) {
		t.Fatalf("begun again at %s, %s", again.place(), again.header.Get("Upload-Offset"))
	}
	c.as("wang").piece(a.place(), first, f.bytes[first:]).want(204)
	if got, err := c.kept(f.sum); err != nil || !bytes.Equal(got, f.bytes) {
		t.Errorf("kept %d bytes, %v", len(got), err)
	}
}

func TestWhatAStopOfTheProgramLeftDoesNotHoldAPhotoUp(t *testing.T) {
	c := newCounty(t)
	wang, f := c.as("wang"), picture(37)
	path := wang.begin(f, nil).want(201).place()
	at := filepath.Join(c.temp, "api-uploads", filepath.Base(path))
	for what, harm := range map[string]func() error{
		"whole, but not kept":         func() error { return os.WriteFile(at, f.bytes, 0o600) },
		"an empty description":        func() error { return os.Truncate(at+".info", 0) },
		"a description without bytes": func() error { return os.Remove(at) },
	} {
		if err := harm(); err != nil {
			t.Fatal(err)
		}
		if what != "whole, but not kept" {
			wang.tus().do("HEAD", path, nil).want(404)
		}
		if again := wang.begin(f, nil).want(201); again.place() != path || wang.offset(path) != 0 {
			t.Errorf("%s: %s goes on at %d", what, again.place(), wang.offset(path))
		}
	}
	wang.piece(path, 0, f.bytes).want(204)
}

func FuzzFirstRequest(f *testing.F) {
	good := picture(38)
	sum := "sha256 " + "YWJj"
	f.Add(meta(map[string]string{"sha256": good.sum}), strconv.Itoa(len(good.bytes)), "application/offset+octet-stream", good.bytes)
	f.Add(meta(map[string]string{"sha256": good.sum}), "999999999999999999999", "application/offset+octet-stream", good.bytes)
	f.Add(meta(map[string]string{"sha256": good.sum, "lat": "NaN"}), "-1", "image/jpeg", good.bytes[:10])
	f.Add(sum+",,, ,x", "3", "application/offset+octet-stream", []byte("abc"))
	f.Add("\x00", "", "", []byte{})
	c := newCounty(f)
	wang := c.as("wang")
	f.Fuzz(func(t *testing.T, metadata, length, kind string, body []byte) {
		for _, s := range []string{metadata, length, kind} {
			if strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }) {
				return // no client can send it
			}
		}
		w := wang.in(t).tus().with("Upload-Metadata", metadata).with("Upload-Length", length).with("Content-Type", kind)
		a := w.do("POST", "/api/uploads/", body)
		if a.status >= 500 {
			t.Fatalf("%d %.300s", a.status, a.body)
		}
		n := strconv.Itoa(len(body))
		if a.status == 201 && len(body) > 0 && length == n && a.header.Get("Upload-Offset") == n {
			if _, err := c.kept(fileOf(body).sum); err != nil {
				t.Fatalf("said to be here: %v", err)
			}
		}
	})
}
