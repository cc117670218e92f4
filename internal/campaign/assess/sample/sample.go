// Package sample draws the places of a round as assessors draw theirs: by kind
// of place and number, spread over the areas, by a seed with which anybody can
// draw again. It knows no database.
package sample

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"slices"
)

// Place is one that may be drawn.
type Place struct{ ID, Kind, Area string }

// Want is how many places of a kind; a kind that has fewer gives all.
type Want struct {
	Kind string `json:"kind"`
	N    int    `json:"n"`
}

// Draw chooses from the frame. The places of a kind are laid in a row, area by
// area, both in an order the seed decides, and every T/N-th is taken from a
// start the seed decides too (systematic sampling). So each place of a kind
// has the same chance N/T, and each area gets its share, rounded down or up.
// The order of the frame does not matter; a kind wanted twice counts once.
func Draw(seed string, frame []Place, wants []Want) []Place {
	byKind := map[string][]Place{}
	seen := map[string]bool{}
	for _, p := range frame {
		if !seen[p.ID] {
			byKind[p.Kind] = append(byKind[p.Kind], p)
			seen[p.ID] = true
		}
	}
	var out []Place
	for _, w := range wants {
		out = append(out, take(seed, w, byKind[w.Kind])...)
		delete(byKind, w.Kind)
	}
	return out
}

// take is one kind's part of a draw.
func take(seed string, w Want, list []Place) []Place {
	total := uint64(len(list))
	n := uint64(max(0, min(w.N, len(list))))
	if n == 0 {
		return nil
	}
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b Place) int {
		return cmp.Or(cmp.Compare(mark(seed, w.Kind, a.Area), mark(seed, w.Kind, b.Area)), cmp.Compare(a.Area, b.Area),
			cmp.Compare(mark(seed, w.Kind, a.ID), mark(seed, w.Kind, b.ID)), cmp.Compare(a.ID, b.ID))
	})
	sum := sha256.Sum256([]byte(seed + "/" + w.Kind))
	start := binary.BigEndian.Uint64(sum[:8]) % total
	var out []Place
	for i, p := range list {
		if (uint64(i+1)*n+start)/total > (uint64(i)*n+start)/total {
			out = append(out, p)
		}
	}
	return out
}

// mark is where something stands in the order of a seed.
func mark(seed, kind, id string) string {
	sum := sha256.Sum256([]byte(seed + "/" + kind + "/" + id))
	return hex.EncodeToString(sum[:])
}
