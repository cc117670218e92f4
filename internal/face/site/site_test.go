package site_test

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"chuangwei/internal/face/site"
	"chuangwei/web"
)

// dist is a build of which every file says its own name.
var dist = func() fstest.MapFS {
	out := fstest.MapFS{}
	for _, name := range []string{"desk/index.html", "phone/index.html", "sign/index.html", "public/index.html", "phone/sw.js", "phone/manifest.webmanifest",
		"favicon.svg", "icon-192.png", "icon-512.png", "assets/desk-abc123.js", "assets/desk-abc123.css", "secret.txt"} {
		out[name] = &fstest.MapFile{Data: []byte(name)}
	}
	return out
}()

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

// get asks for an address exactly as it is written.
func get(files fs.FS, address string) answer {
	w := httptest.NewRecorder()
	site.Handler(files).ServeHTTP(w, httptest.NewRequest("GET", address, nil))
	return answer{w.Code, w.Result().Header, w.Body.String()}
}

func TestEachAddressShowsItsPage(t *testing.T) {
	for address, want := range map[string]string{
		"/": "public/index.html", "/q/MKT234": "public/index.html", "/r/ABCD2345": "public/index.html", "/q/": "public/index.html",
		"/desk/": "desk/index.html", "/desk/cases/0190": "desk/index.html", "/desk/verify?case=1": "desk/index.html",
		"/m/": "phone/index.html", "/m/mine": "phone/index.html", "/sign": "sign/index.html", "/sign?to=%2Fdesk%2F": "sign/index.html",
		"/m/sw.js": "phone/sw.js", "/m/manifest.webmanifest": "phone/manifest.webmanifest",
		"/favicon.svg": "favicon.svg", "/icon-192.png": "icon-192.png", "/icon-512.png": "icon-512.png",
	} {
		res := get(dist, address)
		if res.status != 200 || res.body != want || res.header.Get("Cache-Control") != "no-cache" {
			t.Errorf("%s: %d %s, %s", address, res.status, res.body, res.header.Get("Cache-Control"))
		}
	}
	for from, to := range map[string]string{"/desk": "/desk/", "/m": "/m/"} {
		if res := get(dist, from); res.status != 302 || res.header.Get("Location") != to {
			t.Errorf("%s: %d to %s", from, res.status, res.header.Get("Location"))
		}
	}
}

func TestAFileSaysWhatItIs(t *testing.T) {
	for address, want := range map[string]string{"/": "text/html; charset=utf-8", "/m/sw.js": "text/javascript; charset=utf-8", "/assets/desk-abc123.js": "text/javascript; charset=utf-8",
		"/assets/desk-abc123.css": "text/css; charset=utf-8", "/m/manifest.webmanifest": "application/manifest+json", "/favicon.svg": "image/svg+xml", "/icon-192.png": "image/png"} {
		if got := get(dist, address).header.Get("Content-Type"); got != want {
			t.Errorf("%s is %q", address, got)
		}
	}
}

func TestHashedFilesAreKeptForEver(t *testing.T) {
	res := get(dist, "/assets/desk-abc123.js")
	if res.status != 200 || res.body != "assets/desk-abc123.js" || res.header.Get("Cache-Control") != "public, max-age=31536000, immutable" {
		t.Errorf("%d %v", res.status, res.header)
	}
}

