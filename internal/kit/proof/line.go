package proof

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf8"

	"golang.org/x/mod/sumdb/tlog"

	"chuangwei/internal/kit/event"
)

// Format names the export's format and version.
const Format = "chuangwei-proof/1"

// maxLine bounds a line of an export, and with it what a hostile export can
// make Verify hold in memory.
const maxLine = 4 << 20

// A line of an export is one of header, mark, node and entry. Each has exactly
// one spelling, that of appendTo, so that nothing can hide between the fields.
type line interface{ appendTo(b []byte) []byte }

// header is the first line. Size is that of checkpoint, the newest one, which
// stands here so that it survives when the export's tail is lost.
type header struct {
	format, origin, key string
	size                int64
	checkpoint          string
}

// mark comes before the events a checkpoint added: the signed note, and the
// hashes of the fewest complete subtrees that make up these events.
type mark struct {
	checkpoint string
	blocks     []string
}

// node comes before the events of a subtree and gives the hashes of its halves.
type node struct {
	block
	left, right string
}

// entry is an event and its leaf's hash as stored.
type entry struct {
	event.Event
	hash string
}

func (h header) appendTo(b []byte) []byte {
	b = appendText(append(b, `{"format":`...), h.format)
	b = appendText(append(b, `,"origin":`...), h.origin)
	b = appendText(append(b, `,"verifier_key":`...), h.key)
	b = strconv.AppendInt(append(b, `,"size":`...), h.size, 10)
	b = appendText(append(b, `,"checkpoint":`...), h.checkpoint)
	return append(b, '}')
}

func (m mark) appendTo(b []byte) []byte {
	b = appendText(append(b, `{"checkpoint":`...), m.checkpoint)
	b = append(b, `,"blocks":[`...)
	for i, h := range m.blocks {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendText(b, h)
	}
	return append(b, "]}"...)
}

func (n node) appendTo(b []byte) []byte {
	b = strconv.AppendInt(append(b, `{"level":`...), int64(n.level), 10)
	b = strconv.AppendInt(append(b, `,"index":`...), n.index, 10)
	b = appendText(append(b, `,"left":`...), n.left)
	b = appendText(append(b, `,"right":`...), n.right)
	return append(b, '}')
}

func (e entry) appendTo(b []byte) []byte {
	b = strconv.AppendInt(append(b, `{"seq":`...), e.Seq, 10)
	b = strconv.AppendInt(append(b, `,"at":`...), e.At, 10)
	b = appendText(append(b, `,"kind":`...), e.Kind)
	b = appendText(append(b, `,"subject":`...), e.Subject)
	b = appendText(append(b, `,"who":`...), e.Who)
	b = appendText(append(b, `,"body":`...), string(e.Body))
	b = appendText(append(b, `,"hash":`...), e.hash)
	return append(b, '}')
}

// appendText writes s as a JSON string: only what must be escaped is, and
// always the same way. Go's own encoder has changed its escapes before, and an
// export must be verifiable for decades.
func appendText(b []byte, s string) []byte {
	b = append(b, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r == '\n':
			b = append(b, '\\', 'n')
		case r < 0x20:
			b = fmt.Appendf(b, `\u%04x`, r)
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	return append(b, '"')
}

// anyLine has every field of every kind of line; which one it is shows in the
// pointers.
type anyLine struct {
	Format     *string  `json:"format"`
	Origin     string   `json:"origin"`
	Key        string   `json:"verifier_key"`
	Size       int64    `json:"size"`
	Checkpoint *string  `json:"checkpoint"`
	Blocks     []string `json:"blocks"`
	Level      *int     `json:"level"`
	Index      int64    `json:"index"`
	Left       string   `json:"left"`
	Right      string   `json:"right"`
	Seq        *int64   `json:"seq"`
	At         int64    `json:"at"`
	Kind       string   `json:"kind"`
	Subject    string   `json:"subject"`
	Who        string   `json:"who"`
	Body       string   `json:"body"`
	Hash       string   `json:"hash"`
}

// parse reads a line; exact tells whether it has the one right spelling.
func parse(text []byte) (l line, exact bool, err error) {
	var a anyLine
	if err := json.Unmarshal(text, &a); err != nil {
		return nil, false, err
	}
	switch {
	case a.Seq != nil:
		l = entry{event.Event{Seq: *a.Seq, At: a.At, Kind: a.Kind, Subject: a.Subject, Who: a.Who,
			Body: json.RawMessage(a.Body)}, a.Hash}
	case a.Level != nil:
		l = node{block{*a.Level, a.Index}, a.Left, a.Right}
	case a.Format != nil:
		l = header{*a.Format, a.Origin, a.Key, a.Size, deref(a.Checkpoint)}
	case a.Checkpoint != nil:
		l = mark{*a.Checkpoint, a.Blocks}
	default:
		return nil, false, fmt.Errorf("neither header, checkpoint, node nor event")
	}
	return l, bytes.Equal(l.appendTo(nil), text), nil
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// exactHash reads a hash in its one right spelling.
func exactHash(s string) (tlog.Hash, bool) {
	h, err := tlog.ParseHash(s)
	return h, err == nil && h.String() == s
}
