package api

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/tus/tusd/v2/pkg/filestore"
	tus "github.com/tus/tusd/v2/pkg/handler"
)

// The first request of an upload may bring its first bytes, or all of them
// (creation-with-upload). What is small and comes whole goes from memory to the
// store; of what breaks on the way the part that arrived is kept. An upload is
// named by who sends which bytes, so a phone that lost the answer finds what
// arrived by beginning again without bytes.

// wholeMost is the largest upload that is held in memory, in bytes: a piece as
// the phones send them.
const wholeMost = 256 << 10

// silence is how long nothing may come from a phone in the middle of a body.
const silence = time.Minute

// beginning is what the first request says of an upload.
type beginning struct {
	id   string
	meta tus.MetaData
	size int64
}

// begin answers a first request that brings a small upload whole, or that brings
// nothing of an upload of which something has arrived; others are for tusd.
func (s *Server) begin(u *uploads, w http.ResponseWriter, r *http.Request) (answered bool, err error) {
	h := r.Header
	size, err := strconv.ParseInt(h.Get("Upload-Length"), 10, 64)
	b := beginning{meta: tus.ParseMetadataHeader(h.Get("Upload-Metadata")), size: size}
	if err != nil || size <= 0 || size > u.most || !isSum(b.meta["sha256"]) || h.Get("Tus-Resumable") != "1.0.0" || h.Get("X-HTTP-Method-Override") != "" {
		return false, nil // tusd knows how to refuse
	}
	b.id = s.uploadID(r, b)
	callOf(r).upload = b.id
	body := &newcomer{r: r.Body, line: http.NewResponseController(w)}
	release, err := u.hold(r.Context(), b.id, body.stop)
	if err != nil {
		return false, err
	}
	defer release()
	w.Header().Set("Tus-Resumable", "1.0.0")
	if size <= wholeMost && r.ContentLength == size && h.Get("Content-Type") == "application/offset+octet-stream" {
		return true, s.whole(u, b, body, w, r)
	}
	if r.ContentLength != 0 {
		return false, nil // these bytes are from the start
	}
	offset, ok := u.store.offset(r.Context(), b.id)
	if !ok || offset == size { // it came whole, but the program stopped before it was kept
		return false, nil
	}
	u.begun(w, b, offset)
	return true, nil
}

// uploadID names the upload of these bytes by this person; among residents, by
// this address, so that no stranger can spoil what another one sends.
func (s *Server) uploadID(r *http.Request, b beginning) string {
	who := cmp.Or(callOf(r).who.ID, "resident at "+s.remote(r))
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%s\n%d", who, b.meta["sha256"], b.size))
	return hex.EncodeToString(sum[:16])
}

// begun tells where an upload is and how far it has come. The address leaves
// out the host, which a proxy in front may have changed.
func (u *uploads) begun(w http.ResponseWriter, b beginning, offset int64) {
	w.Header().Set("Location", u.path+b.id)
	w.Header().Set("Upload-Offset", strconv.FormatInt(offset, 10))
	w.WriteHeader(http.StatusCreated)
}

// whole takes a small upload in at once.
func (s *Server) whole(u *uploads, b beginning, body *newcomer, w http.ResponseWriter, r *http.Request) error {
	if err := s.mayBegin(b.meta["sha256"], b.size); err != nil {
		return err
	}
	var got bytes.Buffer
	got.Grow(int(min(b.size, 32<<10))) // a stranger who announces much and sends nothing costs little
	if _, err := io.CopyN(&got, body, b.size); err != nil {
		_, here := s.Blobs.Stat(background, b.meta["sha256"])
		if here == nil { // another line was faster
			got.Reset()
		}
		if err := u.store.keepPart(b, got.Bytes()); err != nil {
			return err
		}
		w.Header().Set("Connection", "close")
		w.WriteHeader(http.StatusRequestTimeout) // mostly to nobody
		return nil
	}
	body.end()
	if err := u.keep(r.Context(), brought{content: bytes.NewReader(got.Bytes()), meta: b.meta, size: b.size}); err != nil {
		return err
	}
	u.store.forget(b.id)
	u.begun(w, b, b.size)
	return nil
}

// hold keeps others from an upload until release; who wants it meanwhile has stop called.
func (u *uploads) hold(ctx context.Context, id string, stop func()) (release func(), err error) {
	lock, err := u.locker.NewLock(id)
	if err != nil {
		return nil, fmt.Errorf("uploads: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	if err := lock.Lock(ctx, stop); err != nil {
		return nil, fmt.Errorf("uploads: %w", err)
	}
	return func() { _ = lock.Unlock() }, nil // in memory
}

// newcomer reads a body until nothing comes for a while or it is stopped: a
// phone that changed its network begins again while its old line still seems alive.
type newcomer struct {
	r    io.Reader
	line *http.ResponseController
	mu   sync.Mutex
	over bool
}

// Read gives the phone another while.
func (n *newcomer) Read(b []byte) (int, error) {
	n.mu.Lock()
	if n.over {
		n.mu.Unlock()
		return 0, io.ErrUnexpectedEOF
	}
	n.wait(time.Now().Add(silence))
	n.mu.Unlock()
	return n.r.Read(b)
}

func (n *newcomer) stop() { n.finish(time.Now()) }

// end leaves the line as it was: somebody else now watches whether it is cut.
func (n *newcomer) end() { n.finish(time.Time{}) }

func (n *newcomer) finish(deadline time.Time) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.over {
		n.over = true
		n.wait(deadline)
	}
}

func (n *newcomer) wait(until time.Time) {
	_ = n.line.SetReadDeadline(until) // a line that has none ends by itself
}

// unfinished are the files of uploads under way.
type unfinished struct{ filestore.FileStore }

// GetUpload knows no upload whose description a loss of power left empty, so
// that the phone begins it anew.
func (f unfinished) GetUpload(ctx context.Context, id string) (tus.Upload, error) {
	up, err := f.FileStore.GetUpload(ctx, id)
	if broken := (*json.SyntaxError)(nil); errors.As(err, &broken) {
		err = tus.ErrNotFound
	}
	return up, err
}

// offset is how many bytes of an upload have arrived, if it can be gone on with.
func (f unfinished) offset(ctx context.Context, id string) (int64, bool) {
	up, err := f.GetUpload(ctx, id)
	if err != nil {
		return 0, false
	}
	info, err := up.GetInfo(ctx)
	return info.Offset, err == nil
}

// keepPart keeps what arrived of an upload, unless more of it did before.
func (f unfinished) keepPart(b beginning, got []byte) error {
	if n, ok := f.offset(background, b.id); len(got) == 0 || ok && n >= int64(len(got)) {
		return nil
	}
	up, err := f.NewUpload(background, tus.FileInfo{ID: b.id, Size: b.size, MetaData: b.meta})
	if err == nil {
		_, err = up.WriteChunk(background, 0, bytes.NewReader(got))
	}
	if err != nil {
		return fmt.Errorf("uploads: %w", err)
	}
	return nil
}

// forget removes the files of an upload, whatever of them there is: the bytes
// may have been adopted by the store.
func (f unfinished) forget(id string) {
	path := filepath.Join(f.Path, id)
	if err := os.Remove(path + ".info"); err == nil {
		_ = os.Remove(path) // an orphan is swept with the folder
	}
}
