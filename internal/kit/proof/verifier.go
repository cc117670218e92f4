package proof

import (
	"slices"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"chuangwei/internal/kit/fault"
)

// verifier walks an export. At each moment the events read fall in two parts:
// those proven to be what was signed, which good sums up, and those after them
// that only a later root can decide, which doubt sums up. An honest export
// never causes doubt, because the hash of every event is known before it comes.
type verifier struct {
	Report
	header header
	key    note.Verifier
	newest int64 // size of the newest checkpoint known to be signed, 0 if none

	good  *spine
	doubt *doubt

	due      []due     // roots known to be signed that are still ahead
	expected []subtree // signed hashes of what the present segment still brings, next one last
	segment  int64     // where the present segment ends

	line   int        // being read
	harm   fault.Text // the first damage beside the events
	harmed int        // its line, 0 if there is none
	done   bool
}

// due is a root the tree must have at a size.
type due struct {
	size int64
	root tlog.Hash
	mark bool // from a checkpoint line
}

// subtree is a block whose hash is known to be signed.
type subtree struct {
	block
	hash tlog.Hash
}

// doubt is the tree over the proven events and those in doubt: once with the
// events as they stand in the export, once with the hashes beside them.
type doubt struct {
	computed, recorded *spine
	parted             int64       // the first event at which the two differ, 0 if none
	waiting            []tlog.Hash // the first leaves in doubt, in case their hashes come late
}

// maxWaiting bounds waiting. Hashes come late when lines were put in or moved.
const maxWaiting = 64

// read is the number of events read.
func (v *verifier) read() int64 {
	if v.doubt != nil {
		return v.doubt.computed.size
	}
	return v.good.size
}

func (v *verifier) take(l line) {
	switch l := l.(type) {
	case mark:
		v.mark(l)
	case node:
		v.node(l)
	case entry:
		v.event(l)
	default:
		v.damage("多出的文件头", "it is a second header")
	}
}

// mark begins the segment of the next checkpoint. If its subtrees' hashes give
// the signed root, they are as good as signed themselves.
func (v *verifier) mark(m mark) {
	h, err := openExact(m.checkpoint, v.key)
	switch {
	case err != nil || h.origin != v.header.origin:
		v.damage("检查点的签名无效", "the signature of the checkpoint does not hold")
		return
	case v.good.size < v.segment || h.size <= v.good.size:
		v.damage("检查点不在其位", "the checkpoint is out of place")
		return
	case h.size > v.newest:
		v.damage("检查点比文件头的更新", "the checkpoint is newer than the header's")
		v.newest = h.size
	}
	v.segment = h.size
	v.promise(h, true)
	v.expect(m.blocks, h)
	v.settle()
}

// expect takes the hashes of a segment's subtrees if the signed root proves them.
func (v *verifier) expect(hashes []string, h head) {
	blocks := between(v.good.size, h.size)
	tree, ok := v.good.clone(), len(hashes) == len(blocks)
	v.expected = nil
	for i := 0; ok && i < len(blocks); i++ {
		var hash tlog.Hash
		hash, ok = exactHash(hashes[i])
		tree.push(blocks[i].level, hash, nil)
		v.expected = append(v.expected, subtree{blocks[i], hash})
	}
	if !ok || tree.root() != h.root {
		v.expected = nil
		v.damage("子树哈希与签名不符", "the hashes of its subtrees do not give the signed root")
	}
	slices.Reverse(v.expected)
	v.resolve()
}

// node splits the next expected subtree in its halves.
func (v *verifier) node(n node) {
	next := v.next()
	if next == nil || next.block != n.block || n.level == 0 {
		v.damage("哈希不在其位", "the hashes are out of place")
		return
	}
	left, okLeft := exactHash(n.left)
	right, okRight := exactHash(n.right)
	if !okLeft || !okRight || tlog.NodeHash(left, right) != next.hash {
		v.damage("哈希与签名不符", "the hashes do not lead to the signed root")
		return
	}
	*next = subtree{n.block.right(), right}
	v.expected = append(v.expected, subtree{n.block.left(), left})
	v.resolve()
}

// next is the subtree that follows the proven events, or nil when its hash is
// not known.
func (v *verifier) next() *subtree {
	if last := len(v.expected) - 1; last >= 0 && v.expected[last].start() == v.good.size {
		return &v.expected[last]
	}
	return nil
}

