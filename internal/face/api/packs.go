package api

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/standard"
	"chuangwei/internal/register/standard/pack"
)

type packView struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Honour      string `json:"honour,omitempty"`
	Document    string `json:"document,omitempty"`
	InForceOn   string `json:"in_force_on,omitempty"`
	Note        string `json:"note,omitempty"`
	Active      bool   `json:"active"`
	N           int    `json:"n"`
	Edits       int    `json:"edits"`
	Chapters    int    `json:"chapters"`
	Items       int    `json:"items"`
	Slots       int    `json:"requirements"`
	Points      string `json:"points,omitempty"`
	Pass        string `json:"pass,omitempty"`
	SheetSure   string `json:"points_checked,omitempty"`
	Unconfirmed int    `json:"unconfirmed"`
	Lines       int    `json:"lines"`
}

func viewPack(h *standard.Held, lang string) packView {
	out := packView{ID: h.ID, Name: fault.Text{ZH: h.ZH, EN: h.EN}.In(lang), Honour: h.Honour, Document: h.Document, InForceOn: h.InForceOn, Note: h.Note, Active: h.Active,
		N: h.N, Edits: h.Edits, Chapters: len(h.Chapters), Items: len(h.Items), Slots: h.Slots()}
	if h.Sheet.Points > 0 {
		out.Points, out.Pass, out.SheetSure = h.Sheet.Points.String(), h.Sheet.Pass.String(), h.Sheet.Checked
	}
	out.Lines, out.Unconfirmed = h.Marks()
	return out
}

func (s *Server) listPacks(w http.ResponseWriter, r *http.Request) error {
	var views []packView
	err := s.read(r, func(tx *db.Tx) error {
		list, err := standard.Packs(tx)
		for _, h := range list {
			views = append(views, viewPack(h, language(r)))
		}
		return err
	})
	if err != nil {
		return err
	}
	return sendItems(w, r, views)
}

// lineView is any line of a pack: what it says, and in detail how it counts.
type lineView struct {
	Sheet   string   `json:"sheet"`
	Line    string   `json:"line"`
	Text    string   `json:"text"`
	Detail  string   `json:"detail,omitempty"`
	Lead    string   `json:"lead,omitempty"`
	Help    []string `json:"help,omitempty"`
	Judged  []string `json:"judged,omitempty"`
	Places  []string `json:"places,omitempty"`
	Checked string   `json:"checked,omitempty"`
	Source  string   `json:"source,omitempty"`
	Edited  bool     `json:"edited,omitempty"`
}

type itemView struct {
	lineView
	Requirements []lineView `json:"requirements"`
	Lines        []lineView `json:"lines"`
}

type chapterView struct {
	lineView
	Points string     `json:"points,omitempty"`
	Items  []itemView `json:"items"`
}

type sourceView struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

type packFull struct {
	Pack     packView      `json:"pack"`
	Scope    lineView      `json:"scope"`
	Chapters []chapterView `json:"chapters"`
	Sources  []sourceView  `json:"sources"`
	Unfit    []string      `json:"unfit"`
}

func (s *Server) getPack(w http.ResponseWriter, r *http.Request) error {
	var out packFull
	err := s.read(r, func(tx *db.Tx) error {
		h, err := standard.PackByID(tx, r.PathValue("pack"))
		if err != nil {
			return err
		}
		edited, err := standard.Edited(tx, h)
		if err != nil {
			return err
		}
		out = packWriter{h, language(r), edited}.full()
		return nil
	})
	if err != nil {
		return err
	}
	body, err := json.Marshal(out)
	if err != nil {
		return err
	}
	return sendTagged(w, r, "application/json; charset=utf-8", body)
}

type editView struct {
	Sheet   string      `json:"sheet"`
	Line    string      `json:"line"`
	Entries []entryView `json:"entries"`
}

type entryView struct {
	Key     string   `json:"key"`
	Title   string   `json:"title"`
	Value   string   `json:"value"`
	Need    bool     `json:"need,omitempty"`
	Number  bool     `json:"number,omitempty"`
	Many    bool     `json:"many,omitempty"`
	Fixed   bool     `json:"fixed,omitempty"`
	Choices []string `json:"choices,omitempty"`
}

// getPackLine is one line cell by cell, for the form that corrects it.
func (s *Server) getPackLine(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	out := editView{Sheet: q.Get("sheet"), Line: q.Get("line"), Entries: []entryView{}}
	err := s.read(r, func(tx *db.Tx) error {
		h, err := standard.PackByID(tx, r.PathValue("pack"))
		if err != nil {
			return err
		}
		wb, err := standard.Workbook(tx)
		if err != nil {
			return err
		}
		entries, ok := wb.Line(h.Pack, out.Sheet, out.Line)
		if !ok {
			return fault.New(fault.NotFound, "pack.line", "标准包里没有这一行，可能已被改掉，请刷新。", "The pack has no such line any more; refresh.")
		}
		for _, e := range entries {
			out.Entries = append(out.Entries, viewEntry(e, language(r)))
		}
		return nil
	})
	if err != nil {
		return err
	}
	return send(w, http.StatusOK, out)
}

func viewEntry(e pack.Entry, lang string) entryView {
	out := entryView{Key: e.Key, Title: fault.Text{ZH: e.ZH, EN: e.EN}.In(lang), Value: e.Value, Need: e.Need, Number: e.Number, Many: e.Many, Fixed: e.Fixed}
	for _, c := range e.Choices {
		out.Choices = append(out.Choices, c.ZH)
	}
	return out
}

