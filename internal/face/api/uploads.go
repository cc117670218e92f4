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

// documentUploads takes papers in, which are larger and of more types than photos.
const documentUploads = "/api/uploads/papers/"

// mountUploads serves tus 1.0.0 thrice: for people who are signed in, for
// residents, who are counted by address, and for papers.
func (s *Server) mountUploads(mux *http.ServeMux) error {
	for path, open := range map[string]bool{"/api/uploads/": false, "/api/public/uploads/": true, documentUploads: false} {
		h, err := s.uploads(path)
		if err != nil {
			return err
		}
		mux.Handle(path, s.serve(route{pattern: path, open: open, handle: func(w http.ResponseWriter, r *http.Request) error {
			if id := strings.TrimPrefix(r.URL.Path, path); strings.Trim(id, "0123456789abcdef") != "" {
				return noUpload // tusd would look for it as a file, in other folders too
			}
			if s.Secure && r.TLS == nil {
				r.TLS = &tls.ConnectionState{} // the proxy in front did it: tusd answers with an address of its own
			}
			if open && r.Method == http.MethodPost {
				if err := s.limits.allow("upload/"+s.remote(r), uploadRate, 30); err != nil {
					return err
				}
			}
			h.ServeHTTP(w, r)
			return nil
		}}))
	}
	return nil
}

var noUpload = fault.New(fault.NotFound, "upload.none", "没有这个上传，请重新开始。", "There is no such upload; begin again.")

func (s *Server) uploads(path string) (http.Handler, error) {
	dir := filepath.Join(s.Temp, strings.ReplaceAll(strings.Trim(path, "/"), "/", "-"))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("uploads: %w", err)
	}
	most, keep := int64(album.MostBytes), s.keep
	if path == documentUploads {
		most, keep = document.MaxBytes, s.keepDocument
	}
	composer := tus.NewStoreComposer()
	filestore.New(dir).UseIn(composer)
	memorylocker.New().UseIn(composer)
	h, err := tus.NewHandler(tus.Config{
		StoreComposer: composer, BasePath: path, MaxSize: most, DisableDownload: true, DisableConcatenation: true,
		Cors:                    &tus.CorsConfig{Disable: true},
		Logger:                  expslog.New(expslog.NewTextHandler(io.Discard, nil)),
		PreUploadCreateCallback: s.checkUpload,
		PreFinishResponseCallback: func(hook tus.HookEvent) (tus.HTTPResponse, error) {
			return tus.HTTPResponse{}, s.arrived(hook, keep)
		},
	})
	if err != nil {
		return nil, fmt.Errorf("uploads: %w", err)
	}
	return http.StripPrefix(path, h), nil
}

// checkUpload refuses an upload that does not say which bytes it will bring.
func (s *Server) checkUpload(hook tus.HookEvent) (tus.HTTPResponse, tus.FileInfoChanges, error) {
	meta := hook.Upload.MetaData
	var c fault.Check
	c.That(isSum(meta["sha256"]), "sha256", "缺少文件的 SHA-256", "the SHA-256 is missing")
	c.That(!hook.Upload.SizeIsDeferred && hook.Upload.Size > 0, "Upload-Length", "缺少文件大小", "the size is missing")
	err := c.Err()
	if err == nil && s.Room.Short() {
		err = room.Fault() // what is left is for decisions
	}
	if err != nil {
		return tus.HTTPResponse{}, tus.FileInfoChanges{}, s.tusError(hook.Context, err)
	}
	return tus.HTTPResponse{}, tus.FileInfoChanges{}, nil
}

func isSum(s string) bool {
	return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == ""
}

// statusChecksum is what tus answers when bytes do not match their checksum.
const statusChecksum = 460

// arrived moves a finished upload into the store under its sum, if it is what
// it should be and really those bytes, and only then lets the phone know.
func (s *Server) arrived(hook tus.HookEvent, keep func(tus.HookEvent) error) error {
	err := keep(hook)
	if rm := os.Remove(hook.Upload.Storage["Path"]); rm == nil || errors.Is(rm, os.ErrNotExist) { // adopted
		_ = os.Remove(hook.Upload.Storage["Path"] + ".info") // an orphan is swept with the folder
	}
	return s.tusError(hook.Context, err)
}

func (s *Server) keep(hook tus.HookEvent) error {
	f, err := os.Open(hook.Upload.Storage["Path"])
	if err != nil {
		return fmt.Errorf("uploads: %w", err)
	}
	defer f.Close()
	kind, err := photoKind(f)
	if err != nil {
		return err
	}
	p := photoOf(hook.Upload.MetaData)
	if err := blob.Adopt(hook.Context, s.Blobs, p.Sum, hook.Upload.Storage["Path"]); err != nil {
		return fmt.Errorf("uploads: %w", err)
	}
	p.Type, p.Bytes, p.Who = kind, hook.Upload.Size, whoUploads(hook.Context)
	return s.DB.Write(hook.Context, func(tx *db.Tx) error { return album.Arrive(tx, p) })
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
	if errors.Is(err, blob.ErrMismatch) {
		err = errChecksum
	}
	p := s.problemOf(err, lang, "request", "upload")
	if errors.Is(err, errChecksum) {
		p.Status = statusChecksum
	}
	body, _ := json.Marshal(p) // strings and numbers only
	return tus.Error{ErrorCode: p.Code, Message: p.Title, HTTPResponse: tus.HTTPResponse{
		StatusCode: p.Status, Body: string(body), Header: tus.HTTPHeader{"Content-Type": "application/problem+json"}}}
}

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
