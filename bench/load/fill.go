package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/photo"
	"chuangwei/internal/kit/proof"

	"github.com/google/uuid"
)

// fill adds closed cases with a photo and two events each, made after the
// likeness of closed cases that are there and spread over ten years, until the
// county stores n.
func fill(ctx context.Context, address string, n int64) error {
	d, err := db.Open(ctx, db.Options{URL: address, Relaxed: true})
	if err != nil {
		return err
	}
	defer d.Close()
	if d.Engine() == db.SQLite { // a million keys in no order: keep their indexes in memory meanwhile
		if err := d.Write(ctx, func(tx *db.Tx) error { _, err := tx.Exec("PRAGMA cache_size = -2000000"); return err }); err != nil {
			return err
		}
	}
	f := &filler{ctx: ctx, db: d, rng: rand.New(rand.NewPCG(1, uint64(n)))}
	if err := d.Read(ctx, f.learn); err != nil {
		return err
	}
	for f.have < n {
		if err := d.Write(ctx, func(tx *db.Tx) error { return f.batch(tx, min(1000, n-f.have)) }); err != nil {
			return err
		}
	}
	for more := true; more; { // the log is proven before anything is measured
		if err := d.Write(ctx, func(tx *db.Tx) (err error) { _, more, err = proof.Extend(tx, 5000); return err }); err != nil {
			return err
		}
	}
	if d.Engine() == db.SQLite {
		return nil // this program asks SQLite for no statistics, so it has none in a county either
	}
	return d.Write(ctx, func(tx *db.Tx) error { // PostgreSQL gathers them by itself in time
		_, err := tx.Exec("ANALYZE")
		return err
	})
}

type filler struct {
	ctx    context.Context
	db     *db.DB
	rng    *rand.Rand
	tables map[string]db.Table
	models [][]any // closed cases
	have   int64
	seq    int64
}

func (f *filler) learn(tx *db.Tx) error {
	tables, err := db.Tables(tx)
	if err != nil {
		return err
	}
	f.tables = map[string]db.Table{}
	for _, t := range tables {
		f.tables[t.Name] = t
	}
	at := f.column("cases", "state")
	err = f.tables["cases"].Each(tx, func(row []any) error {
		f.have++
		if row[at] == "closed" {
			f.models = append(f.models, row)
		}
		return nil
	})
	if err == nil {
		f.seq, err = db.Value[int64](tx, `SELECT value FROM numbers WHERE name = 'event'`)
	}
	if err == nil && len(f.models) == 0 {
		err = fmt.Errorf("fill: no closed case to learn from")
	}
	return err
}

func (f *filler) column(table, name string) int {
	for i, c := range f.tables[table].Columns {
		if c.Name == name {
			return i
		}
	}
	panic("no column " + table + "." + name)
}

// batch writes n more cases in one commit.
func (f *filler) batch(tx *db.Tx, n int64) error {
	rows := map[string][][]any{}
	for range n {
		f.one(rows)
	}
	for _, name := range []string{"cases", "photos", "photo_bands", "case_photos", "events"} {
		if err := f.tables[name].Insert(tx, rows[name]); err != nil {
			return err
		}
	}
	_, err := tx.Exec(`UPDATE numbers SET value = $1 WHERE name = 'event'`, f.seq)
	return err
}

func (f *filler) one(rows map[string][][]any) {
	f.have++
	model := f.models[f.rng.IntN(len(f.models))]
	row := append([]any(nil), model...)
	back := int64(f.rng.IntN(10*365)+30) * 24 * time.Hour.Milliseconds()
	for _, c := range []string{"reported_at", "made_at", "due_at", "fixed_at", "closed_at", "updated_at"} {
		i := f.column("cases", c)
		if at, ok := row[i].(int64); ok && at > 0 {
			row[i] = at - back
		}
	}
	at := row[f.column("cases", "reported_at")].(int64)
	id := uuid.Must(uuid.NewV7())
	for i := range 6 { // a v7 id begins with its time
		id[i] = byte(at >> (40 - 8*i))
	}
	digest := sha256.Sum256(id[:])
	sum := hex.EncodeToString(digest[:])
	row[f.column("cases", "id")] = id.String()
	row[f.column("cases", "no")] = fmt.Sprintf("%s-%07d", time.UnixMilli(at).Format("2006"), f.have)
	row[f.column("cases", "code")], row[f.column("cases", "recheck")], row[f.column("cases", "thumb")] = "", "", sum
	who := row[f.column("cases", "finder_id")]
	rows["cases"] = append(rows["cases"], row)
	hash := f.rng.Uint64()
	rows["photos"] = append(rows["photos"], f.row("photos", map[string]any{"sum": sum, "type": "image/jpeg", "bytes": int64(24_000), "width": int64(1600), "height": int64(1200),
		"taken_at": at, "lat": 22.78, "lon": 103.23, "source": "camera", "who": who, "arrived_at": at, "looked_at": at, "dhash": fmt.Sprintf("%016x", hash), "sign": ""}))
	for band, v := range photo.Bands(hash) {
		rows["photo_bands"] = append(rows["photo_bands"], []any{int64(band), v, sum})
	}
	rows["case_photos"] = append(rows["case_photos"], []any{id.String(), sum, "before", who, at})
	for _, kind := range []string{"case.reported", "case.closed"} {
		f.seq++
		rows["events"] = append(rows["events"], []any{f.seq, at, kind, id.String(), fmt.Sprint(who), `{"note":"` + strings.Repeat("已整改", 10) + `"}`})
	}
}

// row puts named values in the order of the columns; what is not named is nil.
func (f *filler) row(table string, v map[string]any) []any {
	out := make([]any, len(f.tables[table].Columns))
	for i, c := range f.tables[table].Columns {
		out[i] = v[c.Name]
	}
	return out
}
