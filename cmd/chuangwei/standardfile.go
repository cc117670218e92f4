package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/standard"
	"chuangwei/internal/register/standard/pack"
	"chuangwei/standards"
)

type packExportCmd struct {
	Pack string `arg:"" help:"A folder with pack.yaml, or the id of a pack that ships."`
	File string `arg:"" help:"XLSX file to write."`
}

func (c *packExportCmd) Run() error {
	words, err := standard.Words(standards.Files)
	if err != nil {
		return err
	}
	p, err := packOf(c.Pack)
	if err != nil {
		return err
	}
	f, err := os.Create(c.File)
	if err != nil {
		return err
	}
	return errors.Join(pack.NewWorkbook(words).Write(f, p), f.Close())
}

// packOf reads dir/pack.yaml, or the pack of that id that ships.
func packOf(dir string) (*pack.Pack, error) {
	name := filepath.Join(dir, "pack.yaml")
	b, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		name = dir + "/pack.yaml"
		if b, err = standards.Files.ReadFile(name); err != nil {
			return nil, fault.New(fault.NotFound, "pack.none", "没有找到标准包“%[1]s”。", "There is no pack %[1]q.", dir)
		}
	}
	if err != nil {
		return nil, err
	}
	p, _, err := pack.Parse(name, b)
	return p, err
}

type packImportCmd struct {
	File  string `arg:"" help:"XLSX file to read."`
	Dir   string `arg:"" help:"Folder of the pack; its pack.yaml is what the changes are told against."`
	Write bool   `help:"Write DIR/pack.yaml; without it the changes are only told."`
}

func (c *packImportCmd) Run() error {
	words, err := standard.Words(standards.Files)
	if err != nil {
		return err
	}
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	wb := pack.NewWorkbook(words)
	p, err := wb.Read(f)
	if err != nil {
		return err
	}
	if err := c.tell(wb, p); err != nil || !c.Write {
		return err
	}
	b, err := pack.Encode(p)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(c.Dir, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(c.Dir, "pack.yaml"), b, 0o644)
}

// tell prints what changes against the pack that is there.
func (c *packImportCmd) tell(wb pack.Workbook, p *pack.Pack) error {
	was, err := packOf(c.Dir)
	if fault.Is(err, fault.NotFound) {
		was, err = &pack.Pack{}, nil
	}
	if err != nil {
		return err
	}
	list := wb.Diff(was, p)
	for _, change := range list {
		fmt.Println(change.Text.ZH + "\n  " + change.Text.EN)
	}
	fmt.Printf("共 %d 处变化 %d changes\n", len(list), len(list))
	return nil
}
