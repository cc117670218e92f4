package standard

import (
	"fmt"
	"io/fs"
	"path"
	"strconv"

	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/standard/pack"
)

// Words are what the packs of dir may name: its words.yaml and its kinds of problem.
func Words(dir fs.FS) (pack.Words, error) {
	b, err := fs.ReadFile(dir, "words.yaml")
	if err != nil {
		return pack.Words{}, fmt.Errorf("standard: %w", err)
	}
	w, err := pack.ParseWords("words.yaml", b)
	if err != nil {
		return w, err
	}
	var f kindsFile
	if err := read(dir, "kinds.yaml", &f); err != nil {
		return w, fmt.Errorf("standard: kinds.yaml: %w", err)
	}
	for _, k := range f.Kinds {
		w.Kinds = append(w.Kinds, k.Code)
	}
	return w, nil
}

// Looked is what looking over one pack found; Pack is nil when it could not be read.
type Looked struct {
	Pack   *pack.Pack
	File   string
	Faults []fault.Field // each named file:line
}

// Lint looks over every pack of dir: each folder's pack.yaml, or dir's own.
func Lint(dir fs.FS, w pack.Words) ([]Looked, error) {
	var out []Looked
	for _, form := range []string{"pack.yaml", "*/pack.yaml"} {
		names, err := fs.Glob(dir, form)
		if err != nil {
			return nil, fmt.Errorf("standard: %w", err)
		}
		for _, name := range names {
			one, err := lint(dir, name, w)
			if err != nil {
				return nil, fmt.Errorf("standard: %s: %w", name, err)
			}
			out = append(out, one)
		}
	}
	return out, nil
}

func lint(dir fs.FS, name string, w pack.Words) (Looked, error) {
	out := Looked{File: name}
	b, err := fs.ReadFile(dir, name)
	if err != nil {
		return out, err
	}
	p, lines, err := pack.Parse(name, b)
	if f, ok := fault.As(err); ok {
		out.Faults = f.Fields
		return out, nil
	}
	if err != nil {
		return out, err
	}
	out.Pack = p
	for _, f := range pack.Lint(p, w) {
		out.Faults = append(out.Faults, fault.Field{Name: name + ":" + strconv.Itoa(lines.Of(f.At)), Text: f.Text})
	}
	if folder := path.Base(path.Dir(name)); folder != "." && folder != p.ID {
		out.Faults = append(out.Faults, fault.Field{Name: name + ":" + strconv.Itoa(lines.Of("id")), Text: fault.Say("文件夹名“%[1]s”与标准包编号“%[2]s”不同", "the folder %[1]q is not named as the pack %[2]q", folder, p.ID)})
	}
	return out, nil
}
