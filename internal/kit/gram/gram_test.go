package gram

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestTextIsCutIntoPairsAndWords(t *testing.T) {
	for text, want := range map[string]string{
		"清扫保洁":            "保 保洁 扫 扫保 洁 清 清扫",
		"清扫\n 保洁":         "保 保洁 扫 扫保 洁 清 清扫",
		"清扫，保洁":           "保 保洁 扫 洁 清 清扫",
		"GB/T 27770鼠密度":   "27770 gb t 密 密度 度 鼠 鼠密",
		"ＧＢ２０２５":          "gb2025",
		"2025年工作":         "2025 作 工 工作 年 年工",
		"":                "",
		" \t\u200b":       "",
		"Ünïcode ünïcode": "ünïcode",
		"𠮷野":              "野 𠮷 𠮷野",
	} {
		if got := strings.Join(Of(text), " "); got != want {
			t.Errorf("%q is cut into %q, want %q", text, got, want)
		}
	}
}

func TestAQueryAsksForNoMoreThanItNeeds(t *testing.T) {
	for query, want := range map[string]string{"井盖": "井盖", "井": "井", "井盖 缺失": "井盖 盖缺 缺失", "pdf 井": "pdf 井", "！？": ""} {
		if got := strings.Join(Asked(query), " "); got != want {
			t.Errorf("%q asks for %q, want %q", query, got, want)
		}
	}
}

func FuzzWhatATextHoldsIsFound(f *testing.F) {
	f.Add("县城清扫\n保洁记录 GB/T 27770", 2, 6)
	f.Fuzz(func(t *testing.T, text string, from, n int) {
		folded := Fold(text)
		if !utf8.ValidString(folded) || Fold(folded) != folded {
			t.Fatalf("%q is folded to %q and that to %q", text, folded, Fold(folded))
		}
		runes := []rune(folded)
		if from < 0 || n < 1 || from >= len(runes) {
			return
		}
		part := string(runes[from:min(len(runes), from+n%40+1)])
		have := Of(text)
		for _, g := range Asked(part) {
			if r := []rune(g); dense(r[0]) && !slices.Contains(have, g) {
				t.Errorf("%q of %q asks for %q, which is not there", part, folded, g)
			}
		}
	})
}
