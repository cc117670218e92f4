package api

import (
	"net/http"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/plan/roster"
	"chuangwei/internal/register/org"
)

type clashView struct {
	Said string `json:"said"`
}

type runView struct {
	State    string      `json:"state"`
	Mode     string      `json:"mode,omitempty"`
	From     string      `json:"from,omitempty"`
	Seconds  int         `json:"seconds,omitempty"`
	Moves    int64       `json:"moves"`
	Cost     int64       `json:"cost"`
	Bound    int64       `json:"bound"`
	Elapsed  int64       `json:"elapsed"`
	Seats    int         `json:"seats"`
	Changed  int         `json:"changed"`
	Conflict []clashView `json:"conflict"`
	Cures    []clashView `json:"cures"`
	Short    int         `json:"short"`
	Proven   bool        `json:"proven"`
}

type rosterPlanView struct {
	Cost  int64        `json:"cost"`
	Bound int64        `json:"bound"`
	Parts roster.Parts `json:"parts"`
}

type rosterView struct {
	ID      string          `json:"id"`
	Name    string          `json:"name"`
	FromOn  string          `json:"from_on"`
	ToOn    string          `json:"to_on"`
	Rules   roster.Rules    `json:"rules"`
	Tried   *roster.Rules   `json:"tried,omitempty"`
	Plan    *rosterPlanView `json:"plan,omitempty"`
	Trial   *rosterPlanView `json:"trial,omitempty"`
	Run     runView         `json:"run"`
	Stop    bool            `json:"stopping"`
	Rest    int             `json:"least_rest"`
	Version int64           `json:"version"`
}

type listedRoster struct {
	rosterView
	Kept        bool   `json:"kept"`
	PublishedTo string `json:"published_to,omitempty"`
}

func viewRoster(r roster.Roster, lang string) rosterView {
	run := runView{State: r.Run.State, Mode: r.Run.Mode, From: r.Run.From, Seconds: r.Run.Seconds, Moves: r.Run.Moves, Cost: r.Run.Cost, Bound: r.Run.Bound,
		Elapsed: r.Run.Elapsed, Seats: r.Run.Seats, Changed: r.Run.Changed, Conflict: []clashView{}, Cures: []clashView{}, Short: r.Run.Short, Proven: r.Run.Proven}
	for _, c := range r.Run.Conflict {
		run.Conflict = append(run.Conflict, clashView{c.Said.In(lang)})
	}
	for _, c := range r.Run.Cures {
		run.Cures = append(run.Cures, clashView{c.Said.In(lang)})
	}
	plan := func(p *roster.Plan) *rosterPlanView {
		if p == nil {
			return nil
		}
		return &rosterPlanView{p.Cost, p.Bound, p.Parts}
	}
	return rosterView{ID: r.ID, Name: r.Name, FromOn: r.FromOn, ToOn: r.ToOn, Rules: r.Rules, Tried: r.Tried, Plan: plan(r.Plan), Trial: plan(r.Trial),
		Run: run, Stop: r.Stop, Rest: roster.LeastRest, Version: r.Version}
}

func (s *Server) listRosters(w http.ResponseWriter, r *http.Request) error {
	views := []listedRoster{}
	err := s.read(r, func(tx *db.Tx) error {
		list, err := roster.List(tx, callOf(r).who)
		for _, x := range list {
			views = append(views, listedRoster{viewRoster(x.Roster, language(r)), x.Kept, x.PublishedTo})
		}
		return err
	})
	if err != nil {
		return err
	}
	return sendItems(w, r, views)
}

func (s *Server) makeRoster(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Name   string `json:"name" body:"required"`
		FromOn string `json:"from_on" body:"required"`
		ToOn   string `json:"to_on" body:"required"`
	}
	raw, err := receive(w, r, &in)
	if err != nil {
		return err
	}
	return s.command(w, r, raw, http.StatusCreated, func(tx *db.Tx, key string) (any, error) {
		x, err := roster.Make(tx, callOf(r).who, roster.Roster{ID: key, Name: in.Name, FromOn: in.FromOn, ToOn: in.ToOn})
		return viewRoster(x, language(r)), err
	})
}

