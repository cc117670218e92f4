package pack

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/sheet"
	"chuangwei/internal/register/standard/formula"
)

// The kinds of column; each is given where its value is kept in a row.

func head(key, zh, en string) (sheet.Column, string) {
	title, need := strings.CutSuffix(zh, "*")
	return sheet.Column{Key: key, Title: title, Need: need}, en
}

func text[T any](key, zh, en string, at func(*T) *string) column[T] {
	col, en := head(key, zh, en)
	return column[T]{Column: col, en: en, get: func(v *T) string { return *at(v) }, set: func(v *T, s string) fault.Text {
		if strings.ContainsAny(s, "\n\r\t") {
			return fault.Say("文字中间不能换行", "no line breaks within a text")
		}
		*at(v) = s
		return fault.Text{}
	}}
}

// number is an amount; 0 is an empty cell unless zero says that 0 is written.
func number[T any](key, zh, en string, at func(*T) *Milli, zero bool) column[T] {
	col, en := head(key, zh, en)
	col.Kind = sheet.Number
	return column[T]{Column: col, en: en, get: func(v *T) string {
		if *at(v) == 0 && !zero {
			return ""
		}
		return at(v).String()
	}, set: func(v *T, s string) (bad fault.Text) {
		m, err := amount(s)
		if err != nil {
			return fault.Say("“%[1]s”不是最多三位小数的数", "%[1]q is not a number with at most three decimals", s)
		}
		*at(v) = m
		return bad
	}}
}

// amount reads a number as spreadsheets keep it, where 0.3 may have become
// 0.30000000000000004.
func amount(s string) (Milli, error) {
	m, err := formula.Number(s)
	if err == nil {
		return m, nil
	}
	if f, bad := strconv.ParseFloat(s, 64); bad == nil {
		short := strconv.FormatFloat(f, 'f', 3, 64)
		if near, bad := strconv.ParseFloat(short, 64); bad == nil && math.Abs(near-f) < 1e-9 {
			return formula.Number(short)
		}
	}
	return 0, err
}

func count[T any](key, zh, en string, at func(*T) *int) column[T] {
	col, en := head(key, zh, en)
	col.Kind = sheet.Number
	return column[T]{Column: col, en: en, get: func(v *T) string {
		if *at(v) == 0 {
			return ""
		}
		return strconv.Itoa(*at(v))
	}, set: func(v *T, s string) (bad fault.Text) {
		n, err := strconv.Atoi(s)
		if err != nil || n < 0 {
			return fault.Say("“%[1]s”不是整数", "%[1]q is not a whole number", s)
		}
		*at(v) = n
		return bad
	}}
}

// choice is one word of a list.
func choice[T any](key, zh, en string, at func(*T) *string, list []Word) column[T] {
	col, en := head(key, zh, en)
	col.Hint = "可填：" + clipped(list)
	return column[T]{Column: col, en: en, get: func(v *T) string { return wordOf(list, *at(v)) }, set: func(v *T, s string) fault.Text {
		k, bad := keyOf(list, s)
		*at(v) = k
		return bad
	}, list: list}
}

// several are words of a list, or ids when there is no list.
func several[T any](key, zh, en string, at func(*T) *[]string, list []Word) column[T] {
	col, en := head(key, zh, en)
	col.Hint = "几个之间用顿号"
	if list != nil {
		col.Hint += "；可填：" + clipped(list)
	}
	return column[T]{Column: col, en: en, get: func(v *T) string {
		out := make([]string, len(*at(v)))
		for i, k := range *at(v) {
			out[i] = wordOf(list, k)
		}
		return strings.Join(out, "、")
	}, set: func(v *T, s string) fault.Text {
		var out []string
		for _, w := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("、,，;；\n\r", r) }) {
			k, bad := strings.TrimSpace(w), fault.Text{}
			if list != nil {
				if k, bad = keyOf(list, k); bad.ZH != "" {
					return bad
				}
			}
			out = append(out, k)
		}
		*at(v) = out
		return fault.Text{}
	}, list: list, many: true}
}

// marks are the last two columns of every line; key begins their keys.
func marks[T any](key string, zh, en string, at func(*T) *Mark) []column[T] {
	return []column[T]{
		text(key+"source", zh+"来源", en+"source", func(v *T) *string { return &at(v).Source }),
		choice(key+"checked", zh+"核实", en+"checked", func(v *T) *string { return &at(v).Checked }, Certainties),
	}
}

// clipped lists words for a hint, which a spreadsheet keeps short.
func clipped(list []Word) string {
	var out []rune
	for _, w := range list {
		if len(out)+len([]rune(w.ZH)) > 180 {
			return string(out) + "……"
		}
		if len(out) > 0 {
			out = append(out, '、')
		}
		out = append(out, []rune(w.ZH)...)
	}
	return string(out)
}

func wordOf(list []Word, key string) string {
	for _, w := range list {
		if w.Key == key && w.ZH != "" {
			return w.ZH
		}
	}
	return key
}

// keyOf takes the word or the key itself.
func keyOf(list []Word, word string) (string, fault.Text) {
	i := slices.IndexFunc(list, func(w Word) bool { return w.ZH == word })
	if i < 0 {
		i = slices.IndexFunc(list, func(w Word) bool { return w.Key == word })
	}
	if i < 0 {
		return "", fault.Say("“%[1]s”不在可选范围", "%[1]q is none of the choices", word)
	}
	return list[i].Key, fault.Text{}
}
