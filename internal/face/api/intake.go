package api

import (
	"errors"
	"net/http"

	"chuangwei/internal/flow/intake"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/sheet"
	"chuangwei/internal/register/org"
)

type takenView struct {
	Row    int    `json:"row"`
	Number string `json:"number"`
	What   string `json:"what"`
	ID     string `json:"id,omitempty"`
	No     string `json:"no,omitempty"`
	Text   string `json:"text"`
	Kind   string `json:"kind_name,omitempty"`
	Area   string `json:"area,omitempty"`
	Owner  string `json:"owner,omitempty"`
	DueOn  string `json:"due_on,omitempty"`
	Twin   bool   `json:"twin"`
}

// errLooked takes back what only was to be looked at.
var errLooked = errors.New("api: only looked at")

// importCases is POST /api/cases/import: what a list of 12345 or 数字城管 would
// become, and with apply=yes the cases themselves, all of them or none.
func (s *Server) importCases(w http.ResponseWriter, r *http.Request) error {
	apply := r.URL.Query().Get("apply")
	if apply != "" && apply != "yes" {
		return fault.New(fault.Invalid, "import.apply", "apply 只能是 yes 或不写。", "apply is yes or absent.").In("apply", "yes", "yes")
	}
	who := callOf(r).who
	if err := who.May(org.Dispatch, org.Target{}); err != nil {
		return err
	}
	rows, err := sheet.ReadCSV(http.MaxBytesReader(w, r.Body, workbookMost+1), intake.Table)
	if err != nil {
		return err
	}
	if len(rows) > importMost {
		return fault.New(fault.Invalid, "import.many", "一次最多 %[1]d 件，请分开导入。", "At most %[1]d at once; split the list.", importMost)
	}
	out := struct {
		Items []takenView `json:"items"`
		New   int         `json:"new"`
		Known int         `json:"known"`
		Done  bool        `json:"done"`
	}{Items: []takenView{}, Done: apply == "yes"}
	err = s.DB.Write(r.Context(), func(tx *db.Tx) error {
		list, err := intake.TakeIn(tx, who, rows)
		if err != nil {
			return err
		}
		v, err := s.viewer(tx, language(r))
		if err != nil {
			return err
		}
		for _, t := range list {
			out.Items = append(out.Items, v.taken(t, apply == "yes"))
			if t.What == "new" {
				out.New++
			} else {
				out.Known++
			}
		}
		if apply == "" {
			return errLooked
		}
		return nil
	})
	if err != nil && !errors.Is(err, errLooked) {
		return err
	}
	return send(w, http.StatusOK, out)
}

// importMost is how many lines one list may have: a write must stay short.
const importMost = 5000

// taken shows a line; of a preview it names no case, for there is none.
func (v viewer) taken(t intake.Taken, kept bool) takenView {
	c := v.view(t.Case)
	out := takenView{Row: t.Row, Number: t.Number, What: t.What, Text: c.Text, Kind: c.KindName, DueOn: c.DueOn, Twin: t.Case.Hint != ""}
	if kept || t.What == "known" {
		out.ID, out.No = c.ID, c.No
	}
	if c.Area != nil {
		out.Area = c.Area.Name
	}
	if c.Owner != nil {
		out.Owner = c.Owner.Name
	}
	return out
}
