package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"

	"chuangwei/internal/flow/evidence"
	"chuangwei/internal/kit/blob"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/document"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/photo"
	"chuangwei/internal/register/org"
)

// keepDocument moves a finished upload into the store if it is a document we
// take, by its content; a photo is kept among the photos too.
func (s *Server) keepDocument(ctx context.Context, b brought) error {
	call, ok := ctx.Value(callKey{}).(*call)
	if !ok || call.who.Scope(org.FileEvidence).Empty() {
		return org.Denied(org.FileEvidence)
	}
	kind, err := document.Sniff(b.content, b.size)
	if err != nil {
		return notDocument(err)
	}
	if kind == document.TypeJPEG || kind == document.TypePNG {
		if _, err := b.content.Seek(0, io.SeekStart); err != nil {
			return fmt.Errorf("uploads: %w", err)
		}
		if err := s.keep(ctx, b); err != nil {
			return err
		}
	} else if err := b.into(ctx, s.Blobs); err != nil {
		return fmt.Errorf("uploads: %w", err)
	}
	d := evidence.Document{Sum: b.meta["sha256"], Type: kind, Bytes: b.size, Name: clipName(b.meta["filename"]), Who: call.who.ID}
	return s.DB.Write(ctx, func(tx *db.Tx) error { return evidence.Arrive(tx, d) })
}

// clipName keeps of a file's name what can be kept.
func clipName(name string) string {
	if !keptWhole(name) {
		return ""
	}
	r := []rune(name)
	return string(r[:min(len(r), 200)])
}

// notDocument is the fault of bytes that are no document we take.
func notDocument(err error) error {
	switch {
	case errors.Is(err, photo.ErrHEIC):
		return fault.New(fault.Invalid, "paper.heic", "这是苹果 HEIC 格式，请另存为 JPEG 再传。", "This is a HEIC picture; save it as JPEG first.")
	case errors.Is(err, document.ErrOld):
		return fault.New(fault.Invalid, "paper.old", "这是旧版或加密的 Office 文件，请另存为 .docx、.xlsx 或 PDF 再传。", "This is an old or encrypted Office file; save it as .docx, .xlsx or PDF first.")
	case errors.Is(err, document.ErrMacro):
		return fault.New(fault.Invalid, "paper.macro", "文件里有宏，请另存为不带宏的文档再传。", "The file has macros; save it without them first.")
	case errors.Is(err, document.ErrLarge):
		return fault.New(fault.Invalid, "paper.large", "文件太大（最多50MB），请压缩或拆分后再传。", "The file is too large (50 MB at most); split or compress it.")
	case errors.Is(err, document.ErrBomb):
		return fault.New(fault.Invalid, "paper.bomb", "文件解开后大得不正常，不能接收。", "The file unpacks to far too much and is not taken.")
	case errors.Is(err, document.ErrUnknown):
		return fault.New(fault.Invalid, "paper.kind", "只收 PDF、Word（.docx）、Excel（.xlsx）和照片（JPEG、PNG）。", "Only PDF, Word (.docx), Excel (.xlsx) and photos (JPEG, PNG) are taken.")
	}
	return err
}

type paperView struct {
	ID        string   `json:"id"`
	Sum       string   `json:"sum"`
	Type      string   `json:"type"`
	Bytes     int64    `json:"bytes"`
	Title     string   `json:"title"`
	Caption   string   `json:"caption,omitempty"`
	Unit      *ref     `json:"unit,omitempty"`
	On        string   `json:"on"`
	Year      int      `json:"year"`
	ToYear    int      `json:"to_year"`
	State     string   `json:"state"`
	Note      string   `json:"note,omitempty"`
	Who       string   `json:"who"`
	At        int64    `json:"at"`
	CheckedBy string   `json:"checked_by,omitempty"`
	CheckedAt int64    `json:"checked_at,omitempty"`
	Pages     int      `json:"pages"`
	Text      string   `json:"text"`
	Cut       bool     `json:"cut,omitempty"`
	Around    string   `json:"around,omitempty"`
	Slots     []string `json:"slots"`
	MayCheck  bool     `json:"may_check"`
	MayChange bool     `json:"may_change"`
	Version   int64    `json:"version"`
}

