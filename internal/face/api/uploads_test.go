package api_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"chuangwei/internal/face/api"
	"chuangwei/internal/kit/album"
	"chuangwei/internal/kit/blob"
	"chuangwei/internal/kit/db"
)

// row is what is kept of a photo.
func (c *county) row(sum string) (p album.Photo, err error) {
	c.t.Helper()
	err = c.db.Read(context.Background(), func(tx *db.Tx) (err error) { p, err = album.BySum(tx, sum); return err })
	return p, err
}

// kept are the bytes under a sum.
func (c *county) kept(sum string) ([]byte, error) {
	f, _, err := c.blobs.Open(context.Background(), sum)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// leftovers are the files of unfinished uploads.
func (c *county) leftovers() (out []string) {
	c.t.Helper()
	err := filepath.WalkDir(c.temp, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			out = append(out, path)
		}
		return err
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return out
}

func (w *caller) offset(path string) int {
	w.t.Helper()
	n, err := strconv.Atoi(w.tus().do("HEAD", path, nil).want(200).header.Get("Upload-Offset"))
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

func TestAnUploadGoesOnWhereItStopped(t *testing.T) {
	c := newCounty(t)
	wang, f := c.as("wang"), picture(5)
	path := wang.begin(f, map[string]string{"lat": "22.05", "lon": "103.05", "accuracy": "12.5", "taken_at": "1764000000000", "source": "camera"}).want(201).place()
	if n := wang.offset(path); n != 0 {
		t.Errorf("begins at %d", n)
	}
	wang.piece(path, 0, f.bytes[:100]).want(204)
	wang.piece(path, 0, f.bytes[:100]).want(409) // out of step
	wang.cutOff(path, 100, f.bytes[100:300])
	n := wang.offset(path)
	if n < 100 || n > 300 {
		t.Fatalf("goes on at %d", n)
	}
	wang.head("/api/photos/" + f.sum).want(404)
	if a := wang.resume(path, f.bytes).want(204); a.header.Get("Upload-Offset") != strconv.Itoa(len(f.bytes)) {
		t.Errorf("ends at %s", a.header.Get("Upload-Offset"))
	}
	wang.head("/api/photos/" + f.sum).want(200)
	if got, err := c.kept(f.sum); err != nil || !bytes.Equal(got, f.bytes) {
		t.Errorf("kept %d bytes, %v", len(got), err)
	}
	p, err := c.row(f.sum)
	if err != nil || p.Who != "wang" || p.Type != "image/jpeg" || p.Bytes != int64(len(f.bytes)) || *p.Lat != 22.05 || *p.Lon != 103.05 || *p.Accuracy != 12.5 ||
		p.TakenAt != 1764000000000 || p.Source != "camera" || p.ArrivedAt != monday.UnixMilli() {
		t.Errorf("row %+v, %v", p, err)
	}
	if left := c.leftovers(); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// cutOff begins to send a piece and loses the line on the way.
func (w *caller) cutOff(path string, offset int, b []byte) {
	w.t.Helper()
	body, line := io.Pipe()
	r, err := http.NewRequest("PATCH", w.url+path, body)
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header = w.tus().with("Upload-Offset", strconv.Itoa(offset)).with("Content-Type", "application/offset+octet-stream").header
	r.ContentLength = int64(len(b)) + 1000
	go func() {
		_, _ = line.Write(b) // the line may go first
		line.CloseWithError(errors.New("no network"))
	}()
	if res, err := transport.RoundTrip(r); err == nil {
		res.Body.Close()
		w.t.Fatalf("a cut line was answered %d", res.StatusCode)
	}
}

// resume sends the rest; bytes of the lost line may still come in and put it out
// of step, and then it asks again, as phones do.
func (w *caller) resume(path string, b []byte) (a answer) {
	w.t.Helper()
	for range 5 {
		n := w.offset(path)
		if a = w.piece(path, n, b[n:]); a.status != 409 {
			break
		}
	}
	return a
}

func TestBytesThatAreNotThoseAnnouncedAreNotKept(t *testing.T) {
	c := newCounty(t)
	f := picture(7)
	damaged := slices.Clone(f.bytes)
	damaged[len(damaged)/2] ^= 1
	wang := c.as("wang")
	path := wang.begin(f, nil).want(201).place()
	wang.piece(path, 0, damaged).refused(460, "photo.checksum")
	if _, err := c.kept(f.sum); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("kept: %v", err)
	}
	if _, err := c.row(f.sum); !errors.Is(err, db.ErrNone) {
		t.Errorf("row: %v", err)
	}
	wang.tus().do("HEAD", path, nil).want(404) // so the phone begins anew
	if left := c.leftovers(); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	wang.upload(f, nil).want(204)
}

// bomb is a PNG of 3 GB when unpacked: only its header is there.
func bomb() []byte {
	b := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d")
	chunk := []byte("IHDR")
	chunk = binary.BigEndian.AppendUint32(chunk, 32_000)
	chunk = binary.BigEndian.AppendUint32(chunk, 32_000)
	chunk = append(chunk, 8, 2, 0, 0, 0)
	b = append(b, chunk...)
	return append(binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(chunk)), make([]byte, 64)...)
}

func TestWhatIsNoPhotoIsRefusedWithTheReason(t *testing.T) {
	c := newCounty(t)
	for _, s := range []struct {
		name, code string
		bytes      []byte
	}{
		{"a page", "photo.kind", []byte("<!doctype html><script>alert(1)</script>" + strings.Repeat(" ", 100))},
		{"a drawing with a script", "photo.kind", []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`)},
		{"one byte", "photo.kind", []byte("x")},
		{"a phone's own format", "photo.heic", []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + strings.Repeat("\x00", 100))},
		{"a film", "photo.kind", []byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + strings.Repeat("\x00", 100))},
		{"a bomb", "photo.large", bomb()},
		{"the name of a photo with nothing in it", "photo.kind", []byte("\xff\xd8\xff\xe0" + strings.Repeat("no photo", 20))},
		{"a zip named photo", "photo.kind", []byte("PK\x03\x04" + strings.Repeat("\x00", 100))},
	} {
		f := fileOf(s.bytes)
		for _, a := range []answer{c.as("wang").upload(f, map[string]string{"filename": "photo.jpg", "filetype": "image/jpeg"}), c.as("wang").whole(f, nil)} {
			if p := a.refused(422, s.code); !strings.HasSuffix(p.Title, "。") || leaks(string(a.body)) {
				t.Errorf("%s: %s", s.name, a.body)
			}
		}
		if en := c.as("wang").with("Accept-Language", "en").upload(f, nil).refused(422, s.code); strings.Contains(en.Title, "。") {
			t.Errorf("%s in English: %s", s.name, en.Title)
		}
		if _, err := c.kept(f.sum); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("%s was kept: %v", s.name, err)
		}
	}
	if n := c.count("photos"); n != 0 || len(c.leftovers()) > 0 {
		t.Errorf("%d rows, left behind %v", n, c.leftovers())
	}
}

func TestAPhotoOfMoreThan25MBIsRefusedBeforeItIsSent(t *testing.T) {
	c := newCounty(t)
	announce := func(n int) answer {
		return c.as("wang").tus().with("Upload-Length", strconv.Itoa(n)).with("Upload-Metadata", meta(map[string]string{"sha256": picture(1).sum})).do("POST", "/api/uploads/", nil)
	}
	announce(album.MostBytes).want(201)
	announce(album.MostBytes + 1).want(413)
}

func TestAnUploadMustSayWhichBytesItBrings(t *testing.T) {
	c := newCounty(t)
	for _, sum := range []string{"", "abc", strings.Repeat("A", 64), strings.Repeat("g", 64), "../../../etc/passwd", picture(1).sum + "/..", "\x00"} {
		a := c.as("wang").tus().with("Upload-Length", "10").with("Upload-Metadata", meta(map[string]string{"sha256": sum})).do("POST", "/api/uploads/", nil)
		if p := a.refused(422, "input.invalid"); !slices.Contains(p.names(), "sha256") {
			t.Errorf("%q: %+v", sum, p)
		}
	}
	for name, value := range map[string]string{"Upload-Defer-Length": "1", "Upload-Length": "0"} {
		a := c.as("wang").tus().with(name, value).with("Upload-Metadata", meta(map[string]string{"sha256": picture(1).sum})).do("POST", "/api/uploads/", nil)
		if p := a.refused(422, "input.invalid"); !slices.Contains(p.names(), "Upload-Length") {
			t.Errorf("%s: %+v", name, p)
		}
	}
	if left := c.leftovers(); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestWhatAPhoneSaysWithoutSenseIsLeftOut(t *testing.T) {
	soon := strconv.FormatInt(time.Now().Add(48*time.Hour).UnixMilli(), 10)
	for _, s := range []map[string]string{
		{"lat": "NaN", "lon": "103"}, {"lat": "91", "lon": "103"}, {"lat": "22", "lon": "-181"}, {"lat": "22"}, {"lon": "103"},
		{"lat": "Inf", "lon": "Inf"}, {"lat": "22,5", "lon": "103"}, {"lat": strings.Repeat("9", 10_000), "lon": "1"}, {"lat": "'; DROP TABLE photos", "lon": "1"},
		{"accuracy": "-1"}, {"accuracy": "NaN"}, {"accuracy": "1e300"}, {"accuracy": "near"},
		{"taken_at": "-1"}, {"taken_at": soon}, {"taken_at": "99999999999999999999"}, {"taken_at": "2026-11-23"}, {"taken_at": "NaN"},
		{"source": "satellite"}, {"source": strings.Repeat("camera", 1000)}, {"who": "boss"}, {"type": "text/html"}, {"arrived_at": "5"},
	} {
		p := api.PhotoOf(s)
		if p.Lat != nil || p.Lon != nil || p.Accuracy != nil || p.TakenAt != 0 || p.Source != "" || p.Who != "" || p.Type != "" || p.ArrivedAt != 0 {
			t.Errorf("%.80v is kept as %+v", s, p)
		}
	}
	good := api.PhotoOf(map[string]string{"sha256": "s", "lat": "-22.5", "lon": "180", "accuracy": "0", "taken_at": "1764000000000", "source": "gallery"})
	if good.Sum != "s" || *good.Lat != -22.5 || *good.Lon != 180 || *good.Accuracy != 0 || good.TakenAt != 1764000000000 || good.Source != "gallery" {
		t.Errorf("kept %+v", good)
	}
}

func TestHostileMetadataDoesNotKeepAPhotoFromArriving(t *testing.T) {
	c := newCounty(t)
	f := picture(8)
	c.as("wang").upload(f, map[string]string{"lat": "NaN", "lon": "103", "accuracy": "1e999", "taken_at": "never", "source": "\x00\xff", "filename": "../../evil.sh\n"}).want(204)
	if p, err := c.row(f.sum); err != nil || p.Lat != nil || p.TakenAt != 0 || p.Source != "" {
		t.Errorf("row %+v, %v", p, err)
	}
}

func TestTheSamePhotoTwiceIsOneObject(t *testing.T) {
	c := newCounty(t)
	f := picture(9)
	c.as("wang").upload(f, map[string]string{"lat": "22", "lon": "103"}).want(204)
	c.as("li").upload(f, map[string]string{"lat": "23", "lon": "104"}).want(204)
	objects := 0
	err := c.blobs.Walk(context.Background(), func(string, int64, time.Time) error { objects++; return nil })
	if p, rowErr := c.row(f.sum); err != nil || rowErr != nil || objects != 1 || c.count("photos") != 1 || p.Who != "wang" || *p.Lat != 22 {
		t.Errorf("%d objects, row %+v, %v, %v", objects, p, err, rowErr)
	}
}

func TestResidentsUploadWithoutASignInAsOftenAsIsReasonable(t *testing.T) {
	c := newCounty(t)
	f := picture(10)
	c.nobody().upload(f, nil).want(204)
	if p, err := c.row(f.sum); err != nil || p.Who != "resident" {
		t.Errorf("row %+v, %v", p, err)
	}
	var last answer
	for range 32 {
		if last = c.nobody().begin(f, nil); last.status == 429 {
			break
		}
		last.want(201)
	}
	last.refused(429, "busy.rate")
	if last.header.Get("Retry-After") == "" {
		t.Error("without Retry-After")
	}
	c.nobody().from("10.0.0.2").begin(f, nil).want(201)
}

func TestTheDoorOfTheSignedInIsShutToOthers(t *testing.T) {
	c := newCounty(t)
	path := c.as("wang").begin(picture(11), nil).want(201).place()
	for method, at := range map[string]string{"POST": "/api/uploads/", "HEAD": path, "PATCH": path, "DELETE": path, "GET": path} {
		if a := c.nobody().tus().with("Upload-Length", "1").with("Upload-Offset", "0").do(method, at, nil).want(401); method != "HEAD" {
			a.refused(401, "signin.needed")
		}
	}
	public := strings.Replace(path, "/api/", "/api/public/", 1)
	c.nobody().tus().do("HEAD", public, nil).want(404)
}

func TestUploadsCannotBeReadBackOrReachOtherFiles(t *testing.T) {
	c := newCounty(t)
	if err := os.WriteFile(filepath.Join(c.temp, "secret.info"), []byte(`{"ID":"secret","Size":9,"Storage":{"Path":"/etc/passwd","Type":"filestore"}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	path := c.as("wang").begin(picture(12), nil).want(201).place()
	c.as("wang").tus().do("GET", path, nil).want(405)
	for _, id := range []string{"..%2fsecret", "%2e%2e%2fsecret", "..%2f..%2fsecret", "..%5csecret", "%2fetc%2fpasswd", "secret", "."} {
		if a := c.as("wang").tus().do("HEAD", "/api/uploads/"+id, nil); a.status < 300 {
			t.Errorf("%s is found: %d", id, a.status)
		}
	}
}

func TestBehindAProxyThatDoesHTTPSUploadsStayOnHTTPS(t *testing.T) {
	c := newCounty(t)
	a := c.as("wang").at(c.serve(secured(c))).begin(picture(13), nil).want(201)
	if to := a.header.Get("Location"); !strings.HasPrefix(to, "https://") {
		t.Errorf("a browser is sent to %s", to)
	}
}

func TestUploadsNobodyFinishesAreSwept(t *testing.T) {
	c := newCounty(t)
	old := c.as("wang").begin(picture(14), nil).want(201).place()
	now := time.Now()
	for _, name := range c.leftovers() {
		if err := os.Chtimes(name, now.Add(-8*24*time.Hour), now.Add(-8*24*time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	fresh := c.as("wang").begin(picture(15), nil).want(201).place()
	if err := api.SweepUploads(c.temp, now.Add(-7*24*time.Hour)); err != nil {
		t.Fatal(err)
	}
	c.as("wang").tus().do("HEAD", old, nil).want(404)
	c.as("wang").tus().do("HEAD", fresh, nil).want(200)
}
