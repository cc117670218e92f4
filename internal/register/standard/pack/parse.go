package pack

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"strconv"

	"chuangwei/internal/kit/fault"

	"go.yaml.in/yaml/v3"
)

// largest is the most bytes a pack may have.
const largest = 4 << 20

// Words are what a pack may name: roles of units, kinds of place, kinds of problem.
type Words struct {
	Roles  []Word
	Places []Word
	Kinds  []string
}

// Word is a key with its names.
type Word struct {
	Key string `yaml:"key"`
	ZH  string `yaml:"zh"`
	EN  string `yaml:"en"`
}

// Parse reads a pack; file is only named in faults, each as file:line. A fault
// of kind Invalid holds all that is wrong with its form. Lint tells the rest.
func Parse(file string, b []byte) (*Pack, Lines, error) {
	p := &Pack{}
	lines, err := read(file, b, p)
	if err != nil {
		return nil, nil, err
	}
	return p, lines, nil
}

// ParseWords reads words.yaml; kinds of problem are added by the caller.
func ParseWords(file string, b []byte) (Words, error) {
	var in struct {
		Roles  []Word `yaml:"roles"`
		Places []Word `yaml:"places"`
	}
	_, err := read(file, b, &in)
	return Words{Roles: in.Roles, Places: in.Places}, err
}

func read(file string, b []byte, into any) (Lines, error) {
	d := &decoder{file: file, lines: Lines{}}
	root, err := tree(file, b)
	if err != nil {
		return nil, err
	}
	d.decode(root, "", reflect.ValueOf(into).Elem())
	if len(d.bad) > 0 {
		return nil, faults(d.bad)
	}
	return d.lines, nil
}

func faults(bad []fault.Field) error {
	f := fault.New(fault.Invalid, "pack.invalid", "标准包有 %[1]d 处需要改正。", "%[1]d places of the pack need correcting.", len(bad))
	f.Fields = bad
	return f
}

var lineOf = regexp.MustCompile(`line (\d+)`)

// tree is the one document of a file.
func tree(file string, b []byte) (*yaml.Node, error) {
	one := func(line int, zh, en string, args ...any) error {
		return faults([]fault.Field{{Name: file + ":" + strconv.Itoa(line), Text: fault.Say(zh, en, args...)}})
	}
	if len(b) > largest {
		return nil, one(1, "文件超过4MB", "the file is larger than 4 MB")
	}
	in := yaml.NewDecoder(bytes.NewReader(b))
	var doc, more yaml.Node
	if err := in.Decode(&doc); err != nil {
		line := 1
		if m := lineOf.FindStringSubmatch(err.Error()); m != nil {
			if _, bad := fmt.Sscan(m[1], &line); bad != nil {
				line = 1
			}
		}
		return nil, one(line, "不是正确的 YAML：%[1]v", "this is not YAML: %[1]v", err)
	}
	if err := in.Decode(&more); !errors.Is(err, io.EOF) {
		return nil, one(more.Line+1, "一个文件只能有一个标准包", "a file holds one pack")
	}
	return doc.Content[0], nil
}
