package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"chuangwei/internal/kit/db/dbtest"

	"github.com/google/uuid"
)

// killings is how often the program is killed; bench/run.sh asks for 200.
func killings(t *testing.T) int {
	n, err := strconv.Atoi(os.Getenv("CHUANGWEI_KILLS"))
	if err != nil && os.Getenv("CHUANGWEI_KILLS") != "" {
		t.Fatal(err)
	}
	if n == 0 {
		return 20
	}
	return n
}

// durable is a fresh county on the PostgreSQL under test, whose commits wait for
// the disk as in a county; "" where SQLite is under test.
func durable(t *testing.T) string {
	if os.Getenv("CHUANGWEI_TEST_PG") == "" {
		return ""
	}
	return strings.Replace(dbtest.URL(t), "synchronous_commit=off", "synchronous_commit=on", 1)
}

// victim is the real program on a real disk.
type victim struct {
	t      *testing.T
	binary string
	dir    string
	db     string // --db, or ""
	cmd    *exec.Cmd
	url    string
}

var (
	readyLine    = regexp.MustCompile(`msg=ready url=(\S+)`)
	passwordLine = regexp.MustCompile(`with the password (\S+)`)
)

// start runs the program until it says that it is ready; the first time it
// also says the administrator's password.
func (v *victim) start() (password string) {
	v.t.Helper()
	args := []string{"serve", "--data", v.dir, "--addr", "127.0.0.1:0", "--reserve", "1"}
	if v.db != "" {
		args = append(args, "--db", v.db)
	}
	v.cmd = exec.Command(v.binary, args...)
	out, w := io.Pipe()
	v.cmd.Stdout, v.cmd.Stderr = w, w
	if err := v.cmd.Start(); err != nil {
		v.t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	var seen strings.Builder
	for lines.Scan() {
		fmt.Fprintln(&seen, lines.Text())
		if m := passwordLine.FindStringSubmatch(lines.Text()); m != nil {
			password = m[1]
		}
		if m := readyLine.FindStringSubmatch(lines.Text()); m != nil {
			v.url = m[1]
			go func() { _, _ = io.Copy(io.Discard, out) }() // the pipe must not fill
			return password
		}
	}
	v.t.Fatalf("it never got ready:\n%s", seen.String())
	return ""
}

func (v *victim) kill() {
	v.t.Helper()
	if err := v.cmd.Process.Signal(syscall.SIGKILL); err != nil {
		v.t.Fatal(err)
	}
	_ = v.cmd.Wait() // it was killed, which is what it says
}

// field is what one phone does: reports with a photo, one after the other,
// each tried with the same id until it is acknowledged.
type field struct {
	url    func() string
	http   *http.Client
	rng    *rand.Rand
	name   string
	stop   chan struct{}
	kept   []sent // acknowledged
	begun  string // the sum of the photo whose bytes may have reached the server
	broken int    // attempts that got no answer
}

type sent struct{ id, text, sum string }

func (f *field) work() {
	for n := 0; ; n++ {
		photo := picture(f.rng)
		digest := sha256.Sum256(photo)
		s := sent{uuid.Must(uuid.NewV7()).String(), fmt.Sprintf("%s 第 %d 个", f.name, n), hex.EncodeToString(digest[:])}
		for !f.report(s, photo) {
			f.broken++
			select {
			case <-f.stop:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
		f.kept = append(f.kept, s)
		select {
		case <-f.stop:
			return
		default:
		}
	}
}

// picture is a small JPEG unlike any other.
func picture(rng *rand.Rand) []byte {
	m := image.NewGray(image.Rect(0, 0, 64, 48))
	for i := range m.Pix {
		m.Pix[i] = color.Gray{Y: uint8(rng.IntN(256))}.Y
	}
	var b bytes.Buffer
	_ = jpeg.Encode(&b, m, nil) // a buffer takes everything
	return b.Bytes()
}

func (f *field) report(s sent, photo []byte) bool {
	return f.upload(s.sum, photo) && f.call(http.MethodPost, "/api/cases", map[string]string{"Content-Type": "application/json", "Idempotency-Key": s.id},
		[]byte(fmt.Sprintf(`{"text":%q,"photos":[%q],"lat":22.7782,"lon":103.229}`, s.text, s.sum)), http.StatusCreated) != nil
}

// upload sends a photo as the phone does: at first with the request that begins
// the upload, later asking whether it is here and how much of it.
func (f *field) upload(sum string, photo []byte) bool {
	meta := "sha256 " + base64.StdEncoding.EncodeToString([]byte(sum)) + ",type " + base64.StdEncoding.EncodeToString([]byte("image/jpeg")) +
		",source " + base64.StdEncoding.EncodeToString([]byte("camera"))
	begin := map[string]string{"Tus-Resumable": "1.0.0", "Upload-Length": strconv.Itoa(len(photo)), "Upload-Metadata": meta}
	piece := map[string]string{"Tus-Resumable": "1.0.0", "Content-Type": "application/offset+octet-stream"}
	if f.begun != sum {
		f.begun = sum
		maps.Copy(piece, begin)
		made := f.call(http.MethodPost, "/api/uploads/", piece, photo, http.StatusCreated)
		return made != nil && made.Header.Get("Upload-Offset") == strconv.Itoa(len(photo))
	}
	if f.call(http.MethodHead, "/api/photos/"+sum, nil, nil, http.StatusOK) != nil {
		return true
	}
	made := f.call(http.MethodPost, "/api/uploads/", begin, nil, http.StatusCreated)
	if made == nil {
		return false
	}
	at := made.Header.Get("Location")
	at = at[strings.Index(at, "/api/"):]
	offset, _ := strconv.Atoi(made.Header.Get("Upload-Offset")) // none: nothing has arrived
	piece["Upload-Offset"] = strconv.Itoa(offset)
	return f.call(http.MethodPatch, at, piece, photo[offset:], http.StatusNoContent) != nil
}

// call is one request; nil unless it was answered with want.
func (f *field) call(method, path string, header map[string]string, body []byte, want int) *http.Response {
	r, err := http.NewRequest(method, f.url()+path, bytes.NewReader(body))
	if err != nil {
		return nil
	}
	for k, v := range header {
		r.Header.Set(k, v)
	}
	res, err := f.http.Do(r)
	if err != nil {
		return nil
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil || res.StatusCode != want {
		return nil
	}
	return res
}

// TestNothingAcknowledgedIsLostToKilling kills the real program again and
// again while phones report, and looks for every acknowledged report and its
// photo afterwards: each there, once, whole.
func TestNothingAcknowledgedIsLostToKilling(t *testing.T) {
	v := &victim{t: t, binary: filepath.Join(t.TempDir(), "chuangwei"), dir: t.TempDir(), db: durable(t)}
	if out, err := exec.Command("go", "build", "-o", v.binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar, Timeout: 10 * time.Second}
	password := v.start()
	var mu sync.RWMutex
	url := func() string { mu.RLock(); defer mu.RUnlock(); return v.url }
	admin := &field{url: url, http: client}
	if admin.call(http.MethodPost, "/api/session", map[string]string{"Content-Type": "application/json"},
		[]byte(fmt.Sprintf(`{"login":"admin","password":%q}`, password)), http.StatusOK) == nil {
		t.Fatal("no sign-in")
	}
	cookies := &cookieOf{jar: jar}
	cookies.learn(t, v.url)
	stop := make(chan struct{})
	var phones []*field
	var running sync.WaitGroup
	for i := range 4 {
		f := &field{url: url, http: &http.Client{Transport: cookies, Timeout: 10 * time.Second}, rng: rand.New(rand.NewPCG(7, uint64(i))), name: fmt.Sprintf("手机%d", i), stop: stop}
		phones = append(phones, f)
		running.Go(f.work)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for range killings(t) {
		time.Sleep(time.Duration(50+rng.IntN(250)) * time.Millisecond) // the moment of the crash, not a wait for anything
		v.kill()
		mu.Lock()
		v.start()
		mu.Unlock()
	}
	close(stop)
	running.Wait()
	judge(t, v, cookies, phones)
	if err := v.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := v.cmd.Wait(); err != nil {
		t.Errorf("it did not stop in peace: %v", err)
	}
}

// judge compares what was acknowledged with what is there.
func judge(t *testing.T, v *victim, cookies *cookieOf, phones []*field) {
	t.Helper()
	client := &http.Client{Transport: cookies, Timeout: 30 * time.Second}
	there := map[string]int{}
	for next := v.url + "/api/cases?limit=100"; next != ""; {
		var page struct {
			Items []struct{ ID, Text string }
			Next  string
		}
		fetchInto(t, client, next, &page)
		for _, c := range page.Items {
			there[c.Text]++
		}
		next = page.Next
		if next != "" && !strings.HasPrefix(next, "http") {
			next = v.url + "/api/cases?limit=100&after=" + next
		}
	}
	acknowledged, broken := 0, 0
	for _, f := range phones {
		acknowledged += len(f.kept)
		broken += f.broken
		for _, s := range f.kept {
			if there[s.text] != 1 {
				t.Errorf("%s is there %d times", s.text, there[s.text])
			}
			res, err := client.Get(v.url + "/api/photos/" + s.sum + "?size=original")
			if err != nil {
				t.Fatal(err)
			}
			b, err := io.ReadAll(res.Body)
			res.Body.Close()
			if digest := sha256.Sum256(b); err != nil || hex.EncodeToString(digest[:]) != s.sum {
				t.Errorf("the photo of %s: %d, %d bytes, %v", s.text, res.StatusCode, len(b), err)
			}
		}
	}
	for text, n := range there {
		if n > 1 {
			t.Errorf("%s is there %d times", text, n)
		}
	}
	t.Logf("%d kills, %d acknowledged reports, %d attempts without an answer, %d cases kept", killings(t), acknowledged, broken, len(there))
	if acknowledged < killings(t) || broken == 0 {
		t.Errorf("too little happened to prove anything")
	}
}

func fetchInto(t *testing.T, client *http.Client, url string, into any) {
	t.Helper()
	res, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(into); err != nil || res.StatusCode != http.StatusOK {
		t.Fatal(url, res.StatusCode, err)
	}
}

// cookieOf sends the session wherever the program listens now: its port
// changes with every start.
type cookieOf struct {
	jar   http.CookieJar
	value string
}

func (c *cookieOf) learn(t *testing.T, url string) {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range c.jar.Cookies(r.URL) {
		c.value += k.Name + "=" + k.Value + "; "
	}
	if c.value == "" {
		t.Fatal("no session")
	}
}

// RoundTrip adds the session.
func (c *cookieOf) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Cookie", c.value)
	return http.DefaultTransport.RoundTrip(r)
}
