package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"chuangwei/internal/demo"
	"chuangwei/internal/kit/pdf"
)

type demoCmd struct {
	where
	front
	Seed    uint64 `help:"Which invented county." default:"1"`
	History int    `help:"Only the last N incidents of the history; 0 for all three weeks."`

	Ahead time.Duration `help:"Show the county this much later, to watch what happens by itself, such as 72h."`
}

// Run builds the demo county on the first start, and serves it.
func (s *demoCmd) Run(ctx context.Context, log *slog.Logger) error {
	if err := s.build(ctx, log); err != nil {
		return err
	}
	c, err := s.open(ctx, log, func() time.Time { return time.Now().Add(s.Ahead) }, false)
	if err != nil {
		return err
	}
	defer c.db.Close()
	return s.listen(ctx, c, welcome)
}

// build writes the county without waiting for the disk: it can be made again.
func (s *demoCmd) build(ctx context.Context, log *slog.Logger) error {
	clock := &demo.Clock{}
	c, err := s.open(ctx, log, clock.Now, true)
	if err != nil {
		return err
	}
	defer c.db.Close()
	if built, err := demo.Built(ctx, c.db); built || err != nil {
		return err
	}
	start := time.Now()
	fonts, err := c.fonts()
	if err != nil && !errors.Is(err, pdf.ErrNoFont) {
		return err
	}
	err = demo.Build(ctx, c.db, c.blobs, clock, demo.Options{Seed: s.Seed, Day0: start, History: s.History, Fonts: fonts, Progress: progress})
	if err == nil {
		fmt.Fprintf(os.Stderr, "\r\033[K演示县已生成 demo county built in %.0f s\n", time.Since(start).Seconds())
	}
	return err
}

func progress(what string, done, of int) {
	if done%20 == 0 || done == of {
		fmt.Fprintf(os.Stderr, "\r\033[K%s %d/%d", what, done, of)
	}
}

func welcome(url string) {
	fmt.Printf("\n青溪县创卫演示县已就绪 The demo county is ready: %s\n\n", url)
	fmt.Printf("密码都是 every password is: %s\n", demo.Password)
	for _, l := range demo.Logins {
		fmt.Printf("  %-10s %s\n", l[0], l[1])
	}
	fmt.Printf("\n指挥部电脑端 desk %s/desk/   手机端 phone %s/m/   居民 resident %s/\n\n", url, url, url)
}
