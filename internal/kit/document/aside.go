package document

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"time"
)

// Reader reads documents in a process of its own, so that a file that would
// take all memory or all time ends only that process. Without a command it
// reads here, which is for tests.
type Reader struct {
	Command []string      // of this program; it runs Aside
	Timeout time.Duration // 0 means 30 s
}

// answer is what the process aside says.
type answer struct {
	Text
	Locked bool
	Failed string
}

// mostAnswer bounds what is taken from the process aside: the text as JSON.
const mostAnswer = 8 << 20

// Read reads the text of a document. An error that is not ctx's means that the
// document cannot be read, however often it is tried.
func (a Reader) Read(ctx context.Context, kind string, b []byte) (Text, error) {
	if len(a.Command) == 0 {
		return ReadAll(ctx, kind, b)
	}
	if a.Timeout == 0 {
		a.Timeout = 30 * time.Second
	}
	limited, cancel := context.WithTimeout(ctx, a.Timeout)
	defer cancel()
	run := exec.CommandContext(limited, a.Command[0], append(a.Command[1:], kind)...)
	run.Stdin, run.WaitDelay = bytes.NewReader(b), time.Second
	run.Env = []string{"GOMEMLIMIT=384MiB", "GOMAXPROCS=1"}
	out := &short{most: mostAnswer}
	run.Stdout = out
	if err := run.Run(); err != nil {
		if ctx.Err() != nil {
			return Text{}, ctx.Err()
		}
		if limited.Err() != nil {
			return Text{}, errors.New("document: takes too long")
		}
		return Text{}, fmt.Errorf("document: the reader ended: %w", err)
	}
	var got answer
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		return Text{}, fmt.Errorf("document: the reader's answer: %w", err)
	}
	switch {
	case got.Locked:
		return Text{}, ErrLocked
	case got.Failed != "":
		return got.Text, errors.New(got.Failed)
	}
	return got.Text, nil
}

// short is a buffer that refuses to grow beyond its most.
type short struct {
	bytes.Buffer
	most int
}

func (s *short) Write(p []byte) (int, error) {
	if s.Len()+len(p) > s.most {
		return 0, errors.New("document: the reader says too much")
	}
	return s.Buffer.Write(p)
}

// Aside is the work of the process aside: a document in, an answer out. It
// takes the least memory the system lets it be held to.
func Aside(kind string, in io.Reader, out io.Writer) error {
	hold()
	b, err := io.ReadAll(io.LimitReader(in, MaxBytes+1))
	if err != nil {
		return fmt.Errorf("document: %w", err)
	}
	var a answer
	a.Text, err = ReadAll(context.Background(), kind, b)
	a.Locked = errors.Is(err, ErrLocked)
	if err != nil && !a.Locked {
		a.Failed = err.Error()
	}
	return json.NewEncoder(out).Encode(a)
}
