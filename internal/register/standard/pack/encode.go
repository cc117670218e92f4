package pack

import (
	"bytes"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"chuangwei/internal/register/standard/formula"

	"go.yaml.in/yaml/v3"
)

// Encode writes a pack as YAML that Parse reads back as the same pack: one
// line for each line of the standard, empty keys left out.
func Encode(p *Pack) ([]byte, error) {
	var out bytes.Buffer
	e := yaml.NewEncoder(&out)
	e.SetIndent(2)
	if err := e.Encode(encoded(reflect.ValueOf(p).Elem())); err != nil {
		return nil, fmt.Errorf("pack: %w", err)
	}
	if err := e.Close(); err != nil {
		return nil, fmt.Errorf("pack: %w", err)
	}
	return out.Bytes(), nil
}

func encoded(v reflect.Value) *yaml.Node {
	switch {
	case v.Type() == milliType:
		return &yaml.Node{Kind: yaml.ScalarNode, Value: formula.Milli(v.Int()).String()}
	case v.Kind() == reflect.Struct:
		n := &yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle}
		if v.Type() == reflect.TypeFor[Pack]() || v.Type() == reflect.TypeFor[Item]() {
			n.Style = 0 // the rest stands on one line each
		}
		put(n, v)
		return n
	case v.Kind() == reflect.Slice:
		n := &yaml.Node{Kind: yaml.SequenceNode}
		if v.Type().Elem().Kind() == reflect.String {
			n.Style = yaml.FlowStyle
		}
		for i := range v.Len() {
			n.Content = append(n.Content, encoded(v.Index(i)))
		}
		return n
	case v.Kind() == reflect.Int:
		return &yaml.Node{Kind: yaml.ScalarNode, Value: strconv.FormatInt(v.Int(), 10)}
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: v.String()}
}

// put adds the keys of a struct, those of inlined ones included.
func put(n *yaml.Node, v reflect.Value) {
	for i := range v.NumField() {
		name, inline, _ := strings.Cut(v.Type().Field(i).Tag.Get("yaml"), ",")
		switch {
		case inline != "":
			put(n, v.Field(i))
		case !v.Field(i).IsZero():
			n.Content = append(n.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: name}, encoded(v.Field(i)))
		}
	}
}