func TestNoScriptRunsButOurOwnFiles(t *testing.T) {
	for _, address := range []string{"/", "/desk/", "/m/", "/sign", "/nothing", "/assets/nothing.js", "/desk"} {
		h := get(dist, address).header
		policy := map[string]string{}
		for _, part := range strings.Split(h.Get("Content-Security-Policy"), ";") {
			name, sources, _ := strings.Cut(strings.TrimSpace(part), " ")
			policy[name] = sources
		}
		if policy["script-src"] != "'self'" || policy["default-src"] != "'self'" || policy["object-src"] != "'none'" || policy["base-uri"] != "'none'" || policy["frame-ancestors"] != "'none'" {
			t.Errorf("%s: %v", address, policy)
		}
		for name, sources := range policy {
			if strings.Contains(sources, "unsafe") && name != "style-src" || strings.Contains(sources, "*") || strings.Contains(sources, "http") {
				t.Errorf("%s: %s allows %s", address, name, sources)
			}
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "same-origin" || !strings.Contains(h.Get("Permissions-Policy"), "camera=(self)") {
			t.Errorf("%s: %v", address, h)
		}
	}
}

func TestAnUnknownAddressIsNotFoundOnAPageThatHelps(t *testing.T) {
	for _, address := range []string{"/nothing", "/signup", "/admin.php", "/.git/config", "/secret.txt", "/desk.html", "/public/index.html"} {
		if res := get(dist, address); res.status != 404 || res.body != "public/index.html" {
			t.Errorf("%s: %d %s", address, res.status, res.body)
		}
	}
	if res := get(dist, "/assets/old-999.js"); res.status != 404 || strings.Contains(res.body, "index.html") {
		t.Errorf("an old file: %d %s", res.status, res.body)
	}
}

func TestNoAddressReachesBesideTheBuild(t *testing.T) {
	for _, address := range []string{"/assets/../secret.txt", "/assets/..%2f..%2f..%2fetc%2fpasswd", "/assets/%2e%2e/%2e%2e/etc/passwd", "/assets//etc/passwd", "/assets/%00", "/assets/"} {
		if res := get(dist, address); res.status == 200 {
			t.Errorf("%s shows %s", address, res.body)
		}
	}
}

func TestOnlyReadingIsAnswered(t *testing.T) {
	for _, method := range []string{"POST", "PUT", "DELETE"} {
		w := httptest.NewRecorder()
		site.Handler(dist).ServeHTTP(w, httptest.NewRequest(method, "/desk/", nil))
		if w.Code != 405 {
			t.Errorf("%s: %d", method, w.Code)
		}
	}
}

func TestAMissingBuildSaysHowToMakeIt(t *testing.T) {
	for _, address := range []string{"/", "/desk/", "/m/", "/sign", "/q/MKT234"} {
		res := get(fstest.MapFS{"placeholder.txt": {}}, address)
		if body := res.body; res.status != 503 || !strings.Contains(body, "请运行 make run") || !strings.Contains(body, "run make run") {
			t.Errorf("%s: %d %s", address, res.status, body)
		}
	}
}

// broken is a build on a disk that has failed.
type broken struct{}

func (broken) Open(string) (fs.File, error) {
	return nil, &fs.PathError{Op: "read", Path: "/dev/sda1", Err: fs.ErrPermission}
}

func TestABrokenDiskIsToldWithoutItsPaths(t *testing.T) {
	res := get(broken{}, "/desk/")
	if body := res.body; res.status != 500 || strings.Contains(body, "sda1") || !strings.Contains(body, "页面读取失败") {
		t.Errorf("%d %s", res.status, body)
	}
}

// TestTheBuiltPagesHoldToThePolicy looks at what the web build made, when there
// is one: a script inside a page would be blocked and the screen stay empty.
func TestTheBuiltPagesHoldToThePolicy(t *testing.T) {
	built, err := fs.Sub(web.Dist, "dist")
	if err != nil {
		t.Fatal(err)
	}
	pages, err := fs.Glob(built, "*/index.html")
	if err != nil || len(pages) == 0 {
		t.Skip("the screens are not built; make web builds them")
	}
	for _, name := range pages {
		b, err := fs.ReadFile(built, name)
		if err != nil {
			t.Fatal(err)
		}
		for _, tag := range strings.Split(string(b), "<script")[1:] {
			if open, inside, _ := strings.Cut(tag, ">"); !strings.Contains(open, `src="/`) || !strings.HasPrefix(inside, "</script>") {
				t.Errorf("%s has a script inside: %.80s", name, tag)
			}
		}
		if strings.Contains(string(b), " onclick=") || strings.Contains(string(b), " onload=") || strings.Contains(string(b), "//cdn") {
			t.Errorf("%s runs what the policy forbids", name)
		}
	}
}
