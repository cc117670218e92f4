package db

import (
	"encoding/base64"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"chuangwei/internal/kit/fault"
)

// Where is a condition being written, with its arguments; all parts must hold.
type Where struct {
	parts []string
	args  []any
}

var placeholder = regexp.MustCompile(`\$\d+`)

// And adds a condition whose placeholders count from $1 for its own arguments.
func (w *Where) And(cond string, args ...any) {
	cond = placeholder.ReplaceAllStringFunc(cond, func(p string) string {
		n, _ := strconv.Atoi(p[1:]) // digits by the pattern
		return "$" + strconv.Itoa(len(w.args)+n)
	})
	w.parts = append(w.parts, "("+cond+")")
	w.args = append(w.args, args...)
}

// In asks for one of a list; an empty list asks for nothing.
func (w *Where) In(column string, list []string) {
	if len(list) > 0 {
		w.And(column+" IN "+In(1, len(list)), Args(list)...)
	}
}

// Among asks for one of a list; of an empty list there is none.
func (w *Where) Among(column string, list []string) {
	if len(list) == 0 {
		w.And("1 = 0")
		return
	}
	w.In(column, list)
}

// Any asks for at least one of the parts that fn adds; of no parts there is none.
func (w *Where) Any(fn func(or *Where)) {
	or := Where{args: w.args}
	fn(&or)
	w.args = or.args
	if len(or.parts) == 0 {
		or.parts = []string{"1 = 0"}
	}
	w.parts = append(w.parts, "("+strings.Join(or.parts, " OR ")+")")
}

// Everything reports that nothing has been asked for.
func (w *Where) Everything() bool { return len(w.parts) == 0 }

// Text is the condition, to stand after WHERE.
func (w *Where) Text() string {
	if len(w.parts) == 0 {
		return "1 = 1"
	}
	return strings.Join(w.parts, " AND ")
}

// Args are a copy of the condition's arguments, in order.
func (w *Where) Args() []any { return slices.Clone(w.args) }

// Clone is the condition to be narrowed further on its own.
func (w *Where) Clone() *Where {
	return &Where{parts: slices.Clone(w.parts), args: slices.Clone(w.args)}
}

// PageKey names the last row of a page by its place in the order and its id.
func PageKey(at int64, id string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(at, 10) + " " + id))
}

// OpenPageKey reads what PageKey wrote and a stranger may have changed.
func OpenPageKey(key string) (at int64, id string, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(key)
	text, id, ok := strings.Cut(string(raw), " ")
	at, aerr := strconv.ParseInt(text, 10, 64)
	if err != nil || !ok || aerr != nil {
		return 0, "", fault.New(fault.Invalid, "list.after", "翻页位置不对，请从第一页重新开始。", "The page key is wrong; start from the first page.")
	}
	return at, id, nil
}
