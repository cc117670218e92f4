package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/place"
	"chuangwei/internal/register/standard"

	"rsc.io/qr"
)

// Settings rows that name the county and hold its own base map.
const (
	CountySetting  = "county"
	BaseMapSetting = "basemap"
)

func setting(tx *db.Tx, name, otherwise string) (string, error) {
	v, err := db.Value[string](tx, `SELECT value FROM settings WHERE name = $1`, name)
	if errors.Is(err, db.ErrNone) {
		return otherwise, nil
	}
	return v, err
}

// read runs fn on a snapshot and answers what it made.
func (s *Server) read(r *http.Request, fn func(*db.Tx) error) error {
	return s.DB.Read(r.Context(), fn)
}

func (s *Server) today(w http.ResponseWriter, r *http.Request) error {
	v := struct {
		On         calendar.Day `json:"on"`
		Working    bool         `json:"working"`
		Why        string       `json:"why"`
		MarketDay  bool         `json:"market_day"`
		NextMarket calendar.Day `json:"next_market_on,omitempty"`
		County     string       `json:"county"`
		Now        int64        `json:"now"`
	}{}
	err := s.read(r, func(tx *db.Tx) error {
		cal, err := calendar.Load(tx)
		if err != nil {
			return err
		}
		v.On, v.Now = today(tx), tx.Now()
		v.Working, v.Why = cal.Working(v.On)
		v.MarketDay = cal.Market().On(v.On)
		if next := cal.Market().Next(v.On.Add(1), 1); len(next) > 0 {
			v.NextMarket = next[0]
		}
		v.County, err = setting(tx, CountySetting, "创卫指挥部")
		return err
	})
	if err != nil {
		return err
	}
	return send(w, http.StatusOK, v)
}

type kindView struct {
	ID         string   `json:"id"`
	Name       string   `json:"name"`
	NameEN     string   `json:"name_en,omitempty"`
	Group      string   `json:"group"`
	GroupCode  string   `json:"group_code"`
	Limit      string   `json:"limit"`
	AfterPhoto bool     `json:"after_photo"`
	Relapse    int      `json:"relapse_days"`
	Clauses    []string `json:"clauses,omitempty"`
	Lead       string   `json:"lead,omitempty"`
	Checked    string   `json:"checked,omitempty"`
	Frequent   bool     `json:"frequent,omitempty"`
}

// frequent kinds stand first on the phone; the nine most reported in towns.
var frequent = map[string]bool{"env.exposed-waste": true, "env.dirty-road": true, "env.stall-on-road": true, "traffic.scooter-parking": true,
	"traffic.car-parking": true, "env.small-ads": true, "sanit.bin-overflow": true, "env.goods-piled": true, "sanit.toilet-dirty": true}

func viewKind(k standard.Kind, lang string) kindView {
	return kindView{ID: k.ID, Name: k.Name, NameEN: k.NameEN, Group: k.GroupZH, GroupCode: k.Group, Limit: k.Limit.Text(lang), AfterPhoto: k.AfterPhoto,
		Relapse: k.RelapseDays, Clauses: k.Clauses, Lead: k.Lead, Checked: k.Checked, Frequent: frequent[k.ID]}
}

func (s *Server) kinds(w http.ResponseWriter, r *http.Request) error {
	views, err := s.kindViews(r)
	if err != nil {
		return err
	}
	return sendItems(w, r, views)
}

func (s *Server) kindViews(r *http.Request) (views []kindView, err error) {
	err = s.read(r, func(tx *db.Tx) error {
		kinds, err := standard.Kinds(tx)
		for _, k := range kinds {
			views = append(views, viewKind(k, language(r)))
		}
		return err
	})
	return views, err
}

type unitView struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Short string `json:"short"`
	Sort  string `json:"sort"`
	Role  string `json:"role,omitempty"`
}

func (s *Server) units(w http.ResponseWriter, r *http.Request) error {
	var views []unitView
	err := s.read(r, func(tx *db.Tx) error {
		units, err := org.Units(tx)
		for _, u := range units {
			views = append(views, unitView{u.ID, u.Name, u.Short, u.Sort, u.Role})
		}
		return err
	})
	if err != nil {
		return err
	}
	return sendItems(w, r, views)
}

type personView struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Title  string `json:"title"`
	Unit   ref    `json:"unit"`
	Phone  string `json:"phone,omitempty"`
	Away   bool   `json:"away,omitempty"`
	Deputy string `json:"deputy,omitempty"`
}

func viewPerson(p org.Person) *personView {
	if p.ID == "" {
		return nil
	}
	return &personView{p.ID, p.Name, p.Title, ref{p.UnitID, p.UnitName}, p.Phone, p.Away, p.Deputy}
}

func (s *Server) persons(w http.ResponseWriter, r *http.Request) error {
	var views []*personView
	q := r.URL.Query()
	var c fault.Check
	if atMost(&c, "q", q.Get("q"), 40); c.Err() != nil {
		return c.Err()
	}
	err := s.read(r, func(tx *db.Tx) error {
		list, err := org.Find(tx, q.Get("unit"), q.Get("q"), string(today(tx)))
		for _, p := range list {
			views = append(views, viewPerson(p))
		}
		return err
	})
	if err != nil {
		return err
	}
	return sendItems(w, r, views)
}

