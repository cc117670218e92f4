package api

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"chuangwei/internal/kit/album"
	"chuangwei/internal/kit/blob"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/document"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/geo"
	"chuangwei/internal/kit/photo"
	"chuangwei/internal/kit/room"
	"chuangwei/internal/register/org"

	"github.com/tus/tusd/v2/pkg/filestore"
	tus "github.com/tus/tusd/v2/pkg/handler"
	"github.com/tus/tusd/v2/pkg/memorylocker"
	expslog "golang.org/x/exp/slog"
)

// uploads is an address at which bytes arrive by tus.
type uploads struct {
	path   string
	open   bool  // to residents, who are counted by address
	most   int64 // bytes of an upload
	keep   func(context.Context, brought) error
	store  unfinished
	locker *memorylocker.MemoryLocker
	tus    http.Handler
}

// mountUploads serves tus 1.0.0 thrice: for people who are signed in, for
// residents, and for papers, which are larger and of more types than photos.
func (s *Server) mountUploads(mux *http.ServeMux) error {
	for _, u := range []*uploads{
		{path: "/api/uploads/", most: album.MostBytes, keep: s.keep},
		{path: "/api/public/uploads/", open: true, most: album.MostBytes, keep: s.keep},
		{path: "/api/uploads/papers/", most: document.MaxBytes, keep: s.keepDocument},
	} {
		if err := s.ready(u); err != nil {
			return fmt.Errorf("uploads: %w", err)
		}
		mux.Handle(u.path, s.serve(route{pattern: u.path, open: u.open, handle: func(w http.ResponseWriter, r *http.Request) error { return s.receive(u, w, r) }}))
	}
	return nil
}

func (s *Server) receive(u *uploads, w http.ResponseWriter, r *http.Request) error {
	id := strings.TrimPrefix(r.URL.Path, u.path)
	if strings.Trim(id, "0123456789abcdef") != "" {
		return noUpload // tusd would look for it as a file, in other folders too
	}
	if s.Secure && r.TLS == nil {
		r.TLS = &tls.ConnectionState{} // the proxy in front did it: tusd answers with an address of its own
	}
	if u.open && r.Method == http.MethodPost {
		if err := s.limits.allow("upload/"+s.remote(r), uploadRate, 30); err != nil {
			return err
		}
	}
	if id == "" && r.Method == http.MethodPost {
		if answered, err := s.begin(u, w, r); answered || err != nil {
			return err
		}
	}
	u.tus.ServeHTTP(w, r)
	return nil
}

var noUpload = fault.New(fault.NotFound, "upload.none", "没有这个上传，请重新开始。", "There is no such upload; begin again.")

// ready puts the parts of tusd together.
func (s *Server) ready(u *uploads) error {
	dir := filepath.Join(s.Temp, strings.ReplaceAll(strings.Trim(u.path, "/"), "/", "-"))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	u.store, u.locker = unfinished{filestore.New(dir)}, memorylocker.New()
	composer := tus.NewStoreComposer()
	u.store.UseIn(composer)
	composer.UseCore(u.store)
	u.locker.UseIn(composer)
	h, err := tus.NewHandler(tus.Config{
		StoreComposer: composer, BasePath: u.path, MaxSize: u.most, DisableDownload: true, DisableConcatenation: true,
		Cors:                    &tus.CorsConfig{Disable: true},
		Logger:                  expslog.New(expslog.NewTextHandler(io.Discard, nil)),
		PreUploadCreateCallback: s.checkUpload,
		PreFinishResponseCallback: func(hook tus.HookEvent) (tus.HTTPResponse, error) {
			return tus.HTTPResponse{}, s.arrived(hook, u)
		},
	})
	if err != nil {
		return err
	}
	u.tus = http.StripPrefix(u.path, h)
	return nil
}

// checkUpload refuses an upload that does not say which bytes it will bring,
// and gives others the name under which the phone finds them again.
func (s *Server) checkUpload(hook tus.HookEvent) (tus.HTTPResponse, tus.FileInfoChanges, error) {
	size := hook.Upload.Size
	if hook.Upload.SizeIsDeferred {
		size = 0
	}
	if err := s.mayBegin(hook.Upload.MetaData["sha256"], size); err != nil {
		return tus.HTTPResponse{}, tus.FileInfoChanges{}, s.tusError(hook.Context, err)
	}
	return tus.HTTPResponse{}, tus.FileInfoChanges{ID: hook.Context.Value(callKey{}).(*call).upload}, nil
}

func (s *Server) mayBegin(sum string, size int64) error {
	var c fault.Check
	c.That(isSum(sum), "sha256", "缺少文件的 SHA-256", "the SHA-256 is missing")
	c.That(size > 0, "Upload-Length", "缺少文件大小", "the size is missing")
	err := c.Err()
	if err == nil && s.Room.Short() {
		err = room.Fault() // what is left is for decisions
	}
	return err
}

func isSum(s string) bool {
	return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == ""
}