type correctBody struct {
	Sheet  string            `json:"sheet" body:"required"`
	Line   string            `json:"line" body:"required"`
	Cells  map[string]string `json:"cells" body:"required"`
	Source string            `json:"source" body:"required"`
	MadeAt int64             `json:"made_at"`
}

func (s *Server) correctPack(w http.ResponseWriter, r *http.Request) error {
	var in correctBody
	raw, err := receive(w, r, &in)
	if err != nil {
		return err
	}
	who, id := callOf(r).who, r.PathValue("pack")
	return s.command(w, r, raw, http.StatusOK, func(tx *db.Tx, key string) (any, error) {
		err := standard.Correct(tx, who, standard.Correction{ID: key, Pack: id, Edit: pack.Edit{Sheet: in.Sheet, Line: in.Line, Cells: in.Cells}, Source: in.Source})
		if err != nil {
			return nil, err
		}
		h, err := standard.PackByID(tx, id)
		if err != nil {
			return nil, err
		}
		return viewPack(h, language(r)), nil
	})
}

type activeBody struct {
	Active bool  `json:"active" body:"required"`
	MadeAt int64 `json:"made_at"`
}

func (s *Server) activatePack(w http.ResponseWriter, r *http.Request) error {
	var in activeBody
	raw, err := receive(w, r, &in)
	if err != nil {
		return err
	}
	who, id := callOf(r).who, r.PathValue("pack")
	return s.command(w, r, raw, http.StatusOK, func(tx *db.Tx, _ string) (any, error) {
		if err := standard.Activate(tx, who, id, in.Active); err != nil {
			return nil, err
		}
		h, err := standard.PackByID(tx, id)
		if err != nil {
			return nil, err
		}
		return viewPack(h, language(r)), nil
	})
}

type packStepView struct {
	N      int           `json:"n"`
	Sheet  string        `json:"sheet,omitempty"`
	Line   string        `json:"line,omitempty"`
	Cells  []packWasView `json:"cells"`
	Who    string        `json:"who"`
	Source string        `json:"source"`
	At     int64         `json:"at"`
}

type packWasView struct {
	Title string `json:"title"`
	Was   string `json:"was"`
	Now   string `json:"now"`
}

func (s *Server) packHistory(w http.ResponseWriter, r *http.Request) error {
	var views []packStepView
	err := s.read(r, func(tx *db.Tx) error {
		steps, err := standard.History(tx, r.PathValue("pack"))
		if err != nil {
			return err
		}
		wb, err := standard.Workbook(tx)
		if err != nil {
			return err
		}
		names, err := org.Names(tx)
		for _, st := range steps {
			views = append(views, viewPackStep(wb, names, st, language(r)))
		}
		return err
	})
	if err != nil {
		return err
	}
	return sendItems(w, r, views)
}

func viewPackStep(wb pack.Workbook, names *org.Book, st standard.Step, lang string) packStepView {
	out := packStepView{N: st.N, Sheet: wb.SheetName(st.Sheet), Line: st.Line, Cells: []packWasView{}, Who: names.Name(st.Who), Source: st.Source, At: st.At}
	for _, c := range wb.Columns(st.Sheet) {
		if now, ok := st.Cells[c.Key]; ok {
			out.Cells = append(out.Cells, packWasView{fault.Text{ZH: c.ZH, EN: c.EN}.In(lang), st.Was[c.Key], now})
		}
	}
	return out
}

func (s *Server) getPackBook(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("pack")
	var body []byte
	err := s.read(r, func(tx *db.Tx) (err error) {
		body, err = standard.WriteBook(tx, id)
		return err
	})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	w.Header().Set("Content-Disposition", `attachment; filename="`+id+`.xlsx"`)
	_, err = w.Write(body)
	return ignoreGone(err)
}

// putPackBook is what a workbook would change in a pack, and with apply=yes
// the change itself.
func (s *Server) putPackBook(w http.ResponseWriter, r *http.Request) error {
	apply, err := applies(r)
	if err != nil {
		return err
	}
	who, body := callOf(r).who, http.MaxBytesReader(w, r.Body, workbookMost+1)
	if err := org.Change(who); err != nil {
		return err
	}
	var changes []pack.Change
	do := s.DB.Read
	if apply {
		do = s.DB.Write
	}
	err = do(r.Context(), func(tx *db.Tx) (err error) {
		changes, err = standard.TakeIn(tx, who, r.PathValue("pack"), body, apply)
		return err
	})
	if err != nil {
		return err
	}
	out := struct {
		Changes []packChange `json:"changes"`
		Total   int          `json:"total"`
		Done    bool         `json:"done"`
	}{[]packChange{}, len(changes), apply}
	for _, c := range changes[:min(len(changes), changesShown)] {
		out.Changes = append(out.Changes, packChange{c.Sheet, c.ID, string(c.What), c.Text.In(language(r))})
	}
	return send(w, http.StatusOK, out)
}

type packChange struct {
	Sheet string `json:"sheet"`
	Line  string `json:"line"`
	What  string `json:"what"`
	Said  string `json:"said"`
}

// wordsIn names keys in a language.
func wordsIn(keys []string, lang string, of func(string) pack.Word) []string {
	var out []string
	for _, k := range keys {
		w := of(k)
		out = append(out, fault.Text{ZH: w.ZH, EN: w.EN}.In(lang))
	}
	return out
}

func judgedWord(key string) pack.Word {
	i := slices.IndexFunc(pack.Judgements, func(w pack.Word) bool { return w.Key == key })
	if i < 0 {
		return pack.Word{Key: key, ZH: key, EN: key}
	}
	return pack.Judgements[i]
}

func joined(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " · ")
}
