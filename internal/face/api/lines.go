package api

import (
	"encoding/json"
	"strconv"
	"strings"
	"sync"

	"chuangwei/internal/flow/cases"
)

// line is a case as lists send it. What else it depends on, the names of the
// registers, is the atlas that holds it.
type line struct {
	version int64
	flags   string
	json    []byte
}

// linesMost is how many lines are kept, of about 800 bytes; a full book starts anew.
const linesMost = 10_000

// lines keeps written lines by language and case: everybody looks at the same
// newest cases, and to write them is half the work of a list.
type lines struct {
	mu sync.Mutex
	of map[[2]string]line
}

func (l *lines) find(key [2]string, version int64, flags string) ([]byte, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	at, ok := l.of[key]
	return at.json, ok && at.version == version && at.flags == flags
}

func (l *lines) keep(key [2]string, at line) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.of == nil || len(l.of) >= linesMost {
		l.of = map[[2]string]line{}
	}
	l.of[key] = at
}

// line writes a case; nobody may change what it returns.
func (v viewer) line(c cases.Case) ([]byte, error) {
	flags := v.flags(c)
	key, mark := [2]string{v.lang, c.ID}, strings.Join(flags, " ")
	if text, ok := v.where.lines.find(key, c.Version, mark); ok {
		return text, nil
	}
	text, err := json.Marshal(v.flagged(c, flags))
	if err == nil {
		v.where.lines.keep(key, line{c.Version, mark, text})
	}
	return text, err
}

// page writes a page of a list: items, next and total.
func (v viewer) page(p cases.Page) ([]byte, error) {
	body := append(make([]byte, 0, 1024*(len(p.Items)+1)), `{"items":[`...)
	for i, c := range p.Items {
		text, err := v.line(c)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			body = append(body, ',')
		}
		body = append(body, text...)
	}
	body = append(body, `],"next":`...)
	body = strconv.AppendQuote(body, p.Next) // a page key is plain ASCII
	body = append(body, `,"total":`...)
	body = strconv.AppendInt(body, int64(p.Total), 10)
	return append(body, '}'), nil
}
