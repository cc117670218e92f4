// Package schema holds the whole data model as numbered files, one text for
// both engines.
package schema

import "embed"

// Files are the migrations in order of their names.
//
//go:embed *.sql
var Files embed.FS
