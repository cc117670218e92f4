// Chuangwei is the one program: it serves a county, shows the demo county, and
// proves an exported log to a stranger.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"chuangwei/internal/kit/fault"

	"github.com/alecthomas/kong"
)

// cli is every command with its options; each may also come from the
// environment as CHUANGWEI_….
type cli struct {
	Serve    serveCmd    `cmd:"" help:"Serve a county."`
	Demo     demoCmd     `cmd:"" help:"Serve the invented demo county; the first start builds it."`
	Export   exportCmd   `cmd:"" help:"Write the event log with its proofs, for chuangwei verify."`
	Verify   verifyCmd   `cmd:"" help:"Check an exported event log; needs no server."`
	Backup   backupCmd   `cmd:"" help:"Back a county up into one file while it goes on working."`
	Restore  restoreCmd  `cmd:"" help:"Fill an empty county from a backup, on SQLite or PostgreSQL."`
	Rehearse rehearseCmd `cmd:"" help:"Prove a backup: restore it aside, count it, verify its log, remove it."`
	Archive  archiveCmd  `cmd:"" help:"The ledger as an archive: make it, check it."`
	Extract  extractCmd  `cmd:"" hidden:"" help:"Read a document from standard input; the server calls it."`
	Doctor   doctorCmd   `cmd:"" help:"Look a county over and say what needs doing."`
	Standard standardCmd `cmd:"" help:"Standards as data."`
	Verbose  bool        `help:"Log every request." env:"CHUANGWEI_VERBOSE"`
	Log      string      `help:"How to write the log: text for people, json for collectors." enum:"text,json" default:"text" env:"CHUANGWEI_LOG"`
	Version  versionCmd  `cmd:"" help:"Print the version."`
}

// version is set when a release is built.
var version = "dev"

type versionCmd struct{}

func (versionCmd) Run() error {
	fmt.Println("chuangwei", version)
	return nil
}

// longFlags lets -addr stand for --addr, as Go programs have it; short flags
// stand alone here, so nothing is lost.
func longFlags(args []string) []string {
	out := make([]string, len(args))
	for i, a := range args {
		if len(a) > 2 && a[0] == '-' && a[1] != '-' {
			a = "-" + a
		}
		out[i] = a
	}
	return out
}

func main() {
	var c cli
	parser := kong.Must(&c, kong.Name("chuangwei"), kong.Description("创卫：国家卫生县创建与长效管理平台"), kong.UsageOnError())
	k, err := parser.Parse(longFlags(os.Args[1:]))
	parser.FatalIfErrorf(err)
	level := slog.LevelInfo
	if c.Verbose {
		level = slog.LevelDebug
	}
	log := slog.New(logHandler(c.Log, &slog.HandlerOptions{Level: level}))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	k.BindTo(ctx, (*context.Context)(nil))
	if err := k.Run(log); err != nil {
		fmt.Fprintln(os.Stderr, said(err))
		os.Exit(1)
	}
}

func logHandler(form string, o *slog.HandlerOptions) slog.Handler {
	if form == "json" {
		return slog.NewJSONHandler(os.Stderr, o)
	}
	return slog.NewTextHandler(os.Stderr, o)
}

// said is an error as a person at a terminal reads it.
func said(err error) string {
	f, ok := fault.As(err)
	if !ok {
		return fmt.Sprintf("出错了 error: %v", err)
	}
	out := f.Text.ZH + "\n" + f.Text.EN
	for _, each := range f.Fields {
		out += "\n  " + each.Name + ": " + each.Text.ZH + " / " + each.Text.EN
	}
	return out
}
