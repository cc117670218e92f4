package api

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"chuangwei/internal/flow/cases"
	"chuangwei/internal/flow/inspect"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/standard"
)

type reasonView struct {
	About string `json:"about"`
	Said  string `json:"said"`
}

type clauseView struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	Pack    string `json:"pack,omitempty"`
	Checked string `json:"checked,omitempty"`
}

type photoView struct {
	Sum     string   `json:"sum"`
	Role    string   `json:"role"`
	At      int64    `json:"at"`
	TakenAt int64    `json:"taken_at,omitempty"`
	Lat     *float64 `json:"lat,omitempty"`
	Lon     *float64 `json:"lon,omitempty"`
	By      string   `json:"by,omitempty"`
}

type stepView struct {
	Seq    int64    `json:"seq"`
	At     int64    `json:"at"`
	Kind   string   `json:"kind"`
	Who    string   `json:"who,omitempty"`
	Said   string   `json:"said"`
	Note   string   `json:"note,omitempty"`
	Photos []string `json:"photos,omitempty"`
	MadeAt int64    `json:"made_at,omitempty"`
}

type askView struct {
	Kind    string `json:"kind"`
	Reason  string `json:"reason,omitempty"`
	Note    string `json:"note,omitempty"`
	By      string `json:"by,omitempty"`
	At      int64  `json:"at,omitempty"`
	UntilOn string `json:"until_on,omitempty"`
}

type fullView struct {
	Case         caseView         `json:"case"`
	Reasons      []reasonView     `json:"reasons"`
	DueWhy       string           `json:"due_why,omitempty"`
	Chief        *personView      `json:"chief,omitempty"`
	LeadUnit     *ref             `json:"lead_unit,omitempty"`
	Grid         *ref             `json:"grid,omitempty"`
	GridMember   *personView      `json:"grid_member,omitempty"`
	Helpers      []ref            `json:"helpers"`
	Owner        *personView      `json:"owner,omitempty"`
	Clauses      []clauseView     `json:"clauses"`
	Judged       []judgedView     `json:"judged"`
	Inspection   string           `json:"inspection,omitempty"`
	Photos       []photoView      `json:"photos"`
	Steps        []stepView       `json:"steps"`
	Ask          *askView         `json:"ask,omitempty"`
	Moves        []cases.MoveName `json:"moves"`
	Contact      string           `json:"contact,omitempty"`
	Outside      string           `json:"outside,omitempty"`
	Accuracy     *float64         `json:"accuracy,omitempty"`
	MadeAt       int64            `json:"made_at,omitempty"`
	WhyNotVerify string           `json:"why_not_verify,omitempty"`
}

func (s *Server) getCase(w http.ResponseWriter, r *http.Request) error {
	var out fullView
	err := s.read(r, func(tx *db.Tx) error {
		c, err := cases.Get(tx, callOf(r).who, r.PathValue("id"))
		if err != nil {
			return err
		}
		v, err := s.viewer(tx, language(r))
		if err != nil {
			return err
		}
		out, err = v.full(tx, callOf(r).who, c)
		return err
	})
	if err != nil {
		return err
	}
	body, err := json.Marshal(out)
	if err != nil {
		return err
	}
	return sendAs(w, r, "application/json; charset=utf-8", tagOf(strconv.FormatInt(out.Case.Version, 10)+".", body), body)
}

// unmoved refuses a step made on an older look at the case, where the client
// says by If-Match which look it had.
func unmoved(r *http.Request, c cases.Case) error {
	tag := r.Header.Get("If-Match")
	if tag == "" || tag == "*" || strings.HasPrefix(tag, `"`+strconv.FormatInt(c.Version, 10)+".") {
		return nil
	}
	return fault.New(fault.Stale, "case.stale", "案件 %[1]s 在您查看之后已有变化，请刷新后再操作。", "Case %[1]s has changed since you looked; refresh first.", c.No)
}

