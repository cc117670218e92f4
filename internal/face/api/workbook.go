package api

import (
	"net/http"
	"time"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/workbook"
)

// workbookMost is the largest workbook taken in, in bytes.
const workbookMost = 20 << 20

// getWorkbook is GET /api/registers.xlsx: the registers, or of an empty county
// the template.
func (s *Server) getWorkbook(w http.ResponseWriter, r *http.Request) error {
	who := callOf(r).who
	if err := org.Change(who); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	w.Header().Set("Content-Disposition", `attachment; filename="`+time.Now().In(calendar.Zone).Format("registers-20060102.xlsx")+`"`)
	return s.read(r, func(tx *db.Tx) error { return ignoreGone(workbook.Write(tx, who, w)) })
}

type workbookView struct {
	Changes []workbookChange `json:"changes"`
	New     int              `json:"new"`
	Changed int              `json:"changed"`
	Same    int              `json:"same"`
	Done    bool             `json:"done"`
}

type workbookChange struct {
	Sheet string   `json:"sheet"`
	Row   int      `json:"row"`
	What  string   `json:"what"`
	Code  string   `json:"code"`
	Name  string   `json:"name"`
	Said  []string `json:"said,omitempty"`
}

// changesShown is how many changes an answer lists; all are counted.
const changesShown = 500

// putWorkbook is POST /api/registers.xlsx: what a filled-in workbook would
// change, and with apply=yes the change itself.
func (s *Server) putWorkbook(w http.ResponseWriter, r *http.Request) error {
	apply, err := applies(r)
	if err != nil {
		return err
	}
	report, err := workbook.Read(r.Context(), s.DB, callOf(r).who, http.MaxBytesReader(w, r.Body, workbookMost+1), !apply)
	if err != nil {
		return err
	}
	return send(w, http.StatusOK, viewReport(report, apply))
}

func viewReport(report workbook.Report, done bool) workbookView {
	out := workbookView{Changes: []workbookChange{}, Same: report.Same, Done: done}
	for i, c := range report.Changes {
		if c.What == workbook.New {
			out.New++
		} else {
			out.Changed++
		}
		if i < changesShown {
			out.Changes = append(out.Changes, workbookChange{c.Sheet, c.Row, c.What, c.Code, c.Name, c.Said})
		}
	}
	return out
}
