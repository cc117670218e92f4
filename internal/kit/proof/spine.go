package proof

import (
	"math/bits"
	"slices"

	"golang.org/x/mod/sumdb/tlog"
)

// block is a complete subtree: 1<<level leaves beginning at index<<level.
type block struct {
	level int
	index int64
}

func (b block) start() int64 { return b.index << b.level }
func (b block) end() int64   { return (b.index + 1) << b.level }
func (b block) row() int64   { return tlog.StoredHashIndex(b.level, b.index) }
func (b block) left() block  { return block{b.level - 1, 2 * b.index} }
func (b block) right() block { return block{b.level - 1, 2*b.index + 1} }

// between cuts the leaves from (inclusive) to (exclusive) into the fewest
// complete subtrees, in order. It never returns more than 126.
func between(from, to int64) []block {
	var out []block
	for from < to {
		level := bits.Len64(uint64(to-from)) - 1
		if from > 0 {
			level = min(level, bits.TrailingZeros64(uint64(from)))
		}
		out = append(out, block{level, from >> level})
		from += 1 << level
	}
	return out
}

// spine is a tree reduced to what its growth needs: the hashes of the complete
// subtrees it consists of, largest first. That is one hash per bit of size.
type spine struct {
	size  int64
	peaks []tlog.Hash
}

// push appends a complete subtree of 1<<level leaves, to which size must be
// aligned. joined (may be nil) learns of each pair of subtrees that became one.
func (s *spine) push(level int, h tlog.Hash, joined func(parent block, left, right tlog.Hash)) {
	end := s.size + 1<<level
	for l := level; s.size>>l&1 == 1; l++ {
		left := s.peaks[len(s.peaks)-1]
		s.peaks = s.peaks[:len(s.peaks)-1]
		if joined != nil {
			joined(block{l + 1, end>>(l+1) - 1}, left, h)
		}
		h = tlog.NodeHash(left, h)
	}
	s.peaks = append(s.peaks, h)
	s.size = end
}

// root is the hash of the whole tree, which must not be empty.
func (s *spine) root() tlog.Hash {
	last := len(s.peaks) - 1
	h := s.peaks[last]
	for _, left := range slices.Backward(s.peaks[:last]) {
		h = tlog.NodeHash(left, h)
	}
	return h
}

// with is the spine after a subtree was appended; s itself stays.
func (s *spine) with(level int, h tlog.Hash) *spine {
	c := s.clone()
	c.push(level, h, nil)
	return c
}

func (s *spine) clone() *spine { return &spine{s.size, slices.Clone(s.peaks)} }