func (v viewer) full(tx *db.Tx, who org.Actor, c cases.Case) (fullView, error) {
	out := fullView{Case: v.view(c), Reasons: []reasonView{}, Helpers: []ref{}, Clauses: []clauseView{}, Judged: []judgedView{}, Photos: []photoView{}, Steps: []stepView{},
		Moves: []cases.MoveName{}, DueWhy: c.DueWhy.In(v.lang), Owner: viewPerson(v.names.Person(c.OwnerID)), Accuracy: c.Accuracy, MadeAt: c.MadeAt, Outside: c.Outside}
	if who.Can(org.SeeContact, org.Target{}) {
		out.Contact = c.Contact
	}
	for _, r := range c.Reasons {
		out.Reasons = append(out.Reasons, reasonView{r.About, r.Said.In(v.lang)})
	}
	if c.Ask.Kind != "" {
		out.Ask = &askView{c.Ask.Kind, c.Ask.Reason, c.Ask.Note, v.names.Name(c.Ask.By), c.Ask.At, c.Ask.UntilOn}
	}
	for _, part := range []func(*db.Tx, org.Actor, cases.Case) error{out.lines(v), out.history(v), out.mayDo(v)} {
		if err := part(tx, who, c); err != nil {
			return out, err
		}
	}
	return out, nil
}

// lines fills in 块 and 条: chief and lead unit of the area, helpers, clauses.
func (out *fullView) lines(v viewer) func(*db.Tx, org.Actor, cases.Case) error {
	return func(tx *db.Tx, _ org.Actor, c cases.Case) error {
		if a, ok := v.where.areas[c.AreaID]; ok {
			out.LeadUnit = v.unit(a.LeadUnitID)
			chiefs, err := org.Holders(tx, org.Chief, "", a.ID, string(today(tx)))
			if err != nil {
				return err
			}
			if len(chiefs) > 0 {
				out.Chief = viewPerson(chiefs[0])
			}
		}
		grid, members, err := cases.Grid(tx, c)
		if err != nil {
			return err
		}
		if grid.ID != "" {
			out.Grid = &ref{grid.ID, grid.Name}
		}
		if len(members) > 0 {
			out.GridMember = viewPerson(members[0])
		}
		helpers, err := cases.Helpers(tx, c.ID)
		if err != nil {
			return err
		}
		for _, h := range helpers {
			if u := v.unit(h); u != nil {
				out.Helpers = append(out.Helpers, *u)
			}
		}
		return out.standing(tx, v, c)
	}
}

// judgedView is how one active standard counts the case as a finding.
type judgedView struct {
	Pack     string `json:"pack"`
	PackName string `json:"pack_name"`
	Item     string `json:"item"`
	Title    string `json:"title"`
	Rule     string `json:"rule,omitempty"`
	Checked  string `json:"checked,omitempty"`
}

// standing fills in the clauses, and how each active standard counts them.
func (out *fullView) standing(tx *db.Tx, v viewer, c cases.Case) error {
	named, err := inspect.ClausesOf(tx, c.ID)
	if err != nil {
		return err
	}
	if out.Inspection, err = inspect.From(tx, c.ID); err != nil {
		return err
	}
	gap, err := gapClause(tx, c)
	if err != nil {
		return err
	}
	if gap != "" {
		named = append(named, gap)
	}
	ids := named
	if len(ids) == 0 {
		ids = v.where.kinds[c.KindID].Clauses
	}
	clauses, err := standard.ClausesByID(tx, ids)
	if err != nil {
		return err
	}
	for _, cl := range clauses {
		out.Clauses = append(out.Clauses, clauseView{cl.ID, cl.Title, cl.Pack, cl.Checked})
	}
	judged, err := standard.Judged(tx, c.KindID, standard.PlaceKind(v.where.places[c.PlaceID].Kind), named)
	for _, j := range judged {
		out.Judged = append(out.Judged, v.judged(j))
	}
	return err
}

func (v viewer) judged(j standard.Judgement) judgedView {
	w := packWriter{Held: j.Pack, lang: v.lang}
	view := judgedView{j.Pack.ID, w.in(j.Pack.ZH, j.Pack.EN), j.Item.ID, w.in(j.Item.ZH, j.Item.EN), "", j.Item.Checked}
	if j.Line != nil {
		view.Rule, view.Checked = w.counts(*j.Line), j.Line.Checked
	}
	return view
}

