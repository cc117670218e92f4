package api_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"image"
	"image/color"
	"image/jpeg"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// file is a photo to be sent.
type file struct {
	sum   string
	bytes []byte
}

func fileOf(b []byte) file {
	sum := sha256.Sum256(b)
	return file{hex.EncodeToString(sum[:]), b}
}

// picture is a small JPEG that looks different for each n.
func picture(n int) file {
	img := image.NewRGBA(image.Rect(0, 0, 96, 72))
	for y := range 72 {
		for x := range 96 {
			img.Set(x, y, color.RGBA{uint8(x*n + y), uint8(y * (n + 3)), uint8((x / 8 * y / 8) * n), 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		panic(err) // memory does not fail
	}
	return fileOf(b.Bytes())
}

// photo sends another picture as somebody and names it.
func (c *county) photo(login string) string {
	c.t.Helper()
	p := picture(int(c.next()))
	c.as(login).upload(p, nil).want(204)
	return p.sum
}

// meta is Upload-Metadata as tus has it.
func meta(pairs map[string]string) string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(pairs)) {
		out = append(out, name+" "+base64.StdEncoding.EncodeToString([]byte(pairs[name])))
	}
	return strings.Join(out, ",")
}

// upload sends a photo whole; the answer is that of its last piece.
func (w *caller) upload(f file, more map[string]string) answer {
	w.t.Helper()
	at := w.begin(f, more).want(201)
	return w.piece(at.place(), 0, f.bytes)
}

// begin announces a photo.
func (w *caller) begin(f file, more map[string]string) answer {
	w.t.Helper()
	return w.announcing(f, more).do("POST", w.door(), nil)
}

// whole sends a photo with the request that announces it.
func (w *caller) whole(f file, more map[string]string) answer {
	w.t.Helper()
	return w.announcing(f, more).with("Content-Type", "application/offset+octet-stream").do("POST", w.door(), f.bytes)
}

func (w *caller) announcing(f file, more map[string]string) *caller {
	pairs := map[string]string{"sha256": f.sum}
	maps.Copy(pairs, more)
	return w.tus().with("Upload-Length", strconv.Itoa(len(f.bytes))).with("Upload-Metadata", meta(pairs))
}

// piece sends bytes from an offset on.
func (w *caller) piece(path string, offset int, b []byte) answer {
	w.t.Helper()
	return w.tus().with("Upload-Offset", strconv.Itoa(offset)).with("Content-Type", "application/offset+octet-stream").do("PATCH", path, b)
}

func (w *caller) tus() *caller { return w.with("Tus-Resumable", "1.0.0") }

// door is where the caller uploads: residents have their own.
func (w *caller) door() string {
	if w.header.Get("Cookie") == "" {
		return "/api/public/uploads/"
	}
	return "/api/uploads/"
}

// place is the path an upload was given.
func (a answer) place() string {
	a.t.Helper()
	u, err := url.Parse(a.header.Get("Location"))
	if err != nil || u.Path == "" {
		a.t.Fatalf("%s: Location %q", a.to, a.header.Get("Location"))
	}
	return u.Path
}
