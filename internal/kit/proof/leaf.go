// Package proof is the tamper-evident log: a Merkle tree (RFC 6962) over all
// events, checkpoints of it signed by the county, an export that carries both,
// and a verification that needs nothing but the export and a public key.
package proof

import (
	"strconv"
	"unicode/utf8"

	"golang.org/x/mod/sumdb/tlog"

	"chuangwei/internal/kit/event"
)

// leafTag opens every leaf, so that its bytes can mean nothing else.
const leafTag = "chuangwei/event/1\n"

// Leaf is what the tree hashes of an event: the tag "chuangwei/event/1\n" and
// then the six fields seq, at, kind, subject, who, body, each as a netstring
// "length:bytes," with the length in bytes, and both numbers in decimal. Two
// events differ exactly when their leaves do. The body enters byte for byte as
// it is stored. Bytes that are not UTF-8 count as U+FFFD, since that is all
// an export in JSON can say of them.
func Leaf(e event.Event) []byte {
	b := make([]byte, 0, len(leafTag)+len(e.Kind)+len(e.Subject)+len(e.Who)+len(e.Body)+64)
	b = append(b, leafTag...)
	b = netstring(b, strconv.FormatInt(e.Seq, 10))
	b = netstring(b, strconv.FormatInt(e.At, 10))
	b = netstring(b, e.Kind)
	b = netstring(b, e.Subject)
	b = netstring(b, e.Who)
	return netstring(b, string(e.Body))
}

func netstring(b []byte, s string) []byte {
	if !utf8.ValidString(s) {
		s = string([]rune(s))
	}
	b = strconv.AppendInt(b, int64(len(s)), 10)
	b = append(b, ':')
	b = append(b, s...)
	return append(b, ',')
}

// leafHash is the event's hash in the tree.
func leafHash(e event.Event) tlog.Hash { return tlog.RecordHash(Leaf(e)) }
