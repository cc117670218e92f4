package internal

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"sort"
	"strings"
	"testing"
)

// The limits of a function, a file and a package in lines; crossing one needs
// a reason here.
const (
	mostFunction = 60
	mostFile     = 400
	mostPackage  = 3000
)

// allowed is what may be larger, and why.
var allowed = map[string]string{
	"internal/face/api":          "one table of endpoints with their views; every file is one noun's",
	"internal/flow/cases":        "the whole life of a problem; every file is one step of it",
	"internal/plan/solve/shifts": "one solver: cooling, programs, dives and bounds work on the same tables",
	"internal/plan/solve/squads": "one solver: seating, search, bound, repair and reasons work on the same tables",
	"internal/demo/town":         "the invented county: mostly lists of names and lines of drawing",
}

func TestNothingGrowsTooLarge(t *testing.T) {
	packages := map[string]int{}
	var functions []int
	eachGoFile(t, func(dir, file string) {
		name := dir + "/" + file
		set := token.NewFileSet()
		parsed, err := parser.ParseFile(set, filepath.Join("..", name), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		lines := set.File(parsed.Pos()).LineCount()
		if strings.HasSuffix(file, "_test.go") {
			return
		}
		packages[dir] += lines
		if lines > mostFile && allowed[name] == "" {
			t.Errorf("%s has %d lines", name, lines)
		}
		for _, d := range parsed.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			n := set.Position(f.End()).Line - set.Position(f.Pos()).Line + 1
			functions = append(functions, n)
			if n > mostFunction && allowed[name] == "" {
				t.Errorf("%s: %s has %d lines", name, f.Name.Name, n)
			}
		}
	})
	for dir, lines := range packages {
		if lines > mostPackage && allowed[dir] == "" {
			t.Errorf("package %s has %d lines", dir, lines)
		}
	}
	sort.Ints(functions)
	t.Logf("%d functions, median %d lines, ninth tenth %d", len(functions), functions[len(functions)/2], functions[len(functions)*9/10])
}
