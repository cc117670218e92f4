// Package site serves the screens built from web/: which page answers which
// address, with a strict content security policy and hashed files kept for ever.
package site

import (
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

// policy lets pages run only our own files; styles may stand in elements
// because the component libraries write them there.
const policy = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; " +
	"media-src 'self' blob:; connect-src 'self'; worker-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// page is an address and the built file that answers it and all below it.
type page struct{ under, file string }

var pages = []page{
	{"/desk/", "desk/index.html"},
	{"/m/", "phone/index.html"},
	{"/sign", "sign/index.html"},
	{"/q/", "public/index.html"},
	{"/r/", "public/index.html"},
	{"/", "public/index.html"},
}

// files are addresses of built files that must lie outside /assets/: a service
// worker only controls pages below its own address.
var files = map[string]string{
	"/m/sw.js":                "phone/sw.js",
	"/m/manifest.webmanifest": "phone/manifest.webmanifest",
	"/favicon.svg":            "favicon.svg",
	"/icon-192.png":           "icon-192.png",
	"/icon-512.png":           "icon-512.png",
}

// Handler serves dist, the output of the web build.
func Handler(dist fs.FS) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /assets/", func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
		if _, err := fs.Stat(dist, name); err != nil || !strings.HasPrefix(name, "assets/") {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		give(w, r, dist, name)
	})
	for address, file := range files {
		mux.HandleFunc("GET "+address, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Cache-Control", "no-cache")
			give(w, r, dist, file)
		})
	}
	for _, p := range pages {
		mux.HandleFunc("GET "+p.under, func(w http.ResponseWriter, r *http.Request) { show(w, r, dist, p) })
	}
	mux.HandleFunc("GET /desk", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/desk/", http.StatusFound) })
	mux.HandleFunc("GET /m", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/m/", http.StatusFound) })
	return guard(mux)
}

func guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(self), geolocation=(self), microphone=()")
		next.ServeHTTP(w, r)
	})
}

func show(w http.ResponseWriter, r *http.Request, dist fs.FS, p page) {
	w.Header().Set("Cache-Control", "no-cache")
	if p.under == "/" && r.URL.Path != "/" {
		w.WriteHeader(http.StatusNotFound)
	}
	give(w, r, dist, p.file)
}

// give writes one built file, or says how to build what is missing.
func give(w http.ResponseWriter, r *http.Request, dist fs.FS, name string) {
	b, err := fs.ReadFile(dist, name)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) {
		missing(w, r, name)
		return
	}
	if err != nil {
		http.Error(w, "页面读取失败 / cannot read the page", http.StatusInternalServerError)
		return
	}
	kind := mime.TypeByExtension(path.Ext(name))
	if path.Ext(name) == ".webmanifest" {
		kind = "application/manifest+json"
	}
	w.Header().Set("Content-Type", kind)
	_, _ = w.Write(b) // a reader who has gone needs nothing
}

func missing(w http.ResponseWriter, r *http.Request, name string) {
	if strings.HasSuffix(name, ".html") {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprintf(w, "界面尚未构建，请运行 make run。\nThe screens are not built yet: run make run (%s).\n", name)
		return
	}
	http.NotFound(w, r)
}
