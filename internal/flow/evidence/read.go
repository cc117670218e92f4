package evidence

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"chuangwei/internal/kit/blob"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/document"
	"chuangwei/internal/kit/gram"
	"chuangwei/internal/kit/job"
	"chuangwei/internal/kit/pdf"
)

// Jobs of this noun.
const (
	ReadJob  = "evidence.read"  // the text of an arrived document
	IndexJob = "evidence.index" // the words of a paper
)

// Desk does the noun's background work.
type Desk struct {
	Store  blob.Store
	Reader document.Reader
	Fonts  func() (pdf.Fonts, error) // what archives are printed with
}

// ReadText is the handler of ReadJob. A document that cannot be read says so
// from then on; its bytes are kept all the same.
func (k Desk) ReadText(ctx context.Context, d *db.DB, j job.Job) error {
	var sum string
	if err := json.Unmarshal(j.Body, &sum); err != nil {
		return fmt.Errorf("evidence: %w", err)
	}
	var doc Document
	if err := d.Read(ctx, func(tx *db.Tx) (err error) { doc, err = DocumentBySum(tx, sum); return err }); err != nil {
		if errors.Is(err, db.ErrNone) {
			return nil // collected meanwhile
		}
		return fmt.Errorf("evidence: read: %w", err)
	}
	b, err := k.bytes(ctx, sum)
	if err != nil {
		return fmt.Errorf("evidence: read: %w", err)
	}
	text, err := k.Reader.Read(ctx, doc.Type, b)
	if ctx.Err() != nil {
		return ctx.Err() // stopped, not unreadable: tried again
	}
	doc.State, doc.Pages, doc.Cut = Read, text.Pages, text.Cut
	if err != nil {
		doc.State, doc.Why = Unreadable, err.Error()
	}
	var papers []string
	err = d.Write(ctx, func(tx *db.Tx) (err error) {
		if err := updateDoc(tx, doc, text.Body); err != nil {
			return err
		}
		papers, err = papersOf(tx, sum)
		return err
	})
	for _, id := range papers {
		if err == nil {
			err = k.index(ctx, d, id)
		}
	}
	return err
}

func (k Desk) bytes(ctx context.Context, sum string) ([]byte, error) {
	r, _, err := k.Store.Open(ctx, sum)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(io.LimitReader(r, document.MaxBytes+1))
}

// Index is the handler of IndexJob.
func (k Desk) Index(ctx context.Context, d *db.DB, j job.Job) error {
	var id string
	if err := json.Unmarshal(j.Body, &id); err != nil {
		return fmt.Errorf("evidence: %w", err)
	}
	return k.index(ctx, d, id)
}

// gramsAtOnce bounds how long one write takes.
const gramsAtOnce = 1000

// index writes the words of a paper: first the pieces, a part to a write, then
// the text, by which a hit is confirmed.
func (k Desk) index(ctx context.Context, d *db.DB, id string) error {
	var text string
	err := d.Read(ctx, func(tx *db.Tx) error {
		p, err := PaperByID(tx, id)
		if err != nil {
			return err
		}
		body, err := bodyOf(tx, p.Sum)
		text = p.Title + "\n|" + p.Caption + "\n|" + body
		return err
	})
	if err != nil {
		return fmt.Errorf("evidence: index: %w", err)
	}
	grams := gram.Of(text)
	for len(grams) > 0 {
		part := grams[:min(len(grams), gramsAtOnce)]
		grams = grams[len(part):]
		if err := d.Write(ctx, func(tx *db.Tx) error { return insertGrams(tx, id, part) }); err != nil {
			return fmt.Errorf("evidence: index: %w", err)
		}
	}
	return d.Write(ctx, func(tx *db.Tx) error { return putText(tx, id, gram.Fold(text)) })
}
