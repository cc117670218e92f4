// Package gram cuts text into the pieces by which it is found again: pairs of
// neighbouring characters where words are not spaced, whole words elsewhere.
// The same cut is made when text is kept and when it is asked for, so one table
// serves both engines.
package gram

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold writes text the one way in which it is compared: compatible forms made
// alike, small letters, one space between words and none between characters of
// scripts that do not space them, so that a line break in a document hides nothing.
func Fold(text string) string {
	var out strings.Builder
	var last rune
	space := false
	for _, r := range norm.NFKC.String(strings.ToValidUTF8(text, " ")) {
		if unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			space = true
			continue
		}
		r = unicode.ToLower(r)
		if space && last != 0 && !(dense(last) && dense(r)) {
			out.WriteByte(' ')
		}
		space, last = false, r
		out.WriteRune(r)
	}
	return out.String()
}

// dense reports whether the script of r sets no spaces between words.
func dense(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo, unicode.Thai) || r >= 0x3000 && r < 0x3040 || r >= 0xff00 && r < 0xffef
}

// longest is the most characters of a word that are kept.
const longest = 32

// Of lists the distinct pieces of a text, sorted: every character of a script
// without spaces, every pair of them that stand side by side, every other word.
func Of(text string) []string {
	set := map[string]bool{}
	var word []rune
	var last rune
	end := func() {
		if len(word) > 0 {
			set[string(word[:min(len(word), longest)])] = true
		}
		word = word[:0]
	}
	for _, r := range Fold(text) {
		switch {
		case dense(r) && unicode.IsLetter(r):
			end()
			set[string(r)] = true
			if last != 0 {
				set[string([]rune{last, r})] = true
			}
			last = r
			continue
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			word = append(word, r)
		default:
			end()
		}
		last = 0
	}
	end()
	out := make([]string, 0, len(set))
	for g := range set {
		out = append(out, g)
	}
	slices.Sort(out)
	return out
}

// Asked are the pieces that a text must have to hold a query: no single
// character where a pair says more.
func Asked(query string) []string {
	all := Of(query)
	pairs := strings.Builder{}
	for _, g := range all {
		if len([]rune(g)) > 1 {
			pairs.WriteString(g)
		}
	}
	return slices.DeleteFunc(all, func(g string) bool {
		r := []rune(g)
		return len(r) == 1 && dense(r[0]) && strings.ContainsRune(pairs.String(), r[0])
	})
}
