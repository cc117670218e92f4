package proof

import (
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"chuangwei/internal/kit/db"
)

// Rows of proof_hashes lie at tlog's stored-hash index. A leaf's row holds its
// hash; a row further up holds its two children instead of their hash, which
// follows from them. So every hash is written twice, and whoever alters an
// event and its own row leaves the true hash standing in the parent's row. The
// newest leaf of an odd tree has no parent yet: its second copy lies at spare.
const spare = -1

// stored is one row of proof_hashes.
type stored struct {
	idx  int64
	text string
}

func scanStored(r db.Row) (s stored, err error) {
	err = r.Scan(&s.idx, &s.text)
	return s, err
}

// pairText is the row of a subtree with these two children.
func pairText(left, right tlog.Hash) string {
	return base64.StdEncoding.EncodeToString(append(left[:], right[:]...))
}

// pairOf reads the children back; ok is false when the row was damaged.
func pairOf(text string) (left, right tlog.Hash, ok bool) {
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(raw) != 2*tlog.HashSize {
		return left, right, false
	}
	copy(left[:], raw)
	copy(right[:], raw[tlog.HashSize:])
	return left, right, true
}

// hashOf is the hash a row stands for, a leaf's or a subtree's.
func hashOf(text string) (tlog.Hash, error) {
	if left, right, ok := pairOf(text); ok {
		return tlog.NodeHash(left, right), nil
	}
	return tlog.ParseHash(text)
}

// rowsPerInsert keeps a statement well below both engines' argument limits.
const rowsPerInsert = 250

func insertRows(tx *db.Tx, rows []stored) error {
	for part := range slices.Chunk(rows, rowsPerInsert) {
		var q strings.Builder
		q.WriteString(`INSERT INTO proof_hashes (idx, hash) VALUES `)
		var args []any
		for i, r := range part {
			if i > 0 {
				q.WriteByte(',')
			}
			q.WriteString("($" + strconv.Itoa(2*i+1) + ",$" + strconv.Itoa(2*i+2) + ")")
			args = append(args, r.idx, r.text)
		}
		if _, err := tx.Exec(q.String(), args...); err != nil {
			return err
		}
	}
	return nil
}

func putSpare(tx *db.Tx, h tlog.Hash) error {
	_, err := tx.Exec(`INSERT INTO proof_hashes (idx, hash) VALUES ($1, $2)
		ON CONFLICT (idx) DO UPDATE SET hash = excluded.hash`, int64(spare), h.String())
	return err
}

func lastRow(tx *db.Tx) (int64, error) {
	return db.Value[int64](tx, `SELECT COALESCE(MAX(idx), -1) FROM proof_hashes`)
}

// rowText is the row at idx, "" when it is missing.
func rowText(tx *db.Tx, idx int64) (string, error) {
	text, err := db.Value[string](tx, `SELECT hash FROM proof_hashes WHERE idx = $1`, idx)
	if errors.Is(err, db.ErrNone) {
		return "", nil
	}
	return text, err
}

func rowsBetween(tx *db.Tx, from, to int64) ([]stored, error) {
	return db.All(tx, scanStored, `SELECT idx, hash FROM proof_hashes WHERE idx >= $1 AND idx < $2`, from, to)
}

// reader lets tlog read the stored hashes.
func reader(tx *db.Tx) tlog.HashReaderFunc {
	return func(indexes []int64) ([]tlog.Hash, error) {
		rows, err := db.All(tx, scanStored, `SELECT idx, hash FROM proof_hashes WHERE idx IN `+
			db.In(1, len(indexes)), db.Args(indexes)...)
		if err != nil {
			return nil, err
		}
		out := make([]tlog.Hash, len(indexes))
		for i, idx := range indexes {
			at := slices.IndexFunc(rows, func(s stored) bool { return s.idx == idx })
			if at < 0 {
				return nil, fmt.Errorf("proof: stored hash %d is missing", idx)
			}
			if out[i], err = hashOf(rows[at].text); err != nil {
				return nil, fmt.Errorf("proof: stored hash %d: %w", idx, err)
			}
		}
		return out, nil
	}
}

// Signed is a checkpoint as it is kept: the signed note, the number of events
// it covers, and when it was signed.
type Signed struct {
	Size int64
	Note string
	At   int64
}

const signedColumns = `size, note, at`

func scanSigned(r db.Row) (s Signed, err error) {
	err = r.Scan(&s.Size, &s.Note, &s.At)
	return s, err
}

func insertSigned(tx *db.Tx, s Signed) error {
	_, err := tx.Exec(`INSERT INTO checkpoints (`+signedColumns+`) VALUES ($1, $2, $3)`, s.Size, s.Note, s.At)
	return err
}

// Latest is the newest checkpoint, or db.ErrNone.
func Latest(tx *db.Tx) (Signed, error) {
	return db.One(tx, scanSigned, `SELECT `+signedColumns+` FROM checkpoints ORDER BY size DESC LIMIT 1`)
}

// signedAfter is the next checkpoint over more than size events, or db.ErrNone.
func signedAfter(tx *db.Tx, size int64) (Signed, error) {
	return db.One(tx, scanSigned, `SELECT `+signedColumns+` FROM checkpoints WHERE size > $1 ORDER BY size LIMIT 1`, size)
}

const keySetting = "proof_key"

// privateKey is the county's signing key, or db.ErrNone before it has one.
func privateKey(tx *db.Tx) (string, error) {
	return db.Value[string](tx, `SELECT value FROM settings WHERE name = $1`, keySetting)
}

func putPrivateKey(tx *db.Tx, key string) error {
	_, err := tx.Exec(`INSERT INTO settings (name, value, changed_at) VALUES ($1, $2, $3)`, keySetting, key, tx.Now())
	return err
}
