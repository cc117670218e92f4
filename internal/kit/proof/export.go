package proof

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/fault"
)

// Export writes the log up to its newest checkpoint as lines of JSON. First
// comes the header, then for each checkpoint in turn a mark and the events it
// added. The hashes of every subtree stand before its events, from the root
// down, so that a reader who trusts the signature can trust each hash on
// sight and compare each event at once, holding one path of the tree.
//
//	{"format":"chuangwei-proof/1","origin":…,"verifier_key":…,"size":N,"checkpoint":the newest note}
//	{"checkpoint":note,"blocks":[hashes of the subtrees it added, by between]}
//	{"level":L,"index":I,"left":hash,"right":hash}        events I<<L+1 to (I+1)<<L follow
//	{"seq":…,"at":…,"kind":…,"subject":…,"who":…,"body":"the JSON as text","hash":its leaf}
//
// Hashes are base64. Strings escape only the quote, the backslash and what is
// below a space, with \n for the newline and \u00xx for the others.
//
// What lies in the database is written as it lies there, altered or not: to
// judge is for Verify.
func Export(tx *db.Tx, w io.Writer) error {
	newest, err := Latest(tx)
	if errors.Is(err, db.ErrNone) {
		return fault.New(fault.Conflict, "proof.unsigned",
			"还没有签名的检查点，请先签一个再导出", "Nothing has been signed yet: make a checkpoint first, then export")
	}
	if err != nil {
		return err
	}
	x := &exporter{tx: tx, w: bufio.NewWriterSize(w, 1<<16)}
	if x.size, err = Size(tx); err != nil {
		return err
	}
	if err := x.header(newest); err != nil {
		return err
	}
	if err := x.segments(newest.Size); err != nil {
		return err
	}
	return x.w.Flush()
}

// exporter walks the tree from left to right.
type exporter struct {
	tx     *db.Tx
	w      *bufio.Writer
	size   int64 // of the stored tree
	line   []byte
	events []event.Event // read ahead
	seq    int64         // the last one read
	rows   map[int64]string
	page   int64 // rows holds the proof rows of events page+1 to page+pageSize
}

// pageSize is how many events are read at once: one subtree, so that every
// subtree up to its level lies within one page.
const (
	pageLevel = 10
	pageSize  = 1 << pageLevel
)

func (x *exporter) write(l line) error {
	x.line = append(l.appendTo(x.line[:0]), '\n')
	if len(x.line) > maxLine {
		return fmt.Errorf("proof: a line of %d bytes exceeds the export's limit", len(x.line))
	}
	_, err := x.w.Write(x.line)
	return err
}

func (x *exporter) header(newest Signed) error {
	h := header{format: Format, size: newest.Size, checkpoint: newest.Note}
	if said, err := readHead(newest.Note); err == nil {
		h.origin = said.origin
	}
	secret, err := privateKey(x.tx)
	if err == nil {
		h.key, err = publicKey(secret)
	}
	if err != nil {
		return fmt.Errorf("proof: export: %w", err)
	}
	return x.write(h)
}

// segments writes each checkpoint and what it added.
func (x *exporter) segments(newest int64) error {
	for from := int64(0); from < newest; {
		c, err := signedAfter(x.tx, from)
		if err != nil {
			return err
		}
		blocks := between(from, c.Size)
		m := mark{checkpoint: c.Note}
		for _, b := range blocks {
			h, err := x.trueHash(b)
			if err != nil {
				return err
			}
			m.blocks = append(m.blocks, h)
		}
		if err := x.write(m); err != nil {
			return err
		}
		for _, b := range blocks {
			if err := x.subtree(b); err != nil {
				return err
			}
		}
		from = c.Size
	}
	return nil
}

// subtree writes the hashes and the events of b.
func (x *exporter) subtree(b block) error {
	next, err := x.peek()
	if err != nil || next == nil || next.Seq > b.end() { // nothing left of it to write
		return err
	}
	if b.level == 0 {
		return x.event()
	}
	text, err := x.row(b)
	if err != nil {
		return err
	}
	if left, right, ok := pairOf(text); ok {
		if err := x.write(node{b, left.String(), right.String()}); err != nil {
			return err
		}
	}
	if err := x.subtree(b.left()); err != nil {
		return err
	}
	return x.subtree(b.right())
}

func (x *exporter) event() error {
	e := x.events[0]
	x.events = x.events[1:]
	hash, err := x.row(block{0, e.Seq - 1})
	if err != nil {
		return err
	}
	return x.write(entry{e, hash})
}

// peek is the next event, or nil after the last.
func (x *exporter) peek() (*event.Event, error) {
	if len(x.events) == 0 {
		var err error
		if x.events, err = event.Since(x.tx, x.seq, pageSize); err != nil || len(x.events) == 0 {
			return nil, err
		}
		x.seq = x.events[len(x.events)-1].Seq
	}
	return &x.events[0], nil
}

// trueHash is the hash of b from the copy its parent's row keeps, or from its
// own row when it has no parent yet.
func (x *exporter) trueHash(b block) (string, error) {
	parent := block{b.level + 1, b.index / 2}
	text, err := x.row(parent)
	if err != nil {
		return "", err
	}
	if left, right, ok := pairOf(text); ok && b == parent.left() {
		return left.String(), nil
	} else if ok {
		return right.String(), nil
	}
	if text, err = x.row(b); err != nil {
		return "", err
	}
	if b.level == 0 && b.end() == x.size {
		text, err = rowText(x.tx, spare)
	}
	if h, err := hashOf(text); err == nil {
		return h.String(), nil
	}
	return text, err
}

// row is the stored row of b, "" when there is none.
func (x *exporter) row(b block) (string, error) {
	if b.end() > x.size {
		return "", nil
	}
	if b.level > pageLevel {
		return rowText(x.tx, b.row())
	}
	if page := b.start() / pageSize * pageSize; x.rows == nil || page != x.page {
		if err := x.turn(page); err != nil {
			return "", err
		}
	}
	return x.rows[b.row()], nil
}

// turn reads the rows of one page.
func (x *exporter) turn(page int64) error {
	rows, err := rowsBetween(x.tx, block{0, page}.row(), block{0, page + pageSize}.row())
	if err != nil {
		return err
	}
	x.page, x.rows = page, make(map[int64]string, len(rows))
	for _, r := range rows {
		x.rows[r.idx] = r.text
	}
	return nil
}
