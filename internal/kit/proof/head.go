package proof

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// head is what a checkpoint says: the log called origin had this root when it
// held size events.
type head struct {
	origin string
	size   int64
	root   tlog.Hash
}

// text is the signed part of a checkpoint, in the form transparency logs
// share (C2SP tlog-checkpoint): three lines without extensions.
func (h head) text() string {
	return h.origin + "\n" + strconv.FormatInt(h.size, 10) + "\n" + h.root.String() + "\n"
}

// readHead reads the text of a checkpoint, signed or not, without judging the
// signature. It refuses any spelling but the one text writes.
func readHead(text string) (head, error) {
	lines := strings.SplitN(text, "\n", 4)
	if len(lines) < 4 {
		return head{}, fmt.Errorf("proof: checkpoint has fewer than three lines")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return head{}, fmt.Errorf("proof: checkpoint size: %w", err)
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return head{}, fmt.Errorf("proof: checkpoint root: %w", err)
	}
	h := head{lines[0], size, root}
	rest, ok := strings.CutPrefix(text, h.text())
	if !ok || size < 1 || h.origin == "" || rest != "" && rest[0] != '\n' {
		return head{}, fmt.Errorf("proof: checkpoint is not three plain lines")
	}
	return h, nil
}

// openHead reads a checkpoint that key signed.
func openHead(signed string, key note.Verifier) (head, error) {
	n, err := note.Open([]byte(signed), note.VerifierList(key))
	if err != nil {
		return head{}, err
	}
	return readHead(n.Text)
}

// openExact is openHead for a checkpoint inside an export, where not a byte
// may differ from what the signer wrote.
func openExact(signed string, key note.Verifier) (head, error) {
	n, err := note.Open([]byte(signed), note.VerifierList(key))
	if err != nil {
		return head{}, err
	}
	sig, err := base64.StdEncoding.DecodeString(n.Sigs[0].Base64)
	if err != nil {
		return head{}, err
	}
	if signed != n.Text+"\n— "+key.Name()+" "+base64.StdEncoding.EncodeToString(sig)+"\n" {
		return head{}, fmt.Errorf("proof: checkpoint bears more than the county's signature")
	}
	return readHead(n.Text)
}