// event judges an event at once if its hash is known, and later otherwise.
func (v *verifier) event(e entry) {
	at := v.read()
	leaf := leafHash(e.Event)
	next := v.next()
	switch {
	case v.newest > 0 && at >= v.newest:
		v.conclude(func() { v.surplus(at + 1) })
	case e.Seq != at+1: // numbers are gapless, so this one cannot stand here
		v.conclude(func() { v.within(v.good.size, at+1) })
	case v.doubt != nil || next == nil || next.level > 0:
		v.ponder(e, leaf)
	default:
		v.compare(leaf)
		if e.hash != leaf.String() {
			v.damage("事件旁所存的哈希被改动", "the hash stored beside the event was altered")
		}
	}
	v.settle()
}

// compare holds the first event not yet proven against its signed hash, which
// must be known.
func (v *verifier) compare(leaf tlog.Hash) {
	if v.next().hash != leaf {
		v.conclude(func() { v.altered(v.good.size + 1) })
		return
	}
	v.good.push(0, leaf, nil)
	v.expected = v.expected[:len(v.expected)-1]
}

// ponder puts off an event whose hash is not known until a root or the hash is.
func (v *verifier) ponder(e entry, leaf tlog.Hash) {
	if v.doubt == nil {
		v.damage("事件之前的哈希缺失或无效", "the hashes that should come before the event are missing or do not hold")
		if next := v.next(); next != nil {
			v.due = append(v.due, due{next.end(), v.good.with(next.level, next.hash).root(), false})
		}
		v.doubt = &doubt{computed: v.good.clone(), recorded: v.good.clone()}
	}
	d := v.doubt
	if n := len(d.waiting); n < maxWaiting && v.good.size+int64(n) == d.computed.size {
		d.waiting = append(d.waiting, leaf)
	}
	hash, ok := exactHash(e.hash)
	d.computed.push(0, leaf, nil)
	d.recorded.push(0, hash, nil)
	if d.parted == 0 && (!ok || hash != leaf) {
		d.parted = d.computed.size
	}
}

// resolve compares events in doubt whose hashes came late.
func (v *verifier) resolve() {
	for v.doubt != nil && len(v.doubt.waiting) > 0 && !v.done {
		next := v.next()
		if next == nil || next.level > 0 {
			return
		}
		v.compare(v.doubt.waiting[0])
		v.doubt.waiting = v.doubt.waiting[1:]
		if v.good.size == v.doubt.computed.size {
			v.doubt = nil
		}
	}
}

// settle checks the roots that are due at the present size.
func (v *verifier) settle() {
	at := v.read()
	for i := 0; i < len(v.due) && !v.done; {
		if d := v.due[i]; d.size == at {
			v.due = slices.Delete(v.due, i, i+1)
			v.check(d)
		} else {
			i++
		}
	}
}

// check holds what was read against a signed root. If it does not fit but the
// stored hashes do, then these are the true ones, and the first event to part
// from them is the first that was altered.
func (v *verifier) check(d due) {
	doubt := v.doubt
	switch {
	case doubt == nil && v.good.root() != d.root:
		v.conclude(func() { v.forked(d.size) })
	case doubt == nil:
	case doubt.computed.root() == d.root:
		v.good, v.doubt = doubt.computed, nil
		for len(v.expected) > 0 && v.expected[len(v.expected)-1].end() <= v.good.size {
			v.expected = v.expected[:len(v.expected)-1]
		}
	case doubt.parted > 0 && doubt.recorded.root() == d.root:
		v.conclude(func() { v.altered(doubt.parted) })
	default:
		v.conclude(func() { v.within(v.good.size, d.size) })
	}
	if d.mark && !v.done {
		v.Checkpoints++
	}
}

// end judges what is left open when the export ends.
func (v *verifier) end() {
	at, signed := v.read(), int64(0)
	for _, d := range v.due {
		signed = max(signed, d.size)
	}
	v.LastGood = v.good.size
	switch {
	case signed > at && v.doubt == nil:
		v.conclude(func() { v.missing(at+1, signed) })
	case signed > at:
		v.conclude(func() { v.within(v.good.size, at+1) })
	case v.doubt != nil || at == 0:
		v.conclude(func() { v.unproven(v.good.size) })
	case v.harmed > 0:
		v.conclude(func() { v.damaged(v.harmed, v.harm) })
	default:
		v.conclude(v.intact)
	}
}

// promise notes a signed root that the events must come to.
func (v *verifier) promise(h head, mark bool) {
	v.due = append(v.due, due{h.size, h.root, mark})
}

// damage notes that something beside the events is not as it was written.
func (v *verifier) damage(zh, en string) {
	if v.harmed == 0 {
		v.harmed, v.harm = v.line, fault.Text{ZH: zh, EN: en}
	}
}

func (v *verifier) conclude(verdict func()) {
	if !v.done {
		verdict()
		v.done = true
	}
}
