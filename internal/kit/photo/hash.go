package photo

import "math/bits"

// LookAlike is the largest Distance at which two photos count as the same picture.
// It may not exceed 7, or Bands would miss pairs.
//
// Measured on drawn scenes the limit was not chosen on (64 scenes, seeds 101 … 104 of 16
// kinds, 640×480; hash_test.go repeats it): copies recompressed to quality 40, shrunk to
// 320 px, stretched, darkened by 25 % or made gray lie at distance 0 … 4 (320 of 320 found),
// brightened by 20 % until parts burn out at 0 … 7 (63 of 64), with a rim of 2 % cropped
// away at 0 … 9 (58 of 64). Different scenes lie at 9 … 44 (2016 pairs); on the 128 scenes
// the limit was chosen on, the nearest of 8128 different pairs lay at 7. One view
// photographed twice lies close as well: 17 of 64 when nothing changed, 38 of 64 when the
// camera did not move and the problem was fixed, 9 of 128 when both happened. So it says
// that a view is the same, not that somebody cheated. Real streets were not measured.
const LookAlike = 6

// step is by how many shades of gray a box must be lighter than its neighbour to count.
// Without it, noise in a plain sky flips bits: copies then lie up to 11 bits away.
const step = 1

// dHash is the 64-bit difference hash (N. Krawetz, "Kind of Like That", 2013): each bit
// says whether one of 8×8 boxes is darker than its right-hand neighbour, so brightness,
// contrast, size and compression hardly matter. The top left box is the highest bit.
// A plain surface is 0 and tells nothing.
func dHash(g grays) uint64 {
	boxes := g.grid(9, 8)
	var hash uint64
	for y := range 8 {
		for x := range 8 {
			hash <<= 1
			if boxes.at[y*9+x]+step < boxes.at[y*9+x+1] {
				hash |= 1
			}
		}
	}
	return hash
}

// Distance is the number of bits in which two hashes differ, 0 … 64.
func Distance(a, b uint64) int { return bits.OnesCount64(a ^ b) }

// quarter is the number of bits of a band.
const quarter = 16

// Bands are the four quarters of a hash, lowest first: what an index keeps.
func Bands(h uint64) [4]int64 {
	var b [4]int64
	for i := range b {
		b[i] = int64(h >> (quarter * i) & (1<<quarter - 1))
	}
	return b
}

// Near are, for each band, the values whose photos must be compared: seven
// differing bits leave some quarter with at most one, so hashes within
// LookAlike have a band among these. A million photos give about a thousand.
func Near(h uint64) [4][quarter + 1]int64 {
	var out [4][quarter + 1]int64
	for i, band := range Bands(h) {
		out[i][quarter] = band
		for bit := range quarter {
			out[i][bit] = band ^ 1<<bit
		}
	}
	return out
}