func (s *Server) getRoster(w http.ResponseWriter, r *http.Request) error {
	var x roster.Roster
	err := s.read(r, func(tx *db.Tx) (err error) {
		x, err = roster.Get(tx, callOf(r).who, r.PathValue("id"))
		return err
	})
	if err != nil {
		return err
	}
	return send(w, http.StatusOK, viewRoster(x, language(r)))
}

func (s *Server) tryRoster(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Version int64        `json:"version"`
		Rules   roster.Rules `json:"rules" body:"required"`
		Mode    string       `json:"mode" body:"required"`
		From    string       `json:"from"`
		Seconds int          `json:"seconds" body:"required"`
		Seed    uint64       `json:"seed"`
	}
	raw, err := receive(w, r, &in)
	if err != nil {
		return err
	}
	return s.command(w, r, raw, http.StatusOK, func(tx *db.Tx, _ string) (any, error) {
		x, err := roster.Try(tx, callOf(r).who, r.PathValue("id"), roster.Search{Version: in.Version, Rules: in.Rules, Mode: in.Mode, From: in.From, Seconds: in.Seconds, Seed: in.Seed})
		return viewRoster(x, language(r)), err
	})
}

func (s *Server) stopRoster(w http.ResponseWriter, r *http.Request) error {
	raw, err := receive(w, r, &struct{}{})
	if err != nil {
		return err
	}
	return s.command(w, r, raw, http.StatusOK, func(tx *db.Tx, _ string) (any, error) {
		x, err := roster.Halt(tx, callOf(r).who, r.PathValue("id"))
		return viewRoster(x, language(r)), err
	})
}

// decideRoster answers a roster after a verb about the trial of a version.
func (s *Server) decideRoster(verb func(*db.Tx, org.Actor, string, int64) (roster.Roster, error)) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		var in struct {
			Version int64 `json:"version"`
		}
		raw, err := receive(w, r, &in)
		if err != nil {
			return err
		}
		return s.command(w, r, raw, http.StatusOK, func(tx *db.Tx, _ string) (any, error) {
			x, err := verb(tx, callOf(r).who, r.PathValue("id"), in.Version)
			return viewRoster(x, language(r)), err
		})
	}
}

func (s *Server) renameRoster(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Name string `json:"name" body:"required"`
	}
	raw, err := receive(w, r, &in)
	if err != nil {
		return err
	}
	return s.command(w, r, raw, http.StatusOK, func(tx *db.Tx, _ string) (any, error) {
		x, err := roster.Rename(tx, callOf(r).who, r.PathValue("id"), in.Name)
		return viewRoster(x, language(r)), err
	})
}

func (s *Server) removeRoster(w http.ResponseWriter, r *http.Request) error {
	raw, err := receive(w, r, &struct{}{})
	if err != nil {
		return err
	}
	return s.command(w, r, raw, http.StatusNoContent, func(tx *db.Tx, _ string) (any, error) {
		return nil, roster.Remove(tx, callOf(r).who, r.PathValue("id"))
	})
}

func (s *Server) publishRoster(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		From    string `json:"from" body:"required"`
		To      string `json:"to" body:"required"`
		Version int64  `json:"version"`
	}
	raw, err := receive(w, r, &in)
	if err != nil {
		return err
	}
	return s.command(w, r, raw, http.StatusOK, func(tx *db.Tx, _ string) (any, error) {
		p, err := roster.Publish(tx, callOf(r).who, r.PathValue("id"), in.From, in.To, in.Version)
		return map[string]int64{"made": int64(p.Made), "changed": int64(p.Changed), "cancelled": int64(p.Cancelled), "same": int64(p.Same), "version": p.Version}, err
	})
}

