package roster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/job"
	"chuangwei/internal/plan/solve/squads"
	"chuangwei/internal/register/calendar"
)

// Solving runs the search of a job and keeps what it finds as the trial. It
// tells about its progress once a second and stops when somebody asks, with
// the best plan so far. A search that a crash cut off begins anew, a few times;
// one that fails says so to whoever waits for it.
func Solving(ctx context.Context, d *db.DB, j job.Job) error {
	var of struct {
		Roster string `json:"roster"`
	}
	if err := json.Unmarshal(j.Body, &of); err != nil {
		return err
	}
	s, err := prepare(ctx, d, of.Roster)
	if s == nil {
		return err
	}
	if err == nil && j.Tries > mostTries {
		err = fmt.Errorf("roster: %s has ended the search %d times", s.roster.ID, j.Tries-1)
	}
	if err == nil {
		err = s.search(ctx)
	}
	if err != nil && ctx.Err() != nil {
		return err // the program ends: the search begins anew with it
	}
	if f, ok := fault.As(err); ok {
		s.failed(f.Text)
		err = nil
	} else if err != nil {
		s.failed(fault.Say("计算时出错，请再试一次；还不行，请把编号 %[1]s 告诉管理员。", "The search failed; try again. If it fails once more, tell the administrator the number %[1]s.", j.ID))
	}
	return errors.Join(err, s.settle(ctx))
}

// mostTries is how often a search begins that ended the program each time.
const mostTries = 3

// session is one search.
type session struct {
	db      *db.DB
	roster  Roster
	kept    *Plan
	q       *question
	past    func(squads.Need) bool // what stays as it was
	run     Run
	trial   *Plan
	stopped atomic.Bool // by a person
}

// prepare reads all that the search needs; nil when nothing is to be done.
func prepare(ctx context.Context, d *db.DB, id string) (s *session, err error) {
	err = d.Read(ctx, func(tx *db.Tx) error {
		r, err := ByID(tx, id)
		if err != nil || r.Run.State != "running" {
			return err
		}
		s = &session{db: d, roster: r, run: r.Run}
		if s.q, err = ask(tx, r, *r.Tried); err != nil {
			return err
		}
		if r.Plan != nil {
			s.kept = s.q.served(r.Plan)
		}
		s.past = s.q.begun(tx.Now())
		return nil
	})
	return s, err
}

// workers of a search; the plan and its bound share them.
const workers = 2

func (s *session) search(ctx context.Context) error {
	if err := s.q.empty(); err != nil {
		return err
	}
	a, err := s.solve(ctx)
	switch {
	case err == nil:
		s.found(a)
		return nil
	case s.stopped.Load():
		return fault.New(fault.Conflict, "roster.stopped", "已停止，停止之前还没有找到方案。", "Stopped before a plan was found.")
	case errors.Is(err, squads.ErrNoPlan), errors.Is(err, context.DeadlineExceeded):
		return s.explain(ctx, err)
	}
	return fmt.Errorf("roster: %s: %w", s.roster.ID, err)
}

// solve searches while somebody may watch and stop it. What has begun stays.
func (s *session) solve(ctx context.Context) (squads.Answer, error) {
	ctx, stop := context.WithTimeout(ctx, time.Duration(s.run.Seconds)*time.Second)
	defer stop()
	wanted := make(chan struct{})
	halt := stop
	if s.run.Mode != "repair" {
		halt = sync.OnceFunc(func() { close(wanted); time.AfterFunc(2*squads.WindUp, stop) })
	}
	tell, end := s.watch(ctx, halt)
	defer end()
	kept := squads.Plan{}
	if s.kept != nil {
		kept = s.q.seats(s.kept)
	}
	p, o := squads.Settle(s.q.Problem, kept, s.past), squads.Options{Seed: s.run.Seed, Workers: workers, OnProgress: tell, End: wanted}
	if s.run.Mode != "repair" {
		return squads.Solve(ctx, p, o)
	}
	return squads.Replan(ctx, p, kept, s.from(), o)
}

