package api

import (
	"net/http"
	"slices"

	"chuangwei/internal/flow/cases"
	"chuangwei/internal/flow/duty"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
)

type crewView struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Unit    string `json:"unit,omitempty"`
	Present string `json:"present,omitempty"`
	Away    bool   `json:"away,omitempty"`
}

type dutyView struct {
	ID          string     `json:"id"`
	Kind        string     `json:"kind"`
	KindName    string     `json:"kind_name"`
	Name        string     `json:"name"`
	Team        string     `json:"team,omitempty"`
	Unit        *ref       `json:"unit,omitempty"`
	Area        *ref       `json:"area,omitempty"`
	Place       *ref       `json:"place,omitempty"`
	PlaceCode   string     `json:"place_code,omitempty"`
	On          string     `json:"on"`
	FromAt      int64      `json:"from_at"`
	ToAt        int64      `json:"to_at"`
	Size        int        `json:"size"`
	Leader      *ref       `json:"leader,omitempty"`
	People      []crewView `json:"people"`
	Cancelled   bool       `json:"cancelled"`
	ConfirmedAt int64      `json:"confirmed_at,omitempty"`
	ConfirmedBy string     `json:"confirmed_by,omitempty"`
	Note        string     `json:"note,omitempty"`
	Roster      string     `json:"roster,omitempty"`
	May         []string   `json:"may"`
	Version     int64      `json:"version"`
}

// dutyViewer words duties for one reader.
type dutyViewer struct {
	viewer
	kinds map[string]duty.Kind
	away  map[string]map[string]bool // day → persons on leave
	tx    *db.Tx
	who   org.Actor
}

func (s *Server) dutyViewer(tx *db.Tx, r *http.Request) (dutyViewer, error) {
	v, err := s.viewer(tx, language(r))
	if err != nil {
		return dutyViewer{}, err
	}
	list, err := duty.Kinds(tx)
	kinds := map[string]duty.Kind{}
	for _, k := range list {
		kinds[k.ID] = k
	}
	return dutyViewer{v, kinds, map[string]map[string]bool{}, tx, callOf(r).who}, err
}

func (v dutyViewer) duty(d duty.Duty) (dutyView, error) {
	out := dutyView{ID: d.ID, Kind: d.Kind, KindName: v.kinds[d.Kind].In(v.lang), Name: d.Name, Team: d.TeamID, Unit: v.unit(d.UnitID), Area: v.area(d.AreaID),
		On: d.OnDay, FromAt: d.FromAt, ToAt: d.ToAt, Size: d.Size, Leader: v.person(d.LeaderID), People: []crewView{}, Cancelled: d.CancelledAt > 0,
		ConfirmedAt: d.ConfirmedAt, ConfirmedBy: v.names.Name(d.ConfirmedBy), Note: d.Note, Roster: d.RosterID, May: v.may(d), Version: d.Version}
	if p, ok := v.where.places[d.PlaceID]; ok {
		out.Place, out.PlaceCode = &ref{p.ID, p.Name}, p.Code
	}
	away, err := v.awayOn(d.OnDay)
	for _, id := range d.LeaderFirst() {
		p := v.names.Person(id)
		c := crewView{ID: id, Name: p.Name, Unit: v.names.Unit(p.UnitID).Short, Away: away[id]}
		if i := slices.IndexFunc(d.People, func(m duty.Member) bool { return m.PersonID == id }); i >= 0 {
			c.Present = d.People[i].Present
		}
		out.People = append(out.People, c)
	}
	return out, err
}

func (v dutyViewer) awayOn(day string) (map[string]bool, error) {
	if known, ok := v.away[day]; ok {
		return known, nil
	}
	list, err := org.AwayOn(v.tx, day)
	out := map[string]bool{}
	for _, id := range list {
		out[id] = true
	}
	v.away[day] = out
	return out, err
}

