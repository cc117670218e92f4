package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/standard/pack"

	"github.com/xuri/excelize/v2"
)

func TestStandardLintLooksOverShippedAndOwnPacks(t *testing.T) {
	if err := (&lintCmd{}).Run(); err != nil {
		t.Fatal(said(err))
	}
	dir := filepath.Join(t.TempDir(), "own")
	if err := (&lintCmd{Dirs: []string{t.TempDir()}}).Run(); fault.Code(err) != "pack.none" {
		t.Errorf("an empty folder: %v", err)
	}
	p, err := packOf("vector-c")
	if err != nil {
		t.Fatal(err)
	}
	p.Items[0].Lead = "nobody"
	b, err := pack.Encode(p)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "pack.yaml"), b, 0o644); err != nil {
		t.Fatal(err)
	}
	err = (&lintCmd{Dirs: []string{dir}}).Run()
	line := 1 + strings.Count(string(b[:strings.Index(string(b), "lead: nobody")]), "\n")
	f, ok := fault.As(err)
	if !ok || len(f.Fields) == 0 || !strings.HasPrefix(f.Fields[0].Name, dir+"/pack.yaml:") {
		t.Fatalf("%v", err)
	}
	if at := f.Fields[0].Name; !strings.HasSuffix(at, ":"+strconv.Itoa(line)) || !strings.Contains(said(err), "nobody") {
		t.Errorf("told at %s, the role stands in line %d", at, line)
	}
}

func TestAPackGoesOutAsXLSXAndComesBackWithItsChanges(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "p.xlsx")
	if err := (&packExportCmd{"secret-visit-1000", file}).Run(); err != nil {
		t.Fatal(said(err))
	}
	x, err := excelize.OpenFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := x.SetCellValue("标准", "Q2", 999); err != nil {
		t.Fatal(err)
	}
	if err := x.Save(); err != nil {
		t.Fatal(err)
	}
	own := filepath.Join(dir, "own")
	err = (&packImportCmd{File: file, Dir: own, Write: true}).Run()
	if f, ok := fault.As(err); !ok || f.Fields[0].Name != "标准!Q2" {
		t.Fatalf("a total that does not add up: %v", err)
	}
	if _, err := os.Stat(own); err == nil {
		t.Fatal("a wrong file was written")
	}
	for cell, v := range map[string]int{"Q2": 1000, "R2": 790} { // total, line to pass
		if err := x.SetCellValue("标准", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.Save(); err != nil {
		t.Fatal(err)
	}
	if err := (&packImportCmd{File: file, Dir: own}).Run(); err != nil {
		t.Fatal(said(err))
	}
	if _, err := os.Stat(own); err == nil {
		t.Fatal("a preview wrote something")
	}
	if err := (&packImportCmd{File: file, Dir: own, Write: true}).Run(); err != nil {
		t.Fatal(said(err))
	}
	p, err := packOf(own)
	if err != nil || p.Sheet.Pass.String() != "790" {
		t.Fatalf("%+v %v", p, err)
	}
}
