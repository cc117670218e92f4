package duty

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestWhichCrewTakesAProblem(t *testing.T) {
	kinds := map[string]Kind{"market": {Takes: []string{"market"}}, "squad": {Takes: []string{"community"}}, "post": {Takes: []string{"*"}}, "patrol": {}}
	d := func(id, kind, area, place string, from, to int64) Duty {
		return Duty{ID: id, Kind: kind, AreaID: area, PlaceID: place, FromAt: from, ToAt: to, LeaderID: "x"}
	}
	list := []Duty{d("early", "market", "a", "m", 0, 10), d("late", "market", "a", "m", 10, 20), d("squad", "squad", "a", "", 0, 20),
		d("post", "post", "a", "m", 5, 9), d("patrol", "patrol", "a", "", 0, 20), d("other", "market", "a", "n", 0, 20)}
	for _, x := range []struct {
		group, area, place string
		at                 int64
		want               string
	}{
		{"market", "a", "m", 3, "early"},
		{"market", "a", "m", 9, "early"}, // the post has left, the market team is still there
		{"market", "a", "m", 6, "early"}, // both are there: who came first
		{"market", "a", "m", 12, "late"}, // after the change of crews
		{"market", "a", "m", 20, ""},     // everybody has gone
		{"market", "a", "", 3, ""},       // not at the market
		{"community", "a", "", 3, "squad"},
		{"community", "a", "m", 6, "post"}, // at the place before in the area
		{"community", "b", "", 3, ""},
		{"food", "a", "m", 1, "post"}, // takes everything, comes later today
		{"food", "a", "n", 1, ""},
	} {
		for range 4 {
			rand.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
			got, ok := crewFor(list, kinds, x.group, x.area, x.place, x.at)
			if got.ID != x.want || ok != (x.want != "") {
				t.Errorf("%s at %s/%s, %d: %q, want %q", x.group, x.area, x.place, x.at, got.ID, x.want)
			}
		}
	}
}

func TestWhoTakesOver(t *testing.T) {
	d := func(id, kind, place string, from, to int64) Duty {
		return Duty{ID: id, Kind: kind, AreaID: "a", PlaceID: place, FromAt: from, ToAt: to, LeaderID: "x"}
	}
	from := d("from", "market", "m", 0, 10)
	list := []Duty{from, d("third", "market", "m", 20, 30), d("second", "market", "m", 10, 20), d("elsewhere", "market", "n", 10, 20), d("post", "post", "m", 10, 20)}
	if to, ok := next(list, from); !ok || to.ID != "second" {
		t.Errorf("got %q", to.ID)
	}
	if to, ok := next(list[:1], from); ok {
		t.Errorf("got %q of nobody", to.ID)
	}
}

func TestWhichCrewsMayTakeOver(t *testing.T) {
	const hour = int64(3_600_000)
	d := func(id, kind, area, place string, from, to int64) Duty {
		return Duty{ID: id, Kind: kind, AreaID: area, PlaceID: place, FromAt: from * hour, ToAt: to * hour, LeaderID: "x"}
	}
	from := d("from", "market", "a", "m", 0, 6)
	off := d("off", "market", "a", "m", 6, 12)
	off.CancelledAt = 1
	nobody := d("nobody", "market", "a", "m", 6, 12)
	nobody.LeaderID = ""
	list := []Duty{from, off, nobody, d("kind", "market", "b", "n", 6, 12), d("area", "post", "a", "", 6, 12), d("place", "post", "a", "m", 9, 12),
		d("tomorrow", "market", "a", "m", 24, 30), d("next", "market", "a", "m", 6, 12), d("overlaps", "market", "a", "m", 4, 10), d("gone", "market", "a", "m", 0, 6),
		d("elsewhere", "post", "b", "n", 6, 12), d("later", "market", "a", "m", 6+8*24, 12+8*24)}
	for range 4 {
		rand.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		var got []Duty
		for _, n := range list {
			if follows(from, n) {
				got = append(got, n)
			}
		}
		slices.SortFunc(got, func(a, b Duty) int { return likelier(from, a, b) })
		var ids []string
		for _, n := range got {
			ids = append(ids, n.ID)
		}
		if want := []string{"next", "overlaps", "tomorrow", "place", "area", "kind"}; !slices.Equal(ids, want) {
			t.Errorf("got %v, want %v", ids, want)
		}
	}
}
