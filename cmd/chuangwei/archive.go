package main

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"os"
	"time"

	"chuangwei/internal/flow/evidence"
	"chuangwei/internal/kit/archive"
	"chuangwei/internal/kit/document"
	"chuangwei/internal/kit/proof"
	"chuangwei/internal/register/org"

	"github.com/google/uuid"
)

type archiveCmd struct {
	Make   archiveMakeCmd   `cmd:"" help:"Write the archive of a standard as a ZIP."`
	Verify archiveVerifyCmd `cmd:"" help:"Check an archive against an exported event log; needs no server."`
}

type extractCmd struct {
	Type string `arg:"" help:"The document's type."`
}

// Run is the process aside in which one document is read.
func (e *extractCmd) Run() error { return document.Aside(e.Type, os.Stdin, os.Stdout) }

type archiveMakeCmd struct {
	where
	Pack string `help:"Which standard." default:"county-2021"`
	From int    `help:"First year; two before the last when not given."`
	To   int    `help:"Last year; this one when not given."`
	Out  string `help:"File to write." short:"o" required:""`
}

// Run makes the archive and signs the log that vouches for it.
func (a *archiveMakeCmd) Run(ctx context.Context, log *slog.Logger) (err error) {
	c, err := a.open(ctx, log, time.Now, false)
	if err != nil {
		return err
	}
	defer c.db.Close()
	if a.To == 0 {
		a.To = time.Now().Year()
	}
	if a.From == 0 {
		a.From = a.To - 2
	}
	made, err := c.papers().MakeNow(ctx, c.db, org.System, evidence.Archive{ID: uuid.Must(uuid.NewV7()).String(), Pack: a.Pack, FromYear: a.From, ToYear: a.To})
	if err != nil {
		return err
	}
	if made.State != "ready" {
		return fmt.Errorf("%s\n%s", made.Why.ZH, made.Why.EN)
	}
	if err := prove(ctx, c.db, noJob); err != nil {
		return err
	}
	return a.write(ctx, c, made)
}

func (a *archiveMakeCmd) write(ctx context.Context, c *county, made evidence.Archive) (err error) {
	out, err := os.Create(a.Out)
	if err != nil {
		return fmt.Errorf("archive: %w", err)
	}
	defer func() {
		if cerr := out.Close(); err == nil {
			err = cerr
		}
	}()
	if err := c.papers().Stream(ctx, out, made); err != nil {
		return err
	}
	fmt.Printf("已写出 %[1]s：%[2]d 个文件，清单 SHA-256 %[3]s\n%[1]s written: %[2]d files, SHA-256 of its manifest %[3]s\n", a.Out, made.Files, made.Manifest)
	return nil
}

type archiveVerifyCmd struct {
	File    string `arg:"" help:"The ZIP."`
	Against string `required:"" help:"The exported event log, see chuangwei export."`
	Key     string `help:"The county's verifier key, had by another way than the export itself." short:"k"`
}

// Run names every file that is not as it was when the log vouched for it.
func (v *archiveVerifyCmd) Run() error {
	report, err := v.look()
	if err != nil {
		return err
	}
	for _, list := range []struct {
		zh, en string
		names  []string
	}{{"被改动", "changed", report.Changed}, {"缺少", "missing", report.Missing}, {"多出", "added", report.Added}} {
		for _, name := range list.names {
			fmt.Printf("%s %s: %s\n", list.zh, list.en, name)
		}
	}
	made, log, err := v.vouched(report.Manifest)
	if err != nil {
		return err
	}
	switch {
	case !log.OK:
		fmt.Printf("日志不可信：%s\nThe log does not hold: %s\n", log.Said.ZH, log.Said.EN)
	case made.Manifest == "":
		fmt.Println("日志里没有这份档案的记录：清单被改过，或日志导出得太早。\nThe log knows no such archive: its manifest was changed, or the log was exported before it was made.")
	case report.OK():
		fmt.Printf("档案完整：%[1]d 个文件与日志中的清单一致。\nThe archive is whole: %[1]d files are those of the manifest in the log.\n", report.Files)
		return nil
	default:
		fmt.Println("档案与日志中的清单不一致，见上。\nThe archive differs from the manifest in the log, see above.")
	}
	os.Exit(1)
	return nil
}

func (v *archiveVerifyCmd) look() (archive.Report, error) {
	f, err := os.Open(v.File)
	if err != nil {
		return archive.Report{}, fmt.Errorf("archive: %w", err)
	}
	defer f.Close()
	s, err := f.Stat()
	if err != nil {
		return archive.Report{}, fmt.Errorf("archive: %w", err)
	}
	return archive.Check(f, s.Size())
}

func (v *archiveVerifyCmd) vouched(manifest string) (made evidence.Made, report proof.Report, err error) {
	f, err := os.Open(v.Against)
	if err != nil {
		return made, report, fmt.Errorf("archive: %w", err)
	}
	defer f.Close()
	report, err = proof.VerifyEach(bufio.NewReader(f), v.Key, "", evidence.Vouched(manifest, &made))
	return made, report, err
}
