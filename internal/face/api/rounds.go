package api

import (
	"fmt"
	"net/http"
	"slices"

	"chuangwei/internal/campaign/assess"
	"chuangwei/internal/campaign/assess/sample"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/standard"
	"chuangwei/internal/register/standard/pack"
)

type roundView struct {
	ID          string       `json:"id"`
	Name        string       `json:"name"`
	Kind        string       `json:"kind"`
	Pack        string       `json:"pack"`
	PackName    string       `json:"pack_name"`
	Checked     string       `json:"points_checked"`
	FromOn      string       `json:"from_on"`
	ToOn        string       `json:"to_on"`
	State       string       `json:"state"`
	Experts     []expertView `json:"experts"`
	Wants       []wantView   `json:"wants"`
	Seal        string       `json:"seal"`
	Seed        string       `json:"seed,omitempty"`
	DrawnAt     int64        `json:"drawn_at,omitempty"`
	Estimate    *beforeView  `json:"estimate,omitempty"`
	Points      string       `json:"points"`
	Pass        string       `json:"pass,omitempty"`
	Score       string       `json:"score,omitempty"`
	Verdict     string       `json:"verdict,omitempty"`
	FinishedAt  int64        `json:"finished_at,omitempty"`
	Sum         string       `json:"sum,omitempty"`
	By          string       `json:"by"`
	Spots       int          `json:"spots"`
	Visited     int          `json:"visited"`
	Unconfirmed bool         `json:"unconfirmed"`
}

type expertView struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Person   string   `json:"person,omitempty"`
	Chapters []string `json:"chapters"`
}

type wantView struct {
	Kind string `json:"kind"`
	Name string `json:"name"`
	N    int    `json:"n"`
	Have int    `json:"have,omitempty"`
}

// beforeView is the standing estimate when judging began, and once the round
// is finished how far it was from the result.
type beforeView struct {
	At       int64  `json:"at"`
	Expected string `json:"expected"`
	Low      string `json:"low"`
	High     string `json:"high"`
	Chance   int    `json:"chance"`
	Error    string `json:"error,omitempty"`
	Within   *bool  `json:"within,omitempty"`
}

func (v viewer) round(tx *db.Tx, r assess.Round) (roundView, error) {
	out := roundView{ID: r.ID, Name: r.Name, Kind: string(r.Kind), Pack: r.Pack, FromOn: r.FromOn, ToOn: r.ToOn, State: string(r.State), Experts: []expertView{}, Wants: []wantView{},
		Seal: r.Seal, Seed: r.Seed, DrawnAt: r.DrawnAt, FinishedAt: r.FinishedAt, Sum: r.Sum, By: v.names.Name(r.MadeBy)}
	h, err := standard.PackByID(tx, r.Pack)
	if err != nil {
		return out, err
	}
	out.PackName, out.Checked, out.Points, out.Unconfirmed = v.in(h.ZH, h.EN), h.Sheet.Checked, h.Sheet.Points.String(), h.Sheet.Checked == pack.Unconfirmed
	if h.Sheet.Pass > 0 {
		out.Pass = h.Sheet.Pass.String()
	}
	for _, e := range r.Experts {
		out.Experts = append(out.Experts, expertView{e.ID, e.Name, e.PersonID, append([]string{}, e.Chapters...)})
	}
	for _, w := range r.Wants {
		out.Wants = append(out.Wants, wantView{Kind: w.Kind, Name: v.placeKind(w.Kind), N: w.N})
	}
	if b := r.Estimate; b != nil {
		out.Estimate = &beforeView{At: b.At, Expected: b.Expected.String(), Low: b.Low.String(), High: b.High.String(), Chance: b.Chance}
	}
	if r.State == assess.Finished {
		out.Score, out.Verdict = r.Score.String(), r.Verdict
		if b := r.Estimate; b != nil {
			within := r.Score >= b.Low && r.Score <= b.High
			out.Estimate.Error, out.Estimate.Within = (b.Expected - r.Score).String(), &within
		}
	}
	spots, err := assess.Spots(tx, r.ID)
	for _, s := range spots {
		out.Spots++
		if s.VisitedAt > 0 {
			out.Visited++
		}
	}
	return out, err
}

func (s *Server) listRounds(w http.ResponseWriter, r *http.Request) error {
	var views []roundView
	err := s.read(r, func(tx *db.Tx) error {
		v, err := s.viewer(tx, language(r))
		if err != nil {
			return err
		}
		list, err := assess.List(tx, callOf(r).who)
		for _, x := range list {
			view, err := v.round(tx, x)
			if err != nil {
				return err
			}
			views = append(views, view)
		}
		return err
	})
	if err != nil {
		return err
	}
	return sendItems(w, r, views)
}

