// Package standards holds the packs that ship with the product, as data.
package standards

import "embed"

// Files are kinds.yaml, words.yaml and one folder per pack.
//
//go:embed kinds.yaml words.yaml */pack.yaml
var Files embed.FS
