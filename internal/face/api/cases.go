package api

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"chuangwei/internal/flow/cases"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/geo"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
)

func filterOf(r *http.Request) (cases.Filter, error) {
	q := r.URL.Query()
	f := cases.Filter{Mine: q.Get("mine"), Area: q.Get("area"), Unit: q.Get("unit"), Owner: q.Get("owner"), Kind: q.Get("kind"),
		Place: q.Get("place"), Words: strings.TrimSpace(q.Get("q")), ByDue: q.Get("order") == "due", After: q.Get("after"), Limit: 50}
	var c fault.Check
	atMost(&c, "q", f.Words, 60)
	c.That(slices.Contains([]string{"", "new", "due"}, q.Get("order")), "order", "没有这种排序", "there is no such order")
	after, err := base64.RawURLEncoding.DecodeString(f.After)
	c.That(err == nil && keptWhole(string(after)), "after", "翻页位置不对，请从第一页重新开始", "the page key is wrong; start from the first page")
	if err := c.Err(); err != nil {
		return f, err
	}
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
	var body []byte
	err = s.read(r, func(tx *db.Tx) error {
		p, err := cases.List(tx, callOf(r).who, f)
		if err != nil {
			return err
		}
		v, err := s.viewer(tx, language(r))
		if err == nil {
			body, err = v.page(p)
		}
		return err
	})
	if err != nil {
		return err
	}
	return sendBody(w, http.StatusOK, body)
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
		if err != nil {
			return err
		}
		for _, c := range list {
			views = append(views, pointView{c.ID, c.No, c.Point.Lat, c.Point.Lon, string(c.State), v.kindName(c.KindID), v.flags(c)})
		}
		return nil
	})
	if err != nil {
		return err
	}
	return sendItems(w, r, views)
}

// reportBody is a report of somebody signed in.
type reportBody struct {
	Text     string   `json:"text" body:"required"`
	Kind     string   `json:"kind"`
	Place    string   `json:"place"`
	Lat      *float64 `json:"lat"`
	Lon      *float64 `json:"lon"`
	Accuracy float64  `json:"accuracy"`
	Datum    string   `json:"datum"`
	Address  string   `json:"address"`
	Photos   []string `json:"photos" body:"required"`
	MadeAt   int64    `json:"made_at"`
}

// check finds what only the contract forbids; the noun checks the rest.
func (in reportBody) check() error {
	var c fault.Check
	atMost(&c, "address", in.Address, 200)
	sumsIn(&c, in.Photos)
	c.That((in.Lat == nil) == (in.Lon == nil), "lat", "经度和纬度要一起给", "latitude and longitude go together")
	c.That(in.Accuracy >= 0 && in.Accuracy <= 1e6, "accuracy", "定位精度不对", "not a precision in metres")
	c.That(in.Datum == "" || slices.Contains(datums, geo.Datum(in.Datum)), "datum", "没有这种坐标系", "there is no such datum")
	return c.Err()
}

var datums = []geo.Datum{geo.WGS84, geo.GCJ02, geo.BD09, geo.CGCS2000}

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
	if err := in.check(); err != nil {
		return err
	}
	who := callOf(r).who
	return s.command(w, r, raw, http.StatusCreated, func(tx *db.Tx, key string) (any, error) {
		c, err := cases.Receive(tx, who, cases.Report{ID: key, Text: in.Text, Kind: in.Kind, Place: strings.ToUpper(in.Place), Point: pointOf(in.Lat, in.Lon),
			Datum: geo.Datum(in.Datum), Accuracy: in.Accuracy, Address: in.Address, Photos: in.Photos, MadeAt: s.madeAt(r, in.MadeAt), Channel: channelOf(who)})
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
	Move     string   `json:"move" body:"required"`
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

func (in moveBody) check() error {
	var c fault.Check
	sumsIn(&c, in.Photos)
	_, err := calendar.ParseDay(in.UntilOn)
	c.That(in.UntilOn == "" || err == nil, "until_on", "不是有效的日期", "not a day")
	return c.Err()
}

func (s *Server) moveCase(w http.ResponseWriter, r *http.Request) error {
	var in moveBody
	raw, err := receive(w, r, &in)
	if err != nil {
		return err
	}
	if err := in.check(); err != nil {
		return err
	}
	who, id := callOf(r).who, r.PathValue("id")
	return s.command(w, r, raw, http.StatusOK, func(tx *db.Tx, _ string) (any, error) {
		was, err := cases.Get(tx, who, id)
		if err == nil {
			err = unmoved(r, was)
		}
		if err != nil {
			return nil, err
		}
		c, err := cases.Do(tx, who, cases.Move{Case: id, Move: cases.MoveName(in.Move), Note: strings.TrimSpace(in.Note), Reason: in.Reason,
			ToUnit: in.ToUnit, ToPerson: in.ToPerson, Kind: in.Kind, KeepRule: in.KeepRule, Into: in.Into, UntilOn: in.UntilOn,
			Photos: in.Photos, MadeAt: s.madeAt(r, in.MadeAt), Version: in.Version})
		if err != nil {
			return nil, err
		}
		v, err := s.viewer(tx, language(r))
		return v.view(c), err
	})
}
