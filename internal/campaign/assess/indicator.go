package assess

import (
	"fmt"
	"slices"
	"strings"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/event"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/calendar"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/standard"
	"chuangwei/internal/register/standard/pack"
)

// Record keeps a measured value of an indicator, with its day and where it is
// from. The unit that leads the indicator's clause may, and the centre.
func Record(tx *db.Tx, who org.Actor, f Figure) (Figure, error) {
	h, err := standard.PackByID(tx, f.Pack)
	if err != nil {
		return f, err
	}
	i := slices.IndexFunc(h.Indicators, func(x pack.Indicator) bool { return x.ID == f.Indicator })
	if i < 0 {
		return f, fault.New(fault.NotFound, "indicator.none", "“%[1]s”没有指标“%[2]s”。", "%[3]s has no indicator %[2]q.", h.ZH, f.Indicator, h.EN)
	}
	if err := who.May(org.Measure, org.Target{Units: []string{leadOf(tx, h, h.Indicators[i])}}); err != nil {
		return f, err
	}
	f.Source, f.Who, f.At = strings.TrimSpace(f.Source), who.ID, tx.Now()
	var c fault.Check
	day, err := calendar.ParseDay(f.OnDay)
	c.That(err == nil && day <= calendar.On(tx.Time()), "on", "请填数据的日期，不能晚于今天", "the day of the figure, not after today")
	c.That(f.Source != "" && len([]rune(f.Source)) <= 200, "source", "请写明数据来源（文件、报表或谁报的），最多200字", "say where it is from, in at most 200 characters")
	if err := c.Err(); err != nil {
		return f, err
	}
	if err := insertFigure(tx, f); err != nil {
		return f, fmt.Errorf("assess: indicator: %w", err)
	}
	_, err = event.Add(tx, who.ID, "indicator.recorded", f.ID, map[string]any{"pack": f.Pack, "indicator": f.Indicator, "value": f.Value.String(), "on": f.OnDay, "source": f.Source})
	return f, err
}

// leadOf is the unit that leads an indicator's clause, or "".
func leadOf(tx *db.Tx, h *standard.Held, i pack.Indicator) string {
	it, _ := h.Item(i.Item)
	u, err := org.UnitByRole(tx, it.Lead)
	if err != nil {
		return ""
	}
	return u.ID
}

// Gauge is an indicator with its measured values, the newest last.
type Gauge struct {
	pack.Indicator
	Lead    string // unit
	Figures []Figure
	May     bool // the reader may record a value
}

// Gauges are the indicators of a pack with what is known of each today.
func Gauges(tx *db.Tx, who org.Actor, packID string) ([]Gauge, error) {
	if who.Scope(org.SeeRound).Empty() {
		return nil, org.Denied(org.SeeRound)
	}
	h, err := standard.PackByID(tx, packID)
	if err != nil {
		return nil, err
	}
	list, err := figuresOf(tx, packID, string(calendar.On(tx.Time())))
	out := make([]Gauge, len(h.Indicators))
	for n, i := range h.Indicators {
		lead := leadOf(tx, h, i)
		out[n] = Gauge{Indicator: i, Lead: lead, May: who.Can(org.Measure, org.Target{Units: []string{lead}})}
		for _, f := range list {
			if f.Indicator == i.ID {
				out[n].Figures = append(out[n].Figures, f)
			}
		}
	}
	return out, err
}
