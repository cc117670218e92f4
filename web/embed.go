// Package web holds the built screens, so that one program serves everything.
package web

import "embed"

// Dist is the output of "npm run build"; before a build it holds only a placeholder.
//
//go:embed all:dist
var Dist embed.FS