func (v dutyViewer) list(list []duty.Duty) ([]dutyView, error) {
	out := []dutyView{}
	for _, d := range list {
		one, err := v.duty(d)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}

type dutyKindView struct {
	ID    string   `json:"id"`
	Name  string   `json:"name"`
	Takes []string `json:"takes"`
}

func (s *Server) dutyKinds(w http.ResponseWriter, r *http.Request) error {
	views := []dutyKindView{}
	err := s.read(r, func(tx *db.Tx) error {
		list, err := duty.Kinds(tx)
		for _, k := range list {
			views = append(views, dutyKindView{k.ID, k.In(language(r)), append([]string{}, k.Takes...)})
		}
		return err
	})
	if err != nil {
		return err
	}
	return sendItems(w, r, views)
}

func (s *Server) setTakes(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Takes []string `json:"takes" body:"required"`
	}
	raw, err := receive(w, r, &in)
	if err != nil {
		return err
	}
	return s.command(w, r, raw, http.StatusOK, func(tx *db.Tx, _ string) (any, error) {
		k, err := duty.SetTakes(tx, callOf(r).who, r.PathValue("id"), in.Takes)
		return dutyKindView{k.ID, k.In(language(r)), append([]string{}, k.Takes...)}, err
	})
}

// listDuties is GET /api/duties: who is where, day by day.
func (s *Server) listDuties(w http.ResponseWriter, r *http.Request) error {
	views := []dutyView{}
	err := s.read(r, func(tx *db.Tx) error {
		list, err := duty.List(tx, callOf(r).who, dutyFilter(r, today(tx)))
		if err != nil {
			return err
		}
		v, err := s.dutyViewer(tx, r)
		if err != nil {
			return err
		}
		views, err = v.list(list)
		return err
	})
	if err != nil {
		return err
	}
	return sendItems(w, r, views)
}

func dutyFilter(r *http.Request, on calendar.Day) duty.Filter {
	q := r.URL.Query()
	f := duty.Filter{From: q.Get("from"), To: q.Get("to"), Area: q.Get("area"), Place: q.Get("place"), Unit: q.Get("unit"), Kind: q.Get("kind"),
		Team: q.Get("team"), Person: q.Get("person"), Roster: q.Get("roster"), Cancelled: q.Get("cancelled") == "yes"}
	if f.From == "" {
		f.From = string(on)
	}
	if f.To == "" {
		f.To = f.From
	}
	return f
}