func (v viewer) paper(who org.Actor, p evidence.Paper) paperView {
	out := paperView{ID: p.ID, Sum: p.Sum, Type: document.Extensions[p.Type], Bytes: p.Bytes, Title: p.Title, Caption: p.Caption, Unit: v.unit(p.UnitID), On: p.OnDay,
		Year: p.Year, ToYear: p.ToYear, State: string(p.State), Note: p.Note, Who: v.names.Name(p.Who), At: p.At, CheckedBy: v.names.Name(p.CheckedBy), CheckedAt: p.CheckedAt,
		Pages: p.Document.Pages, Text: p.Document.State, Cut: p.Document.Cut, Slots: append([]string{}, p.Slots...), Version: p.Version}
	t := org.Target{Units: []string{p.UnitID}, Persons: []string{p.Who}}
	stands := p.State == evidence.Filed || p.State == evidence.Checked
	out.MayCheck = stands && who.Can(org.CheckEvidence, t) && !who.StandsFor(p.Who)
	out.MayChange = stands && who.Can(org.FileEvidence, t)
	return out
}

func (s *Server) listPapers(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	limit, err := pageSize(q.Get("limit"))
	if err != nil {
		return err
	}
	f := evidence.Filter{Q: q.Get("q"), Slot: q.Get("slot"), Unit: q.Get("unit"), State: evidence.PaperState(q.Get("state")), Mine: q.Get("mine") == "yes", Limit: limit, After: q.Get("after")}
	if f.Year, err = yearIn(q.Get("year")); err != nil {
		return err
	}
	page := struct {
		Items []paperView `json:"items"`
		Next  string      `json:"next"`
		Total int         `json:"total"`
	}{Items: []paperView{}}
	err = s.read(r, func(tx *db.Tx) error {
		who := callOf(r).who
		list, err := evidence.List(tx, who, f)
		if err != nil {
			return err
		}
		v, err := s.viewer(tx, language(r))
		for _, h := range list.Items {
			p := v.paper(who, h.Paper)
			p.Around = h.Around
			page.Items = append(page.Items, p)
		}
		page.Next, page.Total = list.Next, list.Total
		return err
	})
	if err != nil {
		return err
	}
	return send(w, http.StatusOK, page)
}

// yearIn reads a year of a query; "" is none.
func yearIn(text string) (int, error) {
	if text == "" {
		return 0, nil
	}
	var c fault.Check
	n := numberIn(&c, "year", text, 1990, 2100)
	return n, c.Err()
}

type paperBody struct {
	Sum     string   `json:"sum" body:"required"`
	Title   string   `json:"title" body:"required"`
	Caption string   `json:"caption"`
	Unit    string   `json:"unit"`
	On      string   `json:"on"`
	Year    int64    `json:"year"`
	ToYear  int64    `json:"to_year"`
	Slots   []string `json:"slots" body:"required"`
	Case    string   `json:"case"`
	MadeAt  int64    `json:"made_at"`
}

func (s *Server) filePaper(w http.ResponseWriter, r *http.Request) error {
	var in paperBody
	raw, err := receive(w, r, &in)
	if err != nil {
		return err
	}
	var c fault.Check
	c.That(isSum(in.Sum), "sum", "文件编号不对", "not a SHA-256")
	c.That(in.Year >= 0 && in.Year < 10000 && in.ToYear >= 0 && in.ToYear < 10000, "year", "年度不对", "not a year")
	if err := c.Err(); err != nil {
		return err
	}
	return s.paperCommand(w, r, raw, http.StatusCreated, func(tx *db.Tx, who org.Actor, key string) (evidence.Paper, error) {
		return evidence.File(tx, who, evidence.Draft{ID: key, Sum: in.Sum, Title: in.Title, Caption: in.Caption, Unit: in.Unit, On: in.On, Year: int(in.Year), ToYear: int(in.ToYear), Slots: in.Slots, Case: in.Case})
	})
}

// paperCommand does something to a paper and answers with it.
func (s *Server) paperCommand(w http.ResponseWriter, r *http.Request, raw []byte, code int, verb func(tx *db.Tx, who org.Actor, key string) (evidence.Paper, error)) error {
	who := callOf(r).who
	return s.command(w, r, raw, code, func(tx *db.Tx, key string) (any, error) {
		p, err := verb(tx, who, key)
		if err != nil {
			return nil, err
		}
		v, err := s.viewer(tx, language(r))
		return v.paper(who, p), err
	})
}

