package proof

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/fault"
)

// Size is how many events the tree holds.
func Size(tx *db.Tx) (int64, error) {
	last, err := lastRow(tx)
	if err != nil || last < 0 {
		return 0, err
	}
	if last > math.MaxInt64/4 { // tlog's arithmetic ends there; no county's log does
		return 0, fmt.Errorf("proof: stored hash %d cannot be", last)
	}
	level, index := tlog.SplitStoredHashIndex(last)
	return block{level, index}.end(), nil
}

// Extend takes at most limit events into the tree and tells its new size and
// whether more may be waiting. An event whose number does not follow is
// refused: events that vanish before they are in the tree must be noticed.
func Extend(tx *db.Tx, limit int) (size int64, more bool, err error) {
	edge, err := rightEdge(tx)
	if err != nil {
		return 0, false, err
	}
	events, err := event.Since(tx, edge.size, limit)
	if err != nil || len(events) == 0 {
		return edge.size, false, err
	}
	rows := make([]stored, 0, 2*len(events))
	var newest tlog.Hash
	for _, e := range events {
		if e.Seq != edge.size+1 {
			return 0, false, fmt.Errorf("proof: event %d is missing: next is %d", edge.size+1, e.Seq)
		}
		newest = leafHash(e)
		rows = grow(edge, rows, newest)
	}
	if err := insertRows(tx, rows); err != nil {
		return 0, false, err
	}
	return edge.size, len(events) == limit, putSpare(tx, newest)
}

// grow appends a leaf to the tree and the rows that come with it.
func grow(edge *spine, rows []stored, leaf tlog.Hash) []stored {
	rows = append(rows, stored{block{0, edge.size}.row(), leaf.String()})
	edge.push(0, leaf, func(parent block, left, right tlog.Hash) {
		rows = append(rows, stored{parent.row(), pairText(left, right)})
	})
	return rows
}

// rightEdge reads what the stored tree needs to grow.
func rightEdge(tx *db.Tx) (*spine, error) {
	size, err := Size(tx)
	if err != nil {
		return nil, err
	}
	var indexes []int64
	for _, b := range between(0, size) {
		indexes = append(indexes, b.row())
	}
	peaks, err := reader(tx)(indexes)
	return &spine{size, peaks}, err
}

// Root is the hash of the tree over the first size events.
func Root(tx *db.Tx, size int64) (tlog.Hash, error) { return tlog.TreeHash(size, reader(tx)) }

// Checkpoint signs the tree under the name origin if it has grown since the
// newest checkpoint, keeps the signed note and returns it; otherwise it
// returns the newest one, or "" while there is nothing to sign. It refuses to
// sign a tree that does not continue the one signed before.
func Checkpoint(tx *db.Tx, signer note.Signer, origin string) (string, error) {
	if origin == "" || !utf8.ValidString(origin) || strings.ContainsFunc(origin, unicode.IsControl) {
		return "", fmt.Errorf("proof: origin %q is not one line of text", origin)
	}
	last, err := Latest(tx)
	if err != nil && !errors.Is(err, db.ErrNone) {
		return "", err
	}
	h := head{origin: origin}
	if h.size, err = Size(tx); err != nil || h.size == last.Size {
		return last.Note, err
	}
	if h.root, err = Root(tx, h.size); err != nil {
		return "", err
	}
	if err := continues(tx, last, h); err != nil {
		return "", err
	}
	signed, err := note.Sign(&note.Note{Text: h.text()}, signer)
	if err != nil {
		return "", fmt.Errorf("proof: sign: %w", err)
	}
	return string(signed), insertSigned(tx, Signed{Size: h.size, Note: string(signed), At: tx.Now()})
}

// continues proves that the tree of now begins with the tree signed as last.
func continues(tx *db.Tx, last Signed, now head) error {
	if last.Size == 0 {
		return nil
	}
	before, err := readHead(last.Note)
	if err != nil {
		return err
	}
	proof, err := tlog.ProveTree(now.size, before.size, reader(tx))
	if err == nil {
		err = tlog.CheckTree(proof, now.size, now.root, before.size, before.root)
	}
	if err != nil {
		return fault.New(fault.Conflict, "proof.broken",
			"事件记录与第 %d 号事件处已签名的检查点不符，拒绝再次签名；请导出并核验",
			"The log does not continue the checkpoint signed at event %d; it will not be signed again. Export and verify it",
			last.Size)
	}
	return nil
}
