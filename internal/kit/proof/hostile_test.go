package proof

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"math/rand"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/db/dbtest"
	"chuangwei/internal/kit/fault"
)

// forger signs whatever he likes with the key in his own export's header.
type forger struct {
	key    string
	signer note.Signer
}

func newForger(t testing.TB) forger {
	secret, key, err := note.GenerateKey(zeros{}, "forger")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		t.Fatal(err)
	}
	return forger{key, signer}
}

// sign puts a good signature under each checkpoint of an export.
func (f forger) sign(export string) string {
	var out []byte
	for text := range strings.Lines(export) {
		l, _, err := parse([]byte(strings.TrimSuffix(text, "\n")))
		switch l := l.(type) {
		case header:
			l.key, l.checkpoint = f.key, f.seal(l.checkpoint)
			out = append(l.appendTo(out), '\n')
		case mark:
			l.checkpoint = f.seal(l.checkpoint)
			out = append(l.appendTo(out), '\n')
		default:
			if out = append(out, text...); err != nil {
				return string(out)
			}
		}
	}
	return string(out)
}

func (f forger) seal(checkpoint string) string {
	h, err := readHead(checkpoint)
	if err != nil {
		return checkpoint
	}
	signed, err := note.Sign(&note.Note{Text: h.text()}, f.signer)
	if err != nil {
		return checkpoint
	}
	return string(signed)
}

// steadyCounty makes the same log each time, as fuzzing in several processes
// needs.
func steadyCounty(t testing.TB) *county {
	c := &county{t: t, d: dbtest.New(t, dbtest.NewClock(time.UnixMilli(1_700_000_000_000)).Now)}
	c.write(func(tx *db.Tx) error {
		secret, key, err := note.GenerateKey(rand.New(rand.NewSource(1)), "steady")
		c.key = key
		if err != nil {
			return err
		}
		return putPrivateKey(tx, secret)
	})
	return c
}

// FuzzVerify is best run with -fuzzminimizetime=1x: exports are long, and Go
// spends a minute on making each interesting one shorter.
func FuzzVerify(f *testing.F) {
	c := steadyCounty(f).grow(2, 1)
	good := c.export()
	f.Add(good)
	f.Add(strings.ReplaceAll(good, `\n3\n`, fmt.Sprintf(`\n%d\n`, int64(math.MaxInt64))))
	f.Add(strings.ReplaceAll(good, `"level":1`, `"level":-1`))
	f.Add(strings.ReplaceAll(good, `"seq":`, `"seq":-`))
	f.Add(`{"format":"chuangwei-proof/1"}`)
	forger := newForger(f)
	f.Fuzz(func(t *testing.T, export string) {
		r, err := Verify(strings.NewReader(export), c.key, "")
		if r.OK && export != good {
			t.Errorf("passes: %q", export)
		}
		if err != nil && fault.Code(err) != "proof.malformed" {
			t.Errorf("unclear error: %v", err)
		}
		forged := forger.sign(export)
		if r, err := Verify(strings.NewReader(forged), "", ""); err == nil && r.Said.ZH == "" {
			t.Errorf("no verdict on %q", forged)
		}
	})
}

func TestWhatIsNoExportIsRefusedClearly(t *testing.T) {
	c := newCounty(t).grow(3)
	good := c.export()
	for name, export := range map[string]string{
		"empty":            "",
		"not JSON":         "PK\x03\x04\n",
		"no header":        good[strings.Index(good, "\n")+1:],
		"another format":   strings.Replace(good, Format, "chuangwei-proof/9", 1),
		"a line of no use": good + "{}\n",
		"a wrong type":     strings.Replace(good, `"seq":2`, `"seq":"2"`, 1),
	} {
		_, err := Verify(strings.NewReader(export), c.key, "")
		if f, ok := fault.As(err); !ok || f.Code != "proof.malformed" || !strings.Contains(f.Text.ZH, "行") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Verify(strings.NewReader(good), "no key", ""); fault.Code(err) != "proof.key" {
		t.Errorf("a bad key: %v", err)
	}
}

// endless gives a good beginning and then one line without end.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	e.read += len(p)
	return len(p), nil
}

func TestALineWithoutEndIsRefusedInBoundedMemory(t *testing.T) {
	c := newCounty(t).grow(3)
	tail := &endless{}
	_, err := Verify(io.MultiReader(strings.NewReader(c.export()), tail), c.key, "")
	if fault.Code(err) != "proof.malformed" || tail.read > 2*maxLine {
		t.Errorf("read %d bytes: %v", tail.read, err)
	}
}

func TestWhatIsHeldIsOnePathOfTheTree(t *testing.T) {
	c := newCounty(t).grow(2000, 48)
	in := &lines{r: bufio.NewReader(strings.NewReader(c.export()))}
	v, err := begin(in, c.key, "")
	for err == nil {
		var l line
		if l, _, err = in.next(); err == nil {
			v.take(l)
		}
		if held := len(v.good.peaks) + len(v.expected) + len(v.due); held > 30 {
			t.Fatalf("holds %d hashes after %d events", held, v.read())
		}
	}
	if v.read() != 2048 {
		t.Errorf("read %d events: %v", v.read(), err)
	}
}

func BenchmarkExtend(b *testing.B) {
	c := newCounty(b)
	for b.Loop() {
		b.StopTimer()
		c.happen(1000)
		b.StartTimer()
		c.write(func(tx *db.Tx) error { _, _, err := Extend(tx, 1000); return err })
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1000, "ns/event")
}

func BenchmarkVerify(b *testing.B) {
	c := newCounty(b).grow(20_000)
	export := c.export()
	b.SetBytes(int64(len(export)))
	b.ReportAllocs()
	for b.Loop() {
		if r := verify(b, export, c.key, ""); !r.OK {
			b.Fatal(r)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/20_000, "ns/event")
}
