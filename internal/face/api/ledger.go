package api

import (
	"net/http"

	"chuangwei/internal/flow/cases"
	"chuangwei/internal/flow/evidence"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
)

// slotView is one requirement's slot in the ledger.
type slotView struct {
	Slot    string     `json:"slot"`
	Number  string     `json:"number"`
	Text    string     `json:"text"`
	State   string     `json:"state"`
	Want    int        `json:"want"`
	Have    int        `json:"have"`
	Waiting int        `json:"waiting"`
	Newest  string     `json:"newest_on,omitempty"`
	Case    string     `json:"case,omitempty"`
	By      string     `json:"by"`
	Lead    *ref       `json:"lead,omitempty"`
	Years   []yearView `json:"years"`
}

// yearView is how much of a slot's period is there.
type yearView struct {
	Year int    `json:"year"`
	From string `json:"from"`
	To   string `json:"to"`
	Have int    `json:"have"`
	Want int    `json:"want"`
	Case string `json:"case,omitempty"`
}

type ledgerItem struct {
	ID    string     `json:"id"`
	Title string     `json:"title"`
	Slots []slotView `json:"slots"`
}

type ledgerChapter struct {
	ID    string       `json:"id"`
	Title string       `json:"title"`
	Items []ledgerItem `json:"items"`
}

type ledgerTally struct {
	Full   int `json:"full"`
	Partly int `json:"partly"`
	Stale  int `json:"stale"`
	Empty  int `json:"empty"`
}

type ledgerView struct {
	Pack     ref             `json:"pack"`
	Packs    []ref           `json:"packs"`
	Tally    ledgerTally     `json:"tally"`
	Waiting  int             `json:"waiting"`
	Chapters []ledgerChapter `json:"chapters"`
}

func (t *ledgerTally) count(s evidence.State) {
	switch s {
	case evidence.Full:
		t.Full++
	case evidence.Partly:
		t.Partly++
	case evidence.Stale:
		t.Stale++
	case evidence.Empty:
		t.Empty++
	}
}

