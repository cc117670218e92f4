package internal

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// order is the dependency rule: a package imports only what stands before it.
// ARCHITECTURE.md quotes it with a sentence for each.
var order = strings.Fields(`
	schema standards web
	internal/kit/fault
	internal/kit/db
	internal/kit/db/dbtest
	internal/kit/room
	internal/kit/event
	internal/kit/job
	internal/kit/blob
	internal/kit/photo
	internal/kit/gram
	internal/kit/document
	internal/kit/album
	internal/kit/geo
	internal/kit/proof
	internal/kit/archive
	internal/kit/pdf
	internal/kit/backup
	internal/kit/sheet
	internal/register/org
	internal/register/calendar
	internal/register/place
	internal/register/standard/formula
	internal/register/standard/pack
	internal/register/standard/score
	internal/register/standard
	internal/register/workbook
	internal/flow/duty
	internal/flow/cases
	internal/flow/inspect
	internal/flow/evidence
	internal/flow/intake
	internal/plan/solve/shifts
	internal/plan/solve/squads
	internal/plan/roster
	internal/campaign/assess/sample
	internal/campaign/assess/outlook
	internal/campaign/assess/book
	internal/campaign/assess
	internal/demo/town
	internal/demo
	internal/face/meter
	internal/face/hook
	internal/face/door
	internal/face/feed
	internal/face/api
	internal/face/site
	cmd/chuangwei
`)

const module = "chuangwei/"

// TestPackagesImportOnlyWhatStandsBeforeThem reads the files themselves, so
// that a new package must be given its place first.
func TestPackagesImportOnlyWhatStandsBeforeThem(t *testing.T) {
	eachGoFile(t, func(dir, file string) {
		at := slices.Index(order, dir)
		if at < 0 {
			t.Errorf("%s has no place in the order", dir)
			return
		}
		if strings.HasSuffix(file, "_test.go") {
			return // a test may use whatever proves its package
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", dir, file), nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range parsed.Imports {
			name, ours := strings.CutPrefix(strings.Trim(spec.Path.Value, `"`), module)
			if ours && slices.Index(order, name) >= at {
				t.Errorf("%s/%s imports %s, which does not stand before it", dir, file, name)
			}
		}
	})
}

// TestArchitectureQuotesTheOrder keeps the page true.
func TestArchitectureQuotesTheOrder(t *testing.T) {
	page, err := os.ReadFile("../ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	var quoted []string
	for _, m := range regexp.MustCompile(`(?m)^((?:internal|cmd)/\S+) {2,}\S`).FindAllStringSubmatch(string(page), -1) {
		quoted = append(quoted, m[1])
	}
	want := slices.DeleteFunc(slices.Clone(order), func(p string) bool { return !strings.Contains(p, "/") })
	if !slices.Equal(quoted, want) {
		t.Errorf("ARCHITECTURE.md quotes\n%v\nthe order is\n%v", quoted, want)
	}
}

// TestEveryPackageSaysWhatItIs: exactly one package sentence each.
func TestEveryPackageSaysWhatItIs(t *testing.T) {
	said := map[string]int{}
	eachGoFile(t, func(dir, file string) {
		parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", dir, file), nil, parser.ParseComments|parser.PackageClauseOnly)
		if err != nil {
			t.Fatal(err)
		}
		said[dir] += map[bool]int{true: 1}[parsed.Doc != nil && !strings.HasSuffix(file, "_test.go")]
	})
	for dir, n := range said {
		if n != 1 {
			t.Errorf("%s has %d package comments", dir, n)
		}
	}
}

func eachGoFile(t *testing.T, fn func(dir, file string)) {
	t.Helper()
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && d.Name() != "..") {
			return filepath.SkipDir
		}
		dir := strings.TrimPrefix(filepath.ToSlash(filepath.Dir(path)), "../")
		if strings.HasSuffix(path, ".go") && dir != "internal" && !strings.HasPrefix(dir, "bench") {
			fn(dir, d.Name())
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
