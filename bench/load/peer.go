package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"chuangwei/internal/kit/db"
)

// peer measures PocketBase with the same payload: it writes a row (and a file)
// and does nothing else.
func peer(ctx context.Context, o options, size int64) (string, error) {
	s := &server{name: "PocketBase", dir: filepath.Join(o.keep, fmt.Sprintf("peer-%d", size)), binary: o.peer, url: "http://127.0.0.1:8198", health: "/api/health"}
	s.env = []string{"PB_DATA=" + s.dir}
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return "", err
	}
	if err := s.start("serve", "--http", "127.0.0.1:8198"); err != nil {
		return "", err
	}
	if err := s.stop(); err != nil {
		s.gone()
	}
	if err := stuffed(ctx, filepath.Join(s.dir, "data.db"), size); err != nil {
		return "", err
	}
	if err := s.start("serve", "--http", "127.0.0.1:8198"); err != nil {
		return "", err
	}
	defer s.gone()
	rest, before := s.resident(), s.written()
	w := &work{ctx: ctx, url: s.url, http: &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: o.conns}}}
	records := "/api/collections/reports/records"
	for _, each := range []op{
		{name: "report", do: func(int) bool {
			res, _ := w.call(http.MethodPost, records, "", map[string]string{"Content-Type": "application/json"},
				[]byte(`{"text":"压测上报：路边有垃圾","kind":"env.exposed-waste","lat":22.77,"lon":103.22,"finder":"p0001"}`), http.StatusOK)
			return res != nil
		}},
		{name: "report with a photo", do: func(int) bool { return w.withPhoto(records) }},
		{name: "list 50 newest", do: func(int) bool { return w.get("", records+"?perPage=50&sort=-created") }},
		{name: "list 50 newest, no total", do: func(int) bool { return w.get("", records+"?perPage=50&sort=-created&skipTotal=1") }},
	} {
		row(s, size, each.name, run(s, o.conns, o.seconds, each.do))
	}
	if err := w.err(); err != nil {
		return "", err
	}
	return fmt.Sprintf("| %s | %d | %.2f | %d | %d | %d |", s.name, size, s.ready.Seconds(), rest>>20, s.resident()>>20, (s.written()-before)>>20), nil
}

func (w *work) withPhoto(path string) bool {
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for k, v := range map[string]string{"text": "压测上报：路边有垃圾", "kind": "env.exposed-waste", "lat": "22.77", "lon": "103.22", "finder": "p0001"} {
		_ = form.WriteField(k, v) // into memory
	}
	part, err := form.CreateFormFile("photo", "p.jpg")
	if err == nil {
		_, err = io.Copy(part, bytes.NewReader(picture()))
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		w.fail("%v", err)
		return false
	}
	res, _ := w.call(http.MethodPost, path, "", map[string]string{"Content-Type": form.FormDataContentType()}, b.Bytes(), http.StatusOK)
	return res != nil
}

// stuffed fills the collection to size rows.
func stuffed(ctx context.Context, path string, size int64) error {
	d, err := db.Open(ctx, db.Options{URL: "sqlite:" + path, Relaxed: true, Readers: 1})
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(`INSERT INTO reports (id, text, kind, lat, lon, finder, photo, created)
			WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
			SELECT 'r' || printf('%014d', i), '街边有垃圾，已经两天没有清运了', 'env.exposed-waste', 22.77, 103.22, 'p0001', '',
				strftime('%Y-%m-%d %H:%M:%fZ', 1700000000 + i * 300, 'unixepoch') FROM n`, size)
		return err
	})
}
