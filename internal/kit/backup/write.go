package backup

import (
	"archive/zip"
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"chuangwei/internal/kit/album"
	"chuangwei/internal/kit/blob"
	"chuangwei/internal/kit/db"
)

// Write backs the county up to w from one snapshot, while others go on
// writing. A nil photos leaves the bytes of photos out: they never change, so
// a copy before an upgrade needs only the tables.
func Write(ctx context.Context, d *db.DB, photos blob.Store, w io.Writer, tell Progress) (Manifest, error) {
	m := Manifest{Format: format, Engine: d.Engine(), WithPhotos: photos != nil}
	z := zip.NewWriter(w)
	var sums []string
	err := d.Read(ctx, func(tx *db.Tx) (err error) {
		m.MadeAt = tx.Now()
		if m.Migrations, err = db.Migrations(tx); err != nil {
			return err
		}
		if err := writeTables(tx, z, &m, tell); err != nil || photos == nil {
			return err
		}
		sums, err = album.Sums(tx)
		return err
	})
	if err != nil {
		return m, fmt.Errorf("backup: %w", err)
	}
	if err := writePhotos(ctx, photos, z, sums, &m, tell); err != nil {
		return m, fmt.Errorf("backup: %w", err)
	}
	if err := writeManifest(z, m); err != nil {
		return m, fmt.Errorf("backup: %w", err)
	}
	return m, z.Close()
}

func writeTables(tx *db.Tx, z *zip.Writer, m *Manifest, tell Progress) error {
	tables, err := db.Tables(tx)
	if err != nil {
		return err
	}
	for i, each := range tables {
		t := Table{Table: each}
		if err := writeTable(tx, z, &t); err != nil {
			return err
		}
		m.Tables = append(m.Tables, t)
		tell.tell("tables", int64(i+1), int64(len(tables)))
	}
	return nil
}

func writeTable(tx *db.Tx, z *zip.Writer, t *Table) error {
	entry, err := z.Create(tableFile(*t))
	if err != nil {
		return err
	}
	sum := sha256.New()
	out := bufio.NewWriter(io.MultiWriter(entry, sum))
	var line []byte
	err = t.Each(tx, func(row []any) error {
		t.Rows++
		if line, err = encode(line[:0], row); err != nil {
			return err
		}
		_, err := out.Write(line)
		return err
	})
	if err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return err
	}
	t.Sum = hex.EncodeToString(sum.Sum(nil))
	return nil
}

func writePhotos(ctx context.Context, from blob.Store, z *zip.Writer, sums []string, m *Manifest, tell Progress) error {
	for i, sum := range sums {
		err := writePhoto(ctx, from, z, sum, m)
		if errors.Is(err, blob.ErrNotFound) {
			m.Lost = append(m.Lost, sum)
		} else if err != nil {
			return err
		}
		if i%100 == 99 || i == len(sums)-1 {
			tell.tell("photos", int64(i+1), int64(len(sums)))
		}
	}
	return nil
}

// writePhoto stores the bytes as they are: photos do not shrink.
func writePhoto(ctx context.Context, from blob.Store, z *zip.Writer, sum string, m *Manifest) error {
	r, _, err := from.Open(ctx, sum)
	if err != nil {
		return err
	}
	defer r.Close()
	entry, err := z.CreateHeader(&zip.FileHeader{Name: photoFolder + sum, Method: zip.Store})
	if err != nil {
		return err
	}
	n, err := io.Copy(entry, r)
	m.Photos++
	m.PhotoBytes += n
	return err
}

func writeManifest(z *zip.Writer, m Manifest) error {
	entry, err := z.Create(manifestName)
	if err != nil {
		return err
	}
	e := json.NewEncoder(entry)
	e.SetIndent("", "  ")
	return e.Encode(m)
}
