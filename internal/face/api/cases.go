package api

import (
	"net/http"
	"strconv"
	"strings"

	"chuangwei/internal/flow/cases"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/geo"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/standard"
)

func filterOf(r *http.Request) (cases.Filter, error) {
	q := r.URL.Query()
	f := cases.Filter{Mine: q.Get("mine"), Area: q.Get("area"), Unit: q.Get("unit"), Owner: q.Get("owner"), Kind: q.Get("kind"),
		Place: q.Get("place"), Words: strings.TrimSpace(q.Get("q")), ByDue: q.Get("order") == "due", After: q.Get("after"), Limit: 50}
	for _, s := range split(q.Get("state")) {
		f.States = append(f.States, cases.State(s))
	}
	f.Flags = split(q.Get("flag"))
	if text := q.Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 200 {
			return f, fault.New(fault.Invalid, "list.limit", "每页1到200条。", "A page holds 1 to 200 rows.").In("limit", "1–200", "1–200")
		}
		f.Limit = n
	}
	return f, nil
}

func split(list string) (out []string) {
	for _, s := range strings.Split(list, ",") {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

func (s *Server) listCases(w http.ResponseWriter, r *http.Request) error {
	f, err := filterOf(r)
	if err != nil {
		return err
	}
	page := struct {
		Items []caseView `json:"items"`
		Next  string     `json:"next"`
		Total int        `json:"total"`
	}{}
	err = s.read(r, func(tx *db.Tx) error {
		p, err := cases.List(tx, callOf(r).who, f)
		if err != nil {
			return err
		}
		v, err := s.viewer(tx, language(r))
		page.Items, page.Next, page.Total = v.views(p.Items), p.Next, p.Total
		return err
	})
	if err != nil {
		return err
	}
	return send(w, http.StatusOK, page)
}

type pointView struct {
	ID       string   `json:"id"`
	No       string   `json:"no"`
	Lat      float64  `json:"lat"`
	Lon      float64  `json:"lon"`
	State    string   `json:"state"`
	KindName string   `json:"kind_name"`
	Flags    []string `json:"flags"`
}

func (s *Server) casePoints(w http.ResponseWriter, r *http.Request) error {
	f, err := filterOf(r)
	if err != nil {
		return err
	}
	views := []pointView{}
	err = s.read(r, func(tx *db.Tx) error {
		list, err := cases.Points(tx, callOf(r).who, f)
		if err != nil {
			return err
		}
		v, err := s.viewer(tx, language(r))
		for _, c := range list {
			views = append(views, pointView{c.ID, c.No, c.Point.Lat, c.Point.Lon, string(c.State), v.kindName(c.KindID), cases.Flags(c, tx.Time())})
		}
		return err
	})
	if err != nil {
		return err
	}
	return sendItems(w, r, views)
}

// reportBody is a report of somebody signed in.
type reportBody struct {
	Text     string   `json:"text"`
	Kind     string   `json:"kind"`
	Place    string   `json:"place"`
	Lat      *float64 `json:"lat"`
	Lon      *float64 `json:"lon"`
	Accuracy float64  `json:"accuracy"`
	Datum    string   `json:"datum"`
	Address  string   `json:"address"`
	Photos   []string `json:"photos"`
	MadeAt   int64    `json:"made_at"`
}

func pointOf(lat, lon *float64) *geo.Point {
	if lat == nil || lon == nil {
		return nil
	}
	return &geo.Point{Lat: *lat, Lon: *lon}
}

func (s *Server) reportCase(w http.ResponseWriter, r *http.Request) error {
	var in reportBody
	raw, err := receive(w, r, &in)
	if err != nil {
		return err
	}
	who := callOf(r).who
	return s.command(w, r, raw, http.StatusCreated, func(tx *db.Tx, key string) (any, error) {
		c, err := cases.Receive(tx, who, cases.Report{ID: key, Text: in.Text, Kind: in.Kind, Place: strings.ToUpper(in.Place), Point: pointOf(in.Lat, in.Lon),
			Datum: geo.Datum(in.Datum), Address: in.Address, Photos: in.Photos, MadeAt: s.madeAt(r, in.MadeAt), Channel: channelOf(who)})
		if err != nil {
			return nil, err
		}
		v, err := s.viewer(tx, language(r))
		return v.view(c), err
	})
}

// channelOf says in what capacity somebody reports.
func channelOf(who org.Actor) string {
	switch {
	case who.Holds(org.Inspector):
		return "inspector"
	case who.Holds(org.Chief):
		return "chief"
	case who.Holds(org.Intake, org.Dispatcher, org.ShiftLead):
		return "centre"
	}
	return "cadre"
}

// moveBody is one step somebody makes.
type moveBody struct {
	Move     string   `json:"move"`
	Note     string   `json:"note"`
	Reason   string   `json:"reason"`
	ToUnit   string   `json:"to_unit"`
	ToPerson string   `json:"to_person"`
	Kind     string   `json:"kind"`
	KeepRule bool     `json:"keep_rule"`
	Into     string   `json:"into"`
	UntilOn  string   `json:"until_on"`
	Photos   []string `json:"photos"`
	MadeAt   int64    `json:"made_at"`
	Version  int64    `json:"version"`
}

func (s *Server) moveCase(w http.ResponseWriter, r *http.Request) error {
	var in moveBody
	raw, err := receive(w, r, &in)
	if err != nil {
		return err
	}
	who, id := callOf(r).who, r.PathValue("id")
	return s.command(w, r, raw, http.StatusOK, func(tx *db.Tx, _ string) (any, error) {
		if _, err := cases.Get(tx, who, id); err != nil {
			return nil, err
		}
		c, err := cases.Do(tx, who, cases.Move{Case: id, Move: cases.MoveName(in.Move), Note: strings.TrimSpace(in.Note), Reason: in.Reason,
			ToUnit: in.ToUnit, ToPerson: in.ToPerson, Kind: in.Kind, KeepRule: in.KeepRule, Into: in.Into, UntilOn: in.UntilOn,
			Photos: in.Photos, Version: in.Version})
		if err != nil {
			return nil, err
		}
		v, err := s.viewer(tx, language(r))
		return v.view(c), err
	})
}

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
	Helpers      []ref            `json:"helpers"`
	Owner        *personView      `json:"owner,omitempty"`
	Clauses      []clauseView     `json:"clauses"`
	Photos       []photoView      `json:"photos"`
	Steps        []stepView       `json:"steps"`
	Ask          *askView         `json:"ask,omitempty"`
	Moves        []cases.MoveName `json:"moves"`
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
	return send(w, http.StatusOK, out)
}

func (v viewer) full(tx *db.Tx, who org.Actor, c cases.Case) (fullView, error) {
	out := fullView{Case: v.view(c), Reasons: []reasonView{}, Helpers: []ref{}, Clauses: []clauseView{}, Photos: []photoView{}, Steps: []stepView{},
		Moves: []cases.MoveName{}, DueWhy: c.DueWhy.In(v.lang), Owner: viewPerson(v.names.Person(c.OwnerID))}
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
		helpers, err := cases.Helpers(tx, c.ID)
		if err != nil {
			return err
		}
		for _, h := range helpers {
			if u := v.unit(h); u != nil {
				out.Helpers = append(out.Helpers, *u)
			}
		}
		clauses, err := standard.ClausesByID(tx, v.where.kinds[c.KindID].Clauses)
		for _, cl := range clauses {
			out.Clauses = append(out.Clauses, clauseView{cl.ID, cl.Title, cl.Pack, cl.Checked})
		}
		return err
	}
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
			out.Steps = append(out.Steps, stepView{st.Seq, st.At, st.Kind, st.Who, st.Said.In(v.lang), st.Note, st.Photos})
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
	}
	var views []view
	err := s.read(r, func(tx *db.Tx) error {
		list, err := cases.Orders(tx, callOf(r).who, r.PathValue("id"))
		for _, o := range list {
			views = append(views, view{o.Level, o.No, o.At, o.Title, o.Body, o.To})
		}
		return err
	})
	if err != nil {
		return err
	}
	return sendItems(w, r, views)
}