// roundForm is what a new round begins with: the packs that have a sheet, and
// the default sample of one.
func (s *Server) roundForm(w http.ResponseWriter, r *http.Request) error {
	out := struct {
		Packs    []packView `json:"packs"`
		Pack     string     `json:"pack"`
		Chapters []ref      `json:"chapters"`
		Wants    []wantView `json:"wants"`
	}{[]packView{}, r.URL.Query().Get("pack"), []ref{}, []wantView{}}
	err := s.read(r, func(tx *db.Tx) error {
		if err := callOf(r).who.May(org.SeeRound, org.Target{}); err != nil {
			return err
		}
		v, err := s.viewer(tx, language(r))
		if err != nil {
			return err
		}
		list, err := standard.Active(tx)
		for _, h := range list {
			if len(h.Scores) == 0 {
				continue
			}
			out.Packs = append(out.Packs, viewPack(h, v.lang))
			if out.Pack == "" {
				out.Pack = h.ID
			}
		}
		if err != nil || out.Pack == "" {
			return err
		}
		h, err := standard.PackByID(tx, out.Pack)
		if err != nil {
			return err
		}
		for _, c := range h.Chapters {
			out.Chapters = append(out.Chapters, ref{c.ID, v.in(c.ZH, c.EN)})
		}
		have, err := assess.Have(tx)
		for _, x := range assess.Usual(h.Pack, have) {
			out.Wants = append(out.Wants, wantView{x.Kind, v.placeKind(x.Kind), x.N, have[x.Kind]})
		}
		return err
	})
	if err != nil {
		return err
	}
	return send(w, http.StatusOK, out)
}

type roundBody struct {
	Name    string       `json:"name" body:"required"`
	Kind    string       `json:"kind"`
	Pack    string       `json:"pack"`
	FromOn  string       `json:"from_on" body:"required"`
	ToOn    string       `json:"to_on" body:"required"`
	Experts []expertBody `json:"experts" body:"required"`
	Wants   []wantBody   `json:"wants"`
	MadeAt  int64        `json:"made_at"`
}

type expertBody struct {
	ID       string   `json:"id"`
	Name     string   `json:"name" body:"required"`
	Person   string   `json:"person"`
	Chapters []string `json:"chapters"`
}

type wantBody struct {
	Kind string `json:"kind" body:"required"`
	N    int64  `json:"n" body:"required"`
}

func (in roundBody) plan(id string) assess.Plan {
	p := assess.Plan{ID: id, Name: in.Name, Kind: assess.Kind(in.Kind), Pack: in.Pack, FromOn: in.FromOn, ToOn: in.ToOn}
	for _, e := range in.Experts {
		p.Experts = append(p.Experts, assess.Expert{ID: e.ID, Name: e.Name, PersonID: e.Person, Chapters: e.Chapters})
	}
	for _, x := range in.Wants {
		p.Wants = append(p.Wants, sample.Want{Kind: x.Kind, N: int(max(-1, min(x.N, 1<<20)))})
	}
	return p
}

func (s *Server) makeRound(w http.ResponseWriter, r *http.Request) error {
	var in roundBody
	return s.roundCommand(w, r, &in, http.StatusCreated, func(tx *db.Tx, who org.Actor, key string) (assess.Round, error) {
		return assess.Make(tx, who, in.plan(key))
	})
}

func (s *Server) changeRound(w http.ResponseWriter, r *http.Request) error {
	var in roundBody
	return s.roundCommand(w, r, &in, http.StatusOK, func(tx *db.Tx, who org.Actor, _ string) (assess.Round, error) {
		return assess.Change(tx, who, in.plan(r.PathValue("id")))
	})
}

// roundCommand reads a body, runs a verb that ends in a round, and answers the round.
func (s *Server) roundCommand(w http.ResponseWriter, r *http.Request, in any, code int, verb func(*db.Tx, org.Actor, string) (assess.Round, error)) error {
	raw, err := receive(w, r, in)
	if err != nil {
		return err
	}
	who := callOf(r).who
	return s.command(w, r, raw, code, func(tx *db.Tx, key string) (any, error) {
		x, err := verb(tx, who, key)
		if err != nil {
			return nil, err
		}
		v, err := s.viewer(tx, language(r))
		if err != nil {
			return nil, err
		}
		return v.round(tx, x)
	})
}

type beginBody struct {
	Draw   bool  `json:"draw" body:"required"`
	MadeAt int64 `json:"made_at"`
}