func (out *fullView) history(v viewer) func(*db.Tx, org.Actor, cases.Case) error {
	return func(tx *db.Tx, who org.Actor, c cases.Case) error {
		photos, err := cases.Photos(tx, c.ID)
		if err != nil {
			return err
		}
		for _, p := range photos {
			pv := photoView{Sum: p.Sum, Role: p.Role, At: p.At, TakenAt: p.TakenAt, By: v.names.Name(p.Who)}
			if p.Point != nil {
				pv.Lat, pv.Lon = &p.Point.Lat, &p.Point.Lon
			}
			out.Photos = append(out.Photos, pv)
		}
		steps, err := cases.Timeline(tx, who, c.ID)
		for _, st := range steps {
			out.Steps = append(out.Steps, stepView{st.Seq, st.At, st.Kind, st.Who, st.Said.In(v.lang), st.Note, st.Photos, st.MadeAt})
		}
		return err
	}
}

func (out *fullView) mayDo(v viewer) func(*db.Tx, org.Actor, cases.Case) error {
	return func(tx *db.Tx, who org.Actor, c cases.Case) error {
		moves, why, err := cases.MovesFor(tx, who, c)
		if moves != nil {
			out.Moves = moves
		}
		if why != nil {
			out.WhyNotVerify = why.In(v.lang)
		}
		return err
	}
}

type checkView struct {
	About      string `json:"about"`
	Level      string `json:"level"`
	Said       string `json:"said"`
	Photo      string `json:"photo,omitempty"`
	OtherCase  *ref   `json:"other_case,omitempty"`
	OtherPhoto string `json:"other_photo,omitempty"`
}

func (s *Server) caseChecks(w http.ResponseWriter, r *http.Request) error {
	var views []checkView
	err := s.read(r, func(tx *db.Tx) error {
		list, err := cases.Checks(tx, callOf(r).who, r.PathValue("id"))
		for _, k := range list {
			v := checkView{About: k.About, Level: k.Level, Said: k.Said.In(language(r)), Photo: k.Photo, OtherPhoto: k.OtherSum}
			if k.OtherCase != "" {
				v.OtherCase = &ref{ID: k.OtherCase, Name: v.Said}
			}
			views = append(views, v)
		}
		return err
	})
	if err != nil {
		return err
	}
	return sendItems(w, r, views)
}

func (s *Server) caseDuplicates(w http.ResponseWriter, r *http.Request) error {
	type view struct {
		Case   caseView `json:"case"`
		Why    string   `json:"why"`
		Metres float64  `json:"metres"`
	}
	var views []view
	err := s.read(r, func(tx *db.Tx) error {
		list, err := cases.Duplicates(tx, callOf(r).who, r.PathValue("id"))
		if err != nil {
			return err
		}
		v, err := s.viewer(tx, language(r))
		for _, d := range list {
			if _, hidden := cases.Get(tx, callOf(r).who, d.Case.ID); fault.Is(hidden, fault.NotFound) {
				continue // a case of others, even if it is the same problem
			} else if hidden != nil {
				return hidden
			}
			views = append(views, view{v.view(d.Case), d.Why.In(language(r)), d.Metres})
		}
		return err
	})
	if err != nil {
		return err
	}
	return sendItems(w, r, views)
}

func (s *Server) caseOrders(w http.ResponseWriter, r *http.Request) error {
	type view struct {
		Level int    `json:"level"`
		No    string `json:"no"`
		At    int64  `json:"at"`
		Title string `json:"title"`
		Body  string `json:"body"`
		To    string `json:"to,omitempty"`

		AckedAt int64  `json:"acked_at,omitempty"`
		AckedBy string `json:"acked_by,omitempty"`
	}
	var views []view
	err := s.read(r, func(tx *db.Tx) error {
		list, err := cases.Orders(tx, callOf(r).who, r.PathValue("id"))
		if err != nil {
			return err
		}
		names, err := org.Names(tx)
		for _, o := range list {
			views = append(views, view{o.Level, o.No, o.At, o.Title, o.Body, o.To, o.AckedAt, names.Name(o.AckedBy)})
		}
		return err
	})
	if err != nil {
		return err
	}
	return sendItems(w, r, views)
}
