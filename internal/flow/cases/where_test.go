package cases

import (
	"fmt"
	"strings"
	"testing"
)

func TestPlaceholdersAreNumberedAcrossManyConditions(t *testing.T) {
	var w where
	for i := range 8 {
		w.add("a = $1 AND b = $2", i, -i)
	}
	for i := range 8 {
		want := fmt.Sprintf("(a = $%d AND b = $%d)", 2*i+1, 2*i+2)
		if w.parts[i] != want {
			t.Errorf("condition %d is %s, want %s", i, w.parts[i], want)
		}
	}
	if len(w.args) != 16 || strings.Count(w.text(), " AND (") != 7 {
		t.Errorf("%d arguments in %s", len(w.args), w.text())
	}
}