// arrived moves a finished upload into the store under its sum, if it is what
// it should be and really those bytes, and only then lets the phone know.
func (s *Server) arrived(hook tus.HookEvent, u *uploads) error {
	path := hook.Upload.Storage["Path"]
	err := func() error {
		f, err := os.Open(path)
		if err != nil {
			return fmt.Errorf("uploads: %w", err)
		}
		defer f.Close()
		return u.keep(hook.Context, brought{content: f, meta: hook.Upload.MetaData, size: hook.Upload.Size, path: path})
	}()
	u.store.forget(hook.Upload.ID)
	return s.tusError(hook.Context, err)
}

// brought is a whole upload.
type brought struct {
	content interface {
		io.ReadSeeker
		io.ReaderAt
	}
	meta tus.MetaData
	size int64
	path string // of its file; "" when it is in memory
}

// into puts the bytes into a store under the sum that was announced.
func (b brought) into(ctx context.Context, store blob.Store) error {
	sum := b.meta["sha256"]
	if b.path != "" {
		return blob.Adopt(ctx, store, sum, b.path)
	}
	_, err := b.content.Seek(0, io.SeekStart)
	if err == nil {
		err = store.PutAs(ctx, sum, b.content)
	}
	return err
}

func (s *Server) keep(ctx context.Context, b brought) error {
	kind, err := photoKind(b.content)
	if err != nil {
		return err
	}
	if err := b.into(ctx, s.Blobs); err != nil {
		return fmt.Errorf("uploads: %w", err)
	}
	p := photoOf(b.meta)
	p.Type, p.Bytes, p.Who = kind, b.size, whoUploads(ctx)
	return s.DB.Write(ctx, func(tx *db.Tx) error { return album.Arrive(tx, p) })
}

// photoKind reads only the head of a file: what is no photo, or would not fit
// in memory once unpacked, is told to the phone at once.
func photoKind(f io.ReadSeeker) (string, error) {
	head := make([]byte, 64)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return "", fmt.Errorf("uploads: %w", err)
	}
	kind, err := photo.Sniff(head[:n])
	if err != nil {
		return "", album.NotPhoto(err)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return "", fmt.Errorf("uploads: %w", err)
	}
	config := map[string]func(io.Reader) (image.Config, error){photo.TypeJPEG: jpeg.DecodeConfig, photo.TypePNG: png.DecodeConfig}[kind]
	size, err := config(f)
	if err != nil {
		return "", album.NotPhoto(photo.ErrNotPhoto)
	}
	if int64(size.Width)*int64(size.Height) > photo.MaxPixels {
		return "", album.NotPhoto(photo.ErrTooManyPixels)
	}
	return kind, nil
}

func whoUploads(ctx context.Context) string {
	if c, ok := ctx.Value(callKey{}).(*call); ok && c.who.ID != "" {
		return c.who.ID
	}
	return org.Resident.ID
}

// photoOf reads what the phone says of a photo; what makes no sense is left
// out rather than refused, since the bytes are what counts.
func photoOf(meta tus.MetaData) album.Photo {
	p := album.Photo{Sum: meta["sha256"]}
	if ms, err := strconv.ParseInt(meta["taken_at"], 10, 64); err == nil && ms > 0 && ms < time.Now().Add(24*time.Hour).UnixMilli() {
		p.TakenAt = ms
	}
	lat, err1 := strconv.ParseFloat(meta["lat"], 64)
	lon, err2 := strconv.ParseFloat(meta["lon"], 64)
	if err1 == nil && err2 == nil && (geo.Point{Lat: lat, Lon: lon}).Valid() {
		p.Lat, p.Lon = &lat, &lon
	}
	if m, err := strconv.ParseFloat(meta["accuracy"], 64); err == nil && m >= 0 && m < 1e6 {
		p.Accuracy = &m
	}
	if meta["source"] == "camera" || meta["source"] == "gallery" {
		p.Source = meta["source"]
	}
	return p
}

// tusError answers an error through tusd as a problem in the reader's language.
func (s *Server) tusError(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	lang := "zh"
	if c, ok := ctx.Value(callKey{}).(*call); ok {
		lang = c.lang
	}
	p := s.problemOf(err, lang, "request", "upload")
	body, _ := json.Marshal(p) // strings and numbers only
	return tus.Error{ErrorCode: p.Code, Message: p.Title, HTTPResponse: tus.HTTPResponse{
		StatusCode: p.Status, Body: string(body), Header: tus.HTTPHeader{"Content-Type": "application/problem+json"}}}
}

// statusChecksum is what tus answers when bytes do not match their checksum.
const statusChecksum = 460

var errChecksum = fault.New(fault.Invalid, "photo.checksum", "照片传输中出错，手机会自动重传。", "The photo was damaged on its way; the phone sends it again.")

// SweepUploads removes unfinished uploads that nobody has touched for a week.
func SweepUploads(temp string, before time.Time) error {
	return filepath.WalkDir(temp, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil && info.ModTime().Before(before) {
			err = os.Remove(path)
		}
		if errors.Is(err, os.ErrNotExist) {
			return nil
		}
		return err
	})
}
