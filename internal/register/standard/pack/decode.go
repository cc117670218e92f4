package pack

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/standard/formula"

	"go.yaml.in/yaml/v3"
)

// Lines says in which line of its file a part of a pack stands: "items.3" or
// "items.3.requirements.0.lead".
type Lines map[string]int

// Of is the line of a part, or of the nearest part around it that is there.
func (l Lines) Of(at string) int {
	for {
		if n, ok := l[at]; ok {
			return max(1, n)
		}
		i := strings.LastIndexByte(at, '.')
		if i < 0 {
			return 1
		}
		at = at[:i]
	}
}

// mostFaults are told at once.
const mostFaults = 200

// decoder fills a pack from YAML nodes, strictly: unknown and repeated keys,
// wrong types and aliases are faults, each with its line.
type decoder struct {
	file  string
	lines Lines
	bad   []fault.Field
}

func (d *decoder) wrong(n *yaml.Node, zh, en string, args ...any) {
	if len(d.bad) < mostFaults {
		d.bad = append(d.bad, fault.Field{Name: d.file + ":" + strconv.Itoa(n.Line), Text: fault.Say(zh, en, args...)})
	}
}

var milliType = reflect.TypeFor[formula.Milli]()

func (d *decoder) decode(n *yaml.Node, at string, v reflect.Value) {
	d.lines[at] = n.Line
	switch {
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		d.wrong(n, "不能使用锚点和别名", "anchors and aliases are not allowed")
	case v.Type() == milliType:
		d.number(n, v)
	case v.Kind() == reflect.Struct:
		d.object(n, at, v)
	case v.Kind() == reflect.Slice:
		d.list(n, at, v)
	case n.Kind != yaml.ScalarNode:
		d.wrong(n, "这里只能写一个值", "a single value belongs here")
	case v.Kind() == reflect.Int:
		i, err := strconv.Atoi(n.Value)
		if err != nil || i < 0 {
			d.wrong(n, "“%[1]s”不是整数", "%[1]q is not a whole number", n.Value)
		}
		v.SetInt(int64(i))
	default:
		d.text(n, v)
	}
}

func (d *decoder) number(n *yaml.Node, v reflect.Value) {
	m, err := formula.Number(n.Value)
	if n.Kind != yaml.ScalarNode || err != nil {
		d.wrong(n, "“%[1]s”不是最多三位小数的数", "%[1]q is not a number with at most three decimals", n.Value)
	}
	v.SetInt(int64(m))
}

func (d *decoder) text(n *yaml.Node, v reflect.Value) {
	if n.Tag != "!!str" {
		d.wrong(n, "“%[1]s”请加引号", "put %[1]q into quotes", n.Value)
	}
	if strings.TrimSpace(n.Value) != n.Value || strings.ContainsAny(n.Value, "\n\r\t") {
		d.wrong(n, "文字首尾不能有空格，中间不能换行", "no spaces at the ends and no line breaks within a text")
	}
	v.SetString(n.Value)
}

func (d *decoder) list(n *yaml.Node, at string, v reflect.Value) {
	if n.Kind != yaml.SequenceNode {
		d.wrong(n, "这里应该是一个列表", "a list belongs here")
		return
	}
	if len(n.Content) == 0 {
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content)))
	for i, each := range n.Content {
		d.decode(each, at+"."+strconv.Itoa(i), v.Index(i))
	}
}

func (d *decoder) object(n *yaml.Node, at string, v reflect.Value) {
	if n.Kind != yaml.MappingNode {
		d.wrong(n, "这里应该是“名称: 值”", "keys with values belong here")
		return
	}
	fields := fieldsOf(v)
	var seen []string
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		field, ok := fields[key.Value]
		switch {
		case !ok:
			d.wrong(key, "没有“%[1]s”这一项", "there is no key %[1]q", key.Value)
			continue
		case slices.Contains(seen, key.Value):
			d.wrong(key, "“%[1]s”重复了", "the key %[1]q is there twice", key.Value)
			continue
		}
		seen = append(seen, key.Value)
		d.decode(value, strings.TrimPrefix(at+"."+key.Value, "."), field)
	}
}

// fieldsOf maps the keys of a struct, those of inlined ones included, to its fields.
func fieldsOf(v reflect.Value) map[string]reflect.Value {
	out := map[string]reflect.Value{}
	for i := range v.NumField() {
		name, inline, _ := strings.Cut(v.Type().Field(i).Tag.Get("yaml"), ",")
		if inline == "" {
			out[name] = v.Field(i)
			continue
		}
		for k, f := range fieldsOf(v.Field(i)) {
			out[k] = f
		}
	}
	return out
}
