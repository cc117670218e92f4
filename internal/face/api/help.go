package api

import (
	"net/http"

	"chuangwei/internal/flow/cases"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/geo"
)

// helpView is an open call for help in few words: the whole crew may know who
// comes, also those who may not open the case.
type helpView struct {
	ID    string `json:"id"`
	No    string `json:"no"`
	Unit  *ref   `json:"unit,omitempty"`
	Owner *ref   `json:"owner,omitempty"`
	Opens bool   `json:"opens"`
}

func (v dutyViewer) helps(dutyID string) ([]helpView, error) {
	list, err := cases.Helps(v.tx, dutyID)
	out := []helpView{}
	for _, c := range list {
		out = append(out, helpView{c.ID, c.No, v.unit(c.UnitID), v.person(c.OwnerID), cases.MaySee(v.who, c)})
	}
	return out, err
}

// callHelp makes a crew's call a case, so that it has an owner at once.
func (s *Server) callHelp(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Text     string   `json:"text" body:"required"`
		Lat      *float64 `json:"lat"`
		Lon      *float64 `json:"lon"`
		Accuracy float64  `json:"accuracy"`
		MadeAt   int64    `json:"made_at"`
	}
	raw, err := receive(w, r, &in)
	if err != nil {
		return err
	}
	if err := (reportBody{Lat: in.Lat, Lon: in.Lon, Accuracy: in.Accuracy}).check(); err != nil {
		return err
	}
	return s.command(w, r, raw, http.StatusCreated, func(tx *db.Tx, key string) (any, error) {
		c, err := cases.CallHelp(tx, callOf(r).who, r.PathValue("id"), cases.Report{ID: key, Text: in.Text, Point: pointOf(in.Lat, in.Lon), Datum: geo.WGS84,
			Accuracy: in.Accuracy, MadeAt: s.madeAt(r, in.MadeAt)})
		if err != nil {
			return nil, err
		}
		v, err := s.viewer(tx, language(r))
		return v.view(c), err
	})
}
