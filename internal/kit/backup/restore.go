package backup

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"chuangwei/internal/kit/blob"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
)

const (
	manifestMost = 64 << 20 // bytes of a manifest; only a list of lost photos makes one long
	rowMost      = 64 << 20 // bytes of one row
	batchRows    = 2000     // rows that share a commit
)

// File is an opened backup.
type File struct {
	Manifest
	zip *zip.Reader
}

// Open reads the manifest of a backup of size bytes.
func Open(r io.ReaderAt, size int64) (*File, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, damaged("不是完整的 ZIP 文件", "not a whole ZIP file")
	}
	f := &File{zip: z}
	b, err := f.bytes(manifestName)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(b, &f.Manifest); err != nil {
		return nil, damaged("清单无法读取", "its manifest cannot be read")
	}
	if f.Format != format {
		return nil, fault.New(fault.Invalid, "backup.format", "这份备份的格式是“%.40s”，本程序只认识“%s”。请用做备份的程序版本恢复。",
			"This backup has the format %.40q, this program knows %q. Restore it with the program that made it.", f.Format, format)
	}
	return f, nil
}

func (f *File) bytes(name string) ([]byte, error) {
	r, err := f.zip.Open(name)
	if err != nil {
		return nil, damaged("缺少 %.80s", "%.80s is missing", name)
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, manifestMost+1))
	if err != nil || len(b) > manifestMost {
		return nil, damaged("%.80s 无法读取", "%.80s cannot be read", name)
	}
	return b, nil
}

// unfinished marks a county that a restore is filling.
const unfinished = "restore.unfinished"

// Unfinished reports whether a restore into this county was broken off; such
// a county must be removed and restored anew.
func Unfinished(tx *db.Tx) (bool, error) {
	n, err := db.Value[int64](tx, `SELECT COUNT(*) FROM settings WHERE name = $1`, unfinished)
	return n > 0, err
}

// Restore fills an empty county from f: tables first, then photos, whose bytes
// must have the sums they are named by. schema is the program's; what the
// backup does not have of it yet is applied afterwards.
func (f *File) Restore(ctx context.Context, d *db.DB, photos blob.Store, schema fs.FS, tell Progress) error {
	then, err := f.schemaOf(schema)
	if err != nil {
		return err
	}
	if err := d.Migrate(ctx, then); err != nil {
		return err
	}
	if err := d.Write(ctx, f.begin); err != nil {
		return err
	}
	for i, t := range f.Tables {
		if err := f.table(ctx, d, t); err != nil {
			return err
		}
		tell.tell("tables", int64(i+1), int64(len(f.Tables)))
	}
	if err := f.photos(ctx, photos, tell); err != nil {
		return err
	}
	if err := d.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(`DELETE FROM settings WHERE name = $1`, unfinished)
		return err
	}); err != nil {
		return err
	}
	return d.Migrate(ctx, schema)
}

// upTo is a schema without the files after last.
type upTo struct {
	fs.FS
	last string
}

// Glob lists what matches and does not come after last.
func (u upTo) Glob(pattern string) ([]string, error) {
	names, err := fs.Glob(u.FS, pattern)
	return slices.DeleteFunc(names, func(n string) bool { return n > u.last }), err
}

// schemaOf is the schema as it was when the backup was made.
func (f *File) schemaOf(schema fs.FS) (fs.FS, error) {
	if len(f.Migrations) == 0 {
		return nil, damaged("没有数据结构", "it holds no schema")
	}
	for _, m := range f.Migrations {
		text, err := fs.ReadFile(schema, m.Name)
		if err != nil {
			return nil, fault.New(fault.Invalid, "backup.newer", "这份备份由更新的程序做成（%.60s）。请先升级程序。", "A newer program made this backup (%.60s). Upgrade first.", m.Name)
		}
		if sum := sha256.Sum256(text); hex.EncodeToString(sum[:]) != m.Digest {
			return nil, fault.New(fault.Invalid, "backup.schema", "这份备份的数据结构与本程序不同（%.60s）。请用做备份的程序版本恢复。", "Its schema differs from this program's (%.60s). Restore it with the program that made it.", m.Name)
		}
	}
	return upTo{schema, f.Migrations[len(f.Migrations)-1].Name}, nil
}

// begin refuses a county that holds anything, checks that the tables fit, and
// clears the few rows a fresh schema brings.
func (f *File) begin(tx *db.Tx) error {
	events, err := db.Value[int64](tx, `SELECT COUNT(*) FROM events`)
	if err != nil {
		return err
	}
	persons, err := db.Value[int64](tx, `SELECT COUNT(*) FROM persons`)
	if err != nil {
		return err
	}
	if events > 0 || persons > 0 {
		return fault.New(fault.Conflict, "backup.occupied", "目标不是空的，恢复不会覆盖已有数据。请指定一个空的数据目录或数据库。",
			"The target is not empty; a restore overwrites nothing. Name an empty data folder or database.")
	}
	if again, err := Unfinished(tx); err != nil || again {
		return cmpErr(err, Interrupted())
	}
	have, err := db.Tables(tx)
	if err != nil {
		return err
	}
	if err := f.fits(have); err != nil {
		return err
	}
	for _, t := range slices.Backward(have) {
		if t.Name == "migrations" {
			continue
		}
		if err := t.Empty(tx); err != nil {
			return err
		}
	}
	_, err = tx.Exec(`INSERT INTO settings (name, value, changed_at) VALUES ($1, '', $2)`, unfinished, tx.Now())
	return err
}

