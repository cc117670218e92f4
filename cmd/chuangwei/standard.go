package main

import (
	"fmt"
	"io/fs"
	"os"

	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/standard"
	"chuangwei/internal/register/standard/pack"
	"chuangwei/standards"
)

type standardCmd struct {
	Lint   lintCmd       `cmd:"" help:"Look packs over: what does not fit together, by file and line."`
	Export packExportCmd `cmd:"" help:"Write a pack as XLSX for people to edit."`
	Import packImportCmd `cmd:"" help:"Read a pack from XLSX: tell all faults by cell, or what would change."`
}

type lintCmd struct {
	Dirs []string `arg:"" optional:"" name:"dir" help:"Folders with packs, or with one pack.yaml; without any, the packs that ship."`
}

func (c *lintCmd) Run() error {
	words, err := standard.Words(standards.Files)
	if err != nil {
		return err
	}
	if len(c.Dirs) == 0 {
		return lintAll(map[string]fs.FS{"standards": standards.Files}, []string{"standards"}, words)
	}
	dirs := map[string]fs.FS{}
	for _, d := range c.Dirs {
		dirs[d] = os.DirFS(d)
	}
	return lintAll(dirs, c.Dirs, words)
}

func lintAll(dirs map[string]fs.FS, names []string, shipped pack.Words) error {
	var bad []fault.Field
	packs := 0
	for _, name := range names {
		words := shipped
		if _, err := fs.Stat(dirs[name], "words.yaml"); err == nil { // a county's whole set brings its own
			if words, err = standard.Words(dirs[name]); err != nil {
				return err
			}
		}
		list, err := standard.Lint(dirs[name], words)
		if err != nil {
			return err
		}
		for _, one := range list {
			packs++
			for _, f := range one.Faults {
				bad = append(bad, fault.Field{Name: name + "/" + f.Name, Text: f.Text})
			}
			if one.Pack != nil {
				said := pack.Summary(one.Pack)
				fmt.Println(said.ZH + "\n  " + said.EN)
			}
		}
	}
	switch {
	case len(bad) > 0:
		f := fault.New(fault.Invalid, "pack.invalid", "标准包有 %[1]d 处需要改正。", "%[1]d places of the packs need correcting.", len(bad))
		f.Fields = bad
		return f
	case packs == 0:
		return fault.New(fault.Invalid, "pack.none", "没有找到 pack.yaml。请指向标准包所在的文件夹。", "No pack.yaml was found. Name the folder that holds the packs.")
	}
	fmt.Println("没有问题 no faults")
	return nil
}