// getLedger is a whole standard with how each slot stands: chapters, items, slots.
func (s *Server) getLedger(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	out := ledgerView{Packs: []ref{}, Chapters: []ledgerChapter{}}
	err := s.read(r, func(tx *db.Tx) error {
		l, err := evidence.LedgerOf(tx, callOf(r).who, q.Get("pack"), q.Get("unit"))
		if err != nil {
			return err
		}
		v, err := s.viewer(tx, language(r))
		if err != nil {
			return err
		}
		out.Pack = ref{l.Pack.ID, v.in(l.Pack.ZH, l.Pack.EN)}
		for _, h := range l.Packs {
			out.Packs = append(out.Packs, ref{h.ID, v.in(h.ZH, h.EN)})
		}
		for _, e := range l.Entries {
			out.add(v, e)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return send(w, http.StatusOK, out)
}

// add puts an entry under its chapter and item, which come in order.
func (l *ledgerView) add(v viewer, e evidence.Entry) {
	if n := len(l.Chapters); n == 0 || l.Chapters[n-1].ID != e.Slot.Chapter.ID {
		l.Chapters = append(l.Chapters, ledgerChapter{ID: e.Slot.Chapter.ID, Title: v.in(e.Slot.Chapter.ZH, e.Slot.Chapter.EN)})
	}
	c := &l.Chapters[len(l.Chapters)-1]
	if n := len(c.Items); n == 0 || c.Items[n-1].ID != e.Slot.Item.ID {
		c.Items = append(c.Items, ledgerItem{ID: e.Slot.Item.ID, Title: v.in(e.Slot.Item.ZH, e.Slot.Item.EN)})
	}
	it := &c.Items[len(c.Items)-1]
	it.Slots = append(it.Slots, v.slot(e))
	l.Tally.count(e.State)
	l.Waiting += e.Waiting
}

func (v viewer) slot(e evidence.Entry) slotView {
	out := slotView{Slot: e.Slot.ID, Number: e.Slot.Number, Text: v.in(e.Slot.Requirement.ZH, e.Slot.Requirement.EN), State: string(e.State), Want: e.Want, Have: e.Have,
		Waiting: e.Waiting, Newest: e.NewestOn, Case: e.CaseID, By: e.Slot.Proof.By, Lead: v.unit(e.Slot.LeadID), Years: []yearView{}}
	for _, y := range e.Years {
		out.Years = append(out.Years, yearView{y.Year, string(y.From), string(y.To), y.Have, y.Want, y.CaseID})
	}
	return out
}

type slotFull struct {
	Slot    slotView    `json:"slot"`
	What    string      `json:"what"`
	Count   int         `json:"count"`
	Fresh   int         `json:"fresh"`
	Sure    bool        `json:"sure"`
	Item    string      `json:"item"`
	Chapter string      `json:"chapter"`
	Pack    ref         `json:"pack"`
	Help    []ref       `json:"help"`
	Judged  []string    `json:"judged"`
	Places  []string    `json:"places"`
	Checked string      `json:"checked,omitempty"`
	Papers  []paperView `json:"papers"`
	Works   []workView  `json:"works"`
	Total   int         `json:"work_total"`
}

// workView is one piece of work that proves a requirement.
type workView struct {
	What   string   `json:"what"`
	ID     string   `json:"id"`
	On     string   `json:"on"`
	Said   string   `json:"said"`
	Place  string   `json:"place,omitempty"`
	Photos []string `json:"photos"`
}

func (s *Server) getSlot(w http.ResponseWriter, r *http.Request) error {
	out := slotFull{Help: []ref{}, Papers: []paperView{}, Works: []workView{}, Places: []string{}, Judged: []string{}}
	err := s.read(r, func(tx *db.Tx) error {
		d, err := evidence.DetailOf(tx, callOf(r).who, r.PathValue("slot"))
		if err != nil {
			return err
		}
		v, err := s.viewer(tx, language(r))
		if err != nil {
			return err
		}
		out.fill(v, d)
		for _, p := range d.Papers {
			out.Papers = append(out.Papers, v.paper(callOf(r).who, p))
		}
		for _, x := range d.Works {
			out.Works = append(out.Works, v.work(x))
		}
		return nil
	})
	if err != nil {
		return err
	}
	return send(w, http.StatusOK, out)
}

func (out *slotFull) fill(v viewer, d evidence.Detail) {
	s := d.Slot
	_, what, sure := s.Requirement.Proved()
	out.Slot, out.What, out.Sure, out.Count, out.Fresh = v.slot(d.Entry), what.In(v.lang), sure, s.Proof.Count, s.Proof.Fresh
	out.Item, out.Chapter, out.Pack = v.in(s.Item.ZH, s.Item.EN), v.in(s.Chapter.ZH, s.Chapter.EN), ref{s.Pack.ID, v.in(s.Pack.ZH, s.Pack.EN)}
	out.Checked, out.Total = s.Requirement.Checked, d.WorkTotal
	for _, u := range s.HelpIDs {
		if named := v.unit(u); named != nil {
			out.Help = append(out.Help, *named)
		}
	}
	for _, p := range s.Requirement.Places {
		out.Places = append(out.Places, v.placeKind(p))
	}
	out.Judged = append(out.Judged, wordsIn(s.Requirement.Judged, v.lang, judgedWord)...)
}

func (v viewer) work(x evidence.Work) workView {
	out := workView{What: x.What, ID: x.ID, On: x.OnDay, Place: v.where.places[x.PlaceID].Name, Photos: append([]string{}, x.Photos...)}
	switch x.What {
	case evidence.Fixed:
		out.Said = fault.Say("%[1]s 已整改并核查：%[2]s", "%[1]s fixed and verified: %[2]s", x.No, v.kindName(x.Kind)).In(v.lang)
	case evidence.Looked:
		out.Said = v.in("检查：", "Inspection: ") + x.Text
	case evidence.Served:
		out.Said = v.in("值守：", "Duty: ") + x.Text
	}
	return out
}

type askSlotBody struct {
	Year   int64 `json:"year" body:"required"`
	MadeAt int64 `json:"made_at"`
}

// askSlot lets a gap become a case; asked again while it is open, it is that case.
func (s *Server) askSlot(w http.ResponseWriter, r *http.Request) error {
	var in askSlotBody
	raw, err := receive(w, r, &in)
	if err != nil {
		return err
	}
	who, id := callOf(r).who, r.PathValue("slot")
	return s.command(w, r, raw, http.StatusOK, func(tx *db.Tx, _ string) (any, error) {
		c, err := evidence.Ask(tx, who, id, int(in.Year))
		if err != nil {
			return nil, err
		}
		v, err := s.viewer(tx, language(r))
		return v.view(c), err
	})
}

// gapClause is the clause of the slot that a case asks proof for, or "".
func gapClause(tx *db.Tx, c cases.Case) (string, error) {
	if c.Channel != cases.EvidenceChannel {
		return "", nil
	}
	return evidence.ClauseOf(tx, c.ID)
}