type hangBody struct {
	Slots  []string `json:"slots" body:"required"`
	MadeAt int64    `json:"made_at"`
}

func (s *Server) hangPaper(w http.ResponseWriter, r *http.Request) error {
	var in hangBody
	raw, err := receive(w, r, &in)
	if err != nil {
		return err
	}
	return s.paperCommand(w, r, raw, http.StatusOK, func(tx *db.Tx, who org.Actor, _ string) (evidence.Paper, error) {
		return evidence.Hang(tx, who, r.PathValue("id"), in.Slots)
	})
}

type checkBody struct {
	OK     bool   `json:"ok" body:"required"`
	Note   string `json:"note"`
	MadeAt int64  `json:"made_at"`
}

func (s *Server) checkPaper(w http.ResponseWriter, r *http.Request) error {
	var in checkBody
	raw, err := receive(w, r, &in)
	if err != nil {
		return err
	}
	return s.paperCommand(w, r, raw, http.StatusOK, func(tx *db.Tx, who org.Actor, _ string) (evidence.Paper, error) {
		return evidence.Check(tx, who, r.PathValue("id"), in.OK, in.Note)
	})
}

type withdrawBody struct {
	Note   string `json:"note" body:"required"`
	MadeAt int64  `json:"made_at"`
}

func (s *Server) withdrawPaper(w http.ResponseWriter, r *http.Request) error {
	var in withdrawBody
	raw, err := receive(w, r, &in)
	if err != nil {
		return err
	}
	return s.paperCommand(w, r, raw, http.StatusOK, func(tx *db.Tx, who org.Actor, _ string) (evidence.Paper, error) {
		return evidence.Withdraw(tx, who, r.PathValue("id"), in.Note)
	})
}

func (s *Server) getPaper(w http.ResponseWriter, r *http.Request) error {
	var out paperView
	err := s.read(r, func(tx *db.Tx) error {
		p, err := evidence.Get(tx, callOf(r).who, r.PathValue("id"))
		if err != nil {
			return err
		}
		v, err := s.viewer(tx, language(r))
		out = v.paper(callOf(r).who, p)
		return err
	})
	if err != nil {
		return err
	}
	return send(w, http.StatusOK, out)
}

// getPaperFile is the file itself, always to be saved and never shown by the
// browser as a page of ours.
func (s *Server) getPaperFile(w http.ResponseWriter, r *http.Request) error {
	var p evidence.Paper
	err := s.read(r, func(tx *db.Tx) (err error) { p, err = evidence.Get(tx, callOf(r).who, r.PathValue("id")); return err })
	if err != nil {
		return err
	}
	f, size, err := s.Blobs.Open(r.Context(), p.Sum)
	if errors.Is(err, blob.ErrNotFound) {
		return fault.New(fault.NotFound, "paper.bytes", "这份资料的文件不见了，请联系系统管理员。", "The file of this paper is gone; tell the administrator.")
	}
	if err != nil {
		return err
	}
	defer f.Close()
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": evidence.FileName(p.Title) + "." + document.Extensions[p.Type]}))
	w.Header().Set("Content-Length", strconv.FormatInt(size, 10))
	_, err = io.Copy(w, f)
	return ignoreGone(err)
}

// proposePaper is what the system knows of a photo that is to become a paper.
func (s *Server) proposePaper(w http.ResponseWriter, r *http.Request) error {
	var out struct {
		Title   string   `json:"title"`
		Caption string   `json:"caption"`
		On      string   `json:"on"`
		Case    string   `json:"case,omitempty"`
		Slots   []string `json:"slots"`
	}
	err := s.read(r, func(tx *db.Tx) error {
		d, err := evidence.Propose(tx, callOf(r).who, r.URL.Query().Get("sum"))
		out.Title, out.Caption, out.On, out.Case, out.Slots = d.Title, d.Caption, d.On, d.Case, append([]string{}, d.Slots...)
		return err
	})
	if err != nil {
		return err
	}
	return send(w, http.StatusOK, out)
}
