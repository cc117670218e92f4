package roster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/job"
	"chuangwei/internal/plan/solve/squads"
)

// Solving runs the search of a job and keeps what it finds as the trial. It
// tells about its progress once a second and stops when somebody asks, with
// the best plan so far. A search that a crash cut off begins anew.
func Solving(ctx context.Context, d *db.DB, j job.Job) error {
	var of struct {
		Roster string `json:"roster"`
	}
	if err := json.Unmarshal(j.Body, &of); err != nil {
		return err
	}
	s, err := prepare(ctx, d, of.Roster)
	if err != nil || s == nil {
		return err
	}
	err = s.search(ctx)
	if f, ok := fault.As(err); ok {
		s.run.State, s.run.Conflict = "failed", []Clash{{f.Text}}
		err = nil
	}
	if err != nil {
		return err
	}
	return s.settle(ctx)
}

// session is one search.
type session struct {
	db     *db.DB
	roster Roster
	kept   *Plan
	q      *question
	run    Run
	trial  *Plan
}

// prepare reads all that the search needs; nil when nothing is to be done.
func prepare(ctx context.Context, d *db.DB, id string) (*session, error) {
	s := &session{db: d}
	err := d.Read(ctx, func(tx *db.Tx) (err error) {
		if s.roster, err = ByID(tx, id); err != nil || s.roster.Run.State != "running" {
			return err
		}
		s.run = s.roster.Run
		if s.roster.Plan != nil {
			if s.kept, err = asServed(tx, s.roster); err != nil {
				return err
			}
		}
		s.q, err = ask(tx, s.roster, *s.roster.Tried)
		return err
	})
	if err != nil || s.roster.Run.State != "running" {
		return nil, err
	}
	return s, nil
}

// workers of a search; the plan and its bound share them.
const workers = 2

func (s *session) search(ctx context.Context) error {
	if err := s.q.empty(); err != nil {
		return err
	}
	ctx, stop := context.WithTimeout(ctx, time.Duration(s.run.Seconds)*time.Second)
	defer stop()
	o := squads.Options{Seed: s.run.Seed, Workers: workers, OnProgress: s.telling(ctx, stop)}
	var a squads.Answer
	var err error
	if s.run.Mode == "repair" {
		from := 0
		for i, d := range s.q.days {
			if string(d) == s.run.From {
				from = i
			}
		}
		a, err = squads.Replan(ctx, s.q.Problem, s.q.seats(s.kept), from, o)
	} else {
		a, err = squads.Solve(ctx, s.q.Problem, o)
	}
	if errors.Is(err, squads.ErrNoPlan) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return s.explain()
	}
	if err != nil {
		return fmt.Errorf("roster: %s: %w", s.roster.ID, err)
	}
	s.trial = s.q.plan(a)
	s.run.State, s.run.Cost, s.run.Bound, s.run.Moves, s.run.Elapsed = "found", a.Cost, a.Bound, a.Moves, a.Elapsed.Milliseconds()
	s.run.Seats, s.run.Changed = seats(s.trial, s.kept)
	if s.kept == nil {
		s.run.Changed = 0
	}
	return nil
}

// explainFor is how long the smallest conflict is looked for.
const explainFor = 20 * time.Second

func (s *session) explain() error {
	ctx, stop := context.WithTimeout(context.Background(), explainFor)
	defer stop()
	c, found, err := squads.Explain(ctx, s.q.Problem)
	if err != nil {
		return fmt.Errorf("roster: explain %s: %w", s.roster.ID, err)
	}
	if !found {
		return fault.New(fault.Busy, "roster.time", "停止之前还没有找到方案，请多给一些时间再试。", "No plan was found before the search stopped; give it more time.")
	}
	s.run.State, s.run.Short, s.run.Proven = "stuck", c.Short, c.Proven
	s.run.Conflict = []Clash{}
	for _, r := range c.Rules {
		s.run.Conflict = append(s.run.Conflict, Clash{s.q.clash(r, c.Short)})
	}
	return nil
}

// telling writes the progress at most once a second, and stops the search when
// somebody has asked for it.
func (s *session) telling(ctx context.Context, stop func()) func(squads.Progress) {
	var last time.Duration
	return func(p squads.Progress) {
		if p.Elapsed-last < time.Second {
			return
		}
		last = p.Elapsed
		run := s.run
		run.Moves, run.Cost, run.Bound, run.Elapsed = p.Moves, p.Cost, p.Bound, p.Elapsed.Milliseconds()
		err := s.db.Write(ctx, func(tx *db.Tx) error {
			asked, err := told(tx, s.roster.ID, run)
			if asked {
				stop()
			}
			return err
		})
		if err != nil && ctx.Err() == nil {
			stop() // nobody could follow it any more; what was found is kept
		}
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
