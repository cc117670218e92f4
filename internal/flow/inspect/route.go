package inspect

import (
	"slices"

	"chuangwei/internal/kit/geo"
)

// Order is a short way from a start through all stops, as positions in the
// list: always on to the nearest, then crossings undone (2-opt) until none is
// left. It does not return to the start. The same stops give the same way.
func Order(start geo.Point, stops []geo.Point) []int {
	out := nearestFirst(start, stops)
	at := func(i int) geo.Point {
		if i < 0 {
			return start
		}
		return stops[out[i]]
	}
	for better := true; better; {
		better = false
		for i := 0; i < len(out)-1; i++ {
			for j := i + 1; j < len(out); j++ {
				was, now := geo.Metres(at(i-1), at(i)), geo.Metres(at(i-1), at(j))
				if j+1 < len(out) {
					was += geo.Metres(at(j), at(j+1))
					now += geo.Metres(at(i), at(j+1))
				}
				if now < was-0.5 { // half a metre, so that rounding never goes in circles
					slices.Reverse(out[i : j+1])
					better = true
				}
			}
		}
	}
	return out
}

func nearestFirst(from geo.Point, stops []geo.Point) []int {
	left := make([]int, len(stops))
	for i := range left {
		left[i] = i
	}
	var out []int
	for len(left) > 0 {
		best := 0
		for k := range left {
			if geo.Metres(from, stops[left[k]]) < geo.Metres(from, stops[left[best]]) {
				best = k
			}
		}
		out = append(out, left[best])
		from = stops[left[best]]
		left = slices.Delete(left, best, best+1)
	}
	return out
}
