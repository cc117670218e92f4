package api

import (
	"net/http"
	"slices"

	"chuangwei/internal/flow/cases"
	"chuangwei/internal/flow/duty"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/plan/roster"
	"chuangwei/internal/register/org"
)

// may is what the reader can do with a duty now, for screens to offer.
func (v dutyViewer) may(d duty.Duty) []string {
	out := []string{}
	now := v.now.UnixMilli()
	leads, plans, of := v.who.StandsFor(d.LeaderID), duty.MayPlan(v.who, d), d.Has(v.who.ID)
	for _, x := range []struct {
		what string
		may  bool
	}{
		{"change", plans && d.ToAt > now},
		{"cancel", plans && (d.ToAt > now || d.ConfirmedAt == 0)},
		{"confirm", (leads || plans) && d.FromAt <= now},
		{"give", leads && d.FromAt <= now},
		{"ask", of && d.ToAt > now},
		{"help", (of || leads) && d.FromAt <= now && now < d.ToAt},
	} {
		if x.may && d.CancelledAt == 0 {
			out = append(out, x.what)
		}
	}
	return out
}

type dutyAskView struct {
	ID        string    `json:"id"`
	Ask       string    `json:"ask"`
	Duty      dutyView  `json:"duty"`
	Person    *ref      `json:"person,omitempty"`
	Other     *ref      `json:"other,omitempty"`
	OtherDuty *dutyView `json:"other_duty,omitempty"`
	Note      string    `json:"note,omitempty"`
	State     string    `json:"state"`
	MadeAt    int64     `json:"made_at"`
	SettledBy string    `json:"settled_by,omitempty"`
	May       []string  `json:"may"`
}

