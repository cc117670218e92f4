package main

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// ours finds our own commands in the pages people copy from.
var ours = regexp.MustCompile(`(?m)^(?:sudo -u chuangwei )?chuangwei ([^#\n]+)`)

// TestPagesShowCommandsThatExist parses every command of the documents as the
// program would; the files they name are made up, so only those may be missing.
func TestPagesShowCommandsThatExist(t *testing.T) {
	file := t.TempDir() + "/x"
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, page := range []string{"../../README.md", "../../docs/operating.md", "../../docs/packs.md"} {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range ours.FindAllStringSubmatch(string(text), -1) {
			var args []string
			for _, a := range strings.Fields(m[1]) {
				if a = strings.Trim(a, `"`); strings.HasPrefix(a, "[") {
					continue // may be left out
				}
				if strings.HasSuffix(a, ".zip") && !strings.HasPrefix(args[0], "backup") {
					a = file
				}
				args = append(args, a)
			}
			var c cli
			if _, err := kong.Must(&c).Parse(longFlags(args)); err != nil {
				t.Errorf("%s: chuangwei %s: %v", page, m[1], err)
			}
			n++
		}
	}
	if n < 8 {
		t.Errorf("only %d commands found", n)
	}
}
