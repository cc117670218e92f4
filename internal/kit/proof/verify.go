package proof

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/fault"
)

// Verify judges an export. It needs no server and no database, reads the
// export once from front to back, and holds one path of the tree in memory.
//
// trustedKey is the county's verifier key as the reader got it by another way;
// "" takes the one in the header, which the Report calls weaker. checkpoint is
// a signed note kept separately, such as the one in a printed daily report; ""
// is none. With it even an export rewritten and signed anew is found out, and
// one cut back to an earlier checkpoint, which is otherwise a valid export of
// that day.
//
// An error means that the export or an argument cannot be read as such.
func Verify(export io.Reader, trustedKey string, checkpoint string) (Report, error) {
	return VerifyEach(export, trustedKey, checkpoint, func(event.Event) {})
}

// VerifyEach is Verify that hands every event to fn as it is read. What fn
// heard may be believed only when the Report says that the export is whole.
func VerifyEach(export io.Reader, trustedKey string, checkpoint string, fn func(event.Event)) (Report, error) {
	in := &lines{r: bufio.NewReaderSize(export, 1<<16)}
	v, err := begin(in, trustedKey, checkpoint)
	if err != nil {
		return Report{}, err
	}
	for !v.done {
		l, exact, err := in.next()
		v.line = in.n
		if errors.Is(err, io.EOF) {
			v.finish(in.odd)
			break
		}
		if err != nil {
			return Report{}, err
		}
		if !exact {
			v.damage("写法与导出的不同", "it is not written the way an export writes it")
		}
		if e, ok := l.(entry); ok {
			fn(e.Event)
		}
		v.take(l)
	}
	return v.Report, nil
}

// begin reads the header and both arguments.
func begin(in *lines, trustedKey, checkpoint string) (*verifier, error) {
	l, exact, err := in.next()
	if errors.Is(err, io.EOF) {
		return nil, in.fault(errors.New("no lines"))
	}
	if err != nil {
		return nil, err
	}
	h, ok := l.(header)
	if !ok || h.format != Format || h.size < 0 {
		return nil, in.fault(fmt.Errorf("no header of format %s", Format))
	}
	v := &verifier{header: h, good: &spine{}, line: 1}
	v.Size, v.OwnKey = h.size, trustedKey == ""
	if !exact {
		v.damage("写法与导出的不同", "it is not written the way an export writes it")
	}
	if err := v.useKey(trustedKey); err != nil {
		return nil, err
	}
	v.openHeader()
	return v, v.keep(checkpoint)
}

// useKey chooses the key that all signatures are checked with.
func (v *verifier) useKey(trusted string) (err error) {
	key := strings.TrimSpace(trusted)
	if v.OwnKey {
		key = v.header.key
	}
	if v.key, err = note.NewVerifier(key); err != nil {
		return fault.New(fault.Invalid, "proof.key", "公钥无法读取：%v", "The verifier key cannot be read: %v", err)
	}
	if v.header.key != key {
		v.damage("所带公钥与给定的不同", "it carries another key than the one given")
	}
	return nil
}

// openHeader takes the newest checkpoint from the header.
func (v *verifier) openHeader() {
	h, err := openExact(v.header.checkpoint, v.key)
	switch {
	case err != nil || h.origin != v.header.origin:
		v.damage("最新检查点的签名无效", "the signature of its newest checkpoint does not hold")
	default:
		v.newest = h.size
		v.promise(h, false)
		if h.size != v.header.size {
			v.damage("事件数与签名的不符", "it claims another number of events than was signed")
		}
	}
}

// keep takes the separately kept checkpoint.
func (v *verifier) keep(checkpoint string) error {
	checkpoint = strings.TrimSpace(strings.ReplaceAll(checkpoint, "\r\n", "\n"))
	if checkpoint == "" {
		return nil
	}
	checkpoint += "\n"
	h, err := readHead(checkpoint)
	if err == nil {
		h, err = openHead(checkpoint, v.key)
		if v.OwnKey && err != nil || err == nil && h.origin != v.header.origin {
			v.conclude(v.foreign)
			return nil
		}
	}
	if err != nil {
		return fault.New(fault.Invalid, "proof.checkpoint",
			"另存的检查点无法用此公钥验证：%v", "The checkpoint given does not verify with the key: %v", err)
	}
	v.promise(h, false)
	return nil
}

// finish ends the reading; odd tells that lines were passed over.
func (v *verifier) finish(odd bool) {
	if odd {
		v.damage("有空行或残缺的行", "there are empty or broken lines")
	}
	v.end()
}

// lines reads an export line by line, never holding more than one.
type lines struct {
	r   *bufio.Reader
	buf []byte
	n   int
	odd bool // something was passed over that no export writes
}

// next is the next line that is not empty, or io.EOF. A last line that was cut
// off in the middle counts as lost, not as malformed: a broken download is to
// be judged by what it still holds.
func (in *lines) next() (l line, exact bool, err error) {
	for {
		text, ended, err := in.read()
		if err != nil {
			return nil, false, err
		}
		if ended && len(bytes.TrimSpace(text)) == 0 {
			in.odd = true
			continue
		}
		l, exact, err := parse(text)
		if err != nil && !ended {
			in.odd = true
			return nil, false, io.EOF
		}
		if err != nil {
			return nil, false, in.fault(err)
		}
		return l, exact && ended, nil
	}
}

// read is the next line of text; ended tells whether a newline closed it.
func (in *lines) read() (text []byte, ended bool, err error) {
	in.n++
	in.buf = in.buf[:0]
	for {
		part, err := in.r.ReadSlice('\n')
		in.buf = append(in.buf, part...)
		switch {
		case len(in.buf) > maxLine:
			return nil, false, in.fault(fmt.Errorf("longer than %d bytes", maxLine))
		case err == nil:
			return in.buf[:len(in.buf)-1], true, nil
		case errors.Is(err, io.EOF) && len(in.buf) > 0:
			return in.buf, false, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, false, fmt.Errorf("proof: line %d: %w", in.n, err)
		}
	}
}

func (in *lines) fault(err error) error {
	return fault.New(fault.Invalid, "proof.malformed",
		"导出文件第 %d 行无法读取：%v", "Line %d of the export cannot be read: %v", in.n, err)
}