// asks are the requests of the last month that concern the reader.
func (v dutyViewer) asks(who org.Actor) ([]dutyAskView, error) {
	list, err := duty.Asks(v.tx, who, v.now.AddDate(0, -1, 0).UnixMilli())
	if err != nil {
		return nil, err
	}
	out := []dutyAskView{}
	for _, a := range list {
		one, err := v.dutyAsk(a)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}

func (v dutyViewer) dutyAsk(a duty.Ask) (dutyAskView, error) {
	out := dutyAskView{ID: a.ID, Ask: a.Ask, Person: v.person(a.PersonID), Other: v.person(a.OtherID), Note: a.Note, State: a.State, MadeAt: a.MadeAt,
		SettledBy: v.names.Name(a.SettledBy), May: []string{}}
	d, err := duty.ByID(v.tx, a.DutyID)
	if err != nil {
		return out, err
	}
	if out.Duty, err = v.duty(d); err != nil {
		return out, err
	}
	if a.OtherDuty != "" {
		d, err := duty.ByID(v.tx, a.OtherDuty)
		if err != nil {
			return out, err
		}
		other, err := v.duty(d)
		if err != nil {
			return out, err
		}
		out.OtherDuty = &other
	}
	may, err := duty.MaySettle(v.tx, v.who, a)
	if may {
		out.May = append(out.May, "settle")
	}
	if a.State == "open" && v.who.StandsFor(a.PersonID) {
		out.May = append(out.May, "withdraw")
	}
	return out, err
}

type handView struct {
	ID      string `json:"id"`
	From    ref    `json:"from"`
	To      ref    `json:"to"`
	Things  string `json:"things,omitempty"`
	Note    string `json:"note,omitempty"`
	GivenAt int64  `json:"given_at"`
	GivenBy string `json:"given_by"`
	TakenAt int64  `json:"taken_at,omitempty"`
	TakenBy string `json:"taken_by,omitempty"`
	Open    int    `json:"open"` // cases that pass, until it is accepted
	MayTake bool   `json:"may_take"`
	Off     bool   `json:"to_cancelled,omitempty"`
	Past    bool   `json:"replaced,omitempty"`
}

func (v dutyViewer) hands(dutyID string) ([]handView, error) {
	list, err := duty.Handovers(v.tx, dutyID)
	if err != nil {
		return nil, err
	}
	out := []handView{}
	for _, h := range list {
		one, err := v.hand(h)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}

func (v dutyViewer) hand(h duty.Handover) (handView, error) {
	from, err := duty.ByID(v.tx, h.FromID)
	if err != nil {
		return handView{}, err
	}
	to, err := duty.ByID(v.tx, h.ToID)
	if err != nil {
		return handView{}, err
	}
	out := handView{ID: h.ID, From: ref{from.ID, from.Name}, To: ref{to.ID, to.Name}, Things: h.Things, Note: h.Note, GivenAt: h.GivenAt,
		GivenBy: v.names.Name(h.GivenBy), TakenAt: h.TakenAt, TakenBy: v.names.Name(h.TakenBy)}
	out.Off, out.Past = to.CancelledAt > 0, h.ReplacedAt > 0
	out.MayTake = h.TakenAt == 0 && !out.Off && !out.Past && (v.who.StandsFor(to.LeaderID) || to.Has(v.who.ID))
	if h.TakenAt == 0 {
		open, err := cases.Passing(v.tx, h.FromID)
		out.Open = len(open)
		return out, err
	}
	return out, nil
}

// comingView is a crew that may take over, in few words: who hands over need
// not see it otherwise.
type comingView struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	On     string `json:"on"`
	FromAt int64  `json:"from_at"`
	ToAt   int64  `json:"to_at"`
	Where  string `json:"where"`
	Leader string `json:"leader"`
}

func (v dutyViewer) coming(d duty.Duty) ([]comingView, error) {
	list, err := duty.Coming(v.tx, d)
	out := []comingView{}
	for _, n := range list {
		where := v.where.places[n.PlaceID].Name
		if a := v.area(n.AreaID); where == "" && a != nil {
			where = a.Name
		}
		out = append(out, comingView{n.ID, n.Name, n.OnDay, n.FromAt, n.ToAt, where, v.names.Name(n.LeaderID)})
	}
	return out, err
}

// visibleTo are the cases of a list that the reader may see.
func visibleTo(who org.Actor, list []cases.Case) []cases.Case {
	return slices.DeleteFunc(list, func(c cases.Case) bool { return !cases.MaySee(who, c) })
}

func (s *Server) dutyPartners(w http.ResponseWriter, r *http.Request) error {
	type partner struct {
		Person ref       `json:"person"`
		Unit   string    `json:"unit"`
		Duty   *dutyView `json:"duty,omitempty"`
	}
	views := []partner{}
	err := s.read(r, func(tx *db.Tx) error {
		list, err := duty.Partners(tx, callOf(r).who, r.PathValue("id"), r.URL.Query().Get("person"), roster.NewReferee().Allows)
		if err != nil {
			return err
		}
		v, err := s.dutyViewer(tx, r)
		if err != nil {
			return err
		}
		for _, p := range list {
			who := v.names.Person(p.PersonID)
			one := partner{Person: ref{who.ID, who.Name}, Unit: v.names.Unit(who.UnitID).Short}
			if p.In != nil {
				d, err := v.duty(*p.In)
				if err != nil {
					return err
				}
				one.Duty = &d
			}
			views = append(views, one)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return sendItems(w, r, views)
}

func (s *Server) listAsks(w http.ResponseWriter, r *http.Request) error {
	views := []dutyAskView{}
	err := s.read(r, func(tx *db.Tx) error {
		v, err := s.dutyViewer(tx, r)
		if err != nil {
			return err
		}
		views, err = v.asks(callOf(r).who)
		return err
	})
	if err != nil {
		return err
	}
	return sendItems(w, r, views)
}

func (s *Server) askDuty(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Ask       string `json:"ask" body:"required"`
		Person    string `json:"person"`
		Other     string `json:"other"`
		OtherDuty string `json:"other_duty"`
		Note      string `json:"note"`
		MadeAt    int64  `json:"made_at"`
	}
	raw, err := receive(w, r, &in)
	if err != nil {
		return err
	}
	return s.command(w, r, raw, http.StatusCreated, func(tx *db.Tx, key string) (any, error) {
		a, err := duty.MakeAsk(tx, callOf(r).who, duty.Ask{ID: key, Ask: in.Ask, DutyID: r.PathValue("id"), PersonID: in.Person, OtherID: in.Other,
			OtherDuty: in.OtherDuty, Note: in.Note}, roster.NewReferee().Allows)
		return s.askAnswer(tx, r, a, err)
	})
}

func (s *Server) askAnswer(tx *db.Tx, r *http.Request, a duty.Ask, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	v, err := s.dutyViewer(tx, r)
	if err != nil {
		return nil, err
	}
	return v.dutyAsk(a)
}

func (s *Server) settleAsk(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Grant   bool   `json:"grant" body:"required"`
		Instead string `json:"instead"`
		MadeAt  int64  `json:"made_at"`
	}
	raw, err := receive(w, r, &in)
	if err != nil {
		return err
	}
	return s.command(w, r, raw, http.StatusOK, func(tx *db.Tx, _ string) (any, error) {
		a, err := duty.Settle(tx, callOf(r).who, r.PathValue("id"), in.Grant, in.Instead, roster.NewReferee().Allows)
		return s.askAnswer(tx, r, a, err)
	})
}

func (s *Server) withdrawAsk(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		MadeAt int64 `json:"made_at"`
	}
	raw, err := receive(w, r, &in)
	if err != nil {
		return err
	}
	return s.command(w, r, raw, http.StatusOK, func(tx *db.Tx, _ string) (any, error) {
		a, err := duty.Withdraw(tx, callOf(r).who, r.PathValue("id"))
		return s.askAnswer(tx, r, a, err)
	})
}

func (s *Server) handOver(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		To     string `json:"to"`
		Things string `json:"things"`
		Note   string `json:"note"`
		MadeAt int64  `json:"made_at"`
	}
	raw, err := receive(w, r, &in)
	if err != nil {
		return err
	}
	return s.command(w, r, raw, http.StatusCreated, func(tx *db.Tx, key string) (any, error) {
		h, err := duty.Give(tx, callOf(r).who, duty.Handover{ID: key, FromID: r.PathValue("id"), ToID: in.To, Things: in.Things, Note: in.Note})
		return s.handAnswer(tx, r, h, err)
	})
}

func (s *Server) handAnswer(tx *db.Tx, r *http.Request, h duty.Handover, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	v, err := s.dutyViewer(tx, r)
	if err != nil {
		return nil, err
	}
	return v.hand(h)
}

func (s *Server) takeOver(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		MadeAt int64 `json:"made_at"`
	}
	raw, err := receive(w, r, &in)
	if err != nil {
		return err
	}
	return s.command(w, r, raw, http.StatusOK, func(tx *db.Tx, _ string) (any, error) {
		h, _, err := cases.TakeOver(tx, callOf(r).who, r.PathValue("id"))
		return s.handAnswer(tx, r, h, err)
	})
}
