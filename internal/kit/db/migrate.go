package db

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
)

// Migrate brings the schema up to the numbered files of dir, each in one
// transaction and recorded with its digest. A recorded file that has changed
// since is refused: history is never edited, only continued.
func (d *DB) Migrate(ctx context.Context, dir fs.FS) error {
	names, err := fs.Glob(dir, "[0-9]*.sql")
	if err != nil {
		return fmt.Errorf("db: migrate: %w", err)
	}
	applied := map[string]string{}
	err = d.Write(ctx, func(tx *Tx) error {
		if err := tx.migrateAlone(); err != nil {
			return err
		}
		if _, err := tx.Exec(`CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, digest TEXT NOT NULL, at BIGINT NOT NULL)`); err != nil {
			return err
		}
		return Each(tx, scanMigration, func(m Migration) error { applied[m.Name] = m.Digest; return nil }, `SELECT name, digest FROM migrations`)
	})
	for _, name := range names {
		if err == nil {
			err = d.migrate(ctx, dir, name, applied[name])
		}
	}
	if err != nil {
		return fmt.Errorf("db: migrate: %w", err)
	}
	d.migrated.Store(true)
	return nil
}

// Migration is one applied schema file.
type Migration struct {
	Name   string `json:"name"`
	Digest string `json:"digest"` // SHA-256 of its text in hex
}

func scanMigration(r Row) (m Migration, err error) { return m, r.Scan(&m.Name, &m.Digest) }

// Migrations lists the applied schema files in order; none when the database
// has never been migrated.
func Migrations(tx *Tx) ([]Migration, error) {
	tables, err := Tables(tx)
	if err != nil || !slices.ContainsFunc(tables, func(t Table) bool { return t.Name == "migrations" }) {
		return nil, err
	}
	return All(tx, scanMigration, `SELECT name, digest FROM migrations ORDER BY name`)
}

// Pending lists the files of dir that have not been applied.
func (d *DB) Pending(ctx context.Context, dir fs.FS) (had, missing []string, err error) {
	names, err := fs.Glob(dir, "[0-9]*.sql")
	if err != nil {
		return nil, nil, fmt.Errorf("db: migrate: %w", err)
	}
	err = d.Read(ctx, func(tx *Tx) error {
		applied, err := Migrations(tx)
		for _, m := range applied {
			had = append(had, m.Name)
		}
		return err
	})
	missing = slices.DeleteFunc(names, func(n string) bool { return slices.Contains(had, n) })
	return had, missing, err
}

// migrate applies one file unless it has been, with the digest had.
func (d *DB) migrate(ctx context.Context, dir fs.FS, name, had string) error {
	text, err := fs.ReadFile(dir, name)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(text)
	digest := hex.EncodeToString(sum[:])
	if had == digest { // as at nearly every start
		return nil
	}
	return d.Write(ctx, func(tx *Tx) error { return tx.migrate(name, string(text), digest) })
}

func (tx *Tx) migrate(name, text, digest string) error {
	if err := tx.migrateAlone(); err != nil {
		return err
	}
	had, err := Value[string](tx, `SELECT digest FROM migrations WHERE name = $1`, name)
	switch {
	case err == nil && had == digest:
		return nil
	case err == nil:
		return fmt.Errorf("%s was changed after it had been applied", name)
	case !errors.Is(err, ErrNone):
		return err
	}
	for _, q := range statements(text) {
		if _, err := tx.c.exec(tx.db.ddl(q)); err != nil {
			return fmt.Errorf("%s: %w", name, explain(q, err))
		}
	}
	_, err = tx.Exec(`INSERT INTO migrations (name, digest, at) VALUES ($1, $2, $3)`, name, digest, tx.Now())
	return err
}

// migrateAlone keeps other processes from migrating until tx ends: two may
// start at once. SQLite has one writer anyway.
func (tx *Tx) migrateAlone() error {
	if tx.db.engine != Postgres {
		return nil
	}
	_, err := tx.Exec(`SELECT pg_advisory_xact_lock(hashtext('chuangwei-migrate'))`)
	return err
}

var comment = regexp.MustCompile(`(?m)--.*$`)

// statements splits a schema file; its texts hold no semicolon inside quotes.
func statements(text string) []string {
	var out []string
	for _, q := range strings.Split(comment.ReplaceAllString(text, ""), ";") {
		if q = strings.TrimSpace(q); q != "" {
			out = append(out, q)
		}
	}
	return out
}

var types = []struct {
	from *regexp.Regexp
	to   string
}{
	{regexp.MustCompile(`\bBIGINT\b`), "INTEGER"},
	{regexp.MustCompile(`\bDOUBLE PRECISION\b`), "REAL"},
	{regexp.MustCompile(`\bBOOLEAN\b`), "INTEGER"},
	{regexp.MustCompile(`\bBYTEA\b`), "BLOB"},
}

// ddl spells a schema statement for the engine; STRICT makes SQLite refuse
// wrong types as PostgreSQL does.
func (d *DB) ddl(q string) string {
	if d.engine == Postgres {
		return q
	}
	for _, t := range types {
		q = t.from.ReplaceAllString(q, t.to)
	}
	if strings.HasPrefix(q, "CREATE TABLE") {
		q += " STRICT"
	}
	return q
}
