package api

import (
	"encoding/json"
	"net/http"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/workbook"
)

// seamView is an overlap of two areas, or a gap between areas.
type seamView struct {
	What         string          `json:"what"` // overlap or gap
	Areas        []ref           `json:"areas"`
	SquareMetres float64         `json:"square_metres"`
	Lat          float64         `json:"lat"`
	Lon          float64         `json:"lon"`
	Shape        json.RawMessage `json:"shape"`
}

type seamsView struct {
	Items  []seamView `json:"items"`
	Metres float64    `json:"metres"`
}

// seamsShown is how many seams an answer lists; the largest come first.
const seamsShown = 100

func viewSeams(s workbook.Seams) seamsView {
	out := seamsView{Items: []seamView{}, Metres: s.Metres}
	for i, x := range s.List {
		if i == seamsShown {
			break
		}
		v := seamView{What: "gap", Areas: []ref{}, SquareMetres: x.SquareMetres, Lat: x.At.Lat, Lon: x.At.Lon, Shape: x.Shape.GeoJSON()}
		for _, id := range x.IDs {
			v.What, v.Areas = "overlap", append(v.Areas, ref{id, s.Areas[id].Name})
		}
		out.Items = append(out.Items, v)
	}
	return out
}

// areaSeams is GET /api/areas/seams: where areas overlap or leave a gap.
func (s *Server) areaSeams(w http.ResponseWriter, r *http.Request) error {
	if err := org.Change(callOf(r).who); err != nil {
		return err
	}
	var seams workbook.Seams
	err := s.read(r, func(tx *db.Tx) (err error) { seams, err = workbook.FindSeams(tx); return err })
	if err != nil {
		return err
	}
	return send(w, http.StatusOK, viewSeams(seams))
}

// putOutlines is POST /api/areas.geojson: what a file of outlines would change
// and what would not fit then; with apply=yes the change itself.
func (s *Server) putOutlines(w http.ResponseWriter, r *http.Request) error {
	apply, err := applies(r)
	if err != nil {
		return err
	}
	report, seams, err := workbook.ReadOutlines(r.Context(), s.DB, callOf(r).who, http.MaxBytesReader(w, r.Body, workbook.OutlinesMostBytes+1), !apply)
	if err != nil {
		return err
	}
	return send(w, http.StatusOK, struct {
		Book  workbookView `json:"book"`
		Seams seamsView    `json:"seams"`
	}{viewReport(report, apply), viewSeams(seams)})
}

// applies reads whether an import is meant, or only looked at.
func applies(r *http.Request) (bool, error) {
	switch r.URL.Query().Get("apply") {
	case "":
		return false, nil
	case "yes":
		return true, nil
	}
	return false, fault.New(fault.Invalid, "workbook.apply", "apply 只能是 yes 或不写。", "apply is yes or absent.").In("apply", "yes", "yes")
}
