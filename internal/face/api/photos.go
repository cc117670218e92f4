package api

import (
	"cmp"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"

	"chuangwei/internal/campaign/assess"
	"chuangwei/internal/flow/cases"
	"chuangwei/internal/flow/evidence"
	"chuangwei/internal/kit/album"
	"chuangwei/internal/kit/blob"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/photo"
	"chuangwei/internal/register/org"
)

var noPhoto = fault.New(fault.NotFound, "photo.none", "没有这张照片。", "There is no such photo.")

// getPhoto answers HEAD to anybody who can name the sum (a phone asks whether
// its bytes are here), and GET only to whoever may see a case or a round that shows it.
func (s *Server) getPhoto(w http.ResponseWriter, r *http.Request) error {
	sum := r.PathValue("sum")
	if !isSum(sum) {
		return noPhoto
	}
	if r.Method == http.MethodHead {
		return s.hasPhoto(w, r, sum)
	}
	size := cmp.Or(r.URL.Query().Get("size"), "view")
	var c fault.Check
	c.That(slices.Contains([]string{"thumb", "view", "original"}, size), "size", "没有这种尺寸", "there is no such size")
	if err := c.Err(); err != nil {
		return err
	}
	p, err := s.seenPhoto(r, sum)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "private, max-age=31536000, immutable")
	if size == "original" {
		return s.original(w, r, p)
	}
	b, err := s.looker().Copy(r.Context(), sum, size)
	if errors.Is(err, blob.ErrNotFound) {
		return noPhoto
	}
	if errors.Is(err, photo.ErrNotPhoto) { // it looked like one when it came
		return album.NotPhoto(err)
	}
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/jpeg")
	_, err = w.Write(b)
	return ignoreGone(err)
}

// hasPhoto says yes only when both the row and the bytes are there.
func (s *Server) hasPhoto(w http.ResponseWriter, r *http.Request, sum string) error {
	err := s.read(r, func(tx *db.Tx) error { _, err := album.BySum(tx, sum); return err })
	if err == nil {
		_, err = s.Blobs.Stat(r.Context(), sum)
	}
	if errors.Is(err, db.ErrNone) || errors.Is(err, blob.ErrNotFound) {
		w.WriteHeader(http.StatusNotFound)
		return nil
	}
	if err == nil {
		w.WriteHeader(http.StatusOK)
	}
	return err
}

func (s *Server) seenPhoto(r *http.Request, sum string) (p album.Photo, err error) {
	who := callOf(r).who
	if who.ID == "" {
		return p, org.NobodySignedIn
	}
	err = s.read(r, func(tx *db.Tx) error {
		if p, err = album.BySum(tx, sum); err != nil {
			return err
		}
		ok, err := cases.MaySeePhoto(tx, who, sum)
		if err == nil && !ok {
			ok, err = assess.MaySeePhoto(tx, who, sum)
		}
		if err == nil && !ok {
			ok, err = evidence.MaySee(tx, who, sum)
		}
		if err == nil && !ok && p.Who != who.ID {
			return noPhoto
		}
		return err
	})
	if errors.Is(err, db.ErrNone) {
		err = noPhoto
	}
	return p, err
}

func (s *Server) original(w http.ResponseWriter, r *http.Request, p album.Photo) error {
	f, size, err := s.Blobs.Open(r.Context(), p.Sum)
	if errors.Is(err, blob.ErrNotFound) {
		return noPhoto
	}
	if err != nil {
		return err
	}
	defer f.Close()
	w.Header().Set("Content-Type", p.Type)
	w.Header().Set("Content-Length", strconv.FormatInt(size, 10))
	_, err = io.Copy(w, f)
	return ignoreGone(err)
}