func cmpErr(err error, otherwise *fault.Fault) error {
	if err != nil {
		return err
	}
	return otherwise
}

// Interrupted is the fault of a county whose restore was broken off.
func Interrupted() *fault.Fault {
	return fault.New(fault.Conflict, "backup.unfinished", "上次恢复没有完成，这里的数据不完整。请删除这个数据目录（或数据库），重新恢复。",
		"The last restore was broken off, the data here is incomplete. Remove this data folder (or database) and restore again.")
}

// fits checks that the backup's tables are those of the schema, column by column.
func (f *File) fits(have []db.Table) error {
	for _, t := range f.Tables {
		i := slices.IndexFunc(have, func(h db.Table) bool { return h.Name == t.Name })
		if i < 0 {
			return damaged("表 %.60s 不属于这个数据结构", "the table %.60s is not of this schema", t.Name)
		}
		same := func(a, b db.Column) bool { return a.Name == b.Name }
		if !slices.EqualFunc(have[i].Columns, t.Columns, same) {
			return damaged("表 %.60s 的列不符", "the columns of %.60s differ", t.Name)
		}
	}
	for _, h := range have {
		if !slices.ContainsFunc(f.Tables, func(t Table) bool { return t.Name == h.Name }) {
			return damaged("缺少表 %.60s", "the table %.60s is missing", h.Name)
		}
	}
	return nil
}

// table loads one table in batches and checks its count and sum.
func (f *File) table(ctx context.Context, d *db.DB, t Table) error {
	if t.Name == "migrations" { // the target has its own, the same
		return nil
	}
	r, err := f.zip.Open(tableFile(t))
	if err != nil {
		return damaged("缺少 %.80s", "%.80s is missing", tableFile(t))
	}
	defer r.Close()
	own, err := columnsOf(ctx, d, t.Name)
	if err != nil {
		return err
	}
	sum := sha256.New()
	lines := bufio.NewScanner(io.TeeReader(r, sum))
	lines.Buffer(make([]byte, 1<<16), rowMost)
	var batch [][]any
	var n int64
	for lines.Scan() {
		n++
		row, err := decode(lines.Bytes(), own)
		if err != nil {
			return damaged("%.80s 第 %d 行", "%.80s line %d", tableFile(t), n).In(tableFile(t), "第 %d 行：%v", "line %d: %v", n, err)
		}
		if batch = append(batch, row); len(batch) == batchRows {
			if err := flush(ctx, d, own, &batch); err != nil {
				return err
			}
		}
	}
	if err := lines.Err(); err != nil {
		return damaged("%.80s 第 %d 行之后无法读取", "%.80s cannot be read after line %d", tableFile(t), n)
	}
	if n != t.Rows || hex.EncodeToString(sum.Sum(nil)) != t.Sum {
		return damaged("%.80s 的内容与清单不符", "%.80s is not what the manifest says", tableFile(t))
	}
	return flush(ctx, d, own, &batch)
}

func columnsOf(ctx context.Context, d *db.DB, name string) (out db.Table, err error) {
	err = d.Read(ctx, func(tx *db.Tx) error {
		tables, err := db.Tables(tx)
		for _, t := range tables {
			if t.Name == name {
				out = t
			}
		}
		return err
	})
	return out, err
}

// flush writes a batch; settings keep the mark of the unfinished restore.
func flush(ctx context.Context, d *db.DB, t db.Table, batch *[][]any) error {
	rows := *batch
	*batch = nil
	if len(rows) == 0 {
		return nil
	}
	err := d.Write(ctx, func(tx *db.Tx) error { return t.Insert(tx, rows) })
	if err != nil {
		return fmt.Errorf("backup: restore %s: %w", t.Name, err)
	}
	return nil
}

// photos puts every photo of the backup under the sum it is named by.
func (f *File) photos(ctx context.Context, into blob.Store, tell Progress) error {
	var n int64
	for _, e := range f.zip.File {
		sum, ok := strings.CutPrefix(e.Name, photoFolder)
		if !ok || sum == "" {
			continue
		}
		if !blob.ValidSum(sum) {
			return damaged("照片名 %.80q 不对", "the photo name %.80q is wrong", sum)
		}
		if err := putPhoto(ctx, e, sum, into); err != nil {
			return err
		}
		if n++; n%100 == 0 || n == f.Photos {
			tell.tell("photos", n, f.Photos)
		}
	}
	if n != f.Photos {
		return damaged("照片应有 %d 张，实有 %d 张", "it should hold %d photos and holds %d", f.Photos, n)
	}
	return nil
}

func putPhoto(ctx context.Context, e *zip.File, sum string, into blob.Store) error {
	r, err := e.Open()
	if err != nil {
		return damaged("照片 %.12s… 无法读取", "the photo %.12s… cannot be read", sum)
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, rowMost+1))
	if err != nil || len(b) > rowMost {
		return damaged("照片 %.12s… 无法读取", "the photo %.12s… cannot be read", sum)
	}
	if digest := sha256.Sum256(b); hex.EncodeToString(digest[:]) != sum {
		return damaged("照片 %.12s… 的内容变了", "the photo %.12s… was altered", sum)
	}
	return into.PutAs(ctx, sum, bytes.NewReader(b))
}