type areaView struct {
	ID       string      `json:"id"`
	Code     string      `json:"code"`
	Name     string      `json:"name"`
	Chief    *personView `json:"chief,omitempty"`
	LeadUnit *ref        `json:"lead_unit,omitempty"`
	Lat      float64     `json:"lat"`
	Lon      float64     `json:"lon"`
}

func (s *Server) areas(w http.ResponseWriter, r *http.Request) error {
	var views []areaView
	err := s.read(r, func(tx *db.Tx) error {
		areas, err := place.Areas(tx)
		if err != nil {
			return err
		}
		names, err := org.Names(tx)
		if err != nil {
			return err
		}
		for _, a := range areas {
			v := areaView{ID: a.ID, Code: a.Code, Name: a.Name, Lat: a.Lat, Lon: a.Lon}
			if u := names.Unit(a.LeadUnitID); u.ID != "" {
				v.LeadUnit = &ref{u.ID, u.Short}
			}
			chiefs, err := org.Holders(tx, org.Chief, "", a.ID, string(today(tx)))
			if err != nil {
				return err
			}
			if len(chiefs) > 0 {
				v.Chief = viewPerson(chiefs[0])
			}
			views = append(views, v)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return sendItems(w, r, views)
}

type feature struct {
	Type       string          `json:"type"`
	ID         string          `json:"id"`
	Properties map[string]any  `json:"properties"`
	Geometry   json.RawMessage `json:"geometry"`
}

func (s *Server) areaShapes(w http.ResponseWriter, r *http.Request) error {
	features := []feature{}
	err := s.read(r, func(tx *db.Tx) error {
		areas, err := place.Areas(tx)
		if err == nil && r.URL.Query().Get("grids") == "yes" {
			var grids []place.Area
			grids, err = place.Grids(tx)
			areas = append(areas, grids...)
		}
		codes := map[string]string{}
		for _, a := range areas {
			codes[a.ID] = a.Code
			v := map[string]any{"code": a.Code, "name": a.Name}
			if a.ParentID != "" {
				v["parent"] = codes[a.ParentID]
			}
			features = append(features, feature{"Feature", a.ID, v, json.RawMessage(a.Shape)})
		}
		return err
	})
	if err != nil {
		return err
	}
	body, err := json.Marshal(map[string]any{"type": "FeatureCollection", "features": features})
	if err != nil {
		return err
	}
	return sendTagged(w, r, "application/geo+json", body)
}

func (s *Server) baseMap(w http.ResponseWriter, r *http.Request) error {
	text := ""
	err := s.read(r, func(tx *db.Tx) (err error) {
		text, err = setting(tx, BaseMapSetting, `{"type":"FeatureCollection","features":[]}`)
		return err
	})
	if err != nil {
		return err
	}
	return sendTagged(w, r, "application/geo+json", []byte(text))
}

type placeView struct {
	ID      string  `json:"id"`
	Code    string  `json:"code"`
	Name    string  `json:"name"`
	Kind    string  `json:"kind"`
	Area    string  `json:"area,omitempty"`
	Address string  `json:"address,omitempty"`
	Lat     float64 `json:"lat"`
	Lon     float64 `json:"lon"`
}

func viewPlace(p place.Place) placeView {
	return placeView{p.ID, p.Code, p.Name, p.Kind, p.AreaID, p.Address, p.Lat, p.Lon}
}

func (s *Server) places(w http.ResponseWriter, r *http.Request) error {
	var views []placeView
	err := s.read(r, func(tx *db.Tx) error {
		list, err := place.All(tx)
		for _, p := range list {
			views = append(views, viewPlace(p))
		}
		return err
	})
	if err != nil {
		return err
	}
	return sendItems(w, r, views)
}

func (s *Server) placeOf(r *http.Request) (p place.Place, err error) {
	err = s.read(r, func(tx *db.Tx) (err error) {
		p, err = place.ByCode(tx, strings.ToUpper(r.PathValue("code")))
		return err
	})
	return p, err
}

func (s *Server) place(w http.ResponseWriter, r *http.Request) error {
	p, err := s.placeOf(r)
	if err != nil {
		return err
	}
	return send(w, http.StatusOK, viewPlace(p))
}

// placeQR draws the code of the place's public link.
func (s *Server) placeQR(w http.ResponseWriter, r *http.Request) error {
	p, err := s.placeOf(r)
	if err != nil {
		return err
	}
	code, err := qr.Encode(s.origin(r)+"/q/"+p.Code, qr.M)
	if err != nil {
		return err
	}
	var b strings.Builder
	writeQR(&b, code)
	return sendTagged(w, r, "image/svg+xml", []byte(b.String()))
}

// origin is how the reader reached us, which is what a printed label must say.
func (s *Server) origin(r *http.Request) string {
	if r.TLS != nil || s.Secure {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}