// from is the first day that a repair may change.
func (s *session) from() int {
	return max(0, slices.Index(s.q.days, calendar.Day(s.run.From)))
}

func (s *session) found(a squads.Answer) {
	s.trial = s.q.plan(a)
	s.q.setOut(s.trial)
	s.run.State, s.run.Cost, s.run.Bound, s.run.Moves, s.run.Elapsed = "found", a.Cost, a.Bound, a.Moves, a.Elapsed.Milliseconds()
	s.run.Seats, s.run.Changed = seats(s.trial, s.kept)
	if s.kept == nil {
		s.run.Changed = 0
	}
}

func (s *session) failed(why fault.Text) {
	s.run.State, s.run.Conflict = "failed", []Clash{{why}}
}

// explainFor is how long the smallest conflict is looked for.
const explainFor = 20 * time.Second

// explain says why there is no plan. It leaves out what has been settled, which
// nobody can change: what is impossible without is impossible with it.
func (s *session) explain(ctx context.Context, none error) error {
	ctx, stop := context.WithTimeout(ctx, explainFor)
	defer stop()
	settled, from := false, 0
	if s.run.Mode == "repair" {
		from = s.from()
	}
	c, impossible, err := squads.Explain(ctx, squads.Settle(s.q.Problem, squads.Plan{}, func(n squads.Need) bool {
		past := s.past(n) || n.Day < from
		settled = settled || past
		return past
	}))
	switch {
	case err != nil && !errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("roster: explain %s: %w", s.roster.ID, err)
	case err == nil && !impossible && settled && errors.Is(none, squads.ErrNoPlan):
		return fault.New(fault.Conflict, "roster.settled", "已经定下的班次占住了人手，其余的排不开。请从更早的日期开始调整、重新编排，或放宽规则。",
			"What is already settled leaves no room for the rest. Change from an earlier day, plan anew, or ease a rule.")
	case err != nil, !impossible:
		return fault.New(fault.Busy, "roster.time", "停止之前还没有找到方案，请多给一些时间再试。", "No plan was found before the search stopped; give it more time.")
	}
	s.run.State, s.run.Short, s.run.Proven = "stuck", c.Lack, c.Proven
	s.run.Conflict, s.run.Cures = s.q.told(c), s.q.cures(c)
	return nil
}

// watch writes once a second how far a search has come, as tell was told, and
// stops it when somebody has asked for that, until end.
func (s *session) watch(ctx context.Context, stop func()) (tell func(squads.Progress), end func()) {
	var latest atomic.Pointer[squads.Progress]
	ctx, cancel := context.WithCancel(ctx)
	began, run := time.Now(), s.run
	var all sync.WaitGroup
	all.Go(func() {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			if p := latest.Load(); p != nil {
				run.Moves, run.Cost, run.Bound = p.Moves, p.Cost, p.Bound
			}
			run.Elapsed = time.Since(began).Milliseconds()
			s.note(ctx, run, stop)
		}
	})
	return func(p squads.Progress) { p.Plan = nil; latest.Store(&p) }, func() { cancel(); all.Wait() }
}

// note writes the progress. If that fails nobody can follow the search any
// more: it ends with what was found.
func (s *session) note(ctx context.Context, run Run, stop func()) {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		asked, err := told(tx, s.roster.ID, run)
		if asked {
			s.stopped.Store(true)
		}
		return err
	})
	if s.stopped.Load() || err != nil && ctx.Err() == nil {
		stop()
	}
}

func (s *session) settle(ctx context.Context) error {
	return s.db.Write(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		r, err := ByID(tx, s.roster.ID)
		if err != nil {
			return err
		}
		r.Run, r.Trial, r.Stop = s.run, s.trial, false
		return update(tx, &r)
	})
}