func (s *Server) beginRound(w http.ResponseWriter, r *http.Request) error {
	var in beginBody
	return s.roundCommand(w, r, &in, http.StatusOK, func(tx *db.Tx, who org.Actor, _ string) (assess.Round, error) {
		return assess.Begin(tx, who, r.PathValue("id"), in.Draw)
	})
}

type spotsBody struct {
	Add    []string `json:"add"`
	Drop   []string `json:"drop"`
	MadeAt int64    `json:"made_at"`
}

func (s *Server) setSpots(w http.ResponseWriter, r *http.Request) error {
	var in spotsBody
	return s.roundCommand(w, r, &in, http.StatusOK, func(tx *db.Tx, who org.Actor, _ string) (assess.Round, error) {
		var c fault.Check
		c.That(len(in.Add) <= 400 && len(in.Drop) <= 400, "add", "一次最多400个点位", "at most 400 places at once")
		if err := c.Err(); err != nil {
			return assess.Round{}, err
		}
		return assess.SetSpots(tx, who, r.PathValue("id"), in.Add, in.Drop)
	})
}

type finishBody struct {
	LeaveOpen bool  `json:"leave_open"`
	MadeAt    int64 `json:"made_at"`
}

func (s *Server) finishRound(w http.ResponseWriter, r *http.Request) error {
	var in finishBody
	return s.roundCommand(w, r, &in, http.StatusOK, func(tx *db.Tx, who org.Actor, _ string) (assess.Round, error) {
		return assess.Finish(tx, who, r.PathValue("id"), in.LeaveOpen)
	})
}

// spotView is a place of a round.
type spotView struct {
	Place     placeView `json:"place"`
	Kind      string    `json:"kind"`
	KindName  string    `json:"kind_name"`
	Area      *ref      `json:"area,omitempty"`
	Source    string    `json:"source"`
	VisitedAt int64     `json:"visited_at,omitempty"`
	VisitedBy string    `json:"visited_by,omitempty"`
	Note      string    `json:"note,omitempty"`
	Findings  int       `json:"findings"`
}

func (v viewer) spots(tx *db.Tx, r assess.Round) ([]spotView, error) {
	list, err := assess.Spots(tx, r.ID)
	if err != nil {
		return nil, err
	}
	found, err := assess.Findings(tx, r.ID)
	out := []spotView{}
	for _, s := range list {
		e, _ := r.Expert(s.VisitedBy)
		view := spotView{Place: viewPlace(v.where.places[s.PlaceID]), Kind: s.Kind, KindName: v.placeKind(s.Kind), Area: v.area(s.AreaID), Source: s.Source,
			VisitedAt: s.VisitedAt, VisitedBy: e.Name, Note: s.Note}
		for _, f := range found {
			if f.PlaceID == s.PlaceID && f.WithdrawnAt == 0 {
				view.Findings++
			}
		}
		out = append(out, view)
	}
	return out, err
}

func (s *Server) getRound(w http.ResponseWriter, r *http.Request) error {
	out := struct {
		Round   roundView  `json:"round"`
		Spots   []spotView `json:"spots"`
		Redrawn bool       `json:"redrawn"`
		May     []string   `json:"may"`
	}{May: []string{}}
	err := s.read(r, func(tx *db.Tx) error {
		who := callOf(r).who
		x, err := assess.Get(tx, who, r.PathValue("id"))
		if err != nil {
			return err
		}
		v, err := s.viewer(tx, language(r))
		if err != nil {
			return err
		}
		if out.Round, err = v.round(tx, x); err != nil {
			return err
		}
		if out.Spots, err = v.spots(tx, x); err != nil {
			return err
		}
		for name, verb := range map[string]org.Verb{"plan": org.PlanRound, "judge": org.JudgeRound, "settle": org.Dispatch} {
			if who.Can(verb, org.Target{}) {
				out.May = append(out.May, name)
			}
		}
		slices.Sort(out.May)
		out.Redrawn, err = assess.Redraw(tx, x)
		return err
	})
	if err != nil {
		return err
	}
	return send(w, http.StatusOK, out)
}

// countAgain proves a frozen round.
func (s *Server) countAgain(w http.ResponseWriter, r *http.Request) error {
	var out struct {
		Sum   string `json:"sum"`
		Kept  bool   `json:"kept"`
		Same  bool   `json:"same"`
		Score string `json:"score"`
		Was   string `json:"was"`
	}
	err := s.read(r, func(tx *db.Tx) error {
		c, err := assess.CountAgain(tx, callOf(r).who, r.PathValue("id"))
		out.Sum, out.Kept, out.Same, out.Score, out.Was = c.Sum, c.Kept, c.Same, fmt.Sprint(c.Score), fmt.Sprint(c.Was)
		return err
	})
	if err != nil {
		return err
	}
	return send(w, http.StatusOK, out)
}
