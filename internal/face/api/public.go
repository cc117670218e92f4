package api

import (
	"net/http"
	"strings"
	"time"

	"chuangwei/internal/flow/cases"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/place"
)

func (s *Server) publicPlace(w http.ResponseWriter, r *http.Request) error {
	p, err := s.placeOf(r)
	if err != nil {
		return err
	}
	kinds, err := s.kindViews(r)
	if err != nil {
		return err
	}
	common := []kindView{}
	for _, k := range kinds {
		if k.Frequent {
			common = append(common, kindView{ID: k.ID, Name: k.Name, NameEN: k.NameEN, Group: k.Group, Limit: k.Limit})
		}
	}
	county := ""
	if err := s.read(r, func(tx *db.Tx) (err error) { county, err = setting(tx, CountySetting, ""); return err }); err != nil {
		return err
	}
	return send(w, http.StatusOK, map[string]any{"code": p.Code, "name": p.Name, "kind": p.Kind, "address": p.Address, "county": county, "kinds": common})
}

// publicReport takes in a resident's report; the answer is a code to follow it.
func (s *Server) publicReport(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Text     string   `json:"text" body:"required"`
		Kind     string   `json:"kind"`
		Place    string   `json:"place"`
		Lat      *float64 `json:"lat"`
		Lon      *float64 `json:"lon"`
		Accuracy float64  `json:"accuracy"`
		Photos   []string `json:"photos" body:"required"`
		Phone    string   `json:"phone"`
		MadeAt   int64    `json:"made_at"`
	}
	raw, err := receive(w, r, &in)
	if err != nil {
		return err
	}
	var c fault.Check
	atMost(&c, "text", in.Text, 500)
	atMost(&c, "phone", in.Phone, 20)
	c.That(len(in.Photos) <= 3, "photos", "最多3张照片", "at most 3 photos")
	sumsIn(&c, in.Photos)
	c.That((in.Lat == nil) == (in.Lon == nil), "lat", "经度和纬度要一起给", "latitude and longitude go together")
	if err := c.Err(); err != nil {
		return err
	}
	if err := s.limits.allow("report/"+s.remote(r), reportRate, 10); err != nil {
		return err
	}
	callOf(r).who = org.Resident
	return s.command(w, r, raw, http.StatusCreated, func(tx *db.Tx, key string) (any, error) {
		cs, err := cases.Receive(tx, org.Resident, cases.Report{ID: key, Text: in.Text, Kind: in.Kind, Place: strings.ToUpper(in.Place),
			Point: pointOf(in.Lat, in.Lon), Accuracy: in.Accuracy, Photos: in.Photos, MadeAt: s.madeAt(r, in.MadeAt), Channel: "resident", Contact: in.Phone})
		said := fault.Say("已收到，谢谢您！凭编码 %[1]s 可以查看处理进展。", "Received, thank you! Follow it with the code %[1]s.", cs.Code)
		return map[string]string{"code": cs.Code, "text": said.In(language(r))}, err
	})
}

type followView struct {
	Code       string       `json:"code"`
	State      string       `json:"state"`
	Said       string       `json:"said"`
	Place      string       `json:"place,omitempty"`
	Unit       string       `json:"unit,omitempty"`
	DueOn      string       `json:"due_on,omitempty"`
	Text       string       `json:"text,omitempty"`
	ReportedAt int64        `json:"reported_at"`
	Steps      []followStep `json:"steps"`
}

type followStep struct {
	At   int64  `json:"at"`
	Said string `json:"said"`
}

// followReport tells a resident what became of it: units and days, never a
// person and never anybody's photo. A merged report follows the case it joined.
func (s *Server) followReport(w http.ResponseWriter, r *http.Request) error {
	var out followView
	err := s.read(r, func(tx *db.Tx) error {
		own, err := cases.ByCode(tx, strings.ToUpper(strings.TrimSpace(r.PathValue("code"))))
		if err != nil {
			return err
		}
		c := own
		for range 5 { // merged into a merged one, at most a few deep
			if c.MergedInto == "" {
				break
			}
			if c, err = cases.ByID(tx, c.MergedInto); err != nil {
				return err
			}
		}
		out, err = s.follow(tx, language(r), own, c)
		return err
	})
	if err != nil {
		return err
	}
	return send(w, http.StatusOK, out)
}

func (s *Server) follow(tx *db.Tx, lang string, own, c cases.Case) (followView, error) {
	names, err := org.Names(tx)
	if err != nil {
		return followView{}, err
	}
	unit := names.Unit(c.UnitID).Short
	out := followView{Code: own.Code, Text: own.Text, ReportedAt: own.ReportedAt, Unit: unit, Steps: []followStep{}}
	var said fault.Text
	out.State, said = publicState(c.State, unit)
	out.Said = said.In(lang)
	if c.DueAt > 0 && c.State.Open() {
		out.DueOn = string(calendar.On(time.UnixMilli(c.DueAt)))
	}
	if own.PlaceID != "" {
		p, err := place.ByID(tx, own.PlaceID)
		if err != nil {
			return out, err
		}
		out.Place = p.Name
	}
	events, err := event.Of(tx, c.ID)
	if own.ID != c.ID && err == nil {
		out.Steps = append(out.Steps, followStep{own.ReportedAt, publicStep["case.reported"].In(lang)})
	}
	for _, e := range events {
		if t, ok := publicStep[e.Kind]; ok && e.At >= own.ReportedAt {
			out.Steps = append(out.Steps, followStep{e.At, t.In(lang)})
		}
	}
	return out, err
}

var publicStep = map[string]fault.Text{
	"case.reported": {ZH: "收到您的反映", EN: "we received your report"}, "case.assigned": {ZH: "已派给责任单位", EN: "passed to the unit in charge"},
	"case.fixed": {ZH: "责任单位报告已整改", EN: "the unit reports it fixed"}, "case.verified": {ZH: "核查通过，已办结", EN: "checked and closed"},
	"case.reworked": {ZH: "核查不通过，要求重做", EN: "checked, not good enough, sent back"}, "case.relapsed": {ZH: "再次出现，重新办理", EN: "it came back and was reopened"},
	"case.rejected": {ZH: "经核实不属于受理范围", EN: "not something we can take up"}, "case.recheck_failed": {ZH: "回头看不通过，重新办理", EN: "second look failed, reopened"},
}

func publicState(s cases.State, unit string) (string, fault.Text) {
	switch s {
	case cases.Reported:
		return "received", fault.Say("已收到，正在核实和派遣。", "Received; we are finding out who is in charge.")
	case cases.Fixed:
		return "fixed", fault.Say("%[1]s已报告整改完成，正在由他人核查。", "%[1]s reports it fixed; somebody else is checking.", unit)
	case cases.Closed:
		return "closed", fault.Say("已整改并核查通过。谢谢您！", "Fixed and checked. Thank you!")
	case cases.Rejected, cases.Merged:
		return "rejected", fault.Say("经核实，没有作为新问题办理。", "After checking it was not taken up as a new problem.")
	}
	return "working", fault.Say("%[1]s正在办理。", "%[1]s is working on it.", unit)
}
