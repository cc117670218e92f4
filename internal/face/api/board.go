package api

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"chuangwei/internal/flow/cases"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
)

type figureView struct {
	Key   string `json:"key"`
	Name  string `json:"name"`
	Value int    `json:"value"`
	Query string `json:"query"`
}

type rowView struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Open     int    `json:"open"`
	DueToday int    `json:"due_today"`
	Overdue  int    `json:"overdue"`
	Blocked  int    `json:"blocked"`
	ToVerify int    `json:"to_verify"`
	Reworked int    `json:"reworked"`
	Relapsed int    `json:"relapsed"`
	Query    string `json:"query"`
}

type owedView struct {
	Owner       string `json:"owner"`
	Unit        string `json:"unit"`
	Open        int    `json:"open,omitempty"`
	Overdue     int    `json:"overdue"`
	OldestDueOn string `json:"oldest_due_on"`
	Query       string `json:"query"`
}

type dayView struct {
	On        string `json:"on"`
	Reported  int    `json:"reported"`
	Closed    int    `json:"closed"`
	MarketDay bool   `json:"market_day"`
}

type boardView struct {
	Scope   string       `json:"scope"`
	At      int64        `json:"at"`
	Figures []figureView `json:"figures"`
	Areas   []rowView    `json:"areas"`
	Units   []rowView    `json:"units"`
	Owed    []owedView   `json:"owed"`
	Days    []dayView    `json:"days"`
	Recheck struct {
		Done   int `json:"done"`
		Passed int `json:"passed"`
	} `json:"recheck"`
}

func (s *Server) board(w http.ResponseWriter, r *http.Request) error {
	var out boardView
	area, unit := r.URL.Query().Get("area"), r.URL.Query().Get("unit")
	err := s.read(r, func(tx *db.Tx) error {
		b, err := cases.See(tx, callOf(r).who, area, unit)
		if err != nil {
			return err
		}
		v, err := s.viewer(tx, language(r))
		if err != nil {
			return err
		}
		cal, err := calendar.Load(tx)
		if err != nil {
			return err
		}
		out = v.board(b, area, unit, cal)
		out.Scope = v.scopeName(callOf(r).who, area, unit)
		return nil
	})
	if err != nil {
		return err
	}
	return send(w, http.StatusOK, out)
}

func (v viewer) scopeName(who org.Actor, area, unit string) string {
	if r := v.area(area); r != nil {
		return r.Name
	}
	if r := v.unit(unit); r != nil {
		return r.Name
	}
	if own := who.Scope(org.SeeBoard); !own.All {
		return v.scopeOf(own)
	}
	return cmp.Or(v.where.county, "全县")
}

// scopeOf names the areas and units a reader's board covers.
func (v viewer) scopeOf(s org.Scope) string {
	var names []string
	for _, id := range s.Areas {
		if a := v.area(id); a != nil {
			names = append(names, a.Name)
		}
	}
	for _, id := range s.Units {
		if u := v.unit(id); u != nil {
			names = append(names, u.Name)
		}
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), "、")
}

var figureNames = map[string][2]string{"open": {"在办", "Open"}, "triage": {"待派遣", "To dispatch"}, "due_today": {"今天到期", "Due today"},
	"overdue": {"超期", "Overdue"}, "blocked": {"已挂起", "Blocked"}, "asked": {"待审批", "To decide"}, "to_verify": {"待核查", "To verify"},
	"reworked": {"返工", "Reworked"}, "relapsed": {"反弹", "Relapsed"}, "recheck": {"待回头看", "Second look"}}

func (v viewer) board(b cases.Board, area, unit string, cal *calendar.Calendar) boardView {
	out := boardView{At: v.now.UnixMilli(), Areas: []rowView{}, Units: []rowView{}, Owed: []owedView{}}
	base := url.Values{}
	for name, value := range map[string]string{"area": area, "unit": unit} {
		if value != "" {
			base.Set(name, value)
		}
	}
	values := map[string]int{"open": b.Open, "triage": b.Triage, "due_today": b.DueToday, "overdue": b.Overdue, "blocked": b.Blocked,
		"asked": b.Asked, "to_verify": b.ToVerify, "reworked": b.Reworked, "relapsed": b.Relapsed, "recheck": b.Recheck}
	for _, key := range cases.FlagNames {
		if names, ok := figureNames[key]; ok {
			out.Figures = append(out.Figures, figureView{key, names[map[bool]int{true: 1, false: 0}[v.lang == "en"]], values[key], query(base, "flag", key)})
		}
	}
	for _, r := range b.Areas {
		out.Areas = append(out.Areas, rowOf(r, v.where.areas[r.ID].Name, query(base, "area", r.ID, "flag", "open")))
	}
	for _, r := range b.Units {
		out.Units = append(out.Units, rowOf(r, v.names.Unit(r.ID).Short, query(base, "unit", r.ID, "flag", "open")))
	}
	for _, o := range b.Owed {
		out.Owed = append(out.Owed, owedView{Owner: v.names.Name(o.OwnerID), Unit: v.names.Unit(o.UnitID).Short, Open: o.Open, Overdue: o.Overdue,
			OldestDueOn: string(calendar.On(time.UnixMilli(o.OldestDueAt))), Query: query(base, "owner", o.OwnerID, "unit", o.UnitID, "flag", "overdue")})
	}
	for _, d := range b.Days {
		out.Days = append(out.Days, dayView{d.On, d.Reported, d.Closed, cal.Market().On(calendar.Day(d.On))})
	}
	out.Recheck.Done, out.Recheck.Passed = b.RecheckDone, b.RecheckPassed
	return out
}

func rowOf(r cases.Row, name, q string) rowView {
	return rowView{r.ID, name, r.Open, r.DueToday, r.Overdue, r.Blocked, r.ToVerify, r.Reworked, r.Relapsed, q}
}

// query is the base with further pairs, as the query string of a list.
func query(base url.Values, pairs ...string) string {
	q := url.Values{}
	for k, v := range base {
		q[k] = v
	}
	for i := 0; i < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return q.Encode()
}