// myDuties is what a phone keeps for the road: my duties of a week past and
// all ahead, what is asked of me, and what is handed to me.
func (s *Server) myDuties(w http.ResponseWriter, r *http.Request) error {
	out := struct {
		Items     []dutyView    `json:"items"`
		Asks      []dutyAskView `json:"asks"`
		Handovers []handView    `json:"handovers"`
	}{Items: []dutyView{}, Asks: []dutyAskView{}, Handovers: []handView{}}
	err := s.read(r, func(tx *db.Tx) error {
		who := callOf(r).who
		list, err := duty.Mine(tx, who, tx.Time().AddDate(0, 0, -7).UnixMilli())
		if err != nil {
			return err
		}
		v, err := s.dutyViewer(tx, r)
		if err != nil {
			return err
		}
		if out.Items, err = v.list(list); err != nil {
			return err
		}
		if out.Asks, err = v.asks(who); err != nil {
			return err
		}
		for _, d := range list {
			hands, err := v.hands(d.ID)
			if err != nil {
				return err
			}
			out.Handovers = append(out.Handovers, hands...)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return send(w, http.StatusOK, out)
}

type dutyFull struct {
	Duty      dutyView     `json:"duty"`
	Handovers []handView   `json:"handovers"`
	Cases     []caseView   `json:"cases"`
	Helps     []helpView   `json:"helps"`
	Next      *dutyView    `json:"next,omitempty"`
	Coming    []comingView `json:"coming,omitempty"`
}

// getDuty is one duty with all that belongs to it.
func (s *Server) getDuty(w http.ResponseWriter, r *http.Request) error {
	var out dutyFull
	err := s.read(r, func(tx *db.Tx) error {
		d, err := duty.Get(tx, callOf(r).who, r.PathValue("id"))
		if err != nil {
			return err
		}
		v, err := s.dutyViewer(tx, r)
		if err != nil {
			return err
		}
		out, err = v.full(d)
		return err
	})
	if err != nil {
		return err
	}
	return send(w, http.StatusOK, out)
}

func (v dutyViewer) full(d duty.Duty) (out dutyFull, err error) {
	if out.Duty, err = v.duty(d); err != nil {
		return out, err
	}
	if out.Handovers, err = v.hands(d.ID); err != nil {
		return out, err
	}
	if out.Helps, err = v.helps(d.ID); err != nil {
		return out, err
	}
	list, err := cases.Passing(v.tx, d.ID)
	if err != nil {
		return out, err
	}
	out.Cases = v.views(visibleTo(v.who, list))
	if slices.Contains(out.Duty.May, "give") {
		if out.Coming, err = v.coming(d); err != nil {
			return out, err
		}
	}
	to, ok, err := duty.Following(v.tx, d)
	if err != nil || !ok {
		return out, err
	}
	next, err := v.duty(to)
	out.Next = &next
	return out, err
}

// dutyBody is what a planner says of a duty; times are HH:MM.
type dutyBody struct {
	Kind    string   `json:"kind" body:"required"`
	Name    string   `json:"name"`
	Team    string   `json:"team"`
	Unit    string   `json:"unit"`
	Area    string   `json:"area"`
	Place   string   `json:"place"`
	On      string   `json:"on" body:"required"`
	From    string   `json:"from" body:"required"`
	To      string   `json:"to" body:"required"`
	Size    int      `json:"size"`
	Leader  string   `json:"leader"`
	People  []string `json:"people"`
	Note    string   `json:"note"`
	Version int64    `json:"version"`
}

func (in dutyBody) draft(id string) (duty.Draft, error) {
	from, err := duty.Minutes("from", in.From)
	if err != nil {
		return duty.Draft{}, err
	}
	to, err := duty.Minutes("to", in.To)
	return duty.Draft{ID: id, Kind: in.Kind, Name: in.Name, Team: in.Team, Unit: in.Unit, Area: in.Area, Place: in.Place, On: in.On, From: from, To: to,
		Size: in.Size, Leader: in.Leader, People: in.People, Note: in.Note, Version: in.Version}, err
}

func (s *Server) planDuty(w http.ResponseWriter, r *http.Request) error {
	return s.putDuty(w, r, http.StatusCreated, func(tx *db.Tx, key string, in dutyBody) (duty.Duty, error) {
		d, err := in.draft(key)
		if err != nil {
			return duty.Duty{}, err
		}
		return duty.Plan(tx, callOf(r).who, d)
	})
}

func (s *Server) changeDuty(w http.ResponseWriter, r *http.Request) error {
	return s.putDuty(w, r, http.StatusOK, func(tx *db.Tx, _ string, in dutyBody) (duty.Duty, error) {
		d, err := in.draft(r.PathValue("id"))
		if err != nil {
			return duty.Duty{}, err
		}
		return duty.Change(tx, callOf(r).who, d)
	})
}

func (s *Server) putDuty(w http.ResponseWriter, r *http.Request, code int, put func(*db.Tx, string, dutyBody) (duty.Duty, error)) error {
	var in dutyBody
	raw, err := receive(w, r, &in)
	if err != nil {
		return err
	}
	return s.command(w, r, raw, code, func(tx *db.Tx, key string) (any, error) {
		return s.changedDuty(tx, r, func() (duty.Duty, error) { return put(tx, key, in) })
	})
}

// changedDuty answers a duty as it has become.
func (s *Server) changedDuty(tx *db.Tx, r *http.Request, verb func() (duty.Duty, error)) (any, error) {
	d, err := verb()
	if err != nil {
		return nil, err
	}
	v, err := s.dutyViewer(tx, r)
	if err != nil {
		return nil, err
	}
	return v.duty(d)
}

func (s *Server) cancelDuty(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Note string `json:"note" body:"required"`
	}
	raw, err := receive(w, r, &in)
	if err != nil {
		return err
	}
	return s.command(w, r, raw, http.StatusOK, func(tx *db.Tx, _ string) (any, error) {
		return s.changedDuty(tx, r, func() (duty.Duty, error) { return duty.Cancel(tx, callOf(r).who, r.PathValue("id"), in.Note) })
	})
}

func (s *Server) confirmDuty(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Absent []string `json:"absent"`
		MadeAt int64    `json:"made_at"`
	}
	raw, err := receive(w, r, &in)
	if err != nil {
		return err
	}
	return s.command(w, r, raw, http.StatusOK, func(tx *db.Tx, _ string) (any, error) {
		return s.changedDuty(tx, r, func() (duty.Duty, error) {
			return duty.Confirm(tx, callOf(r).who, r.PathValue("id"), in.Absent)
		})
	})
}