type squadView struct {
	Key    string     `json:"key"`
	Area   ref        `json:"area"`
	Place  *ref       `json:"place,omitempty"`
	On     string     `json:"on"`
	Shift  string     `json:"shift"`
	From   string     `json:"from"`
	To     string     `json:"to"`
	Size   int        `json:"size"`
	People []crewView `json:"people"`
	New    []string   `json:"new"`
	Gone   []crewView `json:"gone"`
}

func (v viewer) crewOf(ids []string) []crewView {
	out := []crewView{}
	for _, id := range ids {
		p := v.names.Person(id)
		out = append(out, crewView{ID: id, Name: p.Name, Unit: v.names.Unit(p.UnitID).Short})
	}
	return out
}

// planOf reads which plan is asked for.
func planOf(r *http.Request) (trial bool, err error) {
	switch r.URL.Query().Get("plan") {
	case "", "kept":
		return false, nil
	case "trial":
		return true, nil
	}
	return false, fault.New(fault.Invalid, "roster.plan", "plan 只能是 kept 或 trial。", "plan is kept or trial.").In("plan", "kept 或 trial", "kept or trial")
}

func (s *Server) rosterSquads(w http.ResponseWriter, r *http.Request) error {
	trial, err := planOf(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	views := []squadView{}
	err = s.read(r, func(tx *db.Tx) error {
		list, err := roster.Show(tx, callOf(r).who, r.PathValue("id"), q.Get("from"), q.Get("to"), trial)
		if err != nil {
			return err
		}
		v, err := s.viewer(tx, language(r))
		for _, x := range list {
			one := squadView{Key: x.Key, Area: ref{x.Area.ID, x.Area.Name}, On: string(x.Day), Shift: x.Shift.Name, From: x.Shift.From, To: x.Shift.To, Size: x.Size,
				People: v.crewOf(x.People), New: append([]string{}, x.New...), Gone: v.crewOf(x.Gone)}
			if x.Place.ID != "" {
				one.Place = &ref{x.Place.ID, x.Place.Name}
			}
			views = append(views, one)
		}
		return err
	})
	if err != nil {
		return err
	}
	return sendItems(w, r, views)
}

func (s *Server) rosterWhy(w http.ResponseWriter, r *http.Request) error {
	trial, err := planOf(r)
	if err != nil {
		return err
	}
	out := struct {
		Seated bool     `json:"seated"`
		Said   []string `json:"said"`
	}{Said: []string{}}
	err = s.read(r, func(tx *db.Tx) error {
		q := r.URL.Query()
		why, err := roster.Ask(tx, callOf(r).who, r.PathValue("id"), q.Get("person"), q.Get("squad"), trial)
		out.Seated = why.Seated
		for _, t := range why.Said {
			out.Said = append(out.Said, t.In(language(r)))
		}
		return err
	})
	if err != nil {
		return err
	}
	return send(w, http.StatusOK, out)
}

func (s *Server) rosterShare(w http.ResponseWriter, r *http.Request) error {
	trial, err := planOf(r)
	if err != nil {
		return err
	}
	type unit struct {
		Unit   ref `json:"unit"`
		Size   int `json:"size"`
		Duties int `json:"duties"`
		Least  int `json:"least"`
		Needs  int `json:"needs"`
	}
	out := struct {
		Times       []int    `json:"times"`
		Units       []unit   `json:"units"`
		Broken      []string `json:"broken"`
		Breaks      int      `json:"breaks"`
		Unpublished int      `json:"unpublished"`
	}{Units: []unit{}, Broken: []string{}}
	err = s.read(r, func(tx *db.Tx) error {
		f, err := roster.Share(tx, callOf(r).who, r.PathValue("id"), trial)
		out.Times, out.Breaks, out.Unpublished = f.Times, f.Breaks, f.Unpublished
		for _, said := range f.Broken {
			out.Broken = append(out.Broken, said.In(language(r)))
		}
		for _, u := range f.Units {
			out.Units = append(out.Units, unit{ref{u.Unit.ID, u.Unit.Short}, u.Size, u.Duties, u.Least, u.Needs})
		}
		return err
	})
	if err != nil {
		return err
	}
	return send(w, http.StatusOK, out)
}
