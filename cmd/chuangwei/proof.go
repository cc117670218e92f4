package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/proof"
)

type exportCmd struct {
	where
	Out string `help:"File to write; standard output when empty." short:"o"`
}

// Run writes the log of a county that is here, extended and signed first.
func (e *exportCmd) Run(ctx context.Context, log *slog.Logger) (err error) {
	c, err := e.open(ctx, log, time.Now, false)
	if err != nil {
		return err
	}
	defer c.db.Close()
	if err := prove(ctx, c.db, noJob); err != nil {
		return err
	}
	out := io.WriteCloser(os.Stdout)
	if e.Out != "" {
		if out, err = os.Create(e.Out); err != nil {
			return fmt.Errorf("export: %w", err)
		}
	}
	defer func() {
		if cerr := out.Close(); err == nil {
			err = cerr
		}
	}()
	w := bufio.NewWriter(out)
	if err := c.db.Read(ctx, func(tx *db.Tx) error { return proof.Export(tx, w) }); err != nil {
		return err
	}
	return w.Flush()
}

type verifyCmd struct {
	File       string `arg:"" help:"The exported log, or - for standard input."`
	Key        string `help:"The county's verifier key, had by another way than the export itself." short:"k"`
	Checkpoint string `help:"File with a checkpoint kept earlier, for example from a printed daily report." type:"existingfile"`
}

// Run checks an export and says what it found; it needs no server.
func (v *verifyCmd) Run() error {
	in := os.Stdin
	if v.File != "-" {
		f, err := os.Open(v.File)
		if err != nil {
			return fmt.Errorf("verify: %w", err)
		}
		defer f.Close()
		in = f
	}
	kept := ""
	if v.Checkpoint != "" {
		b, err := os.ReadFile(v.Checkpoint)
		if err != nil {
			return fmt.Errorf("verify: %w", err)
		}
		kept = string(b)
	}
	report, err := proof.Verify(bufio.NewReader(in), v.Key, kept)
	if err != nil {
		return fmt.Errorf("verify: %w", err)
	}
	fmt.Printf("%s\n%s\n", report.Said.ZH, report.Said.EN)
	if !report.OK {
		os.Exit(1)
	}
	return nil
}
