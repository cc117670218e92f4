package standard

import (
	"strings"
	"sync"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/register/standard/pack"
	"chuangwei/internal/register/standard/score"
	"chuangwei/standards"
)

// shippedWords are the roles and kinds of place that packs may name.
var shippedWords = sync.OnceValues(func() (pack.Words, error) { return Words(standards.Files) })

// PlaceKind is the key by which packs name a kind of place that registers
// write in Chinese: market for 农贸市场. It is "" for a kind no pack knows.
func PlaceKind(name string) string {
	w, err := shippedWords()
	if err != nil {
		return "" // the packs could not be read either
	}
	for _, p := range w.Places {
		if p.ZH == name || p.Key == name {
			return p.Key
		}
	}
	return ""
}

// RoleWord and PlaceWord find the names of a key; one that is not known stands for itself.
func RoleWord(key string) pack.Word {
	return wordOf(key, func(w pack.Words) []pack.Word { return w.Roles })
}
func PlaceWord(key string) pack.Word {
	return wordOf(key, func(w pack.Words) []pack.Word { return w.Places })
}

func wordOf(key string, list func(pack.Words) []pack.Word) pack.Word {
	w, err := shippedWords()
	if err == nil {
		for _, each := range list(w) {
			if each.Key == key {
				return each
			}
		}
	}
	return pack.Word{Key: key, ZH: key, EN: key}
}

// Judgement is how one active pack counts a finding, by its own rule. Line is
// the scoring line it counts on, or nil where the pack has none for it.
type Judgement struct {
	Pack *Held
	Item pack.Item
	Line *pack.Score
}

// Judged tells how each active pack counts one finding of a kind of problem at
// a kind of place. Clauses name items that are surely meant, <pack>:<item>; a
// pack that none of them names judges by the first of its items that fits, and
// one that knows no such problem does not judge it.
func Judged(tx *db.Tx, kind, placeKind string, clauses []string) ([]Judgement, error) {
	packs, err := Active(tx)
	if err != nil {
		return nil, err
	}
	var out []Judgement
	for _, h := range packs {
		var items []string
		for _, c := range clauses {
			if id, ok := strings.CutPrefix(c, h.ID+":"); ok {
				items = append(items, id)
			}
		}
		if kind != "" && len(items) == 0 {
			items = append(items, h.ItemsFor(kind, placeKind)...)
		}
		if len(items) == 0 {
			continue
		}
		j := Judgement{Pack: h}
		if line, ok := score.Counts(h.Pack, score.Finding{Items: items, Kind: kind, Place: placeKind}); ok {
			j.Line, items = &line, []string{line.Item}
		}
		j.Item, _ = h.Item(items[0])
		out = append(out, j)
	}
	return out, nil
}
