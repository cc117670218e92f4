package db

import (
	"fmt"
	"strings"
	"testing"
)

func TestPlaceholdersAreNumberedAcrossManyConditions(t *testing.T) {
	var w Where
	for i := range 8 {
		w.And("a = $1 AND b = $2", i, -i)
	}
	for i := range 8 {
		want := fmt.Sprintf("(a = $%d AND b = $%d)", 2*i+1, 2*i+2)
		if w.parts[i] != want {
			t.Errorf("condition %d is %s, want %s", i, w.parts[i], want)
		}
	}
	if len(w.args) != 16 || strings.Count(w.Text(), " AND (") != 7 {
		t.Errorf("%d arguments in %s", len(w.args), w.Text())
	}
}

func TestOfNoPartsOfAnyThereIsNone(t *testing.T) {
	var w Where
	w.And("a = $1", 1)
	w.Any(func(or *Where) { or.In("b", nil) })
	w.Any(func(or *Where) { or.In("b", []string{"x", "y"}); or.And("c = $1", 2) })
	w.Among("d", nil)
	if want := "(a = $1) AND (1 = 0) AND ((b IN ($2,$3)) OR (c = $4)) AND (1 = 0)"; w.Text() != want {
		t.Errorf("got %s", w.Text())
	}
	if len(w.Args()) != 4 {
		t.Errorf("%d arguments", len(w.Args()))
	}
}

func TestAPageKeyOfAStrangerIsRefused(t *testing.T) {
	at, id, err := OpenPageKey(PageKey(-5, "a b"))
	if at != -5 || id != "a b" || err != nil {
		t.Errorf("got %d, %q, %v", at, id, err)
	}
	for _, bad := range []string{"", "!", "eA", PageKey(1, "")[:2]} {
		if _, _, err := OpenPageKey(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}
