package api

import (
	"time"

	"chuangwei/internal/flow/cases"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/place"
	"chuangwei/internal/register/standard"
)

// caseView is a case as the contract shows it.
type caseView struct {
	ID         string   `json:"id"`
	No         string   `json:"no"`
	State      string   `json:"state"`
	Text       string   `json:"text"`
	Kind       string   `json:"kind,omitempty"`
	KindName   string   `json:"kind_name"`
	Place      *ref     `json:"place,omitempty"`
	PlaceCode  string   `json:"place_code,omitempty"`
	Address    string   `json:"address,omitempty"`
	Lat        *float64 `json:"lat,omitempty"`
	Lon        *float64 `json:"lon,omitempty"`
	Area       *ref     `json:"area,omitempty"`
	Unit       *ref     `json:"unit,omitempty"`
	Owner      *ref     `json:"owner,omitempty"`
	Finder     string   `json:"finder,omitempty"`
	Channel    string   `json:"channel"`
	DueAt      int64    `json:"due_at,omitempty"`
	DueOn      string   `json:"due_on,omitempty"`
	ReportedAt int64    `json:"reported_at"`
	UpdatedAt  int64    `json:"updated_at"`
	FixedAt    int64    `json:"fixed_at,omitempty"`
	ClosedAt   int64    `json:"closed_at,omitempty"`
	Flags      []string `json:"flags"`
	Ladder     int      `json:"ladder"`
	Reworks    int      `json:"reworks"`
	Relapses   int      `json:"relapses"`
	Refusals   int      `json:"refusals"`
	Ask        string   `json:"ask"`
	Block      string   `json:"block_reason"`
	MergedInto string   `json:"merged_into,omitempty"`
	Thumb      string   `json:"thumb,omitempty"`
	Version    int64    `json:"version"`
}

// viewer turns cases into views with the names of the registers.
type viewer struct {
	names *org.Book
	where *atlas
	lang  string
	now   time.Time
	flags func(cases.Case) []string
}

// atlas is the names of kinds, areas and places, kept in memory until a
// register changes, with the lines of lists written with them.
type atlas struct {
	kinds  map[string]standard.Kind
	areas  map[string]place.Area
	places map[string]place.Place
	county string // what the headquarters is called
	lines  lines
}

// viewer is who writes views; with an error it knows nobody, but can be used.
func (s *Server) viewer(tx *db.Tx, lang string) (viewer, error) {
	v := viewer{&org.Book{}, &atlas{}, lang, tx.Time(), cases.FlagsAt(tx.Time())}
	names, err := org.Names(tx)
	if err != nil {
		return v, err
	}
	where, err := atlasOf(tx)
	if err != nil {
		return v, err
	}
	v.names, v.where = names, where
	return v, nil
}

func atlasOf(tx *db.Tx) (*atlas, error) {
	stamp, err := db.Stamp(tx, org.Stamp)
	if err != nil {
		return nil, err
	}
	return db.Keep(tx, "api.atlas", stamp, func() (*atlas, error) {
		a := &atlas{kinds: map[string]standard.Kind{}, areas: map[string]place.Area{}, places: map[string]place.Place{}}
		kinds, err := standard.Kinds(tx)
		for _, k := range kinds {
			a.kinds[k.ID] = k
		}
		if err != nil {
			return nil, err
		}
		areas, err := place.Areas(tx)
		for _, x := range areas {
			a.areas[x.ID] = x
		}
		if err != nil {
			return nil, err
		}
		places, err := place.All(tx)
		for _, p := range places {
			a.places[p.ID] = p
		}
		if err != nil {
			return nil, err
		}
		a.county, err = org.CountyName(tx)
		return a, err
	})
}

func (v viewer) kindName(id string) string {
	if k, ok := v.where.kinds[id]; ok {
		return k.In(v.lang)
	}
	if v.lang == "en" {
		return "kind not clear yet"
	}
	return "类型待定"
}

func (v viewer) view(c cases.Case) caseView { return v.flagged(c, v.flags(c)) }

func (v viewer) flagged(c cases.Case, flags []string) caseView {
	out := caseView{ID: c.ID, No: c.No, State: string(c.State), Text: c.Text, Kind: c.KindID, KindName: v.kindName(c.KindID),
		Address: c.Address, Area: v.area(c.AreaID), Unit: v.unit(c.UnitID), Owner: v.person(c.OwnerID), Finder: v.names.Name(c.FinderID),
		Channel: c.Channel, DueAt: c.DueAt, ReportedAt: c.ReportedAt, UpdatedAt: c.UpdatedAt, FixedAt: c.FixedAt, ClosedAt: c.ClosedAt,
		Flags: flags, Ladder: c.Ladder, Reworks: c.Reworks, Relapses: c.Relapses, Refusals: c.Refusals,
		Ask: c.Ask.Kind, Block: c.Block, MergedInto: c.MergedInto, Thumb: c.Thumb, Version: c.Version}
	if c.Point != nil {
		out.Lat, out.Lon = &c.Point.Lat, &c.Point.Lon
	}
	if c.DueAt > 0 {
		out.DueOn = string(calendar.On(time.UnixMilli(c.DueAt)))
	}
	if p, ok := v.where.places[c.PlaceID]; ok {
		out.Place, out.PlaceCode = &ref{p.ID, p.Name}, p.Code
	}
	return out
}

func (v viewer) area(id string) *ref {
	if a, ok := v.where.areas[id]; ok {
		return &ref{a.ID, a.Name}
	}
	return nil
}

func (v viewer) unit(id string) *ref {
	if u := v.names.Unit(id); u.ID != "" {
		return &ref{u.ID, u.Short}
	}
	return nil
}

func (v viewer) person(id string) *ref {
	if p := v.names.Person(id); p.ID != "" {
		return &ref{p.ID, p.Name}
	}
	return nil
}

func (v viewer) views(list []cases.Case) []caseView {
	out := make([]caseView, len(list))
	for i, c := range list {
		out[i] = v.view(c)
	}
	return out
}
