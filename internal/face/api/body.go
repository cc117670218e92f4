package api

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"chuangwei/internal/kit/fault"
)

// mostBody bounds a JSON body.
const mostBody = 256 << 10

// receive reads a JSON body as strictly as the contract has it: what is wrong
// is refused with the name of the field.
func receive(w http.ResponseWriter, r *http.Request, v any) ([]byte, error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return nil, fault.New(fault.Invalid, "body.type", "请求格式应为 application/json。", "The body must be application/json.")
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostBody))
	if err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return nil, fault.New(fault.Invalid, "body.large", "内容太长（最多256KB）。", "The body is too long (256 KB at most).")
		}
		return nil, fault.New(fault.Invalid, "body.cut", "内容没有传完，请重试。", "The body did not arrive whole; try again.")
	}
	if !utf8.Valid(raw) {
		return nil, badBody(errors.New("not UTF-8"))
	}
	if err := json.Unmarshal(raw, v); err != nil {
		return nil, badBody(err)
	}
	return raw, exact(raw, reflect.TypeOf(v).Elem())
}

// badBody says which field has the wrong type, or only that it is no JSON we know.
func badBody(err error) error {
	f := fault.New(fault.Invalid, "body.json", "内容格式不对，请刷新页面或更新程序后重试。", "The body is not as the contract says.")
	var wrong *json.UnmarshalTypeError
	if !errors.As(err, &wrong) {
		return f
	}
	name, want := wrong.Field, kindNames[wrong.Type.Kind()]
	if name == "" {
		name = "body"
	}
	return f.In(name, "应为%[1]s", "must be %[2]s", want.ZH, want.EN)
}

var kindNames = map[reflect.Kind]fault.Text{
	reflect.String: {ZH: "文字", EN: "a text"}, reflect.Slice: {ZH: "列表", EN: "a list"}, reflect.Bool: {ZH: "是或否", EN: "true or false"},
	reflect.Float64: {ZH: "数字", EN: "a number"}, reflect.Int64: {ZH: "整数", EN: "a whole number"}, reflect.Struct: {ZH: "对象", EN: "an object"},
	reflect.Map: {ZH: "对象", EN: "an object"},
}

// exact refuses what encoding/json lets pass: fields nobody knows or spelt in
// another case, null, required ones missing, and text no database keeps.
func exact(raw []byte, want reflect.Type) error {
	var sent map[string]any
	if err := json.Unmarshal(raw, &sent); err != nil || sent == nil {
		return badBody(&json.UnmarshalTypeError{Type: reflect.TypeOf(sent)})
	}
	var c fault.Check
	exactly(&c, sent, want)
	return c.Err()
}

// exactly looks at one object of a body, and at the objects in its lists.
func exactly(c *fault.Check, sent map[string]any, want reflect.Type) {
	known := map[string]bool{}
	for i := range want.NumField() {
		tag, kind := want.Field(i).Tag, want.Field(i).Type
		name := tag.Get("json")
		known[name] = true
		if tag.Get("body") == "required" {
			_, given := sent[name]
			c.That(given, name, "缺少 %[1]s", "%[1]s is missing", name)
		}
		list, _ := sent[name].([]any)
		if kind.Kind() != reflect.Slice || kind.Elem().Kind() != reflect.Struct {
			continue
		}
		for _, each := range list {
			object, ok := each.(map[string]any)
			if c.That(ok, name, "%[1]s 里有一项是空的", "an entry of %[1]s is null", name); ok {
				exactly(c, object, kind.Elem())
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(sent)) {
		c.That(known[name], name, "没有 %[1]s 这个字段", "there is no field %[1]s", name)
		c.That(sent[name] != nil, name, "%[1]s 不能为 null", "%[1]s must not be null", name)
		c.That(keptWhole(sent[name]), name, "%[1]s 含有无法保存的字符，请删去后重试", "%[1]s holds a character that cannot be kept", name)
	}
}

// keptWhole reports whether every text of a value can be kept: PostgreSQL
// takes no NUL and nothing that is not UTF-8.
func keptWhole(v any) bool {
	switch v := v.(type) {
	case string:
		return utf8.ValidString(v) && !strings.Contains(v, "\x00")
	case []any:
		return !slices.ContainsFunc(v, func(each any) bool { return !keptWhole(each) })
	case map[string]any:
		for name, each := range v {
			if !keptWhole(name) || !keptWhole(each) {
				return false
			}
		}
	}
	return true
}

// legible refuses addresses whose text no database takes.
func legible(r *http.Request) error {
	if !keptWhole(r.URL.Path) {
		return fault.New(fault.NotFound, "api.none", "没有这个接口。", "There is no such endpoint.")
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return fault.New(fault.Invalid, "query.form", "网址中的查询条件格式不对。", "The query of the address is malformed.")
	}
	var c fault.Check
	for _, name := range slices.Sorted(maps.Keys(query)) {
		for _, v := range append(query[name], name) {
			c.That(keptWhole(v), strings.ToValidUTF8(name, "?"), "含有无法处理的字符", "holds a character that cannot be used")
		}
	}
	return c.Err()
}

// atMost notes a text of more than n characters.
func atMost(c *fault.Check, name, text string, n int) {
	c.That(utf8.RuneCountInString(text) <= n, name, "%[1]s 最多%[2]d字", "%[1]s may have at most %[2]d characters", name, n)
}

// sumsIn notes photos that are not named by their SHA-256.
func sumsIn(c *fault.Check, photos []string) {
	c.That(!slices.ContainsFunc(photos, func(s string) bool { return !isSum(s) }), "photos", "照片编号不对", "a photo is not named by its SHA-256")
}
